"""Collecting a class: right marks for honest files, a line for every other, nothing outside OUT."""

import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
import pytest
from nltk.metrics.agreement import AnnotationTask

from desk.base.output_folder import STAMP, MadeError
from desk.collect import work_file
from desk.collect.agreement import ClassLayer, Scale
from desk.collect.collect import FILES, CollectError, collect
from desk.collect.judge import ENOUGH, Judge, items_of, share
from desk.collect.marks import AGREEMENT, AUTO
from desk.collect.messages import MOST_ASIDE, MOST_OF_ONE
from desk.collect.plan import plan_of
from desk.collect.submissions import FolderError, Found, Problem, find
from desk.handout import assignment as assignments
from desk.handout.assignment import Assignment, AssignmentError
from desk.make import model_student
from desk.nbgrader import cells, marking
from kit import exercises, measure
from kit.base.phrases import where
from kit.coding.coding import Annotation, Coding
from kit.exercises.surroundings import context_on
from kit.library import datasets
from kit.measure.alpha import Tally, alpha_of, interval_of
from kit.text.span import Span
from kit.work.workbook import Workbook
from tests import synthetic_class
from tests.kit.lessons.test_report import Page
from tests.synthetic_class import ARTICLE, CHECKED, CODEBOOK, EVIL, EXERCISES, LESSONS, NAMES, Pupil

MADE = datetime(2024, 10, 8, 14, 30)
WHOLE = Assignment("all", "The whole course", ARTICLE.id, LESSONS)


class ClassPage(Page):
    EMPTY = ("meta", "img", "input")


def read(out: Path, name: str) -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@cache
def good(name: str = "Ana", seed: int = 1, **how) -> bytes:
    return Pupil(name, random.Random(seed), **how).file()


def with_assignment(folder: Path, assignment: Assignment = WHOLE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return assignments.write(assignment, folder)


@pytest.fixture(scope="module")
def klass(tmp_path_factory):
    """A class of forty, every twentieth file broken, from Moodle, with its results."""
    base = tmp_path_factory.mktemp("class")
    made = synthetic_class.make(base / "in", 40, layout="moodle")
    roll = collect(base / "in", base / "out", with_assignment(base), now=lambda: MADE)
    return base, made, roll


# -- marks -----------------------------------------------------------------------------------------


def test_every_good_student_has_the_marks_that_were_put_into_the_file(klass):
    base, made, _ = klass
    rows = {row["signed"]: row for row in read(base / "out", "marks.csv")}
    assert set(rows) == set(made.good) and len(rows) == 38
    different = set()
    for name, shares in made.good.items():
        for id, (first, best) in shares.items():
            aside = "" if f"{id} first" in rows[name] else " (does not count)"
            assert float(rows[name][f"{id} first{aside}"]) == pytest.approx(first, abs=6e-4), (
                name,
                id,
            )
            assert float(rows[name][f"{id} best{aside}"]) == pytest.approx(best, abs=6e-4), (
                name,
                id,
            )
            different |= {first, best}
    assert len(different) > 20


def test_points_are_the_mean_of_what_counts(klass):
    base, made, _ = klass
    counted = [e.id for e in CHECKED if not e.skip]
    for row in read(base / "out", "marks.csv"):
        shares = made.good[row["signed"]]
        best = AUTO * sum(shares[id][1] for id in counted) / len(counted)
        first = AUTO * sum(shares[id][0] for id in counted) / len(counted)
        assert float(row["facts and anchors"]) == pytest.approx(best, abs=0.051)
        assert float(row["facts with first answers"]) == pytest.approx(first, abs=0.051)
        assert float(row["points so far"]) == pytest.approx(
            best + float(row["agreement work"]), abs=0.11
        )
        assert (row["facts out of"], row["agreement out of"], row["free text out of"]) == (
            "40", "20", "40",
        )  # fmt: skip


def test_the_model_students_have_everything_and_nothing(tmp_path):
    for right, name in ((True, "Right"), (False, "Wrong")):
        book = Workbook.open(ARTICLE, CODEBOOK, name, tmp_path / "in")
        for lesson in LESSONS:
            model_student.do_lesson(book, lesson, right=right)
    collect(tmp_path / "in", tmp_path / "out")
    right, wrong = read(tmp_path / "out", "marks.csv")
    assert (right["student"], wrong["student"]) == ("Right", "Wrong")
    assert float(right["facts and anchors"]) == AUTO == float(right["facts with first answers"])
    assert float(wrong["facts and anchors"]) == 0
    items = [key for key in right if key.endswith((" first", " best"))]
    assert {right[key] for key in items} == {"1.0"} and {wrong[key] for key in items} == {"0.0"}
    told = {row["what to do"] for row in read(tmp_path / "out", "problems.csv")}
    assert told == {"nothing"}


def test_what_a_form_checks_and_what_is_marked_agree(tmp_path):
    """The verdict that a student saw is the verdict that the marks come from."""
    book = Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path / "in")
    model_student.do_lesson(book, "03-who-speaks", right=False)
    model_student.do_lesson(book, "03-who-speaks", right=True)
    collect(tmp_path / "in", tmp_path / "out")
    (row,) = read(tmp_path / "out", "marks.csv")
    for e in exercises.load("03-who-speaks"):
        if e.checked:
            assert exercises.read(book, e.id).first.verdict == "not yet"
            assert row[f"{e.id} first"] != "1.0" and row[f"{e.id} best"] == "1.0"


def test_verdicts_in_the_file_are_not_believed(tmp_path):
    file = json.loads(good())
    for record in file["answers"].values():
        for one in (record["first"], *record["tries"]):
            one["verdict"] = "yes"
            one["values"], one["labels"] = {}, []
    (tmp_path / "ana.json").write_text(json.dumps(file))
    collect(tmp_path, tmp_path / "out")
    (row,) = read(tmp_path / "out", "marks.csv")
    assert float(row["facts and anchors"]) == 0


def test_labels_count_as_they_were_kept_with_the_answer(tmp_path):
    """Setting every label right after the last try does not change what was handed in."""
    file = json.loads(good(skill=0.0))
    reference = datasets.load_reference(ARTICLE.id).coding
    file["labels"] = msgspec.to_builtins(tuple(reference))
    file["answers"] = {"2.2": {**file["answers"]["2.2"]}}
    file["answers"]["2.2"]["tries"] = [file["answers"]["2.2"]["first"]]
    file["answers"]["2.2"]["attempts"] = 1
    (tmp_path / "ana.json").write_text(json.dumps(file))
    collect(tmp_path, tmp_path / "out")
    (row,) = read(tmp_path / "out", "marks.csv")
    assert float(row["2.2 best"]) == 0


def test_a_file_that_speaks_of_answers_it_does_not_hold_stops_nothing(tmp_path):
    file = json.loads(good("Ana"))
    for id in ("1.2", "2.2", "3.1"):
        file["answers"][id] = {"values": {}, "attempts": 5}
    (tmp_path / "ana.json").write_text(json.dumps(file))
    (tmp_path / "bo.json").write_bytes(good("Bo", 1))
    collect(tmp_path, tmp_path / "out")
    ana, bo = read(tmp_path / "out", "marks.csv")
    assert (ana["signed"], bo["signed"]) == ("Ana", "Bo")
    assert ana["1.2 tries"] == "5" and ana["1.2 best"] == ana["3.1 best"] == "not known"
    assert float(ana["4.1 best"]) > 0


