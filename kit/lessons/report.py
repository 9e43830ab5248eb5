"""A student's report: claims with their evidence, the charts they chose, limits, for two printed
pages. What else there is to know, such as first answers and numbers, can be unfolded on a screen.

Pictures are inside. Everything that a person typed is escaped. The text under study is not in it:
that is its publisher's.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from kit import exercises
from kit.base import templating
from kit.base.durable import replace_file
from kit.base.phrases import one_line
from kit.base.templating import macros, render, style_sheet
from kit.charts.chart import Chart
from kit.coding.coding import Coding
from kit.exercises import Exercise, Record, kinds
from kit.exercises.kinds.evidence import Evidence, check_evidence
from kit.exercises.markup import plain
from kit.lessons import gallery
from kit.lessons.cell_output import place
from kit.text.article import Article
from kit.widgets.panel import Answer, Panel, Upload
from kit.work.before import LABELS
from kit.work.errors import saving
from kit.work.names import UNSIGNED, file_stem
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
#: What no report made with the kit can show, whatever the text.
LIMITS = (
    "One text is one text. What was found here was found here, and nowhere else.",
    "Every label is somebody’s decision. Where nobody has tried to disagree, nobody knows how "
    "firm it is.",
    "A count depends on what is counted. Shares of attributions, of attributed words and of "
    "quoted words can tell three different stories of the same text.",
    "More words for one side are not proof of bias: deadlines, language and who was willing to "
    "speak decide too. None of these stands in the text.",
    "The kit has looked whether copied words stand in the paragraph that is named. Whether they "
    "support the claim, a person must judge.",
)


class Shown(NamedTuple):
    """A chart to print, and what the student has written under it; may be empty."""

    chart: Chart
    caption: str = ""


class Answered(NamedTuple):
    """An exercise and what the student has written in it."""

    exercise: Exercise
    record: Record


def report(
    coding: Coding,
    *,
    answered: Sequence[Answered] = (),
    committed: Mapping[str, Coding] | None = None,
    charts: Iterable[Shown] = (),
    made: datetime,
) -> str:
    """Return the report as one page of HTML.

    Args:
        coding: the student's labels; it also says whose they are, and on which text.
        answered: the exercises to report, about the same text, in their order. One in which
            nothing has been written is left out. What is longest is printed first.
        committed: by layer, the labels that the student committed as a first answer.
        charts: what to print.
        made: when.
    """
    article = coding.article
    title = one_line(article.title) or article.id
    begun = [one for one in answered if one.record.values or one.record.first]
    begun.sort(key=_most_words, reverse=True)
    body = render(
        "report",
        by="" if coding.coder == UNSIGNED else coding.coder,
        made=f"{made:%Y-%m-%d}",
        title=title,
        article=article,
        words=sum(len(block.words) for block in article.blocks),
        banner=article.meta.get("banner", ""),
        claims=[_claim(one, article) for one in begun],
        charts=[(one.chart, one.caption, _picture(one.chart)) for one in charts],
        labels=_labels(coding, committed or {}),
        changes=article.meta.get("cleaned", []),
        limits=LIMITS,
    )
    return templating.page(f"{coding.coder}: {title}", body, style_sheet("report"))


def _most_words(one: Answered) -> int:
    return max((text.words[1] for text in one.exercise.texts if text.words), default=0)


class _Stands(NamedTuple):
    """What stands in an exercise: labels with paragraphs, and evidence with whether it is found."""

    said: list[tuple[str, list[str]]]
    evidence: list[tuple[str, str, bool]]


class _Claim(NamedTuple):
    """An exercise as it is reported.

    Attributes:
        extra: whether it may be left out, and so is printed only where somebody unfolds it.
        kept: the day of the first answer; None before it is handed in.
        now: what stands there now.
        first: what the first answer was, where that has changed since.
    """

    title: str
    extra: bool
    kept: str | None
    now: _Stands
    first: _Stands | None


def _claim(one: Answered, article: Article) -> _Claim:
    exercise, record = one
    first, now = record.first, record.values
    # In a work file of before, the labels that were asked for may stand among the values.
    was = {id: value for id, value in first.values.items() if id != LABELS} if first else now
    return _Claim(
        plain(exercise.title),
        exercise.skip,
        first.at[:10] if first else None,
        _stands(exercise, now, article),
        _stands(exercise, was, article) if now != was else None,
    )


def _stands(exercise: Exercise, values: Mapping[str, Any], article: Article) -> _Stands:
    said = []
    for control in kinds.controls(exercise):
        if (text := control.said(values.get(control.id))) is not None:
            lines = list(filter(None, map(one_line, text.splitlines())))
            said.append((plain(control.label), lines))
    evidence = [
        (row["block"], row["words"], check_evidence([row], 1, article).ok is True)
        for row in Evidence(exercise).clean(values.get(Evidence.sole_id))
    ]
    return _Stands(said, evidence)


def _picture(chart: Chart) -> str:
    return base64.b64encode(chart.svg).decode("ascii")


def _labels(coding: Coding, committed: Mapping[str, Coding]) -> list[tuple[str, str, str]]:
    rows = []
    for layer in coding.codebook.layers:
        now = coding.on(layer.id)
        first = committed.get(layer.id)
        if now or first:
            kept = f"{len(first.on(layer.id)):,}" if first else "not kept"
            rows.append((layer.title, f"{len(now):,}", kept))
    return rows


# -- the panel that makes it and hands it out ------------------------------------------------------


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
