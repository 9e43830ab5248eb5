"""The desk's commands, for instructors: ``python -m desk COMMAND``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit import __version__
from kit.base.console import print_what_can_be_shown
from kit.base.errors import KitError
from kit.base.phrases import one_line, plural


def _edition(options: argparse.Namespace) -> str:
    from desk.make import edition

    made = edition.make(options.out, options.lessons or None)
    return (
        f"The instructor’s edition is in {options.out} ({plural(len(made), 'notebook')}). "
        "It holds the answers: do not hand it out."
    )


def _packet(options: argparse.Namespace) -> str:
    from desk.make import packet

    made = packet.make(options.out, article=not options.without_article)
    return (
        f"The packet is in {options.out} ({plural(len(made), 'page')} of HTML). "
        "Open one in a browser and print it."
    )


def _plans(options: argparse.Namespace) -> str:
    from desk.make import plans

    made = plans.make(options.out)
    return (
        f"The lesson plans, the slides and the discussion cards are in {options.out} "
        f"({plural(len(made), 'page')} of HTML). Open one in a browser and print it."
    )


def _site(options: argparse.Namespace) -> str:
    from desk import site

    article = options.with_article
    made = site.make(options.out, article=article, pyodide=options.pyodide, hand_in=options.hand_in)
    return site.told(made, article=article)


def _assign(options: argparse.Namespace) -> str:
    from desk.handout import assign, covering_notes
    from desk.handout.compose import compose
    from desk.handout.pairs import pairs_of
    from desk.nbgrader import course

    assignment = compose(
        options.id,
        options.title,
        options.lessons.split(","),
        article=options.article,
        exercises=options.exercises.split(","),
        layers=options.layers.split(","),
        due=options.due,
        mode=options.mode,
        pairs=pairs_of(options.pairs) if options.pairs else (),
        hand_in=options.hand_in,
    )
    if options.nbgrader and options.zip:
        raise KitError("nbgrader takes a folder: leave out --zip.")
    if options.nbgrader:
        return course.said(course.make(assignment, options.nbgrader), assignment)
    made = assign.make(assignment, options.out, zipped=options.zip)
    inside = "" if options.zip else f" in {made}"
    return (
        f"The {assignment.mode} assignment is {made}. Hand it out as it is, and read "
        f"{covering_notes.SECRET}{inside} first."
    )


def _new_article(options: argparse.Namespace) -> str:
    from desk.author import new_article
    from kit.base.files import read_file
    from kit.text import intake

    names = ("id", "title", "outlet", "date", "source", "rights", "sides")
    about = {name: getattr(options, name) for name in names}
    text = read_file(options.file, intake.MAX_BYTES, KitError, str(options.file))
    return "\n".join(new_article.told(new_article.add(text, name=options.file.name, **about)))


def _collect(options: argparse.Namespace) -> str:
    from desk.collect import collect

    return collect.main(options.folder, options.out, options.assignment, options.rubric)


_HAND_IN: dict[str, Any] = {
    "default": "",
    "metavar": "WHERE",
    "help": "what pages say of where to hand in: the address of your form or folder, or words",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m desk", description="Commands for whoever teaches with the kit."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

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

    plans = commands.add_parser(
        "plans", help="make a plan and slides for each lesson, and discussion cards"
    )
    plans.add_argument("--out", type=Path, metavar="FOLDER", default=Path("lesson-plans"))
    plans.set_defaults(run=_plans)

    site = commands.add_parser("site", help="make a web site: `python run.py site` calls this")
    site.add_argument("--out", type=Path, metavar="FOLDER", default=Path("site"))
    site.add_argument(
        "--with-article",
        action="store_true",
        help="publish the article under study too: only for a site behind a login",
    )
    site.add_argument(
        "--pyodide",
        type=Path,
        metavar="FOLDER_OR_ARCHIVE",
        help="a copy of Pyodide, not to be fetched",
    )
    site.add_argument("--hand-in", **_HAND_IN)
    site.set_defaults(run=_site)

    assign = commands.add_parser("assign", help="make a folder or a zip to hand out to a class")
    assign.add_argument("--id", required=True, help="a short name, such as week-3")
    assign.add_argument("--title", required=True, help="what students see")
    assign.add_argument("--lessons", required=True, help="such as 03-who-speaks,04-expectations")
    assign.add_argument("--exercises", default="", help="those that count, such as 3.1,3.3")
    assign.add_argument("--layers", default="", help="on which the class is compared")
    assign.add_argument("--article", default="", help="another article than the course's own")
    assign.add_argument("--due", default="", metavar="DATE", help="such as 2027-02-01")
    assign.add_argument("--mode", default="practice", choices=("practice", "graded"))
    assign.add_argument("--pairs", type=Path, metavar="CSV", help="two names a row")
    assign.add_argument("--hand-in", **_HAND_IN)
    place = assign.add_mutually_exclusive_group(required=True)
    place.add_argument("--out", type=Path, metavar="FOLDER", help="where to write it")
    place.add_argument(
        "--nbgrader", type=Path, metavar="COURSE", help="into a course folder of nbgrader"
    )
    assign.add_argument("--zip", action="store_true", help="one file in place of a folder")
    assign.set_defaults(run=_assign)

    new_article = commands.add_parser(
        "new-article", help="add an article of your own, with the rules' suggestions and exercises"
    )
    new_article.add_argument("file", type=Path, metavar="FILE", help="a text file")
    new_article.add_argument("--id", default="", help="a short name, such as harbour-strike")
    new_article.add_argument("--title", default="", help="its headline")
    new_article.add_argument(
        "--sides", default="", help="the two countries or sides, such as “Norland, Velsk”"
    )
    new_article.add_argument("--outlet", default="", help="who published it")
    new_article.add_argument("--date", default="", help="when, such as 2027-01-15")
    new_article.add_argument("--source", default="", help="where you have it from")
    new_article.add_argument("--rights", default="", help="what may be done with it")
    new_article.set_defaults(run=_new_article)

    collect = commands.add_parser("collect", help="marks and agreement from a class's work files")
    collect.add_argument(
        "folder", type=Path, metavar="FOLDER", help="what came back, at any depth, or one zip"
    )
    collect.add_argument("--out", type=Path, metavar="FOLDER", required=True)
    collect.add_argument("--assignment", type=Path, metavar="FILE", help="what was asked")
    collect.add_argument(
        "--rubric", type=Path, metavar="CSV", help="a copy of free-text.csv with your marks in it"
    )
    collect.set_defaults(run=_collect)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (by default the one on the command line) and return its exit status."""
    print_what_can_be_shown()
    options = _parser().parse_args(arguments)
    try:
        print(options.run(options))
    except KitError as problem:
        print(one_line(str(problem)), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
