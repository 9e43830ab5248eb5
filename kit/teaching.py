"""What an instructor expects of each exercise: ``datasets/<article>/teaching/<lesson>.toml``.

The notes stand beside the exercises' files and never in them, so that a folder for students can be
made without them. In every text ``{fact-id}`` stands for a number of the article's ``facts.toml``;
whoever shows a note fills it in (:meth:`kit.exercises.Context.fill`). ::

    lesson = "01-what-am-i-reading"

    [[exercises]]
    id = "1.4"
    expected = "The right answer, or what a good one has."
    wrong = ["A common wrong answer: what to say to it."]
    talk = ["A question for the whole class."]
    [exercises.levels]                      # for free text: what 1, 2 and 3 points look like
    one = "…"
    two = "…"
    three = "…"
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import msgspec

from kit.errors import KitError

__all__ = ["Levels", "Note", "TeachingError", "load", "load_file"]


class TeachingError(KitError, ValueError):
    """A file of teaching notes cannot be used; the message names it and what to mend in it."""


class _Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Plain data, read strictly: a misspelt key is an error and not a silence."""


class Levels(_Struct):
    """Answers in free text that a person would give one, two and three points."""

    one: str
    two: str
    three: str


class Note(_Struct):
    """What there is to know about one exercise.

    Attributes:
        id: the exercise's.
        expected: the right answer, or what a good one has.
        wrong: common wrong answers, and what to say to them.
        talk: questions for the class.
        levels: exemplars of free text; None where none are needed.
    """

    id: str
    expected: str
    wrong: tuple[str, ...] = ()
    talk: tuple[str, ...] = ()
    levels: Levels | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the note, in the order in which it is read."""
        levels = (self.levels.one, self.levels.two, self.levels.three) if self.levels else ()
        return (self.expected, *self.wrong, *self.talk, *levels)


class _File(_Struct):
    lesson: str
    exercises: tuple[Note, ...]


def load(lesson: str, folder: Path | None = None) -> tuple[Note, ...]:
    """Return the notes on a lesson's exercises on all articles, read afresh at each call.

    Args:
        lesson: the notebook's name, such as ``"03-who-speaks"``. A lesson without any notes
            gives none.
        folder: where the articles' folders lie; the kit's ``datasets/`` if None.

    Raises:
        TeachingError: a file is not TOML, has a key too many or too few or an empty text, or two
            notes are about one exercise. Whether there is such an exercise is not asked.
    """
    if folder is None:
        from kit.datasets import root

        folder = root() / "datasets"
    paths = sorted(folder.glob(f"*/teaching/{lesson}.toml"))
    notes = tuple(note for path in paths for note in load_file(path))
    for id, times in Counter(note.id for note in notes).items():
        if times > 1:
            raise TeachingError(f"{lesson}.toml: there are {times} teaching notes on {id}.")
    return tuple(sorted(notes, key=_number))


def load_file(path: Path) -> tuple[Note, ...]:
    """Return the notes of one file, as it orders them; raises TeachingError as :func:`load`."""
    name = f"teaching/{path.name}"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise TeachingError(f"{name} cannot be read: {problem}.") from None
    try:
        file = msgspec.convert(raw, _File)
    except msgspec.ValidationError as problem:
        raise TeachingError(f"{name}{_where(raw, str(problem))}: {problem}.") from None
    if file.lesson != path.stem:
        raise TeachingError(
            f"{name}: the lesson is “{file.lesson}”, but the file’s name says “{path.stem}”."
        )
    for note in file.exercises:
        if not re.fullmatch(r"\d+\.\d+[a-z]?", note.id):
            raise TeachingError(f"{name}: “{note.id}” is no exercise’s number, such as 3.1.")
        if not all(text.strip() for text in note.texts):
            raise TeachingError(
                f"{name}, exercise {note.id}: a text is empty. Write it, or go without."
            )
    return file.exercises


def _where(raw: dict, problem: str) -> str:
    """Return which note a complaint such as “… - at `$.exercises[2].wrong`” is about."""
    place = re.search(r"\$\.exercises\[(\d+)\]", problem)
    if not place:
        return ""
    note = raw["exercises"][int(place[1])]
    id = note.get("id") if isinstance(note, dict) else None
    return f", exercise {id or 'number ' + str(int(place[1]) + 1)}"


def _number(note: Note) -> tuple[int, int, str]:
    lesson, _, own = note.id.partition(".")
    return int(lesson), int(own.rstrip("abcdefghijklmnopqrstuvwxyz")), own
