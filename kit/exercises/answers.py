"""The right answer to an exercise, and a wrong one: for tests and for the instructor edition."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, NamedTuple

from kit.coding.codebook import Layer
from kit.coding.coding import Annotation
from kit.exercises.checks import right_number
from kit.exercises.labels import asked_of, disputes_of, targets
from kit.exercises.model import Exercise
from kit.exercises.outcome import Context
from kit.text.article import Article
from kit.text.span import Span

__all__ = ["Answer", "expected", "wrong"]

_PLACEHOLDER = "A person reads what is written here."
#: How many words a row of evidence copies.
_COPIED = 6


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
        ExerciseError: as :func:`kit.exercises.check`.
    """
    values: dict[str, Any] = {}
    for field in exercise.numbers:
        values[field.id] = f"{right_number(field, context)[0]:g}" if exercise.checked else "1"
    for question in exercise.questions:
        if question.answer:
            values[question.id] = list(question.answer)
        elif question.readings:
            values[question.id] = [question.readings[0].option]
        else:
            values[question.id] = [exercise.options_of(question)[0].id]
    if exercise.items:
        values["order"] = list(exercise.order) or [item.id for item in exercise.items]
    for field in exercise.texts:
        values[field.id] = text
    if exercise.evidence:
        values["evidence"] = _evidence(context.article, exercise.evidence)
    return Answer(values, _labels(exercise, context, text))


def wrong(exercise: Exercise, context: Context) -> Answer | None:
    """Return an answer that a check does not take yet, None where no answer is wrong: what is
    disputed or open is kept whatever it says, if its evidence holds.

    Raises:
        ExerciseError: as :func:`kit.exercises.check`.
    """
    right = expected(exercise, context)
    if exercise.checked:
        return _wrong(exercise, context, right)
    if exercise.evidence:
        row = {"block": context.article.blocks[0].id, "words": "words that stand nowhere in it"}
        return Answer({**right.values, "evidence": [row]}, right.labels)
    return None


def _wrong(exercise: Exercise, context: Context, right: Answer) -> Answer:
    if exercise.kind == "label":
        return Answer({}, _wrong_labels(exercise, context))
    values: dict[str, Any] = {}
    for field in exercise.numbers:
        number, tolerance = right_number(field, context)
        values[field.id] = f"{field.wrong[0].value if field.wrong else number + tolerance + 1:g}"
    for question in exercise.questions:
        options = [option.id for option in exercise.options_of(question)]
        values[question.id] = [next(id for id in options if id not in question.answer)]
    if exercise.items:
        values["order"] = right.values["order"][::-1]
    return Answer(values)


def _labels(exercise: Exercise, context: Context, note: str) -> tuple[Annotation, ...]:
    """Return labels that satisfy a label exercise."""
    if exercise.kind != "label":
        return ()
    layer = context.codebook.layer(exercise.layer)
    if exercise.item == "anchor":
        wanted = targets(exercise, context)
        if exercise.at_least:
            disputed = context.reference.disputed(layer.id)
            asked = asked_of(exercise, context, context.reference.coding)
            wanted = tuple(a for a in asked if a.id not in disputed)
        return wanted
    if exercise.item == "disputed":
        made = []
        for _, at, dispute in disputes_of(exercise, context):
            reading = next((r for r in dispute.readings if r.codes or r.fields), None)
            if reading:
                made.append(_label(layer.id, dispute.id, at, reading.codes, reading.fields, note))
        return tuple(made)
    if layer.unit == "words":
        runs = islice(_windows(context.article, 3, exercise.blocks), max(exercise.at_least, 1))
        return tuple(
            _label(layer.id, f"own{n}", at, _some(layer), {}, note)
            for n, (_, at) in enumerate(runs, start=1)
        )
    ids = exercise.units or [b.id for b in context.article.blocks][: max(exercise.at_least, 1)]
    units = map(context.article.unit, ids)
    return tuple(
        _label(layer.id, unit.id, Span(unit.start, unit.end), _some(layer), {}, note)
        for unit in units
    )


def _wrong_labels(exercise: Exercise, context: Context) -> tuple[Annotation, ...]:
    layer = context.codebook.layer(exercise.layer)
    wanted = targets(exercise, context)
    if layer.unit == "words":
        return (_wrong_words(exercise, context, layer, wanted),)
    made = []
    for a in wanted:
        other = next(code.id for code in layer.codes if code.id != a.codes[0])
        made.append(_label(layer.id, a.id, a.at, (other,), {}, ""))
    return tuple(made)


def _wrong_words(
    exercise: Exercise, context: Context, layer: Layer, wanted: tuple[Annotation, ...]
) -> Annotation:
    """Return a label with another code than the reference's or, where codes are not checked, on
    words that the reference has not labelled."""
    if exercise.codes:
        other = next(code.id for code in layer.codes if code.id not in wanted[0].codes)
        return _label(layer.id, "own1", wanted[0].at, (other,), {}, "")
    theirs = [a.at for a in context.reference.coding.on(layer.id)]
    blocks = exercise.blocks or [context.article.block_at(wanted[0].at.start, wanted[0].at.end).id]
    for _, at in _windows(context.article, 1, blocks):
        if all(at.end <= span.start or span.end <= at.start for span in theirs):
            return _label(layer.id, "own1", at, _some(layer), {}, "")
    return _label(layer.id, "own1", Span(wanted[0].at.start, wanted[0].at.start + 1), (), {}, "")


def _label(
    layer: str, id: str, at: Span, codes: tuple[str, ...], fields: dict[str, str], note: str
) -> Annotation:
    return Annotation(id, layer, Span(at.start, at.end), codes, fields=fields, note=note)


def _some(layer: Layer) -> tuple[str, ...]:
    return tuple(code.id for code in layer.codes[:1])


def _evidence(article: Article, rows: int) -> list[dict[str, str]]:
    copied = islice(_windows(article, _COPIED), rows)
    return [{"block": id, "words": article.text[at.start : at.end]} for id, at in copied]


def _windows(
    article: Article, size: int, blocks: Collection[str] = ()
) -> Iterator[tuple[str, Span]]:
    """Yield runs of so many words that do not overlap: first one of each paragraph, then a second
    of each, and so on."""
    asked = [block for block in article.blocks if not blocks or block.id in blocks]
    for start in range(0, max(len(block.words) for block in asked), size):
        for block in asked:
            run = block.words[start : start + size]
            if len(run) == size:
                yield block.id, Span(run[0][0], run[-1][1])
