"""The student's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kit.base.phrases import plural
from kit.base.toml_reader import TomlTable
from kit.exercises.kinds.kind import FREE, Kind, Paper, named, short_text
from kit.exercises.outcome import Context

__all__ = ["FreeText", "Text"]

MAX_TEXT = 50_000
#: How many handwritten words go on a ruled line, and for how many there is room if none are asked.
_WORDS_A_LINE, _WORDS = 9, 40


class Text(TomlTable):
    """A field for the student's own words, and how much evidence they need."""

    id: str
    label: str
    starter: str = ""
    words: tuple[int, int] | None = None
    evidence: int = 0


class FreeText(Kind):
    """A field for the student's own words, which a person reads."""

    class Keys(TomlTable):
        texts: tuple[Text, ...] = ()

    items = dict.fromkeys(FREE, ("disputed", "open"))
    kept = {"texts": named("id", "label", "starter", "words", "evidence")}
    place = 6
    script = "text"

    def __init__(self, exercise: Any, text: Text):
        super().__init__(exercise, text.id, text.label)
        self.text = text

    @classmethod
    def of(cls, exercise: Any) -> list[FreeText]:
        return [cls(exercise, text) for text in exercise.texts]

    @classmethod
    def contradictions(cls, exercise: Any) -> Iterator[str]:
        if exercise.kind in cls.items:
            if not (exercise.texts or exercise.questions):
                yield "there is nothing to answer: add texts."
            if exercise.item == "disputed" and not exercise.questions:
                yield "disputed needs a question with readings; without one, make it open."
        for text in exercise.texts:
            if text.words and not 0 < text.words[0] <= text.words[1]:
                yield f"text “{text.id}”: words are [least, most]."

    @classmethod
    def texts(cls, exercise: Any) -> Iterator[str]:
        for text in exercise.texts:
            yield from (text.label, text.starter)

    def form(self, context: Context) -> dict[str, Any]:
        return {"starter": context.fill(self.text.starter), "words": list(self.text.words or ())}

    def paper(self, context: Context) -> Paper:
        words = self.text.words
        how = f"{words[0]} to {words[1]} words." if words else ""
        lines = max(3, -(-(words[1] if words else _WORDS) // _WORDS_A_LINE))
        begun = context.fill(self.text.starter).strip()
        return Paper(context.say(self.label), how, begun, lines)

    def clean(self, value: Any) -> str:
        return short_text(value, MAX_TEXT)

    def remark(self, value: Any, context: Context) -> str:
        if self.text.words:
            least, most = self.text.words
            wrote = len(value.split())
            if not least <= wrote <= most:
                return f"You wrote {plural(wrote, 'word')}; {least} to {most} would be about right."
        return ""

    def expected(self, context: Context, text: str) -> str:
        return text
