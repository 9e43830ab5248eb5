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
from dataclasses import replace
from datetime import datetime
from html import escape
from pathlib import Path

import msgspec
import nbformat
import pytest

from kit import datasets, suggest
from kit.classroom import assignment as assignments
from kit.classroom.assignment import Assignment
from kit.classroom.collecting import class_report, pair, readings, tables, work_file
from kit.classroom.collecting.agreement import ClassLayer, Scale
from kit.classroom.collecting.collect import collect
from kit.classroom.collecting.pair import PairError
from kit.classroom.collecting.roll import Roll
from kit.classroom.collecting.rubric_table import COLUMNS
from kit.classroom.pages.results import _block, class_results, report, two_students, who
from kit.coding import Annotation, Coding, Span
from kit.errors import KitError
from kit.workbook import NotSaved, Workbook
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


def test_of_a_layer_without_codes_is_said_who_marked_and_who_did_not(collected):
    roll = collected[1]
    scale = roll.scales["attribution"]
    disputed = class_report.Disputed("attribution", "P8", "some words", ((1, 3), (2, 2)), 0.6)
    said = " ".join(class_report.prompts(scale, disputed))
    assert "Some of you marked them, some passed them by" in said and "“marked”" not in said
    page = class_report.contents(roll)
    assert "Attribution: words are marked or not" in page and "marked these words" in page


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
            for start, end in ARTICLE.block_at(span.start, span.end).words:
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
    for column, other in (("with rules", rules), ("with reference", reference)):
        shares = [alike(one, other, layer) for one in students]
        assert float(whole[column]) == pytest.approx(sum(shares) / len(shares), abs=6e-4)
        by_student = [float(row[column]) for row in rows if row["rows"] == "student"]
        assert sorted(by_student) == pytest.approx(sorted(shares), abs=6e-4)
    wanted = alike(rules, reference, layer)
    assert float(whole["rules with reference"]) == pytest.approx(wanted, abs=6e-4)
    assert 0 < wanted <= 1


def test_a_share_is_that_of_the_class_in_every_case():
    scale = Scale(ARTICLE, CODEBOOK.layer("role"))
    draw, width = random.Random(3), len(scale.units)
    for words in (False, True):
        codes = (1, 2, 3) if words else (0, 2, 3)
        for _ in range(200):
            one, other = (bytes(draw.choices(codes, k=width)) for _ in range(2))
            layer = ClassLayer(scale, {0: one})
            assert readings.share_of(one, other) == layer.with_row(0, other)[0]
    assert readings.share_of(bytes(width), bytes(width)) is None
    assert readings.share_of(b"\1" * width, b"\1" * width) is None
    assert readings.share_of(b"\2" * width, None) is None


def test_the_rules_run_once_for_a_class(klass, tmp_path):
    readings._rules.cache_clear()
    roll = collect(klass, tmp_path / "out")
    report(roll, made=datetime(2027, 1, 1))
    who(roll, "P6")
    assert readings._rules.cache_info().misses == 1


def test_what_is_said_of_roles_is_true():
    practice = datasets.load_article("harran-talks")
    codebook = datasets.codebook(practice.id)
    reference = datasets.load_reference(practice.id).coding.codes("role")
    rules = suggest.suggest(practice, codebook).coding.codes("role")
    same = sum(rules.get(unit) == code for unit, code in reference.items())
    always = sum(code == "expectation" for code in reference.values())
    assert f"they have {same} of {len(reference)} paragraphs" in readings.LAYER_WORDS["role"]
    assert f"“expectation” every time would have {always}." in readings.LAYER_WORDS["role"]
    assert same < always


def test_the_report_sets_the_three_beside_each_other(collected):
    out, roll = collected
    html = (out / "report.html").read_text(encoding="utf-8")
    assert "Roles are where the rules are weak" in html
    reference = synthetic_class.REFERENCE.coding
    rules = readings.rules(ARTICLE, CODEBOOK)
    names = {code.id: code.name for code in CODEBOOK.layer("role").codes}
    part = html[html.index("Role, paragraph by paragraph") :]
    rows = dict(
        re.findall(r"<tr><th scope='row'>(P\d+)</th>(.*?)</tr>", part.split("</details>")[0])
    )
    layer = class_report.layer_of(roll, "role")
    places = {unit.id: n for n, unit in enumerate(layer.scale.units)}
    assert set(rows) == set(reference.codes("role"))
    for unit, code in reference.codes("role").items():
        klass, theirs, made, disputed = re.findall(r"<td>(.*?)</td>", rows[unit])
        assert theirs == names[code] and made == names[rules.codes("role")[unit]]
        assert (disputed == "disputed") == (unit in synthetic_class.REFERENCE.disputed("role"))
        said = {
            name: int(n)
            for name, n in re.findall(r"([^;]+) (\d+)(?:; |$)", re.sub("</?strong>", "", klass))
        }
        counts = layer.counts[places[unit]]
        assert said == {layer.scale.shown(code): n for code, n in counts.items()}


