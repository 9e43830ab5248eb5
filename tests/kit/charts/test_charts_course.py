"""Charts of the course: every number counted again from the files, and the pictures measured."""

import re
from collections import Counter
from datetime import date
from itertools import combinations, pairwise

import pytest

from kit import exercises, measure
from kit.charts.agreement import ReadersAgree, RulesBesideReaders
from kit.charts.along import VoicesAlong
from kit.charts.chart import Chart
from kit.charts.comparison import WordsCompared
from kit.charts.events import OrderOfEvents
from kit.charts.voices import Ladder
from kit.charts.wording import Wording
from kit.coding.coding import Annotation, Coding
from kit.lessons import gallery
from kit.library import chronicle, datasets
from kit.library.chronicle import Event
from kit.measure import Interval, LayerAgreement, SpanComparison
from kit.text.article import Article
from kit.text.span import Span
from tests.charted import (
    ARTICLE,
    CODEBOOK,
    EMPTY,
    HOSTILE,
    ID,
    LONG,
    A,
    B,
    attributed,
    block_of,
    filled,
    labelled,
    lines,
    marks,
    per_cent,
    places,
    raw,
    texts,
    words_have_room,
    words_in,
)

EVENTS = chronicle.load(ID).events


def quoted():
    """The places of the letters inside curly quotation marks, line by line."""
    places, inside = set(), False
    for place, letter in enumerate(ARTICLE.text):
        if letter in "“\n”":
            inside = letter == "“"
        elif inside:
            places.add(place)
    return places


def long_article(blocks):
    return Article.from_text("long", "\n".join(["word " * 9] * blocks), title=LONG * 3)


# -- wording ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "b"])
def test_wording_counts_what_the_file_holds(name):
    chart = Wording(datasets.load_coding(ID, name))
    labels = raw(name, "wording")
    where = {"no": Counter(), "yes": Counter()}
    sure = {"high": Counter(), "medium": Counter(), "low": Counter()}
    for a in labels:
        where[a["fields"]["in-quotes"]][block_of(a)] += 1
        sure[a["fields"]["confidence"]][block_of(a)] += 1
    blocks = list(dict.fromkeys(map(block_of, labels)))
    *rows, last = chart.table.rows
    assert [row[0] for row in rows] == blocks
    for block, count, *cells in rows:
        assert count == where["no"][block] + where["yes"][block]
        assert cells[:2] == [where["no"][block], where["yes"][block]]
        assert cells[2:] == [sure[level][block] for level in sure]
    totals = [counts.total() for counts in (*where.values(), *sure.values())]
    assert last == ("All", len(labels), *totals)
    story = sum(
        a["codes"][0] in ("lede", "nut-graf", "body", "kicker") for a in raw(name, "position")
    )
    some = f"all {story}" if len(blocks) == story else f"{len(blocks)} of {story}"
    assert chart.finding.startswith(
        f"{len(labels)} labels on wording in {some} story paragraphs: {totals[0]} outside "
        f"quotation marks and {totals[1]} inside. That is "
    )


def test_wording_gives_rates_for_every_hundred_words():
    story = [a for a in raw("b", "position") if a["codes"][0] in ("lede", "nut-graf", "body",
                                                                    "kicker")]  # fmt: skip
    words = set().union(*(words_in(a["at"]["start"], a["at"]["end"]) for a in story))
    inside = len(words & quoted())
    counts = Counter(a["fields"]["in-quotes"] for a in raw("b", "wording"))
    assert Wording(B).finding.endswith(
        f"That is {round(100 * counts['no'] / (len(words) - inside))} labels for every 100 words "
        f"outside and {round(100 * counts['yes'] / inside)} for every 100 words inside."
    )


def test_wording_columns_rise_outside_and_hang_inside():
    items = [((), {"in-quotes": "no"})] * 3 + [((), {"in-quotes": "yes"})] * 2
    article = Article.from_text("short", "one two three four five\nsix seven", title="Short")
    boxes = filled(Wording(labelled("wording", items, article)))
    up, down = boxes[-2:]  # the first are the key’s
    assert len(boxes) == 4
    assert up[1] + up[3] == pytest.approx(down[1])  # they meet on the line
    assert up[3] / down[3] == pytest.approx(3 / 2)
    assert up[0] == pytest.approx(down[0])


