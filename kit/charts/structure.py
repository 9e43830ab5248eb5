"""The whole article as a strip, and below it one lane for each code.

Why lanes: on paper, without colour, eight patterns are hard to tell apart in a block 3 mm wide.
In a lane of its own, with its name before it, a code needs no key at all, and the lanes together
are still the strip: every block stands at its place and is as long as its words.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kit.base.phrases import all_of, join, one_line, percent, plural, short, where
from kit.charts.chart import Chart, Table
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import EMPTY, Style, style
from kit.measure import Share, code_shares
from kit.measure.shares import NOT_GIVEN
from kit.text.article import Article, Block
from kit.text.span import Span

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from kit.charts.sheet import Sheet

__all__ = ["structure_strip"]

# In millimetres: a lane, its bars, the strip, and the least width that can be seen.
LANE, BAR = 5.6, 4.2
STRIP = 7.0
LEAST = 0.6
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
    strip = _Strip(coding, layer)
    return Chart(
        title=f"{strip.layer.title} along the article",
        finding=strip.finding(),
        table=strip.table(),
        alt=strip.alt(),
        draw=strip.draw,
    )


Stretch = Block | Span


class _Lane(NamedTuple):
    """One code: its labels, and what they come to."""

    name: str
    style: Style
    labels: tuple[Annotation, ...]
    words: int
    share: str  # of the labelled words
    places: tuple[str, ...]  # the blocks or sentences


class _Strip:
    """Everything the chart says, counted once."""

    def __init__(self, coding: Coding, layer: str):
        self.coding = coding
        self.article = coding.article
        self.layer = coding.codebook.layer(layer)
        if not self.layer.codes:
            raise ValueError(f"The layer “{layer}” has no codes to chart. See voice_chart.")
        # A block with a note and no code still waits for its label; words that somebody marked
        # without a code are marked all the same.
        marked = self.layer.unit == "words"
        shares = [s for s in code_shares(coding, layer, "words") if marked or s.of != NOT_GIVEN]
        self.words = sum(share.count for share in shares)
        self.lanes = [self._lane(Share(share.of, share.count, self.words)) for share in shares]
        self.labels = sum(len(lane.labels) for lane in self.lanes)
        self.noun = "label" if self.layer.unit == "words" else self.layer.unit
        self.unlabelled, self.outside = self._without(coding.codes(layer))
        self.asked = self.labels + len(self.unlabelled)

    def _lane(self, share: Share) -> _Lane:
        coded = share.of != NOT_GIVEN
        codes = (share.of,) if coded else ()
        own = tuple(a for a in self.coding.on(self.layer.id) if a.codes[:1] == codes)
        if self.layer.unit == "words":
            blocks = (self.article.block_at(a.at.start, a.at.end).id for a in own)
            places = tuple(dict.fromkeys(blocks))
        else:
            places = tuple(a.id for a in own)
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
        unlabelled, outside = [], []
        for unit in units:
            if unit.id not in codes:
                position = positions.get(unit.id.partition(".")[0])
                (outside if position and position not in story else unlabelled).append(unit.id)
        return unlabelled, outside

    # -- words ---------------------------------------------------------------------------------

    def finding(self) -> str:
        if self.layer.unit == "words":
            so_far = plural(self.labels, "label")
        else:
            positions = self.coding.codes("position")
            known = self.outside and all(block.id in positions for block in self.article.blocks)
            story = "of the story " if known else ""
            so_far = f"{all_of(self.labels, self.asked, self.noun)} {story}labelled"
            so_far += "" if self.labels == self.asked else " so far"
        so_far = so_far[0].upper() + so_far[1:]
        if not self.labels:
            return f"{so_far}: there is nothing to see yet."
        if not self.words:
            return f"{so_far}, without a word in them."
        most = max(lane.words for lane in self.lanes)
        first = [lane for lane in self.lanes if lane.words == most]
        of_all = f"{most:,} of the {self.words:,} labelled words ({first[0].share})"
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
        rows.append(("All labelled", self.labels, self.words, "", ""))
        for name, units in (("Not labelled", self.unlabelled), ("Not story", self.outside)):
            if units:
                words = sum(len(self.article.unit(id).words) for id in units)
                rows.append((name, len(units), words, "", where(units)))
        return Table(of_layer, tuple(rows))

    def alt(self) -> str:
        used = [lane for lane in self.lanes if lane.labels]
        what = (
            f"Strip chart. The article runs from left to right, {self._size()}, each block as "
            f"long as its words; below it one lane for each of {len(self.lanes)} codes. "
            f"{self.layer.title}, labelled by {short(self.coding.coder)}."
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
        return f"{plural(len(self.article.blocks), 'block')} and {plural(self.scale.total, 'word')}"

    # -- picture -------------------------------------------------------------------------------

    @cached_property
    def scale(self) -> _Words:
        return _Words(self.article)

    def draw(self) -> Figure:
        from kit.charts import sheet as s

        names = [s.wrap(lane.name, 46) for lane in self.lanes]
        lane_height = LANE + 2.6 * max(name.count("\n") for name in names)
        top = s.Sheet.TOP + 5
        first_lane = top + STRIP + 2.5
        bottom = first_lane + lane_height * len(self.lanes)
        coder = f"labelled by {short(self.coding.coder)}"
        sheet = s.Sheet(
            bottom + 9.5,
            f"{self.layer.title} along the article",
            f"{coder} · {one_line(self.article.title or self.article.id)}",
        )
        left = s.MARGIN + max(map(s.text_width, [*names, "Whole article"])) + 3
        right = s.WIDTH - s.MARGIN - 25
        self.scale.place(left, right)

        self._draw_axis(sheet, top, bottom)
        self._draw_strip(sheet, top)
        middle = top + STRIP / 2
        sheet.text(s.MARGIN, middle, "Whole article", colour=s.QUIET)
        sheet.text(right + 12, middle, f"{self.noun}s", align="right", colour=s.QUIET)
        sheet.text(s.WIDTH - s.MARGIN, middle, "words", align="right", colour=s.QUIET)
        for n, (lane, name) in enumerate(zip(self.lanes, names, strict=True)):
            middle = first_lane + lane_height * (n + 0.5)
            colour = s.INK if lane.labels else s.QUIET
            sheet.text(s.MARGIN, middle, name, colour=colour)
            sheet.line(left, middle, right, middle, colour=s.GUIDE)
            self._draw_pieces(sheet, lane, middle - BAR / 2, BAR)
            sheet.text(right + 12, middle, f"{len(lane.labels):,}", align="right", colour=colour)
            sheet.text(s.WIDTH - s.MARGIN, middle, lane.share, align="right", colour=colour)
        return sheet.figure

    def _draw_strip(self, sheet: Sheet, top: float) -> None:
        """Draw every block in outline, and what is labelled over it."""
        from kit.charts.sheet import PALE

        for block in self.article.blocks:
            x, width = self.scale.box(block)
            sheet.box(x, top, width, STRIP, outline=self.scale.outline(width), colour=PALE)
        for lane in self.lanes:
            self._draw_pieces(sheet, lane, top, STRIP)

    def _draw_pieces(self, sheet: Sheet, lane: _Lane, top: float, height: float) -> None:
        for run in self.scale.runs([a.at for a in lane.labels]):
            x, width = self.scale.box(run[0], run[-1])
            outline = self.scale.outline(width)
            look = lane.style if width >= PATTERNED else lane.style._replace(hatch="")
            sheet.box(x, top, width, height, fill=look, outline=outline, layer=3)
            for span in run[1:] if self.scale.divided else ():
                between, _ = self.scale.box(span)
                sheet.line(between, top, between, top + height, width=outline, layer=4)

    def _draw_axis(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Number the blocks above the strip and count the words below the lanes."""
        from kit.charts.sheet import GUIDE, QUIET, SMALL, text_width

        free_from = 0.0
        for block in self.article.blocks:
            if block.number != 1 and block.number % self.scale.numbered:
                continue
            x, width = self.scale.box(block)
            half = text_width(block.id, SMALL) / 2
            middle = x + width / 2
            if middle - half >= free_from:
                sheet.text(middle, top - 2.8, block.id, size=SMALL, align="center")
                sheet.line(middle, top - 0.9, middle, top, colour=QUIET)
                free_from = middle + half + 2
        for words in self.scale.ticks():
            x = self.scale.x(words)
            sheet.line(x, top, x, bottom + 1.2, colour=GUIDE, layer=0)
            last = words == self.scale.total
            text = plural(words, "word") if last else f"{words:,}"
            sheet.text(x, bottom + 3.6, text, size=SMALL, align="right" if last else "center")


