"""The kit's commands: ``python -m kit COMMAND``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from kit import __version__


def _doctor(options: argparse.Namespace) -> int:
    from kit import doctor

    return doctor.main()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m kit", description="Commands of the teaching kit for diplomatic news."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    doctor = commands.add_parser("doctor", help="say what is in order and how to mend what is not")
    doctor.set_defaults(run=_doctor)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (by default the one on the command line) and return its exit status."""
    # A console that cannot show a character shows "?" for it; it does not stop the command.
    sys.stdout.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
