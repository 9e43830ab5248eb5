"""Charts of expectations, issues, events and benchmarks: every number counted again
from the files, and the pictures measured."""

import tomllib
from collections import Counter
from datetime import date

import pytest

from kit.charts.events import Timeline
from kit.charts.expectations import ExpectationRibbon, MovesByVoice
from kit.charts.issues import IssueGrid
from kit.charts.scorecard import Scorecard
from kit.coding.coding import Annotation
from kit.library import chronicle, datasets
from kit.library.chronicle import Benchmark, Chronicle, Event
from kit.text.article import Article
from tests.charted import (
    ARTICLE,
    CODEBOOK,
    HOSTILE,
    ID,
    LONG,
    A,
    B,
    block_of,
    filled,
    labelled,
    marks,
    n_words,
    places,
    raw,
    texts,
    words_have_room,
)

CODINGS = {name: datasets.load_coding(ID, name) for name in datasets.coding_names(ID)}
NAMES = sorted(CODINGS)
CHRONICLE = chronicle.load(ID)
SHAPES = {"raise": "^", "lower": "v", "hold-open": "o", "condition": "D", "benchmark": "s"}


def raw_toml(name, key):
    path = datasets.root() / "datasets" / ID / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))[key]


def name_of(layer, code):
    return CODEBOOK.layer(layer).code(code).name


def three_lines(words):
    """An article of three lines with so many words in each."""
    return Article.from_text("short", "\n".join([" ".join(["word"] * words)] * 3), title="Short")


# -- the ribbon ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_ribbon_counts_what_the_file_holds(name):
    chart = ExpectationRibbon(CODINGS[name])
    labels = raw(name, "expectation")
    main = Counter(a["codes"][0] for a in labels)
    half = n_words(0, len(ARTICLE.text)) // 2
    early = Counter(a["codes"][0] for a in labels if n_words(0, a["at"]["start"]) < half)
    assert chart.finding == (
        f"{main['raise']} of {len(labels)} labels raise what a reader expects and "
        f"{main['lower']} lower it: {early['raise']} and {early['lower']} in the first half of "
        f"the text, {main['raise'] - early['raise']} and {main['lower'] - early['lower']} in the "
        "second."
    )
    *rows, last = chart.table.rows
    for a, row in zip(labels, rows, strict=True):
        codes = [name_of("expectation", code) for code in a["codes"]]
        assert row[0] == block_of(a)
        assert row[2:] == (codes[0], "".join(codes[1:]), a["fields"]["voice"])
        first = ARTICLE.text[a["at"]["start"] : a["at"]["end"]].split()[0]
        assert row[1].startswith(first)
    for code, count in main.items():
        assert f"{name_of('expectation', code)} {count}" in last[2]
        assert f"{name_of('expectation', code)}: {count}, in P" in chart.alt


@pytest.mark.parametrize("name", NAMES)
def test_ribbon_has_each_mark_on_its_side_and_in_its_place(name):
    labels = raw(name, "expectation")
    chart = ExpectationRibbon(CODINGS[name])
    drawn = marks(chart, key=len(SHAPES) + 1)  # one for each code and the hollow one
    main = Counter(SHAPES[a["codes"][0]] for a in labels)
    second = Counter(SHAPES[code] for a in labels for code in a["codes"][1:])
    assert Counter(shape for shape, filled, *_ in drawn if filled) == main
    assert Counter(shape for shape, filled, *_ in drawn if not filled) == second
    heights = {
        side: [y for shape, _, _, y in drawn if (shape in "^v") == (side != "on") and
               (side == "on" or shape == side)]
        for side in ("^", "on", "v")
    }  # fmt: skip
    assert max(heights["^"]) < min(heights["on"])  # the top of the sheet is 0
    assert max(heights["on"]) < min(heights["v"])
    mains = [x for _, filled, x, _ in drawn if filled]
    places = [(a["at"]["start"] + a["at"]["end"]) / 2 for a in labels]
    in_order = sorted(range(len(labels)), key=lambda n: places[n])
    assert [mains[n] for n in in_order] == sorted(mains)
    assert len({(x, y) for _, _, x, y in drawn}) == len(drawn)  # no mark hides another


