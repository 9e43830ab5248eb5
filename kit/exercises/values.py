"""What a page sends as an answer, taken with a pinch of salt.

A page is not to be trusted: whatever has not the form of an answer counts as no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from kit.exercises.model import Exercise

__all__ = ["clean", "parse_number"]

MAX_NUMBER = 60
MAX_TEXT = 50_000
MAX_WORDS = 4_000
MAX_ROWS = 30

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
_SCALES = {"hundred": 100, "thousand": 1000}


def clean(exercise: Exercise, values: Any) -> dict[str, Any]:
    """Return the answers that have the form of one, by control, as plain JSON data.

    An answer that names something the exercise has not, is far too long, or is of another type is
    left out; so is an empty one.
    """
    if not isinstance(values, Mapping):
        return {}
    kept: dict[str, Any] = {}
    for field in exercise.numbers:
        kept[field.id] = _number(values.get(field.id))
    for question in exercise.questions:
        known = {option.id for option in exercise.options_of(question)}
        chosen = _ids(values.get(question.id), known)
        kept[question.id] = chosen if len(chosen) <= question.most else []
    if exercise.items:
        known = {item.id for item in exercise.items}
        order = _ids(values.get("order"), known)
        kept["order"] = order if len(order) == len(known) else []
    for text in exercise.texts:
        kept[text.id] = _text(values.get(text.id), MAX_TEXT)
    if exercise.evidence:
        kept["evidence"] = _rows(values.get("evidence"))
    return {id: value for id, value in kept.items() if value}


def parse_number(text: str) -> float | None:
    """Return the number that a person wrote, or None.

    Understands figures (``4``, ``4.0``, ``1 388``, ``1,388``, ``22,7``), English words up to the
    thousands (``four``, ``twenty-two``), and a per cent sign after either, which changes nothing.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("−", "-")
    plain = re.sub(r"\s*(%|per\s?cent)$", "", plain).rstrip(".")
    plain = re.sub(r"\s+", " ", plain)
    figures = _FIGURES.fullmatch(plain)
    if figures:
        sign, whole, fraction = figures.groups()
        whole = re.sub(r"[ ,]", "", whole)
        return float(f"{sign}{whole}.{fraction or 0}")
    return _in_words(plain)


def _in_words(text: str) -> float | None:
    words = [word for word in re.split(r"[\s-]+", text) if word != "and"]
    if not words:
        return None
    total = group = 0
    for word in words:
        if word in _WORDS:
            group += _WORDS[word]
        elif word in _SCALES and group:
            group *= _SCALES[word]
            if word == "thousand":
                total, group = total + group, 0
        else:
            return None
    return float(total + group)


def _number(value: Any) -> str:
    """Return a number as it was typed, or "" for what is none and no attempt at one."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return f"{value:.15g}" if abs(value) < 1e15 else ""
    return _text(value, MAX_NUMBER)


def _ids(value: Any, known: set[str]) -> list[str]:
    """Return a list of known ids, each once; nothing if there is anything else in it."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return []
    if not all(isinstance(id, str) and id in known for id in value):
        return []
    return list(dict.fromkeys(value))


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or not value.strip():
        return ""
    return value.encode("utf-8", "replace").decode("utf-8")  # a page may send half a character


def _rows(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return []
    rows = []
    for row in value[:MAX_ROWS]:
        if isinstance(row, Mapping):
            kept = {
                "block": _text(row.get("block"), MAX_NUMBER).strip(),
                "words": _text(row.get("words"), MAX_WORDS),
            }
            if any(kept.values()):
                rows.append(kept)
    return rows
