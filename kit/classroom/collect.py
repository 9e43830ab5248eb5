"""From a folder of work files to marks, agreement, and what to ask whom: ``python -m kit collect``.

Into the folder for the results, which must be new, empty or made by this command (see
:mod:`kit.made`), come

``marks.csv``
    One row a student. ``student`` is the name by which the file came, ``signed`` the name in it,
    ``system`` and ``id`` where the learning platform's file name told them. Then points:
    ``facts and anchors``, ``agreement work`` and ``free text``, each with what it is out of;
    free text is left empty for you. ``facts with first answers`` is what facts and anchors would
    be worth if only first answers counted. Then for each exercise ``first`` and ``best`` (0 … 1)
    and ``tries``; for those that nobody checks ``handed in`` (1 or 0). At the end each item by
    itself.
    How points come about is told in :mod:`kit.classroom.marks`.
``marks-canvas.csv``
    For *Grades → Import* in Canvas. Canvas knows students by ``ID``; where it is empty (the file
    did not come from Canvas), fill it in from an export of your gradebook, with ``Section``.
``marks-moodle.csv``
    For *Upload grading worksheet* in Moodle's assignment. Moodle knows students by
    ``Identifier``; where it is empty, copy it from *Download grading worksheet*. The grade is the
    points so far; add those for free text before you upload.
``agreement.csv``
    ``class`` rows: for each layer how far all students agree, in first answers (as committed) and
    as labels are now; ``with reference`` is the mean over students. ``student`` rows: how far
    each agrees with the reference and with the others. Shares are 0 … 1.
    What is counted is told in :mod:`kit.classroom.agreement`.
``problems.csv``
    Every file that is not used, with the reason and what to ask the student; and what to know of
    files that are used. Rows that need nothing come last.
``free-text.csv``
    What students wrote in their own words, with their evidence and whether it stands in the
    paragraph they named; four empty columns for the rubric, 0 to 3 each.
``report.html``
    One page for you and, names hidden, for the wall: where the class disagrees, and how it did.

Cells that a spreadsheet would run as a formula begin with an apostrophe.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from kit import datasets, exercises
from kit.classroom import assignment as assignments
from kit.classroom import class_report, tables, work_file
from kit.classroom.plan import Plan, lessons, plan_of, whole_course
from kit.classroom.roll import Roll, Student
from kit.classroom.submissions import Found, Problem, find, shown
from kit.classroom.workers import examine_all
from kit.coding import defuse
from kit.errors import KitError
from kit.made import check, making

__all__ = ["FILES", "WHAT", "CollectError", "collect"]

#: What the mark of the folder calls it.
WHAT = "results of a class"
#: A byte-order mark lets Excel read a table as UTF-8; learning platforms do without.
FOR_PEOPLE, FOR_PLATFORMS = "utf-8-sig", "utf-8"
FILES = (
    "marks.csv",
    "marks-canvas.csv",
    "marks-moodle.csv",
    "agreement.csv",
    "problems.csv",
    "free-text.csv",
    "report.html",
)

_NOTE = """\
Made by: python -m kit collect
Making it again replaces these files; write comments and rubric marks into copies.
The names and marks of students are in it: keep it to yourself."""


class CollectError(KitError, ValueError):
    """The class's work cannot be collected; the message says why and what to do."""


