"""How far two codings agree that mark words: which spans match, and by how much.

The rule is that of work on PolNeAR (Newell et al., LREC 2018): spans are sets of word tokens,
spans are matched one to one, best overlap first, and overlap is intersection over union.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kit.base.phrases import one_line
from kit.coding.codebook import Field, Layer
from kit.coding.coding import Annotation, Coding
from kit.text.span import Span

#: The part of a record by which two records are matched, where they have it.
CONTENT = "content"

#: Fields in which somebody is named, however the name is written.
NAMES = frozenset({"speaker", "voice"})

# Tokens as in published scores on that corpus: a hyphen separates, which it does not in
# kit.text.article.find_words.
_TOKEN = re.compile(r"\w+(?:['’]\w+)*")

Tokens = frozenset[int]


class SpanAgreement(NamedTuple):
    """How many of ``one`` and ``other`` spans matched; neither is taken to be right."""

    matched: int
    one: int
    other: int

    @property
    def precision(self) -> float:
        """Matched spans as a share of the other's."""
        return self.matched / self.other if self.other else 0.0

    @property
    def recall(self) -> float:
        """Matched spans as a share of the one's."""
        return self.matched / self.one if self.one else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both: 2 × matched ÷ (one + other)."""
        return 2 * self.matched / (self.one + self.other) if self.one + self.other else 0.0


@dataclass(frozen=True)
class SpanComparison:
    """Two codings of words, label by label.

    Attributes:
        layer: id of the layer.
        one, other: what the two coders are called.
        matched: pairs of labels on the same words, in text order.
        one_only, other_only: labels that found no partner, in text order.
    """

    layer: str
    one: str
    other: str
    matched: tuple[tuple[Annotation, Annotation], ...]
    one_only: tuple[Annotation, ...]
    other_only: tuple[Annotation, ...]

    @property
    def agreement(self) -> SpanAgreement:
        """The numbers of labels that matched and of labels in all, whatever their codes."""
        n = len(self.matched)
        return SpanAgreement(n, n + len(self.one_only), n + len(self.other_only))

    @property
    def differing(self) -> tuple[tuple[Annotation, Annotation], ...]:
        """Pairs on the same words with different main codes, where both have one."""
        return tuple((a, b) for a, b in self.matched if not same_main_code(a, b))

    def apart(self, layer: Layer) -> list[tuple[Annotation | None, Annotation | None]]:
        """Return every place where the two differ: in the words, the code, or a field.

        The figures count words and codes only; the two may also say that somebody else speaks, or
        in another mode, and that is to be talked about as well.

        Returns:
            Pairs on the same words, then labels of one alone and of the other, with None for what
            is not there.
        """
        apart = [(a, b) for a, b in self.matched if differ(layer, a, b)]
        alone = [(a, None) for a in self.one_only]
        return [*apart, *alone, *((None, b) for b in self.other_only)]


def same_main_code(one: Annotation, other: Annotation) -> bool:
    """Say whether two labels carry the same main code; one without a code agrees with any."""
    return not (one.codes and other.codes) or one.codes[0] == other.codes[0]


def differ(layer: Layer, one: Annotation, other: Annotation) -> bool:
    """Say whether two labels on the same words differ in their main code or in a field."""
    return not same_main_code(one, other) or bool(fields_apart(layer, one, other))


def fields_apart(
    layer: Layer, one: Annotation | None, other: Annotation | None
) -> tuple[Field, ...]:
    """Return the fields in which two labels differ: another choice, or another name of a speaker
    or a voice. One that is empty differs from nothing; conjectures in free words are not compared.
    """
    if one is None or other is None:
        return ()
    found = []
    for field in layer.fields:
        if field.options or field.id in NAMES:
            values = _value(one, field), _value(other, field)
            if all(values) and values[0] != values[1]:
                found.append(field)
    return tuple(found)


def _value(a: Annotation, field: Field) -> str:
    value = one_line(a.fields.get(field.id, ""))
    return value.casefold() if field.id in NAMES else value


def match_spans(
    ones: Sequence[Tokens], others: Sequence[Tokens], *, overlap: float = 0.5
) -> list[tuple[int, int]]:
    """Match token sets one to one, greedily, the largest intersection over union first.

    Args:
        ones, others: the token numbers that each span covers.
        overlap: the least intersection over union of a match; 0 takes any shared token.

    Returns:
        Pairs of indices into ``ones`` and ``others``.
    """
    holding: dict[int, list[int]] = defaultdict(list)
    for j, b in enumerate(others):
        for token in b:
            holding[token].append(j)
    candidates = []
    for i, a in enumerate(ones):
        for j, shared in Counter(j for token in a for j in holding.get(token, ())).items():
            either = len(a) + len(others[j]) - shared
            if shared / either >= overlap:
                candidates.append((-shared / either, i, j))
    matches, used_ones, used_others = [], set(), set()
    for _, i, j in sorted(candidates):
        if i not in used_ones and j not in used_others:
            used_ones.add(i)
            used_others.add(j)
            matches.append((i, j))
    return matches


def same_spans(
    one: Coding, other: Coding, layer: str, *, overlap: float = 0.5
) -> list[tuple[Annotation, Annotation]]:
    """Return the labels of two codings that cover the same words, paired one to one.

    Of several labels on the same words those with the same main code are paired first. Records
    are compared by their content, and where they have none by all their words.

    Args:
        overlap: the least intersection over union of a pair; 0 takes any shared token.

    Raises:
        CodebookError: there is no such layer.
        ValueError: the codings are of two different texts.
    """
    codes = [code.id for code in one.codebook.layer(layer).codes]
    left = Unmatched(one.on(layer), other.on(layer), words_of(one, other).covered)
    pairs = left.take_by_code(codes, overlap)
    return sorted(pairs, key=lambda pair: (pair[0].at.start, pair[0].at.end))


Pair = tuple[Annotation, Annotation]


class Unmatched:
    """The labels of two readers that have found no partner yet.

    Args:
        ones, others: the labels.
        covered: gives the numbers of the words that some spans cover.
    """

    def __init__(
        self,
        ones: Iterable[Annotation],
        others: Iterable[Annotation],
        covered: Callable[[Iterable[Span]], Tokens],
    ):
        self.ones, self.others = list(ones), list(others)
        self._covered = covered

    def take(
        self, ones: Sequence[Annotation], others: Sequence[Annotation], overlap: float = 0.5
    ) -> list[Pair]:
        """Pair some of the labels whose words overlap, the best pair first, and take them out."""
        found = match_spans(
            [self._covered(region(a)) for a in ones],
            [self._covered(region(b)) for b in others],
            overlap=overlap,
        )
        pairs = [(ones[i], others[j]) for i, j in found]
        gone = {id(a) for pair in pairs for a in pair}
        self.ones = [a for a in self.ones if id(a) not in gone]
        self.others = [b for b in self.others if id(b) not in gone]
        return pairs

    def take_by_code(self, codes: Iterable[str], overlap: float = 0.5) -> list[Pair]:
        """Pair labels with the same code first, then the rest by their words alone."""
        pairs = []
        for code in codes:
            ones = [a for a in self.ones if a.codes[:1] == (code,)]
            pairs += self.take(ones, [b for b in self.others if code in b.codes], overlap)
        return pairs + self.take(self.ones, self.others, overlap)


def find_tokens(text: str, spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return where the word tokens stand that some spans touch; marks and blanks are none."""
    return [match.span() for span in spans for match in _TOKEN.finditer(text, span.start, span.end)]


