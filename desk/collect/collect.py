"""From a folder of work files to marks and agreement, and what to ask: ``python -m desk collect``.

``docs/collecting.md`` says what lies in the folder for the results, column by column.
"""

from __future__ import annotations

import csv
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from desk.base.output_folder import STAMP, check, making
from desk.collect import class_report, rubric_marks, rubric_table, tables, work_file
from desk.collect.plan import Plan, lessons, plan_of, whole_course
from desk.collect.roll import Roll, Student
from desk.collect.rubric import Given
from desk.collect.rubric_marks import About, RubricError
from desk.collect.submissions import Found, Owner, Problem, find, shown
from desk.handout import assignment as assignments
from kit import exercises
from kit.base.durable import free_name
from kit.base.errors import KitError
from kit.base.files import reason
from kit.base.phrases import plural
from kit.coding.coding import defuse
from kit.library import datasets

#: What the stamp of the folder calls it.
WHAT = "results of a class"
#: A byte-order mark lets Excel read a table as UTF-8; learning platforms do without.
FOR_PEOPLE, FOR_PLATFORMS = "utf-8-sig", "utf-8"
#: After how many files somebody who looks on is told how many there are.
EVERY = 25
FREE_TEXT, ANSWERS = "free-text.csv", rubric_marks.ANSWERS
FILES = (
    "marks.csv",
    "marks-canvas.csv",
    "marks-moodle.csv",
    "agreement.csv",
    "problems.csv",
    FREE_TEXT,
    ANSWERS,
    "report.html",
)

_NOTE = """\
Made by: python -m desk collect
Making it again replaces these files. Marks for free text are kept: those in rubric-marks.json, and
those that you write into free-text.csv.
The names and marks of students are in it: keep it to yourself."""


_MEND = (
    "Mark these answers in the notebook mark-free-text, or mend the rows in the copy and collect "
    "with it."
)


class CollectError(KitError, ValueError):
    """The class's work cannot be collected; the message says why and what to do."""


def collect(
    folder: Path,
    out: Path,
    assignment: Path | None = None,
    *,
    rubric: Path | None = None,
    progress: IO[str] | None = None,
    now: Callable[[], datetime] = datetime.now,
) -> Roll:
    """Collect a class's work and write the results.

    Args:
        folder: where the work files are: a folder at any depth, or one zip.
        out: the folder for the results.
        assignment: the file that says what was asked; without it, the text that most files are
            about, and every lesson out of which somebody has handed something in.
        rubric: a copy of ``free-text.csv`` with marks in it; they take the place of other marks.
        progress: where to count the files, such as the standard error.
        now: what time it is.

    Raises:
        MadeError: ``out`` is something else, or cannot be written.
        CollectError: no work file was found, or ``out`` is where they are.
        RubricError: ``rubric`` is no such table, or the marks in ``out`` are damaged.
        NotSaved: the marks cannot be written.
        FolderError, AssignmentError: the folder or the assignment cannot be used.
    """
    folder, out = Path(folder), Path(out)
    check(out, WHAT)
    if _same(out, folder):
        raise CollectError("The results cannot go into the folder with the work files itself.")
    written = _FreeText(out, rubric)
    with making(out, WHAT, _NOTE) as place:
        # What is being made lies beside the results, in a folder of its own.
        apart = [out, place, place.parent]
        if assignment is not None:
            roll = Roll(plan_of(assignments.read(assignment)))
            asked = roll.plan.assignment.id
            _take(find(folder, leave_out=apart, assignment=asked), roll, progress)
        else:
            roll = Roll(whole_course(*_most_common(folder, apart)))
            _take(find(folder, leave_out=apart), roll, progress)
            roll.narrow(whole_course(roll.plan.article.id, roll.begun))
        texts = [one for student in roll.students for one in written.of(student)]
        lines = [*(answer for answer, _ in texts), _about(roll.plan)]
        (place / ANSWERS).write_bytes(b"".join(lines))
        written.end(roll, place)
        for name, rows, encoding in (
            (FREE_TEXT, [tables.FREE_TEXT, *(row for _, row in texts)], FOR_PEOPLE),
            ("marks.csv", tables.marks(roll), FOR_PEOPLE),
            ("marks-canvas.csv", tables.canvas(roll), FOR_PLATFORMS),
            ("marks-moodle.csv", tables.moodle(roll), FOR_PLATFORMS),
            ("agreement.csv", tables.agreement(roll), FOR_PEOPLE),
            ("problems.csv", tables.problems(roll), FOR_PEOPLE),
        ):
            with (place / name).open("w", encoding=encoding, errors="replace", newline="") as file:
                csv.writer(file).writerows([_cell(cell) for cell in row] for row in rows)
        page = class_report.page(roll, made=now())
        (place / "report.html").write_bytes(page.encode("utf-8", "replace"))
    return roll


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):  # one of them is not there, or has a name that nothing can have
        return False


def _about(plan: Plan) -> bytes:
    return rubric_marks.line(
        About(
            article=plan.article.id,
            sha256=plan.article.sha256,
            title=plan.title,
            asked=tuple(e.id for e in plan.asked),
            counted=tuple(e.id for e in plan.asked if e.id in plan.counted),
        )
    )


