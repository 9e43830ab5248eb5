"""What is handed out: it runs by itself, and for a mark it holds no answer."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kit import __main__, datasets, exercises, facts, teaching
from kit.classroom import assignment
from kit.classroom.assign import make
from kit.classroom.assignment import AssignmentError
from kit.classroom.blanked import for_students, to_toml
from kit.classroom.compose import compose
from kit.classroom.forms import hand_out
from kit.classroom.pairs import MAX_PAIRS_BYTES, read_pairs
from kit.classroom.words import SECRET, secret
from kit.coding import Coding
from kit.edition import known_lessons
from kit.exercises import Context, expected
from kit.exercises.model import load_file
from kit.made import MARK, MadeError

ARTICLE = "blinken-beijing-2023"
ROOT = datasets.root()
LESSONS = known_lessons()
FILES = sorted((ROOT / "datasets").glob("*/exercises/0*.toml"))


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    """Both kinds of folder, with every lesson in them."""
    place = tmp_path_factory.mktemp("handed out")
    return {
        mode: make(compose("all", "All of it", LESSONS, mode=mode), place / mode)
        for mode in ("practice", "graded")
    }


def run(path: Path, work: Path, *more: str) -> nbformat.NotebookNode:
    """Run a notebook of a folder as its students do, and some cells more; any error raises."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in more]
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}
    )
    env = {**os.environ, "KIT_WORK": str(work), "PYTHONPATH": str(path.parent.parent)}
    client.execute(env=env, stderr=subprocess.DEVNULL)
    return notebook


def printed(cell) -> list[str]:
    return "".join(o.text for o in cell.outputs if o.output_type == "stream").splitlines()


