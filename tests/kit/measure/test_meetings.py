"""Where two readers' labels meet, place by place."""

import pytest
from msgspec.structs import replace

from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.measure import meetings
from kit.text.span import Span

REFERENCE = datasets.load_reference("blinken-beijing-2023").coding
A = datasets.load_coding("blinken-beijing-2023", "a")
ARTICLE, BOOK = REFERENCE.article, REFERENCE.codebook


def coding(*labels):
    return Coding(ARTICLE, BOOK, "you", labels)


def span(words, within="P8"):
    block = ARTICLE.block(within)
    start = block.start + block.text.index(words)
    return Span(start, start + len(words))


def words(edge):
    return ARTICLE.text[edge.words.start : edge.words.end]


def phrase(words, code="lower", id="x1"):
    return Annotation(id, "expectation", span(words), (code,))


def of_one(mine, theirs):
    return meetings(coding(mine), coding(theirs), BOOK.layer("expectation"))


@pytest.mark.parametrize("layer", [layer.id for layer in BOOK.layers])
def test_a_reading_meets_itself_alike_everywhere(layer):
    met = meetings(REFERENCE, REFERENCE, BOOK.layer(layer))
    assert {m.how for m in met} <= {"alike"} and len(met) == len(REFERENCE.on(layer))


@pytest.mark.parametrize("layer", [layer.id for layer in BOOK.layers])
def test_every_label_of_both_is_in_one_meeting(layer):
    met = meetings(A, REFERENCE, BOOK.layer(layer))
    for coding_, side in ((A, "mine"), (REFERENCE, "theirs")):
        there = [getattr(m, side).id for m in met if getattr(m, side)]
        assert sorted(there) == sorted(a.id for a in coding_.on(layer))
    assert [m.at.start for m in met] == sorted(m.at.start for m in met)


@pytest.mark.parametrize(
    ("mine", "theirs", "lacking", "place", "apart"),
    [
        ("low expectations", "low expectations for the go to", True, "after", "for the go to"),
        ("expectations for the go to", "low expectations for the go to", True, "before", "low"),
        ("signaled low expectations", "low expectations", False, "before", "signaled"),
        ("low expectations for", "low expectations", False, "after", "for"),
        # Even where less than half is shared.
        ("low", "low expectations for the go to", True, "after", "expectations for the go to"),
    ],
)
def test_what_is_nearly_the_same_says_in_which_words_it_differs(
    mine, theirs, lacking, place, apart
):
    (met,) = of_one(phrase(mine), phrase(theirs))
    (edge,) = met.edges
    assert (met.how, edge.lacking, edge.place, words(edge)) == ("nearly", lacking, place, apart)


def test_marks_and_a_small_word_make_no_label_another():
    (met,) = of_one(phrase("“an extended listing of"), phrase("extended listing of"))
    assert met.how == "alike"


def test_another_code_on_shared_words_is_another_reading():
    (met,) = of_one(phrase("low expectations", "raise"), phrase("low expectations"))
    assert met.how == "otherwise"
    one, two = of_one(phrase("low expectations"), phrase("an extended listing"))
    assert (one.how, two.how) == ("alone", "missed") and one.theirs is None and two.mine is None


def test_a_record_says_of_which_part_and_which_choice():
    layer = BOOK.layer("attribution")
    theirs = next(a for a in REFERENCE.on("attribution") if a.fields["mode"] == "direct")
    cue = theirs.parts["cue"]
    other = replace(theirs, fields={**theirs.fields, "mode": "mixed"})
    (met,) = meetings(coding(other), coding(theirs), layer)
    assert met.how == "otherwise" and [field.id for field in met.fields] == ["mode"]
    bare = replace(theirs, parts={k: v for k, v in theirs.parts.items() if k != "cue"})
    (met,) = meetings(coding(bare), coding(theirs), layer)
    (edge,) = met.edges
    assert (met.how, edge.part, edge.place, edge.lacking) == ("nearly", "cue", "all", True)
    assert words(edge) == ARTICLE.text[cue[0].start : cue[0].end]
