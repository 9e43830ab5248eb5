"""What comes back from a class as browsers, sync programs and platforms name it, and what somebody
or a disk has changed: the right file counts, and the instructor is told in one sentence."""

import csv
import json
import random
import zipfile
from datetime import date
from pathlib import Path

import pytest

from desk.collect.collect import collect
from desk.collect.plan import plan_of
from desk.handout import assignment as assignments
from desk.handout.assignment import Assignment
from desk.make import model_student
from desk.nbgrader import marking
from kit.coding.coding import Annotation
from kit.library import datasets
from kit.text.span import Span
from kit.work import own_texts
from kit.work.workbook import Workbook
from tests.synthetic_class import ARTICLE, CODEBOOK, LESSONS, Pupil

DUE = Assignment("week-2", "Week 2", ARTICLE.id, LESSONS, due=date(2024, 10, 8))


def read(out: Path, name: str) -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def handed_in(name: str, folder: Path, *notes: str) -> Workbook:
    """The work of somebody, saved by the kit: lesson 02, then a note at a time."""
    book = Workbook.open(ARTICLE, CODEBOOK, name, folder)
    model_student.do_lesson(book, "02-structure")
    for note in notes:
        book.note("x", note)
    return book


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.json")):
            archive.write(file, file.relative_to(folder).as_posix())
    return path


@pytest.mark.parametrize("how", ["changed", "another form", "a bit"])
@pytest.mark.parametrize("in_zip", [False, True])
def test_changed_content_never_counts_and_the_version_before_does(tmp_path, how, in_zip):
    folder = tmp_path / "in"
    book = handed_in("Ana", folder, "first", "second")
    data = book.path.read_bytes()
    if how == "changed":
        data = data.replace(b"second", b"better")
    elif how == "another form":
        data = json.dumps({**json.loads(data), "notes": {"x": "by hand"}}).encode()
    else:
        place = data.index(b"second") + 2
        data = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    book.path.write_bytes(data)
    handed_in("Bo", folder)
    source = zipped(folder, tmp_path / "in.zip") if in_zip else folder
    roll = collect(source, tmp_path / "out")
    assert len(roll.students) == 2
    told = read(tmp_path / "out", "problems.csv")
    (row,) = (r for r in told if "changed or damaged" in r["why"])
    assert (
        row["what to do"] == "ask" and "changed or damaged after the kit had saved it" in row["why"]
    )
    assert f"The version before it, {book.backup.name}, is used." in row["why"]
    work, _ = marking._work(source, plan_of(DUE))
    assert work is not None
    # Without that version there is nothing that counts.
    book.backup.unlink()
    source = zipped(folder, tmp_path / "in.zip") if in_zip else folder
    roll = collect(source, tmp_path / "out")
    assert [student.signed for student in roll.students] == ["Bo"]
    (row, *_) = read(tmp_path / "out", "problems.csv")
    assert row["what to do"] == "ask" and row["why"].endswith("and does not count.")


def test_a_file_of_another_form_with_the_same_content_counts(tmp_path):
    """Editors and mail programs set blanks and line ends anew."""
    book = handed_in("Ana", tmp_path / "in")
    data = book.path.read_bytes()
    for name, form in {
        "lines": data.replace(b"\n", b"\r\n"),
        "flat": json.dumps(json.loads(data), ensure_ascii=False).encode(),
        "wide": json.dumps(json.loads(data), ensure_ascii=False, indent=4).encode(),
        "mark": b"\xef\xbb\xbf" + data,
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "ana.json").write_bytes(form)
        roll = collect(folder, tmp_path / f"{name}-out")
        assert len(roll.students) == 1 and roll.to_ask == 0, name


