"""The question that has to be answered before anything is written into a work file."""

from __future__ import annotations

from collections.abc import Mapping

from kit.base.templating import macros
from kit.widgets.panel import Answer, Panel, Upload
from kit.work.workbook import Workbook

__all__ = ["question_panel"]


def question_panel(workbook: Workbook) -> Panel:
    """Ask what the workbook has to ask, with a button for each answer; then the page runs again."""

    def press(panel: Panel, button: str, values: Mapping[str, str | Upload]) -> Answer:
        workbook.decide(button)
        panel.html, panel.buttons = "", []
        return Answer("Done: the page goes on with that.", again=True)

    asked = workbook.question
    assert asked is not None
    html = macros("lesson").question(asked.text)
    return Panel(asked.text, html, buttons=asked.choices, on_press=press)
