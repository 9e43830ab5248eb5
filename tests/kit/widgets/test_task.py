"""The form of an exercise, as the page and the kernel talk about it."""

import json
from html.parser import HTMLParser

import pytest

from kit import exercises, lesson
from kit.exercises import forms
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.widgets.task import Task
from tests.browser import NOTEBOOKS

LESSONS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture
def open_task(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    monkeypatch.delenv("KIT_STUDENT", raising=False)
    return lambda id: lesson(next(n for n in LESSONS if n[1] == id[0])).task(id)


def told(task, content):
    """Send a message as the page does; return the answers that the page gets."""
    out = []
    task.send = lambda message, buffers=None: out.append(message)
    task._receive(task, content, [])
    return out


def do(task, wish, **values):
    seen = task.state["values"]
    message = {"type": wish, "rev": 7, "values": values, "seen": seen, "sent": []}
    (answer,) = told(task, message)
    assert answer["rev"] == 7
    return answer


def test_a_draft_is_on_the_disk_before_it_is_acknowledged(open_task):
    task = open_task("4.4")
    answer = do(task, "draft", why="Because.")
    assert (answer["type"], answer["outcome"]) == ("saved", None)
    file = json.loads(task.workbook.path.read_bytes())
    assert file["answers"]["4.4"]["values"] == {"why": "Because."}
    assert file["answers"]["4.4"].get("first") is None
    assert open_task("4.4").state["values"] == {"why": "Because."}
    assert answer["at"] == task.state["saved_at"] != ""


def test_the_first_answer_stays_the_first(open_task):
    task = open_task("5.3")
    assert do(task, "hand-in")["outcome"]["verdict"] == "empty"
    assert task.state["attempts"] == 0
    asked = exercises.find(exercises.load("05-whose-agenda"), "5.3")
    right = exercises.expected(asked, context_of(asked, task.workbook)).values
    wrong = right | {"climate": ["both"]}
    assert do(task, "hand-in", **wrong)["outcome"]["verdict"] == "not yet"
    assert do(task, "hand-in", **right)["outcome"]["verdict"] == "yes"
    record = exercises.read(open_task("5.3").workbook, "5.3")
    assert (record.first.values, record.attempts) == (wrong, 2)
    assert repr(task).startswith("5.3 One list, both, or neither [yes]\nYes. ")


def test_hints_come_one_by_one_and_end(open_task):
    task = open_task("3.3")
    counts = [len(task.state["hints"]) for _ in range(4) if do(task, "hint")]
    assert counts == [1, 2, 2, 2]
    assert open_task("3.3").state["hints"] == task.state["hints"]


def test_labels_are_those_of_the_moment_of_the_press(open_task):
    task = open_task("2.2")
    before = do(task, "hand-in")["outcome"]
    assert before["verdict"] == "empty"
    reading = datasets.load_coding("blinken-beijing-2023", "b")
    open_task("2.2").workbook.apply("role", {a.id: (None, a) for a in reading.on("role")})
    assert do(task, "hand-in")["outcome"]["verdict"] == "yes"


def test_what_cannot_be_saved_is_said_and_nothing_changes(open_task):
    task = open_task("4.4")
    do(task, "draft", why="Because.")
    folder = task.workbook.path.parent
    kept = task.workbook.path.read_bytes()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_text("in the way", encoding="utf-8")
    answer = do(task, "hand-in", why="Other words.")
    assert answer["type"] == "not-saved" and answer["problem"]
    assert task.state["values"] == {"why": "Because."}
    assert b"Because." in kept


def test_rubbish_from_a_page_is_ignored_or_cleaned(open_task):
    task = open_task("5.3")
    for rubbish in (
        None,
        [],
        {"type": "draft"},
        {"type": "draft", "rev": "1", "values": {}},
        {"type": "delete", "rev": 1, "values": {}},
        {"type": "draft", "rev": 1, "values": "climate"},
    ):
        assert told(task, rubbish) == []
    do(task, "draft", climate=["<script>"], evidence=[{"block": {}}], other=5)
    assert task.state["values"] == {}


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag not in ("br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", LESSONS)
def test_every_exercise_can_be_read_where_no_kernel_runs(open_task, name):
    for exercise in exercises.load(name):
        task = open_task(exercise.id)
        data, _ = task._repr_mimebundle_()
        tags = _Tags()
        tags.feed(data["text/html"])
        assert tags.open == []
        assert not tags.seen & {"script", "input", "button", "textarea"}
        for control in task.form["controls"]:
            assert control["label"].split()[0] in data["text/html"]
        assert data["text/plain"] == f"{exercise.id} {task.form['title']} [not answered yet]"


def test_what_somebody_typed_is_shown_and_never_run(open_task):
    task = open_task("4.4")
    rows = [{"block": "<b>", "words": "<img src=x onerror=alert(1)>"}]
    do(task, "hand-in", why="<script>alert(1)</script>", evidence=rows)
    page = task._repr_mimebundle_()[0]["text/html"]
    assert "<script" not in page and "<img" not in page and "<b>" not in page
    assert "&lt;script&gt;" in page


def test_after_the_course_a_student_sees_what_they_found_before_it(open_task):
    book = open_task("4.4").workbook

    def task(lesson: str, id: str) -> Task:
        asked = forms.for_student(exercises.find(exercises.load(lesson), id), book)
        return Task(asked, book, lambda: context_of(asked, book))

    before, after = task("00-start-here", "0.3"), task("07-your-own-article", "7.6")
    assert before.exercise.article != after.exercise.article
    whole = {**exercises.expected(before.exercise, before._context()).values, "doubt": "<b>claims"}
    assert "reveal" in do(before, "hand-in", **whole)["outcome"]
    assert "you wrote" not in repr(before.state)
    values = exercises.expected(after.exercise, after._context()).values
    do(after, "draft", **values)
    assert "you wrote" not in repr(after.state)
    told = do(after, "hand-in", **values)["outcome"]
    assert told["verdict"] == "kept" and "you wrote" in told["reveal"]
    assert "&lt;b&gt;claims" in told["reveal"] and told == after.state["outcome"]
