"""An assignment: what a class is asked to do, in one small file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from kit.base.errors import KitError
from kit.base.files import read_file
from kit.base.phrases import brief

#: What the file is called in the folder that is handed out.
FILE = "assignment.json"

Mode = Literal["practice", "graded"]

MAX_BYTES = 1024 * 1024
#: What the short name of an assignment must be.
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class AssignmentError(KitError, ValueError):
    """An assignment cannot be used; the message says what to mend."""


class Assignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a class is asked to do.

    Attributes:
        id: a short name of small letters, digits and hyphens: ``"week-3"``.
        title: what students see.
        article: id of the article it is about.
        lessons: names of the notebooks that belong to it, such as ``"03-who-speaks"``.
        exercises: ids of the exercises that count: ``"3.1"``.
        layers: layers of the codebook on which the class is compared.
        due: the last day, or nothing.
        mode: ``practice``: students have the reference; ``graded``: they are not given it.
        pairs: pairs of students who label the same apart from each other.
        hand_in: what a page says of where work is handed in: an address on the web, or words.
    """

    id: str
    title: str
    article: str
    lessons: tuple[str, ...]
    exercises: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    due: date | None = None
    mode: Mode = "practice"
    pairs: tuple[tuple[str, str], ...] = ()
    hand_in: str = ""
    schema: Literal["kit-assignment-1"] = "kit-assignment-1"


def read(path: Path) -> Assignment:
    """Return the assignment of a file.

    Raises:
        AssignmentError: there is no such file, or it is no assignment.
    """
    data = read_file(path, MAX_BYTES, AssignmentError)
    try:
        found = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=Assignment)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise AssignmentError(f"{path.name} is not an assignment: {problem}.") from None
    if not ID.fullmatch(found.id):
        raise AssignmentError(
            f"{path.name}: “{brief(found.id)}” cannot be its id. Use small letters, digits and "
            "hyphens."
        )
    return found


def write(assignment: Assignment, folder: Path) -> Path:
    """Write an assignment into a folder and return its file; raises OSError."""
    path = folder / FILE
    path.write_bytes(msgspec.json.format(msgspec.json.encode(assignment), indent=1) + b"\n")
    return path
