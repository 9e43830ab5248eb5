"""The measure switch: who has how much of the story, by whatever is counted."""

from __future__ import annotations

from html import escape

from kit.base.phrases import one_line
from kit.coding.coding import Coding
from kit.explorers.exploration import Choice, Exploration, Values, choice, table
from kit.measure import voice_shares
from kit.measure.shares import NOT_GIVEN, VoiceMeasure

__all__ = ["measure"]

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
    counted: Choice = {
        "type": "choice",
        "id": "measure",
        "label": "Count",
        "value": "attributions",
        "options": [{"id": name, "text": name} for name in _WHAT],
    }
    grouped: Choice = {
        "type": "choice",
        "id": "by",
        "label": "by",
        "value": "identification",
        "options": [{"id": field.id, "text": field.name.lower()} for field in fields],
    }

    def show(values: Values) -> tuple[str, str]:
        what = next(name for name in _WHAT if name == choice(values, counted))
        by = choice(values, grouped)
        field = layer.field(by)
        names = {option.id: option.name for option in field.options} | {NOT_GIVEN: NOT_GIVEN}
        shares = voice_shares(coding, by, what)[:MOST_ROWS]
        if not shares or not shares[0].total:
            return "No attribution is recorded yet.", "<p>No attribution is recorded yet.</p>"
        rows = [
            (one_line(names.get(s.of, s.of)), f"{s.count:,}", f"{100 * s.share:.1f} %", s.share)
            for s in shares
        ]
        total = f"{shares[0].total:,} {what}"
        listed = "; ".join(f"{name} {count} ({share})" for name, count, share, _ in rows)
        body = [(escape(name), count, share, _bar(size)) for name, count, share, size in rows]
        return (
            f"Of {total}, by {field.name.lower()}: {listed}",
            f"<p>{_WHAT[what]}</p>"
            + table(f"Of {total}", (field.name, "Count", "Share", ""), body),
        )

    return Exploration("The measure switch", (counted, grouped), show)


def _bar(share: float) -> str:
    return f"<span class='kit-explorer-bar' style='width:{12 * share:.2f}em'></span>"