def test_a_record_whose_parts_are_known_no_longer_is_said_to_be_so(tmp_path):
    file = json.loads(good())
    kept = file["answers"]["3.1"]
    kept["first"]["values"]["labels"] = {"10-20": ["mode=direct"]}
    kept["tries"][0] = kept["first"]
    (tmp_path / "ana.json").write_text(json.dumps(file))
    collect(tmp_path, tmp_path / "out")
    (row,) = read(tmp_path / "out", "marks.csv")
    assert row["3.1 first"] == "not known" and row["3.1 best"] != "not known"


def test_how_sure_somebody_said_to_be_is_told_and_counts_for_nothing(tmp_path):
    points = {}
    for name, said in (("plain", None), ("said", "fairly"), ("odd", ["x"])):
        file = json.loads(good(skill=0.5))
        if said is not None:
            first = file["answers"]["2.5"]["first"]
            first["values"]["sure"] = said
            file["answers"]["2.5"]["tries"][0] = first
        (tmp_path / name).mkdir()
        (tmp_path / name / "ana.json").write_text(json.dumps(file))
        collect(tmp_path / name, tmp_path / f"{name}-out", with_assignment(tmp_path))
        (row,) = read(tmp_path / f"{name}-out", "marks.csv")
        points[name] = row["points so far"]
        assert row["2.5 sure"] == ("fairly sure" if said == "fairly" else "")
        assert "0.3 sure" not in row  # where nothing is marked, nobody is asked
    assert len(set(points.values())) == 1


def test_the_best_of_many_tries_counts_wherever_it_stands(tmp_path):
    file = json.loads(good())
    e = exercises.find(EXERCISES, "2.5")
    context = Pupil("x", random.Random(1)).context(e, Coding(ARTICLE, CODEBOOK, ""))
    tries = [
        {"values": dict(answer.values), "verdict": "not yet", "at": f"2024-10-0{n}T00:00:00Z"}
        for n, answer in enumerate(
            (
                exercises.wrong(e, context),
                exercises.expected(e, context),
                exercises.wrong(e, context),
            ),
            1,
        )
    ]
    file["answers"]["2.5"] = {"values": {}, "first": tries[0], "tries": tries, "attempts": 3}
    (tmp_path / "ana.json").write_text(json.dumps(file))
    collect(tmp_path, tmp_path / "out")
    (row,) = read(tmp_path / "out", "marks.csv")
    assert (row["2.5 first"], row["2.5 best"], row["2.5 tries"]) == ("0.0", "1.0", "3")


def test_agreement_work_is_paid_for_doing_and_never_for_agreeing(tmp_path):
    def points(name: str, **changes) -> float:
        folder = tmp_path / name
        folder.mkdir()
        file = {**json.loads(good(name, words=3)), "answers": {}, **changes}
        (folder / "work.json").write_text(json.dumps(file))
        asked = with_assignment(
            tmp_path / f"{name}-asked", Assignment("w", "", ARTICLE.id, LESSONS, layers=("role",))
        )
        collect(folder, tmp_path / f"{name}-out", asked)
        return float(read(tmp_path / f"{name}-out", "marks.csv")[0]["agreement work"])

    def label(id: str, code: str, note: str = "") -> dict:
        unit = ARTICLE.unit(id)
        at = Span(unit.start, unit.end)
        return msgspec.to_builtins(Annotation(id, "role", at, (code,), note=note))

    roles = [e for e in EXERCISES if e.layer == "role" and e.article == ARTICLE.id]
    asked = [u for e in roles for u in e.units]
    codes = datasets.load_reference(ARTICLE.id).coding.codes("role")
    wrongly = {
        u: next(c.id for c in CODEBOOK.layer("role").codes if c.id != codes[u]) for u in asked
    }
    right = [label(u, codes[u]) for u in asked]
    wrong = [label(u, wrongly[u]) for u in asked]

    def commit(labels: list[dict]) -> dict:
        return {"role": {"at": "2024-10-07T09:00:00Z", "annotations": labels}}

    assert points("nothing", labels=right, commits={}) == 0
    assert points("like-the-reference", labels=right, commits=commit(right)) == 10
    assert points("quite-otherwise", labels=wrong, commits=commit(wrong)) == 10
    assert points("half", labels=right, commits=commit(right[:10])) == 5
    reasons = [label(u, wrongly[u], "Because of that verb.") for u in asked[:2]] + wrong[2:]
    assert points("with-reasons", labels=reasons, commits=commit(wrong)) == 16
    one = [label(asked[0], wrongly[asked[0]], "Because of that verb.")] + wrong[1:]
    assert points("with-one-reason", labels=one, commits=commit(wrong)) == 13
    edit = "Codebook: say which tense makes a paragraph past."
    assert (
        points("with-edit", labels=reasons, commits=commit(wrong), notes={"x": edit}) == AGREEMENT
    )
    short = "Codebook: change it."
    assert points("short-edit", labels=right, commits=commit(right), notes={"x": short}) == 10

    # Labels that stand as they were committed, with a reason: a second look at two that differ
    # from the reference or are disputed there is paid for, one at two that it holds as well is not.
    reference = datasets.load_reference(ARTICLE.id)
    disputed = reference.disputed("role")
    sure = [u for u in asked if u not in disputed][:2]
    open_to_both = [unit.id for unit in ARTICLE.blocks if unit.id in disputed][:2]
    assert len(sure) == len(open_to_both) == 2

    def looked_at(name: str, units: list[str], given: dict[str, str]) -> float:
        kept = [label(u, given[u], "Because of that verb.") for u in units]
        there = kept + [label(u, codes[u]) for u in asked if u not in units]
        return points(name, labels=there, commits=commit(there))

    whole = looked_at("agrees", sure, codes)
    assert whole == 10
    other = {u: next(c.id for c in CODEBOOK.layer("role").codes if c.id != codes[u]) for u in sure}
    assert looked_at("differs", sure, other) == 16
    assert looked_at("disputed", open_to_both, codes) == 16


@pytest.mark.parametrize(
    "change, said",
    [
        ({"first": None}, "there are tries and no first answer"),
        ({"tries": [], "attempts": 0}, "there is a first answer and no try"),
        ("first", "the first answer is not the oldest try"),
        ({"attempts": 9}, "9 attempts are counted, 2 are there"),
        ({"attempts": 1}, "1 attempts are counted, 2 are there"),
    ],
)
def test_a_record_that_the_kit_does_not_make_is_something_to_look_at(tmp_path, change, said):
    file = json.loads(good(skill=0.5))
    record = file["answers"]["2.5"]
    assert len(record["tries"]) == record["attempts"] == 2
    if change == "first":
        change = {"first": {**record["first"], "at": "2020-01-01T00:00:00Z"}}
    file["answers"]["2.5"] = {**record, **change}
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ana.json").write_text(json.dumps(file))
    (tmp_path / "in" / "bo.json").write_bytes(good("Bo", 2))
    collect(tmp_path / "in", tmp_path / "out", with_assignment(tmp_path))
    (told,) = read(tmp_path / "out", "problems.csv")
    assert told["file"] == "ana.json" and told["what to do"] == "look"
    assert told["why"] == f"2.5: {said}. The file is used."
    assert len(read(tmp_path / "out", "marks.csv")) == 2


