"""What a class found in a short story before the course, and in another one after it.

Only what holds for a group is told, never what a student had: no name stands here, and of fewer
than :data:`LEAST` students no figure that would give one of them away.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from statistics import StatisticsError, correlation, fmean
from typing import NamedTuple

from markupsafe import Markup

from desk.collect import before_after
from desk.collect.before_after import Sitting
from desk.collect.roll import Roll
from kit import exercises
from kit.base.phrases import percent
from kit.base.templating import render
from kit.exercises.forms import AFTER, BEFORE, FORMS
from kit.library import datasets
from kit.measure.alpha import Interval

#: A figure on fewer students would tell too much about each of them.
LEAST = 5
RESAMPLES, SEED, LEVEL = 2000, 2023, 0.95

#: A student's two sittings.
Both = tuple[Sitting, Sitting]


class Change(NamedTuple):
    """How many more were right after the course.

    Attributes:
        mean: on average; where both orders have :data:`LEAST` students, the mean of the two
            orders' means, in which it cancels out that one text is harder than the other.
        interval: the 95 % bootstrap interval, by resampling students within each order.
        balanced: whether it is of both orders.
    """

    mean: float
    interval: Interval
    balanced: bool


def over_the_course(roll: Roll) -> Markup | None:
    """Return how the class answered before and after; None if nobody answered."""
    there = roll.sittings.all()
    before = [one for one, _ in there if one]
    after = [one for _, one in there if one]
    if not (before or after or roll.sittings.earlier):
        return None
    both = [(one, other) for one, other in there if one and other]
    changed = [pair for pair in both if pair[0].form != pair[1].form]
    return render(
        "class_report/change",
        "desk",
        before_id=BEFORE,
        after_id=AFTER,
        before=len(before),
        after=len(after),
        both=len(changed),
        same=len(both) - len(changed),
        earlier=roll.sittings.earlier,
        of=len(before_after.questions()),
        orders=_orders(changed),
        change=change_of(changed) if len(changed) >= LEAST else None,
        questions=_questions(before, after),
        least=LEAST,
        where=before_after.WHERE,
    )


def _orders(both: Sequence[Both]) -> list[tuple[str, int, float, float]]:
    """Return, for each order of the texts, how many met them so, and right answers on average."""
    return [
        (
            f"{_title(form)} first",
            len(here),
            fmean(sum(one.right) for one, _ in here),
            fmean(sum(other.right) for _, other in here),
        )
        for form in FORMS
        if len(here := [pair for pair in both if pair[0].form == form]) >= LEAST
    ]


def change_of(both: Sequence[Both]) -> Change:
    """Return the change of students who met both texts; there must be one at least."""
    gains = [
        [sum(other.right) - sum(one.right) for one, other in both if one.form == form]
        for form in FORMS
    ]
    balanced = all(len(here) >= LEAST for here in gains)
    groups = gains if balanced else [[gain for here in gains for gain in here]]
    draw = random.Random(SEED)
    means = sorted(
        fmean(fmean(draw.choices(here, k=len(here))) for here in groups) for _ in range(RESAMPLES)
    )
    cut = round((1 - LEVEL) / 2 * (RESAMPLES - 1))
    interval = Interval(means[cut], means[-1 - cut])
    return Change(fmean(map(fmean, groups)), interval, balanced)


def _questions(before: Sequence[Sitting], after: Sequence[Sitting]) -> list[tuple[str, ...]]:
    """Return, for each text and question, how many had it right before and after, and how well it
    told students apart before the course."""
    asked = exercises.find(exercises.load(before_after.LESSONS[BEFORE]), BEFORE)
    rows = []
    for form in FORMS:
        first, last = ([one for one in there if one.form == form] for there in (before, after))
        for n, text in enumerate(asked.texts):
            shares = (
                percent(fmean(one.right[n] for one in there)) if len(there) >= LEAST else "–"
                for there in (first, last)
            )
            told = discrimination(first, n) if len(first) >= LEAST else None
            rows.append((_title(form), text.label, *shares, "–" if told is None else f"{told:.2f}"))
    return rows


def discrimination(sittings: Iterable[Sitting], question: int) -> float | None:
    """Return how far those who have a question right have the others right as well: the correlation
    of the one with the sum of the rest. None where all have the same."""
    answers = [one.right for one in sittings]
    one = [float(right[question]) for right in answers]
    rest = [float(sum(right) - right[question]) for right in answers]
    try:
        return correlation(one, rest)
    except StatisticsError:
        return None


def _title(form: str) -> str:
    return datasets.load_article(FORMS[form]).meta["short"]
