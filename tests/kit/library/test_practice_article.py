"""The practice article: an invented story with readings, disputes and exercises of its own."""

import re
import tomllib

import pytest

from kit import exercises
from kit.coding.coding import Annotation, Coding
from kit.exercises.exercise import OWN, UNSEEN
from kit.exercises.model import load_file
from kit.exercises.outcome import Context
from kit.library import datasets, facts
from kit.text.quotations import quotations, quoted_words

ID = "harran-talks"
FOLDER = datasets.root() / "datasets" / ID
ARTICLE = datasets.load_article(ID)
BOOK = datasets.codebook(ID)
REFERENCE = datasets.load_reference(ID)
FACTS = facts.load(ID)
READERS = {"A": "a", "B": "b"}
LESSONS = ("07-your-own-article",)
# How many labels codings/README.md promises, layer by layer: A, B, reference, anchors.
COUNTS = {
    "position": (27, 27, 27, 26),
    "role": (21, 21, 21, 17),
    "attribution": (13, 13, 13, 11),
    "expectation": (16, 17, 17, 11),
    "issue": (18, 17, 16, 13),
}


def coding(name: str) -> Coding:
    return datasets.load_coding(ID, name)


def of_folder(lesson: str):
    return load_file(FOLDER / "exercises" / f"{lesson}.toml")


def teaching(lesson: str) -> list[dict]:
    path = FOLDER / "teaching" / f"{lesson}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["exercises"]


def context() -> Context:
    return Context(ARTICLE, Coding(ARTICLE, BOOK, "nobody"), BOOK, REFERENCE, FACTS)


def overlapping(reader: Coding, label: Annotation) -> list[Annotation]:
    """What a reader has on the words of the reference's label."""
    return [
        a for a in reader.on(label.layer) if a.at.start < label.at.end and label.at.start < a.at.end
    ]


def mode_by_rule(record: Annotation) -> str:
    """The mode that the nine-tenths rule gives."""
    quoted = set(quoted_words(ARTICLE))
    words = {
        word
        for span in record.parts["content"]
        for block in ARTICLE.blocks
        for word in block.words
        if span.start <= word[0] and word[1] <= span.end
    }
    inside = len(words & quoted)
    if 10 * inside >= 9 * len(words):
        return "direct"
    return "mixed" if inside else "indirect"


# -- the story -------------------------------------------------------------------------------------


def test_the_story_is_as_long_as_a_lesson_can_bear():
    story = REFERENCE.coding.codebook.layer("role").story
    positions = REFERENCE.coding.codes("position")
    words = sum(len(b.words) for b in ARTICLE.blocks if positions[b.id] in story)
    assert 400 <= words <= 600


def test_the_page_has_every_part_that_the_codebook_knows():
    codes = {code.id for code in BOOK.layer("position").codes}
    assert set(REFERENCE.coding.codes("position").values()) == codes


def test_the_roles_are_all_there():
    codes = {code.id for code in BOOK.layer("role").codes}
    assert set(REFERENCE.coding.codes("role").values()) == codes


# -- the readings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "b", "reference"])
class TestEveryReading:
    def test_the_file_is_what_the_kit_would_write(self, name):
        assert coding(name).to_json() == (FOLDER / "codings" / f"{name}.json").read_bytes()

    def test_every_block_has_a_position_and_every_story_paragraph_a_role(self, name):
        positions, roles = coding(name).codes("position"), coding(name).codes("role")
        assert list(positions) == [block.id for block in ARTICLE.blocks]
        story = BOOK.layer("role").story
        assert list(roles) == [id for id, position in positions.items() if position in story]

    def test_mode_follows_the_quotation_marks(self, name):
        records = coding(name).on("attribution")
        assert {r.id: r.fields["mode"] for r in records} == {r.id: mode_by_rule(r) for r in records}

    def test_every_quotation_is_attributed_to_somebody(self, name):
        contents = [s for r in coding(name).on("attribution") for s in r.parts["content"]]
        for start, end in quotations(ARTICLE):
            assert any(s.start <= start and end <= s.end for s in contents), (start, end)

    def test_records_are_complete_and_cues_and_sources_lie_outside_the_content(self, name):
        for record in coding(name).on("attribution"):
            assert set(record.parts) == {"source", "cue", "content"}, record.id
            assert all(record.fields[field.id] for field in BOOK.layer("attribution").fields)
            for span in (*record.parts["cue"], *record.parts["source"]):
                for content in record.parts["content"]:
                    assert span.end <= content.start or content.end <= span.start, record.id

    def test_labels_begin_and_end_with_whole_words(self, name):
        edges = {edge for block in ARTICLE.blocks for word in block.words for edge in word}
        inside = {
            place
            for block in ARTICLE.blocks
            for start, end in block.words
            for place in range(start + 1, end)
        } - edges
        for a in coding(name):
            for span in (a.at, *(s for spans in a.parts.values() for s in spans)):
                assert not {span.start, span.end} & inside, (a.layer, a.id)

    def test_the_words_are_clean_and_the_kit_says_so(self, name):
        assert not coding(name).on("wording")

    def test_it_says_that_it_is_no_answer_key(self, name):
        assert "no answer key" in coding(name).about