def test_wording_that_does_not_say_where_stands_where_the_text_has_it():
    words = [word for block in ARTICLE.blocks for word in block.words]
    first, plain = [word for word in words if word[0] not in quoted()][:2]
    inside = next(word for word in words if word[0] in quoted())
    labels = [
        Annotation("said", "wording", Span(*first), ("sense",), fields={"in-quotes": "yes"}),
        Annotation("plain", "wording", Span(*plain), ("sense",)),
        Annotation("quoted", "wording", Span(*inside), ()),
    ]
    chart = Wording(Coding(ARTICLE, CODEBOOK, "Mei", labels))
    assert chart.title == "1 label outside quotation marks, 2 inside"
    heads = dict(zip(chart.table.header, chart.table.rows[-1], strict=True))
    assert (heads["Outside marks"], heads["Inside marks"]) == (1, 2)
    assert not any("not s" in text for text in texts(chart))


# -- the ladder ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "b"])
def test_ladder_counts_what_the_file_holds(name):
    chart = Ladder(datasets.load_coding(ID, name))
    rungs = {"named": "Named", "by-office": "By office", "described": "Described",
             "collective": "Collective"}  # fmt: skip
    inside = quoted()
    counts = {rung: [0, 0, 0] for rung in rungs}
    speakers = {rung: set() for rung in rungs}
    for a in raw(name, "attribution"):
        rung = a["fields"]["identification"]
        counts[rung][0] += 1
        counts[rung][1] += len(words_in(a["at"]["start"], a["at"]["end"]))
        spans = [words_in(span["start"], span["end"]) for span in a["parts"]["content"]]
        counts[rung][2] += len(set().union(*spans) & inside)
        speakers[rung].add(a["fields"]["speaker"])
    totals = [sum(count[n] for count in counts.values()) for n in range(3)]
    *rows, last = chart.table.rows
    assert last == ("All", "", totals[0], "", totals[1], "", totals[2], "")
    assert [row[0] for row in rows] == list(rungs.values())
    for rung, row in zip(rungs, rows, strict=True):
        shares = [per_cent(c, t) for c, t in zip(counts[rung], totals, strict=True)]
        assert row[1] == len(speakers[rung])
        assert list(row[2::2]) == counts[rung]
        assert list(row[3::2]) == shares
        assert f"{row[0]}: {f'Speakers {row[1]}' if row[1] else 'none'}" in chart.alt
        assert set(shares) <= set(texts(chart))
    named = counts["named"]
    assert chart.finding == (
        f"On the top rung, “Named”, stand {named[0]} of {totals[0]} attributions "
        f"({per_cent(named[0], totals[0])}) and {named[2]} of the {totals[2]} quoted words "
        f"({per_cent(named[2], totals[2])}); below it: by office {counts['by-office'][0]}, "
        f"described {counts['described'][0]} and collective {counts['collective'][0]}."
    )


def test_ladder_hangs_records_without_a_rung_below_it():
    chart = Ladder(attributed(["Li", "Wu"]))
    assert chart.table.rows[-2][:3] == ("not given", 2, 2)
    assert chart.finding.startswith("On the top rung, “Named”, stand 0 of 2 attributions (0 %)")
    assert chart.finding.endswith("collective 0 and not given 2.")


# -- the order of events ---------------------------------------------------------------------------


def test_order_says_what_the_dates_say():
    chart = OrderOfEvents(EVENTS)
    told = [event for event in EVENTS if event.block]
    number = {event.id: int(event.block[1:]) for event in told}
    for label, place, block, happened, day in chart.table.rows:
        (event,) = (event for event in told if event.label == label)
        assert told.index(event) == happened - 1
        assert event.block == block
        assert place == 1 + len([n for n in number.values() if n < number[event.id]])
        assert str(event.date.day) in day
        assert f"{label}: Told {place}, In {block}, Happened {happened}, Day {day}." in chart.alt
    assert len(chart.table.rows) == len(told)
    pairs = [p for p in combinations(told, 2) if p[0].block != p[1].block]
    turned = sum(number[a.id] > number[b.id] for a, b in pairs)
    first = min(told, key=lambda event: number[event.id])
    assert chart.finding.startswith(f"The first thing told, “{first.label}” ({first.block}), ")
    assert f"happened {told.index(first) + 1}th of {len(told)}; " in chart.finding
    assert f"“{told[0].label}”, is told 2nd of {len(told)} ({told[0].block})." in chart.finding
    assert chart.finding.endswith(
        f"Of {len(pairs)} pairs of events told in different paragraphs, {turned} are told in "
        "reverse."
    )
    assert f"does not tell them: {len(EVENTS) - len(told)} events." in chart.alt


