"""A sheet to draw on in millimetres, as it will lie on paper: 16 cm wide.

Every mark and word is placed by hand, so that nothing depends on the reader's matplotlib settings
and no word runs into another. Pyplot is never used: it would keep every figure in memory and
change settings that are not ours.
"""

from __future__ import annotations

import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from kit.coding.palette import Style

__all__ = [
    "DARK",
    "GUIDE",
    "INK",
    "LIGHT",
    "MARGIN",
    "PALE",
    "QUIET",
    "SMALL",
    "TEXT",
    "WIDTH",
    "Mark",
    "Rows",
    "Sheet",
    "fit",
    "house_style",
    "text_width",
    "wrap",
]

WIDTH = 160.0
MARGIN = 2.0
MM_AN_INCH = 25.4
MM_A_POINT = MM_AN_INCH / 72

# Sizes of type in points.
TITLE, TEXT, SMALL = 11.0, 9.0, 8.0
# A line holds no more letters than this, even if each is an “i”: of a longer text no more is
# measured, since a name may be as long as somebody likes.
LONGEST = 240
# How high the rows of a chart are at least where a name has two lines, in millimetres.
TWO_LINES = 8.6
# Half the height of a capital, and from line to line, as parts of the size.
HALF_CAPITAL, LEADING = 0.36, 1.15

INK = "#1a1a1a"  # words and outlines
QUIET = "#595959"  # words that stand back; 7:1 on white
HATCH = "#6b6b6b"
PALE = "#8c8c8c"  # outlines that stand back
GUIDE = "#e3e3e3"  # lines that lead the eye

# The fills of bars.
DARK, LIGHT = Style("#4a4a4a", "", "solid"), Style("#d9d9d9", "", "solid")

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


class Mark(NamedTuple):
    """A mark: matplotlib's name for its shape, and whether it is filled with ink."""

    shape: str
    filled: bool = True


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with matplotlib's own defaults and ours, whatever the reader has set; then put the
    reader's settings back."""
    from matplotlib import style

    ours = {"hatch.linewidth": 0.5, "svg.hashsalt": "kit", "svg.fonttype": "path"}
    with style.context(["default", ours]), warnings.catch_warnings():
        # A letter that no font here has is drawn as a box; the finding and the table have it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


class Sheet:
    """A white figure, 160 mm wide, whose origin is its top left corner.

    Args:
        height: in millimetres.
        title: set large in the first line.
        subtitle: set quietly below it.
    """

    #: Where the first line below title and subtitle may start, in millimetres.
    TOP = 15.0

    def __init__(self, height: float, title: str, subtitle: str):
        from matplotlib.figure import Figure

        self.figure = Figure(
            figsize=(WIDTH / MM_AN_INCH, height / MM_AN_INCH), facecolor="white", frameon=True
        )
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        room = WIDTH - 2 * MARGIN
        self.text(MARGIN, 4.8, fit(title, room, TITLE, bold=True), size=TITLE, bold=True)
        self.text(MARGIN, 10.2, fit(subtitle, room, TEXT), colour=QUIET)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = TEXT,
        align: str = "left",
        colour: str = INK,
        bold: bool = False,
        turned: bool = False,
    ) -> None:
        """Write ``text``, its middle at height ``y``; ``turned`` reads from bottom to top and
        then ``y`` is where it ends."""
        lines = text.split("\n")
        # Set on a baseline: matplotlib's own centring moves a word with a descender up.
        baseline = y + (HALF_CAPITAL - LEADING * (len(lines) - 1) / 2) * size * MM_A_POINT
        for n, line in enumerate(lines):
            self._axes.text(
                x,
                y if turned else baseline + LEADING * n * size * MM_A_POINT,
                line,
                fontproperties=_font(size, bold),
                color=colour,
                ha="center" if turned else align,
                va="top" if turned else "baseline",
                rotation=90 if turned else 0,
                parse_math=False,  # a dollar sign is a dollar sign
            )

    def line(
        self,
        x: float,
        y: float,
        to_x: float,
        to_y: float,
        *,
        width: float = 0.6,
        colour: str = INK,
        layer: float = 1,
    ) -> None:
        """Draw a line; ``width`` in points. What has the higher ``layer`` lies on top."""
        from matplotlib.lines import Line2D

        self._axes.add_artist(
            Line2D(
                (x, to_x), (y, to_y), lw=width, color=colour, zorder=layer, solid_capstyle="butt"
            )
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Style | None = None,
        outline: float = 0.0,
        colour: str = INK,
        layer: float = 2,
    ) -> None:
        """Draw a box: a code's colour and pattern, or an outline (in points), or both."""
        from matplotlib.patches import Rectangle

        corner = (x, y)
        if fill is not None:
            # The edge's colour is the pattern's; the edge itself is not drawn. An artist, not a
            # patch: that would look for the limits of the axes anew, which never change.
            self._axes.add_artist(
                Rectangle(
                    corner, width, height, fc=fill.colour, ec=HATCH, lw=0,
                    hatch=fill.hatch or None, zorder=layer,
                )
            )  # fmt: skip
        if outline:
            self._axes.add_artist(
                Rectangle(
                    corner, width, height, fill=False, ec=colour, lw=outline,
                    joinstyle="miter", zorder=layer + 0.5,
                )
            )  # fmt: skip

    def mark(self, x: float, y: float, mark: Mark, *, size: float = 1.8) -> None:
        """Set a mark, ``size`` millimetres wide, in ink."""
        from matplotlib.lines import Line2D

        self._axes.add_artist(
            Line2D(
                (x,), (y,), marker=mark.shape, ls="none", ms=size / MM_A_POINT, zorder=5,
                mec=INK, mfc=INK if mark.filled else "white", mew=0.9,
            )
        )  # fmt: skip

    def key(
        self, y: float, entries: Iterable[tuple[Mark | Style, str]], *, size: float = TEXT
    ) -> float:
        """Say in a row what marks and fills mean; return where the row ends."""
        x = MARGIN
        for sign, text in entries:
            if isinstance(sign, Mark):
                self.mark(x + 1, y, sign)
            else:
                self.box(x, y - 1.5, 4, 3, fill=sign, outline=0.6)
                x += 2.2
            self.text(x + 3.3, y, text, size=size)
            x += text_width(text, size) + 9
        return x

    def numbers(
        self, places: Iterable[tuple[float, str]], y: float, *, colour: str = INK
    ) -> list[float]:
        """Write small numbers below or above their places, from left to right and as many as have
        room; return the places of those."""
        numbered, free_from = [], 0.0
        for x, text in places:
            half = text_width(text, SMALL) / 2
            if free_from <= x - half and x + half <= WIDTH:
                self.text(x, y, text, size=SMALL, align="center", colour=colour)
                numbered.append(x)
                free_from = x + half + 2
        return numbered


