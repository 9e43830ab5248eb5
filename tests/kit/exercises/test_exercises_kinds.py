"""A kind of control is one class, and what nobody has thought of is refused or left out."""

import json
from pathlib import Path

from msgspec.structs import replace

from desk.handout.blanking import for_students
from kit.exercises import expected
from kit.exercises.kinds import KINDS, controls
from kit.widgets import scripts
from tests.exercise_book import context, exercise

SECRET = "forty-two"


def test_a_hand_out_holds_no_key_that_nobody_has_named():
    table = {
        "id": "3.1", "title": "T", "kind": "scale", "status": "fact", "minutes": [1, 2, 3],
        "prompt": "How much?", "scale": [1, 5], "answer": SECRET, "yes": SECRET,
    }  # fmt: skip
    kept = for_students(table)
    assert list(kept) == ["id", "title", "kind", "status", "minutes", "prompt"]
    assert SECRET not in json.dumps(kept)
    # Nor in tables within a known exercise, whether or not it has a right answer.
    for item in ("fact", "open"):
        known = {
            **table, "kind": "choose", "status": item, "options": [{"id": "a", "right": SECRET}],
            "questions": [{"id": "q", "key": SECRET, "options": [{"id": "b", "why": SECRET}]}],
            "order": [SECRET], "fields": [{"id": "n", "label": SECRET}],
        }  # fmt: skip
        assert SECRET not in json.dumps(for_students(known))


def test_every_kind_that_stands_in_a_form_has_its_script():
    there = Path(scripts.__file__).parent.glob("controls/*.js")
    assert sorted(kind.script for kind in KINDS if kind.script) == sorted(p.stem for p in there)


def test_what_a_kit_calls_a_label_makes_it_no_other_answer():
    asked = exercise("3.2")
    label = controls(asked)[0]
    some = expected(asked, context()).labels
    others = [replace(a, id=f"other-{a.id}") for a in some]
    assert label.pieces(some, context()) == label.pieces(others, context())
