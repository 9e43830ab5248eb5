"""An exercise as a form. What a student writes is on the disk before the page says so.

::

    page → kernel  {"type": "draft", "rev": 3, "values": {…}, "seen": {…}, "sent": […]}
                                                                    as the student writes
                   {"type": "hand-in", "rev": 4, …}                 the big button
                   {"type": "hint", "rev": 5, …}
    kernel → page  {"type": "saved", "rev": 3, "at": …, "torn": {…}}  after the state is up to date
                   {"type": "not-saved", "rev": 3, "problem": "The disk is full. …"}

``seen`` is what the page knows to have stood in the form, ``sent`` what it sent before without an
answer. ``torn`` has, by field, what another window has written there instead: that stays, what
this page wrote is kept as an earlier answer, and the student chooses. A *saved* after *hand-in*
also brings what the check said, ``"outcome"``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets
from markupsafe import Markup

from kit import exercises
from kit.base.errors import KitError
from kit.base.templating import macros
from kit.exercises import Context, Exercise, Seen, forms, kinds
from kit.widgets.scripts import script, styled
from kit.widgets.widget import Widget
from kit.work.errors import NotSaved
from kit.work.workbook import Workbook

_SIGNS = {"yes": "✓ ", "not yet": "✗ ", "kept": "✓ ", "empty": ""}


class Task(Widget):
    """One exercise with its answer, to be filled in in the notebook.

    Args:
        exercise: what is asked.
        workbook: where the answer is kept.
        context: gives what the answer is held against, with the labels of that moment.

    Raises:
        ExerciseError: the exercise asks about something that the article has not.
    """

    _esm = script("task.js", also="controls")
    _css = styled("form", "task")

    form = traitlets.Dict(help="What never changes: texts and controls.").tag(sync=True)
    state = traitlets.Dict(help="Answer, verdict and hints, as on the disk.").tag(sync=True)
    storage = traitlets.Unicode(help="Name of the browser's own copy.").tag(sync=True)

    def __init__(self, exercise: Exercise, workbook: Workbook, context: Callable[[], Context]):
        # Where an option stands tells nobody anything, and a neighbour’s screen does not either.
        self.exercise = exercise = exercises.shuffled(exercise, workbook.path.stem)
        self.workbook = workbook
        self._context = context
        super().__init__(
            form=exercises.form(exercise, context()),
            state=self._now(),
            storage=f"kit:{workbook.key}:task:{exercise.id}",
        )

    def __repr__(self) -> str:
        return exercises.summary(self.form, self.state)

    def _now(self) -> dict[str, Any]:
        record = exercises.read(self.workbook, self.exercise.id)
        # Whoever has never answered has nothing saved here, whatever else the file holds.
        begun = record.values or record.attempts or record.hints
        saved_at = self.workbook.saved_at if begun else ""
        state = exercises.state(self.exercise, record, self._context(), saved_at=saved_at)
        return {**state, "outcome": self._shown(state["outcome"])}

    def _shown(self, outcome: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return an outcome; after the course with what the student found before it."""
        if outcome and outcome["verdict"] == "kept":
            if found := forms.first_found(self.exercise, self.workbook):
                return {**outcome, "reveal": outcome["reveal"] + macros("task").first_found(found)}
        return outcome

    def _answer(self, message: object) -> dict[str, Any] | None:
        match message:
            case {
                "type": "draft" | "hand-in" | "hint" as wish,
                "rev": int(rev),
                "values": dict(values),
                "seen": seen,
                "sent": list(sent),
            }:
                return {"rev": rev, **self._do(wish, values, Seen(seen, sent))}
        return None

    def _do(self, wish: str, values: dict[str, Any], seen: Seen | None = None) -> dict[str, Any]:
        """Keep the answer and do what was asked; return the answer for the page."""
        workbook, exercise = self.workbook, self.exercise
        outcome = None
        try:
            saved = exercises.draft(workbook, exercise, values, seen)
            if wish == "hand-in":
                # An answer that is not whole is no try and leaves no trace in the state.
                kept = exercises.hand_in(workbook, exercise, values, self._context(), seen)
                outcome = self._shown(exercises.said(kept))
            if wish == "hint":
                exercises.hint(workbook, exercise)
            self.state = self._now()
        except (NotSaved, KitError) as problem:
            return {"type": "not-saved", "problem": str(problem)}
        torn = {one.id: one.theirs for one in saved.conflicts}
        return {"type": "saved", "at": workbook.saved_at, "outcome": outcome, "torn": torn}

    def _still(self) -> Markup:
        """Return the exercise as it can be read and printed, with the answer as it stands."""
        state, context = self.state, self._context()
        outcome = state["outcome"] or {}
        parts = outcome.get("parts", {})
        controls = [
            (
                context.say(control.label),
                control.still(state["values"].get(control.id), context),
                parts.get(control.id, {}).get("say"),
            )
            for control in kinds.controls(self.exercise)
            if control.script
        ]
        sign = _SIGNS.get(outcome.get("verdict", ""), "")
        return macros("task").still(self.form, controls, outcome, state["hints"], sign)