def texts(folder: Path) -> dict[str, str]:
    """Every file of a folder as text, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def kit_at(folder: Path, *command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "kit", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
    )


# -- an exercise without its answers ---------------------------------------------------------------

CASES = [
    (path, table["id"])
    for path in FILES
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["exercises"]
]


@pytest.mark.parametrize(
    ("path", "id"), CASES, ids=[f"{path.parts[-3]} {id}" for path, id in CASES]
)
def test_every_exercise_can_be_answered_without_its_answers(path, id, tmp_path):
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    (table,) = (table for table in raw["exercises"] if table["id"] == id)
    before = json.dumps(table)
    there = tmp_path / path.parts[-3] / "exercises" / path.name
    there.parent.mkdir(parents=True)
    there.write_bytes(to_toml(raw["lesson"], [for_students(table)]))
    assert json.dumps(table) == before  # what was given is not changed
    (new,) = load_file(there)
    (old,) = (exercise for exercise in load_file(path) if exercise.id == id)
    assert (new.kind, new.title, new.options, new.items, new.units, new.blocks, new.texts) == (
        (old.kind, old.title, old.options, old.items, old.units, old.blocks, old.texts)
    )
    assert [c.id for c in new.numbers] == [c.id for c in old.numbers]
    assert [(q.id, q.most, q.options) for q in new.questions] == [
        (q.id, q.most, q.options) for q in old.questions
    ]
    assert new.item == "open"
    if old.item == "open":
        assert new == old
        return
    assert new.prompt.startswith(old.prompt.rstrip()) and "your instructor marks it" in new.prompt
    assert not any((new.yes, new.reasons, new.order, new.ties, new.codes, new.checked_fields))
    assert all(not (f.fact or f.wrong or f.other) and f.value is None for f in new.numbers)
    assert all(not (q.answer or q.reasons or q.readings) for q in new.questions)

    # The right answer is taken and kept, by a form that knows no reference and no facts.
    home = old.article if old.article != exercises.OWN else "harran-talks"
    article, codebook = datasets.load_article(home), datasets.codebook(home)
    full = Context(
        article,
        Coding(article, codebook, "x"),
        codebook,
        datasets.load_reference(home),
        facts.load(home),
    )
    answer = expected(old, full)
    mine = Coding(article, codebook, "x", answer.labels)
    bare = replace(full, coding=mine, reference=None, facts=None)
    outcome = exercises.check(new, answer.values, bare)
    said = f"{outcome.say} {[part.say for part in outcome.parts.values()]}"
    assert (outcome.verdict, outcome.readings) == ("kept", ()), said
    assert all(part.ok is None for key, part in outcome.parts.items() if key != "evidence"), said


# -- a folder for a mark ---------------------------------------------------------------------------


def answers() -> dict[str, str]:
    """Sentences that give an answer away, by where they stand."""
    found = {}
    for path in FILES:
        known = facts.load(path.parts[-3])
        for exercise in load_file(path):
            said = [exercise.yes]
            for field in exercise.numbers:
                said += [field.other, *(wrong.reason for wrong in field.wrong)]
            for question in exercise.questions:
                said += question.reasons.values()
                said += [reading.reason for reading in question.readings]
            for reason in exercise.reasons.values():
                said += reason.values() if isinstance(reason, dict) else [reason]
            for n, one in enumerate(said):
                found[f"{exercise.id}, {n}"] = one
                found[f"{exercise.id}, {n}, filled"] = known.fill(one)
    for id in datasets.article_ids():
        reference = datasets.load_reference(id)
        for dispute in reference.disputes:
            found |= {f"{id} {dispute.id} {r.by}": r.reason for r in dispute.readings}
        for coding in (reference.coding, *reference.readers):
            found |= {f"{id} {coding.coder} {a.layer} {a.id}": a.note for a in coding}
    for lesson in LESSONS:
        for note in teaching.load(lesson):
            # What to talk about is a question, and a notebook may ask it, too.
            told = [text for text in note.texts if text not in note.talk]
            found |= {f"note {note.id}, {n}": text for n, text in enumerate(told)}
    return {where: text.strip() for where, text in found.items() if len(text.strip()) > 40}


def test_a_graded_folder_holds_no_answer_and_a_practice_folder_does(folders):
    told = answers()
    assert len(told) > 400
    graded = "\n".join(texts(folders["graded"]).values())
    found = [
        where
        for where, text in told.items()
        if text in graded or json.dumps(text, ensure_ascii=False)[1:-1] in graded
    ]
    assert found == []
    practice = "\n".join(texts(folders["practice"]).values())
    shown = [where for where, text in told.items() if text in practice]
    assert len(shown) > 250
    assert not [where for where in shown if where.startswith("note ")]


def test_what_stays_at_home(folders):
    graded, practice = (set(texts(folders[mode])) for mode in ("graded", "practice"))
    for path in graded | practice:
        assert not re.search(r"teaching|edition|model_student|packet|classroom|suggested", path)
    names = {Path(path).name for path in practice}
    assert {"reference.json", "a.json", "disputed.toml", "facts.toml", "dates.toml"} <= names
    names = {Path(path).name for path in graded}
    assert not names & {
        "reference.json", "a.json", "b.json", "disputed.toml", "facts.toml", "dates.toml",
        "benchmarks.toml",
    }  # fmt: skip
    for path in (ROOT / "datasets" / ARTICLE / "exercises").iterdir():
        there = folders["practice"] / "datasets" / ARTICLE / "exercises" / path.name
        assert there.read_bytes() == path.read_bytes()


def test_graded_notebooks_show_nobody_elses_labels(folders):
    for lesson in LESSONS:
        notebook = nbformat.read(folders["graded"] / "notebooks" / f"{lesson}.ipynb", as_version=4)
        tasks = []
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert not re.search(r"compare|of=|two readers|scorecard|timeline", cell.source)
                assert cell.outputs == [] and cell.execution_count is None
                tasks += re.findall(r'today\.task\("([\d.]+)"', cell.source)
        assert sorted(tasks) == sorted(e.id for e in exercises.load(lesson))
        assert "Your instructor marks it" in notebook.cells[1].source


@pytest.mark.parametrize(
    ("mode", "verdict"), [("practice", "not yet"), ("graded", "kept")], ids=["practice", "graded"]
)
def test_a_notebook_runs_by_itself_to_its_end(mode, verdict, folders, tmp_path):
    """The kit it runs on is the folder's own; the kernel has no network, as in every test."""
    hand_in = (
        "from kit import exercises\n"
        "from kit.exercises.surroundings import context_of\n"
        "asked = exercises.find(exercises.load(today.id), '3.3')\n"
        "values = {'named': '4', 'quoted': '2', 'words': '9'}\n"
        "context = context_of(asked, today.workbook)\n"
        "print(exercises.hand_in(today.workbook, asked, values, context).verdict)\n"
        "import kit; print(kit.__file__)"
    )
    folder = folders[mode]
    notebook = run(folder / "notebooks" / "03-who-speaks.ipynb", tmp_path, hand_in)
    said, where = printed(notebook.cells[-1])
    assert said == verdict
    assert Path(where).resolve() == (folder / "kit" / "__init__.py").resolve()
    kept = json.loads((tmp_path / ARTICLE / "student.json").read_text(encoding="utf-8"))
    assert kept["answers"]["3.3"]["first"]["values"]["quoted"] == "2"
    (task,) = (cell for cell in notebook.cells if 'task("3.3")' in cell.source)
    html = task.outputs[0]["data"]["text/html"]
    assert ("your instructor marks it" in html) == (mode == "graded")


