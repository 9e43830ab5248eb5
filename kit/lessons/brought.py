"""A text that somebody brings: how a panel asks for it, takes it, and shows what cleaning did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from kit.base.errors import KitError
from kit.base.html_page import bullets
from kit.base.phrases import plural
from kit.text.article import Article, Block
from kit.text.intake import Cleaned
from kit.widgets.panel import Field, Upload

__all__ = ["FIELDS", "preview", "taken"]

PREVIEW, ENDING = 10, 4  # lines that are shown
MOST_OF_A_LINE = 160

FIELDS = (
    Field("text", "Paste a story here", type="area"),
    Field("file", "or open a text file", type="file"),
    Field("title", "Its headline"),
)


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


def preview(cleaned: Cleaned, best: tuple[int, int] | None = None) -> str:
    """Return what was changed and how the text begins, as HTML.

    Args:
        cleaned: the text.
        best: the least and the most words that a text should have; None where any length will do.
    """
    article = Article.from_text("new", cleaned.text)
    words = sum(len(block.words) for block in article.blocks)
    size = f"{plural(len(article.blocks), 'line')} and {plural(words, 'word')}"
    advice = ""
    if best is not None and not best[0] <= words <= best[1]:
        advice = f" A story of {best[0]} to {best[1]} words is best."
    changes = bullets(
        escape(change.what)
        + (f": <q dir='auto'>{escape(change.example)}</q>" if change.example else "")
        + "."
        for change in cleaned.changes
    )
    more = max(0, len(article.blocks) - PREVIEW - ENDING)
    rest = article.blocks[PREVIEW + more :]
    return (
        f"<p><strong>The new text</strong> has {size}.{advice}</p>"
        + (f"<p>What was cleaned:</p>{changes}" if cleaned.changes else "<p>It was clean.</p>")
        + f"<p>It begins:</p>{_lines(article.blocks[:PREVIEW] if more else article.blocks)}"
        # Where a page's clutter is most often left.
        + (f"<p>… {plural(more, 'more line')} …</p><p>It ends:</p>{_lines(rest)}" if more else "")
        + "<p>Something there that is not the story? Take it out in the box, or keep it and "
        "label it as what it is.</p>"
    )


def _lines(blocks: Iterable[Block]) -> str:
    items = "".join(
        f"<li dir='auto'><small>{block.id}</small> {escape(_short(block.text))}</li>"
        for block in blocks
    )
    return f"<ol class='kit-panel-numbered'>{items}</ol>"


def _short(text: str) -> str:
    if len(text) <= MOST_OF_A_LINE:
        return text
    return text[:MOST_OF_A_LINE].rpartition(" ")[0] + " …"
