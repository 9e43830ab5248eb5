"""How far two readers agree on each layer of the codebook, in numbers that can stand in one table.

Where both code the same units, that is percent agreement and Krippendorff's alpha. Where they mark
words, it is F1 of the labels that cover the same words; nobody can say how many labels there might
have been, so chance cannot be taken off.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal, NamedTuple

from kit.coding.codebook import Layer
from kit.coding.coding import Annotation, Coding
from kit.measure.agreement import compare
from kit.measure.alpha import Interval, bootstrap
from kit.measure.spans import SpanAgreement, compare_spans, same_main_code


class LayerAgreement(NamedTuple):
    """What two readers share on one layer.

    Attributes:
        layer: id of the layer.
        one, other: the two coders.
        unit: ``units`` that both coded, or ``labels`` on words.
        shared: units with the same code; or labels of ``one`` that ``other`` has too, on half or
            more of the same words and, where both gave one, with the same main code.
        total: units that both coded; or labels of both, shared ones counted once.
        share: percent agreement or F1, 0 … 1.
        alpha: Krippendorff's alpha of units; None for labels on words, or where only one code
            was ever used.
        interval: the 95 % bootstrap interval, of alpha by resampling units, of F1 by resampling
            blocks; None where there is nothing to resample.
    """

    layer: str
    one: str
    other: str
    unit: Literal["units", "labels"]
    shared: int
    total: int
    share: float
    alpha: float | None
    interval: Interval | None


def layer_agreement(one: Coding, other: Coding, layer: str) -> LayerAgreement:
    """Return how far two codings of one article agree on a layer.

    Raises:
        CodebookError: there is no such layer.
        ValueError: the codings are of two different texts.
    """
    shared, total = common(one, other, layer)
    if one.codebook.layer(layer).unit == "words":
        f1 = SpanAgreement(shared, len(one.on(layer)), len(other.on(layer))).f1
        interval = _interval(one, other, layer)
        return LayerAgreement(
            layer, one.coder, other.coder, "labels", shared, total, f1, None, interval
        )
    found = compare(one, other, layer)
    return LayerAgreement(
        layer,
        one.coder,
        other.coder,
        "units",
        shared,
        total,
        found.percent or 0.0,
        found.alpha,
        found.interval,
    )


def common(one: Coding, other: Coding, layer: str) -> tuple[int, int]:
    """Return ``shared`` and ``total`` of :class:`LayerAgreement`, without the interval, which takes
    nearly all of its time; raises as :func:`layer_agreement`."""
    if one.codebook.layer(layer).unit == "words":
        shared = len(agreed(one, other, layer))
        return shared, len(one.on(layer)) + len(other.on(layer)) - shared
    found = compare(one, other, layer)
    return len(found.codes) - len(found.differing), len(found.codes)


def agreed(one: Coding, other: Coding, layer: str) -> list[tuple[Annotation, Annotation]]:
    """Return the labels that two codings have in common: on the same unit or the same words, and
    with the same main code; raises as :func:`layer_agreement`."""
    if one.codebook.layer(layer).unit == "words":
        pairs = compare_spans(one, other, layer).matched
    else:
        theirs = other.by_id(layer)
        pairs = tuple((a, theirs[a.id]) for a in one.on(layer) if a.id in theirs)
    return [(a, b) for a, b in pairs if same_main_code(a, b)]


def differing(
    one: Coding, other: Coding, layer: Layer
) -> list[tuple[Annotation | None, Annotation | None]]:
    """Return what two readers have of every place where they differ, in the order of the text.

    Where whole units are labelled they differ in the main code, or one of them has no label; where
    words are, see :meth:`.SpanComparison.apart`.

    Returns:
        Pairs of labels, with None for a reader who has none there.
    """
    if layer.unit == "words":
        pairs = compare_spans(one, other, layer.id).apart(layer)
    else:
        ones, others = one.by_id(layer.id), other.by_id(layer.id)
        both = ((ones.get(id), others.get(id)) for id in {**ones, **others})
        pairs = [(a, b) for a, b in both if _main_code(a) != _main_code(b)]
    return sorted(pairs, key=lambda pair: min(a.at.start for a in pair if a is not None))


def _main_code(a: Annotation | None) -> str:
    return a.codes[0] if a is not None and a.codes else ""


def _interval(one: Coding, other: Coding, layer: str) -> Interval | None:
    """Return the percentile bootstrap interval of F1 over blocks that hold a label."""
    shared = [a for a, _ in agreed(one, other, layer)]
    matched, ones, others = (
        Counter(one.article.block_of(a.at).id for a in labels)
        for labels in (shared, one.on(layer), other.on(layer))
    )
    rows = [(matched[id], ones[id], others[id]) for id in sorted(set(ones) | set(others))]
    return bootstrap(rows, lambda *sums: SpanAgreement(*sums).f1) if rows else None
