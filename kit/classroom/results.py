"""Panels for the instructor's notebook on results: collect a class, look at it, settle a pair.

Names are not on the page until somebody asks for them: what hides them is done here, before the
page gets anything, so a projector cannot show what is not there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

from kit import datasets
from kit.classroom import class_report, pair
from kit.classroom.collect import collect
from kit.classroom.roll import Roll
from kit.classroom.submissions import shown
from kit.durable import replace_file
from kit.errors import KitError
from kit.lessons.shown import place
from kit.phrases import plural
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.workbook import NotSaved, file_stem, work_folder

__all__ = ["class_results", "two_students"]

Values = Mapping[str, str | Upload]


# -- a class ---------------------------------------------------------------------------------------

_BEFORE = (
    "<p>Name the folder, or the zip, with the work that came back, then press “Collect and mark”. "
    "Nothing in that folder is changed.</p>"
)
_BUTTONS = [("collect", "Collect and mark"), ("report", "Show the class report")]


class _Collected(NamedTuple):
    """What was collected last, from where, and when."""

    asked: tuple[str, str, str]
    roll: Roll
    made: datetime
    told: str


def class_results() -> Panel:
    """Return the panel that collects a class's work and shows the report on it."""
    last: _Collected | None = None

    def press(panel: Panel, button: str, values: Values) -> Answer:
        nonlocal last
        asked = tuple(_line(values, id) for id in ("folder", "out", "assignment"))
        if button == "collect":
            last = _collect(asked)
            panel.html = last.told
            panel.buttons = _buttons()
            return Answer(f"Collected: {_used(last.roll)}. Press “Show the class report” to look.")
        if last is None:
            raise KitError("Press “Collect and mark” first; then there is something to show.")
        if asked != last.asked:
            raise KitError(
                "The folders above have changed since you collected. Press “Collect and mark” "
                "again first."
            )
        names = button == "names"
        panel.html = last.told + report(last.roll, made=last.made, names=names)
        panel.buttons = _buttons("hide" if names else "names")
        return Answer(
            "Names are shown. Press “Hide names” before others can see this page."
            if names
            else "Names are hidden. What students wrote may still hold a name."
        )

    return Panel(
        "The results of a class: nothing collected on this page yet",
        _BEFORE,
        fields=[
            Field("folder", "Folder with the work that came back"),
            Field("out", "Folder for the results (empty: work/class-results)"),
            Field("assignment", "Assignment file (empty: none)"),
        ],
        buttons=_BUTTONS,
        on_press=press,
    )


def _buttons(more: str = "") -> list[dict[str, str]]:
    labels = {"names": "Show names", "hide": "Hide names"}
    there = [*_BUTTONS, *([(more, labels[more])] if more else [])]
    return [{"id": id, "label": label} for id, label in there]


def _collect(asked: tuple[str, str, str]) -> _Collected:
    typed, typed_out, typed_file = asked
    if not typed:
        raise KitError("Name the folder with the work that came back.")
    folder = _path(typed)
    _refuse_everything(folder)
    out = _path(typed_out) if typed_out else (work_folder() / "class-results").absolute()
    made = datetime.now()
    try:
        roll = collect(folder, out, _path(typed_file) if typed_file else None, now=lambda: made)
    except KitError as problem:
        # Here nobody types options of a command.
        raise KitError(str(problem).replace(", with --out", "")) from None
    except (OSError, ValueError) as problem:
        # Names that no file system takes are told in as many ways as there are systems.
        said = getattr(problem, "strerror", None) or problem
        raise KitError(f"This folder cannot be used: {said}.") from None
    return _Collected(asked, roll, made, _told(roll, out))


def _refuse_everything(folder: Path) -> None:
    """Refuse a folder that holds everything: looking through it would take hours."""
    try:
        whole = folder.resolve()
        everything = whole in (Path.home().resolve(), Path(whole.anchor))
    except (OSError, RuntimeError, ValueError):
        return  # collecting says what is wrong with it
    if everything:
        raise KitError(
            "That is everything on this computer, or all that is yours. Name the one folder with "
            "the work that came back."
        )


def _used(roll: Roll) -> str:
    return f"{plural(len(roll.students), 'file')} used, {_asks(roll.to_ask)}"


def _asks(n: int) -> str:
    return {0: "no file needs a question", 1: "1 needs a question"}.get(n, f"{n:,} need a question")


def _told(roll: Roll, out: Path) -> str:
    """Return what came of collecting, as HTML."""
    where = escape(place(out))
    asks = "says which, and what to ask" if roll.to_ask else "says what else was seen"
    return (
        f"<p>{_used(roll).capitalize()}. The marks are in <strong dir='auto'>{where}/marks.csv"
        f"</strong>; <strong>problems.csv</strong> beside it {asks}. The whole report, to print or "
        "to keep, is <strong>report.html</strong> there. All these files hold your students’ "
        "names.</p>"
    )


# -- the report ------------------------------------------------------------------------------------

_BODY = re.compile(r"<main\b[^>]*>(.*)</main>", re.DOTALL)
_NAME = re.compile(r"<span class=['\"]name['\"]>.*?</span>", re.DOTALL)
_ALIAS = re.compile(r"<span class=['\"]alias['\"]>.*?</span>", re.DOTALL)

