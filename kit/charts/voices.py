"""Whose words the story carries, by three measures side by side.

Three panels of bars on one scale: read down, they rank the voices; read across, they show how far
a voice's share hangs on what is counted.
"""

from __future__ import annotations

from kit.base.phrases import brief, join, one_line, percent
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.panels import HEADS, draw_panels
from kit.charts.shares import MEASURES, Row, ShareTally, said
from kit.charts.tally import side_key
from kit.coding.coding import Coding
from kit.coding.sides import Sides
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
        self.topic = f"Share of voice by {field.name.lower()}, counted three ways"
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

    @property
    def title(self) -> str:
        if not self.rows:
            return "No voice has a share yet"
        if self.changing is None:
            first = self.rows[0]
            return f"By every measure {brief(first.name, 30)} has {percent(first.shares[0].share)}"
        least, most = self._apart(self.changing)
        return (
            f"{brief(self.changing.name, 24)}: {percent(least[0].share)} of {least[1]}, "
            f"{percent(most[0].share)} of {most[1]}"
        )

    def _apart(self, voice: Row) -> list[tuple[Share, str]]:
        """Return the least and the largest share of a voice with what they are of, in the order
        of the measures."""
        counted: list[tuple[Share, str]] = [
            (share, measure)
            for share, measure in zip(voice.shares, MEASURES, strict=True)
            if share.total
        ]
        least = min(counted, key=lambda pair: pair[0].share)
        most = max(counted, key=lambda pair: pair[0].share)
        return sorted((least, most), key=counted.index)

    def finding(self) -> str:
        if not self.rows:
            return "No attribution is recorded yet, so no voice has a share."
        changing = self.changing
        if changing is None:
            who = [f"{voice.name} {percent(voice.shares[0].share)}" for voice in self.rows[:3]]
            return f"Here every measure gives the same answer: {join(who)}."
        first, second = self._apart(changing)
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
            told.append(f"The row in bold, {self.changing.name}, changes most.")
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
        sides = Sides(self.coding)
        # Voices that have a side look like it here as everywhere.
        side_of = {"speaker": sides.of_voice, "affiliation": sides.of_affiliation}.get(self.by)
        looks = {row.id: side_of(row.id).style for row in voices} if side_of and sides.all else {}
        top = s.Sheet.TOP + HEADS + 5.5 * bool(looks)
        rows = s.Rows([voice.name for voice in voices], top, ROW, room=54, bold=True)
        sheet = s.Sheet(rows.bottom + 3, self.title, self.source)
        if looks:
            sheet.key(s.Sheet.TOP + 1, side_key(sides))
        if not voices:
            sheet.text(s.MARGIN, top + ROW / 2, "no voice yet", colour=s.QUIET)
        for voice, name, middle in zip(voices, rows.names, rows.middles, strict=True):
            sheet.text(s.MARGIN, middle, name, bold=voice is self.changing)
        draw_panels(sheet, self.panels(voices, self.changing, looks), rows, top=top, height=BAR)
        self.link_rows(sheet, voices, rows)
        return sheet


def _change(voice: Row) -> float:
    """Return how far the shares of a voice lie apart."""
    values = [share.share for share in voice.shares if share.total]
    return max(values) - min(values) if values else 0.0
