"""Before and after the course: what counts as found, what a class is told, and that the two stories
give nothing away to whoever does not read."""

from __future__ import annotations

import json
import random
import re
from contextlib import suppress
from html import unescape
from math import comb
from pathlib import Path
from statistics import fmean

import pytest

from desk.collect import before_after, class_report
from desk.collect.before_after import Sitting, Together, key, questions, read, right
from desk.collect.class_report.change import change_of, discrimination
from desk.collect.collect import collect
from desk.collect.plan import plan_of
from desk.collect.submissions import Owner
from desk.collect.work_file import NotUsable, head
from desk.handout import assignment as assignments
from desk.handout.assignment import Assignment
from kit import exercises, suggest
from kit.exercises.forms import AFTER, BEFORE, FORMS, for_student, in_form
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.library.course import ARTICLE
from kit.text.article import Article
from kit.work.names import UNSIGNED
from kit.work.workbook import Workbook
from tests.synthetic_class import BROKEN, Pupil

TEXTS = {form: datasets.load_article(id) for form, id in FORMS.items()}
ITEMS = [id for id in questions() if id != "claim"]
COURSE = datasets.load_article(ARTICLE)
AT = "2024-10-01T09:00:00Z"


def answer(form: str, n: int = 7) -> dict:
    """An answer with the first ``n`` questions right."""
    known = key(form)
    values = {id: known.items[id][-1] if k < n else "-" for k, id in enumerate(ITEMS)}
    rows = [
        {"block": next(b.id for b in TEXTS[form].blocks if runs[0] in b.text), "words": runs[0]}
        for runs in known.claim.values()
    ][: 2 if n > 6 else 1]
    return {**values, "claim": "They do not agree on the money.", "evidence": rows}


def record(form: str, n: int, *, at: str = AT, again: int | None = None) -> dict:
    tries = [
        {"values": answer(form, k), "verdict": "kept", "at": at}
        for k in (n, again)
        if k is not None
    ]
    return {"values": {}, "first": tries[0], "tries": tries, "attempts": len(tries), "hints": 0}


# -- the two texts ---------------------------------------------------------------------------------


def test_the_forms_are_parallel():
    lengths = {form: len(text.text.split()) for form, text in TEXTS.items()}
    assert all(230 <= n <= 290 for n in lengths.values()), lengths
    assert len({len(text.blocks) for text in TEXTS.values()}) == 1
    known = [key(form) for form in FORMS]
    assert [sorted(k.items) for k in known] == [sorted(ITEMS)] * 2 and len(questions()) == 7
    for form in FORMS:
        for run in (r for runs in (key(form).items | key(form).claim).values() for r in runs):
            assert list(before_after._places(run, form)), run
        assert not datasets.coding_names(FORMS[form]), "nothing lies about that could be copied"
        assert right(form, answer(form)) == (True,) * 7
        assert [sum(right(form, answer(form, n))) for n in range(8)] == list(range(8))
    # Nobody who has met one knows from it where to look in the other.
    order = [
        [next(min(p) for p in before_after._places(key(form).items[id][0], form)) for id in ITEMS]
        for form in FORMS
    ]
    ranks = [[sorted(places).index(at) for at in places] for places in order]
    assert ranks[0] != ranks[1]


def test_the_questions_are_the_same_both_times():
    before, after = (
        exercises.find(exercises.load(before_after.LESSONS[id]), id) for id in (BEFORE, AFTER)
    )
    assert before.texts == after.texts and before.unmarked and after.unmarked
    assert not (before.hints or after.hints or before.exemplar or after.exemplar)


def test_half_right_words_count_and_a_paragraph_does_not():
    one = key("a").items["lower"][0]  # six words
    block = next(b.text for b in TEXTS["a"].blocks if one in b.text)

    def found(words: str) -> bool:
        return right("a", {"lower": words})[ITEMS.index("lower")]

    assert found(one) and found(one.upper() + ".") and found("buy a ticket yet")
    assert not found("ticket") and not found(block) and not found("Nobody should sell a ticket yet")
    assert not found("") and not found("-")
    rows = [{"block": "", "words": key("a").claim["one"][0]}]
    assert not right("a", {"claim": "x", "evidence": rows * 2})[-1]
    assert not right("a", {"evidence": answer("a")["evidence"]})[-1]


# -- whoever does not read -------------------------------------------------------------------------


def sentences(text: Article) -> list[str]:
    return [s.text for block in text.blocks[1:] for s in block.sentences]


def always(*pieces: str) -> dict:
    rows = [{"block": "", "words": pieces[n % len(pieces)]} for n in range(2)]
    return {**dict.fromkeys(ITEMS, pieces[0]), "claim": pieces[0], "evidence": rows}


