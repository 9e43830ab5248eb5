"""A sheet as SVG, for pages: small, sharp at any size, and made in a few thousandths of a second.

Text stays text: every word is as wide as it was measured, in whichever font a machine has. DejaVu
Sans and Verdana are nearly alike, so little has to give.
"""

from __future__ import annotations

from html import escape
from math import cos, pi, sin

from kit.charts.sheet import (
    HATCH,
    INK,
    MM_A_POINT,
    MM_AN_INCH,
    WIDTH,
    Box,
    Line,
    Shape,
    Sheet,
    Sign,
    Words,
    text_width,
)
from kit.coding.palette import Style

__all__ = ["PIXELS", "svg"]

#: CSS counts 96 pixels to the inch: how many there are to the millimetre.
PIXELS = 96 / MM_AN_INCH
POINT = PIXELS * MM_A_POINT
FONTS = "'DejaVu Sans',Verdana,'Bitstream Vera Sans',sans-serif"
# Letters before this one are of much the same width in these fonts; others are left as they are.
LATIN = "\u2100"
# How wide the edge of a mark is, in points, and how wide a line of a pattern.
EDGE, HAIR = 0.9, 0.5


def svg(sheet: Sheet, title: str, alt: str) -> str:
    """Return all that lies on a sheet as an SVG document with a title and a description."""
    looks: dict[Style, str] = {}  # the fills that have a pattern, and what they are called
    shapes = "".join(_drawn(shape, looks) for _, shape in sheet.shapes)
    patterns = "".join(_pattern(look, name) for look, name in looks.items())
    across, down = round(WIDTH * PIXELS), round(sheet.height * PIXELS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" '
        f'viewBox="0 0 {across} {down}" font-family="{FONTS}"><title>{escape(title)}</title>'
        f"<desc>{escape(alt)}</desc><defs>{patterns}</defs>"
        f'<rect width="{across}" height="{down}" fill="#fff"/>{shapes}</svg>'
    )


def _drawn(shape: Shape, looks: dict[Style, str]) -> str:
    match shape:
        case Words():
            return _words(shape)
        case Line(x, y, to_x, to_y, width, colour):
            return (
                f'<path d="M{_px(x)},{_px(y)}L{_px(to_x)},{_px(to_y)}" stroke="{colour}" '
                f'stroke-width="{_pt(width)}"/>'
            )
        case Box(x, y, across, down, look, width, colour):
            paint = f'fill="none" stroke="{colour}" stroke-width="{_pt(width)}"'
            if look is not None:
                name = looks.setdefault(look, f"p{len(looks)}") if look.hatch else ""
                paint = f'fill="url(#{name})"' if name else f'fill="{look.colour}"'
            size = f'width="{_px(across)}" height="{_px(down)}"'
            return f'<rect x="{_px(x)}" y="{_px(y)}" {size} {paint}/>'
        case Sign(x, y, mark, size):
            fill = mark.colour if mark.filled else "#fff"
            return (
                f'<path d="{_outline(mark.shape, x * PIXELS, y * PIXELS, size * PIXELS / 2)}" '
                f'fill="{fill}" stroke="{INK}" stroke-width="{_pt(EDGE)}"/>'
            )


def _words(words: Words) -> str:
    x, y, size = words.x, words.y, words.size
    place = f'x="{_px(x)}" y="{_px(y)}"'
    anchor = {"left": "", "center": "middle", "right": "end"}[words.align]
    if words.turned:
        # It ends at y and stands with its middle at x.
        place = f'transform="translate({_px(x + 0.36 * size * MM_A_POINT)},{_px(y)}) rotate(-90)"'
        anchor = "end"
    more = f' text-anchor="{anchor}"' if anchor else ""
    more += ' font-weight="bold"' if words.bold else ""
    if max(words.text, default=" ") < LATIN:
        width = text_width(words.text, size, bold=words.bold)
        more += f' textLength="{_px(width)}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text {place} font-size="{_pt(size)}" fill="{words.colour}"{more}>'
        f"{escape(words.text)}</text>"
    )


