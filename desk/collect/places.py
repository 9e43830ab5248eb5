"""Where an instructor's things lie: paths as they are typed, and the results looked at last."""

from __future__ import annotations

import os
from pathlib import Path

from desk.collect.submissions import shown
from kit.base.durable import replace_file
from kit.base.errors import KitError
from kit.library import datasets
from kit.work.errors import NotSaved
from kit.work.names import work_folder

__all__ = ["last_results", "remember_results", "typed_path", "usual_results"]


def typed_path(typed: str) -> Path:
    """Return the path that somebody typed, from the kit's folder if it begins nowhere.

    Raises:
        KitError: no file system could have such a name.
    """
    # Systems that show a file's path put it into quotation marks when it is copied.
    typed = typed.strip().strip("\"'").strip()
    if not typed.isprintable() or not typed or len(typed) > 4_000:
        raise KitError("A folder’s or a file’s name cannot be written so. Type it again.")
    try:
        path = Path(typed).expanduser()
    except RuntimeError:
        raise KitError(f"There is no folder {shown(typed, 80)}.") from None
    return Path(os.path.normpath(path if path.is_absolute() else datasets.root() / path))


def usual_results() -> Path:
    """Return the folder for results where nobody names one."""
    return (work_folder() / "class-results").absolute()


def last_results() -> Path:
    """Return the folder of results that was collected or opened last; else the usual one."""
    try:
        with _memory().open("rb") as file:
            path = Path(file.read(5_000).decode("utf-8").strip())
        return path if path.is_absolute() and path.is_dir() else usual_results()
    except (OSError, ValueError):
        return usual_results()


def remember_results(folder: Path) -> None:
    """Let :func:`last_results` return a folder.

    Raises:
        NotSaved: that cannot be written down.
    """
    path = _memory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, f"{folder}\n".encode(), backup=path.with_suffix(".bak.txt"))
    except (OSError, UnicodeEncodeError) as problem:
        said = getattr(problem, "strerror", None) or problem
        raise NotSaved(f"{path} could not be written: {said}.") from None


def _memory() -> Path:
    return work_folder() / "instructor" / "class-results.txt"
