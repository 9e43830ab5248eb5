"""Sentence ends: what splits, and what must never split."""

import pytest

from kit.library import datasets
from kit.text.sentences import find_sentences

# "|" stands where one sentence ends and the next begins.
CASES = [
    "The U.S. Navy sailed on.",
    "They met in the U.S. on Friday.",
    "She lives in the U.S.| The talks go on.",
    "Mr. Li met Dr. Orsk and Gen. Vale.| Nobody spoke.",
    "It cost 4.5 million, i.e. a lot.| They paid.",
    "“We came, we waited, we left,” the envoy told the court.| It was late.",
    "“Is it over?” she asked.| “It is!” he said.",
    "“It is over.”| He left.",
    'He said "no."| She said "yes."',
    "J. D. Vale spoke at 5 p.m. Monday.| Then he left.",
    "See No. 5 on page two.| He said no.| Really.",
    "Wait… what?| Nothing.",
    "One sentence without a stop",
    "(The ferry sails.)| It is full.",
    "‘I will go.’| ‘So will I.’",
    "“Is it over?” Dorn asked.| “It is!” Mayor Ana Vale replied.| She left.",
    "“Is it over?”| Dorn left the room.",
    "He sailed in 1805. [6]| His voice was gone.[7]| Nobody knew.",
    "They waited. […]| Then it sailed.",
    "It costs 4.50.| A child pays 2.",
    "See example.org/a.b for more.| It is free.",
    "1. Open the door.| 2. Walk in.",
    "2.1. The harbour is old.",
    "She took plan B.| He did not.",
    "Apples, pears, etc.| Nobody ate.",
    "The talks ended in Dec.| They had begun in Nov. 2021.",
    "LOTS OF U.S. TO SEE",
    "A. Smith and B. A. Jones met.| A dog barked.",
    "iPads sold out.| eBay did well.",
    "The ferry leaves Velsk on 4 May| Photo: Ana Brell.",
    "The ferry leaves Velsk on 4 May.| Image: Ana Brell.",
    "It sailed at last.| (credit: Ana Brell)",
    "He waited . . . and waited.| It sailed.",
    "Really?!| Yes.",
    "¿Zarpó?| ¡Zarpó!",
    "会談は続く。|次はいつか？",
    "هل تنتهي؟| لا أحد يعرف.",
    "« Oui. »| « Non ! »| Il partit.",
]


@pytest.mark.parametrize("marked", CASES)
def test_sentences_end_where_a_reader_ends_them(marked):
    text = marked.replace("|", "")
    assert [text[a:b] for a, b in find_sentences(text)] == [s.strip() for s in marked.split("|")]


def test_the_article_has_the_sentences_a_close_reading_counted():
    article = datasets.load_article("blinken-beijing-2023")
    story = [b for b in article.blocks if 6 <= b.number <= 40 and b.number not in (23, 24)]
    assert len(story) == 33
    assert sum(len(block.sentences) for block in story) == 43
    assert [s.id for s in article.block("P38").sentences] == ["P38.1", "P38.2", "P38.3"]


HOSTILE = [
    "word " * 20_000,
    "." * 100_000,
    ". " * 50_000,
    ".\u00a0\n" * 20_000 + "x",
    "“(" * 20_000,
    "”)" * 20_000,
    "?” " * 20_000,
    "[1] " * 20_000,
    "a. [1] [2] " * 5_000,
    '“He said “no” and "yes ‘maybe. ' * 500,
    "A. " * 5_000,
    "\0. \0! \x1f? \u2028 b. C",
    "🚢. 🌊! 👩‍👩‍👧‍👦? Z",
    "שלום עולם. מה שלומך? " * 100,
    "\ud800. Broken",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_sentences_of_any_text_cover_it_without_overlap(text):
    spans = find_sentences(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in zip(spans, spans[1:], strict=False))
    edges = [0, *(place for span in spans for place in span), len(text)]
    assert not "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)


def test_labels_that_were_stored_still_fit_their_sentences():
    for id in datasets.article_ids():
        for name in datasets.coding_names(id):
            assert len(datasets.load_coding(id, name)) > 0


def test_blank_text_has_no_sentence():
    assert find_sentences("") == find_sentences(" \u00a0 ") == []
