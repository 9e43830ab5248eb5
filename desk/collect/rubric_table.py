"""Marks for free text out of a spreadsheet: the file ``free-text.csv``, filled in.

What spreadsheet programs do to a table is put up with: other separators, other encodings, columns
in another order, ``2.0`` for ``2``. A row of which anything is in doubt is not taken in, and a
sentence says which and why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from desk.collect.rubric import CRITERIA, MOST, Given, said
from desk.collect.rubric_marks import MOST_COMMENT, Answer, Key, Mark, RubricError
from desk.collect.submissions import shown
from kit.base.files import read_file

#: The columns for the rubric, by criterion.
COLUMNS = {criterion.id: f"{criterion.name} 0-{MOST}" for criterion in CRITERIA}
MOST_BYTES, MOST_ROWS = 128 * 2**20, 200_000
#: No more sentences than somebody would read.
MOST_SAID = 200
_POINTS = {
    f"{n}{tail}": n for n in range(MOST + 1) for tail in ("", ".0", ",0", ".00", ",00", ".", ",")
}
#: What stands for no answer's digest: a table without that column.
_UNKNOWN = "?"


class Row(NamedTuple):
    """A row in which somebody has written marks.

    Attributes:
        line: its number, as a spreadsheet counts them.
        given: points and comment.
        answer: the digest of the answer; "?" where the table does not tell.
        text: what the table has as the student's text.
    """

    line: int
    student: str
    exercise: str
    answer: str
    given: Given
    text: str


class Table:
    """A filled-in table, matched with the class's answers one at a time.

    Args:
        name: what the file is called.
        rows: what it holds.
        problems: what could not be read in it, a sentence each.
        asked: whether somebody named the file. Otherwise it lies among the results, and only
            what differs from what the kit wrote there is anybody's doing.
        was: the answers as they were when the kit wrote the file there.

    Attributes:
        problems: what is not taken in, and why.
        taken: the marks that are to be kept.
    """

    def __init__(
        self,
        name: str,
        rows: Iterable[Row],
        problems: Iterable[str] = (),
        *,
        asked: bool = False,
        was: Iterable[Answer] = (),
    ):
        self.name = name
        self.problems = list(problems)
        self.taken: list[Mark] = []
        self._asked = asked
        self._was = {(_plain(one.name), one.answer): Given(*one.was) for one in was}
        self._left: dict[int, Row] = {}
        self._by: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            self._left[row.line] = row
            # Some programs make a date of “1.4”; the digest of the answer is safe from that.
            for what in {_plain(row.exercise), row.answer}:
                self._by.setdefault((_plain(row.student), what), []).append(row)
        self._students: set[str] = set()

    def take(self, answer: Answer, marks: Mapping[Key, Mark]) -> Mark | None:
        """Take in the mark of one answer and return it; None if the table has no new one.

        Args:
            answer: what is there now.
            marks: what is kept.
        """
        name = _plain(answer.name)
        self._students.add(name)
        rows = self._by.get((name, answer.answer)) or self._by.get((name, answer.exercise), [])
        for row in rows:
            self._left.pop(row.line, None)
        if not rows:
            return None
        row = rows[0]
        if any(other.given != row.given for other in rows[1:]):
            lines = ", ".join(str(one.line) for one in rows)
            self._tell(row, f"rows {lines} have different marks for the same answer.")
            return None
        same = row.answer == answer.answer or (
            row.answer == _UNKNOWN and _squeezed(row.text) in _texts(answer)
        )
        digest = answer.answer if same else row.answer
        key = (answer.student, answer.exercise, digest)
        there = marks.get(key)
        if there is not None and _alike(there.given, row.given):
            return None
        if there is not None and self._written(row):
            return None  # what is kept now is newer
        if there is not None and not self._asked and not _alike(self._before(row), there.given):
            self._tell(
                row,
                f"it says {said(row.given)}, but meanwhile {said(there.given)} was given in the "
                "form. The form’s mark counts.",
            )
            return None
        mark = Mark(*key, dict(row.given.scores), row.given.comment, answer.name)
        self.taken.append(mark)
        if not same:
            self._tell(
                row,
                "the answer has changed since this table was made. The mark is kept with the old "
                "answer and does not count; mark the new one.",
            )
            return None
        return mark

    def end(self) -> None:
        """Tell of rows that belong to no answer of this class."""
        for row in self._left.values():
            if self._written(row):
                continue
            why = (
                "this student has written nothing for such an exercise."
                if _plain(row.student) in self._students
                else "there is no student of this name with free text in this class."
            )
            self._tell(row, f"{why} The mark is not taken in.")
        self._left = {}

    def _before(self, row: Row) -> Given:
        """Return what the kit wrote where somebody may have written something else."""
        return self._was.get((_plain(row.student), row.answer), Given({}))

    def _written(self, row: Row) -> bool:
        """Say whether a row is as the kit wrote it: nobody's doing."""
        return not self._asked and _alike(self._before(row), row.given)

    def _tell(self, row: Row, why: str) -> None:
        if len(self.problems) == MOST_SAID:
            self.problems.append("There are more rows like these.")
        elif len(self.problems) < MOST_SAID:
            self.problems.append(_of_row(row.line, row.student, row.exercise, why))


