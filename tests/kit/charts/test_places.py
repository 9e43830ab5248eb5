"""Marks that lead to the article: where they lie and where to; how sides and titles look."""

import re
from xml.etree import ElementTree

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from kit.charts.along import VoicesAlong
from kit.charts.comparison import UnitsCompared
from kit.charts.expectations import ExpectationRibbon
from kit.charts.issues import IssueGrid
from kit.charts.sheet import LEAST_LINK, WIDTH
from kit.charts.structure import StructureStrip
from kit.charts.voices import VoiceShares
from kit.charts.widths import width
from kit.charts.wording import Wording
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import style
from kit.coding.sides import Sides
from kit.lessons import gallery
from kit.measure import compare
from kit.text.span import Span
from tests.charted import (
    ARTICLE,
    CODEBOOK,
    EMPTY,
    HOSTILE,
    A,
    B,
    attributed,
    filled,
    per_cent,
    raw,
    texts,
)

SIZE = 100
LINKED = ("structure", "roles", "wording", "voices along the text", "expectations",
          "issues")  # fmt: skip


@pytest.mark.parametrize("name", LINKED)
def test_every_mark_leads_to_where_its_label_stands(name):
    chart = gallery.chart(name, A, {})
    layer = gallery.layer_of(name)
    links = chart.sheet.links
    led = {link.places[0].unit for link in links}
    labelled = {ARTICLE.block_of(a.at).id for a in A.on(layer)}
    assert led >= labelled if name != "issues" else led <= labelled
    for link in links:
        block = ARTICLE.block(link.places[0].unit)
        assert min(link.across, link.down) >= LEAST_LINK
        assert -LEAST_LINK < link.x < WIDTH and 0 < link.y < chart.sheet.height
        if link.places[0].within:
            start, end = (block.start + n for n in link.places[0].within)
            whole = [s for s in block.sentences if start <= s.start and s.end <= end]
            assert (whole[0].start, whole[-1].end) == (start, end)
            assert any(a.at.start < end and start < a.at.end for a in A.on(layer))


def test_a_mark_says_its_code_and_its_sentence():
    block = next(b for b in ARTICLE.blocks if len(b.sentences) > 2)
    second = block.sentences[1]
    label = Annotation("n", "expectation", Span(*second.words[1]), ("raise",))
    chart = ExpectationRibbon(Coding(ARTICLE, CODEBOOK, "Mei", [label]))
    (link,) = chart.sheet.links
    assert link.places[0].unit == block.id
    assert link.said == CODEBOOK.layer("expectation").code("raise").name
    start, end = link.places[0].within
    assert block.text[start:end] == second.text
    place = f'data-place="{block.id}:{start}-{end}"'
    assert chart.html.count("<a ") == 1 and place in chart.html and second.text not in chart.html


def test_no_name_becomes_markup():
    named = attributed([HOSTILE, "</text><script>alert(2)</script>"], HOSTILE)
    for chart in (VoicesAlong(named), VoiceShares(named)):
        tree = ElementTree.fromstring(chart.svg)
        tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
        assert tags <= {
            "svg",
            "title",
            "desc",
            "defs",
            "pattern",
            "rect",
            "path",
            "circle",
            "text",
            "use",
        }
        assert "<script>" not in chart.html
        said = "".join(tree.itertext())
        assert "<script>" in said  # as words, which is what it is


def test_svg_holds_every_word_and_sets_it_as_wide_as_it_was_measured():
    chart = StructureStrip(A)
    tree = ElementTree.fromstring(chart.svg)
    words = [e for e in tree.iter() if e.tag.endswith("}text")]
    assert sorted(e.text for e in words) == sorted(texts(chart))
    assert all(float(e.get("textLength")) > 0 for e in words)
    assert all(float(e.get("x")) < float(tree.get("width")) for e in words)


@pytest.mark.parametrize("bold", [False, True])
def test_words_are_as_wide_as_the_font_has_them(bold):
    weight = "bold" if bold else "normal"
    font = FontProperties(family="DejaVu Sans", size=SIZE, weight=weight)
    said = {text for name in LINKED for text in texts(gallery.chart(name, A, {}))}
    for text in [*said, "Übermäßig łódź – “naïve” … 43 × 95 %"]:
        real = text_to_path.get_text_width_height_descent(text, font, False)[0]
        # Letters that move together, such as “Ta”, are the difference.
        assert real <= SIZE * width(text, bold=bold) + 1 <= 1.06 * real + 2, text


