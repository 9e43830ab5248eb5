"""Bars in panels side by side, all on one scale, each with its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kit.charts.sheet import DARK, EDGE, INK, LIGHT, QUIET, Rows, Sheet, text_width, wrap
from kit.coding.palette import Style

#: How much room the heads of panels need, in millimetres.
HEADS = 13.0


class Bar(NamedTuple):
    """A bar, as long as its number; a strong one is dark, unless it has a look of its
    own, and its number bold."""

    length: float
    text: str
    strong: bool = False
    look: Style | None = None


class Panel(NamedTuple):
    """One panel: its head, a note on what its bars add up to, and a bar for each row."""

    head: str
    note: str
    bars: Sequence[Bar]


def draw_panels(sheet: Sheet, panels: Sequence[Panel], rows: Rows, height: float = 3.6) -> None:
    """Draw panels beside rows, their heads above; a bar is ``height`` millimetres high."""
    pitch = (EDGE - rows.left) / len(panels)
    every = [bar for panel in panels for bar in panel.bars]
    largest = max((bar.length for bar in every), default=0) or 1
    number = max((text_width(bar.text, bold=True) for bar in every), default=0)
    scale = (pitch - number - 4) / largest
    for n, (head, note, bars) in enumerate(panels):
        x = rows.left + n * pitch
        lines = wrap(head, pitch - 2)
        # A head of one line stands on the lower of two, next to its note.
        sheet.text(x, rows.top - (10.4 if "\n" in lines else 8.5), lines)
        sheet.text(x, rows.top - 4, note, colour=QUIET)
        sheet.line(x, rows.top - 1, x, rows.bottom, width=0.8)
        for y, bar in zip(rows.middles, bars, strict=True):
            width = bar.length * scale
            if width:
                fill = bar.look or (DARK if bar.strong else LIGHT)
                sheet.box(x, y - height / 2, width, height, fill, outline=0.6)
            colour = INK if width else QUIET
            sheet.text(x + width + 1.2, y, bar.text, bold=bar.strong, colour=colour)
