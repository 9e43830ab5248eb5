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
from kit.suggest.clauses import Clauses, Phrases, entries, form, story
from kit.suggest.rule import PLAIN, SPUN, Found, Rule, Settings
from kit.text.article import Article, find_words
from kit.text.quotations import quotations
from kit.text.span import Span

__all__ = ["RULES", "find"]

LAYER = "wording"
LIST = "swaps"

#: A file looks spun from so many different strong signs on, and so many per 1,000 words.
SIGNS = 3
SIGNS_PER_1000 = 1.0
#: A missing word tells in a text of so many words, where its neighbour stands so often.
LONG_ENOUGH = 300
OFTEN = 3

RULES: tuple[Rule, ...] = (
    Rule(
        "wording-phrase",
        "Collocations and names that no writer of English makes.",
        "The two shook palms in entrance of the White Home.",
    ),
    Rule(
        "wording-verb-as-noun",
        "“Go to” where only a noun can stand: after an article, an owner or an adjective.",
        "Her go to lasted an hour.",
    ),
    Rule(
        "wording-month",
        "“Could” with a capital where a month belongs.",
        "The talks began in Could.",
    ),
    Rule(
        "wording-language",
        "A language where a people or a state is meant.",
        "Three Chinese language diplomats left.",
    ),
    Rule(
        "wording-number",
        "A small number in digits, in a file that looks spun: newsrooms write it out.",
        "The 2 nations agreed.",
    ),
    Rule(
        "wording-missing",
        "A very common word never stands in a long text, and its thesaurus neighbour often does.",
        "He mentioned yes, she mentioned no, all mentioned a lot, and nobody said a word.",
    ),
    Rule(
        "wording-neighbour",
        "A dictionary neighbour that is commoner in the file than the word it may stand for, in a "
        "file that looks spun.",
        "They took the infantile train.",
    ),
)

# In the order in which a reader is to try them.
_TELLS = ("name", "idiom", "grammar", "sense", "contradiction")
_BEFORE_NOUN = frozenset(
    """
    a an the this that his her its their our my your high-stakes first official formal proper
    recent latest earlier brief rare upcoming planned subsequent final deliberate state
    """.split()
)
_TO_GO = frozenset("guy guys man woman person place places move choice source option dish".split())
_BEFORE_MONTH = frozenset("in since until till last late early mid by of from this next".split())
_LANGUAGES = frozenset(
    """
    chinese japanese russian english french german spanish arabic turkish korean greek hebrew
    italian portuguese polish ukrainian persian thai vietnamese dutch hindi danish swedish
    """.split()
)
# What may follow “the Chinese language” in plain English.
_AFTER_LANGUAGE = frozenset(
    """
    and or of in is was are were class classes lesson lessons school schools teacher teachers
    course courses skills program programs programme programmes newspaper newspapers media version
    edition speaker speakers speaking website websites tv television ad ads radio press service
    training proficiency test tests with as that which to for at by but has film films broadcast
    broadcasts studies study station stations channel channels network networks book books news
    learning learner learners itself on from than not barrier barriers arts university institute
    """.split()
)
_UNITS = frozenset(
    """
    percent per million billion trillion pm am p a km m cm mm kg ft mph g points pounds degrees
    st nd rd th x o'clock bn tn hours inches feet
    """.split()
)
_MONTHS = frozenset(
    """
    january february march april may june july august september october november december jan feb
    mar apr jun jul aug sept sep oct nov dec no number page chapter version level channel
    """.split()
)
_NUMBERS = dict(zip("23456789", "two three four five six seven eight nine".split()))


class _Swap(NamedTuple):
    """One row of the list: its label covers the words ``first`` to ``last`` of the phrase."""

    tell: str
    likely: str
    strong: bool
    common: bool
    first: int
    last: int
    form: str


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
    swaps = _swaps(settings)
    phrases = Phrases(((swap.form, str(n)) for n, swap in enumerate(swaps)))
    texts = list(chain.from_iterable(story(article, phrases)))
    strong = list(_strong(texts, swaps, settings.off))
    total = sum(len(text.words) for text in texts)
    signs = len({match.surface for match in strong})
    if signs < SIGNS or signs * 1000 < SIGNS_PER_1000 * total:
        return
    matches = strong
    if SPUN in settings.tiers:
        matches = strong + list(_weak(texts, swaps, settings.off, total))
    layer = codebook.layer(LAYER)
    fields = {field.id: field for field in layer.fields}
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
        known = {k: v for k, v in values.items() if k in fields and fields[k].allows(v)}
        yield Found(match.rule, Span(match.start, match.end), (match.tell,), {}, known)


