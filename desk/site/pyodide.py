"""A copy of Pyodide for the site: the core, and of its packages those that the laboratory loads."""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from desk.site import SiteError

__all__ = ["bundle"]

#: What Pyodide's own start needs.
_CORE = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)


def bundle(source: Path, target: Path, needed: Iterable[str], python: str) -> set[str]:
    """Copy what is needed of a distribution of Pyodide; return the names of its packages.

    Args:
        source: its folder, or its archive (``.tar.bz2``, ``.tgz``).
        target: the folder to fill.
        needed: packages; those that Pyodide does not have are passed over, and what the others
            need comes along.
        python: the version of Python that the laboratory's kernel is made for, such as ``"3.14"``.

    Raises:
        SiteError: it is no Pyodide, is for another Python, or lacks a package that it lists.
    """
    with _opened(source) as folder:
        try:
            lock = json.loads((folder / _CORE[-1]).read_text(encoding="utf-8"))
            packages: dict[str, Any] = {
                canonicalize_name(name): about for name, about in lock["packages"].items()
            }
            version = lock["info"]["python"]
            chosen = _closure(packages, needed)
            files = [*_CORE, *(packages[name]["file_name"] for name in sorted(chosen))]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise SiteError(f"{source} is not a Pyodide that can be read. {_WHERE}") from None
        if version.split(".")[:2] != python.split(".")[:2]:
            raise SiteError(
                f"{source} is a Pyodide for Python {version}, and this JupyterLite needs one for "
                f"Python {python}. {_WHERE}"
            )
        lacking = [name for name in files if Path(name).name != name or not _is_in(folder, name)]
        if lacking:
            raise SiteError(
                f"{source} lacks {', '.join(lacking[:3])}{' and more' if lacking[3:] else ''}: "
                f"perhaps it is the core alone. {_WHERE}"
            )
        target.mkdir(parents=True)
        for name in files:
            shutil.copyfile(folder / name, target / name)
        return set(packages)


_WHERE = "Take the full distribution, pyodide-<version>.tar.bz2; docs/site.md says which version."


def _closure(packages: dict[str, Any], needed: Iterable[str]) -> set[str]:
    waiting: list[str] = [canonicalize_name(name) for name in needed]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in packages and name not in found:
            found.add(name)
            waiting += map(canonicalize_name, packages[name]["depends"])
    return found


def _is_in(folder: Path, name: str) -> bool:
    path = folder / name
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


@contextmanager
def _opened(source: Path) -> Iterator[Path]:
    """Give the folder that holds Pyodide's files."""
    if source.is_dir():
        yield _inner(source)
        return
    with tempfile.TemporaryDirectory(prefix="kit-pyodide-", ignore_cleanup_errors=True) as name:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(name, filter="data")
        except (OSError, tarfile.TarError, EOFError) as problem:
            why = getattr(problem, "strerror", None) or problem
            raise SiteError(f"{source} cannot be unpacked: {why}. {_WHERE}") from None
        yield _inner(Path(name))


def _inner(folder: Path) -> Path:
    """Archives hold a folder ``pyodide`` or, from npm, ``package``."""
    inner = (folder / name for name in (".", "pyodide", "package"))
    return next((path for path in inner if (path / _CORE[-1]).is_file()), folder)
