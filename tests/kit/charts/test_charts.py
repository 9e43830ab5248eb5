"""Charts: their numbers counted apart, their words in the page, their pictures measured."""

import base64
import re
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from nltk.metrics.agreement import AnnotationTask

from kit.base.phrases import all_of, decimal, join, one_line, percent, plural, short, where
from kit.charts import sheet
from kit.charts.along import VoicesAlong
from kit.charts.comparison import UnitsCompared
from kit.charts.structure import StructureStrip
from kit.charts.voices import VoiceShares
from kit.coding.codebook import Code, Layer
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import style
from kit.library import datasets
from kit.measure import compare
from kit.text.article import Article
from kit.text.span import Span
from tests.charted import (
    ARTICLE,
    CODEBOOK,
    EMPTY,
    HOSTILE,
    ID,
    A,
    B,
    attributed,
    filled,
    marks,
    n_words,
    per_cent,
    raw,
    texts,
    words_have_room,
)


def coding_of(lengths, codes, coder="Mei", title="A story"):
    """A coding of made-up blocks with so many words each; None leaves a block unlabelled."""
    text = "\n".join(" ".join(["word"] * n) or "—\u00a0a" for n in lengths)
    article = Article.from_text("made-up", text, title=title)
    return Coding(
        article,
        CODEBOOK,
        coder,
        [
            Annotation(block.id, "position", Span(block.start, block.end), (code,))
            for block, code in zip(article.blocks, codes, strict=True)
            if code
        ],
    )


def half_done(coding):
    until = ARTICLE.block("P20").end
    return Coding(ARTICLE, CODEBOOK, "Mei", [a for a in coding if a.at.end <= until])


# -- the strip -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "b"])
@pytest.mark.parametrize("layer", ["position", "role"])
def test_strip_counts_what_the_file_holds(name, layer):
    chart = StructureStrip(datasets.load_coding(ID, name), layer)
    blocks, words, ids = Counter(), Counter(), {}
    for a in raw(name):
        if a["layer"] == layer:
            code = a["codes"][0]
            blocks[code] += 1
            words[code] += n_words(a["at"]["start"], a["at"]["end"])
            ids.setdefault(code, []).append(int(a["id"][1:]))
    total = sum(words.values())
    rows = {row[0]: row[1:] for row in chart.table.rows}
    for code in CODEBOOK.layer(layer).codes:
        count, in_words, share, places = rows[code.name]
        assert (count, in_words) == (blocks[code.id], words[code.id])
        assert share == per_cent(words[code.id], total)
        assert numbers_of(places) == sorted(ids.get(code.id, []))
    top, most = words.most_common(1)[0]
    name_of_top = CODEBOOK.layer(layer).code(top).name
    assert f"goes to {name_of_top}: {most:,} of the {total:,} labelled words" in chart.finding
    assert f"({per_cent(most, total)}), in {blocks[top]} paragraphs." in chart.finding


def numbers_of(places):
    found = []
    for place in filter(None, places.split(", ")):
        first, _, last = place.partition("–")
        found += range(int(first[1:]), int((last or first)[1:]) + 1)
    return found


def test_strip_changes_with_any_label():
    before = repr(StructureStrip(A))
    for block, code in A.codes("position").items():
        label = A.by_id("position")[block]
        other = "lede" if code == "body" else "body"
        changed = A.replace("position", {block: Annotation(block, "position", label.at, (other,))})
        assert repr(StructureStrip(changed)) != before
        assert repr(StructureStrip(A.replace("position", {block: None}))) != before


def test_strip_without_a_label():
    chart = StructureStrip(EMPTY)
    assert chart.finding == "0 of 43 paragraphs labelled so far: there is nothing to see yet."
    assert chart.table.rows[-1] == ("Not labelled", 43, 1388, "100 %", "P1–P43")
    assert "Not labelled: Paragraphs 43, Words 1,388, Share of words 100 %, Where P1–P43." in (
        chart.alt
    )


def test_strip_half_done_says_so():
    chart = StructureStrip(half_done(A))
    assert chart.finding.startswith("20 of 43 paragraphs labelled so far; ")
    assert ("Not labelled", 23, "P21–P43") == tuple(chart.table.rows[-1][i] for i in (0, 1, 4))