# -- the folder as a whole -------------------------------------------------------------------------


def test_the_kit_that_is_handed_out_is_whole(folders):
    for folder in folders.values():
        for path in (folder / "kit").rglob("*.py"):
            if path.name == "__main__.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                elif isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                for name in names:
                    if name.split(".")[0] == "kit":
                        place = folder.joinpath(*name.split("."))
                        assert place.with_suffix(".py").exists() or place.is_dir(), (path, name)
        for path in (ROOT / "kit" / "widgets").glob("*.[cj]s*"):
            assert (folder / "kit" / "widgets" / path.name).exists()


def test_students_commands(folders):
    doctor = kit_at(folders["graded"], "doctor")
    assert doctor.returncode == 0, doctor.stdout
    for command in (
        ["edition"],
        ["packet"],
        ["assign", *"--id a --title b --lessons 03 --out c".split()],
    ):
        refused = kit_at(folders["graded"], *command)
        assert refused.returncode == 1
        assert refused.stderr.splitlines() == [
            "This copy of the kit is for students and lacks this command."
        ]


def test_a_part_of_the_course(tmp_path):
    chosen = compose("week-3", "Who [speaks]?", ["04", "03-who-speaks"], due="2027-02-01")
    assert chosen.lessons == ("03-who-speaks", "04-expectations")
    assert chosen.layers == ("attribution", "expectation")
    assert chosen.due == date(2027, 2, 1)
    folder = make(chosen, tmp_path / "week-3")
    assert assignment.read(folder / assignment.FILE) == chosen
    assert {path.stem for path in (folder / "notebooks").iterdir()} == set(chosen.lessons)
    assert {path.name for path in (folder / "datasets").iterdir()} == {
        ARTICLE, "codebook", "lexicons", "README.md",
    }  # fmt: skip
    # What opens first is there, and no link leads nowhere.
    first = re.search(r'FIRST_PAGE = "(.+)"', (folder / "run.py").read_text(encoding="utf-8"))
    assert first[1] == "notebooks/03-who-speaks.ipynb"
    for path in (folder / "notebooks").iterdir():
        links = re.findall(r"\]\(([\w./-]+)\)", path.read_text(encoding="utf-8"))
        assert links and all((path.parent / link).exists() for link in links)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "2027-02-01" in readme and r"Who \[speaks\]?" in readme
    for name in (
        "LICENSE",
        "LICENSE-CONTENT.md",
        "requirements.lock",
        "environment.yml",
        "pyproject.toml",
    ):
        assert (folder / name).stat().st_size > 100
    assert (folder / SECRET).read_text(encoding="utf-8") == secret(chosen)


