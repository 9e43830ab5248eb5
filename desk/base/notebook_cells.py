"""What stands in the cells of a notebook, which nbformat keeps as text or as a list of lines."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from kit.library import datasets, originals

_TASK = re.compile(r"""\btoday\.task\(\s*["']([^"']+)["']""")
_LINK = re.compile(r"\[([^\]]+)\]\(([\w-]+)\.ipynb\)")


def source_of(cell: Mapping[str, Any]) -> str:
    """Return what stands in a cell, as one text."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def tasks_of(cell: Mapping[str, Any]) -> list[str]:
    """Return the exercises whose forms a cell shows, such as ``["3.1"]``."""
    if cell["cell_type"] != "code":
        return []
    return list(dict.fromkeys(_TASK.findall(source_of(cell))))


def with_links_to(lessons: Collection[str], text: str) -> str:
    """Return Markdown in which links to other notebooks than ``lessons``, such as
    ``03-who-speaks``, are plain words."""
    return _LINK.sub(lambda link: link[0] if link[2] in lessons else link[1], text)


def read_notebook(lesson: str) -> dict[str, Any]:
    """Return the notebook of one of the course's lessons, such as ``"03-who-speaks"``."""
    path = datasets.root() / "notebooks" / f"{lesson}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def write_notebook(folder: Path, lesson: str, notebook: Mapping[str, Any]) -> None:
    """Write a lesson's notebook into a folder."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    (folder / f"{lesson}.ipynb").write_text(text, encoding="utf-8", newline="\n")


def keep_original(lesson: str, notebook: Mapping[str, Any], root: Path | None = None) -> None:
    """Keep a notebook without outputs as the one that a lesson came with, to which its page can be
    put back.

    Args:
        lesson: its name, such as ``"02-structure"``.
        notebook: with outputs or without.
        root: where the copy of the kit lies that is handed out; the kit itself if None.
    """
    bare = []
    for cell in notebook["cells"]:
        bare.append({**cell, "source": source_of(cell)})
        if cell["cell_type"] == "code":
            bare[-1] |= {"outputs": [], "execution_count": None}
    folder = (root or datasets.root()) / originals.FOLDER.relative_to(datasets.root())
    folder.mkdir(parents=True, exist_ok=True)
    # One cell a line: short, and a change of one cell is a change of one line.
    cells = ",\n".join(json.dumps(cell, ensure_ascii=False, sort_keys=True) for cell in bare)
    about = {key: value for key, value in notebook.items() if key != "cells"}
    rest = json.dumps(about, ensure_ascii=False, sort_keys=True).removeprefix("{")
    text = f'{{"cells": [\n{cells}\n],\n{rest}\n'
    (folder / f"{lesson}.ipynb").write_text(text, encoding="utf-8", newline="\n")
