"""What can be the matter with a work file, and the words in which it is said."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from kit.base.errors import KitError
from kit.base.files import reason
from kit.base.lock import Timeout
from kit.base.phrases import brief

# No space, no quota left (not on Windows), or a file larger than this account may write.
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


#: What can be done about a work file that lies where another should.
MOVE_AWAY = " Move the file away to begin anew."


class WorkbookError(KitError, ValueError):
    """A work file cannot be used at all; the message says which, why and what to do."""


class NotSaved(KitError):
    """A change did not reach the disk. The message is for the student; the file is as it was."""


class Damaged(Exception):
    """The file's content cannot be trusted."""


#: What the parts of a file are called where one of them cannot be read.
_SECTIONS = {
    "labels": "its labels",
    "commits": "its first answers",
    "answers": "its answers",
    "notes": "its notes",
}


def damage(problem: Exception) -> str:
    """Return what is the matter with a file that cannot be decoded, in a few words for people;
    behind them, in brackets, what a program says of it.

    Args:
        problem: what :mod:`msgspec` raised.
    """
    said = brief(str(problem), 90)
    if isinstance(problem, RecursionError):
        return "in it things lie within one another without end"
    if isinstance(problem, msgspec.ValidationError):
        place = re.search(r"\$\.(\w+)", str(problem))
        part = _SECTIONS.get(place[1] if place else "", "what it says of itself")
        return f"{part} cannot be read, as if somebody had written into it by hand ({said})"
    if "truncated" in said:
        return "its end is missing"
    return f"it is not whole, or not written as such a file is ({said})"


@contextmanager
def saving(path: Path) -> Iterator[None]:
    """Say in words why a file could not be written within the block. Raises NotSaved."""
    try:
        yield
    except Timeout:
        raise NotSaved(
            f"Another program is holding {path.name}. Close other notebooks, "
            "wait a moment and try again."
        ) from None
    except OSError as problem:
        raise NotSaved(_why_not(problem, path)) from None


def other_text(path: Path, theirs: str, ours: str) -> str:
    """Return what is said of a file that is about ``theirs``, where ``ours`` is open."""
    return (
        f"{path} holds work on another text (“{brief(theirs)}”) than this one (“{ours}”). "
        f"Labels fit only the text they were made on.{MOVE_AWAY}"
    )


def _why_not(problem: OSError, path: Path) -> str:
    """Return why a file could not be written, and what to do."""
    if problem.errno in _FULL:
        return "The disk is full. Delete something you do not need, then try again."
    if os.name == "nt" and path.exists() and isinstance(problem, PermissionError):
        return (
            f"{path.name} is in use by another program, or marked read-only. Close what may "
            "have it open, wait a moment and try again."
        )
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"The folder {path.parent} cannot be written. Move the whole kit to a folder of "
            "your own, such as Documents, and open it from there."
        )
    return f"{path} could not be written: {reason(problem)}."