def test_what_is_secret_is_said_plainly():
    graded = secret(compose("x", "x", ["03"], mode="graded"))
    assert (
        "The kit is public." in graded and "all hints" in graded and "Not in this folder" in graded
    )
    assert "Nothing in it is secret." in secret(compose("x", "x", ["03"]))
    assert "pairs stand in assignment.json" in secret(compose("x", "x", ["03"], pairs=[("a", "b")]))
    assert "pairs" not in graded


def test_making_it_again_keeps_students_work_and_takes_away_what_is_left_out(tmp_path):
    folder = tmp_path / "out"
    make(compose("a", "A", ["00", "03"]), folder)
    work = folder / "work" / ARTICLE / "ana.json"
    work.parent.mkdir(parents=True)
    work.write_text("{}")
    make(compose("a", "A", ["03"], mode="graded"), folder)
    assert work.read_text() == "{}"
    assert [path.name for path in (folder / "notebooks").iterdir()] == ["03-who-speaks.ipynb"]
    assert not (folder / "datasets" / ARTICLE / "codings").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("zipped", [False, True])
def test_nothing_of_anybodys_own_is_overwritten(zipped, tmp_path):
    own = tmp_path / "out"
    own.mkdir()
    (own / "thesis.txt").write_text("mine")
    (tmp_path / "out.zip").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(MadeError, match="is no assignment for students"):
        make(compose("a", "A", ["00"]), own, zipped=zipped)
    assert [path.name for path in own.iterdir()] == ["thesis.txt"]
    assert (tmp_path / "out.zip").read_bytes() == b"PK\x03\x04 not really"
    assert {path.name for path in tmp_path.iterdir()} == {"out", "out.zip"}


def test_a_zip_holds_the_same_as_the_folder(tmp_path):
    chosen = compose("week-3", "W", ["00"], mode="graded")
    folder = make(chosen, tmp_path / "f")
    for _ in range(2):  # the second time over the first
        path = make(chosen, tmp_path / "z", zipped=True)
    assert path == tmp_path / "z.zip"
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        packed = {name.removeprefix("week-3/"): file.read(name) for name in file.namelist()}
        assert all(name.startswith("week-3/") for name in file.namelist())
    there = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    assert packed == there and MARK in packed


# -- what may be asked for -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "../x"}, "cannot be the short name"),
        ({"id": "con"}, "cannot be the short name"),
        ({"id": "Week 3"}, "cannot be the short name"),
        ({"title": " \u202e\0 "}, "needs a title"),
        ({"lessons": [""]}, "Choose one lesson"),
        ({"lessons": ["../../etc"]}, "no lesson “../../etc”"),
        ({"lessons": ["08"]}, "no lesson “08”. There is: 00-start-here"),
        ({"article": "../harran-talks"}, "no article"),
        ({"article": "harran-talks"}, "is about the article blinken-beijing-2023"),
        ({"exercises": ["3.1", "4.1"]}, "no exercise 4.1 in these lessons. There is: 3.1,"),
        ({"layers": ["attribution", "mood"]}, "no layer mood"),
        ({"due": "1 February"}, "“1 February” is no date"),
        ({"due": "2027-02-30"}, "is no date"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_a_sentence(changes, said):
    given = {"id": "a", "title": "A", "lessons": ["03"], **changes}
    with pytest.raises(AssignmentError) as problem:
        compose(given.pop("id"), given.pop("title"), given.pop("lessons"), **given)
    assert said in str(problem.value) and "\n" not in str(problem.value)


def test_what_is_not_marked_does_not_count_unless_it_is_named():
    assert compose("a", "A", ["00"]).exercises == ("0.1", "0.2")
    assert compose("a", "A", ["00"], exercises=["0.3", "0.1"]).exercises == ("0.1", "0.3")


def test_the_last_lesson_alone_is_about_the_practice_article(tmp_path):
    chosen = compose("a", "A", ["07"])
    assert chosen.article == "harran-talks"
    folder = make(chosen, tmp_path / "a")
    assert not (folder / "datasets" / ARTICLE).exists()


@pytest.mark.parametrize(
    ("data", "pairs"),
    [
        (b"ana,ben\ncleo , dan\n", (("ana", "ben"), ("cleo", "dan"))),
        ("\ufeffstudent;partner\r\nána;=ben\r\n\r\n".encode(), (("ána", "=ben"),)),
        ("ana\tben", (("ana", "ben"),)),
        ("a,b\n\u202eana,be\u200bn", (("ana", "be n"),)),
        (b"", ()),
    ],
)
def test_pairs(data, pairs):
    assert read_pairs(data) == pairs


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"ana,ben,cleo", "row 1: write two names"),
        (b"ana\n", "row 1: write two names"),
        (b"ana,ben\ncleo,Ana", "row 2: “Ana” stands in row 1 already"),
        (b"ana,ana", "row 1: “ana” stands in row 1 already"),
        (b"ana,\xff\xfe", "no CSV file"),
        (b"ana,b\0en", "no CSV file"),
        (b"ana," + b"b" * 81, "80 characters"),
        (b"ana," + b"b" * 200_000, "no CSV file"),
        (b"x" * (MAX_PAIRS_BYTES + 1), "far too long"),
        ("\n".join(f"a{n},b{n}" for n in range(1001)), "more than 1,000 pairs"),
    ],
)
def test_pairs_that_make_no_sense(data, said):
    with pytest.raises(AssignmentError, match=re.escape(said)):
        read_pairs(data)


