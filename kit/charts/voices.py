"""Whose words the story carries, by three measures side by side, and the ladder of anonymity.

Three panels of bars on one scale: read down, they rank the rows; read across, they show how far a
share hangs on what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, get_args

from kit.base.phrases import all_of, brief, join, percent, plural
from kit.charts import sheet as s
from kit.charts.bars import HEADS, Bar, Panel, draw_panels
from kit.charts.chart import MOST_ROWS, LabelChart, Table, name_of, side_key
from kit.coding.coding import Coding
from kit.coding.palette import Style
from kit.coding.sides import Sides
from kit.measure import Share, voice_shares
from kit.measure.shares import NOT_GIVEN, VoiceMeasure

MEASURES: tuple[VoiceMeasure, ...] = get_args(VoiceMeasure)
RUNGS = "identification"


class _Share(NamedTuple):
    """A value of the field by which is counted, and what it gets by each measure."""

    id: str
    name: str
    shares: tuple[Share, ...]


class _Shares(LabelChart):
    """Shares of a coding's attributions by one of their fields, counted in three ways."""

    rows: list[_Share]

    def __init__(self, coding: Coding, by: str):
        super().__init__(coding, "attribution")
        self.field = self.layer.field(by)
        found = [{share.of: share for share in voice_shares(coding, by, m)} for m in MEASURES]
        self.totals = [next((share.total for share in of.values()), 0) for of in found]
        names = {option.id: option.name for option in self.field.options}
        names |= {id: name_of(id) for id in found[0] if id not in names}
        self.all = [
            _Share(id, name, tuple(
                of.get(id, Share(id, 0, total))
                for of, total in zip(found, self.totals, strict=True)
            ))
            for id, name in names.items()
        ]  # fmt: skip
        self.order = list(found[0])

    def table_of(self, heads: Sequence[str], firsts: Sequence[tuple[str | int, ...]]) -> Table:
        """Return the table whose rows begin with ``firsts``, below ``heads``."""
        header = [*heads, *(head for m in MEASURES for head in (m.capitalize(), "Share"))]
        rows = [
            (*first, *(cell for share in row.shares for cell in (share.count, _said(share))))
            for first, row in zip(firsts, self.rows, strict=True)
        ]
        totals = [cell for total in self.totals for cell in (total, "")]
        return Table(tuple(header), (*rows, ("All", *[""] * (len(heads) - 1), *totals)))

    def of_all(self) -> str:
        """Return what is shared, for the text alternative."""
        totals = [
            plural(total, measure.removesuffix("s"))
            for total, measure in zip(self.totals, MEASURES, strict=True)
        ]
        return f"Shares of {join(totals)}, in this order."

    def draw_shares(
        self, sheet: s.Sheet, shares: Sequence[_Share], rows: s.Rows, strong: _Share | None,
        looks: Mapping[str, Style], height: float = 3.6,
    ) -> None:  # fmt: skip
        """Draw a panel for each measure; the bars of the ``strong`` row are dark, those of rows
        that have a look of their own, by their ids, look like that. Each row leads to all that it
        sums up."""
        panels = []
        for n, (measure, total) in enumerate(zip(MEASURES, self.totals, strict=True)):
            bars = [
                Bar(row.shares[n].share, _said(row.shares[n]), row is strong, looks.get(row.id))
                for row in shares
            ]
            panels.append(Panel(measure, f"{total:,} = 100 %" if total else "none", bars))
        draw_panels(sheet, panels, rows, height)
        sheet.height = rows.bottom + 3
        for row, y in zip(shares, rows.middles, strict=True):
            records = [a for a in self.labels if a.fields.get(self.field.id, NOT_GIVEN) == row.id]
            if records:
                down = rows.height - 0.6
                places = self.places(*records)
                sheet.link(s.MARGIN, y - down / 2, s.EDGE - s.MARGIN, down, row.name, places)


