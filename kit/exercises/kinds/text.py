"""The student's own words."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from msgspec import Meta

from kit.base.phrases import join
from kit.base.toml_reader import TomlTable
from kit.exercises.kinds.kind import FREE, Kind, Paper, named, short_text
from kit.exercises.markup import plain
from kit.exercises.outcome import Context, Exemplar, Outcome, Part
from kit.text.article import find_words

MAX_TEXT = 50_000
#: How many handwritten words go on a ruled line, and for how many there is room if none are asked.
_WORDS_A_LINE, _WORDS = 9, 40
#: Of how many words that are asked for one must be the student's own to have tried.
_TRIED = 4
#: What has to be said of a source.
SOURCE = ("a publisher", "a date with its year", "an address", "a passage in quotation marks")
_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]*)[“”»\"]")
_LEAST_QUOTED = 3  # words
_PAGE = re.compile(r"\bpage \d+", re.IGNORECASE)  # of a packet on paper
_ADDRESS = re.compile(r"\w\.[^\W\d_]{2}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAME = re.compile(r"[^\W\d_]{2}")


class Text(TomlTable):
    """A field for the student's own words, and how much evidence they need; ``source`` if they name
    a source outside the article with publisher, date, address and passage, ``copied`` if they
    are copied from it and nothing else."""

    id: str
    label: str
    starter: str = ""
    words: tuple[int, int] | None = None
    evidence: Annotated[int, Meta(ge=0, le=10)] = 0
    source: bool = False
    copied: bool = False


class FreeText(Kind):
    """A field for the student's own words, which a person reads."""

    class Keys(TomlTable):
        texts: tuple[Text, ...] = ()
        exemplar: Exemplar | None = None  # never in a hand-out for a mark

    statuses = dict.fromkeys(FREE, ("disputed", "open"))
    kept = {"texts": named("id", "label", "starter", "words", "evidence", "source", "copied")}
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
        if exercise.kind in cls.statuses and not (exercise.texts or exercise.questions):
            yield "there is nothing to answer: add texts."

    def form(self, context: Context) -> dict[str, Any]:
        return {
            "starter": context.fill(self.text.starter),
            "words": list(self.text.words or ()),
            "copied": self.text.copied,
        }

    def paper(self, context: Context) -> Paper:
        words = self.text.words
        how = f"{words[0]} to {words[1]} words." if words else ""
        lines = max(3, -(-(words[1] if words else _WORDS) // _WORDS_A_LINE))
        begun = context.fill(self.text.starter).strip()
        return Paper(context.say(self.label), how, begun, lines)

    def clean(self, value: Any) -> str:
        return short_text(value, MAX_TEXT)

    def check(self, value: Any, context: Context) -> Outcome:
        if value and self.text.source and (lacks := _lacking(value)):
            say = f"Still to come: {join(lacks)}. A person looks them up; the kit sees only whether"
            return Outcome("not yet", "", {self.id: Part(False, f"{say} something is there.")})
        return super().check(value, context)

    def expected(self, context: Context, text: str) -> str:
        source = "A newspaper, 14 June 2023, news.example/1: “words that were copied from it”."
        return f"{text} {source}" if self.text.source else text


def tried(exercise: Any, given: Mapping[str, Any]) -> bool:
    """Say whether texts show a try: different words that the exercise itself has not."""
    own = _different(" ".join(given[text.id] for text in exercise.texts))
    asks = [exercise.prompt, exercise.support, *(text.starter for text in exercise.texts)]
    least = sum(text.words[0] for text in exercise.texts if text.words)
    return len(own - _different(plain(" ".join(asks)))) * _TRIED >= least


def _different(text: str) -> set[str]:
    return {text[start:end].casefold() for start, end in find_words(text)}


def _lacking(value: str) -> list[str]:
    """Return what is not said of a source; whether what is said is true, only a person can see."""
    passage = any(len(said.split()) >= _LEAST_QUOTED for said in _QUOTED.findall(value))
    words = _QUOTED.sub(" ", value)
    others = [word for word in words.split() if not _ADDRESS.search(word)]
    address = _PAGE.search(words) or len(others) < len(words.split())
    names = (word.strip(",.;:()") for word in _PAGE.sub(" ", " ".join(others)).split())
    publisher = any(_NAME.search(name) and name.title() not in month_name for name in names)
    there = (publisher, _YEAR.search(words), address, passage)
    return [name for name, found in zip(SOURCE, there, strict=True) if not found]
