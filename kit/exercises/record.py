"""The student's record of answers, kept in the work file under the exercise's id.

::

    {"values": {…},                                    what stands in the form now
     "first": {"values": {…}, "verdict": …, "at": …},  the first answer handed in; never changes
     "tries": [{"values": {…}, "verdict": …, "at": …}, …],   the last twenty
     "attempts": 3, "hints": 1,
     "earlier": {"why": ["…"]}}                        what was replaced, and may be wanted back

An answer to an exercise about labels also keeps those that it asks for, as they were then, under
``"labels"``: so it can be judged when the labels have changed since.

A second window on the same work file loses nothing: each change is made on what the file holds by
then, field by field, by the rule of :mod:`kit.work.merge`. Where another window has written
something else into the same field, that stays, and what this one wrote is among the ``earlier``
answers until somebody has chosen. Both windows' tries are there, in the order in which they
reached the file. A field that the exercise no longer has keeps what was written in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import msgspec

from kit.coding.coding import Annotation
from kit.exercises import kinds
from kit.exercises.checks import check
from kit.exercises.kinds import clean
from kit.exercises.labels import handed_in
from kit.exercises.model import Exercise
from kit.exercises.outcome import Context, Outcome, Verdict
from kit.work.changes import Conflict
from kit.work.merge import MOST_TRIES, changed, remembered, shortens
from kit.work.store import Saved, now
from kit.work.workbook import Workbook

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
        earlier: by field, what stood there and was replaced by something else or by less, or
            could not be put there because another window had changed the field.
    """

    values: dict[str, Any] = {}
    first: Try | None = None
    tries: tuple[Try, ...] = ()
    attempts: Count = 0
    hints: Count = 0
    earlier: dict[str, tuple[Any, ...]] = {}


class Seen(msgspec.Struct, frozen=True):
    """What somebody saw who changes an answer.

    Attributes:
        values: what stood in the form.
        sent: what they sent before, and never heard whether it arrived.
    """

    values: Any
    sent: Sequence[Any] = ()


def read(workbook: Workbook, exercise: str) -> Record:
    """Return the record of an exercise, empty where there is none or none that can be read."""
    return _decoded(workbook.answers.get(exercise)) or Record()


def draft(workbook: Workbook, exercise: Exercise, values: Any, seen: Seen | None = None) -> Saved:
    """Keep what stands in the form; what has not the form of an answer is left out.

    Args:
        seen: what whoever wrote it saw there; if None, what this workbook holds.

    Returns:
        When it was saved; and as conflicts the fields that somebody else has changed meanwhile.

    Raises:
        NotSaved: the work file cannot be written; nothing has changed.
    """
    kept, saw = clean(exercise, values), _saw(workbook, exercise, seen)
    return _change(workbook, exercise.id, lambda old: _written(exercise, old, kept, saw))


def hand_in(
    workbook: Workbook, exercise: Exercise, values: Any, context: Context, seen: Seen | None = None
) -> Outcome:
    """Check an answer and keep it, with what came of it, whether all is answered or a part; one in
    which nothing is, is only kept as a draft.

    Args:
        seen: as for :func:`draft`, which says what somebody else has changed.

    Raises:
        NotSaved: the work file cannot be written; nothing has changed.
        ExerciseError: as :func:`kit.exercises.check`.
    """
    again = read(workbook, exercise.id).attempts > 0
    outcome = check(exercise, values, context, again=again)
    kept, saw = clean(exercise, values), _saw(workbook, exercise, seen)
    labels = handed_in(exercise, context)
    given = (one.complete(kept.get(one.id)) for one in kinds.controls(exercise))
    if not (labels or any(given)):
        draft(workbook, exercise, values, seen)
        return outcome
    new = Try(kept, outcome.verdict, now(), labels)

    def edit(old: Record) -> tuple[Record, list[Conflict]]:
        drafted, conflicts = _written(exercise, old, kept, saw)
        return msgspec.structs.replace(
            drafted,
            first=old.first or new,
            tries=(*old.tries, new)[-MOST_TRIES:],
            attempts=old.attempts + 1,
        ), conflicts

    _change(workbook, exercise.id, edit)
    return outcome


def hint(workbook: Workbook, exercise: Exercise) -> Saved:
    """Count one more hint as seen, up to those there are. Raises NotSaved."""

    def edit(old: Record) -> tuple[Record, list[Conflict]]:
        return msgspec.structs.replace(old, hints=min(old.hints + 1, len(exercise.hints))), []

    return _change(workbook, exercise.id, edit)


def _saw(workbook: Workbook, exercise: Exercise, seen: Seen | None) -> list[Mapping[str, Any]]:
    """Return what may stand in the form without anybody else having changed it: first what was
    seen there."""
    if seen is None:
        return [clean(exercise, read(workbook, exercise.id).values)]
    return [clean(exercise, values) for values in (seen.values, *seen.sent)]


def _written(
    exercise: Exercise, old: Record, kept: Mapping[str, Any], saw: Sequence[Mapping[str, Any]]
) -> tuple[Record, list[Conflict]]:
    """Return a record with what was written in its fields, and the fields that are torn."""
    values, earlier, conflicts = dict(old.values), dict(old.earlier), []
    shown = clean(exercise, old.values)
    for control in kinds.controls(exercise):
        id = control.id
        there, now = shown.get(id), kept.get(id)
        sent = any(id in one and one[id] == there for one in saw[1:])
        new, torn = changed(there, there if sent else saw[0].get(id), now)
        lost = None
        if torn:
            conflicts.append(Conflict(id, now, there))
            lost = now
        elif new != there:
            lost = old.values.get(id) if there is None or shortens(there, new) else None
            values[id] = new
        if lost is not None:
            earlier[id] = remembered(earlier.get(id, ()), lost)
    values = {id: value for id, value in values.items() if value is not None}
    return msgspec.structs.replace(old, values=values, earlier=earlier), conflicts


def _change(
    workbook: Workbook, id: str, edit: Callable[[Record], tuple[Record, list[Conflict]]]
) -> Saved:
    """Change a record on whatever the file holds, another window's changes included."""
    there = workbook.answers.get(id)
    if there is not None and _decoded(there) is None:
        _put_aside(workbook, id, there)

    def on_plain_data(raw: Any) -> tuple[Any, list[Conflict]]:
        new, conflicts = edit(_decoded(raw) or Record())
        nothing = raw is None and new == Record()
        return None if nothing else msgspec.to_builtins(new), conflicts

    return workbook.change(id, on_plain_data)


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
