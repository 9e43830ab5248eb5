"""Evidence: words copied from a paragraph. The kit looks whether they stand there, no more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from kit.base.phrases import join, plural
from kit.exercises.outcome import Part
from kit.text.article import Article, find_words
from kit.text.span import Span

LEAST_WORDS = 2
LEAST_LETTERS = 8

_MARKS = str.maketrans(
    dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff")
)
_LEFT_OUT = re.compile(r"\s*[\[(]?(?:…|\.\.\.)[\])]?\s*")
_EDGES = " \"'.,;:!?"


def check_evidence(rows: Sequence[dict[str, str]], least: int, article: Article) -> Part:
    """Look whether each row's words stand in its paragraph.

    White space, capitals, kinds of quotation mark and dash, and marks at either end make no
    difference; ``…`` stands for words left out. A row that is there twice counts once.

    Args:
        rows: ``{"block": "P8", "words": "…"}``, as :func:`kit.exercises.kinds.clean` keeps them.
        least: how many are asked for.

    Returns:
        A part that is right when all rows hold and there are enough of them, and otherwise says
        precisely what is amiss.
    """
    if not rows:
        return Part(False, f"Still to come: {_asked(least)}.")
    good, amiss = set(), []
    for row in rows:
        block = _block_id(row["block"])
        words = _folded(row["words"]).strip(_EDGES)
        problem = _problem(block, words, article)
        if problem:
            amiss.append(problem)
        else:
            good.add((block, words))
    short = least - len(good)
    if short > 0:
        twice = len(rows) - len(amiss) - len(good)
        amiss += ["The same words in the same paragraph count once."] if twice else []
        there = plural(len(good), "row") if good else "none"
        amiss.append(f"Rows that hold so far: {there}; needed: {_asked(least)}.")
    return Part(not amiss, " ".join(amiss))


def _asked(least: int) -> str:
    return f"{plural(least, 'row')} of evidence, a paragraph and words copied from it"


def _problem(block: str, words: str, article: Article) -> str:
    """Return what is amiss with one row, or ""."""
    if not block or not words:
        lacking = "the paragraph’s number" if not block else "the words you copied"
        return f"A row with {block or '“' + _shortened(words) + '”'} lacks {lacking}."
    texts = _texts(article)
    if block not in texts:
        last = article.blocks[-1].id
        return f"There is no {_shortened(block)} in this article: it has P1 to {last}."
    letters = sum(character.isalnum() for character in words)
    if len(find_words(words)) < LEAST_WORDS and letters < LEAST_LETTERS:
        return f"{block}: “{_shortened(words)}” is too little. Copy two words or more."
    if _stands_in(words, texts[block]):
        return ""
    where = [id for id, text in texts.items() if _stands_in(words, text)]
    quoted = f"“{_shortened(words)}”"
    if where:
        return f"{block} does not have these words: {quoted}. They stand in {join(where, most=4)}."
    return (
        f"{block} does not have these words: {quoted}. No paragraph has. "
        "Copy them exactly as this copy prints them."
    )


def _stands_in(words: str, text: str) -> bool:
    """Say whether the words stand in the text, in order where some are left out between them."""
    place = 0
    for piece in filter(None, _LEFT_OUT.split(words)):
        found = re.compile(rf"(?<!\w){re.escape(piece)}(?!\w)").search(text, place)
        if not found:
            return False
        place = found.end()
    return True


@lru_cache(maxsize=8)
def _texts(article: Article) -> dict[str, str]:
    return {block.id: _folded(block.text) for block in article.blocks}


def _folded(text: str) -> str:
    """Return a text as it is compared: small letters, plain marks, single blanks."""
    plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    return " ".join(plain.casefold().split())


def _block_id(typed: str) -> str:
    number = re.fullmatch(r"\s*(?:[pP]\s*|¶\s*)?0*(\d{1,6})(?:\.\d+)?\s*", typed, re.ASCII)
    return f"P{number[1]}" if number else typed.strip()


def _shortened(words: str) -> str:
    return words if len(words) <= 60 else words[:58].rstrip() + "…"


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
