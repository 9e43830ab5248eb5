"""Each lesson's notebook as it came, without outputs: what a page is put back to.

In the kit itself ``python run.py notebooks`` keeps them; whatever hands lessons out keeps its own
(:func:`desk.base.notebook_cells.keep_original`).
"""

from __future__ import annotations

import json
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
