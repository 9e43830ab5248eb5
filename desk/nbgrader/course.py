"""Write an assignment into the course folder of nbgrader.

Into ``source/<assignment>/`` comes what a class is handed, with the notebooks at the top, where
nbgrader looks for them. A course may hold assignments of other kinds beside it. What tells nbgrader
to let the kit mark is ``nbgrader_config.py``; one that is there is never changed.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

from desk.base.markdown import as_markdown
from desk.base.output_folder import MadeError
from desk.collect.plan import lessons, plan_of
from desk.handout import assign
from desk.handout.assignment import Assignment
from desk.handout.covering_notes import SECRET
from desk.handout.notebooks import handed_out
from desk.nbgrader.cells import keys, with_cells
from kit.library import datasets

__all__ = ["CONFIG", "Written", "lines", "make", "said"]

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
    try:
        ours = course.exists() and any(course.iterdir())
        if ours and not any((course / name).exists() for name in _COURSE):
            raise MadeError(
                f"{course} holds other things and is no course of nbgrader. Name a new folder, or "
                f"one with {CONFIG} in it, with --nbgrader."
            )
        there = config.read_text(encoding="utf-8", errors="replace") if config.exists() else None
    except OSError as problem:
        if isinstance(problem, MadeError):
            raise
        raise _unwritable(course, problem) from None
    out = course / "source" / assignment.id
    assign.in_folder(out, lambda folder: _fill(folder, assignment))
    _clear_lessons(out, assignment)
    if there is None:
        try:
            config.write_text(_config(course), encoding="utf-8", newline="\n")
        except OSError as problem:
            raise _unwritable(config, problem) from None
    return Written(out, "" if there is None or _PLUGIN in there else lines())


def said(made: Written, assignment: Assignment) -> str:
    """Return what to tell whoever has made an assignment."""
    course = made.folder.parent.parent
    text = (
        f"The {assignment.mode} assignment is {made.folder}. Read {SECRET} in it. "
        f"Then, in {course}:"
        f"\n  nbgrader generate_assignment {assignment.id}"
        f"\n  nbgrader release_assignment {assignment.id}"
    )
    if not made.to_add:
        return text
    return (
        f"{text}\n{course / CONFIG} is your own and stays as it is. The kit cannot mark before you "
        f"add these lines to it, after c = get_config():\n\n{made.to_add}"
    )


def _unwritable(path: Path, problem: OSError) -> MadeError:
    return MadeError(
        f"{path} cannot be used: {problem.strerror or problem}. Name another folder, with "
        "--nbgrader."
    )


def _fill(folder: Path, assignment: Assignment) -> None:
    assign.fill(folder, assignment)
    # The kit's doctor reads there what must be installed.
    shutil.copyfile(datasets.root() / "pyproject.toml", folder / "pyproject.toml")
    cells = keys(plan_of(assignment))
    for lesson in assignment.lessons:
        notebook = handed_out(lesson, assignment, hand_in=_HAND_IN)
        text = json.dumps(with_cells(notebook, lesson, cells), ensure_ascii=False, indent=1)
        (folder / f"{lesson}.ipynb").write_text(text + "\n", encoding="utf-8", newline="\n")
    (folder / "README.md").write_text(_readme(assignment), encoding="utf-8", newline="\n")


def _clear_lessons(out: Path, assignment: Assignment) -> None:
    """Remove notebooks of lessons that were asked when the folder was made before."""
    for lesson in set(lessons()) - set(assignment.lessons):
        try:
            (out / f"{lesson}.ipynb").unlink(missing_ok=True)
        except OSError as problem:
            raise _unwritable(out, problem) from None


def _readme(assignment: Assignment) -> str:
    due = f"\nSubmit it by **{assignment.due.isoformat()}**.\n" if assignment.due else ""
    notebooks = "\n".join(f"- `{lesson}.ipynb`" for lesson in assignment.lessons)
    return f"""# {as_markdown(assignment.title)}
{due}
Open a notebook, choose **Run → Run All Cells**, and begin:

{notebooks}

Everything you make is saved at once, in the folder `work` beside the notebooks. When you have
finished, sign at the end of a notebook and **submit the assignment**. The folder `work` goes along;
do not move it. Have you worked elsewhere? Press **Download my work** there, put the file into this
folder, and submit.

Cells that name points are for your instructor’s marks. Nothing is to be done in them.

The kit’s code is under the licence in `LICENSE`, its words under that in `LICENSE-CONTENT.md`. The
article’s rights stand in `datasets/README.md`.
"""


def lines() -> str:
    """Return the lines of a configuration that let the kit mark its assignments."""
    return f"""\
# The kit marks its own assignments, from the students' work files and with the answers of the copy
# of the kit that lies here. Have you moved it? Then change this line.
import sys

sys.path.insert(0, {str(datasets.root())!r})

c.Autograde.exporter_class = "{_PLUGIN}.AsHandedOut"
c.Autograde.autograde_preprocessors = [
    "{_PLUGIN}.Marks",  # in place of nbgrader's Execute, which it calls for all other assignments
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""


def _config(course: Path) -> str:
    return f"""\
# Made by: python -m desk assign --nbgrader. It is not made again: change what you like.
import os

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = {course.name!r}
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))

{lines()}"""
