"""Krippendorff's alpha from counts: what a unit adds, however many readers there are.

Source: K. Krippendorff, Content Analysis (4th ed. 2019), chapter 12; for the interval A. Zapf et
al., BMC Medical Research Methodology 16 (2016), 93.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

LEVEL, RESAMPLES, SEED = 0.95, 1000, 2023


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


def interval_of(tallies: Sequence[Tally]) -> Interval | None:
    """Return the 95 % bootstrap interval of alpha; None where alpha is None, too."""
    if alpha_of(tallies) is None:
        return None
    # As rows of numbers: adding up a thousand resamples is what takes the time.
    codes = {code for tally in tallies for code in tally.values}
    rows = [
        (tally.disagreement, tally.size, *(tally.values.get(code, 0) for code in codes))
        for tally in tallies
    ]
    return bootstrap(rows, _alpha)


def bootstrap(
    rows: Sequence[Sequence[float]], statistic: Callable[..., float | None]
) -> Interval | None:
    """Return the percentile interval of a statistic, by drawing rows with replacement.

    The same rows give the same interval. None where more than half of the resamples give none.

    Args:
        rows: what each unit adds.
        statistic: takes the sums of a resample, column by column.
    """
    draw = random.Random(SEED)
    found = (statistic(*map(sum, zip(*draw.choices(rows, k=len(rows))))) for _ in range(RESAMPLES))
    values = sorted(value for value in found if value is not None)
    if len(values) < RESAMPLES / 2:
        return None
    cut, last = (1 - LEVEL) / 2, len(values) - 1
    return Interval(values[round(cut * last)], values[round((1 - cut) * last)])
