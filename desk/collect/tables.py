"""The tables that come out of a class, row by row; ``docs/collecting.md`` explains them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from desk.collect.agreement import ClassLayer, Figures
from desk.collect.judge import Items, items_of
from desk.collect.marks import Total
from desk.collect.readings import mean_percent, readings
from desk.collect.roll import Roll, Student
from desk.collect.rubric import CRITERIA, OUT_OF, Given, said
from desk.collect.rubric_marks import Answer, Mark
from desk.collect.rubric_table import COLUMNS

Row = list[Any]

FREE_TEXT = (
    "student", "file", "exercise", "field", "handed in", "text", "words", "evidence",
    "evidence stands there", *COLUMNS.values(), "comment", f"of {OUT_OF}", "remark", "answer",
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
        "student", "signed", "system", "id", "file", "saved", "late",
        "points so far", "points out of",
        "facts and anchors", "facts out of", "facts with first answers",
        "agreement work", "agreement out of",
        "free text", "free text out of", "free text to mark",
        "begun, not handed in", "left blank",
    ]  # fmt: skip
    for e in plan.asked:
        kinds: tuple[str, ...] = ("handed in",)
        if e.checked:
            kinds = ("first", "best", "tries", *(() if e.unmarked else ("sure",)))
        kinds += ("rubric",) if e.texts else ()
        aside = "" if e.id in plan.counted else " (does not count)"
        head += [f"{e.id} {kind}{aside}" for kind in kinds]
    for e in plan.checked:
        head += [f"{e.id} {item} {kind}" for item in items[e.id] for kind in ("first", "best")]
    yield head
    for student in by_name(roll):
        found, points = student.marks.exercises, roll.total(student)
        drafts = [e.id for e in plan.asked if found[e.id].draft]
        row: Row = [
            student.name, student.signed, student.owner.system, student.owner.id, student.place,
            student.saved, "yes" if student.late else "",
            _points(points.so_far), points.so_far_of,
            _points(points.auto), points.auto_of, _points(points.auto_first),
            _points(points.agreement), points.agreement_of,
            _written(student, points), points.written_of, points.to_mark,
            " ".join(drafts), student.blank,
        ]  # fmt: skip
        for e in plan.asked:
            one = found[e.id]
            if e.checked:
                row += [_mean(one.first, one.attempts), _mean(one.best, one.attempts)]
                row += [one.attempts, *(() if e.unmarked else (one.sure,))]
            else:
                row.append(int(one.attempts > 0))
            if e.texts:
                given = student.given.get(e.id)
                row.append(given.points if given and given.whole else "")
        for e in plan.checked:
            one = found[e.id]
            for item in items[e.id]:
                row += [_item(one.first, item), _item(one.best, item)]
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
        # Where Canvas hides names, the id in the file's is none that its gradebook knows.
        known = student.owner.system == "canvas" and student.owner.id.isdecimal()
        id = student.owner.id if known else ""
        login = student.owner.id if student.owner.system == "nbgrader" else ""
        # A part of the points would be read as all of them.
        written = "" if points.to_mark else _points(points.written)
        there = (_points(points.auto), _points(points.agreement), written)
        cells = [cell for cell, (_, possible) in zip(there, of) if possible]
        yield [student.name, id, "", login, "", *cells]


def moodle(roll: Roll) -> Iterator[Row]:
    """Yield the rows of marks-moodle.csv, as Moodle's offline grading worksheet has them.

    Moodle refuses a worksheet without ``Identifier``, ``Grade`` or ``Last modified (grade)``; see
    ``mod/assign/feedback/offline/importgradeslib.php`` in its source. When a grade was last changed
    there nobody knows here, so the cell is empty.
    """
    yield [
        "Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)",
        "Feedback comments",
    ]  # fmt: skip
    for student in by_name(roll):
        points = roll.total(student)
        parts = [
            (points.auto, points.auto_of, "Facts and anchors"),
            (points.agreement, points.agreement_of, "Agreement work"),
        ]
        told = [f"{name}: {_points(got)} of {of}." for got, of, name in parts if of]
        if points.written_of and not points.to_mark:
            told.append(f"Free text: {_points(points.written)} of {points.written_of}.")
        elif points.written_of:
            told.append(f"Free text is read by a person and is worth {points.written_of} more.")
        told += _comments(student)
        id = f"Participant {student.owner.id}" if student.owner.system == "moodle" else ""
        most = points.auto_of + points.agreement_of + points.written_of
        yield [id, student.name, _points(points.so_far), most, "", " ".join(told)]


def _comments(student: Student) -> Iterator[str]:
    """Yield what is said of each answer in free text; Moodle shows it as HTML."""
    for exercise, given in student.given.items():
        points = f" {given.points} of {OUT_OF}." if given.whole else ""
        comment = f" {' '.join(given.comment.split())}" if given.comment.strip() else ""
        if points or comment:
            yield escape(f"{exercise}:{points}{comment}", quote=False)


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
        "with rules", "rules with reference",
    ]  # fmt: skip
    students: list[Row] = []
    for id, theirs in readings(roll).items():
        for labels, layer in (("first", roll.first[id]), ("now", roll.now[id])):
            by_reference = layer.with_row(theirs.reference)
            by_rules = layer.with_row(theirs.rules)
            for student in by_name(roll):
                if student.number not in layer.rows:
                    continue
                percent, alpha = by_reference[student.number]
                coded = _coded(layer, student.number)
                students.append(
                    ["student", id, labels, student.name, "", coded, "", "", "", ""]
                    + [_share(percent), _share(alpha), _share(layer.with_class(student.number))]
                    + [_share(by_rules[student.number].percent), ""]
                )
            yield [
                "class", id, labels, "", *_figures(layer.figures),
                _share(mean_percent(by_reference)), "", "",
                _share(mean_percent(by_rules)), _share(theirs.share),
            ]  # fmt: skip
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


def free_text(student: Student, answer: Answer, given: Given, before: Mark | None) -> Row:
    """Return the row of free-text.csv on one answer.

    Args:
        student: whose it is.
        answer: what was written.
        given: the mark it has, or an empty one.
        before: a mark that an earlier version of the answer had.
    """
    texts = [text for _, text in answer.texts]
    several = len(texts) > 1
    remark = f"The answer has changed since it was marked: {said(before.given)}." if before else ""
    return [
        student.name, student.place, answer.exercise,
        ", ".join(field for field, _ in answer.texts),
        "draft only" if answer.draft else "yes",
        "\n\n".join(f"{field}: {text}" for field, text in answer.texts) if several else texts[0],
        sum(len(text.split()) for text in texts),
        "\n".join(f"{block}: {words}" for block, words, _ in answer.evidence),
        "\n".join("yes" if holds else "no" for *_, holds in answer.evidence),
        *(given.scores.get(criterion.id, "") for criterion in CRITERIA),
        given.comment, given.points if given.whole else "", remark, answer.answer,
    ]  # fmt: skip


def _written(student: Student, points: Total) -> float | str:
    """Return the points for free text so far; nothing where nothing has been marked yet."""
    begun = any(given.whole for given in student.given.values())
    return _points(points.written) if begun or not points.to_mark else ""


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
