"""Who speaks where: attributions along the text, one row for each speaker.

Speakers stand in the order in which they are first heard, so that the rows step down from left to
right as new voices join, and gaps show who falls silent.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from kit.base.phrases import brief, join, one_line, percent, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark
from kit.charts.tally import LabelTally, side_key
from kit.charts.textline import TextLine
from kit.coding.coding import Annotation, Coding
from kit.coding.sides import Sides
from kit.measure.shares import NOT_GIVEN
from kit.text.span import Span

__all__ = ["voices_along_chart"]

LAYER, MODE = "attribution", "mode"
# The marks of the modes; a mode that somebody adds gets one of the others.
MARKS = {
    "direct": Mark("o"), "mixed": Mark("D", False), "indirect": Mark("s", False),
    NOT_GIVEN: Mark("x"),
}  # fmt: skip
OTHER_MARKS = (Mark("^"), Mark("v", False), Mark("p"), Mark("h", False))
MOST_ROWS = 20
ROW, BAR = 8.6, 2.2
# Records of one speaker closer than this, in millimetres, would have their marks run together.
APART = 2.2


class _Record(NamedTuple):
    """One attribution: its block, its mode, what it holds and how many words that is."""

    label: Annotation
    block: str
    mode: str
    content: tuple[Span, ...]
    words: int


class _Speaker(NamedTuple):
    name: str
    records: tuple[_Record, ...]

    @property
    def words(self) -> int:
        return sum(record.words for record in self.records)


def voices_along_chart(coding: Coding) -> Chart:
    """Chart every attribution where it stands in the text, in its speaker's row.

    The shape of a mark is the mode; the bar below it is as long as the words of the content.

    Args:
        coding: a coding with an ``attribution`` layer; it may be empty.

    Raises:
        CodebookError: the codebook has no layer ``attribution``.
    """
    return _Voices(coding).chart()


class _Voices(LabelTally):
    topic = "Voices along the text"

    def __init__(self, coding: Coding):
        super().__init__(coding, LAYER)
        self.sides = Sides(coding)
        self.modes = {
            option.id: option.name
            for field in self.layer.fields
            if field.id == MODE
            for option in field.options
        }
        found: dict[str, list[_Record]] = {}
        for label in self.labels:
            name = one_line(label.fields.get("speaker", "")) or NOT_GIVEN
            found.setdefault(name, []).append(self._record(label))
        self.speakers = [_Speaker(name, tuple(records)) for name, records in found.items()]
        self.records = [record for speaker in self.speakers for record in speaker.records]
        self.counts = Counter(record.mode for record in self.records)
        # A record's mode that is no option has its own name; none at all is told apart.
        self.modes |= {mode: mode for mode in self.counts if mode not in self.modes}
        others = iter(OTHER_MARKS * 8)
        self.total = sum(len(block.words) for block in self.article.blocks)
        self.marks = {mode: MARKS.get(mode) or next(others) for mode in self.modes}

    def _record(self, label: Annotation) -> _Record:
        content = label.parts.get("content") or (label.at,)
        words = {
            word
            for span in content
            for word in self.article.block_of(span).words
            if word[0] < span.end and span.start < word[1]
        }
        mode = label.fields.get(MODE) or NOT_GIVEN
        return _Record(label, self.block_of(label), mode, content, len(words))

    def _before(self, record: _Record) -> int:
        """Return how many words of the text stand before a record."""
        start = record.label.at.start
        return sum(end <= start for block in self.article.blocks for _, end in block.words)

    @property
    def title(self) -> str:
        if not self.speakers:
            return "No voice is recorded yet"
        of_sides = {
            side: [r for r in self.records if self.sides.of(r.label) is side]
            for side in self.sides.all
        }
        heard = sorted(filter(None, of_sides.values()), key=lambda own: own[0].label.at.start)
        if not heard:
            first = self.speakers[0]
            return f"“{brief(first.name, 30)}” speaks first ({first.records[0].block})"
        names = [self.sides.of(own[0].label).name for own in heard]
        counts = [f"{name} {len(own):,}" for name, own in zip(names, heard, strict=True)]
        place = heard[0][0].block
        return f"{names[0]} speaks first ({place}); attributions: {join(counts)}"

    def finding(self) -> str:
        if not self.records:
            return "No attribution is recorded yet, so no voice is heard."
        first, last = self.speakers[0], self.speakers[-1]
        said = (
            f"{plural(len(self.speakers), 'speaker')} in {plural(len(self.records), 'attribution')}"
        )
        if first is last:
            return f"{said}: only “{first.name}” is heard, from {first.records[0].block} on."
        passed = self._before(last.records[0])
        return (
            f"{said}: the first voice is “{first.name}” ({first.records[0].block}), and the last "
            f"to join is “{last.name}” ({last.records[0].block}), when {passed:,} of the "
            f"{plural(self.total, 'word')} ({percent(passed / self.total)}) have gone by."
        )

    def table(self) -> Table:
        rows = [
            (
                speaker.name,
                self._side(record),
                record.block,
                self.modes[record.mode],
                record.words,
            )
            for speaker in self.speakers
            for record in speaker.records
        ]
        words = sum(record.words for record in self.records)
        total = ("All", "", "", plural(len(rows), "attribution"), words)
        return Table(("Speaker", "Side", "Where", "Mode", "Words of content"), (*rows, total))

    def _side(self, record: _Record) -> str:
        side = self.sides.of(record.label)
        return side.name if side.known else "–"

    def alt(self) -> str:
        said = [
            f"Chart of voices along the text, {plural(self.total, 'word')} from left to right, one "
            f"row for each of {plural(len(self.speakers), 'speaker')} in the order in which they "
            f"are first heard, recorded by {self.coder}. A mark says how each of "
            f"{plural(len(self.records), 'attribution')} is given, a bar how many words it has."
        ]
        if self.records:
            modes = [
                f"{self.modes[mode].lower()} {self.counts[mode]:,}"
                for mode in self.modes
                if self.counts[mode]
            ]
            said.append(f"How they are given: {join(modes)}.")
        said += [
            f"{speaker.name}: {plural(len(speaker.records), 'attribution')} from "
            f"{speaker.records[0].block} on, {plural(speaker.words, 'word')}."
            for speaker in self._rows()
        ]
        return " ".join(said)

    def _rows(self) -> list[_Speaker]:
        """Return the speakers to draw; where there are too many, the last to join as one row."""
        if len(self.speakers) <= MOST_ROWS:
            return self.speakers
        rest = self.speakers[MOST_ROWS - 1 :]
        records = [record for speaker in rest for record in speaker.records]
        records.sort(key=lambda record: record.label.at.start)
        others = _Speaker(f"{len(rest)} other speakers", tuple(records))
        return [*self.speakers[: MOST_ROWS - 1], others]

    def draw(self) -> s.Sheet:
        speakers = self._rows()
        top = s.Sheet.TOP + 17
        rows = s.Rows([speaker.name for speaker in speakers], top + 0.5, ROW)
        bottom = rows.bottom + 0.5
        sheet = s.Sheet(bottom + 9.5, self.title, f"{self.topic} · recorded by {self.coder}")
        modes = [
            (self.marks[mode], f"{name.lower()}: {self.counts[mode]:,}")
            for mode, name in self.modes.items()
        ]
        sheet.key(s.Sheet.TOP + 1, modes)
        sheet.key(s.Sheet.TOP + 6.5, side_key(self.sides))
        line = TextLine(self.article, rows.left, s.WIDTH - s.MARGIN - 13)
        line.draw_axis(sheet, top, bottom)
        edge = s.WIDTH - s.MARGIN
        sheet.text(edge, top - 2.8, "words", align="right", colour=s.QUIET)
        if not speakers:
            sheet.text(s.MARGIN, top + ROW / 2, "no voice yet", colour=s.QUIET)
        for speaker, name, middle in zip(speakers, rows.names, rows.middles, strict=True):
            sheet.text(s.MARGIN, middle, name)
            sheet.text(edge, middle, f"{speaker.words:,}", align="right")
            sheet.line(line.left, middle + 1.2, line.right, middle + 1.2, colour=s.GUIDE)
            self._draw_records(sheet, line, speaker, middle + 1.2)
        return sheet

    def _draw_records(self, sheet: s.Sheet, line: TextLine, speaker: _Speaker, y: float) -> None:
        """Draw what each record holds as a bar on the line at ``y``, and its mark above it."""
        free_from = 0.0
        for record in speaker.records:
            side = self.sides.of(record.label)
            place = self.place(record.label, f"{speaker.name}, {self.modes[record.mode].lower()}")
            for span in record.content:
                x, width = line.box(span)
                sheet.box(x, y - BAR / 2, width, BAR, fill=side.style, outline=0.5, layer=3)
            first, width = line.box(record.content[0])
            x = max(first + 0.9, free_from)
            sheet.mark(x, y - BAR / 2 - 1.5, self.marks[record.mode], size=1.7)
            high = BAR + 2.4  # the mark and the bar below it
            sheet.link(x - 0.9, y + BAR / 2 - high, max(width, 1.8), high, place)
            free_from = x + APART
