"""The record of answers: the first stays, the last twenty stay, and two windows lose nothing."""

import json
import re
from dataclasses import replace

import msgspec
import pytest

from desk.collect import work_file
from desk.collect.judge import Judge
from desk.collect.plan import plan_of
from desk.handout.assignment import Assignment
from kit.coding.coding import Annotation, Coding
from kit.exercises import Record, Seen, draft, expected, find, hand_in, hint, load, read, state
from kit.exercises.labels import MOST_KEPT, MOST_RUNS
from kit.exercises.record import MOST_TRIES
from kit.library import datasets
from kit.text.span import Span
from kit.work.workbook import Workbook
from tests.exercise_book import ARTICLE, CODEBOOK, Context, context, exercise, unit

SEED, SPEAKS = "blinken-beijing-2023", "03-who-speaks"
COUNT = exercise("3.3")
RIGHT, WRONG = {"officials": "1"}, {"officials": "4"}


@pytest.fixture
def workbook(tmp_path) -> Workbook:
    return Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path)


def window(workbook: Workbook) -> Workbook:
    """Another kernel's workbook on the same file."""
    return Workbook(ARTICLE, CODEBOOK, workbook.student, workbook.path)


def on_disk(workbook: Workbook) -> dict:
    return json.loads(workbook.path.read_bytes())["answers"]


def of(workbook: Workbook) -> Context:
    there = context()
    return Context(ARTICLE, workbook.coding, CODEBOOK, there.reference, there.facts)


def typed(record: Record) -> list[str]:
    return [one.values["officials"] for one in record.tries]


def test_there_is_no_record_at_first(workbook):
    assert read(workbook, "3.3") == Record()
    assert not workbook.path.exists()


def test_a_draft_is_kept_and_is_no_try(workbook):
    draft(workbook, COUNT, {"officials": " 4", "stranger": 1})
    record = read(window(workbook), "3.3")
    assert record == Record(values={"officials": " 4"})
    assert on_disk(workbook)["3.3"]["values"] == {"officials": " 4"}
    draft(workbook, COUNT, {})
    assert read(workbook, "3.3").values == {}


def test_the_first_answer_never_changes(workbook):
    for values, verdict in ((WRONG, "not yet"), (RIGHT, "yes"), ({"officials": "7"}, "not yet")):
        assert hand_in(workbook, COUNT, values, of(workbook)).verdict == verdict
    draft(workbook, COUNT, {"officials": "9"})
    record = read(window(workbook), "3.3")
    assert (record.first.values, record.first.verdict) == (WRONG, "not yet")
    assert [(t.values["officials"], t.verdict) for t in record.tries] == [
        ("4", "not yet"), ("1", "yes"), ("7", "not yet"),
    ]  # fmt: skip
    assert (record.attempts, record.values) == (3, {"officials": "9"})
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record.first.at)


@pytest.mark.parametrize("values", [{}, {"officials": " "}, {"officials": "lots"}, None])
def test_an_empty_answer_is_no_try(workbook, values):
    hand_in(workbook, COUNT, WRONG, of(workbook))
    assert hand_in(workbook, COUNT, values, of(workbook)).verdict == "empty"
    record = read(workbook, "3.3")
    assert (record.attempts, len(record.tries)) == (1, 1)
    assert record.values == ({"officials": "lots"} if values == {"officials": "lots"} else {})


def test_an_answer_in_part_is_a_try_and_may_be_the_first(workbook):
    two, all_three = exercise("3.4"), exercise("3.5")
    given = {"p16": ["decoy"], "who": ["dorn"]}
    outcome = hand_in(workbook, all_three, given, of(workbook))
    assert outcome.verdict == "empty"
    assert outcome.say == "Right so far: 2 of 3. Not answered yet: P8: low expectations."
    assert hand_in(workbook, all_three, {**given, "p8": ["move"]}, of(workbook)).verdict == "yes"
    record = read(window(workbook), "3.5")
    assert (record.first.values, record.first.verdict) == (given, "empty")
    assert [one.verdict for one in record.tries] == ["empty", "yes"] and record.attempts == 2
    # What is no number is no answer; beside one that is, it stays where it stands.
    hand_in(workbook, two, {"blocks": "some"}, of(workbook))
    assert read(workbook, "3.4").attempts == 0
    hand_in(workbook, two, {"blocks": "43", "share": "much"}, of(workbook))
    assert read(workbook, "3.4").tries[0].values == {"blocks": "43", "share": "much"}


