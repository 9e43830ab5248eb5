"""Work files of the version before: they open, nothing in them is lost, and they are worth as much.

``data/work-1`` holds what students made with that version, and what collecting made of it then:
several tries, right, wrong and in part, labels that were changed or taken away after the last one;
and two files (Cyd's, Fay's) of a time when an answer did not keep all that a label held.
"""

import csv
import json
import shutil
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from desk.collect import work_file
from desk.collect.collect import collect
from desk.collect.judge import Judge
from desk.collect.plan import plan_of
from desk.handout.assignment import Assignment
from kit.coding.coding import Annotation
from kit.exercises import Record, load, read, state
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.text.span import Span
from kit.work.before import Before
from kit.work.file_format import WorkFile
from kit.work.workbook import Workbook
from tests.desk.collect.test_hostile import places, put
from tests.synthetic_class import ARTICLE, CODEBOOK, LESSONS

DATA = datasets.root() / "tests" / "data" / "work-1"
MODES = ["practice", "graded"]
TABLES = ["marks.csv", "agreement.csv", "problems.csv"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        there = list(csv.DictReader(file))
    # The kit's rules change from version to version; what students did does not.
    return [{key: cell for key, cell in row.items() if "rules" not in key} for row in there]


def tables(folder: Path, out: Path) -> dict[str, list[dict[str, str]]]:
    collect(folder, out, folder / "assignment.json", now=lambda: datetime(2024, 10, 8, 14, 30))
    return {name: rows(out / name) for name in TABLES}


@pytest.mark.parametrize("mode", MODES)
def test_what_was_handed_in_is_worth_what_it_was_worth(mode, tmp_path):
    then = {name: rows(DATA / f"{mode}-tables" / name) for name in TABLES}
    now = tables(DATA / mode, tmp_path / "out")
    assert {name: as_then(now[name], then[name]) for name in TABLES} == then


def as_then(now: list[dict[str, str]], then: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return a table with the columns that it had then."""
    columns = then[0] if then else {}
    return [{column: row[column] for column in columns} for row in now]


def states(path: Path, folder: Path) -> dict[str, list[str]]:
    """Return what the forms of a work file's exercises say, where something was handed in."""
    copy = shutil.copy(path, folder)
    book = Workbook(ARTICLE, CODEBOOK, "", Path(copy))
    said = {}
    for lesson in LESSONS:
        for exercise in load(lesson):
            shown = state(exercise, read(book, exercise.id), context_of(exercise, book))
            if outcome := shown["outcome"]:
                said[exercise.id] = [outcome["verdict"], outcome["say"]]
    return said


@pytest.mark.parametrize("name", ["ana", "ben", "cyd"])
def test_every_form_says_what_it_said(name, tmp_path):
    then = json.loads((DATA / "forms.json").read_text(encoding="utf-8"))[name]
    assert states(DATA / "practice" / f"{name}.json", tmp_path) == then


def saved_anew(path: Path, folder: Path) -> dict:
    """Open a work file of before, save something, and return what is on the disk then."""
    copy = Path(shutil.copy(path, folder))
    book = Workbook(ARTICLE, CODEBOOK, "", copy)
    assert copy.read_bytes() == path.read_bytes()  # to open it changes nothing
    book.note("P1", "A note.")
    assert Workbook(ARTICLE, CODEBOOK, "", copy).answers == book.answers
    return json.loads(copy.read_bytes())


@pytest.mark.parametrize("mode", MODES)
def test_a_file_that_was_saved_anew_is_worth_the_same(mode, tmp_path):
    shutil.copy(DATA / mode / "assignment.json", tmp_path)
    then = rows(DATA / f"{mode}-tables" / "marks.csv")
    for one in then:
        file = saved_anew(DATA / mode / one["file"], tmp_path)
        assert file["schema"] == "kit-work-3"
        one["saved"] = file["saved"]
    now = tables(tmp_path, tmp_path / "out")["marks.csv"]
    assert as_then(now, then) == then


@pytest.mark.parametrize("name", ["practice/ana", "practice/ben", "graded/eva"])
def test_nothing_of_an_answer_is_lost(name, tmp_path):
    path = DATA / f"{name}.json"
    was, now = json.loads(path.read_bytes()), saved_anew(path, tmp_path)
    assert was["answers"].keys() == now["answers"].keys()
    seen = 0
    for id, record in was["answers"].items():
        new = now["answers"][id]
        assert {**record, "first": 0, "tries": 0} == {**new, "first": 0, "tries": 0}
        pairs = list(zip([record["first"], *record["tries"]], [new["first"], *new["tries"]]))
        for old, one in pairs if record["attempts"] else ():
            values = {key: value for key, value in old["values"].items() if key != "labels"}
            rest = {key: value for key, value in one.items() if key != "labels"}
            assert rest == {"values": values, "verdict": old["verdict"], "at": old["at"]}
            kept = old["values"].get("labels", {})
            assert [place_of(a) for a in one.get("labels", ())] == list(kept)
            for a, said in zip(one.get("labels", ()), kept.values()):
                seen += 1
                assert set(said) <= {
                    *a.get("codes", ()),
                    *map("=".join, a.get("fields", {}).items()),
                }
                if whole := old.get("whole", {}).get(a["id"]):
                    parts = {
                        id: [[run["start"], run["end"]] for run in runs]
                        for id, runs in a.get("parts", {}).items()
                    }
                    assert (parts, a["fields"]) == (whole["parts"], whole["fields"])
    assert seen > 20


def place_of(a: dict) -> str:
    return a["id"] if a["id"].startswith("P") else f"{a['at']['start']}-{a['at']['end']}"


def test_an_answer_whose_labels_are_known_no_longer_stays_as_it_was(tmp_path):
    was = json.loads((DATA / "practice" / "cyd.json").read_bytes())["answers"]["3.1"]
    now = saved_anew(DATA / "practice" / "cyd.json", tmp_path)["answers"]["3.1"]
    assert now == was


RECORD = {"values": {}, "tries": [], "attempts": 1, "hints": 0}
AT = {"verdict": "yes", "at": "x"}


def taken_over(id: str, raw: object) -> object:
    file = WorkFile("kit-work-1", ARTICLE.id, ARTICLE.sha256, "Ana")
    return Before(file, ARTICLE, CODEBOOK).record(id, raw)


@pytest.mark.parametrize(
    ("id", "first"),
    [
        ("2.2", {"values": {"labels": {"P6": ["lede"]}}, "whole": 3, **AT}),
        ("2.2", {"values": {"labels": {"P6": ["lede"]}}, "whole": {"P6": {"more": 1}}, **AT}),
        ("2.2", {"values": {"labels": ["P6"]}, **AT}),
        ("2.2", {"values": "x", **AT}),
        ("2.2", "x"),
        ("2.2", None),
        ("3.1", {"values": {"labels": {"1015-1467": []}}, **AT}),
        ("9.9", {"values": {"labels": {"P6": ["lede"]}}, **AT}),
    ],
)
def test_what_cannot_be_taken_over_stays(id, first):
    raw = {**RECORD, "first": first}
    assert taken_over(id, raw) == raw


@pytest.mark.parametrize("raw", ["four", 4, None, ["x"], {}, {"tries": "many"}])
def test_what_is_no_record_stays(raw):
    assert taken_over("2.2", raw) == raw


def test_what_was_kept_of_labels_whose_layer_is_not_there_is_kept():
    labels, whole = {"10-80": []}, {"10-80": {"parts": {"cue": [[40, 48]]}}}
    raw = {**RECORD, "first": {"values": {"labels": labels}, "whole": whole, **AT}}
    new = msgspec.convert(taken_over("9.9", raw), Record)
    assert new.first.values == {"labels": labels, "whole": whole}


def test_places_that_the_text_has_not_are_no_labels():
    labels = {"P6": ["lede"], "P999": ["lede"], "5-4": [], "0-999999": [], "P7": "lede", "P8": [1]}
    raw = {**RECORD, "first": {"values": {"labels": labels}, **AT}}
    (label,) = msgspec.convert(taken_over("2.2", raw), Record).first.labels
    unit = ARTICLE.unit("P6")
    assert label == Annotation("P6", "role", Span(unit.start, unit.end), ("lede",))


@pytest.mark.parametrize("id", ["2.2", "3.1"])
def test_whatever_stands_in_an_answer_of_before_is_taken_over_and_judged(id):
    """What does not belong there, at every place of an answer, stops neither."""
    file = json.loads((DATA / "practice" / "ana.json").read_bytes())
    plan = plan_of(Assignment("a", "", ARTICLE.id, LESSONS))
    work = work_file.read(json.dumps(file).encode(), ARTICLE, CODEBOOK)
    exercise = next(e for e in plan.asked if e.id == id)
    raw = {**file["answers"][id], "first": file["answers"][id]["tries"][-1], "tries": []}
    judged = 0
    for at in places(raw):
        for odd in (None, -1, 10**12, "x", "P7", [], [[]], {}, {"P7": ["lede"]}, {"x": [[9, 2]]}):
            try:
                record = msgspec.convert(taken_over(id, put(raw, at, odd)), Record)
            except msgspec.ValidationError:
                continue  # it is put aside, and said to be unreadable
            if record.first:
                items = Judge(exercise, work, plan).of(record.first)
                assert items is None or all(0 <= got <= 1 for got in items.values())
                judged += 1
    assert judged > 100
