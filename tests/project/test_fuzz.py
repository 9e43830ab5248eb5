"""Some hundred inputs for every reader; `python -m tests.benchmarks.fuzz` tries as many as one
likes."""

import random

import pytest

from tests.benchmarks import fuzz

INPUTS = 40


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    return fuzz.readers(tmp_path_factory.mktemp("fuzz"))


def test_every_reader_takes_what_is_real(readers):
    assert len(readers) > 20
    for title, reader in readers.items():
        for seed in reader.seeds:
            assert fuzz.tried(reader.read, seed).kind == "taken", title


def test_whatever_comes_is_taken_or_refused_in_one_sentence(readers):
    """Some, for each: no seed that was chosen because it goes well."""
    draw = random.Random("some")
    for title, reader in readers.items():
        for _ in range(INPUTS):
            data = fuzz.changed(draw, draw.choice(reader.seeds))
            found = fuzz.tried(reader.read, data)
            assert found.kind in ("taken", "refused"), (title, found, data[:200])


def test_a_crash_is_seen_and_made_small():
    def reads(data: bytes) -> None:
        if b"#" in data:
            raise IndexError("here")

    result = fuzz.tried(reads, b"many words # and more words")
    assert (result.kind, result.said) == ("crash", "IndexError: here")
    assert fuzz.smaller(reads, b"many words # and more words", result) == b"#"
