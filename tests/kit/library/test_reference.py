"""The reference: anchors, disputes, what is refused; and the real one against its two readers."""

import json
from collections import Counter

import msgspec
import pytest

from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.library.reference import ARGUED, Dispute, Reading, Reference, ReferenceError
from kit.measure import same_spans
from kit.text.article import Article
from kit.text.span import Span

# -- a small text, read by hand --------------------------------------------------------------------

STORY = Article.from_text("velsk", "Dorn hopes for peace.\n\nNobody knows.\n\nA last line.\n")
BOOK = datasets.codebook("velsk")
HOPES = "hopes for peace"


def unit(id: str, code: str, layer: str = "role") -> Annotation:
    place = STORY.unit(id)
    return Annotation(id, layer, Span(place.start, place.end), (code,) if code else ())


def words(phrase: str, *codes: str, id: str = "e1", **fields: str) -> Annotation:
    start = STORY.text.index(phrase)
    return Annotation(id, "expectation", Span(start, start + len(phrase)), codes, fields=fields)


def coding(*labels: Annotation, by: str = "reference") -> Coding:
    return Coding(STORY, BOOK, by, labels)


def dispute(layer="role", id="P1", codes=("evaluation", "expectation"), **changes) -> Dispute:
    readings = tuple(Reading("A", "Because.", (code,)) for code in codes)
    return msgspec.structs.replace(Dispute(layer, id, "Which?", readings), **changes)


def test_an_anchor_is_what_every_reader_gave_and_nobody_disputes():
    ours = coding(unit("P1", "evaluation"), unit("P2", "expectation"), unit("P3", "evaluation"))
    a = coding(unit("P1", "evaluation"), unit("P2", "expectation"), by="A")
    b = coding(unit("P1", "evaluation"), unit("P2", "evaluation"), unit("P3", "evaluation"), by="B")
    assert Reference(ours, [a]).anchors("role") == {"P1", "P2"}
    assert Reference(ours, [b]).anchors("role") == {"P1", "P3"}
    assert Reference(ours, [a, b]).anchors("role") == {"P1"}
    assert Reference(ours, [a, b], [dispute()]).anchors("role") == set()
    assert Reference(ours, [a, b], [dispute()]).anchors("position") == set()
    assert Reference(ours, [a, b]).anchors("no such layer") == set()


@pytest.mark.parametrize(
    ("theirs", "anchors"),
    [
        ((words(HOPES, "raise", id="x7"),), {"e1"}),
        ((words("hopes for", "raise"),), {"e1"}),  # two words of three
        ((words("hopes", "raise"),), set()),  # one of three
        ((words(HOPES, "lower"),), set()),
        ((words(HOPES, "raise", "lower"),), {"e1"}),
        ((words(HOPES, "lower", "raise"),), set()),  # the main code counts
        ((words(HOPES),), {"e1"}),  # a reader who gave no code agrees with any
        ((words("Nobody knows", "raise"),), set()),
        ((), set()),
    ],
)
def test_labelled_words_agree_by_overlap_and_main_code(theirs, anchors):
    ours = coding(words(HOPES, "raise"))
    assert Reference(ours, [coding(*theirs, by="A")]).anchors("expectation") == anchors


def test_disputes_are_found_by_layer_and_id():
    ours = coding(unit("P1", "evaluation"), unit("P2", "evaluation"), words(HOPES, "raise"))
    first = dispute()
    second = dispute("expectation", "e1", ("raise", "lower"))
    found = Reference(ours, (), [second, first])
    assert found.disputes == (second, first)
    assert found.dispute("role", "P1") is first
    assert found.dispute("role", "P2") is None and found.dispute("expectation", "P1") is None
    assert found.disputed("role") == {"P1"} and found.disputed("position") == set()


@pytest.mark.parametrize(
    ("disputes", "said"),
    [
        ([dispute("roles")], "velsk: the dispute about P1 on roles: "),
        ([dispute(id="P3")], "about P3 on role: the reference has no such label"),
        ([dispute(codes=("evaluation",))], "give two different readings or more"),
        ([dispute(codes=("evaluation",) * 2)], "give two different readings or more"),
        ([dispute(readings=())], "give two different readings or more"),
        ([dispute(codes=("evaluation", "hope"))], "on role: the codebook has no code “hope”"),
        (
            [dispute(readings=(Reading("A", "x", fields={"stance": "x"}), Reading("B", "x")))],
            "the codebook has no stance = “x”",
        ),
        (
            [
                dispute(
                    "attribution",
                    "a1",
                    readings=(Reading("A", "x", fields={"stance": "loud"}), Reading("B", "x")),
                )
            ],
            "on attribution: the codebook has no stance = “loud”",
        ),
        ([dispute(), dispute()], "disputed twice on one layer"),
        ([dispute("roles"), dispute(id="P3")], "on roles: .*\n.*about P3 on role"),
    ],
)
def test_what_cannot_be_used_is_refused(disputes, said):
    start = STORY.text.index(HOPES)
    record = Annotation(
        "a1",
        "attribution",
        Span(0, start + len(HOPES)),
        parts={"cue": (Span(start, start + 5),), "content": (Span(start + 6, start + 15),)},
    )
    with pytest.raises(ReferenceError, match=said):
        Reference(coding(unit("P1", "evaluation"), record), (), disputes)


