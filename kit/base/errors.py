"""What goes wrong in a student's or an instructor's hands, said in a sentence."""

from __future__ import annotations

__all__ = ["KitError"]


class KitError(Exception):
    """A problem whose message is for the person who meets it: what, where, what to do.

    In a notebook the message is shown alone, without the traceback that only helps programmers.
    """

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for this before it draws a traceback of its own.
        return [str(self)]
