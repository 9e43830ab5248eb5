"""How far a whole class agrees on each layer, however large it is.

Every reader's labels on a layer become one byte a unit, and the class is counted unit by unit, so
a thousand readers cost little more than ten. Units are the paragraphs or sentences that a layer
labels; on a layer of labelled words they are the words of the article, and a word is coded with
the main code of the label that covers it, or as *not marked*.

The figures are those of :mod:`kit.measure` for two readers, taken further:

* *percent*: of all pairs of readers on a unit, how many gave the same code. On layers of words
  only pairs of which at least one marked the word count; otherwise all the words that nobody
  would mark would count as agreement.
* *alpha*: Krippendorff's alpha for nominal codes, with a bootstrap interval by resampling units;
  on layers of words by resampling paragraphs, since words of one label come together.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, combinations_with_replacement
from typing import NamedTuple

from kit.coding.codebook import Layer
from kit.coding.coding import Coding
from kit.measure.alpha import Interval, Tally, alpha_of, interval_of
from kit.measure.spans import region
from kit.text.article import Article

#: A byte for a unit that has no code, and one for a word that is not marked.
NOTHING, UNMARKED = 0, 1
_FIRST_CODE = 2
_CODED = re.compile(rb"[^\x00\x01]")


class Unit(NamedTuple):
    """One unit that readers code: its paragraph, and where it stands."""

    id: str
    block: str
    start: int
    end: int


class Scale:
    """What can be said on a layer of an article: its units and codes, each code one byte."""

    def __init__(self, article: Article, layer: Layer):
        self.layer = layer
        self.words = layer.unit == "words"
        #: Whether all there is to choose is to mark words or not.
        self.one_code = self.words and len(layer.codes) < 2
        self.units = tuple(_units(article, layer))
        self._places = {unit.id: n for n, unit in enumerate(self.units)}
        names = [code.id for code in layer.codes] or ["marked"]
        self._bytes = {name: n for n, name in enumerate(names, start=_FIRST_CODE)}
        self._names = {n: name for name, n in self._bytes.items()}

    @cached_property
    def blocks(self) -> dict[str, slice]:
        """By paragraph, where its units stand in a row of codes."""
        sizes = Counter(unit.block for unit in self.units)
        ends = accumulate(sizes.values())
        return {block: slice(end - sizes[block], end) for block, end in zip(sizes, ends)}

    def name(self, code: int) -> str:
        """Return the id of the code that a byte stands for, or “not marked”."""
        return self._names.get(code, "not marked" if code == UNMARKED else "nothing marked")

    def shown(self, code: int) -> str:
        """Return the name of the code that a byte stands for, as the codebook has it."""
        id = self.name(code)
        return next((c.name for c in self.layer.codes if c.id == id), id)

    def coded(self, coding: Coding) -> bytes | None:
        """Return a reader's codes, one byte a unit; None if there is no label on the layer."""
        labels = coding.on(self.layer.id)
        if not labels:
            return None
        row = bytearray(len(self.units))
        if not self.words:
            for a in labels:
                if a.codes:
                    row[self._places[a.id]] = self._bytes[a.codes[0]]
            return bytes(row) if any(row) else None
        row = bytearray(b"\x01" * len(self.units))
        for a in reversed(labels):  # of two labels on a word the one that begins first counts
            code = self._bytes.get(a.codes[0] if a.codes else "marked", _FIRST_CODE)
            for span in region(a):
                for place in self._within(span.start, span.end):
                    row[place] = code
        return bytes(row)

    def _within(self, start: int, end: int) -> range:
        return range(
            bisect_right(self.units, start, key=lambda unit: unit.end),
            bisect_left(self.units, end, key=lambda unit: unit.start),
        )


def _units(article: Article, layer: Layer) -> Iterable[Unit]:
    for block in article.blocks:
        if layer.unit == "block":
            yield Unit(block.id, block.id, block.start, block.end)
        elif layer.unit == "sentence":
            for sentence in block.sentences:
                yield Unit(sentence.id, block.id, sentence.start, sentence.end)
        else:
            for start, end in block.words:
                yield Unit(f"{start}-{end}", block.id, start, end)


class Compared(NamedTuple):
    """How far two readers agree: *percent* and *alpha* as above, or None where there is none."""

    percent: float | None
    alpha: float | None


class Figures(NamedTuple):
    """How far readers agree on a layer.

    Attributes:
        readers: who coded anything on it.
        units: units with two codes or more; of words, those that somebody marked.
        percent: 0 … 1; None without a pair.
        alpha: None where only one code was used.
        interval: the 95 % bootstrap interval of alpha.
    """

    readers: int
    units: int
    percent: float | None
    alpha: float | None
    interval: Interval | None


