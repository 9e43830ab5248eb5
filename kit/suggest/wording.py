"""Wording: words that a synonym machine seems to have put in place of others.

Such a machine reads no sentences. It swaps words for neighbours from a thesaurus, breaks names and
sayings, and makes the same swap again and again. So these rules first ask whether the file as a
whole looks spun: several collocations that no writer of English makes. A file that does not gets
no label at all; in one that does, weaker signs count too (the tier "spun").

``datasets/lexicons/swaps.csv``: ``word`` is what stands there, with the part to be labelled in
square brackets where words around it are needed; ``class`` is the tell, with ``/common`` where the
original is so common in news that its absence tells; ``note`` is the likely original. That is a
conjecture from the dictionary: it is never what somebody said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from kit.coding.codebook import Codebook
from kit.library.lexicon import Entry, form
from kit.suggest.rule import PLAIN, SPUN, Found, Settings, allowed, known
from kit.suggest.sentence import Clauses, phrases, story
from kit.text.article import Article, find_words
from kit.text.quotations import quotations
from kit.text.span import Span

__all__ = ["RULES", "find"]

LAYER = "wording"
LIST = "swaps"
_KNOWN = known(LAYER)
RULES, _W = _KNOWN.rules, _KNOWN.words

#: A file looks spun from so many different strong signs on, and so many per 1,000 words.
SIGNS = 3
SIGNS_PER_1000 = 1.0
#: A missing word tells in a text of so many words, where its neighbour stands so often.
LONG_ENOUGH = 300
OFTEN = 3

# In the order in which a reader is to try them.
_TELLS = ("name", "idiom", "grammar", "sense", "contradiction")
_NUMBERS = dict(zip("23456789", "two three four five six seven eight nine".split()))


class _Match(NamedTuple):
    start: int
    end: int
    rule: str
    tell: str
    likely: str
    sure: bool
    surface: str


def find(article: Article, codebook: Codebook, settings: Settings) -> Iterator[Found]:
    """Yield the words that look swapped, in text order; labels never overlap.

    Args:
        article: any text. One that does not look spun yields nothing.
        codebook: a codebook; a field or a tell that its layer lacks is left out.
        settings: with the tier "spun" weaker signs count too.
    """
    texts = list(chain.from_iterable(story(article, phrases(LIST, settings))))
    strong = list(_strong(texts, settings.off))
    total = sum(len(text.words) for text in texts)
    signs = len({match.surface for match in strong})
    if signs < SIGNS or signs * 1000 < SIGNS_PER_1000 * total:
        return
    matches = strong
    if SPUN in settings.tiers:
        matches = strong + list(_weak(texts, settings.off, total))
    layer = codebook.layer(LAYER)
    codes = {code.id for code in layer.codes}
    kept = _apart([match for match in matches if match.tell in codes and match.tell in _TELLS])
    often = Counter((match.surface, match.likely) for match in kept)
    quoted, place = quotations(article), 0
    for match in kept:
        while place < len(quoted) and quoted[place][1] <= match.start:
            place += 1
        inside = place < len(quoted) and quoted[place][0] <= match.start
        values = {
            "system": "yes" if often[match.surface, match.likely] >= OFTEN else "no",
            "likely": match.likely,
            "confidence": "high" if match.sure else "medium",
            "in-quotes": "yes" if inside else "no",
        }
        at = Span(match.start, match.end)
        yield Found(match.rule, at, (match.tell,), {}, allowed(layer, values))


def _swapped(entry: Entry, first: int) -> tuple[int, int]:
    """Return the words that the label covers of a phrase that begins at word ``first``: those in
    square brackets, or all."""
    before, opened, after = entry.word.partition("[")
    inside = after.partition("]")[0] if opened else before
    start = first + len(find_words(before)) if opened else first
    return start, start + len(find_words(inside)) - 1


def _together(text: Clauses, first: int, last: int) -> bool:
    """Say whether nothing but white space stands between these words."""
    return not any(text.gap(n).strip() for n in range(first, last))


def _strong(texts: list[Clauses], off: frozenset[str]) -> Iterator[_Match]:
    """Yield the signs that stand on their own."""
    for text in texts:
        if "wording-phrase" not in off:
            for first, (last, entry) in text.found.items():
                if entry.tier == PLAIN and _together(text, first, last):
                    start, end = _swapped(entry, first)
                    yield _mark(text, start, end, "phrase", text.kinds(first)[0], entry.note)
        for n, word in enumerate(text.words):
            before = text.words[n - 1] if n else ""
            after = text.words[n + 1] if n + 1 < len(text.words) else ""
            third = text.words[n + 2] if n + 2 < len(text.words) else ""
            if word == "go" and after == "to" and "wording-verb-as-noun" not in off:
                owner = before in _W.before_noun or before.endswith(("'s", "s'"))
                # “let’s go to”, “who’s go to”
                if owner and before not in ("let's", "that's", "it's") and third not in _W.to_go:
                    if _together(text, n - 1, n + 1):
                        yield _mark(text, n, n + 1, "verb-as-noun", "grammar", "visit")
            if word == "could" and text.capital(n) and "wording-month" not in off:
                if before in _W.before_month or (after.isdigit() and len(after) <= 2):
                    if not text.capitals(n):
                        yield _mark(text, n, n, "month", "name", "May")


def _weak(texts: list[Clauses], off: frozenset[str], total: int) -> Iterator[_Match]:
    """Yield the signs that count only in a file that looks spun."""
    counts = Counter(word for text in texts for word in text.words)
    found: dict[Entry, list[tuple[Clauses, int]]] = {}
    for text in texts:
        for first, (last, entry) in text.found.items():
            if entry.tier != PLAIN and _together(text, first, last):
                found.setdefault(entry, []).append((text, first))
        for n, word in enumerate(text.words):
            if "wording-language" not in off and word in _W.languages and n + 2 < len(text.words):
                noun = text.words[n + 2]
                if text.words[n + 1] == "language" and _together(text, n, n + 2):
                    if noun not in _W.after_language:
                        whole = text.surface(n, n)
                        yield _mark(text, n, n + 1, "language", "sense", whole)
            if "wording-number" not in off and word in _NUMBERS and n + 1 < len(text.words):
                before = text.words[n - 1] if n else ""
                after = text.words[n + 1]
                if text.gap(n) == " " and after.isalpha() and not text.capital(n + 1):
                    if after not in _W.units and before not in _W.months and not before.isdigit():
                        # a “$” or a decimal point before it makes it another number
                        if not n or text.gap(n - 1)[-1:].isspace():
                            likely = _NUMBERS[word]
                            yield _mark(text, n, n, "number", "contradiction", likely, sure=False)
    for entry, places in found.items():
        original = form(entry.note)
        one_word = len(find_words(original)) == 1
        # “whether or not” holds the “whether” that it stands for
        own = len(places) if original in form(entry.word).split() else 0
        missing = entry.kind.endswith("/common") and len(places) >= OFTEN and total >= LONG_ENOUGH
        missing = missing and one_word and not counts[original] and "wording-missing" not in off
        if not missing and "wording-neighbour" in off:
            continue
        if not missing and one_word and counts[original] - own >= len(places):
            continue
        for text, first in places:
            rule = "missing" if missing else "neighbour"
            tell = text.kinds(first)[0]
            start, end = _swapped(entry, first)
            yield _mark(text, start, end, rule, tell, entry.note, sure=missing)


def _mark(
    text: Clauses,
    first: int,
    last: int,
    rule: str,
    tell: str,
    likely: str,
    *,
    sure: bool = True,
) -> _Match:
    start, end = text.place(first, last)
    surface = form(text.surface(first, last))
    return _Match(start, end, f"wording-{rule}", tell, likely, sure, surface)


def _apart(matches: list[_Match]) -> list[_Match]:
    """Return the matches in text order; of two that overlap the first, at one place the
    longer, and of equals the one whose tell comes first in the codebook."""
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda m: (m.start, -m.end, _TELLS.index(m.tell))):
        if not kept or kept[-1].end <= match.start:
            kept.append(match)
    return kept