def test_ribbon_changes_with_any_label():
    before = repr(ExpectationRibbon(A))
    for id, label in A.by_id("expectation").items():
        assert repr(ExpectationRibbon(A.replace("expectation", {id: None}))) != before
        other = ("lower",) if label.codes[0] != "lower" else ("raise",)
        changed = Annotation(id, "expectation", label.at, other, fields=label.fields)
        assert repr(ExpectationRibbon(A.replace("expectation", {id: changed}))) != before


def test_ribbon_of_little():
    one = ExpectationRibbon(labelled("expectation", [(("lower",), {})]))
    assert one.finding == (
        "0 of 1 label raise what a reader expects and 1 lowers it: 0 and 1 in the first half of "
        "the text, 0 and 0 in the second."
    )
    none = ExpectationRibbon(labelled("expectation", [(("condition",), {})] * 2))
    assert none.finding == "None of 2 labels raises or lowers what a reader expects."


def test_ribbon_keeps_a_label_without_a_code():
    chart = ExpectationRibbon(labelled("expectation", [((), {}), (("raise",), {})]))
    assert chart.table.rows[0][2] == "not given"
    assert [shape for shape, *_ in marks(chart, key=6)] == ["x", "^"]


def test_ribbon_bears_many_labels_on_few_words():
    items = [((code,), {}) for code in list(SHAPES) * 60]
    chart = ExpectationRibbon(labelled("expectation", items, three_lines(5)))
    assert chart.finding.startswith("60 of 300 labels raise what a reader expects and 60 lower")
    assert len(marks(chart, key=5)) == 300
    assert chart.sheet.height < 200


# -- moves by voice --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_moves_count_what_the_file_holds(name):
    chart = MovesByVoice(CODINGS[name])
    labels = raw(name, "expectation")
    counts = Counter((a["fields"]["voice"], a["codes"][0]) for a in labels)
    main = Counter(a["codes"][0] for a in labels)
    assert chart.finding == (
        f"The reporter raises {counts['reporter', 'raise']} of {main['raise']} times and lowers "
        f"{counts['reporter', 'lower']} of {main['lower']}."
    )
    codes = [code.id for code in CODEBOOK.layer("expectation").codes]
    *rows, last = chart.table.rows
    assert {row[0] for row in rows} == {voice for voice, _ in counts}
    for row in rows:
        assert list(row[1:-1]) == [counts[row[0], code] for code in codes]
        assert row[-1] == sum(row[1:-1])
    assert last == ("All", *(main[code] for code in codes), len(labels))
    assert [row[-1] for row in rows] == sorted((row[-1] for row in rows), reverse=True)


def test_darker_cells_hold_more_and_every_number_is_printed():
    chart = MovesByVoice(A)
    numbers = [(int(text), *place) for text, place in places(chart) if text.isdigit()]
    shades = {}
    cells = [box for box in filled(chart) if box[2] > 5]  # the key has smaller boxes
    assert len(cells) == len(chart.table.rows[:-1]) * (len(chart.table.header) - 2)
    for left, top, width, height, fill in cells:
        (number,) = (
            n
            for n, x, y in numbers
            if abs(x - left - width / 2) < 1 and abs(y - top - height / 2) < 3
        )
        colour = tuple(int(fill[n : n + 2], 16) / 255 for n in (1, 3, 5))
        shades.setdefault(number, set()).add(colour)
        assert len(set(colour)) == 1  # grey
    assert all(len(colours) == 1 for colours in shades.values())
    by_count = [shades[n].pop()[0] for n in sorted(shades)]
    assert by_count == sorted(by_count, reverse=True)
    assert len(set(by_count)) == len(by_count)
    assert by_count[0] == 1
    assert by_count[-1] > 0.6


def test_moves_without_a_reporter_or_a_voice():
    items = [(("raise",), {"voice": "Li"}), (("lower",), {"voice": " LI "}), (("raise",), {})]
    chart = MovesByVoice(labelled("expectation", items))
    assert chart.finding == "Most moves are by “Li”: 2 of 3 labels (Raise 1 and Lower 1)."
    assert [row[0] for row in chart.table.rows] == ["Li", "not given", "All"]
    tie = MovesByVoice(labelled("expectation", items[::2]))
    assert tie.finding == "2 voices have 1 label each, the most."
    same = labelled("expectation", [(("raise",), {"voice": "Reporter"}), (("lower",), {})])
    assert MovesByVoice(same).finding == "The reporter raises 1 of 1 time and lowers 0 of 1."


