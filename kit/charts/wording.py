"""Where the machine seems to have been: labels on wording, paragraph by paragraph, those outside
quotation marks above the line and those inside below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kit.base.phrases import all_of, join, plural, where
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.tally import LabelTally
from kit.charts.textline import numbered_blocks
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import Style
from kit.measure.shares import NOT_GIVEN
from kit.text.article import Article, Block
from kit.text.quotations import quoted_words

__all__ = ["wording_chart"]

LAYER = "wording"
QUOTES, CONFIDENCE = "in-quotes", "confidence"
INSIDE, OUTSIDE = "yes", "no"
# In millimetres: how high all the columns may be, one label at most, and a number above a column.
HEIGHT, TALLEST_LABEL, NUMBER = 62.0, 3.0, 4.5
# Ruled lines stand at least so far apart.
RULED = 7.0
LOOKS = {OUTSIDE: s.LIGHT, INSIDE: Style("#8c8c8c", "////", "rise")}
# How many paragraphs without a label the text alternative names.
PLACES = 12


def wording_chart(coding: Coding) -> Chart:
    """Chart the labels on wording in every paragraph, outside against inside quotation marks.

    Inside or outside is what the coder put down in the field ``in-quotes``, and where nothing is
    put down, what the text shows. A paragraph is left out when the same coding says that it is no
    part of the story and no label stands in it.

    Args:
        coding: whose labels; it may be empty.

    Raises:
        CodebookError: the codebook has no layer ``wording``.
    """
    return _Wording(coding).chart()


class _Wording(LabelTally):
    topic = "Labels on wording, paragraph by paragraph"

    def __init__(self, coding: Coding):
        super().__init__(coding, LAYER)
        self.by_block: dict[str, list[Annotation]] = {}
        for label in self.labels:
            self.by_block.setdefault(self.block_of(label), []).append(label)
        self.blocks, self.is_story = self._drawn()
        quoted = set(quoted_words(self.article))
        # Where a coder has not said, the text knows: inside is what has all its words in quotes.
        self.side = {
            label.id: label.fields.get(QUOTES) or _standing(self.article, label, quoted)
            for label in self.labels
        }
        self.quotes = self._on_sides(self.labels)
        self.confidence = _counted(self.labels, CONFIDENCE)
        # The names of the levels by their ids, in the codebook's order.
        self.levels = {
            option.id: option.name
            for field in self.layer.fields
            if field.id == CONFIDENCE
            for option in field.options
        }
        if self.confidence[NOT_GIVEN]:
            self.levels[NOT_GIVEN] = NOT_GIVEN
        self.sides = {OUTSIDE: "outside", INSIDE: "inside"}

    def _on_sides(self, labels: Sequence[Annotation]) -> Counter[str]:
        return Counter(self.side[label.id] for label in labels)

    def _drawn(self) -> tuple[list[Block], bool]:
        """Return the paragraphs to draw, and whether it is known which are the story."""
        blocks = self.article.blocks
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

    @property
    def title(self) -> str:
        if not self.labels:
            return "No label on wording yet"
        outside, inside = self.quotes[OUTSIDE], self.quotes[INSIDE]
        return f"{plural(outside, 'label')} outside quotation marks, {inside:,} inside"

    def finding(self) -> str:
        if not self.labels:
            return "No label on wording yet."
        said = (
            f"{plural(len(self.labels), 'label')} on wording in "
            f"{all_of(len(self.by_block), len(self.blocks), self.noun)}: "
            f"{self.quotes[OUTSIDE]:,} outside quotation marks and {self.quotes[INSIDE]:,} inside"
        )
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
        inside = len(words & set(quoted_words(self.article)))
        return len(words) - inside, inside

    def table(self) -> Table:
        header = ["Paragraph", "Labels"]
        header += [f"{name.capitalize()} marks" for name in self.sides.values()]
        header += [f"{name} confidence" for name in self.levels.values()]
        rows = [
            self._row(block.id, self.by_block[block.id])
            for block in self.blocks
            if block.id in self.by_block
        ]
        return Table(tuple(header), (*rows, self._row("All", self.labels)))

    def _row(self, name: str, labels: Sequence[Annotation]) -> tuple[str | int, ...]:
        quotes, confidence = self._on_sides(labels), _counted(labels, CONFIDENCE)
        sides = [quotes[side] for side in self.sides]
        return (name, len(labels), *sides, *(confidence[level] for level in self.levels))

    def alt(self) -> str:
        said = [
            f"Column chart with one place for each of {plural(len(self.blocks), self.noun)}, "
            f"labelled by {self.coder}: labels outside quotation marks rise above a "
            "line, labels inside hang below it."
        ]
        if not self.labels:
            return f"{said[0]} There is no label on wording yet."
        for side, name in self.sides.items():
            most, blocks = self._most(side)
            top = f", most in {join(blocks)} ({most:,})" if most else ""
            said.append(f"{name.capitalize()}: {self.quotes[side]:,}{top}.")
        said.append(f"Confidence: {self._confidence()}.")
        without = [block.id for block in self.blocks if block.id not in self.by_block]
        if without:
            said.append(f"No label: {where(without, PLACES)}.")
        return " ".join(said)

    def _most(self, side: str) -> tuple[int, list[str]]:
        """Return the largest number of labels on one side, and the paragraphs that have it."""
        counts = {id: self._on_sides(labels)[side] for id, labels in self.by_block.items()}
        most = max(counts.values(), default=0)
        return most, [block.id for block in self.blocks if counts.get(block.id) == most]

    def _confidence(self) -> str:
        return ", ".join(
            f"{self.confidence[level]:,} {name.lower()}" for level, name in self.levels.items()
        )

    def draw(self) -> s.Sheet:
        columns = {id: self._on_sides(labels) for id, labels in self.by_block.items()}
        up = max((c[OUTSIDE] for c in columns.values()), default=0)
        down = max((c[INSIDE] for c in columns.values()), default=0)
        scale = min(TALLEST_LABEL, HEIGHT / max(up + down, 1))
        line = s.Sheet.TOP + 6 + NUMBER + max(up * scale, 14)
        bottom = line + max(down * scale, 14) + NUMBER
        confidence = f" · confidence: {self._confidence()}" if self.labels else ""
        subtitle = f"Labels on wording, by {self.coder}{confidence}"
        sheet = s.Sheet(bottom + 7, self.title, subtitle)
        sheet.key(s.Sheet.TOP + 1.5, [
            (LOOKS[side], f"{name} quotation marks: {self.quotes[side]:,}")
            for side, name in self.sides.items()
        ])  # fmt: skip
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
        centres = {block.id: left + (n + 0.5) * pitch for n, block in enumerate(self.blocks)}
        self._draw_columns(sheet, columns, centres, 0.7 * pitch, line, scale)
        sheet.line(left, line, right, line, width=0.9, layer=4)
        numbered = numbered_blocks(self.blocks, pitch)
        for x in sheet.numbers([(centres[block.id], block.id) for block in numbered], bottom + 3.2):
            sheet.line(x, bottom, x, bottom + 1, colour=s.QUIET)
        return sheet

    def _draw_columns(
        self, sheet: s.Sheet, columns: dict[str, Counter], centres: dict[str, float],
        width: float, line: float, scale: float,
    ) -> None:  # fmt: skip
        """Draw a block's labels up and down from the line, and number the highest columns."""
        outline = min(0.6, 0.4 * width)
        for id, counts in columns.items():
            x = centres[id] - width / 2
            for side, name in self.sides.items():
                height = counts[side] * scale
                if height:
                    y = line - height if side == OUTSIDE else line
                    sheet.box(x, y, width, height, fill=LOOKS[side], outline=outline)
                    said = f"{plural(counts[side], 'label')} {name} quotation marks"
                    sheet.link(x, y, width, height, s.Place(id, said))
        for side, up in ((OUTSIDE, -1), (INSIDE, 1)):
            most, blocks = self._most(side)
            if most:
                # The number stands at the first of the highest only.
                y = line + up * (most * scale + 2.1)
                sheet.text(centres[blocks[0]], y, f"{most:,}", size=s.SMALL, align="center")


def _counted(labels: Sequence[Annotation], field: str) -> Counter:
    return Counter(label.fields.get(field) or NOT_GIVEN for label in labels)


def _standing(article: Article, label: Annotation, quoted: set[tuple[int, int]]) -> str:
    """Return where a label’s words stand: inside quotation marks where all of them do."""
    all_words = article.block_of(label.at).words
    words = [w for w in all_words if w[0] < label.at.end and label.at.start < w[1]]
    return INSIDE if words and quoted.issuperset(words) else OUTSIDE