class VoiceShares(_Shares):
    """The share of each voice in attributions, attributed words and quoted words.

    Args:
        coding: a coding with labels on the layer ``attribution``.
        by: the field that tells voices apart: ``speaker``, ``affiliation``, ``identification``
            or any other of that layer's fields.

    Raises:
        KeyError: the layer has no such field.
    """

    def __init__(self, coding: Coding, by: str = "speaker"):
        super().__init__(coding, by)
        self.topic = f"Share of voice by {self.field.name.lower()}, counted three ways"
        by_id = {row.id: row for row in self.all}
        self.rows = [by_id[id] for id in self.order]
        # The voice whose share differs most between measures, if any does.
        most = max(self.rows, key=_change)
        self.changing = most if _change(most) > 1e-9 else None

    @cached_property
    def title(self) -> str:
        if self.changing is None:
            first = self.rows[0]
            return f"By every measure {brief(first.name, 30)} has {_said(first.shares[0])}"
        return f"{brief(self.changing.name, 24)}: " + ", ".join(
            f"{_said(share)} of {measure}" for share, measure in _apart(self.changing)
        )

    @cached_property
    def finding(self) -> str:
        if self.changing is None:
            who = [f"{voice.name} {_said(voice.shares[0])}" for voice in self.rows[:3]]
            return f"Here every measure gives the same answer: {join(who)}."
        first, second = _apart(self.changing)
        return (
            f"The share that changes most with the measure is that of “{self.changing.name}”: "
            f"{_said(first[0])} of the {first[1]}, but {_said(second[0])} of the {second[1]}."
        )

    @cached_property
    def table(self) -> Table:
        return self.table_of([self.field.name], [(voice.name,) for voice in self.rows])

    @property
    def kind(self) -> str:
        told = (
            f"Bar charts in three panels on one scale, one row for each {self.field.name.lower()}, "
            f"recorded by {self.coder}. {self.of_all()}"
        )
        bold = f" The row in bold, {self.changing.name}, changes most." if self.changing else ""
        return told + bold

    def _drawn(self) -> list[_Share]:
        """Return the voices to draw; where there are too many, the smallest as one row."""
        voices, changing = self.rows, self.changing
        if len(voices) <= MOST_ROWS:
            return voices
        drawn = voices[: MOST_ROWS - 1]
        if changing and changing not in drawn:
            drawn = [*drawn[:-1], changing]
        ids = {voice.id for voice in drawn}
        rest = [voice for voice in voices if voice.id not in ids]
        others = [
            Share("", sum(share.count for share in shares), shares[0].total)
            for shares in zip(*(voice.shares for voice in rest), strict=True)
        ]
        return [*drawn, _Share("", f"{len(rest):,} other voices", tuple(others))]

    def draw(self) -> s.Sheet:
        voices, sides = self._drawn(), Sides(self.coding)
        # Voices that have a side look like it here as everywhere.
        of = {"speaker": sides.of_voice, "affiliation": sides.of_affiliation}.get(self.field.id)
        looks = {row.id: of(row.id).style for row in voices} if of and sides.all else {}
        sheet = self.blank(f"recorded by {self.coder}")
        if looks:
            sheet.key(s.Sheet.TOP + 1, side_key(sides))
        named = [s.Row(voice.name, bold=voice is self.changing) for voice in voices]
        top = s.Sheet.TOP + HEADS + 5.5 * bool(looks)
        rows = s.Rows(sheet, top, 5.8, named, room=54)
        self.draw_shares(sheet, voices, rows, self.changing, looks)
        return sheet


class Ladder(_Shares):
    """Attributions, attributed words and quoted words on each rung of anonymity: the top rung has
    a name on it and the bottom one a crowd.

    The rungs are the options of the field ``identification``, in the codebook's order, those
    without a record too. Records without a value there stand below the ladder.
    """

    topic = "The anonymity ladder"

    def __init__(self, coding: Coding):
        super().__init__(coding, RUNGS)
        self.rows = self.all
        on_rung: dict[str, set[str]] = {row.id: set() for row in self.rows}
        for record in self.labels:
            speaker = record.fields.get("speaker", NOT_GIVEN)
            on_rung[record.fields.get(RUNGS, NOT_GIVEN)].add(speaker)
        self.speakers = {id: len(speakers) for id, speakers in on_rung.items()}

    @cached_property
    def title(self) -> str:
        top = self.rows[0]
        return f"{top.name}: {all_of(top.shares[0].count, self.totals[0], 'attribution')}"

    @cached_property
    def finding(self) -> str:
        total = self.totals[0]
        top, *below = self.rows
        on_top, quoted = top.shares[0], top.shares[-1]
        told = (
            f"On the top rung, “{top.name}”, stand {on_top.count:,} of "
            f"{plural(total, 'attribution')} ({_said(on_top)})"
        )
        if quoted.total:
            words = plural(quoted.total, "quoted word")
            told += f" and {quoted.count:,} of the {words} ({_said(quoted)})"
        rest = [f"{rung.name.lower()} {rung.shares[0].count:,}" for rung in below]
        return f"{told}; below it: {join(rest)}." if rest else f"{told}."

    @cached_property
    def table(self) -> Table:
        firsts = [(rung.name, self.speakers[rung.id]) for rung in self.rows]
        return self.table_of(["Rung", "Speakers"], firsts)

    @property
    def kind(self) -> str:
        return (
            "Bar charts in three panels on one scale beside a ladder, from the speaker of whom "
            f"most is told down to the one of whom least is told, recorded by {self.coder}. "
            f"{self.of_all()}"
        )

    def draw(self) -> s.Sheet:
        sheet = self.blank(f"recorded by {self.coder}")
        named = [
            s.Row(rung.name, small=plural(self.speakers[rung.id], "speaker")) for rung in self.rows
        ]
        top, rails = s.Sheet.TOP + HEADS, (s.MARGIN + 2, s.MARGIN + 11)
        rows = s.Rows(sheet, top, 10, named, room=44, indent=15)
        # The ladder: two uprights, and a rung for each row but those below it.
        rungs = [y for row, y in zip(self.rows, rows.middles, strict=True) if row.id != NOT_GIVEN]
        for y in rungs:
            sheet.line(rails[0], y, rails[1], y, width=1.8)
        for x in rails:
            sheet.line(x, top, x, top + rows.height * len(rungs), width=1.8)
        self.draw_shares(sheet, self.rows, rows, self.rows[0], {}, 4.4)
        return sheet


def _said(share: Share) -> str:
    """Return a share in per cent, or a dash where there was nothing to share."""
    return percent(share.share) if share.total else "–"


def _change(voice: _Share) -> float:
    """Return how far the shares of a voice lie apart."""
    values = [share.share for share in voice.shares if share.total]
    return max(values) - min(values) if values else 0.0


def _apart(voice: _Share) -> list[tuple[Share, str]]:
    """Return the least and the largest share of a voice with what they are of, in the order of
    the measures."""
    pairs = zip(voice.shares, MEASURES, strict=True)
    counted: list[tuple[Share, str]] = [pair for pair in pairs if pair[0].total]
    least, most = (pick(counted, key=lambda pair: pair[0].share) for pick in (min, max))
    return sorted((least, most), key=counted.index)
