"""The variants of a lesson: what its cells say for a mark and on an own article, and what goes."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Iterator

import msgspec
import pytest

from desk.base.lesson_facts import facts_of
from desk.base.notebook_cells import source_of, tasks_of
from desk.handout import notebooks
from desk.handout.assign import make
from desk.handout.compose import compose
from desk.handout.notebooks import VARIANTS, for_students, handed_out, notebook_of
from kit import exercises
from kit.lessons import gallery
from kit.library.course import OWN_LESSON, known_lessons
from tests.store_minutes import SITTING

LESSONS = known_lessons()
TEXTS = {name for variant in VARIANTS.values() for name in variant.texts}
TAGS = {tag for variant in VARIANTS.values() for tag in variant.without}
CELLS = [(lesson, cell) for lesson in LESSONS for cell in notebook_of(lesson)["cells"]]
NAMES = [f"{lesson} {cell['id']}" for lesson, cell in CELLS]
#: The last lesson on an article of an instructor's own.
MINE = "07-harbour"


@pytest.fixture
def mine(monkeypatch):
    """Such an article, which asks all that the last lesson asks; for a mark, nothing on rules."""
    load, load_article = exercises.load, notebooks.datasets.load_article
    asked = [
        msgspec.structs.replace(e, graded=e.own_graded) if e.own_graded.left_out else e
        for e in load(OWN_LESSON)
    ]
    monkeypatch.setattr(exercises, "load", lambda id: asked if id == MINE else load(id))
    monkeypatch.setattr(
        notebooks.datasets,
        "load_article",
        lambda id: load_article("harran-talks" if id == "harbour" else id),
    )


def others(cell: dict) -> dict[str, str]:
    """The other texts of a cell, by name."""
    kept = cell["metadata"].get("kit", {})
    return {name: "".join(text) for name, text in kept.items() if name in TEXTS}


def tags(cell: dict) -> set[str]:
    return set(cell["metadata"].get("tags", ()))


def ids(cells: Iterable[dict]) -> set[str]:
    return {cell["id"] for cell in cells}


# -- what tells an answer --------------------------------------------------------------------------


def telling(cells: Iterable[dict], *, own: bool = False) -> set[str]:
    """The cells that show another reading, or days and outcomes that an exercise asks for.

    Args:
        own: whether the text is the student's own, where the rules tell no expected answer.
    """
    return {
        cell["id"]
        for cell in cells
        if "load_coding(" in source_of(cell) or (cell["cell_type"] == "code" and _tells(cell, own))
    }


def _tells(cell: dict, own: bool) -> bool:
    for called, names, options in _calls(source_of(cell)):
        if called in ("chart", "end", "explore"):
            # A chart of no labels is made of the readings or of the dates.
            chart = names[:1] if called != "explore" else []
            without_labels = any(gallery.layer_of(name) is None for name in chart)
            if "of" in options or without_labels or (names == ["rules"] and not own):
                return True
    lessons = LESSONS if own else [*LESSONS, MINE]
    asked = {e.id for n in lessons for e in exercises.load(n) if e.graded.left_out}
    return not asked.isdisjoint(tasks_of(cell))


def _calls(source: str) -> Iterator[tuple[str, list, set[str | None]]]:
    """What a cell calls of an object, such as ``today``: the name, what is passed, the options."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = [one.value for one in node.args if isinstance(one, ast.Constant)]
            yield node.func.attr, given, {option.arg for option in node.keywords}


@pytest.mark.parametrize("lesson", [*LESSONS, MINE])
def test_for_a_mark_no_cell_tells_an_answer(lesson, mine):
    cells = for_students(lesson, graded=True)["cells"]
    assert telling(cells, own=lesson == OWN_LESSON) == set()
    assert len(cells) > 10


@pytest.mark.parametrize("lesson", [*LESSONS, MINE])
def test_a_cell_of_code_whose_tag_or_other_text_is_lost_is_seen(lesson, mine, monkeypatch):
    variant = VARIANTS[True, lesson == MINE]
    reveals = variant.without - {"not-on-own-article"}
    whole = notebook_of(lesson)
    goes = ids(cell for cell in whole["cells"] if tags(cell) & reveals)
    code = [cell for cell in whole["cells"] if cell["cell_type"] == "code"]
    changed = ids(cell for cell in code if cell["id"] in goes or "graded" in others(cell))
    for cell in whole["cells"]:
        cell["metadata"] = {}
    monkeypatch.setattr(notebooks, "notebook_of", lambda _lesson: whole)
    seen = telling(for_students(lesson, graded=True)["cells"], own=lesson == OWN_LESSON)
    assert changed <= seen <= changed | goes
    assert changed or lesson in ("00-start-here", OWN_LESSON)


@pytest.mark.parametrize("lesson", [*LESSONS, MINE])
def test_the_words_before_a_cell_that_goes_do_not_announce_it(lesson):
    variant = VARIANTS[True, lesson == MINE]
    cells = notebook_of(lesson)["cells"]
    for before, cell in zip(cells, cells[1:], strict=False):
        if cell["cell_type"] == "code" and tags(cell) & variant.without:
            gone = before["cell_type"] == "markdown" and tags(before) & variant.without
            assert gone or others(before).keys() & set(variant.texts), (lesson, cell["id"])


# -- the other texts -------------------------------------------------------------------------------


