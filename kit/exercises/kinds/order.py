"""Things to put in order."""

from __future__ import annotations

from kit.exercises.kinds.kind import Kind, named


class Order(Kind):
    """An order of things, some of which may be tied."""

    items = {"order": ("fact", "anchor", "open")}
    keys = ("items", "order", "ties", "reasons")
    where = ("order",)
    kept = {"items": named("id", "text")}
