"""What the charts of voices and of anonymity have in common: attributions, attributed words and
quoted words, and who or what has which share of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, get_args

from kit.base.phrases import join, percent, plural
from kit.charts.chart import Table
from kit.charts.panels import Bar, Panel
from kit.charts.sheet import MARGIN, WIDTH, Places, Rows, Sheet
from kit.charts.tally import LabelTally
from kit.coding.coding import Coding
from kit.coding.palette import Style
from kit.measure import Share, voice_shares
from kit.measure.shares import NOT_GIVEN, VoiceMeasure

__all__ = ["MEASURES", "Row", "ShareTally", "said"]

MEASURES: tuple[VoiceMeasure, ...] = get_args(VoiceMeasure)


class Row(NamedTuple):
    """A value of the field by which is counted, and what it gets by each measure."""

    id: str
    name: str
    shares: tuple[Share, ...]


class ShareTally(LabelTally):
    """Shares of a coding's attributions by one of their fields, counted in three ways."""

    rows: list[Row]

    def __init__(self, coding: Coding, by: str):
        super().__init__(coding, "attribution")
        self.by = by
        self.measured = [
            {share.of: share for share in voice_shares(coding, by, measure)} for measure in MEASURES
        ]
        self.totals = [next((s.total for s in found.values()), 0) for found in self.measured]

    @property
    def source(self) -> str:
        return f"{self.topic} · recorded by {self.coder}"

    def share_table(self, heads: Sequence[str], firsts: Sequence[tuple[str | int, ...]]) -> Table:
        """Return the table whose rows begin with ``firsts``, below ``heads``."""
        header = [*heads]
        for measure in MEASURES:
            header += [measure.capitalize(), "Share"]
        rows = [
            (*first, *(cell for share in row.shares for cell in (share.count, said(share))))
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

    def link_rows(self, sheet: Sheet, drawn: Sequence[Row], rows: Rows) -> None:
        """Let each row lead to all that it sums up."""
        for row, middle in zip(drawn, rows.middles, strict=True):
            records = [a for a in self.labels if a.fields.get(self.by, NOT_GIVEN) == row.id]
            if records:
                where = Places(row.name, tuple(map(self.place, records)))
                height = rows.height - 0.6
                sheet.link(MARGIN, middle - height / 2, WIDTH - 2 * MARGIN, height, where)

    def panels(
        self, rows: Sequence[Row], strong: Row | None, looks: Mapping[str, Style] = {}
    ) -> list[Panel]:
        """Return a panel for each measure; the bars of the ``strong`` row are dark, those of rows
        that have a look of their own, by their ids, look like that."""
        panels = []
        for n, (measure, total) in enumerate(zip(MEASURES, self.totals, strict=True)):
            bars = [
                Bar(
                    row.shares[n].share,
                    said(row.shares[n]),
                    row is strong,
                    bold=row is strong,
                    look=looks.get(row.id),
                )
                for row in rows
            ]
            panels.append(Panel(measure, f"{total:,} = 100 %" if total else "none", bars))
        return panels


def said(share: Share) -> str:
    """Return a share in per cent, or a dash where there was nothing to share."""
    return percent(share.share) if share.total else "–"
