"""Issue: which matters between two countries a text names, and in what light.

The word list ``datasets/lexicons/issues.csv`` says which words stand for which matter. Its column
``class`` holds codes of a codebook, the finer before the wider, parted by a slash
(``taiwan/territory``): the first that the codebook in use has is taken, so one list serves the
general codebook and an article's own. Besides codes it holds what the rules ask of other words:
``frame-…`` (the light), ``head`` (a noun that belongs to the words before it), ``people`` and
``holding``, ``leaders``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kit.coding.codebook import Codebook, Layer
from kit.suggest.clauses import Clauses, Phrases, Voices, story
from kit.suggest.rule import Found, Rule, Settings
from kit.text.article import Article
from kit.text.span import Span

__all__ = ["RULES", "find"]

LAYER = "issue"
LIST = "issues"

RULES: tuple[Rule, ...] = (
    Rule(
        "issue-words",
        "Words of the list, with the adjectives before and the noun after them; the first mention "
        "in each block counts.",
        "The envoys spoke of the tariff dispute.",
    ),
    Rule(
        "issue-held-people",
        "People beside a word for being held are the matter, and not only the holding.",
        "Four sailors are still held in the port.",
    ),
    Rule(
        "issue-leaders-meet",
        "Leaders beside the verb “meet” in one clause are a leader-level meeting.",
        "The presidents may meet in the spring.",
    ),
)

_PREFIX = "frame-"
_MEET = frozenset("meet meets met meeting".split())
# What stands before a matter and belongs to it: articles, owners, numbers, common adjectives.
_LEADING = frozenset(
    """
    the a an this these its their his her our both all other two three four five six
    seven eight nine ten dozens hundreds thousands several many some more new old direct regular
    sustained common open frequent illegal illicit global world recent bilateral
    joint strict tough fresh language under
    """.split()
)
_ENDINGS = tuple("al ed ic ive ous ary ly ese ish ian ean -level 's s'".split())
_ARTICLES = frozenset("the a an its their".split())
_OWNED = ("al", "ed", "ic", "ive", "ous", "ary", "ing", "y", "er")
_MOST_LEADING = 5
# “talks on tariffs”, “contacts between the two armies”: the matter begins with the first noun.
_EXCHANGES = frozenset(
    """
    talks contact contacts negotiations differences dispute disputes quarrel agreement war
    cooperation variations
    """.split()
)
_LINKS = frozenset("between on over about in".split())


class _Mark(NamedTuple):
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
    phrases = Phrases.load(LIST, settings)
    marks: list[tuple[Span, _Mark, str]] = []
    for block in story(article, phrases):
        named: set[str] = set()
        for text in block:
            last = -1
            for mark in _in_sentence(text, layer, settings.off):
                if mark.code in named or mark.first <= last:
                    continue
                named.add(mark.code)
                last = mark.last
                marks.append((Span(*text.place(mark.first, mark.last)), mark, _frame(text, mark)))
    voices = Voices(article, codebook, settings)
    fields = {field.id: field for field in layer.fields}
    for at, mark, frame in marks:
        values = {"voice": voices.at(at.start, at.end), "frame": frame}
        known = {k: v for k, v in values.items() if k in fields and fields[k].allows(v)}
        yield Found(mark.rule, at, (mark.code,), {}, known)


def _in_sentence(text: Clauses, layer: Layer, off: frozenset[str]) -> list[_Mark]:
    """Return the matters that a sentence names, in text order, the longer one first."""
    codes = {code.id for code in layer.codes}
    marks = []
    trapped = -1
    for first, last, kind in text.all_hits():
        kinds = kind.split("/")
        if "trap" in kinds:
            trapped = max(trapped, last)
        if first <= trapped:
            continue
        code = next((k for k in kinds if k in codes), "")
        if code and "issue-words" not in off and not _in_name(text, first, last):
            marks.append(_Mark(_start(text, first), _end(text, last, code), code, "issue-words"))
        if "people" in kinds and "issue-held-people" not in off:
            code = _held(text, first, last, codes)
            if code:
                marks.append(_Mark(_start(text, first), last, code, "issue-held-people"))
        if "leaders" in kinds and "leader-meetings" in codes and "issue-leaders-meet" not in off:
            for place in range(last + 1, min(len(text.words), last + 5)):
                if text.breaks(place - 1):
                    break
                if text.words[place] in _MEET:
                    start = _start(text, first)
                    marks.append(_Mark(start, place, "leader-meetings", "issue-leaders-meet"))
                    break
    return sorted(marks, key=lambda m: (m.first, -m.last))


def _in_name(text: Clauses, first: int, last: int) -> bool:
    """Say whether a common word is part of a name: “the Arms Control Association”."""
    if not first or not text.capital(first) or text.listed_as_name(first, last):
        return False
    return last + 1 < len(text.words) and text.gap(last) == " " and text.capital(last + 1)


def _held(text: Clauses, first: int, last: int, codes: set[str]) -> str:
    """Return the code of people who are held, by the words just before or after them."""
    for place in range(max(0, first - 2), min(len(text.words), last + 4)):
        hit = text.hit(place)
        if hit is None or "holding" not in hit[1].split("/"):
            continue
        if place > last and any(text.breaks(n) for n in range(last, place)):
            continue
        for kind in hit[1].split("/"):
            if kind in codes:
                return kind
        return next((code for code in sorted(codes) if code == "detained-people"), "")
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
            before in _LEADING
            or before.endswith(_ENDINGS)
            or before.isdigit()
            or (text.capitals(start - 1) and len(before) > 1)
        ):
            break
        start -= 1
        if before in _ARTICLES:
            break
    for place in range(start - 1, max(0, start - 6), -1):
        if text.breaks(place):
            break
        if text.words[place] in _LINKS and text.words[place - 1] in _EXCHANGES:
            return place - 1
    return start


def _end(text: Clauses, last: int, code: str) -> int:
    """Return the last word of a matter: what it owns (“the ferry’s return”), the noun after it
    (“the tariff dispute”), and the same matter once more after an “and”."""
    if text.words[last].endswith("'s"):
        owned = text.clause_end(last, 1)
        # an adjective, so a noun follows
        if owned > last and text.hit(owned) is None and text.words[owned].endswith(_OWNED):
            owned = text.clause_end(last, 2)
        last = owned
    for _ in range(3):
        joined = text.words[last + 1 : last + 2] == ["and"]
        place = last + 1 + joined
        hit = text.hit(place)
        if hit is None or text.breaks(last) or text.gap(last).strip():
            break
        kinds = hit[1].split("/")
        if joined and code not in kinds:
            break
        if not joined and not {"head", "people", code} & set(kinds):
            break
        last = hit[0]
    return last


def _frame(text: Clauses, mark: _Mark) -> str:
    """Return the light in which the sentence puts a matter: what more of its words speak for, and
    at a tie the nearest of them; a condition comes first."""
    score: dict[str, tuple[int, int]] = {}
    for first, last, kind in text.all_hits():
        for k in kind.split("/"):
            if k.startswith(_PREFIX):
                frame = k.removeprefix(_PREFIX)
                near = -min(abs(first - mark.last), abs(mark.first - last))
                count, best = score.get(frame, (0, near))
                score[frame] = (count + 1, max(best, near))
    if "condition" in score:
        return "condition"
    return max(sorted(score), key=score.__getitem__, default="neutral")
