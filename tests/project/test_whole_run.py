"""A run fails when a check did not run, and no notebook meets another's work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbval.plugin import get_sanitize_patterns

from kit.library import datasets

ROOT = datasets.root()


def notebook(path: Path, source: str, shows: str) -> None:
    """Write a notebook of one cell with a stored result."""
    result = new_output("execute_result", {"text/plain": shows}, execution_count=1)
    cell = new_code_cell(source, execution_count=1, outputs=[result])
    nbformat.write(new_notebook(cells=[cell]), path)


# Says whether the work folder was empty, and its name, and leaves something there.
USES_WORK = """\
import os, pathlib
work = pathlib.Path(os.environ["KIT_WORK"])
before = list(work.iterdir())
(work / "mine").touch()
before, work.name"""

REACHES_OUT = """\
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=5)
except RuntimeError as problem:
    refusal = str(problem)
refusal[-25:]"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of one test and three notebooks, under the kit's own rules."""
    for name in ("conftest.py", "pyproject.toml", "tests/nbval_sanitise.cfg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "tests" / "ipython", tmp_path / "tests" / "ipython")
    (tmp_path / "tests" / "test_one.py").write_text("def test_one(): pass\n", encoding="utf-8")
    (tmp_path / "tests" / "data").mkdir()
    notebook(tmp_path / "tests" / "data" / "wrong.ipynb", "1 + 1", "3")
    (tmp_path / "notebooks").mkdir()
    notebook(tmp_path / "notebooks" / "00-one.ipynb", USES_WORK, "([], '00-one')")
    return tmp_path


def run_suite(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Run pytest in a folder: its exit status and what it printed."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


def test_a_whole_run_passes_and_leaves_nothing_behind(suite: Path):
    notebook(suite / "notebooks" / "01-two.ipynb", USES_WORK, "([], '01-two')")
    before = {path for path in suite.rglob("*") if path.is_file()}
    status, output = run_suite(suite, "-p", "no:cacheprovider", PYTHONDONTWRITEBYTECODE="1")
    assert status == 0, output
    assert "3 passed" in output  # and tests/data/wrong.ipynb is not among them
    assert "did not run" not in output
    assert {path for path in suite.rglob("*") if path.is_file()} == before


def test_several_workers_keep_the_rules(suite: Path):
    two = ("-n", "2", "--dist", "loadfile")
    notebook(suite / "notebooks" / "01-two.ipynb", USES_WORK, "([], '01-two')")
    status, output = run_suite(suite, *two)
    assert status == 0, output
    assert "3 passed" in output
    nbformat.write(new_notebook(), suite / "notebooks" / "02-three.ipynb")
    (suite / "tests" / "test_three.py").write_text(
        "import pytest\npytest.importorskip('no_such_module')\n", encoding="utf-8"
    )
    (suite / "tests" / "test_four.py").write_text(
        "import pytest\ndef test_called_off(): pytest.skip('later')\n", encoding="utf-8"
    )
    status, output = run_suite(suite, *two, PYTEST_ADDOPTS="-k 'not test_one.py'")
    assert status == 1
    for gap in (
        "tests/test_one.py::test_one was deselected",
        "tests/test_three.py was skipped",
        "tests/test_four.py::test_called_off was skipped",
        "notebooks/02-three.ipynb: no cell was run",
    ):
        assert output.splitlines().count(gap) == 1, gap


@pytest.mark.parametrize(
    ("asked", "passed", "left"),
    [
        (["--quick", "-n", "2", "--dist", "loadfile"], 2, 1),
        (["--only", "unit"], 1, 2),
        (["--only=notebooks"], 1, 2),
        (["--only", "browser"], 1, 2),
    ],
)
def test_a_part_says_that_it_is_one(suite: Path, asked: list[str], passed: int, left: int):
    (suite / "tests" / "test_page.py").write_text(
        "import pytest\n@pytest.fixture\ndef browser(): pass\ndef test_page(browser): pass\n",
        encoding="utf-8",
    )
    status, output = run_suite(suite, *asked)
    assert status == 0, output
    assert f"{passed} passed" in output
    assert f"({asked[0].partition('=')[0]}): {left} checks were left out" in output


def test_a_check_that_was_left_out_fails_the_run(suite: Path):
    lines = [
        "import pytest",
        "@pytest.mark.skip",
        "def test_marked(): pass",
        "def test_called_off(): pytest.skip('later')",
        "@pytest.mark.xfail",
        "def test_given_up(): assert 0",
    ]
    (suite / "tests" / "test_two.py").write_text("\n".join(lines), encoding="utf-8")
    (suite / "tests" / "test_three.py").write_text(
        "import pytest\npytest.importorskip('no_such_module')\n", encoding="utf-8"
    )
    notebook(suite / "notebooks" / "01-two.ipynb", "# NBVAL_SKIP\n1", "1")
    nbformat.write(new_notebook(), suite / "notebooks" / "02-three.ipynb")
    status, output = run_suite(suite)
    assert " failed" not in output.splitlines()[-1]
    assert status == 1
    for gap in (
        "tests/test_two.py::test_marked was skipped",
        "tests/test_two.py::test_called_off was skipped",
        "tests/test_two.py::test_given_up was expected to fail",
        "tests/test_three.py was skipped",
        "notebooks/01-two.ipynb::Cell 0 was skipped",
        "notebooks/02-three.ipynb: no cell was run",
    ):
        assert gap in output.splitlines()


def test_no_notebook_and_a_selection_that_nobody_typed_fail_the_run(suite: Path):
    (suite / "notebooks" / "00-one.ipynb").unlink()
    status, output = run_suite(suite, PYTEST_ADDOPTS="-k two")
    assert status == 1
    assert "notebooks/ holds no notebook" in output
    assert "tests/test_one.py::test_one was deselected" in output


def test_a_selection_that_was_typed_is_enough(suite: Path):
    status, output = run_suite(suite, "-k", "test_one")
    assert status == 0, output
    assert "1 passed" in output


def test_notebooks_run_alone_keep_the_rules_and_a_wrong_output_fails_the_run(suite: Path):
    notebook(suite / "notebooks" / "01-two.ipynb", REACHES_OUT, "'192.0.2.1 is not reached.'")
    status, output = run_suite(suite, "notebooks/01-two.ipynb", "tests/data/wrong.ipynb", "-rA")
    assert status == 1
    assert "PASSED notebooks/01-two.ipynb::Cell 0" in output
    assert "FAILED tests/data/wrong.ipynb::Cell 0" in output


# ------------------------------------------------------------------------- what may differ


def alike(text: str) -> str:
    """The text as nbval compares it."""
    rules = (ROOT / "tests" / "nbval_sanitise.cfg").read_text(encoding="ascii")
    for pattern, replacement in get_sanitize_patterns(rules):
        text = re.sub(pattern, replacement, text)
    return text


@pytest.mark.parametrize(
    ("shown", "compared"),
    [
        (
            "<b>1</b><article lang='en' class=x>\n<p>One.</p>\n</article>\n"
            "<p>2</p><article>b</article>",
            "<b>1</b><article></article>\n<p>2</p><article></article>",
        ),
        (
            '<img src="data:image/png;base64,iVBORw0KGgo/+Aa==" alt="x">',
            '<img src="IMAGE" alt="x">',
        ),
        ("kept in /var/x_1/kit-2/work/00/mei.json.", "kept in FOLDER/mei.json."),
        ("kept in D:\\Mei Li\\kit\\work\\00\\mei.json.", "kept in FOLDER/mei.json."),
        ("'D:\\\\Mei Li\\\\work\\\\mei.json'", "'FOLDER/mei.json'"),
        ("saved at 10:31:05", "saved at TIME"),
        ("saved 2026-03-01T10:31:05.123456+00:00", "saved MOMENT"),
        ("saved 2026-03-01 10:31:05Z", "saved MOMENT"),
    ],
)
def test_what_differs_from_run_to_run_is_made_alike(shown: str, compared: str):
    assert alike(shown) == compared


@pytest.mark.parametrize(
    "shown",
    [
        "agreement: 0.71 (0.58 to 0.83), 43 blocks",
        "18 June 2023, 2023-06-18",
        "the United States and/or China, his/her",
        "<p>1</p><br/><i>P6.1</i>",
        "https://example.org/a/b/c.html",
        "ratio 3:2, Matthew 5:13",
    ],
)
def test_what_counts_is_compared_as_it_is(shown: str):
    assert alike(shown) == shown
