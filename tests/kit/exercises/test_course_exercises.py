"""The course's own exercises: each can be used, done rightly, done wrongly, and left alone."""

import re
import tomllib
from difflib import SequenceMatcher

import msgspec
import nbformat
import pytest

from desk.make.model_student import do_lesson
from kit import exercises
from kit.coding.coding import Annotation
from kit.exercises import OWN, UNSEEN, check, expected, problems, shuffled, wrong
from kit.exercises.forms import in_form
from kit.exercises.kinds.number import parse_number, right_number
from kit.exercises.markup import plain
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.text.span import Span
from kit.work.workbook import Workbook

NOTEBOOKS = sorted((datasets.root() / "notebooks").glob("*.ipynb"))
LESSONS = [path.stem for path in NOTEBOOKS]
ARTICLE = "blinken-beijing-2023"
PRACTICE = "harran-talks"
ALL = {
    e.id: in_form(e, "a") if e.article == UNSEEN else e
    for lesson in LESSONS
    for e in exercises.load(lesson)
}


def home(lesson: str) -> str:
    """The article that a lesson's workbook is about, unless an exercise says otherwise."""
    return PRACTICE if lesson.startswith("07") else ARTICLE


def workbook_on(article: str, folder) -> Workbook:
    return Workbook.open(datasets.load_article(article), datasets.codebook(article), "Ana", folder)


def outcome_of(exercise, answer, folder):
    """What comes of an answer, its labels set in a workbook as a student's are."""
    article = home(exercise.lesson) if exercise.article == OWN else exercise.article
    workbook = workbook_on(article, folder)
    if answer.labels:
        saved = workbook.apply(exercise.layer, {a.id: (None, a) for a in answer.labels})
        assert not saved.conflicts
    return check(exercise, answer.values, context_of(exercise, workbook))


def context_for(exercise, folder):
    article = home(exercise.lesson) if exercise.article == OWN else exercise.article
    return context_of(exercise, workbook_on(article, folder))


each = pytest.mark.parametrize("id", ALL)


def strings(value) -> list[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value] if isinstance(value, str) else [text for one in inner for text in strings(one)]


def test_no_mark_is_left_open_in_any_text():
    """A star that closes nothing, such as one after a blank, would be shown to students."""
    there = (datasets.root() / "datasets").rglob("*.toml")
    files = [path for path in there if path.parent.name != "lexicons"]  # what rules look for
    assert len(files) > 30
    for path in files:
        for text in strings(tomllib.loads(path.read_text(encoding="utf-8"))):
            assert "*" not in plain(text), (path.name, text)


def test_every_lesson_has_exercises():
    assert {e.lesson for e in ALL.values()} == set(LESSONS)
    assert {e.kind for e in ALL.values()} >= {"label", "count", "choose", "order", "explain"}


@each
def test_an_exercise_fits_its_article(id, tmp_path):
    assert problems([ALL[id]], context_for(ALL[id], tmp_path)) == []


@each
def test_the_right_answer_is_taken(id, tmp_path):
    one = ALL[id]
    outcome = outcome_of(one, expected(one, context_for(one, tmp_path)), tmp_path)
    assert outcome.verdict == ("yes" if one.checked else "kept")
    assert all(part.ok is not False for part in outcome.parts.values())
    assert outcome.say not in ("", "Yes. ")
    assert bool(outcome.readings) == (one.status == "disputed")


@each
def test_a_wrong_answer_is_told_why(id, tmp_path):
    one = ALL[id]
    answer = wrong(one, context_for(one, tmp_path))
    if answer is None:
        assert not one.checked and not one.evidence
        return
    outcome = outcome_of(one, answer, tmp_path)
    assert outcome.verdict == "not yet"
    assert not outcome.readings
    told = [part.say for part in outcome.parts.values() if part.ok is False]
    if len(outcome.parts) == 1:
        told = [outcome.say.removeprefix("Not yet.").strip()]
    assert told and all(len(say) > 15 for say in told), told
    assert not any("{" in say for say in [outcome.say, *told])


@each
def test_no_answer_is_no_answer(id, tmp_path):
    outcome = outcome_of(ALL[id], exercises.Answer({}), tmp_path)
    assert outcome.verdict == "empty"
    assert outcome.say.startswith("Not answered yet")
    assert not outcome.readings
    assert not any(part.ok for part in outcome.parts.values())


@pytest.mark.parametrize("id", [id for id, e in ALL.items() if e.checked and e.questions])
def test_every_wrong_option_has_its_reason(id, tmp_path):
    one = ALL[id]
    context = context_for(one, tmp_path)
    right = expected(one, context).values
    for question in one.questions:
        for option in one.options_of(question):
            if option.id in question.answer:
                continue
            outcome = check(one, {**right, question.id: [option.id]}, context)
            assert outcome.verdict == "not yet", option.id
            said = outcome.parts[question.id].say or outcome.say
            assert context.say(question.reasons[option.id]) in said


