"""A lesson that ends on another text: its labels stay there, its answer with the lesson."""

from __future__ import annotations

import pytest

from kit import exercises
from kit.exercises.surroundings import context_of, workbook_of
from kit.lessons import Lesson
from kit.library import datasets
from kit.library.course import ARTICLE
from kit.text.article import ArticleError
from kit.work.workbook import Workbook

TEXT = "ennick-updates"


@pytest.fixture
def today(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    article = datasets.load_article(ARTICLE)
    return Lesson("02-structure", Workbook.open(article, datasets.codebook(ARTICLE), "ana"))


def test_labels_are_kept_in_that_texts_own_file_and_the_answer_in_the_lessons(today, tmp_path):
    alone = today.on(TEXT)
    assert alone.workbook.path == tmp_path / TEXT / today.workbook.path.name
    assert alone.id == today.id and alone.article.id == TEXT
    asked = exercises.find(exercises.load(today.id), "2.7")
    assert workbook_of(asked, today.workbook) is alone.workbook
    labels = exercises.expected(asked, context_of(asked, today.workbook)).labels
    alone.workbook.apply("role", {a.id: (None, a) for a in labels})
    outcome = exercises.hand_in(today.workbook, asked, {}, context_of(asked, today.workbook))
    assert outcome.verdict == "yes"
    assert len(today.workbook.coding) == 0 and not alone.workbook.answers
    kept = exercises.read(today.workbook, "2.7").first
    assert [a.id for a in kept.labels] == [a.id for a in labels]
    assert today._course.way().here.done == 1


def test_the_main_articles_reasons_are_not_said_of_the_same_number_elsewhere(today):
    from kit.lessons.tasks import against

    reasons, of_second = (against(one.workbook, one.id, "role") for one in (today, today.on(TEXT)))
    assert reasons("P10", "main-event") != of_second("P10", "main-event")
    assert not of_second("P17", "main-event")


def test_nobody_has_read_past_what_was_not_to_be_labelled(today):
    alone = Lesson("04-expectations", today.workbook).on("ennick-briefing")
    reading = datasets.load_coding(alone.article.id, "reference").on("expectation")
    of = {a.id: alone.article.block_of(a.at).id for a in reading}
    ends = [a for a in reading if of[a.id] in ("P4", "P8")]  # the labeller offers P4, P6 and P8
    alone.workbook.apply("expectation", {a.id: (None, a) for a in ends})
    alone.workbook.commit("expectation")
    shown = alone.compare("expectation").html
    passed = shown.partition("read past")[2].partition("may stand")[0]
    assert "<b>P6</b>" in passed and "<b>P5</b>" not in passed and "<b>P7</b>" not in passed


def test_texts_are_shown_beside_each_other(today):
    one, other = "ennick-readout-kestria", "ennick-readout-tolvara"
    shown = today.read(one, other)
    assert shown.html.count("<article") == 2 and "kit-pages" in shown.html
    for id in (one, other):
        assert f'data-article="{id}"' in shown.html
        assert datasets.load_article(id).title in repr(shown)
    assert today.read().html.count("<article") == 1


def test_a_text_that_is_not_there_is_refused_in_words(today):
    with pytest.raises(ArticleError, match="There is no article “nowhere”"):
        today.on("nowhere")
