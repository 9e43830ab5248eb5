"""Right and wrong answers made from the exercises: whole, readable, and known by hand."""

import msgspec
import pytest

from kit.exercises import Context, expected, problems, wrong
from kit.exercises.exercise import Graded
from kit.exercises.kinds import clean
from kit.exercises.kinds.number import Wrong
from tests.exercise_book import ARTICLE, EXERCISES, context, exercise

IDS = [one.id for one in EXERCISES]


def changed(id: str, **changes):
    return msgspec.structs.replace(exercise(id), **changes)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("make", [expected, wrong])
def test_an_answer_has_the_form_of_one(id, make):
    """Nothing of it is cleaned away, and it can be kept in a work file."""
    answer = make(exercise(id), context())
    if answer is None:
        return
    assert clean(exercise(id), answer.values) == answer.values
    assert msgspec.json.decode(msgspec.json.encode(answer.values)) == answer.values
    assert (exercise(id).kind == "label") or not answer.labels
    context(*answer.labels)  # they can stand side by side


@pytest.mark.parametrize("id", IDS)
def test_the_right_answer_fills_every_control(id):
    one = exercise(id)
    controls = [c.id for c in (*one.numbers, *one.questions, *one.texts)]
    controls += ["order"] if one.entries else []
    controls += ["evidence"] if one.evidence else []
    assert list(expected(one, context()).values) == controls


def test_only_what_can_be_wrong_has_a_wrong_answer():
    none = {one.id for one in EXERCISES if wrong(one, context()) is None}
    assert none == {one.id for one in EXERCISES if not one.checked and not one.evidence}
    assert {"3.7", "3.8", "3.13"} <= none


def test_known_answers():
    """Read off the file by hand."""
    assert expected(exercise("3.3"), context()).values == {"officials": "1"}
    assert wrong(exercise("3.3"), context()).values == {"officials": "4"}  # a known mistake
    assert expected(exercise("3.4"), context()).values == {"blocks": "43", "share": "22.7"}
    right = expected(exercise("3.5"), context()).values
    assert right == {"p16": ["decoy"], "p8": ["move"], "who": ["dorn"]}
    order = expected(exercise("3.6"), context()).values["order"]
    assert order == list(exercise("3.6").order)
    assert wrong(exercise("3.6"), context()).values["order"] == order[::-1]


def test_a_number_without_known_mistakes_is_missed_by_more_than_it_is_rounded():
    assert wrong(exercise("3.4"), context()).values == {"blocks": "33", "share": "23.75"}


def test_the_text_asked_for_is_written_in_texts_and_notes():
    answer = expected(exercise("3.9"), context(), text="My own words.")
    assert answer.values["claim"] == "My own words."
    labels = expected(exercise("3.8"), context(), text="My own words.").labels
    assert labels and {label.note for label in labels} == {"My own words."}


def test_evidence_is_copied_from_different_paragraphs_and_a_wrong_row_is_not():
    rows = expected(exercise("3.9"), context()).values["evidence"]
    assert len(rows) == exercise("3.9").evidence == len({row["block"] for row in rows})
    for row in rows:
        assert row["words"] in ARTICLE.block(row["block"]).text
    (row,) = wrong(exercise("3.9"), context()).values["evidence"]
    assert row["words"] not in ARTICLE.text


def test_right_labels_are_the_references_and_wrong_ones_have_another_code():
    one = exercise("3.1")
    right = {a.id: a.codes for a in expected(one, context()).labels}
    assert set(right) == set(one.units)
    reference = context().reference.coding.codes("role")
    assert {id: codes[0] for id, codes in right.items()} == {id: reference[id] for id in right}
    missed = {a.id: a.codes for a in wrong(one, context()).labels}
    assert set(missed) == set(right)
    assert not any(missed[id] == right[id] for id in right)


def test_an_open_label_exercise_gets_as_many_labels_as_it_asks_for():
    one = exercise("3.12")
    assert len(expected(one, context()).labels) >= max(one.at_least, 1)


# -- what only article, facts and reference can show -----------------------------------------------


def test_the_exercises_of_the_tests_have_no_problems():
    assert problems(EXERCISES, context()) == []


def number(**changes):
    (field,) = exercise("3.3").numbers
    return {"fields": (msgspec.structs.replace(field, **changes),)}


@pytest.mark.parametrize(
    ("id", "changes", "said"),
    [
        ("3.3", {"prompt": "All {blokcs} lines?"}, "a fact is not there: "),
        ("3.3", {"hints": ("Look at P44.",)}, "it names P44, which the article has not"),
        ("3.3", {"graded": Graded(hints=("Look at P44.",))}, "it names P44, which the article"),
        ("3.3", number(fact="blokcs"), "field “officials”: There is no fact “blokcs” on blinken"),
        ("3.3", number(fact="weekday"), "The fact “weekday” is no number: Friday"),
        ("3.3", number(fact="said-elsewhere", wrong=()), "could not be checked; grade nobody"),
        ("3.3", number(wrong=(Wrong(1, "x"),)), "1 is listed as wrong, and is right"),
        ("3.1", {"layer": "rolle"}, "rolle"),
        ("3.1", {"units": ("P6", "P99"), "reasons": {}}, "the article has no block P99"),
        ("3.1", {"units": ("P6", "P7"), "reasons": {}}, "P7"),
        ("3.1", {"units": (), "reasons": {}}, "say which units are asked for"),
        ("3.1", {"blocks": ("P6",), "units": (), "reasons": {}}, "give units, not blocks"),
        ("3.1", {"reasons": {"P12": {"main-event": "No."}}}, "“main-event” is right in the"),
        ("3.1", {"reasons": {"P12": {"hope": "No."}}}, "the codebook has no “hope” on role"),
        ("3.2", {"fields": ("mood",)}, "“mood” is no field of attribution"),
        ("3.10", {"at_least": 999}, "at_least = 999, but the reference has "),
        ("3.10", {"at_least": 99, "in_quotes": 98}, "in_quotes = 98, but the reference has "),
        ("3.11", {"units": ("P8",), "blocks": ()}, "“expectation” labels words: give blocks"),
        ("3.12", {"status": "anchor", "yes": "x"}, "a text of the student’s own has no reference"),
        ("3.12", {"units": ("P1",)}, "has no fixed paragraphs"),
    ],
)
def test_what_an_instructor_has_to_mend(id, changes, said):
    found = problems([changed(id, **changes)], context())
    assert any(said in problem for problem in found), found
    assert all(f"exercises/03-every-kind.toml, exercise {id}: " in problem for problem in found)


def test_without_facts_no_name_can_be_filled():
    bare = Context(ARTICLE, context().coding, context().codebook, context().reference)
    found = problems([exercise("3.3")], bare)
    assert any("there are no facts to fill" in problem for problem in found)