def at_random(form: str, draw: random.Random) -> dict:
    """Sentences, or a few words out of one, drawn for every field."""

    def some() -> str:
        words = draw.choice(sentences(TEXTS[form])).split()
        if draw.random() < 0.5:
            return " ".join(words)
        at = draw.randrange(len(words))
        return " ".join(words[at : at + draw.randint(1, 8)])

    rows = [{"block": "", "words": some()} for _ in range(2)]
    return {**{id: some() for id in ITEMS}, "claim": some(), "evidence": rows}


def by_the_rules(form: str) -> dict:
    """The first that the kit's rules find of what a question is about."""
    text = TEXTS[form]
    found = suggest.suggest(text, datasets.codebook(text.id)).coding
    moves = {
        a.codes[0]: a.at.text or text.text[a.at.start : a.at.end]
        for a in reversed(found.on("expectation"))
    }
    parts = {}
    for a in reversed(found.on("attribution")):
        parts |= {
            id: text.text[runs[0].start : runs[0].end] for id, runs in a.parts.items() if runs
        }
    contents = [
        text.text[a.parts["content"][0].start : a.parts["content"][0].end]
        for a in found.on("attribution")
    ]
    return {
        "source": parts.get("source", ""),
        "doubt": parts.get("cue", ""),
        "lower": moves.get("lower", ""),
        "condition": moves.get("condition", ""),
        "check": moves.get("benchmark", ""),
        "claim": "x",
        "evidence": [{"block": "", "words": words} for words in contents[:2]],
    }


def test_nobody_finds_the_places_without_reading():
    draw = random.Random(7)
    tries = [sum(right(form, at_random(form, draw))) for form in FORMS for _ in range(500)]
    chance, n = fmean(tries) / 7, 7 * len(FORMS)
    assert 0 < chance < 0.08, chance
    came = {
        "the first sentence": {form: always(*sentences(TEXTS[form])[:2]) for form in FORMS},
        "the last sentence": {form: always(*sentences(TEXTS[form])[-2:]) for form in FORMS},
        "the longest": {
            form: always(*sorted(sentences(TEXTS[form]), key=len)[::-1]) for form in FORMS
        },
        "the first quotation": {
            form: always(*re.findall("“([^”]+)”", TEXTS[form].text)) for form in FORMS
        },
        "the other story's key": {form: answer(other) for form, other in zip("ab", "ba")},
        "the kit's rules": {form: by_the_rules(form) for form in FORMS},
    }
    for name, answers in came.items():
        got = sum(sum(right(form, given)) for form, given in answers.items())
        likely = sum(comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in range(got, n + 1))
        print(f"{name}: {got} of {n}; chance alone does as well or better in {likely:.1%}")
        assert likely >= 0.025, (name, got)


# -- who gets which --------------------------------------------------------------------------------


def workbook(folder: Path, article: str = ARTICLE, name: str = UNSIGNED) -> Workbook:
    return Workbook.open(datasets.load_article(article), datasets.codebook(article), name, folder)


def asked(number: str, book: Workbook):
    exercise = exercises.find(exercises.load(before_after.LESSONS[number]), number)
    return for_student(exercise, book)


def test_half_get_the_one_first_and_each_gets_the_other_at_the_end(tmp_path):
    firsts = []
    for n in range(60):  # called alike, each on a machine of their own
        folder = tmp_path / f"{n}"
        book = workbook(folder)
        first = asked(BEFORE, book)
        last = asked(AFTER, workbook(folder, "harran-talks"))
        assert (first.number, last.number) == (BEFORE, AFTER) and {first.form, last.form} == {
            "a",
            "b",
        }
        firsts.append(first.form)
    assert 15 < firsts.count("a") < 45


def test_whoever_has_begun_stays_with_it_and_is_told_nothing(tmp_path):
    book = workbook(tmp_path)
    first = asked(BEFORE, book)
    assert book.number == int(book._store._writer, 16)
    outcome = exercises.hand_in(book, first, answer(first.form), context_of(first, book))
    assert outcome.verdict == "kept" and not outcome.readings and outcome.exemplar is None
    assert "Nobody marks this" in outcome.say
    of_questions = [part for id, part in outcome.parts.items() if id != "evidence"]
    assert all(part.ok is None and not part.say for part in of_questions[:-1])
    # All wrong is told as all right is, but for evidence that stands nowhere.
    wrong = {**answer(first.form, 0), "evidence": answer(first.form)["evidence"]}
    assert exercises.check(first, wrong, context_of(first, book)) == outcome
    book._store.state.file.writers.clear()  # as if the kernels of the beginning were forgotten
    for writer in ("00000000", "00000001"):
        book._store._writer = writer
        assert asked(BEFORE, book) == first
        assert asked(AFTER, workbook(tmp_path, "harran-talks")).form != first.form


# -- one file, one student -------------------------------------------------------------------------


