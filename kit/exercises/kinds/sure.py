"""How sure a student is of a first guess, asked before anything is told. Nobody has to say."""

from __future__ import annotations

from typing import Any

from kit.exercises.kinds.kind import Items, Kind, Paper, Still
from kit.exercises.outcome import Context, Outcome

#: What it is called among the answers, and what can be said.
SURE = "sure"
HOW_SURE = {"guess": "a guess", "fairly": "fairly sure", "sure": "sure"}


class Sure(Kind):
    """How sure somebody is, beside what has a right answer. It is no part of the answer."""

    place = 9
    sole_id = SURE
    script = "sure"

    @classmethod
    def of(cls, exercise: Any) -> list[Sure]:
        asked = exercise.checked
        return [cls(exercise, cls.sole_id, "How sure are you? (if you like)")] if asked else []

    def form(self, context: Context) -> dict[str, Any]:
        return {"options": [{"id": id, "text": text} for id, text in HOW_SURE.items()]}

    def still(self, value: Any, context: Context) -> Still:
        return Still("p", [HOW_SURE.get(value, "……………")])

    def paper(self, context: Context) -> Paper:
        return Paper(self.label, ticks=[*HOW_SURE.values()])

    def said(self, value: Any) -> str | None:
        return None

    def clean(self, value: Any) -> str:
        return value if isinstance(value, str) and value in HOW_SURE else ""

    def complete(self, value: Any) -> bool:
        return False  # whoever says no more than this has not answered

    def left(self, value: Any, context: Context) -> tuple[str, ...]:
        return ()

    def check(self, value: Any, context: Context) -> Outcome:
        return Outcome("empty", "")

    def expected(self, context: Context, text: str) -> str:
        return ""

    def marked(self, context: Context) -> tuple[str, ...]:
        return ()

    def pieces(self, value: Any, context: Context) -> dict[str, Any]:
        return {}

    def marks(self, worth: Any) -> Items:
        return {}