# The report's own style is for a page of its own; these few lines are for within a notebook.
_STYLE = """
.kit-class-report .strip { display: flex; flex-wrap: wrap; gap: 2px; margin: 0.3rem 0; padding: 0;
  list-style: none; }
.kit-class-report .strip li { width: 2.5rem; padding: 0.1rem 0; border: 1px solid #8a8a8a;
  text-align: center; font: 0.8rem/1.2 sans-serif; color: #000; }
.kit-class-report .strip b { display: block; font-weight: normal; font-size: 0.7rem; color: #333; }
.kit-class-report .bars { width: 100%; } .kit-class-report .bars td:last-child { width: 65%; }
.kit-class-report .bar { display: inline-block; height: 0.8rem; background: #4a7fb5;
  border: 1px solid #2f5c88; }
.kit-class-report td, .kit-class-report th { text-align: left; overflow-wrap: anywhere; }
"""


def report(roll: Roll, *, made: datetime, names: bool = False) -> str:
    """Return the body of the report on a class, as HTML for a panel.

    Args:
        roll: the class.
        made: when it was collected.
        names: whether names are in it; otherwise “Student 1” and so on stand for them.
    """
    page = class_report.page(roll, made=made)
    body = _BODY.search(page)[1]
    # What students wrote is escaped: only the report itself can hold such a span.
    body = (_ALIAS if names else _NAME).sub("", body)
    return f"<style>{_STYLE}</style><div class='kit-class-report'>{body}</div>"


# -- two students ----------------------------------------------------------------------------------


def two_students() -> Panel:
    """Return the panel that lays two students' work side by side and keeps what they settle."""

    def press(panel: Panel, button: str, values: Values) -> Answer:
        one, other = _handed_in(values, "one", "first"), _handed_in(values, "other", "second")
        layer = _line(values, "layer")
        if button == "compare":
            panel.html = pair.compare(one, other, layer)
            return Answer("Here they are side by side. Nothing is changed.")
        copies = pair.resolve(
            one,
            other,
            layer,
            _line(values, "place"),
            _line(values, "label"),
            _line(values, "reason"),
        )
        panel.html = pair.compare(one, other, layer)
        return Answer(
            f"Settled, in {place(copies[0])} and {place(copies[1])}. What was handed in is as it "
            "was."
        )

    return Panel(
        "Two students side by side: nothing chosen yet",
        "<p>Choose two work files, write the name of a layer, and press “Compare”.</p>",
        fields=[
            Field("one", "First student’s work file"),
            Field("one-file", "or open it here", type="file"),
            Field("other", "Second student’s work file"),
            Field("other-file", "or open it here", type="file"),
            Field("layer", "Layer, such as position"),
            Field("place", "To settle: the place, as in the table, such as P6"),
            Field("label", "To settle: the label both agree on (for words also keep, or none)"),
            Field("reason", "To settle: why, in a sentence", type="area"),
        ],
        buttons=[("compare", "Compare"), ("settle", "Settle this place")],
        on_press=press,
    )


def _handed_in(values: Values, id: str, which: str) -> Path:
    """Return where a student's file lies; one that was opened in the page is kept first."""
    typed, opened = _line(values, id), values.get(f"{id}-file")
    if typed and isinstance(opened, Upload):
        raise KitError(f"The {which} file is named and another is open. Empty one of the two.")
    if isinstance(opened, Upload):
        return _kept(opened)
    if not typed:
        raise KitError(f"Name the {which} student’s work file, or open it.")
    return _path(typed)


def _kept(opened: Upload) -> Path:
    """Keep a file that was opened in the page, so that a copy can lie beside it.

    Its name is whatever the page says: only plain letters of it are used. The same file comes to
    lie in the same place, whatever was settled beside it.
    """
    digits = pair.digest(opened.data)[:8]
    stem = file_stem(shown(Path(opened.name).stem, 60))
    path = work_folder().absolute() / "pairs" / f"{stem}-{digits}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            replace_file(path, opened.data, backup=path.with_suffix(".bak.json"))
    except OSError as problem:
        raise NotSaved(f"{path} could not be written: {problem.strerror or problem}.") from None
    return path


# -- pieces ----------------------------------------------------------------------------------------


def _path(typed: str) -> Path:
    """Return the path that somebody typed, from the kit's folder if it begins nowhere.

    Raises:
        KitError: no file system could have such a name.
    """
    # Systems that show a file's path put it into quotation marks when it is copied.
    typed = typed.strip().strip("\"'").strip()
    if not typed.isprintable() or not typed or len(typed) > 4_000:
        raise KitError("A folder’s or a file’s name cannot be written so. Type it again.")
    try:
        path = Path(typed).expanduser()
    except RuntimeError:
        raise KitError(f"There is no folder {shown(typed, 80)}.") from None
    return Path(os.path.normpath(path if path.is_absolute() else datasets.root() / path))


def _line(values: Values, id: str) -> str:
    value = values.get(id, "")
    return value.strip() if isinstance(value, str) else ""
