"""The end of a lesson: a student's own chart and words, and where the course goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from kit import exercises
from kit.base.phrases import one_line
from kit.base.templating import macros, style_sheet
from kit.charts.chart import Chart
from kit.coding.coding import Coding
from kit.lessons import gallery
from kit.lessons.cell_output import CellOutput
from kit.lessons.live import Seen
from kit.lessons.progress import Way
from kit.lessons.tasks import committed_values
from kit.work.names import UNSIGNED
from kit.work.workbook import Workbook


class _Said(NamedTuple):
    """What a student wrote: in which exercise, and line by line."""

    exercise: str
    lines: tuple[str, ...]


def ending(
    work: Workbook, way: Way, chart: str, after: str, draw: Callable[[Coding, dict], Chart]
) -> Seen:
    """Return what stands at the end of a lesson, as the work is now.

    Args:
        chart, after: as :meth:`kit.lessons.Lesson.end` takes them.
        draw: makes that chart of labels and of the answer to that exercise.

    Raises:
        LessonError: there is no such chart or exercise.
    """
    lesson = way.here.id
    coding, layer = work.coding, gallery.layer_of(chart)
    answers = (committed_values(work, lesson, after) if after else {}) or {}
    wait = ""
    if layer and not coding.on(layer):
        title = work.codebook.layer(layer).title
        wait = f"Your own chart stands here once you have made a label on {title}."
    elif after and not answers:
        wait = f"Your own chart stands here once you have handed in an answer to exercise {after}."
    labels = len(coding.on(layer)) if layer else 0
    by = "" if work.student == UNSIGNED else one_line(work.student)
    said = _said(work, lesson)

    def show() -> CellOutput:
        drawn = None if wait else draw(coding, answers)
        html = macros("lesson").ending(
            style_sheet("ending").replace("\n", ""),
            way,
            by,
            labels,
            drawn.html if drawn else Markup(),
            wait,
            said,
        )
        done = f"{lesson}: {way.here.done} of {way.here.all} exercises"
        finding = drawn.finding if drawn else wait
        return CellOutput(f"{done}\n{finding}", html)

    return Seen((coding if layer else None, answers, way, by, said), show)


def _said(work: Workbook, lesson: str) -> _Said | None:
    """Return what the student wrote in the last exercise of the lesson that has words of theirs."""
    for exercise in reversed(exercises.load(lesson)):
        record = exercises.read(work, exercise.id)
        written = [record.values.get(text.id) for text in exercise.texts] if record.first else []
        for text in written:
            if isinstance(text, str) and text.strip():
                lines = tuple(filter(None, map(one_line, text.splitlines())))
                return _Said(exercise.id, lines)
    return None
