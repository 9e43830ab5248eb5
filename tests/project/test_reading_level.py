"""The prose for students can be read by somebody of sixteen whose first language it is not."""

import pytest

from kit.library.course import known_lessons
from kit.library.glossary import glossary
from tests.reading_level import EASY, PASSAGE, eflaw, hardest, level


@pytest.mark.parametrize("lesson", known_lessons())
def test_a_lesson_is_easy_to_read(lesson):
    assert 8 < level(lesson) <= EASY


@pytest.mark.parametrize("lesson", known_lessons())
def test_no_passage_is_confusing(lesson):
    hard = [
        (round(score), where, text) for score, where, text in hardest(lesson) if score > PASSAGE
    ]
    assert not hard


def test_words_of_the_trade_are_explained_in_few_and_easy_words():
    words = glossary()
    assert list(words) == sorted(words) and len(words) > 20
    for word, meaning in words.items():
        assert word == word.casefold() and len(meaning.split()) <= 25, word
        assert eflaw(meaning) <= PASSAGE, word


def test_it_is_measured_as_one_does_by_hand():
    # Nine words, of which “She”, “the” and “to” are short; two sentences.
    assert eflaw("She opened the door. Nobody wanted to come inside.") == (9 + 3) / 2
    easy = "The minister came. She spoke for an hour. Nobody asked her anything."
    hard = (
        "Notwithstanding that the minister, who had, as it were, put up with it all for as long as "
        "she could, had by then been on the point of a walk out, it was, in the end, left at that."
    )
    assert eflaw(easy) < EASY < PASSAGE < eflaw(hard) and eflaw("") == 0
