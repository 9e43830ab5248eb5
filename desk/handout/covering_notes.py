"""Words that go along with an assignment: how to begin, whose the texts are, what is secret.

They stand in ``desk/templates/handout/``.
"""

from __future__ import annotations

from desk.base.markdown import as_markdown
from desk.handout.assignment import Assignment
from desk.handout.compose import has_own_lesson
from desk.handout.contents import articles_of
from kit.base.templating import text
from kit.library import datasets
from kit.library.course import OWN_LESSON

#: The file that says what is secret and what is not.
SECRET = "WHAT-IS-SECRET.txt"


def readme(assignment: Assignment) -> str:
    """Return what students read first, as Markdown."""
    return text(
        "handout/readme.md",
        "desk",
        title=as_markdown(assignment.title),
        due=assignment.due,
        lessons=assignment.lessons,
        counts=", ".join(assignment.exercises),
        graded=assignment.mode == "graded",
        layers=assignment.layers,
        pairs=[[as_markdown(name) for name in names] for names in assignment.pairs],
    )


def secret(assignment: Assignment) -> str:
    """Return in plain words what in the folder is secret and what is not."""
    return text(
        "handout/secret.txt",
        "desk",
        practice=assignment.mode == "practice",
        rules=OWN_LESSON in assignment.lessons,
        own=has_own_lesson(assignment.article),
        pairs=assignment.pairs,
    )


def rights(assignment: Assignment) -> str:
    """Return what may be done with the articles, as Markdown, for the folder of the data."""
    articles = [datasets.load_article(id) for id in articles_of(assignment)]
    return text("handout/rights.md", "desk", articles=articles)
