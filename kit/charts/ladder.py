"""The ladder of anonymity: how much a reader is told of who speaks, rung by rung.

The top rung has a name on it and the bottom one a crowd; the bars say what hangs on each.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, get_args

from kit.base.phrases import join, one_line, percent, plural, short
from kit.charts.chart import Chart, Table
from kit.coding.coding import Coding
from kit.measure import Share, voice_shares
from kit.measure.shares import NOT_GIVEN, VoiceMeasure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ladder_chart"]

MEASURES: tuple[str, ...] = get_args(VoiceMeasure)
FIELD = "identification"
TITLE = "The anonymity ladder"
ROW, BAR = 10.0, 4.4


class _Rung(NamedTuple):
    """One rung: what it is called, what stands on it and how many speakers do."""

    id: str
    name: str
    shares: tuple[Share, ...]
    speakers: int


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
    rungs = _rungs(coding)
    coder = short(coding.coder)
    source = f"recorded by {coder} · {one_line(coding.article.title or coding.article.id)}"
    return Chart(
        title=TITLE,
        finding=_finding(rungs),
        table=_table(rungs),
        alt=_alt(rungs, coder),
        draw=partial(_draw, rungs, source),
    )


def _rungs(coding: Coding) -> list[_Rung]:
    layer = coding.codebook.layer("attribution")
    try:
        options = layer.field(FIELD).options
    except KeyError:
        raise ValueError(f"Attributions have no field “{FIELD}”, so there is no ladder.") from None
    names = {option.id: option.name for option in options}
    measured = [{s.of: s for s in voice_shares(coding, FIELD, measure)} for measure in MEASURES]
    # What no option has a name for hangs below the ladder: nothing may drop out of the totals.
    names |= {of: of for of in measured[0] if of not in names}
    totals = [next((s.total for s in shares.values()), 0) for shares in measured]
    speakers: dict[str, set[str]] = {}
    for record in coding.on("attribution"):
        on = speakers.setdefault(record.fields.get(FIELD, NOT_GIVEN), set())
        on.add(one_line(record.fields.get("speaker", NOT_GIVEN)))
    return [
        _Rung(
            id,
            one_line(name),
            tuple(
                shares.get(id, Share(id, 0, total))
                for shares, total in zip(measured, totals, strict=True)
            ),
            len(speakers.get(id, ())),
        )
        for id, name in names.items()
    ]


def _said(share: Share) -> str:
    """Return a share in per cent, or a dash where there was nothing to share."""
    return percent(share.share) if share.total else "–"


def _totals(rungs: list[_Rung]) -> list[int]:
    return [share.total for share in rungs[0].shares] if rungs else [0] * len(MEASURES)


def _finding(rungs: list[_Rung]) -> str:
    total = _totals(rungs)[0]
    if not total:
        return "No attribution is recorded yet, so nobody stands on the ladder."
    top, quoted = rungs[0], rungs[0].shares[-1]
    said = (
        f"On the top rung, “{top.name}”, stand {top.shares[0].count:,} of "
        f"{plural(total, 'attribution')} ({_said(top.shares[0])})"
    )
    if quoted.total:
        said += (
            f" and {quoted.count:,} of the {plural(quoted.total, 'quoted word')} ({_said(quoted)})"
        )
    below = [f"{rung.name.lower()} {rung.shares[0].count:,}" for rung in rungs[1:] if rung.id]
    return f"{said}; below it: {join(below)}." if below else f"{said}."


def _table(rungs: list[_Rung]) -> Table:
    header = ["Rung", "Speakers"]
    for measure in MEASURES:
        header += [measure.capitalize(), "Share"]
    rows = [
        (
            rung.name,
            rung.speakers,
            *(cell for share in rung.shares for cell in (share.count, _said(share))),
        )
        for rung in rungs
    ]
    totals = [cell for total in _totals(rungs) for cell in (total, "")]
    return Table(tuple(header), (*rows, ("All", "", *totals)))


def _alt(rungs: list[_Rung], coder: str) -> str:
    totals = [
        plural(total, measure.removesuffix("s"))
        for total, measure in zip(_totals(rungs), MEASURES, strict=True)
    ]
    said = [
        f"{rung.name}: {plural(rung.speakers, 'speaker')}, "
        f"{join([_said(share) for share in rung.shares])}."
        for rung in rungs
    ]
    return " ".join(
        [
            "Bar charts in three panels on one scale beside a ladder, from the speaker of whom "
            f"most is told down to the one of whom least is told, recorded by {coder}. "
            f"Shares of {join(totals)}, in this order.",
            *said,
        ]
    )


def _draw(rungs: list[_Rung], source: str) -> Figure:
    from kit.charts import sheet as s

    top = s.Sheet.TOP + 11
    bottom = top + ROW * len(rungs)
    sheet = s.Sheet(bottom + 3, TITLE, source)
    names = [s.wrap(rung.name, 44) for rung in rungs]
    speakers = [plural(rung.speakers, "speaker") for rung in rungs]
    # The ladder: two uprights, and on each rung what it is called.
    rails = s.MARGIN + 2, s.MARGIN + 11
    named = rails[1] + 4
    left = named + max(
        [*(s.text_width(name) for name in names), *(s.text_width(t, s.SMALL) for t in speakers), 20]
    ) + 4  # fmt: skip
    panel = (s.WIDTH - s.MARGIN - left) / len(MEASURES)
    largest = max((share.share for rung in rungs for share in rung.shares), default=0) or 1
    scale = (panel - s.text_width("<00 %") - 4) / largest
    ladder = [n for n, rung in enumerate(rungs) if rung.id != NOT_GIVEN]
    foot = top + ROW * len(ladder)
    for x in rails:
        sheet.line(x, top, x, foot, width=1.8)
    for n, (measure, total) in enumerate(zip(MEASURES, _totals(rungs), strict=True)):
        x = left + n * panel
        sheet.text(x, top - 8.5, measure)
        sheet.text(x, top - 4, f"{total:,} = 100 %" if total else "none", colour=s.QUIET)
        sheet.line(x, top - 1, x, bottom, width=0.8)
    for n, (rung, name, by) in enumerate(zip(rungs, names, speakers, strict=True)):
        middle = top + ROW * (n + 0.5)
        if n in ladder:
            sheet.line(rails[0], middle, rails[1], middle, width=1.8)
        sheet.text(named, middle - 1.8, name)
        sheet.text(named, middle + 2.2, by, size=s.SMALL, colour=s.QUIET)
        for panel_number, share in enumerate(rung.shares):
            x = left + panel_number * panel
            width = share.share * scale
            if width:
                sheet.bar(x, middle - BAR / 2, width, BAR, strong=n == 0)
            colour = s.INK if share.count else s.QUIET
            sheet.text(x + width + 1.2, middle, _said(share), colour=colour)
    return sheet.figure