def test_beside_each_right_answer_about_a_decoy_stands_why(tmp_path):
    one = ALL["4.2"]
    context = context_for(one, tmp_path)
    outcome = check(one, expected(one, context).values, context)
    assert outcome.verdict == "yes" and len(outcome.parts) == len(one.questions) == 8
    for id, part in outcome.parts.items():
        lifts = {"p8": "lowers", "p21": "lowers", "p36": "raises"}.get(id, "")
        assert part.ok and len(part.say) > 15 and lifts in part.say, id


@pytest.mark.parametrize(
    ("words", "code", "say"),
    [
        ("Taiwan subject", "taiwan", "part of it is on our list"),  # the list has three words more
        ("variations on the Taiwan subject", "trade", "has another label on these words"),
        ("Shen mentioned there have been two issues", "trade", "not on our list"),
    ],
)
def test_what_one_reading_has_otherwise_is_not_said_to_be_missing(words, code, say, tmp_path):
    one = ALL["5.1"]
    start = datasets.load_article(ARTICLE).text.index(words)
    mine = Annotation("x", "issue", Span(start, start + len(words)), (code,))
    outcome = outcome_of(one, exercises.Answer({}, (mine,)), tmp_path)
    (part,) = outcome.parts.values()
    assert part.ok is not False and say in part.say


@pytest.mark.parametrize(
    "id",
    [
        id
        for id, e in ALL.items()
        if e.checked and e.options and sum(not q.options for q in e.questions) > 2
    ],
)
def test_whoever_goes_down_a_scale_step_by_step_is_not_right_throughout(id):
    one = ALL[id]
    scale = [option.id for option in one.options]
    places = [scale.index(q.answer[0]) for q in one.questions if not q.options]
    for step in (0, 1, -1):
        for start in range(len(scale)):
            walk = [(start + step * n) % len(scale) for n in range(len(places))]
            assert places != walk, (start, step)


def gives_away(reason: str, right: float) -> bool:
    """Say whether a reason names a number, in figures or, but for *one*, in words."""
    return any(
        parse_number(word) == right
        for word in re.findall(r"\d[\d.,]*\d|[\w-]+", re.sub(r"\bP\d+\b", "", reason))
        if word.lower() not in ("one", "a", "no", "none")
    )


@pytest.mark.parametrize("id", [id for id, e in ALL.items() if e.checked and e.numbers])
def test_every_wrong_number_has_its_reason_and_none_gives_the_right_one_away(id, tmp_path):
    one = ALL[id]
    context = context_for(one, tmp_path)
    values = expected(one, context).values
    for field in one.numbers:
        right, tolerance = right_number(field, context)
        known = {f"{w.value:g}": w.reason for w in field.wrong}
        off = f"{right + 10 * tolerance + 7:g}"
        for typed, reason in {**known, off: field.other}.items():
            outcome = check(one, {**values, field.id: typed}, context)
            assert outcome.verdict == "not yet", typed
            assert context.say(reason) in (outcome.parts[field.id].say or outcome.say)
            assert not gives_away(context.say(reason), right), (field.id, reason)


def test_a_number_given_away_is_noticed():
    assert gives_away("It is 1,335, you know.", 1335)
    assert gives_away("There are twelve of them.", 12)
    assert not gives_away("Look at P12, and at all 43 lines.", 12)


def test_every_reason_against_a_label_on_words_is_said(tmp_path):
    (one,) = (e for e in ALL.values() if e.kind == "label" and e.reasons and e.blocks)
    article = datasets.load_article(one.article)
    there = datasets.load_reference(one.article).coding.on(one.layer)
    for where, reasons in one.reasons.items():
        here = [a for a in there if article.block_of(a.at).id == where]
        for code, reason in reasons.items():
            labels = tuple(_with(a, code) for a in here if code not in a.codes)
            answer = exercises.Answer({}, labels)
            outcome = outcome_of(one, answer, tmp_path / f"{where}-{code}")
            assert outcome.verdict == "not yet" and reason in outcome.parts[where].say


@pytest.mark.parametrize("id", [id for id, e in ALL.items() if e.units and e.reasons])
def test_every_reason_against_a_label_is_said(id, tmp_path):
    one = ALL[id]
    right = expected(one, context_for(one, tmp_path)).labels
    for where, reasons in one.reasons.items():
        for number, (code, reason) in enumerate(reasons.items()):
            labels = tuple(a if a.id != where else _with(a, code) for a in right)
            folder = tmp_path / f"{where}-{number}"
            outcome = outcome_of(one, exercises.Answer({}, labels), folder)
            assert outcome.verdict == "not yet"
            said = outcome.parts[where].say or outcome.say
            assert context_for(one, folder).say(reason) in said


def _with(annotation, code):
    return msgspec.structs.replace(annotation, codes=(code,))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_whole_lesson_done_rightly_and_done_wrongly(lesson, tmp_path):
    """With one workbook for all of it: no exercise stands in another's way."""
    asked = exercises.load(lesson)
    came = do_lesson(workbook_on(home(lesson), tmp_path / "right"), lesson)
    assert came == {e.id: "yes" if e.checked else "kept" for e in asked}
    came = do_lesson(workbook_on(home(lesson), tmp_path / "wrong"), lesson, right=False)
    judged = {e.id: e.checked or e.evidence for e in asked}
    assert came == {id: "not yet" if held else "kept" for id, held in judged.items()}


