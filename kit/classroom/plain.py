"""Words that somebody typed, made fit for the place they go to."""

from __future__ import annotations

import re

__all__ = ["as_markdown", "one_line"]


def one_line(text: str) -> str:
    """Return a text on one line, without what no screen shows.

    Half a character, which no file can hold, becomes a question mark.
    """
    text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def as_markdown(text: str) -> str:
    """Return a text that Markdown takes as words and nothing else."""
    return re.sub(r"([\\`*_{}\[\]()#+!|$<>~&-])", r"\\\1", text)
