"""Scores of labels on words as they are published: by spans, by parts of records, by whole records.

The kit itself compares label by label; these are for benchmarks and tests.
"""

from __future__ import annotations

from collections.abc import Iterable

from kit.coding.coding import Annotation, Coding
from kit.measure.spans import NumberedWords, SpanAgreement, Tokens, match_spans, words_of

__all__ = ["span_agreement", "triple_agreement"]


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
    tokens = words_of(one, other)
    ones = _parts(tokens, one.on(layer), part)
    others = _parts(tokens, other.on(layer), part)
    if not same_code:
        bare_ones, bare_others = (
            list(dict.fromkeys(span for span, _ in spans)) for spans in (ones, others)
        )
        matches = match_spans(bare_ones, bare_others, overlap=overlap)
        return SpanAgreement(len(matches), len(bare_ones), len(bare_others))
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
    tokens = words_of(one, other)
    ones = [_record(tokens, a) for a in one.on("attribution") if a.parts.get("content")]
    others = [_record(tokens, a) for a in other.on("attribution") if a.parts.get("content")]
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


def _parts(
    tokens: NumberedWords, labels: Iterable[Annotation], part: str
) -> list[tuple[Tokens, str]]:
    """Return token sets with the main code of their annotation, equal ones once."""
    found: dict[tuple[Tokens, str], None] = {}
    for a in labels:
        covered = tokens.covered(a.parts.get(part, ()) if part else (a.at,))
        if covered:
            found[covered, a.codes[0] if a.codes else ""] = None
    return list(found)


def _record(tokens: NumberedWords, a: Annotation) -> dict[str, Tokens]:
    return {part: tokens.covered(a.parts.get(part, ())) for part in ("source", "cue", "content")}
