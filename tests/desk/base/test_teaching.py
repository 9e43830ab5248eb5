"""Teaching notes: there is one for every exercise, it can be read, and students do not get it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import nbformat
import pytest

from desk.base import teaching_notes
from desk.base.teaching_notes import TeachingError
from kit import exercises
from kit.exercises import OWN
from kit.exercises.markup import plain
from kit.library import datasets, facts
from kit.work import own_texts

LESSONS = sorted(path.stem for path in (datasets.root() / "notebooks").glob("[0-9]*.ipynb"))
GUIDE = datasets.root() / "notebooks" / "instructor" / "guide.md"


def filled(lesson: str) -> list[tuple[teaching_notes.Note, list[str]]]:
    """Return a lesson's notes, each with its texts as they are shown."""
    asked = {exercise.id: exercise for exercise in exercises.load(lesson)}
    found = []
    for note in teaching_notes.load(lesson):
        article = asked[note.id].article
        article = own_texts.PRACTICE if article == OWN else article
        known = facts.load(article) if facts.there_are(article) else None
        found.append((note, [known.fill(t) if known else t for t in note.texts]))
    return found


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_has_a_note_and_every_note_an_exercise(lesson):
    asked = [exercise.id for exercise in exercises.load(lesson)]
    assert asked
    assert [note.id for note in teaching_notes.load(lesson)] == asked


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_fact_that_a_note_names_is_there(lesson):
    for note, texts in filled(lesson):
        for text in texts:
            assert not re.search(r"[{}]", text), (note.id, text)


@pytest.mark.parametrize("lesson", LESSONS)
def test_free_text_has_exemplars_at_three_levels_that_grow(lesson):
    """An exemplar that is longer is not better; but none of these is better and shorter."""
    notes = {note.id: note for note in teaching_notes.load(lesson)}
    free = [exercise for exercise in exercises.load(lesson) if exercise.texts]
    for exercise in free:
        levels = notes[exercise.id].levels
        assert levels is not None, exercise.id
        lengths = [len(text.split()) for text in (levels.one, levels.two, levels.three)]
        assert lengths == sorted(set(lengths)), exercise.id
        # What is marked best must point at the text, where the exercise asks for evidence.
        if exercise.evidence:
            assert re.search(r"\bP\d+|“", levels.three) or exercise.id == "5.5", exercise.id


def given_out(lesson: str) -> str:
    """Return the words that a student has of a lesson: cells, what they show, exercises."""
    root = datasets.root()
    notebook = nbformat.read(root / "notebooks" / f"{lesson}.ipynb", as_version=4)
    said = [cell.source for cell in notebook.cells]
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            said += [unescape(text) for text in output.get("data", {}).values()]
    for path in (root / "datasets").glob(f"*/exercises/{lesson}.toml"):
        said.append(path.read_text(encoding="utf-8"))
    return " ".join(" ".join(said).split())


@pytest.mark.parametrize("lesson", LESSONS)
def test_students_do_not_get_the_exemplars(lesson):
    """No sentence of an exemplar stands in a notebook, or beside its exercise."""
    shown = given_out(lesson)
    assert "For the instructor" not in shown
    for note in teaching_notes.load(lesson):
        levels = (note.levels.one, note.levels.two, note.levels.three) if note.levels else ()
        for level in levels:
            sentences = [s for s in re.split(r"(?<=[.?!])\s+", plain(level)) if len(s) > 25]
            assert sentences or len(level) <= 60, note.id
            assert not [s for s in sentences if s in shown], note.id


def test_the_exercises_named_in_the_guide_are_there():
    prose = re.sub(r"`[^`]*`|CC BY 4\.0", "", GUIDE.read_text(encoding="utf-8"))
    named = set(re.findall(r"\b0?[0-7]\.\d\b", prose))
    assert len(named) > 15
    assert named <= {e.id for lesson in LESSONS for e in exercises.load(lesson)}


def test_the_guide_gives_the_minutes_of_the_cards():
    table = GUIDE.read_text(encoding="utf-8")
    for lesson in LESSONS:
        card = (datasets.root() / "notebooks" / f"{lesson}.ipynb").read_text(encoding="utf-8")
        usual, short = re.search(
            r"\*\*Minutes\.\*\* ([\d and]+); short of time, (\d+)", card
        ).groups()
        row = next(line for line in table.splitlines() if f"../{lesson}.ipynb" in line)
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[1] == usual, lesson
        assert re.match(r"\d+", cells[3]).group() == short, lesson


# -- files that cannot be used ---------------------------------------------------------------------

HEAD = 'lesson = "03-who-speaks"\n'
NOTE = '[[exercises]]\nid = "3.1"\nexpected = "Yes."\n'


def written(tmp_path: Path, text: str, article: str = "a") -> Path:
    path = tmp_path / article / "teaching" / "03-who-speaks.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path


def test_notes_of_all_articles_stand_in_the_order_of_the_exercises(tmp_path):
    written(tmp_path, HEAD + NOTE.replace("3.1", "3.10") + NOTE)
    written(tmp_path, HEAD + NOTE.replace("3.1", "3.2"), "b")
    assert [n.id for n in teaching_notes.load("03-who-speaks", tmp_path)] == ["3.1", "3.2", "3.10"]
    assert teaching_notes.load("04-expectations", tmp_path) == ()


def test_a_change_to_a_file_is_seen_at_once(tmp_path):
    written(tmp_path, HEAD + NOTE)
    assert teaching_notes.load("03-who-speaks", tmp_path)[0].expected == "Yes."
    written(tmp_path, HEAD + NOTE.replace("Yes", "No"))
    assert teaching_notes.load("03-who-speaks", tmp_path)[0].expected == "No."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lesson = ", "03-who-speaks.toml cannot be read"),
        (HEAD + NOTE + 'hint = "x"\n', "exercise 3.1: .*hint"),
        (HEAD + NOTE + NOTE.replace("3.1", "3.2").replace("expected", "expect"), "exercise 3.2"),
        (HEAD + '[[exercises]]\nexpected = "x"\n', "exercise number 1"),
        (HEAD + NOTE + 'wrong = "one"\n', "exercise 3.1"),
        (HEAD + NOTE + '[exercises.levels]\none = "a"\ntwo = "b"\n', "exercise 3.1: .*three"),
        (HEAD + NOTE + NOTE, "2 teaching notes on 3.1"),
        (HEAD + NOTE.replace("Yes.", " "), "exercise 3.1: a text is empty"),
        (HEAD + NOTE.replace("3.1", "three"), "“three” is no exercise’s number"),
        (HEAD.replace("03", "04") + NOTE, "the lesson is “04-who-speaks”"),
        ("exercises = []\n", "03-who-speaks.toml: .*lesson"),
    ],
)
def test_a_slip_is_named_with_its_file_and_exercise(tmp_path, text, words):
    written(tmp_path, text)
    with pytest.raises(TeachingError, match=words) as slip:
        teaching_notes.load("03-who-speaks", tmp_path)
    assert "\n" not in str(slip.value)
    assert "03-who-speaks.toml" in str(slip.value)


def test_two_articles_cannot_have_a_note_on_one_exercise(tmp_path):
    written(tmp_path, HEAD + NOTE)
    written(tmp_path, HEAD + NOTE, "b")
    with pytest.raises(TeachingError, match="2 teaching notes on 3.1"):
        teaching_notes.load("03-who-speaks", tmp_path)
