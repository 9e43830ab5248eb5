"""Expectation: which words tell a reader to look for more, for less, or to wait.

The rules know phrases (``datasets/lexicons/moves.csv``), small words that make a move in any report
(“unless”, “no later than”, “than it was”), and where a clause ends. They know nothing of the world:
a threat in polite words passes them by, and so do irony and figures of speech.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from kit.coding.codebook import Codebook
from kit.suggest.rule import Found, Settings, allowed, known
from kit.suggest.sentence import Clauses, Voices, phrases, story
from kit.text.article import Article
from kit.text.span import Span

__all__ = ["RULES", "find"]

LAYER = "expectation"
LIST = "moves"
_KNOWN = known(LAYER)
RULES = _KNOWN.rules

#: Within so many characters two moves of one rule are one.
_NEAR = 8
#: The longest stretch, in words, that one label covers.
LONGEST = 16

_NEGATIONS, _NUMBERS, _ARTICLES = map(_KNOWN.words, ("negations", "numbers", "articles"))
_FUTURE, _PERFECT, _TIMES = map(_KNOWN.words, ("future", "perfect", "times"))
_MOVES, _SPEAKS, _SPANS_OF_TIME = map(_KNOWN.words, ("moves", "speaks", "spans_of_time"))
_RESULTS, _NOT_LOW = map(_KNOWN.words, ("results", "not_low"))
_BETTER, _WORSE, _EARLIER = map(_KNOWN.words, ("better", "worse", "earlier"))
_STEPS, _BACK = map(_KNOWN.words, ("steps", "back"))


class _Match(NamedTuple):
    """A stretch of words, ``first`` to ``last``, that a rule labels."""

    first: int
    last: int
    codes: tuple[str, ...]


_Move = tuple[int, int, tuple[str, ...], str]  # from, to, codes, rule
_Finder = Callable[[Clauses], Iterator[_Match]]
_FINDERS: dict[str, list[_Finder]] = {rule.id: [] for rule in RULES}


def _rule(finder: _Finder) -> _Finder:
    """Make a function the finder of the rule of its name."""
    _FINDERS[f"{LAYER}-{finder.__name__[1:].replace('_', '-')}"].append(finder)
    return finder


def _negated(text: Clauses, n: int, back: int = 4) -> int | None:
    """Return the place of a “not” among the words just before word ``n``, or None."""
    for place in range(n - 1, max(-1, n - 1 - back), -1):
        word = text.words[place]
        if word in _NEGATIONS or word.endswith("n't"):
            return place
        if text.breaks(place):
            return None
    return None


def _about(text: Clauses) -> bool:
    """Say whether the sentence speaks of an occasion, or of what lies between two sides."""
    return text.has("event") or text.has("relation")


def _ahead(text: Clauses, first: int, last: int) -> bool:
    """Say whether these words look ahead: a “would” or “can”, or at least no “was” or “has”."""
    words = set(text.words[first : last + 1])
    return bool(_FUTURE & words) or not _PERFECT & words


class _Phrase(NamedTuple):
    """A kind of phrases that make a move with what their clause has around them.

    Attributes:
        codes: the codes of the move, the main one first.
        before, after: how many words of the clause belong to the move, at most.
        about: whether the sentence must be about the occasion, or a phrase of the kind
            ``or_before`` come next, or with ``or_quoted`` a quotation begin or end there.
        unless: within so many words before it there must be no “not”.
        only: within so many words before it there must be one.
        short: whether it ends before an afterthought.
    """

    rule: str
    kind: str
    codes: tuple[str, ...]
    before: int
    after: int
    about: bool = False
    or_before: str = "event"
    or_quoted: bool = False
    unless: int = 0
    only: int = 0
    short: bool = False

    def find(self, text: Clauses) -> Iterator[_Match]:
        """Yield the moves that the phrases of the kind make in a sentence."""
        for first, last, _ in text.hits(self.kind):
            denied = _negated(text, first, self.unless or self.only)
            if (denied is None) == bool(self.only) or text.near("schedule", last + 1, 1):
                continue
            about = _about(text) or text.near(self.or_before, last + 1, 2)
            if self.about and not (about or (self.or_quoted and text.quoted(first, last))):
                continue
            if self.unless and text.words[max(0, first - 1)] == "had":
                continue  # “had hoped to”: it is over
            start = text.clause_start(first if denied is None else denied, self.before)
            yield _Match(start, text.clause_end(last, self.after, short=self.short), self.codes)


_RAISE, _LOWER, _OPEN, _HOPE = ("raise",), ("lower",), ("hold-open",), ("hold-open", "raise")
_CONDITION, _BENCHMARK = ("condition",), ("benchmark",)
for _phrase in (
    _Phrase("chance", "chance", _RAISE, 0, 7, about=True, unless=4),
    _Phrase("progress", "progress", _RAISE, 7, 4, about=True, unless=4),
    _Phrase("setback", "low-phrase", _LOWER, 5, 4),
    _Phrase("setback", "low-point", _LOWER, 5, 4, about=True),
    _Phrase("small", "small-step", _LOWER, 10, 8),
    _Phrase("small", "shut", _LOWER, 6, 6),
    _Phrase("hope", "hope", _HOPE, 0, LONGEST, about=True, or_quoted=True, unless=2),
    _Phrase("vow", "vow", _RAISE, 0, 6, about=True, or_before="mend", unless=2, short=True),
    _Phrase("vow", "willing", _HOPE, 0, 9, about=True, or_before="vague", unless=2),
    _Phrase("condition", "only", _CONDITION, 18, LONGEST, about=True, or_quoted=True),
    _Phrase("condition", "only-if", _CONDITION, 18, LONGEST),
    _Phrase("proviso", "proviso", _CONDITION, 0, LONGEST),
    _Phrase("proviso", "only-on", _CONDITION, 10, 10),
    _Phrase("measure", "measure", _BENCHMARK, 10, LONGEST),
    _Phrase("no-answer", "some-day", _OPEN, 0, 0),
    _Phrase("no-answer", "another-day", _OPEN, 0, 8),
    _Phrase("no-answer", "no-answer", _OPEN, 4, LONGEST, only=1),
):
    _FINDERS[f"{LAYER}-{_phrase.rule}"].append(_phrase.find)


@_rule
def _stakes(text: Clauses) -> Iterator[_Match]:
    for first, last, kind in text.hits("stakes", "weight"):
        noun = text.near("event", last + 1, 3)
        if noun is None and (kind == "weight" or not _about(text)):
            continue
        if _negated(text, first, 2) is not None:
            continue
        start = first
        # “one of its most intricate and consequential” begins with “one”.
        for place in range(first - 1, max(-1, first - 7), -1):
            if text.breaks(place):
                break
            if text.words[place] in ("most", "one"):
                start = place
        yield _Match(start, last if noun is None else noun[1], _RAISE)


@_rule
def _rarity(text: Clauses) -> Iterator[_Match]:
    for n, _, _ in text.hits("first"):
        word = text.words[n]
        senior = word.startswith("highest") or text.words[n + 1 : n + 2] == ["senior"]
        end = _since(text, n)
        if end is None and senior:
            end = text.clause_end(n, 5)
        if end is None or (word == "most" and not senior):
            continue
        if text.near("event", n, end - n + 1) or text.near("role", n, end - n + 1):
            start = n - 1 if n and text.words[n - 1] in ("the", "its", "a") else n
            yield _Match(start, end, _RAISE)


def _since(text: Clauses, n: int) -> int | None:
    """Return the last word of “… in five years” or “… since 1990” after word ``n``, or None."""
    for place in range(n + 1, min(len(text.words) - 1, n + 14)):
        if text.words[place - 1 : place] and text.breaks(place - 1):
            return None
        following = text.words[place + 1]
        if text.words[place] in ("in", "for") and (following in _NUMBERS or following.isdigit()):
            for last in range(place + 1, min(len(text.words), place + 6)):
                if text.words[last] in ("years", "decades", "months", "generation", "generations"):
                    return last
        if text.words[place] == "since":
            return text.clause_end(place, 4)
    return None


@_rule
def _hopes(text: Clauses) -> Iterator[_Match]:
    """Expectations that are named: low ones, high ones, and what is done to them."""
    for first, last, kind in text.hits("lowering", "small", "lifting"):
        noun = text.near("expectation", last + 1, 2 if kind == "small" else 4)
        if noun is None:
            continue
        denied = _negated(text, first)
        if text.words[first] == "set" and denied is None:
            continue  # who sets expectations may set them high or low
        low = kind != "lifting" or denied is not None
        start = first if denied is None else denied
        end = text.clause_end(noun[1], 6)
        yield _Match(start, end, ("lower",) if low else _RAISE)


@_rule
def _denial(text: Clauses) -> Iterator[_Match]:
    for first, last, _ in text.hits("foresee"):
        denied = _negated(text, first)
        outcome = text.near("outcome", last + 1, 14, across=True)
        if denied is not None and outcome is not None:
            yield _Match(denied, outcome[1], _LOWER)
    for first, last, _ in text.hits("outcome"):
        # “no breakthrough is expected”
        denied = _negated(text, first, 3)
        ahead = text.near("foresee", last + 1, 6)
        if denied is not None and ahead is not None:
            yield _Match(denied, ahead[1], _LOWER)


@_rule
def _refuse(text: Clauses) -> Iterator[_Match]:
    for first, last, _ in text.hits("refuse"):
        asked = text.words[last + 1 : last + 4]
        end = text.clause_end(last + bool(asked), LONGEST)
        asks = {"whether", "if", "when", "how", "what", "who", "which", "a", "the"} & set(asked)
        if asks and _ahead(text, last + 1, end):
            yield _Match(first, end, _OPEN)


@_rule
def _open(text: Clauses) -> Iterator[_Match]:
    for first, last, _ in text.hits("open"):
        start = first - 1 if first and text.words[first - 1] == "it" else first
        end = text.clause_end(last, LONGEST)
        if not _ahead(text, last + 1, end):
            continue  # “it is not clear that it was used”: a fact is unknown, no outcome
        if end == last:  # “… is an open question”: what is open stands before it
            start = text.clause_start(first, 12)
        yield _Match(start, end, _OPEN)


@_rule
def _may(text: Clauses) -> Iterator[_Match]:
    if not _about(text):
        return
    for first, last, _ in text.hits("may"):
        if text.capital(first) and first:
            continue  # the month, or a name
        good = text.near("mend", last + 1, 3)
        effect = good or text.near("spoil", last + 1, 3)
        if good and _negated(text, good[0], 3) is None:
            yield _Match(first, text.clause_end(good[1], 6), _HOPE)
        elif effect:
            yield _Match(first, text.clause_end(effect[1], 6), _LOWER)


@_rule
def _aim(text: Clauses) -> Iterator[_Match]:
    starts = [(first, last) for first, last, _ in text.hits("aim") if _about(text)]
    for first, last, _ in text.hits("goal"):
        # “the aim of the trip is to …”
        for place in range(last + 1, min(len(text.words) - 1, last + 9)):
            if text.words[place] in ("is", "was") and text.words[place + 1] in ("to", "on"):
                starts.append((first, place + 1))
                break
            if text.breaks(place):
                break
    for first, last in starts:
        if text.near("schedule", last + 1, 1) or _negated(text, first, 2) is not None:
            continue
        vague = text.near("vague", last + 1, 1)
        end = text.clause_end(last, 11, short=True)
        if end < last + 2:
            continue
        yield _Match(first, end, ("hold-open",) if vague else _BENCHMARK)


@_rule
def _condition(text: Clauses) -> Iterator[_Match]:
    for first, last, _ in text.hits("depends"):
        start = text.clause_start(first, 18)
        # “Whether the leaders – and their wives – meet depends on …” begins with “whether”.
        earlier = text.words[max(0, first - 24) : first]
        if "whether" in earlier:
            start = first - 1 - earlier[::-1].index("whether")
        yield _Match(start, text.clause_end(last, LONGEST), _CONDITION)
    for n, word in enumerate(text.words):
        if word != "if" or n < 2 or not (_about(text) or text.has("outcome")):
            continue
        before = text.words[n - 1] if n else ""
        if before in ("as", "even", "what", "asked", "see", "wonder", "unclear", "only", "and"):
            continue
        end = text.clause_end(n, LONGEST)
        rest = text.words[max(0, n - 16) : n] + text.words[end + 1 : end + 17]
        if end > n + 1 and (
            text.has("hope") or _FUTURE & set(rest) or any(w.endswith("'ll") for w in rest)
        ):
            yield _Match(n, end, _CONDITION)


@_rule
def _if_then(text: Clauses) -> Iterator[_Match]:
    first = 1 if text.words[:1] in (["and"], ["but"], ["look"]) else 0
    if text.words[first : first + 1] not in (["if"], ["should"]) or text.question:
        return
    sides = {"they", "we", "both", "either", "neither"} & set(text.words[first : first + 3])
    if not (sides or _about(text) or text.has("outcome") or _TIMES & set(text.words)):
        return
    last = len(text.words) - 1
    second = text.clause_end(first, 24)
    if second < last - 1 and "were" not in text.words[first:second] and last - first < 60:
        yield _Match(first, last, _BENCHMARK)


@_rule
def _test(text: Clauses) -> Iterator[_Match]:
    for first, last, _ in text.hits("test"):
        if not _about(text) and not text.has("expectation"):
            start = text.clause_start(first, 8)
            if not text.words[first].startswith("would"):
                continue
        start = text.clause_start(first, 10)
        yield _Match(start, text.clause_end(last, 7), _BENCHMARK)
    for _, last, _ in text.hits("watch"):
        for place in range(last, min(len(text.words), last + 4)):
            if text.words[place] in ("whether", "if"):
                end = text.clause_end(place, LONGEST)
                if _ahead(text, place, end):
                    yield _Match(place, end, ("benchmark", "hold-open"))
                break


def _clause(text: Clauses, n: int, most: int = 18) -> tuple[int, int]:
    """Return the first and last word of the clause around word ``n``."""
    return text.clause_start(n, most), text.clause_end(n, most)


@_rule
def _agreed(text: Clauses) -> Iterator[_Match]:
    for n, word in enumerate(text.words):
        if word == "invited" and text.words[n + 2 : n + 3] == ["to"]:
            yield _Match(n, min(n + 3, len(text.words) - 1), _RAISE)
        if word not in ("agreed", "undertook", "consented") or _negated(text, n, 3) is not None:
            continue
        following = text.words[n + 1 : n + 2]
        if n and text.words[n - 1] in ("was", "were", "been"):
            if following == ["in"]:
                continue
            first, last = _clause(text, n, 12)
        elif following == ["on"]:
            first, last = _clause(text, n, 12)
        elif following in (["to"], ["that"]):
            after = text.words[n + 2 : n + 3]
            if (
                not after
                or after[0] in {"not", "in", "at"} | _ARTICLES - {"a"}
                and following == ["to"]
            ):
                continue
            first, last = n + 2, text.clause_end(n + 2, LONGEST + 4)
        else:
            continue
        if last >= first:
            yield _Match(first, last, _RAISE)


@_rule
def _timetable(text: Clauses) -> Iterator[_Match]:
    for n in range(1, len(text.words) - 1):
        by = text.words[n : n + 3] == ["no", "later", "than"]
        if not by and text.words[n] not in ("by", "within"):
            continue
        day = text.words[n + 1 : n + 6 if by else n + 4]
        if not any(word in _TIMES or word.isdigit() for word in day) or "of" in day[:1]:
            continue
        first = text.clause_start(n, 14)
        before = text.words[first:n]
        if "and" in before[:-1]:
            first += len(before) - before[::-1].index("and")
            first += text.words[first] == "to"
        if {"will", "to", "shall", "must"} & set(text.words[max(0, first - 1) : n]):
            yield _Match(first, text.clause_end(n, 8), ("benchmark", "raise"))


@_rule
def _denied_intent(text: Clauses) -> Iterator[_Match]:
    for n, word in enumerate(text.words):
        if word in _MOVES and _negated(text, n, 3) is not None:
            aims = (
                text.words[place + 1]
                for place in range(n + 1, min(len(text.words) - 1, n + 7))
                if text.words[place] == "to" and not text.capital(place + 1)
            )
            if any(aim not in _ARTICLES | _FUTURE | _SPEAKS for aim in aims):
                yield _Match(*_clause(text, n), _LOWER)
    for n in range(len(text.words) - 2):
        if text.words[n] in ("will", "won't") and _negated(text, n + 2, 2) is not None:
            last = text.clause_end(n, LONGEST)
            if set(text.words[n : last + 1]) & _SPANS_OF_TIME and "in" in text.words[n : last + 1]:
                yield _Match(text.clause_start(n, 10), last, _LOWER)


@_rule
def _nothing(text: Clauses) -> Iterator[_Match]:
    for n, word in enumerate(text.words):
        if word not in ("no", "none", "nobody", "nothing", "never", "without", "neither"):
            continue
        near = text.words[n + 1 : n + 5]
        result = text.near("outcome", n + 1, 4) or text.near("event", n + 1, 3)
        nobody = word in ("none", "nobody", "neither") and _FUTURE & set(near)
        if text.near("foresee", n + 1, 8) or not _NOT_LOW.isdisjoint(near):
            continue  # “no breakthrough is expected”: denial’s
        if result or nobody or not _RESULTS.isdisjoint(near):
            yield _Match(text.clause_start(n, 8), text.clause_end(n, 10), _LOWER)


@_rule
def _compared(text: Clauses) -> Iterator[_Match]:
    for n, word in enumerate(text.words):
        if word == "than" and not _EARLIER.isdisjoint(text.words[n + 1 : n + 7]):
            before = text.words[max(0, n - 4) : n]
            if not _BETTER.isdisjoint(before):
                yield _Match(*_clause(text, n, 12), _RAISE)
            elif not _WORSE.isdisjoint(before):
                yield _Match(*_clause(text, n, 12), _LOWER)
    last = text.clause_end(1, LONGEST)
    if text.words[:2] == ["this", "time"] and last > 2:
        yield _Match(0, last, _RAISE)


@_rule
def _could(text: Clauses) -> Iterator[_Match]:
    for n, word in enumerate(text.words[:-1]):
        if word in ("could", "may", "might") and text.words[n + 1] in _STEPS | {"be"}:
            if (text.capital(n) and n) or _negated(text, n + 2, 3) is not None:
                continue
            if text.words[n + 1] == "be" and not set(text.words[n + 2 : n + 6]) & _BACK:
                continue
            first = text.clause_start(n, 8)
            yield _Match(first, text.clause_end(n, 10), _HOPE)


def find(article: Article, codebook: Codebook, settings: Settings) -> Iterator[Found]:
    """Yield the stretches that move expectations, in text order, each with its voice.

    Args:
        article: any text.
        codebook: a codebook; a code that its layer lacks is left out.
        settings: which rules and which tiers of words are on.
    """
    layer = codebook.layer(LAYER)
    codes_known = {code.id for code in layer.codes}
    words = phrases(LIST, settings)
    matches: list[_Move] = []
    finders = [
        (id, finder) for id, those in _FINDERS.items() if id not in settings.off for finder in those
    ]
    for text in chain.from_iterable(story(article, words)):
        for id, finder in finders:
            for match in finder(text):
                codes = tuple(c for c in dict.fromkeys(match.codes) if c in codes_known)
                if codes and match.first <= match.last:
                    start, end = text.place(match.first, match.last)
                    matches.append((start, end, codes, id))
    voices = Voices(article, codebook, settings)
    for start, end, codes, rule_id in _apart(matches, article.text):
        voice = allowed(layer, {"voice": voices.at(start, end)})
        while article.text[end - 1].isspace():
            end -= 1  # where a label was cut short by the next
        yield Found(rule_id, Span(start, end), codes, {}, voice)


def _apart(matches: list[_Move], whole: str) -> list[_Move]:
    """Return the matches in text order; of those that overlap under one main code, the longest."""
    ordered: list[_Move] = []
    for match in sorted(matches, key=lambda m: (m[0], -m[1], m[3])):
        before = ordered[-1] if ordered else None
        between = whole[before[1] : match[0]] if before else ""
        near = len(between) < _NEAR and "\n" not in between
        if before and near and before[2:] == match[2:]:
            # “No date was named, and none will be”: one move
            ordered[-1] = (before[0], max(before[1], match[1]), *before[2:])
        else:
            ordered.append(match)
    kept: dict[int, _Move] = {}
    last_of: dict[str, int] = {}
    reach = 0  # how far other moves have come, in which “progress” may only be talked about
    for n, match in enumerate(ordered):
        start, end, codes, rule = match
        if rule == "expectation-progress":
            ahead = ordered[n + 1] if n + 1 < len(ordered) else None
            if start < reach or (ahead and ahead[0] < end and ahead[3] != rule):
                continue
        else:
            reach = max(reach, end)
        rival = last_of.get(codes[0])
        if rival is not None and start < kept[rival][1]:
            if end <= kept[rival][1] or start - kept[rival][0] < 12:
                if end - start <= kept[rival][1] - kept[rival][0]:
                    continue
                del kept[rival]
            else:
                left = kept[rival]
                kept[rival] = (left[0], start, *left[2:])
        kept[n] = match
        last_of[codes[0]] = n
    return sorted(kept.values(), key=lambda m: (m[0], m[1]))
