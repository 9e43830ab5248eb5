"""What a student is told of their labels beside a reading, or a partner's."""

import html as entities
import re
from typing import NamedTuple

import pytest
from markupsafe import Markup
from msgspec.structs import replace

from kit import lesson, measure
from kit.coding.coding import Annotation, Coding
from kit.lessons.conversation import Talk
from kit.lessons.differences import figures
from kit.library import datasets
from kit.text.span import Span
from tests.panels import press

REFERENCE = datasets.load_reference("blinken-beijing-2023")
READING, BOOK = REFERENCE.coding, REFERENCE.coding.codebook
ARTICLE = READING.article
LAYERS = [layer.id for layer in BOOK.layers]


@pytest.fixture
def today(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    monkeypatch.delenv("KIT_STUDENT", raising=False)
    return lesson("02-structure")


def text_of(page):
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(entities.unescape(re.sub(r"<[^>]*>", " ", page)).split())


class Told(NamedTuple):
    said: str
    html: Markup


def told(labels, layer, against=lambda _id, _code: "", numbers=None):
    mine, on = Coding(ARTICLE, BOOK, "you", labels), BOOK.layer(layer)
    talk = Talk(mine, READING, on, "the reference", REFERENCE, against)
    return Told(talk.said(), talk.html(Markup("figures") if numbers is None else numbers(mine, on)))


def numbers(mine, layer):
    return figures(mine, READING, layer, "the reference", REFERENCE)[1]


def before_the_numbers(page):
    open_, _, folded = page.partition("<details class='kit-talk-numbers'>")
    assert folded
    return open_


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("count", [1, 3, 10_000])
def test_whoever_has_what_the_reading_has_is_told_so_and_no_figure_leads(layer, count):
    labels = READING.on(layer)[:count]
    page = before_the_numbers(told(labels, layer).html)
    said = text_of(page)
    assert "What you caught" in said and "fooled" not in said
    assert not re.search(r"\bF1\b|alpha|Krippendorff|\d %", said)
    if len(labels) > 1 and BOOK.layer(layer).unit != "words":
        assert f"all {len(labels)} paragraphs" in said
    elif BOOK.layer(layer).unit == "words":
        assert f"You caught {len(labels)}" in said
    # Nobody is told that they lack what lies in paragraphs that they have not come to.
    passed = said.partition("you read past")[2].partition("One place where")[0]
    come_to = [ARTICLE.block_of(a.at).number for a in labels]
    for number in re.findall(r"\bP(\d+) ", passed.partition("goes on in")[0]):
        assert min(come_to) <= int(number) <= max(come_to)


@pytest.mark.parametrize("layer", LAYERS)
def test_the_words_of_the_article_stand_where_stored_notebooks_leave_them_out(layer):
    labels = [a for n, a in enumerate(READING.on(layer)) if n % 3]
    page = before_the_numbers(told(labels, layer).html)
    inside = re.findall(r"<article\b.*?</article>", page, flags=re.DOTALL)
    outside = text_of(re.sub(r"<article\b.*?</article>", "", page, flags=re.DOTALL))
    assert inside
    for run in zip(*[iter(re.findall(r"\w+", ARTICLE.text))] * 5):
        assert " ".join(run) not in " ".join(re.findall(r"\w+", outside))


def test_nearly_right_says_what_differs():
    theirs = next(a for a in READING.on("attribution") if "reporters" in a.at.text or True)
    (content,) = theirs.parts["content"][:1]
    text = ARTICLE.text[content.start : content.end]
    cut = text.rfind(" ", 0, -12)
    short = Span(content.start, content.start + cut)
    mine = replace(theirs, parts={**theirs.parts, "content": (short,)})
    found = told([mine], "attribution")
    assert found.said == "You nearly caught 1 record that the reference has."
    assert f"Content: you stopped before {text[cut + 1 :].strip(' ,.”')}" in text_of(found.html)


def test_what_fooled_somebody_stands_with_both_labels_and_the_deciding_reason():
    unit = ARTICLE.unit("P10")
    mine = Annotation("P10", "role", Span(unit.start, unit.end), ("evaluation",))
    found = told([mine], "role", against=lambda id, code: f"Why not {code} of {id}.")
    said = text_of(before_the_numbers(found.html))
    assert found.said == "You and the reference read 1 paragraph in different ways."
    assert "One place that may have fooled you" in said
    assert "You Evaluation The reference Expectation" in said
    assert "Why not evaluation of P10." in said
    assert "Why Expectation?" in said and BOOK.layer("role").code("expectation").test in said
    assert unit.text in said


def test_a_lesson_gives_its_own_reason_where_it_has_one(today):
    unit = ARTICLE.unit("P10")
    today.workbook.put(Annotation("P10", "role", Span(unit.start, unit.end), ("evaluation",)))
    panel = today.compare("role")
    press(panel, "commit")
    assert "is it a judgement on what has happened, or a plan?" in text_of(panel.html)


def test_only_three_are_shown_and_none_that_is_disputed():
    other = {"main-event": "evaluation"}
    labels = [
        replace(a, codes=(other.get(a.codes[0], "main-event"),), note="")
        for a in READING.on("role")
    ]
    page = before_the_numbers(told(labels, "role").html)
    places = re.findall(r"<article class='kit-talk-place'>.*?<b>(P\d+)</b>", page, re.DOTALL)
    assert len(places) == 4  # three, and the one where both may stand
    assert not set(places[:3]) & REFERENCE.disputed("role")
    assert places[3] in REFERENCE.disputed("role")


def test_what_one_passed_over_is_told_only_where_one_has_labelled():
    labels = READING.on("expectation")
    blocks = [ARTICLE.block_of(a.at).number for a in labels]
    few = [a for a, n in zip(labels, blocks) if n in (8, 11)]
    page = before_the_numbers(told(few, "expectation").html)
    passed = text_of(page).partition("you read past")[2].partition("One place where")[0]
    assert {"P9", "P10"} & set(re.findall(r"P\d+", passed))
    assert set(re.findall(r"\bP(\d+)", passed)) <= {"8", "9", "10", "11"}


def test_a_dispute_is_two_cards_a_question_and_where_the_student_stands():
    unit = ARTICLE.unit("P7")
    mine = Annotation("P7", "role", Span(unit.start, unit.end), ("historical-event",))
    page = before_the_numbers(told([mine], "role").html)
    dispute = REFERENCE.dispute("role", "P7")
    said = text_of(page)
    cards = page.partition("One place where both may stand")[2]
    assert cards.count("<section>") == len(dispute.readings)
    for reading in dispute.readings:
        assert reading.reason in said
    assert dispute.question in said and said.count("So do you.") == 1
    assert "fooled" not in said


def test_what_only_the_student_has_is_no_mistake():
    block = ARTICLE.block("P3")
    mine = Annotation("x", "issue", Span(block.start, block.end), ("trade",))
    said = text_of(told([mine], "issue").html)
    assert "What only you have P3 Beijing" in said and "no mistake" in said


def test_what_may_have_stood_in_quotation_marks_is_not_printed():
    by_block = {}
    for a in READING.on("wording"):
        by_block.setdefault(ARTICLE.block_of(a.at).id, []).append(a)
    shown = []
    for first, *rest in by_block.values():
        page = before_the_numbers(told([first], "wording").html)
        shown += [a for a in rest if f"<mark>{ARTICLE.text[a.at.start : a.at.end]}</mark>" in page]
        outside = {a.fields["likely"] for a in rest if a.fields["in-quotes"] == "no"}
        for guess in re.findall(r"A guess at what stood there: (.*?)\.</p>", page):
            assert entities.unescape(guess) in outside
    assert {a.fields["in-quotes"] for a in shown} == {"yes", "no"}


def test_the_numbers_list_every_place_and_where_both_may_stand():
    a = datasets.load_coding("blinken-beijing-2023", "a")
    page = told(a.on("expectation"), "expectation", numbers=numbers).html
    _, _, folded = page.partition("<details class='kit-talk-numbers'><summary>The numbers")
    assert "Where the two of you differ" in folded and "Both may stand." in folded
    compared = measure.compare_spans(a, READING, "expectation")
    apart = [b for _, b in compared.apart(BOOK.layer("expectation")) if b]
    rows = re.findall(r"<th scope='row'>(P\d+) <q dir='auto'>(.*?)</q></th>", folded)
    assert len(rows) == len(apart)
    for block, words in rows:
        text = ARTICLE.block(block).text.replace("“", "‘").replace("”", "’")
        assert all(part in text for part in entities.unescape(words).split(" … "))


def test_who_hears_another_mode_in_the_same_words_is_told(today):
    first, second, third = READING.on("attribution")[:3]
    modes = {"direct": "indirect", "indirect": "mixed", "mixed": "direct"}
    other = {**first.fields, "mode": modes[first.fields["mode"]]}
    labels = [replace(first, fields=other), replace(second, fields={}), third]
    page = told(labels, "attribution", numbers=numbers).html
    mine, theirs = (fields["mode"].capitalize() for fields in (other, first.fields))
    row = next(r for r in page.split("<tr>") if f"<strong>{mine}</strong>" in r)
    assert row.index(f"<strong>{mine}</strong>") < row.index(f"<strong>{theirs}</strong>")


def test_who_made_a_reading_is_said():
    page = text_of(told(READING.on("role"), "role").html)
    assert "A and B were made for this kit by language models" in page


@pytest.mark.parametrize("layer", LAYERS)
def test_two_partners_talk_about_both_and_nobody_was_fooled(layer):
    one, other = (datasets.load_coding(ARTICLE.id, name) for name in ("a", "b"))
    talk = Talk(one, other, BOOK.layer(layer), "Ben")
    said = text_of(before_the_numbers(talk.html(Markup("figures"))))
    assert "What you both have" in said and "Ben" in talk.said()
    assert "to talk about" in said and "fooled" not in said and "both may stand" not in said


def test_notes_are_shown_and_never_run():
    unit = ARTICLE.unit("P10")
    mine = Annotation("P10", "role", Span(unit.start, unit.end), ("evaluation",), note="<b>why</b>")
    page = told([mine], "role").html
    assert "&lt;b&gt;why&lt;/b&gt;" in page and "<b>why" not in page


def test_nothing_labelled_is_a_kind_sentence_and_what_to_do(today):
    panel = today.compare("role")
    assert "three are enough to begin with" in text_of(panel.html)
    assert panel.buttons == []
