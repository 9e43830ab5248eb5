"""What an exercise is held against: the article it is about, with its reference and facts."""

from __future__ import annotations

from kit.coding.coding import Coding
from kit.exercises import forms
from kit.exercises.model import OWN, Exercise
from kit.exercises.outcome import Context
from kit.library import datasets, facts
from kit.text.article import Article
from kit.work.workbook import Workbook

__all__ = ["context_of", "context_on"]


def context_of(exercise: Exercise, workbook: Workbook) -> Context:
    """Return the context of an exercise for one student, with their labels as they are now.

    Where it is about another article than the workbook (the questions at the beginning and the
    end of the course, in this student's form), the student has no labels on it.

    Raises:
        ArticleError, ReferenceError, FactsError: that article's data cannot be used.
    """
    exercise = forms.for_student(exercise, workbook)
    if exercise.article in (OWN, workbook.article.id):
        return context_on(workbook.article, workbook.coding)
    return context_on(datasets.load_article(exercise.article))


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
