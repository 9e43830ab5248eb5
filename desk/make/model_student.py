"""A student who does a whole lesson at once: for the instructor's edition, and for tests.

One gets everything right, the other everything wrong. Both are made from the exercises and the
reference, so no answer is kept anywhere by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from kit import exercises
from kit.coding.coding import Annotation
from kit.exercises import Context, Exercise, forms
from kit.exercises.kinds.evidence import check_evidence
from kit.exercises.surroundings import context_of, workbook_of
from kit.library import datasets
from kit.text.article import Article
from kit.work.workbook import Workbook

#: How many words a row of evidence copies where the text quotes none.
_COPIED = 6
#: What stands in the other fields where one exemplar answers for all of an exercise.
ALL_IN_ONE = "See the longest answer: it stands for all fields of {}."


def do_lesson(
    workbook: Workbook,
    lesson: str,
    *,
    right: bool = True,
    texts: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Label, commit and answer everything that a lesson asks.

    Args:
        workbook: whose work this becomes; it should be empty.
        lesson: the notebook's name.
        right: whether to label as the reference does and answer as expected, or to give an
            answer that is not taken wherever there is one.
        texts: what to write where a person’s own words are asked for, by exercise, such as an
            exemplar; elsewhere a sentence that says what the place is for.

    Returns:
        What came of each exercise: ``{"3.3": "yes"}``.

    Raises:
        ExerciseError: the lesson's exercises cannot be used.
        NotSaved: the work file cannot be written.
    """
    loaded = exercises.load(lesson)
    asked = [forms.for_student(exercise, workbook) for exercise in loaded]
    reference = datasets.load_reference(workbook.article.id)
    if right and reference:
        for layer in workbook.codebook.layers:
            _set(workbook, layer.id, reference.coding.on(layer.id))
    answers, books = {}, {workbook.path: workbook}
    for exercise in asked:
        context = context_of(exercise, workbook)
        answer = None if right else exercises.wrong(exercise, context)
        answer = answer or exercises.expected(exercise, context)
        if answer.labels:
            book = workbook_of(exercise, workbook)
            books[book.path] = book
            if not (right and book is workbook and book.coding.on(exercise.layer)):
                _set(book, exercise.layer, answer.labels)
        written = _written(exercise, (texts or {}).get(exercise.number, ""), answer.values, context)
        answers[exercise.id] = answer.values | written
    for book in books.values():
        for layer in book.codebook.layers:
            if book.coding.on(layer.id):
                book.commit(layer.id)
    return {
        exercise.number: exercises.hand_in(
            workbook, exercise, answers[exercise.id], context_of(exercise, workbook)
        ).verdict
        for exercise in asked
    }


def _written(
    exercise: Exercise, text: str, values: dict[str, Any], context: Context
) -> dict[str, Any]:
    """Return a text as the answer in the field that asks for most words, with the evidence that
    the text itself gives before that which is in ``values``. A field for a source keeps what is
    expected there: an exemplar tells what was found, and seldom gives every part of an address."""
    if not (text and exercise.texts):
        return {}
    longest = max(exercise.texts, key=lambda field: field.words[1] if field.words else 0)
    written: dict[str, Any] = {
        field.id: text if field is longest else ALL_IN_ONE.format(exercise.id)
        for field in exercise.texts
    }
    for field in exercise.texts:
        if field.source:
            whole = exercises.expected(exercise, context, text=written[field.id])
            written[field.id] = whole.values[field.id]
    if exercise.evidence:
        rows: list[dict[str, str]] = []
        for row in chain(_evidence(text, context.article), values["evidence"]):
            if len(rows) < exercise.evidence and row not in rows:
                rows.append(row)
        written["evidence"] = rows
    return written


def _evidence(text: str, article: Article) -> Iterator[dict[str, str]]:
    """Yield what a text quotes from the article, then the beginnings of paragraphs it names."""
    there = {block.id: block for block in article.blocks}
    named = [id for id in dict.fromkeys(re.findall(r"\bP\d+\b", text)) if id in there]
    used: set[str] = set()
    for words in re.findall(r"“([^”]+)”", text):
        # Two quotations rather from two of the paragraphs than from one.
        for id in [*sorted(named, key=lambda id: id in used), *there]:
            row = {"block": id, "words": words.strip(" .,;:")}
            if check_evidence([row], 1, article).ok:
                yield row
                used.add(id)
                break
    for id in named:
        run = there[id].words[:_COPIED]
        row = {"block": id, "words": article.text[run[0][0] : run[-1][1]] if run else ""}
        if check_evidence([row], 1, article).ok:
            yield row


def _set(workbook: Workbook, layer: str, labels: Iterable[Annotation]) -> None:
    there = workbook.coding.by_id(layer)
    workbook.apply(layer, {a.id: (there.get(a.id), a) for a in labels})
