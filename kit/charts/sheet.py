"""A sheet to draw on: 160 mm wide, in millimetres from its top left corner, written as SVG.

The picture has to be there soon after every label, so no library for plots draws it. Text stays
text: every line is as wide as it was measured, in whichever font a machine has. DejaVu Sans and
Verdana are nearly alike, so little has to give.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from html import escape
from operator import itemgetter
from typing import NamedTuple

from kit.charts.widths import width
from kit.coding.palette import EMPTY, Style

WIDTH, MARGIN = 160.0, 2.0
EDGE = WIDTH - MARGIN
#: How many of a page's pixels a millimetre has.
PIXELS = 4
MM_A_POINT = 25.4 / 72

# Sizes of type in points.
TITLE, TEXT, SMALL = 11.0, 9.0, 8.0
FONTS = "'DejaVu Sans',Verdana,'Bitstream Vera Sans',sans-serif"
# Letters before this one are of much the same width in these fonts; others are left as they are.
LATIN = "\u2100"
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
LEAST_LINK = 3.0
# How much room a colour and pattern, or a mark, take before a name, in millimetres.
SWATCH, SIGN = 5.5, 3.5

# The fills of bars.
DARK, LIGHT = Style("#4a4a4a", "", "solid"), Style("#d9d9d9", "", "solid")

# Marks, in a square from -1 to 1.
SHAPES = {
    "o": "M-1,0a1,1 0 1 0 2,0a1,1 0 1 0-2,0z",
    "s": "M-1,-1H1V1H-1z",
    "D": "M0,-1.4L1.4,0L0,1.4L-1.4,0z",
    "x": "M-1,-1L1,1M-1,1L1,-1",
    "^": "M0,-1.1L1.1,.9H-1.1z",
    "v": "M0,1.1L1.1,-.9H-1.1z",
    "p": "M0,-1.1L1.05,-.34L.65,.9H-.65L-1.05,-.34z",
    "h": "M0,-1.1L.95,-.55V.55L0,1.1L-.95,.55V-.55z",
}  # fmt: skip


class Mark(NamedTuple):
    """A mark: its shape, one of :data:`SHAPES`, whether it is filled, and with what."""

    shape: str
    filled: bool = True
    colour: str = INK


class Place(NamedTuple):
    """A place in the article.

    Attributes:
        unit: a paragraph or sentence: ``"P21"``.
        within: the letters of the unit that are meant, from and to; all of it without them.
    """

    unit: str
    within: tuple[int, int] | None = None


class Link(NamedTuple):
    """A part of the sheet that leads to places in the article, and what it says of them."""

    x: float
    y: float
    across: float
    down: float
    said: str
    places: Sequence[Place]


class Sheet:
    """A white sheet, with a title in its first line and a quiet line below.

    Attributes:
        height: in millimetres; set it when all is drawn.
        links: the marks that lead to the article, in the order in which they were drawn.
    """

    #: Where the first line below title and subtitle may start, in millimetres.
    TOP = 15.0

    def __init__(self, title: str, subtitle: str):
        self.height = self.TOP
        self.links: list[Link] = []
        self._drawn: list[tuple[float, str]] = []
        self._looks: dict[str, Style] = {}  # the fills that have a pattern, by their names
        self._shapes: set[str] = set()
        room = EDGE - MARGIN
        size = TITLE if text_width(title[:LONGEST], TITLE, bold=True) <= room else TEXT
        self.text(MARGIN, 4.8, fit(title, room, size, bold=True), size=size, bold=True)
        self.text(MARGIN, 10.2, fit(subtitle, room), colour=QUIET)

    def svg(self, title: str, alt: str) -> str:
        """Return the sheet as an SVG document with a title and a description."""
        size = f"{_px(WIDTH)} {_px(self.height)}"
        across, down = size.split()
        defs = "".join(_pattern(look, name) for name, look in self._looks.items())
        defs += "".join(
            f'<path id="{_NAMES[shape]}" d="{SHAPES[shape]}" stroke="{INK}" '
            f'stroke-width="{_pt(0.9)}" vector-effect="non-scaling-stroke"/>'
            for shape in SHAPES
            if shape in self._shapes
        )
        # What is on top comes last.
        drawn = "".join(element for _, element in sorted(self._drawn, key=itemgetter(0)))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" '
            f'viewBox="0 0 {size}" font-family="{FONTS}"><title>{escape(title)}</title>'
            f"<desc>{escape(alt)}</desc><defs>{defs}</defs>"
            f'<path d="M0,0H{across}V{down}H0z" fill="#fff"/>{drawn}</svg>'
        )

    def text(
        self, x: float, y: float, text: str, *, size: float = TEXT, align: str = "left",
        colour: str = INK, bold: bool = False, turned: bool = False,
    ) -> None:  # fmt: skip
        """Write ``text``, its middle at height ``y``; ``turned`` reads from bottom to top and
        then ``y`` is where it ends."""
        lines = text.split("\n") if text else []
        anchor = {"left": "", "center": "middle", "right": "end"}["right" if turned else align]
        look = f'font-size="{_pt(size)}" fill="{colour}"'
        look += f' text-anchor="{anchor}"' if anchor else ""
        look += ' font-weight="bold"' if bold else ""
        # Set on a baseline: a word with a descender must not move up.
        line_height = LEADING * size * MM_A_POINT
        down = HALF_CAPITAL * size * MM_A_POINT
        for n, line in enumerate(lines):
            baseline = (x if turned else y) + down + (n - (len(lines) - 1) / 2) * line_height
            place = f'x="{_px(x)}" y="{_px(baseline)}"'
            if turned:
                place = f'transform="translate({_px(baseline)},{_px(y)})rotate(-90)"'
            set_as = ""
            if max(line) < LATIN:
                wide = _px(text_width(line, size, bold=bold))
                set_as = f' textLength="{wide}" lengthAdjust="spacingAndGlyphs"'
            self._drawn.append((3, f"<text {place} {look}{set_as}>{escape(line)}</text>"))

    def line(
        self, x: float, y: float, to_x: float, to_y: float, *, width: float = 0.6,
        colour: str = INK, layer: float = 1,
    ) -> None:  # fmt: skip
        """Draw a line; ``width`` in points. What has the higher ``layer`` lies on top."""
        path = f"M{_px(x)},{_px(y)}L{_px(to_x)},{_px(to_y)}"
        look = f'stroke="{colour}" stroke-width="{_pt(width)}"'
        self._drawn.append((layer, f'<path d="{path}" {look}/>'))

    def guide(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Draw a pale line below everything, to lead the eye."""
        self.line(x, y, to_x, to_y, colour=GUIDE, layer=0)

    def box(
        self, x: float, y: float, across: float, down: float, fill: Style | None = None, *,
        outline: float = 0.0, colour: str = INK, layer: float = 2,
    ) -> None:  # fmt: skip
        """Draw a box: a code's colour and pattern, or an outline (in points), or both."""
        paint = fill.colour if fill else "none"
        if fill and fill.hatch:
            # No two looks of a chart share all of these.
            name = f"{fill.pattern}-{len(fill.hatch)}-{fill.colour[1:]}"
            self._looks[name] = fill
            paint = f"url(#{name})"
        edge = f' stroke="{colour}" stroke-width="{_pt(outline)}"' if outline else ""
        size = f'x="{_px(x)}" y="{_px(y)}" width="{_px(across)}" height="{_px(down)}"'
        self._drawn.append((layer, f'<rect {size} fill="{paint}"{edge}/>'))

    def mark(
        self, x: float, y: float, mark: Mark, *, size: float = 1.8, said: str = "",
        places: Sequence[Place] = (),
    ) -> None:  # fmt: skip
        """Set a mark, ``size`` millimetres wide; it may lead to places and say what they are."""
        self._shapes.add(mark.shape)
        fill = mark.colour if mark.filled else "#fff"
        place = f"translate({_px(x)},{_px(y)})scale({_px(size / 2)})"
        name = _NAMES[mark.shape]
        self._drawn.append((5, f'<use href="#{name}" transform="{place}" fill="{fill}"/>'))
        if places:
            self.link(x - size / 2, y - size / 2, size, size, said, places)

    def link(
        self, x: float, y: float, width: float, height: float, said: str, places: Sequence[Place]
    ) -> None:
        """Let a part of the sheet lead to places in the article; never so small a part that it
        could not be pressed."""
        across, down = max(width, LEAST_LINK), max(height, LEAST_LINK)
        x, y = x - (across - width) / 2, y - (down - height) / 2
        self.links.append(Link(x, y, across, down, said, places))

    def sign(self, x: float, y: float, sign: Mark | Style) -> float:
        """Show before a name what it looks like; return how much room that takes."""
        if isinstance(sign, Mark):
            self.mark(x + 1, y, sign)
            return SIGN
        self.box(x, y - 1.5, 4, 3, sign, outline=0.6)
        return SWATCH

    def cell(
        self, x: float, y: float, across: float, down: float, text: str, look: Style, *,
        colour: str = INK,
    ) -> None:  # fmt: skip
        """Draw a box with a word or number in its middle, on white where the box has a pattern."""
        self.box(x, y, across, down, look, outline=0.5, colour=PALE)
        text = fit(text, across - 0.4, SMALL)
        if look.hatch:
            wide = min(text_width(text, SMALL) + 0.8, across - 0.3)
            self.box(x + (across - wide) / 2, y + 0.9, wide, down - 1.8, EMPTY, layer=2.5)
        middle = x + across / 2, y + down / 2
        self.text(*middle, text, size=SMALL, align="center", colour=colour)

    def key(self, y: float, entries: Iterable[tuple[Mark | Style, str]]) -> float:
        """Say in a row what marks and fills mean; return where the row ends."""
        x = MARGIN
        for sign, text in entries:
            x += self.sign(x, y, sign)
            self.text(x, y, text)
            x += text_width(text) + 6
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


