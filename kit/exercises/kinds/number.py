"""A field for one number."""

from __future__ import annotations

from kit.exercises.kinds.kind import Kind, named


class NumberField(Kind):
    """A number, typed in figures or as a word."""

    items = {"count": ("fact", "anchor", "open")}
    keys = ("fields",)
    where = ("count",)
    kept = {"fields": named("id", "label")}
