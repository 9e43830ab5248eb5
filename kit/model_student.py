"""A student who does a whole lesson at once: for the instructor's edition, and for tests.

One gets everything right, the other everything wrong. Both are made from the exercises and the
reference, so no answer is kept anywhere by hand.
"""

from __future__ import annotations

from collections.abc import Iterable

from kit import datasets, exercises
from kit.coding import Annotation, Coding
from kit.exercises.surroundings import context_of
from kit.workbook import Workbook

__all__ = ["do_lesson"]


def do_lesson(workbook: Workbook, lesson: str, *, right: bool = True) -> dict[str, str]:
    """Label, commit and answer everything that a lesson asks.

    Args:
        workbook: whose work this becomes; it should be empty.
        lesson: the notebook's name.
        right: whether to label as the reference does and answer as expected, or to give an
            answer that is not taken wherever there is one.

    Returns:
        What came of each exercise: ``{"3.3": "yes"}``.

    Raises:
        ExerciseError: the lesson's exercises cannot be used.
        NotSaved: the work file cannot be written.
    """
    asked = exercises.load(lesson)
    if right:
        reference = _reference(workbook)
        for layer in workbook.codebook.layers:
            _set(workbook, layer.id, reference.on(layer.id) if reference else ())
    answers = {}
    for exercise in asked:
        context = context_of(exercise, workbook)
        answer = None if right else exercises.wrong(exercise, context)
        answer = answer or exercises.expected(exercise, context)
        if answer.labels and not (right and workbook.coding.on(exercise.layer)):
            _set(workbook, exercise.layer, answer.labels)
        answers[exercise.id] = answer.values
    for layer in workbook.codebook.layers:
        if workbook.coding.on(layer.id):
            workbook.commit(layer.id)
    return {
        exercise.id: exercises.hand_in(
            workbook, exercise, answers[exercise.id], context_of(exercise, workbook)
        ).verdict
        for exercise in asked
    }


def _reference(workbook: Workbook) -> Coding | None:
    reference = datasets.load_reference(workbook.article.id)
    return reference.coding if reference else None


def _set(workbook: Workbook, layer: str, labels: Iterable[Annotation]) -> None:
    there = workbook.coding.by_id(layer)
    workbook.apply(layer, {a.id: (there.get(a.id), a) for a in labels})
