"""Marks for free text, kept: what there is to mark, and the file with what was given.

A student's *answer* is all that they wrote for one exercise, with its evidence. Beside the tables
of a class lie two files::

    free-text.jsonl     what there is to mark, made anew at every collecting: one answer a line,
                        at the end what they are about
    rubric-marks.json   the marks; only ever added to, so that collecting again loses none

A mark is kept with the student, the exercise and a digest of the answer. Once a student hands in
something else, the old mark is shown and does not count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from desk.collect.marks import Written
from desk.collect.roll import Student
from desk.collect.rubric import Given, Points
from kit.base.durable import replace_file
from kit.base.errors import KitError
from kit.base.files import content, reason
from kit.base.lock import turn
from kit.work.errors import saving
from kit.work.merge import changed, merged
from kit.work.store import LOCK_SECONDS

ANSWERS, MARKS = "free-text.jsonl", "rubric-marks.json"
MOST_COMMENT = 4_000
#: What is read of a file at most: a class of some thousands, marked several times over.
MOST_BYTES = 256 * 2**20
_SCHEMA, _ANSWERS_SCHEMA = "kit-rubric-1", "kit-answers-1"

Key = tuple[str, str, str]
_Id = Annotated[str, msgspec.Meta(max_length=300)]


class RubricError(KitError, ValueError):
    """Marks for free text cannot be read or taken in; the message says why and what to do."""


class Mark(msgspec.Struct, frozen=True):
    """A mark as it is kept.

    Attributes:
        student: as :func:`key_of` has it; ``name`` is for whoever reads the file.
        exercise: its number.
        answer: the digest of the answer that was marked.
        scores: points by criterion; one that is missing has not been decided.
        comment: what is said to the student.
        at: when.
    """

    student: _Id
    exercise: _Id
    answer: _Id
    scores: dict[str, Points] = {}
    comment: Annotated[str, msgspec.Meta(max_length=MOST_COMMENT)] = ""
    name: _Id = ""
    at: _Id = ""

    @property
    def key(self) -> Key:
        return self.student, self.exercise, self.answer

    @property
    def given(self) -> Given:
        return Given(self.scores, self.comment)


class Answer(msgspec.Struct, frozen=True):
    """What one student wrote for one exercise.

    Attributes:
        student: as :func:`key_of` has it.
        name: what the student is called in the results; ``alias`` stands for it.
        number: the student's, as files were found.
        exercise: its number.
        answer: a digest of exercise, texts and evidence.
        texts: by field of the exercise.
        evidence: paragraph, words, and whether they stand there.
        draft: whether it was never handed in.
        was: the mark that ``free-text.csv`` shows, as it was written there.
    """

    student: str
    name: str
    alias: str
    number: int
    exercise: str
    answer: str
    texts: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str, bool], ...] = ()
    draft: bool = False
    was: tuple[dict[str, int], str] = ({}, "")

    @property
    def key(self) -> Key:
        return self.student, self.exercise, self.answer


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the answers are about: text, title, and which exercises are asked and count."""

    schema: str = _ANSWERS_SCHEMA
    article: str
    sha256: str
    title: str
    asked: tuple[str, ...]
    counted: tuple[str, ...]


class _Marks(msgspec.Struct, frozen=True):
    schema: str
    marks: tuple[Mark, ...] = ()


# -- answers ---------------------------------------------------------------------------------------


def key_of(student: Student) -> str:
    """Return what a student's marks are kept under: the platform's number, else the name."""
    owner = student.owner
    return f"{owner.system}:{owner.id}" if owner.id else f"name:{student.name.casefold()}"


def answers_of(student: Student) -> Iterator[Answer]:
    """Yield what a student wrote, an exercise at a time."""
    by_exercise: dict[str, list[Written]] = {}
    for written in student.marks.written:
        by_exercise.setdefault(written.exercise, []).append(written)
    for exercise, there in by_exercise.items():
        texts = tuple((one.field, one.text) for one in there)
        rows = tuple((*row, holds) for row, holds in zip(there[0].evidence, there[0].holds))
        # A letter first: spreadsheets take digits with an “e” among them for a number.
        digest = hashlib.sha256(msgspec.json.encode((exercise, texts, there[0].evidence)))
        yield Answer(
            key_of(student),
            student.name,
            student.alias,
            student.number,
            exercise,
            f"t{digest.hexdigest()[:16]}",
            texts,
            rows,
            there[0].draft,
        )