def test_an_assignment_narrows_what_counts(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ana.json").write_bytes(good())
    one = Assignment("w2", "Week 2", ARTICLE.id, ("02-structure",), ("2.2", "2.6"), ("role",))
    collect(tmp_path / "in", tmp_path / "out", with_assignment(tmp_path, one))
    (row,) = read(tmp_path / "out", "marks.csv")
    assert [key for key in row if key.endswith(("best", "handed in"))][:3] == [
        "begun, not handed in", "2.2 best", "2.6 handed in",
    ]  # fmt: skip
    assert float(row["facts and anchors"]) == pytest.approx(40 * float(row["2.2 best"]), abs=0.06)
    assert {row["layer"] for row in read(tmp_path / "out", "agreement.csv")} == {"role"}


@pytest.mark.parametrize(
    "changes", [{"lessons": ("09-x",)}, {"exercises": ("9.9",)}, {"layers": ("mood",)}]
)
def test_an_assignment_that_names_what_is_not_there_is_refused(tmp_path, changes):
    bad = msgspec.structs.replace(WHOLE, **changes)
    with pytest.raises(AssignmentError, match=next(iter(changes.values()))[0]):
        plan_of(bad)


def test_what_was_handed_out_for_a_mark_is_marked_all_the_same(tmp_path):
    """There nothing is checked when an answer is handed in, and nothing can be committed."""
    book = Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path / "in")
    model_student.do_lesson(book, "03-who-speaks")
    file = json.loads(book.to_json())
    file["commits"], file["checksum"] = {}, ""  # as somebody leaves it who writes into the file
    for one in (file["answers"]["3.1"]["first"], *file["answers"]["3.1"]["tries"]):
        assert all("mode" in label["fields"] for label in one["labels"])
        one["verdict"] = "kept"
    book.path.write_text(json.dumps(file))
    asked = Assignment("m", "", ARTICLE.id, ("03-who-speaks",), mode="graded")
    collect(tmp_path / "in", tmp_path / "out", with_assignment(tmp_path, asked))
    (row,) = read(tmp_path / "out", "marks.csv")
    assert (row["3.1 first"], row["3.1 best"]) == ("1.0", "1.0")
    assert float(row["facts and anchors"]) == AUTO and float(row["agreement work"]) >= 10


def test_items_have_names_and_are_as_many_as_are_asked():
    plan = plan_of(WHOLE)
    by_id = {e.id: e for e in plan.asked}
    assert items_of(by_id["2.2"], plan) == by_id["2.2"].units
    assert items_of(by_id["4.1"], plan) == (ENOUGH,)
    assert items_of(by_id["2.4"], plan) == ("order",)
    assert len(items_of(by_id["6.1"], plan)) == 10


def test_marks_go_back_by_the_ids_of_the_platforms(tmp_path):
    participants = [f"Participant {700000 + n}" for n in range(4)]
    for layout, file, key, wanted in (
        ("moodle", "marks-moodle.csv", "Identifier", participants),
        ("canvas", "marks-canvas.csv", "ID", ["", *(f"{4000 + n}" for n in range(4))]),
        ("nbgrader", "marks-canvas.csv", "SIS Login ID", [
            "", "ana-adeyemi-0", "bo-adeyemi-1", "chidi-adeyemi-2", "dora-adeyemi-3",
        ]),
    ):  # fmt: skip
        made = synthetic_class.make(tmp_path / layout, 4, defects=0, layout=layout)
        assert len(made.good) == 4
        roll = collect(tmp_path / layout, tmp_path / f"{layout}-out")
        rows = read(tmp_path / f"{layout}-out", file)
        assert [row[key] for row in rows] == wanted, layout
        others = [p.why for p in roll.problems if not p.why.endswith("came late.")]
        assert not others and len(roll.problems) == (layout == "canvas")
    # The fourth came late, which Canvas writes between the name and the number.
    assert [p.name for p in (tmp_path / "canvas").iterdir() if "_LATE_4003_" in p.name]
    students = [row["Student"] for row in read(tmp_path / "canvas-out", "marks-canvas.csv")]
    assert students[1:] == ["anaadeyemi0", "boadeyemi1", "chidiadeyemi2", "doraadeyemi3"]
    canvas = (tmp_path / "canvas-out" / "marks-canvas.csv").read_text().splitlines()
    assert canvas[0].startswith("Student,ID,SIS User ID,SIS Login ID,Section,")
    assert canvas[1].startswith("    Points Possible,,,,,40,20,40")
    moodle = read(tmp_path / "moodle-out", "marks-moodle.csv")[0]
    # Without the first, the third or the fifth Moodle says that it cannot read the worksheet.
    assert list(moodle) == [
        "Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)",
        "Feedback comments",
    ]  # fmt: skip
    assert moodle["Last modified (grade)"] == ""
    raw = (tmp_path / "moodle-out" / "marks-moodle.csv").read_bytes()
    assert raw.startswith(b"Identifier,")  # no byte-order mark, which would be part of the head
    assert moodle["Maximum Grade"] == "100" and "of 40" in moodle["Feedback comments"]


# -- agreement -------------------------------------------------------------------------------------


def codings(n: int) -> list[Coding]:
    return [Pupil(f"s{n}", random.Random(n), skill=0.6).first for n in range(n)]


def layer_of(readers: list[Coding], id: str) -> ClassLayer:
    layer = ClassLayer(Scale(ARTICLE, CODEBOOK.layer(id)))
    for n, reader in enumerate(readers):
        layer.add(n, layer.scale.coded(reader))
    return layer


@pytest.mark.parametrize("id", ["role", "position"])
def test_alpha_is_that_of_nltk_and_of_kit_measure(id):
    readers = codings(30)
    dropped = random.Random(5)
    readers = [
        Coding(ARTICLE, CODEBOOK, r.coder, [a for a in r.on(id) if dropped.random() < 0.8])
        for r in readers
    ]
    figures = layer_of(readers, id).figures
    triples = [(r.coder, unit, code) for r in readers for unit, code in r.codes(id).items()]
    assert figures.alpha == pytest.approx(AnnotationTask(triples).alpha(), abs=1e-9)
    ids = [unit.id for unit in Scale(ARTICLE, CODEBOOK.layer(id)).units]
    given = [Counter(r.codes(id)[unit] for r in readers if unit in r.codes(id)) for unit in ids]
    tallies = [Tally.of(counts) for counts in given]
    assert figures.alpha == pytest.approx(alpha_of(tallies), abs=1e-12)
    assert figures.interval == pytest.approx(interval_of(tallies), abs=1e-12)
    assert figures.readers == 30


