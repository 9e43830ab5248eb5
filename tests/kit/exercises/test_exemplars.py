"""One good answer beside a text of one's own: after it, never before, and never for a mark."""

import re

import msgspec
import pytest

from desk.base import teaching_notes
from desk.handout.assign import make
from desk.handout.compose import compose
from kit import exercises
from kit.exercises import OWN, check, draft, expected, form, hand_in, read, state
from kit.exercises.exercise import ExerciseError
from kit.exercises.kinds.text import SOURCE, tried
from kit.exercises.model import load_file
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.library.course import known_lessons
from kit.suggest import Settings, suggest
from kit.work.workbook import Workbook

ARTICLE, PRACTICE = "blinken-beijing-2023", "harran-talks"
ASKED = [e for n in known_lessons() for e in exercises.load(n)]
WRITTEN = {e.id: e for e in ASKED if e.texts and not e.unmarked}
SHOWN = "One good answer, written for this kit; there are others"


@pytest.fixture
def open_book(tmp_path):
    def open_book(exercise) -> Workbook:
        id = PRACTICE if exercise.article == OWN else exercise.article
        article = datasets.load_article(id)
        return Workbook.open(article, datasets.codebook(id), "Ana", tmp_path)

    return open_book


@pytest.mark.parametrize("id", WRITTEN)
def test_every_text_has_one_good_answer_and_only_once_it_is_handed_in(id, open_book):
    one = WRITTEN[id]
    book = open_book(one)
    context = context_of(one, book)
    good = one.exemplar
    assert good and 2 <= len(good.points) <= 3
    assert good.text[-40:] not in repr(form(one, context))
    values = expected(one, context).values
    values.pop("evidence", None)  # that one is looked up, and the text is there all the same
    values = {**values, **{text.id: good.text for text in one.texts}}
    draft(book, one, values)
    assert state(one, read(book, id), context)["outcome"] is None
    less = {**values, one.texts[0].id: "  "}
    assert SHOWN not in repr(state(one, read(book, id), context))
    hand_in(book, one, less, context)
    assert SHOWN not in repr(state(one, read(book, id), context))
    hand_in(book, one, values, context)
    told = state(one, read(book, id), context)["outcome"]["reveal"]
    assert SHOWN in told and told.count("<li>") == len(good.points)
    # It has been seen, and stays while the text is written on.
    draft(book, one, {**values, one.texts[0].id: "Another thought altogether."})
    there = state(one, read(book, id), context)["outcome"]
    assert SHOWN in there["reveal"] and "changed your answer" in there["say"]


def _twice(one, text, book) -> list[bool]:
    """Hand the same text in twice, and return whether a good answer is shown each time."""
    context = context_of(one, book)
    values = {**expected(one, context).values, **{field.id: text for field in one.texts}}
    shown = []
    for _ in range(2):
        outcome = hand_in(book, one, values, context)
        told = state(one, read(book, one.id), context)["outcome"]
        assert (outcome.exemplar is not None) == (SHOWN in told["reveal"])
        assert outcome.say == told["say"]
        assert ("Press the button once more." in told["say"]) == (outcome.exemplar is None)
        shown.append(outcome.exemplar is not None)
    assert [one.values for one in read(book, one.id).tries] == [values, values]
    return shown


@pytest.mark.parametrize("id", WRITTEN)
@pytest.mark.parametrize("text", ["no idea", "blah " * 100, ""])
def test_two_words_show_no_good_answer_but_whoever_has_no_more_to_say_sees_it(id, text, open_book):
    one = WRITTEN[id]
    asked = " ".join([one.prompt, one.support, *(text.starter for text in one.texts)])
    assert _twice(one, text or asked, open_book(one)) == [False, True]


@pytest.mark.parametrize("id", sorted(set(WRITTEN) - {"7.4"}))  # which asks for 260 words
def test_a_weak_but_honest_try_shows_it_at_once(id, open_book):
    one = WRITTEN[id]
    (note,) = (n for n in teaching_notes.load(one.lesson) if n.id == id)
    fields = [field.id for field in one.texts]
    said = dict.fromkeys(fields, note.levels.three)
    assert tried(one, said)
    assert tried(one, {**dict.fromkeys(fields, "-"), fields[-1]: one.exemplar.text})


