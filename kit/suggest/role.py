"""What a paragraph does in the story, suggested from a table of weights that anyone can read.

Every sentence is described by plain features: where it stands, whether somebody speaks in it,
what tense it is in, which dates and which common words it has. ``role_weights.csv`` gives each
feature a weight for each role, and for “none”: not part of the story. A sentence's score for a
role is the sum of its features' weights; rows such as “after evaluation” add what the role of the
sentence before makes likely. A paragraph's score is the sum over its sentences; the highest wins.

The weights were learnt from 502 news stories that readers had labelled sentence by sentence
(NewsDiscourse, Choubey et al. 2020, https://doi.org/10.18653/v1/2020.acl-main.478). The table
keeps no sentence of them: only features that at least 20 of the stories share, and no names. How
it was learnt, and how often it is right, says ``tests/benchmarks/roles.py``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kit.base.errors import KitError
from kit.coding.codebook import Codebook
from kit.suggest.position import positions
from kit.suggest.rule import Found, Rule, Settings
from kit.text.article import Article
from kit.text.span import Span

__all__ = [
    "NONE",
    "ROLES",
    "RULES",
    "Line",
    "WeightsError",
    "features",
    "find",
    "load",
    "scores",
]

#: The roles of the codebook, in its order.
ROLES = (
    "main-event",
    "consequence",
    "previous-event",
    "current-context",
    "historical-event",
    "anecdotal-event",
    "evaluation",
    "expectation",
)
#: What a sentence is that belongs to no role: a credit, a link.
NONE = "none"

RULES = (
    Rule(
        "role-weights",
        "role",
        "Adds up a table of weights, one for each feature of each sentence, and takes the role "
        "with the highest sum. See kit/suggest/role_weights.csv.",
        "Officials hope the ferry can sail before winter.",
    ),
)

_TABLE = Path(__file__).with_name("role_weights.csv")
_CLASSES = (*ROLES, NONE)
_START = "always"  # the row that every sentence gets
_FIRST = "after nothing"  # the first sentence of a story


class WeightsError(KitError, ValueError):
    """The table of weights cannot be used; the message says which line and what to mend."""


class Line(NamedTuple):
    """A sentence as the features need it: its words, and whether it opens a paragraph."""

    text: str
    opens: bool = True


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SAY = _words(
    """said says say saying told tells added adds wrote writes asked according announced announces
    stated declared claimed claims argued argues insisted replied explained noted warned admitted
    acknowledged suggested mentioned tweeted reported believes thinks called"""
)
_OPINION = _words(
    """believe believes believed think thinks thought feel feels argue argues argued critics praised
    praise criticized criticised condemned should must important good bad better worse best worst
    right wrong unfair fair clear clearly serious dangerous problem concern concerns concerned
    disappointed proud happy sad angry outrage shameful unacceptable great terrible tragedy tragic
    because support supports oppose opposes"""
)
_FUTURE = _words("will would won't wouldn't shall 'll going")
_MAY = _words("may might could can can't cannot couldn't should possibly perhaps likely unlikely")
_EXPECT = _words(
    """expect expects expected expecting hope hopes hoped hoping plan plans planned planning intend
    intends scheduled due aim aims forecast forecasts predict predicts predicted fear fears feared
    want wants wanted seek seeks seeking vowed promise promised tomorrow next upcoming future if
    unless expectation expectations prospect prospects anticipated anticipate anticipates intended
    intention objective goal goals aimed aiming purpose effort efforts attempt bid whether
    possibility potential agenda eventually ahead unlikely likely"""
)
_NOW = _words("is are has have am 's 're being remains remain now currently still today")
_PAST_BE = _words("was were had did been")
_RECENT = _words(
    """monday tuesday wednesday thursday friday saturday sunday yesterday today tonight morning
    afternoon evening overnight"""
)
_MONTHS = _words(
    """january february march april june july august september october november december jan feb
    mar apr aug sept sep oct nov dec"""
)
_LONG_AGO = _words("decade decades century centuries former formerly history historic ago era")
_PERIOD = _words("week weeks month months last earlier previous previously recent recently since")
_FIRST_PERSON = _words("i i'm i've i'd i'll we we're we've we'll my our me us myself ourselves")
_SECOND_PERSON = _words("you your you're")
_SHE = _words("he she his her him")
_PAGE = _words(
    """reporting editing writing by photo photos file image images video slideshow click visit
    subscribe copyright advertisement additional contributed compiled follow read"""
)
_STOP = _words(
    """the a an of to in and on for with at by from as is are was were be been has have had it its
    that this these those he she his her they their we our you i not but or who which after over
    says said will would can could may new up out about into than more most"""
)
# Two words or three that say when, how sure, or that something follows from something.
_PHRASES = frozenset(
    phrase
    for line in """
    years ago|months ago|weeks ago|last year|last month|last week|this year|this week|this month
    next year|next month|next week|earlier this|later this|so far|in recent|for years|for decades
    the first|at least|in a statement|in an interview|on twitter|news conference|told reporters
    according to|going to|has been|have been|had been|will be|would be|could be|should be|may be
    is expected|are expected|was born|such as|for example|one of|by the end|as a result|because of
    due to|in response|led to|at the time|in the past|the day|the night|there is|there are
    there was|it is|this is|that is|i think|i am|we are|we have|we will|need to|want to|have to
    able to|trying to|more than|number of|declined to|did not|does not|do not|as well|even though
    has said|had said|was killed|were killed|was arrested|since then|once again|up to|before the
    after the|in which|who was|who had|used to|set to|plans to|plan to|agreed to|decided to
    """.split("\n")
    for phrase in line.strip().split("|")
)
_TOKEN = re.compile(r"[^\W\d_]{1,30}(?:['’][^\W\d_]{1,10})?|\d[\d,.]{0,15}")
_MARKS = re.compile(r"[“”«»\"]|''|``")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]\d\d|20\d\d)(?!\d)")
_CAPITAL = re.compile(r"(?<=\s)[A-Z][a-z]")
_CREDIT = re.compile(
    r"(?:REUTERS|AFP|AP|Getty|Xinhua)[^/]{0,20}/|/\s?(?:Reuters|AFP|AP|Getty|File)|https?:|www\.|@\w"
    r"|\((?:Xinhua|AP|Reuters)(?:/[\w ]{0,40})?\)$|©"
)


def _step(value: float, steps: Sequence[int]) -> str:
    """Return between which steps ``value`` falls: ``"0-3"``, ``"4-7"``, ``"8 or more"``."""
    low = 0
    for step in steps:
        if value < step:
            return f"{low}" if low == step - 1 else f"{low}-{step - 1}"
        low = step
    return f"{low} or more"


def _per_cent(share: float, steps: Sequence[int]) -> str:
    """Return between which per cents a share falls: ``"10 to 25 %"``."""
    low = 0
    for step in (*steps, 100):
        if share * 100 <= step:
            break
        low = step
    return f"{low} to {step} %"


def _tokens(text: str) -> list[str]:
    # “US” is a country, and “us” is some of us.
    tokens = ["usa" if token == "US" else token for token in _TOKEN.findall(text)]
    return [token.casefold().replace("’", "'") for token in tokens]


def _quoted(text: str) -> tuple[int, int]:
    """Return how many characters stand between quotation marks, and how many marks there are."""
    places = [match.start() for match in _MARKS.finditer(text)]
    inside = sum(b - a for a, b in zip(places[::2], places[1::2], strict=False))
    if len(places) % 2:  # a quotation that runs on into the next sentence, or out of the last
        first = text[places[-1] :][:1]
        inside += places[-1] if first == "”" or places[-1] > len(text) / 2 else 0
        inside += len(text) - places[-1] if first == "“" or places[-1] <= len(text) / 2 else 0
    return inside, len(places)


def _own_features(text: str, tokens: list[str]) -> Iterator[str]:
    """Yield the features of a sentence that need no other sentence."""
    words = set(tokens)
    yield f"length {_step(len(tokens), (4, 8, 14, 20, 28, 38))} words"
    inside, marks = _quoted(text)
    if marks:
        yield f"quoted {_per_cent(inside / max(1, len(text)), (25, 60, 90))}"
    for name, list_ in (
        ("says", _SAY), ("opinion", _OPINION), ("future", _FUTURE), ("may", _MAY),
        ("expects", _EXPECT), ("now", _NOW), ("was", _PAST_BE), ("weekday", _RECENT),
        ("month", _MONTHS), ("long ago", _LONG_AGO), ("period", _PERIOD),
        ("I or we", _FIRST_PERSON), ("you", _SECOND_PERSON), ("he or she", _SHE), ("page", _PAGE),
    ):  # fmt: skip
        if not words.isdisjoint(list_):
            yield f"has {name}"
    if len(words & _OPINION) > 1:
        yield "has opinion twice"
    for first, second in zip(tokens, tokens[1:], strict=False):
        if first == "had" and (second.endswith("ed") or second in ("been", "not", "also")):
            yield "tense had done"
        elif first in ("has", "have") and (second.endswith("ed") or second == "been"):
            yield "tense has done"
        elif first in ("is", "are") and second.endswith("ing"):
            yield "tense is doing"
        elif first in ("was", "were") and second.endswith("ed"):
            yield "tense was done"
        elif first in ("was", "were") and second.endswith("ing"):
            yield "tense was doing"
    for size in (2, 3):
        for n in range(len(tokens) - size + 1):
            if (phrase := " ".join(tokens[n : n + size])) in _PHRASES:
                yield f"phrase {phrase}"
    if sum(token.endswith("ed") for token in tokens) > 1:
        yield "several words in -ed"
    if any(token.endswith("ing") for token in tokens):
        yield "a word in -ing"
    if years := _YEAR.findall(text):
        yield "year 19…" if min(years) < "2000" else "year 20…"
    if any(token[0].isdigit() for token in tokens):
        yield "number"
    for mark, name in (("%", "per cent"), ("$", "money"), ("?", "question"), (":", "colon"),
                       ("(", "bracket"), ("--", "dash"), ("[", "square bracket")):  # fmt: skip
        if mark in text:
            yield name
    if "percent" in words:
        yield "per cent"
    if _CREDIT.search(text):
        yield "credit"
    letters = [c for c in text[:200] if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > 0.6 * len(letters):
        yield "capitals"
    if text.rstrip()[-1:] not in ".?!”\"'":
        yield "no full stop"
    yield f"capitalised {_step(len(_CAPITAL.findall(text)), (1, 3, 6, 10))}"
    if tokens:
        yield f"opens {tokens[0]}"
    for word in words:
        if len(word) > 1 and word.isalpha() or word in ("a", "i"):
            yield f"word {word}"


#: Features of a neighbour that count for a sentence too.
_SHARED = (
    "quoted",
    "has",
    "tense",
    "year",
    "credit",
    "capitals",
    "length 0-3",
    "length 4-7",
    "number",
)


def features(title: str, lines: Sequence[Line]) -> list[set[str]]:
    """Return the features of each sentence of a story.

    Args:
        title: the headline, empty if there is none.
        lines: the story's sentences in order.
    """
    count = len(lines)
    tokens = [_tokens(line.text) for line in lines]
    own = [set(_own_features(line.text, t)) for line, t in zip(lines, tokens, strict=True)]
    stems = [{_stem(t) for t in these} - _STOP for these in tokens]
    wanted = {_stem(t) for t in _tokens(title)} - _STOP
    years = [_YEAR.findall(line.text) for line in lines]
    newest = max((year for some in years for year in some), default="")
    often = Counter(word for these in stems for word in sorted(these) if len(word) > 3)
    central = {word for word, times in often.most_common(12) if times > 2}
    found = []
    for n, line in enumerate(lines):
        these = set(own[n])
        if years[n]:
            older = int(newest) - int(max(years[n]))
            these.add(f"year {_step(older, (1, 2, 6, 16))} before the newest")
        these.add(f"common words {_step(len(stems[n] & central), (1, 2, 3, 5))}")
        if line.text[:1] in "\"“'`":
            these.add("opens with quote")
        these.add(f"place {_step(n, (1, 2, 3, 5, 8, 12, 18, 27, 39))}")
        these.add(f"part {_per_cent(n / count, (10, 25, 50, 75, 90))}" if n else "first of all")
        if n + 1 == count:
            these.add("last of all")
        these.add("opens paragraph" if line.opens else "inside paragraph")
        these.add(f"title words {_step(len(stems[n] & wanted), (1, 2, 3, 5))}")
        if n:
            these.add(f"lede words {_step(len(stems[n] & stems[0]), (1, 2, 3, 5))}")
            these.add(f"words of the last {_step(len(stems[n] & stems[n - 1]), (1, 2, 4))}")
            these |= {f"before: {f}" for f in own[n - 1] if f.startswith(_SHARED)}
        if n + 1 < count:
            these |= {f"next: {f}" for f in own[n + 1] if f.startswith(_SHARED)}
        found.append(these)
    return found


def _stem(token: str) -> str:
    token = token.removesuffix("'s")
    for ending in ("ing", "ed", "es", "s"):
        if token.endswith(ending) and len(token) > len(ending) + 3:
            return token.removesuffix(ending)
    return token


@cache
def load() -> Mapping[str, tuple[float, ...]]:
    """Return the weights of every feature, in the order of the eight roles and “none”.

    Raises:
        WeightsError: the table is missing, or a row has not nine numbers.
    """
    table = {}
    try:
        with _TABLE.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                table[row["feature"]] = tuple(float(row[name]) for name in _CLASSES)
    except OSError as problem:
        raise WeightsError(f"{_TABLE.name} cannot be read: {problem.strerror}.") from None
    except (KeyError, TypeError, ValueError, csv.Error):
        raise WeightsError(
            f"{_TABLE.name}, row {len(table) + 2}: it needs a feature and a number for each of "
            f"{', '.join(_CLASSES)}."
        ) from None
    return table


def scores(
    title: str, lines: Sequence[Line], table: Mapping[str, tuple[float, ...]] | None = None
) -> list[tuple[float, ...]]:
    """Return for each sentence its score for each role and for “none”.

    The score for a role is that of the best way to give roles to the whole story in which this
    sentence has this role, less the score of the best way of all; so the best has 0.

    Args:
        title: the headline, empty if there is none.
        lines: the story's sentences in order.
        table: other weights than the kit's.
    """
    if not lines:
        return []
    table = load() if table is None else table
    nothing = (0.0,) * len(_CLASSES)
    after = [table.get(f"after {name}", nothing) for name in _CLASSES]
    own = []
    for these in features(title, lines):
        rows = [table[feature] for feature in these if feature in table]
        rows.append(table.get(_START, nothing))
        own.append([sum(column) for column in zip(*rows, strict=True)])
    every = range(len(_CLASSES))
    # Best way from the first sentence to here, and from here to the last.
    left = [[a + b for a, b in zip(own[0], table.get(_FIRST, nothing), strict=True)]]
    for mine in own[1:]:
        last = left[-1]
        left.append([mine[k] + max(last[j] + after[j][k] for j in every) for k in every])
    right = [list(nothing)]
    for mine in reversed(own[1:]):
        last = right[-1]
        right.append([max(after[j][k] + mine[k] + last[k] for k in every) for j in every])
    best = max(left[-1])
    return [
        tuple(a + b - best for a, b in zip(*both, strict=True))
        for both in zip(left, reversed(right), strict=True)
    ]


def find(article: Article, codebook: Codebook, settings: Settings) -> Iterator[Found]:
    """Yield one role for every paragraph of the story, in text order.

    Args:
        article: any text.
        codebook: must have the layer “role”; it says which positions count as story.
        settings: which rules are off. The rules of position decide what the story is.
    """
    (rule,) = RULES
    if rule.id in settings.off:
        return
    layer = codebook.layer(rule.layer)
    known = [(k, name) for k, name in enumerate(ROLES) if name in {c.id for c in layer.codes}]
    if not known:
        return
    place = positions(article, settings)
    story = [block for block in article.blocks if not layer.story or place[block.id] in layer.story]
    headline = next((b.text for b in article.blocks if place[b.id] == "headline"), article.title)
    lines = [Line(s.text, n == 0) for block in story for n, s in enumerate(block.sentences)]
    rows = iter(scores(headline, lines))
    for block in story:
        mine = [next(rows) for _ in block.sentences]
        sums = [(sum(row[k] for row in mine), name) for k, name in known]
        best = max(sums, key=lambda pair: pair[0])
        yield Found(rule.id, Span(block.start, block.end), (best[1],))
