"""What an exercise is held against: the article it is about, with its reference and facts."""

from __future__ import annotations

from kit.coding.coding import Coding
from kit.exercises.model import OWN, Exercise
from kit.exercises.outcome import Context
from kit.library import datasets, facts
from kit.work.workbook import Workbook

__all__ = ["context_of"]


def context_of(exercise: Exercise, workbook: Workbook) -> Context:
    """Return the context of an exercise for one student, with their labels as they are now.

    Where it is about another article than the workbook (the questions at the beginning and the
    end of the course), the student has no labels on it.

    Raises:
        ArticleError, ReferenceError, FactsError: that article's data cannot be used.
    """
    article = workbook.article
    if exercise.article not in (OWN, article.id):
        article = datasets.load_article(exercise.article)
    codebook = datasets.codebook(article.id)
    mine = article is workbook.article
    return Context(
        article,
        workbook.coding if mine else Coding(article, codebook, workbook.student),
        codebook,
        datasets.load_reference(article.id),
        facts.load(article.id) if facts.there_are(article.id) else None,
    )
