"""Bars in panels side by side, all on one scale, each with its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kit.charts.sheet import DARK, INK, LIGHT, MARGIN, QUIET, WIDTH, Rows, Sheet, text_width, wrap
from kit.coding.palette import Style

__all__ = ["HEADS", "Bar", "Panel", "draw_panels"]

#: How much room the heads of panels need, in millimetres.
HEADS = 13.0


class Bar(NamedTuple):
    """A bar, as long as its number; a strong one is dark, unless it has a look of its own."""

    length: float
    text: str
    strong: bool = False
    bold: bool = False  # the number
    look: Style | None = None


class Panel(NamedTuple):
    """One panel: its head, a note on what its bars add up to, and a bar for each row."""

    head: str
    note: str
    bars: Sequence[Bar]


def draw_panels(
    sheet: Sheet, panels: Sequence[Panel], rows: Rows, *, top: float, height: float
) -> None:
    """Draw panels beside the names of rows, from ``top`` down and their heads above it; a bar is
    ``height`` millimetres high."""
    left = rows.left
    pitch = (WIDTH - MARGIN - left) / len(panels)
    every = [bar for panel in panels for bar in panel.bars]
    largest = max((bar.length for bar in every), default=0) or 1
    number = max((text_width(bar.text, bold=True) for bar in every), default=0)
    scale = (pitch - number - 4) / largest
    for n, (head, note, bars) in enumerate(panels):
        x = left + n * pitch
        lines = wrap(head, pitch - 2)
        # A head of one line stands on the lower of two, next to its note.
        sheet.text(x, top - (10.4 if "\n" in lines else 8.5), lines)
        sheet.text(x, top - 4, note, colour=QUIET)
        sheet.line(x, top - 1, x, rows.bottom, width=0.8)
        for y, bar in zip(rows.middles, bars, strict=True):
            width = bar.length * scale
            if width:
                fill = bar.look or (DARK if bar.strong else LIGHT)
                sheet.box(x, y - height / 2, width, height, fill=fill, outline=0.6)
            colour = INK if width else QUIET
            sheet.text(x + width + 1.2, y, bar.text, bold=bar.bold, colour=colour)
