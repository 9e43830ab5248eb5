"""Free text: marked once, in every table afterwards; no mark lost, none taken for another's."""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from desk.base.output_folder import STAMP
from desk.collect import rubric_marks, rubric_table
from desk.collect.collect import FILES, collect
from desk.collect.rubric import CRITERIA, Given
from desk.collect.rubric_marks import Mark, RubricError
from desk.collect.rubric_table import COLUMNS
from desk.handout import assignment as assignments
from desk.handout.assignment import Assignment
from desk.pages.marking import Desk, mark_free_text
from kit.base.errors import KitError
from kit.library import datasets
from tests import synthetic_class
from tests.browser import Student, wait_until
from tests.jupyter_server import jupyter
from tests.synthetic_class import ARTICLE, EVIL, Pupil

NOTEBOOK = datasets.root() / "notebooks" / "instructor" / "mark-free-text.ipynb"
GUIDE = datasets.root() / "notebooks" / "instructor" / "guide.md"
IDS = [criterion.id for criterion in CRITERIA]
#: The exercises of the assignment below with free text that counts.
WRITTEN = ("1.4", "1.6", "3.4")


def scores(*points: int) -> dict[str, int]:
    return dict(zip(IDS, points))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(
    path: Path, rows: list[dict[str, str]], encoding="utf-8-sig", delimiter=",", quoting=0
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, quoting=quoting)
        table.writeheader()
        table.writerows(rows)
    return path


class Klass:
    """A class of three, one of whom has not handed in 1.6, with its results."""

    def __init__(self, base: Path, made: Path | None = None):
        self.folder, self.out = base / "in", base / "out"
        self.assignment = base / "assignment.json"
        if made is not None:
            shutil.copytree(made, base, dirs_exist_ok=True)
            return
        self.folder.mkdir()
        for n, name in enumerate(("Ana", "Ben", "Cleo")):
            file = json.loads(Pupil(name, random.Random(n)).file())
            if name == "Cleo":
                del file["answers"]["1.6"]
            self.put(name, file)
        asked = Assignment(
            "w",
            "Week 3",
            ARTICLE.id,
            ("01-what-am-i-reading", "03-who-speaks"),
            layers=("position",),
        )
        self.assignment = assignments.write(asked, base)

    def path(self, name: str) -> Path:
        return self.folder / f"{name.lower()}.json"

    def file(self, name: str) -> dict:
        return json.loads(self.path(name).read_bytes())

    def put(self, name: str, file: dict) -> None:
        self.path(name).write_text(json.dumps(file))

    def says(self, name: str, exercise: str, **values) -> None:
        """Let a student hand in another answer."""
        file = self.file(name)
        file["answers"][exercise]["tries"][-1]["values"].update(values)
        self.put(name, file)

    def collect(self, **how):
        return collect(self.folder, self.out, self.assignment, **how)

    def table(self, name: str = "marks.csv") -> dict[str, dict[str, str]]:
        rows = read(self.out / name)
        key = next(k for k in ("student", "Student", "Full name") if k in rows[0])
        return {row[key]: row for row in rows}

    def row(self, student: str, exercise: str) -> dict[str, str]:
        rows = read(self.out / "free-text.csv")
        (row,) = [r for r in rows if (r["student"], r["exercise"]) == (student, exercise)]
        return row

    def fill(self, *cells: tuple[str, str, dict[str, str]]) -> None:
        """Write into free-text.csv as somebody with a spreadsheet does."""
        rows = read(self.out / "free-text.csv")
        for student, exercise, changes in cells:
            for row in rows:
                if (row["student"], row["exercise"]) == (student, exercise):
                    row |= changes
        write(self.out / "free-text.csv", rows)

    def why(self) -> str:
        return " ".join(row["why"] for row in read(self.out / "problems.csv"))

    def mark(self, student: str, exercise: str, points: tuple[int, ...], comment: str = "") -> None:
        """Mark as the form does."""
        desk = Desk(self.out)
        desk.mark(key_in(desk, student, exercise), scores(*points), comment)


def key_in(desk: Desk, student: str, exercise: str) -> str:
    (key,) = [
        key for key, one in desk._by_key.items() if (one.name, one.exercise) == (student, exercise)
    ]
    return key


def cells(*points: object, comment: str = "") -> dict[str, str]:
    return {COLUMNS[id]: str(n) for id, n in zip(IDS, points)} | {"comment": comment}


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    base = tmp_path_factory.mktemp("class")
    Klass(base).collect()
    return base


@pytest.fixture
def klass(collected, tmp_path, monkeypatch) -> Klass:
    """The class, a copy for each test."""
    monkeypatch.setenv("KIT_WORK", str(tmp_path / "work"))
    return Klass(tmp_path, collected)


# -- the rubric ------------------------------------------------------------------------------------


