"""A few styles that an instructor may use in a text, as HTML; everything else stays as written.

Paragraphs parted by an empty line, lines that begin with ``- `` as a list, ``*em*``,
``**strong**`` and `` `code` ``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from itertools import groupby

from markupsafe import Markup

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_STYLED = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>(?=\S)(?:(?!\*\*).)+(?<=\S))\*\*"
    r"|\*(?P<em>(?=[^\s*])[^*]*(?<=\S))\*",
    re.DOTALL,
)


def to_html(text: str) -> Markup:
    """Return a text of paragraphs and lists as HTML; ``""`` for nothing."""
    paragraphs = _BLANK_LINES.split(text.replace("\r\n", "\n").strip())
    return Markup("\n".join(map(_paragraph, filter(None, paragraphs))))


def inline(text: str) -> Markup:
    """Return one run of text as HTML, without paragraphs around it."""
    return Markup(_written(text, escape, lambda name, inner: f"<{name}>{inner}</{name}>"))


def plain(text: str) -> str:
    """Return a text without its styles, on one line, for places that show no HTML."""
    return " ".join(_written(text, str, lambda _name, inner: inner).split())


def _paragraph(text: str) -> str:
    parts = []
    for listed, lines in groupby(text.split("\n"), key=lambda line: line.startswith("- ")):
        if listed:
            items = "".join(f"<li>{inline(line[2:].strip())}</li>" for line in lines)
            parts.append(f"<ul>{items}</ul>")
        else:
            parts.append(f"<p>{inline(' '.join(line.strip() for line in lines))}</p>")
    return "\n".join(parts)


def _written(text: str, write: Callable[[str], str], wrap: Callable[[str, str], str]) -> str:
    out, place = [], 0
    for styled in _STYLED.finditer(text):
        name = styled.lastgroup or ""  # each style is a group with a name
        inner = styled[name]
        inner = write(inner) if name == "code" else _written(inner, write, wrap)
        out += [write(text[place : styled.start()]), wrap(name, inner)]
        place = styled.end()
    return "".join([*out, write(text[place:])])
