"""How the time of the rules grows with the length of a text: ``python -m tests.benchmarks.
suggest_length 1 10 100`` (megabytes; 1 and 10 if none is given).

The text is the practice article over and over. A row each: megabytes, words, seconds to read the
text into blocks, seconds for each layer's rules, and the process's peak memory so far.
"""

from __future__ import annotations

import resource
import sys
import time

from kit.library import datasets
from kit.suggest import LAYERS, suggest
from kit.text.article import Article


def measured(megabytes: float, layers: tuple[str, ...]) -> list[str]:
    """Return the cells of one row."""
    story = datasets.load_article("harran-talks").text + "\n\n"
    text = story * max(1, round(megabytes * 2**20 / len(story.encode())))
    start = time.perf_counter()
    article = Article.from_text("long", text)
    words = sum(len(block.words) for block in article.blocks)
    cells = [f"{megabytes:g}", f"{words:,}", f"{time.perf_counter() - start:.1f}"]
    book = datasets.codebook("harran-talks")
    for layer in layers:
        start = time.perf_counter()
        suggest(article, book, [layer])
        cells.append(f"{time.perf_counter() - start:.1f}")
    # Linux counts in kilobytes, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return [*cells, f"{peak:,.0f}"]


def main(sizes: list[float]) -> None:
    print("  ".join(["MB", "words", "blocks s", *(f"{layer} s" for layer in LAYERS), "peak MB"]))
    for megabytes in sizes:
        print("  ".join(measured(megabytes, LAYERS)), flush=True)


if __name__ == "__main__":
    main([float(size) for size in sys.argv[1:]] or [1, 10])
