"""What a check says of an answer. Nothing here changes anything.

Three outcomes where there is a right answer: not answered yet, yes, not yet. Whatever is wrong
is told with a reason against that very choice, and the right answer is never given away: hints
do that, step by step. What is disputed or open is kept and never judged; only evidence that is
missing, or whose words do not stand in their paragraph, has to be mended first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from kit.base.errors import KitError
from kit.base.phrases import join, plural
from kit.exercises.evidence import check_evidence
from kit.exercises.labels import check_labels
from kit.exercises.model import Exercise, ExerciseError, Number, Question
from kit.exercises.outcome import Context, Disputed, Opinion, Outcome, Part
from kit.exercises.values import clean, parse_number
from kit.exercises.verdicts import Parts, stand, summed_up

__all__ = ["check", "right_number"]


def check(exercise: Exercise, values: Any, context: Context) -> Outcome:
    """Return what there is to say of an answer.

    Args:
        exercise: the exercise.
        values: the answers by control, as a page sent them; what has not the form of an answer
            counts as not answered. Labels are read from ``context.coding``.
        context: what the answer is held against.

    Raises:
        ExerciseError: the exercise asks about something that the article, its facts or its
            reference have not, see :func:`kit.exercises.problems`. No answer raises anything.
    """
    given = clean(exercise, values)
    if exercise.kind == "label" and exercise.item == "anchor":
        return check_labels(exercise, context)
    return (
        _judged(exercise, given, context) if exercise.checked else _kept(exercise, given, context)
    )


# -- what has a right answer -------------------------------------------------------------------


def _judged(exercise: Exercise, given: Mapping[str, Any], context: Context) -> Outcome:
    parts: Parts = {
        field.id: _number(field, given.get(field.id), context) for field in exercise.numbers
    }
    for question in exercise.questions:
        parts[question.id] = _choice(exercise, question, given.get(question.id), context)
    if exercise.items:
        parts["order"] = _order(exercise, given.get("order"), context)
    names = {c.id: context.say(c.label) for c in exercise.numbers}
    names |= {question.id: context.say(question.text) for question in exercise.questions}
    return summed_up(exercise, parts, names, context)


def _number(field: Number, typed: str | None, context: Context) -> Part:
    if typed is None:
        return Part(None)
    value = parse_number(typed)
    if value is None:
        return Part(None, "Write a number here, in figures or as a word.")
    right, tolerance = right_number(field, context)
    if math.isclose(value, right, rel_tol=1e-9, abs_tol=tolerance + 1e-9):
        return Part(True)
    for wrong in field.wrong:
        if math.isclose(value, wrong.value, rel_tol=1e-9, abs_tol=1e-9):
            return Part(False, context.say(wrong.reason))
    return Part(False, context.say(field.other))


def right_number(field: Number, context: Context) -> tuple[float, float]:
    """Return a field's right number, as it is printed, and how far off is near enough.

    By default that is nothing for a whole number, and half a unit of the last printed digit for
    one that was rounded.

    Raises:
        ExerciseError: the fact is not there, or is no number.
    """
    if not field.fact:
        return float(field.value), field.tolerance or 0.0
    try:
        fact = context.facts[field.fact] if context.facts is not None else None
    except (KeyError, KitError):
        fact = None
    if fact is None:
        raise ExerciseError(f"There is no fact “{field.fact}” on {context.article.id}.")
    shown = parse_number(str(fact.shown))
    if shown is None:
        raise ExerciseError(f"The fact “{field.fact}” is no number: {fact.shown}.")
    if field.tolerance is not None:
        return shown, field.tolerance
    if not isinstance(fact.value, float):
        return shown, 0.0
    digits = re.search(r"\d[.,](\d+)\D*$", fact.shown)
    return shown, 0.5 * 10 ** -len(digits[1] if digits else "")


def _choice(
    exercise: Exercise, question: Question, chosen: list[str] | None, context: Context
) -> Part:
    if not chosen:
        return Part(None)
    wrong = [id for id in chosen if id not in question.answer]
    if wrong:
        reasons = [context.say(question.reasons[id]) for id in wrong]
        if len(reasons) > 1:
            texts = {o.id: context.say(o.text) for o in exercise.options_of(question)}
            reasons = [f"“{texts[id]}”: {reason}" for id, reason in zip(wrong, reasons)]
        return Part(False, " ".join(reasons))
    if len(chosen) < len(question.answer):
        return Part(False, "What you chose is right, and something is still missing.")
    return Part(True)


def _order(exercise: Exercise, order: list[str] | None, context: Context) -> Part:
    if not order:
        return Part(None)
    ranks = exercise.ranks()
    texts = {item.id: context.say(item.text) for item in exercise.items}
    for above, below in pairwise(order):
        if ranks[above] > ranks[below]:
            # The first place that does not hold is enough: the rest may follow from it.
            reasons = " ".join(context.say(exercise.reasons[id]) for id in (above, below))
            return Part(
                False,
                f"“{texts[above]}” stands before “{texts[below]}” in your order. "
                f"Look at these two again. {reasons}",
            )
    return Part(True)


# -- what is kept ------------------------------------------------------------------------------


def _kept(exercise: Exercise, given: Mapping[str, Any], context: Context) -> Outcome:
    labels = check_labels(exercise, context) if exercise.kind == "label" else None
    parts: Parts = dict(labels.parts) if labels else {}
    names: dict[str, str] = {}
    missing = []
    for control, label in _controls(exercise):
        names[control] = context.say(label)
        if control not in given or _unreadable(exercise, control, given):
            missing.append(control)
        parts[control] = Part(None, _remark(exercise, control, given))
    started = bool(given) or bool(labels and labels.verdict == "kept")
    if not started:
        say = labels.say if labels else "Not answered yet."
        return Outcome("empty", say, parts)
    if exercise.evidence:
        parts["evidence"] = check_evidence(
            given.get("evidence", []), exercise.evidence, context.article
        )
    if missing or (labels and labels.verdict == "empty"):
        left = [labels.say] if labels and labels.verdict == "empty" else []
        if missing:
            left.append(f"Not answered yet: {join([names[id] for id in missing], most=4)}.")
        return Outcome("empty", " ".join(left), parts)
    if exercise.evidence and not parts["evidence"].ok:
        return Outcome("not yet", "Your words are kept. The evidence does not hold yet.", parts)
    readings = labels.readings if labels else ()
    readings += tuple(
        _disputed(exercise, question, given[question.id], context)
        for question in exercise.questions
        if question.readings
    )
    if exercise.item == "disputed":
        say = "Kept. More than one reading may stand here; set yours beside these."
    elif exercise.texts:
        say = "Kept. A person reads this; the kit does not judge it."
    else:  # such as what has a right answer, where it is handed out for a mark
        say = "Kept. Nothing is checked here."
    if labels and labels.say:
        say = f"{say} {labels.say}"
    return Outcome("kept", say, parts, readings)


def _controls(exercise: Exercise) -> list[tuple[str, str]]:
    """Return the controls that have to be answered, evidence apart, with what they are called."""
    controls = [(field.id, field.label) for field in exercise.numbers]
    controls += [(question.id, question.text) for question in exercise.questions]
    controls += [("order", "the order")] if exercise.items else []
    return controls + [(text.id, text.label) for text in exercise.texts]


def _unreadable(exercise: Exercise, control: str, given: Mapping[str, Any]) -> bool:
    numbers = {field.id for field in exercise.numbers}
    return control in numbers and parse_number(given[control]) is None


def _remark(exercise: Exercise, control: str, given: Mapping[str, Any]) -> str:
    """Return what there is to tell about one control without judging it."""
    if control not in given:
        return ""
    if _unreadable(exercise, control, given):
        return "Write a number here, in figures or as a word."
    for text in exercise.texts:
        if text.id == control and text.words:
            least, most = text.words
            wrote = len(given[control].split())
            if not least <= wrote <= most:
                return f"You wrote {plural(wrote, 'word')}; {least} to {most} would be about right."
    return ""


def _disputed(
    exercise: Exercise, question: Question, chosen: list[str], context: Context
) -> Disputed:
    texts = {option.id: context.say(option.text) for option in exercise.options_of(question)}
    readings = tuple(
        Opinion(reading.by, texts[reading.option], context.say(reading.reason))
        for reading in question.readings
    )
    shared = [reading.by for reading in question.readings if reading.option in chosen]
    return Disputed(
        context.say(question.text),
        readings,
        join([texts[id] for id in chosen]),
        stand(shared),
    )
