"""Two readers in figures: how far their labels on a layer agree, and where they differ."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from kit import charts, measure
from kit.base.templating import macros
from kit.charts import Chart
from kit.coding.codebook import Layer
from kit.coding.coding import Annotation, Coding
from kit.lessons.said import in_quotes, in_words
from kit.library.reference import Reference
from kit.measure.spans import fields_apart

#: How many places where two differ are listed.
MOST_ROWS = 100


def figures(
    mine: Coding, theirs: Coding, layer: Layer, other: str, reference: Reference | None = None
) -> tuple[Chart, Markup]:
    """Return the chart of a student and another on a layer, and all there is of figures and tables,
    place by place, as HTML.

    Args:
        reference: the reference, where the other is one of its readings: then only what the other
            has too is listed, since no reading is complete, and where both may stand is said.
    """
    chart: Chart
    if layer.unit == "words":
        words = measure.compare_spans(mine, theirs, layer.id)
        chart = charts.WordsCompared(replace(words, one="you", other=other), layer)
    else:
        units = measure.compare(mine, theirs, layer.id)
        chart = charts.UnitsCompared(replace(units, one="you", other=other), layer)
    drawn = macros("differences")
    rows = measure.differing(mine, theirs, layer)
    if reference is not None:
        rows = [(a, b) for a, b in rows if b and (a or layer.unit == "words")]
    shown = []
    for a, b in rows[:MOST_ROWS]:
        apart = fields_apart(layer, a, b)
        both_stand = reference.dispute(layer.id, b.id) if reference and b else None
        said = in_words(layer, b, apart) + drawn.disputed(both_stand)
        shown.append((_place(theirs, layer, a or b), in_words(layer, a, apart), said))
    html = drawn.figures(chart.html, layer.unit == "words", other, shown, len(rows) - MOST_ROWS)
    return chart, html


def _place(coding: Coding, layer: Layer, a: Annotation | None) -> str:
    assert a is not None
    if layer.unit != "words":
        return a.id
    return in_quotes(coding.article.block_of(a.at).id, a.at.text)
