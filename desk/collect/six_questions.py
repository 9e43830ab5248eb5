"""The six questions before the course and the six after it: how many each student had right.

They are exercises 0.3 and 7.6, each of six questions with one right answer, and are never part of a
mark. The first answer to each question is what counts: the kit says at once what is right and why,
and whoever answers again knows it.

Both are about the practice article, whatever text a student works on. So the two often lie in two
work files: the first in the one on the course's article, the second in the one on the text that
the student chose for the last lesson. They are put together by whose files they are.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from desk.collect.submissions import Owner, shown
from kit import exercises
from kit.exercises import Context, Exercise, Record, check
from kit.exercises.record import MOST_TRIES
from kit.exercises.surroundings import context_on
from kit.exercises.values import clean
from kit.lessons.cell_output import UNSIGNED
from kit.library import datasets
from kit.work.file_format import VERSIONS, bare

__all__ = ["AFTER", "BEFORE", "WHERE", "Handed", "Sitting", "Six", "Together", "read"]

#: The two exercises.
BEFORE, AFTER = "0.3", "7.6"
LESSONS = {BEFORE: "00-start-here", AFTER: "07-your-own-article"}
#: What an instructor can do who misses some.
WHERE = (
    "The second six often lie in another work file of the student’s, on the text of the last "
    "lesson: put it into the same folder."
)
#: The longest record of one of them that is looked at, in bytes.
MOST_ANSWER = 2**18

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Sitting(NamedTuple):
    """First answers: when something was first handed in, as the file says, and how many were
    right."""

    at: str
    right: int


class Handed(NamedTuple):
    """What one work file holds: on which text it is, who signed it, and the first answers."""

    article: str
    signed: str
    before: Sitting | None
    after: Sitting | None


class Six(NamedTuple):
    """How many of six one student had right, before and after; None if never handed in."""

    before: int | None
    after: int | None


class Together:
    """The answers of a class, put together file by file."""

    def __init__(self) -> None:
        self._found: dict[Hashable, tuple[Sitting | None, Sitting | None]] = {}

    def add(self, owner: Owner, place: str, handed: Handed) -> None:
        """Add a file: of one student the earliest answer counts. Files are one student's if a
        learning platform says so, or otherwise if one name has signed them."""
        if owner.id:
            who: Hashable = (owner.system, owner.id)
        elif handed.signed and handed.signed != UNSIGNED:
            who = handed.signed.casefold()
        else:
            who = (place,)
        before, after = self._found.get(who, (None, None))
        self._found[who] = _earlier(before, handed.before), _earlier(after, handed.after)

    def all(self) -> list[Six]:
        """Return what each student had right."""
        return [Six(*(one and one.right for one in pair)) for pair in self._found.values()]


def _earlier(*sittings: Sitting | None) -> Sitting | None:
    return min(filter(None, sittings), default=None)


# -- one file --------------------------------------------------------------------------------------


class _File(msgspec.Struct):
    """What of a work file is looked at here."""

    schema: str = ""
    article: str = ""
    student: str = ""
    answers: dict[str, msgspec.Raw] = {}


_FILE, _RECORD = msgspec.json.Decoder(_File), msgspec.json.Decoder(Record)
_DAMAGE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read(data: bytes) -> Handed | None:
    """Return the first answers that a work file holds, whatever text it is about; None if it
    cannot be read as one.

    Raises:
        KitError: the exercises or the article that they are about cannot be used.
    """
    try:
        file = _FILE.decode(bare(data))
    except _DAMAGE:
        return None
    if file.schema not in VERSIONS:
        return None
    both = (_sitting(id, file.answers.get(id)) for id in (BEFORE, AFTER))
    return Handed(shown(file.article, 60), shown(file.student, 80), *both)


def _sitting(id: str, raw: msgspec.Raw | None) -> Sitting | None:
    if raw is None or len(bytes(raw)) > MOST_ANSWER:
        return None
    try:
        record = _RECORD.decode(raw)
    except _DAMAGE:
        return None
    tried = [*filter(None, [record.first]), *record.tries[:MOST_TRIES]]
    if not tried:
        return None
    exercise, context = _asked(id)
    values: dict[str, Any] = {}
    for one in tried:
        # Whoever had an answer looked at with some questions still empty goes on to those.
        values = {**clean(exercise, one.values), **values}
    parts = check(exercise, values, context).parts
    at = tried[0].at
    # What is no moment comes last.
    return Sitting(
        at if _MOMENT.fullmatch(at) else "~", sum(part.ok is True for part in parts.values())
    )


@lru_cache(maxsize=2)
def _asked(id: str) -> tuple[Exercise, Context]:
    exercise = exercises.find(exercises.load(LESSONS[id]), id)
    return exercise, context_on(datasets.load_article(exercise.article))
