"""Store what every notebook says to a student who has everything right, and to one who has
everything wrong.

``python -m tests.store_states`` runs each notebook as either student left it and keeps the code
with its plain-text results in ``tests/states/right`` and ``tests/states/wrong``, where nbval finds
them. Pictures and pages are left out: the plain text has every number and every verdict.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat

from tests.states import STATES, fill
from tests.store_outputs import NOTEBOOKS, ROOT, run, tidy


def stored(path: Path, state: str) -> nbformat.NotebookNode:
    """Return a notebook as it runs in a state, code and plain text only."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), path.stem, state)
        notebook = run(path, Path(folder))
        tidy(notebook, Path(folder))
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        for output in cell.outputs:
            output["data"] = {"text/plain": output.data["text/plain"]}
    return notebook


def main(paths: list[Path]) -> None:
    for state in STATES:
        folder = ROOT / "tests" / "states" / state
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            nbformat.write(stored(path, state), folder / path.name)
            print(f"{state}/{path.name}: stored")


if __name__ == "__main__":
    main([Path(name).resolve() for name in sys.argv[1:]] or NOTEBOOKS)