@dataclass
class ClassLayer:
    """A class's codes on one layer.

    Attributes:
        scale: the layer's units and codes.
        rows: by reader, one byte a unit.
    """

    scale: Scale
    rows: dict[int, bytes] = field(default_factory=dict)
    _compared: dict[bytes, dict[int, Compared]] = field(default_factory=dict, repr=False)

    def add(self, reader: int, row: bytes | None) -> None:
        """Add a reader's codes, as :meth:`Scale.coded` gives them. Call it before any figure."""
        if row is not None:
            self.rows[reader] = row

    @cached_property
    def counts(self) -> list[dict[int, int]]:
        """For each unit how many readers gave it each code."""
        every, width = b"".join(self.rows.values()), len(self.scale.units)
        codes = range(UNMARKED, _FIRST_CODE + len(self.scale._bytes))
        columns = (every[place::width] for place in range(width))
        return [{code: n for code in codes if (n := column.count(code))} for column in columns]

    @cached_property
    def figures(self) -> Figures:
        """How far the class agrees."""
        tallies = [Tally.of(counts) for counts in self.counts]
        resampled = tallies
        if self.scale.words:
            resampled = [Tally.together(tallies[place]) for place in self.scale.blocks.values()]
        return Figures(
            len(self.rows),
            sum(possible > 0 for _, possible in self._pairs),
            _share(self._pairs),
            alpha_of(tallies),
            interval_of(resampled),
        )

    @cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        """For each unit how many pairs of readers agree on it, and how many there are."""
        found = []
        for counts in self.counts:
            n = sum(counts.values())
            idle = counts.get(UNMARKED, 0) if self.scale.words else 0
            agreed = sum(m * (m - 1) for code, m in counts.items() if code != UNMARKED)
            found.append((agreed, n * (n - 1) - idle * (idle - 1)))
        return found

    def disagreement(self) -> list[float | None]:
        """Return for each unit the share of pairs of readers who differ; None without a pair."""
        return [_share([pair], differ=True) for pair in self._pairs]

    def by_block(self) -> dict[str, float | None]:
        """Return for each paragraph the share of pairs of readers who differ in it."""
        places = self.scale.blocks.items()
        return {block: _share(self._pairs[place], differ=True) for block, place in places}

    def confusion(self) -> Counter:
        """Return how many pairs of readers met with each pair of codes, the smaller byte first;
        on layers of words without pairs of which neither marked the word."""
        met: Counter = Counter()
        for counts in self.counts:
            for one, other in combinations_with_replacement(sorted(counts), 2):
                n, m = counts[one], counts[other]
                met[one, other] += n * (n - 1) // 2 if one == other else n * m
        met.pop((UNMARKED, UNMARKED), None)
        return +met

    def with_class(self, reader: int) -> float | None:
        """Return how far one reader agrees with the others, as *percent* does; None alone."""
        row, counts, pairs = self.rows[reader], self.counts, self._pairs_of_one
        agreed, possible = 0, sum(self._markers) if self.scale.words else 0
        for match in _CODED.finditer(row):
            place = match.start()
            agreed += counts[place][row[place]] - 1
            possible += pairs[place]
        return agreed / possible if possible else None

    @cached_property
    def _pairs_of_one(self) -> list[int]:
        """For each unit how many pairs a reader who coded it adds. A word that the reader left
        out makes a pair with each who marked it, one that is marked with each of the others."""
        others = [sum(counts.values()) - 1 for counts in self.counts]
        if not self.scale.words:
            return others
        return [n - marked for n, marked in zip(others, self._markers)]

    @cached_property
    def _markers(self) -> list[int]:
        """For each word how many readers marked it."""
        return [sum(counts.values()) - counts.get(UNMARKED, 0) for counts in self.counts]

    def with_row(self, other: bytes | None) -> Mapping[int, Compared]:
        """Return how far each reader agrees with another row, such as the reference's; with None
        nobody does."""
        if other is None:
            return dict.fromkeys(self.rows, Compared(None, None))
        if other not in self._compared:
            self._compared[other] = {n: compared(row, other) for n, row in self.rows.items()}
        return self._compared[other]


def compared(one: bytes, other: bytes) -> Compared:
    """Return how far two rows agree."""
    values: Counter = Counter()
    both = told = agreed = equal = 0
    for (a, b), n in Counter(zip(one, other)).items():
        if a == NOTHING or b == NOTHING:
            continue
        both += n
        values[a] += n
        values[b] += n
        equal += n if a == b else 0
        if (a, b) != (UNMARKED, UNMARKED):
            told += n
            agreed += n if a == b else 0
    # Two codes on a unit add a disagreement of 2, or none.
    tally = Tally(dict(values), 2 * both, 2.0 * (both - equal))
    return Compared(agreed / told if told else None, alpha_of([tally]))


def _share(pairs: Sequence[tuple[int, int]], *, differ: bool = False) -> float | None:
    """Return how many of some pairs agree, or differ; None where there are none."""
    agreed, possible = (sum(pair[n] for pair in pairs) for n in (0, 1))
    if not possible:
        return None
    return 1 - agreed / possible if differ else agreed / possible
