"""A field for one number."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable
from kit.exercises.exercise import ExerciseError
from kit.exercises.kinds.kind import Kind, doubled, named, short_text
from kit.exercises.outcome import Context, Part

MAX_NUMBER = 60
_WRITE_ONE = "Write a number here, in figures or as a word."

_FIGURES = re.compile(r"([+-]?)(\d{1,3}(?:[ ,]\d{3})+|\d+)(?:[.,](\d+))?", re.ASCII)
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: n for n, word in enumerate(_UNITS)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
_WORDS |= {"none": 0, "no": 0, "nought": 0, "a": 1}


class Wrong(TomlTable):
    """A wrong number that students are known to give, and what to say to it."""

    value: float
    reason: str


class Number(TomlTable):
    """A field for one number; the right one is a fact's. Where it is ``drawn``, what is typed
    stands under it as so many squares."""

    id: str
    label: str
    drawn: bool = False
    fact: str = ""
    wrong: tuple[Wrong, ...] = ()
    other: str = ""


class NumberField(Kind):
    """A number, typed in figures or as a word."""

    class Keys(TomlTable):
        # Of a label exercise these are names.
        fields: tuple[Number | str, ...] = ()

    statuses = {"count": ("fact", "anchor", "open")}
    where = ("count",)
    kept = {"fields": named("id", "label", "drawn")}
    place = 1
    script = "number"

    def __init__(self, exercise: Any, field: Number):
        super().__init__(exercise, field.id, field.label)
        self.field = field

    @classmethod
    def of(cls, exercise: Any) -> list[NumberField]:
        return [cls(exercise, field) for field in exercise.numbers]

    @classmethod
    def contradictions(cls, exercise: Any) -> Iterator[str]:
        if exercise.kind not in cls.statuses:
            return
        if not exercise.numbers or exercise.checked_fields:
            yield 'a count needs number fields: "[[exercises.fields]]" with id and label.'
        for field in exercise.numbers if exercise.checked else ():
            yield from (f"field “{field.id}”: {said}" for said in _amiss(field))

    @classmethod
    def problems(cls, exercise: Any, context: Context) -> Iterator[str]:
        for field in exercise.numbers if exercise.checked else ():
            try:
                right, tolerance = right_number(field, context)
            except ExerciseError as problem:
                yield f"field “{field.id}”: {problem}"
                continue
            for wrong in field.wrong:
                if abs(wrong.value - right) <= tolerance:
                    yield f"field “{field.id}”: {wrong.value:g} is listed as wrong, and is right."
            if context.facts and context.facts[field.fact].status == "unchecked":
                yield (
                    f"field “{field.id}”: “{field.fact}” could not be checked; grade nobody on it."
                )

    def form(self, context: Context) -> dict[str, Any]:
        return {"drawn": self.field.drawn}

    def clean(self, value: Any) -> str:
        """Return a number as it was typed, or "" for what is none and no attempt at one."""
        if isinstance(value, bool):
            return ""
        if isinstance(value, int | float):
            return f"{value:.15g}" if abs(value) < 1e15 else ""
        return short_text(value, MAX_NUMBER)

    def complete(self, value: Any) -> bool:
        return bool(value) and parse_number(value) is not None

    def judge(self, value: Any, context: Context) -> Part:
        number = parse_number(value)
        if number is None:
            return Part(None, _WRITE_ONE)
        right, tolerance = right_number(self.field, context)
        if math.isclose(number, right, rel_tol=1e-9, abs_tol=tolerance + 1e-9):
            return Part(True)
        for wrong in self.field.wrong:
            if math.isclose(number, wrong.value, rel_tol=1e-9, abs_tol=1e-9):
                return Part(False, context.say(wrong.reason))
        return Part(False, context.say(self.field.other))

    def remark(self, value: Any, context: Context) -> str:
        return "" if self.complete(value) else _WRITE_ONE

    def expected(self, context: Context, text: str) -> str:
        return f"{right_number(self.field, context)[0]:g}" if self.exercise.checked else "1"

    def wrong(self, context: Context) -> str | None:
        if not self.exercise.checked:
            return None
        number, tolerance = right_number(self.field, context)
        known = self.field.wrong
        return f"{known[0].value if known else number + tolerance + 1:g}"


def right_number(field: Number, context: Context) -> tuple[float, float]:
    """Return a field's right number, as it is printed, and how far off is near enough.

    That is nothing for a whole number, and half a unit of the last printed digit for one that was
    rounded.

    Raises:
        ExerciseError: the fact is not there, or is no number.
    """
    try:
        fact = context.facts[field.fact] if context.facts is not None else None
    except (KeyError, KitError):
        fact = None
    if fact is None:
        raise ExerciseError(f"There is no fact “{field.fact}” on {context.article.id}.")
    shown = parse_number(str(fact.shown))
    if shown is None:
        raise ExerciseError(f"The fact “{field.fact}” is no number: {fact.shown}.")
    if not isinstance(fact.value, float):
        return shown, 0.0
    digits = re.search(r"\d[.,](\d+)\D*$", fact.shown)
    return shown, 0.5 * 10 ** -len(digits[1] if digits else "")


def parse_number(text: str) -> float | None:
    """Return the number that a person wrote, or None.

    Understands figures (``4``, ``4.0``, ``1 388``, ``1,388``, ``22,7``), English words below a
    hundred (``four``, ``twenty-two``), and a per cent sign after either or a paragraph’s P
    before figures (``P12``), which change nothing.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("−", "-")
    plain = re.sub(r"^(p|¶)\s*(?=\d)", "", plain)
    plain = re.sub(r"\s*(%|per\s?cent)$", "", plain).rstrip(".")
    plain = re.sub(r"\s+", " ", plain)
    figures = _FIGURES.fullmatch(plain)
    if figures:
        sign, whole, fraction = figures.groups()
        whole = re.sub(r"[ ,]", "", whole)
        return float(f"{sign}{whole}.{fraction or 0}")
    return _number_word(plain)


def _number_word(text: str) -> float | None:
    words = re.split(r"[\s-]+", text)
    return float(sum(_WORDS[word] for word in words)) if {*words} <= {*_WORDS} else None


def _amiss(field: Number) -> Iterator[str]:
    """Yield what a field whose number is checked shows to be wrong."""
    if not field.fact:
        yield "say in “fact” which number is right."
    if not field.other.strip():
        yield "say in “other” what to tell somebody who gives any other wrong number."
    yield from doubled([wrong.value for wrong in field.wrong], "wrong numbers")