class Row(NamedTuple):
    """A row of a chart: its name, small print below it, what it looks like before it, and its
    numbers, which stand in columns at the right edge."""

    name: str
    numbers: Sequence[str] = ()
    signs: Sequence[Mark | Style] = ()
    small: str = ""
    bold: bool = False
    quiet: bool = False


class Rows:
    """Rows with their names on the left and their numbers on the right, drawn on a sheet.

    Args:
        sheet: to draw on.
        top, height: where the first row begins, and how high one with a name of one line is.
        rows: from above.
        heads: of the columns of numbers.
        room: for a name; a longer one is broken into two lines, which may make all rows higher.
        indent: where in their column the names begin.
        also: what else stands in that column.

    Attributes:
        columns: where each column of numbers ends.
        left, right: where what stands between names and numbers may begin and end.
        height: of a row.
        middles: of all rows.
        bottom: where the last row ends, or one row if there is none.
    """

    def __init__(
        self, sheet: Sheet, top: float, height: float, rows: Sequence[Row], *,
        heads: Sequence[str] = (), room: float = 46, indent: float = 0, also: str = "",
    ):  # fmt: skip
        signed = max((row.signs for row in rows), key=len, default=())
        indent += sum(SIGN if isinstance(sign, Mark) else SWATCH for sign in signed)
        names = [wrap(row.name, room) for row in rows]
        widths = [text_width(n, bold=row.bold) for n, row in zip(names, rows, strict=True)]
        self.left = MARGIN + indent + max([*widths, text_width(also), 20]) + 3
        broken = any("\n" in name for name in names)
        self.height = max(height, TWO_LINES) if broken else height
        self.middles = [top + self.height * (n + 0.5) for n in range(len(names))]
        self.top, self.bottom = top, top + self.height * max(len(names), 1)
        self.right = EDGE
        self.columns: list[float] = []
        for n, head in reversed([*enumerate(heads)]):
            self.columns.insert(0, self.right)
            sheet.text(self.right, top - 3, head, align="right", colour=QUIET)
            widths = [text_width(row.numbers[n], bold=row.bold) for row in rows]
            self.right -= max([text_width(head), *widths]) + 4
        for row, name, y in zip(rows, names, self.middles, strict=True):
            x = MARGIN
            for sign in row.signs:
                x += sheet.sign(x, y, sign)
            at, colour = y - 1.8 if row.small else y, QUIET if row.quiet else INK
            sheet.text(MARGIN + indent, at, name, bold=row.bold, colour=colour)
            sheet.text(MARGIN + indent, y + 2.2, row.small, size=SMALL, colour=QUIET)
            for end, number in zip(self.columns, row.numbers, strict=True):
                sheet.text(end, y, number, align="right", colour=colour, bold=row.bold)

    def rule(self, sheet: Sheet) -> None:
        """Lead the eye from each name to its numbers."""
        for y in self.middles:
            sheet.guide(self.left, y, self.right, y)


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


