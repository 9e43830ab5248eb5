"""The laboratory: JupyterLite with what a class would be handed, all of it plain files.

A notebook's first cell installs the kit from a wheel of the site; the kit and its data then lie
where they start fast and are not in a student's way, and work is kept in the browser's storage.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from desk.base.notebook_cells import source_of, with_links_to
from desk.handout.assignment import Assignment
from desk.handout.compose import compose
from desk.handout.contents import copy_data, copy_kit, keep_original
from desk.handout.notebooks import for_students
from desk.site import SiteError
from desk.site.pyodide import bundle
from desk.site.wheels import repacked, wheel
from kit.library import datasets
from kit.library.course import OWN_LESSON, known_lessons
from kit.work import own_texts

__all__ = ["lessons", "write"]

#: Needs of the kit that Pyodide does not have; the rest are Pyodide's own packages.
_BUNDLED = ("anywidget", "comm", "filelock", "ipywidgets", "jupyterlab-widgets", "psygnal")
#: What JupyterLite's kernel itself loads before a cell runs.
_KERNEL = ("micropip", "ipython", "jedi", "comm")
_EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@jupyterlite/pyodide-kernel-extension",
    "anywidget",
)
_PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
_SECONDS = 300

_FIRST = (
    "> **This is the laboratory on the web.** Python runs in your browser, and its start takes a "
    "minute or so the first time. Your work is kept in this browser on this computer, and nobody "
    "else sees it: clearing the browser’s data deletes it, and a private window forgets it. Press "
    "**Download my work** at the end of the page before you go."
)

_INSTALL = """\
%pip install -q reading-diplomatic-news
import kit_in_browser
kit_in_browser.prepare()"""


def lessons(article: bool) -> tuple[str, ...]:
    """Return the names of the lessons that can be done.

    Args:
        article: whether the article under study is published; all but the last are about it.
    """
    return _handed(article).lessons


def write(folder: Path, *, article: bool, pyodide: Path | None = None) -> None:
    """Write the laboratory into a folder that is not there yet.

    Args:
        article: whether the article under study, and what is about it, goes along.
        pyodide: as :func:`desk.site.make` takes it.

    Raises:
        SiteError: JupyterLite or the Pyodide that was named cannot be used.
        KitError: an exercise or a fact cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="kit-site-", ignore_cleanup_errors=True) as name:
        lite = Path(name)
        assignment = _handed(article)
        _contents(lite / "contents", assignment)
        project = tomllib.loads((datasets.root() / "pyproject.toml").read_text(encoding="utf-8"))
        needs = project["project"]["dependencies"]
        _wheels(lite / "pypi", assignment, project["project"]["name"], needs)
        if pyodide is not None:
            _pyodide(pyodide, lite / "static" / "pyodide", needs)
        settings = {"jupyter-lite-schema-version": 0, "jupyter-config-data": _SETTINGS}
        (lite / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")
        _build(lite)
        shutil.move(lite / "out", folder)


def _handed(article: bool) -> Assignment:
    if article:
        return compose("site", "The course", known_lessons())
    return compose("site", "The course", [OWN_LESSON], article=own_texts.PRACTICE)


# -- the notebooks ---------------------------------------------------------------------------------


def _contents(folder: Path, assignment: Assignment) -> None:
    folder.mkdir()
    for lesson in assignment.lessons:
        notebook = _notebook(for_students(lesson), assignment.lessons)
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{lesson}.ipynb").write_text(text, encoding="utf-8", newline="\n")


def _notebook(notebook: dict[str, Any], there: Sequence[str]) -> dict[str, Any]:
    """Return a notebook with a first cell that installs the kit, and links that lead somewhere."""
    cells = notebook["cells"]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = with_links_to(there, source_of(cell))
    hidden = {"jupyter": {"source_hidden": True}}
    cells[1:1] = [
        new_markdown_cell(_FIRST, id="laboratory"),
        new_code_cell(_INSTALL, id="install", metadata=hidden),
    ]
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    about = {**notebook["metadata"], "kernelspec": kernel}
    return {**notebook, "metadata": about, "cells": cells}


# -- the packages ----------------------------------------------------------------------------------


def _wheels(folder: Path, assignment: Assignment, name: str, needs: Sequence[str]) -> None:
    from kit import __version__

    for bundled in _BUNDLED:
        try:
            repacked(bundled, folder)
        except metadata.PackageNotFoundError:
            raise SiteError(
                f"The site needs {bundled}, which is not installed here. "
                "Make it with `python run.py site`."
            ) from None
    with tempfile.TemporaryDirectory(prefix="kit-wheel-") as made:
        root = Path(made)
        suggesting = copy_kit(root)
        copy_data(root / "datasets", assignment, suggesting=suggesting)
        (root / "notebooks").mkdir()
        for lesson in assignment.lessons:  # by their names the kit knows which lessons there are
            (root / "notebooks" / f"{lesson}.ipynb").touch()
            keep_original(root, lesson, _notebook(for_students(lesson), assignment.lessons))
        mended = Path(__file__).with_name("in_browser.py")
        shutil.copyfile(mended, root / "kit_in_browser.py")
        files = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }
        wheel(name, __version__, needs, files, folder)


def _pyodide(source: Path, target: Path, needs: Sequence[str]) -> None:
    from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION

    asked = [Requirement(need) for need in needs]
    for bundled in _BUNDLED:
        asked += [Requirement(line) for line in metadata.requires(bundled) or ()]
    plain = [need.name for need in asked if need.marker is None]
    there = bundle(source, target, [*_KERNEL, *plain], PYODIDE_PYTHON_VERSION)
    absent = {canonicalize_name(Requirement(need).name) for need in needs} - there - set(_BUNDLED)
    if absent:
        raise SiteError(f"{source} has no package {', '.join(sorted(absent))}.")


# -- JupyterLite -----------------------------------------------------------------------------------

_SETTINGS = {
    "appName": "Reading diplomatic news",
    "kitPages": "own",  # the site's pages are the kit's: they run when they are opened
    "litePluginSettings": {
        _PLUGIN: {
            "disablePyPIFallback": True,
            "loadPyodideOptions": {"env": {"HOME": "/home/pyodide", "KIT_WORK": "/drive/work"}},
        }
    },
}


def _build(lite: Path) -> None:
    """Let JupyterLite lay out its files in ``out``.

    Raises:
        SiteError: it failed.
    """
    extensions = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    places = [str(extensions / name) for name in _EXTENSIONS]
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
    try:
        done = subprocess.run(
            [sys.executable, "-c", command, "build", "--lite-dir", str(lite)],
            cwd=lite,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise SiteError(f"JupyterLite has not ended after {_SECONDS} seconds.") from None
    if done.returncode or not (lite / "out" / "lab" / "index.html").is_file():
        said = done.stdout.decode("utf-8", "replace").strip()[-600:]
        raise SiteError(f"JupyterLite could not make the laboratory. It said: {said}")
