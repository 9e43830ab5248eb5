"""What a notebook can ask of a lesson, before and after the student has worked."""

import base64
import json
import shutil
import subprocess
import sys

import pytest

from kit import lesson
from kit.coding.coding import Annotation
from kit.lessons import Lesson
from kit.lessons.work import work_panel
from kit.library import datasets
from kit.text.span import Span
from kit.work.names import file_stem
from kit.work.workbook import Workbook
from tests.panels import press

B = datasets.load_coding("blinken-beijing-2023", "b")
REFERENCE = datasets.load_reference("blinken-beijing-2023").coding


@pytest.fixture
def today(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    monkeypatch.delenv("KIT_STUDENT", raising=False)
    return lesson("02-structure")


def do(today, layer, coding=B):
    """Do a layer as the reader of ``coding`` did it."""
    today.workbook.apply(layer, {a.id: (None, a) for a in coding.on(layer)})


def label(today, id, code):
    unit = today.article.unit(id)
    today.workbook.put(Annotation(id, "position", Span(unit.start, unit.end), (code,)))


def loaded_by(module, names):
    """Return which of the named packages a fresh Python has loaded after importing a module."""
    code = f"import sys, {module}; print(*(name for name in {names} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=datasets.root(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


JUPYTER = ["nltk", "ipywidgets", "IPython"]


def test_importing_the_kit_is_light():
    assert loaded_by("kit", [*JUPYTER, "msgspec", "filelock"]) == []
    assert loaded_by("nltk", JUPYTER) == ["nltk"]


@pytest.mark.parametrize(
    "module", ["kit.text.article", "kit.work.workbook", "kit.measure", "kit.charts", "kit.lessons"]
)
def test_dependencies_point_one_way(module):
    assert loaded_by(module, JUPYTER) == []


def test_a_greeting_says_what_is_there_and_my_work_where(today, capsys):
    assert repr(today.greeting()) == "02-structure: ready. You have not made anything yet."
    label(today, "P6", "lede")
    assert "Welcome back: 1 label and 0 answers found" in repr(today.greeting())
    assert str(today.workbook.path) in today.my_work().html


def test_a_damaged_file_is_told_in_the_greeting(today, tmp_path):
    label(today, "P6", "lede")
    today.workbook.path.write_bytes(b"rubbish")
    assert "Your work file was damaged" in today.greeting()._repr_html_()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda t: lesson("02"), "02-structure"),
        (lambda t: t.chart("pie"), "structure, roles, wording, share of voice"),
        (lambda t: t.compare("positions"), "It has: "),
        (lambda t: t.task("2.99"), "There is no exercise 2.99"),
        (lambda t: t.explore("pie"), "search, cut, measure"),
        (lambda t: t.chart("roles", of="z"), "There is: a, b, reference"),
        (lambda t: t.label("position", only=[6]), "There is no 6"),
        (lambda t: t.label("position", only=["P99"]), "P1 to P43"),
        (lambda t: t.label("positions"), "It has: "),
    ],
)
def test_a_slip_gets_a_sentence_and_no_traceback(today, ask, words):
    with pytest.raises(Exception, match=words) as slip:
        ask(today)
    assert slip.value._render_traceback_() == [str(slip.value)]


def test_a_slip_in_a_notebook_shows_the_sentence_alone(tmp_path):
    import nbformat
    from nbclient import NotebookClient

    source = 'from kit import lesson\nlesson("99-gone")'
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, allow_errors=True, timeout=60).execute(cwd=str(datasets.root()))
    (output,) = notebook.cells[0].outputs
    assert len(output.traceback) == 1
    assert output.traceback[0].startswith("There is no lesson “99-gone”.")


def test_a_page_run_from_its_middle_says_where_to_begin(tmp_path, monkeypatch):
    """What run.py and pip lay into the kit's environment does, laid into a profile."""
    import nbformat
    from nbclient import NotebookClient

    config = datasets.root() / "kit" / "extension" / "ipython"
    shutil.copytree(config, tmp_path / "profile_default")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("KIT_WORK", str(tmp_path / "work"))
    opening = 'from kit import lesson\ntoday = lesson("02-structure")'
    cells = ['today.task("2.1")', opening, 'today.task("2.1")', "another"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, allow_errors=True, timeout=60).execute(cwd=str(datasets.root()))
    before, opened, after, unknown = (cell.outputs[0] for cell in notebook.cells)
    assert len(before.traceback) == 1
    assert before.traceback[0].startswith(
        "Nothing is open yet: a page runs from its first cell on."
    )
    assert "Ready" in opened.data["text/html"] and "2.1" in after.data["text/html"]
    assert unknown.ename == "NameError"  # whose code it is finds what it knows


def test_reading_shows_every_numbered_block(today):
    page = today.read()._repr_html_()
    assert all(block.id in page for block in today.article.blocks)
    assert "has been altered" in page


