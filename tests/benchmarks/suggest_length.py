"""How the time of the rules grows with the length of a text, and what the worst paragraph costs::

    python -m tests.benchmarks.suggest_length 1 10 100

(megabytes of the practice article over and over; 1 and 10 if none is given). A row each: words,
seconds to read the text into blocks, seconds for each layer's rules, and the process's peak memory
so far. Then the same of single paragraphs that are hard to read (:data:`HARD`), once and at twice
the length: no layer should take longer than a second, nor more than twice as long.
"""

from __future__ import annotations

import resource
import sys
import time

from kit.library import datasets
from kit.suggest import LAYERS, suggest
from kit.text.article import Article

#: Paragraphs: a piece of text, and how often it stands there.
HARD = {
    "a sentence of 50,000 letters": ("the talks may ease tensions and she said that ", 1_087),
    "the same, of commas": ("no, breakthrough, if Obi said, who, ", 1_389),
    "10,000 quotation marks": ("“a” said ", 5_000),
    "10,000 opening marks": ("“a ", 10_000),
    "10,000 straight marks": ('"a ', 10_000),
    "10,000 single marks": ("‘a' ", 5_000),
    "5,000 names": ("Ada{n} Obi{n} met ", 5_000),
    "5,000 names that speak": ("Ada{n} Obi{n} said no. ", 5_000),
    "3,000 accordings": ("it rained, according to Obi, ", 3_000),
    "10,000 times said": ("said, ", 10_000),
    "3,000 of one name": ("Minister Ada{n} Obi said no. Obi said no. He said no. ", 3_000),
    "5,000 offices": ("Minister Ada Obi said the minister was late. He ", 2_500),
}


def measured(name: str, text: str) -> list[str]:
    """Return the cells of one row."""
    start = time.perf_counter()
    article = Article.from_text("long", text)
    words = sum(len(block.words) for block in article.blocks)
    cells = [f"{name:30}", f"{words:9,}", f"{time.perf_counter() - start:8.2f}"]
    book = datasets.codebook("harran-talks")
    for layer in LAYERS:
        start = time.process_time()
        suggest(article, book, [layer])
        cells.append(f"{time.process_time() - start:{len(layer) + 2}.2f}")
    # Linux counts in kilobytes, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return [*cells, f"{peak:7,.0f}"]


def hard(piece: str, times: int) -> str:
    """Return a paragraph of so many pieces, in which each name is another."""
    return "".join(piece.replace("{n}", str(n)) for n in range(times))


def main(sizes: list[float]) -> None:
    story = datasets.load_article("harran-talks").text + "\n\n"
    suggest(Article.from_text("short", story), datasets.codebook("harran-talks"))
    head = f"{'':30}      words  blocks s"
    print("  ".join([head, *(f"{layer} s" for layer in LAYERS), "peak MB"]))
    for size in sizes:
        text = story * max(1, round(size * 2**20 / len(story.encode())))
        print("  ".join(measured(f"{size:g} MB", text)), flush=True)
    for name, (piece, times) in HARD.items():
        print("  ".join(measured(name, hard(piece, times))), flush=True)
        print("  ".join(measured("    twice as long", hard(piece, 2 * times))), flush=True)


if __name__ == "__main__":
    main([float(size) for size in sys.argv[1:]] or [1, 10])
