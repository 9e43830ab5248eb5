"""How a class did: its points, each exercise, each student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from desk.collect.class_report.common import NOTHING_YET, bars, who
from desk.collect.judge import share
from desk.collect.roll import Roll
from desk.collect.tables import by_name
from kit.base.html_page import table
from kit.base.phrases import percent, plural
from kit.exercises import Exercise
from kit.exercises.markup import plain

__all__ = ["exercises", "overview", "students"]


def overview(roll: Roll) -> str:
    """Return how many points the class has, as far as they are known."""
    if not roll.students:
        return "<p>No work file could be used; problems.csv says why.</p>"
    totals = [roll.total(student) for student in roll.students]
    of = totals[0].auto_of + totals[0].agreement_of
    if not of:
        return f"<p>Nothing of what was asked is counted here.</p>{_free_text(roll)}"
    got = sorted(t.auto + t.agreement for t in totals)
    return (
        f"<p>Points without free text, out of {of}: {_half(got)}</p>"
        f"{_histogram(got, of)}{_free_text(roll)}"
    )


def _free_text(roll: Roll) -> str:
    totals = [roll.total(student) for student in roll.students]
    of, left = totals[0].written_of, sum(t.to_mark for t in totals)
    if not of:
        return ""
    done = sorted(t.written for t in totals if not t.to_mark)
    if not done or not any(student.work.marks.given for student in roll.students):
        return f"<p>Free text ({of} points) is still to be marked: {plural(left, 'answer')}.</p>"
    said = f"<p>Free text, out of {of}: {_half(done)}"
    if left:
        said += f" {plural(left, 'answer')} still to mark; the figures leave those students out."
    return f"{said}</p>"


def _half(got: Sequence[float]) -> str:
    middle = got[len(got) // 2] if len(got) % 2 else sum(got[len(got) // 2 - 1 :][:2]) / 2
    return (
        f"half of the class has {middle:.1f} or more; the lowest is {got[0]:.1f}, the highest "
        f"{got[-1]:.1f}."
    )


def _histogram(got: Sequence[float], of: int) -> str:
    tenths = [0] * 10
    for points in got:
        tenths[min(9, int(10 * points / of))] += 1
    names = (f"{of * n / 10:g} to {of * (n + 1) / 10:g}" for n in range(10))
    return bars(("Points", "Students"), zip(names, tenths), "Students by points so far")


def exercises(roll: Roll) -> str:
    """Return how each exercise was answered."""
    rows = []
    for e in roll.plan.asked:
        marks = [student.work.marks.exercises[e.id] for student in roll.students]
        done = [m for m in marks if m.attempts]
        best = [share(m.best) for m in done if m.best is not None]
        first = [share(m.first) for m in done if m.first is not None]
        rows.append(
            (
                f"{e.id} {escape(plain(e.title))}",
                f"{len(done):,}",
                escape(percent(sum(first) / len(first))) if first else "",
                escape(percent(sum(best) / len(best))) if best else "",
                ", ".join(_aside(e, e.id in roll.plan.counted)),
            )
        )
    if not rows:
        return NOTHING_YET
    counted = "last" if roll.plan.graded else "best"
    heads = ("Exercise", "Handed in", "Right at first", f"Right at {counted}", "")
    note = f"<p>Of several answers to an exercise the {counted} one counts.</p>"
    return note + table(heads, rows, numbers=(1, 2, 3))


def _aside(e: Exercise, counts: bool) -> Iterator[str]:
    if e.texts:
        yield "read by a person"
    elif not e.checked:
        yield f"{'readers differ: ' if e.item == 'disputed' else ''}nothing to mark"
    if not counts:
        yield "does not count"


def students(roll: Roll) -> str:
    """Return each student's points, in the order in which the files were found."""
    rows = []
    listed = by_name(roll)
    if not listed:
        return "<p>None.</p>"
    for student in sorted(listed, key=lambda s: s.number):
        points = roll.total(student)
        rows.append(
            (
                who(roll, student.number),
                f"{points.auto:.1f}",
                f"{points.auto_first:.1f}",
                f"{points.agreement:.1f}",
                "to mark" if points.to_mark else f"{points.written:.1f}",
            )
        )
    points = roll.total(listed[0])
    heads = (
        "Student",
        f"Facts and anchors, of {points.auto_of}",
        "With first answers",
        f"Agreement work, of {points.agreement_of}",
        f"Free text, of {points.written_of}",
    )
    return table(heads, rows, numbers=(1, 2, 3, 4))
