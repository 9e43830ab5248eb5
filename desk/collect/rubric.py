"""The rubric for free text: what a person gives an answer points for.

An answer gets 0 to 3 points on each of four criteria, 12 in all; they stand in ``rubric.toml``.
Every exercise with free text that counts weighs the same: of 40 points for eight of them each is
worth 5, and an answer with 9 of 12 gets 5 × 9/12. An answer of which a criterion has no points yet
is not marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable, read_toml

#: The most points on a criterion.
MOST = 3
Points = Annotated[int, msgspec.Meta(ge=0, le=MOST)]


class Criterion(TomlTable):
    """One thing to mark: its name, and what 0, 1, 2 and 3 points look like."""

    id: str
    name: str
    levels: tuple[str, str, str, str]


class _Rubric(TomlTable):
    criteria: tuple[Criterion, ...]


CRITERIA = read_toml(Path(__file__).with_suffix(".toml"), _Rubric, KitError).criteria
OUT_OF = MOST * len(CRITERIA)
_IDS = tuple(criterion.id for criterion in CRITERIA)


class Given(NamedTuple):
    """What an answer was given: points by criterion, and what is said to the student."""

    scores: Mapping[str, int]
    comment: str = ""

    @property
    def whole(self) -> bool:
        """Whether every criterion has its points."""
        return all(id in self.scores for id in _IDS)

    @property
    def points(self) -> int:
        """Points out of 12; what has none yet counts nothing."""
        return sum(self.scores.get(id, 0) for id in _IDS)


def said(given: Given) -> str:
    """Return a mark in a few words: ``“2, 3, 1, 2: 8 of 12”``."""
    scores = ", ".join(str(given.scores.get(id, "–")) for id in _IDS)
    return f"{scores}: {given.points} of {OUT_OF}" if given.whole else scores
