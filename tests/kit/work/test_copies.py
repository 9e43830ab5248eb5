"""Names of copies: what browsers and sync programs write, and what is somebody else's file."""

import pytest

from kit.work.names import original_of

BESIDE = {"student.json", "jose.json", "jose-1f0a9c3e.json"}


@pytest.mark.parametrize(
    "name",
    [
        "student (1).json",
        "student(2).json",
        "student 2.json",
        "student - Copy.json",
        "student - Copy (2).json",
        "Copy of student.json",
        "student-DESKTOP-AB12CD3.json",
        "student-Anas-MacBook-Pro.json",
        "student (Ana's conflicted copy 2024-10-08).json",
        "student.sync-conflict-20241008-101500-ABCDEFG.json",
        "student.json.txt",
        "student.json.download",
        "student (1).json.download",
    ],
)
def test_a_copy_is_known_by_its_name(name):
    assert original_of(name, BESIDE) == "student.json"
    assert original_of(name, {"ana.json", name}) == ""  # there is nothing it could be a copy of


@pytest.mark.parametrize(
    "name",
    [
        "student.json",
        "student-anna.json",
        "student-12345678.json",
        "student.bak.json",
        "student.aside-20241008-101500-000001.json",
        "student.settled.json",
        "student (1).zip",
        "a" * 300 + " (1).json",
    ],
)
def test_what_the_kit_or_somebody_else_names_so_is_no_copy(name):
    assert original_of(name, BESIDE) == ""


def test_the_longest_name_is_the_one_that_was_copied():
    assert original_of("jose-1f0a9c3e-DESKTOP-A1.json", BESIDE) == "jose-1f0a9c3e.json"
