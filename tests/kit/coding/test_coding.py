"""Codings: what may stand, what is refused, and what survives a file."""

import csv
import io
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.coding.codebook import CodebookError
from kit.coding.coding import MAX_BYTES, Annotation, Coding, CodingError, defuse, excerpt
from kit.library import datasets
from kit.text.article import Article
from kit.text.span import Span

ARTICLE = datasets.load_article("blinken-beijing-2023")
CODEBOOK = datasets.codebook("blinken-beijing-2023")


def block(id: str, layer: str, *codes: str, note: str = "") -> Annotation:
    unit = ARTICLE.unit(id)
    return Annotation(id, layer, Span(unit.start, unit.end), codes, note=note)


def words(phrase: str, layer: str, *codes: str, id: str = "w1", **rest) -> Annotation:
    start = ARTICLE.text.index(phrase)
    return Annotation(id, layer, Span(start, start + len(phrase)), codes, **rest)


def span(phrase: str) -> Span:
    start = ARTICLE.text.index(phrase)
    return Span(start, start + len(phrase))


def coding(*annotations: Annotation) -> Coding:
    return Coding(ARTICLE, CODEBOOK, "Ana", annotations)


RECORD = words(
    "Officers from each governments have signaled low expectations",
    "attribution",
    parts={
        "source": (span("Officers from each governments"),),
        "cue": (span("have signaled"),),
        "content": (span("low expectations for the go to"),),
    },
    fields={"mode": "indirect", "speaker": "officials of both"},
    note="who, in Beijing?",
)
FULL = coding(
    block("P6", "position", "lede"),
    block("P7", "position", "nut-graf", note="or body?"),
    block("P6", "role", "main-event"),
    RECORD,
    words("high-stakes go to", "expectation", "raise", "hold-open"),
)


def test_annotations_come_in_text_order_with_their_words():
    assert [a.id for a in FULL.on("position")] == ["P6", "P7"]
    assert FULL.codes("position") == {"P6": "lede", "P7": "nut-graf"}
    assert FULL.on("attribution")[0].parts["cue"][0].text == "have signaled"
    assert FULL.on("issue") == ()
    assert len(FULL) == 5


@pytest.mark.parametrize(
    ("annotation", "reason"),
    [
        (block("P6", "positions", "lede"), "no layer “positions”"),
        (block("P6", "position", "lead"), "no code “lead”"),
        (block("P6", "position", "lede", "body"), "1 at most"),
        (words("high-stakes go to", "expectation", "raise", "raise"), "same code twice"),
        (words("high-stakes go to", "expectation", "raise", "lower", "condition"), "2 at most"),
        (words("high-stakes go to", "issue", "trade", fields={"frame": "fight"}), "“fight”"),
        (words("high-stakes go to", "issue", "trade", fields={"mood": "x"}), "no field “mood”"),
        (words("high-stakes go to", "issue", "trade", parts={"cue": ()}), "no part “cue”"),
        (words("high-stakes go to", "issue", "trade", id=""), "needs an id"),
        (words("high-stakes go to", "issue", "trade", note="x" * 4001), "4,000 characters"),
        (words("early 2021.\n\nOfficers", "issue", "trade"), "within one block"),
        (msgspec.structs.replace(RECORD, at=Span(5, 5)), "within one block"),
        (msgspec.structs.replace(RECORD, at=Span(-3, 5)), "within one block"),
        (msgspec.structs.replace(RECORD, at=Span(0, 10**9)), "within one block"),
        (msgspec.structs.replace(RECORD, at=Span(596, 626, "Some officials")), "another text"),
        (Annotation("P6", "position", Span(0, 65), ("lede",)), "runs from 152 to 400"),
        (Annotation("P99", "position", Span(0, 65), ("lede",)), "no block P99"),
        (block("P16.1", "position", "body"), "whole blocks"),
    ],
)
def test_what_cannot_stand_is_refused_with_the_reason(annotation, reason):
    with pytest.raises(CodingError, match=reason):
        coding(annotation)
    with pytest.raises((CodingError, CodebookError), match=reason):
        coding().replace(annotation.layer, {annotation.id: annotation})


def test_single_choice_labels_do_not_overlap():
    first = words("fentanyl disaster", "issue", "fentanyl", id="one")
    second = words("the fentanyl disaster, Taiwan", "issue", "taiwan", id="two")
    with pytest.raises(CodingError, match="overlaps"):
        coding(first, second)
    with pytest.raises(CodingError, match="overlaps"):
        coding(first).replace("issue", {"two": second})
    assert len(coding(first).replace("issue", {"one": None, "two": second})) == 1