def test_the_rubric_is_the_one_in_the_guide():
    rows = re.findall(
        r"^\| \*\*(\w+)\*\* \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", GUIDE.read_text(), re.M
    )
    assert rows == [(c.name, *c.levels) for c in CRITERIA]


# -- totals ----------------------------------------------------------------------------------------


def test_marks_are_in_every_table_after_collecting_again(klass):
    before = klass.table()
    assert {row["free text"] for row in before.values()} == {""}
    assert [before[name]["free text to mark"] for name in ("Ana", "Ben", "Cleo")] == ["3", "3", "2"]
    klass.mark("Ana", "1.4", (3, 2, 1, 3), "Good limits.")
    klass.mark("Cleo", "1.4", (0, 1, 0, 0))
    klass.mark("Cleo", "3.4", (3, 3, 3, 3))
    klass.collect()
    for _ in range(2):  # and again nothing is lost
        rows = klass.table()
        # Each of three exercises is worth a third of 40 points; 12 points of the rubric are all.
        assert float(rows["Ana"]["free text"]) == pytest.approx(40 / 3 * 9 / 12, abs=0.051)
        assert float(rows["Cleo"]["free text"]) == pytest.approx(40 / 3 * (1 + 12) / 12, abs=0.051)
        assert rows["Ben"]["free text"] == ""
        assert [rows[n]["free text to mark"] for n in ("Ana", "Ben", "Cleo")] == ["2", "3", "0"]
        assert [rows["Ana"][f"{e} rubric"] for e in WRITTEN] == ["9", "", ""]
        assert [rows["Cleo"][f"{e} rubric"] for e in WRITTEN] == ["1", "", "12"]
        # Points so far are of 60 until the last answer is marked, then of 100.
        for name, of in (("Ana", "60"), ("Ben", "60"), ("Cleo", "100")):
            parts = ["facts and anchors", "agreement work", *(["free text"] if of == "100" else [])]
            assert rows[name]["points out of"] == of
            total = sum(float(rows[name][part]) for part in parts)
            assert float(rows[name]["points so far"]) == pytest.approx(total, abs=0.11)
        canvas, moodle = klass.table("marks-canvas.csv"), klass.table("marks-moodle.csv")
        assert canvas["Ana"]["Week 3: free text"] == ""
        assert canvas["Cleo"]["Week 3: free text"] == rows["Cleo"]["free text"]
        assert moodle["Cleo"]["Grade"] == rows["Cleo"]["points so far"]
        assert (
            f"Free text: {rows['Cleo']['free text']} of 40." in moodle["Cleo"]["Feedback comments"]
        )
        assert "1.4: 9 of 12. Good limits." in moodle["Ana"]["Feedback comments"]
        assert "is worth 40 more" in moodle["Ana"]["Feedback comments"]
        row = klass.row("Ana", "1.4")
        assert [row[COLUMNS[id]] for id in IDS] == ["3", "2", "1", "3"]
        assert (row["comment"], row["of 12"]) == ("Good limits.", "9")
        page = (klass.out / "report.html").read_text(encoding="utf-8")
        assert "5 answers still to mark" in page and "Free text, of 40" in page
        klass.collect()


def test_an_answer_without_all_four_points_is_not_marked(klass):
    klass.mark("Cleo", "1.4", (3, 3))
    klass.mark("Cleo", "3.4", (3, 3, 3, 3))
    klass.collect()
    row = klass.table()["Cleo"]
    assert (row["free text to mark"], row["1.4 rubric"], row["points out of"]) == ("1", "", "60")
    assert klass.row("Cleo", "1.4")["Method 0-3"] == "3" and klass.row("Cleo", "1.4")["of 12"] == ""


def test_a_changed_answer_keeps_its_old_mark_in_sight_and_not_in_the_total(klass):
    klass.mark("Ana", "1.4", (3, 2, 1, 3))
    klass.says("Ana", "1.4", claim="Quite another answer.")
    klass.collect()
    assert klass.table()["Ana"]["free text"] == ""
    row = klass.row("Ana", "1.4")
    assert row["remark"] == "The answer has changed since it was marked: 3, 2, 1, 3: 9 of 12."
    assert [row[COLUMNS[id]] for id in IDS] == [""] * 4
    desk = Desk(klass.out)
    view = desk.view()
    assert view["title"].startswith("1.4") and "has changed since you marked it" in view["notice"]
    assert view["scores"] == {} and "3, 2, 1, 3: 9 of 12" in view["notice"]
    desk.mark(view["key"], scores(1, 1, 1, 1), "")
    assert "has changed" not in desk.view()["notice"]
    # Back to the old answer: its mark is there as it was.
    klass.says("Ana", "1.4", claim="What Ana wrote, in a few words.")
    klass.collect()
    assert klass.table()["Ana"]["1.4 rubric"] == "9"


def test_evidence_is_part_of_the_answer(klass):
    klass.mark("Ana", "1.4", (3, 2, 1, 3))
    klass.says("Ana", "1.4", evidence=[{"block": "P7", "words": "probably the most"}])
    klass.collect()
    assert klass.table()["Ana"]["1.4 rubric"] == ""