def test_strip_leaves_out_of_a_story_layer_what_is_no_story():
    assert StructureStrip(A, "role").finding.startswith("All 33 paragraphs of the story labelled; ")
    # With half of the positions unknown, nobody can say how many blocks the story has.
    half = StructureStrip(half_done(A), "role")
    assert half.finding.startswith("15 of 38 paragraphs labelled so far; ")
    without = Coding(ARTICLE, CODEBOOK, "Mei", A.on("role"))
    assert StructureStrip(without, "role").finding.startswith(
        "33 of 43 paragraphs labelled so far; "
    )


def test_a_note_without_a_code_is_no_label():
    block = ARTICLE.block("P7")
    note = Annotation("P7", "position", Span(block.start, block.end), note="not sure")
    assert StructureStrip(EMPTY.replace("position", {"P7": note})).finding.startswith("0 of 43 ")


def test_strip_names_all_that_share_the_first_place():
    chart = StructureStrip(coding_of([10, 10, 5], ["lede", "body", "kicker"]))
    assert chart.finding.endswith(
        "Lede and Body share the first place with 10 of the 25 labelled words (40 %) each."
    )


def boxes(chart):
    """Boxes in the picture that are filled, as (x, y, width), left to right."""
    return sorted((x, y, width) for x, y, width, _, _ in filled(chart))


def test_strip_is_true_to_length():
    chart = StructureStrip(coding_of([10, 20, 40], ["headline", "lede", "body"]))
    lanes = {}
    for x, y, width in boxes(chart):
        lanes.setdefault(x, []).append((y, width))
    widths = [{round(width, 3) for _, width in found} for _, found in sorted(lanes.items())]
    assert [len(found) for found in lanes.values()] == [2, 2, 2]  # in the strip and in a lane
    (ten,), (twenty,), (forty,) = widths
    assert twenty == pytest.approx(2 * ten, abs=0.01)
    assert forty == pytest.approx(4 * ten, abs=0.01)
    # One lane for each: three heights below that of the strip.
    assert len({y for _, y, _ in boxes(chart)}) == 4


def test_blocks_of_one_word_or_none_can_be_seen():
    chart = StructureStrip(A)
    assert min(width for _, _, width in boxes(chart)) >= 0.5


def test_strip_draws_what_the_table_says():
    chart = StructureStrip(A, "role")
    said = Counter(texts(chart))
    for name, count, _, share, _ in chart.table.rows[:8]:
        assert said[name] == 1
        assert said[f"{count:,}"]
        assert said[share]


# -- voices ----------------------------------------------------------------------------------------


def voices_of(name, by):
    """The three measures of every voice, counted from the file."""
    found = {}
    for a in raw(name):
        if a["layer"] == "attribution":
            counts = found.setdefault(a["fields"][by], [0, 0, 0])
            counts[0] += 1
            counts[1] += n_words(a["at"]["start"], a["at"]["end"])
            counts[2] += n_quoted(a["parts"]["content"])
    return found


def n_quoted(spans):
    inside, starts, quoted = False, set(), set()
    for place, letter in enumerate(ARTICLE.text):
        if letter in "“\n”":
            inside = letter == "“"
        elif inside:
            quoted.add(place)
    for span in spans:
        for word in re.finditer(r"\w+(?:['’\-‑]\w+)*", ARTICLE.text[span["start"] : span["end"]]):
            if span["start"] + word.start() in quoted:
                starts.add(span["start"] + word.start())
    return len(starts)


@pytest.mark.parametrize("name", ["a", "b"])
@pytest.mark.parametrize("by", ["speaker", "affiliation", "identification"])
def test_voices_count_what_the_file_holds(name, by):
    chart = VoiceShares(datasets.load_coding(ID, name), by)
    options = {o.id: o.name for o in CODEBOOK.layer("attribution").field(by).options}
    expected = {options.get(voice, voice): counts for voice, counts in voices_of(name, by).items()}
    totals = [sum(counts[n] for counts in expected.values()) for n in range(3)]
    *rows, last = chart.table.rows
    assert last == ("All", totals[0], "", totals[1], "", totals[2], "")
    assert {row[0]: [row[1], row[3], row[5]] for row in rows} == expected
    for row in rows:
        shares = [per_cent(count, total) for count, total in zip(row[1::2], totals, strict=True)]
        assert list(row[2::2]) == shares
        assert set(shares) <= set(texts(chart))

    def change(voice):
        shares = [count / total for count, total in zip(expected[voice], totals, strict=True)]
        return max(shares) - min(shares)

    most = max(expected, key=change)
    shares = [per_cent(count, total) for count, total in zip(expected[most], totals, strict=True)]
    assert f"that of “{most}”: {shares[0]} of the attributions, but {shares[2]} of the quoted" in (
        chart.finding
    )
    assert f"The row in bold, {most}, changes most." in chart.alt


