"""The instructor's edition: the students' notebooks, done, with the teaching notes in them."""

from __future__ import annotations

import ast
import re
import sys
from html import unescape
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from desk import __main__
from desk.base import teaching_notes
from desk.base.output_folder import STAMP, MadeError, making
from desk.base.teaching_notes import Levels, Note
from desk.make import edition
from desk.make.edition import EditionError
from desk.make.model_student import ALL_IN_ONE, do_lesson
from kit import exercises
from kit.coding.coding import Coding
from kit.exercises import Context, Exercise
from kit.exercises.forms import FORMS
from kit.exercises.kinds.text import Text
from kit.exercises.markup import plain
from kit.exercises.surroundings import context_of
from kit.library import datasets, facts
from kit.library.course import known_lessons
from kit.work.workbook import Workbook

ARTICLE = datasets.load_article("blinken-beijing-2023")
CODEBOOK = datasets.codebook(ARTICLE.id)
CONTEXT = Context(ARTICLE, Coding(ARTICLE, CODEBOOK, "x"), CODEBOOK, None, facts.load(ARTICLE.id))
#: The quickest lesson, and one with free text.
LESSONS = ("00-start-here", "06-leave-the-page")
LIVE = "application/vnd.jupyter.widget"
EVIL = "<script>alert(1)</script> $x$ # [a](b) </div>"

EXERCISE = Exercise(
    id="3.1",
    title="A *title*",
    kind="explain",
    status="open",
    minutes=(2, 5, 11),
    prompt="Write.",
    skip=True,
    article=ARTICLE.id,
    lesson="03-who-speaks",
    texts=(Text("claim", "Claim"),),
)
NOTE = Note(
    "3.1",
    "The file has {blocks} lines.",
    ("All of them.", "None."),
    ("Which one?",),
    Levels("A little.", "Rather more.", "A good deal more than that."),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, nbformat.NotebookNode]:
    out = tmp_path_factory.mktemp("edition") / "instructor-edition"
    paths = edition.make(out, LESSONS)
    assert {path.name for path in out.iterdir()} == {STAMP, *(f"{name}.ipynb" for name in LESSONS)}
    return {path.stem: nbformat.read(path, as_version=4) for path in paths}


def shown(notebook: nbformat.NotebookNode, id: str) -> tuple[str, str, str]:
    """Return what an exercise's cell shows in text and in HTML, and the cell under it."""
    for cell, after in zip(notebook.cells, notebook.cells[1:]):
        if cell.cell_type == "code" and f'task("{id}")' in cell.source:
            (data,) = [output.data for output in cell.outputs]
            return data["text/plain"], data["text/html"], after.source
    raise AssertionError(f"{id} is not asked")


def words(markdown: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markdown)).split())


# -- a lesson, run for real ------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_check_is_passed_or_kept(made, lesson):
    for exercise in exercises.load(lesson):
        text, html, _ = shown(made[lesson], exercise.id)
        assert f"[{'yes' if exercise.checked else 'kept'}]" in text.splitlines()[0]
        assert "✓" in html


@pytest.mark.parametrize("lesson", LESSONS)
def test_under_each_exercise_stands_its_note(made, lesson):
    notes = {note.id: note for note in teaching_notes.load(lesson)}
    for exercise in exercises.load(lesson):
        under = shown(made[lesson], exercise.id)[2]
        assert under.startswith(f"**For the instructor · {exercise.id}**\n")
        practice = exercise.article == "harran-talks"
        filled = facts.load(exercise.article).fill if practice else CONTEXT.fill
        for said in notes[exercise.id].texts:
            assert plain(filled(said)) in words(under), exercise.id
        least, usual, most = exercise.minutes
        assert f"{least} at least, {usual} usually, {most} at most" in words(under)
        assert ("leave this out first" in under) == exercise.skip


def test_free_text_is_answered_with_the_best_exemplar(made):
    (note,) = (note for note in teaching_notes.load("06-leave-the-page") if note.id == "6.2")
    assert CONTEXT.say(note.levels.three) in words(shown(made["06-leave-the-page"], "6.2")[1])


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_edition_stands_still_and_names_no_folder(made, lesson):
    notebook = made[lesson]
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    pages = 0
    for cell in notebook.cells:
        assert "execution" not in cell.metadata
        for output in cell.get("outputs", ()):
            assert output.output_type in ("display_data", "execute_result"), cell.source
            assert not [kind for kind in output.data if kind.startswith(LIVE)]
            pages += "text/html" in output.data
    assert pages == sum(cell.cell_type == "code" for cell in notebook.cells)
    stored = str(notebook)
    assert not re.search(r"/(?:home|Users|tmp|root)/\w+|kit-edition-", stored)
    assert str(datasets.root()) not in stored


