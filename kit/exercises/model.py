"""Exercises as data: what an instructor writes, read strictly. ``docs/exercises.md`` has every key.

Each article has one TOML file a lesson, ``datasets/<article>/exercises/<lesson>.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable, read_toml
from kit.exercises import kinds
from kit.exercises.exercise import OWN, UNSEEN, AnyExercise, ExerciseError
from kit.exercises.kinds.choice import Choice
from kit.exercises.kinds.kind import doubled
from kit.exercises.kinds.label import Label
from kit.exercises.kinds.number import NumberField
from kit.exercises.kinds.order import Order
from kit.exercises.kinds.text import FreeText
from kit.exercises.outcome import Context
from kit.library import lesson_files

#: Ids that are kept for controls of which an exercise has only one.
RESERVED = frozenset(kind.sole_id for kind in kinds.KINDS)


if TYPE_CHECKING:
    # What follows adds up to this; a new kind reads its keys itself, and need not stand here.
    class Exercise(
        NumberField.Keys, Choice.Keys, Order.Keys, Label.Keys, FreeText.Keys, AnyExercise
    ): ...
else:
    Exercise = kinds.with_keys(AnyExercise, "Exercise", __name__)


class _File(TomlTable):
    lesson: str
    exercises: tuple[Exercise, ...]


def load(lesson: str, *, folder: Path | None = None) -> tuple[Exercise, ...]:
    """Return a lesson's exercises on all articles, by their numbers, read afresh at each call.

    Args:
        lesson: the notebook's name, such as ``"03-who-speaks"``.
        folder: where the articles' folders lie; the kit's ``datasets/`` if None.

    Raises:
        ExerciseError: a file is not TOML, has a key too many or too few, or contradicts itself.
            What only the article and its reference can show, :func:`problems` says.
    """
    paths = lesson_files.paths("exercises", lesson, folder)
    found = [exercise for path in paths for exercise in load_file(path)]
    for id, times in Counter(exercise.id for exercise in found).items():
        if times > 1:
            where = " and ".join(e.article for e in found if e.id == id)
            raise ExerciseError(
                f"{lesson}.toml: there are {times} exercises {id} ({where}). Number one anew."
            )
    return tuple(sorted(found, key=lambda exercise: lesson_files.order(exercise.id)))


def load_file(path: Path) -> tuple[Exercise, ...]:
    """Return the exercises of one file, as it orders them; raises ExerciseError as :func:`load`.

    The file's name is the lesson, the folder above ``exercises/`` the article.
    """
    file = read_toml(path, _File, _unreadable)
    found = [f"the lesson is “{file.lesson}”, but the file’s name says “{path.stem}”."]
    found = found if file.lesson != path.stem else []
    for id, times in Counter(exercise.id for exercise in file.exercises).items():
        if times > 1:
            found.append(f"there are {times} exercises {id}. Number one anew.")
    for exercise in file.exercises:
        found += [f"exercise {exercise.id}: {said}" for said in _contradictions(exercise, file)]
    if found:
        raise ExerciseError("\n".join(f"{path.name}: {said}" for said in found))
    home = path.parent.parent.name
    return tuple(
        msgspec.structs.replace(e, lesson=file.lesson, article=e.article or home)
        for e in file.exercises
    )


def _unreadable(said: str) -> ExerciseError:
    if "unknown field `item" in said:
        said += " “item” is called “status” now, and the “items” of an order are “entries”."
    return ExerciseError(said)


def find(exercises: Sequence[Exercise], id: str) -> Exercise:
    """Return the exercise called ``id``.

    Raises:
        ExerciseError: there is none; the message lists those there are.
    """
    for exercise in exercises:
        if exercise.id == id:
            return exercise
    there = ", ".join(exercise.id for exercise in exercises) or "none"
    raise ExerciseError(f"There is no exercise {id} in this lesson. There is: {there}.")


# -- contradictions --------------------------------------------------------------------------------


def _contradictions(e: Exercise, file: _File) -> Iterator[str]:
    """Yield what an exercise itself shows to be wrong, each as a sentence or two."""
    number = lesson_files.ID.fullmatch(e.id)
    if not number:
        yield "an id is the lesson’s number, a point and a number, such as 3.3."
    elif number[1] != (file.lesson.split("-")[0].lstrip("0") or "0"):
        yield f"its number does not belong to {file.lesson}."
    if e.article not in ("", OWN, UNSEEN):
        yield f"“article” may be “{OWN}” or “{UNSEEN}”: else the folder says which article it is."
    statuses = kinds.statuses()
    if e.kind not in statuses:
        yield f"kind: there is no “{e.kind}”. There is: {', '.join(statuses)}."
        return
    if e.status not in statuses[e.kind]:
        yield f"“{e.kind}” may be {' or '.join(statuses[e.kind])}, not {e.status}."
    for key, where in kinds.belonging().items():
        if getattr(e, key, None) and e.kind not in where:
            yield f"“{key}” does not belong to “{e.kind}” but to {' and '.join(where)}."
    if e.checked and e.texts:
        yield (
            "a text is read by a person and never checked. Give it an exercise of its own: "
            f"{e.status} and free text are not mixed."
        )
    if e.checked and not e.yes.strip():
        yield "say in “yes” why the right answer is right."
    named = [control.id for control in kinds.controls(e) if not control.sole_id]
    yield from doubled(named, "controls")
    for id in named:
        if not id or id in RESERVED:
            yield f"“{id}” cannot be the id of a field, question or text."
    for kind in kinds.KINDS:
        yield from kind.contradictions(e)


# -- what only the article, its facts and its reference can show -----------------------------------

_NAMED = re.compile(r"\bP(\d{1,4})\b")


def problems(exercises: Iterable[Exercise], context: Context) -> list[str]:
    """Return what an instructor has to mend, each as a sentence that names file and exercise.

    :func:`load` has refused by then what an exercise itself shows to be wrong.

    Args:
        exercises: those of one article; of ``article = "own"`` any text will do.
        context: the article with its reference and facts; the student's coding is not used.
    """
    return [
        f"{exercise.article}/exercises/{exercise.lesson}.toml, exercise {exercise.id}: {said}"
        for exercise in exercises
        for said in _problems(exercise, context)
    ]


def _problems(e: Exercise, context: Context) -> Iterator[str]:
    own = e.article == OWN
    if own:
        context = Context(context.article, context.coding, context.codebook)
    for text in texts(msgspec.to_builtins(e)):
        try:
            filled = context.fill(text)
        except (KitError, KeyError) as problem:
            yield f"a fact is not there: {problem}"
            continue
        if context.facts is None and re.search(r"\{[\w-]+\}", text):
            yield f"there are no facts to fill “{text[:60]}” with."
        for number in _NAMED.findall(filled):
            if not own and not 1 <= int(number) <= len(context.article.blocks):
                yield f"it names P{number}, which the article has not."
    for kind in kinds.KINDS:
        yield from kind.problems(e, context)


def texts(data: Any) -> Iterator[str]:
    """Yield all text in plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list | tuple | dict):
        for value in data.values() if isinstance(data, dict) else data:
            yield from texts(value)
