"""Entries to put in order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from kit.base.toml_reader import TomlTable
from kit.exercises.kinds.kind import Kind, Paper, Still, doubled, known_ids, named, unknown
from kit.exercises.markup import plain
from kit.exercises.outcome import Context, Part


class Entry(TomlTable):
    """What is to be put in its place."""

    id: str
    text: str


class Order(Kind):
    """An order of entries."""

    class Keys(TomlTable):
        entries: tuple[Entry, ...] = ()
        order: tuple[str, ...] = ()
        # Of a label exercise there are some for each code.
        reasons: dict[str, str | dict[str, str]] = {}

    statuses = {"order": ("fact", "anchor", "open")}
    where = ("order",)
    kept = {"entries": named("id", "text")}
    place = 3
    sole_id = "order"
    script = "order"

    def __init__(self, exercise: Any):
        super().__init__(exercise, self.sole_id, "Your order", "the order")
        self.entries = {one.id: one.text for one in exercise.entries}
        self.reasons = {id: said for id, said in exercise.reasons.items() if isinstance(said, str)}

    @classmethod
    def of(cls, exercise: Any) -> list[Order]:
        return [cls(exercise)] if exercise.entries else []

    @classmethod
    def contradictions(cls, exercise: Any) -> Iterator[str]:
        if exercise.kind not in cls.statuses:
            return
        ids = [entry.id for entry in exercise.entries]
        yield from doubled(ids, "entries")
        if len(ids) < 2:
            yield "there is nothing to put in order: add entries."
        if not exercise.checked:
            return
        if sorted(exercise.order) != sorted(ids):
            yield "“order” must name every entry once."
            return
        for id in ids:
            reason = exercise.reasons.get(id)
            if not isinstance(reason, str) or not reason.strip():
                yield f"the entry “{id}” needs a reason why it stands where it stands."
        yield from unknown(ids, exercise.reasons, "reason")
        if ids == list(exercise.order):
            yield "“entries” are in the right order from the start: shuffle them."

    def form(self, context: Context) -> dict[str, Any]:
        return {"entries": [{"id": id, "text": context.say(t)} for id, t in self.entries.items()]}

    def still(self, value: Any, context: Context) -> Still:
        return Still("ol", [context.say(self.entries[id]) for id in value or self.entries])

    def paper(self, context: Context) -> Paper:
        how = "Write 1 beside the first, 2 beside the next, and so on."
        return Paper(self.label, how, numbers=[context.say(t) for t in self.entries.values()])

    def said(self, value: Any) -> str | None:
        if not isinstance(value, list):
            return None
        texts = [self.entries[id] for id in value if isinstance(id, str) and id in self.entries]
        lines = [f"{n}. {plain(text)}" for n, text in enumerate(texts, start=1)]
        return "\n".join(lines) or None

    def clean(self, value: Any) -> list[str]:
        order = known_ids(value, self.entries)
        return order if len(order) == len(self.entries) else []

    def judge(self, value: Any, context: Context) -> Part:
        place = self.exercise.order.index
        for above, below in pairwise(value):
            if place(above) > place(below):
                # The first place that does not hold is enough: the rest may follow from it.
                texts = [context.say(self.entries[id]) for id in (above, below)]
                reasons = [context.say(self.reasons[id]) for id in (above, below)]
                return Part(
                    False,
                    f"“{texts[0]}” stands before “{texts[1]}” in your order. "
                    f"Look at these two again. {' '.join(reasons)}",
                )
        return Part(True)

    def expected(self, context: Context, text: str) -> list[str]:
        return list(self.exercise.order or self.entries)

    def wrong(self, context: Context) -> list[str] | None:
        return list(reversed(self.exercise.order)) if self.exercise.checked else None
