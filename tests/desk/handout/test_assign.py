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

import msgspec
import nbformat
import pytest
from nbclient import NotebookClient

from desk import __main__
from desk.base import teaching_notes
from desk.base.notebook_cells import source_of
from desk.base.output_folder import STAMP, MadeError
from desk.collect import marks, work_file
from desk.collect.plan import plan_of
from desk.handout import assignment
from desk.handout.assign import make
from desk.handout.assignment import AssignmentError
from desk.handout.blanking import for_students, without_answers, without_graded
from desk.handout.compose import compose
from desk.handout.covering_notes import SECRET, secret
from desk.handout.pairs import MAX_PAIRS_BYTES, read_pairs
from desk.pages.forms import hand_out
from kit import exercises
from kit.base.toml_writer import to_toml
from kit.coding.coding import Annotation, Coding
from kit.exercises import Context, expected
from kit.exercises.exercise import Graded
from kit.exercises.forms import FORMS
from kit.exercises.model import load_file
from kit.lessons.assigned import Handout, handout
from kit.lessons.cell_output import LessonError
from kit.lessons.comparison import LEAST_PROPOSAL, comparison_panel
from kit.lessons.partner import labels_file, partners_labels, side_by_side
from kit.library import datasets, facts
from kit.library.course import known_lessons
from kit.text.span import Span
from kit.widgets.panel import Upload
from kit.work.workbook import Workbook
from tests.browser import Student
from tests.jupyter_server import chromium, jupyter
from tests.panels import status_of

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


def shown(cell) -> str:
    """All that a cell that has been run shows."""
    return json.dumps(
        [dict(o.get("data", {})) for o in cell.get("outputs", [])], ensure_ascii=False
    )


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
    there.write_bytes(to_toml({**raw, "exercises": [for_students(table)]}))
    assert json.dumps(table) == before  # what was given is not changed
    (new,) = load_file(there)
    (old,) = (exercise for exercise in load_file(path) if exercise.id == id)
    assert (new.kind, new.title, new.options, new.entries, new.units, new.blocks, new.texts) == (
        (old.kind, old.title, old.options, old.entries, old.units, old.blocks, old.texts)
    )
    assert [c.id for c in new.numbers] == [c.id for c in old.numbers]
    assert [(q.id, q.options) for q in new.questions] == [(q.id, q.options) for q in old.questions]
    assert new.status == "open"
    if old.status == "open":
        at_home = {"graded": Graded(), "own_graded": Graded(), "exemplar": None}
        assert new == msgspec.structs.replace(old, **at_home)
        return
    said = "nobody is marked wrong" if old.status == "disputed" else "your instructor marks it"
    assert new.prompt.startswith(old.prompt.rstrip()) and said in new.prompt
    (aside,) = load_again(there, to_toml({**raw, "exercises": [for_students(table, counts=False)]}))
    assert "does not count" in aside.prompt
    assert not any((new.yes, new.reasons, new.order, new.codes, new.checked_fields))
    assert all(not (f.fact or f.wrong or f.other) for f in new.numbers)
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


def test_a_file_that_begins_with_a_byte_order_mark_is_handed_out(tmp_path):
    path = tmp_path / ARTICLE / "exercises" / "03-who-speaks.toml"
    path.parent.mkdir(parents=True)
    text = (ROOT / "datasets" / path.relative_to(tmp_path)).read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8-sig")
    asked = load_file(path)
    for_a_mark = [e for e in asked if not e.graded.left_out]
    hand_outs = [(without_graded(path), asked), (without_answers(path, ARTICLE), for_a_mark)]
    for made, there in hand_outs:
        assert [e.id for e in load_again(path, made)] == [e.id for e in there]
        path.write_text(text, encoding="utf-8-sig")


