"""Folders that the kit makes and may make again, each with a mark that says so.

Only into a folder with that mark, an empty one or a new one is anything written: nobody's own
folder is ever filled or changed by a slip of the keyboard.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.errors import KitError

__all__ = ["MARK", "MadeError", "check", "making"]

#: The file that marks a folder; its first line says what the folder is.
MARK = "MADE-BY-THE-KIT.txt"


class MadeError(KitError, OSError):
    """A folder cannot be written; the message says which, and what to do."""


def check(out: Path, what: str) -> None:
    """Look whether a folder may be written.

    Args:
        out: the folder; it need not be there.
        what: what is to be in it, such as ``"instructor edition"``.

    Raises:
        MadeError: it is somebody's own, or holds something else that the kit makes.
    """
    try:
        if not out.exists() or not any(out.iterdir()):
            return
        first = (out / MARK).read_text(encoding="utf-8").partition("\n")[0]
    except FileNotFoundError:
        first = ""
    except (OSError, UnicodeDecodeError) as problem:
        raise MadeError(f"{out} cannot be used: {_reason(problem)}. Name another folder.") from None
    if first != what:
        raise MadeError(
            f"{out} is there already and is no {what}. Name another folder, with --out, "
            "or move this one away."
        )


@contextmanager
def making(out: Path, what: str, note: str) -> Iterator[Path]:
    """Give an empty folder to write files into; when all are there, move them to ``out``.

    If anything goes wrong before that, ``out`` stays as it was. Each file is moved in one step;
    other files that lie in ``out`` stay.

    Args:
        out: the folder in which the files shall be in the end.
        what: as in :func:`check`.
        note: some lines for the mark, for whoever finds the folder.

    Raises:
        MadeError: as :func:`check`, or the folder cannot be written.
    """
    check(out, what)
    # Beside the folder, so that a file is moved within one disk. What was made is lost with it.
    with _written(out):
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        temporary = tempfile.TemporaryDirectory(
            prefix=f".{out.name}-", dir=out.absolute().parent, ignore_cleanup_errors=True
        )
    with temporary as name:
        yield Path(name)
        with _written(out):
            out.mkdir(exist_ok=True)
            mark = Path(name) / MARK
            mark.write_text(f"{what}\n\n{note}\n", encoding="utf-8")
            # The mark first: a folder that is half filled can then be filled again.
            for path in [mark, *sorted(p for p in Path(name).iterdir() if p != mark)]:
                os.replace(path, out / path.name)


@contextmanager
def _written(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise MadeError(
            f"{out} cannot be written: {_reason(problem)}. Name another folder, with --out."
        ) from None


def _reason(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or str(problem)
