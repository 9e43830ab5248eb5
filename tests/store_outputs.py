"""Run the notebooks afresh and store what they show, as a student first meets them.

``python run.py notebooks`` does this for all; name some to do only those.

Stored outputs hold no widget (there is no kernel behind it), no word of the article (it has one
place, its data file) and no folder of this machine. The notebooks without outputs are kept too, as
the originals to which a page can be put back.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from desk.base.notebook_cells import keep_original

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LIVE = "application/vnd.jupyter.widget-view+json"
ARTICLE = re.compile(r"<article\b[^>]*>.*?</article>", re.DOTALL)
PLACEHOLDER = "<article><p>Choose Run → Run All Cells, and the article appears here.</p></article>"


def run(path: Path, work: Path) -> nbformat.NotebookNode:
    """Run a notebook with its work kept in ``work`` and return it, outputs and all.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    notebook = nbformat.read(path, as_version=4)
    environment = {**os.environ, "KIT_WORK": str(work)}
    client = NotebookClient(
        notebook,
        timeout=120,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # what it warns of is no concern here
        resources={"metadata": {"path": path.parent}},
    )
    client.execute(env=environment)
    return notebook


def tidy(notebook: nbformat.NotebookNode, work: Path) -> None:
    """Strip from the outputs what is not to be stored."""
    facts = notebook.metadata.get("kit")
    notebook.metadata = nbformat.from_dict(
        {
            **({"kit": facts} if facts else {}),
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            data.pop(LIVE, None)
            output.pop("metadata", None) if output.output_type == "stream" else None
            for kind, text in data.items():
                data[kind] = ARTICLE.sub(PLACEHOLDER, text.replace(str(work), "work"))


def main(paths: list[Path]) -> None:
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            notebook = run(path, Path(folder))
            tidy(notebook, Path(folder))
        nbformat.validate(notebook)
        nbformat.write(notebook, path)
        if path in NOTEBOOKS:
            keep_original(path.stem, notebook)
        print(f"{path.name}: stored")


if __name__ == "__main__":
    main([Path(name).resolve() for name in sys.argv[1:]] or NOTEBOOKS)
