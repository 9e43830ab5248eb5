"""Expectation: which words tell a reader to look for more, for less, or to wait.

The rules are patterns of words (``datasets/lexicons/expectation.toml``) with classes of phrases
(``moves.csv``); where a clause ends, the sentence tells. They know nothing of the world: a threat
in polite words passes them by, and so do irony and figures of speech.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple

from kit.coding.codebook import Codebook
from kit.library.lexicon import Phrases, forms, load
from kit.suggest.rule import Finds, Found, Settings, allowed, known
from kit.suggest.sentence import Clauses, Voices, story
from kit.text.article import Article
from kit.text.span import Span

__all__ = ["RULES", "find"]

LAYER = "expectation"
LIST = "moves"
_KNOWN = known(LAYER)
RULES = _KNOWN.rules

#: Within so many characters two moves of one rule are one.
_NEAR = 8


class _Move(NamedTuple):
    """A stretch of the text, what it does, and by which rule."""

    start: int
    end: int
    codes: tuple[str, ...]
    rule: str


class _Patterns(NamedTuple):
    """The patterns of the rules, with the words of some tiers."""

    finds: tuple[tuple[str, Finds, re.Pattern[str]], ...]
    about: re.Pattern[str]
    denial: re.Pattern[str]


@cache
def _patterns(tiers: frozenset[str]) -> _Patterns:
    """Return the patterns; the head of ``expectation.toml`` says what stands in them."""
    classes = defaultdict(list, {name: words.split() for name, words in _KNOWN.lists.items()})
    for entry in load(LIST):
        if entry.tier in tiers:
            classes[entry.kind].append(r"(?: \|)? ".join(map(re.escape, forms(entry.word))))

    def one_of(match: re.Match[str]) -> str:
        name = match[1]
        if name in _KNOWN.patterns:
            return filled("(?:" + "|".join(_KNOWN.patterns[name]) + ")")
        longest_first = sorted(classes[name], key=len, reverse=True)
        return f"(?:{'|'.join(longest_first)})(?:'s)?(?![^ ])"

    def filled(words: str) -> str:
        words = re.sub(r"\.\.(\d+) ", r"(?:[^ |]+ ){0,\1}?", words)
        words = re.sub(r"//(\d+) ", r"(?:[^ ]+ ){0,\1}?", words)
        return re.sub(r"\{([a-z_-]+)\}", one_of, words)

    def compiled(words: str) -> re.Pattern[str]:
        return re.compile(rf"(?<![^ ])(?:{filled(words)})(?![^ ])", re.IGNORECASE)

    return _Patterns(
        tuple(
            (rule.id, finds, compiled(words))
            for rule in RULES
            for finds in rule.finds
            for words in finds.words
        ),
        compiled("{event}|{relation}"),
        compiled("{not}"),
    )


class _Line:
    """A sentence as the patterns read it: words parted by spaces, a bar where a clause ends."""

    def __init__(self, clauses: Clauses):
        self.starts: list[int] = []
        self.text = ""
        for n, word in enumerate(clauses.words):
            bar = " | " if n and clauses.breaks(n - 1) else " " if n else ""
            self.starts.append(len(self.text) + len(bar))
            self.text += bar + (word.capitalize() if n and clauses.capital(n) else word)
        self.text += " ?" if clauses.question else ""


def _moves(clauses: Clauses, patterns: _Patterns, off: frozenset[str]) -> Iterator[_Move]:
    line = _Line(clauses)
    about = bool(patterns.about.search(line.text))
    for rule, finds, words in patterns.finds:
        if rule in off or (finds.about and not about):
            continue
        for match in words.finditer(line.text):
            start, end = match.span(words.groups)
            first = bisect_right(line.starts, start) - 1
            last = bisect_left(line.starts, end) - 1
            if finds.unless:
                before = line.text[line.starts[max(0, first - finds.unless)] : start]
                if patterns.denial.search(before.rpartition("|")[2]):
                    continue
            first = clauses.clause_start(first, finds.before)
            last = clauses.clause_end(last, finds.after, short=finds.short)
            yield _Move(*clauses.place(first, last), finds.codes, rule)


def find(article: Article, codebook: Codebook, settings: Settings) -> Iterator[Found]:
    """Yield the stretches that move expectations, in text order, each with its voice.

    Args:
        article: any text.
        codebook: a codebook; a code that its layer lacks is left out.
        settings: which rules and which tiers of words are on.
    """
    layer = codebook.layer(LAYER)
    codes_known = {code.id for code in layer.codes}
    patterns = _patterns(settings.tiers)
    moves: list[_Move] = []
    for clauses in chain.from_iterable(story(article, Phrases(()))):
        for move in _moves(clauses, patterns, settings.off):
            codes = tuple(code for code in move.codes if code in codes_known)
            if codes:
                moves.append(move._replace(codes=codes))
    voices = Voices(article, codebook, settings)
    for start, end, codes, rule in _apart(moves, article.text):
        voice = allowed(layer, {"voice": voices.at(start, end)})
        yield Found(rule, Span(start, end), codes, {}, voice)


def _apart(moves: list[_Move], whole: str) -> list[_Move]:
    """Return the moves in text order; of those that overlap under one main code, the longest."""
    ordered: list[_Move] = []
    for move in sorted(moves, key=lambda m: (m.start, -m.end, m.rule)):
        before = ordered[-1] if ordered else None
        between = whole[before.end : move.start] if before else ""
        near = len(between) < _NEAR and "\n" not in between
        if before and near and before[2:] == move[2:]:
            # “No date was named, and none will be”: one move
            ordered[-1] = before._replace(end=max(before.end, move.end))
        else:
            ordered.append(move)
    kept: dict[str, list[_Move]] = {}  # by main code
    reach = 0  # how far other moves have come, in which “progress” may only be talked about
    for move, ahead in zip(ordered, [*ordered[1:], None]):
        if move.rule == "expectation-progress":
            inside = ahead and ahead.start < move.end and ahead.rule != move.rule
            if move.start < reach or inside:
                continue
        else:
            reach = max(reach, move.end)
        alike = kept.setdefault(move.codes[0], [])
        if alike and move.start < alike[-1].end:
            move = max(alike.pop(), move, key=lambda m: m.end - m.start)
        alike.append(move)
    return sorted(chain.from_iterable(kept.values()), key=lambda m: (m.start, m.end))