# -- the names of codes, in prose ------------------------------------------------------------------

_MARKED = re.compile(r"(?<!\*)\*([^*\n]{3,40})\*(?!\*)|`([^`\n]{3,40})`")


def _names() -> tuple[frozenset[str], frozenset[str]]:
    """What the codebooks call their codes and options: in words, and as ids."""
    layers = [la for id in datasets.article_ids() for la in datasets.codebook(id).layers]
    coded = [code for layer in layers for code in layer.codes]
    coded += [option for layer in layers for field in layer.fields for option in field.options]
    names = {one.name for one in coded} | {layer.title for layer in layers}
    return frozenset(names), frozenset({one.id for one in coded} | {layer.id for layer in layers})


NAMES, IDS = _names()


def misspelt(text: str) -> list[str]:
    """Return the marked words of a text that are nearly a code's name, and not quite.

    In *emphasis* a name stands as in the codebook; its first letter may be small. In ``code`` an
    id may stand as well. Capitals, hyphens and a letter or two make the difference otherwise.
    """
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    right = NAMES | {name[0].lower() + name[1:] for name in NAMES}
    return [
        f"{found}, which the codebook calls {near}"
        for emphasis, code in _MARKED.findall(text)
        for found in [(emphasis or code).strip("\"'.,:;?! ")]
        if found not in (right if emphasis else right | IDS) and (near := _nearest(found))
    ]


def _nearest(found: str) -> str:
    """Return the name that somebody may have meant, or nothing."""
    bare = _bare(found)
    for name in sorted(NAMES):
        near = SequenceMatcher(None, bare, _bare(name)).ratio()
        if bare == _bare(name) or (len(bare) > 4 and near >= 0.87):
            return name
    return ""


def _bare(name: str) -> str:
    return re.sub(r"[\s-]+", "", name).casefold()


PROSE = {
    **{
        path.stem: "\n".join(
            cell.source
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "markdown"
        )
        for path in NOTEBOOKS
    },
    **{
        path.relative_to(datasets.root()).as_posix(): path.read_text(encoding="utf-8")
        for pattern in ("datasets/*/exercises/*.toml", "datasets/*/teaching/*.toml")
        for path in sorted(datasets.root().glob(pattern))
    },
}


@pytest.mark.parametrize("name", PROSE)
def test_codes_are_spelt_as_in_the_codebook(name):
    assert misspelt(PROSE[name]) == []


@pytest.mark.parametrize(
    "text",
    ["the *nutgraf*", "the *nut-graf*", "the *Nut Graf*", "a *holdopen*", "*military contact*",
     "*expectaton*", "the code `nutgraf`", "a *by-office* source", "*Furnature*"],
)  # fmt: skip
def test_a_misspelt_code_is_noticed(text):
    assert len(misspelt(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["the *nut graf*", "*Nut graf*", "`nut-graf`", "*hold open*", "`hold-open`", "*US government*",
     "*probably*", "*not*", "a ** b", "**nutgraf**", "```\n*nutgraf*\n```", "*lower*: less"],
)  # fmt: skip
def test_other_words_and_right_ones_are_let_be(text):
    assert misspelt(text) == []


def test_names_are_really_used():
    marked = {(a or b).strip() for text in PROSE.values() for a, b in _MARKED.findall(text)}
    used = {name for name in NAMES if {name, name[0].lower() + name[1:]} & marked}
    assert len(used) >= 10


# -- what gives nothing away -----------------------------------------------------------------------


OWN_OPTIONS = [(e, q) for e in ALL.values() for q in e.questions if q.answer and q.options]


def test_the_right_option_is_not_known_by_its_length():
    longest = [
        max(q.options, key=lambda option: len(option.text)).id in q.answer for _, q in OWN_OPTIONS
    ]
    assert len(longest) > 10 and sum(longest) / len(longest) <= 1 / 3
    for exercise, question in OWN_OPTIONS:
        lengths = {option.id: len(option.text) for option in question.options}
        others = [n for id, n in lengths.items() if id not in question.answer]
        told = (exercise.id, question.id, lengths)
        assert max(lengths[id] for id in question.answer) <= 1.25 * max(others) + 2, told


def test_options_stand_in_an_order_that_is_the_students_own_and_stays():
    first = {}
    for exercise, question in OWN_OPTIONS:
        for student in map("student-{}".format, range(300)):
            options = find_question(shuffled(exercise, student), question.id).options
            assert options == find_question(shuffled(exercise, student), question.id).options
            assert sorted(o.id for o in options) == sorted(o.id for o in question.options)
            first.setdefault((exercise.id, question.id), []).append(options[0].id)
        share = sum(id in question.answer for id in first[exercise.id, question.id]) / 300
        assert abs(share - len(question.answer) / len(question.options)) < 0.1
    # What questions share is a scale.
    assert shuffled(ALL["6.5"], "ana").options == ALL["6.5"].options


def find_question(exercise, id):
    return next(question for question in exercise.questions if question.id == id)
