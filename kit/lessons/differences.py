"""Two readers in figures: how far their labels on a layer agree, and what each says where they
differ."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from markupsafe import Markup

from kit import measure
from kit.base.templating import macros
from kit.charts.chart import Chart
from kit.charts.comparison import UnitsCompared, WordsCompared
from kit.coding.codebook import Field, Layer
from kit.coding.coding import Annotation, Coding
from kit.library.reference import Reference
from kit.measure.spans import NAMES, fields_apart

#: How many places where two differ are listed.
MOST_ROWS = 100


def figures(
    mine: Coding, theirs: Coding, layer: Layer, other: str, reference: Reference | None = None
) -> tuple[Chart, Markup]:
    """Return the chart of a student and another on a layer, and all there is of figures and tables,
    place by place, as HTML.

    Args:
        reference: the reference, where that is the other: then only what it has too is listed,
            since no reading is complete, and where both may stand is said.
    """
    chart: Chart
    if layer.unit == "words":
        words = measure.compare_spans(mine, theirs, layer.id)
        chart = WordsCompared(replace(words, one="you", other=other), layer)
    else:
        units = measure.compare(mine, theirs, layer.id)
        chart = UnitsCompared(replace(units, one="you", other=other), layer)
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


def in_quotes(block: str, words: str) -> Markup:
    """Return a paragraph's id and words of it in quotation marks, those within as single ones."""
    return macros("said").place(block, words)


def in_words(layer: Layer, a: Annotation | None, apart: Container[Field] = ()) -> Markup:
    """Return what a label says, with its note, as HTML.

    Of a record that is the speaker and all that was chosen; of other labels the codes, and only
    those fields in which the two readers differ.

    Args:
        a: the label, or None where a reader has none.
        apart: the fields in which the two differ; they stand out.
    """
    if a is None:
        return Markup("no label")
    said = [(layer.code(code).name, False, "") for code in a.codes]
    for field in layer.fields:
        value = field.called(a.fields.get(field.id, ""))
        if field in apart:
            said.append((value, True, field.name if layer.codes else ""))
        elif value and not layer.codes and (field.options or field.id in NAMES):
            said.append((value, False, ""))
    return macros("said").label(said, a.note)