READING = '[[disputes.readings]]\nby = "{}"\nreason = "So."\ncodes = ["{}"]\n'
FILE = (
    '[[disputes]]\nlayer = "role"\nid = "P1"\nquestion = "Which?"\n'
    + READING.format("A", "evaluation")
    + READING.format("B", "expectation")
)


def test_disputes_from_a_file_or_none(tmp_path):
    ours = coding(unit("P1", "evaluation"))
    path = tmp_path / "disputed.toml"
    assert Reference.from_files(ours, [ours], path).disputes == ()
    path.write_text(FILE, encoding="utf-8")
    (found,) = Reference.from_files(ours, [ours], path).disputes
    assert [(r.by, r.codes) for r in found.readings] == [
        ("A", ("evaluation",)),
        ("B", ("expectation",)),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FILE + "[[", "disputed.toml cannot be read: "),
        (FILE.replace("reason", "raison", 1), "disputed.toml, dispute .*raison"),
        (FILE.replace('question = "Which?"\n', ""), "disputed.toml, dispute .*question"),
        (FILE.replace('"expectation"', '"hope"'), "velsk: .*no code “hope”"),
    ],
)
def test_a_bad_file_says_what_to_mend(tmp_path, text, said):
    path = tmp_path / "disputed.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceError, match=said):
        Reference.from_files(coding(unit("P1", "evaluation")), (), path)


def test_an_article_without_a_reference_has_none():
    assert datasets.load_reference("no-such-article") is None


# -- the real ones ---------------------------------------------------------------------------------

WITH_REFERENCE = [id for id in datasets.article_ids() if "reference" in datasets.coding_names(id)]
BLINKEN = "blinken-beijing-2023"
DISPUTES = [
    pytest.param(id, dispute, id=f"{id.split('-')[0]}-{dispute.layer}-{dispute.id}")
    for id in WITH_REFERENCE
    for dispute in datasets.load_reference(id).disputes
]


def layers(id: str, *, words: bool) -> list[str]:
    """The layers on which somebody has read the article."""
    read = datasets.load_reference(id)
    book: Codebook = datasets.codebook(id)
    return [
        layer.id
        for layer in book.layers
        if (layer.unit == "words") == words
        and any(coding.on(layer.id) for coding in (read.coding, *read.readers))
    ]


def labels_of(reader: Coding, reference: Coding, dispute: Dispute, *, near: bool) -> list:
    """What a reader has where a dispute is; ``near``: on words that touch, where none match."""
    if reference.codebook.layer(dispute.layer).unit != "words":
        found = reader.by_id(dispute.layer).get(dispute.id)
        return [found] if found else []
    pairs = same_spans(reference, reader, dispute.layer)
    found = [b for a, b in pairs if a.id == dispute.id]
    if found or not near:
        return found
    at = reference.by_id(dispute.layer)[dispute.id].at
    return [b for b in reader.on(dispute.layer) if b.at.start < at.end and at.start < b.at.end]


def has(label: Annotation, reading: Reading) -> bool:
    """Say whether a reader's label is a reading: its main code or none, and every field."""
    coded = not label.codes or label.codes[:1] == reading.codes[:1]
    return coded and reading.fields.items() <= label.fields.items()


@pytest.mark.parametrize("id", WITH_REFERENCE)
def test_where_both_readers_agree_on_a_unit_the_reference_does(id):
    reference = datasets.load_reference(id)
    one, other = reference.readers
    for layer in layers(id, words=False):
        ones, others, ours = (c.codes(layer) for c in (one, other, reference.coding))
        assert set(ones) == set(others) == set(ours)
        agreed = {unit for unit in ones if ones[unit] == others[unit]}
        assert len(agreed) > len(ones) / 2
        assert {unit: ours[unit] for unit in agreed} == {unit: ones[unit] for unit in agreed}
        # Where they differ, one of them is right, and either it is disputed or decided.
        for unit in set(ones) - agreed:
            assert ours[unit] in (ones[unit], others[unit]), unit
        assert reference.anchors(layer) == agreed - reference.disputed(layer)


