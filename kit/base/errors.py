"""What goes wrong in a student's or an instructor's hands, said in a sentence."""

from __future__ import annotations

#: A message is no longer, whatever somebody wrote that it repeats.
MOST = 1_000


class KitError(Exception):
    """A problem whose message is for the person who meets it: what, where, what to do.

    In a notebook the message is shown alone, without the traceback that only helps programmers.
    Of a message that is far too long, the beginning and the end are left: where, and what to do.
    """

    def __init__(self, message: str = ""):
        if len(message) > MOST:
            message = f"{message[: MOST // 2]} … {message[-MOST // 4 :]}"
        super().__init__(message)

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for this before it draws a traceback of its own.
        return [str(self)]
