"""How a code looks, wherever it is shown: a colour, a pattern and never the colour alone.

The colours are tints of those of M. Okabe and K. Ito, "Color Universal Design" (2008,
https://jfly.uni-koeln.de/color/), which people with the common kinds of colour blindness can
tell apart; tints, so that dark words and patterns stay readable on them, on paper too.
"""

from __future__ import annotations

from typing import NamedTuple

from kit.coding.codebook import Layer


class Style(NamedTuple):
    """Attributes: ``colour`` (hex), ``hatch`` (of a chart: a sign, the more often the closer),
    ``pattern`` (the style sheet's)."""

    colour: str
    hatch: str
    pattern: str


EMPTY = Style("#FFFFFF", "", "none")

_COLOURS = ("#F0C05A", "#8CCBF0", "#66C4A9", "#F3EA7B", "#9DB8E0", "#EBA583", "#DFA9C6", "#BDBDBD")
# A pattern's name for style sheets, its hatch in charts, and a wider one of the same kind for the
# ninth code and those after it.
_PATTERNS = (
    ("solid", "", "OO"),
    ("rise", "////", "//"),
    ("dots", "....", "oo"),
    ("fall", "\\\\\\\\", "\\\\"),
    ("bars", "----", "--"),
    ("cross", "xxxx", "xx"),
    ("posts", "||||", "||"),
    ("grid", "+++", "+"),
)


#: So many codes of a layer differ in their hatch alone.
APART = 2 * len(_PATTERNS)


def style(layer: Layer, name: str) -> Style:
    """Return how a code, or a part of a record, looks; no two of a layer share both colour and
    pattern, and the first sixteen differ in their hatch alone.

    Raises:
        KeyError: the layer has no such code or part.
    """
    names = [code.id for code in layer.codes] + [part.id for part in layer.parts]
    if name not in names:
        raise KeyError(name)
    place = names.index(name)
    turn = place // len(_COLOURS)
    pattern, *hatches = _PATTERNS[(place + 3 * turn) % len(_PATTERNS)]
    return Style(_COLOURS[place % len(_COLOURS)], hatches[turn % 2], pattern)