# -- the command and the form ----------------------------------------------------------------------


def test_the_command(tmp_path, capsys):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("ana,ben\n")
    out = tmp_path / "week-3"
    command = ["assign", "--id", "week-3", "--title", "Who speaks?", "--lessons", "03,04"]
    command += ["--exercises", "3.1,3.3", "--layers", "attribution", "--due", "2027-02-01"]
    command += ["--mode", "graded", "--pairs", str(pairs), "--out", str(out)]
    assert __main__.main(command) == 0
    assert SECRET in capsys.readouterr().out
    made = assignment.read(out / assignment.FILE)
    assert (made.exercises, made.layers, made.mode) == (("3.1", "3.3"), ("attribution",), "graded")
    assert made.pairs == (("ana", "ben"),)
    assert __main__.main([*command, "--zip"]) == 0
    assert (tmp_path / "week-3.zip").exists()
    capsys.readouterr()
    assert __main__.main([*command, "--pairs", str(tmp_path / "none.csv")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def press(panel, button: str, **values) -> str:
    told = []
    panel.send = lambda content, buffers=None: told.append(content)
    panel._receive(panel, {"type": "press", "button": button, "values": values}, [])
    (answer,) = told
    return answer["status"]


def test_the_form_shows_before_it_makes(tmp_path):
    panel = hand_out()
    assert "Open a line" in press(panel, "offered")
    assert "3.3 How many Chinese officials?" in panel.html and "harran-talks" in panel.html
    values = {
        "id": "week-3",
        "title": "<script>alert(1)</script>",
        "lessons": "03, 04",
        "exercises": "3.1 3.3",
        "pairs": "ana, ben\ncleo, dan",
        "out": str(tmp_path / "week-3"),
    }
    assert "Nothing is made yet" in press(panel, "show-graded", **values)
    assert "<script>" not in panel.html and "cleo and dan" in panel.html
    assert "What is secret" in panel.html and "all hints" in panel.html
    assert list(tmp_path.iterdir()) == []
    assert press(panel, "graded", **values).startswith("Made: the folder")
    assert {path.name for path in tmp_path.iterdir()} == {"week-3", "week-3.zip"}
    made = assignment.read(tmp_path / "week-3" / assignment.FILE)
    assert (made.mode, made.pairs[1]) == ("graded", ("cleo", "dan"))
    assert "is no date" in press(panel, "practice", **{**values, "due": "soon"})


def test_the_form_puts_folders_among_the_work_unless_told_otherwise():
    assert press(hand_out(), "practice", id="b", title="B", lessons="00").startswith("Made")
    made = Path(os.environ["KIT_WORK"]) / "handouts" / "b"
    assert assignment.read(made / assignment.FILE).mode == "practice"
