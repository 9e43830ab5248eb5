"""The two readings that come with the article: complete, in place, and no more than they claim."""

import re
from collections import Counter

import pytest

from kit.base.phrases import decimal
from kit.coding.coding import Annotation, Coding
from kit.library.datasets import codebook, coding_names, load_coding, root
from kit.measure import LayerAgreement, layer_agreement
from kit.text.quotations import quotations, quoted_words

ARTICLE = "blinken-beijing-2023"
COUNTS = {
    "a": {
        "position": 43,
        "role": 33,
        "attribution": 22,
        "expectation": 46,
        "issue": 24,
        "wording": 116,
    },
    "b": {
        "position": 43,
        "role": 33,
        "attribution": 24,
        "expectation": 35,
        "issue": 30,
        "wording": 300,
    },
}
# Records whose mode is the reader's own judgement and not what the nine-tenths rule gives.
MODE_BY_JUDGEMENT = {"a": {"a06": "direct", "a13": "direct"}, "b": {}}
# Labels whose tell was "the same swap everywhere", which is a field now.
WITHOUT_A_TELL = {"a": 17, "b": 122}


@pytest.fixture(params=sorted(COUNTS))
def name(request) -> str:
    return request.param


@pytest.fixture
def coding(name) -> Coding:
    return load_coding(ARTICLE, name)


def words_of(coding: Coding, span) -> str:
    return coding.article.text[span.start : span.end]


def mode_by_rule(coding: Coding, record: Annotation) -> str:
    quoted = set(quoted_words(coding.article))
    words = {
        word
        for span in record.parts["content"]
        for block in coding.article.blocks
        for word in block.words
        if span.start <= word[0] and word[1] <= span.end
    }
    inside = len(words & quoted)
    if 10 * inside >= 9 * len(words):
        return "direct"
    return "mixed" if inside else "indirect"


def test_there_are_two_readings_and_a_reference():
    assert coding_names(ARTICLE) == ["a", "b", "reference"]


def test_the_readme_says_how_far_they_agree():
    """Row by row: what the table gives, the kit measures."""
    readme = (root() / "datasets" / ARTICLE / "codings" / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (\w+) \| (.+?) \| (.+?) \| (.+?) \|$", readme, re.MULTILINE)
    told = {layer: cells for layer, *cells in table if "(" in cells[0]}
    pairs = [("a", "b"), ("a", "reference"), ("b", "reference")]
    assert told == {
        layer.id: [
            printed(layer_agreement(*(load_coding(ARTICLE, name) for name in pair), layer.id))
            for pair in pairs
        ]
        for layer in codebook(ARTICLE).layers
    }


def printed(found: LayerAgreement) -> str:
    low, high = (decimal(value) for value in found.interval)
    if found.unit == "labels":
        return f"F1 {decimal(found.share)} ({low} to {high})"
    of = f"{found.shared} of {found.total}"
    return f"{of}, alpha {decimal(found.alpha)} ({low} to {high})"


def test_counts_for_each_layer(name, coding):
    assert coding.coder == name.upper()
    assert Counter(a.layer for a in coding) == COUNTS[name]


def test_file_is_what_the_kit_would_write(name, coding):
    path = root() / "datasets" / ARTICLE / "codings" / f"{name}.json"
    assert coding.to_json() == path.read_bytes()


def test_every_block_has_a_position_and_every_story_paragraph_a_role(coding):
    positions, roles = coding.codes("position"), coding.codes("role")
    assert list(positions) == [block.id for block in coding.article.blocks]
    story = coding.codebook.layer("role").story
    assert list(roles) == [id for id, position in positions.items() if position in story]


def test_every_record_has_the_parts_that_its_layer_requires(coding):
    for record in coding.on("attribution"):
        for part in coding.codebook.layer("attribution").parts:
            assert record.parts.get(part.id) or not part.required, (record.id, part.id)


def test_mode_follows_the_quotation_marks(name, coding):
    differing = {}
    for record in coding.on("attribution"):
        rule = mode_by_rule(coding, record)
        if record.fields["mode"] != rule:
            differing[record.id] = rule
    assert differing == MODE_BY_JUDGEMENT[name]


def test_cues_and_sources_lie_outside_the_content(coding):
    for record in coding.on("attribution"):
        for part in ("cue", "source"):
            for span in record.parts[part]:
                for content in record.parts["content"]:
                    apart = span.end <= content.start or content.end <= span.start
                    assert apart, (record.id, part, words_of(coding, span))


def test_parts_begin_and_end_with_whole_words(coding):
    # A pronoun looked up by its letters alone would be found inside another word.
    edges = {edge for block in coding.article.blocks for word in block.words for edge in word}
    inside = {
        place
        for block in coding.article.blocks
        for start, end in block.words
        for place in range(start + 1, end)
    } - edges
    for record in coding.on("attribution"):
        for part, spans in record.parts.items():
            for span in spans:
                assert not {span.start, span.end} & inside, (record.id, part)


def test_source_lies_in_the_block_of_its_content(coding):
    block_at = coding.article.block_at
    for record in coding.on("attribution"):
        blocks = {block_at(s.start, s.end).id for spans in record.parts.values() for s in spans}
        assert blocks == {block_at(record.at.start, record.at.end).id}, record.id


def test_voices_are_spelt_alike_in_both_readings():
    speakers = {
        name: {record.fields["speaker"] for record in load_coding(ARTICLE, name).on("attribution")}
        for name in COUNTS
    }
    assert speakers["a"] == speakers["b"]
    for name in COUNTS:
        for layer in ("expectation", "issue"):
            voices = {a.fields["voice"] for a in load_coding(ARTICLE, name).on(layer)}
            assert voices <= speakers[name] | {"reporter"}, (name, layer)


def test_words_are_in_quotes_where_the_article_has_quotation_marks(coding):
    quoted = quotations(coding.article)
    for label in coding.on("wording"):
        inside = any(a < label.at.start and label.at.end < b for a, b in quoted)
        assert label.fields["in-quotes"] == ("yes" if inside else "no"), label.id


def test_wording_has_a_tell_or_is_the_same_swap_everywhere(name, coding):
    labels = coding.on("wording")
    assert sum(not label.codes for label in labels) == WITHOUT_A_TELL[name]
    for label in labels:
        assert (label.fields.get("system") == "yes") == (not label.codes), label.id


def test_notes_put_no_altered_or_restored_speech_in_quotation_marks(coding):
    spoken = [coding.article.text[a:b].casefold() for a, b in quotations(coding.article)]
    restored = [
        label.fields["likely"].casefold()
        for label in coding.on("wording")
        if label.fields["in-quotes"] == "yes"
    ]
    for annotation in coding:
        for words in re.findall(r"[\"“]([^\"”]+)[\"”]", annotation.note.casefold()):
            # One or two words point at a word of the text; more would be read as speech.
            if len(words.split()) > 2:
                assert not any(words in text for text in spoken), annotation.id
                assert words not in restored, annotation.id


def test_each_reading_says_how_it_was_made(coding):
    assert "codebook" in coding.about
    assert "version 1" in coding.about