def test_a_draft_needs_no_mark_and_may_have_one(klass):
    file = klass.file("Ben")
    there = file["answers"]["1.6"]
    file["answers"]["1.6"] = {"values": there["tries"][-1]["values"]}
    klass.put("Ben", file)
    klass.collect()
    assert klass.table()["Ben"]["free text to mark"] == "2"
    assert klass.row("Ben", "1.6")["handed in"] == "draft only"
    desk = Desk(klass.out)
    assert desk.view()["left"] == "7 still to mark"
    klass.mark("Ben", "1.6", (1, 1, 1, 1))
    klass.collect()
    assert float(klass.table()["Ben"]["free text"]) == pytest.approx(40 / 3 * 4 / 12, abs=0.051)


def test_marks_are_kept_under_the_number_that_a_platform_gives(tmp_path):
    made = synthetic_class.make(tmp_path / "in", 2, defects=0, layout="moodle")
    asked = Assignment("w", "", ARTICLE.id, ("01-what-am-i-reading",), layers=("position",))
    asked = assignments.write(asked, tmp_path)
    collect(tmp_path / "in", tmp_path / "out", asked)
    desk = Desk(tmp_path / "out")
    desk.mark(desk.view()["key"], scores(1, 2, 3, 3), "")
    (mark,) = rubric_marks.kept(tmp_path / "out").values()
    assert mark.student == "moodle:700000" and mark.name in made.good
    folder = next((tmp_path / "in").glob("*700000*"))
    folder.rename(folder.with_name("Somebody Else_700000_assignsubmission_file_"))
    collect(tmp_path / "in", tmp_path / "out", asked)
    rows = {row["student"]: row for row in read(tmp_path / "out" / "marks.csv")}
    assert rows["Somebody Else"]["1.4 rubric"] == "9"


# -- a spreadsheet ---------------------------------------------------------------------------------


def test_what_is_filled_in_in_its_place_is_taken_in_and_stays(klass):
    klass.fill(
        ("Ana", "1.4", cells(3, 2, 1, 0, comment="Say what follows.")),
        ("Ben", "3.4", cells("2.0", "2,0", " 1 ", "0")),
    )
    for _ in range(2):
        klass.collect()
        rows = klass.table()
        assert (rows["Ana"]["1.4 rubric"], rows["Ben"]["3.4 rubric"]) == ("6", "5")
        assert klass.row("Ana", "1.4")["comment"] == "Say what follows."
        assert klass.why() == "" and not list(klass.out.glob("*as-edited*"))
    klass.fill(("Ana", "1.4", cells(3, 3, 3, 3, comment="Say what follows.")))
    klass.collect()
    assert klass.table()["Ana"]["1.4 rubric"] == "12"


def test_a_table_that_is_older_than_the_form_changes_nothing(klass):
    klass.fill(("Ana", "1.4", cells(1, 1, 1, 1)))
    klass.collect()
    klass.mark("Ana", "1.4", (3, 3, 3, 3))
    klass.collect()  # free-text.csv still says 1, 1, 1, 1, as the kit wrote it
    assert klass.table()["Ana"]["1.4 rubric"] == "12" and klass.why() == ""
    klass.fill(("Ana", "1.4", cells(2, 2, 2, 2)))
    klass.mark("Ana", "1.4", (0, 0, 0, 0))
    klass.collect()  # both were changed
    assert klass.table()["Ana"]["1.4 rubric"] == "0"
    assert "it says 2, 2, 2, 2: 8 of 12, but meanwhile 0, 0, 0, 0: 0 of 12" in klass.why()
    (aside,) = klass.out.glob("free-text.as-edited*.csv")
    assert (
        cells(2, 2, 2, 2).items() <= next(r for r in read(aside) if r["student"] == "Ana").items()
    )


def test_a_lost_file_of_marks_is_found_again_in_the_table(klass):
    klass.mark("Ana", "1.4", (3, 2, 1, 3), "Good.")
    klass.collect()
    (klass.out / rubric_marks.MARKS).unlink()
    klass.collect()
    assert klass.table()["Ana"]["1.4 rubric"] == "9"


