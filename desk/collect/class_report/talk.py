"""What to talk about: the units that divide the class most, with questions and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from desk.collect.agreement import UNMARKED, Scale
from desk.collect.class_report.common import NOTHING_YET, one_code, who
from desk.collect.class_report.disputes import Dispute, most_disputed
from desk.collect.class_report.prompts import prompts
from desk.collect.roll import Note, Roll
from kit.base.html_page import bullets, typed
from kit.base.phrases import join

__all__ = ["talk"]

#: How many notes and how many codes are shown with a unit.
MOST_NOTES, MOST_CODES = 6, 4


def talk(roll: Roll) -> str:
    """Return the units to talk about, as HTML."""
    turns: Counter = Counter()
    parts = []
    for d in most_disputed(roll):
        scale = roll.scales[d.layer]
        parts.append(_unit(roll, scale, d, turns))
    if not parts:
        return NOTHING_YET
    banner = roll.plan.article.meta.get("banner")
    note = f"<p class='note'>{typed(banner)}</p>" if isinstance(banner, str) and banner else ""
    return note + "".join(parts)


def _unit(roll: Roll, scale: Scale, d: Dispute, turns: Counter) -> str:
    notes = roll.notes.get((d.layer, d.block), [])
    asks = "".join(f"<li>{ask}</li>" for ask in prompts(scale, d, notes, turns))
    where = f"{d.block}, “{escape(d.words)}”" if d.words else d.unit
    return (
        f"<article><h3>{where} <small>{escape(scale.layer.title)}</small></h3>"
        f"<p>{_counted(scale, d)}</p><ol>{asks}</ol>{_notes(roll, notes)}</article>"
    )


def _counted(scale: Scale, d: Dispute) -> str:
    """Return how many read the unit how, as a sentence."""
    counts = dict(d.counts)
    left_out = counts.pop(UNMARKED, 0)
    said = []
    if d.kind == "ends":
        took, left = (side.readers for side in d.sides)
        kind = "" if one_code(scale) else f" as “{escape(scale.shown(d.sides[0].code))}”"
        said = [
            f"{took:,} marked words here{kind} with “{escape(d.edge)}”",
            f"{left:,} without",
        ]
        counts.pop(d.sides[0].code)
    if one_code(scale):
        said += [f"{n:,} marked these words" for n in counts.values()]
    else:
        chosen = list(counts.items())[:MOST_CODES]
        said += [f"{n:,} chose “{escape(scale.shown(code))}”" for code, n in chosen]
        rest = sum(counts.values()) - sum(n for _, n in chosen)
        said += [f"{rest:,} chose something else"] if rest else []
    said += [f"{left_out:,} marked nothing there"] if left_out else []
    return f"Of {d.readers:,}, {join(said)}."


def _notes(roll: Roll, there: Sequence[Note]) -> str:
    chosen: list[Note] = []
    # One reason for each code first, then others.
    for code in dict.fromkeys(note.code for note in there):
        chosen.append(next(note for note in there if note.code == code))
    chosen += [note for note in there if note not in chosen]
    items = [
        f"{_coded(note)}{typed(note.text)} – {who(roll, note.student)}"
        for note in chosen[:MOST_NOTES]
    ]
    return f"<p>Reasons that students gave:</p>{bullets(items)}" if items else ""


def _coded(note: Note) -> str:
    return f"<strong>{escape(note.code)}</strong> " if note.code else ""
