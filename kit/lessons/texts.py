"""The panel that lets a student choose a text: paste one, open a file, or take the kit's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from markupsafe import Markup

from kit import suggest
from kit.base.errors import KitError
from kit.base.phrases import plural
from kit.base.templating import macros, render
from kit.library import datasets
from kit.text import intake
from kit.text.article import Article
from kit.text.intake import Choices, Cleaned
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.work import own_texts
from kit.work.workbook import Workbook

#: With what a panel asks for a text.
FIELDS = (
    Field("text", "Paste a story here", type="area"),
    Field("file", "or open a text file", type="file"),
    Field("title", "Its headline"),
)
#: How many words a text should have: enough to count, few enough for a lesson.
BEST = (400, 900)
#: What of a page is not its story, and what a line is asked that a rule takes for it.
_PAGE, _ASKED = ("caption", "furniture"), " (part of the page?)"
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


# -- a text that somebody brings: how it is taken, and what cleaning did ---------------------------


def taken(values: Mapping[str, str | Upload]) -> tuple[bytes | str, str]:
    """Return the text that is in the fields, and the name of the file that it was in.

    Args:
        values: what a press of a panel with :data:`FIELDS` hands on.

    Raises:
        KitError: there is none, or there are two.
    """
    pasted, opened = values.get("text", ""), values.get("file")
    pasted = pasted if isinstance(pasted, str) and pasted.strip() else ""
    if pasted and isinstance(opened, Upload):
        raise KitError(
            "There is a text in the box and a file is open. To use the file, empty the box."
        )
    if isinstance(opened, Upload):
        return opened.data, opened.name
    if not pasted:
        raise KitError("Paste a story into the box or open a text file first.")
    return pasted, ""


def chosen(
    values: Mapping[str, str | Upload], text: bytes | str, name: str
) -> tuple[Choices, list[Field]]:
    """Return what was decided about a text, and the fields in which to decide it: whether garbled
    letters are read anew, which divided words are one, and which paragraphs are not the story;
    what the kit's rules take for the page's is asked about.

    Args:
        values: what a press of a panel hands on.
        text, name: the text, and the name of its file.

    Raises:
        IntakeError: the text cannot be taken.
    """
    # Fields of another text are other fields: what was ticked there does not count here.
    key = hashlib.sha256(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    names = [f"{part}-{key.hexdigest()[:8]}" for part in ("repair", "whole", "lines")]
    repair, whole, lines = (str(values.get(name, "")) for name in names)
    seen = names[2] in values
    cleaned = intake.clean(text, name=name)
    choices = Choices(repair=not seen or bool(repair) or not cleaned.garbled)
    cleaned = intake.clean(text, name=name, choices=choices)
    article = Article.from_text("new", cleaned.text)
    page = _of_the_page(article)
    said = [f"{b.id}{_ASKED * (b.id in page)} {b.text}" for b in article.blocks]
    every = [(str(n), line) for n, line in enumerate(said, start=1)]
    ticked = " ".join(id for id, _ in every)
    fields = [Field(names[2], "Take the tick from what is not the story", ticked, "lines", every)]
    if cleaned.divided:
        words = [
            (str(n), f"“{word}” is “{''.join(re.split('[-‐]', word, maxsplit=1))}”")
            for n, word in enumerate(cleaned.divided)
        ]
        fields.insert(0, Field(names[1], "Divided at a line’s end", "", "lines", words))
    if cleaned.garbled:
        again = [("yes", "Read garbled letters (“cafÃ©”) as what they were (“café”)")]
        fields.insert(0, Field(names[0], "Garbled letters", "yes", "lines", again))
    together = {cleaned.divided[int(n)] for n in whole.split() if int(n) < len(cleaned.divided)}
    out = {n for n in range(1, len(said) + 1) if str(n) not in lines.split()} if seen else ()
    return choices._replace(whole=frozenset(together), out=frozenset(out)), fields


def _of_the_page(article: Article) -> set[str]:
    """Return the paragraphs that the kit's rules take for captions and the like, none where a
    hand-out has no rules."""
    if not suggest.rules("position"):
        return set()
    found = suggest.suggest(article, datasets.codebook(article.id), ["position"]).coding
    return {label.id for label in found.on("position") if label.codes[0] in _PAGE}


def preview(cleaned: Cleaned, best: tuple[int, int] | None = None) -> Markup:
    """Return what was changed and how long the text is, as HTML.

    Args:
        best: the least and the most words that a text should have; None where any length will do.
    """
    article = Article.from_text("new", cleaned.text)
    words = sum(len(block.words) for block in article.blocks)
    return render(
        "brought",
        paragraphs=len(article.blocks),
        words=words,
        best=best,
        good=best is None or best[0] <= words <= best[1],
        changes=cleaned.changes,
    )