@pytest.mark.parametrize(
    ("encoding", "delimiter", "quoting"),
    [
        ("utf-8-sig", ",", csv.QUOTE_MINIMAL),
        ("utf-8-sig", ";", csv.QUOTE_ALL),
        ("utf-8", ";", csv.QUOTE_MINIMAL),
        ("utf-16", "\t", csv.QUOTE_ALL),
        ("cp1252", ";", csv.QUOTE_MINIMAL),
        ("cp1252", ",", csv.QUOTE_MINIMAL),
    ],
)
def test_a_named_table_is_read_as_any_program_writes_it(
    klass, tmp_path, encoding, delimiter, quoting
):
    rows = read(klass.out / "free-text.csv")
    for row in rows:
        row["text"] = "left out"
        if row["student"] == "Ben":
            row |= cells(1, 2, 3, 3, comment="“Très bien”")
        row["my own column"] = "x"
    rows = [dict(reversed(row.items())) for row in reversed(rows)]
    copy = write(tmp_path / "mine.csv", rows, encoding, delimiter, quoting)
    klass.mark("Ben", "1.4", (0, 0, 0, 0))
    klass.collect(rubric=copy)
    row = klass.table()["Ben"]
    assert [row[f"{e} rubric"] for e in WRITTEN] == ["9", "9", "9"]
    assert row["free text"] == "30.0" and klass.why() == ""
    assert "“Très bien”" in klass.table("marks-moodle.csv")["Ben"]["Feedback comments"]


def test_a_program_that_makes_dates_of_exercises_does_no_harm(klass):
    rows = read(klass.out / "free-text.csv")
    for row in rows:
        if row["student"] == "Ana":
            row |= cells(1, 1, 1, 1)
        row["exercise"] = {"1.4": "01. Apr", "1.6": "1.60"}.get(row["exercise"], row["exercise"])
    write(klass.out / "free-text.csv", rows)
    klass.collect()
    assert [klass.table()["Ana"][f"{e} rubric"] for e in WRITTEN] == ["4", "4", "4"]


def test_a_table_of_an_older_kit_is_taken_in_where_the_text_is_the_same(klass, tmp_path):
    old = []
    for row in read(klass.out / "free-text.csv"):
        kept = {k: v for k, v in row.items() if k not in ("comment", "of 12", "remark", "answer")}
        old.append(kept | (cells(2, 2, 2, 2) if row["student"] == "Ben" else {}))
        old[-1].pop("comment", None)
    old[-1]["text"] = "What Cleo wrote before."
    old[-1] |= {COLUMNS[id]: "3" for id in IDS}
    (klass.out / rubric_marks.ANSWERS).unlink()
    write(klass.out / "free-text.csv", old)
    klass.collect()
    rows = klass.table()
    assert [rows["Ben"][f"{e} rubric"] for e in WRITTEN] == ["8", "8", "8"]
    assert (
        rows["Cleo"]["3.4 rubric"] == "" and "has changed since this table was made" in klass.why()
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (cells(4, 1, 1, 1), "“4” under Evidence is none of 0, 1, 2 and 3"),
        (cells(1, -1, 1, 1), "“-1” under Method is none of"),
        (cells(1, 1, "1.5", 1), "“1.5” under Interpretation is none of"),
        (cells(1, 1, 1, "=1+1"), "“=1+1” under Limits is none of"),
        (cells(1, 1, 1, "٣"), "“٣” under Limits is none of"),
        (cells(1, 1, 1, EVIL), "under Limits is none of"),
        (cells(1, 1, 1, "9" * 10_000), "under Limits is none of"),
        (cells(1, 1, 1, 1, comment="x" * 4_001), "more than 4,000 characters"),
        (cells(1, 1, 1, 1) | {"student": "Zoe"}, "(Zoe, 1.4): there is no student of this name"),
        (cells(1, 1, 1, 1) | {"student": ""}, "(no name, 1.4): there is no student"),
        (
            cells(1, 1, 1, 1) | {"exercise": "9.9", "answer": ""},
            "(Ana, 9.9): this student has written nothing for such an exercise",
        ),
        (cells(1, 1, 1, 1) | {"answer": "tfedcba9876543210"}, "has changed since this table"),
    ],
)
def test_a_row_that_cannot_be_taken_in_is_told_and_kept(klass, changes, said):
    klass.fill(("Ana", "1.4", changes), ("Ben", "1.4", cells(1, 1, 1, 1)))
    edited = (klass.out / "free-text.csv").read_bytes()
    klass.collect()
    assert said in klass.why()
    rows = klass.table()
    assert (rows["Ana"]["1.4 rubric"], rows["Ben"]["1.4 rubric"]) == ("", "4")
    assert (klass.out / "free-text.as-edited.csv").read_bytes() == edited
    klass.collect()  # what has been told is told once
    assert klass.why() == "" and len(list(klass.out.glob("*as-edited*"))) == 1


def test_two_rows_that_contradict_each_other_are_not_taken_in(klass):
    rows = read(klass.out / "free-text.csv")
    rows += [rows[0] | cells(1, 1, 1, 1), rows[0] | cells(2, 2, 2, 2)]
    write(klass.out / "free-text.csv", rows)
    klass.collect()
    assert "have different marks for the same answer" in klass.why()
    assert klass.table()["Ana"]["1.4 rubric"] == ""


HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)) * 50,
    "workbook": b"PK\3\4" + b"x" * 100,
    "old workbook": b"\xd0\xcf\x11\xe0" + b"x" * 100,
    "other table": b"name,mark\r\nAna,3\r\n",
    "json": b'{"student": "Ana"}',
    "no end": b"student,exercise," + ",".join(COLUMNS.values()).encode() + b'\r\nAna,1.4,"3,1,1,1',
    "half a letter": b"\xff\xfe\x00\xd8",
    "nul": b"\0" * 1000,
    "one line": b"," * 100_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_table_is_a_sentence_and_loses_nothing(klass, tmp_path, kind):
    klass.mark("Ana", "1.4", (3, 2, 1, 3))
    klass.collect()
    bad = tmp_path / "bad.csv"
    bad.write_bytes(HOSTILE[kind])
    with pytest.raises(RubricError) as told:
        klass.collect(rubric=bad)
    assert str(bad) in str(told.value) and str(told.value).endswith(".")
    # In the place of free-text.csv it is told of, and kept.
    (klass.out / "free-text.csv").write_bytes(HOSTILE[kind])
    klass.collect()
    assert "free-text.csv" in klass.why() and klass.table()["Ana"]["1.4 rubric"] == "9"
    assert (klass.out / "free-text.as-edited.csv").read_bytes() == HOSTILE[kind]
    assert klass.row("Ana", "1.4")["of 12"] == "9"


def test_names_that_lead_nowhere_are_a_sentence(klass, tmp_path):
    for path in (tmp_path / "none.csv", tmp_path, Path("x" * 300), Path("a\0b")):
        with pytest.raises(RubricError):
            klass.collect(rubric=path)


def test_a_table_with_too_many_rows_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(rubric_table, "MOST_ROWS", 50)
    row = {"student": "Ana", "exercise": "1.4"} | cells(1, 1, 1, 1)
    with pytest.raises(RubricError, match="more than 50 rows"):
        rubric_table.read(write(tmp_path / "long.csv", [row] * 60))


def test_formulas_and_html_in_comments_stay_words(klass):
    klass.mark("Ana", "1.4", (1, 1, 1, 1), "=HYPERLINK(1)")
    klass.mark("Ben", "1.4", (1, 1, 1, 1), EVIL)
    for _ in range(2):
        klass.collect()
        for name in ("free-text.csv", "marks-moodle.csv", "marks.csv"):
            with (klass.out / name).open(encoding="utf-8-sig", newline="") as file:
                assert not [c for cells in csv.reader(file) for c in cells if c.startswith("=")]
        said = klass.table("marks-moodle.csv")["Ben"]["Feedback comments"]
        assert "<" not in said and "&lt;script&gt;" in said
        assert "<script" not in (klass.out / "report.html").read_text(encoding="utf-8")
        desk = Desk(klass.out)
        desk.go("previous", "")
        assert EVIL in desk.view()["comment"] and "<script" not in desk.view()["html"]
        desk.go("previous", "")
        assert desk.view()["comment"] == "=HYPERLINK(1)"


# -- the files -------------------------------------------------------------------------------------


