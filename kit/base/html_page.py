"""Tables and lists for what is shown in a notebook, where cells are HTML already.

A page is made from a template instead (:mod:`kit.base.templating`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from markupsafe import Markup

from kit.base.templating import macros

__all__ = ["bullets", "section", "table", "typed"]


def typed(text: str) -> str:
    """Return what a person typed, on one line; its own letters say in which direction it runs."""
    return str(macros("common").typed(text))


def section(title: str, body: str) -> str:
    """Return a section of a page; both are HTML already."""
    return f"<section><h2>{title}</h2>{body}</section>"


def bullets(items: Iterable[str]) -> str:
    """Return a list; its items are HTML already."""
    return str(macros("common").bullets(map(Markup, items)))


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str = "",
    kind: str = "",
    numbers: Container[int] = (),
    named: bool = True,
) -> str:
    """Return a table; heads, cells and caption are HTML already.

    Args:
        heads: what stands over the columns; empty for a table without heads.
        rows: the cells, row by row.
        caption: what the table is called.
        kind: a class for the page's own style.
        numbers: the columns, counted from 0, that are set flush right.
        named: whether the first cell names its row.
    """
    cells = [list(map(Markup, row)) for row in rows]
    made = macros("common").table(
        list(map(Markup, heads)), cells, Markup(caption), kind, numbers, named
    )
    return str(made)