def nearest(labels: Iterable[Annotation], at: Span, text: str) -> Annotation | None:
    """Return the label that shares most words with a place in a text; None if none shares any."""
    wanted = {*find_tokens(text, (at,))}

    def shared(a: Annotation) -> int:
        return len(wanted.intersection(find_tokens(text, (a.at,))))

    best = max(labels, key=shared, default=None)
    return best if best is not None and shared(best) else None


def region(a: Annotation) -> tuple[Span, ...]:
    """Return the words by which a label is compared: a record's content, else all of it."""
    return a.parts.get(CONTENT) or (a.at,)


def compare_spans(one: Coding, other: Coding, layer: str) -> SpanComparison:
    """Compare two codings of words label by label; raises as :func:`same_spans`."""
    pairs = same_spans(one, other, layer)
    mine, theirs = {a.id for a, _ in pairs}, {b.id for _, b in pairs}
    return SpanComparison(
        layer,
        one.coder,
        other.coder,
        tuple(pairs),
        tuple(a for a in one.on(layer) if a.id not in mine),
        tuple(b for b in other.on(layer) if b.id not in theirs),
    )


def same_speakers(one: Coding, other: Coding) -> tuple[int, int]:
    """Return in how many of the attributions that two codings share the same person or body
    speaks, and how many they share; raises as :func:`same_spans`."""
    pairs = same_spans(one, other, "attribution")
    names = [(a.fields.get("speaker", ""), b.fields.get("speaker", "")) for a, b in pairs]
    return sum(same_speaker(*pair) for pair in names), len(names)


def same_speaker(one: str, other: str) -> bool:
    """Say whether two names mean one person or body, however each is written: they have a name in
    common, or, where one of them has none, a noun."""
    names, nouns = zip(*(_said_of(name) for name in (one, other)))
    if all(names):
        return bool(names[0] & names[1])
    return bool(nouns[0] & nouns[1]) or (bool(one) and one.casefold() == other.casefold())


def _said_of(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words with a capital in a name, and all its words; without small words and
    offices that any two people may share."""
    words = [word.removesuffix("'s") for word in re.findall(r"\w[\w'-]*", name.replace("’", "'"))]
    capitals = (word for word in words if word[0].isupper() and len(word) > 1)
    return (
        frozenset(word.casefold() for word in capitals) - _SHARED,
        frozenset(word.casefold().rstrip("s") for word in words) - _SHARED,
    )


_SHARED = frozenset(
    """the a an of in to for on at from by and two both one three foreign minister ministry
    president prime secretary mr ms mrs senior official person people who told not be named
    speaking condition anonymity""".split()
)


def words_of(one: Coding, other: Coding) -> NumberedWords:
    """Return the word tokens of the article that two codings are about.

    Raises:
        ValueError: the codings are of two different texts.
    """
    if one.article.sha256 != other.article.sha256:
        raise ValueError("The two codings are of two different texts.")
    return NumberedWords(match.span() for match in _TOKEN.finditer(one.article.text))


class NumberedWords:
    """The words of an article, numbered by where they stand."""

    def __init__(self, places: Iterable[tuple[int, int]]):
        self._starts, self._ends = zip(*places)

    def covered(self, spans: Iterable[Span]) -> Tokens:
        """Return the numbers of the words that any of the spans touches."""
        return frozenset(
            n
            for span in spans
            for n in range(
                bisect_right(self._ends, span.start), bisect_left(self._starts, span.end)
            )
        )