def test_a_file_without_the_checksum_is_something_to_look_at(tmp_path):
    book = handed_in("Ana", tmp_path / "in")
    file = json.loads(book.path.read_bytes())
    book.path.write_text(json.dumps({**file, "checksum": ""}))
    collect(tmp_path / "in", tmp_path / "out")
    told = [r for r in read(tmp_path / "out", "problems.csv") if r["what to do"] == "look"]
    assert len(told) == 1 and "checksum" in told[0]["why"] and "is used" in told[0]["why"]


def test_labels_that_do_not_fit_the_codebook_count_nowhere_and_the_rest_does(tmp_path):
    """A student has a codebook with another code than the instructor's."""
    (tmp_path / "in").mkdir()
    data = Pupil("Ana", random.Random(1)).file()
    file = json.loads(data)
    bodies = [a["id"] for a in file["labels"] if a.get("codes") == ["body"]]
    assert bodies
    (tmp_path / "in" / "ana.json").write_bytes(data.replace(b'"body"', b'"bdoy"'))
    (tmp_path / "in" / "bo.json").write_bytes(Pupil("Bo", random.Random(2)).file())
    roll = collect(tmp_path / "in", tmp_path / "out")
    assert [student.signed for student in roll.students] == ["Ana", "Bo"]
    told = [r for r in read(tmp_path / "out", "problems.csv") if r["file"] == "ana.json"]
    assert told[0]["what to do"] == "look"
    assert told[0]["why"].startswith(f"{len(bodies)} label") and "“bdoy” on P" in told[0]["why"]
    assert "nowhere. The file is used." in told[0]["why"]


def test_labels_on_the_text_that_a_lesson_ends_with_are_no_matter_while_they_are_whole(tmp_path):
    """Alone, they are nothing to tell of; with an answer, or changed by hand, they are."""
    folder = tmp_path / "in"
    handed_in("Ana", folder)
    id = own_texts.ready()[1]
    other = Workbook.open(datasets.load_article(id), datasets.codebook(id), "Ana", folder)
    unit = other.article.unit("P1")
    other.put(Annotation("P1", "position", Span(unit.start, unit.end), ("lede",)))
    labels = other.path.read_bytes()
    other.answer("2.2", {"values": {}})
    answered = other.path.read_bytes()
    other.backup.unlink()
    plan = plan_of(DUE)
    for data, said in (
        (labels, ""),
        (answered, f"It is work on another text, “{id}”."),
        (labels.replace(b'"lede"', b'"body"'), "It was changed or damaged after"),
    ):
        other.path.write_bytes(data)
        roll = collect(folder, tmp_path / "out")
        assert [student.signed for student in roll.students] == ["Ana"]
        place = f"{id}/{other.path.name}"
        told = [(one.level, one.why) for one in roll.problems if one.place == place]
        assert [level for level, _ in told] == ["ask"] * bool(said)
        assert all(why.startswith(said) for _, why in told)
        notes = " ".join(marking.mark(folder, plan, ()).notes)
        assert said in notes and (id in notes) == bool(said)


COPIES = ["{} (1).json", "{}-DESKTOP-AB12CD3.json", "{}.sync-conflict-20241008-101500-ABCDEFG.json"]


@pytest.mark.parametrize("name", [*COPIES, "{}.json.txt", "{}.json.download"])
@pytest.mark.parametrize("newest", ["copy", "original"])
def test_copies_beside_a_file_are_one_students_and_the_one_saved_last_counts(
    tmp_path, monkeypatch, name, newest
):
    book = handed_in("Ana", tmp_path / "home")
    before = book.path.read_bytes()
    monkeypatch.setattr("kit.work.store.now", lambda: "2099-01-01T00:00:00Z")
    book.put(label("P6", "body"))
    after = book.path.read_bytes()
    folder = tmp_path / "in"
    folder.mkdir()
    stem = book.path.stem
    data = {"copy": (before, after), "original": (after, before)}[newest]
    (folder / f"{stem}.json").write_bytes(data[0])
    (folder / name.format(stem)).write_bytes(data[1])
    (folder / "bo.json").write_bytes(Pupil("Bo", random.Random(2)).file())
    roll = collect(folder, tmp_path / "out")
    assert sorted(student.signed for student in roll.students) == ["Ana", "Bo"]
    counts = name.format(stem) if newest == "copy" else f"{stem}.json"
    assert [s.place for s in roll.students if s.signed == "Ana"] == [counts]
    told = [
        r for r in read(tmp_path / "out", "problems.csv") if "saved last and counts" in r["why"]
    ]
    assert len(told) == 1 and counts in told[0]["why"] and told[0]["file"] != counts
    assert roll.to_ask == 0