BROKEN_MARKS = {
    "empty": b"",
    "cut": b'{"schema": "kit-rubric-1", "marks": [{"student": "name:ana"',
    "list": b"[]",
    "newer": b'{"schema": "kit-rubric-9", "marks": []}',
    "four": b'{"schema":"kit-rubric-1","marks":[{"student":"a","exercise":"b","answer":"c",'
    b'"scores":{"method":4}}]}',
    "half": b'{"schema":"kit-rubric-1","marks":[{"student":"a","exercise":"b","answer":"c",'
    b'"scores":{"method":1.5}}]}',
    "deep": b'{"schema":"kit-rubric-1","marks":' + b"[" * 100_000,
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("kind", BROKEN_MARKS)
def test_a_damaged_file_of_marks_is_told_and_never_written_over(klass, kind):
    before = {name: (klass.out / name).read_bytes() for name in FILES}
    klass.mark("Ana", "1.4", (3, 2, 1, 3))
    desk = Desk(klass.out)
    (klass.out / rubric_marks.MARKS).write_bytes(BROKEN_MARKS[kind])
    with pytest.raises(RubricError, match=r"rubric-marks\.json") as told:
        klass.collect()
    assert "Traceback" not in str(told.value)
    with pytest.raises(RubricError, match=r"rubric-marks\.json"):
        desk.mark(desk.view()["key"], scores(1, 1, 1, 1), "")
    assert "rubric-marks.json" in Desk(klass.out).view()["say"]
    assert (klass.out / rubric_marks.MARKS).read_bytes() == BROKEN_MARKS[kind]
    assert {name: (klass.out / name).read_bytes() for name in FILES} == before


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]\n[2]\n", b"\xff\n", b"[" * 100_000, None])
def test_damaged_answers_are_told_and_made_anew(klass, damage):
    path = klass.out / rubric_marks.ANSWERS
    klass.mark("Ana", "1.4", (3, 2, 1, 3))
    path.unlink()
    if damage is None:
        path.mkdir()
        said = Desk(klass.out).view()["say"]
        path.rmdir()
    else:
        path.write_bytes(damage)
        said = Desk(klass.out).view()["say"]
    assert rubric_marks.ANSWERS in said and "ollect the class again" in said
    klass.collect()
    assert klass.table()["Ana"]["1.4 rubric"] == "9" and Desk(klass.out).view()["ready"]


def test_two_windows_lose_none_of_each_others_marks(klass):
    one, other = Desk(klass.out), Desk(klass.out)
    one.mark(key_in(one, "Ana", "1.4"), scores(1, 1, 1, 1), "")
    other.mark(key_in(other, "Ben", "1.4"), scores(2, 2, 2, 2), "")
    other.mark(key_in(other, "Ana", "3.4"), {}, "")  # looked at, and passed over
    assert {(m.name, m.given.points) for m in rubric_marks.kept(klass.out).values()} == {
        ("Ana", 4), ("Ben", 8),
    }  # fmt: skip


def test_a_mark_that_is_given_while_the_class_is_collected_is_kept(klass):
    klass.fill(("Ana", "1.4", cells(1, 1, 1, 1)))
    marking = Desk(klass.out)

    class Watch:
        """Looks on, and marks meanwhile."""

        def isatty(self) -> bool:
            return False

        def write(self, _text: str) -> None:
            marking.mark(key_in(marking, "Ben", "1.4"), scores(3, 3, 3, 3), "")

        def flush(self) -> None:
            pass

    klass.collect(progress=Watch())
    assert {m.name for m in rubric_marks.kept(klass.out).values()} == {"Ana", "Ben"}


def test_the_version_before_lies_beside_the_marks(klass):
    klass.mark("Ana", "1.4", (1, 1, 1, 1))
    first = (klass.out / rubric_marks.MARKS).read_bytes()
    klass.mark("Ana", "1.4", (2, 2, 2, 2))
    assert (klass.out / "rubric-marks.bak.json").read_bytes() == first
    assert {p.name for p in klass.out.iterdir()} == {
        STAMP, *FILES, rubric_marks.MARKS, "rubric-marks.bak.json", "rubric-marks.json.lock",
    }  # fmt: skip


def test_a_mark_taken_back_is_no_mark(klass):
    klass.mark("Ana", "1.4", (1, 1, 1, 1))
    klass.collect()
    klass.mark("Ana", "1.4", ())
    klass.collect()
    assert klass.table()["Ana"]["1.4 rubric"] == "" and klass.why() == ""


# -- the form --------------------------------------------------------------------------------------


def press(form, type: str, **content) -> dict:
    """Send what the page sends, and return what comes back."""
    sent = []
    form.send = sent.append
    view = form.view
    message = {"type": type, "rev": 1, "comment": view.get("comment", "")}
    message |= {"key": view.get("key", ""), "scores": view.get("scores", {})} | content
    seen = {"scores": view.get("scores", {}), "comment": view.get("comment", "")}
    message = {"seen": seen, "sent": []} | message
    form._receive(form, message, [])
    return sent[0]


@pytest.fixture
def form(klass):
    made = mark_free_text()
    press(made, "go", to="open", folder=str(klass.out))
    return made


def test_the_form_shows_prompt_text_evidence_and_exemplars(klass, form):
    evidence = [
        {"block": "P7", "words": "probably the most senior"},
        {"block": "P6", "words": "words that stand nowhere"},
        {"block": EVIL, "words": EVIL},
    ]
    klass.says("Ana", "1.4", claim=f"My claim {EVIL}", evidence=evidence)
    klass.collect()
    press(form, "go", to="open", folder=str(klass.out))
    html = form.view["html"]
    assert "Is it?" in html and "My claim &lt;script&gt;" in html
    assert "<script" not in html and "<img" not in html
    assert html.count("✓ stands there") == 1 and html.count("✗ does not stand there") == 2
    assert "Level three" in html and "Level one" in html and ARTICLE.unit("P7").text[:40] in html
    assert [c["levels"][3] for c in form.view["criteria"]] == [c.levels[3] for c in CRITERIA]


def test_answers_come_exercise_by_exercise_and_without_names(form):
    seen = []
    while True:
        view = form.view
        seen.append(view["title"].split()[0] + view["title"][-1])
        assert not [n for n in ("Ana", "Ben", "Cleo") if n in str({**view, "html": ""})]
        if press(form, "go", to="next")["say"] == "This is the last answer":
            break
    # 1.4 of all three, then 1.6 of the two who have it, then 3.4.
    assert seen[:8] == ["1.41", "1.42", "1.43", "1.61", "1.62", "3.41", "3.42", "3.43"]
    press(form, "go", to="names")
    assert form.view["title"].endswith("Cleo") and form.view["names"]
    press(form, "go", to="names")
    assert form.view["title"].endswith("Student 3")


def test_next_unmarked_goes_on_until_nothing_is_left(klass, form):
    assert form.view["left"] == "8 still to mark"
    for left in range(7, -1, -1):
        answer = press(form, "go", to="unmarked", scores=scores(1, 2, 3, 0))
        assert answer["type"] == "saved" and answer["at"]
        assert form.view["left"] == (f"{left} still to mark" if left else "all marked")
    assert answer["say"].startswith("Every answer that counts is marked")
    klass.collect()
    rows = klass.table()
    assert [row["free text"] for row in rows.values()] == ["20.0", "20.0", "13.3"]
    assert {row["points out of"] for row in rows.values()} == {"100"}


def test_the_form_opens_what_was_opened_last(klass, form):
    press(form, "go", to="next", scores=scores(1, 1, 1, 1))
    again = mark_free_text()
    assert again.view["ready"] and again.view["left"] == "7 still to mark"
    assert "Answer 2 of" in again.view["where"]  # the first that has no mark
    assert "Ana" not in repr(again) and "Ana" not in again._repr_mimebundle_()[0]["text/html"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"key": "nonsense", "scores": {"method": 1}}, "not among the results"),
        ({"scores": {"method": 4}}, "0 to 3 points"),
        ({"scores": {"method": -1}}, "0 to 3 points"),
        ({"scores": {"method": True}}, "0 to 3 points"),
        ({"scores": {"method": "3"}}, "0 to 3 points"),
        ({"scores": {"method": [3]}}, "0 to 3 points"),
        ({"scores": {"beauty": 3}}, "0 to 3 points"),
        ({"comment": "x" * 4001}, "4,000 characters"),
    ],
)
def test_what_a_page_may_not_send_is_refused(klass, form, content, said):
    answer = press(form, "mark", **content)
    assert answer["type"] == "not-saved" and said in answer["problem"]
    assert not (klass.out / rubric_marks.MARKS).exists()


