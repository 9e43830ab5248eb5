"""What can be wrong with an exercise."""

from __future__ import annotations

from kit.base.errors import KitError

__all__ = ["ExerciseError"]


class ExerciseError(KitError, ValueError):
    """An exercise cannot be used; the message names the file and what to mend in it."""
