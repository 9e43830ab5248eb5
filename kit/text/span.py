"""A stretch of a text, and the words that stand there."""

from __future__ import annotations

import msgspec


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch ``[start, end)`` of the article, in code points, and the words it covers.

    ``text`` is shortened in the middle by :func:`kit.coding.coding.excerpt`; empty, it is filled in
    by the coding.
    """

    start: int
    end: int
    text: str = ""