def test_the_order_after_an_exercise_has_its_events_in_its_order():
    (exercise,) = (one for one in exercises.load("02-structure") if one.id == "2.4")
    chart = gallery.chart("order of events", A, {"order": list(exercise.order)})
    ids = {event.label: event.id for event in EVENTS}
    told = [ids[label] for label, *_ in chart.table.rows]
    assert told == [entry.id for entry in exercise.entries]
    happened = [(row[3], ids[row[0]]) for row in chart.table.rows]
    assert [id for _, id in sorted(happened)] == list(exercise.order)


def event(n, block, label=""):
    day = date(2023, 1 + n // 28, 1 + n % 28)
    return Event(id=f"e{n}", label=label or f"Event {n}", date=day, basis="text", block=block)


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (["P3", "P2", "P1"], "“Event 2” (P1), happened last; the first to happen, “Event 0”, is "
                             "told last (P3)"),
        (["P2", "P1", "P3", "P4"], "“Event 1” (P1), happened 2nd of 4; the first to happen, "
                                   "“Event 0”, is told 2nd of 4 (P2)"),
        (["P2", "P3", "P1", "P4"], "“Event 2” (P1), happened last but one; "),
        (["P1", "P2"], "“Event 0” (P1), happened first. Of 1 pair of events told in different "
                       "paragraphs, 0 are told in reverse."),
        (["P2", "", "P1"], "“Event 2” (P1), happened last; the first to happen, “Event 0”, is "
                           "told last (P2). Of 1 pair of events told in different paragraphs, 1 "
                           "is told in reverse."),
        ([f"P{n}" for n in range(2, 24)] + ["P1"] + [f"P{n}" for n in range(24, 27)],
         "happened 23rd of 26"),
        ([f"P{n}" for n in range(2, 12)] + ["P1"] + [f"P{n}" for n in range(24, 27)],
         "happened 11th of 14"),
    ],
)  # fmt: skip
def test_order_puts_places_in_words(blocks, expected):
    assert expected in OrderOfEvents(event(n, b) for n, b in enumerate(blocks)).finding


def test_order_gives_events_of_one_paragraph_one_place():
    chart = OrderOfEvents([event(0, "P4"), event(1, "P2"), event(2, "P2")])
    assert [(row[0], row[1]) for row in chart.table.rows] == [
        ("Event 1", 1), ("Event 2", 1), ("Event 0", 3)
    ]  # fmt: skip
    assert chart.finding.startswith("The first things told (P2) happened last but one, last; ")
    assert "Of 2 pairs" in chart.finding


def test_order_goes_down_as_told_and_right_as_it_happened():
    chart = OrderOfEvents([event(0, "P4"), event(1, "P2"), event(2, "P3")])
    assert chart.title == "What is told first happened last but one"
    dots = sorted((y, x) for *_, x, y in marks(chart))  # from above, as told: P2, P3, P4
    places = sorted(x for _, x in dots)
    assert [places.index(x) for _, x in dots] == [1, 2, 0]
    # The dots are joined, one after the other.
    joined = {(*one, *other) for one, other, _ in lines(chart)}
    assert joined >= {(x, y, to_x, to_y) for (y, x), (to_y, to_x) in pairwise(dots)}
    words = texts(chart)
    assert words.index("happened first") < words.index("happened last →")


def test_order_of_nothing_and_of_one():
    chart = OrderOfEvents([])
    assert (chart.finding, chart.table.rows) == ("0 events told.", ())
    assert OrderOfEvents([event(0, "")]).finding == chart.finding
    assert OrderOfEvents([event(0, "P2")]).finding == "1 event told."


# -- words compared --------------------------------------------------------------------------------


