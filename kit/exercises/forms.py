"""Two parallel forms of one exercise: the same questions, each time about another unseen text.

They are asked before the course and after it. Half of the students meet the one text first and the
other at the end, half the other way round; so that one text is harder than the other cancels out.
Which is first hangs on the work file's own number. The answer is kept under the exercise's number
with the form's letter, ``0.3a``, so that whoever collects knows which text it was, and a student
who has begun one stays with it.
"""

from __future__ import annotations

import msgspec

from kit.base.errors import KitError
from kit.exercises.exercise import UNSEEN
from kit.exercises.model import Exercise
from kit.exercises.record import read
from kit.library import datasets
from kit.library.course import ARTICLE
from kit.work.workbook import Workbook

#: By its letter, the text that each form is about.
FORMS = {"a": "night-train", "b": "power-cable"}
#: The exercise before the course, and the one after it.
BEFORE, AFTER = "0.3", "7.6"


def in_form(exercise: Exercise, form: str) -> Exercise:
    """Return an exercise about an unseen text as it is asked in one of the two forms."""
    id = f"{exercise.number}{form}"
    return msgspec.structs.replace(exercise, id=id, article=FORMS[form], form=form)


def ids(number: str) -> tuple[str, ...]:
    """Return under what the answers to an exercise may be kept, given its number."""
    return (number, *(number + form for form in FORMS))


def for_student(exercise: Exercise, workbook: Workbook) -> Exercise:
    """Return an exercise as this student is asked it; one that has no forms as it is."""
    if exercise.article != UNSEEN:
        return exercise
    first = _begun(BEFORE, _book_of_the_course(workbook))
    after = exercise.number == AFTER
    form = _begun(exercise.number, workbook) or (_other(first) if after else first)
    return in_form(exercise, form)


def first_found(exercise: Exercise, workbook: Workbook) -> list[tuple[str, str]]:
    """Return what a student wrote before the course, each under its question, where the exercise
    is the one after it; of every other exercise nothing."""
    if exercise.number != AFTER:
        return []
    given = read(_book_of_the_course(workbook), BEFORE + _other(exercise.form)).values
    return [(text.label, given[text.id]) for text in exercise.texts if given.get(text.id)]


def _begun(number: str, book: Workbook) -> str:
    """Return the form that was begun; before any was, for the first exercise, the work's own."""
    begun = [form for form in FORMS if number + form in book.answers]
    own = [sorted(FORMS)[book.number % len(FORMS)]] if number == BEFORE else []
    return next(iter(begun + own), "")


def _other(form: str) -> str:
    return next(other for other in FORMS if other != form)


def _book_of_the_course(workbook: Workbook) -> Workbook:
    """Return the same student's work on the course's article, where the first form is."""
    if workbook.article.id == ARTICLE:
        return workbook
    try:
        return workbook.beside(datasets.load_article(ARTICLE), datasets.codebook(ARTICLE))
    except KitError:  # this copy is without that article, or its work without a file that opens
        return workbook
