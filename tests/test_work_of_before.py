"""Work files of the version before: they open, nothing in them is lost, and they are worth as much.

``data/work-1`` holds what students made with that version, and what collecting made of it then:
several tries, right, wrong and in part, labels that were changed or taken away after the last one;
and two files (Cyd's, Fay's) of a time when an answer did not keep all that a label held.
"""

import csv
import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from desk.collect.collect import collect
from kit.exercises import load, read, state
from kit.exercises.surroundings import context_of
from kit.work.workbook import Workbook
from tests.synthetic_class import ARTICLE, CODEBOOK, LESSONS

DATA = Path(__file__).parent / "data" / "work-1"
MODES = ["practice", "graded"]
TABLES = ["marks.csv", "agreement.csv", "problems.csv"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def tables(folder: Path, out: Path) -> dict[str, list[dict[str, str]]]:
    collect(folder, out, folder / "assignment.json", now=lambda: datetime(2024, 10, 8, 14, 30))
    return {name: rows(out / name) for name in TABLES}


@pytest.mark.parametrize("mode", MODES)
def test_what_was_handed_in_is_worth_what_it_was_worth(mode, tmp_path):
    then = {name: rows(DATA / f"{mode}-tables" / name) for name in TABLES}
    assert tables(DATA / mode, tmp_path / "out") == then


def states(path: Path, folder: Path) -> dict[str, list[str]]:
    """Return what the forms of a work file's exercises say, where something was handed in."""
    copy = shutil.copy(path, folder)
    book = Workbook(ARTICLE, CODEBOOK, "", Path(copy))
    said = {}
    for lesson in LESSONS:
        for exercise in load(lesson):
            shown = state(exercise, read(book, exercise.id), context_of(exercise, book))
            if outcome := shown["outcome"]:
                said[exercise.id] = [outcome["verdict"], outcome["say"]]
    return said


@pytest.mark.parametrize("name", ["ana", "ben", "cyd"])
def test_every_form_says_what_it_said(name, tmp_path):
    then = json.loads((DATA / "forms.json").read_text(encoding="utf-8"))[name]
    assert states(DATA / "practice" / f"{name}.json", tmp_path) == then