class _FreeText:
    """Free text and its marks: those kept in the folder, and those out of tables.

    Args:
        out: the folder of the results.
        table: a table that somebody has named.

    Raises:
        RubricError: the marks in the folder are damaged, or the table is none.
    """

    def __init__(self, out: Path, table: Path | None):
        self._out = out
        self._marks = rubric_marks.kept(out)
        self._latest = rubric_marks.newest(self._marks.values())
        self._tables = [self._among_the_results()]
        if table is not None:
            self._tables.append(rubric_table.read(Path(table), asked=True))

    def _among_the_results(self) -> rubric_table.Table:
        path = self._out / FREE_TEXT
        if not path.exists():
            return rubric_table.Table(FREE_TEXT, ())
        try:
            _, was = rubric_marks.read_answers(self._out)
        except RubricError:
            was = []
        try:
            return rubric_table.read(path, was=was)
        except RubricError as problem:
            return rubric_table.Table(FREE_TEXT, (), [str(problem)])

    def of(self, student: Student) -> Iterator[tuple[bytes, list[object]]]:
        """Yield what a student wrote, as the two files on free text have it, and note with the
        student what it was given."""
        for answer in rubric_marks.answers_of(student):
            for table in self._tables:
                mark = table.take(answer, self._marks)
                if mark is not None:
                    self._marks[mark.key] = mark
            mark = self._marks.get(answer.key)
            given = mark.given if mark else Given({})
            before = None if mark else rubric_marks.earlier(answer, self._latest)
            if mark:
                student.given[answer.exercise] = given
            kept = msgspec.structs.replace(answer, was=(dict(given.scores), given.comment))
            yield rubric_marks.line(kept), tables.free_text(student, answer, given, before)

    def end(self, roll: Roll, place: Path) -> None:
        """Keep the marks that were taken in, and tell of those that were not."""
        for table in self._tables:
            table.end()
            for why in table.problems:
                roll.tell(Problem(table.name, Owner(), why, _MEND, "look"))
        taken = [mark for table in self._tables for mark in table.taken]
        if taken:
            # Where there are results already, the marks are on the disk before anything goes.
            rubric_marks.keep(self._out if (self._out / STAMP).exists() else place, taken)
        if self._tables[0].problems:
            self._set_aside()

    def _set_aside(self) -> None:
        """Keep a copy of a table that will be made anew and out of which not all was taken."""
        try:
            shutil.copy2(self._out / FREE_TEXT, free_name(self._out / "free-text.as-edited.csv"))
        except OSError as problem:
            raise CollectError(
                f"{self._out / FREE_TEXT} holds marks that cannot be taken in, and no copy of it "
                f"can be kept: {reason(problem)}. Move it elsewhere, then collect again."
            ) from None


def _take(files: Iterable[Found | Problem], roll: Roll, progress: IO[str] | None) -> None:
    """Enter every file into the roll, and every problem; no two files are in memory at a time."""
    live = progress is not None and progress.isatty()
    n = 0
    for n, one in enumerate(files, start=1):
        if live and n % EVERY == 0:
            print(f"\r{n:,} files looked at", end="", file=progress, flush=True)
        if isinstance(one, Problem):
            roll.tell(one)
        else:
            roll.take(one)
    if progress is not None:
        begin = "\r" if live else ""
        end = f"{len(roll.students)} work files used, {roll.to_ask} to ask about."
        print(f"{begin}{n:,} files looked at: {end}", file=progress, flush=True)


def _most_common(folder: Path, apart: Sequence[Path]) -> tuple[str, frozenset[str]]:
    """Return the text that most work files are about, with all exercises there are."""
    about: Counter = Counter()
    known = {id: datasets.load_article(id).sha256 for id in datasets.article_ids()}
    for found in find(folder, leave_out=apart):
        if isinstance(found, Found):
            try:
                said = work_file.head(found.data)
            except work_file.NotUsable:
                continue
            if not said.aside:
                about[said.article] += known.get(said.article) == said.sha256
    if not +about:
        raise CollectError(
            f"There is no work file in {folder} on a text that this kit has. Work files are called "
            "like ana-blinken-beijing-2023.json; notebooks and reports do not hold the work."
        )
    article = min(+about, key=lambda id: (-about[id], id))
    return article, frozenset(e.id for name in lessons() for e in exercises.load(name))


# -- tables ----------------------------------------------------------------------------------------


def _cell(cell: object) -> object:
    """Return a cell that no spreadsheet runs and that no control character breaks."""
    if isinstance(cell, str):
        # What remains of a cell in which NUL and its like are blanks is what people can read.
        if not cell.isprintable():
            cell = "".join(c if c.isprintable() or c in "\n\t" else " " for c in cell)
        return defuse(cell)
    return cell


# -- the command -----------------------------------------------------------------------------------


def main(
    folder: Path, out: Path, assignment: Path | None = None, rubric: Path | None = None
) -> str:
    """Collect as the command line asks, and return what to print."""
    roll = collect(folder, out, assignment, rubric=rubric, progress=sys.stderr)
    asks = f" {roll.to_ask} to ask about: see problems.csv." if roll.to_ask else ""
    return (
        f"The work of {len(roll.students)} students on {shown(roll.plan.article.title)} is in "
        f"{out}. Open report.html there.{asks}{_left(roll)}"
    )


def _left(roll: Roll) -> str:
    """Return how much free text is marked, once somebody has begun."""
    marked = sum(given.whole for student in roll.students for given in student.given.values())
    left = sum(roll.total(student).to_mark for student in roll.students)
    return (
        f" Free text: {plural(marked, 'answer')} marked, {left:,} still to mark." if marked else ""
    )
