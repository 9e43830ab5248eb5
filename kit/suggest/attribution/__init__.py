"""Rules that suggest who says what: source, cue and content of each act of attributing.

A rule proposes; how often such proposals were right in a public collection of news decides
whether it is heard (``weights.csv``), and is shown with each suggestion
(``precision.json``). The rules know small words, commas, quotation marks and the word lists, and
no word's meaning: they take a plan for a saying now and then, and they never notice a lie.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from kit.coding.codebook import Codebook, Layer
from kit.library.lexicon import form
from kit.suggest.attribution.affiliation import Affiliations
from kit.suggest.attribution.cues import cues
from kit.suggest.attribution.edges import Guess
from kit.suggest.attribution.reader import Reader
from kit.suggest.attribution.speakers import NOBODY, PRONOUNS, Speaker, Speakers
from kit.suggest.attribution.tokens import KNOWN, LAYER, Page, Sentence
from kit.suggest.attribution.weights import features, likelihood, weights
from kit.suggest.rule import Found, Settings, allowed
from kit.text.article import Article
from kit.text.span import Span

__all__ = ["LEAST", "RULES", "Proposal", "find", "kept", "proposals", "referents", "rule_of"]

RULES = KNOWN.rules
_RULES = frozenset(rule.id for rule in RULES)
#: How likely a proposal must be to be heard. Half a chance: a suggestion is right more often than
#: wrong.
LEAST = 0.5

_STANCES = {
    "grant": "endorsing",
    "claim": "distancing",
    "seem": "distancing",
    "think": "committing",
    "vow": "committing",
    "withhold": "withholding",
}
_SAYING = frozenset("say ask grant claim".split())
_AS_THE_KIT_COMES = Settings()
# From how many turns on a text is a transcript.
_TRANSCRIPT = 3
# How many contents that lie within each other are looked at.
_DEEPEST = 8

Stretch = tuple[int, int]


class Proposal(NamedTuple):
    """What a pattern proposes, in offsets.

    Attributes:
        pattern: id of the pattern; a rule has one or several.
        word: the cue’s main word in its basic form.
        kind: the word’s class.
        source, cue, content: stretches of the text.
        seen: what speaks for it or against it.
    """

    pattern: str
    word: str
    kind: str
    source: tuple[Stretch, ...]
    cue: tuple[Stretch, ...]
    content: tuple[Stretch, ...]
    seen: tuple[str, ...] = ()


@lru_cache(2)  # the voices of other layers are those of its records
def find(
    article: Article, codebook: Codebook, settings: Settings = _AS_THE_KIT_COMES
) -> tuple[Found, ...]:
    """Return what the rules suggest for the layer of attributions, in text order.

    Args:
        article: any text.
        codebook: which fields the layer has; others are left out.
        settings: which tiers of the word lists count, which rules are off, which verbs are added.
    """
    page, heard = _heard(article, settings)
    speakers = Speakers(page)
    who = {}
    for one in sorted(heard, key=lambda one: one.source[0] if one.source else one.cue[0]):
        who[id(one)] = speakers.who(*one.source[0], one.content) if one.source else NOBODY
    layer = codebook.layer(LAYER)
    sides = Affiliations(layer)
    side = {one: sides.of(one) for one in set(who.values())}
    said = ((one, who[id(one)]) for one in heard)
    records = (_found(article, page, one, by, side[by], layer) for one, by in said)
    return tuple(filter(None, records))


def referents(article: Article) -> dict[int, list[str]]:
    """Return whom each pronoun of a text may mean, the likeliest first, by where it begins."""
    page, heard = _heard(article, _AS_THE_KIT_COMES)
    speakers = Speakers(page)
    sources = {one.source[0][0]: one for one in heard if one.source}
    pronouns = {page.start[n]: low for n, low in enumerate(page.low) if low in PRONOUNS}
    found = {}
    for start in sorted(sources.keys() | pronouns.keys()):
        one = sources.get(start)
        if start in pronouns:
            found[start] = speakers.likely(pronouns[start], start, one.content if one else ())
        if one:
            speakers.who(*one.source[0], one.content)
    return {start: names for start, names in found.items() if names}


@lru_cache(2)  # records, and whom pronouns mean, come from one reading
def _heard(article: Article, settings: Settings) -> tuple[Page, tuple[Proposal, ...]]:
    page, proposed = _read(article, settings)
    likely = kept(proposed, weights(), LEAST)
    return page, tuple(one for one in likely if rule_of(one.pattern) not in settings.off)


def proposals(article: Article, settings: Settings = _AS_THE_KIT_COMES) -> list[Proposal]:
    """Return everything the patterns propose, before anything is thrown out, in text order."""
    return _read(article, settings)[1]


def rule_of(pattern: str) -> str:
    """Return the id of the rule that a pattern belongs to; a reader sees and switches off the
    rule."""
    return pattern if pattern in _RULES else pattern.split("-")[0]


def kept(proposed: list[Proposal], table: Mapping[str, float], least: float) -> list[Proposal]:
    """Return the proposals that are likely enough and do not lie within another’s content.

    What somebody says inside somebody else’s words is left to the reader.
    """
    likely = [one for one in proposed if likelihood(one.seen, table) >= least]
    spans = sorted(
        (a, b, n)
        for n, one in enumerate(likely)
        if one.pattern != "transcript-turn"  # a briefing would be nothing but turns
        for a, b in one.content
    )
    inside: set[int] = set()
    around: list[tuple[int, int]] = []  # the contents that are open at a cue’s place
    at = 0
    for place, n in sorted((one.cue[0][0], n) for n, one in enumerate(likely)):
        while at < len(spans) and spans[at][0] <= place:
            around.append((spans[at][1], spans[at][2]))
            at += 1
        around = [pair for pair in around if pair[0] > place][-_DEEPEST:]
        if any(m != n and m not in inside for _, m in around):
            inside.add(n)
    return [one for n, one in enumerate(likely) if n not in inside]


# -- reading --------------------------------------------------------------------------------------


class _Open(NamedTuple):
    """Words that may go on: their block, the place of their record, and how they may go on."""

    block: int
    place: int
    waits: bool = False  # the words are still to come, in the next block
    unclosed: bool = False  # a quotation without a closing mark
    whole: bool = False  # the rest of the block belongs to them


def _read(article: Article, settings: Settings) -> tuple[Page, list[Proposal]]:
    words = cues(settings.tiers, settings.verbs)
    blocks = ((block.start, block.end) for block in article.blocks)
    page = Page(article.text, blocks, words.quoting, words.instead)
    reader = Reader(page, words)
    found: list[Proposal] = []
    last: _Open | None = None
    waiting: list[Stretch] = []  # paragraphs that open a quotation whose speaker is still to come
    for s in page.sentences:
        guesses = reader.read(s)
        lead = _leading_quotes(s)
        turn = reader.turn(s)
        if last and last.waits and s.block == last.block + 1:
            if lead or not any(guess.rule.startswith("quote") for guess in guesses):
                last = _go_on(page, s, found, last, lead or len(s))._replace(whole=not lead)
                if not lead:
                    continue
        elif last and last.whole and s.block == last.block and not turn:
            last = _go_on(page, s, found, last, len(s))
            found += [_proposal(page, s, guess, words.classes) for guess in _of_others(s, guesses)]
            continue
        elif last and lead and not any(a < lead for g in guesses for a, b in g.content):
            # A paragraph that is one quotation goes on with the last paragraph’s.
            alone = s.first[0] > 0 and s.last[lead - 1] >= page.ends[s.block] - 1
            next_block = s.block == last.block + 1 and (last.unclosed or alone)
            if s.block == last.block or next_block:
                last = _go_on(page, s, found, last, lead)
        if turn:
            guesses = [turn, *(g for g in _of_others(s, guesses) if g.cue[0] >= turn.cue[1])]
        if (
            lead
            and not guesses
            and _unclosed(page, s, lead - 1)
            and not (last and last.block == s.block)
        ):
            waiting.append(_stretch(page, s, (0, lead)))
            continue
        for guess in guesses:
            one = _proposal(page, s, guess, words.classes)
            if waiting and guess.quote and guess.content[:1] and guess.content[0][0] == 0:
                one = one._replace(content=(*waiting, *one.content))
            found.append(one)
            if guess.quote and (guess is turn or not turn):
                last = _Open(
                    s.block,
                    len(found) - 1,
                    waits=not guess.content,
                    unclosed=bool(guess.content) and _unclosed(page, s, guess.content[-1][1] - 1),
                    whole=guess is turn and s.block > 0,
                )
        waiting = []
    found = [one for one in found if one.content]
    turns = [n for n, one in enumerate(found) if one.pattern == "transcript-turn"]
    for n in turns if len(turns) >= _TRANSCRIPT else ():
        found[n] = found[n]._replace(seen=(*found[n].seen, "in a transcript"))
    return page, sorted(found, key=lambda one: (one.content[0][0], -one.content[-1][1]))


def _of_others(s: Sentence, guesses: list[Guess]) -> Iterator[Guess]:
    """Yield what others than the speaker of a turn say in it: “I hope” is the speaker’s own."""
    for guess in guesses:
        if guess.content and guess.source and s.low[guess.source[0]].split("'")[0] not in _OWN:
            yield guess


_OWN = frozenset("i we you there it that".split())


def _go_on(page: Page, s: Sentence, found: list[Proposal], last: _Open, end: int) -> _Open:
    """Add the first units of one more sentence to the words that are open."""
    before = found[last.place]
    content = before.content
    if last.waits:
        content = (_stretch(page, s, (0, end)),)
    elif last.whole and content:
        content = (*content[:-1], (content[-1][0], _stretch(page, s, (0, end))[1]))
    else:
        content = (*content, *(_stretch(page, s, (n, n + 1)) for n in range(end)))
    found[last.place] = before._replace(content=content)
    return _Open(s.block, last.place, unclosed=_unclosed(page, s, end - 1), whole=last.whole)


def _unclosed(page: Page, s: Sentence, unit: int) -> bool:
    return s.kind[unit] == "Q" and s.first[unit] in page.open


def _leading_quotes(s: Sentence) -> int:
    """Return how many quotations a sentence consists of; 0 when there is anything else in it."""
    n = 0
    while n < len(s) and s.kind[n] == "Q":
        n += 1
    return n if n and all(kind in ".,!?" for kind in s.kind[n:]) else 0


def _stretch(page: Page, s: Sentence, units: tuple[int, int]) -> Stretch:
    return (page.start[s.first[units[0]]], page.end[s.last[units[1] - 1]])


def _proposal(page: Page, s: Sentence, guess: Guess, classes: Mapping[str, str]) -> Proposal:
    kind = classes.get(guess.word, "phrase" if guess.rule == "according-to" else "mark")
    return Proposal(
        guess.rule,
        guess.word,
        kind,
        (_stretch(page, s, guess.source),) if guess.source else (),
        (_stretch(page, s, guess.cue),),
        tuple(_stretch(page, s, units) for units in guess.content),
        features(s, guess, kind),
    )


# -- records --------------------------------------------------------------------------------------


def _mode(page: Page, content: tuple[Stretch, ...]) -> str:
    """Return ``direct``, ``mixed`` or ``indirect``, by the nine-tenths rule."""
    words = [
        n in page.quoted
        for start, end in content
        for n in range(bisect_left(page.start, start), bisect_left(page.start, end))
        if page.kind[n] in "wN#"
    ]
    if not any(words):
        return "indirect"
    return "direct" if sum(words) >= 0.9 * len(words) else "mixed"


def _found(
    article: Article,
    page: Page,
    one: Proposal,
    who: Speaker,
    affiliation: str,
    layer: Layer,
) -> Found | None:
    source = tuple(piece for part in one.source if (piece := _tidy(article.text, *part)))
    taken = sorted((*source, *one.cue))
    content = tuple(
        piece
        for stretch in one.content
        for part in _without(stretch, taken)
        if (piece := _tidy(article.text, *part))
    )
    block = article.block_at(*content[0]) if content else None
    if block is None:
        return None
    near = [s for s in (*taken, *content) if block.start <= s[0] and s[1] <= block.end]
    values = {
        "speaker": who.name[:200],
        "identification": who.identification,
        "affiliation": affiliation,
        "mode": _mode(page, content),
        "stance": _stance(article.text, one),
    }
    return Found(
        rule_of(one.pattern),
        Span(min(a for a, _ in near), max(b for _, b in near)),
        (),
        {
            part: tuple(Span(a, b) for a, b in spans)
            for part, spans in (("source", source), ("cue", one.cue), ("content", content))
            if spans
        },
        allowed(layer, {name: value for name, value in values.items() if value}),
    )


def _stance(text: str, one: Proposal) -> str:
    cue = form(" ".join(text[a:b] for a, b in one.cue)).split()
    if one.kind in _SAYING and "to" in cue[1:] and "to" != cue[0]:
        return "withholding"  # “declined to say”
    if one.kind in _SAYING and any(w in ("not", "never") or w.endswith("n't") for w in cue):
        return "withholding"  # “would not say”
    return _STANCES.get(one.kind, "neutral")


def _without(stretch: Stretch, taken: list[Stretch]) -> Iterator[Stretch]:
    """Yield what is left of a stretch outside of others."""
    start, end = stretch
    for a, b in taken:
        if b <= start or a >= end:
            continue
        if a > start:
            yield (start, a)
        start = max(start, b)
    if start < end:
        yield (start, end)


def _tidy(text: str, start: int, end: int) -> Stretch | None:
    """Return a stretch without the commas and spaces at its edges; None when no word is left."""
    while start < end and (text[start].isspace() or text[start] in _EDGES):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _EDGES):
        end -= 1
    return (start, end) if _A_WORD.search(text, start, end) else None


_A_WORD = re.compile(r"\w")
_EDGES = ",;:–—―"
