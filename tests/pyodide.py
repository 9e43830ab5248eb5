"""What the site takes of Pyodide, put together from the Python package index, for tests.

Pyodide's own server need not be reached: a package of another project holds Pyodide's files as they
came, and msgspec has a wheel for browsers. Whoever makes a site takes the real thing.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from filelock import FileLock

import run
from kit.library import datasets

__all__ = ["pyodide"]

_HOLDER = (
    "open-webui==0.12.4",
    "02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6",
)
_MSGSPEC = "msgspec==0.22.0", "a66b1766311e42371e509c996c3933b161c7ae0eabdf361af5316dec197e1022"
_BROWSER = "--python-version=3.14 --implementation=cp --abi=cp314".split()
_BROWSER += ["--platform=pyemscripten_2026_0_wasm32"]
_INSIDE = "open_webui/frontend/pyodide/"
_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
_LOCK = "pyodide-lock.json"


def pyodide() -> Path:
    """Return the folder; it is made once, and kept beside the environment that makes the site.

    Raises:
        AssertionError: a part cannot be had; it is named.
    """
    folder = run.serving(datasets.root()).folder / "pyodide-for-tests"
    with FileLock(folder.with_suffix(".lock")):  # tests run side by side
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=folder.parent) as made:
                parts = Path(made) / "parts"
                parts.mkdir()
                _fill(parts, Path(made))
                parts.rename(folder)
    return folder


def _fill(parts: Path, downloads: Path) -> None:
    with zipfile.ZipFile(_downloaded(*_HOLDER, downloads)) as holder:
        lock = json.loads(holder.read(_INSIDE + _LOCK))
        packages = lock["packages"]
        wheels = [packages[name]["file_name"] for name in ("micropip", "regex")]
        for name in (*_FILES, *wheels):
            (parts / name).write_bytes(holder.read(_INSIDE + name))
    msgspec = _downloaded(*_MSGSPEC, downloads, *_BROWSER)
    msgspec.rename(parts / msgspec.name)
    packages["msgspec"] |= {
        "file_name": msgspec.name,
        "version": _MSGSPEC[0].partition("==")[2],
        "sha256": hashlib.sha256((parts / msgspec.name).read_bytes()).hexdigest(),
    }
    (parts / _LOCK).write_text(json.dumps(lock), encoding="utf-8")


def _downloaded(package: str, sha256: str, folder: Path, *options: str) -> Path:
    name = package.partition("==")[0]
    asked = folder / f"{name}.txt"
    asked.write_text(f"{package} --hash=sha256:{sha256}", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--ignore-requires-python", *options]
    done = subprocess.run(
        [*command, "--dest", folder / name, "--requirement", asked],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{package} cannot be had, and without it no site: {done.stderr}"
    return next((folder / name).glob("*.whl"))