def read(path: Path, *, asked: bool = False, was: Iterable[Answer] = ()) -> Table:
    """Read a table that somebody may have filled in.

    Args:
        path: the file.
        asked, was: as for :class:`Table`.

    Raises:
        RubricError: it is no such table; the message says why and what to do.
    """
    problems: list[str] = []
    rows = list(_rows(_table(path), path, problems))
    return Table(path.name, rows, problems, asked=asked, was=was)


# -- reading ---------------------------------------------------------------------------------------


def _table(path: Path) -> str:
    data = read_file(path, MOST_BYTES, RubricError, str(path))
    if data.startswith(b"PK\3\4") or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RubricError(
            f"{path} is a workbook of a spreadsheet program. Save it as CSV there, and name that."
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # what some programs on Windows write


def _rows(text: str, path: Path, problems: list[str]) -> Iterator[Row]:
    lines = _parsed(text, path)
    head = next(lines)[1]
    places = {name: place for place, name in reversed(list(enumerate(head)))}
    columns = {id: places[_plain(name)] for id, name in COLUMNS.items()}
    comment, answer, words = (places.get(name) for name in ("comment", "answer", "text"))

    def cell(cells: list[str], place: int | None) -> str:
        return _bare(cells[place]).strip() if place is not None and place < len(cells) else ""

    for number, cells in lines:
        student, exercise = cell(cells, places["student"]), cell(cells, places["exercise"])
        points = {id: cell(cells, place) for id, place in columns.items()}
        remark = cell(cells, comment)
        if not remark and not any(points.values()):
            continue
        amiss = [(id, value) for id, value in points.items() if value and value not in _POINTS]
        if amiss:
            id, value = amiss[0]
            why = (
                f"“{shown(value, 20)}” under {COLUMNS[id].split()[0]} is none of 0, 1, 2 and 3. "
                "Nothing of this row is taken in."
            )
        elif len(remark) > MOST_COMMENT:
            why = f"the comment has more than {MOST_COMMENT:,} characters. Shorten it."
        else:
            scores = {id: _POINTS[value] for id, value in points.items() if value}
            digest = _UNKNOWN if answer is None else cell(cells, answer)[:40]
            given = Given(scores, remark)
            yield Row(number, student, exercise, digest, given, cell(cells, words))
            continue
        if len(problems) < MOST_SAID:
            problems.append(_of_row(number, student, exercise, why))


def _parsed(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their numbers, the head first, with its names in small letters.

    Raises:
        RubricError: there is no row with the names of the columns, or no end of rows.
    """
    before = csv.field_size_limit(MOST_BYTES)
    text = text.replace("\0", " ")
    try:
        for separator in (",", ";", "\t"):
            file = io.StringIO(text, newline="")
            rows = csv.reader(file, delimiter=separator, strict=True)
            try:
                head = [_plain(name) for name in next(rows, [])]
            except csv.Error:  # quotation marks at the wrong places: another separator
                continue
            if {"student", "exercise", *map(_plain, COLUMNS.values())} <= set(head):
                break
        else:
            names = ", ".join(COLUMNS.values())
            raise RubricError(
                f"{path} is no table of free text as the kit makes it: its first row must have "
                f"the columns student, exercise, {names}."
            )
        yield 1, head
        for number, cells in enumerate(rows, start=2):
            if number > MOST_ROWS:
                raise RubricError(f"{path} has more than {MOST_ROWS:,} rows.")
            yield number, cells
    except csv.Error as problem:
        raise RubricError(f"{path} cannot be read as a table: {problem}.") from None
    finally:
        csv.field_size_limit(before)


# -- pieces ----------------------------------------------------------------------------------------


def _of_row(line: int, student: str, exercise: str, why: str) -> str:
    return f"Row {line} ({shown(student, 60) or 'no name'}, {shown(exercise, 20) or '–'}): {why}"


def _bare(cell: str) -> str:
    """Return a cell without the apostrophe that keeps it from being run as a formula."""
    return cell[1:] if cell.startswith("'") else cell


def _plain(text: str) -> str:
    return " ".join(_bare(text.strip()).casefold().split())


def _squeezed(text: str) -> str:
    return "".join(c for c in _bare(text) if c.isalnum())


def _texts(answer: Answer) -> set[str]:
    """Return what a table may have as an answer's text: one field, or all with their names."""
    whole = "".join(f"{field} {text}" for field, text in answer.texts)
    return {_squeezed(text) for text in (whole, *(text for _, text in answer.texts))}


def _alike(one: Given, other: Given) -> bool:
    """Say whether two marks are the same; line ends and blanks may have changed on the way."""
    return dict(one.scores) == dict(other.scores) and one.comment.split() == other.comment.split()