def test_many_voices_are_all_in_the_table_and_the_last_drawn_as_one():
    items = [(("raise",), {"voice": f"voice {n:02}"}) for n in range(30)]
    chart = MovesByVoice(labelled("expectation", items))
    assert len(chart.table.rows) == 31
    assert "11 other voices" in texts(chart)
    assert chart.alt.endswith("voice 19: Raise 1, All 1. The table has 11 more rows.")


# -- issues ----------------------------------------------------------------------------------------


def sides_of(name):
    side = {"us": "US", "chinese": "Chinese"}
    return {
        a["fields"]["speaker"]: side[a["fields"]["affiliation"].split("-")[0]]
        for a in raw(name, "attribution")
        if a["fields"]["affiliation"].split("-")[0] in side
    }


@pytest.mark.parametrize("name", NAMES)
def test_issues_count_what_the_file_holds(name):
    chart = IssueGrid(CODINGS[name])
    labels = raw(name, "issue")
    cells = Counter((a["codes"][0], a["fields"]["voice"]) for a in labels)
    *rows, last = chart.table.rows
    shown = {(row[0], row[1]): row[3] for row in rows}
    assert shown == {(name_of("issue", i), v): n for (i, v), n in cells.items()}
    assert last[3] == len(labels)
    frames = Counter()
    for a in labels:
        sign = a["fields"].get("frame", "no frame")
        frames[name_of("issue", a["codes"][0]), a["fields"]["voice"], sign] += 1
    told = Counter()
    for row in rows:
        for part in row[4].split(", "):
            sign, count = part.rsplit(" ", 1)
            told[row[0], row[1], sign.lower()] = int(count)
    assert told == frames
    sides = sides_of(name)
    for row in rows:
        assert row[2] == sides.get(row[1], "–")
    order = [name_of("issue", code.id) for code in CODEBOOK.layer("issue").codes]
    by_side = {i: {sides.get(v) for j, v in cells if j == i} - {None} for i, _ in cells}
    shared = [name_of("issue", i) for i in by_side if by_side[i] == {"US", "Chinese"}]
    heard = {side for found in by_side.values() for side in found}
    for issue in order:
        in_finding = chart.finding.split(" named")[0]
        if heard == {"US", "Chinese"} and shared:
            assert (issue in in_finding) == (issue in shared)
    if heard == {"US", "Chinese"} and not shared:
        assert chart.finding.startswith("No issue is named")


def test_issues_name_what_both_sides_name():
    assert IssueGrid(B).finding == (
        "Channels of communication, Taiwan and Leader-level meetings are named by both US and "
        "Chinese voices: 3 of 15 issues."
    )
    # A hears P27's list in the reporter's voice: no list of two sides has Taiwan then.
    assert IssueGrid(A).finding == (
        "No issue is named by both US and Chinese voices; the reporter and US voices share "
        "Military contacts and Fentanyl; the reporter and Chinese voices share Taiwan."
    )


def test_a_cell_shows_its_frames_as_letters_and_patterns():
    chart = IssueGrid(B)
    drawn = Counter(texts(chart))
    signs = {"dispute": "D", "cooperation": "C", "condition": "If", "neutral": "N"}
    cells = {}
    for a in raw("b", "issue"):
        key = (a["codes"][0], a["fields"]["voice"], a["fields"]["frame"])
        cells[key] = cells.get(key, 0) + 1
    expected = Counter(
        signs[frame] + (str(n) if n > 1 else "") for (_, _, frame), n in cells.items()
    )
    key = Counter(signs.values())
    assert {sign: drawn[sign] for sign in expected} == expected + Counter(
        {sign: key[sign] for sign in expected}
    )
    patterns = Counter(fill.split("-")[0] for *_, fill in filled(chart) if "(" in fill)
    frames = Counter(frame for _, _, frame in cells)
    assert [patterns[f"url(#{look}"] for look in ("rise", "dots", "bars")] == [
        frames["dispute"] + 1,
        frames["cooperation"] + 1,
        frames["condition"] + 1,
    ]


