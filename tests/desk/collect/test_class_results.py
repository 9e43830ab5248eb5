"""The notebook on results: a press collects and reports, names stay hidden, pairs settle in
copies."""

from __future__ import annotations

import base64
import copy as copying
import csv
import json
import os
import random
import re
import string
from dataclasses import replace
from datetime import datetime
from html import escape, unescape
from pathlib import Path

import msgspec
import nbformat
import pytest

from desk.collect import class_report, readings, tables, work_file
from desk.collect.agreement import ClassLayer, Scale, compared
from desk.collect.class_report.disputes import most_disputed
from desk.collect.class_report.prompts import prompts
from desk.collect.class_report.talk import talk
from desk.collect.collect import collect
from desk.collect.pair import Pair, PairError
from desk.collect.roll import Roll
from desk.collect.rubric_table import COLUMNS
from desk.handout import assignment as assignments
from desk.handout.assignment import Assignment
from desk.pages.results import _block, class_results, report, two_students, who
from kit import suggest
from kit.base.errors import KitError
from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.text.span import Span
from kit.work.errors import NotSaved
from kit.work.file_format import whole
from kit.work.workbook import Workbook
from tests import synthetic_class
from tests.synthetic_class import ARTICLE, BROKEN, CODEBOOK, EVIL, Pupil

NOTEBOOK = datasets.root() / "notebooks" / "instructor" / "class-results.ipynb"


@pytest.fixture(scope="module")
def klass(tmp_path_factory) -> Path:
    """A class of six, one file of which is broken and one signed with a script."""
    folder = tmp_path_factory.mktemp("class") / "came back"
    synthetic_class.make(folder, 4, defects=0)
    (folder / "cut.json").write_bytes(BROKEN["truncated"](Pupil("Cut", random.Random(5)).file()))
    (folder / "evil.json").write_bytes(Pupil(EVIL, random.Random(6)).file())
    return folder


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("KIT_WORK", str(tmp_path / "work"))
    return tmp_path / "work"


def press(panel, button: str, **values) -> str:
    """Press a button as the page does and return the status line."""
    sent = []
    panel.send = sent.append
    values = {id.replace("_", "-"): value for id, value in values.items()}
    panel._receive(panel, {"type": "press", "button": button, "values": values}, [])
    return sent[0]["status"]


def opened(name: str, data: bytes) -> dict:
    return {"name": name, "data": base64.b64encode(data).decode()}


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# -- a class ---------------------------------------------------------------------------------------


def test_a_press_collects_and_says_what_came_of_it(klass, work):
    panel, before = class_results(), tree(klass)
    said = press(panel, "collect", folder=str(klass))
    assert "5 files used, 1 needs a question" in said
    assert (work / "class-results" / "marks.csv").exists()
    assert f"{work / 'class-results'}/marks.csv" in panel.html and "problems.csv" in panel.html
    assert tree(klass) == before
    assert [b["id"] for b in panel.buttons] == ["collect", "report", "who", "ask"]
    assert "still to mark" in panel.html and "mark-free-text" in panel.html


def test_names_are_on_the_page_only_while_they_are_asked_for(klass):
    panel = class_results()
    press(panel, "collect", folder=str(klass))
    names = [json.loads(p.read_bytes())["student"] for p in klass.glob("*blinken*.json")]
    assert len(names) == 4

    said = press(panel, "report", folder=str(klass))
    assert "hidden" in said and "Student 5" in panel.html and "<h2>" in panel.html
    assert not [name for name in names if name in panel.html]
    assert "onerror" not in panel.html
    assert [b["id"] for b in panel.buttons][-1] == "names"

    press(panel, "names", folder=str(klass))
    assert all(name in panel.html for name in names) and "Student 5" not in panel.html
    assert [b["id"] for b in panel.buttons][-1] == "hide"
    assert "<script" not in panel.html and "<img" not in panel.html

    press(panel, "hide", folder=str(klass))
    assert not [name for name in names if name in panel.html]


def test_a_report_is_never_shown_for_other_folders_than_those_named(klass, tmp_path):
    panel = class_results()
    assert "Collect and mark” first" in press(panel, "report", folder=str(klass))
    press(panel, "collect", folder=str(klass))
    assert "has changed" in press(panel, "report", folder=str(tmp_path))
    assert "<h2>" not in panel.html


def test_what_was_handed_out_is_offered_and_says_what_counts(klass, work):
    assert "handout" not in [field["id"] for field in class_results().fields]
    for n, (id, title) in enumerate((("old", "Old"), ("new", "<b>New"))):
        folder = work / "handouts" / id
        folder.mkdir(parents=True)
        made = Assignment(id, title, ARTICLE.id, ("02-structure",), ("2.2",), mode="graded")
        os.utime(assignments.write(made, folder), (n, n))
    (work / "handouts" / "new-2").mkdir()
    (work / "handouts" / "new-2" / assignments.FILE).write_bytes(b"{")

    panel = class_results()
    (offered,) = [field["options"] for field in panel.fields if field["id"] == "handout"]
    broken, new, old, other = [id for id, _ in offered]
    assert offered[1][1] == "<b>New (for a mark, in the folder new)"
    # Marks depend on it, so it is not guessed.
    assert "Choose which assignment" in press(panel, "collect", folder=str(klass))
    assert "Choose which assignment" in press(panel, "collect", folder=str(klass), handout="77")
    assert "not an assignment" in press(panel, "collect", folder=str(klass), handout=broken)
    assert not (work / "class-results").exists()
    assert press(panel, "collect", folder=str(klass), handout=new).startswith("Collected")
    assert "&lt;b&gt;New" in panel.html and "<b>New" not in panel.html
    with (work / "class-results" / "marks.csv").open(encoding="utf-8-sig") as file:
        heads = next(csv.reader(file))
    assert "2.2 best" in heads and "2.1 handed in" not in heads
    file = str(work / "handouts" / "old" / assignments.FILE)
    assert "is named" in press(panel, "collect", folder=str(klass), handout=old, assignment=file)
    for chosen in ("", other):
        said = press(panel, "collect", folder=str(klass), handout=chosen, assignment=file)
        assert said.startswith("Collected")


def test_whom_to_ask_is_a_list_of_names_and_goes_with_them(klass):
    panel = class_results()
    press(panel, "collect", folder=str(klass))
    assert "Names are shown" in press(panel, "ask", folder=str(klass))
    assert "cut.json" in panel.html and "Ask for the work file again" in panel.html
    assert "onerror=" not in panel.html
    press(panel, "hide", folder=str(klass))
    assert "cut.json" not in panel.html and "Student 1" in panel.html


def test_of_a_layer_without_codes_is_said_that_none_can_be_confused(collected):
    page = class_report.contents(collected[1])
    assert "Attribution: words are marked or not" in page and "marked these words" in page


