"""Rows of evidence: a paragraph, and words copied from it. The kit looks whether they stand there,
no more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from kit.base.phrases import join, plural
from kit.exercises.kinds.kind import Kind, Paper, Still, short_text
from kit.exercises.outcome import Context, Outcome, Part
from kit.text.article import Article, find_words
from kit.text.span import Span

#: How many rows are kept, and of how many characters.
MAX_ROWS, MAX_PLACE, MAX_WORDS = 30, 60, 4_000
#: How many words a row of an expected answer copies.
_COPIED = 6
#: A row that has neither so many words nor so many letters is too little.
LEAST_WORDS, LEAST_LETTERS = 2, 8

_MARKS = str.maketrans(
    dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff")
)
_LEFT_OUT = re.compile(r"\s*[\[(]?(?:…|\.\.\.)[\])]?\s*")
_EDGES = " \"'.,;:!?"


class Evidence(Kind):
    """The evidence that an exercise's texts ask for; their keys say how much."""

    place = 7
    sole_id = "evidence"
    script = "evidence"

    def __init__(self, exercise: Any):
        super().__init__(exercise, self.sole_id, "Evidence: a paragraph, and words copied from it")

    @classmethod
    def of(cls, exercise: Any) -> list[Evidence]:
        return [cls(exercise)] if exercise.evidence else []

    def form(self, context: Context) -> dict[str, Any]:
        return {"least": self.exercise.evidence}

    def still(self, value: Any, context: Context) -> Still:
        rows = value or [{"block": "", "words": ""}] * self.exercise.evidence
        return Still("ul", [f"{row['block'] or 'P …'}: {row['words'] or '…'}" for row in rows])

    def paper(self, context: Context) -> Paper:
        rows = [["P", ""]] * (self.exercise.evidence + 1)
        return Paper(self.label, heads=["Paragraph", "Words copied from it"], rows=rows)

    def said(self, value: Any) -> str | None:
        return None  # a report prints the rows in a table, with whether they stand there

    def clean(self, value: Any) -> list[dict[str, str]]:
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            return []
        rows = []
        for row in value[:MAX_ROWS]:
            if isinstance(row, Mapping):
                kept = {
                    "block": short_text(row.get("block"), MAX_PLACE).strip(),
                    "words": short_text(row.get("words"), MAX_WORDS),
                }
                if any(kept.values()):
                    rows.append(kept)
        return rows

    def check(self, value: Any, context: Context) -> Outcome:
        part = check_evidence(value or [], self.exercise.evidence, context.article)
        return Outcome("kept" if part.ok else "not yet", "", {self.id: part})

    def expected(self, context: Context, text: str) -> list[dict[str, str]]:
        article = context.article
        copied = islice(windows(article, _COPIED), self.exercise.evidence)
        return [{"block": id, "words": article.text[at.start : at.end]} for id, at in copied]

    def wrong(self, context: Context) -> list[dict[str, str]]:
        block = context.article.blocks[0].id
        return [{"block": block, "words": "words that stand nowhere in it"}]


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
    return Part(not amiss, " ".join(dict.fromkeys(amiss)))  # two rows may lack the same


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
