"""What the tests of exercises share: an article, a reading to check against, a few facts."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from kit.coding.coding import Annotation, Coding
from kit.exercises import Context, Exercise, find, load
from kit.library import datasets
from kit.library.reference import Dispute, Reading
from kit.text.span import Span

DATA = Path(__file__).parent / "data" / "exercises"
ARTICLE = datasets.load_article("blinken-beijing-2023")
CODEBOOK = datasets.codebook("blinken-beijing-2023")
A = datasets.load_coding(ARTICLE.id, "a")
B = datasets.load_coding(ARTICLE.id, "b")


class Reference:
    """Reading A as the reference, B as the second reader."""

    def __init__(self, coding: Coding, readers: tuple[Coding, ...], disputes: tuple[Dispute, ...]):
        self.coding = coding
        self._other = readers[1]
        self._disputes = disputes

    def dispute(self, layer: str, id: str) -> Dispute | None:
        return next((d for d in self._disputes if (d.layer, d.id) == (layer, id)), None)

    def disputed(self, layer: str) -> frozenset[str]:
        return frozenset(d.id for d in self._disputes if d.layer == layer)

    def anchors(self, layer: str) -> frozenset[str]:
        def key(a: Annotation):
            place = a.parts.get("content", (a.at,))[0]
            return (a.codes[:1], place.start // 8)

        there = {key(a) for a in self._other.on(layer)}
        agreed = frozenset(a.id for a in self.coding.on(layer) if key(a) in there)
        return agreed - self.disputed(layer)


class Fact(NamedTuple):
    value: Any
    shown: str
    status: str = ""


class Facts(dict):
    """Facts by id, from a small file."""

    def fill(self, text: str) -> str:
        return re.sub(r"\{([\w-]+)\}", lambda found: self[found[1]].shown, text)


DISPUTES = (
    Dispute(
        "role",
        "P7",
        "Does P7 tell the past, or how things stand?",
        (
            Reading("A", "It reaches back five years.", ("historical-event",)),
            Reading("B", "Rarity and rank hold now.", ("current-context",)),
        ),
    ),
    Dispute(
        "role",
        "P38",
        "Judgement or hope?",
        (
            Reading("A", "He judges the visit.", ("evaluation",)),
            Reading("B", "He hopes and fears.", ("expectation",)),
        ),
    ),
    Dispute(
        "expectation",
        "e24",
        "Is being keen a promise?",
        (
            Reading("A", "He is ready to agree.", ("raise",)),
            Reading("B", "He promises nothing.", ("hold-open",)),
            Reading("C", "It is courtesy.", ()),
        ),
    ),
)
FACTS = Facts(
    (id, Fact(**fact))
    for id, fact in tomllib.loads((DATA / "facts.toml").read_text(encoding="utf-8")).items()
)
REFERENCE = Reference(A, (A, B), DISPUTES)
EXERCISES = load("03-every-kind", folder=DATA)


def exercise(id: str) -> Exercise:
    return find(EXERCISES, id)


def context(*labels: Annotation) -> Context:
    """Everything there is, with these labels as the student's."""
    coding = Coding(ARTICLE, CODEBOOK, "Ana", labels)
    return Context(ARTICLE, coding, CODEBOOK, REFERENCE, FACTS)


def unit(id: str, layer: str, *codes: str, note: str = "") -> Annotation:
    place = ARTICLE.unit(id)
    return Annotation(id, layer, Span(place.start, place.end), codes, note=note)


def span(phrase: str) -> Span:
    start = ARTICLE.text.index(phrase)
    return Span(start, start + len(phrase))


def words(phrase: str, layer: str, *codes: str, id: str = "w1", **rest) -> Annotation:
    return Annotation(id, layer, span(phrase), codes, **rest)