def made_up(layer="wording"):
    """Of eight words: two with one code from both, one with two codes, two by one alone, three by
    the other alone."""
    ones = ["sense", "name", "idiom", "sense", "grammar", None, None, None]
    others = ["sense", "name", "grammar", None, None, "sense", "sense", "name"]
    words = [word for block in ARTICLE.blocks for word in block.words]

    def coding(codes, coder):
        return Coding(
            ARTICLE,
            CODEBOOK,
            coder,
            [
                Annotation(f"w{n}", layer, Span(*words[3 * n]), (code,))
                for n, code in enumerate(codes)
                if code
            ],
        )

    return measure.compare_spans(coding(ones, "you"), coding(others, "the reference"), layer)


def test_words_compared_code_by_code():
    chart = WordsCompared(made_up(), CODEBOOK.layer("wording"))
    assert chart.topic == "Wording: what you and the reference marked"
    assert chart.finding == (
        "You and the reference marked the same words 3 times, 2 of them with the same code; you "
        "alone marked 2, the reference alone 3. So of all 11 labels that the two made, 6 have a "
        "partner (55 %): that share is called F1, .55; where the code must be the same too, it "
        "is .36."
    )
    assert chart.table.header[1:5] == (
        "Both, same code", "Both, another code", "Only you", "Only the reference"
    )  # fmt: skip
    assert chart.table.rows == (
        ("Broken name", 1, 0, 0, 1, ""),
        ("Broken idiom", 0, 1, 0, 0, "Grammar 1"),
        ("Grammar", 0, 0, 1, 0, ""),
        ("Wrong sense", 1, 0, 1, 2, ""),
        ("Contradiction", 0, 0, 0, 0, ""),
        ("All", 2, 1, 2, 3, ""),
    )
    assert "Broken idiom: Both, another code 1, Other code by the reference Grammar 1." in chart.alt
    assert "5 labels by you and 6 by the reference" in chart.alt


@pytest.mark.parametrize("layer", ["wording", "issue", "expectation", "attribution"])
def test_words_compared_accounts_for_every_label_of_the_files(layer):
    chart = WordsCompared(measure.compare_spans(A, B, layer), CODEBOOK.layer(layer))
    row = dict(zip(chart.table.header, chart.table.rows[-1], strict=True))
    both = sum(count for name, count in row.items() if name.startswith("Both"))
    assert both + row["Only A"] == len(raw("a", layer))
    assert both + row["Only B"] == len(raw("b", layer))
    share = 2 * both / (len(raw("a", layer)) + len(raw("b", layer)))
    assert f"called F1, {share:.2f}".replace("0.", ".") in chart.finding
    if layer != "attribution":
        for n, total in enumerate(chart.table.rows[-1][1:5], start=1):
            assert sum(row[n] for row in chart.table.rows[:-1]) == total


def test_words_compared_agree_with_the_chart_of_readers():
    for layer in ("wording", "issue", "expectation", "attribution"):
        found = measure.layer_agreement(A, B, layer)
        chart = WordsCompared(measure.compare_spans(A, B, layer), CODEBOOK.layer(layer))
        said = f"{found.share:.2f}".replace("0.", ".")
        assert re.findall(r"(?:F1,|it is) (1?\.\d\d)", chart.finding)[-1] == said


def test_words_compared_of_a_layer_without_codes():
    chart = WordsCompared(measure.compare_spans(A, B, "attribution"), CODEBOOK.layer("attribution"))
    assert chart.table.header == ("Attribution", "Both marked it", "Only A", "Only B")
    (row,) = chart.table.rows
    assert row[1] + row[2] == len(raw("a", "attribution"))
    assert "code" not in chart.finding


def test_words_compared_keep_labels_without_a_code():
    one = labelled("wording", [((), {}), (("sense",), {})], coder="A")
    other = labelled("wording", [(("sense",), {})], coder="B")
    chart = WordsCompared(measure.compare_spans(one, other, "wording"), CODEBOOK.layer("wording"))
    rows = {row[0]: row[1:5] for row in chart.table.rows}
    assert rows["Wrong sense"] == (1, 0, 1, 0)
    # Nobody’s label without a code is left alone here, so there is no row for it.
    assert "not given" not in rows
    assert rows["All"] == (1, 0, 1, 0)


def test_words_compared_of_nothing():
    nothing = SpanComparison("wording", "you", "the reference", (), (), ())
    chart = WordsCompared(nothing, CODEBOOK.layer("wording"))
    assert chart.finding == "Neither you nor the reference has marked any words yet."
    assert chart.table.rows[-1] == ("All", 0, 0, 0, 0, "")
    assert "0 in all" in texts(chart)


