"""Pyodide for the site: Python made for browsers, and of its packages those that are loaded.

It comes from a folder, from an archive, or from the web, file by file. What is published has a list
of packages of its own, in which the kit's wheels stand beside Pyodide's: so they come at once,
checked against their hashes, and no package index is ever asked.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from desk.site import SiteError
from kit.base.files import opened, reason

_LOCK = "pyodide-lock.json"
#: What Pyodide's own start needs.
_CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
#: Seconds that a server may keep silent.
_PATIENCE = 30
_WHERE = (
    "Take the full distribution, pyodide-<version>.tar.bz2, and name it with --pyodide; "
    "docs/site.md says which version."
)


def bundle(
    source: Path, target: Path, needed: Iterable[str], own: Iterable[Path], python: str
) -> None:
    """Copy what is needed of a distribution of Pyodide, and wheels of one's own beside it.

    Args:
        source: its folder, or its archive (``.tar.bz2``, ``.tgz``).
        target: the folder to fill.
        needed: packages, with what they need. Of one's own wheels' needs only those come along.
        own: wheels; one of these takes the place of Pyodide's package of that name.
        python: the version of Python that the laboratory's kernel is made for, such as ``"3.14"``.

    Raises:
        SiteError: it is no Pyodide, is for another Python, or lacks what is needed.
    """
    wheels = {_name(path): path for path in own}
    with _opened(source) as folder:
        lock = _lock(folder / _LOCK, source)
        version = lock["info"]["python"]
        if version.split(".")[:2] != python.split(".")[:2]:
            raise SiteError(
                f"{source} is a Pyodide for Python {version}, and this JupyterLite needs one for "
                f"Python {python}. {_WHERE}"
            )
        chosen = _chosen(lock["packages"], needed, set(wheels), source)
        files = [*_CORE, *(about["file_name"] for about in chosen.values())]
        lacking = [name for name in files if Path(name).name != name or not _is_in(folder, name)]
        if lacking:
            raise SiteError(
                f"{source} lacks {', '.join(lacking[:3])}{' and more' if lacking[3:] else ''}: "
                f"perhaps it is the core alone. {_WHERE}"
            )
        changed = [about for about in chosen.values() if not _is_whole(folder, about)]
        if changed:
            raise SiteError(
                f"{source}: {changed[0]['file_name']} is not the file that its list of packages "
                f"names. {_WHERE}"
            )
        target.mkdir(parents=True)
        for name in files:
            shutil.copyfile(folder / name, target / name)
    for path in wheels.values():
        shutil.copy(path, target)
    packages = chosen | {name: _entry(path, python) for name, path in wheels.items()}
    for about in packages.values():
        about["depends"] = [name for name in about["depends"] if name in packages]
    (target / _LOCK).write_text(json.dumps({**lock, "packages": packages}), encoding="utf-8")


def fetch(address: str, folder: Path, needed: Iterable[str], own: Set[str] = frozenset()) -> None:
    """Fetch what is needed of a distribution of Pyodide on the web; what is there stays.

    Args:
        address: of the folder on the web.
        folder: where it is kept for the next time.
        needed: as :func:`bundle` has them.
        own: names of wheels that take the place of Pyodide's.

    Raises:
        SiteError: the server cannot be reached, or sends something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / _LOCK).exists():
        print(f"Fetching Python for browsers (Pyodide) from {address}. This happens once.")
        _get(f"{address}/{_LOCK}", folder / _LOCK)
    chosen = _chosen(_lock(folder / _LOCK, address)["packages"], needed, own, address)
    wanted = [name for name in _CORE if not (folder / name).exists()]
    wanted += [one["file_name"] for one in chosen.values() if not _is_whole(folder, one)]
    for number, name in enumerate(wanted, 1):
        _get(f"{address}/{name}", folder / name)
        size = (folder / name).stat().st_size / 1e6
        print(f"{number:3} of {len(wanted)}  {size:5.1f} MB  {name}", flush=True)


def needs(requirements: Iterable[str], python: str) -> list[str]:
    """Return the names of those requirements that hold in a browser with this version of Python."""
    there = {"sys_platform": "emscripten", "python_version": python, "extra": ""}
    asked = map(Requirement, requirements)
    return [
        canonicalize_name(one.name)
        for one in asked
        if one.marker is None or one.marker.evaluate(there)
    ]


def _get(address: str, path: Path) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE) as answer, part.open("wb") as file:
            shutil.copyfileobj(answer, file)
        part.replace(path)
    except (OSError, ValueError) as problem:
        why = getattr(problem, "reason", None) or problem
        raise SiteError(
            f"{address} could not be fetched ({why}). Run the command again where it can be "
            f"reached: what has come is kept. {_WHERE}"
        ) from None


def _lock(path: Path, source: object) -> dict[str, Any]:
    """Return a distribution's list of packages, by their canonical names."""
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
        packages = {canonicalize_name(name): about for name, about in lock["packages"].items()}
        for about in packages.values():
            about["depends"] = [canonicalize_name(name) for name in about["depends"]]
        lock["info"]["python"].split(".")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SiteError(f"{source} is not a Pyodide that can be read. {_WHERE}") from None
    return {**lock, "packages": packages}


def _chosen(
    packages: Mapping[str, Any], needed: Iterable[str], own: Set[str], source: object
) -> dict[str, dict[str, Any]]:
    """Return the packages that are needed, what they need among them."""
    waiting = [canonicalize_name(name) for name in needed]
    found: dict[str, dict[str, Any]] = {}
    while waiting:
        name = waiting.pop()
        if name in found or name in own:
            continue
        if name not in packages:
            raise SiteError(f"{source} has no package {name}. {_WHERE}")
        found[name] = dict(packages[name])
        waiting += packages[name]["depends"]
    return dict(sorted(found.items()))


def _entry(path: Path, python: str) -> dict[str, Any]:
    """Return what a list of packages says of a wheel."""
    with zipfile.ZipFile(path) as wheel:
        about = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        asked = message_from_bytes(wheel.read(about)).get_all("Requires-Dist", [])
    return {
        "name": _name(path),
        "version": str(parse_wheel_filename(path.name)[1]),
        "file_name": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": [_name(path)],
        "depends": needs(asked, python),
        "unvendored_tests": False,
    }


def _name(path: Path) -> str:
    return parse_wheel_filename(path.name)[0]


def _is_in(folder: Path, name: str) -> bool:
    path = folder / name
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _is_whole(folder: Path, about: Mapping[str, Any]) -> bool:
    path = folder / about["file_name"]
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == about["sha256"]


@contextmanager
def _opened(source: Path) -> Iterator[Path]:
    """Give the folder that holds Pyodide's files."""
    if source.is_dir():
        yield _inner(source)
        return
    with tempfile.TemporaryDirectory(prefix="kit-pyodide-", ignore_cleanup_errors=True) as name:
        try:
            with opened(source) as file, tarfile.open(fileobj=file) as archive:
                archive.extractall(name, filter="data")
        except (OSError, tarfile.TarError, EOFError) as problem:
            raise SiteError(f"{source} cannot be unpacked: {reason(problem)}. {_WHERE}") from None
        yield _inner(Path(name))


def _inner(folder: Path) -> Path:
    """Archives hold a folder ``pyodide`` or, from npm, ``package``."""
    inner = (folder / name for name in (".", "pyodide", "package"))
    return next((path for path in inner if (path / _LOCK).is_file()), folder)
