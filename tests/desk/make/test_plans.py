"""A plan for each lesson, and cards to talk about: put together from what is known already."""

from __future__ import annotations

import html
import re

import pytest

from desk import __main__
from desk.base import teaching_notes
from desk.make import plans
from kit import exercises
from kit.exercises.markup import plain
from kit.library import datasets
from kit.library.course import ARTICLE, known_lessons

LESSONS = known_lessons()


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.split("<main>")[1])).split())


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_plan_has_every_step_with_its_minutes_and_nothing_unfilled(lesson):
    said = words(plans.plan(lesson))
    asked = exercises.load(lesson)
    for one in asked:
        row = said.split(f"{one.id} {one.title}", 1)[1]
        assert row.removeprefix(" (may be left out)").split()[0] == str(one.minutes[1])
    plan = teaching_notes.load_plan(lesson)
    assert plan.exit in said and plan.discuss in said and plan.recall in said
    assert bool(plan.recall) == (lesson != LESSONS[0]), "the first lesson has nothing to recall"
    assert f"take {sum(one.minutes[1] for one in asked)} minutes" in said
    assert not re.search(r"[{}*]", said)


@pytest.mark.parametrize("lesson", LESSONS)
def test_slides_ask_everything_and_answer_nothing(lesson):
    said = words(plans.slides(lesson))
    plan = teaching_notes.load_plan(lesson)
    assert plan.exit in said and plan.discuss in said and plan.recall in said
    for one in exercises.load(lesson):
        assert f"{one.id} {one.title} {one.minutes[1]} minutes" in said
        assert not one.yes or plain(one.yes)[:40] not in said
        for question in one.questions if one.title.startswith("Together") else ():
            assert plain(question.text).replace(" ", "") in said.replace(" ", "")
    assert not re.search(r"[{}*]", said)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_standards_of_a_plan_are_the_documented_ones(lesson):
    known = (datasets.root() / "docs" / "standards.md").read_text(encoding="utf-8")
    for code in teaching_notes.load_plan(lesson).standards:
        assert code in known


def test_a_card_for_each_disputed_paragraph_with_both_readings():
    page = plans.cards()
    said = words(page)
    disputes = [d for d in datasets.load_reference(ARTICLE).disputes if re.fullmatch(r"P\d+", d.id)]
    assert page.count("<section") == len(disputes) > 5
    for dispute in disputes:
        assert dispute.question in said
        assert all(reading.reason in said for reading in dispute.readings)
    assert "language models" in said


def test_made_from_the_command_line_and_made_again(tmp_path, capsys):
    out = tmp_path / "plans"
    for _ in range(2):
        assert __main__.main(["plans", "--out", str(out)]) == 0
    assert f"{2 * len(LESSONS) + 1} pages" in capsys.readouterr().out
    assert {p.name for p in out.glob("*.html")} == {
        "discussion-cards.html",
        *(f"{what}-{n}.html" for what in ("plan", "slides") for n in LESSONS),
    }


def test_other_folders_are_not_written_into(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine")
    assert __main__.main(["plans", "--out", str(tmp_path)]) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]
    assert "thesis" not in capsys.readouterr().out


def test_a_lesson_with_two_plans_is_told(tmp_path, monkeypatch):
    from kit.library import lesson_files

    one = """lesson = "03-who-speaks"
exercises = []
[plan]
standards = []
materials = "m"
discuss = "d"
exit = "e"
"""
    for article in ("a", "b"):
        (tmp_path / article / "teaching").mkdir(parents=True)
        (tmp_path / article / "teaching" / "03-who-speaks.toml").write_text(one)
    paths = sorted(tmp_path.glob("*/teaching/*.toml"))
    monkeypatch.setattr(lesson_files, "paths", lambda *_: paths)
    with pytest.raises(teaching_notes.TeachingError, match="2 plans"):
        teaching_notes.load_plan("03-who-speaks")
