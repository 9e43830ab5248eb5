"""Files that nobody should trust, place by place: whatever stands where, a class is collected,
every file has its marks or a line that says why not, and nobody's marks hang on another's file.

The structural part takes a small work file that uses all that a work file may hold, and puts at
every place in it, one at a time, what does not belong there.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import random
import struct
import zipfile
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desk.author.new_article import headline_of
from desk.collect import class_report, rubric_marks, tables, work_file
from desk.collect.collect import CollectError, collect
from desk.collect.marks import AGREEMENT, AUTO
from desk.collect.pair import Pair
from desk.collect.plan import plan_of
from desk.collect.roll import Roll
from desk.collect.rubric import Given
from desk.collect.submissions import FolderError, Found, Owner, Problem, find
from desk.handout import assignment as assignments
from desk.handout.assignment import Assignment
from desk.make import model_student
from kit import exercises
from kit.base.errors import KitError
from kit.exercises.record import MOST_TRIES
from kit.text import intake
from kit.work.errors import NotSaved, WorkbookError
from kit.work.names import file_stem
from kit.work.workbook import Workbook
from tests.synthetic_class import ARTICLE, CODEBOOK, LESSONS, Pupil, zipped

#: One exercise of each form, with labels on units, on words and in records.
KEPT = ("1.4", "2.2", "2.4", "2.5", "3.1", "4.1", "5.2", "6.2")
ASKED = Assignment("w", "A week", ARTICLE.id, LESSONS, KEPT)
HOLE = "a place in the file"
#: What is put at each place, as JSON.
VALUES = {
    "null": "null",
    "true": "true",
    "0": "0",
    "-1": "-1",
    "a half": "0.5",
    "huge": "1e308",
    "400 digits": "1" * 400,
    "beyond 64 bits": "18446744073709551616",
    "no text": '""',
    "text": '"x"',
    "half a letter": '"\\ud800"',
    "nul": '"\\u0000"',
    "formula": '"=1+1\\r\\n\\u202e<script>"',
    "long": '"' + "A" * 70_000 + '"',
    "list": "[]",
    "object": "{}",
    "list in list": "[[]]",
    "odds and ends": '["x", 1, null, {}]',
    "deep": "[" * 5_000 + "]" * 5_000,
}


@cache
def good(name: str = "Ana", seed: int = 1, **how: Any) -> bytes:
    return Pupil(name, random.Random(seed), **how).file()


def changed(data: bytes, **parts: Any) -> bytes:
    return json.dumps({**json.loads(data), **parts}).encode()


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def collected(base: Path, files: dict[str, bytes], assignment: Assignment | None = None):
    """Return the rows of marks.csv by file, and those of problems.csv."""
    for name, data in files.items():
        path = base / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    asked = assignment and assignments.write(assignment, base)
    collect(base / "in", base / "out", asked)
    marks = {row["file"]: row for row in read(base / "out" / "marks.csv")}
    return marks, read(base / "out" / "problems.csv")


# -- place by place --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, Any]:
    """A small work file made by the kit itself, in which everything is there once or twice."""
    book = Workbook.open(ARTICLE, CODEBOOK, "Ana Pérez", tmp_path_factory.mktemp("whole"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)  # a disk's time, and no more
        model_student.do_lesson(book, "02-structure", right=False)
        for lesson in LESSONS:
            model_student.do_lesson(book, lesson)
    for layer in CODEBOOK.layers:
        for a in book.coding.on(layer.id):
            if a.codes or a.parts:
                book.put(msgspec.structs.replace(a, note="I changed my mind about it."))
                break
    book.note("codebook", "Say more of what a lede is not.")
    book.sign("Ana")
    file = json.loads(book.to_json()) | {"checksum": ""}  # so that what is changed in it is read
    file["labels"] = _few(file["labels"])
    for commit in file["commits"].values():
        commit["annotations"] = _few(commit["annotations"])
    file["answers"] = {id: file["answers"][id] for id in KEPT}
    for record in file["answers"].values():
        record["tries"] = record["tries"][-2:]
        for one in (record["first"], *record["tries"]):
            for key in list(one["values"])[2:]:
                del one["values"][key]
            if "labels" in one:
                one["labels"] = one["labels"][:2]
    return file


def _few(labels: list[dict]) -> list[dict]:
    """Return of each layer the label in which there is most."""
    most: dict[str, dict] = {}
    for label in sorted(labels, key=lambda label: len(json.dumps(label))):
        most[label["layer"]] = label
    return list(most.values())


def places(node: Any, at: tuple = ()) -> Iterator[tuple]:
    if at:
        yield at
    pairs = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, inner in pairs:
        yield from places(inner, (*at, key))


def there(tree: Any, at: tuple) -> Any:
    for key in at:
        tree = tree[key]
    return tree


def put(tree: Any, at: tuple, value: Any) -> Any:
    """Return a copy in which another value, or with ``...`` none, stands at a place."""
    new = dict(tree) if isinstance(tree, dict) else list(tree)
    if len(at) > 1:
        new[at[0]] = put(tree[at[0]], at[1:], value)
    elif value is ...:
        del new[at[0]]
    else:
        new[at[0]] = value
    return new


def mutants(file: dict[str, Any], draw: random.Random, kinds: int) -> Iterator[tuple[str, bytes]]:
    """Yield for every place of a file some kinds of what does not belong there, drawn anew for
    each, so that over all places every kind comes many times."""
    everywhere = list(places(file))
    for at in everywhere:
        name = "/".join(map(str, at))
        here = there(file, at)
        text = json.dumps(put(file, at, HOLE))
        ways: dict[str, Any] = dict(VALUES)
        ways["missing"] = put(file, at, ...)
        ways["from elsewhere"] = put(file, at, there(file, draw.choice(everywhere)))
        if isinstance(here, list):
            ways["twice"] = put(file, at, here * 2)
            ways["as object"] = put(file, at, {str(n): one for n, one in enumerate(here)})
            ways["backwards"] = put(file, at, here[::-1])
        if isinstance(here, dict):
            ways["unknown key"] = put(file, at, {**here, "surprise": 1})
            ways["another key"] = put(file, at, dict(zip(["10-20", "P99", ""], here.values())))
            ways["as list"] = put(file, at, list(here.values()))
        if isinstance(here, str):
            ways["more"] = put(file, at, f"{here} =x")
            ways["in a list"] = put(file, at, [here])
        if isinstance(here, int):
            ways["one more"], ways["far off"] = put(file, at, here + 1), put(file, at, 10**12)
        for way in draw.sample(list(ways), min(kinds, len(ways))):
            made = ways[way]
            data = text.replace(json.dumps(HOLE), made) if way in VALUES else json.dumps(made)
            yield f"{name} = {way}", data.encode()


class Klass:
    """A class that is collected again and again, with three honest students and some files more."""

    def __init__(self, assignment: Assignment):
        self.plan = plan_of(assignment)
        self.honest = {f"honest {n}": good(f"Honest {n}", n) for n in range(3)}
        self.wanted = self.collect({})

    def collect(self, files: dict[str, bytes]) -> dict[str, list]:
        """Collect the files before the honest ones and look at every table; return the honest
        students' rows."""
        self.plan.known.clear()
        roll = Roll(self.plan)
        for place, data in {**files, **self.honest}.items():
            roll.take(Found(place, Owner(), data))
        for student in roll.students:
            for answer in rubric_marks.answers_of(student):
                rubric_marks.line(answer)
                tables.free_text(student, answer, Given({}), None)
        head, *rows = tables.marks(roll)
        for table in (
            [head, *rows],
            tables.canvas(roll),
            tables.moodle(roll),
            tables.agreement(roll),
            tables.problems(roll),
        ):
            for row in table:
                assert all(not isinstance(c, float) or math.isfinite(c) for c in row), row
        for row in rows:
            points = dict(zip(head, row))
            assert 0 <= points["facts with first answers"] <= AUTO >= points["facts and anchors"]
            assert points["facts and anchors"] >= 0 and 0 <= points["agreement work"] <= AGREEMENT
            shares = [v for k, v in points.items() if k.endswith((" first", " best"))]
            assert all(0 <= share <= 1 for share in shares if isinstance(share, float)), row
        by_file = {row[head.index("file")]: row for row in rows}
        told = {problem.place: problem for problem in roll.problems}
        for place in files:
            assert place in by_file or told[place].why, f"{place}: neither marks nor a line"
        class_report.page(roll, made=datetime(2024, 10, 8)).encode()
        return {place: by_file[place] for place in self.honest}


