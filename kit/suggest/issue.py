"""Issue: which matters between two countries a text names, and in what light.

The word list ``datasets/lexicons/issues.csv`` says which words stand for which matter. Its column
``class`` holds codes of a codebook, the finer before the wider, parted by a slash
(``taiwan/territory``): the first that the codebook in use has is taken, so one list serves the
general codebook and an article's own. Besides codes it holds what the rules ask of other words:
``frame-…`` (the light), ``head`` (a noun that belongs to the words before it), ``people`` and
``holding``, ``leaders``.

A text that the list was not made for has matters of its own. What comes back in several of its
paragraphs as a thing, in the text's own words, is proposed as such a matter: under the code of that
name where the article's codebook has it, otherwise as “another matter”. Whether it lies between the
two sides, no rule can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from kit.coding.codebook import Codebook
from kit.library import lexicon
from kit.library.lexicon import Phrases
from kit.suggest.rule import Found, Settings, allowed, known
from kit.suggest.sentence import Clauses, Voices, phrases, story
from kit.text.article import Article
from kit.text.span import Span

__all__ = ["OTHER", "RULES", "find", "recurring"]

LAYER = "issue"
LIST = "issues"
_KNOWN = known(LAYER)
RULES, _W = _KNOWN.rules, _KNOWN.words

#: The code of a matter that the general list does not name.
OTHER = "other-matter"
_AT_MOST = 12
_MOST_LEADING = 5

_PREFIX = "frame-"
_MEET = frozenset("meet meets met meeting".split())
_ENDINGS = tuple(_W.endings)
_ARTICLES = frozenset("the a an its their".split())
# Words of these kinds may be matters as well.
_MATTERS_TOO = frozenset(("outcome", "condition"))


class _Match(NamedTuple):
    first: int
    last: int
    code: str
    rule: str


def find(article: Article, codebook: Codebook, settings: Settings) -> Iterator[Found]:
    """Yield the matters that each block names, in text order; labels never overlap.

    Args:
        article: any text.
        codebook: the general codebook, or an article's own list of issues.
        settings: which rules and which tiers of words are on.
    """
    layer = codebook.layer(LAYER)
    words = phrases(LIST, settings)
    codes = {code.id for code in layer.codes}
    back = recurring(article) if "issue-recurring" not in settings.off else []
    own = {word: word if word in codes else OTHER for word in back if {word, OTHER} & codes}
    matches: list[tuple[Span, _Match, str]] = []
    for block in story(article, words):
        named: set[str] = set()
        for text in block:
            last = -1
            for match in _in_sentence(text, codes, settings.off, own):
                what = match.code if match.code != OTHER else _stem(text.words[match.last])
                if what in named or match.first <= last:
                    continue
                named.add(what)
                last = match.last
                matches.append((Span(*text.place(match.first, match.last)), match, _frame(text)))
    voices = Voices(article, codebook, settings)
    for at, match, frame in matches:
        values = {"voice": voices.at(at.start, at.end), "frame": frame}
        yield Found(match.rule, at, (match.code,), {}, allowed(layer, values))


def recurring(article: Article) -> list[str]:
    """Return the things that come back in several paragraphs of a text, in small letters and the
    singular, the most frequent first."""
    blocks: Counter[str] = Counter()
    noun: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for block in story(article, Phrases(())):
        here: set[str] = set()
        for text in block:
            for n, word in enumerate(text.words):
                stem = _stem(word)
                if len(stem) < 3 or not stem.isalpha() or {stem, word} & _no_matters():
                    continue
                here.add(stem)
                if text.capital(n) and n:
                    continue
                times[stem] += 1
                noun[stem] += (
                    n > 0
                    and text.gap(n - 1) == " "
                    and (text.capital(n - 1) or _before_noun(text.words[n - 1]))
                )
        blocks.update(here)
    least = 3 if len(article.blocks) > 20 else 2
    found = [
        stem
        for stem, count in blocks.most_common()
        if count >= least and noun[stem] and 2 * noun[stem] >= times[stem]
    ]
    return found[:_AT_MOST]


def _stem(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("'")
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _before_noun(word: str) -> bool:
    return (
        word in _W.leading
        or word.endswith(("'s", "s'", "ed", "ian", "an", "ese"))
        or word in ("of", "no", "any", "on", "her", "his", "own")
    )


@cache
def _no_matters() -> frozenset[str]:
    """Return words for occasions, people, times, speech: no matter however often they come back."""
    words = {
        _stem(part)
        for name in ("moves", "cues", "hedges")
        for entry in lexicon.load(name)
        if entry.kind not in _MATTERS_TOO
        for part in entry.word.casefold().replace("’", "'").split()
    }
    listed = {_stem(e.word) for e in lexicon.load(LIST) if not e.kind.startswith((_PREFIX, "head"))}
    return _W.never | words | listed


def _in_sentence(
    text: Clauses, codes: set[str], off: frozenset[str], own: dict[str, str]
) -> list[_Match]:
    """Return the matters that a sentence names, in text order, the longer one first."""
    matches = []
    for n, word in enumerate(text.words) if own else ():
        code = own.get(_stem(word))
        if code:
            matches.append(_Match(_start(text, n), n, code, "issue-recurring"))
    trapped = -1
    for first, (last, entry) in text.found.items():
        kinds = entry.kind.split("/")
        if "trap" in kinds:
            trapped = max(trapped, last)
        if first <= trapped:
            continue
        code = next((k for k in kinds if k in codes), "")
        if code and "issue-words" not in off and not _in_name(text, first, last, entry.word):
            matches.append(_Match(_start(text, first), _end(text, last, code), code, "issue-words"))
        if "people" in kinds and "issue-held-people" not in off:
            code = _held(text, first, last, codes)
            if code:
                matches.append(_Match(_start(text, first), last, code, "issue-held-people"))
        if "leaders" in kinds and "leader-meetings" in codes and "issue-leaders-meet" not in off:
            for place in range(last + 1, min(len(text.words), last + 5)):
                if text.breaks(place - 1):
                    break
                if text.words[place] in _MEET:
                    start = _start(text, first)
                    matches.append(_Match(start, place, "leader-meetings", "issue-leaders-meet"))
                    break
    return sorted(matches, key=lambda m: (m.first, -m.last))


def _in_name(text: Clauses, first: int, last: int, listed: str) -> bool:
    """Say whether a common word is part of a name: “the Arms Control Association”."""
    if not first or not text.capital(first) or listed[0].isupper():
        return False
    return last + 1 < len(text.words) and text.gap(last) == " " and text.capital(last + 1)


def _held(text: Clauses, first: int, last: int, codes: set[str]) -> str:
    """Return the code of people who are held, by the words just before or after them."""
    for place in range(max(0, first - 2), min(len(text.words), last + 4)):
        kinds = text.kinds(place)
        if "holding" not in kinds:
            continue
        if place > last and any(text.breaks(n) for n in range(last, place)):
            continue
        return next((kind for kind in (*kinds, "detained-people") if kind in codes), "")
    return ""


def _start(text: Clauses, first: int) -> int:
    """Return the first word of what belongs to a matter and stands before it."""
    start = first
    for _ in range(_MOST_LEADING):
        if not start:
            break
        before = text.words[start - 1]
        if text.gap(start - 1) == "," and before.isdigit() and text.words[start].isdigit():
            start -= 1  # 10,000
            continue
        if text.breaks(start - 1) or text.gap(start - 1).strip():
            break
        if not (
            before in _W.leading
            or before.endswith(_ENDINGS)
            or before.isdigit()
            or (text.capitals(start - 1) and len(before) > 1)
            or (text.capital(start) and text.capital(start - 1))  # “the Varrow Bridge”
        ):
            break
        start -= 1
        if before in _ARTICLES:
            break
    for place in range(start - 1, max(0, start - 6), -1):
        if text.breaks(place):
            break
        if text.words[place] in _W.links and text.words[place - 1] in _W.exchanges:
            return place - 1
    return start


def _end(text: Clauses, last: int, code: str) -> int:
    """Return the last word of a matter: the noun after it (“the tariff dispute”), and the
    same matter once more after an “and”."""
    if text.words[last].endswith("ed"):  # “the six detained surveyors”
        last += text.gap(last) == " " and text.words[last + 1] not in _W.ends
    for _ in range(3):
        joined = text.words[last + 1 : last + 2] == ["and"]
        place = last + 1 + joined
        belongs = {code} if joined else {"head", "people", code}
        if text.breaks(last) or text.gap(last).strip() or not belongs & set(text.kinds(place)):
            break
        last = text.found[place][0]
    return last


def _frame(text: Clauses) -> str:
    """Return the light in which a sentence puts its matters: the one that most of its words speak
    for; a condition comes first."""
    score = Counter(
        kind.removeprefix(_PREFIX)
        for _, entry in text.found.values()
        for kind in entry.kind.split("/")
        if kind.startswith(_PREFIX)
    )
    return (
        "condition" if score["condition"] else max(score, key=score.__getitem__, default="neutral")
    )