def test_nothing_is_said_to_be_read_where_nothing_is_written(collected):
    html = class_report.contents(collected[1])
    rows = dict(re.findall(r"<tr><th scope='row'>(\d\.\d) (.*?)</tr>", html))
    says = {id: re.findall(r"<td>(.*?)</td>", row)[-1] for id, row in rows.items()}
    for e in synthetic_class.EXERCISES:
        there = says[e.id]
        assert ("read by a person" in there) == bool(e.texts), e.id
        assert ("nothing to mark" in there) == (not e.texts and not e.checked), e.id
        assert ("readers differ" in there) == (e.status == "disputed"), e.id
    assert all("readers differ: nothing to mark" in says[id] for id in ("3.5", "3.6"))


def test_a_name_does_not_run_into_what_was_written(tmp_path):
    note = "nearly all of it is quoted"
    marked = [[label("attribution", "P8", 3, 9, note=note)] for _ in range(3)]
    roll = class_of(tmp_path, "attribution", [*marked, [label("attribution", "P10", 0, 2)]])
    (item, *_) = re.findall(r"<li>(?:(?!<li>).)*?quoted.*?</li>", talk(roll).split("</ol>")[1])
    assert text_of(item) == f"{note} – Student 1" and "<strong></strong>" not in item
    proposal = "Codebook: say what comes first, so that two readers need not guess it again."
    students = [[role("P6", "main-event", proposal)], [role("P6", "expectation")]]
    (tmp_path / "roles").mkdir()
    page = class_report.contents(class_of(tmp_path / "roles", "role", students))
    (part,) = re.findall(r"students propose</h2>(.*?)</section>", page)
    assert text_of(part).endswith(" – Student 1") and "two readers need not" in text_of(part)


def test_a_list_without_anything_in_it_is_said_to_be_empty(klass, tmp_path, work):
    good = tmp_path / "good"
    synthetic_class.make(good, 2, defects=0)
    for folder, empty in ((good, True), (klass, False)):
        panel = class_results()
        assert press(panel, "collect", folder=str(folder)).startswith("Collected")
        assert ("<strong>problems.csv</strong> is empty." in panel.html) == empty
        with (work / "class-results" / "problems.csv").open(encoding="utf-8-sig") as file:
            assert (len(list(csv.reader(file))) == 1) == empty


def test_where_only_marking_is_counted_the_page_says_where_the_choices_are(collected):
    html = who(collected[1], "P8")
    attribution = html[html.index("<h3>Attribution") :].partition("<h3>")[2]
    assert "Speaker, identification, affiliation, mode" in attribution.partition("<h3>")[0]
    assert html.count("lay two students side by side") == 1


def test_each_students_points_are_folded_away_on_the_page_and_not_in_print(collected):
    folded = "<summary>Points of each student</summary>"
    assert folded in report(collected[1], made=datetime(2027, 2, 1))
    assert folded not in class_report.page(collected[1], made=datetime(2027, 2, 1))


def test_of_an_assignment_for_a_mark_the_last_answer_is_named(collected, klass, tmp_path):
    made = Assignment("a", "A", ARTICLE.id, ("02-structure",), ("2.2",), mode="graded")
    graded = collect(klass, tmp_path / "out", assignments.write(made, tmp_path))
    assert "Right at last" in class_report.contents(graded)
    assert "Right at best" in class_report.contents(collected[1])


