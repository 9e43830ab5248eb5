"""The ladder of anonymity: how much a reader is told of who speaks, rung by rung.

The top rung has a name on it and the bottom one a crowd; the bars say what hangs on each.
"""

from __future__ import annotations

from kit.base.phrases import all_of, join, one_line, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.panels import HEADS, draw_panels
from kit.charts.shares import Row, ShareTally, said
from kit.coding.coding import Coding
from kit.measure import Share
from kit.measure.shares import NOT_GIVEN

__all__ = ["ladder_chart"]

FIELD = "identification"
ROW, BAR = 10.0, 4.4


def ladder_chart(coding: Coding) -> Chart:
    """Chart attributions, attributed words and quoted words on each rung of anonymity.

    The rungs are the options of the field ``identification``, in the codebook's order, those
    without a record too. Records without a value there stand below the ladder.

    Args:
        coding: a coding with an ``attribution`` layer; it may be empty.

    Raises:
        CodebookError: the codebook has no layer ``attribution``.
        ValueError: that layer has no field ``identification``.
    """
    return _Ladder(coding).chart()


class _Ladder(ShareTally):
    topic = "The anonymity ladder"

    def __init__(self, coding: Coding):
        super().__init__(coding, FIELD)
        try:
            options = self.layer.field(FIELD).options
        except KeyError:
            raise ValueError(
                f"Attributions have no field “{FIELD}”, so there is no ladder."
            ) from None
        names = {option.id: option.name for option in options}
        # What no option has a name for hangs below the ladder: nothing may drop out of the totals.
        names |= {of: of for of in self.measured[0] if of not in names}
        self.rows = [
            Row(id, one_line(name), tuple(
                found.get(id, Share(id, 0, total))
                for found, total in zip(self.measured, self.totals, strict=True)
            ))
            for id, name in names.items()
        ]  # fmt: skip
        on_rung: dict[str, set[str]] = {id: set() for id in names}
        for record in self.labels:
            speaker = one_line(record.fields.get("speaker", NOT_GIVEN))
            on_rung[record.fields.get(FIELD, NOT_GIVEN)].add(speaker)
        self.speakers = {id: len(speakers) for id, speakers in on_rung.items()}

    @property
    def title(self) -> str:
        if not self.totals[0]:
            return "Nobody stands on the ladder yet"
        top = self.rows[0]
        share = all_of(top.shares[0].count, self.totals[0], "attribution")
        return f"{top.name}: {share}"

    def finding(self) -> str:
        total = self.totals[0]
        if not total:
            return "No attribution is recorded yet, so nobody stands on the ladder."
        top, *below = self.rows
        on_top, quoted = top.shares[0], top.shares[-1]
        told = (
            f"On the top rung, “{top.name}”, stand {on_top.count:,} of "
            f"{plural(total, 'attribution')} ({said(on_top)})"
        )
        if quoted.total:
            told += (
                f" and {quoted.count:,} of the {plural(quoted.total, 'quoted word')} "
                f"({said(quoted)})"
            )
        rest = [f"{rung.name.lower()} {rung.shares[0].count:,}" for rung in below if rung.id]
        return f"{told}; below it: {join(rest)}." if rest else f"{told}."

    def table(self) -> Table:
        firsts = [(rung.name, self.speakers[rung.id]) for rung in self.rows]
        return self.share_table(["Rung", "Speakers"], firsts)

    def alt(self) -> str:
        told = [
            "Bar charts in three panels on one scale beside a ladder, from the speaker of whom "
            f"most is told down to the one of whom least is told, recorded by {self.coder}. "
            f"{self.of_all()}"
        ]
        told += [
            f"{rung.name}: {plural(self.speakers[rung.id], 'speaker')}, "
            f"{join([said(share) for share in rung.shares])}."
            for rung in self.rows
        ]
        return " ".join(told)

    def draw(self) -> s.Sheet:
        top = s.Sheet.TOP + HEADS
        # The ladder: two uprights, and on each rung what it is called.
        rails = s.MARGIN + 2, s.MARGIN + 11
        named = rails[1] + 4
        names = [rung.name for rung in self.rows]
        rows = s.Rows(names, top, ROW, room=44, indent=named - s.MARGIN)
        sheet = s.Sheet(rows.bottom + 3, self.title, self.source)
        foot = top + rows.height * sum(rung.id != NOT_GIVEN for rung in self.rows)
        for x in rails:
            sheet.line(x, top, x, foot, width=1.8)
        for rung, name, middle in zip(self.rows, rows.names, rows.middles, strict=True):
            if rung.id != NOT_GIVEN:
                sheet.line(rails[0], middle, rails[1], middle, width=1.8)
            speakers = plural(self.speakers[rung.id], "speaker")
            sheet.text(named, middle - 1.8, name)
            sheet.text(named, middle + 2.2, speakers, size=s.SMALL, colour=s.QUIET)
        draw_panels(sheet, self.panels(self.rows, self.rows[0]), rows, top=top, height=BAR)
        self.link_rows(sheet, self.rows, rows)
        return sheet
