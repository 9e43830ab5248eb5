"""The panel that makes a student's report and hands it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from kit import exercises
from kit.base.durable import replace_file
from kit.base.templating import macros
from kit.coding.coding import Coding
from kit.lessons import gallery
from kit.lessons.cell_output import place
from kit.lessons.report import Answered, Shown, report
from kit.widgets.panel import Answer, Panel, Upload
from kit.work.errors import saving
from kit.work.names import file_stem
from kit.work.workbook import Workbook

#: What may be printed, each where its layer has labels; and how many, where nobody has chosen.
MOST = 2
CHARTS = (
    "structure",
    "roles",
    "share of voice",
    "ladder",
    "expectations",
    "moves by voice",
    "wording",
    "issues",
)


def report_panel(workbook: Workbook, lesson: str) -> Panel:
    """Show buttons that make the report of a lesson: kept beside the work, and to take away."""

    def press(panel: Panel, _button: str, _values: Mapping[str, str | Upload]) -> Answer:
        workbook.refresh()
        answered = _answered(workbook, lesson)
        charts = _charts(workbook.coding, answered)
        page = report(
            workbook.coding,
            answered=[one for one in answered if not _chosen(one)],
            committed=_committed(workbook),
            charts=charts,
            made=datetime.now().astimezone(),
        )
        path = _path(workbook)
        with saving(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, page.encode("utf-8"), backup=path.with_suffix(".bak.html"))
        panel.html = macros("lesson").report_made(
            place(path), [one.chart for one in charts], len(answered)
        )
        name = f"{file_stem(workbook.student)}-{workbook.article.id}-report.html"
        said = f"{name} is in your browser’s download folder. Open it from there, and print it."
        return Answer(said, download=(name, page))

    return Panel(
        "Report: not made on this page yet",
        macros("lesson").report_to_come(),
        buttons=[("make", "Make my report and download it")],
        on_press=press,
    )


def _answered(workbook: Workbook, lesson: str) -> list[Answered]:
    """Return the lesson's exercises in free text, where the student has begun them."""
    found = (
        Answered(exercise, exercises.read(workbook, exercise.id))
        for exercise in exercises.load(lesson)
        if exercise.texts and exercise.article in (exercises.OWN, workbook.article.id)
    )
    return [one for one in found if one.record.values or one.record.first]


def _charts(coding: Coding, answered: list[Answered]) -> list[Shown]:
    """Return the charts that the student has chosen, with their captions; the first that there are
    where none was chosen."""
    layers = {name: gallery.layer_of(name) for name in CHARTS}
    made = [name for name, layer in layers.items() if layer and coding.on(layer)]
    chosen = [pair for one in answered for pair in _chosen(one) if pair[0] in made]
    shown = chosen or [(name, "") for name in made[:MOST]]
    return [Shown(gallery.chart(name, coding, {}), text) for name, text in shown]


def _chosen(one: Answered) -> list[tuple[str, str]]:
    """Return the charts that an exercise lets choose, each with the text of the same place."""
    values = one.record.values
    names = [values.get(question.id) or [""] for question in one.exercise.questions]
    captions = [values.get(text.id, "") for text in one.exercise.texts]
    return [(name[0], text) for name, text in zip(names, captions) if name[0] in CHARTS]


def _committed(workbook: Workbook) -> dict[str, Coding]:
    layers = (layer.id for layer in workbook.codebook.layers)
    first = {layer: workbook.committed(layer) for layer in layers}
    return {layer: coding for layer, coding in first.items() if coding is not None}


def _path(workbook: Workbook) -> Path:
    """Return where the report is kept: in the work folder, beside the folder of the text."""
    folder = workbook.path.parent
    return folder.parent / f"{workbook.path.stem}-{folder.name}-report.html"