@pytest.mark.parametrize("id", WITH_REFERENCE)
def test_anchors_on_words_are_with_both_readers(id):
    reference = datasets.load_reference(id)
    for layer in layers(id, words=True):
        anchors = reference.anchors(layer)
        assert not anchors & reference.disputed(layer)
        for reader in reference.readers:
            theirs = {a.id: b for a, b in same_spans(reference.coding, reader, layer)}
            assert anchors <= set(theirs)
            for anchor in anchors:
                ours, mine = reference.coding.by_id(layer)[anchor].codes[:1], theirs[anchor].codes
                assert not ours or not mine or ours == mine[:1], anchor


@pytest.mark.parametrize(("id", "dispute"), DISPUTES)
def test_a_reading_given_to_a_reader_is_that_readers(id, dispute):
    reference = datasets.load_reference(id)
    readers = {reader.coder: reader for reader in reference.readers}
    for reading in dispute.readings:
        says = bool(reading.codes or reading.fields)
        for by in reading.by.split(" and "):
            if by not in readers:
                assert by in (ARGUED, "the reference")
                continue
            labels = labels_of(readers[by], reference.coding, dispute, near=says)
            if says:
                assert any(has(label, reading) for label in labels), (by, labels)
            else:
                assert not labels, (by, labels)


@pytest.mark.parametrize(("id", "dispute"), DISPUTES)
def test_a_dispute_is_told_in_full(id, dispute):
    assert dispute.question.endswith((".", "?", ")"))
    assert len({reading.by for reading in dispute.readings}) == len(dispute.readings) >= 2
    assert all(len(reading.reason.split()) >= 8 for reading in dispute.readings)
    ours = datasets.load_reference(id).coding.by_id(dispute.layer)[dispute.id]
    if datasets.codebook(id).layer(dispute.layer).codes:
        assert ours.codes[:1] in {reading.codes[:1] for reading in dispute.readings}


def test_readers_who_differ_on_a_unit_that_counts_are_not_passed_over():
    """Of what A and B keep apart on whole paragraphs, the disputes name one reading each."""
    reference = datasets.load_reference(BLINKEN)
    for dispute in reference.disputes:
        if dispute.layer not in layers(BLINKEN, words=False):
            continue
        codes = [r.codes(dispute.layer)[dispute.id] for r in reference.readers]
        names = {reading.by for reading in dispute.readings}
        assert names == ({"A and B", ARGUED} if codes[0] == codes[1] else {"A", "B"}), dispute.id


def test_counts_of_moves_from_the_file_itself():
    """Counted in the raw file, without the kit's reading, counting or facts."""
    path = datasets.root() / "datasets" / BLINKEN / "codings" / "reference.json"
    raw = json.loads(path.read_text(encoding="utf-8"))["annotations"]
    moves = [a for a in raw if a["layer"] == "expectation"]
    assert Counter(a["codes"][0] for a in moves) == {
        "raise": 10,
        "lower": 11,
        "hold-open": 11,
        "condition": 1,
        "benchmark": 8,
    }
    reporter = Counter(a["codes"][0] for a in moves if a["fields"]["voice"] == "reporter")
    assert (reporter["raise"], reporter["lower"]) == (6, 1)
    assert Counter(a["layer"] for a in raw) == {
        "position": 43,
        "role": 33,
        "attribution": 22,
        "expectation": 41,
        "issue": 25,
        "wording": 303,
    }


def test_whoever_has_a_label_is_not_with_the_reading_that_has_none():
    """P8: is that an attribution at all? A record there says that it is one."""
    reference = datasets.load_reference("blinken-beijing-2023")
    (record,) = (
        a
        for a in reference.coding.on("attribution")
        if a.id in reference.disputed("attribution")
        and reference.coding.article.block_of(a.at).id == "P8"
    )
    readings = reference.dispute("attribution", record.id).readings
    assert [r.by for r in readings if r.held_by(record)] == ["A and B"]
    assert any(not r.codes and not r.fields for r in readings)


def test_a_label_on_what_is_disputed_is_told_so(tmp_path):
    from kit import exercises
    from kit.exercises.surroundings import context_of
    from kit.work.workbook import Workbook

    article = datasets.load_article("blinken-beijing-2023")
    workbook = Workbook.open(article, datasets.codebook(article.id), "ana", tmp_path)
    coding = datasets.load_reference(article.id).coding
    workbook.apply("expectation", {a.id: (None, a) for a in coding.on("expectation")})
    exercise = exercises.find(exercises.load("04-expectations"), "4.1")
    outcome = exercises.check(exercise, {}, context_of(exercise, workbook))
    assert outcome.verdict == "yes"
    assert outcome.parts["P25"].say.endswith("this can be read in two ways.")