def _swaps(settings: Settings) -> list[_Swap]:
    swaps = []
    for entry in entries(LIST, settings):
        tell, _, more = entry.kind.partition("/")
        spans = find_words(entry.word)
        opening, closing = entry.word.find("["), entry.word.find("]")
        inside = [n for n, (a, b) in enumerate(spans) if opening < a and b <= closing]
        first, last = (inside[0], inside[-1]) if inside else (0, len(spans) - 1)
        phrase = " ".join(entry.word[a:b] for a, b in spans)
        strong = entry.tier == PLAIN
        swaps.append(_Swap(tell, entry.note, strong, more == "common", first, last, phrase))
    return swaps


def _together(text: Clauses, first: int, last: int) -> bool:
    """Say whether nothing but white space stands between these words."""
    return not any(text.gap(n).strip() for n in range(first, last))


def _strong(texts: list[Clauses], swaps: list[_Swap], off: frozenset[str]) -> Iterator[_Match]:
    """Yield the signs that stand on their own."""
    for text in texts:
        if "wording-phrase" not in off:
            for first, last, row in text.all_hits():
                swap = swaps[int(row)]
                if swap.strong and _together(text, first, last):
                    start, end = first + swap.first, first + swap.last
                    yield _mark(text, start, end, "phrase", swap.tell, swap.likely)
        for n, word in enumerate(text.words):
            before = text.words[n - 1] if n else ""
            after = text.words[n + 1] if n + 1 < len(text.words) else ""
            third = text.words[n + 2] if n + 2 < len(text.words) else ""
            if word == "go" and after == "to" and "wording-verb-as-noun" not in off:
                owner = before in _BEFORE_NOUN or before.endswith(("'s", "s'"))
                # “let’s go to”, “who’s go to”
                if owner and before not in ("let's", "that's", "it's") and third not in _TO_GO:
                    if _together(text, n - 1, n + 1):
                        yield _mark(text, n, n + 1, "verb-as-noun", "grammar", "visit")
            if word == "could" and text.capital(n) and "wording-month" not in off:
                if before in _BEFORE_MONTH or (after.isdigit() and len(after) <= 2):
                    if not text.capitals(n):
                        yield _mark(text, n, n, "month", "name", "May")


def _weak(
    texts: list[Clauses], swaps: list[_Swap], off: frozenset[str], total: int
) -> Iterator[_Match]:
    """Yield the signs that count only in a file that looks spun."""
    counts = Counter(word for text in texts for word in text.words)
    found: dict[int, list[tuple[Clauses, int, int]]] = {}
    for text in texts:
        for first, last, row in text.all_hits():
            if not swaps[int(row)].strong and _together(text, first, last):
                found.setdefault(int(row), []).append((text, first, last))
        for n, word in enumerate(text.words):
            if "wording-language" not in off and word in _LANGUAGES and n + 2 < len(text.words):
                noun = text.words[n + 2]
                if text.words[n + 1] == "language" and _together(text, n, n + 2):
                    if noun not in _AFTER_LANGUAGE:
                        whole = text.surface(n, n)
                        yield _mark(text, n, n + 1, "language", "sense", whole)
            if "wording-number" not in off and word in _NUMBERS and n + 1 < len(text.words):
                before = text.words[n - 1] if n else ""
                after = text.words[n + 1]
                if text.gap(n) == " " and after.isalpha() and not text.capital(n + 1):
                    if after not in _UNITS and before not in _MONTHS and not before.isdigit():
                        # a “$” or a decimal point before it makes it another number
                        if not n or text.gap(n - 1)[-1:].isspace():
                            likely = _NUMBERS[word]
                            yield _mark(text, n, n, "number", "contradiction", likely, sure=False)
    for n, places in found.items():
        swap = swaps[n]
        original = form(swap.likely)
        # “whether or not” holds the “whether” that it stands for
        own = len(places) if original in swap.form.split() else 0
        one_word = len(find_words(original)) == 1
        missing = swap.common and len(places) >= OFTEN and total >= LONG_ENOUGH
        missing = missing and one_word and not counts[original]
        if missing and "wording-missing" not in off:
            rule = "missing"
        elif one_word and counts[original] - own >= len(places):
            continue
        elif "wording-neighbour" in off:
            continue
        else:
            rule = "neighbour"
        for text, first, _ in places:
            start, end = first + swap.first, first + swap.last
            yield _mark(text, start, end, rule, swap.tell, swap.likely, sure=missing)


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