def test_a_side_looks_the_same_in_every_chart():
    of = {side.name: side.style for side in Sides(A).all}
    assert set(of) == {"US", "Chinese"}
    assert len({look.colour for look in of.values()}) == len({look.hatch for look in of.values()})
    codes = {style(layer, c.id) for layer in CODEBOOK.layers for c in layer.codes}
    assert not {look.colour for look in of.values()} & {look.colour for look in codes}
    fills = {"US": of["US"].colour, "Chinese": f"url(#fall-4-{of['Chinese'].colour[1:]})"}
    for chart in (VoicesAlong(A), VoiceShares(A), VoiceShares(A, "affiliation"), IssueGrid(A)):
        drawn = [fill for *_, fill in filled(chart)]
        for name, fill in fills.items():
            # In the key, where there is one, and at a voice.
            keyed = f"{name} voices" in texts(chart)
            assert drawn.count(fill) > keyed, name
            assert keyed or name in texts(chart)


def test_the_side_that_speaks_first_is_the_title():
    records = raw("a", "attribution")
    sides = [r["fields"]["affiliation"].partition("-")[0] for r in records]
    us, chinese = (sides.count(side) for side in ("us", "chinese"))
    first = next(r for r, side in zip(records, sides, strict=True) if side in ("us", "chinese"))
    block = ARTICLE.block_at(first["at"]["start"], first["at"]["end"]).id
    assert sides[records.index(first)] == "us"
    title = f"US speaks first ({block}); attributions: US {us} and Chinese {chinese}"
    assert VoicesAlong(A).title == title


def test_one_label_is_not_all_of_the_words():
    block = ARTICLE.block("P6")
    one = Annotation("P6", "position", Span(block.start, block.end), ("lede",))
    chart = StructureStrip(EMPTY.replace("position", {"P6": one}))
    share = per_cent(len(block.words), 1388)
    assert chart.title == f"Lede takes {share} of the words so far"
    rows = {row[0]: row[1:4] for row in chart.table.rows}
    assert rows["Lede"] == (1, len(block.words), share)
    assert rows["Not labelled"] == (
        42,
        1388 - len(block.words),
        per_cent(1388 - len(block.words), 1388),
    )
    assert "100 %" not in repr(chart)


def test_alone_is_what_one_chose_and_the_other_did_not():
    chart = UnitsCompared(compare(A, B, "role"), CODEBOOK.layer("role"))
    ones, others = A.codes("role"), B.codes("role")
    row = texts(chart)
    for code in CODEBOOK.layer("role").codes:
        mine = {id for id, chosen in ones.items() if chosen == code.id and id in others}
        theirs = {id for id, chosen in others.items() if chosen == code.id and id in ones}
        if mine | theirs:
            at = row.index(code.name)
            counts = [len(mine & theirs), len(mine - theirs), len(theirs - mine)]
            assert row[at + 1 : at + 4] == [str(count) for count in counts]
    same = sum(others.get(id) == code for id, code in ones.items())
    shared = len(ones.keys() & others.keys())
    assert (
        chart.title == f"The same label on {same} of {shared} paragraphs ({per_cent(same, shared)})"
    )


@pytest.mark.parametrize("coding", [A, B], ids=["a", "b"])
@pytest.mark.parametrize("name", [*gallery._OF_CODING, *gallery._OF_ARTICLE])
def test_the_numbers_of_a_title_are_in_what_the_chart_says(coding, name):
    chart = gallery.chart(name, coding, {})
    assert 5 < len(chart.title) <= 75
    assert chart.title != chart.topic
    said = f"{chart.finding} {chart.table.to_text()} {chart.alt}"
    for number in re.findall(r"P?\d[\d,]*(?: %)?|\.\d\d", chart.title):
        if chart.title.startswith(("Told in", "9 tests")):
            continue  # counted again in their own tests
        shown = number.removesuffix(" %")
        derived = {"expectations": "neither", "voices along the text": "attributions"}.get(name)
        assert shown in said or (derived and derived in chart.title), (chart.title, number)


def test_wording_counts_sides_in_its_title():
    inside = sum(a["fields"].get("in-quotes") == "yes" for a in raw("b", "wording"))
    total = len(raw("b", "wording"))
    title = f"{total - inside} labels outside quotation marks, {inside} inside"
    assert Wording(B).title == title
