"""Panels for the instructor's notebook on results: collect a class, look at it, settle a pair.

Names are not on the page until somebody asks for them: what hides them is done here, before the
page gets anything, so a projector cannot show what is not there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from desk.collect import class_report, tables
from desk.collect.collect import collect
from desk.collect.pair import Pair
from desk.collect.places import remember_results, typed_path, usual_results
from desk.collect.roll import Roll
from desk.collect.submissions import shown
from desk.handout import assignment as assignments
from desk.pages.filled_in import Values, line
from kit.base.durable import replace_file
from kit.base.errors import KitError
from kit.base.phrases import plural
from kit.base.templating import macros, style_sheet
from kit.lessons.cell_output import place
from kit.library import datasets
from kit.library.course import ARTICLE
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.work.errors import NotSaved, saving
from kit.work.names import stem_before, work_folder

# -- a class ---------------------------------------------------------------------------------------

_COLLECT = [("collect", "Collect and mark")]
_LOOK = [("report", "Show the class report"), ("who", "Who read it how")]
_ASKED = ("folder", "out", "handout", "assignment", "rubric")
_LABELS = {"names": "Show names", "hide": "Hide names"}
#: What is chosen where the assignment is none that was made here, and how many are offered.
_OTHER, _MOST = "other", 8

_DRAWN = macros("results", "desk")


class _Collected(NamedTuple):
    """What was collected last, from where, and when."""

    asked: tuple[str, ...]
    roll: Roll
    made: datetime
    told: Markup


def class_results() -> Panel:
    """Return the panel that collects a class's work and shows the report on it."""
    last: _Collected | None = None
    # What is shown: the whole report, whom to ask, or a paragraph.
    view = "report"

    def press(panel: Panel, button: str, values: Values) -> Answer:
        nonlocal last, view
        asked = tuple(line(values, id) for id in _ASKED)
        if button == "collect":
            last = _collect(asked, dict(handouts))
            panel.html = last.told
            panel.buttons = _buttons(last.roll)
            return Answer(f"Collected: {_used(last.roll)}. Press “Show the class report” to look.")
        if last is None:
            raise KitError("Press “Collect and mark” first; then there is something to show.")
        if asked != last.asked:
            raise KitError(
                "What is filled in above has changed since you collected. Press “Collect and mark” "
                "again first."
            )
        if button == "who":
            view = _block(last.roll, line(values, "paragraph"))
        elif button in ("report", "ask"):
            view = button
        elif button == "hide" and view == "ask":
            view = "report"  # that list is made of names
        names = button in ("names", "ask")
        panel.html = (
            report(last.roll, made=last.made, names=names)
            if view == "report"
            else problems(last.roll)
            if view == "ask"
            else who(last.roll, view, names=names)
        )
        panel.buttons = _buttons(last.roll, "hide" if names else "names")
        return Answer(
            "Names are shown. Press “Hide names” before others can see this page."
            if names
            else "Names are hidden. What students wrote may still hold a name."
        )

    handouts = _handouts()
    which = [(id, _title(path)) for id, path in handouts]
    return Panel(
        "The results of a class: nothing collected on this page yet",
        _DRAWN.before(),
        fields=[
            Field("folder", "Folder, or zip, with the work that came back"),
            *(
                [
                    Field(
                        "handout",
                        "Which assignment is it?",
                        type="one",
                        options=[*which, (_OTHER, "None of these")],
                    )
                ]
                if which
                else []
            ),
            Field("paragraph", "For “Who read it how”: a paragraph, such as P6", enter="who"),
            Field(
                "assignment",
                "Assignment file, if it lies elsewhere: assignment.json (empty: none)",
                folded=True,
            ),
            Field("out", "Folder for the results (empty: work/class-results)", folded=True),
            Field("rubric", "Marks for free text in a table, as CSV (empty: none)", folded=True),
        ],
        buttons=_COLLECT,
        on_press=press,
        below=True,
    )


