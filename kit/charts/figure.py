"""A sheet as a figure of matplotlib's, for files.

Pyplot is never used: it would keep every figure in memory and change settings that are not ours.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from kit.charts.sheet import (
    HATCH,
    INK,
    MM_A_POINT,
    MM_AN_INCH,
    WIDTH,
    Box,
    Line,
    Sheet,
    Sign,
    Words,
)
from kit.coding.palette import Style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

__all__ = ["figure", "house_style"]

# DejaVu Sans comes with matplotlib. A coder's name may be written in letters it lacks.
_FONTS = ("DejaVu Sans",)
_FONTS_FOR_OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Arial Unicode MS",
)


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with matplotlib's own defaults and ours, whatever the reader has set; then put the
    reader's settings back."""
    from matplotlib import style

    with style.context(["default", {"hatch.linewidth": 0.5}]), warnings.catch_warnings():
        # A letter that no font here has is drawn as a box; the finding and the table have it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def figure(sheet: Sheet) -> Figure:
    """Return all that lies on a sheet as a Figure of the same size."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    made = Figure(
        figsize=(WIDTH / MM_AN_INCH, sheet.height / MM_AN_INCH), facecolor="white", frameon=True
    )
    axes = made.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, WIDTH), ylim=(sheet.height, 0))
    for layer, shape in sheet.shapes:
        match shape:
            case Line(x, y, to_x, to_y, width, colour):
                line = Line2D((x, to_x), (y, to_y), lw=width, color=colour, zorder=layer)
                line.set_solid_capstyle("butt")
                axes.add_artist(line)
            case Box(x, y, across, down, None, width, colour):
                axes.add_artist(
                    Rectangle(
                        (x, y), across, down, fill=False, ec=colour, lw=width, joinstyle="miter",
                        zorder=layer,
                    )
                )  # fmt: skip
            case Box(x, y, across, down, Style() as fill):
                # The edge's colour is the pattern's; the edge itself is not drawn.
                axes.add_artist(
                    Rectangle(
                        (x, y), across, down, fc=fill.colour, ec=HATCH, lw=0,
                        hatch=fill.hatch or None, zorder=layer,
                    )
                )  # fmt: skip
            case Sign(x, y, mark, size):
                axes.add_artist(
                    Line2D(
                        (x,), (y,), marker=mark.shape, ls="none", ms=size / MM_A_POINT, mew=0.9,
                        mec=INK, mfc=mark.colour if mark.filled else "white", zorder=layer,
                    )
                )  # fmt: skip
            case Words() as words:
                axes.text(
                    words.x,
                    words.y,
                    words.text,
                    fontproperties=_font(words.size, words.bold),
                    color=words.colour,
                    ha="center" if words.turned else words.align,
                    va="top" if words.turned else "baseline",
                    rotation=90 if words.turned else 0,
                    parse_math=False,  # a dollar sign is a dollar sign
                    zorder=layer,
                )
    return made


@cache
def _font(size: float, bold: bool) -> FontProperties:
    from matplotlib.font_manager import FontProperties, fontManager

    there = set(fontManager.get_font_names())
    others = [name for name in _FONTS_FOR_OTHER_SCRIPTS if name in there]
    return FontProperties(family=[*_FONTS, *others], size=size, weight="bold" if bold else "normal")