def test_alpha_on_words_is_that_of_nltk():
    readers = codings(6)
    layer = layer_of(readers, "expectation")
    triples = [(n, place, code) for n, row in layer.rows.items() for place, code in enumerate(row)]
    assert layer.figures.alpha == pytest.approx(AnnotationTask(triples).alpha(), abs=1e-9)


@pytest.mark.parametrize("id", ["role", "expectation"])
def test_percent_is_counted_pair_by_pair(id):
    layer = layer_of(codings(7), id)
    words = layer.scale.words

    def counts(a: int, b: int) -> bool:
        return bool(a and b) and not (words and a == b == 1)

    pairs = [
        (a, b)
        for one in layer.rows
        for other in layer.rows
        if one < other
        for a, b in zip(layer.rows[one], layer.rows[other])
        if counts(a, b)
    ]
    assert layer.figures.percent == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
    others = [
        (a, b)
        for other in layer.rows
        if other != 3
        for a, b in zip(layer.rows[3], layer.rows[other])
        if counts(a, b)
    ]
    assert layer.with_class(3) == pytest.approx(sum(a == b for a, b in others) / len(others))
    met = layer.confusion()
    assert met.total() == len(pairs)
    assert sum(n for (a, b), n in met.items() if a != b) == sum(a != b for a, b in pairs)


def test_agreement_with_one_other_is_that_of_kit_measure():
    one, reference = codings(1)[0], datasets.load_reference(ARTICLE.id).coding
    layer = layer_of([one], "role")
    percent, alpha = layer.with_row(layer.scale.coded(reference))[0]
    compared = measure.compare(one, reference, "role")
    assert percent == pytest.approx(compared.percent) and alpha == pytest.approx(compared.alpha)
    assert layer.figures.alpha is None and layer.with_class(0) is None


def test_the_table_of_agreement_has_the_class_and_every_student(klass):
    base, made, roll = klass
    rows = read(base / "out", "agreement.csv")
    whole = [row for row in rows if row["rows"] == "class"]
    assert {(row["layer"], row["labels"]) for row in whole} == {
        (layer.id, labels) for layer in roll.plan.layers for labels in ("first", "now")
    }
    for row in whole:
        assert row["students"] == "38" and float(row["alpha low"]) <= float(row["alpha"])
    role = [
        r["student"] for r in rows if (r["layer"], r["labels"]) == ("role", "now") and r["student"]
    ]
    assert sorted(role) == sorted(made.good)


# -- whose work ------------------------------------------------------------------------------------


def test_the_same_file_twice_counts_once(tmp_path):
    data = good()
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(data)
    roll = collect(tmp_path, tmp_path / "out")
    assert len(read(tmp_path / "out", "marks.csv")) == 1 and roll.to_ask == 0
    (told,) = read(tmp_path / "out", "problems.csv")
    assert told["file"] == "b.json" and "a.json" in told["why"] and told["what to do"] == "nothing"


def test_two_students_with_one_file_are_asked(tmp_path):
    for n, name in enumerate(("Ana", "Bo")):
        folder = tmp_path / "in" / f"{name}_{n + 10}_assignsubmission_file_"
        folder.mkdir(parents=True)
        (folder / "work.json").write_bytes(good())
    roll = collect(tmp_path / "in", tmp_path / "out")
    assert len(roll.students) == 1 and roll.to_ask == 1


def moodle(name: str, id: int) -> str:
    return f"{name}_{id}_assignsubmission_file_"


def saved(data: bytes, at: str) -> bytes:
    return json.dumps({**json.loads(data), "saved": at}).encode()


@pytest.mark.parametrize("order", [("a", "b", "c"), ("b", "c", "a"), ("c", "a", "b")])
def test_of_several_files_of_one_student_the_one_saved_last_counts(tmp_path, order):
    """In the tables, and in what nbgrader is told."""
    files = {
        "a": saved(good("Ana", 1), "2024-10-08T10:00:00Z"),
        "b": saved(good("Ana P.", 5), "2024-10-09T10:00:00Z"),
        "c": saved(good("Ana", 3), "2024-10-07T10:00:00Z"),
    }
    alone = tmp_path / "alone" / moodle("Ana", 11)
    alone.mkdir(parents=True)
    (alone / f"{order.index('b')}.json").write_bytes(files["b"])
    folder = tmp_path / "in" / moodle("Ana", 11)
    folder.mkdir(parents=True)
    for n, name in enumerate(order):
        (folder / f"{n}.json").write_bytes(files[name])
    for base in ("alone", "in"):
        for n in (12, 13):
            there = tmp_path / base / moodle(f"Bo {n}", n)
            there.mkdir()
            (there / "work.json").write_bytes(good(f"Bo {n}", n))
        asked = with_assignment(tmp_path / "asked")
        collect(tmp_path / base, tmp_path / f"{base}-out", asked, now=lambda: MADE)
    # Everything is as if the others were not there, but for what is told of them.
    for file in FILES:
        if file not in ("problems.csv", "report.html"):
            one, other = ((tmp_path / f"{b}-out" / file).read_bytes() for b in ("alone", "in"))
            assert one == other, file
    ids = [row["Identifier"] for row in read(tmp_path / "in-out", "marks-moodle.csv")]
    assert sorted(ids) == ["Participant 11", "Participant 12", "Participant 13"]
    told = {row["file"]: row for row in read(tmp_path / "in-out", "problems.csv")}
    counts = f"{moodle('Ana', 11)}/{order.index('b')}.json"
    assert len(told) == 2 and counts not in told
    (note,) = marking.mark(folder, plan_of(WHOLE), ()).notes
    assert note.endswith(f"{order.index('b')}.json, saved last, counts.")
    for row in told.values():
        assert counts in row["why"] and "was saved last and counts" in row["why"]
        assert row["what to do"] == "look"


def test_what_an_earlier_file_brought_in_goes_with_it(tmp_path):
    """Notes, labels of layers, doubts and exercises begun."""
    early = json.loads(saved(good("Ana", 1), "2024-10-07T10:00:00Z"))
    for label in early["labels"]:
        label["note"] = "A reason that nobody gives any more."
    early["answers"]["2.5"]["attempts"] = 9
    late = json.loads(saved(good("Ana", 2), "2024-10-08T10:00:00Z"))
    late["answers"] = {id: one for id, one in late["answers"].items() if id.startswith("2.")}
    late["labels"] = [label for label in late["labels"] if label["layer"] == "role"]
    late["commits"] = {"role": late["commits"]["role"]}
    folder = tmp_path / "in" / moodle("Ana", 11)
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps(early))
    (folder / "b.json").write_text(json.dumps(late))
    roll = collect(tmp_path / "in", tmp_path / "out")
    assert roll.begun == set(late["answers"])
    assert not any("nobody gives" in note.text for there in roll.notes.values() for note in there)
    assert {id for id, layer in roll.first.items() if layer.rows} <= {"role"}
    assert [problem.level for problem in roll.problems] == ["look"]
    (row,) = read(tmp_path / "out", "marks.csv")
    assert row["file"].endswith("b.json")


