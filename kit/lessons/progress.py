"""The way through the course: what is done of each lesson, and what comes next.

It is computed from the work files; nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from kit import exercises
from kit.base.errors import KitError
from kit.exercises import forms
from kit.exercises.markup import plain
from kit.library.course import ARTICLE, OWN_LESSON, known_lessons
from kit.library.originals import title_and_aim
from kit.work import own_texts
from kit.work.workbook import Workbook


class Stage(NamedTuple):
    """A lesson on the way.

    Attributes:
        id: the notebook's name.
        title: its heading.
        aim: what it is for, in a sentence.
        done: how many of its exercises have been handed in as a whole, right or not.
        all: how many it has.
    """

    id: str
    title: str
    aim: str
    done: int
    all: int

    @property
    def finished(self) -> bool:
        """Whether every exercise has been handed in."""
        return self.done == self.all


class Way(NamedTuple):
    """How far a student has come, seen from one lesson.

    Attributes:
        here: that lesson.
        stages: every lesson, in order.
        step: id and title of the exercise here that is next; None where all are handed in.
        after: the lesson to open after this one, and after the last the first that is not done;
            None at the end of the course.
    """

    here: Stage
    stages: tuple[Stage, ...]
    step: tuple[str, str] | None
    after: Stage | None


class Course:
    """The course of one student, as one lesson sees it."""

    def __init__(self, workbook: Workbook, lesson: str):
        self._workbook, self._lesson = workbook, lesson

    def way(self) -> Way:
        """Return how far the student has come by now."""
        mine = self._lesson
        stages = []
        for id, asked in self._asked.items():
            book = self._workbook if id == mine else self._books[id]
            done = sum(_done(book, exercise) for exercise, _ in asked)
            stages.append(Stage(id, *self._about[id], done, len(asked)))
        at = next(n for n, stage in enumerate(stages) if stage.id == mine)
        step = next((e for e in self._asked[mine] if not _done(self._workbook, e[0])), None)
        open_ = (stage for stage in stages if not stage.finished and stage.id != mine)
        after = stages[at + 1] if at + 1 < len(stages) else next(open_, None)
        return Way(stages[at], tuple(stages), step, after)

    # Read once: what a lesson asks does not change while its page is open, and a label must not
    # wait for eight files.
    @cached_property
    def _asked(self) -> Mapping[str, list[tuple[str, str]]]:
        lessons = dict.fromkeys([*known_lessons(), self._lesson])
        return {id: [(e.id, plain(e.title)) for e in exercises.load(id)] for id in sorted(lessons)}

    @cached_property
    def _about(self) -> Mapping[str, tuple[str, str]]:
        return {id: title_and_aim(id) for id in self._asked}

    @cached_property
    def _books(self) -> Mapping[str, Workbook | None]:
        mine = self._workbook
        return {id: _book(_article_of(id, mine.name), mine) for id in self._asked}


def _article_of(lesson: str, student: str) -> str:
    if lesson == OWN_LESSON:
        return own_texts.current(student)
    number, _, name = lesson.partition("-")
    return name if number == OWN_LESSON[:2] else ARTICLE


def _book(article: str, mine: Workbook) -> Workbook | None:
    """Return the work on an article of whoever has the workbook ``mine``; None where it cannot be
    read, of which the lesson that it belongs to will speak."""
    try:
        text = own_texts.load(article)
        return mine.beside(text, own_texts.codebook(text))
    except KitError:
        return None


def _done(book: Workbook | None, exercise: str) -> bool:
    """Say whether all of an exercise has been handed in, right or not."""
    if book is None:
        return False
    records = (exercises.read(book, id) for id in forms.ids(exercise))
    return any(one.verdict != "empty" for record in records for one in record.tries)
