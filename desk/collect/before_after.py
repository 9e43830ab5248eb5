"""Before the course and after it: how many of seven places each student found in a short story.

They are exercises 0.3 and 7.6, each about one of two texts (:mod:`kit.exercises.forms`), and are
never part of a mark. What is right stands in ``datasets/<text>/key.toml``, which no folder for
students has. Words that were copied are right if they share at least half of all their words with
a run of the key. The claim is right by its evidence: one row from each of the two sides.

The first answer to each question is what counts. The two exercises often lie in two work files:
the first in the one on the course's article, the second in the one on the text that the student
chose for the last lesson. They are put together by whose files they are.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from desk.collect.submissions import Owner, shown
from desk.collect.work_file import DAMAGE, RECORD, Said
from kit import exercises
from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable, read_toml
from kit.exercises.forms import AFTER, BEFORE, FORMS, in_form
from kit.exercises.kinds import clean
from kit.exercises.record import MOST_TRIES
from kit.library import datasets
from kit.work.names import UNSIGNED

LESSONS = {BEFORE: "00-start-here", AFTER: "07-your-own-article"}
#: What an instructor can do who misses some.
WHERE = (
    "The second story often lies in another work file of the student’s, on the text of the last "
    "lesson: put it into the same folder."
)
#: The question that is answered in words of one's own, and the control with its evidence.
CLAIM, EVIDENCE = "claim", "evidence"
#: The longest record of one of them that is looked at, in bytes, and the most words of an answer.
MOST_ANSWER, MOST_WORDS = 2**18, 200
#: How much an answer and a run of the key have in common: words of both, of all in either.
LEAST_SHARED = 0.5

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Sitting(NamedTuple):
    """First answers: when something was first handed in, as the file says, in which form, and which
    questions were right, in their order."""

    at: str
    form: str
    right: tuple[bool, ...]


class Handed(NamedTuple):
    """What one work file holds: who signed it, the first answers, and whether there are answers to
    the six questions that earlier versions asked in their place."""

    signed: str
    before: Sitting | None
    after: Sitting | None
    earlier: bool = False


class Together:
    """The answers of a class, put together file by file.

    Attributes:
        earlier: how many files have answers to the questions of earlier versions.
    """

    def __init__(self) -> None:
        self.earlier = 0
        self._found: dict[Hashable, tuple[Sitting | None, Sitting | None]] = {}

    def add(self, owner: Owner, place: str, handed: Handed) -> None:
        """Add a file: of one student the earliest answer counts. Files are one student's if a
        learning platform says so, or otherwise if one name has signed them."""
        self.earlier += handed.earlier
        if owner.id:
            who: Hashable = (owner.system, owner.id)
        elif handed.signed and handed.signed != UNSIGNED:
            who = handed.signed.casefold()
        else:
            who = (place,)
        before, after = self._found.get(who, (None, None))
        self._found[who] = _earlier(before, handed.before), _earlier(after, handed.after)

    def all(self) -> list[tuple[Sitting | None, Sitting | None]]:
        """Return what each student had right, before and after; None if never handed in."""
        return list(self._found.values())


def _earlier(*sittings: Sitting | None) -> Sitting | None:
    return min(filter(None, sittings), default=None)


# -- what is right ---------------------------------------------------------------------------------


class Key(TomlTable):
    """What answers the questions about one text: by question the runs of words that count, and for
    the claim those of each side."""

    items: dict[str, tuple[str, ...]]
    claim: dict[str, tuple[str, ...]]


@lru_cache(maxsize=len(FORMS))
def key(form: str) -> Key:
    """Return the key of a form; raises KitError if it cannot be used."""
    return read_toml(datasets.root() / "datasets" / FORMS[form] / "key.toml", Key, KitError)


def questions() -> tuple[str, ...]:
    """Return the ids of the questions, in their order."""
    asked = exercises.find(exercises.load(LESSONS[BEFORE]), BEFORE)
    return tuple(text.id for text in asked.texts)


def right(form: str, values: Mapping[str, Any]) -> tuple[bool, ...]:
    """Return which questions an answer has right, in their order."""
    known = key(form)
    rows = [row["words"] for row in values.get(EVIDENCE, ())]

    def is_right(id: str) -> bool:
        if id != CLAIM:
            return _counts(values.get(id, ""), known.items[id], form)
        sides = known.claim.values()
        shown = all(any(_counts(row, side, form) for row in rows) for side in sides)
        return bool(values.get(CLAIM)) and shown

    return tuple(map(is_right, questions()))


def _counts(words: str, runs: Sequence[str], form: str) -> bool:
    return any(
        len(mine & theirs) >= LEAST_SHARED * len(mine | theirs)
        for mine in _places(words, form)
        for run in runs
        for theirs in _places(run, form)
    )


def _places(words: str, form: str) -> Iterator[frozenset[int]]:
    """Yield where words stand in a form's text, each time as the places of its words."""
    text, run = _text(form), _words(words)[:MOST_WORDS]
    for at in range(len(text) - len(run) + 1 if run else 0):
        if text[at : at + len(run)] == run:
            yield frozenset(range(at, at + len(run)))


@lru_cache(maxsize=len(FORMS))
def _text(form: str) -> list[str]:
    return _words(datasets.load_article(FORMS[form]).text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


# -- one file --------------------------------------------------------------------------------------


def read(file: Said) -> Handed:
    """Return the first answers that a work file holds, whatever text it is about; raises KitError
    if the exercises or the key cannot be used."""
    before, after = (
        _earlier(*(_sitting(number, form, file.answers.get(number + form)) for form in FORMS))
        for number in (BEFORE, AFTER)
    )
    earlier = BEFORE in file.answers or AFTER in file.answers
    return Handed(shown(file.student, 80), before, after, earlier)


def _sitting(number: str, form: str, raw: msgspec.Raw | None) -> Sitting | None:
    if raw is None or len(bytes(raw)) > MOST_ANSWER:
        return None
    try:
        record = RECORD.decode(raw)
    except DAMAGE:
        return None
    tried = [*filter(None, [record.first]), *record.tries[:MOST_TRIES]]
    if not tried:
        return None
    exercise = in_form(exercises.find(exercises.load(LESSONS[number]), number), form)
    values: dict[str, Any] = {}
    for one in tried:
        # Whoever handed in with some questions still empty goes on to those.
        values = {**clean(exercise, one.values), **values}
    at = tried[0].at
    # What is no moment comes last.
    return Sitting(at if _MOMENT.fullmatch(at) else "~", form, right(form, values))
