"""Pages for whoever teaches a lesson: its plan, slides to project, and cards to talk about.

A plan and its slides are put together from what is known already: the lesson's own facts, its
exercises and their minutes, the teaching notes. A card has a paragraph that can be read in two
ways, and both readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desk.base import lesson_facts, teaching_notes
from desk.base.output_folder import making
from kit import exercises
from kit.base.templating import page, render, style_sheet
from kit.exercises.markup import inline, to_html
from kit.library import datasets, facts
from kit.library.course import ARTICLE, known_lessons

#: What the mark of the folder calls it.
WHAT = "lesson plans"

_NOTE = (
    "Made by: python -m desk plans\n"
    "For instructors: the plans hold what the class is asked at the end. Making it again "
    "overwrites the pages."
)
_STYLES = {"plan": "plans/page", "slides": "plans/slides"}


def make(out: Path) -> list[Path]:
    """Make each lesson's plan and slides, and the cards, and return the pages that were written.

    Args:
        out: the folder; new, empty, or plans made before.

    Raises:
        MadeError: the folder is something else, or cannot be written.
        KitError: a lesson, its notes or its exercises cannot be used.
    """
    pages = {f"plan-{lesson}.html": plan(lesson) for lesson in known_lessons()}
    pages |= {f"slides-{lesson}.html": slides(lesson) for lesson in known_lessons()}
    pages["discussion-cards.html"] = cards()
    with making(out, WHAT, _NOTE) as folder:
        for name, text in pages.items():
            (folder / name).write_bytes(text.encode("utf-8"))
    return [out / name for name in pages]


def plan(lesson: str) -> str:
    """Return the plan of a lesson, such as ``"03-who-speaks"``, as a page.

    Raises:
        KitError: the lesson, its notes or its exercises cannot be used.
    """
    asked = exercises.load(lesson)
    return _page("plan", lesson, asked, usual=sum(exercise.minutes[1] for exercise in asked))


def slides(lesson: str) -> str:
    """Return a lesson's slides, such as ``"03-who-speaks"``, as a page: what is asked, one exercise
    at a time and without an answer, and what the class talks about.

    Raises:
        KitError: the lesson, its notes or its exercises cannot be used.
    """
    asked = []
    for one in exercises.load(lesson):
        known = facts.load(one.article) if facts.there_are(one.article) else None
        prompt = known.fill(one.prompt) if known else one.prompt
        questions = [
            (inline(q.text), [inline(option.text) for option in one.options_of(q)])
            for q in one.questions
        ]
        asked.append((one, to_html(prompt), questions))
    return _page("slides", lesson, asked)


def _page(kind: str, lesson: str, asked: Sequence[Any], **more: Any) -> str:
    about = lesson_facts.load(lesson)
    body = render(
        f"plans/{kind}",
        "desk",
        facts=about,
        aim=inline(about.aim),
        plan=teaching_notes.load_plan(lesson),
        asked=asked,
        talk={note.id: note.talk for note in teaching_notes.load(lesson)},
        **more,
    )
    return page(f"{kind.title()}: {about.title}", body, style_sheet(_STYLES[kind], "desk"))


def cards() -> str:
    """Return a card for each whole paragraph of the article that can be read in two ways."""
    reference = datasets.load_reference(ARTICLE)
    article, codebook = datasets.load_article(ARTICLE), datasets.codebook(ARTICLE)
    disputed = []
    for dispute in reference.disputes if reference else ():
        layer = codebook.layer(dispute.layer)
        if layer.unit != "block":
            continue
        says = [
            ", ".join(layer.code(id).name for id in reading.codes) for reading in dispute.readings
        ]
        disputed.append(
            {
                "layer": layer.title,
                "block": article.block(dispute.id),
                "question": dispute.question,
                "readings": [
                    (name, r.reason) for name, r in zip(says, dispute.readings, strict=True)
                ],
            }
        )
    body = render("plans/cards", "desk", cards=disputed, banner=article.meta["banner"])
    return page("Discussion cards", body, style_sheet("plans/page", "desk"))
