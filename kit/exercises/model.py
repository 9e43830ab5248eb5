"""Exercises as data: what an instructor writes, read strictly.

One TOML file a lesson and article, ``datasets/<article>/exercises/<lesson>.toml``; save it and run
the cell again. In every text ``{fact-id}`` stands for a number of the article's ``facts.toml``;
prompts know *em*, **strong**, `code`, lists of lines that begin with "- ", and paragraphs parted
by an empty line. ``item`` says how an exercise is treated, and is never mixed within one:
``fact`` and ``anchor`` have a right answer and a reason for every wrong one; ``disputed`` has two
readings or more and no right answer; ``open`` is kept for a person to read. ::

    lesson = "03-who-speaks"
    # article = "own" in an exercise: it is about whatever text the student has chosen

    [[exercises]]                           # COUNT: number fields (item fact, anchor or open)
    id = "3.3"                              # lesson . number
    title = "How many Chinese officials?"
    kind = "count"
    item = "fact"
    minutes = [2, 4, 8]                     # least, usual, most
    skip = false                            # true: leave this out first when time is short
    prompt = "How many are quoted?"
    support = "A worked example, or a sentence to begin with."
    stretch = "A further question for the quick."
    hints = ["A gentle one.", "One that nearly tells."]
    graded.hints = ["A gentle one."]        # for a mark, in place of the text above; so too
                                            # graded.prompt and others, or graded.left_out = true
    yes = "Why the right answer is right."
    [[exercises.fields]]
    id = "officials"
    label = "Chinese officials quoted"
    fact = "chinese-officials-quoted"       # or value = 1, where nothing can compute it
    wrong = [{ value = 4, reason = "Four are named. How many of them are quoted?" }]
    other = "What to say to any other wrong number."
    # tolerance = 0.1                       # how far off is near enough; by default as printed

    [[exercises]]                           # CHOOSE: questions (any item)
    # … id, title, minutes, prompt and so on, as above, in every exercise
    kind = "choose"
    item = "anchor"
    options = [{ id = "move", text = "a move" }, { id = "decoy", text = "not a move" }]
    [[exercises.questions]]
    id = "p16"
    text = "P16: the dinner"
    most = 1                                # how many may be chosen
    answer = ["decoy"]
    reasons = { move = "It is a timetable." }   # one for every wrong option
    # disputed instead:  readings = [{ option = "move", by = "A", reason = "…" }, …]

    [[exercises]]                           # ORDER: things to put in order (fact, anchor or open)
    kind = "order"
    item = "fact"
    items = [{ id = "visit", text = "the visit" }, { id = "bali", text = "the summit" }]
    order = ["bali", "visit"]
    ties = []                               # [["a", "b"]]: neighbours that may stand either way
    reasons = { bali = "November 2022.", visit = "June 2023." }

    [[exercises]]                           # LABEL whole paragraphs (anchor, disputed or open)
    kind = "label"
    item = "anchor"                         # right labels come from the reference, never from here
    layer = "role"
    units = ["P6", "P12"]
    reasons = { P12 = { expectation = "It has happened." } }   # else the codebook's own words

    [[exercises]]                           # LABEL words
    kind = "label"
    item = "anchor"
    layer = "expectation"
    blocks = ["P8", "P21"]                  # none: the whole article
    at_least = 8                            # none: every anchor in these paragraphs
    in_quotes = 2
    codes = true                            # the code must agree too
    # fields = ["mode"]                     # of records: which choices are checked

    [[exercises]]                           # EXPLAIN, COMPARE, TRANSFER (open, or disputed with a
    kind = "explain"                        # question that has readings); texts may also stand in
    item = "open"                           # open and disputed exercises of the other kinds
    [[exercises.texts]]
    id = "claim"
    label = "Your explanation"
    starter = "The word … cannot be caution, because"
    words = [30, 80]                        # told, not enforced
    evidence = 2                            # how many rows of paragraph and copied words, at least
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from kit.base.errors import KitError
from kit.base.toml_reader import Strict, read_toml
from kit.exercises import kinds
from kit.library import lesson_files

__all__ = [
    "OWN",
    "Exercise",
    "ExerciseError",
    "Graded",
    "Item",
    "Number",
    "Option",
    "Question",
    "Reading",
    "Text",
    "Wrong",
    "find",
    "load",
    "load_file",
]

#: Stands for whatever text the student has chosen.
OWN = "own"
#: How many rows of evidence may be asked for at most.
MOST_EVIDENCE = 10
#: Ids that the form keeps for controls of its own.
RESERVED = ("evidence", "labels", "order")


class ExerciseError(KitError, ValueError):
    """An exercise cannot be used; the message names the file and what to mend in it."""


class Wrong(Strict):
    """A wrong number that students are known to give, and what to say to it."""

    value: float
    reason: str


class Number(Strict):
    """A field for one number; the right one is a fact's, or ``value``."""

    id: str
    label: str
    fact: str = ""
    value: float | None = None
    wrong: tuple[Wrong, ...] = ()
    other: str = ""
    tolerance: float | None = None