def test_charts_are_pictures_of_the_model_students_labels(made):
    cells = [c for c in made["06-leave-the-page"].cells if "chart(" in c.source]
    assert len(cells) == 2
    for cell in cells:
        assert "data:image/svg+xml;base64," in cell.outputs[0].data["text/html"]
        assert "appears here" not in cell.outputs[0].data["text/plain"]


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_first_cell_says_what_this_is(made, lesson):
    first, before = made[lesson].cells[0].source, student(lesson).cells[0].source
    assert first.startswith(before.splitlines()[0])
    assert "Instructor’s edition" in first and "not to be handed out" in first
    assert before.partition("\n")[2].strip() in first
    assert "Instructor’s edition" not in before


def student(lesson: str) -> nbformat.NotebookNode:
    return nbformat.read(datasets.root() / "notebooks" / f"{lesson}.ipynb", as_version=4)


@pytest.mark.parametrize("lesson", LESSONS)
def test_nothing_else_is_changed(made, lesson):
    own = [c for c in made[lesson].cells if not c.id.startswith("for-the-instructor")]
    before = student(lesson).cells
    assert [c.source for c in own[1:]] == [c.source for c in before[1:]]


# -- the model student -----------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", known_lessons())
def test_the_expected_answers_of_every_lesson_are_taken(lesson, tmp_path):
    workbook = edition.open_for(lesson, tmp_path)
    texts = {note.id: note.levels.three for note in teaching_notes.load(lesson) if note.levels}
    verdicts = do_lesson(workbook, lesson, texts=texts)
    right = {e.id: "yes" if e.checked else "kept" for e in exercises.load(lesson)}
    assert verdicts == right


def test_evidence_is_what_the_exemplar_quotes(tmp_path):
    workbook = Workbook.open(ARTICLE, CODEBOOK, "x", tmp_path)
    text = "In P29 it is one of four “transnational challenges”, and P27 calls it a disaster."
    do_lesson(workbook, "05-whose-agenda", texts={"5.4": text, "5.5": "No paragraph is named."})
    values = workbook.answers["5.4"]["values"]
    assert values["change"] == text
    assert values["evidence"][0] == {"block": "P29", "words": "transnational challenges"}
    assert values["evidence"][1] == {
        "block": "P29",
        "words": " ".join(ARTICLE.block("P29").text.split()[:6]).strip(" ,.;:"),
    }
    values = workbook.answers["5.5"]["values"]
    assert values["sources"].count(", 14 June 2023, ") == 1  # the parts that the text lacks
    told = sorted(values[id].partition(" A newspaper, ")[0] for id in ("box", "sources"))
    assert told == ["No paragraph is named.", ALL_IN_ONE.format("5.5")]
    assert len(values["evidence"]) == 1


# -- the cells -------------------------------------------------------------------------------------


def test_a_note_is_written_out():
    cell = edition.note_cell(EXERCISE, NOTE, CONTEXT)
    said = words(cell)
    assert f"The file has {len(ARTICLE.blocks)} lines." in said
    assert "read by a person; minutes: 2 at least, 5 usually, 11 at most; leave this out" in said
    for wanted in ("All of them.", "None.", "Which one?", "Level three: A good deal more"):
        assert wanted in said
    assert "<em>A <em>title</em></em>" in cell


def test_an_exercise_without_a_note_says_where_one_belongs():
    said = words(edition.note_cell(EXERCISE, None, CONTEXT))
    assert "datasets/blinken-beijing-2023/teaching/03-who-speaks.toml" in said
    assert "5 usually" in said


def test_hostile_words_stay_words():
    note = Note("3.1", EVIL, (EVIL,), (EVIL,), Levels(EVIL, EVIL, EVIL))
    cell = edition.note_cell(EXERCISE, note, CONTEXT)
    head, _, body = cell.partition("\n\n")
    assert "<script" not in cell and "$" not in cell
    assert cell.count("</div>") == 2
    # One block of HTML, which no typesetter looks at: an empty line would end it and let Markdown
    # in.
    assert body.startswith('<div class="mathjax_ignore') and "\n\n" not in body
    assert words(body).count("[a](b) </div>") == 6


def test_notes_are_put_under_their_exercises():
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Title\n\nWords with `today.task('3.9')`"),
            new_code_cell("x = 1"),
            new_code_cell("today.task( '3.1' )"),
            new_code_cell('today.task("3.2")\ntoday.task("3.3")'),
        ]
    )
    edition.annotate(notebook, {"3.1": "one", "3.2": "two", "3.3": "three", "3.9": "nine"})
    nbformat.validate(notebook)
    sources = [cell.source for cell in notebook.cells]
    assert sources[2:] == ["today.task( '3.1' )", "one", sources[4], "two", "three"]
    assert sources[0].startswith("# Title\n\n> **Instructor’s edition.**")


