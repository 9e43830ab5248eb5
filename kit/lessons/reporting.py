"""The panel that makes a student's report and hands it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kit import exercises
from kit.base.durable import replace_file
from kit.base.templating import macros
from kit.charts import Chart
from kit.coding.coding import Coding
from kit.lessons import gallery
from kit.lessons.cell_output import place
from kit.lessons.report import Answered, report
from kit.widgets.panel import Answer, Panel, Upload
from kit.work.names import file_stem
from kit.work.workbook import NotSaved, Workbook

if TYPE_CHECKING:
    from kit.lessons import Lesson

__all__ = ["report_panel"]

#: What is printed, each where its layer has labels.
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


def report_panel(lesson: Lesson) -> Panel:
    """Show buttons that make the report of a lesson: kept beside the work, and to take away."""
    workbook = lesson.workbook

    def press(panel: Panel, button: str, _values: Mapping[str, str | Upload]) -> Answer:
        workbook.refresh()
        answered = _answered(lesson)
        charts = _charts(lesson)
        page = report(
            workbook.coding,
            answered=answered,
            committed=_committed(workbook),
            charts=charts,
            made=datetime.now().astimezone(),
        )
        path = _path(workbook)
        _write(path, page)
        panel.html = macros("lesson").report_made(place(path), charts, len(answered))
        if button == "make":
            return Answer("Your report is made. Open the file in your browser, and print it there.")
        name = f"{file_stem(workbook.student)}-{workbook.article.id}-report.html"
        return Answer(f"{name} is in your browser’s download folder.", download=(name, page))

    return Panel(
        "Report: not made on this page yet",
        macros("lesson").report_to_come(),
        buttons=[("make", "Make my report"), ("download", "Make and download it")],
        on_press=press,
    )


def _answered(lesson: Lesson) -> list[Answered]:
    """Return the lesson's exercises in free text, where the student has begun them."""
    found = (
        Answered(exercise, exercises.read(lesson.workbook, exercise.id))
        for exercise in exercises.load(lesson.id)
        if exercise.texts and exercise.article in (exercises.OWN, lesson.article.id)
    )
    return [one for one in found if one.record.values or one.record.first]


def _charts(lesson: Lesson) -> list[Chart]:
    coding = lesson.workbook.coding
    layers = {name: gallery.layer_of(name) for name in CHARTS}
    made = (name for name, layer in layers.items() if layer and coding.on(layer))
    return [gallery.chart(name, coding, {}) for name in made]


def _committed(workbook: Workbook) -> dict[str, Coding]:
    layers = (layer.id for layer in workbook.codebook.layers)
    first = {layer: workbook.committed(layer) for layer in layers}
    return {layer: coding for layer, coding in first.items() if coding is not None}


def _path(workbook: Workbook) -> Path:
    """Return where the report is kept: in the work folder, beside the folder of the text."""
    folder = workbook.path.parent
    return folder.parent / f"{workbook.path.stem}-{folder.name}-report.html"


def _write(path: Path, page: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, page.encode("utf-8"), backup=path.with_suffix(".bak.html"))
    except OSError as problem:
        raise NotSaved(
            f"{path} could not be written: {problem.strerror or problem}. Look whether the disk is "
            "full, or another program holds the file."
        ) from None
