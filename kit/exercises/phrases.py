"""Counts and lists in words, for what a check says."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["join", "plural"]


def plural(n: int, noun: str) -> str:
    """Return a number with its noun: ``"1 row"``, ``"2 rows"``."""
    return f"{n:,} {noun if n == 1 else noun + 's'}"


def join(items: Sequence[str], most: int = 4) -> str:
    """Return the items as English lists them, ``"P1, P2 and P3"``; after ``most``, how many
    more there are."""
    if len(items) > most + 1:
        items = [*items[:most], f"{len(items) - most} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