def test_downloads_of_two_students_in_one_folder_stay_two(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, file in (("student.json", "Ana"), ("student (1).json", "Bo")):
        (folder / name).write_bytes(handed_in(file, tmp_path / file).path.read_bytes())
    roll = collect(folder, tmp_path / "out")
    assert sorted(student.signed for student in roll.students) == ["Ana", "Bo"]


def test_a_file_that_a_browser_named_anew_is_taken_by_its_content(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ana.json.txt").write_bytes(handed_in("Ana", tmp_path / "a").path.read_bytes())
    (folder / "bo.json.download").write_bytes(handed_in("Bo", tmp_path / "b").path.read_bytes())
    (folder / "letter.json.txt").write_text('{"dear": "class"}')
    roll = collect(folder, tmp_path / "out")
    assert sorted(student.signed for student in roll.students) == ["Ana", "Bo"]


def test_names_of_canvas_with_late_and_hidden_names_are_understood(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, pupil in {
        "perezana_12345_67890_work.json": "Ana",
        "farrbo_LATE_12346_67891_work.json": "Bo",
        "anon_a1B2c_67892_work.json": "Cy",
        "anon_x9Y8z_LATE_67893_work.json": "Di",
    }.items():
        (folder / name).write_bytes(Pupil(pupil, random.Random(pupil)).file())
    collect(folder, tmp_path / "out")
    rows = {row["signed"]: row for row in read(tmp_path / "out", "marks.csv")}
    ids = {signed: (row["system"], row["id"], row["late"]) for signed, row in rows.items()}
    assert ids == {
        "Ana": ("canvas", "12345", ""),
        "Bo": ("canvas", "12346", "yes"),
        "Cy": ("canvas", "a1B2c", ""),
        "Di": ("canvas", "x9Y8z", "yes"),
    }
    # The gradebook knows no hidden id.
    canvas = {row["Student"]: row["ID"] for row in read(tmp_path / "out", "marks-canvas.csv")}
    assert sorted(id for id in canvas.values() if id) == ["12345", "12346"]
    told = {r["file"] for r in read(tmp_path / "out", "problems.csv") if "came late" in r["why"]}
    assert told == {"farrbo_LATE_12346_67891_work.json", "anon_x9Y8z_LATE_67893_work.json"}


def test_what_was_saved_after_the_last_day_is_shown_as_late(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, saved in {
        "Ana": b"2024-10-08T12:00:00Z",
        "Bo": b"2024-10-10T12:00:00Z",
        "Cy": b"yesterday",
    }.items():
        data = Pupil(name, random.Random(name)).file()
        (folder / f"{name}.json").write_bytes(data.replace(b"2024-10-08T10:00:00Z", saved))
    asked = assignments.write(DUE, tmp_path)
    collect(folder, tmp_path / "out", asked)
    late = {row["student"]: row["late"] for row in read(tmp_path / "out", "marks.csv")}
    assert late == {"Ana": "", "Bo": "yes", "Cy": ""}
    (row,) = (r for r in read(tmp_path / "out", "problems.csv") if "was due" in r["why"])
    assert row["file"] == "Bo.json" and "2024-10-10" in row["why"] and "2024-10-08" in row["why"]


def label(id: str, code: str) -> Annotation:
    unit = ARTICLE.unit(id)
    return Annotation(id, "position", Span(unit.start, unit.end), (code,))