def levels(places: Iterable[float], apart: float, most: int) -> list[int]:
    """Return on which level each mark stands, for places from left to right: the first on which it
    is so far ``apart`` from the one before; where ``most`` levels are full, marks overlap."""
    free_from = [float("-inf")] * most
    chosen = []
    for x in places:
        level = next((n for n in range(most) if free_from[n] <= x), None)
        level = free_from.index(min(free_from)) if level is None else level
        free_from[level] = x + apart
        chosen.append(level)
    return chosen


_NAMES = {shape: f"m{n}" for n, shape in enumerate(SHAPES)}


def _px(millimetres: float) -> str:
    return f"{millimetres * PIXELS:.2f}".rstrip("0").rstrip(".")


def _pt(points: float) -> str:
    return _px(points * MM_A_POINT)


def _pattern(look: Style, name: str) -> str:
    """Return a fill with its pattern; the more letters its hatch has, the closer it is."""
    sign, end = look.hatch[0], 16 / len(look.hatch)
    half = end / 2
    rise = f"M0,{end}L{end},0M-1,1L1,-1M{end - 1},{end + 1}L{end + 1},{end - 1}"
    fall = f"M0,0L{end},{end}M-1,{end - 1}L1,{end + 1}M{end - 1},-1L{end + 1},1"
    across, up = f"M0,{half}H{end}", f"M{half},0V{end}"
    lines = {"/": rise, "\\": fall, "x": rise + fall, "-": across, "|": up, "+": across + up}
    hair = f'stroke="{HATCH}" stroke-width="{_pt(0.5)}"'
    if sign in lines:
        drawn = f'<path d="{lines[sign]}" fill="none" {hair}/>'
    else:
        # A dot is filled; rings are small or large.
        radius = {".": 0.8, "o": 0.25 * end, "O": 0.4 * end}[sign]
        fill = HATCH if sign == "." else "none"
        drawn = f'<circle cx="{half}" cy="{half}" r="{radius:.2f}" fill="{fill}" {hair}/>'
    return (
        f'<pattern id="{name}" width="{end}" height="{end}" patternUnits="userSpaceOnUse">'
        f'<rect width="{end}" height="{end}" fill="{look.colour}"/>{drawn}</pattern>'
    )
