"""The tables that come out of a class, row by row; :mod:`kit.classroom.collect` explains them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kit.classroom.agreement import ClassLayer, Figures
from kit.classroom.judge import Items, items_of
from kit.classroom.plan import Plan
from kit.classroom.roll import Roll, Student
from kit.exercises.markup import plain

__all__ = ["FREE_TEXT", "agreement", "canvas", "free_text", "marks", "moodle", "problems"]

Row = list[Any]

FREE_TEXT = (
    "student", "file", "exercise", "field", "handed in", "text", "words", "evidence",
    "evidence stands there", "Evidence 0-3", "Method 0-3", "Interpretation 0-3", "Limits 0-3",
)  # fmt: skip
#: Points of an assignment and shares have so many decimals.
POINTS, SHARE = 1, 3


def by_name(roll: Roll) -> list[Student]:
    """Return the students in the order in which they are listed."""
    return sorted(roll.students, key=lambda student: (student.name.casefold(), student.number))


def marks(roll: Roll) -> Iterator[Row]:
    """Yield the rows of marks.csv."""
    plan = roll.plan
    items = {e.id: items_of(e, plan) for e in plan.checked}
    head: Row = [
        "student", "signed", "system", "id", "file", "saved",
        "points so far", "points out of",
        "facts and anchors", "facts out of", "facts with first answers",
        "agreement work", "agreement out of",
        "free text", "free text out of",
        "begun, not handed in",
    ]  # fmt: skip
    for e in plan.asked:
        kinds = ("first", "best", "tries") if e.checked else ("handed in",)
        aside = "" if e.id in plan.counted else " (does not count)"
        head += [f"{e.id} {kind}{aside}" for kind in kinds]
    for e in plan.checked:
        head += [f"{e.id} {item} {kind}" for item in items[e.id] for kind in ("first", "best")]
    yield head
    for student in by_name(roll):
        work, points = student.work, roll.total(student)
        drafts = [e.id for e in plan.asked if work.marks.exercises[e.id].draft]
        row: Row = [
            student.name, work.signed, student.owner.system, student.owner.id, student.place,
            work.saved,
            _points(points.auto + points.agreement), points.auto_of + points.agreement_of,
            _points(points.auto), points.auto_of, _points(points.auto_first),
            _points(points.agreement), points.agreement_of,
            "", points.written_of,
            " ".join(drafts),
        ]  # fmt: skip
        for e in plan.asked:
            found = work.marks.exercises[e.id]
            if e.checked:
                row += [_mean(found.first, found.attempts), _mean(found.best, found.attempts)]
                row.append(found.attempts)
            else:
                row.append(int(found.attempts > 0))
        for e in plan.checked:
            found = work.marks.exercises[e.id]
            for item in items[e.id]:
                row += [_item(found.first, item), _item(found.best, item)]
        yield row


def canvas(roll: Roll) -> Iterator[Row]:
    """Yield the rows of marks-canvas.csv: Canvas wants its first columns so named, and a row of
    points possible."""
    title = roll.plan.title
    of = _of(roll)
    heads = [f"{title}: {name}" for name, possible in of if possible]
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *heads]
    yield ["    Points Possible", "", "", "", "", *(possible for _, possible in of if possible)]
    for student in by_name(roll):
        points = roll.total(student)
        id = student.owner.id if student.owner.system == "canvas" else ""
        login = student.owner.id if student.owner.system == "nbgrader" else ""
        there = (_points(points.auto), _points(points.agreement), "")
        cells = [cell for cell, (_, possible) in zip(there, of) if possible]
        yield [student.name, id, "", login, "", *cells]


def moodle(roll: Roll) -> Iterator[Row]:
    """Yield the rows of marks-moodle.csv, as Moodle's offline grading worksheet has them."""
    yield ["Identifier", "Full name", "Grade", "Maximum Grade", "Feedback comments"]
    for student in by_name(roll):
        points = roll.total(student)
        parts = [
            (points.auto, points.auto_of, "Facts and anchors"),
            (points.agreement, points.agreement_of, "Agreement work"),
        ]
        said = [f"{name}: {_points(got)} of {of}." for got, of, name in parts if of]
        if points.written_of:
            said.append(f"Free text is read by a person and is worth {points.written_of} more.")
        id = f"Participant {student.owner.id}" if student.owner.system == "moodle" else ""
        most = points.auto_of + points.agreement_of + points.written_of
        got = _points(points.auto + points.agreement)
        yield [id, student.name, got, most, " ".join(said)]


