"""What an instructor expects of each exercise: ``datasets/<article>/teaching/<lesson>.toml``.

The notes stand beside the exercises' files and never in them, so that a folder for students can be
made without them. In every text ``{fact-id}`` stands for a number of the article's ``facts.toml``;
whoever shows a note fills it in (:meth:`kit.exercises.Context.fill`). ::

    lesson = "01-what-am-i-reading"

    [plan]                                  # in one of the lesson's files; see desk.make.plans
    standards = ["RH.11-12.1"]              # codes of docs/standards.md
    materials = "What to bring, beside a screen for each pair."
    recall = "A question about an earlier lesson, for the first two minutes."
    discuss = "What the class talks about, and how."
    exit = "The question that everybody answers in one sentence before leaving."

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

from collections import Counter
from pathlib import Path

from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable, read_toml
from kit.library import lesson_files


class TeachingError(KitError, ValueError):
    """A file of teaching notes cannot be used; the message names it and what to mend in it."""


class Levels(TomlTable):
    """Answers in free text that a person would give one, two and three points."""

    one: str
    two: str
    three: str


class Note(TomlTable):
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


class Plan(TomlTable):
    """What a plan of a lesson has beside the lesson's own facts and its exercises.

    Attributes:
        standards: codes of ``docs/standards.md``.
        materials: what to bring.
        recall: a question about an earlier lesson, for the first two minutes; "" in the first.
        discuss: what the class talks about, and how.
        exit: the question that everybody answers in one sentence before leaving.
    """

    standards: tuple[str, ...]
    materials: str
    discuss: str
    exit: str
    recall: str = ""


class _File(TomlTable):
    lesson: str
    exercises: tuple[Note, ...]
    plan: Plan | None = None


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
    notes = tuple(note for file in _files(lesson, folder) for note in file.exercises)
    for id, times in Counter(note.id for note in notes).items():
        if times > 1:
            raise TeachingError(f"{lesson}.toml: there are {times} teaching notes on {id}.")
    return tuple(sorted(notes, key=lambda note: lesson_files.order(note.id)))


def load_plan(lesson: str) -> Plan:
    """Return what there is to know for the plan of a lesson.

    Raises:
        TeachingError: as :func:`load`, or there is no plan, or more than one.
    """
    plans = [file.plan for file in _files(lesson) if file.plan]
    if len(plans) != 1:
        raise TeachingError(
            f"{lesson}.toml: there are {len(plans)} plans among the teaching notes."
        )
    return plans[0]


def load_file(path: Path) -> tuple[Note, ...]:
    """Return the notes of one file, as it orders them; raises TeachingError as :func:`load`."""
    return _file(path).exercises


def _files(lesson: str, folder: Path | None = None) -> list[_File]:
    return [_file(path) for path in lesson_files.paths("teaching", lesson, folder)]


def _file(path: Path) -> _File:
    name = f"teaching/{path.name}"
    file = read_toml(path, _File, TeachingError, name)
    if file.lesson != path.stem:
        raise TeachingError(
            f"{name}: the lesson is “{file.lesson}”, but the file’s name says “{path.stem}”."
        )
    for note in file.exercises:
        if not lesson_files.ID.fullmatch(note.id):
            raise TeachingError(f"{name}: “{note.id}” is no exercise’s number, such as 3.1.")
        if not all(text.strip() for text in note.texts):
            raise TeachingError(
                f"{name}, exercise {note.id}: a text is empty. Write it, or go without."
            )
    return file
