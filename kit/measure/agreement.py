"""How far two readers agree who chose one code for each unit.

Percent agreement is easy to understand and flatters; alpha takes off what chance would give.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from kit.coding.coding import Coding
from kit.measure.alpha import Interval, Tally, alpha_of, interval_of


@dataclass(frozen=True)
class Comparison:
    """Two codings side by side on a layer of blocks or sentences.

    Attributes:
        layer: the layer's id.
        one, other: the two coders' names.
        codes: for each unit both coders coded, in text order, ``(unit id, one's, other's)``.
        one_only, other_only: units that only one of them coded.
    """

    layer: str
    one: str
    other: str
    codes: tuple[tuple[str, str, str], ...]
    one_only: tuple[str, ...]
    other_only: tuple[str, ...]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The codes alone: ``(one's, other's)``."""
        return [(a, b) for _, a, b in self.codes]

    @property
    def differing(self) -> tuple[tuple[str, str, str], ...]:
        """The units that the two coded differently: ``(unit id, one's, other's)``."""
        return tuple(row for row in self.codes if row[1] != row[2])

    @property
    def percent(self) -> float | None:
        """Percent agreement, 0 … 1."""
        alike = len(self.codes) - len(self.differing)
        return alike / len(self.codes) if self.codes else None

    @property
    def alpha(self) -> float | None:
        """Krippendorff's alpha."""
        return alpha_of(self._tallies)

    @cached_property
    def interval(self) -> Interval | None:
        """The 95 % bootstrap interval of alpha."""
        return interval_of(self._tallies)

    @property
    def _tallies(self) -> list[Tally]:
        return [Tally.of(Counter(pair)) for pair in self.pairs]

    @property
    def confusion(self) -> Counter:
        """How often each pair of codes met: ``Counter({(one's, other's): n})``."""
        return Counter(self.pairs)


def compare(one: Coding, other: Coding, layer: str) -> Comparison:
    """Compare two codings of one article on a layer of blocks or sentences.

    Raises:
        CodebookError: there is no such layer.
        ValueError: the layer labels words (use :func:`.compare_spans`), or the codings are of two
            different texts.
    """
    if one.codebook.layer(layer).unit == "words":
        raise ValueError(f"{layer} labels words: compare it with compare_spans.")
    if one.article.sha256 != other.article.sha256:
        raise ValueError("The two codings are of two different texts.")
    ones, others = one.codes(layer), other.codes(layer)
    return Comparison(
        layer,
        one.coder,
        other.coder,
        tuple((unit, ones[unit], others[unit]) for unit in ones if unit in others),
        tuple(unit for unit in ones if unit not in others),
        tuple(unit for unit in others if unit not in ones),
    )
