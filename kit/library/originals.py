"""Each lesson's notebook as it came, without outputs: what a page is put back to.

In the kit itself ``python run.py notebooks`` keeps them; whatever hands lessons out keeps its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("originals")


def original(lesson: str) -> dict[str, Any] | None:
    """Return the notebook of a lesson as it came; None where none was kept."""
    path = FOLDER / f"{Path(lesson).name}.ipynb"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def title_and_aim(lesson: str) -> tuple[str, str]:
    """Return a lesson's heading and its aim; its name alone where no notebook of it was kept."""
    about = (original(lesson) or {}).get("metadata", {}).get("kit", {})
    return about.get("title", lesson), about.get("aim", "")


def keep(lesson: str, notebook: Mapping[str, Any], folder: Path = FOLDER) -> None:
    """Keep a notebook as the one that a lesson came with.

    Args:
        lesson: its name, such as ``"02-structure"``.
        notebook: with outputs or without.
        folder: where originals are kept: that of the copy of the kit which is handed out.
    """
    bare = []
    for cell in notebook["cells"]:
        bare.append({**cell, "source": "".join(cell["source"])})
        if cell["cell_type"] == "code":
            bare[-1] |= {"outputs": [], "execution_count": None}
    folder.mkdir(parents=True, exist_ok=True)
    # One cell a line: short, and a change of one cell is a change of one line.
    cells = ",\n".join(json.dumps(cell, ensure_ascii=False, sort_keys=True) for cell in bare)
    about = {key: value for key, value in notebook.items() if key != "cells"}
    rest = json.dumps(about, ensure_ascii=False, sort_keys=True).removeprefix("{")
    text = f'{{"cells": [\n{cells}\n],\n{rest}\n'
    (folder / f"{lesson}.ipynb").write_text(text, encoding="utf-8", newline="\n")
