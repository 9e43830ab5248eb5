"""A lesson’s files, ``datasets/<article>/<kind>/<lesson>.toml``, and its exercises’ numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from kit.base.errors import KitError
from kit.base.toml_reader import read_toml
from kit.library.datasets import root

#: The number of an exercise, such as 3.1 or 3.1b; the lesson's own number is its first group.
ID = re.compile(r"(\d+)\.(\d+)[a-z]?")


def paths(kind: str, lesson: str, folder: Path | None = None) -> list[Path]:
    """Return the files of a kind on a lesson, one an article.

    Args:
        kind: the folder's name, such as ``"exercises"``.
        lesson: the notebook's name, such as ``"03-who-speaks"``.
        folder: where the articles' folders lie; the kit's ``datasets/`` if None.
    """
    folder = root() / "datasets" if folder is None else folder
    return sorted(folder.glob(f"*/{kind}/{lesson}.toml"))


class _Exercise(msgspec.Struct):
    id: str = ""
    layer: str = ""


class _File(msgspec.Struct):
    exercises: tuple[_Exercise, ...] = ()


@lru_cache(maxsize=1)
def layers() -> Mapping[str, str]:
    """Return by exercise which layer its labels are on, of all that ask for labels.

    Raises:
        KitError: a file of exercises cannot be read.
    """
    files = (read_toml(path, _File, KitError) for path in paths("exercises", "*"))
    return {one.id: one.layer for file in files for one in file.exercises if one.layer}


def order(id: str) -> tuple[int, int, str]:
    """Return the place of a number among others: 3.2, 3.10, 3.10b; it must match :data:`ID`."""
    lesson, number = map(int, re.findall(r"\d+", id))
    return lesson, number, id
