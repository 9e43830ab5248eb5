"""The whole article as a strip, and below it one lane for each code.

Why lanes: on paper, without colour, eight patterns are hard to tell apart in a block 3 mm wide.
In a lane of its own, with its name before it, a code needs no key at all, and the lanes together
are still the strip: every block stands at its place and is as long as its words.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from kit.base.phrases import all_of, join, percent, plural, where
from kit.charts.chart import LISTED, MOST, LabelChart, Table, noun
from kit.charts.sheet import MARGIN, PALE, QUIET, Row, Rows, Sheet
from kit.charts.textline import LEAST, TextLine
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import EMPTY, Style, style
from kit.measure import Share, code_shares
from kit.measure.shares import NOT_GIVEN

__all__ = ["StructureStrip"]

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
    places: tuple[str, ...]  # the blocks or sentences


class StructureStrip(LabelChart):
    """Where each code of a layer stands in the article, true to length in words.

    Args:
        coding: whose labels.
        layer: id of a layer with codes, such as ``position`` or ``role``. An annotation stands
            in the lane of its main code, and a word in two annotations counts in both.

    Raises:
        ValueError: the layer has records and no codes.
    """

    def __init__(self, coding: Coding, layer: str = "position"):
        super().__init__(coding, layer)
        self.topic = f"{self.layer.title} along the article"
        if not self.layer.codes:
            raise ValueError(f"The layer “{layer}” has no codes to chart. See VoiceShares.")
        # A block with a note and no code still waits for its label; words that somebody marked
        # without a code are marked all the same.
        marked = self.layer.unit == "words"
        shares = code_shares(coding, layer, "words")
        shares = [share for share in shares if marked or share.of != NOT_GIVEN]
        self.words = sum(share.count for share in shares)
        self.noun = "label" if marked else noun(self.layer.unit)
        self.unlabelled, self.outside = self._without(coding.codes(layer))
        # The shares are of all that is asked about: what has no label yet is a share of its own.
        self.waiting = self._words_of(self.unlabelled)
        asked = self.words + self.waiting
        self.lanes = [self._lane(Share(share.of, share.count, asked)) for share in shares]
        self.labelled = sum(len(lane.labels) for lane in self.lanes)
        self.asked = self.labelled + len(self.unlabelled)
        most = max(lane.words for lane in self.lanes)
        self.first = [lane for lane in self.lanes if lane.words == most]

    def _words_of(self, units: list[str]) -> int:
        return sum(len(self.article.unit(id).words) for id in units)

    def _lane(self, share: Share) -> _Lane:
        coded = share.of != NOT_GIVEN
        codes = (share.of,) if coded else ()
        own = tuple(a for a in self.labels if a.codes[:1] == codes)
        by_words = self.layer.unit == "words"
        places = tuple(self.blocks_of(own) if by_words else (a.id for a in own))
        name = self.layer.code(share.of).name if coded else NOT_GIVEN
        look = style(self.layer, share.of) if coded else EMPTY
        return _Lane(name, look, own, share.count, percent(share.share), places)

    def _without(self, codes: dict[str, str]) -> tuple[list[str], list[str]]:
        """Return the units without a label: those to be labelled, and those known to lie
        outside the story where the layer asks about the story only."""
        if self.layer.unit == "words":
            return [], []
        units = self.article.blocks if self.layer.unit == "block" else self.article.sentences
        positions = self.coding.codes("position") if self.layer.story else {}
        story = {*self.layer.story}
        unlabelled: list[str] = []
        outside: list[str] = []
        for unit in units:
            if unit.id not in codes:
                position = positions.get(unit.id.partition(".")[0])
                (outside if position and position not in story else unlabelled).append(unit.id)
        return unlabelled, outside

    @cached_property
    def title(self) -> str:
        if not self.words:
            return f"No {self.noun} labelled yet" if self.noun != "label" else "No label yet"
        first, *ties = self.first
        if ties:
            return f"No code takes the most words: {len(self.first)} share the first place"
        so_far = " so far" if self.unlabelled else ""
        return f"{first.name} takes {first.share} of the words{so_far}"

    @cached_property
    def finding(self) -> str:
        if self.layer.unit == "words":
            so_far = plural(self.labelled, "label")
        else:
            positions = self.coding.codes("position")
            known = self.outside and all(block.id in positions for block in self.article.blocks)
            story = "of the story " if known else ""
            so_far = f"{all_of(self.labelled, self.asked, self.noun)} {story}labelled"
            so_far += "" if self.labelled == self.asked else " so far"
        so_far = so_far[0].upper() + so_far[1:]
        if not self.labelled:
            return f"{so_far}: there is nothing to see yet."
        if not self.words:
            return f"{so_far}, without a word in them."
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
        rows = [
            (lane.name, len(lane.labels), lane.words, lane.share, where(lane.places, LISTED))
            for lane in self.lanes
        ]
        asked = self.words + self.waiting
        share = percent(self.words / asked) if asked else ""
        rows.append(("All labelled", self.labelled, self.words, share, ""))
        if self.unlabelled:
            share = percent(self.waiting / asked) if asked else ""
            units = self.unlabelled
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
