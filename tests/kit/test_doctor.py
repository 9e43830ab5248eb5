"""`python -m kit doctor` says what is in order, how to mend what is not, and never breaks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.library import datasets

ROOT = datasets.root()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the doctor looks at, to do harm to."""
    folder = tmp_path / "kit"
    for name in ("kit", "datasets"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def ask(folder: Path, *python_options: str, **variables: str) -> tuple[int, list[str], list[str]]:
    """Run the doctor in a folder: its exit status, its findings, and what is to be mended."""
    done = subprocess.run(
        [sys.executable, *python_options, "-m", "kit", "doctor"],
        cwd=folder,
        env=os.environ | {"KIT_WORK": str(folder.parent / "work")} | variables,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stderr == ""
    findings, _, verdict = done.stdout.rstrip().rpartition("\n\n")
    lines = findings.splitlines()
    assert all(re.match(r"(OK|MEND)  +\S", line) for line in lines), done.stdout
    assert ("needs mending" in verdict) == bool(done.returncode)
    return done.returncode, lines, [line for line in lines if line.startswith("MEND")]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def test_all_is_well_in_a_fresh_checkout(checkout: Path):
    status, lines, mend = ask(checkout)
    assert (status, mend) == (0, [])
    for subject in ("Python 3", "ipywidgets 8", "jupyterlab 4", "article blinken", "work folder"):
        assert any(line.startswith(f"OK    {subject}") for line in lines), subject


def test_a_changed_article_is_found(checkout: Path):
    change(next((checkout / "datasets").glob("*/article.txt")), "the", "The")
    status, _, mend = ask(checkout)
    assert status == 1
    assert len(mend) == 1
    assert "article blinken-beijing-2023" in mend[0]
    assert "Download or clone the kit again" in mend[0]


def test_a_checkout_without_an_article_is_found(checkout: Path):
    shutil.rmtree(checkout / "datasets")
    status, _, mend = ask(checkout)
    assert status == 1
    assert "no article" in mend[0]


def test_a_work_folder_that_cannot_be_written_is_found(checkout: Path):
    (checkout.parent / "a file").touch()
    folder = checkout.parent / "a file" / "work"
    status, _, mend = ask(checkout, KIT_WORK=str(folder))
    assert status == 1
    assert len(mend) == 1
    assert str(folder) in mend[0]
    assert "make it writable" in mend[0]


def test_the_work_folder_is_left_as_it_was(checkout: Path):
    work = checkout.parent / "work"
    work.mkdir()
    (work / "mei.json").write_text("{}", encoding="utf-8")
    ask(checkout)
    assert [path.name for path in work.iterdir()] == ["mei.json"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"nltk>=3.9.1,<4"', '"nltk>=99"', r"nltk [\d.]+ is not >=99: .*run\.py"),
        ('"nltk>=3.9.1,<4"', '"no-such-one>=1"', r"no-such-one is not installed: .*run\.py"),
        ('requires-python = ">=3.11"', 'requires-python = ">=99"', r"Python 3.* is not >=99: get"),
    ],
)
def test_what_is_missing_or_too_old_is_found(old: str, new: str, complaint: str, checkout: Path):
    change(checkout / "pyproject.toml", old, new)
    status, _, mend = ask(checkout)
    assert status == 1
    assert len(mend) == 1
    assert re.search(complaint, mend[0])


def test_a_bare_python_is_told_what_to_run(checkout: Path):
    # -S: without the installed packages.
    status, _, mend = ask(checkout, "-S")
    assert status == 1
    assert any("packaging is not installed" in line for line in mend)
    assert all("python run.py doctor" in line for line in mend)


def test_half_a_checkout_is_told_to_get_it_anew(checkout: Path):
    (checkout / "pyproject.toml").unlink()
    status, _, mend = ask(checkout)
    assert status == 1
    assert all("Download or clone the kit again" in line for line in mend)
