"""The way through the course, the end of a lesson, and what the page around it asks for."""

from __future__ import annotations

import json

import pytest

from kit import exercises
from kit.coding.coding import Annotation
from kit.exercises.surroundings import context_of
from kit.lessons import Lesson, room
from kit.library import datasets, originals
from kit.library.course import ARTICLE, known_lessons
from kit.text.span import Span
from kit.work import own_texts
from kit.work.workbook import Workbook

TEXT = datasets.load_article(ARTICLE)
B = datasets.load_coding(ARTICLE, "b")


@pytest.fixture
def open_(tmp_path, monkeypatch):
    """Return a function that opens a lesson, on the course's article unless told otherwise."""
    monkeypatch.setenv("KIT_WORK", str(tmp_path))

    def opened(id, article=ARTICLE) -> Lesson:
        text = own_texts.load(article)
        return Lesson(id, Workbook.open(text, datasets.codebook(article), "student"))

    return opened


def hand_in(today: Lesson, *ids: str) -> None:
    for exercise in exercises.load(today.id):
        if exercise.id in ids or not ids:
            context = context_of(exercise, today.workbook)
            values = exercises.expected(exercise, context).values
            exercises.hand_in(today.workbook, exercise, values, context)
            # Where labels are asked for and there are none, nothing is handed in yet.


def label(today: Lesson, id: str, layer: str) -> None:
    unit, code = today.article.unit(id), B.codes(layer)[id]
    today.workbook.put(Annotation(id, layer, Span(unit.start, unit.end), (code,)))


def done(today: Lesson) -> dict[str, int]:
    return {stage.id[:2]: stage.done for stage in today._course.way().stages}


def test_what_is_next_is_the_first_exercise_that_is_not_handed_in(open_):
    today = open_("03-who-speaks")
    asked = [e.id for e in exercises.load(today.id)]
    assert today._course.way().step[0] == asked[0] == "3.0"
    hand_in(today, "3.3")
    assert today._course.way().step[0] == "3.0"
    assert done(today) == dict.fromkeys(done(today), 0) | {"03": 1}
    draft = exercises.find(exercises.load(today.id), "3.4")
    exercises.draft(today.workbook, draft, {draft.texts[0].id: "Not handed in"})
    assert done(today)["03"] == 1


def test_a_lesson_knows_of_the_others_and_leads_on(open_):
    today = open_("06-leave-the-page")
    hand_in(today)
    way = today._course.way()
    assert way.step is None and way.here.finished
    assert way.after.id == "07-your-own-article"
    assert '<a href="07-your-own-article.ipynb">' in today.greeting().html
    assert [stage.id for stage in way.stages] == known_lessons()
    assert done(open_("00-start-here"))["06"] == way.here.all


def test_the_last_lesson_counts_on_the_text_that_was_chosen(open_):
    last = open_("07-your-own-article", own_texts.PRACTICE)
    hand_in(last, "7.1")
    assert last._course.way().after.id == "00-start-here"  # which is not done yet
    assert done(open_("02-structure"))["07"] == 1
    own_texts.choose("student", ARTICLE)
    assert done(open_("02-structure"))["07"] == 0


def test_work_that_cannot_be_read_counts_as_none_and_harms_no_lesson(open_, tmp_path):
    harmed = tmp_path / own_texts.PRACTICE / "student.json"
    harmed.parent.mkdir()
    harmed.write_text(json.dumps({"schema": "kit-work-99", "sha256": "0", "article": "x"}))
    assert done(open_("02-structure")) == dict.fromkeys((id[:2] for id in known_lessons()), 0)


def test_a_lesson_ends_with_the_students_own_chart_and_words(open_):
    today = open_("02-structure")
    end = today.end("roles")
    assert repr(end) == (
        "02-structure: 0 of 7 exercises\nYour own chart stands here once you have made a label on "
        "Role."
    )
    label(today, "P6", "role")
    today.workbook.sign("Ana <b>")
    hand_in(today, "2.6")
    end = today.end("roles")
    assert today.chart("roles").finding in repr(end)
    assert "<img" in end.html and "Ana &lt;b&gt;" in end.html and "<b>Ana <b>" not in end.html
    assert "in exercise 2.6" in end.html
    assert today.end("roles").html.count("kit-chart") == end.html.count("kit-chart")


def test_the_page_and_its_end_show_one_drawing(open_, monkeypatch):
    from kit.lessons import gallery

    today, drawn = open_("02-structure"), []
    draw = gallery.chart
    monkeypatch.setattr(gallery, "chart", lambda *a, **k: drawn.append(a) or draw(*a, **k))
    label(today, "P6", "position")
    label(today, "P6", "role")
    today.chart("roles"), today.end("roles"), today.chart("structure")
    assert [name for name, *_ in drawn] == ["roles", "structure"]
    label(today, "P7", "role")
    assert today.chart("roles").finding in repr(today.end("roles"))


def test_a_chart_that_waits_for_an_exercise_waits_at_the_end_too(open_):
    today = open_("06-leave-the-page")
    assert "handed in an answer to exercise 6.5" in repr(today.end("scorecard", after="6.5"))
    hand_in(today, "6.5")
    assert "<img" in today.end("scorecard", after="6.5").html


def test_the_page_gets_the_article_and_the_lesson_as_it_came(open_):
    today = open_("02-structure")
    given = room.article(today)._repr_json_()
    assert [block["id"] for block in given["blocks"]] == [block.id for block in TEXT.blocks]
    assert "altered" in given["banner"]
    assert [b["kind"] for b in given["blocks"]].count("headline") == 1
    assert room.original("02-structure")._repr_json_() == originals.original("02-structure")
    assert room.original("../../etc/passwd") is None and room.original("mine") is None