def test_two_who_mark_the_same_answer_are_told_and_nothing_is_overwritten(klass, form):
    """What one has changed is put in, criterion by criterion; where both have, somebody chooses."""
    key = key_in(form._desk, "Ana", "1.4")

    def sends(given: dict, comment: str = "", seen: dict | None = None, sent=()) -> dict:
        told = []
        form.send = lambda content, buffers=None: told.append(content)
        saw = {"scores": seen or {}, "comment": ""}
        message = {"type": "mark", "rev": 1, "key": key, "scores": given, "comment": comment}
        form._receive(form, {**message, "seen": saw, "sent": list(sent)}, [])
        return told[0]

    def there() -> tuple[dict, str]:
        (mark,) = rubric_marks.kept(klass.out).values()
        return mark.scores, mark.comment

    other = Desk(klass.out)
    other.mark(key, {"evidence": 3}, "Other.", [Given({})])
    assert sends({"method": 2})["type"] == "saved"
    assert there() == ({"evidence": 3, "method": 2}, "Other.")
    answer = sends({"evidence": 1, "limits": 1}, "Mine.")
    assert (answer["type"], answer["key"]) == ("torn", key)
    assert "“Other.”" in answer["problem"]
    assert there() == ({"evidence": 3, "method": 2, "limits": 1}, "Other.")
    # Having seen it, whoever marks may insist.
    now = {"evidence": 3, "method": 2, "limits": 1}
    told = []
    form.send = lambda content, buffers=None: told.append(content)
    message = {"type": "mark", "rev": 2, "key": key, "scores": {"evidence": 1}, "comment": "Mine."}
    form._receive(form, {**message, "seen": answer["theirs"], "sent": []}, [])
    assert told[0]["type"] == "saved" and there() == ({"evidence": 1}, "Mine.")
    # What this page sent before, and never heard of, is its own.
    first = {"scores": {"evidence": 1}, "comment": "Mine."}
    assert sends({"evidence": 2}, "Mine.", now, [first])["type"] == "saved"
    assert there() == ({"evidence": 2}, "Mine.")


def test_two_who_mark_at_once_lose_no_mark(tmp_path):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from desk.collect import rubric_marks\n"
        "for n in range(25):\n"
        "    mark = rubric_marks.Mark(f'{sys.argv[2]}-{n}', '1.4', 't', {'evidence': 2})\n"
        "    rubric_marks.keep(Path(sys.argv[1]), [mark])\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    runs = [subprocess.Popen([*command, who], cwd=datasets.root()) for who in ("a", "b", "c")]
    assert [run.wait(120) for run in runs] == [0, 0, 0]
    assert len(rubric_marks.kept(tmp_path)) == 75


def test_what_is_no_message_is_passed_over(form):
    for content in (
        None,
        "x",
        {},
        {"type": "mark"},
        {"type": "go", "rev": "1"},
        {"type": 1, "rev": 1},
    ):
        form.send = lambda _: pytest.fail("there is nothing to answer")
        form._receive(form, content, [])
    assert press(form, "go", to=["next"], folder=7)["type"] == "saved"
    assert press(form, "go", to="next", comment="half \ud800 a letter")["type"] == "saved"


