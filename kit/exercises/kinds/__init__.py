"""What may stand in an exercise, by kind of control, one file each.

Reading an exercise and blanking it for a hand-out ask these classes: what none of them names is
refused, or left out. The form, the check and the marks do not ask them yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.exercises.kinds.choice import Choice
from kit.exercises.kinds.kind import Kept, Kind
from kit.exercises.kinds.label import Label
from kit.exercises.kinds.number import NumberField
from kit.exercises.kinds.order import Order
from kit.exercises.kinds.text import FreeText

__all__ = ["KINDS", "Kept", "Kind", "belonging", "items", "kept"]

KINDS: list[type[Kind]] = [NumberField, Choice, Order, Label, FreeText]


def items() -> dict[str, tuple[str, ...]]:
    """Return the kinds of exercise that there are, and what ``item`` may be in each."""
    return {name: may for kind in KINDS for name, may in kind.items.items()}


def belonging() -> dict[str, tuple[str, ...]]:
    """Return the keys that belong to some kinds of exercise only, and to which."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in KINDS:
        for key in kind.keys if kind.where else ():
            found[key] = (*found.get(key, ()), *kind.where)
    return found


def kept(exercise: str) -> Iterator[tuple[str, Kept]]:
    """Yield the keys that a hand-out for a mark keeps of a kind of exercise, and what of them."""
    for kind in KINDS:
        if not kind.where or exercise in kind.where:
            yield from kind.kept.items()