def test_words_compared_hold_no_words_of_the_article():
    for layer in ("wording", "attribution"):
        found = measure.compare_spans(A, B, layer)
        chart = WordsCompared(found, CODEBOOK.layer(layer))
        for label in [*found.one_only, *found.other_only]:
            assert label.at.text not in repr(chart) or len(label.at.text) < 12


# -- two readers -----------------------------------------------------------------------------------


def agreement(layer, unit, shared, total, alpha=None, interval=None, names=("A", "B")):
    share = (2 * shared / (total + shared) if unit == "labels" else shared / total) if total else 0
    return LayerAgreement(layer, *names, unit, shared, total, share, alpha, interval)


def test_readers_in_two_parts():
    chart = ReadersAgree(
        [
            agreement("issue", "labels", 15, 39, interval=Interval(0.35, 0.737)),
            agreement("role", "units", 28, 33, 0.785, Interval(0.604, 0.9485)),
            agreement("position", "units", 42, 43, 0.96),
            agreement("wording", "labels", 20, 80),
        ]
    )
    assert chart.topic == "How far A and B agree, question by question"
    assert chart.title == "Hardest to agree on: Role (85 %), Wording (40 %)"
    assert chart.finding == (
        "Where each paragraph gets one label, the two chose alike for 85 % (Role) to 98 % "
        "(Position). Where words are marked, the two share 40 % (Wording) to 56 % (Issue) of their "
        "labels."
    )
    assert chart.table.rows == (
        ("Role", "units", 28, 33, "85 %", f"{0.785:.2f}"[1:], "–", ".60 to .95"),
        ("Position", "units", 42, 43, "98 %", ".96", "–", "–"),
        ("Issue", "labels", 30, 54, "56 %", "–", ".56", ".35 to .74"),
        ("Wording", "labels", 40, 100, "40 %", "–", ".40", "–"),
    )
    assert "Agreed 30, Of 54, Agreement 56 %, F1 .56, 95 % interval .35 to .74. " in chart.alt
    said = texts(chart)
    for words in ("One label each", "percent agreement", "alpha, chance taken off",
                  "Words marked"):  # fmt: skip
        assert words in said
    assert said.index("Words marked") > said.index("Position")


def test_readers_marks_stand_at_their_numbers():
    interval = Interval(0.25, 0.75)
    chart = ReadersAgree(
        [
            agreement("role", "units", 3, 4, 0.5, interval),
            agreement("issue", "labels", 1, 3, interval=interval),
        ]
    )
    drawn = {shape: x for shape, _, x, _ in marks(chart)}  # the last of a shape is no key
    ticks = {text: x for text, (x, _) in places(chart)}
    zero, one = ticks["0"], ticks["1"]
    assert drawn["o"] == pytest.approx(zero + 0.75 * (one - zero), abs=0.01)
    assert drawn["D"] == pytest.approx(zero + 0.5 * (one - zero), abs=0.01)
    assert drawn["s"] == pytest.approx(zero + 0.5 * (one - zero), abs=0.01)
    bars = [(x, to_x) for (x, _), (to_x, _), width in lines(chart) if width == 1.4 and x != to_x]
    quarters = (zero + 0.25 * (one - zero), zero + 0.75 * (one - zero))
    assert bars == [pytest.approx(quarters, abs=0.002)] * 2


def test_readers_of_the_files():
    chart = gallery.chart("two readers", A, {})
    rows = {row[0]: row for row in chart.table.rows}
    ones, others = ({a["id"]: a["codes"][0] for a in raw(n, "role")} for n in "ab")
    same = sum(ones[id] == others[id] for id in ones)
    assert rows["Role"][:5] == ("Role", "units", same, len(ones), per_cent(same, len(ones)))
    assert rows["Wording"][3] == len(raw("a", "wording")) + len(raw("b", "wording"))
    assert len(rows) == 6


def test_readers_below_chance_and_without_alpha():
    chart = ReadersAgree(
        [
            agreement("role", "units", 1, 9, -0.4, Interval(-0.73, 0.1)),
            agreement("position", "units", 4, 4),
        ]
    )
    assert chart.finding == (
        "Where each paragraph gets one label, the two chose alike for 11 % (Role) to 100 % "
        "(Position)."
    )
    assert chart.table.rows[1][4:] == ("100 %", "–", "–", "–")
    assert min(x for *_, x, _ in marks(chart)[2:]) > 2
    assert "0" in texts(chart)


