"""The six invented texts on one meeting: their readings, what differs, and what is said of them."""

import pytest

from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.library.reference import Dispute
from kit.measure.layers import LayerAgreement, layer_agreement
from kit.work import own_texts

TEXTS = [id for id in datasets.article_ids() if id.startswith("ennick-")]
LAYERS = ("position", "role", "attribution", "expectation", "issue")
README = (datasets.root() / "datasets" / "README.md").read_text(encoding="utf-8")
DISPUTES = [(id, d) for id in TEXTS for d in datasets.load_reference(id).disputes]

each = pytest.mark.parametrize("id", TEXTS)
reading = pytest.mark.parametrize("name", ["a", "b", "reference"])


def overlapping(reader: Coding, label: Annotation) -> list[Annotation]:
    """What a reader has on the words of the reference's label."""
    here = reader.on(label.layer)
    return [a for a in here if a.at.start < label.at.end and label.at.start < a.at.end]


def test_there_are_six_and_lesson_07_offers_them():
    assert len(TEXTS) == 6
    assert set(own_texts.ready()) == {own_texts.PRACTICE, *TEXTS}


@each
def test_a_text_says_that_it_is_invented(id):
    about = datasets.load_article(id).meta
    assert "invented" in about["banner"] and "(invented)" in about["outlet"]
    assert about["short"] and about["rights"]


@each
def test_all_have_the_same_sides(id):
    layer = datasets.codebook(id).layer("attribution")
    assert layer == datasets.codebook(TEXTS[0]).layer("attribution")
    assert "kestria-government" in {o.id for o in layer.field("affiliation").options}


@each
@reading
def test_a_reading_is_whole_and_says_who_made_it(id, name):
    made, article = datasets.load_coding(id, name), datasets.load_article(id)
    path = datasets.root() / "datasets" / id / "codings" / f"{name}.json"
    assert made.to_json() == path.read_bytes()
    assert "no answer key" in made.about and "language model" in made.about
    positions, roles = made.codes("position"), made.codes("role")
    assert list(positions) == [block.id for block in article.blocks]
    story = made.codebook.layer("role").story
    assert list(roles) == [unit for unit, position in positions.items() if position in story]
    inside = {
        place
        for block in article.blocks
        for start, end in block.words
        for place in range(start + 1, end)
    }
    for a in made:
        for span in (a.at, *(s for spans in a.parts.values() for s in spans)):
            assert not {span.start, span.end} & inside, (a.layer, a.id)


@each
def test_the_reference_names_speakers_as_the_readings_do_and_gives_each_a_side(id):
    a, b, reference = (datasets.load_coding(id, name) for name in ("a", "b", "reference"))
    names = {r.fields["speaker"] for one in (a, b) for r in one.on("attribution")}
    records = reference.on("attribution")
    assert {r.fields["speaker"] for r in records} <= names
    assert all(r.fields["affiliation"] for r in records)


@each
def test_every_difference_in_position_and_role_is_disputed(id):
    a, b = datasets.load_coding(id, "a"), datasets.load_coding(id, "b")
    reference = datasets.load_reference(id)
    for layer in ("position", "role"):
        ours, theirs = a.codes(layer), b.codes(layer)
        assert {u for u in ours if ours[u] != theirs[u]} == reference.disputed(layer)
        chosen = reference.coding.codes(layer)
        assert all(code in (ours[u], theirs[u]) for u, code in chosen.items())


@pytest.mark.parametrize(("id", "dispute"), DISPUTES, ids=lambda v: v if isinstance(v, str) else "")
def test_a_dispute_has_what_the_readings_have(id: str, dispute: Dispute):
    label = datasets.load_reference(id).coding.by_id(dispute.layer)[dispute.id]
    assert [one.by for one in dispute.readings] == ["A", "B"]
    for one in dispute.readings:
        theirs = overlapping(datasets.load_coding(id, one.by.lower()), label)
        assert [a.codes for a in theirs] == ([one.codes] if one.codes else [])
        for name, value in one.fields.items():
            assert theirs[0].fields[name] == value


def shown(found: LayerAgreement) -> str:
    """How far two readers agree, as the table has it."""

    def number(value: float) -> str:
        return (
            f"{value:.2f}".replace("0.", ".") if value >= 0 else f"−{-value:.2f}".replace("0.", ".")
        )

    value = found.alpha if found.unit == "units" else found.share
    return f"{number(value)} ({number(found.interval.low)} to {number(found.interval.high)})"


@each
def test_how_far_a_and_b_agree_is_what_the_readme_says(id):
    a, b = datasets.load_coding(id, "a"), datasets.load_coding(id, "b")
    cells = [shown(layer_agreement(a, b, layer)) for layer in LAYERS]
    row = f"| `{id.removeprefix('ennick-')}` | {' | '.join(cells)} |"
    assert row in README, row