def test_labels_in_part_are_kept_whether_they_are_checked_or_not(workbook):
    labels = unit("P6", "role", "main-event"), unit("P12", "role", "main-event")
    workbook.apply("role", {a.id: (None, a) for a in labels})
    for_a_mark = msgspec.structs.replace(exercise("3.1"), status="open", reasons={})
    for asked, said in (
        (exercise("3.1"), "Right so far: 2 of 3. Not answered yet: P22."),
        (for_a_mark, "Kept as far as it goes: 2 of 3. Not answered yet: P22."),
    ):
        outcome = hand_in(workbook, asked, {}, of(workbook))
        assert (outcome.verdict, outcome.say) == ("empty", said)
    assert [len(one.labels) for one in read(workbook, "3.1").tries] == [2, 2]


def test_the_last_twenty_tries_are_kept_and_all_are_counted(workbook):
    for number in range(25):
        hand_in(workbook, COUNT, {"officials": str(100 + number)}, of(workbook))
    record = read(window(workbook), "3.3")
    assert MOST_TRIES == 20
    assert typed(record) == [str(number) for number in range(105, 125)]
    assert record.attempts == 25
    assert record.first.values == {"officials": "100"}


def test_hints_are_counted_up_to_those_there_are(workbook):
    hand_in(workbook, COUNT, WRONG, of(workbook))
    for seen in (1, 2, 2):
        hint(workbook, COUNT)
        assert read(workbook, "3.3").hints == seen == min(seen, len(COUNT.hints))
    hand_in(workbook, COUNT, RIGHT, of(workbook))
    assert read(workbook, "3.3").hints == 2
    hint(workbook, exercise("3.9"))
    assert read(workbook, "3.9").hints == 0


def test_labels_are_kept_with_the_answer(workbook):
    labels = (unit("P6", "role", "main-event"), unit("P12", "role", "expectation"),
              unit("P30", "role", "evaluation"))  # fmt: skip
    workbook.apply("role", {a.id: (None, a) for a in labels})
    hand_in(workbook, exercise("3.1"), {}, of(workbook))
    workbook.put(unit("P12", "role", "main-event"))
    asked = {a.id: a.codes for a in read(workbook, "3.1").first.labels}
    assert asked == {"P6": ("main-event",), "P12": ("expectation",)}  # P30 is not asked for
    assert read(workbook, "3.1").values == {}


# -- two windows -----------------------------------------------------------------------------------


def test_two_windows_lose_no_try(workbook):
    other = window(workbook)
    for values, here in ((WRONG, workbook), ({"officials": "7"}, other), (RIGHT, workbook)):
        hand_in(here, COUNT, values, of(here))
    record = read(window(workbook), "3.3")
    assert (typed(record), record.attempts) == (["4", "7", "1"], 3)
    assert record.first.values == WRONG


def test_the_same_answer_from_two_windows_counts_twice(workbook):
    other = window(workbook)
    for here in (workbook, other):
        hand_in(here, COUNT, WRONG, of(here))
    assert read(window(workbook), "3.3").attempts == 2


def test_a_draft_and_a_hint_in_another_window_take_no_try_away(workbook):
    other = window(workbook)
    hand_in(workbook, COUNT, WRONG, of(workbook))
    hint(other, COUNT)
    draft(other, COUNT, RIGHT)
    record = read(window(workbook), "3.3")
    assert (typed(record), record.hints, record.values) == (["4"], 1, RIGHT)
    hand_in(workbook, COUNT, {"officials": "7"}, of(workbook))
    record = read(window(workbook), "3.3")
    assert (typed(record), record.hints) == (["4", "7"], 1)


def test_other_exercises_are_left_alone(workbook):
    other = window(workbook)
    draft(workbook, COUNT, WRONG)
    draft(other, exercise("3.7"), {"people": ["two"]})
    found = window(workbook)
    assert read(found, "3.3").values == WRONG
    assert read(found, "3.7").values == {"people": ["two"]}