def test_issues_of_little():
    quiet = IssueGrid(labelled("issue", [(("taiwan",), {})]))
    assert quiet.title == "1 issue, and no voice yet" and "fill in the voice" in quiet.finding
    one = IssueGrid(labelled("issue", [(("taiwan",), {"voice": "Li"})]))
    assert one.title == "Most voices: Taiwan (1)"
    assert one.finding == (
        "Taiwan has most voices: 1; no voice has a side among the attributions, so there is "
        "nothing to compare."
    )


def test_many_voices_and_issues_without_a_code():
    items = [(("taiwan",), {"voice": f"voice {n:02}"}) for n in range(20)] + [((), {})]
    chart = IssueGrid(labelled("issue", items))
    assert len(chart.table.rows) == 22
    assert any("the 12 busiest of 21 voices" in text for text in texts(chart))
    assert chart.table.rows[-2][:2] == ("not given", "not given")


# -- what happened when ----------------------------------------------------------------------------


def test_timeline_counts_what_the_file_holds():
    chart = Timeline(CHRONICLE)
    events = raw_toml("dates", "events")
    told = [e for e in events if e.get("block")]
    later = [e for e in events if e["date"] > date(2023, 6, 18)]
    unknown = [e for e in later if not e.get("block")]
    unchecked = [e for e in events if e["basis"] == "unchecked"]
    assert chart.finding == (
        f"The story tells or announces {len(told)} of {len(events)} events; {len(later)} came "
        f"after its day, 18 June 2023, and {len(unknown)} of these are not in it; "
        f"{len(unchecked)} day is unchecked."
    )
    for event, row in zip(events, chart.table.rows, strict=True):
        assert row[1:3] == (event["label"], event.get("block", "not told"))
        assert str(event["date"].day) in row[0]
        assert (row[3] == "not checked") == (event["basis"] == "unchecked")
        assert (row[4] == "after") == (event in later)
    drawn = marks(chart, key=2)
    assert [filled for _, filled, *_ in drawn] == [bool(e.get("block")) for e in events]
    assert [x for *_, x, _ in drawn] == sorted(x for *_, x, _ in drawn)
    first, last = drawn[0][2], drawn[-1][2]
    for event, (*_, x, _) in zip(events, drawn, strict=True):
        part = (event["date"] - events[0]["date"]) / (events[-1]["date"] - events[0]["date"])
        assert (x - first) / (last - first) == pytest.approx(part, abs=0.001)
    said = " ".join(texts(chart)).replace("\n", " ")
    assert said.count("(not checked)") == len(unchecked)


def events(*dated, label="Something happens"):
    return tuple(
        Event(id=str(n), label=label, date=day, basis="text", block="P1" if n % 2 else "")
        for n, day in enumerate(dated)
    )


def test_timeline_of_little():
    story = three_lines(3)
    chart = Timeline(Chronicle(story, events=events(date(2024, 2, 29))))
    assert chart.finding == ("The story tells or announces 0 of 1 event; no day is unchecked.")
    assert chart.table.header[-1] == "How the day is known"


# -- the scorecard ---------------------------------------------------------------------------------


def test_scorecard_says_what_the_file_says_and_the_student_chose():
    scores = {"meeting-xi": ["met"], "precursors": ["partly"], "channels": [], "other": ["x"]}
    chart = Scorecard(CHRONICLE.benchmarks, scores)
    benchmarks = raw_toml("benchmarks", "benchmarks")
    known = raw_toml("benchmarks", "sources")
    assert chart.finding == (
        f"You have scored 2 of {len(benchmarks)} tests: 1 met and 1 partly met."
    )
    for b, row in zip(benchmarks, chart.table.rows, strict=True):
        assert row[0] == b["test"]
        assert row[1].split(", ") == [b["block"], *b.get("also", ())]
        assert row[2:4] == (b["by"], b["came"])
        publishers = [known[id]["publisher"] for id in b.get("sources", ())]
        assert all(publisher in row[4] for publisher in publishers) and row[4]
        assert row[4].endswith("(Not checked.)") == (b["status"] != "checked")
        assert row[5] == {"meeting-xi": "met", "precursors": "partly met"}.get(b["id"], "–")
        for cell in (b["test"], b["came"]):
            assert cell.split()[-1] in " ".join(texts(chart))
    assert [(shape, filled) for shape, filled, *_ in marks(chart)] == [("o", True), ("D", False)]
    said = " ".join(text.replace("\n", " ") for text in texts(chart))
    assert "…" not in said


