"""How a code looks, wherever it is shown: a colour, a pattern and never the colour alone.

The colours are those of M. Okabe and K. Ito, "Color Universal Design" (2008,
https://jfly.uni-koeln.de/color/), which people with the common kinds of colour blindness can
tell apart, in lighter tints so that dark text stays readable on them.
"""

from __future__ import annotations

from typing import NamedTuple

from kit.codebook import Layer

__all__ = ["EMPTY", "Style", "style"]


class Style(NamedTuple):
    """Attributes: ``colour`` (hex), ``hatch`` (matplotlib's), ``pattern`` (the style sheet's)."""

    colour: str
    hatch: str
    pattern: str


EMPTY = Style("#FFFFFF", "", "none")

_COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#7FA8D1", "#E0875A", "#CC79A7", "#A6A6A6")
_PATTERNS = (
    ("", "solid"),
    ("///", "rise"),
    ("...", "dots"),
    ("\\\\\\", "fall"),
    ("---", "bars"),
    ("xxx", "cross"),
    ("|||", "posts"),
    ("+++", "grid"),
)


def style(layer: Layer, name: str) -> Style:
    """Return how a code, or a part of a record, looks.

    No two of a layer share both colour and pattern.

    Raises:
        KeyError: the layer has no such code or part.
    """
    names = [item.id for item in (*layer.codes, *layer.parts)]
    if name not in names:
        raise KeyError(name)
    place = names.index(name)
    turn = place // len(_COLOURS)
    hatch, pattern = _PATTERNS[(place + 3 * turn) % len(_PATTERNS)]
    return Style(_COLOURS[place % len(_COLOURS)], hatch, pattern)
