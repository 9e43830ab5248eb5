"""The student's record of answers, kept in the work file under the exercise's id.

::

    {"values": {…},                                    what stands in the form now
     "first": {"values": {…}, "verdict": …, "at": …},  the first answer handed in; never changes
     "tries": [{"values": {…}, "verdict": …, "at": …}, …],   the last twenty
     "attempts": 3, "hints": 1}

An answer to an exercise about labels also keeps those that it asks for, as they were then, under
``"labels"``: so it can be judged when the labels have changed since.

A second window on the same work file loses nothing: each change is made anew on what the file
holds by then. So the later draft stands, and both windows' tries are there, in the order in which
they reached the file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from kit.coding.coding import Annotation
from kit.exercises import kinds
from kit.exercises.checks import check
from kit.exercises.labels import handed_in
from kit.exercises.model import Exercise
from kit.exercises.outcome import Context, Outcome, Verdict
from kit.exercises.values import clean
from kit.work.workbook import NotSaved, Saved, Workbook

__all__ = ["Record", "Try", "draft", "hand_in", "hint", "read"]

MOST_TRIES = 20

_ROUNDS = 20  # other windows may come first so often; more would be a fault

Count = Annotated[int, msgspec.Meta(ge=0)]


class Try(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One answer that was handed in: what, what came of it, and when (UTC, ISO 8601).

    Attributes:
        values: what stood in the form.
        labels: the labels that the exercise asks for, as they were.
    """

    values: dict[str, Any]
    verdict: Verdict
    at: str
    labels: tuple[Annotation, ...] = ()


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a student has done on one exercise.

    Attributes:
        values: what stands in the form now, handed in or not.
        first: the first answer handed in; it never changes.
        tries: the last answers handed in, oldest first.
        attempts: how many answers have been handed in.
        hints: how many hints have been seen.
    """

    values: dict[str, Any] = {}
    first: Try | None = None
    tries: tuple[Try, ...] = ()
    attempts: Count = 0
    hints: Count = 0


def read(workbook: Workbook, exercise: str) -> Record:
    """Return the record of an exercise, empty where there is none or none that can be read."""
    return _decoded(workbook.answers.get(exercise)) or Record()


def draft(workbook: Workbook, exercise: Exercise, values: Any) -> Saved:
    """Keep what stands in the form; what has not the form of an answer is left out.

    Raises:
        NotSaved: the work file cannot be written; nothing has changed.
    """
    kept = clean(exercise, values)
    return _change(workbook, exercise.id, lambda old: msgspec.structs.replace(old, values=kept))


def hand_in(workbook: Workbook, exercise: Exercise, values: Any, context: Context) -> Outcome:
    """Check an answer and keep it, with what came of it, whether all is answered or a part; one in
    which nothing is, is only kept as a draft.

    Raises:
        NotSaved: the work file cannot be written; nothing has changed.
        ExerciseError: as :func:`kit.exercises.check`.
    """
    outcome = check(exercise, values, context)
    kept = clean(exercise, values)
    labels = handed_in(exercise, context)
    given = (one.complete(kept.get(one.id)) for one in kinds.controls(exercise))
    if not (labels or any(given)):
        draft(workbook, exercise, values)
        return outcome
    workbook.refresh()  # so that the same answer from two windows counts twice
    new = Try(kept, outcome.verdict, _now(), labels)

    def edit(old: Record) -> Record:
        return Record(
            values=kept,
            first=old.first or new,
            tries=(*old.tries, new)[-MOST_TRIES:],
            attempts=old.attempts + 1,
            hints=old.hints,
        )

    _change(workbook, exercise.id, edit)
    return outcome


def hint(workbook: Workbook, exercise: Exercise) -> Saved:
    """Count one more hint as seen, up to those there are. Raises NotSaved."""

    def edit(old: Record) -> Record:
        return msgspec.structs.replace(old, hints=min(old.hints + 1, len(exercise.hints)))

    return _change(workbook, exercise.id, edit)


def _change(workbook: Workbook, id: str, edit: Callable[[Record], Record]) -> Saved:
    """Change a record on whatever the file holds, another window's changes included."""
    for _ in range(_ROUNDS):
        there = workbook.answers.get(id)
        old = _decoded(there)
        if old is None and there is not None:
            _put_aside(workbook, id, there)
        new = msgspec.to_builtins(edit(old or Record()))
        saved = workbook.answer(id, new, was=there)
        if not saved.conflicts:
            return saved
    raise NotSaved(
        "Another window keeps changing the same answer. Close one of the two, then try again."
    )


def _put_aside(workbook: Workbook, id: str, raw: Any) -> None:
    """Keep what somebody wrote into the work file by hand and the kit cannot read."""
    name, number = f"{id}.aside", 1
    while workbook.answers.get(name, raw) != raw:
        number += 1
        name = f"{id}.aside-{number}"
    workbook.answer(name, raw)


def _decoded(raw: Any) -> Record | None:
    if raw is None:
        return None
    try:
        return msgspec.convert(raw, Record)
    except msgspec.ValidationError:
        return None


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
