"""What is asked before anything is written, and in which words."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kit.base.phrases import brief
from kit.work.names import UNSIGNED
from kit.work.state import State


class Question(msgspec.Struct, frozen=True):
    """What somebody has to say before anything is written.

    Attributes:
        text: what was found, with dates and counts.
        choices: what can be said, each with an id for :meth:`kit.work.workbook.Workbook.decide`.
    """

    text: str
    choices: tuple[tuple[str, str], ...]


def whose(name: str, path: Path, there: State | None) -> Question:
    """Return the question whether work that answers to another name is one's own.

    Args:
        name: the one that was given.
        path: where the work lies.
        there: what it is; None if that cannot be read.
    """
    if there is None:
        found = f"in {path.name}, which cannot be read as it is"
    else:
        begun = "without a name" if there.file.student == UNSIGNED else "by another name"
        if there.file.student not in (UNSIGNED, name):
            begun = f"by “{brief(there.file.student)}”"
        found = f"{begun}, {there.said()}"
    mine = "me" if name == UNSIGNED else f"“{brief(name)}”"
    text = (
        f"Whose work is this? There is work begun {found}, and none yet of {mine}. Nothing is "
        "written before you choose, and either work is kept."
    )
    return Question(text, (("mine", "It is mine"), ("other", "Begin my own")))


def file_is_older(found: State, backup: Path, before: State) -> Question:
    """Return the question which of the two to go on with, the file or a newer copy beside it."""
    text = (
        f"Your work file is older than the copy beside it. The file has {found.said()}. "
        f"The copy, {backup.name}, has {before.said()}."
    )
    return _asked(text, ("newer", "Go on with the copy"), ("this", "Go on with the file"))


def file_is_missing(path: Path, backup: Path, before: State) -> Question:
    """Return the question whether to go on with the copy of a file that is not there."""
    text = (
        f"Your work file {path.name} is not there, but a copy of it is: "
        f"{backup.name} has {before.said()}."
    )
    return _asked(text, ("newer", "Go on with the copy"), ("anew", "Begin anew"))


def _asked(text: str, *choices: tuple[str, str]) -> Question:
    text += " Nothing is written before you choose, and what you do not choose is kept."
    return Question(text, choices)
