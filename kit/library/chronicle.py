"""When what the article tells happened, and what came of the tests that it sets.

The days stand off from the text, as labels do: each entry repeats words of one block, and loading
finds the place they stand in. How a day is known goes with it, so that no guess can pass for a
fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date as Day
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec

from kit.base.errors import KitError
from kit.base.phrases import brief
from kit.base.toml_reader import TomlTable, read_toml
from kit.library import datasets
from kit.text.article import Article
from kit.text.span import Span

Basis = Literal["text", "checked", "unchecked"]
NOWHERE = Span(0, 0)  # until the words have been found
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


class ChronicleError(KitError, ValueError):
    """Dates or benchmarks that cannot be used; the message says which, why and what to do."""


class Source(TomlTable):
    """Something published that was found and read."""

    publisher: str
    title: str = ""
    date: Day | None = None

    def __str__(self) -> str:
        when = days(self.date) if self.date else ""
        title = f"“{self.title}”" if self.title else ""
        return ", ".join(filter(None, [title, self.publisher, when]))


class _Entry(TomlTable, kw_only=True):
    """What every entry has.

    Attributes:
        id: short name, unique among its kind.
        date, until: the day, or the first and the last day.
        sources: ids of the file's sources; ``look_up``: where one would look instead.
        source: the sources, or the place to look, in words; filled in on loading.
    """

    id: str
    until: Day | None = None
    sources: tuple[str, ...] = ()
    look_up: str = ""
    source: str = ""


class TimeWord(_Entry, kw_only=True):
    """Words of the article that point to a day, and the day.

    Attributes:
        block, words, occurrence: the nth time that a block has these words.
        event: what happened then, in plain words.
        basis: ``text`` follows from the file, ``checked`` from a source; ``unchecked`` is never
            graded.
        at: the place in the article; filled in on loading.
    """

    block: str
    words: str
    date: Day
    event: str
    basis: Basis
    occurrence: int = 1
    at: Span = NOWHERE


class Event(_Entry, kw_only=True):
    """Something that happened; ``block`` is where the article first tells or announces it, and
    empty when it does not."""

    label: str
    date: Day
    basis: Basis
    block: str = ""


class Benchmark(_Entry, kw_only=True):
    """A test by which the visit can be judged.

    Attributes:
        block, words, occurrence, at: where the article sets it; ``also`` has other blocks.
        test: what would have to happen.
        by: who sets the test.
        came: what came of it; ``date`` and ``until`` say when.
        basis: whether what came of it is ``checked``; ``unchecked`` is never graded.
    """

    block: str
    words: str
    test: str
    by: str
    came: str
    basis: Literal["checked", "unchecked"] = msgspec.field(name="status")
    date: Day | None = None
    also: tuple[str, ...] = ()
    occurrence: int = 1
    at: Span = NOWHERE


Entry = TypeVar("Entry", bound=TimeWord | Event | Benchmark)


class Chronicle:
    """The days behind one article.

    Attributes:
        published: its day, if known.
        words: the time words, in text order.
        events: in the order in which they happened.
        benchmarks: in text order.

    Raises:
        ChronicleError: an id comes twice, a day ends before it begins, or events stand out of
            order.
    """

    def __init__(
        self,
        article: Article,
        words: tuple[TimeWord, ...] = (),
        events: tuple[Event, ...] = (),
        benchmarks: tuple[Benchmark, ...] = (),
    ):
        for kind, entries in (("time word", words), ("event", events), ("benchmark", benchmarks)):
            ids = [entry.id for entry in entries]
            for entry in entries:
                if ids.count(entry.id) > 1:
                    raise ChronicleError(f"Two {kind}s share the id “{entry.id}”. Rename one.")
                if entry.until and (not entry.date or entry.until < entry.date):
                    raise ChronicleError(f"The {kind} “{entry.id}” ends before it begins.")
        for before, after in zip(events, events[1:]):
            if after.date < before.date:
                raise ChronicleError(
                    f"The event “{after.id}” happened before “{before.id}”, but stands after it. "
                    "List events in the order in which they happened."
                )
        self.article = article
        self.published: Day | None = article.meta.get("date")
        self.words = tuple(sorted(words, key=lambda word: word.at.start))
        self.events = events
        self.benchmarks = tuple(sorted(benchmarks, key=lambda benchmark: benchmark.at.start))


@cache
def load(article_id: str) -> Chronicle:
    """Return the chronicle of an article, from its ``dates.toml`` and ``benchmarks.toml``.

    Raises:
        ArticleError: there is no such article.
        ChronicleError: the article has no dates, or a file cannot be used.
    """
    article = datasets.load_article(article_id)
    folder = datasets.root() / "datasets" / article_id
    if not (folder / "dates.toml").is_file():
        raise ChronicleError(f"The article “{article_id}” has no dates: there is no dates.toml.")
    return read(article, folder / "dates.toml", folder / "benchmarks.toml")


def read(article: Article, dates: Path, benchmarks: Path | None = None) -> Chronicle:
    """Read a chronicle from its files; of the second there need be none.

    Raises:
        ChronicleError: a file cannot be read, or says what cannot be; the message names it.
    """
    file = read_toml(dates, _Dates, ChronicleError)
    words = _filled(dates.name, file.words, file.sources, article)
    events = _filled(dates.name, file.events, file.sources, article)
    tests: tuple[Benchmark, ...] = ()
    if benchmarks and benchmarks.is_file():
        more = read_toml(benchmarks, _Benchmarks, ChronicleError)
        tests = _filled(benchmarks.name, more.benchmarks, more.sources, article)
    return Chronicle(article, words, events, tests)


def days(first: Day, last: Day | None = None, *, short: bool = False) -> str:
    """Return a day or a range of days in words: ``"10–11 May 2023"``; ``short`` cuts the months
    to three letters. Always in English, whatever the machine speaks."""
    if last is None or last == first:
        return f"{first.day} {_month(first, short)} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{days(last, short=short)}"
    begin = f"{first.day} {_month(first, short)}"
    if first.year != last.year:
        begin += f" {first.year}"
    return f"{begin} – {days(last, short=short)}"


def _month(day: Day, short: bool) -> str:
    return _MONTHS[day.month - 1][: 3 if short else None]


# -- files -----------------------------------------------------------------------------------------


class _Dates(TomlTable):
    words: tuple[TimeWord, ...]
    events: Annotated[tuple[Event, ...], msgspec.Meta(min_length=1)]
    sources: dict[str, Source] = {}


class _Benchmarks(TomlTable):
    benchmarks: tuple[Benchmark, ...]
    sources: dict[str, Source] = {}


def _filled(
    name: str, entries: tuple[Entry, ...], sources: dict[str, Source], article: Article
) -> tuple[Entry, ...]:
    """Return the entries with their sources in words and their places in the article."""
    filled = []
    for entry in entries:
        for said in _amiss(entry, sources, article):
            raise ChronicleError(f"{name}: “{brief(entry.id)}”: {said}.")
        known = entry.look_up or "; ".join(str(sources[id]) for id in entry.sources)
        whole = msgspec.structs.replace(entry, source=known)
        if not isinstance(entry, Event):
            at = _places(article, entry)[entry.occurrence - 1]
            whole = msgspec.structs.replace(whole, at=at)
        filled.append(whole)
    return tuple(filled)


def _amiss(
    entry: TimeWord | Event | Benchmark, sources: dict[str, Source], article: Article
) -> Iterator[str]:
    """Yield what is wrong with an entry."""
    if entry.source or getattr(entry, "at", NOWHERE) != NOWHERE:
        yield "source and at are worked out; take them out"
    if bool(entry.sources) != (entry.basis == "checked"):
        yield "sources are for what is checked, and for nothing else"
    if bool(entry.look_up) != (entry.basis == "unchecked"):
        yield "look_up is for what is unchecked, and for nothing else"
    for id in entry.sources:
        if id not in sources:
            yield f"there is no source “{brief(id)}” in the file"
    # An event that the article does not tell of has no block.
    told = [entry.block] if entry.block or not isinstance(entry, Event) else []
    for id in (*told, *getattr(entry, "also", ())):
        if id not in {block.id for block in article.blocks}:
            yield f"the article has no {brief(id, 40) or 'paragraph without a number'}"
    if not isinstance(entry, Event):
        found = len(_places(article, entry))
        if not 1 <= entry.occurrence <= found:
            yield (
                f"{entry.block} has the words “{brief(entry.words)}” {found} times, "
                f"and the entry asks for occurrence {entry.occurrence}"
            )


def _places(article: Article, entry: TimeWord | Benchmark) -> list[Span]:
    """Return where the entry's words stand in its block, as whole words."""
    block = article.block(entry.block)
    starts, ends = ({word[n] for word in block.words} for n in (0, 1))
    found = []
    at = block.text.find(entry.words) if entry.words else -1
    while at >= 0:
        start, end = block.start + at, block.start + at + len(entry.words)
        if start in starts and end in ends:
            found.append(Span(start, end, entry.words))
        at = block.text.find(entry.words, at + 1)
    return found