def test_one_voice_has_all_by_every_measure():
    chart = VoiceShares(attributed(["Li"]))
    assert chart.finding == "Here every measure gives the same answer: Li 100 %."
    # Nothing is quoted in this record: no share, rather than a share of nothing.
    assert chart.table.rows[0][5:] == (0, "–")


def test_many_voices_are_all_in_the_table_and_the_smallest_drawn_as_one():
    speakers = [f"voice {n}" for n in range(26)]
    chart = VoiceShares(attributed(speakers))
    assert len(chart.table.rows) == 27
    assert "7 other voices" in texts(chart)
    assert chart.alt.endswith(" The table has 7 more rows.")


def test_the_voice_that_the_finding_names_is_drawn():
    # Those who are quoted come last among equals by the first measure.
    blocks = [block for block in ARTICLE.blocks if len(block.words) > 20]
    content = [{"start": block.words[1][0], "end": block.words[9][1]} for block in blocks]
    speakers = [f"{'quoted' if n_quoted([c]) else 'other'} {n}" for n, c in enumerate(content)]
    chart = VoiceShares(attributed(speakers))
    named = re.search("“(quoted .*?)”", chart.finding)[1]
    assert [row[0] for row in chart.table.rows].index(named) >= 20
    assert named in texts(chart)


# -- two coders ------------------------------------------------------------------------------------


def compared(one, other, layer):
    return UnitsCompared(compare(one, other, layer), CODEBOOK.layer(layer))


@pytest.mark.parametrize("layer", ["position", "role"])
def test_comparison_says_what_the_files_say(layer):
    chart = UnitsCompared(compare(A, B, layer), CODEBOOK.layer(layer))
    ones, others = (
        {x["id"]: x["codes"][0] for x in raw(name) if x["layer"] == layer} for name in "ab"
    )
    same = [id for id in ones if ones[id] == others[id]]
    differ = [id for id in ones if ones[id] != others[id]]
    triples = [("A", id, code) for id, code in ones.items()]
    alpha = AnnotationTask(triples + [("B", id, code) for id, code in others.items()]).alpha()
    assert chart.finding.startswith(
        f"A and B chose the same code for {len(same)} of {len(ones)} paragraphs "
        f"({per_cent(len(same), len(ones))}); "
    )
    assert f"Krippendorff’s alpha is .{round(100 * alpha)} (95 % interval ." in chart.finding

    by_choice = {"same": [], "differ": []}
    name_of = {code.id: code.name for code in CODEBOOK.layer(layer).codes}
    for choice, one, other, count, places in chart.table.rows:
        ids = [f"P{n}" for n in numbers_of(places)]
        by_choice[choice] += ids
        assert len(ids) == count
        assert {name_of[ones[id]] for id in ids} == {one}
        assert {name_of[others[id]] for id in ids} == {other}
    assert sorted(by_choice["same"]) == sorted(same)
    assert sorted(by_choice["differ"]) == sorted(differ)

    # In the picture: a dot for each agreement, a cross for each difference, and the marks' key.
    key = 2
    assert Counter(shape for shape, *_ in marks(chart)) == {
        "o": len(same) + key,
        "s": len(differ) + key,
        "D": len(differ) + key,
        "x": len(differ),
    }
    for id in differ:
        assert f"differ: A chose {name_of[ones[id]]}, B chose {name_of[others[id]]}, " in chart.alt
        assert id in texts(chart)


def test_comparison_names_units_that_one_coder_left_out():
    chart = UnitsCompared(compare(half_done(A), B, "role"), CODEBOOK.layer("role"))
    assert chart.finding.startswith(
        "Mei and B chose the same code for 14 of 15 paragraphs (93 %); "
    )
    assert chart.table.rows[-1] == ("only B labelled", "", "", 18, "P21, P22, P25–P40")
    assert "only B labelled: Paragraphs 18, Where P21, P22, P25–P40." in chart.alt


def test_comparison_of_nothing():
    chart = compared(EMPTY, B, "role")
    assert chart.finding == "There is no paragraph yet that both Mei and B labelled."
    assert chart.title == "No paragraph has a label of both yet"
    assert any(text.startswith("33 by B only") for text in texts(chart))


