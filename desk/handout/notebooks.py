"""Notebooks as students get them.

A lesson's notebook is written for practice. What differs for a mark, and on an instructor's own
article, stands in the metadata of its cells: the whole other text, and tags for cells that go::

    "kit": {"graded": "…", "own": "…", "own_graded": "…"},
    "tags": ["reveals-answers"]

A hand-out gets its own texts and nothing of the others. At its top stands what the assignment is;
links lead only to what was handed out with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from desk.base.markdown import as_markdown
from desk.base.notebook_cells import read_notebook, source_of, tasks_of, with_links_to
from desk.handout.assignment import Assignment
from kit import exercises
from kit.library import datasets
from kit.library.course import OWN_LESSON

#: How students hand in, where nothing else is said.
DOWNLOAD = (
    "When you have finished, sign at the end of the page, press **Download my work**, and hand in "
    "that one file."
)
_CHECK = (
    "## Check yourself\n\n"
    "These are about what can be counted in this text, and about the labels that you have made."
)
_HIDDEN = {"jupyter": {"source_hidden": True}}


class Variant(NamedTuple):
    """What a hand-out takes of a notebook.

    Attributes:
        texts: which of a cell's texts, the first that is there; its source if none is.
        without: the tags of the cells that it has not.
    """

    texts: tuple[str, ...]
    without: frozenset[str]


_REVEALS, _NOT_ON_OWN = "reveals-answers", "not-on-own-article"
#: The variants, by whether they are for a mark, and whether on an instructor's own article.
VARIANTS = {
    (False, False): Variant((), frozenset()),
    (True, False): Variant(("graded",), frozenset({_REVEALS})),
    (False, True): Variant(("own",), frozenset({_NOT_ON_OWN})),
    (True, True): Variant(
        ("own_graded", "own", "graded"),
        frozenset({_REVEALS, f"{_REVEALS}-on-own-article", _NOT_ON_OWN}),
    ),
}


def notebook_of(lesson: str) -> dict[str, Any]:
    """Return the notebook that a lesson is made from: on an instructor's own article the last."""
    return read_notebook(OWN_LESSON if _on_own_article(lesson) else lesson)


def for_students(lesson: str, *, graded: bool = False) -> dict[str, Any]:
    """Return a lesson's notebook with what students read in it, for practice or for a mark; that
    of an instructor's own article has this article's exercises in it.

    Of what the notebook says of itself its title and aim are left: the way through the course
    names them. What it says of other hand-outs is taken out.
    """
    notebook = notebook_of(lesson)
    own = _on_own_article(lesson)
    variant = VARIANTS[graded, own]
    cells = [
        _with_its_text(cell, variant.texts)
        for cell in notebook["cells"]
        if variant.without.isdisjoint(cell["metadata"].get("tags", ()))
    ]
    if graded or own:
        cells = [_code(cell) if cell["cell_type"] == "code" else cell for cell in cells]
    if own:
        cells = _on_article(cells, lesson, graded)
    title = source_of(cells[0]).partition("\n")[0].removeprefix("# ")
    known = {"title": title, "aim": notebook["metadata"]["kit"]["aim"]}
    return {**notebook, "metadata": {**notebook["metadata"], "kit": known}, "cells": cells}


def handed_out(lesson: str, assignment: Assignment, *, hand_in: str = DOWNLOAD) -> dict[str, Any]:
    """Return a lesson's notebook as students get it; ``hand_in`` says at its top how the work is
    handed in."""
    notebook = for_students(lesson, graded=assignment.mode == "graded")
    cells = notebook["cells"]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = with_links_to(assignment.lessons, source_of(cell))
    there = {id for cell in cells for id in tasks_of(cell)}
    here = [id for id in assignment.exercises if id in there]
    cells.insert(1, _words("assignment", _notice(assignment, here, hand_in)))
    return notebook


def _on_own_article(lesson: str) -> bool:
    return not (datasets.root() / "notebooks" / f"{lesson}.ipynb").exists()


def _with_its_text(cell: Mapping[str, Any], texts: Sequence[str]) -> dict[str, Any]:
    """Return a cell with the first of these texts that it has, and without the others."""
    known = cell["metadata"].get("kit", {})
    source = next((known[name] for name in texts if name in known), cell["source"])
    about = {key: value for key, value in cell["metadata"].items() if key not in ("kit", "tags")}
    return {**cell, "metadata": about, "source": source}


def _on_article(cells: list[dict[str, Any]], lesson: str, graded: bool) -> list[dict[str, Any]]:
    """Return the last lesson's cells on one article, with that article's exercises among them."""
    article = lesson.partition("-")[2]
    title = datasets.load_article(article).title or article
    asked = [e.id for e in exercises.load(lesson) if not (graded and e.graded.left_out)]
    there: set[str] = set()
    kept: list[dict[str, Any]] = []
    for cell in cells:
        tasks = tasks_of(cell)
        if not set(tasks) <= set(asked):
            # With the words that lead up to it, which stand in the cell before.
            if kept and kept[-1]["cell_type"] == "markdown":
                kept.pop()
            continue
        there.update(tasks)
        if cell["cell_type"] == "code":
            opened = f'lesson("{lesson}", article="{article}")'
            cell["source"] = cell["source"].replace(f'lesson("{OWN_LESSON}")', opened)
        kept.append(cell)
    more = [id for id in asked if id not in there]
    if more:
        place = next(n for n, cell in enumerate(kept) if "today.compare(" in source_of(cell)) - 1
        new = [_words("check-yourself", _CHECK)]
        for id in more:
            name, source = f"task-{id.replace('.', '-')}", f'today.task("{id}")'
            form = {"id": name, "metadata": _HIDDEN, "source": source}
            new.append({"cell_type": "code", **_code(form)})
        kept[place:place] = new
    kept[0]["source"] = source_of(kept[0]) + (
        f"\n\n**The text.** Your instructor has chosen it: “{as_markdown(title)}”. "
        "It stands ready below."
    )
    return kept


def _code(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell of code that has not been run."""
    return {**cell, "source": source_of(cell), "outputs": [], "execution_count": None}


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
