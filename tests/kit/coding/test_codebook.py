"""The codebook as shipped, and codebooks that make no sense."""

import pytest

from kit.coding.codebook import Codebook, CodebookError
from kit.coding.palette import style
from kit.library import datasets

GOOD = """
id = "mood"
title = "Mood"
question = "How does it sound?"
unit = "sentence"

[[codes]]
id = "calm"
name = "Calm"
key = "1"
definition = "No alarm."

[[codes]]
id = "tense"
name = "Tense"
key = "2"
definition = "Alarm."
"""


def read(tmp_path, text, name="mood.toml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return Codebook.from_folder(tmp_path)


def test_the_six_layers_of_the_course():
    layers = {layer.id: layer for layer in datasets.codebook("blinken-beijing-2023").layers}
    counts = {id: len(layer.codes) for id, layer in layers.items()}
    assert counts == {
        "position": 8, "role": 8, "attribution": 0, "expectation": 5, "issue": 15, "wording": 5,
    }  # fmt: skip
    assert [part.id for part in layers["attribution"].parts] == ["source", "cue", "content"]
    assert set(layers["role"].story) <= {code.id for code in layers["position"].codes}


def test_every_code_says_what_it_is_and_how_it_looks():
    for layer in datasets.codebook("blinken-beijing-2023").layers:
        for code in layer.codes:
            assert code.definition.endswith("."), code
            assert code.example, code
        looks = [style(layer, code.id) for code in layer.codes]
        assert len({(look.colour, look.hatch) for look in looks}) == len(looks), layer.id
        assert len({(look.colour, look.pattern) for look in looks}) == len(looks), layer.id


def test_an_instructor_can_add_a_layer(tmp_path):
    layer = read(tmp_path, GOOD).layer("mood")
    assert (layer.unit, layer.choice, layer.most) == ("sentence", "one", 1)
    assert layer.code("tense").key == "2"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "mood"', 'id = "moods"', "file’s name"),
        ('key = "2"', 'key = "1"', "given twice"),
        ('key = "2"', 'key = "u"', "cannot be a key"),
        ('key = "2"', 'key = "ab"', "cannot be a key"),
        ('key = "2"', 'key = " "', "cannot be a key"),
        ('id = "tense"', 'id = "calm"', "share an id"),
        ('unit = "sentence"', 'unit = "page"', "Invalid enum value"),
        ('unit = "sentence"', 'unit = "sentence"\nchoice = "one"\nmost = 3', "leave most out"),
        ('definition = "Alarm."', 'definiton = "Alarm."', "definiton"),
        ("[[codes]]", "[[codes", "mood.toml"),
    ],
)
def test_a_mistake_in_a_codebook_is_named(tmp_path, old, new, words):
    assert old in GOOD
    with pytest.raises(CodebookError, match=words):
        read(tmp_path, GOOD.replace(old, new))


def test_fields_and_parts_are_checked(tmp_path):
    with pytest.raises(CodebookError, match="needs options"):
        read(tmp_path, GOOD + '[[fields]]\nid = "f"\nname = "F"\nkind = "choice"\n')
    with pytest.raises(CodebookError, match='unit = "words"'):
        read(tmp_path, GOOD + '[[parts]]\nid = "p"\nname = "P"\nkey = "p"\n')
    field = '[[fields]]\nid = "f"\nname = "F"\nkind = "{}"\nfollows = "words"\n'
    assert read(tmp_path, GOOD + field.format("text")).layer("mood").field("f").follows == "words"
    options = 'options = [{ id = "yes", name = "Yes" }, { id = "maybe", name = "Maybe" }]\n'
    with pytest.raises(CodebookError, match="cannot follow “words”"):
        read(tmp_path, GOOD + field.format("choice") + options)
    head = GOOD.partition("[[codes]]")[0]
    with pytest.raises(CodebookError, match="nothing to label with"):
        read(tmp_path, head)


def test_a_missing_layer_or_folder_says_what_there_is(tmp_path):
    with pytest.raises(CodebookError, match="mood"):
        read(tmp_path, GOOD).layer("moood")
    with pytest.raises(CodebookError, match="no codebook"):
        Codebook.from_folder(tmp_path / "nowhere")
