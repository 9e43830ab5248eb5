"""What stands in the cells of a notebook, which nbformat keeps as text or as a list of lines."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from kit.library import datasets

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