HOSTILE = [
    "",
    "   ",
    "nowhere/at/all",
    "a\0b",
    "a\nb",
    "\u202egnirts",
    "\ud800",
    "x" * 300,
    "x/" * 1500,
    "~nobody-of-this-name/x",
    "~",
    "/",
    "../" * 80,
    EVIL,
    "$(touch evil)",
    '"',
    "/dev/null",
    "CON",
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("field", ["folder", "out", "assignment", "rubric"])
def test_a_hostile_name_gives_a_sentence(name, field, klass, tmp_path):
    if field == "out" and not name.strip():
        name = str(klass)  # nothing stands for the usual folder: try the class's own instead
    if field == "out" and name in ("CON", EVIL, "$(touch evil)", "nowhere/at/all", "x/" * 1500):
        # On most systems a folder may be called so; not within the kit, please.
        name = str(klass / "cut.json" / "x")
    panel = class_results()
    values = {"folder": str(klass), "out": str(tmp_path / "out"), "assignment": ""}
    said = press(panel, "collect", **{**values, field: name})
    if field in ("assignment", "rubric") and not name.strip():
        assert said.startswith("Collected")
        return
    assert not said.startswith("Collected") and said.endswith(".") and len(said) < 5000
    assert "Traceback" not in said and "--out" not in said and "\n" not in said
    assert not (datasets.root() / "evil").exists()


def test_marks_in_a_table_that_is_named_are_taken_in(klass, tmp_path, work):
    panel = class_results()
    press(panel, "collect", folder=str(klass))
    with (work / "class-results" / "free-text.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= dict.fromkeys(COLUMNS.values(), "2")
    mine = tmp_path / "mine.csv"
    with mine.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    press(panel, "collect", folder=str(klass), rubric=str(mine))
    with (work / "class-results" / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = [r for r in csv.DictReader(file) if r["student"] == rows[0]["student"]]
    assert row[f"{rows[0]['exercise']} rubric"] == "8"


# -- the class, the reference, the rules -----------------------------------------------------------


@pytest.fixture(scope="module")
def collected(klass, tmp_path_factory) -> tuple[Path, Roll]:
    out = tmp_path_factory.mktemp("results") / "out"
    return out, collect(klass, out)


def first_codings(klass: Path) -> list[Coding]:
    """The labels that the students of the class committed."""
    works = [
        work_file.read(path.read_bytes(), ARTICLE, CODEBOOK)
        for path in sorted(klass.glob("*.json"))
        if path.name != "cut.json"
    ]
    merged = []
    for work in works:
        labels = [a for id, coding in work.first.items() for a in coding.on(id)]
        merged.append(Coding(ARTICLE, CODEBOOK, work.student, labels))
    return merged


def by_word(coding: Coding, layer: str) -> dict[tuple[int, int], str]:
    """The code of each word that somebody marked, word by word."""
    found = {}
    for a in coding.on(layer):
        for span in a.parts.get("content") or (a.at,):
            for start, end in coding.article.block_at(span.start, span.end).words:
                if span.start < end and start < span.end:
                    found.setdefault((start, end), a.codes[0] if a.codes else "marked")
    return found


def alike(one: Coding, other: Coding, layer: str) -> float:
    """How far two readers agree, counted by hand."""
    if CODEBOOK.layer(layer).unit == "words":
        a, b = by_word(one, layer), by_word(other, layer)
        places = set(a) | set(b)
    else:
        a, b = one.codes(layer), other.codes(layer)
        places = set(a) & set(b)
    return sum(a.get(p) == b.get(p) for p in places) / len(places)


@pytest.mark.parametrize("layer", ["role", "position", "expectation", "issue", "wording"])
def test_the_three_agree_as_one_counts_by_hand(klass, collected, layer):
    rules, reference = suggest.suggest(ARTICLE, CODEBOOK).coding, synthetic_class.REFERENCE.coding
    students = first_codings(klass)
    with (collected[0] / "agreement.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [r for r in csv.DictReader(file) if (r["layer"], r["labels"]) == (layer, "first")]
    (whole,) = [row for row in rows if row["rows"] == "class"]
    others = {"with reference": reference}
    if suggest.rules(layer):
        others["with rules"] = rules
    for column, other in others.items():
        shares = [alike(one, other, layer) for one in students]
        assert float(whole[column]) == pytest.approx(sum(shares) / len(shares), abs=6e-4)
        by_student = [float(row[column]) for row in rows if row["rows"] == "student"]
        assert sorted(by_student) == pytest.approx(sorted(shares), abs=6e-4)
    if layer == "role":  # which has no rules
        empty = [row[column] for row in rows for column in ("with rules", "rules with reference")]
        assert set(empty) == {""}
        return
    wanted = alike(rules, reference, layer)
    assert float(whole["rules with reference"]) == pytest.approx(wanted, abs=6e-4)
    assert 0 < wanted <= 1


@pytest.mark.parametrize("id, codes", [("role", (0, 2, 3)), ("expectation", (1, 2, 3))])
def test_two_readers_agree_as_a_class_of_two_does(id, codes):
    scale = Scale(ARTICLE, CODEBOOK.layer(id))
    draw, width = random.Random(3), len(scale.units)
    for _ in range(20):
        one, other = (bytes(draw.choices(codes, k=width)) for _ in range(2))
        figures = ClassLayer(scale, {0: one, 1: other}).figures
        alike = compared(one, other)
        assert alike.percent == pytest.approx(figures.percent)
        assert alike.alpha == pytest.approx(figures.alpha)
    assert compared(bytes(width), bytes(width)) == (None, None)
    assert compared(b"\1" * width, b"\1" * width) == (None, None)
    assert ClassLayer(scale, {0: one}).with_row(None) == {0: (None, None)}


def test_the_rules_run_once_for_a_class(klass, tmp_path):
    readings.rules.cache_clear()
    roll = collect(klass, tmp_path / "out")
    report(roll, made=datetime(2027, 1, 1))
    who(roll, "P6")
    assert readings.rules.cache_info().misses == 1


@pytest.mark.parametrize("layer", ["position", "role"])
def test_the_report_sets_the_three_beside_each_other(collected, layer):
    out, roll = collected
    html = (out / "report.html").read_text(encoding="utf-8")
    assert "There are no rules for Role." in html
    asked, reference = CODEBOOK.layer(layer), synthetic_class.REFERENCE.coding
    disputes = synthetic_class.REFERENCE.disputed(layer)
    rules = readings.rules(ARTICLE, CODEBOOK).codes(layer)
    names = {code.id: code.name for code in asked.codes}
    part = html[html.index(f"{asked.title}, paragraph by paragraph") :]
    rows = dict(
        re.findall(r"<tr><th scope='row'>(P\d+)</th>(.*?)</tr>", part.split("</details>")[0])
    )
    there = roll.layer(layer)
    places = {unit.id: n for n, unit in enumerate(there.scale.units)}
    assert set(rows) == set(reference.codes(layer))
    for unit, code in reference.codes(layer).items():
        klass, theirs, made, disputed = re.findall(r"<td>(.*?)</td>", rows[unit])
        assert theirs == names[code]
        assert made == ("–" if layer == "role" else names[rules[unit]])
        assert (disputed == "disputed") == (unit in disputes)
        said = {
            name: int(n)
            for name, n in re.findall(r"([^;]+) (\d+)(?:; |$)", re.sub("</?strong>", "", klass))
        }
        counts = there.counts[places[unit]]
        assert said == {there.scale.shown(code): n for code, n in counts.items()}


def test_who_read_a_paragraph_how(klass, collected):
    panel = class_results()
    press(panel, "collect", folder=str(klass))
    said = press(panel, "who", folder=str(klass), paragraph=" p6 ")
    names = [json.loads(p.read_bytes())["student"] for p in klass.glob("*blinken*.json")]
    assert "hidden" in said and "<h2>P6</h2>" in panel.html
    assert not [name for name in names if name in panel.html] and "<script" not in panel.html
    press(panel, "names", folder=str(klass), paragraph="p6")
    assert "<h2>P6</h2>" in panel.html and "<script" not in panel.html
    role, position = (
        panel.html[panel.html.index(f"<h3>{title} ") :].split("</table>")[0]
        for title in ("Role", "Position")
    )
    codes = {code.id: code.name for code in CODEBOOK.layer("role").codes}
    for one in first_codings(klass):
        row = next(
            r
            for r in role.split("<tr>")
            if f"<th scope='row'>{codes[one.codes('role')['P6']]}<" in r
        )
        assert one.coder in unescape(row) and "<script" not in row, one.coder
    assert "The reference" in role and "The reference" in position
    assert "The rules" not in role and "The rules" in position
    press(panel, "report", folder=str(klass), paragraph="p6")
    assert "<h2>P6</h2>" not in panel.html


@pytest.mark.parametrize(
    "typed", ["", "P999", "P0", "0", "six", EVIL, "P6; P7", "9" * 400, "P\u0666"]
)
def test_a_paragraph_that_is_not_there_is_a_sentence(klass, collected, typed):
    with pytest.raises(KitError) as told:
        _block(collected[1], typed)
    assert len(str(told.value)) < 200 and "\n" not in str(told.value)


def test_a_text_without_a_reference_has_two_readers(collected):
    roll = copying.copy(collected[1])
    roll.plan = replace(roll.plan, reference=None)
    read = readings.readings(roll)
    assert all(one.reference is None for one in read.values())
    assert {id for id, one in read.items() if one.rules} == {*suggest.LAYERS}
    page = class_report.page(roll, made=datetime(2027, 1, 1))
    assert "This text has no reference reading" in page
    head, *rows = tables.agreement(roll)
    whole = [dict(zip(head, row)) for row in rows if row[0] == "class"]
    assert (
        {row["with reference"] for row in whole}
        == {row["rules with reference"] for row in whole}
        == {""}
    )
    assert {row["layer"] for row in whole if row["with rules"] != ""} == {*suggest.LAYERS}
    assert "The rules" in class_report.who_read_it_how(roll, "P6")


def test_another_article_is_read_by_the_rules_too(tmp_path):
    practice = datasets.load_article("harran-talks")
    reference = datasets.load_reference(practice.id).coding
    labels = [a for layer in ("role", "issue") for a in reference.on(layer)]
    (tmp_path / "in").mkdir()
    for name in ("Ana", "Ben"):
        file = {
            "schema": "kit-work-1",
            "article": practice.id,
            "sha256": practice.sha256,
            "student": name,
            "labels": msgspec.to_builtins(labels),
        }
        (tmp_path / "in" / f"{name}.json").write_text(json.dumps(file))
    asked = Assignment("own", "", practice.id, ("07-your-own-article",), layers=("role", "issue"))
    collect(tmp_path / "in", tmp_path / "out", assignments.write(asked, tmp_path))
    with (tmp_path / "out" / "agreement.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {
            r["layer"]: r
            for r in csv.DictReader(file)
            if (r["rows"], r["labels"]) == ("class", "now")
        }
    assert {row["with reference"] for row in rows.values()} == {"1.0"}
    rules = suggest.suggest(practice, datasets.codebook(practice.id)).coding
    wanted = alike(rules, reference, "issue")
    for column in ("with rules", "rules with reference"):
        assert float(rows["issue"][column]) == pytest.approx(wanted, abs=6e-4)
    assert 0 < wanted < 1
    assert rows["role"]["with rules"] == rows["role"]["rules with reference"] == ""


# -- what to talk about ----------------------------------------------------------------------------

PAIRS = {"“": "”", "‘": "’"}


def text_of(html: str) -> str:
    shown = re.sub(r"<span class='name'>.*?</span>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", shown)).split())  # as a browser has it


def asked(html: str) -> list[str]:
    """The questions in a report’s part on what to talk about, as one reads them."""
    (lists,) = [re.findall(r"<ol>(.*?)</ol>", part, re.DOTALL) for part in [html]]
    return [text_of(one) for made in lists for one in re.findall(r"<li>(.*?)</li>", made)]


def words_of(block: str, first: int, last: int) -> dict[str, int]:
    """Where some words of a paragraph stand, counted from 0, the last included."""
    there = next(b for b in ARTICLE.blocks if b.id == block).words
    return {"start": there[first][0], "end": there[last][1]}


def said(block: str, first: int, last: int) -> str:
    at = words_of(block, first, last)
    return re.sub('[“”"]', "", ARTICLE.text[at["start"] : at["end"]])


def label(layer: str, block: str, first: int, last: int, code: str = "", note: str = "") -> dict:
    return {
        "id": f"{block}-{first}",
        "layer": layer,
        "at": words_of(block, first, last),
        **({"codes": [code]} if code else {}),
        **({"note": note} if note else {}),
    }


def role(block: str, code: str, note: str = "") -> dict:
    at = next(b for b in ARTICLE.blocks if b.id == block)
    there = {"id": block, "layer": "role", "at": {"start": at.start, "end": at.end}}
    return {**there, "codes": [code], "note": note}


def class_of(folder: Path, layer: str, students: list[list[dict]]) -> Roll:
    """A class that has labelled one layer, each student as is said."""
    came = folder / "came"
    came.mkdir()
    for n, labels in enumerate(students):
        file = {
            "schema": "kit-work-1",
            "article": ARTICLE.id,
            "sha256": ARTICLE.sha256,
            "student": f"Somebody {n}",
            "labels": labels,
        }
        (came / f"{n}.json").write_text(json.dumps(file))
    made = Assignment("a", "A", ARTICLE.id, ("02-structure",), layers=(layer,))
    roll = collect(came, folder / "out", assignments.write(made, folder))
    assert len(roll.students) == len(students)
    return roll


@pytest.fixture(scope="module", params=[5, 30])
def whole_class(request, tmp_path_factory) -> Roll:
    folder = tmp_path_factory.mktemp("talk")
    synthetic_class.make(folder / "in", request.param, defects=0)
    return collect(folder / "in", folder / "out")


@pytest.mark.parametrize("layer", [layer.id for layer in CODEBOOK.layers])
def test_questions_on_every_layer_are_whole_short_and_no_two_alike(whole_class, layer):
    roll = copying.copy(whole_class)
    roll.scales = {layer: whole_class.scales[layer]}
    disputes, html = most_disputed(roll), talk(roll)
    questions = asked(html)
    assert disputes and len(questions) == 3 * len(disputes) == len(set(questions))
    # Alike but for numbers, places and words in quotation marks: never twice in three units.
    bare = [re.sub(r"“[^”]*”|P[0-9]+|[0-9]+", "", question) for question in questions]
    for n in range(0, min(len(bare), 9), 3):
        assert len(set(bare[n : n + 3])) == 3
    assert all(len(set(bare[kind:9:3])) == len(bare[kind:9:3]) for kind in range(3))
    for question, d in zip(questions, [d for d in disputes for _ in range(3)]):
        assert question.endswith("?") and question[0] in "“" + string.ascii_uppercase + "0123456789"
        assert not set("{}") & set(question) and "  " not in question and "“”" not in question
        assert len(question.split()) <= 70
        assert d.block in question or d.unit in question or not d.words or said_of(d) in question
        open_ = []
        for n, c in enumerate(question):
            if c in PAIRS and not (c == "‘" and open_ and open_[-1] == c):
                open_.append(c)
            elif open_ and c == PAIRS[open_[-1]] and not question[n + 1 : n + 2].isalpha():
                open_.pop()
        assert not open_, question


def said_of(d) -> str:
    return d.words.split()[0]


def test_of_words_that_some_left_out_both_numbers_and_the_words_are_told(tmp_path):
    note = "The reporter only <b>repeats</b> it."
    marked = [[label("attribution", "P8", 3, 9, note=note if n == 0 else "")] for n in range(4)]
    elsewhere = [[label("attribution", "P10", 0, 2)] for _ in range(3)]
    roll = class_of(tmp_path, "attribution", marked + elsewhere)
    d = next(d for d in most_disputed(roll) if d.block == "P8")
    assert d.kind == "marked" and [side.readers for side in d.sides] == [4, 3]
    assert d.words == said("P8", 3, 9) and d.readers == 7
    first, second, third = prompts(roll.scales["attribution"], d, roll.notes["attribution", "P8"])
    three_and_two = f"{said('P8', 3, 5)} … {said('P8', 8, 9)}"
    assert all(f"“{three_and_two}”" in one for one in (first, second, third))
    assert "for 4 of 7" in first and "for 3" in first and "quotation marks" in first
    assert "&lt;b&gt;repeats" in second and "<b>" not in second
    # The rule is what the codebook demands of a record.
    needed = [part for part in CODEBOOK.layer("attribution").parts if part.required]
    assert needed and all(f"“{part.name}”" in third for part in needed)
    assert all(part.hint.translate(str.maketrans("“”", "‘’")) in third for part in needed)
    assert "Of 7, 4 marked these words and 3 marked nothing there." in talk(roll)


def test_of_labels_that_end_elsewhere_the_words_between_are_told(tmp_path):
    long = [[label("expectation", "P8", 0, 11, "lower")] for _ in range(4)]
    short = [[label("expectation", "P8", 0, 3, "lower")] for _ in range(5)]
    roll = class_of(tmp_path, "expectation", long + short)
    (d,) = most_disputed(roll)
    assert (d.kind, d.words) == ("ends", said("P8", 0, 3))
    assert d.edge == said("P8", 4, 11)
    assert [side.readers for side in d.sides] == [4, 5]
    first, _, third = prompts(roll.scales["expectation"], d)
    edge = f"“{said('P8', 4, 6)} … {said('P8', 10, 11)}”"
    assert edge in first and "for 4 of you" in first and "for 5" in first and "“Lower”" in first
    test = CODEBOOK.layer("expectation").code("lower").test
    assert edge in third and f"“{test}”" in third
    assert "4 marked words here as “Lower” with" in talk(roll) and "5 without." in talk(roll)


def test_of_words_with_two_codes_both_rules_are_put(tmp_path):
    two = [[label("expectation", "P8", 2, 4, code)] for code in ["raise"] * 4 + ["lower"] * 2]
    roll = class_of(tmp_path, "expectation", two)
    (d,) = most_disputed(roll)
    assert d.kind == "codes" and [side.readers for side in d.sides] == [4, 2]
    first, _, third = prompts(roll.scales["expectation"], d)
    assert "“Raise” for 4 of 6 and “Lower” for 2" in first and f"“{said('P8', 2, 4)}”" in first
    layer = CODEBOOK.layer("expectation")
    assert all(f"“{layer.code(code).test}”" in third for code in ("raise", "lower"))


def test_reasons_of_both_sides_are_read_out_and_proposals_are_none(tmp_path):
    long = "It is news because " + "so much of the story hangs on it and " * 6 + "on nothing else."
    students = [
        [role("P6", "main-event", "Codebook: say what comes first, please.")],
        [role("P6", "main-event", long)],
        [role("P6", "main-event", "The headline “says” it.")],
        [role("P6", "expectation", f"It has not happened {EVIL}")],
        [role("P6", "expectation", "no")],
        [role("P6", "evaluation", "Somebody judges here, I think.")],
    ]
    roll = class_of(tmp_path, "role", students)
    (d,) = most_disputed(roll)
    scale = roll.scales["role"]
    _, second, _ = prompts(scale, d, roll.notes["role", "P6"])
    assert "The headline ‘says’ it" in second and "It has not happened &lt;script" in second
    assert "please" not in second and "judges" not in second and "<script" not in second
    only = [note for note in roll.notes["role", "P6"] if note.code != "Expectation"]
    assert (
        "The headline" in prompts(scale, d, only)[1]
        and "“Expectation”" in prompts(scale, d, only)[1]
    )
    cut = [note for note in only if note.text.startswith("It is news")]
    assert "hangs on it" in prompts(scale, d, cut)[1] and " …" in prompts(scale, d, cut)[1]
    assert len(text_of(prompts(scale, d, cut)[1])) < 300
    assert "P6" in prompts(scale, d, [])[1] and "wrote down" in prompts(scale, d, [])[1]


def test_the_larger_side_has_no_better_place(tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "fewer").mkdir()
    made = []
    for folder, numbers in (("more", (5, 2)), ("fewer", (2, 5))):
        codes = ["main-event"] * numbers[0] + ["expectation"] * numbers[1]
        roll = class_of(tmp_path / folder, "role", [[role("P6", code)] for code in codes])
        (d,) = most_disputed(roll)
        made.append(prompts(roll.scales["role"], d))
    more, fewer = made
    exchanged = [one.translate(str.maketrans("25", "52")) for one in fewer]
    assert more == exchanged and more != fewer


def test_no_quotation_marks_of_the_article_are_passed_on(tmp_path):
    quoted = next(
        (block, n)
        for block in ARTICLE.blocks
        for n, (_, end) in enumerate(block.words[1:-4], start=1)
        if ARTICLE.text[end : block.words[n + 1][0]].strip() == "“"
    )
    block, n = quoted[0].id, quoted[1]
    some = [[label("attribution", block, n, n + 3)] for _ in range(3)]
    roll = class_of(tmp_path, "attribution", [*some, *([label("attribution", "P10", 0, 2)],) * 3])
    d = next(d for d in most_disputed(roll) if d.block == block)
    assert d.quoted == "part" and not set(d.words) & set('“”"') and d.words == said(block, n, n + 3)
    assert ARTICLE.meta["banner"] in text_of(talk(roll))


# -- two students ----------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path) -> tuple[Path, Path]:
    folder = tmp_path / "pair"
    folder.mkdir()
    for name, seed in (("Ana", 1), ("Ben", 2)):
        data = Pupil(name, random.Random(seed), skill=0.3).file()
        (folder / f"{name.lower()}.json").write_bytes(data)
    return folder / "ana.json", folder / "ben.json"


def work_of(path: Path) -> work_file.Work:
    return work_file.read(path.read_bytes(), ARTICLE, CODEBOOK)


def with_label(path: Path, **changes) -> None:
    """Change the first label on position."""
    file = json.loads(path.read_bytes())
    label = next(x for x in file["labels"] if x["layer"] == "position")
    label.update(changes)
    path.write_bytes(json.dumps(file).encode())


@pytest.mark.parametrize("layer", [layer.id for layer in CODEBOOK.layers])
def test_every_layer_is_compared_and_nothing_written(two, layer):
    before = tree(two[0].parent)
    html = Pair(*two, layer).compare()
    words = CODEBOOK.layer(layer).unit == "words"
    assert ("; F1 ." in html) == words and ("; alpha" in html) == (not words)
    assert "First answers, as committed" in html and "Ana" in html and "Ben" in html
    assert html.count("<th scope='row'>") == len(Pair(*two, layer).differences()) > 0
    assert tree(two[0].parent) == before


def test_differences_are_those_one_counts_by_hand(two):
    ones, others = (work_of(p).coding.codes("role") for p in two)
    wanted = {unit for unit in {**ones, **others} if ones.get(unit) != others.get(unit)}
    assert {d.place for d in Pair(*two, "role").differences()} == wanted
    share = sum(ones[u] == others[u] for u in ones) / len(ones)
    assert set(ones) == set(others)
    assert (
        f"the same on {len(ones) - len(wanted)} of the {len(ones)} places"
        in Pair(*two, "role").compare()
    )
    assert 0 < share < 1


def test_both_notes_stand_side_by_side_and_run_nothing(two):
    place = Pair(*two, "position").differences()[0].place
    for path, note in zip(two, (f"first {EVIL}", "second reason")):
        file = json.loads(path.read_bytes())
        for label in file["labels"]:
            if (label["layer"], label["id"]) == ("position", place):
                label["note"] = note
        path.write_bytes(json.dumps(file).encode())
    row = next(r for r in Pair(*two, "position").compare().split("<tr>") if "second reason" in r)
    assert "first &lt;script&gt;" in row and "<script" not in row and "<img" not in row


def test_settling_writes_copies_and_leaves_what_was_handed_in(two):
    before = [path.read_bytes() for path in two]
    first, second, *_ = Pair(*two, "position").differences()
    code = CODEBOOK.layer("position").codes[3]
    copies = Pair(*two, "position").resolve(first.place, code.name, "It says  why\nit matters.")
    assert [c.name for c in copies] == ["ana.settled.json", "ben.settled.json"]
    assert [path.read_bytes() for path in two] == before
    for path, copy in zip(two, copies):
        old, new = work_of(path), work_of(copy)
        label = new.coding.by_id("position")[first.place]
        assert label.codes == (code.id,)
        assert label.note.endswith("settled: It says why it matters.")
        assert new.records == old.records and set(new.first) == set(old.first)
        assert all(new.first[id].on(id) == old.first[id].on(id) for id in old.first)
        changed = {a.id for a in new.coding if a != old.coding.by_id(a.layer).get(a.id)}
        assert changed == {first.place}

    # A second place comes to the first; settling the first anew replaces it.
    Pair(*two, "position").resolve(second.place, "lede", "It opens the story.")
    Pair(*two, "position").resolve(first.place, "headline", "We looked again.")
    for copy in copies:
        there = work_of(copy).coding.by_id("position")
        assert there[second.place].codes == ("lede",)
        assert there[first.place].codes == ("headline",)
        assert there[first.place].note.count("settled: ") == 1
    assert [path.read_bytes() for path in two] == before
    html = Pair(*two, "position").compare()
    assert "We looked again." in html and "It opens the story." in html
    assert "it matters" not in html


def test_a_settled_copy_is_whole_and_keeps_labels_that_do_not_fit(two):
    for path in two:  # each has a label of another codebook
        path.write_bytes(path.read_bytes().replace(b'"nut-graf"', b'"nutgraf"'))
    unfit = [work_of(path).unfit for path in two]
    assert any(unfit)
    d = next(d for d in Pair(*two, "position").differences() if d.one and d.other)
    for copy, left in zip(Pair(*two, "position").resolve(d.place, "lede", "Because."), unfit):
        assert work_of(copy).unfit == left
        data = copy.read_bytes()
        assert whole(data) and not whole(data.replace(b"Because.", b"Because!"))


def test_a_copy_can_be_opened_as_a_workbook(two, tmp_path):
    d = Pair(*two, "position").differences()[0]
    copy, _ = Pair(*two, "position").resolve(d.place, "lede", "Because.")
    book = Workbook(ARTICLE, CODEBOOK, "Ana", copy)
    assert not book.notice and book.coding.by_id("position")[d.place].codes == ("lede",)


@pytest.mark.parametrize("layer", ["expectation", "attribution", "wording", "issue"])
def test_a_label_on_words_is_kept_by_both_or_by_nobody(two, layer):
    before = [path.read_bytes() for path in two]
    d = next(d for d in Pair(*two, layer).differences() if d.one is None or d.other is None)
    theirs = d.one or d.other
    at = (theirs.at.start, theirs.at.end)

    def there(copy: Path) -> list[Annotation]:
        return [a for a in work_of(copy).coding.on(layer) if (a.at.start, a.at.end) == at]

    for label, count in (("none", 0), ("keep", 1), ("none", 0), ("keep", 1)):
        copies = Pair(*two, layer).resolve(d.place, label, f"We say {label}.")
        found = [there(copy) for copy in copies]
        assert [len(one) for one in found] == [count, count]
        assert f"We say {label}." in Pair(*two, layer).compare()
        for one in found:
            for a in one:
                assert a.codes == theirs.codes and a.note.endswith("settled: We say keep.")
                assert (a.parts, a.fields) == (theirs.parts, theirs.fields)
    assert [path.read_bytes() for path in two] == before


def test_a_code_is_settled_where_two_marked_the_same_words_otherwise(two):
    codes = [code.id for code in CODEBOOK.layer("wording").codes]
    block = ARTICLE.blocks[5]
    for path, code in zip(two, codes):
        file = json.loads(path.read_bytes())
        file["labels"] = [x for x in file["labels"] if x["layer"] != "wording"]
        at = Span(block.start, block.start + len(block.text.split()[0]))
        file["labels"].append(
            {"id": "w", "layer": "wording", "at": {"start": at.start, "end": at.end}}
            | {"codes": [code]}
        )
        path.write_bytes(json.dumps(file).encode())
    (d,) = Pair(*two, "wording").differences()
    assert d.place == f"{block.id}-1"
    with pytest.raises(PairError, match="which code"):
        Pair(*two, "wording").resolve(d.place, "keep", "Both.")
    copies = Pair(*two, "wording").resolve(d.place, codes[2], "Neither of ours.")
    assert [work_of(c).coding.by_id("wording")["w"].codes for c in copies] == [(codes[2],)] * 2


# -- two students who chose otherwise --------------------------------------------------------------


def records(two, changes: dict[int, dict], *, of: int = 6, layer: str = "attribution") -> None:
    """Give both the same records of the reference, as labels and as first answers; the second
    student’s with other fields."""
    there = [a for a in synthetic_class.REFERENCE.coding.on(layer)][:of]
    for path, own in zip(two, ({}, changes)):
        labels = [msgspec.to_builtins(a) for a in there]
        for n, fields in own.items():
            labels[n]["fields"] = {**labels[n]["fields"], **fields}
        file = json.loads(path.read_bytes())
        file["labels"] = [x for x in file["labels"] if x["layer"] != layer] + labels
        file["commits"][layer] = {"at": "2024-10-07T09:00:00Z", "annotations": labels}
        path.write_bytes(json.dumps(file).encode())


def other_than(n: int, field: str, layer: str = "attribution") -> str:
    """Another choice than the reference's."""
    mine = synthetic_class.REFERENCE.coding.on(layer)[n].fields.get(field)
    options = CODEBOOK.layer(layer).field(field).options
    return next(one.id for one in options if one.id != mine)


def name_of(field: str, id: str, layer: str = "attribution") -> str:
    options = CODEBOOK.layer(layer).field(field).options
    return next(one.name for one in options if one.id == id)


def test_records_on_the_same_words_with_other_choices_are_differences(two):
    theirs = synthetic_class.REFERENCE.coding.on("attribution")
    speaker = theirs[4].fields["speaker"]
    changes = {1: {"mode": other_than(1, "mode")}, 3: {"speaker": "Somebody Else"}}
    # However a name is written it is the same one, and what is left open differs from nothing.
    same = {4: {"speaker": f"  {speaker.upper()} "}, 5: {"mode": "", "stance": ""}}
    records(two, {})
    figures = Pair(*two, "attribution").compare().partition("<table>")[0]
    assert "no place where they differ" in figures and not Pair(*two, "attribution").differences()
    figures = figures.partition("<p>There is no place")[0]
    records(two, changes | same)
    found = Pair(*two, "attribution").differences()
    assert [(d.one.id, d.other.id) for d in found] == [(theirs[n].id,) * 2 for n in (1, 3)]
    html = Pair(*two, "attribution").compare()
    # How far they agree counts words, as before.
    assert html.startswith(figures) and "6 of 6 labels in common; F1 1.00" in figures
    row, other = html.split("<tr>")[2:4]
    for a, mode in ((theirs[1], theirs[1].fields["mode"]), (theirs[1], changes[1]["mode"])):
        fields = {**a.fields, "mode": mode}
        named = [name_of(id, fields[id]) for id in ("identification", "affiliation", "stance")]
        assert f"<strong>{name_of('mode', mode)}</strong>" in row and all(n in row for n in named)
        assert escape(fields["speaker"]) in row
    assert "<strong>Somebody Else</strong>" in other and "<strong>Named" not in other
    # Words that begin with a quotation mark do not get a second one of the same kind.
    quoted = [d for d in found if "“" in d.words]
    assert quoted and "<q dir='auto'>‘" in html and not re.search("<q[^>]*>[^<]*[“”]", html)


def test_a_choice_is_settled_and_saved_in_both(two):
    wrong = other_than(1, "mode")
    records(two, {1: {"mode": wrong, "stance": ""}})
    before = [path.read_bytes() for path in two]
    (d,) = Pair(*two, "attribution").differences()
    right = name_of("mode", d.one.fields["mode"])

    def fields(copy: Path) -> dict[str, str]:
        return work_of(copy).coding.by_id("attribution")[d.one.id].fields

    for said, mode in ((right.upper(), d.one.fields["mode"]), (wrong, wrong)):
        copies = Pair(*two, "attribution").resolve(d.place, said, f"Because {said}.")
        assert [fields(copy)["mode"] for copy in copies] == [mode, mode]
        # Nothing else of the two is touched: what one of them left open stays open.
        assert fields(copies[0])["stance"] == d.one.fields["stance"]
        assert "stance" not in fields(copies[1])
        row = Pair(*two, "attribution").compare().split("<tr>")[2]
        assert f"<strong>{name_of('mode', mode)}</strong><br><small>Because {said}." in row
        old, new = work_of(two[1]), work_of(copies[1])
        changed = {a.id for a in new.coding if a != old.coding.by_id(a.layer).get(a.id)}
        assert changed == {d.one.id}
        assert new.first["attribution"].on("attribution") == old.first["attribution"].on(
            "attribution"
        )
    copies = Pair(*two, "attribution").resolve(d.place, "none", "Nobody speaks.")
    assert not [copy for copy in copies if d.one.id in work_of(copy).coding.by_id("attribution")]
    assert "no label<br><small>Nobody speaks." in Pair(*two, "attribution").compare()
    copies = Pair(*two, "attribution").resolve(d.place, right, "Somebody does.")
    assert [fields(copy)["mode"] for copy in copies] == [d.one.fields["mode"]] * 2
    assert [path.read_bytes() for path in two] == before


def test_of_several_choices_each_is_settled_at_once(two):
    records(
        two,
        {1: {id: other_than(1, id) for id in ("identification", "mode")} | {"speaker": "Wang Yi"}},
    )
    before = tree(two[0].parent)
    (d,) = Pair(*two, "attribution").differences()
    mode, kind = (name_of(id, d.other.fields[id]) for id in ("mode", "identification"))
    for said in ("", "keep", mode, f"{mode}, {kind}", f"Wang Yi, {mode}", EVIL, ","):
        with pytest.raises(PairError) as told:
            Pair(*two, "attribution").resolve(d.place, said, "So.")
        assert "They differ in Speaker, Identification and Mode. Settle on one of each" in str(
            told.value
        )
        assert mode in str(told.value) and "Wang Yi" in str(told.value)
        assert tree(two[0].parent) == before
    name = "Wang Yi, the foreign minister"
    copies = Pair(*two, "attribution").resolve(
        d.place, f"{mode}, {name}, {kind}", "We read it again."
    )
    for copy in copies:
        fields = work_of(copy).coding.by_id("attribution")[d.one.id].fields
        assert (fields["speaker"], fields["mode"]) == (name, d.other.fields["mode"])
        assert fields["identification"] == d.other.fields["identification"]
        assert fields["affiliation"] == d.one.fields["affiliation"]


def test_beside_a_code_only_what_differs_is_told_and_settled(two):
    theirs = synthetic_class.REFERENCE.coding.on("issue")
    n = next(n for n, a in enumerate(theirs) if a.fields.get("frame"))
    records(two, {n: {"frame": other_than(n, "frame", "issue")}}, of=n + 1, layer="issue")
    (d,) = Pair(*two, "issue").differences()
    code = CODEBOOK.layer("issue").code(d.one.codes[0]).name
    frame = name_of("frame", d.other.fields["frame"], "issue")
    row = Pair(*two, "issue").compare().split("<tr>")[2]
    assert row.count(f"{escape(code)} · Frame: <strong>") == 2 and f"<strong>{frame}<" in row
    with pytest.raises(PairError, match="They differ in Frame. Settle on one of these: "):
        Pair(*two, "issue").resolve(d.place, code, "So.")
    copies = Pair(*two, "issue").resolve(d.place, frame, "So.")
    for copy in copies:
        label = work_of(copy).coding.by_id("issue")[d.one.id]
        assert (label.codes, label.fields["frame"]) == (d.one.codes, d.other.fields["frame"])
    assert f"Frame: <strong>{frame}</strong><br><small>So." in Pair(*two, "issue").compare()


def test_a_paragraph_will_do_where_it_has_one_place_only(two):
    wrong = {"speaker": "Wang Yi"}
    records(two, {n: wrong for n in range(6)}, of=12)
    places = [d.place for d in Pair(*two, "attribution").differences()]
    blocks = [place.partition("-")[0] for place in places]
    once = next(block for block in blocks if blocks.count(block) == 1)
    Pair(*two, "attribution").resolve(f" {once.lower()} ", "Wang Yi", "So.")
    assert Pair(*two, "attribution").compare().count("<small>So.") == 1
    twice = next(block for block in blocks if blocks.count(block) > 1)
    with pytest.raises(
        PairError, match=f"At {twice} they differ in more than one place.*{twice}-2"
    ):
        Pair(*two, "attribution").resolve(twice, "Wang Yi", "So.")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"place": "P999"}, "do not differ at “P999”"),
        ({"place": EVIL}, "do not differ"),
        ({"label": "keep"}, "Settle on one of these"),
        ({"label": "nonsense"}, "Settle on one of these"),
        ({"reason": "  "}, "Write in a sentence why"),
        ({"reason": "x" * 1001}, "1,000 characters at most"),
        ({"layer": "nonsense"}, "Name one of these layers: "),
    ],
)
def test_what_cannot_be_settled_writes_nothing(two, changes, said):
    place = Pair(*two, "position").differences()[0].place
    how = {"layer": "position", "place": place, "label": "lede", "reason": "So."} | changes
    before = tree(two[0].parent)
    with pytest.raises(PairError, match=said):
        Pair(*two, how.pop("layer")).resolve(**how)
    assert tree(two[0].parent) == before


