"""The article laid out as a line: as many millimetres as it has words, blocks numbered above."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from kit.base.phrases import plural
from kit.charts.sheet import QUIET, SMALL, Rows, Sheet
from kit.text.article import Article, Block
from kit.text.span import Span

# In millimetres: the least width of a box, and how far apart numbered blocks and ticks stand.
LEAST = 0.6
NUMBERED, TICKED = 7.0, 12.0


class TextLine:
    """An article's words as a scale between two places on a sheet, in millimetres."""

    def __init__(self, article: Article, left: float, right: float):
        words = [word for block in article.blocks for word in block.words]
        self._starts = [start for start, _ in words]
        self._ends = [end for _, end in words]
        self._blocks = article.blocks
        self.total = len(words)
        self.left, self.right = left, right
        self._mm_a_word = (right - left) / max(self.total, 1)

    def x(self, words: float) -> float:
        """Return where so many words have passed."""
        return self.left + words * self._mm_a_word

    def middle(self, span: Span | Block) -> float:
        """Return where the middle of a stretch of text is."""
        first, after = self.words(span)
        return self.x((first + after) / 2)

    def box(self, span: Span | Block, least: float = LEAST) -> tuple[float, float]:
        """Return where a stretch of text begins and how wide it is: as wide as its words, but
        never so narrow that one of a single word, or of none, cannot be seen."""
        first, after = self.words(span)
        return self.x(first), max((after - first) * self._mm_a_word, least)

    def words(self, span: Span | Block) -> tuple[int, int]:
        """Return how many words begin before a stretch of text, and before its end."""
        first = bisect_right(self._ends, span.start)
        return first, max(first, bisect_left(self._starts, span.end))

    @classmethod
    def beside(cls, article: Article, sheet: Sheet, rows: Rows, top: float = 0.0) -> TextLine:
        """Lay an article out beside rows and draw its axis, from ``top`` or from the first row."""
        line = cls(article, rows.left, rows.right)
        line.draw_axis(sheet, top or rows.top, rows.bottom)
        sheet.height = rows.bottom + 7
        return line

    def draw_axis(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Number the blocks above ``top`` and count the words below ``bottom``."""
        blocks = numbered_blocks(self._blocks, (self.right - self.left) / len(self._blocks))
        for x in sheet.numbers([(self.middle(b), b.id) for b in blocks], top - 2.8):
            sheet.line(x, top - 0.9, x, top, colour=QUIET)
        for words in self._ticks():
            x = self.x(words)
            sheet.guide(x, top, x, bottom + 1.2)
            last = words == self.total
            text = plural(words, "word") if last else f"{words:,}"
            sheet.text(x, bottom + 3.6, text, size=SMALL, align="right" if last else "center")

    def _ticks(self) -> list[int]:
        """Return round numbers of words, far enough apart to be read, and the last word."""
        steps = (m * 10**e for e in range(9) for m in (1, 2, 5))
        step = next(n for n in steps if n * self._mm_a_word >= TICKED)
        clear = self.total - 2 * TICKED / self._mm_a_word
        return [n for n in range(0, self.total, step) if n <= clear] + [self.total]


def numbered_blocks(blocks: Iterable[Block], room: float) -> list[Block]:
    """Return the first block and every fifth, tenth or so, where each has ``room`` millimetres."""
    every = next(n for n in (5, 10, 20, 50, 100, 500, 10**9) if n * room >= NUMBERED)
    return [block for n, block in enumerate(blocks) if n == 0 or block.number % every == 0]
