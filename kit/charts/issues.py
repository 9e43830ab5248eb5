"""Which matters the text names, in whose voice, and how each is framed."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from kit.base.phrases import all_of, join, one_line, plural, where
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.tally import LabelTally, main_code
from kit.coding.codebook import Layer
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import EMPTY, Style
from kit.coding.sides import NEITHER, Side, Sides
from kit.measure.shares import NOT_GIVEN

__all__ = ["issue_grid"]

LAYER, FIELD = "issue", "frame"
REPORTER = "reporter"
MOST_COLUMNS = 12
ROW = 6.4

# What stands in a cell, by the frame's id, with a pattern; another frame gets its first letter.
SIGNS = {"dispute": "D", "cooperation": "C", "condition": "If", "neutral": "N", NOT_GIVEN: "•"}
_LOOKS = {
    "dispute": Style("#F0C05A", "////", "rise"),
    "cooperation": Style("#8CCBF0", "....", "dots"),
    "condition": Style("#DFA9C6", "----", "bars"),
}
PLAIN = Style("#F2F2F2", "", "solid")


class _Voice(NamedTuple):
    key: str
    name: str
    side: Side


class _Cell(NamedTuple):
    """One issue in one voice: its labels."""

    issue: str
    voice: _Voice
    labels: tuple[Annotation, ...]

    @property
    def frames(self) -> Counter[str]:
        return Counter(label.fields.get(FIELD, NOT_GIVEN) for label in self.labels)


def issue_grid(coding: Coding, frame: str | None = None) -> Chart:
    """Chart which voice names which issue, with the frame's sign in each cell.

    A voice is on a country's side by the affiliation that the same coding's attribution layer
    gives its speaker. Voices that differ in capitals alone are one voice.

    Args:
        coding: whose labels.
        frame: only labels with this frame.

    Raises:
        CodebookError: the codebook has no layer ``issue``.
        ValueError: there is no such frame.
    """
    return _Grid(coding, frame).chart()


class _Grid(LabelTally):
    def __init__(self, coding: Coding, frame: str | None):
        super().__init__(coding, LAYER)
        self.frames = _frames(self.layer)
        if frame is not None and frame not in self.frames:
            raise ValueError(f"There is no frame “{frame}”. There is: {', '.join(self.frames)}.")
        self.frame = frame
        self.labels = tuple(a for a in self.labels if frame in (None, a.fields.get(FIELD)))
        self.of = Sides(coding)
        self.sides = [side.name for side in self.of.all]
        self.cells = self._cells()
        used = {cell.issue for cell in self.cells}
        self.voices = self._by_side(self._busiest())
        self.issues = [code.id for code in self.layer.codes if code.id in used]
        self.issues += [NOT_GIVEN] if NOT_GIVEN in used else []
        self.names = {code.id: code.name for code in self.layer.codes} | {NOT_GIVEN: NOT_GIVEN}
        self.topic = "Issues by voice"
        if frame:
            self.topic += f", only as {self.frames[frame].lower()}"

    def _cells(self) -> list[_Cell]:
        voices: dict[str, _Voice] = {}
        labels: dict[tuple[str, str], list[Annotation]] = {}
        for label in self.labels:
            name = one_line(label.fields.get("voice", "")) or NOT_GIVEN
            key = name.casefold()
            voices.setdefault(key, _Voice(key, name, self.of.of_voice(key)))
            labels.setdefault((main_code(label), key), []).append(label)
        return [_Cell(issue, voices[key], tuple(own)) for (issue, key), own in labels.items()]

    def _busiest(self) -> list[_Voice]:
        """Return the voices, those with most labels first."""
        counts: Counter[_Voice] = Counter()
        for cell in self.cells:
            counts[cell.voice] += len(cell.labels)
        return sorted(counts, key=lambda voice: (-counts[voice], voice.name))

    def _by_side(self, voices: list[_Voice]) -> list[_Voice]:
        """Return voices side by side with those of their country."""
        order = [*self.of.all[:1], NEITHER, *self.of.all[1:]]
        return sorted(voices, key=lambda voice: order.index(voice.side))

    def _shared(self) -> list[str]:
        """Return the issues that voices of more than one side name."""
        sides = {
            issue: {c.voice.side for c in self.cells if c.issue == issue} - {NEITHER}
            for issue in self.issues
        }
        return [issue for issue in self.issues if len(sides[issue]) > 1]

    @property
    def title(self) -> str:
        if not self.issues:
            return "No issue is labelled yet"
        heard = {cell.voice.side.name for cell in self.cells if cell.voice.side.known}
        if len(heard) < 2:
            return f"{plural(len(self.issues), 'issue')}, {plural(len(self.voices), 'voice')}"
        shared = all_of(len(self._shared()), len(self.issues), "issue")
        return f"{shared[0].upper()}{shared[1:]} named by more than one side"

    def finding(self) -> str:
        as_frame = f" as {self.frames[self.frame].lower()}" if self.frame else ""
        if not self.labels:
            return f"No issue is labelled{as_frame} yet: there is nothing to see."
        heard = [side for side in self.sides if any(c.voice.side.name == side for c in self.cells)]
        if len(heard) < 2:
            return self._most_voices(as_frame, heard)
        sides = " and ".join(heard) if len(heard) == 2 else "more than one side’s"
        both = "both " if len(heard) == 2 else ""
        shared = self._shared()
        if not shared:
            said = f"No issue is named{as_frame} by {both}{sides} voices"
            half = self._with_reporter()
            return f"{said}; {half}." if half else f"{said}."
        names = join([self.names[issue] for issue in shared])
        of_all = all_of(len(shared), len(self.issues), "issue")
        verb = "is" if len(shared) == 1 else "are"
        return f"{names} {verb} named{as_frame} by {both}{sides} voices: {of_all}."

    def _with_reporter(self) -> str:
        """Say which issues the reporter shares with voices of a side."""
        said = []
        for side in self.sides:
            issues = [
                self.names[issue]
                for issue in self.issues
                if {
                    (c.voice.key == REPORTER, c.voice.side.name)
                    for c in self.cells
                    if c.issue == issue
                }
                >= {(True, NEITHER.name), (False, side)}
            ]
            if issues:
                said.append(f"the reporter and {side} voices share {join(issues)}")
        return "; ".join(said)

    def _most_voices(self, as_frame: str, heard: list[str]) -> str:
        voices = Counter(cell.issue for cell in self.cells)
        most = max(voices.values())
        first = [self.names[issue] for issue in self.issues if voices[issue] == most]
        if len(first) > 3:
            first = [*first[:3], f"{len(first) - 3} more"]
        said = f"{join(first)} {'has' if len(first) == 1 else 'have'} most voices{as_frame}: {most}"
        said += " each" if len(first) > 1 else ""
        sides = f"only {heard[0]} voices have" if heard else "no voice has"
        return f"{said}; {sides} a side among the attributions, so there is nothing to compare."

    def table(self) -> Table:
        rows = []
        for issue in self.issues:
            for cell in self._row(issue):
                signs = [f"{self._frame_name(f)} {n}" for f, n in self._in_order(cell)]
                rows.append(
                    (
                        self.names[issue],
                        cell.voice.name,
                        cell.voice.side.name if cell.voice.side.known else "–",
                        len(cell.labels),
                        ", ".join(signs),
                        where(self.blocks_of(cell.labels)),
                    )
                )
        rows.append(("All", "", "", len(self.labels), "", ""))
        return Table(("Issue", "Voice", "Side", "Labels", "Frame", "Where"), tuple(rows))

    def _row(self, issue: str) -> list[_Cell]:
        order = {voice: n for n, voice in enumerate(self.voices)}
        own = [cell for cell in self.cells if cell.issue == issue]
        return sorted(own, key=lambda cell: order[cell.voice])

    def _frame_name(self, frame: str) -> str:
        return self.frames.get(frame, "no frame")

    def _in_order(self, cell: _Cell) -> list[tuple[str, int]]:
        counts = cell.frames
        return [(f, counts[f]) for f in [*self.frames, NOT_GIVEN] if counts[f]]

    def alt(self) -> str:
        said = [
            f"Grid with one row for each of {plural(len(self.issues), 'issue')} and one column "
            f"for each of {plural(len(self.voices), 'voice')}; a letter and a pattern in a cell "
            f"say how the voice frames the issue. Labelled by {self.coder}."
        ]
        for issue in self.issues:
            cells = [
                f"{cell.voice.name} ("
                + ", ".join(
                    self._frame_name(f).lower() + (f" {n}" if n > 1 else "")
                    for f, n in self._in_order(cell)
                )
                + ")"
                for cell in self._row(issue)
            ]
            said.append(f"{self.names[issue]}: {join(cells)}.")
        return " ".join(said)

    def draw(self) -> s.Sheet:
        voices = self._by_side(self._busiest()[:MOST_COLUMNS])
        heads = [s.fit(voice.name, 48, s.SMALL) for voice in voices]
        lengths = [s.text_width(head, s.SMALL) for head in heads]
        names = [s.fit(self.names[issue], 46) for issue in self.issues]
        left = s.MARGIN + max([*map(s.text_width, names), 24]) + 3
        column = min(14.0, (s.WIDTH - s.MARGIN - left) / max(len(voices), 1))
        sides_y = s.Sheet.TOP + 11 + max(lengths, default=8)
        top = sides_y + 4.6
        bottom = top + ROW * max(len(self.issues), 1)
        busiest = f"the {MOST_COLUMNS} busiest of {len(self.voices)} voices"
        cut = busiest if len(voices) < len(self.voices) else ""
        source = [self.topic, f"labelled by {self.coder}", cut]
        sheet = s.Sheet(bottom + 3, self.title, " · ".join(filter(None, source)))
        self._draw_key(sheet, s.Sheet.TOP + 2.5)
        sheet.text(s.MARGIN, sides_y, "side of the voice", size=s.SMALL, colour=s.QUIET)
        for n, voice in enumerate(voices):
            x = left + column * (n + 0.5)
            sheet.text(x, sides_y - 3.5 - lengths[n], heads[n], size=s.SMALL, turned=True)
            name = voice.side.name if voice.side.known else "–"
            side = s.fit(name, column - 0.6, s.SMALL)
            sheet.text(x, sides_y, side, size=s.SMALL, align="center", colour=s.QUIET)
            bar = left + column * n + 0.4
            sheet.box(bar, sides_y + 2, column - 0.8, 1.6, fill=voice.side.style, outline=0.5)
            if n and voice.side != voices[n - 1].side:
                line = left + column * n
                sheet.line(line, sides_y - 3, line, bottom, colour=s.PALE, width=0.9, layer=1)
        if not self.issues:
            sheet.text(s.MARGIN, top + ROW / 2, "no issue yet", colour=s.QUIET)
        for n, issue in enumerate(self.issues):
            y = top + ROW * n
            sheet.text(s.MARGIN, y + ROW / 2, names[n])
            sheet.line(s.MARGIN, y, left + column * len(voices), y, colour=s.GUIDE)
            for cell in self._row(issue):
                if cell.voice in voices:
                    x = left + column * voices.index(cell.voice)
                    self._draw_cell(sheet, cell, x + 0.4, y + 0.5, column - 0.8)
        return sheet

    def _draw_cell(self, sheet: s.Sheet, cell: _Cell, x: float, y: float, room: float) -> None:
        frames = self._in_order(cell)
        width = room / len(frames)
        for n, (frame, count) in enumerate(frames):
            text = _sign(frame) + (f"{count:,}" if count > 1 else "")
            _draw_sign(sheet, frame, text, x + width * n, y, width, ROW - 1)
            first = next(a for a in cell.labels if a.fields.get(FIELD, NOT_GIVEN) == frame)
            said = f"{self.names[cell.issue]}, {cell.voice.name}, {self._frame_name(frame).lower()}"
            place = self.place(first, said if count == 1 else f"{said}, the first of {count:,}")
            sheet.link(x + width * n, y, width, ROW - 1, place)

    def _draw_key(self, sheet: s.Sheet, y: float) -> None:
        used = {frame for cell in self.cells for frame in cell.frames}
        x = s.MARGIN
        for frame in [*self.frames, *({NOT_GIVEN} & used)]:
            _draw_sign(sheet, frame, _sign(frame), x, y - 2.4, 6.5, 4.8)
            name = self._frame_name(frame).lower()
            sheet.text(x + 8, y, name)
            x += 8 + s.text_width(name) + 5


def _draw_sign(
    sheet: s.Sheet, frame: str, text: str, x: float, y: float, width: float, height: float
) -> None:
    """Draw a frame's pattern with its letter on a white plate."""
    sheet.box(x, y, width, height, fill=_LOOKS.get(frame, PLAIN), outline=0.5, layer=2)
    size = s.SMALL if s.text_width(text, s.SMALL) <= width - 0.4 else s.SMALL - 2
    text = s.fit(text, width, size)
    wide = min(s.text_width(text, size) + 0.8, width - 0.3)
    middle = x + width / 2
    sheet.box(middle - wide / 2, y + 0.9, wide, height - 1.8, fill=EMPTY, layer=2.5)
    sheet.text(middle, y + height / 2, text, size=size, align="center")


def _frames(layer: Layer) -> dict[str, str]:
    """Return the names of the frames the layer knows, by id."""
    try:
        return {option.id: option.name for option in layer.field(FIELD).options}
    except KeyError:
        return {}


def _sign(frame: str) -> str:
    return SIGNS.get(frame) or frame[:1].upper()
