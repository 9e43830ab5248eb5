"""How a class did: its points, each exercise, each student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from markupsafe import Markup

from desk.collect.judge import share
from desk.collect.roll import Roll
from desk.collect.tables import by_name
from kit.base.phrases import percent, plural
from kit.base.templating import render
from kit.exercises import Exercise
from kit.exercises.markup import plain


def overview(roll: Roll) -> Markup:
    """Return how many points the class has, as far as they are known."""
    totals = [roll.total(student) for student in roll.students]
    of = totals[0].auto_of + totals[0].agreement_of if totals else 0
    got = sorted(t.auto + t.agreement for t in totals)
    return render(
        "class_report/points",
        "desk",
        students=totals,
        of=of,
        half=_half(got) if of else "",
        tenths=_tenths(got, of) if of else (),
        free_text=_free_text(roll) if totals else "",
    )


def _free_text(roll: Roll) -> str:
    totals = [roll.total(student) for student in roll.students]
    of, left = totals[0].written_of, sum(t.to_mark for t in totals)
    if not of:
        return ""
    done = sorted(t.written for t in totals if not t.to_mark)
    if not done or not any(student.given for student in roll.students):
        return f"Free text ({of} points) is still to be marked: {plural(left, 'answer')}."
    said = f"Free text, out of {of}: {_half(done)}"
    if left:
        said += f" {plural(left, 'answer')} still to mark; the figures leave those students out."
    return said


def _half(got: Sequence[float]) -> str:
    return (
        f"half of the class has {median(got):.1f} or more; the lowest is {got[0]:.1f}, the highest "
        f"{got[-1]:.1f}."
    )


def _tenths(got: Sequence[float], of: int) -> list[tuple[str, int]]:
    tenths = [0] * 10
    for points in got:
        tenths[min(9, int(10 * points / of))] += 1
    return [(f"{of * n / 10:g} to {of * (n + 1) / 10:g}", tenths[n]) for n in range(10)]


def exercises(roll: Roll) -> Markup:
    """Return how each exercise was answered."""
    rows = []
    for e in roll.plan.asked:
        marks = [student.marks.exercises[e.id] for student in roll.students]
        done = [m for m in marks if m.attempts]
        best = [share(m.best) for m in done if m.best is not None]
        first = [share(m.first) for m in done if m.first is not None]
        rows.append(
            (
                f"{e.id} {plain(e.title)}",
                f"{len(done):,}",
                percent(sum(first) / len(first)) if first else "",
                percent(sum(best) / len(best)) if best else "",
                ", ".join(_aside(e, e.id in roll.plan.counted)),
            )
        )
    return render(
        "class_report/exercises", "desk", rows=rows, counted="last" if roll.plan.graded else "best"
    )


def _aside(e: Exercise, counts: bool) -> Iterator[str]:
    if e.texts:
        yield "read by a person"
    elif not e.checked:
        yield f"{'readers differ: ' if e.status == 'disputed' else ''}nothing to mark"
    if not counts:
        yield "does not count"


def students(roll: Roll) -> Markup:
    """Return each student's points, in the order in which the files were found."""
    listed = sorted(by_name(roll), key=lambda student: student.number)
    return render(
        "class_report/students",
        "desk",
        listed=[(student, roll.total(student)) for student in listed],
    )