class Option(Strict):
    """One thing that can be chosen."""

    id: str
    text: str


class Reading(Strict):
    """The best reason for one answer to a disputed question, and whose reading it is."""

    option: str
    reason: str
    by: str = ""


class Question(Strict):
    """A question with options; without options of its own it has the exercise's."""

    id: str
    text: str
    most: int = 1
    answer: tuple[str, ...] | None = None
    reasons: dict[str, str] = {}
    options: tuple[Option, ...] = ()
    readings: tuple[Reading, ...] = ()


class Item(Strict):
    """One thing to put in its place."""

    id: str
    text: str


class Text(Strict):
    """A field for the student's own words, and how much evidence they need."""

    id: str
    label: str
    starter: str = ""
    words: tuple[int, int] | None = None
    evidence: int = 0


class Graded(Strict):
    """What an exercise says in a folder for a mark, each text in place of that with its name.

    Attributes:
        left_out: the exercise is not asked there at all.
    """

    left_out: bool = False
    title: str = ""
    prompt: str = ""
    support: str = ""
    stretch: str = ""
    hints: tuple[str, ...] = ()


class Exercise(Strict):
    """One exercise; the module's head explains every key.

    Attributes:
        graded: only in the instructor's copy.
        lesson: the lesson it belongs to, set on loading.
        article: id of the article it is about, set on loading, or ``"own"``.
    """

    id: str
    title: str
    kind: str
    item: Literal["fact", "anchor", "disputed", "open"]
    minutes: tuple[int, int, int]
    prompt: str
    skip: bool = False
    support: str = ""
    stretch: str = ""
    hints: tuple[str, ...] = ()
    graded: Graded = Graded()
    yes: str = ""
    fields: tuple[Number | str, ...] = ()
    options: tuple[Option, ...] = ()
    questions: tuple[Question, ...] = ()
    items: tuple[Item, ...] = ()
    order: tuple[str, ...] = ()
    ties: tuple[tuple[str, ...], ...] = ()
    texts: tuple[Text, ...] = ()
    layer: str = ""
    units: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    at_least: int = 0
    in_quotes: int = 0
    codes: bool = False
    reasons: dict[str, str | dict[str, str]] = {}
    lesson: str = ""
    article: str = ""

    @property
    def checked(self) -> bool:
        """Whether there is a right answer."""
        return self.item in ("fact", "anchor")

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The number fields of a count."""
        return tuple(field for field in self.fields if isinstance(field, Number))

    @property
    def checked_fields(self) -> tuple[str, ...]:
        """The fields of a record that a label exercise checks."""
        return tuple(field for field in self.fields if isinstance(field, str))

    @property
    def evidence(self) -> int:
        """How many rows of evidence all its texts ask for."""
        return sum(text.evidence for text in self.texts)

    def options_of(self, question: Question) -> tuple[Option, ...]:
        """Return what can be chosen in answer to one of its questions."""
        return question.options or self.options

    def ranks(self) -> dict[str, int]:
        """Return each item's place in the right order; tied items share one."""
        tied = {id: group[0] for group in self.ties for id in group}
        first = {}
        for place, id in enumerate(self.order):
            first.setdefault(tied.get(id, id), place)
        return {id: first[tied.get(id, id)] for id in self.order}


class _File(Strict):
    lesson: str
    exercises: tuple[Exercise, ...]


