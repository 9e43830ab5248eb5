"""Sentence ends: what splits, and what must never split."""

import pytest

from kit import datasets
from kit.sentences import find_sentences

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


def test_blank_text_has_no_sentence():
    assert find_sentences("") == find_sentences(" \u00a0 ") == []
