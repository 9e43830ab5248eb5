"""Folders that the kit makes and may make again, each with a stamp: a file that says so.

Only into a folder with that stamp, an empty one or a new one is anything written: nobody's own
folder is ever filled or changed by a slip of the keyboard.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.base.errors import KitError
from kit.base.files import content, reason

#: The file that marks a folder; its first line says what the folder is.
STAMP = "MADE-BY-THE-KIT.txt"
MOST_BYTES = 10_000


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
        made = stamped(out)
    except OSError as problem:
        raise MadeError(f"{out} cannot be used: {reason(problem)}. Name another folder.") from None
    if made != what:
        raise MadeError(
            f"{out} is there already and is no {what}. Name another folder, or move this one away."
        )


def stamped(folder: Path) -> str:
    """Return what a folder's stamp calls it; "" where it has none. Raises OSError."""
    try:
        first = content(folder / STAMP, MOST_BYTES).partition(b"\n")[0]
    except FileNotFoundError:
        return ""
    return first.decode("utf-8", "replace").rstrip("\r")


@contextmanager
def making(out: Path, what: str, note: str) -> Iterator[Path]:
    """Give an empty folder to write into; when all is there, put it in place in ``out``.

    A file or folder takes the place of the one of its name; all else that lies in ``out`` stays.
    If anything goes wrong, ``out`` is as it was; if even that fails, the error names the folder in
    which what was there lies.

    Args:
        out: the folder in which the files shall be in the end.
        what: as in :func:`check`.
        note: some lines for the stamp, for whoever finds the folder.

    Raises:
        MadeError: as :func:`check`, or the folder cannot be written.
    """
    check(out, what)
    out = Path(os.path.abspath(out))
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder, so that all is moved within one disk.
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    lost = False
    try:
        new, old = aside / "new", aside / "old"
        with writing(out, aside):
            new.mkdir()
            old.mkdir()
            yield new
            stamp = new / STAMP
            stamp.write_text(f"{what}\n\n{note}\n", encoding="utf-8")
            out.mkdir(exist_ok=True)
        try:
            # The stamp first: a folder that is half filled can then be filled again.
            _put_in_place([stamp, *sorted(p for p in new.iterdir() if p != stamp)], out, old)
        except _HalfWay:
            lost = True
            raise MadeError(
                f"{out} is half made, and what was there before lies in {old}. Close whatever has "
                "files of it open, and do it again."
            ) from None
    finally:
        if not lost:
            shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def writing(out: Path, aside: Path | None = None) -> Iterator[None]:
    """Say in words for people what the system says of a place that cannot be written.

    Args:
        out: what is being made, as its maker called it.
        aside: where it is made, if what is read on the way may fail as well: then an error about a
            file elsewhere passes.

    Raises:
        MadeError: an :class:`OSError` came out of it that has no words of the kit's.
    """
    try:
        yield
    except KitError:
        raise
    except OSError as problem:
        about = problem.filename  # none, when a disk is full
        if aside and isinstance(about, str | os.PathLike) and not _within(about, (out, aside)):
            raise
        raise MadeError(
            f"{out} cannot be written: {reason(problem)}. Name another folder."
        ) from None


def _within(path: str | os.PathLike[str], places: Iterable[Path]) -> bool:
    absolute = Path(os.path.abspath(path))
    return any(absolute.is_relative_to(os.path.abspath(place)) for place in places)


class _HalfWay(Exception):
    """Something was moved, and could not be moved back."""


def _put_in_place(paths: Iterable[Path], out: Path, old: Path) -> None:
    """Move files and folders into ``out``, all or none, and what is in their way into ``old``: a
    folder cannot be put in place of a full one, nor a file, on Windows, of one that is open."""
    moved: list[Path] = []
    for path in paths:
        there = out / path.name
        try:
            if os.path.lexists(there):
                os.rename(there, old / path.name)
            moved.append(there)
            os.rename(path, there)
        except OSError as problem:
            _put_back(moved, old)
            raise MadeError(
                f"{there} cannot be replaced: {reason(problem)}. If another program has it open, "
                "close it there; then do it again. Nothing was changed."
            ) from None


def _put_back(moved: Iterable[Path], old: Path) -> None:
    try:
        for there in moved:
            if there.is_dir() and not there.is_symlink():
                shutil.rmtree(there)
            else:
                there.unlink(missing_ok=True)
            if os.path.lexists(old / there.name):
                os.rename(old / there.name, there)
    except OSError:
        raise _HalfWay from None
