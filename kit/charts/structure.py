"""The whole article as a strip, and below it one lane for each code.

Why lanes: on paper, without colour, eight patterns are hard to tell apart in a block 3 mm wide.
In a lane of its own, with its name before it, a code needs no key at all, and the lanes together
are still the strip: every block stands at its place and is as long as its words.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from kit.base.phrases import all_of, capital, join, percent, plural, where
from kit.charts.chart import LISTED, MOST, LabelChart, Table, noun
from kit.charts.sheet import MARGIN, PALE, QUIET, Row, Rows, Sheet
from kit.charts.textline import LEAST, TextLine
from kit.coding.codebook import Code
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import Style, style
from kit.measure import words_by_code

# In millimetres: a lane, its bars and the strip.
LANE, BAR, STRIP = 5.6, 4.2, 7.0
# Narrower than this a pattern cannot be told from a smudge; blocks much narrower than LEAST
# cannot be told from one another.
PATTERNED = 0.8


class _Lane(NamedTuple):
    """One code: its labels, and what they come to."""

    name: str
    style: Style
    labels: tuple[Annotation, ...]
    words: int
    share: str  # of the words that the layer asks about


class StructureStrip(LabelChart):
    """Where each code of a layer stands in the article, true to length in words.

    Args:
        coding: whose labels.
        layer: id of a layer that labels whole paragraphs or sentences. A label stands in the lane
            of its main code.
    """

    def __init__(self, coding: Coding, layer: str = "position"):
        super().__init__(coding, layer)
        self.topic = f"{self.layer.title} along the article"
        self.noun = noun(self.layer.unit)
        words = words_by_code(coding, layer)
        self.words = sum(words.values())
        self.unlabelled, self.outside = self._without()
        # The shares are of all that is asked about: what has no label yet is a share of its own.
        self.waiting = self._words_of(self.unlabelled)
        self.asked = max(self.words + self.waiting, 1)
        self.lanes = [self._lane(code, words[code.id]) for code in self.layer.codes]
        self.labelled = sum(len(lane.labels) for lane in self.lanes)
        most = max(lane.words for lane in self.lanes)
        self.first = [lane for lane in self.lanes if lane.words == most]

    def _words_of(self, units: list[str]) -> int:
        return sum(len(self.article.unit(id).words) for id in units)

    def _lane(self, code: Code, words: int) -> _Lane:
        own = tuple(a for a in self.labels if a.codes[:1] == (code.id,))
        look = style(self.layer, code.id)
        return _Lane(code.name, look, own, words, percent(words / self.asked))

    def _without(self) -> tuple[list[str], list[str]]:
        """Return the units without a label: those to be labelled, and those known to lie
        outside the story where the layer asks about the story only."""
        units = self.article.blocks if self.layer.unit == "block" else self.article.sentences
        labelled = self.coding.codes(self.layer.id)
        story = {block.id for block in self.coding.story(self.layer.id)}
        unlabelled: list[str] = []
        outside: list[str] = []
        for unit in units:
            if unit.id not in labelled:
                (unlabelled if unit.id.partition(".")[0] in story else outside).append(unit.id)
        return unlabelled, outside

    @cached_property
    def title(self) -> str:
        if not self.words:
            return f"No {self.noun} labelled yet"
        first, *ties = self.first
        if ties:
            return f"No code takes the most words: {len(self.first)} share the first place"
        so_far = " so far" if self.unlabelled else ""
        return f"{first.name} takes {first.share} of the words{so_far}"

    @cached_property
    def finding(self) -> str:
        positions = self.coding.codes("position")
        known = self.outside and all(block.id in positions for block in self.article.blocks)
        asked = self.labelled + len(self.unlabelled)
        so_far = capital(all_of(self.labelled, asked, self.noun))
        so_far += " of the story labelled" if known else " labelled"
        so_far += " so far" if self.unlabelled else ""
        if not self.words:
            return f"{so_far}: there is nothing to see yet."
        first, *ties = self.first
        if first.words == self.words:
            return f"{so_far}, as {first.name}: {plural(self.words, 'word')}."
        of_all = f"{first.words:,} of the {self.words:,} labelled words"
        of_all += "" if self.unlabelled else f" ({first.share})"
        if ties:
            names = join([lane.name for lane in self.first])
            return f"{so_far}; {names} share the first place with {of_all} each."
        in_units = plural(len(first.labels), self.noun)
        return f"{so_far}; the largest share goes to {first.name}: {of_all}, in {in_units}."

    @cached_property
    def table(self) -> Table:
        of_layer = (self.layer.title, f"{self.noun.title()}s", "Words", "Share of words", "Where")
        rows: list[tuple[str | int, ...]] = []
        for lane in self.lanes:
            places = where((label.id for label in lane.labels), LISTED)
            rows.append((lane.name, len(lane.labels), lane.words, lane.share, places))
        share = percent(self.words / self.asked)
        rows.append(("All labelled", self.labelled, self.words, share, ""))
        if units := self.unlabelled:
            share = percent(self.waiting / self.asked)
            rows.append(("Not labelled", len(units), self.waiting, share, where(units, LISTED)))
        if self.outside:
            words = self._words_of(self.outside)
            rows.append(("Not story", len(self.outside), words, "", where(self.outside, LISTED)))
        return Table(of_layer, tuple(rows))

    @property
    def kind(self) -> str:
        words = sum(len(block.words) for block in self.article.blocks)
        size = f"{plural(len(self.article.blocks), 'paragraph')} and {plural(words, 'word')}"
        return (
            f"Strip chart. The article runs from left to right, {size}, each paragraph as "
            f"long as its words; below it one lane for each of {len(self.lanes)} codes. "
            f"{self.layer.title}, labelled by {self.coder}."
        )

    def draw(self) -> Sheet:
        sheet = self.blank(f"labelled by {self.coder}", cut=self.left_out)
        top = Sheet.TOP + 5
        named = [
            Row(lane.name, (f"{len(lane.labels):,}", lane.share), quiet=not lane.labels)
            for lane in self.lanes
        ]
        heads, also = (f"{self.noun}s", "words"), "Whole article"
        rows = Rows(sheet, top + STRIP + 2.5, LANE, named, heads=heads, also=also)
        rows.rule(sheet)
        line = TextLine.beside(self.article, sheet, rows, top)
        sheet.text(MARGIN, top + STRIP / 2, also, colour=QUIET)
        # Where blocks are many they must be narrower, so as not to lie on one another.
        room = (line.right - line.left) / len(self.article.blocks)
        least = min(LEAST, room)
        for block in self.article.blocks[:MOST]:
            x, width = line.box(block, least)
            sheet.box(x, top, width, STRIP, outline=_outline(width), colour=PALE)
        for lane, middle in zip(self.lanes, rows.middles, strict=True):
            for label in self.drawn(lane.labels):
                x, width = line.box(label.at, least)
                look = lane.style if width >= PATTERNED else lane.style._replace(hatch="")
                for y, height in ((top, STRIP), (middle - BAR / 2, BAR)):
                    sheet.box(x, y, width, height, look, outline=_outline(width), layer=3)
                sheet.link(x, middle - BAR / 2, width, BAR, lane.name, self.places(label))
        return sheet


def _outline(width: float) -> float:
    """Return how strong the outline of a box is, in points: thin where the box is narrow, so as
    not to black out what it encloses."""
    return min(0.6, 0.5 * width)
