"""Wheels for a Python in the browser: the kit's own, and what of its needs is plain Python.

The packages are taken from the environment that makes the site, so nothing is downloaded. What is
compiled in them is left out: they have the same modules in Python beside it.

The form is that of the packaging standards, "Binary distribution format", but for the list of files
with their hashes: it would be that of what is compiled later.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

_LEFT_OUT = {".pyc", ".so", ".pyd", ".dylib"}
_INSTALLERS = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "WHEEL"}
_WHEEL = "Wheel-Version: 1.0\nGenerator: kit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel(
    name: str, version: str, requires: Iterable[str], files: Mapping[str, bytes], folder: Path
) -> Path:
    """Write a wheel of files that are given, and return it.

    Args:
        name: the distribution's.
        requires: requirements, as ``pyproject.toml`` has them.
        files: contents by path.
        folder: where the wheel is to lie.
    """
    about = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"]
    about += [f"Requires-Dist: {requirement}\n" for requirement in requires]
    info = f"{_stem(name)}-{version}.dist-info"
    return _write(folder, info, {**files, f"{info}/METADATA": "".join(about).encode()})


def repacked(name: str, folder: Path) -> Path:
    """Write a wheel of a distribution that is installed here, and return it.

    Raises:
        importlib.metadata.PackageNotFoundError: it is not installed.
    """
    found = metadata.distribution(name)
    info = f"{_stem(name)}-{found.version}.dist-info"
    files = {}
    for file in found.files or ():
        inside = not file.is_absolute() and ".." not in file.parts
        if inside and file.suffix not in _LEFT_OUT and file.name not in _INSTALLERS:
            path = file.as_posix()
            if file.parts[0].endswith(".dist-info"):
                path = "/".join([info, *file.parts[1:]])
            files[path] = file.read_binary()
    return _write(folder, info, files)


def _write(folder: Path, info: str, files: Mapping[str, bytes]) -> Path:
    files = {**files, f"{info}/WHEEL": _WHEEL.encode()}
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{info.removesuffix('.dist-info')}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for path, data in files.items():
            file.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
    return made


def _stem(name: str) -> str:
    return canonicalize_name(name).replace("-", "_")
