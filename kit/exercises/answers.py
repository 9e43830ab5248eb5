"""The right answer to an exercise, and a wrong one: for tests and for the instructor edition."""

from __future__ import annotations

from typing import Any, NamedTuple

from kit.coding.coding import Annotation
from kit.exercises import kinds
from kit.exercises.kinds.label import LABELS
from kit.exercises.model import Exercise
from kit.exercises.outcome import Context

_PLACEHOLDER = "A person reads what is written here."


class Answer(NamedTuple):
    """What a student would do: values to write in the form, and labels to set beforehand."""

    values: dict[str, Any]
    labels: tuple[Annotation, ...] = ()


def expected(exercise: Exercise, context: Context, *, text: str = _PLACEHOLDER) -> Answer:
    """Return an answer that a check takes: the right one where there is one, otherwise one that
    is kept (the first reading of what is disputed).

    Args:
        text: what to write where a person's own words are asked for, and in labels' notes.

    Raises:
        ExerciseError: as :func:`kit.exercises.check`.
    """
    return _answer({one.id: one.expected(context, text) for one in kinds.controls(exercise)})


def wrong(exercise: Exercise, context: Context) -> Answer | None:
    """Return an answer that a check does not take yet, None where no answer is wrong: what is
    disputed or open is kept whatever it says, if its evidence holds.

    Raises:
        ExerciseError: as :func:`kit.exercises.check`.
    """
    controls = kinds.controls(exercise)
    amiss = {one.id: one.wrong(context) for one in controls}
    if all(value is None for value in amiss.values()):
        return None
    right = {one.id: one.expected(context, _PLACEHOLDER) for one in controls}
    return _answer({id: right[id] if value is None else value for id, value in amiss.items()})


def _answer(values: dict[str, Any]) -> Answer:
    labels = values.pop(LABELS, ())
    return Answer({id: value for id, value in values.items() if value}, labels)
