"""A question with options."""

from __future__ import annotations

from kit.exercises.kinds.kind import FREE, Kind, named


class Choice(Kind):
    """One option or several, chosen from a list."""

    items = {"choose": ("fact", "anchor", "disputed", "open")}
    keys = ("options", "questions")
    where = ("choose", *FREE)
    kept = {
        "options": named("id", "text"),
        "questions": {**named("id", "text", "most"), "options": named("id", "text")},
    }