def test_comparison_where_alpha_means_nothing():
    one = coding_of([5, 5], ["body", "body"], "A")
    other = coding_of([5, 5], ["body", "body"], "B")
    chart = compared(one, other, "position")
    assert chart.finding.startswith("A and B chose the same code for all 2 paragraphs (100 %); ")
    assert chart.finding.endswith("because only one code was used.")


def test_comparison_tells_coders_of_one_name_apart():
    finding = compared(A, A, "position").finding
    assert finding.startswith("A (first) and A (second) chose the same code for all 43 paragraphs")


def test_comparison_of_long_codings_draws_the_differences():
    codes = ["body", "lede"] * 50
    one, other = coding_of([3] * 100, codes, "A"), coding_of([3] * 100, ["body"] * 100, "B")
    chart = compared(one, other, "position")
    assert any("only the 50 paragraphs that differ are drawn" in text for text in texts(chart))
    other = coding_of([3] * 100, codes[1:] + codes[:1], "B")
    chart = compared(one, other, "position")
    assert any("the first 60 of 100 paragraphs that differ" in text for text in texts(chart))


# -- the page --------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What of a chart's HTML reaches a reader: tags, their attributes and the words."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self._open = [], {}, []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "img":
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.words.setdefault(self._open[-1], []).append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def charts_of_hostile_names():
    one = Coding(ARTICLE, CODEBOOK, HOSTILE, A)
    layer = CODEBOOK.layer("role")
    return [
        StructureStrip(one),
        VoiceShares(attributed([HOSTILE, "Li"], HOSTILE)),
        UnitsCompared(compare(one, Coding(ARTICLE, CODEBOOK, "<b>", B), "role"), layer),
    ]


@pytest.mark.parametrize("chart", charts_of_hostile_names(), ids=["strip", "voices", "comparison"])
def test_page_carries_picture_alt_finding_and_numbers(chart):
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    page = Page(bundle["text/html"])
    (image,) = page.all("img")
    assert image["alt"] == chart.alt
    assert '"><script>' in chart.alt
    kind, picture = image["src"].split(",")
    assert kind == "data:image/svg+xml;base64"
    ElementTree.fromstring(base64.b64decode(picture))  # whatever the names, it is well formed
    assert image["width"] == "640"
    assert not page.all("script")
    assert not page.all("b")
    assert page.words["figcaption"] == [chart.finding.replace(" %", "\u00a0%")]
    assert page.words["caption"] == [chart.topic]
    assert page.words["summary"] == ["The numbers"]
    heads = page.all("th")
    assert {attrs["scope"] for attrs in heads[: len(chart.table.header)]} == {"col"}
    assert [attrs["scope"] for attrs in heads[len(chart.table.header) :]] == ["row"] * len(
        chart.table.rows
    )
    cells = page.words["th"] + page.words.get("td", [])
    lines = bundle["text/plain"].split("\n")
    assert lines[:3] == [chart.title, chart.finding, ""]
    assert len(lines) == 4 + len(chart.table.rows)
    for line, row in zip(lines[4:], chart.table.rows, strict=True):
        for cell in row:
            shown = f"{cell:,}" if isinstance(cell, int) else cell
            assert shown in line
            assert not shown or shown.replace(" %", "\u00a0%") in cells


def test_text_has_columns_that_line_up():
    text = repr(StructureStrip(A)).split("\n")[3:]
    places = {line.index("%") for line in text if "%" in line}
    assert len(places) == 1
    assert text[0].index("Where") == text[1].index("P1")


# -- the picture -----------------------------------------------------------------------------------


