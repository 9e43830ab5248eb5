"""Exercises are read strictly: every contradiction is told once, with where it is."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from kit.base.toml_writer import to_toml
from kit.exercises import Exercise, ExerciseError, find, load
from kit.exercises.model import load_file
from kit.library import datasets

LESSON = "03-test"
ANY = {"id": "3.1", "title": "T", "minutes": [1, 2, 3], "prompt": "Well?"}
OPTIONS = [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]
FIELD = {"id": "n", "label": "N", "fact": "blocks", "other": "Count again."}
QUESTION = {"id": "q", "text": "Q", "answer": ["a"], "reasons": {"b": "No."}}
READINGS = [{"option": "a", "reason": "So."}, {"option": "b", "reason": "Or so."}]
COUNT = {**ANY, "kind": "count", "status": "fact", "yes": "So.", "fields": [FIELD]}
CHOOSE = {
    **ANY, "kind": "choose", "status": "fact", "yes": "So.", "options": OPTIONS,
    "questions": [QUESTION],
}  # fmt: skip
DISPUTED = {
    **ANY, "kind": "choose", "status": "disputed", "options": OPTIONS,
    "questions": [{"id": "q", "text": "Q", "readings": READINGS}],
}  # fmt: skip
ORDER = {
    **ANY, "kind": "order", "status": "fact", "yes": "So.",
    "entries": [{"id": id, "text": id} for id in "bac"], "order": ["a", "b", "c"],
    "reasons": {id: "There." for id in "abc"},
}  # fmt: skip
LABEL = {
    **ANY, "kind": "label", "status": "anchor", "yes": "So.",
    "layer": "role", "units": ["P1", "P2"],
}  # fmt: skip
OPEN = {
    **ANY, "kind": "explain", "status": "open",
    "texts": [{"id": "t", "label": "T", "words": [5, 9], "evidence": 1}],
}  # fmt: skip


def toml(value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def written(folder: Path, *exercises: dict, lesson: str = LESSON, article: str = "velsk") -> Path:
    path = folder / article / "exercises" / f"{LESSON}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f"lesson = {toml(lesson)}\nexercises = {toml(list(exercises))}\n"
    path.write_text(text, encoding="utf-8")
    return path


def said_of(tmp_path, *exercises, **rest) -> list[str]:
    """The lines in which an unusable file is refused."""
    with pytest.raises(ExerciseError) as caught:
        load_file(written(tmp_path, *exercises, **rest))
    return str(caught.value).splitlines()


@pytest.mark.parametrize("base", [COUNT, CHOOSE, DISPUTED, ORDER, LABEL, OPEN])
def test_what_the_cases_begin_with_is_sound(tmp_path, base):
    (one,) = load_file(written(tmp_path, base))
    assert (one.lesson, one.article, one.kind) == (LESSON, "velsk", base["kind"])
    assert one.checked == (base["status"] in ("fact", "anchor"))


def field(**changes):
    return {"fields": [{**FIELD, **changes}]}


def question(base=QUESTION, **changes):
    return {"questions": [{k: v for k, v in {**base, **changes}.items() if v is not None}]}


def text(**changes):
    return {"texts": [{"id": "t", "label": "T", **changes}]}


D = DISPUTED["questions"][0]
WRONG = {"value": 5, "reason": "No."}
TEXT = {"id": "t", "label": "T"}


@pytest.mark.parametrize(
    ("base", "changes", "said"),
    [
        # of any kind
        (COUNT, {"id": "three"}, "an id is the lesson’s number, a point and a number"),
        (COUNT, {"id": "4.1"}, "its number does not belong to 03-test"),
        (COUNT, {"article": "velsk"}, "“article” may be “own” or “unseen”"),
        (OPEN, {"status": "fact", "yes": "So.", "texts": [], "questions": [QUESTION],
                "options": OPTIONS}, "“explain” may be disputed or open, not fact"),
        (COUNT, {"layer": "role"}, "“layer” does not belong to “count” but to label"),
        (LABEL, {"entries": ORDER["entries"]}, "“entries” does not belong to “label” but to order"),
        (COUNT, {"texts": [TEXT]}, "fact and free text are not mixed"),
        (COUNT, {"yes": ""}, "say in “yes” why the right answer is right"),
        (COUNT, {"fields": [FIELD, FIELD]}, "two controls share the id “n”"),
        (COUNT, field(id="order"), "“order” cannot be the id of a field"),
        # numbers
        (COUNT, field(fact=""), "field “n”: say in “fact” which number is right"),
        (COUNT, {"fields": []}, "a count needs number fields"),
        (COUNT, field(other=""), "field “n”: say in “other” what to tell"),
        (COUNT, field(wrong=[WRONG, WRONG]), "field “n”: two wrong numbers share the id “5.0”"),
        # questions
        (CHOOSE, {"questions": [], "options": []}, "there is nothing to choose"),
        (CHOOSE, {"options": [*OPTIONS, OPTIONS[0]]}, "two options share the id “a”"),
        (CHOOSE, {"options": OPTIONS[:1], **question(reasons={})}, "“q”: it needs two options"),
        (DISPUTED, question(D, readings=READINGS[:1]), "“q”: disputed means that there are"),
        (DISPUTED, question(D, readings=[*READINGS, {"option": "x", "reason": "So."}]),
         "question “q”: reading “x”: there is no such option or entry. There is: a, b"),
        (CHOOSE, question(answer=None), "question “q”: what is fact has a right answer"),
        (CHOOSE, question(answer=["x"]), "question “q”: answer “x”: there is no such"),
        (CHOOSE, question(reasons={"b": "No.", "x": "No."}), "question “q”: reason “x”: there is"),
        (CHOOSE, question(reasons={}), "question “q”: the wrong option “b” needs a reason"),
        # order
        (ORDER, {"entries": [*ORDER["entries"], ORDER["entries"][0]]},
         "two entries share the id “b”"),
        (ORDER, {"entries": [], "order": [], "reasons": {}}, "there is nothing to put in order"),
        (ORDER, {"order": ["a", "b"]}, "“order” must name every entry once"),
        (ORDER, {"reasons": {"a": "There.", "b": "There."}}, "the entry “c” needs a reason"),
        (ORDER, {"reasons": {**ORDER["reasons"], "x": "There."}}, "reason “x”: there is no such"),
        (ORDER, {"order": ["b", "a", "c"]}, "“entries” are in the right order from the start"),
        # labels
        (LABEL, {"layer": ""}, "say which layer of the codebook is labelled"),
        (LABEL, {"fields": [FIELD]}, "“fields” of a label exercise are names"),
        (LABEL, {"blocks": ["P1"]}, "give units (whole paragraphs or sentences) or blocks"),
        (LABEL, {"status": "disputed", "yes": "", "units": []}, "say which units are disputed"),
        (LABEL, {"reasons": {"P1": "No."}}, "reasons of a label exercise are { P12 = "),
        # the student's own words
        (OPEN, {"texts": []}, "there is nothing to answer: add texts"),
    ],
)  # fmt: skip
def test_each_contradiction_is_told_once(tmp_path, base, changes, said):
    exercise = {**base, **changes}
    lines = said_of(tmp_path, exercise)
    found = [line for line in lines if said in line]
    assert len(found) == 1, lines
    assert found[0].startswith(f"{LESSON}.toml: exercise {exercise['id']}: ")
    assert found[0].endswith((".", "}", "add texts."))


def test_all_contradictions_are_told_at_once(tmp_path):
    lines = said_of(tmp_path, {**COUNT, "yes": "", **field(other="")}, {**OPEN, "id": "3.1"})
    assert len(lines) == 3
    assert "there are 2 exercises 3.1. Number one anew" in lines[0]


@pytest.mark.parametrize(
    ("base", "changes", "said"),
    [
        (COUNT, {"item": "fact"}, "“item” is called “status” now"),
        (COUNT, {"hint": "x"}, "03-test.toml, exercise 3.1: .*unknown field `hint`"),
        (COUNT, {"kind": "guess"}, "03-test.toml: exercise 3.1: kind: .*“guess”.* count, choose"),
        (COUNT, {"minutes": [1, 2]}, "03-test.toml, exercise 3.1: .*length 3"),
        (COUNT, field(vlaue=4), "03-test.toml, exercise 3.1: "),
        (CHOOSE, question(answer=["a", "b"]), "03-test.toml, exercise 3.1: .*length 1"),
        (LABEL, {"at_least": -1}, "03-test.toml, exercise 3.1: .*>= 0"),
        (OPEN, text(evidence=11), "03-test.toml, exercise 3.1: .*<= 10"),
    ],
)
def test_a_misspelt_key_or_value_is_no_silence(tmp_path, base, changes, said):
    with pytest.raises(ExerciseError, match=said):
        load_file(written(tmp_path, {**base, **changes}))


def test_files_that_cannot_be_read_or_bear_another_name(tmp_path):
    path = written(tmp_path, COUNT)
    with pytest.raises(ExerciseError, match="^03-test.toml: the lesson is “04-test”, but the file"):
        load_file(written(tmp_path, {**COUNT, "id": "4.1"}, lesson="04-test"))
    path.write_text("lesson = ", encoding="utf-8")
    with pytest.raises(ExerciseError, match="^03-test.toml cannot be read: "):
        load_file(path)
    path.write_bytes(b'lesson = "\xff"')
    with pytest.raises(ExerciseError, match="^03-test.toml cannot be read: "):
        load_file(path)
    path.write_text(f'lesson = "{LESSON}"', encoding="utf-8")
    with pytest.raises(ExerciseError, match="^03-test.toml: .*`exercises`"):
        load_file(path)


def test_a_lesson_is_gathered_from_all_articles_by_number(tmp_path):
    written(tmp_path, {**COUNT, "id": "3.10"}, {**OPEN, "id": "3.2"})
    written(tmp_path, {**ORDER, "id": "3.9"}, {**LABEL, "article": "own"}, article="atlantis")
    found = load(LESSON, folder=tmp_path)
    assert [(e.id, e.article) for e in found] == [
        ("3.1", "own"), ("3.2", "velsk"), ("3.9", "atlantis"), ("3.10", "velsk"),
    ]  # fmt: skip
    assert find(found, "3.9").kind == "order"
    with pytest.raises(ExerciseError, match="no exercise 3.3 in this lesson. There is: 3.1, 3.2"):
        find(found, "3.3")
    with pytest.raises(ExerciseError, match="There is: none"):
        find((), "3.3")
    assert load("99-nothing", folder=tmp_path) == ()


def test_two_articles_cannot_share_a_number(tmp_path):
    written(tmp_path, COUNT)
    written(tmp_path, COUNT, article="atlantis")
    said = r"there are 2 exercises 3.1 \(atlantis and velsk\)"
    with pytest.raises(ExerciseError, match=said):
        load(LESSON, folder=tmp_path)


def test_the_page_for_authors_shows_exercises_that_load_and_names_every_key(tmp_path):
    page = (datasets.root() / "docs" / "exercises.md").read_text(encoding="utf-8")
    shown = tomllib.loads(page.partition("```toml\n")[2].partition("```")[0])
    usual = {"title": "A title", "minutes": [1, 2, 3], "prompt": "What?", "yes": "So it is."}
    shown["exercises"] = [
        {**usual, "id": f"3.{n}", **one} for n, one in enumerate(shown["exercises"], start=4)
    ]
    path = tmp_path / "an-article" / "exercises" / "03-who-speaks.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(to_toml(shown))
    assert [e.kind for e in load_file(path)] == [
        "count", "choose", "order", "label", "label", "explain",
    ]  # fmt: skip
    set_on_loading = {"lesson", "form"}
    for key in {*Exercise.__struct_fields__} - set_on_loading:
        assert re.search(rf"\b{key}\b", page), key
