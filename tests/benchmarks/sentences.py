"""How well do the kit's sentence ends agree with those that people marked?

    python -m tests.benchmarks.sentences --gum FOLDER [--errors]

FOLDER holds ``en_gum-ud-dev.conllu`` and ``en_gum-ud-test.conllu`` of GUM, the Georgetown
University Multilayer corpus (Zeldes 2017, https://doi.org/10.1007/s10579-016-9343-x), in its
Universal Dependencies edition. It is not part of this repository, and nothing of it is kept here.

How the text is put together again
----------------------------------
- A document begins at ``# newdoc``. Its kind is the middle of its name: ``GUM_news_…`` is news.
- A block begins at ``# newdoc`` and at ``# newpar``: paragraphs, headings, items of a list, turns
  of a speaker. Blocks are **given**, because the kit's articles have them too: a line of the file
  is a block. The end of a block is an end of a sentence for any splitter, so the share of
  sentences that end inside a block, where there is something to decide, is printed beside.
- A sentence is its ``# text`` line. Two sentences of one block are parted by one space, unless
  the last word of the first says ``SpaceAfter=No``; then nothing stands between them.

What the rules have seen
------------------------
They were written with the differences on dev, and on documents of GUM's train part, in view. Of
the test part only the figures were looked at, three times in all; after the first time, in which
news did worse than the rest, the rule for picture credits was made from news of the train part.

How it is counted
-----------------
A boundary is the place after a sentence's last visible character. *F1* is the mean of precision
and recall over all boundaries of all documents, the ends of blocks included, as the published
figures count them. *Inside* is the same without the ends of blocks: the hard part alone.
*Sentences* counts those with both ends right. ``--errors`` prints where the two differ, for dev
only, so that nobody tunes on the test part.

Below the table stands the speed on made-up texts of growing length; the last column should not
grow with the length.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from kit.text.sentences import find_sentences

PARTS = ("dev", "test")

# Texts that make a careless splitter slow: no end, nothing but ends, nested marks.
HARD = {
    "plain words": "The ferry sailed at noon. Nobody spoke to Mr. Orsk of the U.S. Navy. ",
    "no end at all": "word ",
    "no space at all": "word",
    "full stops": ".",
    "stops and spaces": ". ",
    "opening marks": "“(",
    "closing marks": "”)",
    "question, closer": "?” ",
    "initials": "A. B. C. ",
    "abbreviations": "Mr. ",
    "small letters": "no. yes. ",
    "white space": " \t",
    "quotations": "“Go! Stay? ",
}
LENGTHS = (50_000, 200_000, 800_000)


class Text(NamedTuple):
    """One block of a document, and where its sentences start and end."""

    document: str
    text: str
    sentences: tuple[tuple[int, int], ...]


def read(path: Path) -> Iterator[Text]:
    """Yield the blocks of a CoNLL-U file, put together as described above."""
    document, text, spans = "", "", []
    glue = False  # whether the last word had SpaceAfter=No
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith(("# newdoc", "# newpar")) and not line.startswith("# newpar_block"):
            if spans:
                yield Text(document, text, tuple(spans))
            text, spans = "", []
            if line.startswith("# newdoc"):
                document = line.partition("=")[2].strip()
        elif line.startswith("# text = "):
            sentence = line.removeprefix("# text = ").strip()
            if text and not glue:
                text += " "
            spans.append((len(text), len(text) + len(sentence)))
            text += sentence
        elif line and not line.startswith("#") and not _inside_range(line):
            glue = "SpaceAfter=No" in line.rpartition("\t")[2].split("|")
    if spans:
        yield Text(document, text, tuple(spans))


def _inside_range(line: str) -> bool:
    # "don't" is one line 3-4 with the note on spaces, and then a line 3 and a line 4 without.
    number = line.partition("\t")[0]
    if "-" in number:
        _inside_range.until = int(number.partition("-")[2])
        return False
    return "." in number or int(number) <= getattr(_inside_range, "until", 0)


class Score(NamedTuple):
    """Right, proposed and wanted, of one kind of thing."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(a + b for a, b in zip(self, other, strict=True)))

    def __str__(self) -> str:
        precision = self.right / self.found if self.found else 0.0
        recall = self.right / self.wanted if self.wanted else 0.0
        f1 = 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0
        return f"{100 * precision:6.1f}{100 * recall:6.1f}{100 * f1:6.1f}"


def count(wanted: set, found: set) -> Score:
    """Return how two sets of boundaries or sentences agree."""
    return Score(len(wanted & found), len(found), len(wanted))


def score(texts: list[Text], split: Callable[[str], list[tuple[int, int]]]) -> tuple[Score, ...]:
    """Return the scores of all boundaries, of those inside blocks, and of whole sentences."""
    every = inside = whole = Score()
    for text in texts:
        found = split(text.text)
        last = len(text.text.rstrip())
        gold_ends, found_ends = ({b for _, b in spans} for spans in (text.sentences, found))
        every += count(gold_ends, found_ends)
        inside += count(gold_ends - {last}, found_ends - {last})
        whole += count(set(text.sentences), set(found))
    return every, inside, whole


def show_errors(texts: list[Text]) -> None:
    """Print each place where the kit and the corpus differ."""
    for text in texts:
        gold = {b for _, b in text.sentences}
        found = {b for _, b in find_sentences(text.text)}
        for place in sorted(gold ^ found):
            kind = "missed" if place in gold else "false "
            left = text.text[max(0, place - 50) : place]
            print(f"{kind} {text.document:32} {left!r} | {text.text[place : place + 30]!r}")


def show_speed() -> None:
    """Print characters a second for texts of growing length."""
    print(f"\n{'microseconds a character, by length':36}" + "".join(f"{n:>10,}" for n in LENGTHS))
    for name, piece in HARD.items():
        cells = []
        for length in LENGTHS:
            text = piece * (length // len(piece))
            start = time.perf_counter()
            find_sentences(text)
            cells.append((time.perf_counter() - start) / length * 1e6)
        print(f"{name:36}" + "".join(f"{cell:10.2f}" for cell in cells))


def main() -> None:
    """Score, and show the speed."""
    parser = argparse.ArgumentParser(description="Score the kit's sentence ends on GUM.")
    parser.add_argument("--gum", type=Path, required=True)
    parser.add_argument("--errors", action="store_true", help="list the differences on dev")
    parser.add_argument("--dev-only", action="store_true", help="leave the test part alone")
    args = parser.parse_args()
    heads = ("all ends: P, R, F1", "inside blocks", "sentences")
    print(f"{'':28}{'ends':>6}{'inside':>8}" + "".join(f"{head:>20}" for head in heads))
    for part in PARTS[: 1 if args.dev_only else None]:
        texts = list(read(args.gum / f"en_gum-ud-{part}.conllu"))
        kinds = sorted({text.document.split("_")[1] for text in texts})
        groups = {"all": texts} | {
            kind: [t for t in texts if t.document.split("_")[1] == kind] for kind in kinds
        }
        for name, group in groups.items():
            every, inside, whole = score(group, find_sentences)
            scores = "".join(f"{s!s:>20}" for s in (every, inside, whole))
            print(f"{part + ', ' + name:28}{every.wanted:6}{inside.wanted:8}{scores}")
        if part == "dev" and args.errors:
            show_errors(texts)
    show_speed()


if __name__ == "__main__":
    main()
