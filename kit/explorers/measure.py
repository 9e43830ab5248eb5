"""The measure switch: who has how much of the story, by whatever is counted."""

from __future__ import annotations

from markupsafe import Markup

from kit.base.phrases import one_line
from kit.base.templating import macros
from kit.coding.coding import Coding
from kit.explorers.exploration import Control, Exploration, Values
from kit.measure import voice_shares
from kit.measure.shares import NOT_GIVEN, VoiceMeasure

_WHAT: dict[VoiceMeasure, str] = {
    "attributions": "Every act of attributing counts once, however long it is.",
    "attributed words": "Every word counts from the first to the last of a record, source and "
    "cue included.",
    "quoted words": "Only words inside quotation marks count.",
}
MOST_ROWS = 30


def measure(coding: Coding) -> Exploration:
    """Return the switch between three measures of voice, grouped by a field of the records."""
    layer = coding.codebook.layer("attribution")
    fields = [field for field in layer.fields if field.id != "mode"]
    counted = Control("choice", "measure", "Count", "attributions", [(one, one) for one in _WHAT])
    names = [(field.id, field.name.lower()) for field in fields]
    grouped = Control("choice", "by", "by", "affiliation", names)

    def show(values: Values) -> tuple[str, Markup]:
        what, by = counted.of(values), grouped.of(values)
        field = layer.field(by)
        names = {option.id: option.name for option in field.options} | {NOT_GIVEN: NOT_GIVEN}
        shares = voice_shares(coding, by, what)[:MOST_ROWS]
        if not shares or not shares[0].total:
            said = "No attribution is recorded yet."
            return said, macros("explorers/widget").sentence(said)
        rows = [
            (one_line(names.get(s.of, s.of)), f"{s.count:,}", f"{100 * s.share:.1f} %", s.share)
            for s in shares
        ]
        total = f"{shares[0].total:,} {what}"
        listed = "; ".join(f"{name} {count} ({share})" for name, count, share, _ in rows)
        drawn = macros("explorers/measure")
        heads = (field.name, "Count", "Share", "")
        body = [(name, count, share, drawn.bar(size)) for name, count, share, size in rows]
        return (
            f"Of {total}, by {field.name.lower()}: {listed}",
            drawn.shares(_WHAT[what], f"Of {total}", heads, body),
        )

    return Exploration("The measure switch", (counted, grouped), show)
