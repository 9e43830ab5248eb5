"""Pairs of students who label the same text apart from each other, as an instructor lists them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from desk.handout.assignment import AssignmentError
from kit.base.files import read_file
from kit.base.phrases import one_line

MAX_NAME = 80
MAX_PAIRS = 1_000
MAX_PAIRS_BYTES = 1024 * 1024

_HEADINGS = {"first", "second", "a", "b", "student", "partner", "name", "one", "two", "pair"}
_SEPARATORS = ",;\t"


def read_pairs(data: bytes | str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a CSV file, two names a row.

    A first row of ``first,second`` or the like is a heading. Empty rows do no harm. Cells may be
    parted by commas, semicolons or tabs: by whatever makes two of every row.

    Raises:
        AssignmentError: it is no such file, or somebody is in two pairs or paired with nobody.
    """
    if len(data) > MAX_PAIRS_BYTES:
        raise AssignmentError("The list of pairs is far too long.")
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        if "\0" in text:
            raise UnicodeError
        rows = next(filter(None, (_in_twos(text, sign) for sign in _SEPARATORS)), None)
        if rows is None:
            rows = _rows(text, ",")
    except (UnicodeError, csv.Error):
        raise AssignmentError(
            "The list of pairs is no CSV file: save it as CSV in UTF-8, two names a row."
        ) from None
    numbered = [(n, row) for n, row in enumerate(rows, start=1) if any(row)]
    if (
        numbered
        and _is_heading(numbered[0][1])
        and not any(_is_heading(r) for _, r in numbered[1:])
    ):
        numbered = numbered[1:]
    if len(numbered) > MAX_PAIRS:
        raise AssignmentError(f"There are more than {MAX_PAIRS:,} pairs.")
    pairs: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for n, row in numbered:
        names = [cell for cell in row if cell]
        if len(names) != 2:
            raise AssignmentError(f"Pairs, row {n}: write two names, parted by a comma.")
        for name in names:
            if len(name) > MAX_NAME:
                raise AssignmentError(f"Pairs, row {n}: a name has {MAX_NAME} characters at most.")
            if name.casefold() in seen:
                where = seen[name.casefold()]
                raise AssignmentError(
                    f"Pairs, row {n}: “{name}” stands in row {where} already. "
                    "Everybody can be in one pair only."
                )
            seen[name.casefold()] = n
        pairs.append((names[0], names[1]))
    return tuple(pairs)


def _rows(text: str, separator: str, *, strict: bool = False) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text), delimiter=separator, strict=strict)
    return [[one_line(cell) for cell in row] for row in rows]


def _in_twos(text: str, separator: str) -> list[list[str]] | None:
    """Return the rows if that separator makes two names of each that is not empty."""
    try:
        rows = _rows(text, separator, strict=True)
    except csv.Error:
        return None
    return rows if {sum(map(bool, row)) for row in rows} <= {0, 2} else None


def _is_heading(row: list[str]) -> bool:
    """Say whether a row has no names but words for what stands below: ``Student A,Student B``."""
    words = " ".join(row).casefold().split()
    said = bool(words) and all(word.isdecimal() or word in _HEADINGS for word in words)
    return said or any(cell.casefold() in _HEADINGS for cell in row)


def pairs_of(path: Path) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a CSV file; raises AssignmentError as :func:`read_pairs`."""
    return read_pairs(read_file(path, MAX_PAIRS_BYTES, AssignmentError, str(path)))
