"""Exercises as data: what an instructor writes, read strictly.

One TOML file a lesson and article, ``datasets/<article>/exercises/<lesson>.toml``; save it and run
the cell again. In every text ``{fact-id}`` stands for a number of the article's ``facts.toml``;
prompts know *em*, **strong**, `code`, lists of lines that begin with "- ", and paragraphs parted
by an empty line. ``status`` says how an exercise is treated, and is never mixed within one:
``fact`` and ``anchor`` have a right answer and a reason for every wrong one; ``disputed`` has two
readings or more and no right answer; ``open`` is kept for a person to read. ::

    lesson = "03-who-speaks"
    # article = "own" in an exercise: it is about whatever text the student has chosen;
    # article = "unseen": about the one of two texts that the student has not met, see forms.py

    [[exercises]]                           # COUNT: number fields (status fact, anchor or open)
    id = "3.3"                              # lesson . number
    title = "How many Chinese officials?"
    kind = "count"
    status = "fact"
    minutes = [2, 4, 8]                     # least, usual, most
    skip = false                            # true: leave this out first when time is short
    unmarked = false                        # true, of what is open: nobody marks or reads it
    prompt = "How many are quoted?"
    support = "A worked example, or a sentence to begin with."
    stretch = "A further question for the quick."
    hints = ["A gentle one.", "One that nearly tells."]
    graded.hints = ["A gentle one."]        # for a mark, in place of the text above; so too
                                            # graded.prompt and others, or graded.left_out = true;
                                            # own_graded: on an article of an instructor's own
    yes = "Why the right answer is right."
    [[exercises.fields]]
    id = "officials"
    label = "Chinese officials quoted"
    fact = "chinese-officials-quoted"
    wrong = [{ value = 4, reason = "Four are named. How many of them are quoted?" }]
    other = "What to say to any other wrong number."
    # drawn = true                          # so many squares stand under it

    [[exercises]]                           # CHOOSE: questions (any status)
    # … id, title, minutes, prompt and so on, as above, in every exercise
    kind = "choose"
    status = "anchor"
    options = [{ id = "move", text = "a move" }, { id = "decoy", text = "not a move" }]
    [[exercises.questions]]
    id = "p16"
    text = "P16: the dinner"
    answer = ["decoy"]
    reasons = { move = "It is a timetable." }   # one for every wrong option; one for the
                                                # right one is told once it is chosen
    # disputed instead:  readings = [{ option = "move", by = "A", reason = "…" }, …]

    [[exercises]]                           # ORDER: entries to put in order (fact, anchor or open)
    kind = "order"
    status = "fact"
    entries = [{ id = "visit", text = "the visit" }, { id = "bali", text = "the summit" }]
    order = ["bali", "visit"]
    reasons = { bali = "November 2022.", visit = "June 2023." }

    [[exercises]]                           # LABEL whole paragraphs (anchor, disputed or open)
    kind = "label"
    status = "anchor"                       # right labels come from the reference, never from here
    layer = "role"
    units = ["P6", "P12"]
    reasons = { P12 = { expectation = "It has happened." } }   # else the codebook's own words

    [[exercises]]                           # LABEL words
    kind = "label"
    status = "anchor"
    layer = "expectation"
    blocks = ["P8", "P21"]                  # none: the whole article
    at_least = 8                            # none: every anchor in these paragraphs
    in_quotes = 2
    codes = true                            # the code must agree too
    # fields = ["mode"]                     # of records: which choices are checked

    [[exercises]]                           # EXPLAIN, COMPARE, TRANSFER (open, or disputed with a
    kind = "explain"                        # question that has readings); texts may also stand in
    status = "open"                         # open and disputed exercises of the other kinds
    [[exercises.texts]]
    id = "claim"
    label = "Your explanation"
    starter = "The word … cannot be caution, because"
    words = [30, 80]                        # told, not enforced
    evidence = 2                            # how many rows of paragraph and copied words, at least
    source = false                          # true: a publisher, a date, an address or page, a
                                            # passage in quotation marks must be there
    copied = false                          # true: words copied from the text, nothing else
    # beside title and prompt, and shown once a text has been handed in; never for a mark:
    # exemplar.text = "One good answer."
    # exemplar.points = ["What to hold one’s own text against.", "A second point."]
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