def test_files_that_do_not_go_together(two, tmp_path):
    ana, ben = two
    with pytest.raises(PairError, match="the same, byte for byte"):
        Pair(ana, ana, "position").compare()
    with pytest.raises(PairError, match="cannot be read"):
        Pair(ana, tmp_path / "none.json", "position").compare()
    with pytest.raises(PairError, match="cannot be read"):
        Pair(ana, tmp_path, "position").compare()
    for kind, make in BROKEN.items():
        bad = tmp_path / f"{kind}.json"
        bad.write_bytes(make(ben.read_bytes()))
        with pytest.raises(PairError):
            Pair(ana, bad, "position").compare()


def test_a_copy_of_something_else_is_neither_believed_nor_overwritten(two):
    place = Pair(*two, "position").differences()[0].place
    copies = Pair(*two, "position").resolve(place, "lede", "So.")
    with pytest.raises(PairError, match="is a settled copy"):
        Pair(two[0], copies[1], "position").compare()
    # Ben hands in again: what was settled is about other work.
    with_label(two[1], note="new")
    before = tree(two[0].parent)
    for call in (
        lambda: Pair(*two, "position").compare(),
        lambda: Pair(*two, "position").resolve(place, "lede", "So."),
    ):
        with pytest.raises(PairError, match="no copy of ben.json as it is now"):
            call()
    assert tree(two[0].parent) == before