def test_who_read_a_paragraph_how(klass, collected):
    panel = class_results()
    press(panel, "collect", folder=str(klass))
    said = press(panel, "who", folder=str(klass), paragraph=" p6 ")
    names = [json.loads(p.read_bytes())["student"] for p in klass.glob("*blinken*.json")]
    assert "hidden" in said and "<h2>P6</h2>" in panel.html
    assert not [name for name in names if name in panel.html] and "<script" not in panel.html
    press(panel, "names", folder=str(klass), paragraph="p6")
    assert "<h2>P6</h2>" in panel.html and "<script" not in panel.html
    role = panel.html[panel.html.index("<h3>Role ") :].split("</table>")[0]
    codes = {code.id: code.name for code in CODEBOOK.layer("role").codes}
    for one in first_codings(klass):
        row = next(
            r
            for r in role.split("<tr>")
            if f"<th scope='row'>{codes[one.codes('role')['P6']]}<" in r
        )
        assert escape(one.coder) in row, one.coder
    assert "The reference" in role and "The rules" in role
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
    assert all(one.reference is None and one.rules for one in read.values())
    page = class_report.page(roll, made=datetime(2027, 1, 1), read=read)
    assert "This text has no reference reading" in page
    head, *rows = tables.agreement(roll, read)
    whole = [dict(zip(head, row)) for row in rows if row[0] == "class"]
    assert (
        {row["with reference"] for row in whole}
        == {row["rules with reference"] for row in whole}
        == {""}
    )
    assert all(row["with rules"] != "" for row in whole)
    assert "The rules" in class_report.who_read_it_how(roll, "P6", read)


def test_another_article_is_read_by_the_rules_too(tmp_path):
    practice = datasets.load_article("harran-talks")
    reference = datasets.load_reference(practice.id).coding
    labels = [a for layer in ("role", "position") for a in reference.on(layer)]
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
    asked = Assignment(
        "own", "", practice.id, ("07-your-own-article",), layers=("role", "position")
    )
    collect(tmp_path / "in", tmp_path / "out", assignments.write(asked, tmp_path))
    with (tmp_path / "out" / "agreement.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {
            r["layer"]: r
            for r in csv.DictReader(file)
            if (r["rows"], r["labels"]) == ("class", "now")
        }
    assert {row["with reference"] for row in rows.values()} == {"1.0"}
    assert rows["role"]["with rules"] == rows["role"]["rules with reference"] == "0.333"


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
    html = pair.compare(*two, layer)
    words = CODEBOOK.layer(layer).unit == "words"
    assert ("; F1 ." in html) == words and ("; alpha" in html) == (not words)
    assert "First answers, as committed" in html and "Ana" in html and "Ben" in html
    assert html.count("<th scope='row'>") == len(pair.differences(*two, layer)) > 0
    assert tree(two[0].parent) == before


def test_differences_are_those_one_counts_by_hand(two):
    ones, others = (work_of(p).coding.codes("role") for p in two)
    wanted = {unit for unit in {**ones, **others} if ones.get(unit) != others.get(unit)}
    assert {d.place for d in pair.differences(*two, "role")} == wanted
    share = sum(ones[u] == others[u] for u in ones) / len(ones)
    assert set(ones) == set(others)
    assert f"the same on {len(ones) - len(wanted)} of the {len(ones)} places" in pair.compare(
        *two, "role"
    )
    assert 0 < share < 1


def test_both_notes_stand_side_by_side_and_run_nothing(two):
    place = pair.differences(*two, "position")[0].place
    for path, note in zip(two, (f"first {EVIL}", "second reason")):
        file = json.loads(path.read_bytes())
        for label in file["labels"]:
            if (label["layer"], label["id"]) == ("position", place):
                label["note"] = note
        path.write_bytes(json.dumps(file).encode())
    row = next(r for r in pair.compare(*two, "position").split("<tr>") if "second reason" in r)
    assert "first &lt;script&gt;" in row and "<script" not in row and "<img" not in row


def test_settling_writes_copies_and_leaves_what_was_handed_in(two):
    before = [path.read_bytes() for path in two]
    first, second, *_ = pair.differences(*two, "position")
    code = CODEBOOK.layer("position").codes[3]
    copies = pair.resolve(*two, "position", first.place, code.name, "It says  why\nit matters.")
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
    pair.resolve(*two, "position", second.place, "lede", "It opens the story.")
    pair.resolve(*two, "position", first.place, "headline", "We looked again.")
    for copy in copies:
        there = work_of(copy).coding.by_id("position")
        assert there[second.place].codes == ("lede",)
        assert there[first.place].codes == ("headline",)
        assert there[first.place].note.count("settled: ") == 1
    assert [path.read_bytes() for path in two] == before
    html = pair.compare(*two, "position")
    assert "We looked again." in html and "It opens the story." in html
    assert "it matters" not in html


def test_a_copy_can_be_opened_as_a_workbook(two, tmp_path):
    d = pair.differences(*two, "position")[0]
    copy, _ = pair.resolve(*two, "position", d.place, "lede", "Because.")
    book = Workbook(ARTICLE, CODEBOOK, "Ana", copy)
    assert not book.notice and book.coding.by_id("position")[d.place].codes == ("lede",)


