"""Where the machine seems to have been: labels on wording, paragraph by paragraph, those outside
quotation marks above the line and those inside below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.base.phrases import all_of, join, one_line, plural, short, where
from kit.charts.chart import Chart, Table
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import Style
from kit.measure.shares import NOT_GIVEN
from kit.text.article import Block
from kit.text.quotations import quoted_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from kit.charts.sheet import Sheet

__all__ = ["wording_chart"]

LAYER = "wording"
QUOTES, CONFIDENCE = "in-quotes", "confidence"
INSIDE, OUTSIDE = "yes", "no"
TITLE = "Labels on wording, paragraph by paragraph"
# In millimetres: how high all the columns may be, one label at most, and a number above a column.
HEIGHT, TALLEST_LABEL, NUMBER = 62.0, 3.0, 4.5
# Ruled lines and numbered paragraphs stand at least so far apart.
RULED, NUMBERED = 7.0, 7.0
# How many paragraphs without a label the text alternative names.
PLACES = 12


def wording_chart(coding: Coding) -> Chart:
    """Chart the labels on wording in every paragraph, outside against inside quotation marks.

    Inside or outside is what the coder put down in the field ``in-quotes``. A paragraph is left
    out when the same coding says that it is no part of the story and no label stands in it.

    Args:
        coding: whose labels; it may be empty.

    Raises:
        CodebookError: the codebook has no layer ``wording``.
    """
    wording = _Wording(coding)
    return Chart(
        title=TITLE,
        finding=wording.finding(),
        table=wording.table(),
        alt=wording.alt(),
        draw=wording.draw,
    )


class _Wording:
    """Everything the chart says, counted once."""

    def __init__(self, coding: Coding):
        self.coding = coding
        layer = coding.codebook.layer(LAYER)
        self.labels = coding.on(LAYER)
        self.by_block: dict[str, list[Annotation]] = {}
        for label in self.labels:
            block = coding.article.block_at(label.at.start, label.at.end)
            self.by_block.setdefault(block.id, []).append(label)
        self.blocks, self.is_story = self._drawn()
        self.quotes = _counted(self.labels, QUOTES)
        self.confidence = _counted(self.labels, CONFIDENCE)
        self.levels = _options(layer, CONFIDENCE)
        if self.confidence[NOT_GIVEN]:
            self.levels[NOT_GIVEN] = NOT_GIVEN
        self.sides = {OUTSIDE: "outside", INSIDE: "inside"}
        if self.quotes[NOT_GIVEN]:
            self.sides[NOT_GIVEN] = NOT_GIVEN

    def _drawn(self) -> tuple[list[Block], bool]:
        """Return the paragraphs to draw, and whether it is known which are the story."""
        blocks = self.coding.article.blocks
        positions = self.coding.codes("position")
        story = {code for layer in self.coding.codebook.layers for code in layer.story}
        drawn = [
            block
            for block in blocks
            if block.id in self.by_block
            or not story
            or positions.get(block.id, next(iter(story))) in story
        ]
        return drawn, bool(story) and all(block.id in positions for block in blocks)

    @property
    def noun(self) -> str:
        return "story paragraph" if self.is_story else "paragraph"

    # -- words ---------------------------------------------------------------------------------

    def finding(self) -> str:
        if not self.labels:
            return "No label on wording yet."
        said = (
            f"{plural(len(self.labels), 'label')} on wording in "
            f"{all_of(len(self.by_block), len(self.blocks), self.noun)}: "
            f"{self.quotes[OUTSIDE]:,} outside quotation marks and {self.quotes[INSIDE]:,} inside"
        )
        if self.quotes[NOT_GIVEN]:
            return f"{said}, {self.quotes[NOT_GIVEN]:,} without a word on that."
        outside, inside = self._words()
        if not inside or not outside:
            return f"{said}."
        rates = [100 * self.quotes[OUTSIDE] / outside, 100 * self.quotes[INSIDE] / inside]
        # Both with a decimal place where one of them needs it.
        places = 0 if min(rates) >= 10 else 1
        return (
            f"{said}. That is {rates[0]:.{places}f} labels for every 100 words outside and "
            f"{rates[1]:.{places}f} for every 100 words inside."
        )

    def _words(self) -> tuple[int, int]:
        """Return how many words of these paragraphs stand outside quotation marks, and inside."""
        words = {word for block in self.blocks for word in block.words}
        inside = len(words & set(quoted_words(self.coding.article)))
        return len(words) - inside, inside

    def table(self) -> Table:
        header = ["Paragraph", "Labels"]
        header += [f"{name} marks" if name != NOT_GIVEN else name for name in self._side_names()]
        header += [f"{name} confidence" for name in self.levels.values()]
        rows = [
            self._row(block.id, self.by_block[block.id])
            for block in self.blocks
            if block.id in self.by_block
        ]
        return Table(tuple(header), (*rows, self._row("All", self.labels)))

    def _side_names(self) -> list[str]:
        return [name.capitalize() if name != NOT_GIVEN else name for name in self.sides.values()]

    def _row(self, name: str, labels: Sequence[Annotation]) -> tuple[str | int, ...]:
        quotes, confidence = _counted(labels, QUOTES), _counted(labels, CONFIDENCE)
        sides = [quotes[side] for side in self.sides]
        return (name, len(labels), *sides, *(confidence[level] for level in self.levels))

    def alt(self) -> str:
        said = [
            f"Column chart with one place for each of {plural(len(self.blocks), self.noun)}, "
            f"labelled by {short(self.coding.coder)}: labels outside quotation marks rise above a "
            "line, labels inside hang below it."
        ]
        if not self.labels:
            return f"{said[0]} There is no label on wording yet."
        for side, name in self.sides.items():
            if side == NOT_GIVEN:
                continue
            most, blocks = self._most(side)
            top = f", most in {join(blocks)} ({most:,})" if most else ""
            said.append(f"{name.capitalize()}: {self.quotes[side]:,}{top}.")
        if self.quotes[NOT_GIVEN]:
            said.append(f"Not said whether outside or inside: {self.quotes[NOT_GIVEN]:,}.")
        said.append(f"Confidence: {self._confidence()}.")
        without = [block.id for block in self.blocks if block.id not in self.by_block]
        if without:
            said.append(f"No label: {where(without, PLACES)}.")
        return " ".join(said)

    def _most(self, side: str) -> tuple[int, list[str]]:
        """Return the largest number of labels on one side, and the paragraphs that have it."""
        counts = {id: _counted(labels, QUOTES)[side] for id, labels in self.by_block.items()}
        most = max(counts.values(), default=0)
        return most, [block.id for block in self.blocks if counts.get(block.id) == most]

    def _confidence(self) -> str:
        return ", ".join(
            f"{self.confidence[level]:,} {name.lower()}" for level, name in self.levels.items()
        )

    # -- picture -------------------------------------------------------------------------------

    def draw(self) -> Figure:
        from kit.charts import sheet as s

        columns = {id: _counted(labels, QUOTES) for id, labels in self.by_block.items()}
        up = max((c[OUTSIDE] + c[NOT_GIVEN] for c in columns.values()), default=0)
        down = max((c[INSIDE] for c in columns.values()), default=0)
        scale = min(TALLEST_LABEL, HEIGHT / max(up + down, 1))
        top = s.Sheet.TOP + 6
        line = top + NUMBER + max(up * scale, 14)
        bottom = line + max(down * scale, 14) + NUMBER
        coder = f"labelled by {short(self.coding.coder)}"
        confidence = f"confidence: {self._confidence()}" if self.labels else ""
        title = one_line(self.coding.article.title or self.coding.article.id)
        sheet = s.Sheet(bottom + 7, TITLE, f"{coder} · {confidence or title}")
        self._draw_key(sheet, s.Sheet.TOP + 1.5)
        left, right = s.MARGIN + 24, s.WIDTH - s.MARGIN
        sheet.text(s.MARGIN, line - 6.5, "outside\nquotation\nmarks", size=s.SMALL)
        sheet.text(s.MARGIN, line + 6.5, "inside\nquotation\nmarks", size=s.SMALL)
        step = next(m * 10**e for e in range(9) for m in (1, 2, 5) if m * 10**e * scale >= RULED)
        for n in (*range(0, up + 1, step), *range(-step, -down - 1, -step)):
            y = line - n * scale
            sheet.text(left - 2, y, f"{abs(n):,}", size=s.SMALL, align="right", colour=s.QUIET)
            sheet.line(left, y, right, y, colour=s.GUIDE, layer=0)
        if not self.labels:
            sheet.text((left + right) / 2, line - 7, "No label on wording yet.", align="center")
        pitch = (right - left) / max(len(self.blocks), 1)
        self._draw_columns(sheet, columns, left, pitch, line, scale)
        sheet.line(left, line, right, line, width=0.9, layer=4)
        self._number(sheet, left, pitch, bottom)
        return sheet.figure

    def _draw_columns(
        self, sheet: Sheet, columns: dict[str, Counter], left: float, pitch: float, line: float,
        scale: float,
    ) -> None:  # fmt: skip
        from kit.charts.sheet import SMALL

        gap, outline = 0.15 * pitch, min(0.6, 0.3 * pitch)
        tops = {side: self._most(side)[0] for side in (OUTSIDE, INSIDE)}
        for n, block in enumerate(self.blocks):
            counts = columns.get(block.id, Counter())
            x, width = left + n * pitch + gap, pitch - 2 * gap
            y = line
            for side in (OUTSIDE, NOT_GIVEN):
                height = counts[side] * scale
                y -= height
                if height:
                    sheet.box(x, y, width, height, fill=_LOOKS[side], outline=outline)
            height = counts[INSIDE] * scale
            if height:
                sheet.box(x, line, width, height, fill=_LOOKS[INSIDE], outline=outline)
            middle = x + width / 2
            if counts[OUTSIDE] and counts[OUTSIDE] == tops[OUTSIDE] and not counts[NOT_GIVEN]:
                tops[OUTSIDE] = 0  # the number stands at the first of the highest only
                sheet.text(middle, y - 2, f"{counts[OUTSIDE]:,}", size=SMALL, align="center")
            if counts[INSIDE] and counts[INSIDE] == tops[INSIDE]:
                tops[INSIDE] = 0
                at = line + height + 2.2
                sheet.text(middle, at, f"{counts[INSIDE]:,}", size=SMALL, align="center")

    def _number(self, sheet: Sheet, left: float, pitch: float, y: float) -> None:
        from kit.charts.sheet import QUIET, SMALL, WIDTH, text_width

        every = next(n for n in (5, 10, 20, 50, 100, 500, 10**9) if n * pitch >= NUMBERED)
        free_from = 0.0
        for n, block in enumerate(self.blocks):
            x = left + (n + 0.5) * pitch
            half = text_width(block.id, SMALL) / 2
            first_or_round = n == 0 or block.number % every == 0
            if first_or_round and x - half >= free_from and x + half <= WIDTH:
                sheet.line(x, y, x, y + 1, colour=QUIET)
                sheet.text(x, y + 3.2, block.id, size=SMALL, align="center")
                free_from = x + half + 2

    def _draw_key(self, sheet: Sheet, y: float) -> None:
        from kit.charts.sheet import MARGIN, text_width

        x = MARGIN
        for side, name in self.sides.items():
            named = "not said" if side == NOT_GIVEN else f"{name} quotation marks"
            text = f"{named}: {self.quotes[side]:,}"
            sheet.box(x, y - 1.5, 4, 3, fill=_LOOKS[side], outline=0.6)
            sheet.text(x + 5.5, y, text)
            x += text_width(text) + 11


_LOOKS = {
    OUTSIDE: Style("#d9d9d9", "", ""),
    INSIDE: Style("#4a4a4a", "", ""),
    NOT_GIVEN: Style("#ffffff", "....", ""),
}


def _counted(labels: Sequence[Annotation], field: str) -> Counter:
    return Counter(label.fields.get(field) or NOT_GIVEN for label in labels)


def _options(layer, field: str) -> dict[str, str]:
    """Return the names of a field's options by their ids, in the codebook's order."""
    return {option.id: option.name for f in layer.fields if f.id == field for option in f.options}