@pytest.mark.parametrize("mode", ["practice", "graded"])
def test_whatever_stands_where_a_class_is_collected(whole, mode):
    klass = Klass(msgspec.structs.replace(ASKED, mode=mode))
    draw = random.Random(f"places {mode}")
    files: dict[str, bytes] = {}
    n = 0
    for n, (name, data) in enumerate(mutants(whole, draw, kinds=2), start=1):
        files[name] = data
        if n % 250 == 0:
            assert klass.collect(files) == klass.wanted
            files = {}
    assert klass.collect(files) == klass.wanted
    assert n > 900


def test_whatever_stands_where_a_lesson_opens_and_nothing_is_lost(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    draw = random.Random("lessons")
    for n, (name, data) in enumerate(mutants(whole, draw, kinds=1)):
        path = tmp_path / f"{n}" / ARTICLE.id / f"{file_stem('Ana Pérez')}.json"
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        try:
            book = Workbook.open(ARTICLE, CODEBOOK, "Ana Pérez", tmp_path / f"{n}")
        except WorkbookError as problem:
            assert path.read_bytes() == data, name
            assert len(str(problem)) < 1_200 and "\x00" not in str(problem), name
            continue
        if book.notice and not book.unfit:
            (aside,) = path.parent.glob("*.aside-*")
            assert aside.read_bytes() == data and len(book.notice) < 600, name
            continue
        before = json.loads(data)
        for id in KEPT:
            exercises.read(book, id)
        try:
            book.note("extra", "one more")
        except NotSaved as problem:  # with all that it holds the file would be too large
            assert "larger than" in str(problem) and path.read_bytes() == data, name
            continue
        after = json.loads(path.read_bytes())
        assert after["notes"] == {**before.get("notes", {}), "extra": "one more"}, name
        assert after["answers"] == before.get("answers", {}), name
        kept = len(after["labels"]) + len(after["unfit"])
        assert kept == len(before.get("labels", ())), name
        assert set(after["commits"]) == set(before.get("commits", {})), name


def test_whatever_stands_where_a_pair_is_settled_or_told(whole, tmp_path):
    draw = random.Random("pairs")
    other = tmp_path / "bo.json"
    other.write_bytes(good("Bo", 2))
    settled = 0
    every = list(mutants(whole, draw, kinds=1))
    for n, (name, data) in enumerate(draw.sample(every, 60)):
        one = tmp_path / f"{n}.json"
        one.write_bytes(data)
        try:
            pair = Pair(one, other, "role")
            pair.compare()
            pair.resolve(pair.differences()[0].place, "main-event", "It has happened.")
        except KitError as problem:
            assert len(str(problem)) < 800, name
            continue
        settled += 1
        copy = json.loads((tmp_path / f"{n}.settled.json").read_bytes())
        assert copy.get("answers") == json.loads(data).get("answers"), name
        (tmp_path / "bo.settled.json").unlink()
    assert settled > 10


# -- what a file may not do to a class -------------------------------------------------------------


def test_no_file_decides_what_another_students_answer_is_worth(tmp_path):
    """Labels that no page of the kit lets anybody set are worth nothing, and only there."""
    wanted, _ = collected(tmp_path / "alone", {"z.json": good("Zoe", 2, skill=1.0)})
    evil = json.loads(good("Evil", 5, skill=1.0))
    for record in evil["answers"].values():
        for one in (record["first"], *record["tries"]):
            for label in one["labels"]:
                label["fields"] = {"no-such-field": "x"}
    files = {"a.json": json.dumps(evil).encode(), "z.json": good("Zoe", 2, skill=1.0)}
    found, _ = collected(tmp_path / "both", files)
    assert found["a.json"]["2.2 best"] == "0.0" and found["z.json"]["2.2 best"] == "1.0"
    assert found["z.json"] == wanted["z.json"]


def test_two_students_whose_name_is_too_long_are_two_students(tmp_path):
    files = {f"{n}.json": good("A" * 300, n) for n in range(3)}
    found, _ = collected(tmp_path, files)
    assert len({row["student"] for row in found.values()}) == 3


def test_an_answer_with_more_tries_than_the_kit_keeps_is_not_read(tmp_path):
    file = json.loads(good())
    record = file["answers"]["2.5"]
    record["tries"] = [{**record["first"], "at": str(n)} for n in range(MOST_TRIES + 1)]
    found, told = collected(tmp_path, {"a.json": json.dumps(file).encode()})
    assert found["a.json"]["2.5 best"] == "" and found["a.json"]["2.4 best"] != ""
    assert [row["why"] for row in told] == ["The answer to 2.5 cannot be read. The file is used."]


@pytest.mark.parametrize(
    "what",
    [
        *("labels of an answer", "runs of words", "bytes"),
        *("labels of before", "parts of before", "runs of before"),
    ],
)
def test_an_answer_in_which_there_is_too_much_is_not_read(what):
    file = json.loads(good())
    one = file["answers"]["3.1"]["first"]
    span = {"start": 10, "end": 20}
    label = {"id": "x", "layer": "attribution", "at": span}
    if what == "labels of an answer":
        one["labels"] = [label] * (work_file.MOST_LABELS + 1)
    elif what == "labels of before":
        file["schema"] = "kit-work-1"
        one["values"]["labels"] = {f"{n}-{n + 5}": [] for n in range(work_file.MOST_LABELS + 1)}
    elif what == "parts of before":
        file["schema"] = "kit-work-1"
        one["values"]["labels"] = {}
        one["whole"] = {f"{n}-{n + 5}": {} for n in range(201)}
    elif what == "runs of before":
        file["schema"] = "kit-work-1"
        one["values"]["labels"] = {}
        one["whole"] = {"10-20": {"parts": {"cue": [[10, 20]] * 9}}}
    elif what == "bytes":
        one["values"]["text"] = "A" * work_file.MOST_ANSWER
    else:
        one["labels"] = [{**label, "parts": {"cue": [span] * 9}}]
    work = work_file.read(json.dumps(file).encode(), ARTICLE, CODEBOOK)
    assert work.unreadable == ("3.1",) and "2.5" in work.records


def test_answers_to_what_nobody_asked_are_no_problems(tmp_path):
    file = json.loads(good())
    file["answers"] |= {f"x{n}": 0 for n in range(50)}
    found, told = collected(tmp_path, {"a.json": json.dumps(file).encode()})
    assert list(found) == ["a.json"] and told == []


@pytest.mark.parametrize("what", ["labels", "answers", "runs of words"])
def test_a_flood_is_told_in_words(tmp_path, what):
    label = {"id": "x", "layer": "attribution", "at": {"start": 596, "end": 671}}
    span = {"start": 596, "end": 600}
    flood = {
        "labels": {"labels": [{**label, "id": f"x{n}"} for n in range(3_001)]},
        "answers": {"answers": {f"x{n}": {} for n in range(1_001)}},
        "runs of words": {"labels": [{**label, "parts": {"content": [span] * 9_001}}]},
    }
    data = changed(good(), **flood[what])
    found, told = collected(tmp_path, {"a.json": data, "b.json": good("Bo", 2)})
    assert list(found) == ["b.json"]
    (row,) = told
    said = "answers" if what == "answers" else "labels"
    assert row["why"] == f"It holds more {said} than anybody makes." and row["what to do"] == "ask"


@pytest.mark.parametrize(
    "data, said",
    [
        (changed(good(), labels=[1]), "its labels cannot be read"),
        (changed(good(), commits={"role": 1}), "its first answers cannot be read"),
        (changed(good(), notes={"a": 1}), "its notes cannot be read"),
        (changed(good(), revision="x"), "what it says of itself cannot be read"),
        (changed(good(), surprise=1), "what it says of itself cannot be read"),
        (good()[:900], "its end is missing"),
        (b"{'schema': 1}", "it is not whole"),
    ],
)
def test_damage_is_told_in_words(tmp_path, data, said):
    """To whoever collects, and to the student whose file it is."""
    _, told = collected(tmp_path, {"a.json": data, "b.json": good("Bo", 2)})
    assert f"It is damaged: {said}" in told[0]["why"]
    path = tmp_path / "work" / ARTICLE.id / "ana.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert f"was damaged ({said}" in Workbook.open(ARTICLE, CODEBOOK, "Ana", path.parents[1]).notice


def test_an_assignment_that_names_a_thing_twice_counts_it_once(tmp_path):
    twice = msgspec.structs.replace(
        ASKED, lessons=LESSONS * 2, exercises=KEPT * 2, layers=("role", "role")
    )
    once = msgspec.structs.replace(ASKED, layers=("role",))
    files = {"a.json": good()}
    found, _ = collected(tmp_path / "twice", files, twice)
    wanted, _ = collected(tmp_path / "once", files, once)
    assert found == wanted and found["a.json"]["agreement work"] != "0.0"


def test_a_settled_copy_keeps_an_answer_that_nobody_can_read(tmp_path):
    """Nested so deep that no program here makes anything of it."""
    data = changed(good(), answers={"9.9": HOLE}).replace(
        json.dumps(HOLE).encode(), b"[" * 700 + b"]" * 700
    )
    (tmp_path / "a.json").write_bytes(data)
    (tmp_path / "b.json").write_bytes(good("Bo", 2))
    one, other = tmp_path / "a.json", tmp_path / "b.json"
    pair = Pair(one, other, "role")
    made, _ = pair.resolve(pair.differences()[0].place, "main-event", "It has happened.")
    assert b"".join(made.read_bytes().split()).count(b"[" * 700) == 1


# -- zips and folders ------------------------------------------------------------------------------


def looked(tmp_path: Path, data: bytes) -> tuple[list[str], list[str]]:
    """Return which files of a zip are used, and what is said of others."""
    (tmp_path / "class.zip").write_bytes(data)
    every = list(find(tmp_path))
    used = [one.place for one in every if isinstance(one, Found)]
    return used, [f"{one.place}: {one.why}" for one in every if isinstance(one, Problem)]


@pytest.mark.parametrize(
    "members, used, told",
    [
        ({}, [], ["class.zip: There is nothing in the zip."]),
        ({"empty/": b""}, [], ["class.zip: There is nothing in the zip."]),
        ({"./ana.json": b"{}", "a//./b.json": b"{}"}, ["class/ana.json", "class/a/b.json"], []),
        ({"ana.json ": b"{}", "bo.json.": b"{}"}, ["class/ana.json", "class/bo.json."], []),
        ({"Ana.json": b"{}", "ana.JSON": b"{}"}, ["class/Ana.json", "class/ana.JSON"], []),
        ({"a\\": b"", "a\\b.json": b"{}"}, ["class/a/b.json"], []),
        (
            {"ana.json/": b"{}", "bo.json/x.json": b"{}"},
            ["class/bo.json/x.json"],
            ["class/ana.json/: It is called like a folder, and is a file."],
        ),
        ({"../x.json": b"{}"}, [], ["class/../x.json: The zip names a place outside itself."]),
    ],
)
def test_names_in_zips_that_few_programs_write(tmp_path, members, used, told):
    assert looked(tmp_path, zipped(members)) == (used, told)


def test_a_zip_of_which_any_byte_is_another_is_used_or_told(tmp_path):
    whole = zipped({"ana.json": good()})
    draw = random.Random("zips")
    heads = [*range(40), *range(whole.rindex(b"PK\1\2"), len(whole))]
    for _ in range(200):
        data = bytearray(whole)
        for at in draw.sample(heads, draw.choice([1, 2, 6])):
            data[at] = draw.randrange(256)
        used, told = looked(tmp_path, bytes(data))
        assert used or told


def test_sizes_that_a_zip_does_not_keep_to_are_no_ones_memory(tmp_path):
    whole = zipped({"ana.json": good()})
    at = whole.rindex(b"PK\1\2")
    for place, size in ((20, 10), (20, 2**31), (24, 5), (24, 2**31), (42, 2**31), (16, 1)):
        data = bytearray(whole)
        struct.pack_into("<L", data, at + place, size)
        used, told = looked(tmp_path, bytes(data))
        assert used == ["class/ana.json"] or "It cannot be unpacked" in told[0]
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w") as archive, archive.open("a.json", "w", force_zip64=True) as f:
        f.write(b"{}")
    assert looked(tmp_path, large.getvalue()) == (["class/a.json"], [])


def test_what_is_no_file_is_told_and_never_waited_for(tmp_path):
    (tmp_path / "ana.json").mkdir()
    (tmp_path / "ana.json" / "work.json ").write_bytes(b"{}")
    told = {}
    if os.name == "posix":
        os.mkfifo(tmp_path / "pipe.zip")
        (tmp_path / "loop").symlink_to("loop")
        (tmp_path / os.fsdecode(b"\xff.json")).write_bytes(b"{}")
        told = {"pipe.zip": "no ordinary file", "loop": "link"}
    every = list(find(tmp_path))
    assert "ana.json/work.json" in {one.place for one in every if isinstance(one, Found)}
    assert {p.place for p in every if isinstance(p, Problem)} == set(told)
    assert all(told[p.place] in p.why for p in every if isinstance(p, Problem))


def test_names_that_no_disk_takes_are_a_sentence(tmp_path):
    (tmp_path / "out").mkdir()
    for name in ("a" * 400, "x/" * 3_000, "n\0l"):
        with pytest.raises(FolderError):
            collect(Path(name), tmp_path / "out")
    with pytest.raises(CollectError, match="itself"):
        (tmp_path / "in").mkdir()
        collect(tmp_path / "in", tmp_path / "in")


# -- articles --------------------------------------------------------------------------------------


@pytest.mark.parametrize("begin", ["<!-- saved -->", "<?xml version='1.0'?>", "\ufeff <HEAD>"])
def test_the_source_of_a_page_is_no_article_however_it_begins(begin):
    with pytest.raises(intake.IntakeError, match="web page’s source"):
        intake.clean(f"{begin}{'The minister said so on Monday. ' * 20}".encode())


@pytest.mark.parametrize("begin", ["<div class='a'>", "<p>"])
def test_a_piece_of_a_page_is_read_as_a_reader_sees_it(begin):
    story = "The minister said so on Monday. " * 20
    assert intake.clean(f"{begin}{story}".encode()).text == f"{story.strip()}\n"


@pytest.mark.parametrize(
    "story", ["部长说会谈很好。" * 40, "A" * 200 + " is a word that nobody wrote"]
)
def test_a_headline_is_never_empty_where_no_blank_parts_the_words(story):
    title = headline_of(f"{story}\n")
    assert title.startswith(story[:70]) and title.endswith(" …") and len(title) <= 82
