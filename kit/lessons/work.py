"""The panel that says where a student's work is, signs it, and hands out a copy."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kit.base.phrases import one_line
from kit.base.templating import macros
from kit.lessons.cell_output import UNSIGNED, clock, place
from kit.lessons.live import follow
from kit.widgets.panel import Answer, Panel, Upload
from kit.work.names import file_stem
from kit.work.workbook import Workbook

__all__ = ["work_panel"]


def work_panel(workbook: Workbook) -> Panel:
    """Show where the work is kept, with a field to sign it and a button to take it away."""

    def press(panel: Panel, button: str, values: Mapping[str, str | Upload]) -> Answer:
        workbook.refresh()
        typed = values.get("name")
        name = one_line(typed)[:80] if isinstance(typed, str) else ""
        if not name:
            return Answer("Write a name or a pseudonym first.")
        if name != workbook.student:
            workbook.sign(name)
        renew()
        if button == "sign":
            return Answer(f"Saved: this is the work of {name}.")
        file = f"{file_stem(name)}-{workbook.article.id}.json"
        text = workbook.to_json().decode("utf-8")
        return Answer(f"{file} is in your browser’s download folder.", download=(file, text))

    # The name that nobody chose is not offered: it would be handed in by half a class.
    signed = "" if workbook.student == UNSIGNED else workbook.student
    shown = Panel(
        *_described(workbook),
        fields=[("name", "Your name or pseudonym", signed)],
        buttons=[("sign", "Sign my work"), ("download", "Download my work")],
        on_press=press,
    )

    def renew() -> None:
        shown.summary, shown.html = _described(workbook)

    follow(workbook, "work", renew)
    return shown


def _described(workbook: Workbook) -> tuple[str, Markup]:
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
    )
