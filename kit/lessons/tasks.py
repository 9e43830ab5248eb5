"""The exercises of a lesson, as forms and as answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit import exercises
from kit.exercises import Exercise, forms
from kit.exercises.surroundings import context_of
from kit.lessons.cell_output import LessonError
from kit.library.course import ARTICLE
from kit.widgets.task import Task
from kit.work.workbook import Workbook


def task_form(workbook: Workbook, lesson: str, id: str) -> Task:
    """Return an exercise of a lesson as a form.

    Raises:
        LessonError: the lesson has no such exercise.
        ExerciseError: the exercise's file cannot be used.
    """
    exercise = forms.for_student(_exercise(lesson, id), workbook)
    return Task(exercise, workbook, lambda: context_of(exercise, workbook))


def against(workbook: Workbook, lesson: str, layer: str) -> Callable[[str, str], str]:
    """Return what a lesson's exercises on a layer say against a code on a unit; mostly nothing."""

    def reason(id: str, code: str) -> str:
        for exercise in exercises.load(lesson):
            if exercise.layer == layer and exercise.article in (exercises.OWN, workbook.article.id):
                of_unit = exercise.reasons.get(id)
                if isinstance(of_unit, dict) and code in of_unit:
                    return context_of(exercise, workbook).say(of_unit[code])
        return ""

    return reason


def asked_blocks(workbook: Workbook, lesson: str, layer: str) -> frozenset[str]:
    """Return the paragraphs of a text which the lesson ends on that its exercises ask about; none
    of the course's own text and of one that a student has chosen, where all may be labelled."""
    here = workbook.article.id
    on_it = (e for e in exercises.load(lesson) if (e.article, e.layer) == (here, layer))
    return frozenset(block for e in on_it for block in e.blocks if here != ARTICLE)


def committed_values(workbook: Workbook, lesson: str, id: str) -> dict[str, Any] | None:
    """Return the last whole answer that a student has handed in to an exercise, by control; None
    before the first. Raises as :func:`task_form`."""
    record = exercises.read(workbook, _exercise(lesson, id).id)
    whole = [one.values for one in record.tries if one.verdict != "empty"]
    return whole[-1] if whole else None


def _exercise(lesson: str, id: str) -> Exercise:
    try:
        return exercises.find(exercises.load(lesson), id)
    except exercises.ExerciseError as problem:
        raise LessonError(str(problem)) from None
