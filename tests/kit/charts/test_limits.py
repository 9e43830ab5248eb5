"""Whatever is in a work file, a chart stays a chart: 10,000 labels, names of 1,000 characters."""

import pytest

from kit import measure
from kit.charts.along import VoicesAlong
from kit.charts.chart import MOST
from kit.charts.comparison import UnitsCompared, WordsCompared
from kit.charts.expectations import ExpectationRibbon, MovesByVoice
from kit.charts.issues import IssueGrid
from kit.charts.structure import StructureStrip
from kit.charts.voices import Ladder, VoiceShares
from kit.charts.wording import Wording
from kit.coding.coding import Annotation, Coding
from kit.text.article import Article
from kit.text.span import Span
from tests.charted import CODEBOOK, drawn, words_have_room

MANY = 10_000
ARTICLE = Article.from_text("many", "\n".join(["one two"] * MANY), title="x" * 1000)
NAME = "An official who asked not to be named "


def coding(layer, turn=0, many=MANY):
    """A label on each of very many paragraphs, or on a word in each, by as many voices."""
    codes = [code.id for code in CODEBOOK.layer(layer).codes]
    fields = {field.id for field in CODEBOOK.layer(layer).fields}
    labels = []
    for n, block in enumerate(ARTICLE.blocks[:many]):
        at = block.words[0] if CODEBOOK.layer(layer).unit == "words" else (block.start, block.end)
        # One that is moved on by one differs everywhere.
        code = (codes[(n + turn) % len(codes)],) if codes else ()
        said = {id: f"{n} {NAME * 26}" for id in fields & {"voice", "speaker"}}
        parts = {part.id: (Span(*at),) for part in CODEBOOK.layer(layer).parts}
        labels.append(Annotation(block.id, layer, Span(*at), code, parts, said))
    return Coding(ARTICLE, CODEBOOK, NAME * 26, labels)


def units(layer):
    # How sure alpha is takes long to find out, and is not drawn.
    found = measure.compare(coding(layer, 0, 500), coding(layer, 1, 500), layer)
    return UnitsCompared(found, CODEBOOK.layer(layer))


def words(layer):
    found = measure.compare_spans(coding(layer), coding(layer, 1), layer)
    return WordsCompared(found, CODEBOOK.layer(layer))


# Each with what it says of what it leaves out, if it draws or lists labels one by one.
CHARTS = {
    "strip": (lambda: StructureStrip(coding("position")), f"the first {MOST} of 10,000 labels"),
    "wording": (lambda: Wording(coding("wording")), f"the first {MOST} of 10,000 paragraphs"),
    "shares": (lambda: VoiceShares(coding("attribution")), "9,981 other voices"),
    "along": (lambda: VoicesAlong(coding("attribution")), "9,981 other speakers"),
    "ladder": (lambda: Ladder(coding("attribution")), ""),
    "ribbon": (lambda: ExpectationRibbon(coding("expectation")), f"the first {MOST} of 10,000"),
    "moves": (lambda: MovesByVoice(coding("expectation")), "9,981 other voices"),
    "issues": (lambda: IssueGrid(coding("issue")), "the 12 busiest of 10,000 voices"),
    "units": (lambda: units("position"), "the first 60 of 500 paragraphs"),
    "words": (lambda: words("issue"), ""),
}


@pytest.mark.parametrize(("make", "left_out"), CHARTS.values(), ids=CHARTS)
def test_very_many_labels_are_cut_short_and_said_to_be(make, left_out):
    chart = make()
    page = f"{chart!r}{chart.html}{chart.svg.decode()}"
    assert len(page) < 1_500_000
    assert sum(len(drawn(chart, tag)) for tag in ("rect", "use", "path", "text")) < 6 * MOST
    assert len(chart.sheet.links) <= 2 * MOST
    assert len(chart.title) < 80 and len(chart.finding) < 600 and len(chart.alt) < 30_000
    assert max(len(str(cell)) for row in chart.table.rows for cell in row) < 1500
    assert left_out in page
    if len(chart.table.rows) > MOST:
        assert f"the first {MOST - 1} of {len(chart.table.rows):,} rows, and the last" in page
    words_have_room(chart)
