"""The kit's commands: ``python -m kit COMMAND``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from kit import __version__
from kit.base.console import print_what_can_be_shown
from kit.base.errors import KitError

# What is for instructors has a package of its own.
_AT_THE_DESK = ("assign", "collect", "edition", "new-article", "packet", "site")


def _doctor(options: argparse.Namespace) -> int:
    from kit import doctor

    return doctor.main()


def _suggest(options: argparse.Namespace) -> int:
    from kit.suggest import cli

    try:
        cli.main(options.file, options.layer, options.tier, options.format)
    except KitError as problem:
        print(" ".join(str(problem).split()), file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads along has read enough
        sys.stdout = None
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m kit", description="Commands of the teaching kit for diplomatic news."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    doctor = commands.add_parser("doctor", help="say what is in order and how to mend what is not")
    doctor.set_defaults(run=_doctor)

    suggest = commands.add_parser("suggest", help="let the kit's rules label a text of your own")
    suggest.add_argument("file", type=Path, metavar="FILE", help="a text in UTF-8")
    suggest.add_argument(
        "--layer", action="append", default=[], help="such as attribution; all if none"
    )
    suggest.add_argument(
        "--tier",
        action="append",
        default=[],
        choices=("plain", "spun"),
        help="also use the words that a synonym machine puts in",
    )
    suggest.add_argument("--format", default="jsonl", choices=("jsonl", "csv", "w3c"))
    suggest.set_defaults(run=_suggest)

    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (by default the one on the command line) and return its exit status."""
    print_what_can_be_shown()
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in _AT_THE_DESK:
        print(
            f"That is for instructors, and is called `python -m desk {arguments[0]}` now. (A copy "
            "of the kit that was handed out to students does not have it.)",
            file=sys.stderr,
        )
        return 2
    options = _parser().parse_args(arguments)
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
