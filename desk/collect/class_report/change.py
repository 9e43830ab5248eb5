"""What a class knew before the course and after it: six questions then, and six like them now.

Only what holds for a group is told, never what a student had: no name stands here, and below
:data:`LEAST` students with both no figure that would give one of them away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from desk.collect import six_questions
from desk.collect.class_report.common import bars
from desk.collect.roll import Roll
from desk.collect.six_questions import AFTER, BEFORE, Six

__all__ = ["LEAST", "over_the_course"]

#: A figure on fewer students would tell too much about each of them.
LEAST = 5

_LIMIT = (
    "<p>What this cannot show: whether it was the course, for the questions at the end are other "
    "ones and meant to be harder, six are few, no other class stands beside yours, and whoever "
    "left before the end is missing.</p>"
)
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


def over_the_course(roll: Roll) -> str:
    """Return how the class answered before and after, as HTML; nothing if nobody answered."""
    there = roll.six.all()
    before = sum(one.before is not None for one in there)
    after = sum(one.after is not None for one in there)
    if not before and not after:
        return ""
    both = [one for one in there if one.before is not None and one.after is not None]
    return (
        f"<p>The course begins with six questions ({BEFORE}) and ends with six others of the same "
        f"kind ({AFTER}). Of this class {before:,} answered those at the beginning, {after:,} "
        f"those at the end and {len(both):,} both. First answers count, since the kit then says "
        "what is right; nothing of it is part of a mark.</p>"
        f"{_figures(both)}"
    )


def _figures(both: Sequence[Six]) -> str:
    if not both:
        return f"<p>Nobody answered both, so there is no change to show. {six_questions.WHERE}</p>"
    if len(both) < LEAST:
        return (
            f"<p>Fewer than {LEAST} answered both. An average would tell too much about each of "
            f"them, so there is none. {six_questions.WHERE}</p>"
        )
    n = len(both)
    steps = Counter(one.after - one.before for one in both)
    more = sum(times for step, times in steps.items() if step > 0)
    fewer = sum(times for step, times in steps.items() if step < 0)
    counts = [
        (said, sum(steps[step] for step in range(low, high + 1))) for low, high, said in _STEPS
    ]
    return (
        f"<p>The {n:,} who answered both had {sum(one.before for one in both) / n:.1f} of 6 right "
        f"on average at the beginning, and {sum(one.after for one in both) / n:.1f} at the end. "
        f"At the end {more:,} of them had more right, {n - more - fewer:,} as many and {fewer:,} "
        "fewer.</p>"
        + bars(
            ("Right at the end", "Students"),
            counts,
            f"Right answers at the end beside those at the beginning, {n:,} students",
        )
        + _LIMIT
    )
