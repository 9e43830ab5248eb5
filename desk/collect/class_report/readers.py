"""The class beside two other readers, the reference and the kit's rules, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from desk.collect.agreement import NOTHING, ClassLayer, Scale
from desk.collect.class_report.common import NOTHING_YET, kind_of, layer_of, one_code, who
from desk.collect.readings import (
    LAYER_WORDS,
    Paragraph,
    Readings,
    mean_share,
    paragraphs,
    readings,
)
from desk.collect.roll import Roll
from kit.base.html_page import table
from kit.base.phrases import join, percent, plural

__all__ = ["beside", "who_read_it_how"]


def beside(roll: Roll, read: Mapping[str, Readings]) -> str:
    """Return how far the three agree on each layer, and how each read what, as HTML."""
    rows, parts = [], []
    for id, scale in roll.scales.items():
        theirs, layer = read[id], layer_of(roll, id)
        if not layer.rows:
            continue
        alike = (mean_share(layer, theirs.reference), mean_share(layer, theirs.rules), theirs.share)
        rows.append(
            (
                escape(scale.layer.title),
                *("" if one is None else escape(percent(one)) for one in alike),
                _shared(theirs, scale),
            )
        )
        parts.append(_by_paragraph(roll, layer, theirs))
    if not rows:
        return NOTHING_YET
    heads = (
        "Layer",
        "Class and reference",
        "Class and rules",
        "Rules and reference",
        "Rules and reference have in common",
    )
    known = [words for id, words in LAYER_WORDS.items() if id in roll.scales]
    return (
        "<p>Three readers. The <strong>reference</strong> is a reading, not the answer: where most "
        "of a class reads otherwise, the codebook may be at fault. The <strong>rules</strong> are "
        "the kit’s own: short, made of word lists, and without any understanding. Where they "
        "differ from a class, that is nobody’s mistake yet; ask which words they went by.</p>"
        f"{''.join(f'<p>{words}</p>' for words in known)}"
        f"{table(heads, rows, kind='readers', numbers=(1, 2, 3))}"
        "<p>Percent is the mean over students: of the units that both coded, or the words that "
        "either marked, those with the same code.</p>"
        f"{'' if roll.plan.reference else '<p>This text has no reference reading.</p>'}"
        f"{''.join(parts)}"
    )


def who_read_it_how(roll: Roll, block: str, read: Mapping[str, Readings] | None = None) -> str:
    """Return how each student, the reference and the rules read one paragraph, as HTML.

    Names are written as :func:`.contents` does.

    Args:
        roll: the class.
        block: a paragraph of its article, such as ``"P6"``.
        read: what reference and rules say, if that is known already.
    """
    read, parts = readings(roll) if read is None else read, []
    for id, scale in roll.scales.items():
        layer = layer_of(roll, id)
        blocks = {unit.id: unit.block for unit in scale.units}
        for one in paragraphs(roll, layer, read[id]):
            if blocks.get(one.unit, one.unit) != block:
                continue
            rows = [
                (
                    _code(scale, reading.code),
                    f"{len(reading.students):,}",
                    ", ".join(who(roll, number) for number in reading.students),
                )
                for reading in one.readings
            ]
            rows += [
                ("<em>The reference</em>", "", _codes(scale, one.reference)),
                ("<em>The rules</em>", "", _codes(scale, one.rules)),
            ]
            where = "" if one.unit == block else f", {one.unit}"
            disputed = "<p>Disputed: careful readers differ here.</p>" if one.disputed else ""
            kind = kind_of(roll, layer)
            parts.append(
                f"<h3>{escape(scale.layer.title)}{where} <small>({kind})</small></h3>{disputed}"
                f"{table(('Reading', 'Students', 'Who'), rows, kind='readers', numbers=(1,))}"
                f"{f'<p>{LAYER_WORDS[id]}</p>' if id in LAYER_WORDS else ''}"
                f"{_elsewhere(scale)}"
            )
    return "".join(parts) or f"<p>Nobody has read {escape(block)} on any layer yet.</p>"


_MARKED = (
    "<p>This table says only who marked words here. {what} are in the students’ own labels: lay "
    "two students side by side to see where they differ.</p>"
)


def _elsewhere(scale: Scale) -> str:
    """Return where the fields of records are to be seen, since readings are codes."""
    if not one_code(scale) or not scale.layer.fields:
        return ""
    names = join([field.name for field in scale.layer.fields])
    return _MARKED.format(what=escape(names.capitalize()))


def _shared(theirs: Readings, scale: Scale) -> str:
    if theirs.shared is None:
        return ""
    some, of = theirs.shared
    return f"{some:,} of {plural(of, 'label' if scale.words else 'unit')}"


def _by_paragraph(roll: Roll, layer: ClassLayer, theirs: Readings) -> str:
    """Return how the class, the reference and the rules read each paragraph; first where most of
    the class reads otherwise than the reference."""
    scale, there = layer.scale, paragraphs(roll, layer, theirs)
    units = [one for one in there if one.readings]
    apart = [one for one in units if one.reference and one.readings[0].code not in one.reference]
    heads = (
        "Paragraph" if scale.words or scale.layer.unit == "block" else "Unit",
        "The class",
        "Reference",
        "Rules",
        "",
    )
    title = escape(scale.layer.title)
    said = f"<h3>{title}</h3>"
    if theirs.reference is not None and not scale.words:
        said += (
            f"<p>Where most of the class reads otherwise than the reference:</p>"
            f"{table(heads, (_readers(one, scale) for one in apart), kind='readers')}"
            if apart
            else "<p>Most of the class reads every unit as the reference does.</p>"
        )
    of_words = (
        "<p>A student counts once with each code that they gave to words of the paragraph.</p>"
        if scale.words
        else ""
    )
    return (
        f"{said}<details><summary>{title}, paragraph by paragraph</summary>{of_words}"
        f"{table(heads, (_readers(one, scale) for one in there), kind='readers')}</details>"
    )


def _readers(one: Paragraph, scale: Scale) -> tuple[str, ...]:
    counted = [(reading.code, len(reading.students)) for reading in one.readings]
    most = max((n for _, n in counted), default=0)
    said = [f"{_code(scale, code)} {n:,}" for code, n in counted]
    said = [f"<strong>{one}</strong>" if n == most else one for one, (_, n) in zip(said, counted)]
    return (
        one.unit,
        "; ".join(said) or "–",
        _codes(scale, one.reference),
        _codes(scale, one.rules),
        "disputed" if one.disputed else "",
    )


def _codes(scale: Scale, codes: Iterable[int]) -> str:
    return ", ".join(_code(scale, code) for code in codes) or "–"


def _code(scale: Scale, code: int) -> str:
    return escape(scale.shown(code)) if code != NOTHING else "nothing marked"
