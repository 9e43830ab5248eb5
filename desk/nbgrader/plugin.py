"""What nbgrader loads, as ``nbgrader_config.py`` tells it: the only module that needs nbgrader.

For the kit's assignments ``nbgrader autograde`` then opens no notebook of a student: it takes the
notebook as it was handed out (:class:`AsHandedOut`) and writes into it what the kit says
(:class:`Marks`). Whatever a student did to their notebook does no harm, and no code runs. Any other
assignment of the course is graded as nbgrader grades it.

How a number becomes a cell's points: nbgrader takes an ``execute_result`` of a cell that it keeps
points for as partial credit (``nbgrader.utils.determine_grade``, nbgrader 0.9).
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute

from desk.base.output_folder import stamped
from desk.collect.plan import Plan, plan_of
from desk.handout import assignment as assignments
from desk.handout.assign import WHAT
from desk.nbgrader.cells import Key, keys
from desk.nbgrader.marking import Marked, Result, mark
from kit.base.templating import without_formulas


class _Course:
    """The folders of a course, and what was asked in the kit's assignments, read once a run."""

    def __init__(self, converter: Any):
        self._converter = converter
        self._asked: dict[Path, tuple[Plan, list[Key]]] = {}
        self._last: tuple[Path, Marked] | None = None

    def submission(self, assignment: str, student: str) -> Path:
        return self._folder("submitted_directory", assignment, student)

    def handed_out(self, assignment: str) -> Path | None:
        """Return the folder of an assignment as students got it; None if the kit did not make it.

        What was generated comes first: the gradebook goes with it.
        """
        for step in ("release_directory", "source_directory"):
            folder = self._folder(step, assignment, ".")
            with suppress(OSError):
                if stamped(folder) == WHAT:
                    return folder
        return None

    def asked(self, folder: Path) -> tuple[Plan, list[Key]]:
        """Return what was asked in an assignment.

        Raises:
            KitError: it cannot be used.
        """
        if folder not in self._asked:
            plan = plan_of(assignments.read(folder / assignments.FILE))
            self._asked[folder] = plan, keys(plan)
        return self._asked[folder]

    def mark(self, folder: Path, about: dict) -> Marked:
        """Return what a submission is worth, and log what to know of it; once for all its
        notebooks.

        Raises:
            KitError: the assignment or the kit's own data cannot be used.
        """
        submission = self.submission(about["assignment"], about["student"])
        if self._last is None or self._last[0] != submission:
            marked = mark(submission, *self.asked(folder))
            self._last = submission, marked
            for note in marked.notes:
                self._converter.log.warning("%s: %s", about["student"], note)
        return self._last[1]

    def _folder(self, step: str, assignment: str, student: str) -> Path:
        course = self._converter.coursedir
        return Path(course.format_path(getattr(course, step), student, assignment))


class AsHandedOut(NotebookExporter):
    """Takes the place of what a student submitted by the notebook as it was handed out."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.course = _Course(self.parent)
        self._add_missing(self.parent)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **more: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert a notebook; nbgrader calls this with what was submitted, then with what came of
        it."""
        about = (resources or {}).get("nbgrader", {})
        folder = self.course.handed_out(about["assignment"]) if about else None
        if folder is not None:
            given = self.course.submission(about["assignment"], about["student"])
            if Path(filename).parent == given:
                filename = os.fspath(folder / f"{about['notebook']}.ipynb")
        return super().from_filename(filename, resources=resources, **more)

    def _add_missing(self, converter: Any) -> None:
        """Let nbgrader also look at notebooks that students have lost: their work is elsewhere."""
        course = converter.coursedir
        folder = self.course.handed_out(course.assignment_id)
        if folder is None or course.notebook_id != "*":
            return
        there = sorted(path.name for path in folder.glob("*.ipynb"))
        for submitted, notebooks in converter.assignments.items():
            known = {os.path.basename(path) for path in notebooks}
            notebooks += [os.path.join(submitted, name) for name in there if name not in known]


class Marks(Execute):
    """Marks a submission of one of the kit's assignments; executes any other."""

    def preprocess(
        self, nb: NotebookNode, resources: dict, *args: Any, **more: Any
    ) -> tuple[NotebookNode, dict]:
        """Give each cell that points are kept for what it is worth, and what to tell of it.

        Raises:
            KitError: the assignment or the kit's own data cannot be used.
        """
        exporter = self.parent
        course = getattr(exporter, "course", None) or _Course(exporter.parent)
        about = resources["nbgrader"]
        folder = course.handed_out(about["assignment"])
        if folder is None:
            return super().preprocess(nb, resources, *args, **more)
        marked = course.mark(folder, about)
        written = {}
        cells = []
        for cell in nb.cells:
            cells.append(cell)
            kept = cell.metadata.get("nbgrader", {})
            if not (kept.get("grade") or kept.get("task")):
                continue
            unknown = Result(0.0, ("This is asked no longer.",))
            result = marked.results.get(kept["grade_id"], unknown)
            if kept.get("task"):
                written[kept["grade_id"]] = result
                cells.append(_shown(kept["grade_id"], result))
            else:
                cell.outputs = [_credit(result, float(kept["points"]))]
        nb.cells = cells
        _keep(written, about)
        return nb, resources


def _credit(result: Result, points: float) -> NotebookNode:
    """Return the output whose number nbgrader takes for the points."""
    got = min(points, max(0.0, (result.share or 0.0) * points))
    data = {"text/plain": repr(got), "text/html": without_formulas(result.page())}
    return new_output("execute_result", data=data, execution_count=None)


def _shown(id: str, result: Result) -> NotebookNode:
    """Return a cell that shows, below the one that is marked, what the student wrote."""
    cell = new_code_cell("# What was handed in", id=f"{id}-shown"[-64:])
    data = {"text/plain": "See the page.", "text/html": without_formulas(result.page())}
    cell.outputs = [new_output("display_data", data=data)]
    cell.metadata["deletable"] = cell.metadata["editable"] = False
    return cell


def _keep(written: dict[str, Result], about: dict) -> None:
    """Tell the gradebook which free text waits for a person; what is not there is worth nothing.

    nbgrader itself asks a person for all of it. Points that a person gave stay.
    """
    if not written:
        return
    with Gradebook(about["db_url"]) as gradebook:
        for id, result in written.items():
            grade = gradebook.find_grade(
                id, about["notebook"], about["assignment"], about["student"]
            )
            grade.auto_score = None if result.share is None else 0.0
            grade.needs_manual_grade = result.share is None or grade.manual_score is not None
        gradebook.db.commit()
