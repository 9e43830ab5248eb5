"""What to talk about: the units that divide the class most, with questions and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from desk.collect.agreement import UNMARKED, Scale
from desk.collect.class_report.disputes import Dispute, most_disputed
from desk.collect.class_report.prompts import prompts
from desk.collect.roll import Note, Roll
from kit.base.phrases import join
from kit.base.templating import render

#: How many notes and how many codes are shown with a unit.
MOST_NOTES, MOST_CODES = 6, 4


def talk(roll: Roll) -> Markup:
    """Return the units to talk about."""
    turns: Counter = Counter()
    units = []
    for d in most_disputed(roll):
        scale, notes = roll.scales[d.layer], roll.notes.get((d.layer, d.block), [])
        asks = prompts(scale, d, notes, turns)
        reasons = [(note, roll.students[note.student]) for note in _chosen(notes)]
        units.append((d, scale.layer.title, _counted(scale, d), asks, reasons))
    banner = roll.plan.article.meta.get("banner")
    return render(
        "class_report/talk", "desk", units=units, banner=banner if isinstance(banner, str) else ""
    )


def _counted(scale: Scale, d: Dispute) -> str:
    """Return how many read the unit how, as a sentence."""
    counts = dict(d.counts)
    left_out = counts.pop(UNMARKED, 0)
    said = []
    if d.kind == "ends":
        took, left = (side.readers for side in d.sides)
        kind = "" if scale.one_code else f" as “{scale.shown(d.sides[0].code)}”"
        said = [
            f"{took:,} marked words here{kind} with “{d.edge}”",
            f"{left:,} without",
        ]
        counts.pop(d.sides[0].code)
    if scale.one_code:
        said += [f"{n:,} marked these words" for n in counts.values()]
    else:
        chosen = list(counts.items())[:MOST_CODES]
        said += [f"{n:,} chose “{scale.shown(code)}”" for code, n in chosen]
        rest = sum(counts.values()) - sum(n for _, n in chosen)
        said += [f"{rest:,} chose something else"] if rest else []
    said += [f"{left_out:,} marked nothing there"] if left_out else []
    return f"Of {d.readers:,}, {join(said)}."


def _chosen(there: Sequence[Note]) -> list[Note]:
    """Return the notes that are shown: one reason for each code first, then others."""
    codes = dict.fromkeys(note.code for note in there)
    chosen = [next(note for note in there if note.code == code) for code in codes]
    chosen += [note for note in there if note not in chosen]
    return chosen[:MOST_NOTES]