# -- voices along the text -------------------------------------------------------------------------

SIDES = {"us": "US", "chinese": "Chinese"}
SHAPES = {"direct": ("o", True), "mixed": ("D", False), "indirect": ("s", False)}


@pytest.mark.parametrize("name", ["a", "b"])
def test_voices_along_say_what_the_file_holds(name):
    chart = VoicesAlong(datasets.load_coding(ID, name))
    records = raw(name, "attribution")
    order = list(dict.fromkeys(a["fields"]["speaker"] for a in records))
    expected = [
        (
            a["fields"]["speaker"],
            SIDES.get(a["fields"]["affiliation"].split("-")[0], "–"),
            block_of(a),
            a["fields"]["mode"].capitalize(),
            len(set().union(*(words_in(s["start"], s["end"]) for s in a["parts"]["content"]))),
        )
        for speaker in order
        for a in records
        if a["fields"]["speaker"] == speaker
    ]
    *rows, last = chart.table.rows
    assert rows == expected
    words = sum(row[4] for row in expected)
    assert last == ("All", "", "", f"{len(records)} attributions", words)
    newcomer = next(a for a in records if a["fields"]["speaker"] == order[-1])
    passed = len(words_in(0, newcomer["at"]["start"]))
    total = len(words_in(0, len(ARTICLE.text)))
    assert chart.finding == (
        f"{len(order)} speakers in {len(records)} attributions: the first voice is “{order[0]}” "
        f"({block_of(records[0])}), and the last to join is “{order[-1]}” "
        f"({block_of(newcomer)}), when {passed:,} of the {total:,} words "
        f"({per_cent(passed, total)}) have gone by."
    )
    drawn = marks(chart, key=3)
    modes = Counter(SHAPES[a["fields"]["mode"]] for a in records)
    assert Counter((shape, full) for shape, full, *_ in drawn) == modes
    # One row each, in the order of first appearance.
    heights = sorted({y for *_, y in drawn})
    per_row = Counter(heights.index(y) for *_, y in drawn)
    speakers = Counter(a["fields"]["speaker"] for a in records)
    assert [per_row[n] for n in range(len(order))] == [speakers[speaker] for speaker in order]


def test_voices_along_are_true_to_length():
    ten = filled(VoicesAlong(attributed(["Li"])))[-1]
    article = long_article(2)
    words = article.blocks[0].words
    label = Annotation(
        "r1", "attribution", Span(words[0][0], words[8][1]),
        parts={"cue": (Span(*words[0]),), "content": (Span(words[1][0], words[8][1]),)},
        fields={"speaker": "Li"},
    )  # fmt: skip
    short = filled(VoicesAlong(Coding(article, CODEBOOK, "Mei", [label])))[-1]
    assert ten[2] * 1388 / 9 == pytest.approx(short[2] * 18 / 8, abs=0.5)


def test_one_voice_along_and_a_mode_that_nobody_gave():
    chart = VoicesAlong(attributed(["Li"], mode="direct"))
    assert chart.finding.startswith("1 speaker in 1 attribution: only “Li” is heard, from P")
    word = [((), {})]
    unknown = VoicesAlong(labelled("attribution", word))
    assert unknown.table.rows[0] == ("not given", "–", "P1", "not given", 1)
    assert "not given: 1" in texts(unknown)


def test_late_voices_share_the_last_row():
    chart = VoicesAlong(attributed([f"voice {n}" for n in range(26)]))
    assert len(chart.table.rows) == 27
    assert "7 other speakers" in texts(chart)
    assert chart.alt.endswith(" The table has 7 more rows.")


def test_gallery_has_the_voices_along_the_text():
    assert gallery.layer_of("voices along the text") == "attribution"
    assert gallery.chart("voices along the text", A, {}) == VoicesAlong(A)


# -- the pictures ----------------------------------------------------------------------------------