def every_chart():
    long = "officials from both governments and everybody who has ever spoken for them"
    title = "A story whose headline runs on and on " * 5
    codes = [code.id for code in CODEBOOK.layer("position").codes]
    many = coding_of([5 + n % 40 for n in range(500)], (codes * 63)[:500], "Mei", title)
    other = coding_of([5 + n % 40 for n in range(500)], (codes * 63)[3:503], long, title)
    shifted = coding_of([9] * 50, (codes * 9)[:50], long), coding_of([9] * 50, (codes * 9)[1:51])
    yield "strip a", StructureStrip(A)
    yield "strip role b", StructureStrip(B, "role")
    yield "strip empty", StructureStrip(EMPTY)
    yield "strip half", StructureStrip(half_done(A))
    yield "strip one block", StructureStrip(coding_of([1], ["body"], HOSTILE))
    yield "strip blocks of one word", StructureStrip(coding_of([1] * 30, ["body"] * 30))
    yield "strip 500", StructureStrip(many)
    yield "strip long names", StructureStrip(other)
    for by in ("speaker", "affiliation", "identification", "mode", "stance"):
        yield f"voices by {by}", VoiceShares(B, by)
    yield "voices long names", VoiceShares(attributed([f"{long} {n}" for n in range(30)], long))
    for layer in ("position", "role"):
        yield f"comparison {layer}", compared(A, B, layer)
    yield "comparison empty", compared(EMPTY, EMPTY, "role")
    yield "comparison 50", compared(*shifted, "position")
    fifths = (
        coding_of([9] * 200, ["body"] * 200),
        coding_of([9] * 200, [*["body"] * 4, "lede"] * 40),
    )
    yield "comparison every fifth", compared(*fifths, "position")
    yield "comparison 500", compared(many, other, "position")


@pytest.mark.parametrize("chart", [pytest.param(chart, id=id) for id, chart in every_chart()])
def test_no_word_is_clipped_or_runs_into_another(chart):
    words_have_room(chart)


@pytest.mark.parametrize("name", ["x" * 2000, "Li and " * 300])
def test_of_a_long_name_no_more_is_measured_than_lines_hold(name, monkeypatch):
    measured = []
    width = sheet.text_width
    monkeypatch.setattr(
        sheet, "text_width", lambda *a, **b: measured.append(a[0]) or width(*a, **b)
    )
    for chart in (VoiceShares(attributed([name])), VoicesAlong(attributed([name]))):
        measured.clear()
        said = [text for text in texts(chart) if text.rstrip("…") in name]
        assert name.startswith(" ".join(said).rstrip("…"))
        assert said[-1].endswith("…")
        assert max(map(len, measured)) <= 3 * sheet.LONGEST
        assert len(measured) < 100


def test_codes_of_a_layer_differ_in_pattern_and_colour():
    for layer in CODEBOOK.layers:
        looks = [style(layer, code.id) for code in layer.codes]
        assert len({look.hatch for look in looks}) == len(looks)
        assert len({(look.colour, look.pattern) for look in looks}) == len(looks)
    codes = tuple(Code(str(n), f"Code {n}", "x", "") for n in range(36))
    longest = Layer("x", "X", "?", "block", codes=codes)
    looks = [style(longest, code.id) for code in codes]
    assert len({look.hatch for look in looks[:16]}) == 16
    assert len({(look.colour, look.pattern) for look in looks}) == len(looks)


def test_dark_words_can_be_read_on_every_colour():
    from kit.charts.sheet import INK, QUIET

    colours = {style(layer, code.id).colour for layer in CODEBOOK.layers for code in layer.codes}
    assert len(colours) == 8
    for colour in colours:
        assert contrast(INK, colour) >= 4.5
    assert contrast(QUIET, "#FFFFFF") >= 4.5


def contrast(one, other):
    """The contrast ratio of WCAG 2.2 between two colours."""

    def luminance(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# -- phrases ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (percent(0), "0 %"),
        (percent(0.001), "<1 %"),
        (percent(0.5), "50 %"),
        (percent(0.999), ">99 %"),
        (percent(1), "100 %"),
        (decimal(0.824), ".82"),
        (decimal(-0.118), "−.12"),
        (decimal(-0.001), ".00"),
        (decimal(1), "1.00"),
        (plural(1, "block"), "1 block"),
        (plural(1388, "word"), "1,388 words"),
        (all_of(43, 43, "block"), "all 43 blocks"),
        (all_of(1, 1, "block"), "1 of 1 block"),
        (join(["a"]), "a"),
        (join(["a", "b", "c"]), "a, b and c"),
        (one_line(" a\n\tb\u2028c\u200e "), "a b c"),
        (short("x" * 24), "x" * 24),
        (short("x" * 25), "x" * 23 + "…"),
        (where([]), ""),
        (where(["P1", "P2", "P4", "P5", "P6", "P6.1"]), "P1, P2, P4–P6, P6.1"),
        (where(["P1", "P3", "P5", "P6", "P7"], most=2), "P1, P3 and 3 more"),
    ],
)
def test_phrases(said, expected):
    assert said == expected
