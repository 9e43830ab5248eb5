"""What an exercise is held against: the article it is about, with its reference and facts."""

from __future__ import annotations

from kit.coding.coding import Coding
from kit.exercises import forms
from kit.exercises.exercise import OWN
from kit.exercises.model import Exercise
from kit.exercises.outcome import Context
from kit.library import datasets, facts
from kit.text.article import Article
from kit.work.workbook import Workbook


def context_of(exercise: Exercise, workbook: Workbook) -> Context:
    """Return the context of an exercise for one student, with their labels as they are now.

    Where it is about another article than the workbook, and about labels, those are the student's
    in their workbook on that article. An unseen text is that of this student's form.

    Raises:
        ArticleError, ReferenceError, FactsError: that article's data cannot be used.
        WorkbookError: nor can the student's work on it.
    """
    exercise = forms.for_student(exercise, workbook)
    if exercise.layer or exercise.article in (OWN, workbook.article.id):
        book = workbook_of(exercise, workbook)
        return context_on(book.article, book.coding)
    return context_on(datasets.load_article(exercise.article))


def workbook_of(exercise: Exercise, workbook: Workbook) -> Workbook:
    """Return a student's workbook on the article that an exercise is about: there are the labels.

    Args:
        workbook: the student's, on any article; answers are kept in that of the lesson.

    Raises:
        ArticleError: there is no such article.
        WorkbookError: the student's work on it cannot be used.
    """
    if exercise.article in (OWN, workbook.article.id):
        return workbook
    article = datasets.load_article(exercise.article)
    return workbook.beside(article, datasets.codebook(article.id))


def context_on(article: Article, coding: Coding | None = None) -> Context:
    """Return all that there is on one of the kit's articles, with nobody's labels where none are
    given.

    Raises:
        ReferenceError, FactsError: the article's data cannot be used.
    """
    codebook = datasets.codebook(article.id)
    return Context(
        article,
        Coding(article, codebook, "") if coding is None else coding,
        codebook,
        datasets.load_reference(article.id),
        facts.load(article.id) if facts.there_are(article.id) else None,
    )
