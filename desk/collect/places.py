"""Where an instructor's things lie: paths as they are typed, and the results looked at last."""

from __future__ import annotations

import os
from pathlib import Path

from desk.collect.submissions import shown
from kit.base.durable import replace_file
from kit.base.errors import KitError
from kit.base.files import content
from kit.library import datasets
from kit.work.errors import saving
from kit.work.names import work_folder

_RESULTS = "class-results"
MOST_BYTES = 5_000


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
    path = remembered(_RESULTS)
    return Path(path) if os.path.isabs(path) and os.path.isdir(path) else usual_results()


def remember_results(folder: Path) -> None:
    """Let :func:`last_results` return a folder.

    Raises:
        NotSaved: that cannot be written down.
    """
    remember(_RESULTS, os.fspath(folder))


def remembered(name: str) -> str:
    """Return what was written down for another day; "" where there is nothing."""
    try:
        return content(_memory(name), MOST_BYTES).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def remember(name: str, line: str) -> None:
    """Write a line down for another day, under a name; raises NotSaved."""
    path = _memory(name)
    with saving(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        data = f"{line}\n".encode("utf-8", "surrogateescape")
        replace_file(path, data, backup=path.with_suffix(".bak.txt"))


def _memory(name: str) -> Path:
    return work_folder() / "instructor" / f"{name}.txt"