def text_width(text: str, size: float = TEXT, *, bold: bool = False) -> float:
    """Return how wide the widest line of a text is, in millimetres."""
    from matplotlib.textpath import text_to_path

    font = _font(size, bold)
    return MM_A_POINT * max(
        (
            text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]
            for line in text.split("\n")
            if line
        ),
        default=0.0,
    )


def fit(text: str, room: float, size: float = TEXT, *, bold: bool = False) -> str:
    """Return ``text``, cut short with “…” where it is wider than ``room`` millimetres."""
    if len(text) <= LONGEST and text_width(text, size, bold=bold) <= room:
        return text

    def width(letters: int) -> float:
        return text_width(text[:letters].rstrip() + "…", size, bold=bold)

    fitting = bisect_right(range(1, min(len(text), LONGEST)), room, key=width)
    return text[:fitting].rstrip() + "…"


def wrap(text: str, room: float, size: float = TEXT, *, lines: int = 2) -> str:
    """Return ``text`` broken into at most ``lines`` lines no wider than ``room`` millimetres."""
    done: list[str] = []
    words = " ".join(text.split())[: (lines + 1) * LONGEST].split()
    while words and len(done) < lines - 1:
        line = words.pop(0)
        while words and text_width(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        done.append(fit(line, room, size))
    if words:
        done.append(fit(" ".join(words), room, size))
    return "\n".join(done)


class Rows:
    """The rows of a chart, with their names in a column on the left; all in millimetres.

    Args:
        names: of the rows, from above.
        top, height: where the first row begins, and how high one with a name of one line is.
        room: for a name; a longer one is broken into two lines, which may make all rows higher.
        indent: where in the column the names begin.
        also: what else stands in the column.
        bold: whether a name may be bold.

    Attributes:
        names: broken into lines.
        left: where what stands beside the names may begin.
        height: of a row.
        middles: of all rows.
        bottom: where the last row ends, or one row if there is none.
    """

    def __init__(
        self, names: Iterable[str], top: float, height: float, *, room: float = 46,
        indent: float = 0, also: str = "", bold: bool = False,
    ):  # fmt: skip
        self.names = [wrap(name, room) for name in names]
        widths = [text_width(name, bold=bold) for name in [*self.names, also]]
        self.left = MARGIN + indent + max([*widths, 20]) + 3
        broken = any("\n" in name for name in self.names)
        self.height = max(height, TWO_LINES) if broken else height
        self.middles = [top + self.height * (n + 0.5) for n in range(len(self.names))]
        self.bottom = top + self.height * max(len(self.names), 1)


@cache
def _font(size: float, bold: bool):
    from matplotlib.font_manager import FontProperties, fontManager

    there = set(fontManager.get_font_names())
    others = [name for name in _FONTS_FOR_OTHER_SCRIPTS if name in there]
    return FontProperties(family=[*_FONTS, *others], size=size, weight="bold" if bold else "normal")
