"""What a command prints, on whatever console it runs."""

from __future__ import annotations

import io
import sys


def print_what_can_be_shown() -> None:
    """Let a console that cannot show a character show "?" for it, and not stop the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