def line(one: Answer | About) -> bytes:
    """Return an answer, or what all are about, as a line of ``free-text.jsonl``."""
    return msgspec.json.encode(one) + b"\n"


def read_answers(folder: Path) -> tuple[About, list[Answer]]:
    """Return what there is to mark among the results in a folder.

    Raises:
        RubricError: there is nothing, or the file is damaged.
    """
    path = folder / ANSWERS
    try:
        *lines, last = content(path, MOST_BYTES).splitlines()
        about = msgspec.json.decode(last, type=About)
        answers = [msgspec.json.decode(one, type=Answer) for one in lines]
    except FileNotFoundError:
        raise RubricError(
            f"There are no answers to mark in {folder}. Name a folder with the results of a class, "
            "or collect the class first."
        ) from None
    except (OSError, ValueError, RecursionError) as problem:
        raise RubricError(
            f"{path} cannot be read: {reason(problem)}. Collect the class again; your marks are "
            f"kept in {MARKS}."
        ) from None
    if about.schema != _ANSWERS_SCHEMA:
        raise RubricError(f"{path} was made by another version of the kit. Collect again.")
    return about, answers


# -- marks -----------------------------------------------------------------------------------------


def kept(folder: Path) -> dict[Key, Mark]:
    """Return the marks that are kept in a folder, the oldest first; none where there is no file.

    Raises:
        RubricError: the file is damaged. Nothing else may then be written in its place.
    """
    path = folder / MARKS
    try:
        file = msgspec.json.decode(content(path, MOST_BYTES), type=_Marks)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as problem:
        raise RubricError(
            f"{path} cannot be read: {reason(problem)}. It holds your marks for free text. The "
            f"version before it lies beside it, as {path.stem}.bak.json: put that in its place, or "
            "move both away and begin anew."
        ) from None
    if file.schema != _SCHEMA:
        raise RubricError(f"{path} was made by another version of the kit ({file.schema[:40]!r}).")
    return {mark.key: mark for mark in sorted(file.marks, key=lambda mark: mark.at)}


def keep(
    folder: Path,
    marks: Iterable[Mark],
    now: datetime | None = None,
    seen: Mapping[Key, Given] | None = None,
) -> tuple[datetime, list[Mark]]:
    """Add marks to those in a folder, each in place of one on the same answer.

    When this returns they are on the disk. What somebody else has kept meanwhile stays.

    Args:
        seen: by answer, the mark that whoever marks it saw there: only what they have changed is
            put in, criterion by criterion. Without it all of a mark is.

    Returns:
        When; and the marks of which somebody else has changed the same thing meanwhile, as they
        are in the file.

    Raises:
        RubricError: the file that is there is damaged.
        NotSaved: it cannot be written.
    """
    path, at = folder / MARKS, now or datetime.now(UTC)
    torn = []
    with saving(path), turn(path, LOCK_SECONDS):
        there = kept(folder)
        for mark in marks:
            before = there.pop(mark.key, None)
            new = mark
            if seen is not None and before is not None:
                new, both = _put(mark, before, seen.get(mark.key, Given({})))
                torn += [new] if both else []
            there[mark.key] = msgspec.structs.replace(new, at=at.isoformat())
        data = msgspec.json.format(msgspec.json.encode(_Marks(_SCHEMA, tuple(there.values()))))
        replace_file(path, data + b"\n", backup=path.with_suffix(".bak.json"))
    return at, torn


def _put(mark: Mark, there: Mark, saw: Given) -> tuple[Mark, bool]:
    """Return a mark that is there with what was changed in it, and whether two have changed it."""
    scores, torn = merged(saw.scores, mark.scores, there.scores)
    comment, also = changed(there.comment, saw.comment, mark.comment)
    new = msgspec.structs.replace(mark, scores=scores, comment=comment)
    return new, bool(torn) or also


def newest(marks: Iterable[Mark]) -> dict[tuple[str, str], Mark]:
    """Return the last mark of each student on each exercise, of marks with the oldest first."""
    return {mark.key[:2]: mark for mark in marks if mark.scores}


def earlier(answer: Answer, latest: Mapping[tuple[str, str], Mark]) -> Mark | None:
    """Return the mark that an answer had before it was changed, if it has none now.

    Args:
        answer: as it is now.
        latest: as :func:`newest` gives them.
    """
    mark = latest.get(answer.key[:2])
    return mark if mark is not None and mark.answer != answer.answer else None
