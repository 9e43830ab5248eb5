"""How far readers agree who chose one code for each unit.

Percent agreement is easy to understand and flatters; kappa and alpha take off what chance would
give. Krippendorff's alpha also takes any number of readers and units that some left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kit.coding.coding import Coding
from kit.measure.alpha import Interval, Tally, alpha_of, interval_of

__all__ = [
    "Comparison",
    "bootstrap_interval",
    "cohen_kappa",
    "compare",
    "krippendorff_alpha",
    "percent_agreement",
]

Pair = tuple[Hashable, Hashable]
Unit = Sequence[Hashable | None]


def percent_agreement(pairs: Iterable[Pair]) -> float | None:
    """Return the share of pairs (0 … 1) whose two values are equal; None without pairs."""
    pairs = list(pairs)
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def cohen_kappa(pairs: Iterable[Pair]) -> float | None:
    """Return Cohen's kappa of two readers (-1 … 1).

    None without pairs, or when both used one and the same code throughout: kappa divides by
    the disagreement that chance would give, and then there is none.

    Source: J. Cohen, Educational and Psychological Measurement 20 (1960), 37–46.
    """
    pairs = list(pairs)
    n = len(pairs)
    ones, others = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    # In whole numbers, so that "no disagreement expected" is exactly zero.
    by_chance = sum(ones[value] * others[value] for value in ones)
    if n * n == by_chance:
        return None
    agreed = sum(a == b for a, b in pairs)
    return (agreed * n - by_chance) / (n * n - by_chance)


def krippendorff_alpha(units: Iterable[Unit]) -> float | None:
    """Return Krippendorff's alpha for nominal codes (at most 1).

    Args:
        units: for each unit the codes it was given, one place a reader; None where a reader
            gave none. Units with fewer than two codes say nothing and are left out.

    Returns:
        None when no unit has two codes, or when only one code was ever used.

    Source: K. Krippendorff, Content Analysis (4th ed. 2019), chapter 12.
    """
    return alpha_of(map(_tally, units))


def _tally(unit: Unit) -> Tally:
    return Tally.of(Counter(value for value in unit if value is not None))


def bootstrap_interval(
    units: Sequence[Unit], *, level: float = 0.95, resamples: int = 1000, seed: int = 2023
) -> Interval | None:
    """Return a percentile bootstrap interval of Krippendorff's alpha, by resampling units.

    The same units and seed give the same interval. None where alpha is None, or where more
    than half of the resamples used one code only.

    Source: A. Zapf et al., BMC Medical Research Methodology 16 (2016), 93.
    """
    tallies = list(map(_tally, units))
    return interval_of(tallies, level=level, resamples=resamples, seed=seed)


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
        return percent_agreement(self.pairs)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa."""
        return cohen_kappa(self.pairs)

    @property
    def alpha(self) -> float | None:
        """Krippendorff's alpha."""
        return krippendorff_alpha(self.pairs)

    @cached_property
    def interval(self) -> Interval | None:
        """The 95 % bootstrap interval of alpha."""
        return bootstrap_interval(self.pairs)

    @property
    def confusion(self) -> Counter:
        """How often each pair of codes met: ``Counter({(one's, other's): n})``."""
        return Counter(self.pairs)


def compare(one: Coding, other: Coding, layer: str) -> Comparison:
    """Compare two codings of one article on a layer of blocks or sentences.

    Raises:
        CodebookError: there is no such layer.
        ValueError: the layer labels words (use ``span_agreement``), or the codings are of two
            different texts.
    """
    if one.codebook.layer(layer).unit == "words":
        raise ValueError(f"{layer} labels words: compare it with span_agreement.")
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
