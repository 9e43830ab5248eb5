"""What a kind of control says of itself: where it may stand, and what a hand-out keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

__all__ = ["FREE", "Kept", "Kind", "named"]

#: What a hand-out keeps of a table: these keys, and of tables in them again the named ones only.
#: A key with nothing below it is kept whole.
Kept = Mapping[str, "Kept"]
#: The exercises that are answered in the student's own words.
FREE = ("explain", "compare", "transfer")


def named(*keys: str) -> Kept:
    """Return that these keys are kept, each whole."""
    return dict.fromkeys(keys, {})


class Kind:
    """One kind of control.

    Attributes:
        items: the kinds of exercise that it makes possible, and what their ``item`` may be.
        keys: the keys of an exercise that are about it.
        where: in which kinds of exercise those keys may stand; in any if there is none.
        kept: what a hand-out for a mark keeps of those keys. All that is not named is left out.
    """

    items: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    keys: ClassVar[tuple[str, ...]] = ()
    where: ClassVar[tuple[str, ...]] = ()
    kept: ClassVar[Kept] = {}
