"""What to talk about: the units that divide the class most, with questions and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from desk.collect.agreement import UNMARKED, Scale
from desk.collect.class_report.common import drawn, one_code
from desk.collect.class_report.disputes import Dispute, most_disputed
from desk.collect.class_report.prompts import prompts
from desk.collect.roll import Note, Roll, Student
from kit.base.phrases import join

__all__ = ["talk"]

#: How many notes and how many codes are shown with a unit.
MOST_NOTES, MOST_CODES = 6, 4


class Unit(NamedTuple):
    """A unit to talk about.

    Attributes:
        where: which it is, and of words which.
        layer: the title of its layer.
        counted: how many read it how, as a sentence.
        asks: the questions, as HTML.
        notes: reasons, each with the student who gave it.
    """

    where: str
    layer: str
    counted: str
    asks: list[Markup]
    notes: list[tuple[Note, Student]]


def talk(roll: Roll) -> Markup:
    """Return the units to talk about."""
    turns: Counter = Counter()
    units = [_unit(roll, roll.scales[d.layer], d, turns) for d in most_disputed(roll)]
    banner = roll.plan.article.meta.get("banner")
    return drawn("talk", units=units, banner=banner if isinstance(banner, str) else "")


def _unit(roll: Roll, scale: Scale, d: Dispute, turns: Counter) -> Unit:
    notes = roll.notes.get((d.layer, d.block), [])
    return Unit(
        f"{d.block}, “{d.words}”" if d.words else d.unit,
        scale.layer.title,
        _counted(scale, d),
        prompts(scale, d, notes, turns),
        [(note, roll.students[note.student]) for note in _chosen(notes)],
    )


def _counted(scale: Scale, d: Dispute) -> str:
    """Return how many read the unit how, as a sentence."""
    counts = dict(d.counts)
    left_out = counts.pop(UNMARKED, 0)
    said = []
    if d.kind == "ends":
        took, left = (side.readers for side in d.sides)
        kind = "" if one_code(scale) else f" as “{scale.shown(d.sides[0].code)}”"
        said = [
            f"{took:,} marked words here{kind} with “{d.edge}”",
            f"{left:,} without",
        ]
        counts.pop(d.sides[0].code)
    if one_code(scale):
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