@pytest.mark.parametrize(
    "name", ["nowhere", "a\0b", "x" * 300, "~nobody-of-this-name/x", EVIL, "/"]
)
def test_a_folder_without_results_is_a_sentence_and_the_answers_stay(form, name):
    before = form.view["key"]
    answer = press(form, "go", to="open", folder=name)
    assert answer["type"] == "not-saved" and answer["problem"].endswith(".")
    assert form.view["key"] == before and form.view["ready"]


def test_a_mark_that_cannot_be_written_is_said_not_to_be_saved(klass, form):
    (klass.out / rubric_marks.MARKS).mkdir()
    answer = press(form, "mark", scores=scores(1, 1, 1, 1))
    assert answer["type"] == "not-saved" and "rubric-marks.json" in answer["problem"]
    (klass.out / rubric_marks.MARKS).rmdir()
    assert press(form, "mark", scores=scores(1, 1, 1, 1))["type"] == "saved"


def test_without_results_the_form_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    form = mark_free_text()
    assert not form.view["ready"] and "Collect a class" in form.view["say"]
    assert press(form, "go", to="next")["type"] == "not-saved"
    assert press(form, "mark", key="x")["type"] == "not-saved"
    with pytest.raises(KitError):
        Desk(tmp_path).go("unmarked", "")


def test_marks_with_the_same_key_are_one():
    marks = [Mark("s", "1.4", "t1", scores(*[n] * 4), at=f"2027-01-0{n + 1}") for n in range(3)]
    assert rubric_marks.newest(marks)["s", "1.4"].given.points == 8


# -- the notebook ----------------------------------------------------------------------------------


def test_the_notebook_hides_its_code_and_stores_its_form():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cell.metadata.jupyter.source_hidden
    (output,) = cell.outputs
    assert "kit-panel-static" in output.data["text/html"]
    assert set(output.data) == {"text/html", "text/plain"}


@pytest.fixture
def lab():
    with jupyter("lab") as server:
        yield server


def test_two_answers_are_marked_by_keys_alone_and_outlive_the_kernel(lab, browser, tmp_path):
    made = Klass(tmp_path)
    made.out = lab.work / "class-results"
    made.collect()
    file = made.out / rubric_marks.MARKS

    def given() -> list[tuple[str, str, int]]:
        marks = rubric_marks.kept(made.out).values()
        return [(m.name, m.exercise, m.given.points) for m in marks if m.given.whole]

    one = Student(lab, browser, [nbformat.read(NOTEBOOK, 4).cells[2]])
    form, press_keys = one.page.locator(".kit-marking"), one.press
    one.run_all(".kit-marking fieldset")
    one.go_by_keys("Folder with the results", ".kit-marking input[type=text]")
    press_keys("Tab", "Tab")  # over “Open”, to what can be opened
    press_keys("2", "1", "3", "2")
    form.get_by_text("8 of 12 points").wait_for()
    wait_until(lambda: given() == [("Ana", "1.4", 8)])
    form.get_by_text(re.compile("^saved at")).wait_for()
    press_keys("Enter")
    form.get_by_role("heading", name="Student 2").wait_for()
    # Now by Tab and the arrow keys, as a screen reader does.
    one.page.wait_for_function("document.activeElement.tagName === 'H4'")
    for _ in range(20):
        if one.page.evaluate("document.activeElement.type") == "radio":
            break
        press_keys("Tab")
    for _ in range(4):
        press_keys("Space", "ArrowRight", "Tab")
    form.get_by_text("4 of 12 points").wait_for()
    one.page.keyboard.type("Say 3 more words")  # in the comment digits are digits
    wait_until(lambda: file.exists() and b"Say 3 more words" in file.read_bytes())
    assert given() == [("Ana", "1.4", 8), ("Ben", "1.4", 4)]
    press_keys("Control+Enter")  # out of the comment to the next answer
    form.get_by_role("heading", name="Student 3").wait_for()
    form.get_by_role("button", name="Previous").click()
    form.get_by_role("heading", name="Student 2").wait_for()
    form.get_by_label("Comment for the student").focus()

    # The kernel is gone: nothing is called saved, and the mark is there when it is back.
    lab.end_sessions()
    press_keys("Tab", "Enter")
    form.get_by_text(re.compile("^NOT SAVED")).wait_for()
    form.get_by_label(re.compile("and words that speak against it")).check()
    form.get_by_text(re.compile("^NOT SAVED")).wait_for()
    assert len(given()) == 2
    one.page.reload()
    one.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    one.wait_for_kernel()
    one.run_all(".kit-marking fieldset")
    wait_until(lambda: ("Ben", "1.4", 6) in given())
    assert one.errors == []
    one.context.close()
    made.collect()
    assert [made.table()[name]["1.4 rubric"] for name in ("Ana", "Ben", "Cleo")] == ["8", "6", ""]
