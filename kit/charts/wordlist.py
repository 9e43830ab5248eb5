"""A naive word list beside a reader's labels: what the list finds, and what it misses."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from kit.base.phrases import all_of, one_line, percent, plural, where
from kit.charts.chart import LISTED, MOST, LabelChart, Table
from kit.charts.sheet import Mark, Row, Rows, Sheet
from kit.charts.textline import TextLine
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import EMPTY, Style
from kit.library.lexicon import Hit

__all__ = ["WordListHits"]

LANE, BAR = 6.2, 4.0
FILLED = Style("#D9D9D9", "////", "rise")


class WordListHits(LabelChart):
    """Where a word list's hits stand and which of them lie within an expectation label, which is
    one that covers all of the hit.

    Args:
        hits: from :func:`kit.library.lexicon.find`, on the article of the coding.
        coding: whose expectation labels.
    """

    topic = "A word list and a reader"

    def __init__(self, hits: Sequence[Hit], coding: Coding):
        super().__init__(coding, "expectation")
        self.hits = sorted(hits, key=lambda hit: hit.at.start)
        # Labels and hits are in text order: of the labels that begin before a hit, one covers it
        # if the farthest end does; of the hits that begin in a label, it covers one if the first
        # end lies in it.
        starts = [label.at.start for label in self.labels]
        farthest = [*accumulate((label.at.end for label in self.labels), max)]
        self.within: list[Hit] = []
        self.outside: list[Hit] = []
        for hit in self.hits:
            before = bisect_right(starts, hit.at.start)
            covered = before > 0 and farthest[before - 1] >= hit.at.end
            (self.within if covered else self.outside).append(hit)
        starts = [hit.at.start for hit in self.hits]
        first_ends = [*accumulate((hit.at.end for hit in reversed(self.hits)), min)][::-1]
        self.found: list[Annotation] = []
        self.missed: list[Annotation] = []
        for label in self.labels:
            after = bisect_left(starts, label.at.start)
            holds = after < len(starts) and first_ends[after] <= label.at.end
            (self.found if holds else self.missed).append(label)

    @cached_property
    def title(self) -> str:
        if not self.hits:
            return "The word list finds nothing here"
        if not self.labels:
            return f"The word list has {plural(len(self.hits), 'hit')}; no label is made yet"
        return f"The word list finds {all_of(len(self.found), len(self.labels), 'label')}"

    @cached_property
    def finding(self) -> str:
        n, labels = len(self.hits), len(self.labels)
        if not n:
            return f"The word list finds nothing here; {self.coder} has {plural(labels, 'label')}."
        if not labels:
            return (
                f"The word list has {plural(n, 'hit')}, but {self.coder} has labelled no "
                "expectation yet: there is nothing to compare."
            )
        within, found = len(self.within), len(self.found)
        return (
            f"Of {plural(n, 'hit')} of the word list, {within:,} ({percent(within / n)}) "
            f"{'lies' if within == 1 else 'lie'} within a label by {self.coder}; of "
            f"{plural(labels, 'label')}, {found:,} ({percent(found / labels)}) "
            f"{'holds' if found == 1 else 'hold'} a hit, and the list misses {labels - found:,}."
        )

    @property
    def words(self) -> list[tuple[str, list[Hit], list[Hit]]]:
        """The entries that are found, with their hits within labels and without, those with most
        hits first."""
        found: dict[str, tuple[list[Hit], list[Hit]]] = {}
        for side, hits in enumerate((self.within, self.outside)):
            for hit in hits:
                found.setdefault(hit.entry.word, ([], []))[side].append(hit)
        rows = [(word, *sides) for word, sides in found.items()]
        return sorted(rows, key=lambda row: (-len(row[1]) - len(row[2]), row[0]))

    @cached_property
    def table(self) -> Table:
        rows: list[tuple[str | int, ...]] = []
        for word, *sides in self.words:
            kind = next(hit.entry.kind for hits in sides for hit in hits)
            places = (where(dict.fromkeys(hit.block for hit in hits), LISTED) for hits in sides)
            rows.append((one_line(word), one_line(kind), *map(len, sides), *places))
        rows.append(("All hits", "", len(self.within), len(self.outside), "", ""))
        labels = (self.found, self.missed)
        places = (where(self.blocks_of(some), LISTED) for some in labels)
        rows.append(("Labels", "", *map(len, labels), *places))
        header = ("Word", "Class", "Agree", "Do not", "Where they agree", "Where they do not")
        return Table(header, tuple(rows))

    @property
    def kind(self) -> str:
        return (
            "Strip chart in four lanes. The text runs from left to right, as long as its words. "
            f"Hits of the word list within a label by {self.coder}: {len(self.within):,}; in no "
            f"label: {len(self.outside):,}. Labels with a hit: {len(self.found):,}; without: "
            f"{len(self.missed):,}."
        )

    def draw(self) -> Sheet:
        lanes: list[tuple[str, Sequence[Hit | Annotation], Mark | Style]] = [
            ("Hits in a label", self.within, Mark("o")),
            ("Hits in no label", self.outside, Mark("x")),
            ("Labels with a hit", self.found, FILLED),
            ("Labels without one", self.missed, EMPTY),
        ]
        cut = f"the first {MOST:,} of each row drawn"
        cut = cut if max(len(own) for _, own, _ in lanes) > MOST else ""
        sheet = self.blank(f"expectations labelled by {self.coder}", cut=cut)
        named = [Row(name, (f"{len(own):,}",), quiet=not own) for name, own, _ in lanes]
        rows = Rows(sheet, Sheet.TOP + 5, LANE, named, heads=("",))
        rows.rule(sheet)
        line = TextLine.beside(self.article, sheet, rows)
        for (name, items, sign), middle in zip(lanes, rows.middles, strict=True):
            for item in items[:MOST]:
                places = self.places(item)
                if isinstance(sign, Mark):
                    x = line.middle(item.at)
                    sheet.mark(x, middle, sign, size=1.6, said=name, places=places)
                else:
                    x, width = line.box(item.at)
                    sheet.box(x, middle - BAR / 2, width, BAR, sign, outline=0.6)
                    sheet.link(x, middle - BAR / 2, width, BAR, name, places)
        return sheet
