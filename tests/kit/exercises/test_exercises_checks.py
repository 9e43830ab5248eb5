"""Checks of answers: right, wrong, empty, partial and hostile, of every kind."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.exercises import check, expected, form, wrong
from kit.exercises.kinds import clean
from kit.exercises.kinds.number import parse_number
from tests.exercise_book import (
    ARTICLE,
    EXERCISES,
    FACTS,
    REFERENCE,
    Context,
    context,
    exercise,
    span,
    unit,
    words,
)

IDS = [e.id for e in EXERCISES]


@pytest.mark.parametrize("id", IDS)
def test_the_expected_answer_is_taken(id):
    one = exercise(id)
    answer = expected(one, context(), text="one two three four five six")
    outcome = check(one, answer.values, context(*answer.labels))
    assert outcome.verdict == ("yes" if one.checked else "kept")
    assert all(part.ok is not False for part in outcome.parts.values())
    assert outcome.say


@pytest.mark.parametrize("id", IDS)
def test_the_wrong_answer_is_not_taken_and_told_why(id):
    one = exercise(id)
    answer = wrong(one, context())
    if answer is None:
        assert not one.checked and not one.evidence
        return
    outcome = check(one, answer.values, context(*answer.labels))
    assert outcome.verdict == "not yet"
    told = [part.say for part in outcome.parts.values() if part.ok is False]
    assert all(told) or len(outcome.parts) == 1
    assert outcome.say not in ("", "Not yet.", "Not yet. ")


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("values", [{}, None, [], {"officials": "", "claim": "  ", "order": []}])
def test_nothing_is_not_answered_yet(id, values):
    outcome = check(exercise(id), values, context())
    assert outcome.verdict == "empty"
    assert outcome.say.startswith("Not answered yet")
    assert not outcome.readings
    assert not any(part.ok for part in outcome.parts.values())


@pytest.mark.parametrize("id", [e.id for e in EXERCISES if e.checked and e.kind != "label"])
def test_a_changed_key_turns_the_right_answer_red(id):
    one = exercise(id)
    answer = expected(one, context())
    changed = []
    for n, field in enumerate(one.numbers):
        other_fact = "blocks" if field.fact != "blocks" else "chinese-officials-quoted"
        moved = msgspec.structs.replace(field, fact=other_fact)
        changed.append({"fields": (*one.numbers[:n], moved, *one.numbers[n + 1 :])})
    for n, question in enumerate(one.questions):
        other = next(o.id for o in one.options_of(question) if o.id not in question.answer)
        reasons = {o.id: "Because." for o in one.options_of(question)}
        moved = msgspec.structs.replace(question, answer=(other,), reasons=reasons)
        changed.append({"questions": (*one.questions[:n], moved, *one.questions[n + 1 :])})
    if one.order:
        changed.append({"order": one.order[1:] + one.order[:1]})
    assert changed
    for change in changed:
        mutant = msgspec.structs.replace(one, **change)
        assert check(mutant, answer.values, context()).verdict == "not yet", change


@pytest.mark.parametrize("id", [e.id for e in EXERCISES if e.checked and e.kind == "label"])
def test_a_changed_reference_turns_the_right_labels_red(id):
    one = exercise(id)
    right = expected(one, context())
    layer = context().codebook.layer(one.layer)
    changes = {}
    for a in right.labels:
        if layer.codes:
            other = next(code.id for code in layer.codes if code.id not in a.codes)
            changes[a.id] = msgspec.structs.replace(a, codes=(other,))
        else:
            modes = {"direct": "indirect", "mixed": "direct", "indirect": "mixed"}
            fields = {**a.fields, "mode": modes[a.fields["mode"]]}
            changes[a.id] = msgspec.structs.replace(a, fields=fields)
    coding = REFERENCE.coding.replace(one.layer, changes)
    moved = _moved(coding)
    there = context(*right.labels)
    outcome = check(one, {}, Context(ARTICLE, there.coding, there.codebook, moved, FACTS))
    assert outcome.verdict == "not yet"


def _moved(coding):
    """The reference with another coding, and the same anchors."""
    from tests.exercise_book import DISPUTES, A, Reference

    class Moved(Reference):
        def anchors(self, layer):
            return REFERENCE.anchors(layer)

    return Moved(coding, (A, coding), DISPUTES)


# -- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("4", 4),
        ("4.0", 4),
        (" 4 ", 4),
        ("４", 4),
        ("four", 4),
        ("Four.", 4),
        ("twenty-two", 22),
        ("forty three", 43),
        ("none", 0),
        ("1 388", 1388),
        ("1\u00a0388", 1388),
        ("1\u202f388", 1388),
        ("1,388", 1388),
        ("12,345,678", 12345678),
        ("22.7 %", 22.7),
        ("22.7\u00a0%", 22.7),
        ("22.7%", 22.7),
        ("22,7", 22.7),
        ("22.7 per cent", 22.7),
        ("−3", -3),
        ("lots", None),
        ("4 or 5", None),
        ("1,38", 1.38),
        ("4e3", None),
        ("nan", None),
        ("inf", None),
        ("٤", None),
        ("hundred", None),
        ("", None),
        ("%", None),
    ],
)
def test_numbers_as_people_write_them(typed, number):
    assert parse_number(typed) == number


@pytest.mark.parametrize("typed", ["1", "one", " 1.0 ", 1, 1.0])
def test_a_right_number_says_why(typed):
    outcome = check(exercise("3.3"), {"officials": typed}, context())
    assert (outcome.verdict, outcome.parts["officials"].ok) == ("yes", True)
    assert outcome.say == "Yes. Only the new ambassador is, out of 43 lines."


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("4", "Four are named. How many of them are quoted?"),
        ("four", "Four are named. How many of them are quoted?"),
        ("7", "Go through the quotation marks one by one."),
        ("-1", "Go through the quotation marks one by one."),
    ],
)
def test_a_wrong_number_has_its_own_reason(typed, reason):
    outcome = check(exercise("3.3"), {"officials": typed}, context())
    assert (outcome.verdict, outcome.say) == ("not yet", f"Not yet. {reason}")


def test_what_is_no_number_is_not_answered_yet():
    outcome = check(exercise("3.3"), {"officials": "lots"}, context())
    assert outcome.verdict == "empty"
    assert outcome.say == "Not answered yet. Write a number here, in figures or as a word."


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [("22.7", "yes"), ("22,73 %", "yes"), ("22.70", "yes"), ("23", "not yet"), ("22", "not yet")],
)
def test_a_rounded_fact_is_near_enough_as_printed(typed, verdict):
    assert check(exercise("3.4"), {"blocks": "43", "share": typed}, context()).verdict == verdict


def test_part_of_the_answer_is_told_part_by_part():
    outcome = check(exercise("3.4"), {"blocks": "43"}, context())
    assert outcome.verdict == "empty"
    assert outcome.say == "Right so far: 1 of 2. Not answered yet: Share without a name."
    outcome = check(exercise("3.4"), {"blocks": "33"}, context())
    assert outcome.verdict == "not yet"
    assert outcome.say == "Not yet: 0 of 2 right. Not answered yet: Share without a name."
    assert outcome.parts["blocks"].say == "That leaves out what is not story."
    assert outcome.parts["share"].ok is None


# -- choices and order -------------------------------------------------------------------------


def test_choices_are_told_apart():
    given = {"p16": ["move"], "p8": ["move"], "who": ["qin"]}
    outcome = check(exercise("3.5"), given, context())
    assert outcome.verdict == "not yet"
    assert outcome.parts["p16"].say == "It is a timetable: nobody hopes more or less for it."
    assert outcome.parts["p8"].ok is True
    assert outcome.parts["who"].say == "He receives him."
    given = {"p16": ["decoy"], "p8": ["move"], "who": ["dorn"]}
    assert check(exercise("3.5"), given, context()).verdict == "yes"
    two = check(exercise("3.5"), {**given, "who": ["dorn", "qin"]}, context())
    assert (two.verdict, two.parts["who"].ok) == ("empty", None)


def test_an_order_is_held_against_the_right_one():
    order = ["bali", "vienna", "offer", "talks"]
    assert check(exercise("3.6"), {"order": order}, context()).verdict == "yes"
    outcome = check(exercise("3.6"), {"order": ["bali", "talks", "vienna", "offer"]}, context())
    assert outcome.verdict == "not yet"
    assert "“the talks in Beijing” stands before “the meeting in Vienna”" in outcome.say
    assert outcome.say.endswith("They are the news. P31 names the month.")
    for order in (["bali"], ["bali", "bali", "offer", "talks"], ["bali", "vienna", "x", "talks"]):
        assert check(exercise("3.6"), {"order": order}, context()).verdict == "empty"


# -- labels ------------------------------------------------------------------------------------


def test_wrong_codes_have_a_reason_each():
    labels = (unit("P12", "role", "expectation"), unit("P22", "role", "main-event"))
    outcome = check(exercise("3.1"), {}, context(*labels))
    assert outcome.verdict == "not yet"
    assert outcome.say == "Not yet: 0 of 3 right. Not answered yet: P6."
    assert outcome.parts["P12"].say == "They have arrived: it has happened."
    assert outcome.parts["P22"].say == (
        "“Main event” is for this: the newest event that the story is about, and its details. "
        "Ask of P22: Would the headline name it?"
    )
    assert "Evaluation" not in outcome.parts["P22"].say


def test_labels_that_are_right_so_far():
    outcome = check(exercise("3.1"), {}, context(unit("P6", "role", "main-event")))
    assert (outcome.verdict, outcome.parts["P6"].ok) == ("empty", True)
    assert outcome.say == "Right so far: 1 of 3. Not answered yet: P12 and P22."


LOWER = words("low expectations for the go to", "expectation", "lower", id="w1")
RAISE = words("now could be the suitable time to have interaction at this stage", "expectation")


def test_words_count_when_they_overlap_by_half():
    few = words("low expectations", "expectation", "lower")
    short = words("low expectations for", "expectation", "lower")
    asked = exercise("3.11")
    assert check(asked, {}, context(LOWER)).parts["P8"].ok is False  # two there, one found
    assert "still 1 label to find" in check(asked, {}, context(LOWER)).parts["P8"].say
    near = check(asked, {}, context(few)).parts["P8"]
    assert "too many words here, or too few" in near.say
    assert "too few" not in check(asked, {}, context(short)).parts["P8"].say


def test_a_wrong_code_on_the_right_words():
    wrong_one = words("low expectations for the go to", "expectation", "raise")
    outcome = check(exercise("3.11"), {}, context(wrong_one))
    assert "“low expectations for the go to”: “Raise” is for this: makes success seem" in (
        outcome.parts["P8"].say
    )
    both = (wrong_one, msgspec.structs.replace(LOWER, id="w2"))
    say = check(exercise("3.11"), {}, context(*both)).parts["P8"].say
    assert "“Raise” is for this" not in say
    assert "not on our list, which is not complete" in say


def test_words_that_are_not_on_the_list_are_never_wrong():
    right = expected(exercise("3.11"), context()).labels
    extra = words("Officers from each governments", "expectation", "condition", id="x")
    outcome = check(exercise("3.11"), {}, context(*right, extra))
    assert outcome.verdict == "yes"
    assert outcome.parts["P8"].ok is True
    assert outcome.parts["P8"].say == (
        "“Officers from each governments”: not on our list, which is not complete."
    )


def test_labels_in_other_paragraphs_make_no_difference():
    elsewhere = words("high-stakes visit", "expectation", "lower")
    assert check(exercise("3.11"), {}, context(elsewhere)).verdict == "empty"


def test_enough_is_enough_and_some_must_stand_in_quotation_marks():
    wanted = expected(exercise("3.10"), context()).labels
    plain = [a for a in wanted if a.id in ("e01", "e02", "e06")]
    quoted = next(a for a in wanted if a.id == "e32")
    outcome = check(exercise("3.10"), {}, context(*plain))
    assert outcome.verdict == "not yet"
    assert outcome.say == (
        "Not yet. Found so far: 3; at least 3 are asked for. Inside quotation marks: 0, of 1."
    )
    assert check(exercise("3.10"), {}, context(*plain[:2], quoted)).verdict == "yes"
    wrong_one = msgspec.structs.replace(plain[0], codes=("lower",))
    outcome = check(exercise("3.10"), {}, context(wrong_one, plain[1], quoted))
    assert outcome.verdict == "not yet"
    assert "Look again at 1 label" in outcome.say
    assert "“Lower” is for this" in outcome.parts["P1"].say


def test_records_are_checked_part_by_part():
    right = expected(exercise("3.2"), context()).labels
    vow = next(a for a in right if "vowing" in a.parts["cue"][0].text)
    rest = [a for a in right if a is not vow]

    def said(**changes):
        changed = msgspec.structs.replace(vow, **changes)
        outcome = check(exercise("3.2"), {}, context(changed, *rest))
        assert outcome.verdict == "not yet"
        return outcome.parts["P31"].say

    assert "Count the words outside the marks." in said(fields={**vow.fields, "mode": "direct"})
    meant = "none of the content’s words stand in quotation marks"
    assert f"“Indirect” means: {meant}. Is that so here?" in said(
        fields={**vow.fields, "mode": "indirect"}
    )
    assert "Mode is not filled in yet." in said(fields={"identification": "described"})
    assert "Cue is not marked yet" in said(parts={**vow.parts, "cue": ()})
    assert "Source may stand in other words" in said(
        parts={**vow.parts, "source": (span("US nationwide safety adviser"),)}
    )
    assert "Content is not marked yet" in said(parts={"cue": vow.parts["cue"]})


# -- disputed ----------------------------------------------------------------------------------


def test_disputed_shows_both_readings_and_where_you_stand():
    one = exercise("3.7")
    outcome = check(one, {"people": ["two"], "why": "Titles are shared."}, context())
    assert outcome.verdict == "kept"
    (shown,) = outcome.readings
    assert [(r.by, r.says) for r in shown.readings] == [("A", "one"), ("B", "two")]
    assert shown.readings[1].reason == "Nothing ties P28 to P8 but the title."
    assert (shown.yours, shown.stand) == ("two", "You are with reading B here.")
    third = check(one, {"people": ["many"], "why": "Why not?"}, context())
    assert third.verdict == "kept"
    assert third.readings[0].stand.startswith("Yours is another reading")


def test_disputed_reveals_nothing_before_it_is_answered():
    for values in ({"people": ["two"]}, {"why": "Because."}, {"people": ["x"], "why": "Because."}):
        outcome = check(exercise("3.7"), values, context())
        assert (outcome.verdict, outcome.readings) == ("empty", ())


def test_disputed_labels_are_kept_and_the_note_is_what_counts():
    labels = (
        unit("P7", "role", "current-context", note="It holds now."),
        unit("P38", "role", "main-event"),
    )
    outcome = check(exercise("3.8"), {}, context(*labels))
    assert outcome.verdict == "kept"
    assert outcome.say.endswith("You gave a reason for 1 of 2 labels.")
    assert outcome.parts["P7"].say == "Your reason is kept with the label."
    assert outcome.parts["P38"].say.startswith("No reason yet.")
    assert all(part.ok is None for part in outcome.parts.values())
    first, second = outcome.readings
    assert first.stand == "You are with reading B here."
    assert first.yours == "Current context"
    assert second.stand.startswith("Yours is another reading")
    half = check(exercise("3.8"), {}, context(labels[0]))
    assert (half.verdict, half.readings) == ("empty", ())
    assert half.say == "Kept as far as it goes: 1 of 2. Not answered yet: P38."


# -- open --------------------------------------------------------------------------------------

GOOD = [
    {"block": "P7", "words": "probably the most senior US official"},
    {"block": "P37", "words": "cared about probably the most"},
]


def test_open_text_is_kept_and_never_judged():
    outcome = check(exercise("3.9"), {"claim": "Ha.", "evidence": GOOD}, context())
    assert outcome.verdict == "kept"
    assert outcome.parts["evidence"].ok is True
    assert not outcome.parts["claim"].say  # how long it is, the form counts as it is written


def test_only_what_a_person_reads_is_said_to_be_read():
    one = exercise("3.9")
    outcome = check(one, {"claim": "Since P37 has it too.", "evidence": GOOD}, context())
    assert outcome.say == "Kept. A person reads this; the kit does not judge it."
    assert form(one, context())["tag"] == "Read by a person"
    for one in EXERCISES:
        if one.status != "fact" or one.texts:
            continue
        # So it is handed out for a mark: the kit keeps the answer, and marks it afterwards.
        kept = msgspec.structs.replace(one, status="open")
        for answer in (expected(one, context()), wrong(one, context())):
            outcome = check(kept, answer.values, context(*answer.labels))
            assert (outcome.verdict, outcome.say) == ("kept", "Kept. Nothing is checked here.")
        assert form(kept, context())["tag"] == "Kept"


def test_evidence_without_words_and_words_without_evidence():
    outcome = check(exercise("3.9"), {"evidence": GOOD}, context())
    assert outcome.verdict == "empty"
    assert outcome.say == "Kept as far as it goes: 1 of 2. Not answered yet: Your explanation."
    outcome = check(exercise("3.9"), {"claim": "Since P37 has it too."}, context())
    assert outcome.verdict == "not yet"
    assert outcome.parts["evidence"].say.startswith("Still to come: 2 rows of evidence")


def test_own_text_needs_neither_reference_nor_facts():
    bare = Context(ARTICLE, context(unit("P6", "role", "evaluation")).coding, context().codebook)
    outcome = check(exercise("3.12"), {}, bare)
    assert (outcome.verdict, outcome.say) == (
        "empty",
        "Kept as far as it goes: 1 of at least 2 labels.",
    )


# -- hostile -----------------------------------------------------------------------------------

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.binary(max_size=5)
    | st.sampled_from(["\ud800", "P8", "decoy", "bali", "9" * 5000, 10**400, "{blocks}", "<b>"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
CONTROLS = st.sampled_from(
    ["officials", "blocks", "share", "p16", "p8", "who", "order", "people", "why", "claim"]
)
ROWS = st.lists(st.fixed_dictionaries({}, optional={"block": JUNK, "words": JUNK}), max_size=4)


@settings(max_examples=300)
@given(
    st.sampled_from(EXERCISES),
    JUNK
    | st.dictionaries(CONTROLS, JUNK)
    | st.fixed_dictionaries({"claim": JUNK, "evidence": ROWS | JUNK}),
)
def test_no_answer_of_a_page_raises_anything(one, values):
    outcome = check(one, values, context())
    assert outcome.verdict in ("empty", "yes", "not yet", "kept")
    msgspec.json.encode(clean(one, values))


@pytest.mark.parametrize(
    "value",
    [True, float("nan"), float("inf"), 10**400, ["1"], {"value": 1}, "1" * 100, b"1", None],
)
def test_what_is_malformed_is_not_answered(value):
    assert check(exercise("3.3"), {"officials": value}, context()).verdict == "empty"


@pytest.mark.parametrize("value", ["decoy", ["decoy", "x"], ["decoy", "move"], [["decoy"]], 1])
def test_malformed_choices_are_not_answered(value):
    assert clean(exercise("3.5"), {"p16": value}) == {}
