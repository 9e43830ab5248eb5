"""How somebody's first guess went, and how sure they were of it: told kindly, once all is told."""

from __future__ import annotations

from dataclasses import replace

from kit.coding.coding import Coding, CodingError
from kit.exercises.checks import check
from kit.exercises.kinds.sure import HOW_SURE, SURE
from kit.exercises.model import Exercise
from kit.exercises.outcome import Context, Outcome
from kit.exercises.record import Record

#: By how sure somebody was: what to say if all was right, and if not.
_SAID = {
    "": ("", ""),
    "guess": (
        "You called it a guess. You knew more than you thought: what told you?",
        "You called it a guess, and it was one: you judged yourself well.",
    ),
    "fairly": (
        "You were fairly sure, and with reason.",
        "You were fairly sure. What had you relied on?",
    ),
    "sure": (
        "You were sure, and with reason.",
        "You were sure. It happens to careful readers too, and what surprises is remembered best: "
        "what had made you sure?",
    ),
}


def first_guess(exercise: Exercise, record: Record, context: Context) -> str:
    """Return a sentence or two about the answer that was handed in first; "" where there is none
    to tell apart, where nothing is checked, or where it can be judged no longer.

    Raises:
        ExerciseError: as :func:`kit.exercises.check`.
    """
    first = record.first
    if first is None or not exercise.checked:
        return ""
    sure = first.values.get(SURE, "")
    sure = sure if isinstance(sure, str) and sure in HOW_SURE else ""
    if not sure and record.attempts < 2:
        return ""
    if exercise.layer:
        if not first.labels:
            return ""
        try:
            coding = Coding(context.article, context.codebook, "", first.labels)
        except CodingError:  # the codebook is another by now
            return ""
        context = replace(context, coding=coding)
    found = check(exercise, first.values, context)
    right = found.verdict == "yes"
    return f"Your first guess: {_went(found)}. {_SAID[sure][not right]}".strip()


def _went(found: Outcome) -> str:
    if found.verdict == "yes":
        return "right"
    if len(found.parts) < 2:
        return "not right yet"
    return f"{sum(part.ok is True for part in found.parts.values())} of {len(found.parts)} right"
