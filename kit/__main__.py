"""The kit's commands: ``python -m kit COMMAND``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from kit import __version__


def _doctor(options: argparse.Namespace) -> int:
    from kit import doctor

    return doctor.main()


def _edition(options: argparse.Namespace) -> int:
    from kit import edition

    def make() -> str:
        made = edition.make(options.out, options.lessons or None)
        return (
            f"The instructor’s edition is in {options.out} ({_count(made, 'notebook')}). "
            "It holds the answers: do not hand it out."
        )

    return _said(make)


def _packet(options: argparse.Namespace) -> int:
    from kit import packet

    def make() -> str:
        made = packet.make(options.out, article=not options.without_article)
        return (
            f"The packet is in {options.out} ({_count(made, 'page')} of HTML). "
            "Open one in a browser and print it."
        )

    return _said(make)


def _said(make: Callable[[], str]) -> int:
    """Make something and say so in a line; or say in a line why not."""
    from kit.errors import KitError

    try:
        print(make())
    except KitError as problem:
        sys.stderr.reconfigure(errors="replace")
        print(" ".join(str(problem).split()), file=sys.stderr)
        return 1
    return 0


def _count(made: Sequence[Path], noun: str) -> str:
    return f"{len(made)} {noun}{'' if len(made) == 1 else 's'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m kit", description="Commands of the teaching kit for diplomatic news."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    doctor = commands.add_parser("doctor", help="say what is in order and how to mend what is not")
    doctor.set_defaults(run=_doctor)

    edition = commands.add_parser(
        "edition", help="make the instructor's edition: every notebook done, with teaching notes"
    )
    edition.add_argument("--out", type=Path, metavar="FOLDER", default=Path("instructor-edition"))
    edition.add_argument(
        "lessons", nargs="*", metavar="LESSON", help="such as 03-who-speaks or 03; all if none"
    )
    edition.set_defaults(run=_edition)

    packet = commands.add_parser("packet", help="make pages for printing, for work on paper")
    packet.add_argument("--out", type=Path, metavar="FOLDER", default=Path("packet"))
    packet.add_argument(
        "--without-article", action="store_true", help="leave out the article under study"
    )
    packet.set_defaults(run=_packet)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (by default the one on the command line) and return its exit status."""
    # A console that cannot show a character shows "?" for it; it does not stop the command.
    sys.stdout.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
