"""What a folder that was handed out says of itself: whether it is for a mark, who is a pair, and
where work is handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from kit.base.files import content
from kit.library import datasets

FILE = "assignment.json"
MOST_BYTES = 1024 * 1024


class Handout(NamedTuple):
    """What is known of the folder that the kit lies in.

    Attributes:
        graded: it is for a mark; no other reading was handed out.
        pairs: students who label the same text apart from each other.
        hand_in: where work is handed in: an address on the web, or words.
    """

    graded: bool = False
    pairs: tuple[tuple[str, str], ...] = ()
    hand_in: str = ""

    def partner_of(self, student: str) -> str:
        """Return the name of a student's partner; "" where no pair has that student."""
        mine = _plain(student)
        for one, other in self.pairs:
            if mine in (_plain(one), _plain(other)):
                return other if mine == _plain(one) else one
        return ""


class _File(msgspec.Struct, frozen=True):
    mode: Literal["practice", "graded"] = "practice"
    pairs: tuple[tuple[str, str], ...] = ()
    hand_in: str = ""


def handout(folder: Path | None = None) -> Handout:
    """Return what the folder says of itself; nothing where it is no assignment, or none that can
    be read: a lesson must run without.

    Args:
        folder: where ``assignment.json`` lies; the kit's own if None.
    """
    try:
        data = content((folder or datasets.root()) / FILE, MOST_BYTES)
        found = msgspec.json.decode(data, type=_File)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Handout()
    return Handout(found.mode == "graded", found.pairs, found.hand_in)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
