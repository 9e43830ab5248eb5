"""What raises and what lowers expectations: along the text, and voice by voice."""

from __future__ import annotations

from bisect import bisect, insort
from collections import Counter
from typing import NamedTuple

from kit.base.phrases import all_of, brief, join, one_line, plural, where
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark
from kit.charts.tally import LabelTally, main_code
from kit.charts.textline import TextLine
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import EMPTY, Style, style
from kit.measure.shares import NOT_GIVEN

__all__ = ["expectation_ribbon", "moves_by_voice"]

LAYER = "expectation"
UP, DOWN, REPORTER = "raise", "lower", "reporter"
# matplotlib's names of the marks; a code that somebody adds gets one of the others.
SHAPES = {UP: "^", DOWN: "v", "hold-open": "o", "condition": "D", "benchmark": "s", NOT_GIVEN: "x"}
OTHER_SHAPES = ("p", "h", "8", "P", "*")
# How far marks stand apart, in millimetres; closer where they would pile up too high.
GAPS = (2.6, 1.7, 1.0)
MOST_LEVELS = 12
# How many places of a code the text alternative names; the table has them all.
PLACES = 12
MOST_VOICES = 20
ROW, TOTAL = 6.2, 12.0
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


class _Placed(NamedTuple):
    """One code of one label, on its side of the line and so many levels away from it."""

    label: Annotation
    code: str
    main: bool
    level: int


def expectation_ribbon(coding: Coding) -> Chart:
    """Chart the expectation labels along the text: what raises above a line, what lowers below.

    Every code has its own mark. A label's second code is hollow and tied to its main one.

    Raises:
        CodebookError: the codebook has no layer ``expectation``.
    """
    return _Ribbon(coding).chart()


def moves_by_voice(coding: Coding) -> Chart:
    """Chart how often each voice makes each move, by the labels' main codes.

    Voices that differ in capitals alone are one voice.

    Raises:
        CodebookError: the codebook has no layer ``expectation``.
    """
    return _Moves(coding).chart()


class _Expectations(LabelTally):
    """Expectation labels and the codes that the charts of them tell apart."""

    def __init__(self, coding: Coding):
        super().__init__(coding, LAYER)
        others = iter(OTHER_SHAPES * 8)
        self.codes = [
            _Code(
                code.id,
                code.name,
                SHAPES.get(code.id) or next(others),
                style(self.layer, code.id),
            )
            for code in self.layer.codes
        ]
        if any(not label.codes for label in self.labels):
            self.codes.append(_Code(NOT_GIVEN, NOT_GIVEN, SHAPES[NOT_GIVEN], EMPTY))


# -- along the text --------------------------------------------------------------------------------