def load(lesson: str, *, folder: Path | None = None) -> tuple[Exercise, ...]:
    """Return a lesson's exercises on all articles, by their numbers, read afresh at each call.

    Args:
        lesson: the notebook's name, such as ``"03-who-speaks"``.
        folder: where the articles' folders lie; the kit's ``datasets/`` if None.

    Raises:
        ExerciseError: a file is not TOML, has a key too many or too few, or contradicts itself.
            What only the article and its reference can show, :func:`kit.exercises.problems` says.
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
    file = read_toml(path, _File, ExerciseError)
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
    if e.lesson:
        yield "leave out “lesson”: the head of the file says it."
    if e.article not in ("", OWN):
        yield f"“article” may only be “{OWN}”: the folder says which article it is."
    if not (e.title.strip() and e.prompt.strip()):
        yield "it needs a title and a prompt."
    if not 0 < e.minutes[0] <= e.minutes[1] <= e.minutes[2]:
        yield "minutes are [least, usual, most], each at least as large as the one before."
    items = kinds.items()
    if e.kind not in items:
        yield f"kind: there is no “{e.kind}”. There is: {', '.join(items)}."
        return
    if e.item not in items[e.kind]:
        yield f"“{e.kind}” may be {' or '.join(items[e.kind])}, not {e.item}."
    for key, where in kinds.belonging().items():
        if getattr(e, key, None) and e.kind not in where:
            yield f"“{key}” does not belong to “{e.kind}” but to {' and '.join(where)}."
    if e.checked and e.texts:
        yield (
            "a text is read by a person and never checked. Give it an exercise of its own: "
            f"{e.item} and free text are not mixed."
        )
    if e.checked != bool(e.yes.strip()):
        yield (
            "say in “yes” why the right answer is right."
            if e.checked
            else f"“yes” is never shown in what is {e.item}: take it out."
        )
    ids = [c.id for c in (*e.numbers, *e.questions, *e.texts)]
    yield from _doubled(ids, "controls")
    for id in ids:
        if not id or id in RESERVED:
            yield f"“{id}” cannot be the id of a field, question or text."
    yield from _by_kind(e)
    yield from _in_texts(e)


def _by_kind(e: Exercise) -> Iterator[str]:
    match e.kind:
        case "count":
            if not e.numbers or e.checked_fields:
                yield 'a count needs number fields: "[[exercises.fields]]" with id and label.'
            for field in e.numbers:
                yield from (f"field “{field.id}”: {said}" for said in _in_number(e, field))
        case "order":
            yield from _in_order(e)
        case "label":
            yield from _in_label(e)
        case "choose":
            if not e.questions:
                yield "there is nothing to choose: add questions."
        case _:
            if not (e.texts or e.questions):
                yield "there is nothing to answer: add texts."
            if e.item == "disputed" and not e.questions:
                yield "disputed needs a question with readings; without one, make it open."
    yield from _doubled([option.id for option in e.options], "options")
    if e.options and all(question.options for question in e.questions):
        yield "no question uses the options that questions can share."
    for question in e.questions:
        yield from (f"question “{question.id}”: {said}" for said in _in_question(e, question))


def _in_number(e: Exercise, field: Number) -> Iterator[str]:
    if not e.checked:
        if field.fact or field.value is not None or field.wrong or field.other:
            yield f"what is {e.item} has no right number: leave out fact, value, wrong and other."
        return
    if bool(field.fact) == (field.value is not None):
        yield "give the right number by “fact”, or by “value” where nothing can compute it."
    if not field.other.strip():
        yield "say in “other” what to tell somebody who gives any other wrong number."
    if not all(wrong.reason.strip() for wrong in field.wrong):
        yield "a wrong number needs a reason."
    values = [wrong.value for wrong in field.wrong]
    yield from _doubled(values, "wrong numbers")
    if field.value in values:
        yield f"{field.value:g} is both right and wrong."
    if field.tolerance is not None and field.tolerance < 0:
        yield "the tolerance cannot be less than nothing."


def _in_question(e: Exercise, question: Question) -> Iterator[str]:
    ids = [option.id for option in e.options_of(question)]
    yield from _doubled([option.id for option in question.options], "options")
    if len(ids) < 2:
        yield "it needs two options or more, of its own or shared."
    if not 1 <= question.most <= max(len(ids), 1):
        yield f"most = {question.most}, but there are {len(ids)} options."
    answer = question.answer
    if answer is not None and not e.checked:
        yield f"what is {e.item} has no right answer: leave out “answer”."
    if question.readings and e.item != "disputed":
        yield f"readings belong to what is disputed; this is {e.item}."
    if question.reasons and not e.checked:
        yield f"reasons against an option belong to what has a right answer; this is {e.item}."
    if e.item == "disputed":
        yield from _unknown(ids, [r.option for r in question.readings], "reading")
        if len({r.option for r in question.readings}) < 2:
            yield "disputed means that there are readings for two different options or more."
        if not all(r.reason.strip() for r in question.readings):
            yield "every reading needs its best reason."
    if not e.checked:
        return
    if not answer:
        yield f"what is {e.item} has a right answer: add “answer”."
        return
    yield from _unknown(ids, answer, "answer")
    yield from _unknown(ids, question.reasons, "reason")
    yield from _doubled(answer, "answers")
    if len(answer) > question.most:
        yield f"{len(answer)} options are right, but most = {question.most}."
    for id in ids:
        reason = question.reasons.get(id, "").strip()
        if id not in answer and not reason:
            yield f"the wrong option “{id}” needs a reason why it is not right."
        if id in answer and reason:
            yield f"“{id}” is right, so its reason is never shown: say it in “yes”."


def _in_order(e: Exercise) -> Iterator[str]:
    ids = [item.id for item in e.items]
    yield from _doubled(ids, "items")
    if len(ids) < 2:
        yield "there is nothing to put in order: add items."
    if not e.checked:
        if e.order or e.ties or e.reasons:
            yield f"what is {e.item} has no right order: leave out order, ties and reasons."
        return
    if sorted(e.order) != sorted(ids):
        yield "“order” must name every item once."
        return
    for id in ids:
        if not isinstance(e.reasons.get(id), str) or not e.reasons[id].strip():
            yield f"the item “{id}” needs a reason why it stands where it stands."
    yield from _unknown(ids, e.reasons, "reason")
    for group in e.ties:
        yield from _unknown(ids, group, "tie")
        places = sorted(e.order.index(id) for id in group if id in e.order)
        if len(places) < 2 or places[-1] - places[0] != len(places) - 1:
            yield f"what is tied ({', '.join(group)}) must be neighbours in “order”."
    ranks = e.ranks()
    if all(ranks[a] <= ranks[b] for a, b in zip(ids, ids[1:])):
        yield "“items” stand in the right order from the start: shuffle them."


def _in_label(e: Exercise) -> Iterator[str]:
    if not e.layer:
        yield "say which layer of the codebook is labelled."
    if e.numbers:
        yield '“fields” of a label exercise are names, such as ["mode"].'
    if e.units and e.blocks:
        yield "give units (whole paragraphs or sentences) or blocks (where words are labelled)."
    if e.item == "disputed" and not (e.units or e.blocks):
        yield "say which units or blocks are disputed."
    yield from _doubled(e.units or e.blocks, "units")
    if e.item != "anchor" and (e.codes or e.fields or e.in_quotes or e.reasons):
        yield f"codes, fields, in_quotes and reasons check labels; what is {e.item} is not checked."
    if e.item == "disputed" and e.at_least:
        yield "at_least does not belong to what is disputed."
    if min(e.at_least, e.in_quotes) < 0 or e.in_quotes > e.at_least > 0:
        yield "in_quotes counts some of at_least; neither can be less than nothing."
    if not all(isinstance(codes, dict) for codes in e.reasons.values()):
        yield 'reasons of a label exercise are { P12 = { code = "…" } }.'


def _in_texts(e: Exercise) -> Iterator[str]:
    for text in e.texts:
        if not 0 <= text.evidence <= MOST_EVIDENCE:
            yield f"text “{text.id}”: evidence is 0 to {MOST_EVIDENCE} rows."
        if text.words and not 0 < text.words[0] <= text.words[1]:
            yield f"text “{text.id}”: words are [least, most]."
    if e.evidence > MOST_EVIDENCE:
        yield f"its texts ask for {e.evidence} rows of evidence; {MOST_EVIDENCE} at most."


def _doubled(ids: Iterable, what: str) -> Iterator[str]:
    for id, times in Counter(ids).items():
        if times > 1:
            yield f"two {what} share the id “{id}”."


def _unknown(known: Sequence[str], named: Iterable[str], what: str) -> Iterator[str]:
    for id in named:
        if id not in known:
            yield f"{what} “{id}”: there is no such option or item. There is: {', '.join(known)}."
