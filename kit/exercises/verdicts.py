"""From what was found part by part to what is said of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kit.base.phrases import join
from kit.exercises.outcome import Context, Outcome, Part
from kit.library.reference import ARGUED

if TYPE_CHECKING:
    from kit.exercises.model import Exercise

__all__ = ["Parts", "reader", "stand", "summed_up"]

Parts = dict[str, Part]


def summed_up(
    exercise: Exercise, parts: Parts, names: Mapping[str, str], context: Context
) -> Outcome:
    """Return the outcome that follows from parts that were judged one by one.

    Of a single part the outcome itself says the reason, and the part nothing.
    """
    right = sum(part.ok is True for part in parts.values())
    wrong = sum(part.ok is False for part in parts.values())
    left = [names.get(id, id) for id, part in parts.items() if part.ok is None]
    if not wrong and not left:
        return Outcome("yes", f"Yes. {context.say(exercise.yes)}", parts)
    if len(parts) == 1:
        ((id, part),) = parts.items()
        say = f"Not yet. {part.say}" if wrong else f"Not answered yet. {part.say}".strip()
        return Outcome("not yet" if wrong else "empty", say, {id: Part(part.ok)})
    if not wrong and not right:
        return Outcome("empty", "Not answered yet.", parts)
    missing = f" Not answered yet: {join(left, most=4)}." if left else ""
    if not wrong:
        return Outcome("empty", f"Right so far: {right} of {len(parts)}.{missing}", parts)
    return Outcome("not yet", f"Not yet: {right} of {len(parts)} right.{missing}", parts)


def stand(shared: Sequence[str]) -> str:
    """Say with whose readings the student's own agrees, given by whom those are."""
    named = [by for by in shared if by and by != ARGUED]
    if named:
        return f"You are with {join([reader(by) for by in dict.fromkeys(named)])} here."
    if shared:
        return "One of these readings is yours."
    return "Yours is another reading than these. What is your best reason for it?"


def reader(by: str) -> str:
    """Return whose reading it is, from ``"A"`` or ``"A and B"``, in words."""
    if not by.replace(" and ", "").isupper():
        return by
    return f"reading{'s' if ' and ' in by else ''} {by}"
