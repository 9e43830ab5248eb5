"""A pipe or a device where a file should be: every reader says so, and none waits for it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desk import __main__
from desk.base.output_folder import STAMP, check
from desk.collect import rubric_marks, rubric_table
from desk.collect.pair import Pair
from desk.collect.places import remembered
from desk.collect.submissions import find
from desk.handout import assignment
from desk.handout.pairs import pairs_of
from kit.base.errors import KitError
from kit.base.toml_reader import read_toml
from kit.coding.coding import Coding
from kit.lessons.assigned import Handout, handout
from kit.library import datasets, lexicon
from kit.text.article import Article
from kit.work.file_format import bytes_of

ARTICLE = "blinken-beijing-2023"
#: Every reader of a file that somebody else may have put there, by the name it has in a folder.
READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "pairs": ("pairs.csv", pairs_of),
    "assignment": ("assignment.json", assignment.read),
    "table of marks": ("free-text.csv", lambda path: rubric_table.read(path, asked=True)),
    "kept marks": (rubric_marks.MARKS, lambda path: rubric_marks.kept(path.parent)),
    "answers": (rubric_marks.ANSWERS, lambda path: rubric_marks.read_answers(path.parent)),
    "a pair's file": ("ana.json", lambda path: Pair(path, path, "role")),
    "folder of the kit's": (STAMP, lambda path: check(path.parent, "x")),
    "word list": ("mine.csv", lexicon.read),
    "article": ("article.txt", Article.from_file),
    "TOML": ("layer.toml", lambda path: read_toml(path, dict, KitError)),
    "coding": (
        "coding.json",
        lambda path: Coding.from_file(
            path, datasets.load_article(ARTICLE), datasets.codebook(ARTICLE)
        ),
    ),
    "work file": ("student.json", bytes_of),
}


def said(place: Path) -> dict[str, str]:
    """Return what each reader says of a pipe, and of a device."""
    found = {}
    for name, (file, read) in READERS.items():
        for kind in ("pipe", "device"):
            path = place / f"{name}-{kind}" / file
            path.parent.mkdir()
            if kind == "pipe":
                os.mkfifo(path)
            else:
                path.symlink_to("/dev/zero")
            try:
                read(path)
            except KitError as problem:
                found[f"{name}, {kind}"] = str(problem)
    os.mkfifo(place / "instructor.txt")
    assert __main__.main(["new-article", str(place / "instructor.txt")]) == 1
    folder = place / "work" / "instructor"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "class-results.txt")
    assert remembered("class-results") == ""
    os.mkfifo(place / "assignment.json")
    assert handout(place) == Handout()
    (place / "class").mkdir()
    os.mkfifo(place / "class" / "ana.json")
    found["a class"] = next(find(place / "class")).why
    return found


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes here")
def test_nobody_waits_for_what_is_no_file(tmp_path):
    command = "import sys; from pathlib import Path; from tests.desk.base.test_pipes import said; "
    command += "import json; print(json.dumps(said(Path(sys.argv[1]))))"
    done = subprocess.run(
        [sys.executable, "-c", command, str(tmp_path)],
        env={**os.environ, "KIT_WORK": str(tmp_path / "work")},
        cwd=datasets.root(),
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=True,
    )
    found = json.loads(done.stdout)
    assert len(found) == 2 * len(READERS) + 1
    for reader, sentence in found.items():
        assert "it is no ordinary file" in sentence, reader
        assert len(sentence) < 300 + len(str(tmp_path)) and sentence.endswith("."), reader
    assert "it is no ordinary file" in done.stderr
