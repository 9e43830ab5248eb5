"""Words that somebody typed, made fit for the place they go to."""

from __future__ import annotations

import re
import unicodedata


def as_markdown(text: str) -> str:
    """Return a text that Markdown takes as words and nothing else."""
    return re.sub(r"([\\`*_{}\[\]()#+!|$<>~&-])", r"\\\1", text)


def words_of(title: str) -> list[str]:
    """Return the words of a title in small plain letters, of which a short name can be made."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", letters)
