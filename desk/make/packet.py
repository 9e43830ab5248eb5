"""Pages for printing, for classes without computers: the article, the codebook, the worksheets.

No answer stands on any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from desk.base import lesson_facts
from desk.base.output_folder import making
from kit import exercises
from kit.base import templating
from kit.base.templating import render, style_sheet
from kit.coding.codebook import Codebook
from kit.coding.coding import Coding
from kit.exercises import OWN, UNSEEN, Context, Exercise, form, kinds
from kit.exercises.markup import inline
from kit.library import datasets, facts
from kit.library.course import ARTICLE, known_lessons
from kit.text.article import Article
from kit.widgets.page import kinds_of
from kit.work import own_texts

#: What the mark of the folder calls it.
WHAT = "print packet"

_NOTE = (
    "Made by: python -m desk packet\n"
    "Open a page in a browser and print it, on A4 or Letter. Making it again overwrites the pages."
)


def make(out: Path, *, article: bool = True) -> list[Path]:
    """Make the packet and return the pages that were written.

    Args:
        out: the folder; new, empty, or a packet made before.
        article: whether the article under study is among them. It is its publisher's; where it
            must not be printed, students need another copy with the same paragraphs.

    Raises:
        MadeError: the folder is something else, or cannot be written.
        KitError: an article, a layer, an exercise or a fact cannot be used.
    """
    studied, practice = map(datasets.load_article, (ARTICLE, own_texts.PRACTICE))
    pages = {"1-article.html": article_page(studied)} if article else {}
    pages["2-practice-article.html"] = article_page(practice)
    pages["3-codebook.html"] = codebook_page(
        datasets.codebook(studied.id), datasets.codebook(practice.id), practice
    )
    for id in own_texts.ready():
        if id != practice.id:
            pages[f"text-{id}.html"] = article_page(datasets.load_article(id))
    for lesson in known_lessons():
        told = lesson_facts.load(lesson)
        # What is asked about an unseen text is for the computer, which knows who has read which.
        asked = [e for e in exercises.load(lesson) if e.article != UNSEEN]
        pages[f"lesson-{lesson}.html"] = worksheet(told.title, told.aim, asked)
    with making(out, WHAT, _NOTE) as folder:
        for name, page in pages.items():
            (folder / name).write_bytes(page.encode("utf-8"))
    if not article:
        # A page of an earlier packet, made with the article, would be handed out by mistake.
        (out / "1-article.html").unlink(missing_ok=True)
    return [out / name for name in pages]


def article_page(article: Article) -> str:
    """Return an article, its paragraphs numbered, with a wide margin to write in."""
    about = article.meta
    body = render(
        "packet/article",
        "desk",
        short=about.get("short") or article.title or article.id,
        banner=about.get("banner", ""),
        article=article,
        kinds=kinds_of(article),
        rights=about.get("rights", ""),
    )
    return _page(article.title or article.id, body)


def codebook_page(codebook: Codebook, own: Codebook, practice: Article) -> str:
    """Return every layer: what is asked, the labels with their tests and examples, the rulings.

    Args:
        codebook: the article's under study.
        own: the practice article's; its layers that differ stand at the end.
        practice: the practice article.
    """
    return _page("Codebook", codebook_body(codebook, own, practice))


def codebook_body(
    codebook: Codebook, own: Codebook, practice: Article, *, second: str = "h1"
) -> Markup:
    """Return what stands on that page; ``second`` is the tag of the heading over the practice
    article's layers."""
    there = {layer.id: layer for layer in codebook.layers}
    return render(
        "packet/codebook",
        "desk",
        layers=codebook.layers,
        practice=practice.meta.get("short") or practice.title,
        practice_layers=[layer for layer in own.layers if there.get(layer.id) != layer],
        second=second,
    )


def worksheet(title: str, aim: str, asked: Sequence[Exercise]) -> str:
    """Return a lesson's exercises with room to write.

    Args:
        title: the lesson's, in plain text.
        aim: a sentence with the marks of :mod:`kit.exercises.markup`, or "".
        asked: the exercises.

    Raises:
        KitError: an exercise names a layer, a unit or a fact that the article has not.
    """
    drawn = [_exercise(exercise, _context(exercise)) for exercise in asked]
    return _page(
        title, render("packet/worksheet", "desk", title=title, aim=inline(aim), asked=drawn)
    )


def _context(exercise: Exercise) -> Context:
    """Return what an exercise is about, with nobody's labels; for a text of the student's own,
    the practice article stands in."""
    id = own_texts.PRACTICE if exercise.article == OWN else exercise.article
    article, codebook = datasets.load_article(id), datasets.codebook(id)
    known = facts.load(id) if facts.there_are(id) else None
    return Context(article, Coding(article, codebook, "packet"), codebook, None, known)


def _exercise(exercise: Exercise, context: Context) -> dict[str, Any]:
    """Return what the page for an exercise needs: its form, and its controls as they are on
    paper."""
    papers = [control.paper(context) for control in kinds.controls(exercise)]
    about = _about(exercise, context)
    return {**form(exercise, context), "skip": exercise.skip, "about": about, "papers": papers}


def _about(exercise: Exercise, context: Context) -> str:
    if exercise.article == OWN:
        return "About the text that you have chosen."
    if exercise.article == ARTICLE:
        return ""
    short = context.article.meta.get("short") or context.article.title
    which = "the practice article, " if context.article.id == own_texts.PRACTICE else ""
    return f"About {which}“{short}”."


def _page(title: str, body: Markup) -> str:
    main = render("packet/page", "desk", body=body)
    return templating.page(title, main, style_sheet("packet/page", "desk"))
