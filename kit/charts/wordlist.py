"""A naive word list beside a reader's labels: what the list finds, and what it misses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from kit.base.phrases import all_of, one_line, percent, plural, where
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark
from kit.charts.tally import LabelTally
from kit.charts.textline import TextLine
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import EMPTY, Style
from kit.library.lexicon import Hit

__all__ = ["wordlist_chart"]

LAYER = "expectation"
LANE, BAR = 6.2, 4.0
FILLED = Style("#D9D9D9", "////", "rise")
# How many words the text alternative names; the table has them all.
MOST_NAMED = 20


def wordlist_chart(hits: Sequence[Hit], coding: Coding) -> Chart:
    """Chart where a word list's hits stand and which of them lie within an expectation label.

    Args:
        hits: from :func:`kit.library.lexicon.find`, on the article of the coding.
        coding: whose expectation labels.

    Raises:
        CodebookError: the codebook has no layer ``expectation``.
    """
    return _Compared(hits, coding).chart()


class _Compared(LabelTally):
    """A hit lies within a label that covers all of it."""

    topic = "A word list and a reader"

    def __init__(self, hits: Sequence[Hit], coding: Coding):
        super().__init__(coding, LAYER)
        self.hits = sorted(hits, key=lambda hit: hit.at.start)
        self.within = [h for h in self.hits if any(_covers(a, h) for a in self.labels)]
        self.outside = [h for h in self.hits if h not in self.within]
        self.found = [a for a in self.labels if any(_covers(a, h) for h in self.hits)]
        self.missed = [a for a in self.labels if a not in self.found]

    @property
    def title(self) -> str:
        if not self.hits or not self.labels:
            return f"{plural(len(self.hits), 'hit')} and {plural(len(self.labels), 'label')}"
        return f"The word list finds {all_of(len(self.found), len(self.labels), 'label')}"

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

    @cached_property
    def words(self) -> list[tuple[str, str, list[Hit]]]:
        """The entries that are found, with their hits, those with most hits first."""
        by_word: dict[str, list[Hit]] = {}
        for hit in self.hits:
            by_word.setdefault(hit.entry.word, []).append(hit)
        rows = [(word, hits[0].entry.kind, hits) for word, hits in by_word.items()]
        return sorted(rows, key=lambda row: (-len(row[2]), row[0]))

    def table(self) -> Table:
        rows: list[tuple[str | int, ...]] = []
        for word, kind, hits in self.words:
            inside = [hit.block for hit in hits if hit in self.within]
            outside = [hit.block for hit in hits if hit not in self.within]
            counts = (len(inside), len(outside))
            places = (where(dict.fromkeys(blocks)) for blocks in (inside, outside))
            rows.append((one_line(word), one_line(kind), *counts, *places))
        rows.append(("All hits", "", len(self.within), len(self.outside), "", ""))
        labels = (self.found, self.missed)
        places = (where(self.blocks_of(some)) for some in labels)
        rows.append(("Labels", "", *map(len, labels), *places))
        header = ("Word", "Class", "Agree", "Do not", "Where they agree", "Where they do not")
        return Table(header, tuple(rows))

    def alt(self) -> str:
        named = [
            f"{one_line(word)} {plural(len(hits), 'time')}"
            for word, _, hits in self.words[:MOST_NAMED]
        ]
        if len(self.words) > MOST_NAMED:
            named.append(f"and {len(self.words) - MOST_NAMED} more words in the table")
        said = [
            "Strip chart in four lanes. The text runs from left to right, as long as its words. "
            f"Hits of the word list within a label by {self.coder}: {len(self.within):,}; in no "
            f"label: {len(self.outside):,}. Labels with a hit: {len(self.found):,}; without: "
            f"{len(self.missed):,}.",
            f"Found: {', '.join(named)}." if named else "",
        ]
        return " ".join(filter(None, said))

    def draw(self) -> s.Sheet:
        lanes: list[tuple[str, Sequence[Hit | Annotation], Mark | Style]] = [
            ("Hits in a label", self.within, Mark("o")),
            ("Hits in no label", self.outside, Mark("x")),
            ("Labels with a hit", self.found, FILLED),
            ("Labels without one", self.missed, EMPTY),
        ]
        top = s.Sheet.TOP + 5
        rows = s.Rows([name for name, *_ in lanes], top, LANE)
        source = f"{self.topic} · expectations labelled by {self.coder}"
        sheet = s.Sheet(rows.bottom + 7, self.title, source)
        line = TextLine(self.article, rows.left, s.WIDTH - s.MARGIN - 12)
        line.draw_axis(sheet, top, rows.bottom)
        for (name, items, sign), middle in zip(lanes, rows.middles, strict=True):
            colour = s.INK if items else s.QUIET
            sheet.text(s.MARGIN, middle, name, colour=colour)
            sheet.line(line.left, middle, line.right, middle, colour=s.GUIDE)
            count = f"{len(items):,}"
            sheet.text(s.WIDTH - s.MARGIN, middle, count, align="right", colour=colour)
            for item in items:
                at = self.place(item, name)
                if isinstance(sign, Mark):
                    sheet.mark(line.middle(item.at), middle, sign, size=1.6, of=at)
                else:
                    x, width = line.box(item.at)
                    sheet.box(x, middle - BAR / 2, width, BAR, fill=sign, outline=0.6, layer=3)
                    sheet.link(x, middle - BAR / 2, width, BAR, at)
        return sheet


def _covers(label: Annotation, hit: Hit) -> bool:
    return label.at.start <= hit.at.start and hit.at.end <= label.at.end
