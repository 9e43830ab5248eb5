"""What a check says of an answer. Nothing here changes anything.

Three outcomes where there is a right answer: not answered yet, yes, not yet. Whatever is wrong
is told with a reason against that very choice, and the right answer is never given away: hints
do that, step by step. What is disputed or open is kept and never judged; only evidence that is
missing, or whose words do not stand in their paragraph, has to be mended first.

What an answer comes to control by control, the kinds say (:mod:`kit.exercises.kinds`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from kit.base.phrases import join
from kit.coding.coding import Annotation
from kit.exercises import kinds
from kit.exercises.kinds import clean
from kit.exercises.kinds.label import LABELS
from kit.exercises.kinds.text import tried
from kit.exercises.model import Exercise
from kit.exercises.outcome import Context, Exemplar, Outcome, Parts, summed_up

Found = list[tuple[kinds.Kind, Outcome]]
_PLACEHOLDER = "A person reads what is written here."
_WRITE_ON = (
    "Write a little more, in words of your own, and you will see one good answer here. "
    "Nothing more to say? Press the button once more."
)


def check(exercise: Exercise, values: Any, context: Context, *, again: bool = False) -> Outcome:
    """Return what there is to say of an answer.

    Args:
        values: the answers by control, as a page sent them; what has not the form of an answer
            counts as not answered. Labels are read from ``context.coding``.
        context: what the answer is held against.
        again: whether something was handed in before. Then one good answer is shown however
            little stands in the texts; otherwise only beside a text that shows a try.

    Raises:
        ExerciseError: the exercise asks about something that the article, its facts or its
            reference have not, see :func:`kit.exercises.problems`. No answer raises anything.
    """
    given = clean(exercise, values)
    controls = kinds.controls(exercise)
    found = [(control, control.check(given.get(control.id), context)) for control in controls]
    if exercise.checked:
        return _judged(exercise, found, context)
    outcome = _kept(exercise, bool(given), found, context)
    if exercise.exemplar and all(text.id in given for text in exercise.texts):
        if not (again or tried(exercise, given)):
            return msgspec.structs.replace(outcome, say=f"{outcome.say} {_WRITE_ON}")
        good = exercise.exemplar
        filled = Exemplar(context.fill(good.text), tuple(map(context.fill, good.points)))
        return msgspec.structs.replace(outcome, exemplar=filled)
    return outcome


def _judged(exercise: Exercise, found: Found, context: Context) -> Outcome:
    if whole := [outcome for _, outcome in found if outcome.say]:
        return whole[0]  # labels speak for themselves, and stand alone
    names = {control.id: context.say(control.name) for control, _ in found}
    return summed_up(_parts(outcome for _, outcome in found), context.say(exercise.yes), names)


def _kept(exercise: Exercise, begun: bool, found: Found, context: Context) -> Outcome:
    outcomes = [outcome for _, outcome in found]
    empty = [(control, outcome) for control, outcome in found if outcome.verdict == "empty"]
    if not begun and all(outcome.verdict != "kept" for outcome in outcomes):
        says = [outcome.say for outcome in outcomes if outcome.say]
        parts = _parts(outcome for _, outcome in empty)
        return Outcome("empty", says[0] if says else "Not answered yet.", parts)
    parts = _parts(outcomes)
    if empty:
        says = [outcome.say for _, outcome in empty if outcome.say]
        if missing := [context.say(one.name) for one, outcome in empty if not outcome.say]:
            done = sum(outcome.verdict == "kept" for outcome in outcomes)
            far = f"Kept as far as it goes: {done} of {len(outcomes)}. " if done else ""
            says.append(f"{far}Not answered yet: {join(missing, most=4)}.")
        return Outcome("empty", " ".join(says), parts)
    if any(outcome.verdict == "not yet" for outcome in outcomes):
        return Outcome("not yet", "Your words are kept. The evidence does not hold yet.", parts)
    if exercise.status == "disputed":
        say = "Kept. More than one reading may stand here; set yours beside these."
    elif exercise.unmarked:
        say = "Kept. Nobody marks this, and nothing is said about it here."
    elif exercise.texts:
        say = "Kept. A person reads this; the kit does not judge it."
    else:  # such as what has a right answer, where it is handed out for a mark
        say = "Kept. Nothing is checked here."
    say = " ".join([say, *(outcome.say for outcome in outcomes if outcome.say)])
    readings = tuple(one for outcome in outcomes for one in outcome.readings)
    return Outcome("kept", say, parts, readings)


def _parts(outcomes: Iterable[Outcome]) -> Parts:
    return {id: part for outcome in outcomes for id, part in outcome.parts.items()}


# -- what an answer may be, for tests and for the instructor’s edition -----------------------------


class Answer(NamedTuple):
    """What a student would do: values to write in the form, and labels to set beforehand."""

    values: dict[str, Any]
    labels: tuple[Annotation, ...] = ()


def expected(exercise: Exercise, context: Context, *, text: str = _PLACEHOLDER) -> Answer:
    """Return an answer that a check takes: the right one where there is one, otherwise one that
    is kept (the first reading of what is disputed).

    Args:
        text: what to write where a person's own words are asked for, and in labels' notes.

    Raises:
        ExerciseError: as :func:`check`.
    """
    return _answer({one.id: one.expected(context, text) for one in kinds.controls(exercise)})


def wrong(exercise: Exercise, context: Context) -> Answer | None:
    """Return an answer that a check does not take yet, None where no answer is wrong: what is
    disputed or open is kept whatever it says, if its evidence holds.

    Raises:
        ExerciseError: as :func:`check`.
    """
    controls = kinds.controls(exercise)
    amiss = {one.id: one.wrong(context) for one in controls}
    if all(value is None for value in amiss.values()):
        return None
    right = {one.id: one.expected(context, _PLACEHOLDER) for one in controls}
    return _answer({id: right[id] if value is None else value for id, value in amiss.items()})


def _answer(values: dict[str, Any]) -> Answer:
    labels = values.pop(LABELS, ())
    return Answer({id: value for id, value in values.items() if value}, labels)
