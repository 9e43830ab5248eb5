"""Pairs of students who label the same text apart from each other, as an instructor lists them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from desk.handout.assignment import AssignmentError
from kit.base.phrases import one_line

__all__ = ["MAX_PAIRS_BYTES", "pairs_of", "read_pairs"]

MAX_NAME = 80
MAX_PAIRS = 1_000
MAX_PAIRS_BYTES = 1024 * 1024

_HEADINGS = {"first", "second", "a", "b", "student", "partner", "name", "one", "two", "pair"}


def read_pairs(data: bytes | str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a CSV file, two names a row.

    A first row of ``first,second`` or the like is a heading. Empty rows do no harm.

    Raises:
        AssignmentError: it is no such file, or somebody is in two pairs or paired with nobody.
    """
    if len(data) > MAX_PAIRS_BYTES:
        raise AssignmentError("The list of pairs is far too long.")
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        if "\0" in text:
            raise UnicodeError
        first = text.partition("\n")[0]
        separator = next((sign for sign in ";\t" if sign in first and "," not in first), ",")
        rows = [
            [one_line(cell) for cell in row]
            for row in csv.reader(io.StringIO(text), delimiter=separator)
        ]
    except (UnicodeError, csv.Error):
        raise AssignmentError(
            "The list of pairs is no CSV file: save it as CSV in UTF-8, two names a row."
        ) from None
    numbered = [(n, row) for n, row in enumerate(rows, start=1) if any(row)]
    if numbered and {cell.casefold() for cell in numbered[0][1]} & _HEADINGS:
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


def pairs_of(path: Path) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a CSV file; raises AssignmentError as :func:`read_pairs`."""
    try:
        with path.open("rb") as file:
            return read_pairs(file.read(MAX_PAIRS_BYTES + 1))
    except OSError as problem:
        raise AssignmentError(f"{path} cannot be read: {problem.strerror}.") from None