# -- what somebody wrote by hand -------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    ["four", 4, ["x"], {"tries": "many"}, {"attempts": -1}, {"values": {}, "extra": 1},
     {"first": {"values": {}, "verdict": "perfect", "at": ""}}],
)  # fmt: skip
def test_a_broken_record_is_put_aside_and_not_lost(workbook, raw):
    workbook.answer("3.3", raw)
    assert read(workbook, "3.3") == Record()
    assert on_disk(workbook) == {"3.3": raw}  # reading changes nothing
    hand_in(workbook, COUNT, WRONG, of(workbook))
    assert on_disk(workbook)["3.3.aside"] == raw
    assert typed(read(window(workbook), "3.3")) == ["4"]


def test_two_broken_records_are_both_kept(workbook):
    for raw in ("four", "five", "four"):
        workbook.answer("3.3", raw)
        draft(workbook, COUNT, WRONG)
    there = on_disk(workbook)
    assert (there["3.3.aside"], there["3.3.aside-2"]) == ("four", "five")
    assert set(there) == {"3.3", "3.3.aside", "3.3.aside-2"}


ESSAY = "The article lets one side speak at length, and the other only through its papers."


def why(workbook: Workbook) -> Record:
    return read(window(workbook), "4.4")


def test_an_essay_of_another_window_is_never_overwritten(workbook):
    """Each window sends what it saw; what it could not put in is kept, and somebody chooses."""
    asked = find(load("04-expectations"), "4.4")
    draft(workbook, asked, {"why": ESSAY}, Seen({}))
    saved = draft(window(workbook), asked, {"why": "B"}, Seen({}))
    assert [(c.id, c.yours, c.theirs) for c in saved.conflicts] == [("why", "B", ESSAY)]
    assert (why(workbook).values, why(workbook).earlier) == ({"why": ESSAY}, {"why": ("B",)})
    # Going on to type in the same window changes nothing in that, and keeps the longer text.
    draft(window(workbook), asked, {"why": "Because of two words"}, Seen({}))
    draft(window(workbook), asked, {"why": "Because of two words there"}, Seen({}))
    assert why(workbook).values == {"why": ESSAY}
    assert why(workbook).earlier == {"why": ("B", "Because of two words there")}
    # Having seen the essay, the student may insist; then the essay is kept.
    saved = draft(window(workbook), asked, {"why": "Because."}, Seen({"why": ESSAY}))
    assert (saved.conflicts, why(workbook).values) == ((), {"why": "Because."})
    assert ESSAY in why(workbook).earlier["why"]


def test_windows_that_write_into_other_fields_are_not_in_each_others_way(workbook):
    asked = find(load("04-expectations"), "4.4")
    row = [{"block": "P8", "words": "hope"}]
    draft(workbook, asked, {"why": ESSAY}, Seen({}))
    assert draft(window(workbook), asked, {"evidence": row}, Seen({})).conflicts == ()
    assert why(workbook).values == {"why": ESSAY, "evidence": row}


def test_what_a_window_sent_and_never_heard_of_is_its_own(workbook):
    asked = find(load("04-expectations"), "4.4")
    draft(workbook, asked, {"why": "The art"}, Seen({}))
    saved = draft(workbook, asked, {"why": ESSAY}, Seen({}, [{"why": "The art"}]))
    assert (saved.conflicts, why(workbook).values) == ((), {"why": ESSAY})


def test_a_text_that_is_taken_away_bit_by_bit_can_be_had_back(workbook):
    asked = find(load("04-expectations"), "4.4")
    draft(workbook, asked, {"why": ESSAY})
    for end in (60, 40, 25, 3, 0):
        draft(workbook, asked, {"why": ESSAY[:end]})
    assert why(workbook).values == {}
    assert why(workbook).earlier == {"why": (ESSAY,)}
    (shown,) = state(asked, why(workbook), of(workbook))["earlier"]
    assert shown == {"id": "why", "text": ESSAY, "value": ESSAY}
    draft(workbook, asked, {"why": ESSAY})
    assert state(asked, why(workbook), of(workbook))["earlier"] == []


