"""The end of a lesson: a student's own chart and words, and where the course goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from kit import exercises
from kit.base.phrases import one_line
from kit.base.templating import macros, style_sheet
from kit.lessons import gallery
from kit.lessons.cell_output import UNSIGNED, CellOutput
from kit.lessons.live import Seen
from kit.lessons.tasks import committed_values

if TYPE_CHECKING:
    from kit.lessons import Lesson
    from kit.lessons.progress import Way

__all__ = ["ending"]


class _Said(NamedTuple):
    """What a student wrote: in which exercise, and line by line."""

    exercise: str
    lines: tuple[str, ...]


def ending(lesson: Lesson, way: Way, chart: str, after: str, options: dict[str, str]) -> Seen:
    """Return what stands at the end of a lesson, as the work is now.

    Args:
        lesson: the lesson.
        way: how far the student has come.
        chart, after, options: as :meth:`kit.lessons.Lesson.end` takes them.

    Raises:
        LessonError: there is no such chart or exercise.
    """
    work = lesson.workbook
    coding, layer = work.coding, gallery.layer_of(chart) if chart else None
    answers = (committed_values(lesson, after) if after else {}) or {}
    wait = ""
    if layer and not coding.on(layer):
        wait = f"Your own chart stands here once you have made a label on {_title(lesson, layer)}."
    elif after and not answers:
        wait = f"Your own chart stands here once you have handed in an answer to exercise {after}."
    labels = len(coding.on(layer)) if layer else 0
    by = "" if work.student == UNSIGNED else one_line(work.student)
    said = _said(lesson)

    def show() -> CellOutput:
        drawn = lesson._draw(chart, coding, answers, options) if chart and not wait else None
        html = macros("lesson").ending(
            style_sheet("ending").replace("\n", ""),
            way,
            by,
            labels,
            drawn.html if drawn else Markup(),
            wait,
            said,
        )
        done = f"{lesson.id}: {way.here.done} of {way.here.all} exercises"
        finding = drawn.finding if drawn else wait
        return CellOutput(f"{done}\n{finding}".rstrip(), html)

    return Seen((coding if layer else None, answers, way, by, said), show)


def _title(lesson: Lesson, layer: str) -> str:
    return lesson.workbook.codebook.layer(layer).title


def _said(lesson: Lesson) -> _Said | None:
    """Return what the student wrote in the last exercise of the lesson that has words of theirs."""
    for exercise in reversed(exercises.load(lesson.id)):
        record = exercises.read(lesson.workbook, exercise.id)
        written = [record.values.get(text.id) for text in exercise.texts] if record.first else []
        for text in written:
            if isinstance(text, str) and text.strip():
                lines = tuple(filter(None, map(one_line, text.splitlines())))
                return _Said(exercise.id, lines)
    return None
