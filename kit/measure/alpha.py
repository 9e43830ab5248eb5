"""Krippendorff's alpha from counts: what a unit adds, however many readers there are.

Source: K. Krippendorff, Content Analysis (4th ed. 2019), chapter 12; for the interval A. Zapf et
al., BMC Medical Research Methodology 16 (2016), 93.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["Interval", "Tally", "alpha_of", "interval_of"]


class Interval(NamedTuple):
    """A bootstrap interval: ``low`` and ``high``, in the statistic's own scale."""

    low: float
    high: float


class Tally(NamedTuple):
    """What a unit, or several together, add to alpha: codes, how many, and disagreement."""

    values: Mapping[Any, int]  # by codes of any kind: a mapping is strict about its keys' type
    size: int
    disagreement: float

    @classmethod
    def of(cls, counts: Mapping[Any, int]) -> Tally:
        """Return what one unit adds, given how many readers gave it each code; a unit with fewer
        than two codes adds nothing."""
        size = sum(counts.values())
        if size < 2:
            return cls({}, 0, 0.0)
        unequal = size * size - sum(n * n for n in counts.values())
        return cls(counts, size, unequal / (size - 1))

    @classmethod
    def together(cls, tallies: Iterable[Tally]) -> Tally:
        """Return what several units add together."""
        values: dict[Hashable, int] = {}
        size, disagreement = 0, 0.0
        for counts, n, unequal in tallies:
            for value, times in counts.items():
                values[value] = values.get(value, 0) + times
            size += n
            disagreement += unequal
        return cls(values, size, disagreement)


def alpha_of(tallies: Iterable[Tally]) -> float | None:
    """Return Krippendorff's alpha for nominal codes (at most 1); None where no unit has two codes,
    or only one code was used."""
    values, n, observed = Tally.together(tallies)
    return _alpha(observed, n, *values.values())


def _alpha(observed: float, n: int, *counts: int) -> float | None:
    expected = n * n - sum(count * count for count in counts)
    return 1 - observed * (n - 1) / expected if expected else None


def interval_of(
    tallies: Sequence[Tally], *, level: float = 0.95, resamples: int = 1000, seed: int = 2023
) -> Interval | None:
    """Return a percentile bootstrap interval of alpha, by drawing tallies with replacement.

    The same tallies and seed give the same interval. None where alpha is None, or where more than
    half of the resamples used one code only.
    """
    if alpha_of(tallies) is None:
        return None
    # As rows of numbers: adding up a thousand resamples is what takes the time.
    codes = {code for tally in tallies for code in tally.values}
    rows = [
        (tally.disagreement, tally.size, *(tally.values.get(code, 0) for code in codes))
        for tally in tallies
    ]
    draw = random.Random(seed)
    found = (_alpha(*map(sum, zip(*draw.choices(rows, k=len(rows))))) for _ in range(resamples))
    alphas = sorted(alpha for alpha in found if alpha is not None)
    if len(alphas) < resamples / 2:
        return None
    cut, last = (1 - level) / 2, len(alphas) - 1
    return Interval(alphas[round(cut * last)], alphas[round((1 - cut) * last)])