def test_the_same_unit_twice_is_refused():
    with pytest.raises(CodingError, match="twice"):
        coding(block("P6", "position", "lede"), block("P6", "position", "body"))


def test_replace_leaves_the_old_coding_as_it_was():
    changed = FULL.replace("position", {"P6": None, "P8": block("P8", "position", "body")})
    assert FULL.codes("position") == {"P6": "lede", "P7": "nut-graf"}
    assert changed.codes("position") == {"P7": "nut-graf", "P8": "body"}
    with pytest.raises(CodingError, match="another name"):
        FULL.replace("position", {"P9": block("P8", "position", "body")})


def test_json_brings_back_the_same_coding_and_the_same_bytes():
    data = FULL.to_json()
    again = Coding.from_json(data, ARTICLE, CODEBOOK)
    assert again == FULL
    assert again.to_json() == data
    assert json.loads(data)["sha256"] == ARTICLE.sha256


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"kit-coding-1"', '"kit-coding-9"', "kit-coding-9"),
        ('"sha256": "c5', '"sha256": "d5', "another text"),
        ('"start": 152', '"start": 153', "runs from 152"),
        ('"start": 152', '"start": "152"', "Expected `int`"),
        ('"lede"', '"lead"', "no code"),
        ('"coder": "Ana"', '"coder": "Ana", "extra": 1', "extra"),
        ("{", "", "not a coding"),
    ],
)
def test_a_file_that_was_tampered_with_is_refused(old, new, reason):
    text = FULL.to_json().decode()
    assert old in text
    with pytest.raises(CodingError, match=reason):
        Coding.from_json(text.replace(old, new, 1).encode(), ARTICLE, CODEBOOK)


@given(st.binary(max_size=200) | st.just(b"[" * 100_000) | st.just(b" " * (MAX_BYTES + 1)))
def test_any_bytes_give_a_coding_or_a_sentence(data):
    with pytest.raises(CodingError):
        Coding.from_json(data, ARTICLE, CODEBOOK)


def test_a_file_saved_by_an_editor_with_a_byte_order_mark_is_read():
    assert Coding.from_json(b"\xef\xbb\xbf" + FULL.to_json(), ARTICLE, CODEBOOK) == FULL


def test_words_may_be_given_whole():
    unit = ARTICLE.block("P6")
    whole = Annotation("P6", "position", Span(unit.start, unit.end, unit.text), ("lede",))
    assert coding(whole).on("position")[0].at.text == excerpt(unit.text) != unit.text


def test_labels_on_another_text_are_refused():
    other = Article.from_text("other", ARTICLE.text.replace("Sunday", "Monday"))
    with pytest.raises(CodingError, match="made on another text"):
        Coding.from_json(FULL.to_json(), other, CODEBOOK)


def test_csv_has_a_row_a_label_and_no_formula():
    sly = coding(
        block("P6", "position", "lede", note='=HYPERLINK("x")'),
        words("high-stakes go to", "issue", "trade", fields={"voice": "+1"}),
    )
    rows = list(csv.DictReader(io.StringIO(sly.to_csv())))
    assert [row["layer"] for row in rows] == ["issue", "position"]
    assert rows[0]["text"] == "high-stakes go to"
    assert (rows[0]["block"], rows[0]["voice"]) == ("P6", "'+1")
    assert rows[1]["note"] == '\'=HYPERLINK("x")'
    assert rows[1]["text"] == ARTICLE.block("P6").text


@given(st.text())
def test_no_cell_starts_a_formula(text):
    cell = defuse(text)
    assert cell in (text, "'" + text)
    assert not cell.lstrip(" \ufeff\u200b").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_w3c_points_at_the_same_words():
    page = json.loads(FULL.to_w3c())
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert page["total"] == len(page["first"]["items"]) == 5
    targets = [item["target"] for item in page["first"]["items"]]
    targets += [b for i in page["first"]["items"] for b in i["body"] if b["type"] != "TextualBody"]
    assert len(targets) == 8
    for target in targets:
        position, quote = target["selector"]
        text = ARTICLE.text[position["start"] : position["end"]]
        assert quote["exact"] == text
        around = quote["prefix"] + quote["exact"] + quote["suffix"]
        assert around in ARTICLE.text


@given(st.lists(st.text("ab-’", min_size=1), min_size=1, max_size=30).map(" ".join))
def test_an_excerpt_is_the_text_or_its_two_ends(text):
    short = excerpt(text)
    if short != text:
        head, _, tail = short.partition(" … ")
        assert text.startswith(head) and text.endswith(tail) and len(short) < len(text) + 3
