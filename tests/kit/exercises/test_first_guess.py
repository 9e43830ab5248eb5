"""The first check stays the first guess; how sure one was is asked before and told after."""

import json
from dataclasses import replace

import msgspec
import pytest

from kit.exercises import Context, form, hand_in, read, state
from kit.exercises.form import first_guess
from kit.work.workbook import Workbook
from tests.exercise_book import ARTICLE, CODEBOOK, context, exercise, unit

COUNT, CHOICE = exercise("3.3"), exercise("3.5")
RIGHT, WRONG = {"officials": "1"}, {"officials": "4"}


@pytest.fixture
def book(tmp_path) -> Workbook:
    return Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path)


def of(book: Workbook) -> Context:
    return replace(context(), coding=book.coding)


def guess(book: Workbook, one=COUNT) -> str:
    return state(one, read(book, one.id), of(book))["first_guess"]


@pytest.mark.parametrize(
    ("values", "sure", "told"),
    [
        (RIGHT, "sure", "Your first guess: right. You were sure, and with reason."),
        (RIGHT, "fairly", "Your first guess: right. You were fairly sure, and with reason."),
        (RIGHT, "guess", "Your first guess: right. You called it a guess. You knew more"),
        (WRONG, "guess", "Your first guess: not right yet. You called it a guess, and it was one"),
        (WRONG, "fairly", "Your first guess: not right yet. You were fairly sure. What had you"),
        (WRONG, "sure", "Your first guess: not right yet. You were sure. It happens to careful"),
    ],
)
def test_first_guess_and_sureness_are_told_and_stay(book, values, sure, told):
    hand_in(book, COUNT, {**values, "sure": sure}, of(book))
    assert guess(book).startswith(told)
    before = book.to_json()
    for later in (WRONG, RIGHT, {**RIGHT, "sure": "guess"}):
        hand_in(book, COUNT, later, of(book))
        assert guess(book).startswith(told)
    kept = json.loads(book.to_json())["answers"]["3.3"]
    assert kept["first"] == json.loads(before)["answers"]["3.3"]["first"]
    assert kept["first"]["values"] == {**values, "sure": sure}


def test_nobody_has_to_say_how_sure_and_saying_only_that_is_no_answer(book):
    hand_in(book, COUNT, {"sure": "sure"}, of(book))
    assert read(book, "3.3").attempts == 0 and read(book, "3.3").values == {"sure": "sure"}
    hand_in(book, COUNT, WRONG, of(book))
    assert guess(book) == ""  # the check has just said it
    hand_in(book, COUNT, RIGHT, of(book))
    assert guess(book) == "Your first guess: not right yet."
    assert read(book, "3.3").tries[-1].verdict == "yes"


@pytest.mark.parametrize("raw", ["certain", 1, ["sure"], None, {"a": 1}])
def test_what_is_no_sureness_is_left_out(book, raw):
    hand_in(book, COUNT, {**RIGHT, "sure": raw}, of(book))
    assert read(book, "3.3").first.values == RIGHT
    assert guess(book) == ""


def test_of_several_questions_it_says_how_many(book):
    given = {"p16": ["decoy"], "p8": ["decoy"], "who": ["qin"], "sure": "sure"}
    hand_in(book, CHOICE, given, of(book))
    assert guess(book, CHOICE).startswith("Your first guess: 1 of 3 right. You were sure.")


def test_labels_are_judged_as_they_were(book):
    roles = exercise("3.1")
    first = [unit("P6", "role", "main-event"), unit("P12", "role", "expectation")]
    book.apply("role", {a.id: (None, a) for a in first})
    hand_in(book, roles, {"sure": "fairly"}, of(book))
    better = msgspec.structs.replace(first[1], codes=("main-event",))
    book.apply("role", {"P12": (first[1], better)})
    hand_in(book, roles, {"sure": "fairly"}, of(book))
    assert guess(book, roles).startswith("Your first guess: 1 of 3 right. You were fairly sure.")
    # A file of before kept no labels there; then nobody knows.
    record = read(book, "3.1")
    bare = msgspec.structs.replace(record, first=msgspec.structs.replace(record.first, labels=()))
    assert first_guess(roles, bare, of(book)) == ""


def test_it_is_asked_where_something_is_checked_and_marks_nothing(book):
    for id, asked in (
        ("3.3", True),
        ("3.1", True),
        ("3.7", False),
        ("3.9", False),
        ("3.13", False),
    ):
        controls = form(exercise(id), of(book))["controls"]
        assert ("sure" in [one["id"] for one in controls]) == asked, id
    for_a_mark = msgspec.structs.replace(COUNT, status="open")
    assert "sure" not in repr(form(for_a_mark, of(book))["controls"])
