"""What a submission is worth, cell by cell, and what its student is told.

The folder that a student submitted is not trusted. Work files in it are found, read and judged as
:mod:`desk.collect.collect` does it, with the exercises and the reference of the kit
that runs; the kit that lies in the submission is not looked at, and nothing in it is run.

Feedback says of each item whether it was right. It says no right answer, so it can be released
while others still work.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from desk.collect import marks, submissions, work_file
from desk.collect.judge import ENOUGH, share
from desk.collect.marks import ExerciseMark, Marks
from desk.collect.plan import Plan
from desk.collect.submissions import Problem, shown
from desk.collect.work_file import NotUsable, Work
from desk.nbgrader.cells import Key, points_said
from kit.base.phrases import join, plural, where
from kit.base.templating import macros
from kit.exercises import Exercise, kinds
from kit.exercises.markup import plain

_AGAIN = (
    "Submit the assignment again with the folder “work” in it, or with the file that "
    "“Download my work” in the notebook makes; or ask your instructor."
)
_NAME_LENGTH = 70


class Result(NamedTuple):
    """What one cell is worth.

    Attributes:
        share: 0 … 1 of its points; None where a person gives them.
        lines: what the student is told, a sentence or two each.
        html: what the student wrote, for whoever reads it; nothing that they typed is markup.
    """

    share: float | None
    lines: tuple[str, ...]
    html: Markup = Markup()

    def page(self) -> Markup:
        """Return the sentences and what was written as HTML that holds nothing active."""
        return macros("nbgrader/marked", "desk").result(self.lines, self.html)


class Marked(NamedTuple):
    """A submission that has been looked at.

    Attributes:
        results: by the name of the cell.
        notes: what the instructor should know of it, a sentence each.
    """

    results: dict[str, Result]
    notes: tuple[str, ...]


def mark(submission: Path, plan: Plan, keys: Sequence[Key]) -> Marked:
    """Return what a submission is worth.

    Args:
        submission: the folder that a student submitted.
        plan: what was asked.
        keys: the cells that it is asked in.

    Raises:
        ExerciseError: the plan's exercises cannot be used; no student's doing.
    """
    work, notes = _work(submission, plan)
    if work is None:
        lines = (" ".join(notes), _AGAIN)
        return Marked({key.id: Result(0.0, lines) for key in keys}, tuple(notes))
    found = marks.mark(work, plan)
    written = {e.id: [w for w in found.written if w.exercise == e.id] for e in plan.written}
    results = {}
    for key in keys:
        e = key.exercise
        if e is None:
            results[key.id] = _agreement(found, plan)
        elif key.kind == "written":
            results[key.id] = _written(e, written.get(e.id, []))
        elif key.kind == "checked":
            results[key.id] = _checked(e, found.exercises[e.id], key.points, plan.graded)
        else:
            there = found.exercises[e.id].attempts > 0
            results[key.id] = Result(float(there), (_unchecked(found.exercises[e.id]),))
    return Marked(results, (*notes, *found.doubts))


def _work(submission: Path, plan: Plan) -> tuple[Work | None, list[str]]:
    """Return the work that counts, and what to know of it; None if there is none.

    Of several work files the one that was saved last counts.
    """
    usable: list[tuple[str, str, Work]] = []
    broken: list[str] = []
    seen: set[str] = set()
    for one in submissions.find(submission):
        if isinstance(one, Problem):
            continue
        try:
            work, said = work_file.usable(one, plan.article, plan.codebook)
        except NotUsable as problem:
            if problem.ask:
                broken.append(f"The file {one.place} cannot be used: {problem.why}")
            continue
        if said:
            broken.append(f"The file {one.place}: {said}")
        if work.digest not in seen:
            seen.add(work.digest)
            usable.append((work.saved, one.place, work))
    if not usable:
        return None, broken[:3] or ["No work file was handed in."]
    _, place, work = max(usable, key=lambda found: found[:2])
    if len(usable) > 1:
        broken.append(
            f"{plural(len(usable), 'different work file')} were handed in; "
            f"{place}, saved last, counts."
        )
    return work, broken


# -- what is checked -------------------------------------------------------------------------------


def _checked(exercise: Exercise, found: ExerciseMark, points: float, graded: bool) -> Result:
    worth = share(found.best)
    if not found.attempts:
        return Result(0.0, (_unchecked(found),))
    if found.best is None:
        return Result(
            0.0,
            ("What was handed in can be checked no longer. Show your work to your instructor.",),
        )
    lines = [f"{round(worth * points, 2):g} of {points_said(points)}."] if points else []
    right = [id for id, got in found.best.items() if got == 1.0]
    other = [id for id, got in found.best.items() if got < 1.0]
    blank = [id for id in other if id in found.blank and not found.best[id]]
    if not other:
        lines.append("All of it is right.")
    elif other == [ENOUGH]:
        got = round(found.best[ENOUGH] * (exercise.at_least + exercise.in_quotes))
        asked = exercise.at_least + exercise.in_quotes
        lines.append(f"{got} of the {asked} things asked for were found in your labels.")
    else:
        lines.append(f"Right: {_named(exercise, right)}.")
        if wrong := [id for id in other if id not in blank]:
            lines.append(f"Not right, or missing: {_named(exercise, wrong)}.")
        if blank:
            lines.append(f"Left blank: {_named(exercise, blank)}.")
    which = f"; the {'last' if graded else 'best'} counts" if found.attempts > 1 else ""
    lines.append(f"{plural(found.attempts, 'answer')} handed in{which}.")
    return Result(worth, tuple(lines))


def _named(exercise: Exercise, ids: Sequence[str]) -> str:
    """Return items as people know them: paragraphs by number, questions by their words."""
    if not ids:
        return "nothing"
    words = {control.id: control.name for control in kinds.controls(exercise)}
    if not any(id in words for id in ids):
        return where(ids)
    return join([f"“{shown(plain(words.get(id, id)), _NAME_LENGTH)}”" for id in ids])


def _unchecked(found: ExerciseMark) -> str:
    if found.attempts:
        return "Handed in, with something left blank." if found.blank else "Handed in."
    if found.draft:
        return "Something was begun here, but it was not handed in: the button was not pressed."
    return "Nothing was handed in."


# -- agreement work --------------------------------------------------------------------------------


def _agreement(found: Marks, plan: Plan) -> Result:
    total = marks.total(found, plan)
    lines = [f"{round(total.agreement, 2):g} of {points_said(total.agreement_of)}."]
    for layer in plan.layers:
        done = found.layers[layer.id]
        asked = plan.labels_asked(layer.id)
        how = "labelled" if plan.graded else "committed before the other reading was shown"
        lines.append(f"{layer.title}: {plural(done.committed, 'label')} {how}, {asked} asked for.")
    resolved = sum(found.layers[layer.id].resolved for layer in plan.layers)
    lines.append(
        f"{plural(resolved, 'second look')} with a reason of {marks.LEAST_REASON} words or more in "
        f"the label’s note; {marks.TO_RESOLVE} asked for."
    )
    if found.proposals:
        lines.append("An edit of the codebook is proposed.")
    else:
        lines.append("No edit of the codebook is proposed (a note that begins with “Codebook:”).")
    return Result(total.agreement / total.agreement_of, tuple(lines))


# -- free text -------------------------------------------------------------------------------------


def _written(exercise: Exercise, found: Sequence[marks.Written]) -> Result:
    found = [one for one in found if one.text.strip() or one.evidence]
    if not found:
        return Result(0.0, ("Nothing was handed in.",))
    lines = []
    if found[0].draft:
        lines.append("This was written but not handed in: the button was not pressed.")
    labels = {text.id: plain(text.label) for text in exercise.texts}
    texts = [(labels.get(one.field, one.field), one.text) for one in found]
    backed = next((one for one in found if one.evidence), None)
    evidence = [
        (shown(block, 20), words, holds)
        for (block, words), holds in (zip(backed.evidence, backed.holds) if backed else ())
    ]
    html = macros("nbgrader/marked", "desk").written(texts, evidence)
    return Result(None, tuple(lines), html)