def test_a_date_in_a_name_makes_nobody_of_two_students_one(tmp_path):
    """Canvas’s form of names is also that of others."""
    for n, name in enumerate(("ana", "bo")):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "work_2024_10_08.json").write_bytes(good(name, n))
        (tmp_path / "in" / f"{name}_2024_11_08.json").write_bytes(good(name, n + 5))
    collect(tmp_path / "in", tmp_path / "out")
    assert len(read(tmp_path / "out", "marks.csv")) == 4


# -- what came back with the work ------------------------------------------------------------------


@pytest.fixture(scope="module", params=["practice", "graded"])
def handed_out(request, tmp_path_factory) -> dict[str, bytes]:
    """What students are given, by its place in the folder."""
    folder = tmp_path_factory.mktemp("handed out") / "week-3"
    command = ["assign", "--id", "week-3", "--title", "Week 3", "--lessons", "03-who-speaks"]
    command += ["--mode", request.param, "--out", str(folder)]
    subprocess.run([sys.executable, "-m", "desk", *command], check=True, capture_output=True)
    there = [path for path in folder.rglob("*") if path.is_file()]
    assert len(there) > 100
    return {f"week-3/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in there}


def laid(folder: Path, files: dict[str, bytes], *, zipped: bool) -> None:
    """Write files into a folder, or into a zip called like it."""
    if zipped:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.with_name(f"{folder.name}.zip").write_bytes(synthetic_class.zipped(files))
        return
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "folder"])
def test_all_that_was_handed_out_may_come_back(tmp_path, handed_out, zipped):
    """With work, without any, and with work that is damaged: a line each."""
    work = f"week-3/work/{ARTICLE.id}/student.json"
    for name, more in (
        ("ana", {work: good("Ana", 1)}),
        ("bo", {}),
        ("cy", {work: good("Cy", 3)[:900]}),
    ):
        laid(tmp_path / "in" / name, {**handed_out, **more}, zipped=zipped)
    collect(tmp_path / "in", tmp_path / "out")
    assert [row["signed"] for row in read(tmp_path / "out", "marks.csv")] == ["Ana"]
    told = {row["file"]: row for row in read(tmp_path / "out", "problems.csv")}
    assert {file: row["what to do"] for file, row in told.items()} == {
        "ana/week-3": "nothing", "bo/week-3": "ask", "cy/week-3": "nothing", f"cy/{work}": "ask",
    }  # fmt: skip
    assert "no work in it" in told["bo/week-3"]["why"]


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "folder"])
def test_the_homes_of_a_hub_can_be_collected_from(tmp_path, zipped):
    """As docs/hosting.md has them, with whatever else people keep at home."""
    for n, name in enumerate(("ana", "bo", "cy")):
        kit, work = "reading-diplomatic-news", "reading-diplomatic-news/work"
        files = {f"{kit}/notebooks/{m}.ipynb": b"{}" for m in range(8)}
        files |= {f"other/{m:02}.ipynb": b"{}" for m in range(3 * MOST_OF_ONE)}
        files |= {"settings.json": b'{"theme": "dark"}', "thesis.docx": b"x"}
        if name != "cy":
            files[f"{work}/{ARTICLE.id}/student.json"] = good(name, n)
        else:
            files[f"{work}/notes.md"] = b"Nothing yet."
        laid(tmp_path / "in" / name, files, zipped=zipped)
    roll = collect(tmp_path / "in", tmp_path / "out")
    assert len(roll.students) == 2
    rows = read(tmp_path / "out", "problems.csv")
    ask = [row["file"] for row in rows if row["what to do"] == "ask"]
    assert ask == ["cy/reading-diplomatic-news"]
    for name in ("ana", "bo"):  # one line on what was handed out, a few on others, one on the rest
        others = [row for row in rows if row["file"].startswith(name)]
        assert len(others) == 1 + (MOST_OF_ONE if zipped else MOST_ASIDE) + 1
        assert sum(" more " in row["why"] for row in others) == 1


def test_a_file_beside_a_students_work_is_nothing_to_ask_about(tmp_path):
    """But whoever has handed in nothing else is asked."""
    for name, files in {
        moodle("Ana", 1): {"work.json": good("Ana", 1), "report.html": b"x", "notes.docx": b"x"},
        moodle("Bo", 2): {"notes.docx": b"x"},
        "cy": {"work.json": good("Cy", 3), "01.ipynb": b"{}"},
        "dora": {"01.ipynb": b"{}"},
        "several": {"e.json": good("E", 4), "f.json": good("F", 5), "g.docx": b"x"},
        ".": {"h_31_41_work.json": good("H", 6), "h_31_42_report.html": b"x",
              "i_32_43_report.html": b"x"},
    }.items():  # fmt: skip
        laid(tmp_path / "in" / name, files, zipped=False)
    collect(tmp_path / "in", tmp_path / "out")
    told = {row["file"]: row["what to do"] for row in read(tmp_path / "out", "problems.csv")}
    assert told == {
        f"{moodle('Ana', 1)}/report.html": "nothing",
        f"{moodle('Ana', 1)}/notes.docx": "nothing",
        f"{moodle('Bo', 2)}/notes.docx": "ask",
        "cy/01.ipynb": "nothing",
        "dora/01.ipynb": "ask",
        "several/g.docx": "ask",
        "h_31_42_report.html": "nothing",
        "i_32_43_report.html": "ask",
    }


@pytest.mark.parametrize("member", ["{n}.json", "{n}.docx", "kit/{n}/work.json"])
def test_a_zip_of_very_many_files_that_are_no_work_is_a_few_lines(tmp_path, member):
    many = {member.format(n=n): b"" for n in range(400)}
    (tmp_path / "many.zip").write_bytes(synthetic_class.zipped({**many, "z.json": good("Z", 9)}))
    (tmp_path / "ana.json").write_bytes(good("Ana", 1))
    collect(tmp_path, tmp_path / "out")
    assert len(read(tmp_path / "out", "marks.csv")) == 2
    rows = read(tmp_path / "out", "problems.csv")
    assert len(rows) == MOST_OF_ONE + 1
    (rest,) = [row for row in rows if row["file"] == "many.zip"]
    assert f"{400 - MOST_OF_ONE} more files are not used" in rest["why"]
    assert rest["what to do"] == ("nothing" if member.endswith("docx") else "ask")


def test_a_zip_of_a_class_tells_of_every_student(tmp_path):
    """However many of them have handed in what is no work."""
    n = 2 * MOST_OF_ONE
    members = {f"{moodle(f'S {k}', k)}/essay.docx": b"x" for k in range(1, n + 1)}
    (tmp_path / "class.zip").write_bytes(synthetic_class.zipped({**members, "z.json": good()}))
    roll = collect(tmp_path / "class.zip", tmp_path / "out")
    assert {problem.owner.id for problem in roll.problems} == {str(k) for k in range(1, n + 1)}
    assert roll.to_ask == n


def test_two_files_of_one_name_are_both_kept_and_told(tmp_path):
    (tmp_path / "a.json").write_bytes(good("Ana", 1))
    (tmp_path / "b.json").write_bytes(good("Ana", 2))
    collect(tmp_path, tmp_path / "out")
    assert [r["student"] for r in read(tmp_path / "out", "marks.csv")] == ["Ana", "Ana (2)"]
    (told,) = read(tmp_path / "out", "problems.csv")
    assert told["file"] == "b.json" and "a.json" in told["why"]


