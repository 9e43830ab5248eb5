"""The cells by which nbgrader knows the exercises of an assignment, and what each is worth.

Points are those of :mod:`desk.collect.marks`: what is checked shares 40 points, every
exercise the same; agreement work has 20; free text shares what is left of 100. An exercise that is
neither checked nor written has a cell worth nothing, which says whether it was handed in.

What is checked stands in a locked code cell of comments, which does nothing when it is run. Free
text stands in a *task* of nbgrader: a cell of words that a person marks. (nbgrader's other kind of
cell for that, “manually graded answer”, is emptied when an assignment is generated.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from desk.base.markdown import as_markdown
from desk.base.notebook_cells import source_of
from desk.collect.marks import AGREEMENT, AUTO
from desk.collect.plan import Plan
from kit.exercises import Exercise
from kit.exercises.markup import plain

Kind = Literal["checked", "written", "unchecked", "agreement"]


class Key(NamedTuple):
    """A cell that nbgrader keeps points for.

    Attributes:
        id: what nbgrader calls it, such as ``exercise-3-1``.
        lesson: the notebook it stands in.
        kind: ``checked`` by the kit, ``written`` for a person, ``unchecked``: only whether it was
            handed in, or ``agreement``: work on labels as a whole.
        points: the most it can be worth.
        exercise: which exercise; None for agreement work.
    """

    id: str
    lesson: str
    kind: Kind
    points: float
    exercise: Exercise | None = None


def key_of(exercise: str, kind: Kind) -> str:
    """Return the name of an exercise's cell; nbgrader allows letters, digits, ``-`` and ``_``."""
    id = "exercise-" + re.sub(r"[^A-Za-z0-9]+", "-", exercise).strip("-")
    return f"{id}-text" if kind == "written" else id


def keys(plan: Plan) -> list[Key]:
    """Return the cells of an assignment in the order of its exercises, agreement work last."""
    of: dict[Kind, float] = {"checked": 0, "written": 0, "unchecked": 0}
    asked = [(kind, e) for e in plan.asked for kind in _kinds(e)]
    counted = [kind for kind, e in asked if e.id in plan.counted]
    layers = AGREEMENT if plan.layers else 0
    if "checked" in counted:
        of["checked"] = AUTO / counted.count("checked")
    if "written" in counted:
        left = 100 - layers - (AUTO if "checked" in counted else 0)
        of["written"] = left / counted.count("written")
    found = [
        Key(key_of(e.id, kind), e.lesson, kind, of[kind] if e.id in plan.counted else 0.0, e)
        for kind, e in asked
    ]
    if layers:
        last = plan.assignment.lessons[-1]
        found.append(Key("agreement-work", last, "agreement", float(AGREEMENT)))
    return found


def _kinds(exercise: Exercise) -> list[Kind]:
    kinds: list[Kind] = ["checked"] if exercise.checked else []
    if exercise.texts:
        kinds.append("written")
    return kinds or ["unchecked"]


def points_said(points: float) -> str:
    """Return points for people: ``"13.33 points"``, ``"1 point"``."""
    number = f"{round(points, 2):g}"
    return f"{number} point{'' if number == '1' else 's'}"


def with_cells(notebook: dict[str, Any], lesson: str, keys: Iterable[Key]) -> dict[str, Any]:
    """Return a notebook with the cells of its lesson, each after the form it belongs to."""
    cells = list(notebook["cells"])
    taken = {cell["id"] for cell in cells}
    for key in keys:
        if key.lesson != lesson:
            continue
        shown_by = f'today.task("{key.exercise.id}")' if key.exercise else "today.my_work()"
        place = next((n for n, c in enumerate(cells) if shown_by in source_of(c)), len(cells) - 1)
        # Two cells of one exercise follow one another in their order.
        while place + 1 < len(cells) and "nbgrader" in cells[place + 1]["metadata"]:
            place += 1
        cell = _cell(key)
        while cell["id"] in taken:
            cell["id"] += "-cell"
        taken.add(cell["id"])
        cells.insert(place + 1, cell)
    return {**notebook, "cells": cells}


def _cell(key: Key) -> dict[str, Any]:
    task = key.kind == "written"
    kept = {
        "cell_type": "markdown" if task else "code",
        "grade": not task,
        "grade_id": key.id,
        "locked": True,
        "points": key.points,
        "schema_version": 3,
        "solution": False,
        "task": task,
    }
    cell = {
        "cell_type": kept["cell_type"],
        "id": key.id,
        "metadata": {"deletable": False, "editable": False, "nbgrader": kept},
        "source": _said(key),
    }
    return cell if task else {**cell, "execution_count": None, "outputs": []}


def _said(key: Key) -> str:
    worth = f"up to {points_said(key.points)}" if key.points else "no points"
    if key.exercise is None:
        return (
            f"# Agreement work, {worth}: labels of your own, second looks with a reason, and an "
            "edit\n# of the codebook. Your instructor’s kit marks this from your work file."
        )
    name = f"Exercise {key.exercise.id}, {worth}: {plain(key.exercise.title)}"
    if key.kind == "written":
        return (
            f"**{as_markdown(name)}**\n\nA person reads what you write in the form above. There is "
            "nothing to do in this cell."
        )
    if key.kind == "checked":
        rest = "Your instructor’s kit marks this from your work file."
    else:
        rest = "Your instructor sees whether it was handed in."
    return f"# {name}\n# {rest}"