def test_the_story_is_what_the_student_says_it_is(today):
    assert len(today.label("role").targets) == 43
    label(today, "P2", "furniture")
    label(today, "P6", "lede")
    assert {"P2"} == {b.id for b in today.article.blocks} - set(today.label("role").targets)
    do(today, "position", datasets.load_coding("blinken-beijing-2023", "a").replace(
        "position", {"P2": None, "P6": None}))  # fmt: skip
    assert len(today.label("role").targets) == 33


def test_the_lines_to_give_a_role_follow_the_positions_and_no_role_is_lost(today):
    labeller = today.label("role")
    for id in ("P2", "P6"):
        unit = today.article.unit(id)
        today.workbook.put(Annotation(id, "role", Span(unit.start, unit.end), ("main-event",)))

    def offered():
        return {u["id"] for b in labeller.doc["blocks"] for u in b["units"] if u["active"]}

    assert {"P2", "P6"} <= offered()
    label(today, "P2", "furniture")
    assert "P2" not in offered() and "P6" in offered() and offered() == set(labeller.targets)
    assert list(labeller.labels["P2"]["codes"]) == ["main-event"]
    label(today, "P2", "body")
    assert "P2" in offered()
    chosen = today.label("role", only=["P6"])
    label(today, "P6", "furniture")
    assert list(chosen.targets) == ["P6"]


def test_charts_are_drawn_from_the_students_own_labels(today):
    do(today, "position")
    counted = sum(a.codes == ("body",) for a in B.on("position"))
    assert f"{counted}" in repr(today.chart("structure"))
    do(today, "attribution")
    assert "Shen Dingli" in repr(today.chart("share of voice"))


@pytest.mark.parametrize("name", ["structure", "share of voice", "moves by voice", "issues"])
def test_before_there_is_a_label_a_chart_says_what_it_will_show_and_draws_nothing(today, name):
    shown = today.chart(name)
    assert repr(shown).startswith("A chart of ") and "label on" in repr(shown)
    assert "<img" not in shown.html and "<table" not in shown.html
    assert not any(word.isdigit() for word in repr(shown).split())


def test_no_reading_is_shown_before_the_student_commits(today):
    do(today, "position")
    before = today.compare("position")
    data, _ = before._repr_mimebundle_()
    assert repr(before) == "Position: 43 labels, first answer not kept yet"
    assert "alpha" not in data["text/html"] and "Nut graf" not in data["text/html"]
    answer = press(before, "commit")
    assert answer["status"].startswith("Your first answer is kept")
    assert "read all 43 paragraphs in the same way" in before.html
    assert [button["id"] for button in before.buttons] == ["propose"]
    # Run again, or tomorrow, the cell goes straight to the comparison.
    again = today.compare("position")
    assert "43 of 43" in repr(again) and "read all 43 paragraphs" in again.html


def test_an_empty_board_of_issues_says_so_in_words():
    board = lesson("05-whose-agenda").explore("frame")
    assert "Nothing is labelled yet" in repr(board) and "0" not in repr(board)


def test_what_comes_after_a_commit_waits_for_it(today):
    waiting = today.chart("roles", of="reference")
    assert (
        "“Roles” appears here once you have pressed “I am done” in the comparison on Role"
        in repr(waiting)
    )
    assert "“Measure” appears here" in repr(today.explore("measure", of="reference"))
    do(today, "role")
    press(today.compare("role"), "commit")
    assert "33" in repr(today.chart("roles", of="reference"))
    assert "handed in an answer to exercise 2.4" in repr(
        today.chart("order of events", after="2.4")
    )
    task = today.task("2.4")
    order = [entry["id"] for entry in task.form["controls"][0]["entries"]]
    assert task._do("hand-in", {"order": order})["outcome"]["verdict"] == "not yet"
    assert "handed in" not in repr(today.chart("order of events", after="2.4"))


def test_the_comparison_keeps_to_the_first_answer_and_shows_both_notes(today):
    do(today, "position")
    unit = today.article.unit("P7")
    mine = Annotation(
        "P7", "position", Span(unit.start, unit.end), ("nut-graf",), note="<b>why</b>"
    )
    today.workbook.put(mine)
    press(today.compare("position"), "commit")
    label(today, "P7", "body")
    page = today.compare("position").html
    assert "&lt;b&gt;why&lt;/b&gt;" in page and "<b>why" not in page
    assert "read all 43 paragraphs in the same way" in page


def test_an_empty_answer_cannot_be_committed(today):
    panel = today.compare("role")
    assert "make at least one label" in press(panel, "commit")["status"]
    assert today.workbook.committed("role") is None


