"""The whole article as a strip, and below it one lane for each code.

Why lanes: on paper, without colour, eight patterns are hard to tell apart in a block 3 mm wide.
In a lane of its own, with its name before it, a code needs no key at all, and the lanes together
are still the strip: every block stands at its place and is as long as its words.
"""

from __future__ import annotations

from typing import NamedTuple

from kit.base.phrases import all_of, join, percent, plural, where
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.tally import LabelTally, noun
from kit.charts.textline import LEAST, TextLine
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import EMPTY, Style, style
from kit.measure import Share, code_shares
from kit.measure.shares import NOT_GIVEN
from kit.text.span import Span

__all__ = ["structure_strip"]

# In millimetres: a lane, its bars and the strip.
LANE, BAR = 5.6, 4.2
STRIP = 7.0
# Narrower than this a pattern cannot be told from a smudge; blocks much narrower than LEAST
# cannot be told from one another.
PATTERNED = 0.8
# How many places of a code the text alternative names; the table has them all.
PLACES = 12


def structure_strip(coding: Coding, layer: str = "position") -> Chart:
    """Chart where each code of a layer stands in the article, true to length in words.

    Args:
        coding: whose labels.
        layer: id of a layer with codes, such as ``position`` or ``role``. An annotation stands
            in the lane of its main code, and a word in two annotations counts in both.

    Raises:
        CodebookError: there is no such layer.
        ValueError: the layer has records and no codes.
    """
    return _Strip(coding, layer).chart()


class _Lane(NamedTuple):
    """One code: its labels, and what they come to."""

    name: str
    style: Style
    labels: tuple[Annotation, ...]
    words: int
    share: str  # of the words that the layer asks about
    places: tuple[str, ...]  # the blocks or sentences