def test_scorecard_of_little():
    n = len(CHRONICLE.benchmarks)
    assert Scorecard(CHRONICLE.benchmarks).finding == (
        f"{n} tests set, and you have scored none yet."
    )
    every = dict.fromkeys([b.id for b in CHRONICLE.benchmarks], ["not-met"])
    assert Scorecard(CHRONICLE.benchmarks, every).finding == (
        f"You have scored all {n} tests: {n} not met."
    )
    odd = Scorecard(CHRONICLE.benchmarks, {"meeting-xi": ["great"]})
    assert odd.title == f"{n} tests, none scored yet"


# -- the pictures ----------------------------------------------------------------------------------


def every_chart():
    short = three_lines(5)
    tiny = three_lines(1)
    moves = [(tuple(SHAPES)[n % 5 : n % 5 + 2], {"voice": f"{LONG} {n % 40}"}) for n in range(300)]
    issue_ids = [code.id for code in CODEBOOK.layer("issue").codes]
    issues = [
        (
            (issue_ids[n % 15],),
            {"voice": f"{LONG} {n % 30}", "frame": ["dispute", "neutral"][n % 2]},
        )
        for n in range(300)
    ]
    packed = [
        (("taiwan",), {"voice": f"v{n % 12}", "frame": f})
        for n, f in enumerate(["dispute", "cooperation", "condition", "neutral"] * 60)
    ]
    odd = [(("raise", "lower"), {"voice": HOSTILE})]
    codings = [*CODINGS.items()]
    codings += [
        ("one", labelled("expectation", odd, coder=HOSTILE)),
        ("300", labelled("expectation", moves, coder=LONG)),
        ("300 short", labelled("expectation", moves, short)),
        ("tiny", labelled("expectation", moves[:3], tiny)),
    ]
    for name, coding in codings:
        yield f"ribbon {name}", ExpectationRibbon(coding)
        yield f"moves {name}", MovesByVoice(coding)
        if coding.on("issue"):
            yield f"issues {name}", IssueGrid(coding)
    yield "issues 300", IssueGrid(labelled("issue", issues, coder=LONG))
    yield "issues packed", IssueGrid(labelled("issue", packed))
    yield "issues hostile", IssueGrid(labelled("issue", [(("taiwan",), {"voice": HOSTILE})]))
    yield "issues tiny", IssueGrid(labelled("issue", issues[:3], tiny))
    yield "timeline", Timeline(CHRONICLE)
    one_day = events(*[date(2023, 12, 31)] * 12, label=HOSTILE)
    yield "timeline one day", Timeline(Chronicle(tiny, events=one_day))
    years = events(*[date(year, 7, 1) for year in range(1701, 2001, 5)], label=LONG)
    yield "timeline centuries", Timeline(Chronicle(ARTICLE, events=years))
    every = dict(
        zip(
            [b.id for b in CHRONICLE.benchmarks],
            [["met"], ["partly"], ["not-met"], ["cannot-say"]] * 3,
        )
    )
    yield "scorecard", Scorecard(CHRONICLE.benchmarks, every)
    yield "scorecard none", Scorecard([])
    hostile = Benchmark(
        id="x", block="P1", words="w", test=HOSTILE, by=LONG * 4, came=LONG * 6, basis="unchecked"
    )
    yield "scorecard hostile", Scorecard([hostile])


CHARTS = [pytest.param(chart, id=id) for id, chart in every_chart()]


@pytest.mark.parametrize("chart", CHARTS)
def test_no_word_is_clipped_or_runs_into_another(chart):
    words_have_room(chart)


@pytest.mark.parametrize("chart", CHARTS)
def test_words_of_a_chart_are_whole_lines_of_plain_text(chart):
    lines = repr(chart).split("\n")
    assert lines[:3] == [chart.title, chart.finding, ""]
    assert len(lines) == 4 + len(chart.table.rows)
    for words in (chart.title, chart.finding, chart.alt):
        assert words == " ".join(words.split())
        assert words[-1] != " "
    assert chart.finding.endswith(".")
    assert chart.alt.endswith(".")
    if "<script" in repr(chart):
        assert "<script" not in chart.html