def test_the_same_work_under_another_name_is_told(tmp_path):
    file = json.loads(good("Ana"))
    (tmp_path / "a.json").write_text(json.dumps(file))
    (tmp_path / "b.json").write_text(json.dumps({**file, "student": "Bo", "revision": 99}))
    collect(tmp_path, tmp_path / "out")
    assert len(read(tmp_path / "out", "marks.csv")) == 2
    (told,) = read(tmp_path / "out", "problems.csv")
    assert "times are those of a.json" in told["why"]


def test_older_versions_and_clutter_are_passed_over(tmp_path):
    Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path / "in").note("x", "one")
    book = Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path / "in")
    book.note("x", "two")
    assert book.backup.exists()
    (tmp_path / "in" / ".DS_Store").write_bytes(b"x")
    roll = collect(tmp_path / "in", tmp_path / "out")
    assert len(roll.students) == 1 and roll.to_ask == 0


def test_of_a_damaged_file_the_version_before_beside_it_is_used_and_that_is_said(tmp_path):
    (tmp_path / "ana.json").write_bytes(good()[:900])
    (tmp_path / "ana.bak.json").write_bytes(good())
    (tmp_path / "bo.json").write_bytes(good("Bo", 2))
    collect(tmp_path, tmp_path / "out")
    first = read(tmp_path / "out", "problems.csv")[0]
    assert first["file"] == "ana.json" and first["what to do"] == "ask"
    assert "damaged" in first["why"] and "ana.bak.json, is used" in first["why"]
    assert {row["signed"] for row in read(tmp_path / "out", "marks.csv")} == {"Ana", "Bo"}


def test_what_a_work_file_holds_is_what_the_workbook_kept(tmp_path):
    book = Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path)
    model_student.do_lesson(book, "02-structure")
    book.note("codebook", "Say more.")
    work = work_file.read(book.to_json(), ARTICLE, CODEBOOK)
    assert work.coding == book.coding and work.notes == dict(book.notes)
    assert work.first["role"].on("role") == book.committed("role").on("role")
    assert {id: exercises.read(book, id) for id in work.records} == work.records
    assert set(work.records) == set(book.answers)


@pytest.mark.parametrize("changed", ["codes", "fewer", "more", "same"])
def test_what_was_committed_is_read_though_labels_have_changed(changed):
    file = json.loads(good())
    there = file["commits"]["role"]["annotations"]
    now = [label for label in file["labels"] if label["layer"] == "role"]
    rest = [label for label in file["labels"] if label["layer"] != "role"]
    then = {"codes": there, "fewer": now[:3], "more": now, "same": now}[changed]
    file["commits"]["role"]["annotations"] = then
    file["labels"] = rest + (now[:5] if changed == "more" else now)
    work = work_file.read(json.dumps(file).encode(), ARTICLE, CODEBOOK)
    wanted = msgspec.convert(then, tuple[Annotation, ...])
    assert {a.id: a.codes for a in work.first["role"].on("role")} == {a.id: a.codes for a in wanted}


# -- what cannot be trusted ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", synthetic_class.BROKEN)
def test_a_broken_file_is_a_line_and_no_crash(tmp_path, kind):
    (tmp_path / "bad.json").write_bytes(synthetic_class.BROKEN[kind](good()))
    (tmp_path / "good.json").write_bytes(good("Bo", 2))
    collect(tmp_path, tmp_path / "out")
    assert [r["student"] for r in read(tmp_path / "out", "marks.csv")] == ["Bo"]
    (told,) = read(tmp_path / "out", "problems.csv")
    assert told["file"] == "bad.json" and told["what to do"] == "ask" and told["what to ask or do"]


def test_every_broken_file_of_a_class_is_told(klass):
    base, made, _ = klass
    told = {row["file"] for row in read(base / "out", "problems.csv")}
    assert told == set(made.bad) and made.bad


def test_another_text_and_another_version_are_named(tmp_path):
    (tmp_path / "a.json").write_bytes(synthetic_class.BROKEN["other-text"](good()))
    (tmp_path / "b.json").write_bytes(synthetic_class.BROKEN["wrong-hash"](good()))
    (tmp_path / "c.json").write_bytes(synthetic_class.BROKEN["newer"](good()))
    (tmp_path / "d.json").write_bytes(good())
    collect(tmp_path, tmp_path / "out")
    why = {row["file"]: row["why"] for row in read(tmp_path / "out", "problems.csv")}
    assert "another text, “my-own-text”" in why["a.json"]
    assert "another version of the text" in why["b.json"]
    assert "another version of the kit (kit-work-9)" in why["c.json"]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_only_a_name(tmp_path, name):
    data = json.dumps({**json.loads(good()), "student": NAMES[name]}).encode()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "work.json").write_bytes(data)
    before = tree(tmp_path / "in")
    collect(tmp_path / "in", tmp_path / "out")
    (row,) = read(tmp_path / "out", "marks.csv")
    assert len(row["student"]) <= 100 and row["student"].strip()
    for file in FILES:
        text = (tmp_path / "out" / file).read_text(encoding="utf-8-sig")
        assert "\x00" not in text and "\u202e" not in text
        if file.endswith(".csv"):
            for cells in csv.reader(io.StringIO(text)):
                assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
                assert not any(
                    c.startswith("-") and not c[1:].replace(".", "").isdigit() for c in cells
                )
    assert tree(tmp_path / "in") == before
    assert tree(tmp_path) == before_with(before)


def before_with(before: set[str]) -> set[str]:
    return {"in", "out", f"out/{STAMP}"} | {f"in/{p}" for p in before} | {f"out/{p}" for p in FILES}


def test_a_name_from_a_path_is_defused_too(tmp_path):
    folder = tmp_path / "in" / "=cmd|' /C calc'!A0_55_assignsubmission_file_"
    folder.mkdir(parents=True)
    (folder / "work.json").write_bytes(good())
    collect(tmp_path / "in", tmp_path / "out")
    for file in ("marks.csv", "marks-canvas.csv", "marks-moodle.csv", "free-text.csv"):
        for row in csv.reader((tmp_path / "out" / file).open(encoding="utf-8-sig")):
            assert not any(cell.startswith("=") for cell in row), file


def test_scripts_in_notes_and_answers_stay_words(tmp_path):
    file = json.loads(good("Ana"))
    for label in file["labels"]:
        label["note"] = EVIL + " and so on"
    file["student"] = EVIL
    file["notes"] = {"codebook": f"{EVIL} is what I propose to add to it"}
    (tmp_path / "a.json").write_text(json.dumps(file))
    for n in range(4):
        other = json.loads(good("Bo", n + 5))
        other["student"] = f"Bo {n}"
        (tmp_path / f"b{n}.json").write_text(json.dumps(other))
    collect(tmp_path, tmp_path / "out", now=lambda: MADE)
    page = ClassPage((tmp_path / "out" / "report.html").read_text())
    assert "script" not in page.tags() and "img" not in page.tags()
    assert EVIL in page.text()