@pytest.mark.parametrize("layer", ["expectation", "attribution", "wording", "issue"])
def test_a_label_on_words_is_kept_by_both_or_by_nobody(two, layer):
    before = [path.read_bytes() for path in two]
    d = next(d for d in pair.differences(*two, layer) if d.one is None or d.other is None)
    theirs = d.one or d.other
    at = (theirs.at.start, theirs.at.end)

    def there(copy: Path) -> list[Annotation]:
        return [a for a in work_of(copy).coding.on(layer) if (a.at.start, a.at.end) == at]

    for label, count in (("none", 0), ("keep", 1), ("none", 0), ("keep", 1)):
        copies = pair.resolve(*two, layer, d.place, label, f"We say {label}.")
        found = [there(copy) for copy in copies]
        assert [len(one) for one in found] == [count, count]
        assert f"We say {label}." in pair.compare(*two, layer)
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
    (d,) = pair.differences(*two, "wording")
    assert d.place == f"{block.id}-1"
    with pytest.raises(PairError, match="which code"):
        pair.resolve(*two, "wording", d.place, "keep", "Both.")
    copies = pair.resolve(*two, "wording", d.place, codes[2], "Neither of ours.")
    assert [work_of(c).coding.by_id("wording")["w"].codes for c in copies] == [(codes[2],)] * 2


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
    place = pair.differences(*two, "position")[0].place
    how = {"layer": "position", "place": place, "label": "lede", "reason": "So."} | changes
    before = tree(two[0].parent)
    with pytest.raises(PairError, match=said):
        pair.resolve(*two, **how)
    assert tree(two[0].parent) == before


def test_files_that_do_not_go_together(two, tmp_path):
    ana, ben = two
    with pytest.raises(PairError, match="the same, byte for byte"):
        pair.compare(ana, ana, "position")
    with pytest.raises(PairError, match="There is no file"):
        pair.compare(ana, tmp_path / "none.json", "position")
    with pytest.raises(PairError, match="There is no file"):
        pair.compare(ana, tmp_path, "position")
    for kind, make in BROKEN.items():
        bad = tmp_path / f"{kind}.json"
        bad.write_bytes(make(ben.read_bytes()))
        with pytest.raises(PairError):
            pair.compare(ana, bad, "position")


def test_a_copy_of_something_else_is_neither_believed_nor_overwritten(two):
    place = pair.differences(*two, "position")[0].place
    copies = pair.resolve(*two, "position", place, "lede", "So.")
    with pytest.raises(PairError, match="is a settled copy"):
        pair.compare(two[0], copies[1], "position")
    # Ben hands in again: what was settled is about other work.
    with_label(two[1], note="new")
    before = tree(two[0].parent)
    for call in (
        lambda: pair.compare(*two, "position"),
        lambda: pair.resolve(*two, "position", place, "lede", "So."),
    ):
        with pytest.raises(PairError, match="no copy of ben.json as it is now"):
            call()
    assert tree(two[0].parent) == before


def test_a_copy_that_cannot_be_written_is_told(two):
    place = pair.differences(*two, "position")[0].place
    long = two[0].with_name("a" * 245 + ".json")  # its copy's name is too long for a file
    two[0].rename(long)
    with pytest.raises(NotSaved, match="could not be written"):
        pair.resolve(long, two[1], "position", place, "lede", "So.")


# -- the panel -------------------------------------------------------------------------------------


def test_the_panel_compares_and_settles(two):
    panel, before = two_students(), [path.read_bytes() for path in two]
    values = {"one": str(two[0]), "other": f'"{two[1]}"', "layer": "Position"}
    assert "Nothing is changed" in press(panel, "compare", **values)
    assert "<caption>Where they differ" in panel.html
    place = pair.differences(*two, "position")[0].place
    said = press(panel, "settle", **values, place=place, label="lede", reason="It opens it.")
    assert "ana.settled.json" in said and "It opens it." in panel.html
    assert [path.read_bytes() for path in two] == before


def test_files_opened_in_the_page_are_kept_in_the_work_folder_whatever_their_names(two, work):
    panel = two_students()
    files = {
        "one_file": opened("../../../evil.json", two[0].read_bytes()),
        "other_file": opened(f"{EVIL}\0.json", two[1].read_bytes()),
    }
    place = pair.differences(*two, "position")[0].place
    for _ in range(2):
        said = press(
            panel, "settle", **files, layer="position", place=place, label="lede", reason="So."
        )
        assert said.startswith("Settled")
    kept = sorted(p.name for p in (work / "pairs").iterdir() if ".bak." not in p.name)
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
    from kit.classroom.collecting.submissions import Problem, find
    from tests import synthetic_class

    synthetic_class.make(tmp_path, 2)
    (original, *_) = sorted(tmp_path.rglob("*.json"))
    copy = original.with_name(f"{original.stem}.settled.json")
    copy.write_bytes(original.read_bytes())
    told = [one for one in find(tmp_path) if isinstance(one, Problem) and "settled" in one.why]
    assert len(told) == 1 and original.name in told[0].why
