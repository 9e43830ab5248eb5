"""What raises and what lowers expectations: along the text, and voice by voice."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import NamedTuple

from kit.base.phrases import all_of, brief, capital, join, plural, where
from kit.charts import sheet as s
from kit.charts.chart import NAMED_PLACES, LabelChart, Table, Voice, main_code, name_of, rest_as_one
from kit.charts.sheet import Mark, Row, Rows, Sheet
from kit.charts.textline import TextLine
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import EMPTY, Style, style
from kit.measure.shares import NOT_GIVEN

LAYER = "expectation"
UP, DOWN, REPORTER = "raise", "lower", "reporter"
# The codes' marks; a code that somebody adds gets one of the others.
SHAPES = {UP: "^", DOWN: "v", "hold-open": "o", "condition": "D", "benchmark": "s", NOT_GIVEN: "x"}
OTHER_SHAPES = ("p", "h", "o", "D", "s")
# How far marks stand apart, in millimetres, and in how many levels where many are close together.
GAP, MOST_LEVELS = 2.4, 8
ROW, COLUMN, TOTAL = 6.2, 20.0, 12.0
# The lightest and the darkest a cell can be; dark words stay readable on both.
LIGHTEST, DARKEST = 0xF2, 0xA0


class _Code(NamedTuple):
    id: str
    name: str
    shape: str
    look: Style

    def mark(self, *, main: bool = True) -> Mark:
        """Return its mark in its colour; that of a second code is hollow."""
        return Mark(self.shape, main, self.look.colour)


class _Expectations(LabelChart):
    """Expectation labels and the codes that the charts of them tell apart."""

    def __init__(self, coding: Coding):
        super().__init__(coding, LAYER)
        others = iter(OTHER_SHAPES * 8)
        self.codes = [
            _Code(c.id, c.name, SHAPES.get(c.id) or next(others), style(self.layer, c.id))
            for c in self.layer.codes
        ]
        if any(not label.codes for label in self.labels):
            self.codes.append(_Code(NOT_GIVEN, NOT_GIVEN, SHAPES[NOT_GIVEN], EMPTY))
        self.main = Counter(map(main_code, self.labels))

    def counted(self, counts: Counter[str]) -> list[str]:
        """Return the codes that there are, each with its number."""
        return [f"{c.name} {counts[c.id]:,}" for c in self.codes if counts[c.id]]


class ExpectationRibbon(_Expectations):
    """The expectation labels along the text: what raises above, what lowers below, and what does
    neither between them.

    Every code has its own row and mark. A label's second code is hollow and tied to its main one.
    """

    topic = "Expectations along the text"

    def __init__(self, coding: Coding):
        super().__init__(coding)
        self.second = Counter(code for label in self.labels for code in label.codes[1:])

    @cached_property
    def title(self) -> str:
        up, down = self.main[UP], self.main[DOWN]
        ups, downs = "raises" if up == 1 else "raise", "lowers" if down == 1 else "lower"
        neither = f"{len(self.labels) - up - down:,} of {plural(len(self.labels), 'label')} neither"
        return f"{up:,} {ups} hopes, {down:,} {downs} them, {neither}"

    @cached_property
    def finding(self) -> str:
        n, up, down = len(self.labels), self.main[UP], self.main[DOWN]
        if not up and not down:
            return f"None of {plural(n, 'label')} raises or lowers what a reader expects."
        words = [start for block in self.article.blocks for start, _ in block.words]
        half = words[len(words) // 2]
        early = Counter(main_code(label) for label in self.labels if label.at.start < half)
        so_many = capital(all_of(up, n, "label"))
        return (
            f"{so_many} {'raises' if up == 1 else 'raise'} what a reader "
            f"expects and {down:,} {'lowers' if down == 1 else 'lower'} it: {early[UP]:,} and "
            f"{early[DOWN]:,} in the first half of the text, {up - early[UP]:,} and "
            f"{down - early[DOWN]:,} in the second."
        )

    @cached_property
    def table(self) -> Table:
        names = {code.id: code.name for code in self.codes}
        rows: list[tuple[str | int, ...]] = [
            (
                self.block_of(label),
                brief(label.at.text, 200),
                names[main_code(label)],
                join([names[code] for code in label.codes[1:]]) if label.codes[1:] else "",
                name_of(label.fields["voice"]) if label.fields.get("voice") else "",
            )
            for label in self.labels
        ]
        totals = [", ".join(self.counted(counts)) for counts in (self.main, self.second)]
        rows.append(("All", plural(len(self.labels), "label"), *totals, ""))
        return Table(("Where", "Words", "Main code", "Second code", "Voice"), tuple(rows))

    @property
    def kind(self) -> str:
        return (
            "Ribbon chart. The text runs from left to right, as long as its words; marks at the "
            "top raise what a reader expects, marks at the bottom lower it, the others stand "
            f"between. {plural(len(self.labels), 'label')} by {self.coder}."
        )

    @cached_property
    def alt(self) -> str:
        said = [self.kind]
        for code in self.codes:
            if self.main[code.id]:
                own = self.blocks_of(a for a in self.labels if main_code(a) == code.id)
                said.append(f"{code.name}: {self.main[code.id]:,}, in {where(own, NAMED_PLACES)}.")
        unused = [code.name for code in self.codes if not self.main[code.id]]
        if unused:
            said.append(f"As main code, no {join(unused)}.")
        if self.second:
            said.append(f"As second code: {join(self.counted(self.second))}.")
        return " ".join(said)

    def draw(self) -> Sheet:
        sheet = self.blank(f"labelled by {self.coder}", cut=self.left_out)
        if self.second:
            sheet.key(Sheet.TOP + 1.2, [(Mark("o", False), "hollow: the second code of a label")])
        codes = sorted(self.codes, key=lambda code: (code.id == DOWN) - (code.id == UP))
        named = [self._row(code) for code in codes]
        top, heads = Sheet.TOP + 9 + 2 * bool(self.second), ("main", "second")
        # How close marks come, and so how high rows must be, depends on the room that names leave.
        room = Rows(Sheet("", ""), top, ROW, named, heads=heads)
        marks = self._marks(TextLine(self.article, room.left, room.right))
        most = max(level for *_, level in marks)
        rows = Rows(sheet, top, ROW + GAP * most, named, heads=heads)
        line = TextLine.beside(self.article, sheet, rows)
        for y in (rows.top + rows.height, rows.bottom - rows.height):
            sheet.line(line.left, y, line.right, y, width=0.9, colour=s.PALE)
        middles = dict(zip(codes, rows.middles, strict=True))
        mains: dict[str, float] = {}
        for label, code, main, level in marks:
            x = line.middle(label.at)
            y = middles[code] + GAP * (level - most / 2)
            if main:
                mains[label.id] = y
            else:
                sheet.line(x, mains[label.id], x, y, colour=s.PALE, width=0.7)
            mark, places = code.mark(main=main), self.places(label)
            sheet.mark(x, y, mark, size=1.8, said=code.name, places=places)
        return sheet

    def _row(self, code: _Code) -> Row:
        main, second = self.main[code.id], self.second[code.id]
        numbers = (f"{main:,}", f"{second:,}" if second else "–")
        quiet = not main and not second
        return Row(code.name, numbers, (code.mark(), code.look), quiet=quiet)

    def _marks(self, line: TextLine) -> list[tuple[Annotation, _Code, bool, int]]:
        """Return every mark: its label, its code, whether that is the main one, and its level;
        those of main codes first."""
        labels = self.drawn(self.labels)
        codes = {code.id: code for code in self.codes}
        coded = [(label, codes[main_code(label)], True) for label in labels]
        coded += [(label, codes[code], False) for label in labels for code in label.codes[1:]]
        at = [line.middle(label.at) for label, *_ in coded]
        level: dict[int, int] = {}
        for code in self.codes:
            own = sorted((n for n, mark in enumerate(coded) if mark[1] is code), key=at.__getitem__)
            level |= dict(zip(own, s.levels([at[n] for n in own], GAP, MOST_LEVELS), strict=True))
        return [(*mark, level[n]) for n, mark in enumerate(coded)]


class MovesByVoice(_Expectations):
    """How often each voice makes each move, by the labels' main codes.

    Voices that differ in capitals alone are one voice.
    """

    topic = "Moves by voice"

    def __init__(self, coding: Coding):
        super().__init__(coding)
        # Those with most labels come first.
        self.by_voice = sorted(self.voices("voice"), key=lambda v: (-len(v.labels), v.name))

    @cached_property
    def title(self) -> str:
        first, *others = self.by_voice
        most = len(first.labels)
        if others and len(others[0].labels) == most:
            return f"No voice makes most moves: the first have {most:,} each"
        name = "the reporter" if first.key == REPORTER else brief(first.name, 30)
        return f"{capital(name)} makes {all_of(most, len(self.labels), 'move')}"

    @cached_property
    def finding(self) -> str:
        reporter = [_counts(voice) for voice in self.by_voice if voice.key == REPORTER]
        if reporter and self.main[UP] and self.main[DOWN]:
            return (
                f"The reporter raises {reporter[0][UP]:,} of {plural(self.main[UP], 'time')} "
                f"and lowers {reporter[0][DOWN]:,} of {self.main[DOWN]:,}."
            )
        first = self.by_voice[0]
        most = len(first.labels)
        ties = sum(len(voice.labels) == most for voice in self.by_voice)
        if ties > 1:
            return f"{plural(ties, 'voice')} have {plural(most, 'label')} each, the most."
        share = all_of(most, len(self.labels), "label")
        return f"Most moves are by “{first.name}”: {share} ({join(self.counted(_counts(first)))})."

    @cached_property
    def table(self) -> Table:
        rows: list[tuple[str | int, ...]] = [
            (voice.name, *(_counts(voice)[code.id] for code in self.codes), len(voice.labels))
            for voice in [*self.by_voice, Voice("All", self.labels)]
        ]
        return Table(("Voice", *(code.name for code in self.codes), "All"), tuple(rows))

    @property
    def kind(self) -> str:
        return (
            "Table of counts, the larger the darker, with one row for each voice and one column "
            f"for each move. {plural(len(self.labels), 'label')} by {self.coder}."
        )

    def draw(self) -> Sheet:
        sheet = self.blank(f"main codes, labelled by {self.coder}")
        total = Voice("All", self.labels)
        voices = [*rest_as_one(self.by_voice, "voices"), total]
        named = [Row(voice.name, bold=voice is total) for voice in voices]
        top = Sheet.TOP + 12
        rows = Rows(sheet, top, ROW, named, room=52)
        column = min(COLUMN, (s.EDGE - rows.left - TOTAL) / len(self.codes))
        edges = [rows.left + column * n for n in range(len(self.codes))]
        end = rows.left + column * len(self.codes) + TOTAL / 2
        for x, code in zip(edges, self.codes, strict=True):
            head, middle = s.wrap(code.name, column - 1, s.SMALL), x + column / 2
            sheet.text(middle, Sheet.TOP + 3, head, size=s.SMALL, align="center")
            sheet.sign(middle - 2, top - 3, code.look)
        sheet.text(end, Sheet.TOP + 3, "All", size=s.SMALL, align="center")
        every = [count for voice in voices[:-1] for count in _counts(voice).values()]
        for voice, row, middle in zip(voices, named, rows.middles, strict=True):
            counts = _counts(voice)
            for x, code in zip(edges, self.codes, strict=True):
                count, text = counts[code.id], f"{counts[code.id]:,}"
                if row.bold:
                    sheet.text(x + column / 2, middle, text, align="center", bold=True)
                    continue
                box = (x, middle - rows.height / 2, column, rows.height)
                colour = s.INK if count else s.QUIET
                sheet.cell(*box, text, _shade(count, max(every)), colour=colour)
                if count:
                    made = self.places(*(a for a in voice.labels if main_code(a) == code.id))
                    sheet.link(*box, f"{voice.name}, {code.name}", made)
            sheet.text(end, middle, f"{len(voice.labels):,}", align="center", bold=row.bold)
        sheet.height = rows.bottom + 2
        return sheet


def _counts(voice: Voice) -> Counter[str]:
    return Counter(map(main_code, voice.labels))


def _shade(count: int, most: int) -> Style:
    """Return a grey that is the darker the more there are; white for none."""
    if not count:
        return EMPTY
    level = round(LIGHTEST - (LIGHTEST - DARKEST) * count / most)
    return Style(f"#{level:02X}{level:02X}{level:02X}", "", "solid")
