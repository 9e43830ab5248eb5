"""Notebooks as students get them.

At the top stands what the assignment is; links lead only to what was handed out with it. For a mark
every cell goes that would show another reading, or a chart that gives an answer away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from desk.base.markdown import as_markdown
from desk.base.notebook_cells import source_of, with_links_to
from desk.handout.assignment import Assignment
from desk.handout.rewording import reworded_cells
from kit import exercises
from kit.library import datasets

__all__ = ["DOWNLOAD", "handed_out", "notebook_of"]

#: How students hand in, where nothing else is said.
DOWNLOAD = (
    "When you have finished, sign at the end of the page, press **Download my work**, and hand in "
    "that one file."
)

_OTHERS = re.compile(r""",\s*of=["']\w+["']""")
# Charts that are made of the readings, or of days and outcomes that an exercise asks for.
_TELL = re.compile(r"""today\.chart\(\s*["'](two readers|order of events|timeline|scorecard)["']""")
_LEFT_OUT = "*A chart of another reading, or of answers, is left out. Your instructor has it.*"
_CHECK = (
    "## Check yourself\n\n"
    "These are about what can be counted in this text, and about the labels that you have made."
)
_HIDDEN = {"jupyter": {"source_hidden": True}}


def notebook_of(lesson: str) -> dict[str, Any]:
    """Return a lesson's notebook; that of an instructor's own article is made from the last."""
    from kit.lessons import OWN

    path = datasets.root() / "notebooks" / f"{lesson}.ipynb"
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    path = path.with_name(f"{OWN}.ipynb")
    return _on_article(json.loads(path.read_text(encoding="utf-8")), lesson)


def _on_article(notebook: dict[str, Any], lesson: str) -> dict[str, Any]:
    """Return the last lesson's notebook on one article, with that article's exercises in it."""
    from kit.lessons import OWN

    article = lesson.partition("-")[2]
    title = datasets.load_article(article).title or article
    asked = [e.id for e in exercises.load(lesson)]
    there = set()
    cells: list[dict[str, Any]] = []
    for cell in reworded_cells(notebook["cells"], "own"):
        source = source_of(cell)
        if cell["cell_type"] == "code":
            cell = _code(cell, source)
            task = re.search(r"""today\.task\(["']([\d.a-z]+)["']""", source)
            if "today.my_text()" in source or (task and task[1] not in asked):
                # With the words that lead up to it, which stand in the cell before.
                if cells and cells[-1]["cell_type"] == "markdown":
                    cells.pop()
                continue
            there.update([task[1]] if task else [])
            source = source.replace(f'lesson("{OWN}")', f'lesson("{lesson}", article="{article}")')
            cell["source"] = source
        cells.append(cell)
    more = [id for id in asked if id not in there]
    if more:
        place = next(n for n, cell in enumerate(cells) if "today.compare(" in source_of(cell)) - 1
        new = [_words("check-yourself", _CHECK)]
        for id in more:
            form = _code(
                {"id": f"task-{id.replace('.', '-')}", "metadata": _HIDDEN}, f'today.task("{id}")'
            )
            new.append({"cell_type": "code", **form})
        cells[place:place] = new
    head = (
        f"\n\n**The text.** Your instructor has chosen it: “{as_markdown(title)}”. "
        "It stands ready below."
    )
    cells[0] = {**cells[0], "source": source_of(cells[0]) + head}
    return {**notebook, "cells": cells}


def handed_out(
    notebook: dict[str, Any], assignment: Assignment, *, hand_in: str = DOWNLOAD
) -> dict[str, Any]:
    """Return a notebook, as :func:`notebook_of` gives it, as students get it; ``hand_in`` says at
    its top how the work is handed in."""
    cells = [dict(cell) for cell in notebook["cells"]]
    if assignment.mode == "graded":
        cells = reworded_cells(cells)
        sources = {source_of(cell) for cell in cells if cell["cell_type"] == "code"}
        cells = [new for cell in cells if (new := _without_readings(cell, sources)) is not None]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = with_links_to(assignment.lessons, source_of(cell))
    code = "\n".join(source_of(cell) for cell in cells if cell["cell_type"] == "code")
    here = [e for e in assignment.exercises if f'task("{e}")' in code]
    cells.insert(1, _words("assignment", _notice(assignment, here, hand_in)))
    return {**notebook, "cells": cells}


def _without_readings(cell: dict[str, Any], sources: set[str]) -> dict[str, Any] | None:
    """Return a cell that shows no other reading and no stored page; None for one that goes."""
    source = source_of(cell)
    if cell["cell_type"] != "code":
        return None if "load_coding(" in source else cell
    own = _OTHERS.sub("", source)
    if _TELL.search(source) or (own != source and own in sources):
        return _words(cell["id"], _LEFT_OUT)
    return _code(cell, own)


def _code(cell: Mapping[str, Any], source: str) -> dict[str, Any]:
    return {**cell, "source": source, "outputs": [], "execution_count": None}


def _words(id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def _notice(assignment: Assignment, here: Sequence[str], hand_in: str) -> str:
    lines = [f"> **Assignment: {as_markdown(assignment.title)}**"]
    if assignment.due:
        lines.append(f"> To be handed in by {assignment.due:%A} {assignment.due.isoformat()}.")
    lines.append(f"> What counts on this page: {', '.join(here) or 'your labels'}.")
    if assignment.mode == "graded":
        lines.append(
            "> Your instructor marks it. This copy has no answers in it and no reading but yours: "
            "forms keep what you write and say nothing of right or wrong, and charts show your own "
            "labels. You may change an answer as often as you like: the last one counts."
        )
    else:
        lines.append("> This is for practice: the forms check your answers, as often as you like.")
    lines.append(f"> {hand_in}")
    return "\n>\n".join(lines)