def every_chart():
    wording, issue = CODEBOOK.layer("wording"), CODEBOOK.layer("issue")
    for name, coding in (("a", A), ("b", B)):
        yield f"wording {name}", Wording(coding)
        yield f"ladder {name}", Ladder(coding)
        yield f"along {name}", VoicesAlong(coding)
    items = [((), {}), ((), {"in-quotes": "yes"}), ((), {"in-quotes": "no"})]
    yield "wording unsaid", Wording(labelled("wording", items * 150, coder=LONG))
    yield "wording 500", Wording(labelled("wording", items * 500, long_article(500)))
    yield "ladder unsaid", Ladder(attributed([LONG, HOSTILE], coder=HOSTILE))
    yield "order", OrderOfEvents(EVENTS)
    yield "order empty", OrderOfEvents([])
    yield (
        "order 40",
        OrderOfEvents([event(n, f"P{1 + n * 7 % 40}", LONG * 2) for n in range(40)]),
    )
    yield "words wording", WordsCompared(made_up(), wording)
    for layer in ("issue", "attribution", "expectation"):
        yield (
            f"words {layer}",
            WordsCompared(measure.compare_spans(A, B, layer), CODEBOOK.layer(layer)),
        )
    long_names = SpanComparison("issue", LONG, HOSTILE, (), A.on("issue"), B.on("issue"))
    yield "words long names", WordsCompared(long_names, issue)
    yield "words empty", WordsCompared(measure.compare_spans(EMPTY, EMPTY, "issue"), issue)
    yield "readers", gallery.chart("two readers", A, {})
    names = (LONG, HOSTILE)
    yield (
        "readers odd",
        ReadersAgree(
            [
                agreement(LONG, "labels", 1000, 12345, interval=Interval(0, 1), names=names),
                agreement("role", "units", 1, 9, -0.98, Interval(-1, 0.1), names=names),
            ]
        ),
    )
    many = [f"{LONG} {n}" for n in range(30)]
    yield "along long names", VoicesAlong(attributed(many, coder=LONG))


CHARTS = dict(every_chart())


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_no_word_is_clipped_or_runs_into_another(chart):
    words_have_room(chart)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_words_keep_to_lines_and_to_columns(chart):
    bundle = chart._repr_mimebundle_()
    lines = bundle["text/plain"].split("\n")
    assert lines[:3] == [chart.title, chart.finding, ""]
    assert len(lines) == 4 + len(chart.table.rows)
    assert "\n" not in chart.alt
    if type(chart).alt is Chart.alt:
        for first, *_ in chart.table.rows[:20]:
            assert f" {first}" in chart.alt
    assert "<script>" not in bundle["text/html"]


@pytest.mark.parametrize("name", ["wording a", "ladder a", "along a", "order", "words issue",
                                  "readers"])  # fmt: skip
def test_no_long_run_of_the_article_is_stored(name):
    said = re.findall(r"\w+", repr(CHARTS[name]) + " " + CHARTS[name].alt)
    ours = re.findall(r"\w+", ARTICLE.text)
    runs = {tuple(ours[n : n + 7]) for n in range(len(ours) - 6)}
    assert not runs & {tuple(said[n : n + 7]) for n in range(len(said) - 6)}


def test_the_rules_stand_beside_two_readers():
    reference = datasets.load_reference("blinken-beijing-2023")
    rules = Coding(
        reference.coding.article,
        reference.coding.codebook,
        "rules",
        [a for a in reference.coding.on("role") if a.id != "P40"],
    )
    chart = RulesBesideReaders(reference.coding, [*reference.readers, rules])
    rows = {row[:2]: row[2:] for row in chart.table.rows}
    assert rows["Role", "rules"] == (32, 32, "100 %", "97 %", "–")
    attributions = rows["Attribution", "A"]
    assert attributions[4] == f"{attributions[1]} of {attributions[1]}" and attributions[1] > 15
    a = reference.readers[0].codes("role")
    same = sum(a[id] == code for id, code in reference.coding.codes("role").items())
    assert rows["Role", "A"][:2] == (33, same)
    assert ("Wording", "rules") not in rows
    assert (
        "nearest to the reference on Role (100 % of the labels made, 97 % of the reference)"
        in chart.finding
    )
    assert "Role: Reader rules, Labels 32, As the reference 32, Precision 100 %, Recall 97 %" in (
        chart.alt
    )


def test_rules_that_find_nothing_are_said_to():
    reference = datasets.load_reference("blinken-beijing-2023").coding
    chart = RulesBesideReaders(reference, [])
    assert chart.finding == "The rules have found nothing here."
