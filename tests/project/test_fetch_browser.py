"""Which browser the tests drive."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fetch_browser import SHELL, find_browser


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder on the search path, with Chromium in it."""
    (tmp_path / name_of("chromium")).touch(mode=0o755)
    monkeypatch.delenv("KIT_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def name_of(program: str) -> str:
    return f"{program}.exe" if os.name == "nt" else program


def test_the_search_path_has_it_and_the_quicker_one_goes_first(programs: Path):
    assert find_browser() == programs / name_of("chromium")
    (programs / name_of(SHELL)).touch(mode=0o755)
    assert find_browser() == programs / name_of(SHELL)


def test_the_one_that_is_named_is_taken_or_none(programs: Path, monkeypatch: pytest.MonkeyPatch):
    named = programs / name_of("mine")
    named.touch(mode=0o755)
    monkeypatch.setenv("KIT_BROWSER", str(named))
    assert find_browser() == named
    named.unlink()
    assert find_browser() is None
