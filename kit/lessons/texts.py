"""The panel that lets a student choose a text: paste one, open a file, or take the kit's own."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from kit import intake, own_texts
from kit.article import Article
from kit.errors import KitError
from kit.intake import Cleaned
from kit.phrases import plural
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.workbook import Workbook

__all__ = ["text_panel"]

PREVIEW = 10
BEST = (400, 900)

_AGAIN = "Now choose Run → Run All Cells: the page will work on it. No restart is needed."


def text_panel(workbook: Workbook) -> Panel:
    """Show which text the lesson works on, with all that is needed to choose another.

    Args:
        workbook: the student's work on the text of now. Nothing in it is changed: work on one
            text stays with that text.
    """
    # Whoever signs the work changes the name in the file, and not the file's: the choice belongs
    # to the name that the lesson was opened under.
    student = workbook.path.stem

    def press(panel: Panel, button: str, values: Mapping[str, str | Upload]) -> Answer:
        if button in ("check", "use"):
            cleaned = _cleaned(values)
            panel.html = _now(workbook.article) + _preview(cleaned)
            if button == "check":
                return Answer("Nothing is kept yet. Is this the story? Then press “Use this text”.")
            article = own_texts.keep(cleaned, str(values.get("title", "")))
        else:
            article = own_texts.load(button)
        own_texts.choose(student, article.id)
        if article.id == workbook.article.id:
            return Answer(f"The page works on “{article.title}” already.")
        return Answer(f"Kept and chosen: “{article.title}”. {_AGAIN}")

    here = workbook.article
    kept = [(id, f"Back to “{title}”") for id, title in own_texts.texts() if id != here.id]
    practice = [(own_texts.PRACTICE, "Take the practice article")]
    return Panel(
        f"Text: “{here.title}”, {plural(len(here.blocks), 'numbered line')}",
        _now(here),
        fields=[
            Field("text", "Paste a story here", type="area"),
            Field("file", "or open a text file", type="file"),
            Field("title", "Its headline"),
        ],
        buttons=[
            ("check", "Show what would be cleaned"),
            ("use", "Use this text"),
            *(practice if here.id != own_texts.PRACTICE else []),
            *kept,
        ],
        on_press=press,
    )


def _cleaned(values: Mapping[str, str | Upload]) -> Cleaned:
    pasted, opened = values.get("text", ""), values.get("file")
    pasted = pasted if isinstance(pasted, str) and pasted.strip() else ""
    if pasted and isinstance(opened, Upload):
        raise KitError(
            "There is a text in the box and a file is open. To use the file, empty the box."
        )
    if isinstance(opened, Upload):
        return intake.clean(opened.data, name=opened.name)
    if not pasted:
        raise KitError("Paste a story into the box or open a text file first.")
    return intake.clean(pasted)


def _now(article: Article) -> str:
    which = "the kit’s practice article" if article.id == own_texts.PRACTICE else article.id
    size = f"{plural(len(article.blocks), 'line')}, {plural(_words(article), 'word')}"
    return (
        f"<p dir='auto'><strong>Your text now:</strong> “{escape(article.title)}” "
        f"({escape(which)}; {size}).</p>"
    )


def _words(article: Article) -> int:
    return sum(len(block.words) for block in article.blocks)


def _preview(cleaned: Cleaned) -> str:
    """Return what was changed and how the text begins, as HTML."""
    article = Article.from_text("own", cleaned.text)
    words = _words(article)
    size = f"{plural(len(article.blocks), 'line')} and {plural(words, 'word')}"
    least, most = BEST
    advice = "" if least <= words <= most else f" A story of {least} to {most} words is best."
    changes = "".join(
        f"<li>{escape(change.what)}"
        + (f": <q dir='auto'>{escape(change.example)}</q>" if change.example else "")
        + ".</li>"
        for change in cleaned.changes
    )
    lines = "".join(
        f"<li dir='auto'><small>{block.id}</small> {escape(_short(block.text))}</li>"
        for block in article.blocks[:PREVIEW]
    )
    more = len(article.blocks) - PREVIEW
    return (
        f"<p><strong>The new text</strong> has {size}.{advice}</p>"
        + (f"<p>What was cleaned:</p><ul>{changes}</ul>" if changes else "<p>It was clean.</p>")
        + f"<p>It begins:</p><ol class='kit-panel-numbered'>{lines}</ol>"
        + (f"<p>… and {plural(more, 'more line')}.</p>" if more > 0 else "")
        + "<p>Something there that is not the story? Take it out in the box, or keep it and "
        "label it as what it is.</p>"
    )


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:160].rpartition(" ")[0] + " …"