@pytest.mark.parametrize(("lesson", "cell"), CELLS, ids=NAMES)
def test_an_other_text_was_written_for_the_words_that_stand_in_the_cell(lesson, cell):
    kept, source = cell["metadata"].get("kit", {}), source_of(cell)
    assert kept.keys() <= TEXTS | {"written_for"} and tags(cell) <= TAGS | {SITTING}
    assert source not in others(cell).values()
    if kept:
        mark = hashlib.sha256(source.encode()).hexdigest()[:8]
        assert kept["written_for"] == mark, (
            f"{lesson}, cell {cell['id']}: its words have been changed. See whether its other "
            f"texts still fit, under “kit” in its metadata; then set “written_for” to {mark!r}."
        )


def unknown(lesson: str, text: str, name: str) -> set[str]:
    """The exercises and lessons that a text of a cell names and that are not there."""
    asked = {e.id for e in exercises.load(lesson) if name == "own" or not e.graded.left_out}
    number = int(lesson[:2])
    named = set(re.findall(rf"(?<![\d.]){number}\.\d[a-z]?", text))
    return named - asked | set(re.findall(r"\]\(([\w-]+)\.ipynb\)", text)) - set(LESSONS)


@pytest.mark.parametrize(("lesson", "cell"), CELLS, ids=NAMES)
def test_what_an_other_text_names_is_there(lesson, cell):
    for name, text in others(cell).items():
        assert unknown(lesson, text, name) == set()
        if cell["cell_type"] == "code":
            ast.parse(text)


def test_what_is_not_there_is_seen():
    text = "Do 3.4, then 3.7 and 3.9. [Back](02-structure.ipynb), [on](05-gone.ipynb)."
    assert unknown("03-who-speaks", text, "graded") == {"3.7", "3.9", "05-gone"}


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_card_says_the_same_for_a_mark_and_leaves_nothing_out(lesson):
    facts = facts_of(notebook_of(lesson), lesson)
    card = " ".join(source_of(for_students(lesson, graded=True)["cells"][0]).split())
    minutes = facts.minutes.partition(";")[0]
    assert card.startswith(f"# {facts.title} **Aim.** {facts.aim} **Minutes.** {minutes}. **")


def test_on_an_own_article_nothing_is_left_out_for_a_mark_either(mine):
    said = {}
    for graded in (False, True):
        cells = for_students(MINE, graded=graded)["cells"]
        said[graded] = " ".join(source_of(c) for c in cells if c["cell_type"] == "markdown")
    hurry = re.compile(r"short of time|time is short", re.I)
    assert hurry.search(said[False]) and not hurry.search(said[True])


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_other_text_of_an_exercise_stands_for_one_that_it_has(lesson):
    for exercise in exercises.load(lesson):
        given = exercise.graded
        for name in ("title", "prompt", "support", "stretch", "hints"):
            if getattr(given, name):
                assert getattr(exercise, name) not in ("", (), getattr(given, name))


# -- who gets what ---------------------------------------------------------------------------------


@pytest.mark.parametrize("graded", [False, True], ids=["practice", "graded"])
@pytest.mark.parametrize("lesson", [*LESSONS, MINE])
def test_a_hand_out_has_its_own_texts_and_no_others(lesson, graded, mine):
    variant = VARIANTS[graded, lesson == MINE]
    whole = notebook_of(lesson)
    made = for_students(lesson, graded=graded)
    there = {cell["id"]: cell for cell in made["cells"]}
    known = made["metadata"]["kit"]
    assert known.keys() == {"title", "aim"} and known["aim"]
    assert source_of(made["cells"][0]).startswith(f"# {known['title']}\n")
    assert not any({"kit", "tags"} & cell["metadata"].keys() for cell in there.values())
    sources = {source_of(cell) for cell in there.values()}
    for cell in whole["cells"]:
        known = {"": source_of(cell), **others(cell)}
        if tags(cell) & variant.without:
            assert cell["id"] not in there
        elif cell["id"] in there and cell["id"] != "card":
            said = known[next((name for name in variant.texts if name in known), "")]
            if cell["cell_type"] == "markdown":
                assert source_of(there[cell["id"]]) == said
            assert sources.isdisjoint(set(known.values()) - {said})


def test_who_may_see_the_rules(mine):
    """On a text of one's own they are a second reader; on an instructor's they find the answers."""
    assert {"rules", "rules-note"} <= ids(for_students(OWN_LESSON, graded=True)["cells"])
    assert {"rules", "rules-note"} <= ids(for_students(MINE)["cells"])
    assert not {"rules", "rules-note"} & ids(for_students(MINE, graded=True)["cells"])


def test_an_exercise_that_an_own_article_does_not_ask_goes_with_its_words(mine, monkeypatch):
    load = exercises.load
    monkeypatch.setattr(exercises, "load", lambda id: [e for e in load(id) if e.id != "7.5"])
    assert {"ask-rules", "task-rules"} <= ids(for_students(OWN_LESSON)["cells"])
    assert not {"ask-rules", "task-rules"} & ids(for_students(MINE)["cells"])
    assert not {"text", "choose-text"} & ids(for_students(MINE)["cells"])


def test_what_students_get_does_not_change_what_the_kit_has():
    before = json.dumps(notebook_of("03-who-speaks"))
    handed_out("03-who-speaks", compose("a", "A", ["03"], mode="graded"))
    assert json.dumps(notebook_of("03-who-speaks")) == before


def test_no_file_of_a_hand_out_holds_the_other_texts(tmp_path):
    for mode in ("practice", "graded"):
        folder = make(compose("all", "All", LESSONS, mode=mode), tmp_path / mode)
        for path in [*folder.rglob("*.ipynb"), *folder.glob("datasets/*/exercises/*")]:
            said = path.read_text(encoding="utf-8")
            assert not re.search(r'"?\b(own_)?graded"?( =|:)|written_for|reveals-answers', said)
