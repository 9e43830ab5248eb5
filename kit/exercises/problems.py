"""What is wrong with exercises that only the article, its facts and its reference can show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kit.base.errors import KitError
from kit.coding.codebook import CodebookError, Layer
from kit.exercises.checks import right_number
from kit.exercises.labels import asked_of, disputes_of, in_quotation, targets
from kit.exercises.model import OWN, Exercise, ExerciseError
from kit.exercises.outcome import Context

__all__ = ["problems"]

_NAMED = re.compile(r"\bP(\d{1,4})\b")


def problems(exercises: Iterable[Exercise], context: Context) -> list[str]:
    """Return what an instructor has to mend, each as a sentence that names file and exercise.

    :func:`kit.exercises.load` has refused by then what an exercise itself shows to be wrong.

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
        if e.item in ("anchor", "disputed") and e.kind == "label":
            yield f"a text of the student’s own has no reference: item “{e.item}” is not possible."
            return
        if e.units or e.blocks:
            yield "a text of the student’s own has no fixed paragraphs: leave out units and blocks."
            return
    for text in _texts(e):
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
    yield from _in_numbers(e, context)
    if e.kind == "label":
        try:
            layer = context.codebook.layer(e.layer)
        except CodebookError as problem:
            yield str(problem)
        else:
            yield from _in_label(e, context, layer)


def _in_numbers(e: Exercise, context: Context) -> Iterator[str]:
    for field in e.numbers if e.checked else ():
        try:
            right, tolerance = right_number(field, context)
        except ExerciseError as problem:
            yield f"field “{field.id}”: {problem}"
            continue
        for wrong in field.wrong:
            if abs(wrong.value - right) <= tolerance:
                yield f"field “{field.id}”: {wrong.value:g} is listed as wrong, and is right."
        status = getattr(context.facts[field.fact], "status", "") if field.fact else ""
        if status == "unchecked":
            yield f"field “{field.id}”: “{field.fact}” could not be checked; grade nobody on it."


def _in_label(e: Exercise, context: Context, layer: Layer) -> Iterator[str]:
    if e.units and layer.unit == "words":
        yield f"“{layer.id}” labels words: give blocks, not units."
    if e.blocks and layer.unit != "words":
        yield f"“{layer.id}” labels whole {layer.unit}s: give units, not blocks."
    if e.item == "anchor" and layer.unit != "words" and not e.units:
        yield "say which units are asked for."
    if e.item == "anchor" and layer.unit != "words" and (e.at_least or e.in_quotes or e.codes):
        yield "at_least, in_quotes and codes are for layers that label words."
    if e.codes and not layer.codes:
        yield f"“{layer.id}” has no codes that could agree."
    choices = {field.id for field in layer.fields if field.kind == "choice"}
    for name in e.checked_fields:
        if name not in choices:
            yield f"“{name}” is no field of {layer.id} that has choices: it cannot be checked."
    if e.checked_fields and layer.unit != "words":
        yield "fields are checked only on layers that label words."
    unknown = [id for id in (*e.units, *e.blocks) if not _exists(context, layer, id)]
    for id in unknown:
        yield f"the article has no {'block' if layer.unit == 'words' else layer.unit} {id}."
    if unknown or e.item == "open":
        return
    try:
        asked = targets(e, context) if e.item == "anchor" else disputes_of(e, context)
    except ExerciseError as problem:
        yield str(problem)
        return
    if e.item == "anchor":
        yield from _in_anchors(e, context, layer, asked)


def _in_anchors(e: Exercise, context: Context, layer: Layer, asked) -> Iterator[str]:
    if not asked:
        yield f"the reference has no anchor on {layer.id} there."
        return
    disputed = context.reference.disputed(layer.id)
    there = [a for a in asked_of(e, context, context.reference.coding) if a.id not in disputed]
    if e.at_least > len(there):
        yield f"at_least = {e.at_least}, but the reference has {len(there)} there."
    quoted = sum(in_quotation(context.article, a) for a in there)
    if e.in_quotes > quoted:
        yield f"in_quotes = {e.in_quotes}, but the reference has {quoted} inside quotation marks."
    empty = set(e.blocks) - {context.article.block_at(a.at.start, a.at.end).id for a in asked}
    for block in sorted(empty) if not e.at_least else ():
        yield f"the reference has no anchor on {layer.id} in {block}."
    known = {code.id for code in layer.codes}
    known |= {
        option.id
        for field in layer.fields
        if field.id in e.checked_fields
        for option in field.options
    }
    right = {a.id: a.codes for a in asked}
    for where, reasons in e.reasons.items():
        if where not in (*e.units, *e.blocks):
            yield f"it has reasons for {where}, which it does not ask about."
        for code in reasons:
            if code not in known:
                yield f"reasons for {where}: the codebook has no “{code}” on {layer.id}."
            if code in right.get(where, ())[:1]:
                yield f"reasons for {where}: “{code}” is right in the reference."


def _exists(context: Context, layer: Layer, id: str) -> bool:
    try:
        unit = context.article.unit(id)
    except KeyError:
        return False
    return ("." in unit.id) == (layer.unit == "sentence")


def _texts(e: Exercise) -> Iterator[str]:
    """Yield every text of an exercise that students may see."""
    for said in (e, e.graded):
        yield from (said.title, said.prompt, said.support, said.stretch, *said.hints)
    yield e.yes
    yield from (o.text for o in e.options)
    for field in e.numbers:
        yield from (field.label, field.other, *(wrong.reason for wrong in field.wrong))
    for question in e.questions:
        yield from (question.text, *question.reasons.values())
        yield from (option.text for option in question.options)
        yield from (reading.reason for reading in question.readings)
    yield from (item.text for item in e.items)
    for reason in e.reasons.values():
        yield from reason.values() if isinstance(reason, dict) else (reason,)
    for text in e.texts:
        yield from (text.label, text.starter)
