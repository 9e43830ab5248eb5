"""Whose words the story carries, by three measures side by side.

Three panels of bars on one scale: read down, they rank the voices; read across, they show how far
a voice's share hangs on what is counted.
"""

from __future__ import annotations

from kit.base.phrases import join, one_line, percent
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.panels import HEADS, draw_panels
from kit.charts.shares import MEASURES, Row, ShareTally, said
from kit.coding.coding import Coding
from kit.measure import Share
from kit.measure.shares import NOT_GIVEN

__all__ = ["voice_chart"]

MOST_ROWS = 20
ROW, BAR = 5.8, 3.6


def voice_chart(coding: Coding, by: str = "speaker") -> Chart:
    """Chart the share of each voice in attributions, attributed words and quoted words.

    Args:
        coding: a coding with an ``attribution`` layer; it may be empty.
        by: the field that tells voices apart: ``speaker``, ``affiliation``, ``identification``
            or any other of that layer's fields.

    Raises:
        ValueError: the layer has no such field.
    """
    return _Voices(coding, by).chart()


class _Voices(ShareTally):
    def __init__(self, coding: Coding, by: str):
        super().__init__(coding, by)
        try:
            field = self.layer.field(by)
        except KeyError:
            known = ", ".join(field.id for field in self.layer.fields)
            raise ValueError(f"Attributions have no field “{by}”. They have: {known}.") from None
        self.field = field.name
        self.title = f"Share of voice by {field.name.lower()}, counted three ways"
        names = {option.id: option.name for option in field.options} | {NOT_GIVEN: NOT_GIVEN}
        self.rows = [
            Row(
                voice, names.get(voice) or one_line(voice), tuple(of[voice] for of in self.measured)
            )
            for voice in self.measured[0]
        ]
        # The voice whose share differs most between measures, if any does.
        most = max(self.rows, key=_change, default=None)
        self.changing = most if most and _change(most) > 1e-9 else None

    def finding(self) -> str:
        if not self.rows:
            return "No attribution is recorded yet, so no voice has a share."
        changing = self.changing
        if changing is None:
            who = [f"{voice.name} {percent(voice.shares[0].share)}" for voice in self.rows[:3]]
            return f"Here every measure gives the same answer: {join(who)}."
        counted = [
            (share, measure)
            for share, measure in zip(changing.shares, MEASURES, strict=True)
            if share.total
        ]
        least = min(counted, key=lambda pair: pair[0].share)
        most = max(counted, key=lambda pair: pair[0].share)
        first, second = sorted((least, most), key=counted.index)
        return (
            f"The share that changes most with the measure is that of “{changing.name}”: "
            f"{percent(first[0].share)} of the {first[1]}, but "
            f"{percent(second[0].share)} of the {second[1]}."
        )

    def table(self) -> Table:
        return self.share_table([self.field], [(voice.name,) for voice in self.rows])

    def alt(self) -> str:
        told = [
            f"Bar charts in three panels on one scale, one row for each {self.field.lower()}, "
            f"recorded by {self.coder}. {self.of_all()}"
        ]
        told += [
            f"{voice.name}: {join([said(share) for share in voice.shares])}."
            for voice in self._drawn()
        ]
        if self.changing:
            told.append(f"The darker row, {self.changing.name}, changes most.")
        return " ".join(told)

    def _drawn(self) -> list[Row]:
        """Return the voices to draw; where there are too many, the smallest as one row."""
        voices, changing = self.rows, self.changing
        if len(voices) <= MOST_ROWS:
            return voices
        drawn = voices[: MOST_ROWS - 1]
        if changing and changing not in drawn:
            drawn = [*drawn[:-1], changing]
        rest = [voice for voice in voices if voice not in drawn]
        others = [
            Share("", sum(share.count for share in shares), shares[0].total)
            for shares in zip(*(voice.shares for voice in rest), strict=True)
        ]
        return [*drawn, Row("", f"{len(rest)} other voices", tuple(others))]

    def draw(self) -> s.Sheet:
        voices = self._drawn()
        top = s.Sheet.TOP + HEADS
        rows = s.Rows([voice.name for voice in voices], top, ROW, room=54, bold=True)
        sheet = s.Sheet(rows.bottom + 3, self.title, self.source)
        if not voices:
            sheet.text(s.MARGIN, top + ROW / 2, "no voice yet", colour=s.QUIET)
        for voice, name, middle in zip(voices, rows.names, rows.middles, strict=True):
            sheet.text(s.MARGIN, middle, name, bold=voice is self.changing)
        draw_panels(sheet, self.panels(voices, self.changing), rows, top=top, height=BAR)
        return sheet


def _change(voice: Row) -> float:
    """Return how far the shares of a voice lie apart."""
    values = [share.share for share in voice.shares if share.total]
    return max(values) - min(values) if values else 0.0