def _handouts() -> list[tuple[str, Path]]:
    """Return the assignments that were made on the page for it: ids and files, newest first."""
    found = []
    for path in (datasets.root() / work_folder() / "handouts").glob(f"*/{assignments.FILE}"):
        with suppress(OSError):
            found.append((path.stat().st_mtime, path.parent.name, path))
    newest = sorted(found, reverse=True)[:_MOST]
    return [(f"{n}", path) for n, (_, _, path) in enumerate(newest, start=1)]


def _title(path: Path) -> str:
    try:
        made = assignments.read(path)
    except KitError:
        return path.parent.name
    mode = "for a mark" if made.mode == "graded" else "for practice"
    return f"{made.title} ({mode}, in the folder {path.parent.name})"


def _buttons(roll: Roll, more: str = "") -> list[dict[str, str]]:
    ask = [("ask", "Whom to ask what")] if roll.problems else []
    there = [*_COLLECT, *_LOOK, *ask, *([(more, _LABELS[more])] if more else [])]
    return [{"id": id, "label": label} for id, label in there]


def _block(roll: Roll, typed: str) -> str:
    """Return the id of the paragraph that somebody typed.

    Raises:
        KitError: the article has no such paragraph.
    """
    blocks = [block.id for block in roll.plan.article.blocks]
    number = re.fullmatch(r"\s*[pP¶]?\s*0*(\d{1,6})\s*", typed, re.ASCII)
    if number and f"P{number[1]}" in blocks:
        return f"P{number[1]}"
    if not typed:
        raise KitError("Write which paragraph you mean, such as P6.")
    raise KitError(f"There is no paragraph {shown(typed, 20)}: the text has P1 to {blocks[-1]}.")


def _collect(asked: tuple[str, ...], handouts: Mapping[str, Path]) -> _Collected:
    typed, typed_out, chosen, typed_file, typed_table = asked
    if not typed:
        raise KitError("Name the folder with the work that came back.")
    if handouts and not typed_file and chosen not in (_OTHER, *handouts):
        raise KitError("Choose which assignment it is, or “None of these”.")
    if chosen in handouts and typed_file:
        raise KitError(
            "An assignment is chosen and a file is named. Choose “None of these”, or name no file."
        )
    file = typed_path(typed_file) if typed_file else handouts.get(chosen)
    folder = typed_path(typed)
    _refuse_everything(folder)
    out = typed_path(typed_out) if typed_out else usual_results()
    made = datetime.now()
    table = typed_path(typed_table) if typed_table else None
    roll = collect(folder, out, file, rubric=table, now=lambda: made)
    with suppress(NotSaved):  # it only saves typing on the page for free text
        remember_results(out)
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
    n = roll.to_ask
    asks = {0: "no file needs", 1: "1 needs"}.get(n, f"{n:,} need")
    return f"{plural(len(roll.students), 'file')} used, {asks} a question"


def _told(roll: Roll, out: Path) -> Markup:
    """Return what came of collecting, as HTML."""
    to_mark = sum(roll.total(student).to_mark for student in roll.students)
    used = _used(roll).capitalize()
    where = place(out)
    return _DRAWN.collected(used, roll.plan.title, where, roll.to_ask, roll.problems, to_mark)


# -- the report ------------------------------------------------------------------------------------

_NAME = re.compile(r"<span class=['\"]name['\"]>.*?</span>", re.DOTALL)
_ALIAS = re.compile(r"<span class=['\"]alias['\"]>.*?</span>", re.DOTALL)

_STYLE = class_report.PICTURES + style_sheet("results", "desk")


def report(roll: Roll, *, made: datetime, names: bool = False) -> Markup:
    """Return the report on a class, as HTML for a panel.

    Args:
        roll: the class.
        made: when it was collected.
        names: whether names are in it; otherwise “Student 1” and so on stand for them.
    """
    contents = _with(names, class_report.contents(roll, folded=True))
    return _DRAWN.report(_STYLE, f"{made:%Y-%m-%d at %H:%M}", contents)