def test_voices_are_spelt_alike():
    names = {r.fields["speaker"] for c in ("a", "b") for r in coding(c).on("attribution")}
    for name in ("a", "b", "reference"):
        assert {r.fields["speaker"] for r in coding(name).on("attribution")} <= names
        for layer in ("expectation", "issue"):
            voices = {a.fields["voice"] for a in coding(name).on(layer)}
            assert voices <= names | {"reporter"}, (name, layer)


def test_the_readings_are_as_many_as_their_readme_says():
    readme = (FOLDER / "codings" / "README.md").read_text(encoding="utf-8")
    for layer, counts in COUNTS.items():
        found = [len(coding(name).on(layer)) for name in ("a", "b", "reference")]
        assert (*found, len(REFERENCE.anchors(layer))) == counts, layer
        assert f"| {layer} | {' | '.join(map(str, counts))} |" in readme


def test_there_is_enough_to_check_and_enough_to_dispute():
    assert len(REFERENCE.anchors("role")) >= 12
    a, b = coding("a"), coding("b")
    assert a.codes("role") != b.codes("role")
    assert sum(x != y for x, y in zip(a.codes("position").values(), b.codes("position").values()))


def test_what_the_readers_agree_on_the_reference_has_too():
    a, b = coding("a"), coding("b")
    for layer in ("position", "role"):
        ours, theirs = a.codes(layer), b.codes(layer)
        for id, code in REFERENCE.coding.codes(layer).items():
            assert code in (ours[id], theirs[id]), id


# -- disputes --------------------------------------------------------------------------------------


def test_every_difference_in_position_and_role_is_disputed():
    a, b = coding("a"), coding("b")
    for layer in ("position", "role"):
        ours, theirs = a.codes(layer), b.codes(layer)
        differing = {id for id in ours if ours[id] != theirs[id]}
        assert differing == REFERENCE.disputed(layer)


@pytest.mark.parametrize("dispute", REFERENCE.disputes, ids=lambda d: f"{d.layer}-{d.id}")
def test_readings_are_what_the_readers_say(dispute):
    label = REFERENCE.coding.by_id(dispute.layer)[dispute.id]
    assert {reading.by for reading in dispute.readings} >= set(READERS)
    for reading in dispute.readings:
        if reading.by not in READERS:
            continue
        theirs = overlapping(coding(READERS[reading.by]), label)
        if not reading.codes and not reading.fields:
            assert theirs == []
            continue
        assert len(theirs) == 1
        assert theirs[0].codes == reading.codes
        for name, value in reading.fields.items():
            assert theirs[0].fields[name] == value
        assert reading.reason.strip()


def test_words_that_a_dispute_quotes_stand_in_its_paragraph():
    for dispute in REFERENCE.disputes:
        label = REFERENCE.coding.by_id(dispute.layer)[dispute.id]
        block = ARTICLE.block_at(label.at.start, label.at.end)
        for words in re.findall(r"“([^”]+)”", dispute.question):
            for piece in words.split(" … "):
                assert piece.casefold() in block.text.casefold(), (dispute.id, piece)


# -- exercises and notes --------------------------------------------------------------------------


def test_nothing_is_wrong_with_the_exercises():
    of_here = [e for lesson in LESSONS for e in of_folder(lesson)]
    assert {e.article for e in of_here} == {OWN, UNSEEN}
    assert exercises.problems(of_here, context()) == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_instructors_have_notes_on_every_exercise(lesson):
    notes = {entry["id"]: entry for entry in teaching(lesson)}
    assert list(notes) == [e.id for e in of_folder(lesson)]
    for exercise in of_folder(lesson):
        note = notes[exercise.id]
        assert note["expected"].strip() and note["wrong"] and note["talk"]
        assert ("levels" in note) == (exercise.status == "open"), exercise.id
        levels = note.get("levels", {})
        for text in (note["expected"], *note["wrong"], *note["talk"], *levels.values()):
            assert "{" not in FACTS.fill(text)
        if levels:
            assert len(levels["one"]) < len(levels["two"]) < len(levels["three"])


# -- nobody else knows this story ------------------------------------------------------------------


def test_no_module_and_no_general_layer_knows_this_story():
    words = "Harran Sennia Tolmar Korrin Adrel Tennick Selwick Ostrey Halyard Ferrow Amaranth"
    pattern = re.compile("|".join(words.split()), re.IGNORECASE)
    assert pattern.search(ARTICLE.text)
    root = datasets.root()
    files = [*(root / "kit").rglob("*.py"), *(root / "datasets" / "codebook").glob("*.toml")]
    assert len(files) > 20
    # Its folder's name is how the kit offers it; a word out of the story is something else.
    texts = {f.name: f.read_text(encoding="utf-8").replace(f'"{ID}"', "") for f in files}
    assert [name for name, text in texts.items() if pattern.search(text)] == []


def test_the_layer_of_its_own_differs_in_the_sides_only():
    def layer(folder):
        return tomllib.loads((folder / "attribution.toml").read_text(encoding="utf-8"))

    general = layer(datasets.root() / "datasets" / "codebook")
    own = layer(FOLDER / "codebook")
    for raw in (general, own):
        raw["fields"] = [field for field in raw["fields"] if field["id"] != "affiliation"]
    assert own == general
