"""Write an assignment into the course folder of nbgrader.

Into ``source/<assignment>/`` comes what a class is handed, with the notebooks at the top, where
nbgrader looks for them. A course may hold assignments of other kinds beside it. What tells nbgrader
to let the kit mark is ``nbgrader_config.py``; one that is there is never changed.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from desk.base.markdown import as_markdown
from desk.base.notebook_cells import write_notebook
from desk.base.output_folder import MadeError, writing
from desk.collect.plan import lessons, plan_of
from desk.handout import assign
from desk.handout.assignment import Assignment
from desk.handout.covering_notes import SECRET
from desk.handout.notebooks import handed_out
from desk.nbgrader.cells import keys, with_cells
from kit.base.files import content
from kit.base.templating import text
from kit.library import datasets

CONFIG = "nbgrader_config.py"
#: What shows that a folder is a course of nbgrader.
_COURSE = (CONFIG, "gradebook.db", "source")
_PLUGIN = "desk.nbgrader.plugin"
_HAND_IN = (
    "Your work is saved in the folder **work** beside this notebook. When you have finished, sign "
    "at the end of the page and **submit the assignment**; the folder goes along."
)


class Written(NamedTuple):
    """What was written: the assignment's folder, and lines that its owner must add to a
    configuration of their own; none if there is nothing to add."""

    folder: Path
    to_add: str


def make(assignment: Assignment, course: Path) -> Written:
    """Write an assignment into a course folder.

    Args:
        assignment: as :func:`desk.handout.compose.compose` returns it.
        course: the folder of the course: new, empty, or a course of nbgrader.

    Raises:
        MadeError: the folder is something else, or cannot be written.
        KitError: an exercise or a fact cannot be used.
    """
    course = course.absolute()
    config = course / CONFIG
    with writing(course):
        ours = course.exists() and any(course.iterdir())
        if ours and not any((course / name).exists() for name in _COURSE):
            raise MadeError(
                f"{course} holds other things and is no course of nbgrader. Name a new folder, or "
                f"one with {CONFIG} in it, with --nbgrader."
            )
        there = content(config, 2**20).decode("utf-8", "replace") if config.exists() else None
    out = course / "source" / assignment.id
    assign.in_folder(out, lambda folder: _fill(folder, assignment))
    with writing(course):
        # Lessons that were asked when the folder was made before.
        for lesson in set(lessons()) - set(assignment.lessons):
            (out / f"{lesson}.ipynb").unlink(missing_ok=True)
        if there is None:
            config.write_text(lines(course.name), encoding="utf-8", newline="\n")
    return Written(out, "" if there is None or _PLUGIN in there else lines())


def said(made: Written, assignment: Assignment) -> str:
    """Return what to tell whoever has made an assignment."""
    course = made.folder.parent.parent
    told = (
        f"The {assignment.mode} assignment is {made.folder}. Read {SECRET} in it. "
        f"Then, in {course}:"
        f"\n  nbgrader generate_assignment {assignment.id}"
        f"\n  nbgrader release_assignment {assignment.id}"
    )
    if not made.to_add:
        return told
    return (
        f"{told}\n{course / CONFIG} is your own and stays as it is. The kit cannot mark before you "
        f"add these lines to it, after c = get_config():\n\n{made.to_add}"
    )


def _fill(folder: Path, assignment: Assignment) -> None:
    assign.fill(folder, assignment)
    # The kit's doctor reads there what must be installed.
    shutil.copyfile(datasets.root() / "pyproject.toml", folder / "pyproject.toml")
    cells = keys(plan_of(assignment))
    for lesson in assignment.lessons:
        notebook = handed_out(lesson, assignment, hand_in=_HAND_IN)
        write_notebook(folder, lesson, with_cells(notebook, lesson, cells))
    title, due = as_markdown(assignment.title), assignment.due
    readme = text("nbgrader/readme.md", "desk", title=title, due=due, lessons=assignment.lessons)
    (folder / "README.md").write_text(readme, encoding="utf-8", newline="\n")


def lines(course: str = "") -> str:
    """Return the lines of a configuration that let the kit mark its assignments; with the name of
    a course a whole configuration for it."""
    root = str(datasets.root())
    return text("nbgrader/config.py", "desk", course=course, root=root, plugin=_PLUGIN)