class _Words:
    """The article's words as a scale: code points in, millimetres out."""

    def __init__(self, article: Article):
        words = [word for block in article.blocks for word in block.words]
        self._starts = [start for start, _ in words]
        self._ends = [end for _, end in words]
        self._blocks = len(article.blocks)
        self.total = len(words)

    def place(self, left: float, right: float) -> None:
        """Lay the scale between two places on the sheet."""
        self._left, self._mm_a_word = left, (right - left) / max(self.total, 1)
        room = (right - left) / self._blocks
        self.divided = room >= LEAST
        self._least = min(LEAST, room)
        self.numbered = next(n for n in (5, 10, 20, 50, 100, 500, 10**9) if n * room >= 7)

    def x(self, words: float) -> float:
        """Return where on the sheet so many words have passed."""
        return self._left + words * self._mm_a_word

    def outline(self, width: float) -> float:
        """Return how strong the outline of a box is, in points: thin where the box is narrow,
        so as not to black out what it encloses."""
        return min(0.6, 0.5 * width)

    def box(self, span: Stretch, last: Stretch | None = None) -> tuple[float, float]:
        """Return where a stretch begins and how wide it is, in millimetres, up to the end of
        ``last`` if given: as wide as its words, but never so narrow that a block of one word,
        or of none, cannot be seen."""
        first, after = self._words(span)
        if last:
            after = max(after, self._words(last)[1])
        return self.x(first), max((after - first) * self._mm_a_word, self._least)

    def runs(self, spans: Sequence[Stretch]) -> list[list[Stretch]]:
        """Return the spans, which are in text order, in runs without a word between."""
        runs: list[list[Stretch]] = []
        for span in spans:
            if runs and self._words(span)[0] <= self._words(runs[-1][-1])[1]:
                runs[-1].append(span)
            else:
                runs.append([span])
        return runs

    def _words(self, span: Stretch) -> tuple[int, int]:
        first = bisect_right(self._ends, span.start)
        return first, max(first, bisect_left(self._starts, span.end))

    def ticks(self) -> list[int]:
        """Return round numbers of words at least 12 mm apart, and the last word."""
        steps = (m * 10**e for e in range(9) for m in (1, 2, 5))
        step = next(n for n in steps if n * self._mm_a_word >= 12)
        clear = self.total - 24 / self._mm_a_word
        return [n for n in range(0, self.total, step) if n <= clear] + [self.total]
