"""Whose words the story carries, by three measures side by side.

Three panels of bars on one scale: read down, they rank the voices; read across, they show how far
a voice's share hangs on what is counted.
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

__all__ = ["voice_chart"]

MEASURES: tuple[str, ...] = get_args(VoiceMeasure)
MOST_ROWS = 20
ROW, BAR = 5.8, 3.6


class _Voice(NamedTuple):
    """One row: a voice and what it gets by each measure."""

    name: str
    shares: tuple[Share, ...]

    @property
    def change(self) -> float:
        """How far the shares lie apart."""
        values = [share.share for share in self.shares if share.total]
        return max(values) - min(values) if values else 0.0


def voice_chart(coding: Coding, by: str = "speaker") -> Chart:
    """Chart the share of each voice in attributions, attributed words and quoted words.

    Args:
        coding: a coding with an ``attribution`` layer; it may be empty.
        by: the field that tells voices apart: ``speaker``, ``affiliation``, ``identification``
            or any other of that layer's fields.

    Raises:
        ValueError: the layer has no such field.
    """
    layer = coding.codebook.layer("attribution")
    try:
        field = layer.field(by)
    except KeyError:
        names = ", ".join(field.id for field in layer.fields)
        raise ValueError(f"Attributions have no field “{by}”. They have: {names}.") from None
    names = {option.id: option.name for option in field.options} | {NOT_GIVEN: NOT_GIVEN}
    voices = _voices(coding, by, names)
    changing = _most_changing(voices)
    title = f"Share of voice by {field.name.lower()}, counted three ways"
    coder = short(coding.coder)
    source = f"recorded by {coder} · {one_line(coding.article.title or coding.article.id)}"
    return Chart(
        title=title,
        finding=_finding(voices, changing),
        table=_table(field.name, voices),
        alt=_alt(voices, changing, field.name.lower(), coder),
        draw=partial(_draw, voices, changing, title, source),
    )


def _voices(coding: Coding, by: str, names: dict[str, str]) -> list[_Voice]:
    measured = [{s.of: s for s in voice_shares(coding, by, measure)} for measure in MEASURES]
    return [
        _Voice(names.get(voice) or one_line(voice), tuple(shares[voice] for shares in measured))
        for voice in measured[0]
    ]


def _most_changing(voices: list[_Voice]) -> _Voice | None:
    """Return the voice whose share differs most between measures; None where none differs."""
    voice = max(voices, key=lambda voice: voice.change, default=None)
    return voice if voice and voice.change > 1e-9 else None


def _totals(voices: list[_Voice]) -> list[int]:
    return [share.total for share in voices[0].shares] if voices else [0] * len(MEASURES)


def _said(share: Share) -> str:
    """Return a share in per cent, or a dash where there was nothing to share."""
    return percent(share.share) if share.total else "–"


def _finding(voices: list[_Voice], changing: _Voice | None) -> str:
    if not voices:
        return "No attribution is recorded yet, so no voice has a share."
    if changing is None:
        who = join([f"{voice.name} {percent(voice.shares[0].share)}" for voice in voices[:3]])
        return f"Here every measure gives the same answer: {who}."
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


def _table(field: str, voices: list[_Voice]) -> Table:
    header = [field]
    for measure in MEASURES:
        header += [measure.capitalize(), "Share"]
    rows = []
    for voice in voices:
        cells = [[share.count, _said(share)] for share in voice.shares]
        rows.append((voice.name, *sum(cells, [])))
    totals = [cell for total in _totals(voices) for cell in (total, "")]
    return Table(tuple(header), (*rows, ("All", *totals)))


def _alt(voices: list[_Voice], changing: _Voice | None, field: str, coder: str) -> str:
    said = [
        f"{voice.name}: {join([_said(share) for share in voice.shares])}."
        for voice in _rows(voices, changing)
    ]
    totals = [
        plural(total, measure.removesuffix("s"))
        for total, measure in zip(_totals(voices), MEASURES, strict=True)
    ]
    return " ".join(
        [
            f"Bar charts in three panels on one scale, one row for each {field}, recorded by "
            f"{coder}. Shares of {join(totals)}, in this order.",
            *said,
            f"The darker row, {changing.name}, changes most." if changing else "",
        ]
    ).strip()


def _draw(voices: list[_Voice], changing: _Voice | None, title: str, source: str) -> Figure:
    from kit.charts import sheet as s

    rows = _rows(voices, changing)
    names = [s.wrap(voice.name, 54) for voice in rows]
    row_height = ROW + 2.8 * max((name.count("\n") for name in names), default=0)
    top = s.Sheet.TOP + 11
    sheet = s.Sheet(top + row_height * max(len(rows), 1) + 3, title, source)
    widest = [s.text_width(name, bold=True) for name in names]
    left = s.MARGIN + max([*widest, 20]) + 3
    panel = (s.WIDTH - s.MARGIN - left) / len(MEASURES)
    value = s.text_width("<00 %", bold=True)
    largest = max((share.share for voice in voices for share in voice.shares), default=0) or 1
    scale = (panel - value - 4) / largest

    for n, (measure, total) in enumerate(zip(MEASURES, _totals(voices), strict=True)):
        x = left + n * panel
        sheet.text(x, top - 8.5, measure)
        sheet.text(x, top - 4, f"{total:,} = 100 %" if total else "none", colour=s.QUIET)
        sheet.line(x, top - 1, x, top + row_height * max(len(rows), 1), width=0.8)
    if not rows:
        sheet.text(s.MARGIN, top + row_height / 2, "no voice yet", colour=s.QUIET)
    for n, (voice, name) in enumerate(zip(rows, names, strict=True)):
        middle = top + row_height * (n + 0.5)
        strong = voice is changing
        sheet.text(s.MARGIN, middle, name, bold=strong)
        for panel_number, share in enumerate(voice.shares):
            x = left + panel_number * panel
            width = share.share * scale
            if width:
                sheet.bar(x, middle - BAR / 2, width, BAR, strong=strong)
            sheet.text(
                x + width + 1.2,
                middle,
                _said(share),
                bold=strong,
                colour=s.INK if share.count else s.QUIET,
            )
    return sheet.figure


def _rows(voices: list[_Voice], changing: _Voice | None) -> list[_Voice]:
    """Return the voices to draw; where there are too many, the smallest as one row."""
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
    return [*drawn, _Voice(f"{len(rest)} other voices", tuple(others))]
