"""What a class knew before the course and after it: six questions then, and six like them now.

Only what holds for a group is told, never what a student had: no name stands here, and below
:data:`LEAST` students with both no figure that would give one of them away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from desk.collect import six_questions
from desk.collect.class_report.common import drawn
from desk.collect.roll import Roll
from desk.collect.six_questions import AFTER, BEFORE

__all__ = ["LEAST", "over_the_course"]

#: A figure on fewer students would tell too much about each of them.
LEAST = 5

#: How many more right answers at the end, from … to …, and what that is called.
_STEPS = (
    (-6, -3, "at least 3 fewer"),
    (-2, -2, "2 fewer"),
    (-1, -1, "1 fewer"),
    (0, 0, "as many"),
    (1, 1, "1 more"),
    (2, 2, "2 more"),
    (3, 6, "at least 3 more"),
)


class Change(NamedTuple):
    """What became of those who answered both.

    Attributes:
        at_first, at_last: how many of six were right on average.
        more, as_many, fewer: how many students had more right at the end, and so on.
        steps: what a change is called, and how many students had it.
    """

    at_first: float
    at_last: float
    more: int
    as_many: int
    fewer: int
    steps: list[tuple[str, int]]


def over_the_course(roll: Roll) -> Markup | None:
    """Return how the class answered before and after; None if nobody answered."""
    there = roll.six.all()
    before = sum(one.before is not None for one in there)
    after = sum(one.after is not None for one in there)
    if not before and not after:
        return None
    both = [
        (one.before, one.after) for one in there if one.before is not None and one.after is not None
    ]
    return drawn(
        "change",
        before_id=BEFORE,
        after_id=AFTER,
        before=before,
        after=after,
        both=len(both),
        figures=_change(both) if len(both) >= LEAST else None,
        least=LEAST,
        where=six_questions.WHERE,
    )


def _change(both: Sequence[tuple[int, int]]) -> Change:
    """Return the change of those who answered twice, given how many each had right."""
    n = len(both)
    steps = Counter(after - before for before, after in both)
    more = sum(times for step, times in steps.items() if step > 0)
    fewer = sum(times for step, times in steps.items() if step < 0)
    counts = [
        (said, sum(steps[step] for step in range(low, high + 1))) for low, high, said in _STEPS
    ]
    at_first, at_last = (sum(rights) / n for rights in zip(*both))
    return Change(at_first, at_last, more, n - more - fewer, fewer, counts)
