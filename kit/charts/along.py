"""Who speaks where: attributions along the text, one row for each speaker.

Speakers stand in the order in which they are first heard, so that the rows step down from left to
right as new voices join, and gaps show who falls silent.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from kit.base.phrases import brief, join, percent, plural
from kit.charts.chart import MOST, LabelChart, Table, Voice, rest_as_one, side_key
from kit.charts.sheet import GUIDE, Mark, Row, Rows, Sheet
from kit.charts.textline import TextLine
from kit.coding.coding import Annotation, Coding
from kit.coding.sides import Sides
from kit.measure.shares import NOT_GIVEN
from kit.text.span import Span

LAYER, MODE = "attribution", "mode"
# The marks of the modes; a mode that somebody adds gets one of the others.
MARKS = {
    "direct": Mark("o"), "mixed": Mark("D", False), "indirect": Mark("s", False),
    NOT_GIVEN: Mark("x"),
}  # fmt: skip
OTHER_MARKS = (Mark("^"), Mark("v", False), Mark("p"), Mark("h", False))
ROW, BAR = 8.6, 2.2
# Records of one speaker closer than this, in millimetres, would have their marks run together.
APART = 2.2


class VoicesAlong(LabelChart):
    """Every attribution where it stands in the text, in its speaker's row.

    The shape of a mark is the mode; the bar below it is as long as the words of the content.
    """

    topic = "Voices along the text"

    def __init__(self, coding: Coding):
        super().__init__(coding, LAYER)
        self.sides = Sides(coding)
        self.words = {label.id: self._words(label) for label in self.labels}
        self.speakers = self.voices("speaker")
        self.counts = Counter(map(_mode, self.labels))
        self.modes = {option.id: option.name for option in self.layer.field(MODE).options}
        # A record's mode that is no option has its own name; none at all is told apart.
        self.modes |= {mode: brief(mode) for mode in self.counts if mode not in self.modes}
        self.total = sum(len(block.words) for block in self.article.blocks)

    def _words(self, label: Annotation) -> int:
        """Return how many words a record's content has."""
        return len({word for span in _content(label) for word in self.article.words_in(span)})

    def _words_of(self, speaker: Voice) -> int:
        return sum(self.words[label.id] for label in speaker.labels)

    def _first(self, speaker: Voice) -> str:
        return self.block_of(speaker.labels[0])

    @cached_property
    def title(self) -> str:
        heard = Counter(side for side in map(self.sides.of, self.labels) if side.known)
        if not heard:
            first = self.speakers[0]
            return f"“{brief(first.name, 30)}” speaks first ({self._first(first)})"
        # A counter keeps the order in which the sides are first heard.
        counts = join([f"{side.name} {n:,}" for side, n in heard.items()])
        first_side = next(iter(heard))
        label = next(label for label in self.labels if self.sides.of(label) is first_side)
        place = self.block_of(label)
        return f"{first_side.name} speaks first ({place}); attributions: {counts}"

    @cached_property
    def finding(self) -> str:
        first, last = self.speakers[0], self.speakers[-1]
        said = f"{plural(len(self.speakers), 'speaker')} in "
        said += plural(len(self.labels), "attribution")
        if first is last:
            return f"{said}: only “{first.name}” is heard, from {self._first(first)} on."
        start = last.labels[0].at.start
        passed = sum(end <= start for block in self.article.blocks for _, end in block.words)
        return (
            f"{said}: the first voice is “{first.name}” ({self._first(first)}), and the last "
            f"to join is “{last.name}” ({self._first(last)}), when {passed:,} of the "
            f"{plural(self.total, 'word')} ({percent(passed / self.total)}) have gone by."
        )

    @cached_property
    def table(self) -> Table:
        rows = []
        for speaker in self.speakers:
            for label in speaker.labels:
                side = self.sides.of(label)
                named = (speaker.name, side.name if side.known else "–", self.block_of(label))
                rows.append((*named, self.modes[_mode(label)], self.words[label.id]))
        words = sum(self.words.values())
        total = ("All", "", "", plural(len(rows), "attribution"), words)
        return Table(("Speaker", "Side", "Where", "Mode", "Words of content"), (*rows, total))

    @property
    def kind(self) -> str:
        return (
            f"Chart of voices along the text, {plural(self.total, 'word')} from left to right, one "
            f"row for each of {plural(len(self.speakers), 'speaker')} in the order in which they "
            f"are first heard, recorded by {self.coder}. A mark says how each of "
            f"{plural(len(self.labels), 'attribution')} is given, a bar how many words it has."
        )

    def draw(self) -> Sheet:
        speakers = rest_as_one(self.speakers, "speakers")
        sheet = self.blank(f"recorded by {self.coder}", cut=self.left_out)
        others = iter(OTHER_MARKS * MOST)
        marks = {mode: MARKS.get(mode) or next(others) for mode in self.modes}
        modes = [
            (marks[mode], f"{n.lower()}: {self.counts[mode]:,}") for mode, n in self.modes.items()
        ]
        sheet.key(Sheet.TOP + 1, modes)
        sheet.key(Sheet.TOP + 6.5, side_key(self.sides))
        named = [Row(speaker.name, (f"{self._words_of(speaker):,}",)) for speaker in speakers]
        top = Sheet.TOP + 17.5
        rows = Rows(sheet, top, ROW, named, heads=("words",))
        line = TextLine.beside(self.article, sheet, rows)
        for speaker, middle in zip(speakers, rows.middles, strict=True):
            y = middle + 1.2
            sheet.line(line.left, y, line.right, y, colour=GUIDE)
            free_from = 0.0
            for label in self.drawn(speaker.labels):
                mode, look = _mode(label), self.sides.of(label).style
                for span in _content(label):
                    x, width = line.box(span)
                    sheet.box(x, y - BAR / 2, width, BAR, look, outline=0.5)
                first, width = line.box(_content(label)[0])
                # The mark stands above the bar, or beside the mark before.
                x = max(first + 0.9, free_from)
                sheet.mark(x, y - BAR / 2 - 1.5, marks[mode], size=1.7)
                said = f"{speaker.name}, {self.modes[mode].lower()}"
                high = BAR + 2.4
                place = self.places(label)
                sheet.link(x - 0.9, y + BAR / 2 - high, max(width, 1.8), high, said, place)
                free_from = x + APART
        return sheet


def _content(record: Annotation) -> tuple[Span, ...]:
    return record.parts.get("content") or (record.at,)


def _mode(record: Annotation) -> str:
    return record.fields.get(MODE) or NOT_GIVEN