def test_a_copy_that_cannot_be_written_is_told(two):
    place = Pair(*two, "position").differences()[0].place
    long = two[0].with_name("a" * 245 + ".json")  # its copy's name is too long for a file
    two[0].rename(long)
    with pytest.raises(NotSaved, match="could not be written"):
        Pair(long, two[1], "position").resolve(place, "lede", "So.")


# -- the panel -------------------------------------------------------------------------------------


def test_the_panel_compares_and_settles(two):
    panel, before = two_students(), [path.read_bytes() for path in two]
    values = {"one": str(two[0]), "other": f'"{two[1]}"', "layer": "Position"}
    assert "Nothing is changed" in press(panel, "compare", **values)
    assert "<caption>Where they differ" in panel.html
    place = Pair(*two, "position").differences()[0].place
    said = press(panel, "settle", **values, place=place, label="lede", reason="It opens it.")
    assert "ana.settled.json" in said and "It opens it." in panel.html
    assert [path.read_bytes() for path in two] == before


def test_what_somebody_else_has_settled_meanwhile_stays_and_is_told(two):
    values = {"one": str(two[0]), "other": str(two[1]), "layer": "Position"}
    here, elsewhere = two_students(), two_students()
    place = Pair(*two, "position").differences()[0].place
    for panel in (here, elsewhere):
        press(panel, "compare", **values)
    settle = {**values, "place": place}
    assert "Settled" in press(elsewhere, "settle", **settle, label="lede", reason="It opens it.")
    said = press(here, "settle", **settle, label="headline", reason="It stands above.")
    assert said.startswith(f"Somebody else has settled {place} meanwhile") and "It opens" in said
    assert "It opens it." in Pair(*two, "position").compare()
    press(here, "compare", **values)
    assert "Settled" in press(here, "settle", **settle, label="headline", reason="It stands above.")
    assert "It stands above." in Pair(*two, "position").compare()


