"""An assignment goes to a class and back by nbgrader's own programs; the kit marks it there.

nbgrader's exchange does not work on Windows, so nothing here is collected there.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from markupsafe import escape

import run
from desk import __main__
from desk.base.output_folder import MadeError
from desk.collect import marks
from desk.collect.collect import collect
from desk.collect.judge import share
from desk.collect.plan import plan_of
from desk.collect.submissions import Found, Problem, find
from desk.handout import assignment as assignments
from desk.handout.compose import compose
from desk.make import model_student
from desk.nbgrader import course as courses
from desk.nbgrader.cells import key_of, keys
from desk.nbgrader.marking import mark
from kit import exercises
from kit.work.workbook import Workbook
from tests.synthetic_class import ARTICLE, CODEBOOK, EVIL, LESSONS, Pupil
from tests.torn import TORN

__test__ = os.name != "nt"  # pytest looks for tests only where this holds
pytestmark = pytest.mark.browser

ASKED = ("03-who-speaks", "04-expectations")
ID = "week-3"
WORK = f"work/{ARTICLE.id}"
#: What a student may write into the kit, or a notebook, that they hand in.
TELL_TALE = "import pathlib; pathlib.Path({!r}).touch()\n"
GRADES = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook(sys.argv[1]) as book:
    print(json.dumps([
        [s.assignment.name, s.student.id, g.cell.name, g.auto_score, g.max_score,
         g.needs_manual_grade]
        for a in book.assignments for s in a.submissions for n in s.notebooks for g in n.grades
    ]))
"""


def serving() -> run.Environment:
    environment = run.serving()
    assert environment.python.exists(), (
        f"{environment.folder.name} is missing: `python run.py test` sets it up."
    )
    return environment


