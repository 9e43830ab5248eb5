"""The class beside two other readers, the reference and the kit's rules, paragraph by paragraph."""

from __future__ import annotations

from markupsafe import Markup

from desk.collect.readings import mean_percent, paragraphs, readings
from desk.collect.roll import Roll
from kit import suggest
from kit.base.phrases import percent, plural
from kit.base.templating import render


def beside(roll: Roll) -> Markup:
    """Return how far the three agree on each layer, and how each read what."""
    read, rows, layers = readings(roll), [], []
    for id, scale in roll.scales.items():
        theirs, layer = read[id], roll.layer(id)
        if not layer.rows:
            continue
        alike = (
            mean_percent(layer.with_row(theirs.reference)),
            mean_percent(layer.with_row(theirs.rules)),
            theirs.share,
        )
        shares = ["" if one is None else percent(one) for one in alike]
        shared = ""
        if theirs.shared is not None:
            some, of = theirs.shared
            shared = f"{some:,} of {plural(of, 'label' if scale.words else 'unit')}"
        rows.append((scale.layer.title, *shares, shared))
        there = paragraphs(roll, layer, theirs)
        apart = [
            one
            for one in there
            if one.readings and one.reference and one.readings[0].code not in one.reference
        ]
        # Of words that several students marked there is no one reading of a paragraph.
        can_be_said = theirs.reference is not None and not scale.words
        layers.append((scale, apart if can_be_said else None, there))
    return render(
        "class_report/readers",
        "desk",
        rows=rows,
        layers=layers,
        without_rules=[
            scale.layer.title for id, scale in roll.scales.items() if not suggest.rules(id)
        ],
        has_reference=roll.plan.reference,
    )


def who_read_it_how(roll: Roll, block: str) -> Markup:
    """Return how each student, the reference and the rules read one paragraph.

    Names are written as :func:`.contents` does.

    Args:
        roll: the class.
        block: a paragraph of its article, such as ``"P6"``.
    """
    read, there = readings(roll), []
    for id, scale in roll.scales.items():
        layer = roll.layer(id)
        blocks = {unit.id: unit.block for unit in scale.units}
        there += [
            (scale, roll.kind_of(layer), one, suggest.rules(id))
            for one in paragraphs(roll, layer, read[id])
            if blocks.get(one.unit, one.unit) == block
        ]
    return render("class_report/who", "desk", read=there, block=block, students=roll.students)