def held(**answers) -> before_after.Handed:
    file = {"schema": "kit-work-1", "article": "own-0a1b2c3d", "sha256": "0" * 64, "student": "Ana"}
    return read(head(json.dumps({**file, "answers": answers}).encode()))


def test_first_answers_are_found_in_a_work_file_on_any_text():
    found = held(**{"0.3a": record("a", 2, again=6), "7.6b": record("b", 5)})
    assert (found.signed, found.earlier) == ("Ana", False)
    assert (found.before.at, found.before.form, sum(found.before.right)) == (AT, "a", 2)
    assert (found.after.form, sum(found.after.right)) == ("b", 5)
    # Handed in with a field empty, which is filled later: each question’s first answer counts.
    halves = record("a", 7)
    whole = halves["first"]["values"]
    halves["first"] = {**halves["first"], "values": {"source": whole["source"]}}
    halves["tries"] = [halves["first"], {**halves["first"], "values": whole}]
    assert sum(held(**{"0.3a": halves}).before.right) == 7
    assert held().before is None and held(**{"0.3b": record("b", 0)}).before.right == (False,) * 7
    for bad in (None, [], {"first": 3}, {"first": {"values": {"source": [[]]}}}, "x" * 2**19):
        assert held(**{"0.3a": bad}).before is None
    for values in ({"source": 3}, {"evidence": "x"}, {"evidence": [{"words": 1}]}, {"x": ["x"]}):
        first = {"values": values, "verdict": "kept", "at": "when?"}
        there = {"values": {}, "first": first, "tries": [first], "attempts": 1, "hints": 0}
        assert held(**{"0.3a": there}).before == Sitting("~", "a", (False,) * 7)
    for kind, make in BROKEN.items():
        with suppress(NotUsable):
            sat = read(head(make(Pupil("Ana", random.Random(1)).file())))
            assert (sat.before, sat.after) == (None, None), kind


def test_answers_to_the_six_questions_of_before_are_told_of_and_lost_nowhere(tmp_path):
    old = {"values": {"copy": ["open"], "role": ["news"]}, "verdict": "kept", "at": AT}
    there = {"values": old["values"], "first": old, "tries": [old], "attempts": 1, "hints": 0}
    file = json.loads(Pupil("Zdenka", random.Random(1)).file())
    file["answers"] |= {"0.3": there, "7.6": there}
    folder = tmp_path / ARTICLE
    folder.mkdir()
    (folder / "student.json").write_text(json.dumps(file))
    book = workbook(tmp_path)
    assert asked(BEFORE, book).form and book.answers["0.3"] == there
    book.answer("4.4", {"values": {}})
    assert json.loads(book.to_json())["answers"]["7.6"] == there
    # An assignment of then may have named them.
    named = Assignment("a", "A", ARTICLE, ("00-start-here", "02-structure"), ("0.3", "2.2"))
    roll = collect(folder, tmp_path / "out", assignments.write(named, tmp_path))
    assert len(roll.students) == 1 and roll.sittings.earlier == 1
    assert "1 of the files hold" in told(class_report.contents(roll))


def test_two_files_of_one_student_are_put_together():
    early, late = (Sitting(f"2024-{m}-01T09:00:00Z", "a", (True,) * 7) for m in (10, 12))

    def handed(signed: str, before=None, after=None) -> before_after.Handed:
        return before_after.Handed(signed, before, after)

    there = Together()
    moodle = Owner("moodle", "Ana", "7")
    there.add(moodle, "a.json", handed("A", before=early))
    there.add(moodle, "b.json", handed("Another name", after=late))
    there.add(Owner(), "c.json", handed("Ben", before=late))
    there.add(Owner(), "d.json", handed("ben", before=early, after=late))
    # Nobody knows whose these are.
    there.add(Owner(), "e.json", handed(UNSIGNED, before=early))
    there.add(Owner(), "f.json", handed(UNSIGNED, after=early))
    there.add(Owner(), "g.json", handed("", after=late))
    wanted = [(early, late), (early, late), (early, None), (None, early), (None, late)]
    assert sorted(there.all(), key=str) == sorted(wanted, key=str)


# -- a class ---------------------------------------------------------------------------------------


def class_of(folder: Path, sittings: list[tuple[str, int | None, int | None]]) -> class_report.Roll:
    """A class that met the forms in these orders, ``"ab"``, and had so many right; each student's
    last lesson lies in a file of its own, on a text of their own."""
    for n, (order, before, after) in enumerate(sittings):
        place = folder / "came" / f"Zdenka {n}_{700 + n}_assignsubmission_file_"
        place.mkdir(parents=True)
        file = json.loads(Pupil(f"Zdenka {n}", random.Random(n)).file())
        if before is not None:
            file["answers"][f"0.3{order[0]}"] = record(order[0], before, again=7)
        (place / "one.json").write_text(json.dumps(file))
        if after is not None:
            last = {"schema": "kit-work-1", "article": f"own-{n:08}", "sha256": "0" * 64}
            last["answers"] = {f"7.6{order[1]}": record(order[1], after, again=7)}
            (place / "two.json").write_text(json.dumps({**last, "student": ""}))
    return collect(folder / "came", folder / "out")


