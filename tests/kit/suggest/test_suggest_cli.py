"""``python -m kit suggest FILE``: any text gives an answer or a line that says why not."""

import json
import subprocess
import sys

import pytest

from kit.library import datasets

ARTICLE = datasets.root() / "datasets" / "blinken-beijing-2023" / "article.txt"


def suggest(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "kit", "suggest", *map(str, arguments)],
        cwd=datasets.root(),
        capture_output=True,
        timeout=120,
    )


def lines(*arguments):
    done = suggest(*arguments)
    assert done.returncode == 0 and done.stderr == b""
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def written(tmp_path, data):
    path = tmp_path / "mine.txt"
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def test_attributions_have_parts_at_the_places_of_the_file_as_given(tmp_path):
    text = "\ufeffA day in Łódź 😀\r\n\r\n“It is open,” Ada Obi said.\r\n"
    (one,) = lines(written(tmp_path, text), "--layer", "attribution")
    assert {part: [text[a:b] for a, b in one[part]] for part in ("source", "cue", "content")} == {
        "source": ["Ada Obi"],
        "cue": ["said"],
        "content": ["“It is open,”"],
    }
    assert (one["layer"], one["rule"], one["mode"]) == ("attribution", "quote-name-verb", "direct")
    assert 0.9 < one["precision"] <= 1


def test_the_other_layers_have_places_and_codes():
    found = lines(ARTICLE, "--layer", "position", "--layer", "attribution")
    assert {one["layer"] for one in found} == {"position", "attribution"}
    for one in found:
        if one["layer"] == "position":
            assert one["start"] < one["end"] and one["codes"]


def test_the_spun_tier_adds_what_the_machine_replaced():
    plain = lines(ARTICLE, "--layer", "attribution")
    spun = lines(ARTICLE, "--layer", "attribution", "--tier", "spun")
    text = ARTICLE.read_bytes().decode("utf-8")
    cues = {text[a:b] for one in spun for a, b in one["cue"]}
    assert "based on" in cues and len(spun) > len(plain)


def test_other_formats():
    table = suggest(ARTICLE, "--layer", "attribution", "--format", "csv").stdout.decode("utf-8")
    assert table.count("\n") > 10 and "attribution" in table
    page = json.loads(suggest(ARTICLE, "--layer", "attribution", "--format", "w3c").stdout)
    assert page["type"] == "AnnotationCollection" and page["total"] > 10


@pytest.mark.parametrize(
    "data",
    ["x", "“", "a\x00b “said” Obi", "“ ” \" ' ' said\n" * 50, "א said ב", "Obi said:\n" * 3],
    ids=["letter", "mark", "nul", "marks", "right to left", "colons"],
)
def test_any_text_gives_an_answer_or_one_line(tmp_path, data):
    done = suggest(written(tmp_path, data))
    assert done.returncode in (0, 1) and b"Traceback" not in done.stderr
    if done.returncode:
        assert done.stdout == b"" and done.stderr.count(b"\n") == 1
    else:
        assert done.stderr == b"" and all(map(json.loads, done.stdout.splitlines()))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no words"),
        (b" \r\n ", "no words"),
        (b"caf\xe9", "not UTF-8"),
        (None, "no file"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_line(tmp_path, data, says):
    path = tmp_path / "mine.txt" if data is None else written(tmp_path, data)
    done = suggest(path)
    assert done.returncode == 1 and done.stdout == b""
    assert says in done.stderr.decode("utf-8") and done.stderr.count(b"\n") == 1


def test_a_folder_or_an_unknown_layer_is_said_in_a_line(tmp_path):
    for arguments in ((tmp_path,), (ARTICLE, "--layer", "weather")):
        done = suggest(*arguments)
        assert done.returncode == 1 and done.stderr.count(b"\n") == 1
        assert b"Traceback" not in done.stderr
