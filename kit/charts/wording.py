"""Where the machine seems to have been: labels on wording, paragraph by paragraph, those outside
quotation marks above the line and those inside below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from kit.base.phrases import all_of, plural
from kit.charts import sheet as s
from kit.charts.chart import MOST, LabelChart, Table
from kit.charts.sheet import Place, Sheet
from kit.charts.textline import numbered_blocks
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import Style
from kit.measure.shares import NOT_GIVEN
from kit.text.article import Block
from kit.text.quotations import quoted_words

LAYER = "wording"
QUOTES, CONFIDENCE = "in-quotes", "confidence"
SIDES = {"no": "outside", "yes": "inside"}
OUTSIDE, INSIDE = SIDES
LOOKS = {OUTSIDE: s.LIGHT, INSIDE: Style("#8c8c8c", "////", "rise")}
# In millimetres: how high all the columns may be, one label at most, and how far apart ruled
# lines stand.
HEIGHT, TALLEST_LABEL, RULED = 62.0, 3.0, 7.0


class Wording(LabelChart):
    """The labels on wording in every paragraph, outside against inside quotation marks.

    Inside or outside is what the coder put down in the field ``in-quotes``, and where nothing is
    put down, what the text shows. A paragraph is left out when the same coding says that it is no
    part of the story and no label stands in it.
    """

    topic = "Labels on wording, paragraph by paragraph"

    def __init__(self, coding: Coding):
        super().__init__(coding, LAYER)
        self.by_block: dict[str, list[Annotation]] = {}
        for label in self.labels:
            self.by_block.setdefault(self.block_of(label), []).append(label)
        self.blocks, self.is_story = self._told()
        quoted = set(quoted_words(self.article))
        # Where a coder has not said, the text knows: inside is what has all its words in quotes.
        self.side = {
            label.id: label.fields.get(QUOTES) or self._standing(label, quoted)
            for label in self.labels
        }
        # How many labels of each paragraph stand on each side.
        self.columns = {id: self._on_sides(labels) for id, labels in self.by_block.items()}
        self.quotes, self.confidence = self._on_sides(self.labels), _confidence(self.labels)
        # The names of the levels by their ids, in the codebook's order.
        self.levels = {option.id: option.name for option in self.layer.field(CONFIDENCE).options}
        if self.confidence[NOT_GIVEN]:
            self.levels[NOT_GIVEN] = NOT_GIVEN

    def _told(self) -> tuple[list[Block], bool]:
        """Return the paragraphs to draw, and whether it is known which are the story."""
        asked = {*self.by_block, *(block.id for block in self.coding.story())}
        positions = self.coding.codes("position")
        told = [block for block in self.article.blocks if block.id in asked]
        return told, all(block.id in positions for block in self.article.blocks)

    def _standing(self, label: Annotation, quoted: set[tuple[int, int]]) -> str:
        words = self.article.words_in(label.at)
        return INSIDE if words and quoted.issuperset(words) else OUTSIDE

    def _on_sides(self, labels: Sequence[Annotation]) -> Counter[str]:
        return Counter(self.side[label.id] for label in labels)

    @property
    def noun(self) -> str:
        return "story paragraph" if self.is_story else "paragraph"

    @cached_property
    def title(self) -> str:
        outside, inside = self.quotes[OUTSIDE], self.quotes[INSIDE]
        return f"{plural(outside, 'label')} outside quotation marks, {inside:,} inside"

    @cached_property
    def finding(self) -> str:
        said = (
            f"{plural(len(self.labels), 'label')} on wording in "
            f"{all_of(len(self.by_block), len(self.blocks), self.noun)}: "
            f"{self.quotes[OUTSIDE]:,} outside quotation marks and {self.quotes[INSIDE]:,} inside"
        )
        words = {word for block in self.blocks for word in block.words}
        inside = len(words & set(quoted_words(self.article)))
        outside = len(words) - inside
        if not inside or not outside:
            return f"{said}."
        rates = [100 * self.quotes[OUTSIDE] / outside, 100 * self.quotes[INSIDE] / inside]
        # Both with a decimal place where one of them needs it.
        places = 0 if min(rates) >= 10 else 1
        return (
            f"{said}. That is {rates[0]:.{places}f} labels for every 100 words outside and "
            f"{rates[1]:.{places}f} for every 100 words inside."
        )

    @cached_property
    def table(self) -> Table:
        header = ["Paragraph", "Labels", *(f"{name.capitalize()} marks" for name in SIDES.values())]
        header += [f"{name} confidence" for name in self.levels.values()]
        rows = [
            self._row(block.id, self.by_block[block.id])
            for block in self.blocks
            if block.id in self.by_block
        ]
        return Table(tuple(header), (*rows, self._row("All", self.labels)))

    def _row(self, name: str, labels: Sequence[Annotation]) -> tuple[str | int, ...]:
        quotes, confidence = self._on_sides(labels), _confidence(labels)
        sides = [quotes[side] for side in SIDES]
        return (name, len(labels), *sides, *(confidence[level] for level in self.levels))

    @property
    def kind(self) -> str:
        return (
            f"Column chart with one place for each of {plural(len(self.blocks), self.noun)}, "
            f"labelled by {self.coder}: labels outside quotation marks rise above a "
            "line, labels inside hang below it."
        )

    def _most(self, side: str) -> tuple[int, list[str]]:
        """Return the largest number of labels on one side, and the paragraphs that have it."""
        most = max(counts[side] for counts in self.columns.values())
        return most, [b.id for b in self.blocks if self.columns.get(b.id, Counter())[side] == most]

    def draw(self) -> Sheet:
        blocks = self.blocks[:MOST]
        cut = f"the first {MOST:,} of {len(self.blocks):,} paragraphs drawn"
        cut = cut if len(self.blocks) > MOST else ""
        sheet = self.blank(f"by {self.coder}", cut=cut)
        sheet.key(Sheet.TOP + 1.5, [
            (LOOKS[side], f"{name} quotation marks: {self.quotes[side]:,}")
            for side, name in SIDES.items()
        ])  # fmt: skip
        up, down = (self._most(side)[0] for side in SIDES)
        scale = min(TALLEST_LABEL, HEIGHT / (up + down))
        line = Sheet.TOP + 10.5 + max(up * scale, 14)
        bottom = line + max(down * scale, 14) + 4.5
        left, right = s.MARGIN + 24, s.EDGE
        for name, y in zip(SIDES.values(), (line - 6.5, line + 6.5), strict=True):
            sheet.text(s.MARGIN, y, f"{name}\nquotation\nmarks", size=s.SMALL)
        step = next(m * 10**e for e in range(9) for m in (1, 2, 5) if m * 10**e * scale >= RULED)
        for n in (*range(0, up + 1, step), *range(-step, -down - 1, -step)):
            y = line - n * scale
            sheet.text(left - 2, y, f"{abs(n):,}", size=s.SMALL, align="right", colour=s.QUIET)
            sheet.guide(left, y, right, y)
        pitch = (right - left) / len(blocks)
        centres = {block.id: left + (n + 0.5) * pitch for n, block in enumerate(blocks)}
        width = 0.7 * pitch
        for side, name, way in zip(SIDES, SIDES.values(), (-1, 1), strict=True):
            most, numbered = self._most(side)
            for id in filter(centres.__contains__, self.columns):
                count = self.columns[id][side]
                if not count:
                    continue
                x, high = centres[id] - width / 2, count * scale
                y = line - high if way < 0 else line
                sheet.box(x, y, width, high, LOOKS[side], outline=min(0.6, 0.4 * width))
                said = f"{plural(count, 'label')} {name} quotation marks"
                sheet.link(x, y, width, high, said, [Place(id)])
                # The number stands at the first of the highest only.
                if id == numbered[0]:
                    y = line + way * (most * scale + 2.1)
                    sheet.text(centres[id], y, f"{most:,}", size=s.SMALL, align="center")
        sheet.line(left, line, right, line, width=0.9, layer=4)
        every = [(centres[block.id], block.id) for block in numbered_blocks(blocks, pitch)]
        for x in sheet.numbers(every, bottom + 3.2):
            sheet.line(x, bottom, x, bottom + 1, colour=s.QUIET)
        sheet.height = bottom + 7
        return sheet


def _confidence(labels: Sequence[Annotation]) -> Counter[str]:
    return Counter(label.fields.get(CONFIDENCE) or NOT_GIVEN for label in labels)