def test_files_opened_in_the_page_are_kept_in_the_work_folder_whatever_their_names(two, work):
    panel = two_students()
    files = {
        "one_file": opened("../../../evil.json", two[0].read_bytes()),
        "other_file": opened(f"{EVIL}\0.json", two[1].read_bytes()),
    }
    place = Pair(*two, "position").differences()[0].place
    for _ in range(2):
        said = press(
            panel, "settle", **files, layer="position", place=place, label="lede", reason="So."
        )
        assert said.startswith("Settled")
    there = (p.name for p in (work / "pairs").iterdir())
    kept = sorted(name for name in there if ".bak." not in name and not name.endswith(".lock"))
    assert len(kept) == 4 and sum(name.endswith(".settled.json") for name in kept) == 2
    assert not [name for name in kept if set(name) & set("/\\<>\0")]
    assert sorted(p.name for p in two[0].parent.iterdir()) == ["ana.json", "ben.json"]


def test_the_panel_says_in_a_sentence_what_is_missing(two):
    panel = two_students()
    assert "first student’s" in press(panel, "compare")
    assert "second student’s" in press(panel, "compare", one=str(two[0]))
    both = {"one": str(two[0]), "one_file": opened("a.json", b"{}")}
    assert "Empty one" in press(panel, "compare", **both)
    assert "Name one of these layers" in press(panel, "compare", one=str(two[0]), other=str(two[1]))
    for name in HOSTILE[2:]:
        said = press(panel, "compare", one=name, other=str(two[1]), layer="position")
        assert said.endswith(".") and "\n" not in said


# -- the notebook ----------------------------------------------------------------------------------


def test_the_notebook_hides_its_code_and_stores_its_panels():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(cells) == 2
    for cell in cells:
        assert cell.metadata.jupyter.source_hidden
        (output,) = cell.outputs
        assert "kit-panel-static" in output.data["text/html"]
        assert set(output.data) == {"text/html", "text/plain"}


def test_a_settled_copy_is_not_marked_a_second_time(tmp_path):
    from desk.collect.submissions import Problem, find
    from tests import synthetic_class

    synthetic_class.make(tmp_path, 2)
    (original, *_) = sorted(tmp_path.rglob("*.json"))
    copy = original.with_name(f"{original.stem}.settled.json")
    copy.write_bytes(original.read_bytes())
    told = [one for one in find(tmp_path) if isinstance(one, Problem) and "settled" in one.why]
    assert len(told) == 1 and original.name in told[0].why
