"""The panel that lets a student choose a text: paste one, open a file, or take the kit's own."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kit.base.phrases import plural
from kit.base.templating import macros
from kit.lessons.brought import FIELDS, chosen, preview, taken
from kit.text import intake
from kit.text.article import Article
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.work import own_texts
from kit.work.workbook import Workbook

#: How many words a text should have: enough to count, few enough for a lesson.
BEST = (400, 900)


#: Whose voices are told apart; the labels and the charts call them so.
SIDES = (Field("one", "Side one: a country, or another party"), Field("other", "Side two"))


def text_panel(workbook: Workbook) -> Panel:
    """Show which text the lesson works on, with all that is needed to choose another.

    Args:
        workbook: the student's work on the text of now. Nothing in it is changed: work on one
            text stays with that text.
    """

    def press(panel: Panel, button: str, values: Mapping[str, str | Upload]) -> Answer:
        if button in ("check", "use"):
            text, name = taken(values)
            choices, fields = chosen(values, text, name)
            cleaned = intake.clean(text, name=name, choices=choices)
            panel.html = _now(workbook.article) + preview(cleaned, BEST)
            panel.ask(*FIELDS, *SIDES, *fields)
            if button == "check":
                return Answer("Nothing is kept yet. Is this the story? Then press “Use this text”.")
            sides = [str(values.get(id, "")) for id in ("one", "other")]
            article = own_texts.keep(cleaned, str(values.get("title", "")), sides)
        else:
            article = own_texts.load(button)
        # Whoever signs the work changes the name in the file: the choice belongs to the name that
        # the lesson was opened under.
        own_texts.choose(workbook.name, article.id)
        if article.id == workbook.article.id and article.meta == workbook.article.meta:
            return Answer(f"The page works on “{article.title}” already.")
        return Answer(f"Kept and chosen: “{article.title}”.", again=True)

    here = workbook.article
    kept = [(id, f"Back to “{title}”") for id, title in own_texts.texts() if id != here.id]
    ready = [(id, f"Take {_called(own_texts.load(id))}") for id in own_texts.ready()]
    return Panel(
        f"Text: “{here.title}”, {plural(len(here.blocks), 'numbered paragraph')}",
        _now(here),
        fields=[*FIELDS, *SIDES],
        buttons=[
            ("check", "Show what would be cleaned"),
            ("use", "Use this text"),
            *((id, label) for id, label in ready if id != here.id),
            *kept,
        ],
        on_press=press,
    )


def _now(article: Article) -> Markup:
    which = article.id if own_texts.is_own(article.id) else _called(article)
    words = sum(len(block.words) for block in article.blocks)
    size = f"{plural(len(article.blocks), 'paragraph')}, {plural(words, 'word')}"
    return macros("lesson").text_now(article.title, which, size)


def _called(article: Article) -> str:
    """Return what a text of the kit is called."""
    if article.id == own_texts.PRACTICE:
        return "the practice article"
    return f"“{article.meta.get('short') or article.title}”"
