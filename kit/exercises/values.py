"""What a page sends as an answer, taken with a pinch of salt.

A page is not to be trusted: whatever has not the form of an answer counts as no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.exercises import kinds
from kit.exercises.model import Exercise

__all__ = ["clean"]


def clean(exercise: Exercise, values: Any) -> dict[str, Any]:
    """Return the answers that have the form of one, by control, as plain JSON data.

    An answer that names something the exercise has not, is far too long, or is of another type is
    left out; so is an empty one.
    """
    if not isinstance(values, Mapping):
        return {}
    kept = {one.id: one.clean(values.get(one.id)) for one in kinds.controls(exercise)}
    return {id: value for id, value in kept.items() if value}