@dataclass
class Course:
    """A course, its exchange, and what nbgrader's programs said."""

    base: Path

    @property
    def folder(self) -> Path:
        return self.base / "news-101"

    def home(self, student: str) -> Path:
        return self.base / "homes" / student

    def nbgrader(self, *command: str, student: str = "", fails: bool = False) -> str:
        """Run one of nbgrader's programs, as instructor or as student; return what it said."""
        where = self.home(student) if student else self.folder
        where.mkdir(parents=True, exist_ok=True)
        there = serving()
        done = subprocess.run(
            [there.python, "-m", "nbgrader", *command],
            cwd=where,
            env={
                **os.environ,
                # nbgrader calls “alembic” by its name.
                "PATH": os.pathsep.join([str(there.scripts), os.environ["PATH"]]),
                "JUPYTER_CONFIG_DIR": str(self.base / "config"),
                "JUPYTER_DATA_DIR": str(where / ".jupyter-data"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert bool(done.returncode) == fails, done.stdout[-3000:]
        return done.stdout

    def grades(
        self, assignment: str = ID
    ) -> dict[str, dict[str, tuple[float | None, float, bool]]]:
        """By student and cell: points by machine, the most there are, whether a person must."""
        book = f"sqlite:///{self.folder / 'gradebook.db'}"
        done = subprocess.run(
            [serving().python, "-c", GRADES, book], stdout=subprocess.PIPE, check=True
        )
        found: dict = {}
        for name, student, cell, *rest in json.loads(done.stdout):
            if name == assignment:
                found.setdefault(student, {})[cell] = tuple(rest)
        return found

    def feedback(self, student: str, lesson: str) -> str:
        return (self.folder / "feedback" / student / ID / f"{lesson}.html").read_text("utf-8")

    def autograded(self, student: str, lesson: str) -> nbformat.NotebookNode:
        path = self.folder / "autograded" / student / ID / f"{lesson}.ipynb"
        return nbformat.read(path, as_version=4)


def assign(course: Path, id: str, lessons: str, mode: str) -> None:
    command = ["assign", "--id", id, "--title", "Who speaks?", "--lessons", lessons]
    assert __main__.main([*command, "--mode", mode, "--nbgrader", str(course)]) == 0


# -- one class, there and back ---------------------------------------------------------------------

PUPILS = {
    "bo": Pupil("Bo", random.Random(2), skill=0.6),
    "cy": Pupil(f"Cy {EVIL}", random.Random(3), skill=0.5),
}


FILES = {name: pupil.file() for name, pupil in PUPILS.items()}


def ana(folder: Path) -> None:
    """Does everything, and everything right."""
    book = Workbook.open(ARTICLE, CODEBOOK, "Ana", folder / "work")
    for lesson in ASKED:
        model_student.do_lesson(book, lesson)


def bo(folder: Path) -> None:
    """Does half, and downloads the file into the folder."""
    (folder / f"bo-{ARTICLE.id}.json").write_bytes(FILES["bo"])


def cy(folder: Path) -> None:
    """Wrecks the notebook and the kit, and loses the other notebook."""
    (folder / WORK).mkdir(parents=True)
    (folder / WORK / "student.json").write_bytes(FILES["cy"])
    path = folder / f"{ASKED[0]}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    cells = []
    for cell in notebook["cells"]:
        kept = cell["metadata"].get("nbgrader")
        if not kept:
            cells.append(cell)
        elif kept["grade_id"] != "exercise-3-3":  # gone
            bold = json.loads(json.dumps(cell))
            bold["metadata"]["nbgrader"].update(points=1000, locked=False)
            bold["source"] = (
                f"import pathlib; pathlib.Path({str(tell_tale(folder))!r}).touch(); 1000"
            )
            cells += [cell, bold, {**bold, "id": f"{bold['id']}-again"}]
    notebook["cells"] = cells
    path.write_text(json.dumps(notebook), "utf-8")
    (folder / f"{ASKED[1]}.ipynb").unlink()
    for module in (folder / "kit").rglob("*.py"):
        module.write_text(TELL_TALE.format(str(tell_tale(folder))), "utf-8")
    for data in (folder / "datasets").rglob("*.toml"):
        data.write_text("", "utf-8")
    own = folder / "desk" / "nbgrader"
    own.mkdir(parents=True, exist_ok=True)
    (own / "plugin.py").write_text(TELL_TALE.format(str(tell_tale(folder))), "utf-8")


def dee(folder: Path) -> None:
    """Has a work file that is cut off, and a notebook that is none."""
    (folder / WORK).mkdir(parents=True)
    (folder / WORK / "student.json").write_bytes(FILES["bo"][:3000])
    (folder / f"{ASKED[0]}.ipynb").write_text("{not a notebook", "utf-8")


def eve(folder: Path) -> None:
    """Hands in what was handed out."""


STUDENTS = {one.__name__: one for one in (ana, bo, cy, dee, eve)}


def tell_tale(folder: Path) -> Path:
    return folder.parent / "student-code-was-run"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A course of which one assignment went all the way; ``said`` by the program that marked it."""
    base = tmp_path_factory.mktemp("nbgrader")
    ours = Course(base)
    exchange = base / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    # What is told to students' and instructors' machines alike.
    (base / "config").mkdir()
    (base / "config" / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\n"
        f"c.CourseDirectory.course_id = {ours.folder.name!r}\n"
    )
    assign(ours.folder, ID, "03,04", "graded")
    ours.nbgrader("generate_assignment", ID)
    ours.nbgrader("release_assignment", ID)

    ours.nbgrader("fetch_assignment", ID, student="ana")
    for student in list(STUDENTS)[1:]:
        shutil.copytree(ours.home("ana") / ID, ours.home(student) / ID)

    def hand_in(student: str) -> None:
        STUDENTS[student](ours.home(student) / ID)
        # Everybody is one user of this machine; on a hub nbgrader takes the user's name.
        ours.nbgrader("submit", ID, f"--student={student}", student=student)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(hand_in, STUDENTS))
    ours.nbgrader("collect", ID)
    ours.said = ours.nbgrader("autograde", ID)
    ours.nbgrader("generate_feedback", ID)
    ours.nbgrader("release_feedback", ID)
    ours.nbgrader("fetch_feedback", ID, "--student=bo", student="bo")
    return ours


@pytest.fixture(scope="module")
def grades(course):
    """What stands in the gradebook."""
    return course.grades()


@pytest.fixture(scope="module")
def collected(course, tmp_path_factory):
    """The same submissions, collected without nbgrader: by student, the row of the roll."""
    roll = collect(
        course.folder / "submitted",
        tmp_path_factory.mktemp("collected") / "out",
        course.folder / "source" / ID / assignments.FILE,
    )
    return roll, {student.owner.id: student for student in roll.students}


def test_every_exercise_has_the_points_that_collecting_finds(grades, collected):
    roll, students = collected
    assert set(grades) == set(STUDENTS) and set(students) == {"ana", "bo", "cy"}
    for name, student in students.items():
        for key in keys(roll.plan):
            points, most, waits = grades[name][key.id]
            assert most == pytest.approx(key.points)
            if key.kind == "checked":
                got = share(student.marks.exercises[key.exercise.id].best)
                assert points == pytest.approx(got * most), (name, key.id)
                assert not waits
            elif key.kind == "written":
                assert points is None and waits
            elif key.kind == "unchecked":
                assert (points, most, waits) == (0, 0, False)
        total = roll.total(student)
        checked = [key.id for key in keys(roll.plan) if key.kind == "checked"]
        assert sum(grades[name][id][0] for id in checked) == pytest.approx(total.auto)
        assert grades[name]["agreement-work"][0] == pytest.approx(total.agreement)


def test_every_exercise_has_the_points_that_were_put_into_the_file(grades):
    for name, pupil in PUPILS.items():
        # What asks about another reading, 3.7, is not handed out for a mark.
        for exercise in ("3.0", "3.1", "3.3", "4.0", "4.1", "4.2"):
            points, most, _ = grades[name][key_of(exercise, "checked")]
            assert points == pytest.approx(pupil.last[exercise] * most), (name, exercise)
        assert key_of("3.7", "written") not in grades[name]
    assert 0 < sum(grades["cy"][key_of(e, "checked")][0] for e in ("3.1", "3.3", "4.1")) < 40
    assert sum(points for points, _, _ in grades["ana"].values() if points) >= 40


def test_who_handed_in_nothing_or_a_broken_file_has_nothing_and_is_told_why(course, grades):
    for name, why in (("dee", "damaged"), ("eve", "No work file was handed in")):
        assert {(points, waits) for points, _, waits in grades[name].values()} == {(0, False)}
        assert re.search(rf"{name}: .*{why}", course.said)
        for lesson in ASKED:
            page = course.feedback(name, lesson)
            assert why in page and "Submit the assignment again" in page
            assert f"{WORK}/student.json" in page or name == "eve"
    assert "Traceback" not in course.said and "ERROR" not in course.said


def test_what_a_student_does_to_notebooks_and_kit_neither_counts_nor_runs(course):
    assert not list(course.base.rglob("student-code-was-run"))
    released = nbformat.read(course.folder / "release" / ID / f"{ASKED[0]}.ipynb", as_version=4)
    for name in STUDENTS:
        shown = course.autograded(name, ASKED[0])
        nbformat.validate(shown)
        assert [c.source for c in shown.cells if not c.id.endswith("-shown")] == [
            c.source for c in released.cells
        ]
    # What they handed in is still there.
    kept = course.folder / "submitted" / "cy" / ID / f"{ASKED[0]}.ipynb"
    assert kept.read_text("utf-8").count("student-code-was-run") > 5


class Elements(HTMLParser):
    """What would run in a page: scripts by their text, and attributes for events."""

    def __init__(self, page: str):
        super().__init__()
        self.scripts: list[str] = []
        self.events: list[str] = []
        self._in_script = False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self._in_script = tag == "script"
        self.events += [name for name, _ in attributes if name.startswith("on")]

    def handle_data(self, data):
        if self._in_script:
            self.scripts.append(data)
        self._in_script = False


def test_markup_that_a_student_wrote_is_shown_and_does_nothing(course, browser):
    text = escape(EVIL)
    page = course.feedback("cy", ASKED[0])
    assert "&lt;script&gt;alert(" in page and EVIL not in page
    elements = Elements(page)
    assert not elements.events and not any("alert" in script for script in elements.scripts)
    stored = json.dumps(course.autograded("cy", ASKED[0]))
    assert json.dumps(text)[1:-1] in stored and json.dumps(EVIL)[1:-1] not in stored

    context = browser.new_context(offline=True)
    opened = context.new_page()
    dialogs = []
    opened.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    opened.goto(
        (course.folder / "feedback" / "cy" / ID / f"{ASKED[0]}.html").as_uri(),
        wait_until="domcontentloaded",
    )
    assert EVIL in opened.locator("pre", has_text="What Cy").first.inner_text()
    assert dialogs == []
    context.close()


def test_no_word_that_a_student_wrote_is_torn(course, browser):
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        page.goto(
            (course.folder / "feedback" / "bo" / ID / f"{ASKED[0]}.html").as_uri(),
            wait_until="domcontentloaded",
        )
        written = page.locator("pre", has_text="What Bo wrote").first
        for width in (220, 240, 260, 300):  # so narrow that its lines are broken
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(TORN, "pre.mathjax_ignore") == []
        # It is set like the sentences around it, not like a program.
        fonts = "(one) => [one, one.parentElement].map((e) => getComputedStyle(e).fontFamily)"
        own, around = written.evaluate(fonts)
        assert own == around


def test_feedback_says_of_each_exercise_how_it_was_and_reaches_its_student(course):
    (page,) = (course.home("bo") / ID / "feedback").rglob(f"{ASKED[0]}.html")
    said = page.read_text("utf-8")
    assert said == course.feedback("bo", ASKED[0])
    got = PUPILS["bo"].last["3.1"]
    assert 0 < got < 1
    (asked,) = (
        k for k in keys(plan_of(compose(ID, "T", ASKED, mode="graded"))) if k.id == "exercise-3-1"
    )
    assert f"{round(got * asked.points, 2):g} of {round(asked.points, 2):g} points." in said
    assert "Not right, or missing: P" in said and "2 answers handed in; the last counts." in said
    assert "What Bo wrote, in a few words." in said
    assert not (course.home("cy") / ID / "feedback").exists()
    assert "All of it is right." in course.feedback("ana", ASKED[0])


def test_nothing_complains_when_students_validate(course):
    for lesson in ASKED:
        cells = nbformat.read(
            course.folder / "release" / ID / f"{lesson}.ipynb", as_version=4
        ).cells
        assert not [c for c in cells if "NotImplementedError" in c.source]
    said = course.nbgrader("validate", str(course.home("eve") / ID / f"{ASKED[1]}.ipynb"))
    assert "Success!" in said


def test_the_notebook_of_a_class_runs_where_it_was_fetched(course):
    """The kit in the folder finds its lesson, and keeps work where nbgrader takes it from."""
    folder = course.home("eve") / ID
    notebook = nbformat.read(folder / f"{ASKED[0]}.ipynb", as_version=4)
    opening = next(c.source for c in notebook.cells if c.id == "open")
    source = f"{opening}\nfrom kit.work.names import work_folder\nprint(work_folder())"
    kept = {name: v for name, v in os.environ.items() if name not in ("KIT_WORK", "PYTHONPATH")}
    done = subprocess.run(
        [serving().python, "-c", source],
        cwd=folder,
        env=kept,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.splitlines()[-1]) == folder / "work"


def test_an_assignment_of_another_kind_is_executed_as_ever(course):
    folder = course.folder / "source" / "sums"
    folder.mkdir(parents=True)
    notebook = nbformat.v4.new_notebook()
    kept = {"grade": True, "solution": False, "task": False, "locked": True, "points": 4}
    test = nbformat.v4.new_code_cell("1 + 2")
    test.metadata["nbgrader"] = {**kept, "grade_id": "sum", "schema_version": 3}
    notebook.cells = [test]
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "language": "python",
        "display_name": "Python 3",
    }
    nbformat.write(notebook, folder / "sums.ipynb")
    course.nbgrader("generate_assignment", "sums")
    shutil.copytree(course.folder / "release" / "sums", course.folder / "submitted" / "bo" / "sums")
    course.nbgrader("autograde", "sums")
    assert course.grades("sums") == {"bo": {"sum": (3, 4, False)}}


def test_a_course_holds_assignments_of_both_modes(course):
    before = (course.folder / courses.CONFIG).read_text("utf-8")
    assign(course.folder, "week-1", "01", "practice")
    course.nbgrader("generate_assignment", "week-1")
    released = course.folder / "release" / "week-1"
    data = released / "datasets" / ARTICLE.id
    assert (data / "codings" / "reference.json").exists()
    assert not (course.folder / "release" / ID / "datasets" / ARTICLE.id / "codings").exists()
    assert (course.folder / courses.CONFIG).read_text("utf-8") == before
    cells = nbformat.read(released / "01-what-am-i-reading.ipynb", as_version=4).cells
    names = [c.metadata.nbgrader.grade_id for c in cells if "nbgrader" in c.metadata]
    asked = [e.id for e in exercises.load("01-what-am-i-reading")]
    assert len(names) == len(asked) + 1 and names[0] == "exercise-1-0"


# -- collecting what nbgrader has ------------------------------------------------------------------


def test_collecting_takes_nbgraders_folders_and_the_exchange(course, collected, tmp_path):
    roll, students = collected
    assert [student.owner.system for student in students.values()] == ["nbgrader"] * 3
    asks = {(p.owner.id, p.place) for p in roll.problems if p.level == "ask"}
    assert asks == {("dee", f"dee/{ID}/{WORK}/student.json"), ("eve", f"eve/{ID}")}
    assert len([p for p in roll.problems if p.owner.id == "bo"]) == 1  # not one a file
    inbound = course.base / "exchange" / course.folder.name / "inbound"
    other = collect(inbound, tmp_path / "out", course.folder / "source" / ID / assignments.FILE)
    assert {s.owner.id: s.digest for s in other.students} == {
        id: s.digest for id, s in students.items()
    }


def test_a_student_cannot_hand_in_for_another(tmp_path):
    data = FILES["bo"]
    stamp = "2026-10-08 10:00:00.000001 UTC"
    places = [
        f"submitted/bo/{ID}/ana+{ID}+{stamp}/a.json",
        f"submitted/bo/{ID}/submitted/ana/{ID}/b.json",
        f"submitted/bo/{ID}/Ana P_1234_assignsubmission_file_/c.json",
        f"submitted/bo/{ID}/ana_1234_5678_d.json",
        f"inbound/bo+{ID}+{stamp}+x8_-a/ana+{ID}+{stamp}/e.json",
        f"inbound/bo+{ID}+{stamp}/submitted/ana/{ID}/f.json",
    ]
    for place in places:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(data)
    found = [one for one in find(tmp_path) if isinstance(one, Found)]
    assert len(found) == len(places) and {one.owner.id for one in found} == {"bo"}


def test_only_what_was_asked_for_is_collected_from_a_course(tmp_path):
    data = FILES["bo"]
    for id in (ID, "week-4"):
        folder = tmp_path / "submitted" / "bo" / id
        for name in ("kit", "datasets", "work"):
            (folder / name).mkdir(parents=True)
        (folder / "assignment.json").write_text("{}")
        (folder / "work" / "student.json").write_bytes(data)
    all_of_it = [one.place for one in find(tmp_path) if isinstance(one, Found)]
    assert len(all_of_it) == 2
    some = [one for one in find(tmp_path, assignment=ID)]
    assert [one.place for one in some if isinstance(one, Found)] == [
        "/".join(["submitted", "bo", ID, "work", "student.json"])
    ]
    assert any(isinstance(one, Problem) and "another assignment" in one.why for one in some)


# -- without nbgrader ------------------------------------------------------------------------------


@pytest.mark.parametrize("lessons", [["00"], ["02"], ["03", "04"], ["07"], list(LESSONS)])
def test_points_are_those_of_the_kit_and_add_up(lessons):
    plan = plan_of(compose(ID, "T", lessons, mode="graded"))
    found = keys(plan)
    assert len({key.id for key in found}) == len(found)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", key.id) for key in found)
    assert {key.exercise.id for key in found if key.exercise} == {e.id for e in plan.asked}
    unanswered = {e.id: marks.ExerciseMark(None, None, 0, False) for e in plan.asked}
    unlabelled = {layer.id: marks.LayerWork(0, 0) for layer in plan.layers}
    nothing = marks.Marks(unanswered, unlabelled, (), (), ())
    total = marks.total(nothing, plan)
    for kind, of in (
        ("checked", total.auto_of),
        ("written", total.written_of),
        ("agreement", total.agreement_of),
        ("unchecked", 0),
    ):
        assert sum(key.points for key in found if key.kind == kind) == pytest.approx(of)


def test_the_file_saved_last_counts_and_the_others_are_told_of(tmp_path):
    plan = plan_of(compose(ID, "T", ASKED, mode="graded"))
    found = keys(plan)
    bo(tmp_path)
    alone = mark(tmp_path, plan, found)
    ana(tmp_path)
    both = mark(tmp_path, plan, found)
    assert not alone.notes and len(both.notes) == 1 and "2 different work files" in both.notes[0]
    assert both.results["exercise-3-1"].share == 1 > alone.results["exercise-3-1"].share


def test_feedback_tells_no_answers(tmp_path):
    """Whoever had everything wrong reads no option that would have been right."""
    plan = plan_of(compose(ID, "T", LESSONS, mode="graded"))
    book = Workbook.open(ARTICLE, CODEBOOK, "Eve", tmp_path / "work")
    for lesson in LESSONS:
        model_student.do_lesson(book, lesson, right=False)
    found = mark(tmp_path, plan, keys(plan))
    seen = 0
    for exercise in plan.checked:
        said = " ".join(found.results[key_of(exercise.id, "checked")].lines)
        assert "All of it is right" not in said
        asked = " ".join(question.text for question in exercise.questions)
        for question in exercise.questions:
            for option in question.options or exercise.options:
                if option.id in (question.answer or ()) and option.text not in asked:
                    seen += 1
                    assert option.text not in said
    assert seen > 10


def test_a_configuration_of_ones_own_stays_and_its_owner_is_told(tmp_path, capsys):
    config = tmp_path / courses.CONFIG
    config.write_text("c = get_config()\n")
    assign(tmp_path, ID, "03", "practice")
    assert config.read_text() == "c = get_config()\n"
    said = capsys.readouterr().out
    assert "stays as it is" in said and courses.lines() in said
    config.write_text("c = get_config()\n" + courses.lines())
    assign(tmp_path, ID, "04", "practice")
    assert "stays as it is" not in capsys.readouterr().out
    assert not (tmp_path / "source" / ID / "03-who-speaks.ipynb").exists()


def test_no_folder_of_somebody_elses_is_written_into(tmp_path):
    assignment = compose(ID, "T", ["03"])
    own = tmp_path / "own"
    own.mkdir()
    (own / "letters.txt").write_text("Dear")
    with pytest.raises(MadeError, match="no course of nbgrader"):
        courses.make(assignment, own)
    assert [path.name for path in own.iterdir()] == ["letters.txt"]
    there = tmp_path / "course" / "source" / ID
    there.mkdir(parents=True)
    (there / "mine.ipynb").write_text("{}")
    with pytest.raises(MadeError, match="is there already"):
        courses.make(assignment, tmp_path / "course")
    assert [path.name for path in there.iterdir()] == ["mine.ipynb"]
    assert not (tmp_path / "course" / courses.CONFIG).exists()


def test_students_are_not_handed_the_marking(course):
    released = course.folder / "release" / ID
    assert (released / "kit" / "lessons").is_dir()
    assert not (released / "desk").exists()
    assert not (released / courses.CONFIG).exists()


def test_who_submits_again_is_collected_and_marked_as_the_instructions_say(course):
    """The last test: others look at what was submitted first."""
    (course.home("eve") / ID / f"bo-{ARTICLE.id}.json").write_bytes(FILES["bo"])
    course.nbgrader("submit", ID, "--student=eve", student="eve")
    before = course.grades()
    assert "use --update" in course.nbgrader("collect", ID)
    course.nbgrader("collect", ID, "--update")
    course.nbgrader("autograde", ID)
    after = course.grades()
    assert after.pop("eve") == before["bo"] != before.pop("eve")
    assert after == before
    told = (run.ROOT / "docs" / "nbgrader.md").read_text("utf-8")
    assert f"`nbgrader collect {ID} --update`" in told
