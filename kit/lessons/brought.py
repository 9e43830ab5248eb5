"""A text that somebody brings: how a panel asks for it, takes it, and shows what cleaning did."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kit.base.errors import KitError
from kit.base.templating import render
from kit.text.article import Article
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


def preview(cleaned: Cleaned, best: tuple[int, int] | None = None) -> Markup:
    """Return what was changed and how the text begins, as HTML.

    Args:
        cleaned: the text.
        best: the least and the most words that a text should have; None where any length will do.
    """
    article = Article.from_text("new", cleaned.text)
    words = sum(len(block.words) for block in article.blocks)
    left_out = max(0, len(article.blocks) - PREVIEW - ENDING)
    return render(
        "brought",
        lines=len(article.blocks),
        words=words,
        best=best,
        good=best is None or best[0] <= words <= best[1],
        changes=cleaned.changes,
        beginning=article.blocks[:PREVIEW] if left_out else article.blocks,
        left_out=left_out,
        ending=article.blocks[PREVIEW + left_out :],
        shortened=_short,
    )


def _short(text: str) -> str:
    if len(text) <= MOST_OF_A_LINE:
        return text
    return text[:MOST_OF_A_LINE].rpartition(" ")[0] + " …"
