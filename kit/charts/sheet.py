"""A sheet to draw on in millimetres, as it will lie on paper: 16 cm wide.

Every mark and word is placed by hand, so that no word runs into another. A sheet only remembers
what is on it: :mod:`kit.charts.svg` makes the picture of a page from it, which has to be there soon
after every label, and :mod:`kit.charts.figure` one of matplotlib's, for files.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

from kit.charts.widths import width
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
    "SWATCH",
    "TEXT",
    "WIDTH",
    "Box",
    "Line",
    "Link",
    "Mark",
    "Place",
    "Places",
    "Rows",
    "Shape",
    "Sheet",
    "Sign",
    "Words",
    "fit",
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
HATCH = "#5c5c5c"
PALE = "#8c8c8c"  # outlines that stand back
GUIDE = "#e3e3e3"  # lines that lead the eye

# No part that leads somewhere is smaller, in millimetres: 12 of a page's pixels.
LEAST_LINK = 3.2

# How much room a colour and pattern take before a name, in millimetres.
SWATCH = 5.5

# The fills of bars.
DARK, LIGHT = Style("#4a4a4a", "", "solid"), Style("#d9d9d9", "", "solid")


class Mark(NamedTuple):
    """A mark: matplotlib's name for its shape, whether it is filled, and with what."""

    shape: str
    filled: bool = True
    colour: str = INK


class Place(NamedTuple):
    """What a mark stands for in the article.

    Attributes:
        unit: a paragraph or sentence: ``"P21"``.
        said: what the mark says of it, such as a code's name.
        within: the letters of the unit that are meant, from and to; all of it without them.
    """

    unit: str
    said: str = ""
    within: tuple[int, int] | None = None


class Places(NamedTuple):
    """What a bar that sums up several labels stands for: what it says, and where they are."""

    said: str
    all: tuple[Place, ...]


# -- what lies on a sheet, all in millimetres; widths of lines and sizes of type in points ---------


class Words(NamedTuple):
    """A line of text; ``y`` is its baseline, or its end where it is turned."""

    x: float
    y: float
    text: str
    size: float
    align: str
    colour: str
    bold: bool
    turned: bool


class Line(NamedTuple):
    x: float
    y: float
    to_x: float
    to_y: float
    width: float
    colour: str


class Box(NamedTuple):
    """A box that has a fill, or an outline ``width`` strong."""

    x: float
    y: float
    across: float
    down: float
    fill: Style | None
    width: float
    colour: str


class Sign(NamedTuple):
    """A mark at its place."""

    x: float
    y: float
    mark: Mark
    size: float


Shape = Words | Line | Box | Sign


class Link(NamedTuple):
    """A part of the sheet that leads to a place in the article, or to several."""

    x: float
    y: float
    across: float
    down: float
    place: Place | Places


class Sheet:
    """A white sheet, 160 mm wide, whose origin is its top left corner.

    Args:
        height: in millimetres.
        title: set large in the first line.
        subtitle: set quietly below it.

    Attributes:
        links: the marks that lead to the article, in the order in which they were drawn.
    """

    #: Where the first line below title and subtitle may start, in millimetres.
    TOP = 15.0

    def __init__(self, height: float, title: str, subtitle: str):
        self.height = height
        self.links: list[Link] = []
        self._shapes: list[tuple[float, Shape]] = []
        room = WIDTH - 2 * MARGIN
        size = TITLE if text_width(title[:LONGEST], TITLE, bold=True) <= room else TEXT
        self.text(MARGIN, 4.8, fit(title, room, size, bold=True), size=size, bold=True)
        self.text(MARGIN, 10.2, fit(subtitle, room, TEXT), colour=QUIET)

    @property
    def shapes(self) -> list[tuple[float, Shape]]:
        """All that lies on it, each with its layer, what is on top last."""
        return sorted(self._shapes, key=itemgetter(0))

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
        # Set on a baseline: a word with a descender must not move up.
        baseline = y + (HALF_CAPITAL - LEADING * (len(lines) - 1) / 2) * size * MM_A_POINT
        for n, line in enumerate(lines):
            at = y if turned else baseline + LEADING * n * size * MM_A_POINT
            self._shapes.append((3, Words(x, at, line, size, align, colour, bold, turned)))

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
        self._shapes.append((layer, Line(x, y, to_x, to_y, width, colour)))

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
        if fill is not None:
            self._shapes.append((layer, Box(x, y, width, height, fill, 0, colour)))
        if outline:
            self._shapes.append((layer + 0.5, Box(x, y, width, height, None, outline, colour)))

    def mark(
        self, x: float, y: float, mark: Mark, *, size: float = 1.8, of: Place | None = None
    ) -> None:
        """Set a mark, ``size`` millimetres wide, in ink; it may lead to a place."""
        self._shapes.append((5, Sign(x, y, mark, size)))
        if of is not None:
            self.link(x - size / 2, y - size / 2, size, size, of)

    def link(self, x: float, y: float, width: float, height: float, place: Place | Places) -> None:
        """Let a part of the sheet lead to a place in the article, or to several; never so small a
        part that it could not be pressed."""
        across, down = max(width, LEAST_LINK), max(height, LEAST_LINK)
        x, y = x - (across - width) / 2, y - (down - height) / 2
        self.links.append(Link(x, y, across, down, place))

    def swatch(self, x: float, y: float, look: Style) -> None:
        """Show beside a name what it looks like, ``SWATCH`` wide."""
        self.box(x, y - 1.5, 4, 3, fill=look, outline=0.6)

    def key(
        self, y: float, entries: Iterable[tuple[Mark | Style, str]], *, size: float = TEXT
    ) -> float:
        """Say in a row what marks and fills mean; return where the row ends."""
        x = MARGIN
        for sign, text in entries:
            if isinstance(sign, Mark):
                self.mark(x + 1, y, sign)
            else:
                self.swatch(x, y, sign)
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
    return MM_A_POINT * size * max(width(line, bold=bold) for line in text.split("\n"))


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