class _Strip(LabelTally):
    def __init__(self, coding: Coding, layer: str):
        super().__init__(coding, layer)
        self.topic = f"{self.layer.title} along the article"
        if not self.layer.codes:
            raise ValueError(f"The layer “{layer}” has no codes to chart. See voice_chart.")
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

    @property
    def title(self) -> str:
        if not self.words:
            return f"No {self.noun} labelled yet" if self.noun != "label" else "No label yet"
        most = max(lane.words for lane in self.lanes)
        first = [lane for lane in self.lanes if lane.words == most]
        if len(first) > 1:
            return f"No code takes the most words: {len(first)} share the first place"
        share = f"{first[0].share} of the words"
        return f"{first[0].name} takes {share}{' so far' if self.unlabelled else ''}"

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
        most = max(lane.words for lane in self.lanes)
        first = [lane for lane in self.lanes if lane.words == most]
        of_all = f"{most:,} of the {self.words:,} labelled words"
        if not self.unlabelled:
            of_all += f" ({first[0].share})"
        if len(first) == 1:
            in_units = plural(len(first[0].labels), self.noun)
            return f"{so_far}; the largest share goes to {first[0].name}: {of_all}, in {in_units}."
        names = join([lane.name for lane in first])
        return f"{so_far}; {names} share the first place with {of_all} each."

    def table(self) -> Table:
        of_layer = (self.layer.title, f"{self.noun.title()}s", "Words", "Share of words", "Where")
        rows = [
            (lane.name, len(lane.labels), lane.words, lane.share, where(lane.places))
            for lane in self.lanes
        ]
        asked = self.words + self.waiting
        share = percent(self.words / asked) if asked else ""
        rows.append(("All labelled", self.labelled, self.words, share, ""))
        if self.unlabelled:
            share = percent(self.waiting / asked) if asked else ""
            units = self.unlabelled
            rows.append(("Not labelled", len(units), self.waiting, share, where(units)))
        if self.outside:
            words = self._words_of(self.outside)
            rows.append(("Not story", len(self.outside), words, "", where(self.outside)))
        return Table(of_layer, tuple(rows))

    def alt(self) -> str:
        used = [lane for lane in self.lanes if lane.labels]
        what = (
            f"Strip chart. The article runs from left to right, {self._size()}, each paragraph as "
            f"long as its words; below it one lane for each of {len(self.lanes)} codes. "
            f"{self.layer.title}, labelled by {self.coder}."
        )
        said = [
            f"{lane.name}: {where(lane.places, PLACES)}, "
            f"{plural(lane.words, 'word')}, {lane.share}."
            for lane in used
        ]
        unused = [lane.name for lane in self.lanes if not lane.labels]
        if unused:
            said.append(f"No label: {join(unused)}.")
        if self.unlabelled:
            said.append(f"Not labelled yet: {where(self.unlabelled, PLACES)}.")
        if self.outside:
            said.append(f"Not story: {where(self.outside, PLACES)}.")
        return " ".join([what, *said])

    def _size(self) -> str:
        words = sum(len(block.words) for block in self.article.blocks)
        return f"{plural(len(self.article.blocks), 'paragraph')} and {plural(words, 'word')}"

    def draw(self) -> s.Sheet:
        top = s.Sheet.TOP + 5
        names = [lane.name for lane in self.lanes]
        rows = s.Rows(names, top + STRIP + 2.5, LANE, also="Whole article")
        sheet = s.Sheet(rows.bottom + 9.5, self.title, f"{self.topic} · labelled by {self.coder}")
        right, edge = s.WIDTH - s.MARGIN - 25, s.WIDTH - s.MARGIN
        right -= max(s.text_width(f"{self.noun}s") - 10, 0)
        line = TextLine(self.article, rows.left, right)
        line.draw_axis(sheet, top, rows.bottom)
        # Where blocks are many they must be narrower, so as not to lie on one another.
        room = (right - line.left) / len(self.article.blocks)
        least = min(LEAST, room)
        for block in self.article.blocks:
            x, width = line.box(block, least)
            sheet.box(x, top, width, STRIP, outline=_outline(width), colour=s.PALE)
        middle = top + STRIP / 2
        sheet.text(s.MARGIN, middle, "Whole article", colour=s.QUIET)
        counts = edge - 13
        sheet.text(counts, middle, f"{self.noun}s", align="right", colour=s.QUIET)
        sheet.text(edge, middle, "words", align="right", colour=s.QUIET)
        for lane, name, middle in zip(self.lanes, rows.names, rows.middles, strict=True):
            colour = s.INK if lane.labels else s.QUIET
            sheet.text(s.MARGIN, middle, name, colour=colour)
            sheet.line(line.left, middle, right, middle, colour=s.GUIDE)
            sheet.text(counts, middle, f"{len(lane.labels):,}", align="right", colour=colour)
            sheet.text(edge, middle, lane.share, align="right", colour=colour)
            for run in _runs(line, lane.labels):
                between = [line.box(span)[0] for span in run[1:]] if room >= LEAST else []
                stretch = line.box(Span(run[0].start, max(span.end for span in run)), least)
                _draw_run(sheet, lane.style, stretch, between, top, STRIP)
                _draw_run(sheet, lane.style, stretch, between, middle - BAR / 2, BAR)
            for label in lane.labels:
                x, width = line.box(label.at, least)
                place = self.place(label, lane.name)
                sheet.link(x, middle - BAR / 2, width, BAR, place)
        return sheet


def _runs(line: TextLine, labels: tuple[Annotation, ...]) -> list[list[Span]]:
    """Return the places of labels, which are in text order, in runs without a word between."""
    runs: list[list[Span]] = []
    for label in labels:
        if runs and line.words(label.at)[0] <= line.words(runs[-1][-1])[1]:
            runs[-1].append(label.at)
        else:
            runs.append([label.at])
    return runs


def _draw_run(
    sheet: s.Sheet, look: Style, stretch: tuple[float, float], between: list[float],
    top: float, height: float,
) -> None:  # fmt: skip
    """Draw a run of labels as one box, with lines where the next label begins."""
    x, width = stretch
    outline = _outline(width)
    fill = look if width >= PATTERNED else look._replace(hatch="")
    sheet.box(x, top, width, height, fill=fill, outline=outline, layer=3)
    for place in between:
        sheet.line(place, top, place, top + height, width=outline, layer=4)


def _outline(width: float) -> float:
    """Return how strong the outline of a box is, in points: thin where the box is narrow, so as
    not to black out what it encloses."""
    return min(0.6, 0.5 * width)