def part_of(html: str) -> str:
    (part,) = re.findall(r"<h2>Before and after the course</h2>(.*?)</section>", html, re.DOTALL)
    return part


def told(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part_of(html))).split())


def test_a_class_is_counted_as_one_counts_by_hand(tmp_path):
    ab = [("ab", 2, 4), ("ab", 3, 3), ("ab", 1, 6), ("ab", 4, 5), ("ab", 0, 2)]
    ba = [("ba", 5, 6), ("ba", 3, 5), ("ba", 4, 4), ("ba", 6, 7), ("ba", 2, 4), ("ba", 3, 7)]
    others = [("ab", 7, None), ("ba", None, 7), ("aa", 1, 7)]
    roll = class_of(tmp_path, [*ab, *ba, *others])
    html = class_report.contents(roll)
    text = told(html)
    means = [fmean(after - before for _, before, after in order) for order in (ab, ba)]
    assert f"{fmean(means):+.1f} of 7 on average" in text
    assert "13 handed in the first, 13 the second, and 11 both" in text
    assert "1 met the same story twice" in text
    for name, order in (("The night train first", ab), ("The power cable first", ba)):
        before, after = (fmean(column) for column in list(zip(*order))[1:])
        assert f"{name} {len(order)} {before:.1f} {after:.1f}" in text
    assert "how hard the two stories are is not known" in text and "Zdenka" not in part_of(html)
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8").count(
        "Before and after"
    ) == 1
    row = re.search(
        r"The night train Which words make a reader expect less of the talks\? (\S+) %", text
    )
    before_a = [
        before for order, before, _ in [*ab, *others] if order[0] == "a" and before is not None
    ]
    lower = ITEMS.index("lower")
    assert int(row[1]) == round(100 * fmean(before > lower for before in before_a))


def test_the_interval_is_of_students_within_an_order():
    def pairs(form: str, gains: list[int]) -> list:
        other = "b" if form == "a" else "a"
        return [
            (Sitting(AT, form, (False,) * 7), Sitting(AT, other, tuple(k < gain for k in range(7))))
            for gain in gains
        ]

    alike = change_of(pairs("a", [1] * 6) + pairs("b", [3] * 20))
    assert alike == (2.0, (2.0, 2.0), True)  # each order weighs the same, and nothing varies in it
    varied = change_of(pairs("a", [0, 1, 2, 3, 4]) + pairs("b", [0, 1, 2, 3, 4]))
    assert varied.mean == 2 and 0.9 < varied.interval.low < 1.6 and 2.4 < varied.interval.high < 3.1
    one = change_of(pairs("a", [2] * 7))
    assert one.mean == 2 and not one.balanced


def test_a_question_that_the_able_get_right_tells_apart():
    def sat(*right: int) -> Sitting:
        return Sitting(AT, "a", tuple(map(bool, right)))

    able = [sat(1, 1, 1), sat(1, 1, 1), sat(0, 0, 0), sat(0, 0, 0)]
    assert discrimination(able, 0) == pytest.approx(1)
    assert discrimination([sat(0, 1, 1), sat(1, 0, 0)], 0) == pytest.approx(-1)
    assert discrimination([sat(1, 1, 0), sat(1, 0, 0)], 0) is None


def test_of_four_students_no_figure_is_told(tmp_path):
    for n in (4, 5):
        (tmp_path / f"{n}").mkdir()
        html = class_report.contents(class_of(tmp_path / f"{n}", [("ab", 1, 6)] * n))
        text = told(html)
        assert ("on average" in text) == ("<table" in part_of(html)) == (n == 5)
        assert ("Fewer than 5 handed in both" in text) == (n == 4)


def test_where_nobody_answered_there_is_no_word_of_it(tmp_path):
    (tmp_path / "nobody").mkdir()
    assert "Before and after" not in class_report.contents(
        class_of(tmp_path / "nobody", [("ab", None, None)] * 2)
    )
    html = class_report.contents(class_of(tmp_path, [("ab", 3, None)] * 6))
    assert "Nobody handed in both" in told(html)


def test_it_never_counts_for_a_mark():
    for number, lesson in before_after.LESSONS.items():
        for article in (ARTICLE, "harran-talks"):
            for named in ((), (number,)):
                plan = plan_of(Assignment("a", "", article, (lesson,), named))
                assert number not in [e.id for e in plan.asked] and number not in plan.counted
    assert (
        in_form(exercises.find(exercises.load("00-start-here"), "0.3"), "b").article == FORMS["b"]
    )