def _px(millimetres: float) -> str:
    return f"{millimetres * PIXELS:.2f}".rstrip("0").rstrip(".")


def _pt(points: float) -> str:
    return f"{points * POINT:.2f}".rstrip("0").rstrip(".")


# How many corners a mark has, where the first one is (in eighths of a turn from the right), and how
# far out they lie where the mark is one wide from its middle; matplotlib's marks are as large.
_CORNERS = {
    "s": (4, 1, 2**0.5),
    "D": (4, 0, 2**0.5),
    "^": (3, -2, 1.15),
    "v": (3, 2, 1.15),
    "p": (5, -2, 1.0),
    "h": (6, -2, 1.0),
    "8": (8, 0.5, 1.0),
}


def _outline(shape: str, x: float, y: float, half: float) -> str:
    """Return a mark as a path around a place, all in pixels."""
    if shape == "o":
        return f"M{x - half:.2f},{y:.2f}a{half:.2f},{half:.2f} 0 1 0 {2 * half:.2f},0 " + (
            f"a{half:.2f},{half:.2f} 0 1 0 {-2 * half:.2f},0z"
        )
    if shape == "x":
        return (
            f"M{x - half:.2f},{y - half:.2f}L{x + half:.2f},{y + half:.2f}"
            f"M{x - half:.2f},{y + half:.2f}L{x + half:.2f},{y - half:.2f}"
        )
    if shape == "P":
        third = half / 3
        arm, wide = f"{half - third:.2f}", f"{2 * third:.2f}"
        return (
            f"M{x - third:.2f},{y - half:.2f}h{wide}v{arm}h{arm}v{wide}h-{arm}v{arm}h-{wide}"
            f"v-{arm}h-{arm}v-{wide}h{arm}z"
        )
    if shape == "*":
        corners = [(-2 + 0.8 * n, half if n % 2 == 0 else 0.4 * half) for n in range(10)]
    else:
        count, first, out = _CORNERS[shape]
        corners = [(first + 8 * n / count, out * half) for n in range(count)]
    path = "L".join(
        f"{x + out * cos(turn * pi / 4):.2f},{y + out * sin(turn * pi / 4):.2f}"
        for turn, out in corners
    )
    return f"M{path}z"


def _pattern(look: Style, name: str) -> str:
    """Return a fill with its pattern; the more letters its hatch has, the closer it is."""
    sign, apart = look.hatch[0], 16 / len(look.hatch)
    end, half, beyond = apart, apart / 2, apart + 1
    rise = f"M0,{end}L{end},0M-1,1L1,-1M{end - 1},{beyond}L{beyond},{end - 1}"
    fall = f"M0,0L{end},{end}M-1,{end - 1}L1,{beyond}M{end - 1},-1L{beyond},1"
    across, up = f"M0,{half}H{end}", f"M{half},0V{end}"
    lines = {
        "/": rise, "\\": fall, "x": rise + fall, "-": across, "|": up, "+": across + up,
    }  # fmt: skip
    hair = f'stroke="{HATCH}" stroke-width="{_pt(HAIR)}"'
    if sign in lines:
        drawn = f'<path d="{lines[sign]}" fill="none" {hair}/>'
    else:
        # A dot is filled; rings are small or large.
        radius = {".": 0.8, "o": 0.25 * apart, "O": 0.4 * apart}[sign]
        fill = HATCH if sign == "." else "none"
        drawn = f'<circle cx="{half}" cy="{half}" r="{radius:.2f}" fill="{fill}" {hair}/>'
    return (
        f'<pattern id="{name}" width="{end}" height="{end}" patternUnits="userSpaceOnUse">'
        f'<rect width="{end}" height="{end}" fill="{look.colour}"/>{drawn}</pattern>'
    )
