"""Commit first, then compare: a student's labels beside another reading of the same text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape

from kit import charts, measure
from kit.codebook import Layer
from kit.coding import Annotation, Coding
from kit.phrases import plural
from kit.reference import Reference
from kit.widgets.panel import Answer, Panel
from kit.workbook import Workbook

__all__ = ["comparison_panel"]


def comparison_panel(
    workbook: Workbook, layer_id: str, reading: Coding, reference: Reference | None
) -> Panel:
    """Return the panel that keeps a student's first answer and then shows the other reading.

    Args:
        workbook: whose labels.
        layer_id: which layer.
        reading: the other coding of the same article.
        reference: for the places where two readings may stand, if the article has one.
    """
    layer = workbook.codebook.layer(layer_id)
    other = _name(reading)

    def shown() -> tuple[str, str]:
        mine = workbook.committed(layer_id)
        if layer.unit == "words":
            return _words_compared(mine, reading, layer, reference)
        return _units_compared(mine, reading, layer, reference)

    def press(panel: Panel, _button: str, _values: Mapping[str, str]) -> Answer:
        workbook.refresh()
        if not workbook.coding.on(layer_id):
            return Answer(
                f"Nothing to compare yet: make at least one label on {layer.title} first."
            )
        workbook.commit(layer_id)
        panel.summary, panel.html = shown()
        panel.buttons = []
        return Answer(f"Your first answer is kept. Here is {other}.")

    if workbook.committed(layer_id) is not None:
        return Panel(*shown(), on_press=press)
    made, theirs = len(workbook.coding.on(layer_id)), len(reading.on(layer_id))
    return Panel(
        f"{layer.title}: {plural(made, 'label')}, not committed yet",
        f"<p><strong>Before you look.</strong> You have made {plural(made, 'label')} on "
        f"<em>{escape(layer.title)}</em>; {escape(other)} has {theirs:,}. "
        "When you have done what you can, press the button: your labels as they are now are "
        "kept as your first answer, and the other reading appears beside them. You can "
        "still change yours afterwards.</p>",
        buttons=[("commit", f"I am done. Show me {other}")],
        on_press=press,
    )


def _name(reading: Coding) -> str:
    return "the reference" if reading.coder == "reference" else f"reading {reading.coder}"


def _units_compared(
    mine: Coding, reading: Coding, layer: Layer, reference: Reference | None
) -> tuple[str, str]:
    other = _name(reading)
    compared = replace(measure.compare(mine, reading, layer.id), one="you", other=other)
    chart = charts.comparison_chart(compared, layer)
    notes, theirs = mine.by_id(layer.id), reading.by_id(layer.id)
    rows = [
        (
            unit,
            _label(layer.code(one).name, notes[unit].note),
            _label(layer.code(two).name, theirs[unit].note) + _disputed(reference, layer, unit),
        )
        for unit, one, two in compared.differing
    ]
    table = _table(f"Where you and {other} differ", ("Line", "You", other.capitalize()), rows)
    return repr(chart), chart.html + table


def _words_compared(
    mine: Coding, reading: Coding, layer: Layer, reference: Reference | None
) -> tuple[str, str]:
    other = _name(reading)
    compared = replace(measure.compare_spans(mine, reading, layer.id), one="you", other=other)
    chart = charts.span_comparison_chart(compared, layer)
    # Words that only you marked are not wrong: no list of this kind is complete.
    rows = [
        (
            _where(reading, a),
            f"“{escape(a.at.text)}”",
            _label(_said(layer, a), a.note) + _disputed(reference, layer, a.id),
        )
        for a in compared.other_only
    ]
    table = _table(f"What {other} has and you have not", ("Line", "Words", "Label"), rows)
    return repr(chart), chart.html + table


def _where(coding: Coding, a: Annotation) -> str:
    return coding.article.block_at(a.at.start, a.at.end).id


def _said(layer: Layer, a: Annotation) -> str:
    names = [layer.code(code).name for code in a.codes]
    return " · ".join(names or [value for key, value in a.fields.items() if key == "speaker"])


def _label(name: str, note: str) -> str:
    return escape(name) + (f"<br><small>{escape(note)}</small>" if note else "")


def _disputed(reference: Reference | None, layer: Layer, id: str) -> str:
    dispute = reference and reference.dispute(layer.id, id)
    if not dispute:
        return ""
    readings = "".join(
        f"<li>{escape(reading.by)}: {escape(reading.reason)}</li>" for reading in dispute.readings
    )
    return f"<br><small>Both may stand. {escape(dispute.question)}<ul>{readings}</ul></small>"


def _table(caption: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in header)
    body = "".join(
        f"<tr><th scope='row'>{escape(first)}</th>"
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