# -- running ---------------------------------------------------------------------------------------


def small(path: Path, *sources: str) -> Path:
    cells = [new_markdown_cell("# Small"), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_a_notebook_runs_on_this_python_with_the_work_it_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_STUDENT", "somebody else")
    work = tmp_path / "w"
    work.mkdir()
    code = "import sys, os\nsys.executable, os.environ['KIT_WORK'], os.environ.get('KIT_STUDENT')"
    notebook = edition.run(small(tmp_path / "a.ipynb", code, "import kit\nprint(1)"), work)
    told = notebook.cells[1].outputs[0].data["text/plain"]
    assert ast.literal_eval(told) == (sys.executable, "work", None)
    assert str(work) not in told
    assert notebook.cells[2].outputs[0].text == "1\n"


def test_no_kernel_is_left_running(tmp_path):
    path = small(tmp_path / "a.ipynb", "import os\nos.getpid()")
    notebook = edition.run(path, tmp_path)
    assert not psutil.pid_exists(int(notebook.cells[1].outputs[0].data["text/plain"]))


def test_a_cell_that_fails_is_told_in_a_line(tmp_path):
    path = small(tmp_path / "a.ipynb", "raise ValueError('no\\nway')")
    with pytest.raises(EditionError) as slip:
        edition.run(path, tmp_path)
    assert str(slip.value) == "a.ipynb does not run: ValueError: no"


def test_a_kernel_that_dies_is_told_in_a_line(tmp_path):
    path = small(tmp_path / "a.ipynb", "import os\nos._exit(1)")
    with pytest.raises(EditionError, match="a.ipynb: the kernel stopped"):
        edition.run(path, tmp_path)


def test_live_widgets_are_taken_out(tmp_path):
    shows = {f"{LIVE}-view+json": {}, "text/html": "<b>x</b>", "text/plain": "x"}
    code = f"from IPython.display import display\ndisplay({shows}, raw=True)"
    notebook = edition.run(small(tmp_path / "a.ipynb", code), tmp_path)
    assert dict(notebook.cells[1].outputs[0].data) == {"text/html": "<b>x</b>", "text/plain": "x"}


# -- the folder ------------------------------------------------------------------------------------


def test_somebodys_own_folder_is_refused_before_anything_is_run(tmp_path):
    (tmp_path / "00-start-here.ipynb").write_text("my own", encoding="utf-8")
    with pytest.raises(MadeError, match="is no instructor edition"):
        edition.make(tmp_path, ["00"])
    assert [path.name for path in tmp_path.iterdir()] == ["00-start-here.ipynb"]
    assert (tmp_path / "00-start-here.ipynb").read_text(encoding="utf-8") == "my own"


def test_a_packet_is_no_edition(tmp_path):
    with making(tmp_path / "x", "print packet", "") as folder:
        (folder / "a.html").write_text("a", encoding="utf-8")
    with pytest.raises(MadeError, match="is no instructor edition"):
        edition.make(tmp_path / "x", ["00"])


def test_the_command_says_one_line(tmp_path, capsys):
    assert __main__.main(["edition", "--out", str(tmp_path / "x"), "99"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    assert "There is no lesson “99”" in said.err and "00-start-here" in said.err
    assert not (tmp_path / "x").exists()


def test_lessons_are_known_by_number_or_name():
    assert edition._chosen(["03", "03-who-speaks", "00"]) == ["03-who-speaks", "00-start-here"]
    assert edition._chosen(None) == known_lessons()


def test_an_exercise_that_contradicts_the_reference_is_told(tmp_path):
    """Reached by a student who is wrong, so that the checks really do not take the answers."""
    workbook = edition.open_for("03-who-speaks", tmp_path)
    verdicts = do_lesson(workbook, "03-who-speaks", right=False)
    with pytest.raises(EditionError, match=r"^03-who-speaks: .*not taken: .*3\.1 \(not yet\)"):
        edition.all_taken("03-who-speaks", verdicts)
    edition.all_taken("03-who-speaks", {"3.1": "yes", "3.2": "kept"})


def test_contexts_are_the_lessons_own(tmp_path):
    workbook = edition.open_for("07-your-own-article", tmp_path)
    for exercise in exercises.load("07-your-own-article"):
        unseen = exercise.article == exercises.UNSEEN
        about = context_of(exercise, workbook).article.id
        assert about in FORMS.values() if unseen else about == "harran-talks"
