"""Who may import whom: the contracts in pyproject.toml hold, and a breach of one is seen."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; "
         "sys.path.insert(0, '.'); sys.exit(lint_imports(no_cache=True))"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
    )  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("rooms")
    for package in ("kit", "desk"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def test_every_room_knows_only_those_below_it(copy):
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("kit/lessons/new.py", "from desk.collect import collect"),
        ("kit/coding/new.py", "from kit.exercises import check"),
        ("desk/handout/new.py", "from desk.pages import forms"),
    ],
)
def test_an_import_that_leads_upwards_is_seen(copy, module, line):
    path = copy / module
    path.write_text(f"{line}\n", encoding="utf-8")
    done = lint(copy)
    path.unlink()
    assert done.returncode == 1
    assert module.removesuffix(".py").replace("/", ".") in done.stdout


def test_a_room_that_no_contract_names_is_seen(copy):
    room = copy / "kit" / "attic"
    room.mkdir()
    (room / "__init__.py").touch()
    done = lint(copy)
    shutil.rmtree(room)
    assert done.returncode == 1 and "attic" in done.stdout