def _of(roll: Roll) -> list[tuple[str, int]]:
    """Return the three kinds of points, and how many there are of each."""
    if not roll.students:
        return []
    points = roll.total(roll.students[0])
    return [
        ("facts and anchors", points.auto_of),
        ("agreement work", points.agreement_of),
        ("free text", points.written_of),
    ]


def agreement(roll: Roll) -> Iterator[Row]:
    """Yield the rows of agreement.csv."""
    yield [
        "rows", "layer", "labels", "student", "students", "units", "percent", "alpha",
        "alpha low", "alpha high", "with reference", "alpha with reference", "with class",
    ]  # fmt: skip
    students: list[Row] = []
    for id, scale in roll.scales.items():
        theirs = roll.plan.reference
        reference = scale.coded(theirs.coding) if theirs else None
        for labels, layer in (("first", roll.first[id]), ("now", roll.now[id])):
            shares = []
            for student in by_name(roll):
                if student.number not in layer.rows:
                    continue
                percent, alpha = layer.with_row(student.number, reference)
                shares += [percent] if percent is not None else []
                coded = _coded(layer, student.number)
                students.append(
                    ["student", id, labels, student.name, "", coded, "", "", "", ""]
                    + [_share(percent), _share(alpha), _share(layer.with_class(student.number))]
                )
            mean = sum(shares) / len(shares) if shares else None
            yield ["class", id, labels, "", *_figures(layer.figures), _share(mean), "", ""]
    yield from students


def _coded(layer: ClassLayer, reader: int) -> int:
    """Return how many units a reader coded; of words, how many are marked."""
    row = layer.rows[reader]
    return len(row) - row.count(0) - row.count(1)


def _figures(figures: Figures) -> Row:
    interval = figures.interval or (None, None)
    return [
        figures.readers,
        figures.units,
        *(_share(value) for value in (figures.percent, figures.alpha, *interval)),
    ]


def problems(roll: Roll) -> Iterator[Row]:
    """Yield the rows of problems.csv, what needs somebody first."""
    yield ["what to do", "file", "student", "id", "why", "what to ask or do"]
    order = {"ask": 0, "look": 1, "nothing": 2}
    for problem in sorted(roll.problems, key=lambda problem: order[problem.level]):
        owner = problem.owner
        yield [problem.level, problem.place, owner.name, owner.id, problem.why, problem.ask]


def free_text(student: Student) -> Iterator[Row]:
    """Yield the rows of free-text.csv that one student has."""
    for written in student.work.marks.written:
        rows = [f"{block}: {words}" for block, words in written.evidence]
        stands = ["yes" if holds else "no" for holds in written.holds]
        yield [
            student.name, student.place, written.exercise, written.field,
            "draft only" if written.draft else "yes",
            written.text, len(written.text.split()), "\n".join(rows), "\n".join(stands),
            "", "", "", "",
        ]  # fmt: skip


def title_of(plan: Plan, id: str) -> str:
    """Return an exercise's title without its marks."""
    return next((plain(e.title) for e in plan.asked if e.id == id), id)


def _points(points: float) -> float:
    return round(points, POINTS)


def _share(share: float | None) -> float | str:
    return "" if share is None else round(share, SHARE)


def _mean(items: Items | None, attempts: int) -> float | str:
    """Return an exercise's share; nothing where nothing was handed in."""
    if items is None:
        return "not known" if attempts else ""
    return _share(sum(items.values()) / len(items)) if items else ""


def _item(items: Items | None, item: str) -> float | str:
    return _share(items[item]) if items and item in items else ""
