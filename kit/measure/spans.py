"""How far two codings agree that mark words: which spans match, and by how much.

The rule is that of work on PolNeAR (Newell et al., LREC 2018): spans are sets of word tokens,
spans are matched one to one, best overlap first, and overlap is intersection over union.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kit.coding import Annotation, Coding, Span

__all__ = ["SpanAgreement", "match_spans", "span_agreement", "triple_agreement"]

# Tokens as in published scores on that corpus: a hyphen separates, which it does not in
# kit.article.find_words.
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
    candidates = []
    for i, a in enumerate(ones):
        for j, b in enumerate(others):
            shared = len(a & b)
            if shared and shared / len(a | b) >= overlap:
                candidates.append((-shared / len(a | b), i, j))
    matches, used_ones, used_others = [], set(), set()
    for _, i, j in sorted(candidates):
        if i not in used_ones and j not in used_others:
            used_ones.add(i)
            used_others.add(j)
            matches.append((i, j))
    return matches


def span_agreement(
    one: Coding,
    other: Coding,
    layer: str,
    *,
    part: str = "",
    overlap: float = 0.5,
    same_code: bool = False,
) -> SpanAgreement:
    """Compare the spans two codings have on one layer.

    Args:
        part: compare this part of the records (``content``, ``cue``, ``source``); the
            annotations' own spans if empty. Records without the part are left out, and a part
            that several records share counts once.
        overlap: the least intersection over union; 0 takes any shared token.
        same_code: whether matched spans must also carry the same main code; spans without a
            code then match nothing.

    Raises:
        CodebookError: there is no such layer.
        ValueError: the codings are of two different texts.
    """
    one.codebook.layer(layer)
    tokens = _Tokens(one, other)
    ones = tokens.spans(one.on(layer), part)
    others = tokens.spans(other.on(layer), part)
    if not same_code:
        ones, others = ({span: "" for span, _ in spans} for spans in (ones, others))
        matches = match_spans(list(ones), list(others), overlap=overlap)
        return SpanAgreement(len(matches), len(ones), len(others))
    matched = 0
    for code in {c for _, c in ones} & {c for _, c in others} - {""}:
        mine = [span for span, c in ones if c == code]
        theirs = [span for span, c in others if c == code]
        matched += len(match_spans(mine, theirs, overlap=overlap))
    return SpanAgreement(matched, len(ones), len(others))


def triple_agreement(one: Coding, other: Coding, *, overlap: float = 0.5) -> SpanAgreement:
    """Compare attributions whole: content matches, and cue and source share a token each.

    Two records without a source count as sharing it.
    """
    tokens = _Tokens(one, other)
    ones = [tokens.record(a) for a in one.on("attribution") if a.parts.get("content")]
    others = [tokens.record(a) for a in other.on("attribution") if a.parts.get("content")]
    matches = match_spans(
        [r["content"] for r in ones], [r["content"] for r in others], overlap=overlap
    )
    whole = sum(
        all(
            ones[i][part] & others[j][part] or not (ones[i][part] or others[j][part])
            for part in ("cue", "source")
        )
        for i, j in matches
    )
    return SpanAgreement(whole, len(ones), len(others))


class _Tokens:
    """The numbered word tokens of the one article that two codings are about."""

    def __init__(self, one: Coding, other: Coding):
        if one.article.sha256 != other.article.sha256:
            raise ValueError("The two codings are of two different texts.")
        places = [match.span() for match in _TOKEN.finditer(one.article.text)]
        self._starts = [start for start, _ in places]
        self._ends = [end for _, end in places]

    def covered(self, spans: Iterable[Span]) -> Tokens:
        return frozenset(
            n
            for span in spans
            for n in range(
                bisect_right(self._ends, span.start), bisect_left(self._starts, span.end)
            )
        )

    def spans(self, annotations: Iterable[Annotation], part: str) -> list[tuple[Tokens, str]]:
        """Return token sets with the main code of their annotation, equal ones once."""
        found = {}
        for a in annotations:
            covered = self.covered(a.parts.get(part, ()) if part else (a.at,))
            if covered:
                found[covered, a.codes[0] if a.codes else ""] = None
        return list(found)

    def record(self, a: Annotation) -> dict[str, Tokens]:
        return {part: self.covered(a.parts.get(part, ())) for part in ("source", "cue", "content")}