def who(roll: Roll, block: str, *, names: bool = False) -> Markup:
    """Return how each student, the reference and the rules read a paragraph, as HTML for a panel.

    Args:
        roll: the class.
        block: the paragraph, such as ``"P6"``.
        names: as for :func:`report`.
    """
    body = _with(names, class_report.who_read_it_how(roll, block))
    return _DRAWN.part(_STYLE, block, body)


def problems(roll: Roll) -> Markup:
    """Return the files that need somebody, with names, as HTML for a panel."""
    typed = macros("common").typed
    _, *rows = tables.problems(roll)
    told = [[typed(str(said)) for said in (row[1], *row[4:])] for row in rows]
    return _DRAWN.part(_STYLE, "Whom to ask what", _DRAWN.problems(told))


def _with(names: bool, html: Markup) -> Markup:
    # What students wrote is escaped: only the report itself can hold such a span.
    return Markup((_ALIAS if names else _NAME).sub("", html))


# -- two students ----------------------------------------------------------------------------------


def two_students() -> Panel:
    """Return the panel that lays two students' work side by side and keeps what they settle."""
    shown: dict[tuple[Path, Path, str], dict[str, str]] = {}

    def press(panel: Panel, button: str, values: Values) -> Answer:
        one, other = _handed_in(values, "one", "first"), _handed_in(values, "other", "second")
        layer = line(values, "layer")
        pair = Pair(one, other, layer)
        if button == "compare":
            said = "Here they are side by side. Nothing is changed."
        else:
            where, label, reason = (line(values, id) for id in ("place", "label", "reason"))
            copies = pair.resolve(where, label, reason, shown.get((one, other, layer), {}))
            said = (
                f"Settled, in {place(copies[0])} and {place(copies[1])}. What was handed in is as "
                "it was."
            )
        shown[one, other, layer] = pair.settlements()
        panel.html = pair.compare()
        return Answer(said)

    layers = [(layer.id, layer.title) for layer in datasets.codebook(ARTICLE).layers]
    return Panel(
        "Two students side by side: nothing chosen yet",
        _DRAWN.pair_before(),
        fields=[
            Field("one-file", "First student’s work file", type="file"),
            Field("other-file", "Second student’s work file", type="file"),
            Field("layer", "Layer", type="one", options=layers),
            Field("place", "To settle: the place, as in the table, such as P6 or P8-1"),
            Field(
                "label",
                "To settle: the label both agree on, or what they chose otherwise, such as Direct "
                "(for words also keep, or none)",
            ),
            Field("reason", "To settle: why, in a sentence"),
            Field("one", "First student’s file by its name, in place of opening it", folded=True),
            Field("other", "Second student’s file by its name", folded=True),
        ],
        buttons=[("compare", "Compare"), ("settle", "Settle this place")],
        on_press=press,
        below=True,
    )


def _handed_in(values: Values, id: str, which: str) -> Path:
    """Return where a student's file lies; one that was opened in the page is kept first."""
    typed, opened = line(values, id), values.get(f"{id}-file")
    if typed and isinstance(opened, Upload):
        raise KitError(f"The {which} file is named and another is open. Empty one of the two.")
    if isinstance(opened, Upload):
        return _kept(opened)
    if not typed:
        raise KitError(f"Name the {which} student’s work file, or open it.")
    return typed_path(typed)


def _kept(opened: Upload) -> Path:
    """Keep a file that was opened in the page, so that a copy can lie beside it.

    Its name is whatever the page says: only plain letters of it are used. The same file comes to
    lie in the same place, whatever was settled beside it.
    """
    digits = hashlib.sha256(opened.data).hexdigest()[:8]
    stem = stem_before(shown(Path(opened.name).stem, 60))
    path = work_folder().absolute() / "pairs" / f"{stem}-{digits}.json"
    with saving(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            replace_file(path, opened.data, backup=path.with_suffix(".bak.json"))
    return path