def test_a_slip_of_the_pen_leaves_no_copies(workbook):
    asked = find(load("04-expectations"), "4.4")
    for text in ("The", "The aticle", "The article", ESSAY, ESSAY.replace("papers", "paper")):
        draft(workbook, asked, {"why": text})
    assert why(workbook).earlier == {}


def test_a_field_that_the_instructor_renamed_keeps_what_was_written_in_it(workbook):
    asked = find(load("04-expectations"), "4.4")
    draft(workbook, asked, {"why": ESSAY})
    renamed = msgspec.structs.replace(
        asked, texts=tuple(msgspec.structs.replace(t, id="reason") for t in asked.texts)
    )
    draft(workbook, renamed, {"reason": "I think so."}, Seen({}))
    assert why(workbook).values == {"why": ESSAY, "reason": "I think so."}
    (shown,) = state(renamed, why(workbook), of(workbook))["earlier"]
    assert shown == {"id": "", "text": ESSAY, "value": ESSAY}


# -- what a label held besides its codes -----------------------------------------------------------


@pytest.mark.parametrize("graded", [False, True])
def test_a_first_answer_can_be_judged_when_its_records_are_gone(tmp_path, graded):
    plan = plan_of(Assignment("m", "", SEED, (SPEAKS,), mode="graded" if graded else "practice"))
    asked = find(load(SPEAKS), "3.1")
    book = Workbook.open(plan.article, plan.codebook, "Ana", tmp_path)
    full = replace(plan.context(asked), coding=book.coding)
    labels = expected(asked, full).labels
    assert all(a.parts and a.fields for a in labels)
    book.apply("attribution", {a.id: (None, a) for a in labels})
    # A copy for a mark knows neither the reference nor which fields will be checked.
    form = msgspec.structs.replace(asked, status="open", fields=()) if graded else asked
    there = replace(full, coding=book.coding, **({"reference": None} if graded else {}))
    hand_in(book, form, {}, there)
    book.apply("attribution", {a.id: (a, None) for a in labels})
    work = work_file.read(book.to_json(), plan.article, plan.codebook)
    first = work.records["3.1"].first
    assert set(Judge(asked, work, plan).of(first).values()) == {1.0}
    # An answer out of a work file of before may still have its labels among its values.
    judge = Judge(asked, work, plan)
    left = msgspec.structs.replace(first, values={"labels": {"1015-1467": []}})
    assert judge.of(left) is None and judge.unknown
    # What somebody types is not kept a second time, and what is kept is judged.
    assert "speaker" not in json.dumps(msgspec.to_builtins(first))
    worse = tuple(
        msgspec.structs.replace(a, fields={**a.fields, "mode": "x"}) for a in first.labels
    )
    spoilt = Judge(asked, work, plan).of(msgspec.structs.replace(first, labels=worse))
    assert set(spoilt.values()) == {0.0}
    # No label that lies in no paragraph, or on another layer, does any harm.
    beside = (
        Annotation("a", "attribution", Span(10**6, 10**7)),
        Annotation("b", "role", Span(0, 3)),
    )
    more = msgspec.structs.replace(first, labels=(*first.labels, *beside))
    assert Judge(asked, work, plan).of(more) == Judge(asked, work, plan).of(first)


def test_what_is_kept_with_an_answer_is_bounded(tmp_path):
    article, codebook = datasets.load_article(SEED), datasets.codebook(SEED)
    words = article.blocks[9].words
    cue = tuple(Span(*word) for word in words[:40:2])
    labels = [
        Annotation(f"r{n}", "attribution", Span(*words[n]), parts={"cue": cue[:n]})
        for n in range(len(words))
    ]
    asked = msgspec.structs.replace(find(load(SPEAKS), "3.1"), status="open", fields=())
    coding = Coding(article, codebook, "Ana", labels)
    book = Workbook.open(article, codebook, "Ana", tmp_path)
    hand_in(book, asked, {}, Context(article, coding, codebook, None, None))
    labels = read(book, "3.1").first.labels
    assert 0 < len(labels) <= MOST_KEPT
    assert max(len(runs) for a in labels for runs in a.parts.values()) == MOST_RUNS
