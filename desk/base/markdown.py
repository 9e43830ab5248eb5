"""Words that somebody typed, made fit for the place they go to."""

from __future__ import annotations

import re

__all__ = ["as_markdown"]


def as_markdown(text: str) -> str:
    """Return a text that Markdown takes as words and nothing else."""
    return re.sub(r"([\\`*_{}\[\]()#+!|$<>~&-])", r"\\\1", text)