class _Ribbon(_Expectations):
    topic = "Expectations along the text"

    def __init__(self, coding: Coding):
        super().__init__(coding)
        self.main = Counter(map(main_code, self.labels))
        self.second = Counter(code for label in self.labels for code in label.codes[1:])

    @property
    def title(self) -> str:
        if not self.labels:
            return "No expectation is labelled yet"
        up, down = self.main[UP], self.main[DOWN]
        ups, downs = "raises" if up == 1 else "raise", "lowers" if down == 1 else "lower"
        neither = f"{len(self.labels) - up - down:,} of {plural(len(self.labels), 'label')} neither"
        return f"{up:,} {ups} hopes, {down:,} {downs} them, {neither}"

    def finding(self) -> str:
        if not self.labels:
            return "No expectation is labelled yet: there is nothing to see."
        n, up, down = len(self.labels), self.main[UP], self.main[DOWN]
        if not up and not down:
            return f"None of {plural(n, 'label')} raises or lowers what a reader expects."
        words = [start for block in self.article.blocks for start, _ in block.words]
        half = words[len(words) // 2]
        early = Counter(main_code(label) for label in self.labels if label.at.start < half)
        so_many = all_of(up, n, "label")
        return (
            f"{so_many[0].upper()}{so_many[1:]} {'raises' if up == 1 else 'raise'} what a reader "
            f"expects and {down:,} {'lowers' if down == 1 else 'lower'} it: {early[UP]:,} and "
            f"{early[DOWN]:,} in the first half of the text, {up - early[UP]:,} and "
            f"{down - early[DOWN]:,} in the second."
        )

    def table(self) -> Table:
        names = {code.id: code.name for code in self.codes}
        rows: list[tuple[str | int, ...]] = [
            (
                self.block_of(label),
                one_line(label.at.text),
                names[main_code(label)],
                join([names[code] for code in label.codes[1:]]) if label.codes[1:] else "",
                one_line(label.fields.get("voice", "")),
            )
            for label in self.labels
        ]
        totals = [
            ", ".join(f"{code.name} {counts[code.id]:,}" for code in self.codes if counts[code.id])
            for counts in (self.main, self.second)
        ]
        rows.append(("All", plural(len(self.labels), "label"), *totals, ""))
        return Table(("Where", "Words", "Main code", "Second code", "Voice"), tuple(rows))

    def alt(self) -> str:
        said = [
            "Ribbon chart. The text runs from left to right, as long as its words; marks above a "
            "line raise what a reader expects, marks below lower it, the others stand on it. "
            f"{plural(len(self.labels), 'label')} by {self.coder}."
        ]
        for code in self.codes:
            if self.main[code.id]:
                own = self.blocks_of(a for a in self.labels if main_code(a) == code.id)
                said.append(f"{code.name}: {self.main[code.id]:,}, in {where(own, PLACES)}.")
        unused = [code.name for code in self.codes if not self.main[code.id]]
        if unused:
            said.append(f"As main code, no {join(unused)}.")
        if self.second:
            seconds = [f"{c.name} {self.second[c.id]:,}" for c in self.codes if self.second[c.id]]
            said.append(f"As second code: {join(seconds)}.")
        return " ".join(said)

    def draw(self) -> s.Sheet:
        on_line = [code.id for code in self.codes if code.id not in (UP, DOWN)]
        names = {code.id: s.fit(code.name, 26) for code in self.codes}
        main_x = s.MARGIN + 11 + s.SWATCH + max(map(s.text_width, names.values()))
        second_x = main_x + 10
        line = TextLine(self.article, second_x + 5, s.WIDTH - s.MARGIN - 1)
        gap, marks = self._marks(line)
        levels = {side: [m.level for m in marks if _side(m.code) == side] for side in (1, 0, -1)}
        above = max(max(levels[1], default=0) * gap + 4, 8)
        below = max(max(levels[-1], default=0) * gap + 4, 8)
        around = max(
            *(abs(_offset(level)) * gap + 2.5 for level in [0, *levels[0]]),
            2.2 * len(on_line) + 0.5,
        )
        top = s.Sheet.TOP + 9
        zero = top + above + around
        bottom = zero + around + below
        sheet = s.Sheet(bottom + 7, self.title, f"{self.topic} · labelled by {self.coder}")
        line.draw_axis(sheet, top, bottom)
        sheet.line(line.left, zero, line.right, zero, width=1.0)
        for y in (zero - around, zero + around):
            sheet.line(s.MARGIN, y, line.right, y, colour=s.GUIDE)
        sheet.text(main_x, top - 2.8, "main", size=s.SMALL, align="right", colour=s.QUIET)
        sheet.text(second_x, top - 2.8, "2nd", size=s.SMALL, align="right", colour=s.QUIET)
        if self.second:
            hollow = (Mark("o", False), "hollow: the second code of a label")
            sheet.key(s.Sheet.TOP + 1.2, [hollow])

        lanes = {id: zero + 4.4 * (n - (len(on_line) - 1) / 2) for n, id in enumerate(on_line)}
        lanes |= {UP: top + above / 2, DOWN: zero + around + below / 2}
        for code in self.codes:
            y = lanes[code.id]
            main, second = self.main[code.id], self.second[code.id]
            colour = s.INK if main or second else s.QUIET
            sheet.mark(s.MARGIN + 1.2, y, code.mark())
            sheet.swatch(s.MARGIN + 4, y, code.look)
            sheet.text(s.MARGIN + 4 + s.SWATCH, y, names[code.id], colour=colour)
            sheet.text(main_x, y, f"{main:,}", align="right", colour=colour)
            sheet.text(second_x, y, f"{second:,}" if second else "–", align="right", colour=s.QUIET)
        self._draw_marks(sheet, line, marks, gap, zero, around)
        return sheet

    def _draw_marks(
        self, sheet: s.Sheet, line: TextLine, marks: list[_Placed], gap: float, zero: float,
        around: float,
    ) -> None:  # fmt: skip
        codes = {code.id: code for code in self.codes}
        size = min(1.9, 0.76 * gap)
        mains = {}
        for mark in marks:
            x, side = line.middle(mark.label.at), _side(mark.code)
            y = zero + _offset(mark.level) * gap
            if side:
                y = zero - side * (around + 2 + mark.level * gap)
            if mark.main:
                mains[mark.label.id] = y
            else:
                sheet.line(x, mains[mark.label.id], x, y, colour=s.PALE, width=0.7, layer=2)
            code = codes[mark.code]
            place = self.place(mark.label, code.name)
            sheet.mark(x, y, code.mark(main=mark.main), size=size, of=place)

    def _marks(self, line: TextLine) -> tuple[float, list[_Placed]]:
        """Return every mark with its level, and how far apart levels are."""
        coded = [(label, main_code(label), True) for label in self.labels]
        coded += [(label, code, False) for label in self.labels for code in label.codes[1:]]
        for gap in GAPS:
            taken: dict[int, list[list[float]]] = {
                side: [[] for _ in range(2 * MOST_LEVELS)] for side in (1, 0, -1)
            }
            marks = [
                _Placed(label, code, main, _free(taken[_side(code)], line.middle(label.at), gap))
                for label, code, main in coded
            ]
            if max((mark.level for mark in marks), default=0) < MOST_LEVELS:
                break
        return gap, marks


def _side(code: str) -> int:
    return {UP: 1, DOWN: -1}.get(code, 0)


def _offset(level: int) -> int:
    """Return levels on the line in turn above and below it: 0, 1, -1, 2, -2 …"""
    return (level + 1) // 2 * (1 if level % 2 else -1)


def _free(levels: list[list[float]], x: float, gap: float) -> int:
    """Return the first level with room for a mark, and take the room. A level knows its marks
    from left to right."""

    def has_room(n: int) -> bool:
        at = bisect(levels[n], x)
        return all(abs(x - other) >= gap for other in levels[n][max(at - 1, 0) : at + 1])

    # Hundreds of labels on a few words: marks on top of one another, rather than a tower.
    fewest = min(range(len(levels)), key=lambda n: len(levels[n]))
    level = next(filter(has_room, range(len(levels))), fewest)
    insort(levels[level], x)
    return level


# -- voice by voice --------------------------------------------------------------------------------


class _Voice(NamedTuple):
    name: str
    labels: list[Annotation]

    @property
    def counts(self) -> Counter[str]:
        return Counter(map(main_code, self.labels))


class _Moves(_Expectations):
    topic = "Moves by voice"

    def __init__(self, coding: Coding):
        super().__init__(coding)
        names: dict[str, str] = {}
        labels: dict[str, list[Annotation]] = {}
        for label in self.labels:
            name = one_line(label.fields.get("voice", "")) or NOT_GIVEN
            names.setdefault(name.casefold(), name)
            labels.setdefault(name.casefold(), []).append(label)
        voices = [_Voice(names[key], made) for key, made in labels.items()]
        # Those with most labels come first.
        self.voices = sorted(voices, key=lambda voice: (-voice.counts.total(), voice.name))
        self.all = Counter(map(main_code, self.labels))

    @property
    def title(self) -> str:
        if not self.voices:
            return "No voice has made a move yet"
        first = self.voices[0]
        most = first.counts.total()
        if len(self.voices) > 1 and self.voices[1].counts.total() == most:
            return f"No voice makes most moves: the first have {most:,} each"
        share = all_of(most, self.all.total(), "move")
        return f"{brief(first.name, 30)[:1].upper()}{brief(first.name, 30)[1:]} makes {share}"

    def finding(self) -> str:
        if not self.voices:
            return "No expectation is labelled yet, so no voice has made a move."
        reporter = [voice for voice in self.voices if voice.name.casefold() == REPORTER]
        if reporter and self.all[UP] and self.all[DOWN]:
            ups, downs = (reporter[0].counts[code] for code in (UP, DOWN))
            return (
                f"The reporter raises {ups:,} of {plural(self.all[UP], 'time')} "
                f"and lowers {downs:,} of {self.all[DOWN]:,}."
            )
        first = self.voices[0]
        most = first.counts.total()
        others = [voice for voice in self.voices[1:] if voice.counts.total() == most]
        if others:
            return (
                f"{plural(len(others) + 1, 'voice')} have {plural(most, 'label')} each, the most."
            )
        share = all_of(most, self.all.total(), "label")
        return f"Most moves are by “{first.name}”: {share} ({self._moves(first)})."

    def _moves(self, voice: _Voice) -> str:
        """Return in words how often a voice makes which moves."""
        return join([f"{c.name} {voice.counts[c.id]:,}" for c in self.codes if voice.counts[c.id]])

    def table(self) -> Table:
        rows: list[tuple[str | int, ...]] = [
            (voice.name, *(voice.counts[code.id] for code in self.codes), voice.counts.total())
            for voice in [*self.voices, _Voice("All", [*self.labels])]
        ]
        return Table(("Voice", *(code.name for code in self.codes), "All"), tuple(rows))

    def alt(self) -> str:
        said = [
            "Table of counts, the larger the darker, with one row for each voice and one column "
            f"for each move. {plural(self.all.total(), 'label')} by {self.coder}."
        ]
        said += [f"{voice.name}: {self._moves(voice)}." for voice in self._rows()]
        return " ".join(said)

    def _rows(self) -> list[_Voice]:
        """Return the voices to draw; where there are too many, the rest as one row."""
        if len(self.voices) <= MOST_VOICES:
            return self.voices
        drawn, rest = self.voices[: MOST_VOICES - 1], self.voices[MOST_VOICES - 1 :]
        others = [label for voice in rest for label in voice.labels]
        return [*drawn, _Voice(f"{len(rest)} other voices", others)]

    def draw(self) -> s.Sheet:
        voices = self._rows()
        heads = [code.name for code in self.codes]
        # The heads of narrow columns have two lines; whether they are narrow, the names decide.
        left = s.Rows([voice.name for voice in voices], 0, ROW, room=52).left
        column = min(20.0, (s.WIDTH - s.MARGIN - left - TOTAL) / len(heads))
        heads = [s.wrap(head, column - 1, s.SMALL) for head in heads]
        named = s.Sheet.TOP + 5 + 3 * any("\n" in head for head in heads)
        top = named + 4
        rows = s.Rows([voice.name for voice in voices], top, ROW, room=52)
        source = f"{self.topic} · main codes, labelled by {self.coder}"
        sheet = s.Sheet(rows.bottom + ROW + 2, self.title, source)
        centres = [left + column * (n + 0.5) for n in range(len(heads))]
        centres.append(left + column * len(heads) + TOTAL / 2)
        for x, head in zip(centres, [*heads, "All"], strict=True):
            sheet.text(x, (s.Sheet.TOP + named) / 2 - 0.5, head, size=s.SMALL, align="center")
        for x, code in zip(centres, self.codes, strict=False):
            sheet.swatch(x - 2, top - 2.5, code.look)
        if not voices:
            sheet.text(s.MARGIN, top + ROW / 2, "no voice yet", colour=s.QUIET)
        most = max((n for voice in voices for n in voice.counts.values()), default=1)
        for voice, name, middle in zip(voices, rows.names, rows.middles, strict=True):
            sheet.text(s.MARGIN, middle, name)
            for x, code in zip(centres, self.codes, strict=False):
                count = voice.counts[code.id]
                shade, colour = _shade(count, most), s.INK if count else s.QUIET
                corner = (x - column / 2, middle - rows.height / 2)
                sheet.box(*corner, column, rows.height, fill=shade, outline=0.4, colour=s.PALE)
                sheet.text(x, middle, f"{count:,}", align="center", colour=colour)
                made = [self.place(a) for a in voice.labels if main_code(a) == code.id]
                if made:
                    led = s.Places(f"{voice.name}, {code.name}", tuple(made))
                    sheet.link(*corner, column, rows.height, led)
            sheet.text(centres[-1], middle, f"{voice.counts.total():,}", align="center")
        sheet.text(s.MARGIN, rows.bottom + ROW / 2, "All", bold=True)
        counts = [*(self.all[code.id] for code in self.codes), self.all.total()]
        for x, count in zip(centres, counts, strict=True):
            sheet.text(x, rows.bottom + ROW / 2, f"{count:,}", align="center", bold=True)
        return sheet


def _shade(count: int, most: int) -> Style:
    """Return a grey that is the darker the more there are; white for none."""
    if not count:
        return EMPTY
    level = round(LIGHTEST - (LIGHTEST - DARKEST) * count / most)
    return Style(f"#{level:02X}{level:02X}{level:02X}", "", "solid")
