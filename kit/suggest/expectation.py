"""Expectation: which words tell a reader to look for more, for less, or to wait.

The rules know phrases (``datasets/lexicons/moves.csv``) and where a clause ends. They know nothing
of the world: a threat in polite words passes them by, and so does irony.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from kit.coding.codebook import Codebook
from kit.suggest.clauses import Clauses, Phrases, Voices, story
from kit.suggest.rule import Found, Rule, Settings
from kit.text.article import Article
from kit.text.span import Span

__all__ = ["RULES", "find"]

LAYER = "expectation"
LIST = "moves"

#: The longest stretch, in words, that one label covers.
LONGEST = 16

_NEGATIONS = frozenset("not no never nobody none neither nor nothing without hardly cannot".split())
_FUTURE = frozenset(
    "will would could can may might should won't wouldn't couldn't can't cannot shall 'll".split()
)
_NUMBERS = frozenset(
    """two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty
    several many more over almost nearly decades years months generation generations""".split()
)
_PERFECT = frozenset("was were had has have did been".split())
_PAST = frozenset("was were had".split())
_ARTICLES = frozenset("the a an its their his her our this that".split())


class _Mark(NamedTuple):
    """A stretch of words, ``first`` to ``last``, that a rule labels."""

    first: int
    last: int
    codes: tuple[str, ...]


_Finder = Callable[[Clauses], Iterator[_Mark]]


_FINDERS: dict[Rule, _Finder] = {}


def _rule(id: str, says: str, example: str) -> Callable[[_Finder], _Finder]:
    """Make a rule of the function below."""

    def register(finder: _Finder) -> _Finder:
        _FINDERS[Rule(f"expectation-{id}", says, example)] = finder
        return finder

    return register


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


@_rule(
    "stakes",
    "A word for great weight beside a word for an occasion raises expectations.",
    "The pivotal summit opened in the rain.",
)
def _stakes(text: Clauses) -> Iterator[_Mark]:
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
        yield _Mark(start, last if noun is None else noun[1], ("raise",))


@_rule(
    "rarity",
    "“The first … in so many years”, or the most senior guest, raises expectations.",
    "She is the first minister to come in nine years.",
)
def _rarity(text: Clauses) -> Iterator[_Mark]:
    for n, word in enumerate(text.words):
        if word in ("first", "most", "highest-ranking", "highest-level") or (
            word == "primary" and text.spun
        ):
            end = _since(text, n)
            senior = word.startswith("highest") or text.words[n + 1 : n + 2] == ["senior"]
            if end is None and senior:
                end = text.clause_end(n, 5)
            elif word == "most" and not senior:
                continue
            if end is None:
                continue
            if text.near("event", n, end - n + 1) or text.near("role", n, end - n + 1):
                start = n - 1 if n and text.words[n - 1] in ("the", "its", "a") else n
                yield _Mark(start, end, ("raise",))


def _since(text: Clauses, n: int) -> int | None:
    """Return the last word of “… in five years” or “… since 1990” after word ``n``, or None."""
    for place in range(n + 1, min(len(text.words) - 1, n + 14)):
        if text.words[place - 1 : place] and text.breaks(place - 1):
            return None
        following = text.words[place + 1]
        if text.words[place] == "in" and (following in _NUMBERS or following.isdigit()):
            for last in range(place + 1, min(len(text.words), place + 6)):
                if text.words[last] in ("years", "decades", "months", "generation", "generations"):
                    return last
        if text.words[place] == "since":
            return text.clause_end(place, 4)
    return None


@_rule(
    "chance",
    "Words that call success near or large raise expectations, unless a “not” is near.",
    "It is the best chance yet to end the dispute.",
)
def _chance(text: Clauses) -> Iterator[_Mark]:
    for first, last, _ in text.hits("chance"):
        if _about(text) and _negated(text, first) is None:
            yield _Mark(first, text.clause_end(last, 7), ("raise",))


@_rule(
    "hopes",
    "Talk about setting expectations gets the code of the move it describes.",
    "Aides played down hopes of a treaty.",
)
def _hopes(text: Clauses) -> Iterator[_Mark]:
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
        yield _Mark(start, end, ("lower",) if low else ("raise",))


@_rule(
    "denial",
    "A “not” before a word that looks ahead, or before a change, lowers expectations.",
    "The envoy does not expect a breakthrough.",
)
def _denial(text: Clauses) -> Iterator[_Mark]:
    for first, last, _ in text.hits("foresee"):
        denied = _negated(text, first)
        if denied is None:
            denied = _unlikely(text, first)
        outcome = text.near("outcome", last + 1, 14, across=True)
        if denied is not None and outcome is not None:
            yield _Mark(denied, outcome[1], ("lower",))
    for first, last, _ in text.hits("outcome"):
        # “no breakthrough is expected”
        denied = _negated(text, first, 3)
        ahead = text.near("foresee", last + 1, 6)
        if denied is not None and ahead is not None:
            yield _Mark(denied, ahead[1], ("lower",))
    for first, last, _ in text.hits("change"):
        denied = _negated(text, first, 5)
        if denied is None:
            denied = _unlikely(text, first)
        if denied is None or not _about(text):
            continue
        window = text.words[max(0, denied - 2) : first]
        if _FUTURE & set(window) or "going" in window or "unlikely" in window:
            yield _Mark(denied, text.clause_end(last, 6), ("lower",))


def _unlikely(text: Clauses, n: int) -> int | None:
    for place in range(n - 1, max(-1, n - 5), -1):
        if text.words[place] == "unlikely":
            return place
    return None


@_rule(
    "setback",
    "Phrases for hard going or a thin result lower expectations.",
    "There is much work to be done.",
)
def _setback(text: Clauses) -> Iterator[_Mark]:
    for first, last, _ in text.hits("low-phrase"):
        start = text.clause_start(first, 5)
        if text.words[last] in ("level", "low", "lowest", "point", "ebb") and not _about(text):
            continue
        if text.words[first] == "work" and _PAST & set(text.words[start:first]):
            continue  # “there was work to do”: it is done
        yield _Mark(start, text.clause_end(last, 4), ("lower",))


@_rule(
    "refuse",
    "Who declines to say how it will end holds the outcome open.",
    "The envoy declined to say whether the talks would go on.",
)
def _refuse(text: Clauses) -> Iterator[_Mark]:
    for first, last, _ in text.hits("refuse"):
        asked = text.words[last + 1 : last + 4]
        end = text.clause_end(last, LONGEST)
        asks = {"whether", "if", "when", "how", "what", "who", "a", "the"} & set(asked)
        if asks and _ahead(text, last + 1, end):
            yield _Mark(first, end, ("hold-open",))


@_rule(
    "open",
    "Phrases that no outcome can prove wrong hold it open.",
    "It remains to be seen whether the truce will last.",
)
def _open(text: Clauses) -> Iterator[_Mark]:
    for first, last, _ in text.hits("open"):
        start = first - 1 if first and text.words[first - 1] == "it" else first
        end = text.clause_end(last, LONGEST)
        if not _ahead(text, last + 1, end):
            continue  # “it is not clear that it was used”: a fact is unknown, no outcome
        if end == last:  # “… is an open question”: what is open stands before it
            start = text.clause_start(first, 12)
        yield _Mark(start, end, ("hold-open",))


@_rule(
    "hope",
    "Hope holds open, and the hoped thing raises; a timetable is no hope.",
    "Both sides hope to sign a deal.",
)
def _hope(text: Clauses) -> Iterator[_Mark]:
    for first, last, _ in text.hits("hope"):
        if text.near("schedule", last + 1, 1) or not (_about(text) or text.quoted(first, last)):
            continue
        before = text.words[first - 1] if first else ""
        if before == "had" or _negated(text, first, 2) is not None:
            continue  # “had hoped to”: it is over
        start = first - 1 if before in _ARTICLES else first
        yield _Mark(start, text.clause_end(last, LONGEST), ("hold-open", "raise"))


@_rule(
    "may",
    "“May” before an improvement holds open and raises; before a failure it lowers.",
    "The visit may ease tensions.",
)
def _may(text: Clauses) -> Iterator[_Mark]:
    if not _about(text):
        return
    for first, last, _ in text.hits("may"):
        if text.capital(first) and first:
            continue  # the month, or a name
        good = text.near("mend", last + 1, 3)
        effect = good or text.near("spoil", last + 1, 3)
        if good and _negated(text, good[0], 3) is None:
            yield _Mark(first, text.clause_end(good[1], 6), ("hold-open", "raise"))
        elif effect:
            yield _Mark(first, text.clause_end(effect[1], 6), ("lower",))


@_rule(
    "aim",
    "An aim is a benchmark, unless its verb is too wide to check: then it holds open.",
    "The talks are an effort to reopen the border.",
)
def _aim(text: Clauses) -> Iterator[_Mark]:
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
        yield _Mark(first, end, ("hold-open",) if vague else ("benchmark",))


@_rule(
    "condition",
    "“If” beside a “will” or “would”, “only once”, “depends on”: a condition.",
    "A summit depends on the release of the crew.",
)
def _condition(text: Clauses) -> Iterator[_Mark]:
    for first, last, kind in text.hits("depends", "only"):
        if kind == "only" and not _about(text) and not text.quoted(first, last):
            continue
        start = text.clause_start(first, 18)
        if kind == "depends":
            # “Whether the leaders – and their wives – meet depends on …” begins with “whether”.
            earlier = text.words[max(0, first - 24) : first]
            if "whether" in earlier:
                start = first - 1 - earlier[::-1].index("whether")
        yield _Mark(start, text.clause_end(last, LONGEST), ("condition",))
    for n, word in enumerate(text.words):
        if word != "if" or not (_about(text) or text.has("outcome")):
            continue
        before = text.words[n - 1] if n else ""
        if before in ("as", "even", "what", "asked", "see", "wonder", "unclear", "only", "and"):
            continue
        end = text.clause_end(n, LONGEST)
        rest = text.words[max(0, n - 16) : n] + text.words[end + 1 : end + 17]
        if end > n + 1 and (_FUTURE & set(rest) or any(w.endswith("'ll") for w in rest)):
            yield _Mark(n, end, ("condition",))


@_rule(
    "test",
    "What would count as success, or what observers watch for, is a benchmark.",
    "The test of this visit is the ferry.",
)
def _test(text: Clauses) -> Iterator[_Mark]:
    for first, last, _ in text.hits("test"):
        if not _about(text) and not text.has("expectation"):
            start = text.clause_start(first, 8)
            if not text.words[first].startswith("would"):
                continue
        start = text.clause_start(first, 10)
        yield _Mark(start, text.clause_end(last, 7), ("benchmark",))
    for _, last, _ in text.hits("watch"):
        for place in range(last, min(len(text.words), last + 4)):
            if text.words[place] in ("whether", "if"):
                end = text.clause_end(place, LONGEST)
                if _ahead(text, place, end):
                    yield _Mark(place, end, ("benchmark", "hold-open"))
                break


@_rule(
    "progress",
    "Phrases for things that go well raise expectations, outside another move.",
    "Relations are back on track.",
)
def _progress(text: Clauses) -> Iterator[_Mark]:
    for first, last, _ in text.hits("progress"):
        if _about(text) and _negated(text, first) is None:
            yield _Mark(text.clause_start(first, 7), text.clause_end(last, 4), ("raise",))


@_rule(
    "vow",
    "A vow to mend things raises; to be ready or willing holds open, and raises.",
    "He vowed to improve relations.",
)
def _vow(text: Clauses) -> Iterator[_Mark]:
    for first, last, _ in text.hits("vow"):
        if (_about(text) or text.near("mend", last + 1, 2)) and _negated(text, first, 2) is None:
            if not text.near("schedule", last + 1, 1):
                yield _Mark(first, text.clause_end(last, 6, short=True), ("raise",))
    for first, last, _ in text.hits("willing"):
        if _about(text) or text.near("vague", last + 1, 1):
            if text.near("schedule", last + 1, 1) or _negated(text, first, 2) is not None:
                continue
            yield _Mark(first, text.clause_end(last, 9), ("hold-open", "raise"))


RULES = tuple(_FINDERS)


def find(article: Article, codebook: Codebook, settings: Settings) -> Iterator[Found]:
    """Yield the stretches that move expectations, in text order, each with its voice.

    Args:
        article: any text.
        codebook: a codebook; a code that its layer lacks is left out.
        settings: which rules and which tiers of words are on.
    """
    known = {code.id for code in codebook.layer(LAYER).codes}
    fields = {field.id for field in codebook.layer(LAYER).fields}
    phrases = Phrases.load(LIST, settings)
    marks: list[tuple[int, int, tuple[str, ...], str]] = []
    finders = {rule.id: finder for rule, finder in _FINDERS.items() if rule.id not in settings.off}
    for text in chain.from_iterable(story(article, phrases)):
        for id, finder in finders.items():
            for mark in finder(text):
                codes = tuple(c for c in dict.fromkeys(mark.codes) if c in known)
                if codes and mark.first <= mark.last:
                    start, end = text.place(mark.first, mark.last)
                    marks.append((start, end, codes, id))
    voices = Voices(article, codebook, settings)
    for start, end, codes, rule_id in _apart(marks):
        voice = {"voice": voices.at(start, end)} if "voice" in fields else {}
        while article.text[end - 1].isspace():
            end -= 1  # where a label was cut short by the next
        yield Found(rule_id, Span(start, end), codes, {}, voice)


def _apart(
    marks: list[tuple[int, int, tuple[str, ...], str]],
) -> list[tuple[int, int, tuple[str, ...], str]]:
    """Return the marks in text order; of those that overlap under one main code, the longest."""
    ordered = sorted(marks, key=lambda m: (m[0], -m[1], m[3]))
    kept: dict[int, tuple[int, int, tuple[str, ...], str]] = {}
    last_of: dict[str, int] = {}
    reach = 0  # how far other moves have come, in which “progress” may only be talked about
    for n, mark in enumerate(ordered):
        start, end, codes, rule = mark
        if rule == "expectation-progress":
            ahead = ordered[n + 1] if n + 1 < len(ordered) else None
            if start < reach or (ahead and ahead[0] < end and ahead[3] != rule):
                continue
        rival = last_of.get(codes[0])
        if rival is not None and start < kept[rival][1]:
            if end <= kept[rival][1] or start - kept[rival][0] < 12:
                if end - start <= kept[rival][1] - kept[rival][0]:
                    continue
                del kept[rival]
            else:
                left = kept[rival]
                kept[rival] = (left[0], start, *left[2:])
        kept[n] = mark
        last_of[codes[0]] = n
        reach = max(reach, end) if rule != "expectation-progress" else reach
    return sorted(kept.values(), key=lambda m: (m[0], m[1]))
