"""What an answer in a work file is worth, item by item, whatever the file says of it.

What an answer is worth, the kinds of control say (:mod:`kit.exercises.kinds`). In a class
most answers are alike, so each piece of one is judged once for all. A judgement is made from the
piece by which it is remembered and from nothing else: so no file decides what another student's is
worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from desk.collect.plan import Plan
from desk.collect.work_file import Work
from kit.exercises import Exercise, kinds
from kit.exercises.kinds import clean
from kit.exercises.kinds.kind import Items
from kit.exercises.kinds.label import LABELS
from kit.exercises.record import Try

#: The one item of an exercise that asks for so many labels, wherever they stand.
ENOUGH = LABELS
#: How many checked answers are remembered at most.
MOST_KNOWN = 50_000


def items_of(exercise: Exercise, plan: Plan) -> tuple[str, ...]:
    """Return the items of an exercise that has a right answer: its controls, the paragraphs whose
    labels it asks for, or “labels” where it asks for a number of them."""
    context = plan.context(exercise)
    return tuple(id for one in kinds.controls(exercise) for id in one.marked(context))


def share(items: Items | None) -> float:
    """Return what an exercise is worth, 0 … 1: the mean of its items."""
    return sum(items.values()) / len(items) if items else 0.0


def better(one: Items | None, other: Items | None) -> Items | None:
    """Return the answer that is worth more; the one if both are worth the same."""
    if one is None or other is None:
        return other if one is None else one
    return max((one, other), key=share)


class Judge:
    """Judges one student's answers to one exercise.

    Attributes:
        unknown: whether an answer was met whose labels are known no longer.
    """

    def __init__(self, exercise: Exercise, work: Work, plan: Plan):
        self.exercise = exercise
        self.work = work
        self.plan = plan
        self.unknown = False
        self._context = plan.context(exercise)

    def of(self, answer: Try) -> Items | None:
        """Return what an answer is worth; None if it can be known no longer.

        Raises:
            ExerciseError: the exercise cannot be used with its article; no student's doing.
        """
        if self._is_unknown(answer):
            self.unknown = True
            return None
        return self._worth(self._given(answer))

    def blank(self, answer: Try) -> tuple[str, ...]:
        """Return what an answer leaves blank; nothing if it can be known no longer."""
        if self._is_unknown(answer):
            return ()
        given = self._given(answer)
        return tuple(
            id
            for control in kinds.controls(self.exercise)
            for id in control.left(given.get(control.id), self._context)
        )

    def now(self) -> Items:
        """Return what the labels as they stand now are worth; raises as :meth:`of`."""
        return self._worth({LABELS: self.work.coding.on(self.exercise.layer)})

    def _is_unknown(self, answer: Try) -> bool:
        """Say whether it is out of a file of before that did not keep all of its labels."""
        return bool(self.exercise.layer) and isinstance(answer.values.get(LABELS), Mapping)

    def _given(self, answer: Try) -> dict[str, Any]:
        labels = [
            a
            for a in answer.labels
            if a.layer == self.exercise.layer
            and self._context.article.block_at(a.at.start, a.at.end) is not None
        ]
        return {**clean(self.exercise, answer.values), LABELS: labels}

    def _worth(self, given: Mapping[str, Any]) -> Items:
        """Return what an answer is worth, control by control and piece by piece."""
        items: Items = {}
        for control in kinds.controls(self.exercise):
            pieces = control.pieces(given.get(control.id), self._context)
            worth = {id: self._once(control, id, piece) for id, piece in pieces.items()}
            items |= control.marks(worth)
        return items

    def _once(self, control: kinds.Kind, piece: str, value: Any) -> Any:
        """Return what a piece of an answer is worth, judged once for all that are like it."""
        known = self.plan.known
        # However long somebody's answer is, no more of it than this is kept.
        told = blake2b(msgspec.json.encode((piece, value)), digest_size=16).digest()
        key = (self.exercise.id, told)
        if key not in known:
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[key] = control.worth(piece, value, self._context)
        return known[key]