def test_traps_are_told_and_nothing_is_written_outside(tmp_path):
    (tmp_path / "in").mkdir()
    told = synthetic_class.add_traps(tmp_path / "in", good("Trap", 9))
    (tmp_path / "in" / "ana.json").write_bytes(good("Ana", 1))
    before = tree(tmp_path / "in")
    elsewhere = set(os.listdir(tempfile.gettempdir()))
    collect(tmp_path / "in", tmp_path / "out")
    assert tree(tmp_path / "in") == before
    assert {p.name for p in tmp_path.iterdir()} == {"in", "out"}
    assert tree(tmp_path / "out") == {STAMP, *FILES}
    assert not {n for n in set(os.listdir(tempfile.gettempdir())) - elsewhere if "evil" in n}
    rows = read(tmp_path / "out", "problems.csv")
    why = {row["file"]: row["why"] for row in rows}
    for name in told:
        stem = name.removesuffix(".zip")
        assert any(file == name or file.startswith(f"{stem}/") for file in why), name
    assert "zip bomb" in why["bomb.zip"]
    assert any("outside itself" in said for said in why.values())
    assert "password" in why["locked/work.json"]
    assert any("folders lie in one another" in said for said in why.values())
    assert any("zips lie in one another" in said for said in why.values())
    names = {row["student"] for row in read(tmp_path / "out", "marks.csv")}
    assert names == {"Ana", "Trap"}  # the honest file beside the link is used