def collect(
    folder: Path,
    out: Path,
    assignment: Path | None = None,
    *,
    progress: IO[str] | None = None,
    now: Callable[[], datetime] = datetime.now,
) -> Roll:
    """Collect a class's work and write the results.

    Args:
        folder: where the work files are: a folder at any depth, or one zip.
        out: the folder for the results.
        assignment: the file that says what was asked; without it, the text that most files are
            about, and every lesson out of which somebody has handed something in.
        progress: where to count the files, such as the standard error.
        now: what time it is.

    Raises:
        MadeError: ``out`` is something else, or cannot be written.
        CollectError: no work file was found, or ``out`` is where they are.
        FolderError, AssignmentError: the folder or the assignment cannot be used.
    """
    folder, out = Path(folder), Path(out)
    check(out, WHAT)
    if out.exists() and folder.exists() and out.samefile(folder):
        raise CollectError("The results cannot go into the folder with the work files itself.")
    with making(out, WHAT, _NOTE) as place:
        apart = [out, place]
        if assignment is not None:
            plan = plan_of(assignments.read(assignment))
        else:
            plan = whole_course(*_most_common(folder, apart))
        roll = Roll(plan)
        with _table(place / "free-text.csv") as write:
            write(tables.FREE_TEXT)
            for student in _students(folder, apart, plan, roll, progress):
                for row in tables.free_text(student):
                    write(row)
        if assignment is None:
            roll.narrow(whole_course(plan.article.id, roll.begun))
        for name, rows, encoding in (
            ("marks.csv", tables.marks(roll), FOR_PEOPLE),
            ("marks-canvas.csv", tables.canvas(roll), FOR_PLATFORMS),
            ("marks-moodle.csv", tables.moodle(roll), FOR_PLATFORMS),
            ("agreement.csv", tables.agreement(roll), FOR_PEOPLE),
            ("problems.csv", tables.problems(roll), FOR_PEOPLE),
        ):
            with _table(place / name, encoding) as write:
                for row in rows:
                    write(row)
        page = class_report.page(roll, made=now())
        (place / "report.html").write_bytes(page.encode("utf-8", "replace"))
    return roll


def _students(
    folder: Path, apart: Sequence[Path], plan: Plan, roll: Roll, progress: IO[str] | None
) -> Iterator[Student]:
    """Yield the students whose work can be used, one at a time, and tell the roll the rest."""
    count = _Counting(progress)
    for one in examine_all(find(folder, leave_out=apart), plan):
        count.one()
        if isinstance(one, Problem):
            roll.tell(one)
        elif (student := roll.take(*one)) is not None:
            yield student
    count.end(f"{len(roll.students)} work files used, {roll.to_ask} to ask about.")


def _most_common(folder: Path, apart: Sequence[Path]) -> tuple[str, frozenset[str]]:
    """Return the text that most work files are about, with all exercises there are."""
    about: Counter = Counter()
    known = {id: datasets.load_article(id).sha256 for id in datasets.article_ids()}
    for found in find(folder, leave_out=apart):
        if isinstance(found, Found):
            try:
                head = work_file.head(found.data)
            except work_file.NotUsable:
                continue
            about[head.article] += known.get(head.article) == head.sha256
    if not +about:
        raise CollectError(
            f"There is no work file in {folder} on a text that this kit has. Work files are called "
            "like ana-blinken-beijing-2023.json; notebooks and reports do not hold the work."
        )
    article = min(+about, key=lambda id: (-about[id], id))
    return article, frozenset(e.id for name in lessons() for e in exercises.load(name))


# -- tables ----------------------------------------------------------------------------------------


@contextmanager
def _table(path: Path, encoding: str = FOR_PEOPLE) -> Iterator[Callable[[Iterable[object]], None]]:
    """Open a CSV file and give what writes a row into it."""
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        write = csv.writer(file).writerow
        yield lambda row: write([_cell(cell) for cell in row])


def _cell(cell: object) -> object:
    """Return a cell that no spreadsheet runs and that no control character breaks."""
    if isinstance(cell, str):
        # What remains of a cell in which NUL and its like are blanks is what people can read.
        cell = "".join(c if c.isprintable() or c in "\n\t" else " " for c in cell)
        return defuse(cell)
    return cell


# -- counting --------------------------------------------------------------------------------------


class _Counting:
    """Counts files on one line, where somebody looks on."""

    EVERY = 25

    def __init__(self, to: IO[str] | None):
        self._to = to
        self._n = 0
        self._live = to is not None and to.isatty()

    def one(self) -> None:
        self._n += 1
        if self._live and self._n % self.EVERY == 0:
            print(f"\r{self._n:,} files looked at", end="", file=self._to, flush=True)

    def end(self, said: str) -> None:
        if self._to is not None:
            lead = "\r" if self._live else ""
            print(f"{lead}{self._n:,} files looked at: {said}", file=self._to, flush=True)


def main(folder: Path, out: Path, assignment: Path | None) -> str:
    """Collect as the command line asks, and return what to print."""
    roll = collect(folder, out, assignment, progress=sys.stderr)
    asks = f" {roll.to_ask} to ask about: see problems.csv." if roll.to_ask else ""
    return (
        f"The work of {len(roll.students)} students on {shown(roll.plan.article.title)} is in "
        f"{out}. Open report.html there.{asks}"
    )
