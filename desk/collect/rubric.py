"""The rubric for free text: what a person gives an answer points for.

An answer gets 0 to 3 points on each of four criteria, 12 in all. Every exercise with free text that
counts weighs the same: of 40 points for eight of them each is worth 5, and an answer with 9 of 12
gets 5 × 9/12. An answer of which a criterion has no points yet is not marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import msgspec

__all__ = ["CRITERIA", "MOST", "OUT_OF", "Criterion", "Given", "Points", "said"]

#: The most points on a criterion.
MOST = 3
Points = Annotated[int, msgspec.Meta(ge=0, le=MOST)]


class Criterion(NamedTuple):
    """One thing to mark: its name, and what 0, 1, 2 and 3 points look like."""

    id: str
    name: str
    levels: tuple[str, str, str, str]


CRITERIA = (
    Criterion(
        "evidence",
        "Evidence",
        (
            "none",
            "words copied, loosely tied to the claim",
            "each claim tied to exact words",
            "and words that speak against it",
        ),
    ),
    Criterion(
        "method",
        "Method",
        (
            "none stated",
            "a number without its unit",
            "unit and measure",
            "and the rule, and what another measure shows",
        ),
    ),
    Criterion(
        "interpretation",
        "Interpretation",
        ("retells", "says what words do", "and for whom", "and weighs another explanation"),
    ),
    Criterion(
        "limits",
        "Limits",
        (
            "none",
            "“could be biased”",
            "one real limit of this text or this count",
            "and what follows from it for the claim",
        ),
    ),
)
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
