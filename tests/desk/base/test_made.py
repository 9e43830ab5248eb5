"""Folders that the kit makes: all or nothing, whatever happens on the way."""

import os
import subprocess
import sys

import pytest

from desk.base.output_folder import STAMP, MadeError, making


def test_what_goes_wrong_halfway_changes_nothing(tmp_path):
    out = tmp_path / "x"
    with making(out, "w", "") as folder:
        (folder / "a").write_text("old", encoding="utf-8")
    (out / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), making(out, "w", "") as folder:
        (folder / "a").write_text("new", encoding="utf-8")
        raise ZeroDivisionError
    assert (out / "a").read_text(encoding="utf-8") == "old"
    with making(out, "w", "") as folder:
        (folder / "a").write_text("new", encoding="utf-8")
    assert (out / "a").read_text(encoding="utf-8") == "new"
    assert (out / "mine").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]  # nothing left behind


def test_a_failure_leaves_no_new_folder(tmp_path):
    with pytest.raises(ZeroDivisionError), making(tmp_path / "x", "w", ""):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with (
        pytest.raises(MadeError, match="Name another folder"),
        making(tmp_path / "file" / "x", "w", ""),
    ):
        raise AssertionError("not reached")


def test_a_stamp_that_is_no_stamp_of_the_kits_is_told(tmp_path):
    (tmp_path / STAMP).write_bytes(b"x" * 10_001)
    with pytest.raises(MadeError, match="it is larger than 10,000 bytes. Name another folder"):
        with making(tmp_path, "w", ""):
            raise AssertionError("not reached")


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_takes_the_place_of_a_full_one(tmp_path):
    out = tmp_path / "x"
    for name in ("one", "two"):
        with making(out, "w", "") as folder:
            (folder / "sub").mkdir()
            (folder / "sub" / name).write_text(name, encoding="utf-8")
        (out / "work").mkdir(exist_ok=True)
        (out / "work" / "mine").write_text("mine", encoding="utf-8")
    assert tree(out) == {STAMP: "w\n\n\n", "sub/two": "two", "work/mine": "mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("held", ["b", "sub"])
def test_if_one_thing_is_held_fast_nothing_is_replaced(tmp_path, monkeypatch, held):
    """As Windows holds a file that a spreadsheet has open; other systems have nothing like it, so
    the refusal is made here."""
    out = tmp_path / "x"

    def make(text):
        with making(out, "w", "") as folder:
            for name in ("a", "b", "z"):
                (folder / name).write_text(text, encoding="utf-8")
            (folder / "sub").mkdir()
            (folder / "sub" / "c").write_text(text, encoding="utf-8")

    make("old")
    before, rename = tree(out), os.rename

    def refusing(source, target):
        if source == out / held:
            raise PermissionError(13, "Permission denied", str(source))
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", refusing)
        with pytest.raises(MadeError, match="close it there") as told:
            make("new")
    assert str(out / held) in str(told.value)
    assert tree(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    make("new")
    assert set(tree(out).values()) == {"w\n\n\n", "new"}


def test_what_cannot_be_put_back_is_kept_and_told(tmp_path, monkeypatch):
    out = tmp_path / "x"
    with making(out, "w", "") as folder:
        (folder / "a").write_text("old", encoding="utf-8")
    rename = os.rename

    def refusing(source, target):
        if source.parent.name in ("new", "old") and source.name == "a":
            raise PermissionError(13, "Permission denied", str(source))
        rename(source, target)

    monkeypatch.setattr(os, "rename", refusing)
    with (
        pytest.raises(MadeError, match="what was there before lies in"),
        making(out, "w", "") as folder,
    ):
        (folder / "a").write_text("new", encoding="utf-8")
    (aside,) = [path for path in tmp_path.iterdir() if path != out]
    assert tree(aside / "old")["a"] == "old"


def test_an_error_about_another_file_is_not_laid_at_the_folders_door(tmp_path):
    with pytest.raises(FileNotFoundError), making(tmp_path / "x", "w", ""):
        (tmp_path / "elsewhere").read_bytes()


_FULL = """
import resource, signal, sys
from pathlib import Path
from desk.base.output_folder import MadeError, making
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    with making(Path(sys.argv[1]), "w", "") as folder:
        (folder / "a").write_bytes(bytes(20_000))
except MadeError as problem:
    print(problem)
"""


if os.name == "posix":  # Windows sets no such limit

    def test_a_disk_that_is_full_is_told(tmp_path):
        done = subprocess.run(
            [sys.executable, "-c", _FULL, str(tmp_path / "x")],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert "x cannot be written: File too large." in done.stdout
        assert list(tmp_path.iterdir()) == []
