"""Panels for the instructor's notebooks: hand out an assignment, add an article. No code needed.

A panel shows what it would do before it does it. Which added article the other cells work on is
kept in the work folder, so the notebook finds it again on another day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from kit import datasets, exercises, intake
from kit.classroom import assign, new_article
from kit.classroom.assignment import Assignment
from kit.classroom.compose import compose, lessons_of, own_lesson
from kit.classroom.pairs import read_pairs
from kit.classroom.words import secret
from kit.durable import replace_file
from kit.errors import KitError
from kit.lessons import ARTICLE, Lesson
from kit.lessons.brought import FIELDS, preview, taken
from kit.lessons.shown import Shown, place
from kit.phrases import join, plural
from kit.printed import bullets, table, typed
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.workbook import NotSaved, Workbook, work_folder

if TYPE_CHECKING:
    from kit.widgets.labeller import Labeller

__all__ = ["add_article", "hand_out", "keep_as_reference", "label"]

Values = Mapping[str, str | Upload]

_NOTHING = (
    "Nothing here yet: add an article at the top of this page, then choose Run → Run All Cells."
)
_AGAIN = "Now choose Run → Run All Cells once more, and look through the suggestions below."


# -- an assignment ---------------------------------------------------------------------------------


def hand_out() -> Panel:
    """Return the panel that makes a folder and a zip for a class."""

    def press(panel: Panel, button: str, values: Values) -> Answer:
        if button == "offered":
            panel.html = _offered()
            return Answer("Open a line above to see the lessons and exercises of an article.")
        mode = "graded" if button in ("show-graded", "graded") else "practice"
        assignment = _assignment(values, mode)
        panel.html = _plan(assignment)
        if button.startswith("show"):
            return Answer("Nothing is made yet. Read what is secret and what is not, above.")
        out = _out(values, assignment)
        assign.make(assignment, out)
        zipped = assign.make(assignment, out, zipped=True)
        return Answer(
            f"Made: the folder {place(out)} and the file {place(zipped)}. Hand out either, whole."
        )

    return Panel(
        "Hand out an assignment: nothing made on this page yet",
        "<p>Press the first button to see what there is. Fill in what you want, and look at what "
        "it would be before you make it.</p>",
        fields=[
            Field("title", "Its title, as students see it"),
            Field("id", "A short name for it, such as week-3"),
            Field("lessons", "Lessons, by their numbers, such as 03 04"),
            Field("exercises", "Exercises that count, such as 3.1 3.3 (empty: all)"),
            Field("layers", "Layers on which the class is compared (empty: all in the lessons)"),
            Field("article", "Article (empty: the one that the lessons are about)"),
            Field("due", "Last day, such as 2027-02-01 (empty: none)"),
            Field("pairs", "Pairs, a line each: ana, ben (empty: none)", type="area"),
            Field("file", "or a CSV file of pairs", type="file"),
            Field("out", "Folder (empty: work/handouts, then the short name)"),
        ],
        buttons=[
            ("offered", "Show what there is to choose from"),
            ("show-practice", "Show what a practice folder would be"),
            ("show-graded", "Show what a graded folder would be"),
            ("practice", "Make it for practice"),
            ("graded", "Make it for a mark"),
        ],
        on_press=press,
    )


def _assignment(values: Values, mode: str) -> Assignment:
    return compose(
        _line(values, "id"),
        _line(values, "title"),
        _several(values, "lessons"),
        article=_line(values, "article"),
        exercises=_several(values, "exercises"),
        layers=_several(values, "layers"),
        due=_line(values, "due"),
        mode=mode,
        pairs=_pairs(values),
    )


def _pairs(values: Values) -> tuple[tuple[str, str], ...]:
    typed, opened = _line(values, "pairs"), values.get("file")
    if typed and isinstance(opened, Upload):
        raise KitError("There are pairs in the box and a file is open. To use the file, empty it.")
    if isinstance(opened, Upload):
        return read_pairs(opened.data)
    return read_pairs(typed) if typed else ()


def _out(values: Values, assignment: Assignment) -> Path:
    typed = _line(values, "out")
    if "\0" in typed:
        raise KitError("A folder’s name cannot hold such signs.")
    folder = Path(typed).expanduser() if typed else work_folder() / "handouts" / assignment.id
    return folder if folder.is_absolute() else datasets.root() / folder


def _offered() -> str:
    """Return what can be chosen, as HTML."""
    parts = []
    for article in [ARTICLE, *(id for id in datasets.article_ids() if id != ARTICLE)]:
        lessons = lessons_of(article)
        if not lessons:
            continue
        items = []
        for lesson in lessons:
            asked = ", ".join(
                f"{exercise.id} {escape(exercise.title)}" for exercise in exercises.load(lesson)
            )
            items.append(f"<strong>{escape(lesson)}</strong>: {asked}")
        layers = ", ".join(layer.id for layer in datasets.codebook(article).layers)
        title = datasets.load_article(article).title
        parts.append(
            f"<details><summary>Article <strong>{escape(article)}</strong>: “{escape(title)}” "
            f"({plural(len(lessons), 'lesson')})</summary>{bullets(items)}"
            f"<p>Layers: {escape(layers)}.</p></details>"
        )
    return "".join(parts)


def _plan(assignment: Assignment) -> str:
    rows = [
        ("Title", assignment.title),
        ("Short name", assignment.id),
        ("Article", assignment.article),
        ("Lessons", ", ".join(assignment.lessons)),
        ("Exercises that count", ", ".join(assignment.exercises)),
        ("Layers compared", ", ".join(assignment.layers)),
        ("Last day", f"{assignment.due}" if assignment.due else "none"),
        ("For", "a mark" if assignment.mode == "graded" else "practice"),
        ("Pairs", "; ".join(f"{a} and {b}" for a, b in assignment.pairs) or "none"),
    ]
    body = table((), [(name, typed(said)) for name, said in rows])
    told = "".join(
        f"<p style='white-space: pre-line'>{escape(part)}</p>"
        for part in secret(assignment).split("\n\n")[1:]
    )
    return f"{body}<section><h4>What is secret, and what is not</h4>{told}</section>"


# -- a new article ---------------------------------------------------------------------------------


def add_article(data: Path | None = None) -> Panel:
    """Return the panel that adds an article of the instructor's own, or goes back to one.

    Args:
        data: where the articles' folders lie; the kit's ``datasets/`` if None.
    """

    def press(panel: Panel, button: str, values: Values) -> Answer:
        if button.startswith("back-"):
            id = button.removeprefix("back-")
            new_article.workbook_of(id, data)
            _choose(id)
            panel.html = _now(data)
            return Answer(f"Chosen: {id}. {_AGAIN}")
        text, name = taken(values)
        if button == "check":
            cleaned = intake.clean(text, name=name)
            panel.html = _now(data) + preview(cleaned)
            title = _line(values, "title") or new_article.headline_of(cleaned.text, data)
            return Answer(
                f"Nothing is kept yet. The headline: “{title}”. Is this the story, from its first "
                "line to its last? Then press “Add this article”."
            )
        about = {key: _line(values, key) for key in ("id", "title", "outlet", "date", "source")}
        added = new_article.add(text, name=name, data=data, **about)
        _choose(added.article.id)
        panel.html = _now(data) + _told(added)
        return Answer(f"Added: “{added.article.title}”. {_AGAIN}")

    here = _current(data)
    others = [id for id in new_article.added_ids(data) if id != here]
    return Panel(
        f"Add an article: {here or 'none added yet'}",
        _now(data),
        fields=[
            *(field for field in FIELDS if field.id != "title"),
            Field("title", "Its headline (empty: the line that looks like one)"),
            Field("id", "A short name for it, such as harbour-strike (empty: from the headline)"),
            Field("outlet", "Who published it (students see this)"),
            Field("date", "When, such as 15 January 2027 (students see this)"),
            Field("source", "Where you have it from (for your own files)"),
        ],
        buttons=[
            ("check", "Show what would be cleaned"),
            ("add", "Add this article"),
            *((f"back-{id}", f"Work on {id}") for id in others),
        ],
        on_press=press,
        below=True,
    )


def label(layer: str, data: Path | None = None) -> Labeller | Shown:
    """Return the labeller on one layer of the article that was added, with the suggestions in it.

    Raises:
        CodebookError: there is no such layer.
    """
    id = _current(data)
    if not id:
        return _said(_NOTHING)
    return Lesson(own_lesson(id), new_article.workbook_of(id, data)).label(layer)


def keep_as_reference(data: Path | None = None) -> Panel | Shown:
    """Return the panel that keeps the labels as the article's reference. Until another one is
    made, it shows how far the labels are, as they change."""
    id = _current(data)
    if not id:
        return _said(_NOTHING)
    workbook = new_article.workbook_of(id, data)

    def press(panel: Panel, _button: str, values: Values) -> Answer:
        layers = [name.lower() for name in _several(values, "layers")]
        new_article.keep_reference(id, new_article.workbook_of(id, data).coding, data, layers)
        panel.html = _labels(id, data) + _exercises(id, data)
        return Answer(f"Kept as the reference of {id}. Above stands what your class will be asked.")

    panel = Panel(
        f"Keep as reference: {id}",
        _labels(id, data),
        fields=[Field("layers", "Layers to keep, such as position role (empty: all)")],
        buttons=[("keep", "Keep as reference")],
        on_press=press,
    )

    def follow(_workbook: Workbook) -> None:
        with suppress(KitError):  # its files may be gone; whoever presses the button is told
            panel.html = _labels(id, data)

    while _following:
        _following.pop()()
    _following.append(workbook.subscribe(follow))
    return panel


_following: list[Callable[[], None]] = []


def _labels(id: str, data: Path | None) -> str:
    """Return how far somebody is with the labels of an article, as HTML."""
    gone = new_article.gone_through(id, new_article.workbook_of(id, data).coding, data)
    heads = ("Layer", "As suggested", "Changed", "Your own", "Taken out")
    rows = [
        (escape(one.layer.title), *(f"{n}" for n in (one.same, one.changed, one.own, one.out)))
        for one in gone
    ]
    untouched = [escape(one.layer.title) for one in gone if one.untouched]
    doubt = (
        f"<p>Untouched so far: {join(untouched)}. Are you content with every suggestion there? If "
        "you have not looked, leave it out: name the other layers below.</p>"
    )
    return (
        f"<p><strong>{escape(id)}</strong> has {plural(sum(one.labels for one in gone), 'label')}. "
        "A reference is a reading that somebody stands for.</p>"
        f"{table(heads, rows, numbers=range(1, 5))}{doubt if untouched else ''}"
    )


def _exercises(id: str, data: Path | None) -> str:
    """Return what a class is asked about an article, and how to hand it out, as HTML."""
    items = []
    for one in new_article.exercises_of(id, data):
        where = ", ".join(one.units or one.blocks)
        how = "checked" if one.checked else "read by you"
        if one.checked and one.item == "anchor":
            how = f"checked against your labels of {where}"
        items.append(f"{one.id} <em>{escape(one.title)}</em> ({how})")
    return (
        f"<p><strong>The exercises</strong></p>{bullets(items)}"
        "<p><strong>To hand it out,</strong> open <em>assign.ipynb</em>. Its lesson is "
        f"<strong>07</strong>, its article <strong>{escape(id)}</strong>.</p>"
    )


def _told(added: new_article.Added) -> str:
    parts = []
    for listed, lines in groupby(new_article.told(added, ""), lambda line: line[:2] == "- "):
        if listed:
            parts.append(bullets(f"<span dir='auto'>{escape(line[2:])}</span>" for line in lines))
        else:
            parts += [f"<p dir='auto'>{escape(line)}</p>" for line in lines]
    return "".join(parts)


def _now(data: Path | None) -> str:
    here = _current(data)
    if not here:
        return "<p><strong>No article has been added yet.</strong></p>"
    return f"<p><strong>The article now:</strong> {escape(here)}.</p>"


# -- which article ---------------------------------------------------------------------------------


def _choice() -> Path:
    return work_folder() / "instructor" / "new-article.txt"


def _current(data: Path | None) -> str:
    """Return the id of the added article that was chosen last; "" where there is none."""
    there = new_article.added_ids(data)
    try:
        with _choice().open("rb") as file:
            id = file.read(100).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        id = ""
    return id if id in there else ""


def _choose(id: str) -> None:
    path = _choice()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, f"{id}\n".encode(), backup=path.with_suffix(".bak.txt"))
    except OSError as problem:
        raise NotSaved(f"{path} could not be written: {problem.strerror or problem}.") from None


def _line(values: Values, id: str) -> str:
    value = values.get(id, "")
    return value.strip() if isinstance(value, str) else ""


def _several(values: Values, id: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", _line(values, id)) if word]


def _said(sentence: str) -> Shown:
    return Shown(sentence, f"<p class='kit-wait'>{escape(sentence)}</p>")