@pytest.mark.parametrize("id", WRITTEN)
def test_an_exemplar_quotes_what_stands_there(id):
    one = WRITTEN[id]
    article = PRACTICE if one.article == OWN else one.article
    texts = {block.id: block.text for block in datasets.load_article(article).blocks}
    folder = datasets.root() / "datasets" / article
    known = "\n".join(texts.values())
    if (folder / "dates.toml").exists():
        known += (folder / "dates.toml").read_text("utf-8")  # titles of sources
    assert set(re.findall(r"\bP\d+\b", one.exemplar.text)) <= texts.keys()
    for quoted in re.findall(r"“([^”]+)”", one.exemplar.text):
        assert quoted.rstrip(".,") in known, quoted


@pytest.mark.parametrize("mode", ["practice", "graded"])
def test_no_exemplar_is_handed_out_for_a_mark(tmp_path, mode):
    """All lessons' files, whatever they are called; for practice they are there."""
    folder = make(compose("all", "All", known_lessons(), mode=mode), tmp_path / "out")
    said = "\n".join(
        path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file()
    )
    assert "Why the two stand together" in said
    found = [
        id
        for id, one in WRITTEN.items()
        for text in (one.exemplar.text, *one.exemplar.points)
        if msgspec.json.encode(text[-50:]).decode()[1:-1] in said or text[-50:] in said
    ]
    assert (sorted(set(found)) == sorted(WRITTEN)) if mode == "practice" else not found
    files = [path.read_text("utf-8") for path in folder.glob("datasets/*/exercises/*.toml")]
    assert any("exemplar" in text for text in files) == (mode == "practice")


def test_a_source_says_who_when_where_and_what(open_book):
    one = WRITTEN["6.3"]
    context = context_of(one, open_book(one))
    values = expected(one, context).values
    for source, lacks in (
        ("banana", "date address passage"),
        ("2023", "publisher address passage"),
        ("14 June 2023, rfa.org: “not seeking anything”", "publisher"),
        ("Radio Free Asia, rfa.org: “not seeking anything”", "date"),
        ("Radio Free Asia, 14 June 2023: “not seeking anything”", "address"),
        ("Radio Free Asia, 14 June 2023, rfa.org: nothing was sought", "passage"),
        ("Radio Free Asia, 14 June 2023, https://rfa.org/1: “not seeking anything”", ""),
        ('Packet, page 3, Radio Free Asia, 2023: "not seeking anything"', ""),
    ):
        found = check(one, {**values, "source": source}, context)
        part = found.parts["source"]
        assert (found.verdict == "kept") == (part.ok is not False) == (not lacks), source
        assert {name for name in SOURCE if name in part.say} == {
            name for name in SOURCE for word in lacks.split() if word in name
        }


def test_an_exemplar_without_points_is_refused(tmp_path):
    whole = (datasets.root() / f"datasets/{ARTICLE}/exercises/04-expectations.toml").read_text()
    place = tmp_path / ARTICLE / "exercises" / "04-expectations.toml"
    place.parent.mkdir(parents=True)
    bare = re.sub(r"exemplar.points = \[\n(.*\n){3}\]", "exemplar.points = []", whole, count=1)
    place.write_text(bare, encoding="utf-8")
    with pytest.raises(ExerciseError, match="length >= 2 - at .*exemplar.points"):
        load_file(place)


@pytest.mark.parametrize(("id", "article"), [("3.7", ARTICLE), ("7.5", PRACTICE)])
def test_the_rules_are_wrong_where_a_good_answer_says_so(id, article):
    text = datasets.load_article(article)
    settings = Settings(tiers=frozenset({"plain", "spun"}))
    found = suggest(text, datasets.codebook(article), ["attribution"], settings).coding
    reference = datasets.load_reference(article).coding
    (note,) = (n for n in teaching_notes.load(WRITTEN[id].lesson) if n.id == id)
    levels = (note.levels.one, note.levels.two, note.levels.three)
    named = re.findall(r"\bP\d+", " ".join((WRITTEN[id].exemplar.text, note.expected, *levels)))
    assert len(set(named)) >= 3
    for place in set(named):
        cues = [
            [
                [(span.start, span.end) for span in label.parts["cue"]]
                for label in coding.on("attribution")
                if text.block_of(label.at).id == place
            ]
            for coding in (found, reference)
        ]
        assert cues[0] != cues[1], place
