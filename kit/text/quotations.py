"""Which words stand inside double quotation marks.

Marks say where a text claims to quote, not what anybody said.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kit.text.article import Article

# How each opening mark is closed. “A slip“ and ”another” end where no word begins; »German« and
# «French» marks open and close either way round.
_CLOSING = {
    **{"“": r"”|(?<!\s)“(?!\w)", "„": "[“”]", "”": "”", '"': '"'},
    **{"«": r"»|(?<!\s)«(?!\w)", "»": "[«»]", "「": "」", "『": "』"},
}
_OPENING = re.compile(r'[“„«»「『"]|(?<!\S)”(?=\w)')


@lru_cache(maxsize=8)
def quotations(article: Article) -> tuple[tuple[int, int], ...]:
    """Return each quotation as ``(start, end)`` offsets, its marks included.

    A mark that is never closed opens a quotation that runs to the end of its block: so does a
    long quotation that goes on in the next paragraph.
    """
    return tuple(
        (block.start + a, block.start + b)
        for block in article.blocks
        for a, b in _in_block(block.text)
    )


def quoted_words(article: Article) -> tuple[tuple[int, int], ...]:
    """Return the words inside quotation marks as ``(start, end)`` offsets, in text order."""
    return tuple(
        (a, b)
        for block in article.blocks
        for start, end in _in_block(block.text)
        for a, b in block.words
        if block.start + start <= a and b <= block.start + end
    )


def _in_block(text: str) -> list[tuple[int, int]]:
    found, place = [], 0
    while opening := _OPENING.search(text, place):
        closing = re.compile(_CLOSING[opening.group()]).search(text, opening.end())
        place = closing.end() if closing else len(text)
        found.append((opening.start(), place))
    return found