def load_again(path: Path, data: bytes):
    path.write_bytes(data)
    return load_file(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is not an assignment"), (b"[" * 100_000, "is not an"), (b'{"id": 1}', "is not an")],
)
def test_a_file_that_is_no_assignment_is_told(content, said, tmp_path):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(AssignmentError, match=f"^a.json {said}"):
        assignment.read(tmp_path / "a.json")


def test_a_place_that_is_no_file_is_told(tmp_path):
    places = [tmp_path, tmp_path / "nothing", tmp_path / "a\0b", tmp_path / ("x" * 400)]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        places.append(tmp_path / "pipe")
    for place in places:
        with pytest.raises(AssignmentError, match="is no file|cannot be read"):
            assignment.read(place)


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
    for id in filter(datasets.load_reference, datasets.article_ids()):
        reference = datasets.load_reference(id)
        for dispute in reference.disputes:
            found |= {f"{id} {dispute.id} {r.by}": r.reason for r in dispute.readings}
        for coding in (reference.coding, *reference.readers):
            found |= {f"{id} {coding.coder} {a.layer} {a.id}": a.note for a in coding}
    for lesson in LESSONS:
        for note in teaching_notes.load(lesson):
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
    known = {
        mode: tomllib.loads(
            (folders[mode] / "datasets" / ARTICLE / "article.toml").read_text("utf-8")
        )
        for mode in folders
    }
    whole = tomllib.loads((ROOT / "datasets" / ARTICLE / "article.toml").read_text("utf-8"))
    assert known["practice"] == whole
    # How the day was found answers 6.1, and what the machine has done answers the first lesson.
    assert set(whole) - set(known["graded"]) == {"date_source", "text_history"}
    assert known["graded"].items() <= whole.items()
    # An exercise for practice is what it was, without its texts for a mark.
    for path in (ROOT / "datasets" / ARTICLE / "exercises").iterdir():
        there = load_file(folders["practice"] / path.relative_to(ROOT))
        assert [e.graded for e in there] == [Graded()] * len(there)
        whole = load_file(path)
        assert there == tuple(msgspec.structs.replace(e, graded=Graded()) for e in whole)


# What only a folder with the readings in it can keep: said of them, of a commit to see them, or of
# a check that comes at once.
PROMISES = re.compile(
    r"the \*?reference|\bcommit|reading (?:A|B|with reasons)\b|see what (?:two|the)|best case for|"
    r"two trained readers made|apart from each other|the scorecard|the other reading|run the page "
    r"again\. (?:On the left|For each|The events)|\bask(?:,? the kit|\.)|at once what it thinks|"
    r"short of time|time is short|can try (?:it )?as often|stop at (?:four|4)|you are through|"
    r"dates\.toml|the rules, the",
    re.I,
)
# What a cell says that waits for something which never comes here; a label may well be made.
_NEVER = r"appears here once you have (?!made a label)|has none\.|Traceback"
WAITS = re.compile(f"{_NEVER}|the reference|the rules make", re.I)


@pytest.mark.parametrize("lesson", LESSONS)
def test_nothing_is_promised_that_is_not_there(lesson, folders):
    told = {}
    notebook = nbformat.read(folders["graded"] / "notebooks" / f"{lesson}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            told[cell.id] = cell.source
    for path in folders["graded"].glob(f"datasets/*/exercises/{lesson}.toml"):
        for exercise in load_file(path):
            said = (exercise.title, exercise.prompt, exercise.support, exercise.stretch)
            told[exercise.id] = "\n".join((*said, *exercise.hints))
    assert len(told) > 8
    found = {
        where: promise[0]
        for where, text in told.items()
        if (promise := PROMISES.search(" ".join(text.split())))
    }
    assert found == {}


def test_the_same_sentences_do_promise_something_for_practice(folders):
    """So that the test before this one could fail."""
    for lesson in LESSONS[1:]:
        notebook = nbformat.read(
            folders["practice"] / "notebooks" / f"{lesson}.ipynb", as_version=4
        )
        said = " ".join(c.source for c in notebook.cells if c.cell_type == "markdown")
        assert len(PROMISES.findall(" ".join(said.split()))) > 1, lesson


def test_hints_that_state_an_answer_stay_at_home_and_others_do_not(folders):
    whole, there = {}, {}
    for path in sorted((ROOT / "datasets" / ARTICLE / "exercises").glob("*.toml")):
        whole |= {e.id: e.hints for e in load_file(path)}
        blank = folders["graded"] / "datasets" / ARTICLE / "exercises" / path.name
        there |= {e.id: e.hints for e in load_file(blank)}
    gone = {id for id, hints in there.items() if len(hints) < len(whole[id])}
    assert gone == {"1.1", "4.1"}
    assert there["4.1"] == () and whole["4.1"]
    assert sum(map(len, there.values())) > 35
    # A day that one exercise asks for is not told in another's hint.
    assert "14 June" not in " ".join(there["6.3"]) and "14 June" in " ".join(whole["6.3"])
    assert "18th" not in "".join(
        e.support
        for e in load_file(
            folders["graded"] / "datasets" / ARTICLE / "exercises" / "06-leave-the-page.toml"
        )
    )


def test_what_cannot_be_asked_without_a_reading_is_not_asked_and_does_not_count():
    graded = compose("a", "A", ["03"], mode="graded")
    practice = compose("a", "A", ["03"])
    assert set(practice.exercises) - set(graded.exercises) == {"3.7"}
    with pytest.raises(AssignmentError, match="3.7 asks about another reading"):
        compose("a", "A", ["03"], exercises=["3.4", "3.7"], mode="graded")
    assert compose("a", "A", ["03"], exercises=["3.7"]).exercises == ("3.7",)


def test_the_rules_that_find_most_answers_stay_at_home(folders, tmp_path):
    """A student's cell gets nothing out of them, nor out of the lists of words they read."""
    folder = make(compose("a", "A", ["01", "03", "04", "05"], mode="graded"), tmp_path / "a")
    assert {p.name for p in (folder / "datasets" / "lexicons").iterdir()} == {"hedges.csv"}
    rules = {path.name for path in (folder / "kit" / "suggest").iterdir()}
    assert rules == {"__init__.py", "cli.py", "rule.py", "precision.json"}
    tried = run(
        folder / "notebooks" / "03-who-speaks.ipynb",
        tmp_path / "work",
        "from kit.suggest import rules, suggest\n"
        "found = suggest(today.article, today.workbook.codebook).coding\n"
        "print(len(found), *map(rules, ('attribution', 'wording', 'issue')))",
    )
    assert printed(tried.cells[-1]) == ["0 () () ()"]
    # The last lesson shows the rules on a student's own text: those alone go along.
    rules = {path.name for path in (folders["graded"] / "kit" / "suggest").iterdir()}
    assert rules == {"__init__.py", "cli.py", "rule.py", "precision.json", "attribution"}
    lists = {path.name for path in (folders["graded"] / "datasets" / "lexicons").iterdir()}
    assert not lists & {"swaps.csv", "moves.csv", "issues.csv", "expectation.toml"}
    everything = {path.name for path in (folders["practice"] / "datasets" / "lexicons").iterdir()}
    assert {"swaps.csv", "moves.csv", "issues.csv", "expectation.toml"} <= everything


def test_graded_notebooks_show_nobody_elses_labels(folders):
    for lesson in LESSONS:
        notebook = nbformat.read(folders["graded"] / "notebooks" / f"{lesson}.ipynb", as_version=4)
        tasks = []
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert not re.search(
                    r"of=|two readers|scorecard|timeline|rules\"", cell.source
                ) or (lesson.startswith("07") and cell.source == 'today.explore("rules")')
                assert cell.outputs == [] and cell.execution_count is None
                tasks += re.findall(r'today\.task\("([\d.]+)"', cell.source)
        asked = {e.id for e in exercises.load(lesson) if not e.graded.left_out}
        assert sorted(tasks) == sorted(asked)
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
    if mode == "graded":
        assert [cell.source for cell in notebook.cells if WAITS.search(shown(cell))] == []
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
        for path in (ROOT / "kit" / "widgets").rglob("*.[cj]s*"):
            assert (folder / path.relative_to(ROOT)).exists()


def test_a_page_can_be_put_back_as_it_was_handed_out(folders):
    for folder in folders.values():
        kept = folder / "kit" / "library" / "originals"
        assert {path.stem for path in kept.iterdir()} == set(LESSONS)
        for path in kept.iterdir():
            handed = nbformat.read(folder / "notebooks" / path.name, as_version=4)
            bare = nbformat.read(path, as_version=4)
            nbformat.validate(bare)
            assert [(c.id, c.source, c.metadata) for c in bare.cells] == [
                (c.id, c.source, c.metadata) for c in handed.cells
            ]


def test_students_commands(folders):
    doctor = kit_at(folders["graded"], "doctor")
    assert doctor.returncode == 0, doctor.stdout
    for command in (
        ["edition"],
        ["packet"],
        ["assign", *"--id a --title b --lessons 03 --out c".split()],
    ):
        refused = kit_at(folders["graded"], *command)
        assert refused.returncode == 2
        assert f"called `python -m desk {command[0]}` now" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
    assert not (folders["practice"] / "desk").exists()


def test_a_part_of_the_course(tmp_path):
    chosen = compose("week-3", "Who [speaks]?", ["04", "03-who-speaks"], due="2027-02-01")
    assert chosen.lessons == ("03-who-speaks", "04-expectations")
    assert chosen.layers == ("attribution", "expectation")
    assert chosen.due == date(2027, 2, 1)
    folder = make(chosen, tmp_path / "week-3")
    assert assignment.read(folder / assignment.FILE) == chosen
    assert {path.stem for path in (folder / "notebooks").iterdir()} == set(chosen.lessons)
    assert {path.name for path in (folder / "datasets").iterdir()} == {
        ARTICLE, "codebook", "glossary.toml", "lexicons", "README.md",
        # 03 and 04 end with a part of these; the layers of both are the wire report’s.
        "ennick-analysis", "ennick-briefing", "ennick-wire",
    }  # fmt: skip
    assert not (folder / "datasets" / "ennick-wire" / "article.txt").exists()
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
        "The kit is public." in graded
        and "all other hints" in graded
        and "Not in this folder" in graded
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


def test_a_zip_can_be_put_beside_where_one_stands(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert make(compose("a", "A", ["00"]), Path(), zipped=True) == tmp_path / "here.zip"
    assert {path.name for path in tmp_path.iterdir()} == {"here", "here.zip"}


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
    assert packed == there and STAMP in packed


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
        ({"exercises": ["3.1", "4.1"]}, "no exercise 4.1 in these lessons. There is: 3.0, 3.1,"),
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


def test_what_is_asked_about_an_unseen_text_is_never_marked_and_goes_along_without_its_key(folders):
    assert compose("a", "A", ["00"]).exercises == ("0.1", "0.2")
    with pytest.raises(AssignmentError, match="no exercise 0.3"):
        compose("a", "A", ["00"], exercises=["0.3", "0.1"])
    for folder in folders.values():
        for id in FORMS.values():
            there = {path.name for path in (folder / "datasets" / id).iterdir()}
            assert there == {"article.txt", "article.toml"}


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
        (b"Student A,Student B\nAna,Bo", (("Ana", "Bo"),)),
        # All are called so, and so nothing is a heading.
        (
            b"Student 1,Student 2\nStudent 3,Student 4",
            (("Student 1", "Student 2"), ("Student 3", "Student 4")),
        ),
        (
            b'"Perez, Ana";"Ma, Bo"\n"Kray, Dan";"Farr, Bo"',
            (("Perez, Ana", "Ma, Bo"), ("Kray, Dan", "Farr, Bo")),
        ),
        (b'"Perez, Ana","Ma, Bo"', (("Perez, Ana", "Ma, Bo"),)),
        (b"Perez, Ana;Ma, Bo", (("Perez, Ana", "Ma, Bo"),)),
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


def test_the_form_shows_before_it_makes(tmp_path):
    panel = hand_out()
    assert "3.3 How many Chinese officials?" in panel.html and "harran-talks" in panel.html
    values = {
        "id": "week-3",
        "title": "<script>alert(1)</script>",
        "lessons": "03 04",
        "mode": "graded",
        "exercises": "3.1 3.3",
        "pairs": "ana, ben\ncleo, dan",
        "out": str(tmp_path / "week-3"),
    }
    assert "for a mark" in status_of(panel, "make", **{**values, "mode": ""})
    assert "Nothing is made yet" in status_of(panel, "show", **values)
    assert "<script>" not in panel.html and "cleo and dan" in panel.html
    assert "What is secret" in panel.html and "all other hints" in panel.html
    assert list(tmp_path.iterdir()) == []
    assert status_of(panel, "make", **values).startswith("Made: the folder")
    assert {path.name for path in tmp_path.iterdir()} == {"week-3", "week-3.zip"}
    made = assignment.read(tmp_path / "week-3" / assignment.FILE)
    assert (made.mode, made.pairs[1]) == ("graded", ("cleo", "dan"))
    assert "is no date" in status_of(panel, "make", **{**values, "due": "soon"})


def test_the_form_puts_folders_among_the_work_unless_told_otherwise():
    values = {"title": "B: Ćuprija", "lessons": "00", "mode": "practice"}
    assert status_of(hand_out(), "make", **values).startswith("Made")
    made = Path(os.environ["KIT_WORK"]) / "handouts" / "b-cuprija"
    assert assignment.read(made / assignment.FILE).mode == "practice"


@pytest.mark.parametrize(
    "folder",
    ["a\nb", "a\0b", "\u202egnirts", "\ud800", "x/" * 2100, "~nobody-of-this-name/x", '"', "'"],
)
def test_the_form_makes_no_folder_with_a_name_that_nobody_can_write(folder):
    before = set(datasets.root().iterdir())
    values = {"title": "B", "lessons": "00", "mode": "practice", "out": folder}
    for button in ("show", "make"):
        said = status_of(hand_out(), button, **values)
        assert said.endswith(".") and "\n" not in said and len(said) < 200
        assert "Type it again" in said or "There is no folder" in said
    assert set(datasets.root().iterdir()) == before


def test_the_form_says_nothing_of_options_of_a_command(tmp_path):
    values = {"title": "B", "lessons": "00", "mode": "practice"}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("")
    for name, asks in (("mine", "Name another folder, or"), ("file/x", "Name another folder.")):
        said = status_of(hand_out(), "make", **values, out=f'"{tmp_path / name}"')
        assert asks in said and "--" not in said, said
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


# -- two students who are a pair -------------------------------------------------------------------


def book(folder: Path, student: str, labels=(), layer: str = "role") -> Workbook:
    article, codebook = datasets.load_article(ARTICLE), datasets.codebook(ARTICLE)
    made = Workbook.open(article, codebook, student, folder)
    made.apply(layer, {a.id: (None, a) for a in labels})
    return made


def role(id: str, code: str, note: str = "") -> Annotation:
    unit = datasets.load_article(ARTICLE).unit(id)
    return Annotation(id, "role", Span(unit.start, unit.end), (code,), note=note)


def upload(file: tuple[str, str]) -> Upload:
    return Upload(file[0], file[1].encode())


def nothing_against(_id: str, _code: str) -> str:
    return ""


PAIR = Handout(True, (("Ana", "Ben"), ("Cleo", "Dan")))


def test_students_are_told_with_whom_they_work_and_how(tmp_path):
    pairs = [("Ana", "Ben"), ("=cmd|x", "[Dan](http://x)")]
    folder = make(
        compose("p", "P", ["02"], mode="graded", pairs=pairs, hand_in=" form 7\n"), tmp_path / "p"
    )
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "- Ana and Ben\n" in readme and "](http" not in readme
    for step in ("Sign", "I am done", "Download my labels for my partner", "Show where we differ"):
        assert step in readme
    assert "In pairs" not in (
        make(compose("q", "Q", ["02"]), tmp_path / "q") / "README.md"
    ).read_text(encoding="utf-8")
    there = handout(folder)
    assert there == Handout(True, tuple(pairs), "form 7")
    assert (there.partner_of(" ana "), there.partner_of("BEN"), there.partner_of("student")) == (
        "Ben", "Ana", "",
    )  # fmt: skip
    assert handout(tmp_path) == Handout()
    for rubbish in (b"{", b"[1]", b'{"mode": 3}', b"\xff", b"[" * 100_000):
        (tmp_path / "assignment.json").write_bytes(rubbish)
        assert handout(tmp_path) == Handout()


def test_a_pair_meets_only_after_both_have_labelled_alone(tmp_path):
    ana = book(tmp_path / "a", "Ana", [role("P6", "main-event"), role("P12", "expectation")])
    ben = book(tmp_path / "b", "Ben", [role("P6", "main-event", "<b>why</b>")])
    panel = comparison_panel(ana, "role", None, None, PAIR, nothing_against)
    assert "Your partner is <strong><bdi>Ben</bdi></strong>" in panel.html
    assert "do not talk" in panel.html and "handed back" in panel.html
    assert [button["label"] for button in panel.buttons] == ["I am done on my own"]
    for button in ("give", "differ", "propose"):
        assert "first answer first" in status_of(panel, button)
    assert status_of(panel, "commit") == "Your first answer is kept."
    assert [button["id"] for button in panel.buttons] == ["give", "differ", "propose"]
    assert [field["id"] for field in panel.fields] == ["partner", "proposal"]
    # Ben has given no first answer yet, and neither file that he could give away tells anything.
    with pytest.raises(LessonError, match="first answer first"):
        labels_file(ben, "role")
    layer = ana.codebook.layer("role")
    with pytest.raises(LessonError, match="is no file of labels"):
        partners_labels(Upload("ben.json", ben.to_json()), ana, layer)
    ben.commit("role")
    ben.put(role("P12", "background"))
    theirs = partners_labels(upload(labels_file(ben, "role")), ana, layer)
    assert (theirs.coder, [a.id for a in theirs]) == ("Ben", ["P6"])  # as committed, not now
    shown = side_by_side(ana.committed("role"), theirs, layer)
    assert "P12" in shown and "no label" in shown and "alpha" in shown
    # Only labels of the one layer are in the file, and nothing that somebody wrote elsewhere.
    given = json.loads(labels_file(ben, "role")[1])
    assert set(given) == {"schema", "article", "sha256", "student", "layer", "labels"}
    ben.put(role("P6", "evaluation", "<b>why</b>"))
    other = Workbook.open(ben.article, ben.codebook, "Ben", tmp_path / "c")
    other.put(role("P6", "evaluation", "<b>why</b>"))
    other.commit("role")
    shown = side_by_side(
        ana.committed("role"),
        partners_labels(upload(labels_file(other, "role")), ana, layer),
        layer,
    )
    assert "&lt;b&gt;why" in shown and "<b>why" not in shown


@pytest.mark.parametrize("layer", ["attribution", "expectation", "issue", "wording", "position"])
def test_every_layer_can_be_laid_side_by_side(layer):
    one, other = (datasets.load_coding(ARTICLE, name) for name in ("a", "b"))
    shown = side_by_side(one, other, one.codebook.layer(layer))
    assert "Where the two of you differ" in shown and shown.count("<tr>") > 2
    same = side_by_side(one, one, one.codebook.layer(layer))
    assert "no place where the two of you differ" in same


def test_two_who_chose_otherwise_on_the_same_words_see_where():
    one = datasets.load_coding(ARTICLE, "a")
    layer = one.codebook.layer("attribution")
    mine = [a for a in one.on("attribution") if a.fields.get("mode")][:4]
    options = {option.id: option.name for option in layer.field("mode").options}
    other = next(id for id in options if id != mine[1].fields["mode"])
    changes = {
        1: {"mode": other},
        2: {"speaker": "<b>Wang Yi"},
        3: {"mode": ""},  # left open: no other choice
    }
    theirs = [
        msgspec.structs.replace(a, fields={**a.fields, **changes.get(n, {})})
        for n, a in enumerate(mine)
    ]
    ones, others, same = (
        Coding(one.article, one.codebook, name, labels)
        for name, labels in (("Ana", mine), ("Ben", theirs), ("Ben", mine))
    )
    shown = side_by_side(ones, others, layer)
    figures, _, listed = shown.partition("<caption>Where the two of you differ")
    first, second = listed.split("<tr>")[2:]
    speaker = mine[1].fields["speaker"]
    for mode in (mine[1].fields["mode"], other):
        assert f"<strong>{options[mode]}</strong>" in first
    assert first.count(f"<td dir='auto'>{speaker} · ") == 2
    assert "<strong>&lt;b&gt;Wang Yi</strong> · " in second and "<b>Wang" not in shown
    # The figures are of words, and all four are in common.
    alike = side_by_side(ones, same, layer)
    assert "no place where the two of you differ" in alike
    folded = "<summary>The numbers, and every difference</summary>"
    _, _, counted = figures.removesuffix("<table>").partition(folded)
    assert alike.partition(folded)[2].startswith(counted)


def test_files_that_are_no_partners_labels(tmp_path):
    ana = book(tmp_path / "a", "Ana", [role("P6", "main-event")])
    ben = book(tmp_path / "b", "Ben", [role("P6", "evaluation")])
    for one in (ana, ben):
        one.commit("role")
    layer = ana.codebook.layer("role")
    good = json.loads(labels_file(ben, "role")[1])
    label = good["labels"][0]
    bad = {
        "Open your partner’s file first": "",
        "is no file of labels": {"schema": "kit-assignment-1"},
        "is about another text": {**good, "sha256": "0" * 64},
        "holds labels on position; this is Role": {**good, "layer": "position"},
        "holds no first answer": {**good, "labels": []},
        "cannot be used": {**good, "labels": [{**label, "at": {"start": 5, "end": 10**9}}]},
        "no label that fits the codebook": {**good, "labels": [{**label, "codes": ["nonsense"]}]},
        "is your own file": json.loads(labels_file(ana, "role")[1]),
    }
    panel = comparison_panel(ana, "role", None, None, PAIR, nothing_against)
    for said, file in bad.items():
        opened = Upload("b\n<i>.json", json.dumps(file).encode()) if file else "typed"
        with pytest.raises(LessonError, match=re.escape(said)) as problem:
            partners_labels(opened, ana, layer)
        assert "\n" not in str(problem.value) and "Traceback" not in str(problem.value)
    for data in (b"", b"{", b"\xff\xfe", b"[" * 200_000, b'{"labels": 3}'):
        with pytest.raises(LessonError, match="is no file of labels"):
            partners_labels(Upload("x.json", data), ana, layer)
    assert ana.coding.on("role")[0].codes == ("main-event",) and "Ben" in panel.html


def test_a_proposal_that_is_made_where_students_are_told_to_gets_its_points(tmp_path):
    assert LEAST_PROPOSAL == marks.LEAST_PROPOSAL
    ana = book(tmp_path / "in", "Ana", [role("P6", "main-event")])
    panel = comparison_panel(ana, "role", None, None, Handout(True), nothing_against)
    status_of(panel, "commit")
    assert [button["id"] for button in panel.buttons] == ["propose"]
    assert "Write your proposal" in status_of(panel, "propose", proposal=" ")
    assert "5 words or more" in status_of(panel, "propose", proposal="be more exact here")
    plan = plan_of(compose("p", "P", ["02"], mode="graded"))

    def points() -> float:
        found = marks.mark(work_file.read(ana.to_json(), plan.article, plan.codebook), plan)
        return marks.total(found, plan).agreement

    before = points()
    asked = "Say that a plan which is off is background."
    assert "is kept" in status_of(panel, "propose", proposal=f"  {asked}\n")
    assert points() == before + marks.PROPOSED
    again = comparison_panel(ana, "role", None, None, Handout(True), nothing_against)
    assert again.fields[0]["value"] == asked
    assert "taken back" in status_of(again, "propose", proposal="")
    assert points() == before


@pytest.mark.browser
def test_a_pair_goes_from_the_folder_to_two_files_that_are_handed_in(tmp_path):
    """Each in a JupyterLab of their own, with nothing but the folder that was handed out."""
    asked = compose("p", "P", ["02"], mode="graded", pairs=[("Ana", "Ben")])
    folder = make(asked, tmp_path / "p")
    kept = datasets.codebook(ARTICLE).layer("role")
    plan = plan_of(asked)
    codes = {"Ana": "main-event", "Ben": "evaluation"}
    given: dict[str, Path] = {}
    env = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    with (
        jupyter("lab", **env) as one,
        jupyter("lab", **env) as other,
        chromium() as browser,
    ):
        pair = {}
        for name, server in (("Ana", one), ("Ben", other)):
            cells = [
                source_of(cell)
                for cell in json.loads(
                    (folder / "notebooks" / "02-structure.ipynb").read_text(encoding="utf-8")
                )["cells"]
                if re.search(r"lesson\(|label\(\"role|compare|my_work", source_of(cell))
                and cell["cell_type"] == "code"
            ]
            pair[name] = student = Student(server, browser, cells)
            student.run_all()
            page = student.page
            panels = page.locator(".kit-panel")
            panels.last.get_by_label("Your name or pseudonym").fill(name)
            panels.last.get_by_role("button", name="Sign my work").click()
            panels.last.get_by_text(f"this is the work of {name}").wait_for()
            student.labeller.get_by_role("option").filter(has_text="P6").first.click()
            student.press(kept.code(codes[name]).key, "ArrowDown", kept.code("expectation").key)
            student.saved()
            student.menu("Run", "Run All Cells$")
            page.get_by_text("Your partner is").wait_for()
            page.get_by_role("button", name="I am done on my own").click()
            page.get_by_text("With your partner").wait_for()
            with page.expect_download() as download:
                page.get_by_role("button", name="Download my labels for my partner").click()
            given[name] = tmp_path / download.value.suggested_filename
            download.value.save_as(given[name])
        for name, other_name in (("Ana", "Ben"), ("Ben", "Ana")):
            student, page = pair[name], pair[name].page
            page.get_by_label("Your partner’s labels").set_input_files(given[other_name])
            page.get_by_role("button", name="Show where we differ").click()
            talk = page.locator(".kit-talk")
            talk.get_by_text("One place to talk about").wait_for()
            assert kept.code(codes[other_name]).name in talk.inner_text()
            # They settle: both notes say why, and Ben changes his label.
            option = student.labeller.get_by_role("option").filter(has_text="P6").first
            for line, note in (
                (option, "It tells the newest event."),
                (None, "Not yet, so ahead."),
            ):
                if line is not None:
                    line.click()
                    student.press(kept.code("main-event").key)
                else:
                    student.press("Escape", "ArrowDown")
                student.press("n")
                page.keyboard.type(note)
            student.press("Escape")
            student.saved()
            page.get_by_label("A change to the codebook").fill(
                "Say that talks which have begun are the event."
            )
            page.get_by_role("button", name="Keep my proposal").click()
            page.get_by_text("Your proposal is kept").wait_for()
            with page.expect_download() as download:
                page.get_by_role("button", name="Download my work").click()
            handed = tmp_path / "in" / download.value.suggested_filename
            download.value.save_as(handed)
            work = work_file.read(handed.read_bytes(), plan.article, plan.codebook)
            assert work.student == name
            assert [a.codes[0] for a in work.first["role"].on("role")][0] == codes[name]
            found = marks.mark(work, plan)
            assert (found.layers["role"].resolved, len(found.proposals)) == (2, 1)
            page.screenshot(path=os.environ.get("KIT_SCREENSHOT", str(tmp_path / "seen.png")))
            assert student.errors == []


def test_trying_every_option_does_not_pay_where_nothing_is_checked(tmp_path):
    """Six numbers handed in, the right one among them: for a mark the last one counts."""
    ana = book(tmp_path, "Ana")
    asked = exercises.find(exercises.load("03-who-speaks"), "3.3")
    blank = msgspec.structs.replace(asked, status="open")
    for mode, best in (("practice", 1.0), ("graded", 0.0)):
        plan = plan_of(compose("p", "P", ["03"], mode=mode))
        context = replace(plan.context(asked), coding=ana.coding)
        for number in "654321":
            exercises.hand_in(ana, blank, {"named": number}, context)
        found = marks.mark(work_file.read(ana.to_json(), plan.article, plan.codebook), plan)
        assert found.exercises["3.3"].best["named"] == best
        exercises.hand_in(ana, blank, expected(asked, context).values, context)
        found = marks.mark(work_file.read(ana.to_json(), plan.article, plan.codebook), plan)
        assert found.exercises["3.3"].best["named"] == 1.0


@pytest.mark.parametrize("mode", ["practice", "graded"])
def test_the_layers_that_count_are_those_of_the_exercises_that_are_named(mode):
    """Whoever asks 2.2 alone, or with what is not about labels, counts no work on positions."""
    lessons = ["01-what-am-i-reading", "02-structure", "03-who-speaks"]
    for named, layers in (
        (["2.2"], ("role",)),
        (["2.2", "2.4", "3.3"], ("role",)),
        (["1.1", "3.1"], ("position", "attribution")),
        (["2.4", "3.3"], ()),
    ):
        asked = compose("a", "A", lessons, exercises=named, mode=mode)
        assert set(asked.layers) == set(layers)
        assert {layer.id for layer in plan_of(asked).layers} == set(layers)
    assert {"position", "role"} <= set(compose("a", "A", lessons, mode=mode).layers)
    assert compose("a", "A", lessons, exercises=["2.2"], layers=["position"]).layers == (
        "position",
    )
