"""Words of an article that an example can be made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kit.text.article import Article
from kit.text.span import Span

__all__ = ["windows"]


def windows(
    article: Article, size: int, blocks: Collection[str] = ()
) -> Iterator[tuple[str, Span]]:
    """Yield runs of so many words that do not overlap, each with its paragraph: first one of each
    paragraph, then a second of each, and so on; of all paragraphs if none are named."""
    asked = [block for block in article.blocks if not blocks or block.id in blocks]
    for start in range(0, max(len(block.words) for block in asked), size):
        for block in asked:
            run = block.words[start : start + size]
            if len(run) == size:
                yield block.id, Span(run[0][0], run[-1][1])
