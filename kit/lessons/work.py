"""The panels about a student's work: where it is, signed, copied, or taken in; and the question
that has to be answered before anything is written into it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kit.base.errors import KitError
from kit.base.phrases import brief, one_line
from kit.base.templating import macros
from kit.lessons.cell_output import clock, place
from kit.lessons.live import follow
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.work.names import UNSIGNED, file_stem
from kit.work.workbook import Workbook


def work_panel(workbook: Workbook, hand_in: str = "") -> Panel:
    """Show where the work is kept, with a field to sign it, a button to take it away, and a field
    for a work file from elsewhere.

    Args:
        hand_in: where work is handed in, in the instructor's words.
    """

    def press(panel: Panel, button: str, values: Mapping[str, str | Upload]) -> Answer:
        if button == "open":
            return opened(values.get("file"))
        typed = values.get("name")
        name = one_line(typed)[:80] if isinstance(typed, str) else ""
        if not name:
            return Answer("Write a name or a pseudonym first.")
        refused = ""
        try:
            workbook.refresh()
            if name != workbook.student:
                workbook.sign(name)
        except KitError as problem:
            if button == "sign":
                raise
            refused = f"{problem} "  # what cannot be kept here can still be taken away
        renew()
        if button == "sign":
            return Answer(f"Saved: this is the work of {name}.")
        file = f"{file_stem(name)}-{workbook.article.id}.json"
        text = workbook.to_json().decode("utf-8")
        said = f"{refused}{file} is in your browser’s download folder."
        return Answer(f"{said} Hand it in." if hand_in else said, download=(file, text))

    def opened(file: object) -> Answer:
        if not isinstance(file, Upload):
            return Answer("Choose your work file first, or drop it here.")
        said = workbook.take_in(file.data, brief(file.name) or "This file")
        renew()
        return Answer(said)

    # The name that nobody chose is not offered: it would be handed in by half a class.
    signed = "" if workbook.student == UNSIGNED else workbook.student
    shown = Panel(
        *_described(workbook, hand_in),
        fields=[
            Field("name", "Your name or pseudonym", signed),
            Field("file", "Your work from another machine: its file", type="file"),
        ],
        buttons=[
            ("sign", "Sign my work"),
            ("download", "Download my work"),
            ("open", "Open my work file"),
        ],
        on_press=press,
    )

    def renew() -> None:
        shown.summary, shown.html = _described(workbook, hand_in)

    follow(workbook, "work", renew)
    return shown


def _described(workbook: Workbook, hand_in: str) -> tuple[str, Markup]:
    counts = [
        (layer.title, len(workbook.coding.on(layer.id)))
        for layer in workbook.codebook.layers
        if workbook.coding.on(layer.id)
    ]
    labels = ", ".join(f"{n} on {title}" for title, n in counts) or "none yet"
    answered = str(len(workbook.answers) or "none yet")
    summary = f"Work on {workbook.article.id}: labels {labels}, exercises {answered}"
    return summary, macros("lesson").work(
        workbook.student,
        labels,
        answered,
        clock(workbook),
        place(workbook.path),
        workbook.backup.name,
        hand_in,
    )


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