def test_a_zip_whose_list_of_contents_is_endless_is_not_read(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(400):
            archive.writestr(f"{n:060000}.json", b"")
    (tmp_path / "many.zip").write_bytes(out.getvalue())
    (problem,) = find(tmp_path)
    assert isinstance(problem, Problem) and "list of contents" in problem.why


def test_a_zip_of_a_class_is_read_as_the_folder_is(tmp_path):
    made = synthetic_class.make(tmp_path / "in", 6, defects=0, layout="moodle")
    members = {
        path.relative_to(tmp_path / "in").as_posix(): path.read_bytes()
        for path in (tmp_path / "in").rglob("*.json")
    }
    (tmp_path / "class.zip").write_bytes(synthetic_class.zipped(members))
    collect(tmp_path / "class.zip", tmp_path / "zip-out")
    collect(tmp_path / "in", tmp_path / "out")
    one, other = (
        [{**r, "file": ""} for r in read(tmp_path / o, "marks.csv")] for o in ("out", "zip-out")
    )
    assert one == other and len(one) == len(made.good)


def test_folders_that_are_not_ours_are_refused(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(good())
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("years of work")
    with pytest.raises(MadeError, match="is there already"):
        collect(tmp_path / "in", theirs)
    assert tree(theirs) == {"thesis.txt"}
    with pytest.raises(MadeError, match="cannot be used"):
        collect(tmp_path / "in", theirs / "thesis.txt")
    with pytest.raises(MadeError):
        collect(tmp_path / "in", tmp_path / "in")
    (tmp_path / "in" / STAMP).write_text("results of a class\n")
    with pytest.raises(CollectError, match="work files itself"):
        collect(tmp_path / "in", tmp_path / "in")
    with pytest.raises(FolderError):
        collect(tmp_path / "nowhere", tmp_path / "out", with_assignment(tmp_path / "a"))
    (tmp_path / "none").mkdir()
    with pytest.raises(CollectError, match="no work file"):
        collect(tmp_path / "none", tmp_path / "out")


def test_results_may_be_made_again_and_lie_within_the_folder(tmp_path):
    (tmp_path / "a.json").write_bytes(good())
    for _ in range(2):
        roll = collect(tmp_path, tmp_path / "out", now=lambda: MADE)
        assert len(roll.students) == 1 and not roll.problems
    if os.name == "posix":  # somebody put a link where a result goes
        (tmp_path / "victim").write_text("as it was")
        (tmp_path / "out" / "marks.csv").unlink()
        (tmp_path / "out" / "marks.csv").symlink_to(tmp_path / "victim")
        collect(tmp_path, tmp_path / "out")
        assert (tmp_path / "victim").read_text() == "as it was"


# -- the rest --------------------------------------------------------------------------------------


def test_free_text_comes_with_its_evidence_and_four_empty_columns(tmp_path):
    file = json.loads(good())
    last = file["answers"]["1.4"]["tries"][-1]["values"]
    last["claim"] = "=2+2 is what I say"
    last["evidence"] = [{"block": "P1", "words": "words that stand nowhere in it"}]
    (tmp_path / "a.json").write_text(json.dumps(file))
    collect(tmp_path, tmp_path / "out")
    rows = read(tmp_path / "out", "free-text.csv")
    assert {row["exercise"] for row in rows} == {e.id for e in EXERCISES if e.texts}
    (row,) = [row for row in rows if row["exercise"] == "1.4"]
    assert row["text"] == "'=2+2 is what I say" and row["evidence stands there"] == "no"
    assert [row[f"{name} 0-3"] for name in ("Evidence", "Method", "Interpretation", "Limits")] == [
        ""
    ] * 4


def test_the_report_needs_nothing_and_hides_names(klass):
    base, made, roll = klass
    html = (base / "out" / "report.html").read_text(encoding="utf-8")
    page = ClassPage(html)
    assert not page.tags() & {"script", "img", "link", "iframe", "form"}
    assert "url(" not in html and "http" not in html.replace("http-equiv", "")
    hidden = [attributes for tag, attributes in page.elements if attributes.get("class") == "name"]
    assert len(hidden) >= len(made.good)
    assert "#names:not(:checked) ~ .page .name { display: none; }" in html
    for name in made.good:  # nowhere else than where they can be hidden
        assert html.count(name) == html.count(f"<span class='name'><bdi>{name}</bdi></span>")
    assert html.count("<ol><li>") == 6 and "Before and after" not in html


def test_the_report_prints_no_run_of_the_article_longer_than_eight_words(klass):
    base, _, _ = klass
    html = (base / "out" / "report.html").read_text(encoding="utf-8")
    told = " ".join(ClassPage(html).text().split()).replace(ARTICLE.title, "")
    words = [ARTICLE.text[a:b] for block in ARTICLE.blocks for a, b in block.words]
    runs = {" ".join(words[n : n + 9]) for n in range(len(words) - 9)}
    said = " ".join(told.translate(str.maketrans("“”,.;:", "      ")).split())
    assert not [run for run in runs if f" {run} " in said]


def test_files_are_handed_on_one_at_a_time(tmp_path):
    """Memory stays flat: nothing is read before it is asked for."""
    for n in range(5):
        (tmp_path / f"{n}.json").write_bytes(b"x" * 1000)
    found = find(tmp_path)
    assert isinstance(next(found), Found)
    (tmp_path / "1.json").write_bytes(b"changed")
    assert next(found).data == b"changed"


def test_a_large_hostile_file_takes_little_memory(tmp_path):
    empty = b'{"schema":"kit-work-1","article":"a","sha256":"b","student":"c","answers":{"1.1":['
    (tmp_path / "big.json").write_bytes(empty + b"[]," * 6_000_000 + b"[]]}}")
    (tmp_path / "good.json").write_bytes(good())
    tracemalloc.start()
    collect(tmp_path, tmp_path / "out")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 120 * 2**20


def test_the_command_says_what_it_did(tmp_path):
    (tmp_path / "a.json").write_bytes(good())
    (tmp_path / "b.json").write_bytes(b"")
    command = [
        sys.executable,
        "-m",
        "desk",
        "collect",
        str(tmp_path),
        "--out",
        str(tmp_path / "out"),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0 and "1 work file" in done.stderr
    assert "problems.csv" in done.stdout and (tmp_path / "out" / "report.html").exists()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").write_text("x")
    command[-1] = str(tmp_path / "other")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and "is there already" in done.stderr


@pytest.mark.parametrize("id", [e.id for e in CHECKED if e.kind == "label"])
def test_paragraph_by_paragraph_is_as_the_check_of_all(id):
    """Labels with other codes, on other words, overlapping or double: the share is whole exactly
    where the form says yes."""
    plan = plan_of(WHOLE)
    e = exercises.find(plan.asked, id)
    article, codebook = datasets.load_article(e.article), datasets.codebook(e.article)
    layer = codebook.layer(e.layer)
    verdicts = set()
    for seed in range(12):
        draw = random.Random(seed)
        mine = list(datasets.load_reference(e.article).coding.on(e.layer))
        for n, a in enumerate(mine):
            change = draw.random() * (1 if seed else 9)
            if change < 0.03 and layer.codes:
                mine[n] = msgspec.structs.replace(a, codes=(draw.choice(layer.codes).id,))
            elif change < 0.05 and layer.unit == "words":
                at = Span(a.at.start, max(a.at.start + 1, a.at.end - draw.randint(1, 12)))
                mine[n] = msgspec.structs.replace(a, at=at, parts={})
        if seed % 3 == 1:
            kept = (0.9, 0.02)[seed % 2]
            mine = [a for a in mine if draw.random() < kept]
        coding = Coding(article, codebook, "x", mine)
        outcome = exercises.check(e, {}, replace(plan.context(e), coding=coding))
        work = work_file.read(good(), ARTICLE, CODEBOOK)._replace(coding=coding)
        whole = share(Judge(e, work, plan).now())
        assert (whole == 1.0) == (outcome.verdict == "yes"), seed
        verdicts.add(outcome.verdict)
    assert "yes" in verdicts and len(verdicts) > 1


# -- answered in part ------------------------------------------------------------------------------


def _handed_in(tmp_path: Path, mode: str, wrong: int, blank: int) -> Path:
    """Return where the work of a student lies who has given 2.2 all labels but the last, some of
    them wrong, and has answered nine of the ten questions of 6.1, all right, and 5.5 by half."""
    book = Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path / "in")
    reference = datasets.load_reference(ARTICLE.id)
    for id in ("2.2", "6.1", "5.5"):
        asked = next(e for e in EXERCISES if e.id == id)
        context = exercises.Context(
            ARTICLE, book.coding, CODEBOOK, reference, context_on(ARTICLE).facts
        )
        values = exercises.expected(asked, context).values
        if id == "2.2":
            labels = list(exercises.expected(asked, context).labels)[: 12 - blank]
            for n in range(wrong):
                code = "evaluation" if labels[n].codes != ("evaluation",) else "main-event"
                labels[n] = msgspec.structs.replace(labels[n], codes=(code,))
            book.apply("role", {a.id: (None, a) for a in labels})
        values.pop("year", None)
        values.pop("sources", None)
        if mode == "graded":
            gone = {"answer": None, "reasons": {}}
            questions = tuple(msgspec.structs.replace(q, **gone) for q in asked.questions)
            asked = msgspec.structs.replace(asked, status="open", questions=questions, reasons={})
            context = exercises.Context(ARTICLE, book.coding, CODEBOOK)
        else:
            context = exercises.Context(ARTICLE, book.coding, CODEBOOK, reference, context.facts)
        exercises.hand_in(book, asked, values, context)
    return tmp_path / "in"


@pytest.mark.parametrize("mode", ["practice", "graded"])
@pytest.mark.parametrize(("wrong", "blank"), [(0, 1), (1, 1), (0, 0), (1, 0), (2, 3)])
def test_what_is_answered_in_part_is_worth_what_is_right_in_it(tmp_path, mode, wrong, blank):
    """Of twelve paragraphs as many are right as are neither wrong nor blank; of ten, nine."""
    lessons = ("02-structure", "05-whose-agenda", "06-leave-the-page")
    asked = Assignment("m", "", ARTICLE.id, lessons, ("2.2", "5.5", "6.1"), mode=mode)
    work = _handed_in(tmp_path, mode, wrong, blank)
    roll = collect(work, tmp_path / "out", with_assignment(tmp_path, asked))
    (row,) = read(tmp_path / "out", "marks.csv")
    right = 12 - wrong - blank
    assert float(row["2.2 best"]) == pytest.approx(right / 12, abs=6e-4) == float(row["2.2 first"])
    assert float(row["6.1 best"]) == 0.9
    # 40 points for the two that are checked: 20 each.
    assert float(row["facts and anchors"]) == pytest.approx(20 * right / 12 + 18, abs=0.051)
    assert (row["2.2 tries"], row["5.5 handed in"], row["begun, not handed in"]) == ("1", "1", "")
    last = ["P31", "P32", "P34"][3 - blank :]
    told = "; ".join([f"2.2: {', '.join(last)}"] * bool(last) + ["5.5: sources", "6.1: year"])
    assert row["left blank"] == told
    lines = [one for one in read(tmp_path / "out", "problems.csv") if "Blank" in one["why"]]
    assert [(one["what to do"], one["why"]) for one in lines] == [
        ("nothing", f"Not all is answered, and what is there is marked. Blank: {told}.")
    ]
    assert roll.students[0].marks.to_read == ("5.5",)
    # nbgrader is told the same.
    plan = plan_of(asked)
    found = marking.mark(work, plan, cells.keys(plan)).results
    assert found["exercise-2-2"].share == pytest.approx(right / 12)
    said = " ".join(found["exercise-2-2"].lines)
    assert (f"Left blank: {where(last)}." in said) == bool(last)
    assert ("Not right, or missing: " in said) == bool(wrong)
    assert found["exercise-6-1"].share == 0.9


def test_what_was_begun_and_not_handed_in_is_worth_nothing_yet(tmp_path):
    book = Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path / "in")
    asked = next(e for e in EXERCISES if e.id == "6.1")
    exercises.draft(book, asked, {"year": ["2022"]})
    one = Assignment("m", "", ARTICLE.id, ("06-leave-the-page",), ("6.1",))
    collect(tmp_path / "in", tmp_path / "out", with_assignment(tmp_path, one))
    (row,) = read(tmp_path / "out", "marks.csv")
    assert (row["facts and anchors"], row["begun, not handed in"], row["left blank"]) == (
        "0.0", "6.1", "",
    )  # fmt: skip
