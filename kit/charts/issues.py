"""Which matters the text names, in whose voice, and how each is framed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from kit.base.phrases import all_of, capital, join, plural, where
from kit.charts import sheet as s
from kit.charts.chart import LISTED, LabelChart, Table, Voice, main_code
from kit.charts.sheet import Row, Rows, Sheet
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import Style
from kit.coding.sides import NEITHER, Side, Sides
from kit.measure.shares import NOT_GIVEN

LAYER, FRAME = "issue", "frame"
REPORTER = "reporter"
MOST_COLUMNS, COLUMN, ROW = 12, 16.0, 6.4

# What stands in a cell, by the frame's id, with a pattern; another frame gets its first letter.
SIGNS = {"dispute": "D", "cooperation": "C", "condition": "If", "neutral": "N", NOT_GIVEN: "•"}
LOOKS = {
    "dispute": Style("#F0C05A", "////", "rise"),
    "cooperation": Style("#8CCBF0", "....", "dots"),
    "condition": Style("#DFA9C6", "----", "bars"),
}
PLAIN = Style("#F2F2F2", "", "solid")


class IssueGrid(LabelChart):
    """Which voice names which issue, with the frame's sign in each cell.

    A voice is on a country's side by the affiliation that the same coding's attribution layer
    gives its speaker. Voices that differ in capitals alone are one voice.
    """

    topic = "Issues by voice"

    def __init__(self, coding: Coding):
        super().__init__(coding, LAYER)
        self.frames = {option.id: option.name for option in self.layer.field(FRAME).options}
        self.frames[NOT_GIVEN] = "no frame"
        sides = Sides(coding)
        # Those with most labels first.
        self.busiest = sorted(self.voices("voice"), key=lambda v: (-len(v.labels), v.name))
        self.side = {voice.key: sides.of_voice(voice.key) for voice in self.busiest}
        self.order = [*sides.all[:1], NEITHER, *sides.all[1:]]
        self.names = {code.id: code.name for code in self.layer.codes} | {NOT_GIVEN: NOT_GIVEN}
        self.cells: dict[str, list[Voice]] = {issue: [] for issue in self.names}
        for voice in self._by_side(self.busiest):
            for issue in dict.fromkeys(map(main_code, voice.labels)):
                own = tuple(label for label in voice.labels if main_code(label) == issue)
                self.cells[issue].append(Voice(voice.name, own))
        self.cells = {issue: cells for issue, cells in self.cells.items() if cells}

    def _by_side(self, voices: Iterable[Voice]) -> list[Voice]:
        """Return voices side by side with those of their country."""
        return sorted(voices, key=lambda voice: self.order.index(self.side[voice.key]))

    def _sides(self, voices: Iterable[Voice]) -> list[Side]:
        """Return the countries' sides that voices are on."""
        found = {self.side[voice.key] for voice in voices}
        return [side for side in self.order if side in found and side.known]

    def _shared(self) -> list[str]:
        """Return the issues that voices of more than one side name."""
        return [issue for issue, cells in self.cells.items() if len(self._sides(cells)) > 1]

    def _most_voices(self) -> tuple[int, list[str]]:
        """Return how many voices the issues with most have, and these issues' names."""
        most = max(map(len, self.cells.values()))
        return most, [self.names[id] for id, cells in self.cells.items() if len(cells) == most]

    @property
    def _voiceless(self) -> bool:
        return [voice.key for voice in self.busiest] == [NOT_GIVEN]

    @cached_property
    def title(self) -> str:
        if self._voiceless:
            return f"{plural(len(self.cells), 'issue')}, and no voice yet"
        if len(self._sides(self.busiest)) < 2:
            most, first = self._most_voices()
            name = first[0] if len(first) == 1 else plural(len(first), "issue")
            return f"Most voices: {name} ({most:,}{' each' if len(first) > 1 else ''})"
        shared = all_of(len(self._shared()), len(self.cells), "issue")
        return f"{capital(shared)} named by more than one side"

    @cached_property
    def finding(self) -> str:
        if self._voiceless:
            return "Whose the issues are is not said: fill in the voice of each label."
        heard = [side.name for side in self._sides(self.busiest)]
        if len(heard) < 2:
            most, first = self._most_voices()
            have, each = ("has", "") if len(first) == 1 else ("have", " each")
            sides = f"only {heard[0]} voices have" if heard else "no voice has"
            return (
                f"{join(first, 3)} {have} most voices: {most}{each}; {sides} a side among the "
                "attributions, so there is nothing to compare."
            )
        sides = f"both {' and '.join(heard)}" if len(heard) == 2 else "more than one side’s"
        shared = self._shared()
        if not shared:
            return "; ".join([f"No issue is named by {sides} voices", *self._with_reporter()]) + "."
        names = join([self.names[issue] for issue in shared])
        of_all = all_of(len(shared), len(self.cells), "issue")
        return f"{names} {'is' if len(shared) == 1 else 'are'} named by {sides} voices: {of_all}."

    def _with_reporter(self) -> list[str]:
        """Say which issues the reporter shares with voices of a side."""
        said = []
        for side in self._sides(self.busiest):
            issues = [
                self.names[issue]
                for issue, cells in self.cells.items()
                if side in self._sides(cells) and any(voice.key == REPORTER for voice in cells)
            ]
            if issues:
                said.append(f"the reporter and {side.name} voices share {join(issues)}")
        return said

    @cached_property
    def table(self) -> Table:
        rows: list[tuple[str | int, ...]] = []
        for issue, cells in self.cells.items():
            for voice in cells:
                side = self.side[voice.key]
                named = (self.names[issue], voice.name, side.name if side.known else "–")
                signs = ", ".join(f"{self.frames[f]} {len(own)}" for f, own in self._framed(voice))
                places = where(self.blocks_of(voice.labels), LISTED)
                rows.append((*named, len(voice.labels), signs, places))
        rows.append(("All", "", "", len(self.labels), "", ""))
        return Table(("Issue", "Voice", "Side", "Labels", "Frame", "Where"), tuple(rows))

    def _framed(self, voice: Voice) -> list[tuple[str, list[Annotation]]]:
        """Return a voice's labels frame by frame, in the codebook's order."""
        framed: dict[str, list[Annotation]] = {frame: [] for frame in self.frames}
        for label in voice.labels:
            framed[label.fields.get(FRAME, NOT_GIVEN)].append(label)
        return [(frame, own) for frame, own in framed.items() if own]

    @property
    def kind(self) -> str:
        return (
            f"Grid with one row for each of {plural(len(self.cells), 'issue')} and one column "
            f"for each of {plural(len(self.busiest), 'voice')}; a letter and a pattern in a cell "
            f"say how the voice frames the issue. Labelled by {self.coder}."
        )

    def draw(self) -> Sheet:
        voices = self._by_side(self.busiest[:MOST_COLUMNS])
        cut = f"the {MOST_COLUMNS} busiest of {len(self.busiest):,} voices"
        cut = cut if len(voices) < len(self.busiest) else ""
        sheet = self.blank(f"labelled by {self.coder}", cut=cut)
        x = s.MARGIN
        for frame, name in self.frames.items():
            if frame != NOT_GIVEN or any(FRAME not in label.fields for label in self.labels):
                sheet.cell(x, Sheet.TOP, 6.5, 4.8, _sign(frame), LOOKS.get(frame, PLAIN))
                sheet.text(x + 8, Sheet.TOP + 2.4, name.lower())
                x += 8 + s.text_width(name.lower()) + 5
        heads = [s.wrap(voice.name, 48, s.SMALL) for voice in voices]
        lengths = [s.text_width(head, s.SMALL) for head in heads]
        sides_y = Sheet.TOP + 11 + max(lengths)
        named = [Row(self.names[issue]) for issue in self.cells]
        rows = Rows(sheet, sides_y + 4.6, ROW, named, also="side of the voice")
        sheet.text(s.MARGIN, sides_y, "side of the voice", colour=s.QUIET)
        column = min(COLUMN, (s.EDGE - rows.left) / len(voices))
        at = {voice.key: rows.left + column * n for n, voice in enumerate(voices)}
        before = None
        for voice, head, length in zip(voices, heads, lengths, strict=True):
            x, side = at[voice.key], self.side[voice.key]
            middle = x + column / 2
            sheet.text(middle, sides_y - 3.5 - length, head, size=s.SMALL, turned=True)
            name = s.fit(side.name, column - 0.6, s.SMALL) if side.known else "–"
            sheet.text(middle, sides_y, name, size=s.SMALL, align="center", colour=s.QUIET)
            sheet.box(x + 0.4, sides_y + 2, column - 0.8, 1.6, side.style, outline=0.5)
            if before not in (None, side):
                sheet.line(x, sides_y - 3, x, rows.bottom, colour=s.PALE, width=0.9)
            before = side
        for (issue, cells), y in zip(self.cells.items(), rows.middles, strict=True):
            top = y - rows.height / 2
            sheet.guide(s.MARGIN, top, rows.left + column * len(voices), top)
            for voice in cells:
                if voice.key in at:
                    self._draw(sheet, issue, voice, at[voice.key] + 0.4, top + 0.5, column - 0.8)
        sheet.height = rows.bottom + 3
        return sheet

    def _draw(
        self, sheet: Sheet, issue: str, voice: Voice, x: float, y: float, room: float
    ) -> None:
        """Draw the frames that a voice gives an issue, side by side."""
        framed: Sequence[tuple[str, list[Annotation]]] = self._framed(voice)
        width = room / len(framed)
        for n, (frame, own) in enumerate(framed):
            text = _sign(frame) + (f"{len(own):,}" if len(own) > 1 else "")
            box = (x + width * n, y, width, ROW - 1)
            sheet.cell(*box, text, LOOKS.get(frame, PLAIN))
            said = f"{self.names[issue]}, {voice.name}, {self.frames[frame].lower()}"
            sheet.link(*box, said, self.places(*own))


def _sign(frame: str) -> str:
    return SIGNS.get(frame) or frame[:1].upper()