def test_work_is_signed_and_taken_away(today):
    label(today, "P6", "lede")
    panel = today.my_work()
    assert repr(panel) == "Work on blinken-beijing-2023: labels 1 on Position, exercises none yet"
    assert "Write a name" in press(panel, "sign", name="  ")["status"]
    answer = press(panel, "download", name="Ana <i>María</i>")
    stem = file_stem("Ana <i>María</i>")
    assert stem.startswith("ana-i-maria-i-")
    assert answer["download"]["name"] == f"{stem}-blinken-beijing-2023.json"
    assert "&lt;i&gt;" in panel.html and "<i>" not in panel.html
    taken = json.loads(answer["download"]["text"])
    assert taken["student"] == "Ana <i>María</i>"
    assert [a["codes"] for a in taken["labels"]] == [["lede"]]
    assert Workbook(today.article, B.codebook, "x", today.workbook.path).student == taken["student"]


def test_a_work_file_is_opened_in_the_page(today, tmp_path):
    label(today, "P6", "lede")
    taken = press(today.my_work(), "download", name="Ana")["download"]
    later = lesson_elsewhere(tmp_path)
    panel = later.my_work()
    assert "Choose your work file" in press(panel, "open")["status"]
    sent = {"name": taken["name"], "data": base64.b64encode(taken["text"].encode()).decode()}
    assert "put together" in press(panel, "open", file=sent)["status"]
    assert later.workbook.student == "Ana" and "labels 1 on Position" in repr(panel)
    sent["data"] = base64.b64encode(b"PK").decode()
    assert press(panel, "open", file=sent)["status"].startswith(f"{taken['name']} is no work file")


def lesson_elsewhere(folder):
    """The same lesson on a machine where nothing was done yet."""
    text = datasets.load_article("blinken-beijing-2023")
    work = Workbook.open(text, datasets.codebook(text.id), "student", folder / "elsewhere")
    return Lesson("02-structure", work)


@pytest.mark.parametrize(
    "hand_in, shown",
    [
        ("https://forms.example.org/7b?a=1&b=2", 'href="https://forms.example.org/7b?a=1&amp;b=2"'),
        ("folder “7b <in>” on the school’s drive", "folder “7b &lt;in&gt;” on the school’s drive"),
        ("javascript:alert(1)", "</th><td>Download your work, then hand that file in: javascript:"),
    ],
)
def test_a_page_says_where_to_hand_in(today, hand_in, shown):
    assert "Hand in" not in today.my_work().html
    panel = work_panel(today.workbook, hand_in)
    assert shown in panel.html
    assert "Hand it in" in press(panel, "download", name="Ana")["status"]
    assert shown in panel.html  # also after it was drawn anew


def test_a_press_that_cannot_be_saved_says_so(today, monkeypatch):
    panel = today.my_work()
    (today.workbook.path.parent.parent / today.article.id).write_text(
        "in the way", encoding="utf-8"
    )
    assert press(panel, "sign", name="Ana")["status"]
    assert today.workbook.student == "student"


def test_what_cannot_be_saved_any_more_can_be_taken_away(today, tmp_path):
    label(today, "P6", "lede")
    panel = today.my_work()
    folder = today.workbook.path.parent
    folder.rename(tmp_path / "gone")
    folder.write_text("in the way", encoding="utf-8")
    assert "download" not in press(panel, "sign", name="Ana")["status"]
    answer = press(panel, "download", name="Ana")
    assert "download folder" in answer["status"] and answer["status"].count(".") > 2
    assert [a["id"] for a in json.loads(answer["download"]["text"])["labels"]] == ["P6"]


def test_rubbish_from_a_page_is_ignored(today):
    panel = today.my_work()
    told = []
    panel.send = lambda content, buffers=None: told.append(content)
    assert "Write a name" in press(panel, "sign", name=5)["status"]
    assert "Write a name" in press(panel, "sign", name="\x00 \u202e")["status"]
    panel = today.my_work()
    panel.send = lambda content, buffers=None: told.append(content)
    for rubbish in (None, [], {"type": "press"}, {"type": "press", "button": 3, "values": {}}):
        panel._receive(panel, rubbish, [])
    assert told == []


def test_a_question_is_asked_on_the_page_and_nothing_is_written_before_it_is_answered(
    today, tmp_path, monkeypatch
):
    label(today, "P6", "lede")
    label(today, "P7", "body")
    path = today.workbook.path
    path.unlink()
    Workbook._open.clear()
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *what, **how: shown.extend(what))
    again = lesson("02-structure")
    greeting, panel = shown
    assert "One question first" in greeting.html
    assert "is not there, but a copy of it is" in panel.html and "1 label" in panel.html
    assert "Choose first" in told_by(again.task("2.2"))
    assert not path.exists()
    assert "goes on" in press(panel, "newer")["status"]
    assert panel.html == "" and again.workbook.question is None
    assert again.workbook.coding.codes("position") == {"P6": "lede"} and path.exists()


def told_by(task) -> str:
    return task._do("draft", {})["problem"]


def test_students_who_share_a_machine_have_their_own_files(today, tmp_path, monkeypatch):
    label(today, "P6", "lede")
    ben = lesson("02-structure", student="Ben")
    assert len(ben.workbook.coding) == 0
    monkeypatch.setenv("KIT_STUDENT", "Cem")
    assert lesson("02-structure").workbook.path.stem == file_stem("Cem")
