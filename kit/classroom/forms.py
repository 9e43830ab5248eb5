"""Panels for the instructor's notebooks: hand out an assignment, add an article. No code needed.

A panel shows what it would do before it does it. Which added article the other cells work on is
kept in the work folder, so the notebook finds it again on another day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kit import datasets, exercises, intake
from kit.article import Article
from kit.classroom import assign, new_article
from kit.classroom.assignment import Assignment
from kit.classroom.compose import compose, lessons_of, own_lesson
from kit.classroom.pairs import read_pairs
from kit.classroom.words import secret
from kit.durable import replace_file
from kit.errors import KitError
from kit.intake import Cleaned
from kit.lessons import ARTICLE, Lesson
from kit.lessons.shown import Shown, place
from kit.phrases import plural
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.workbook import NotSaved, work_folder

if TYPE_CHECKING:
    from kit.widgets.labeller import Labeller

__all__ = ["add_article", "hand_out", "keep_as_reference", "label"]

PREVIEW = 10
Values = Mapping[str, str | Upload]

_NOTHING = (
    "No article has been added yet. Add one at the top of this page, then choose "
    "Run → Run All Cells."
)
_AGAIN = "Now choose Run → Run All Cells, and look through the suggestions below."


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
            items.append(f"<li><strong>{escape(lesson)}</strong>: {asked}</li>")
        layers = ", ".join(layer.id for layer in datasets.codebook(article).layers)
        title = datasets.load_article(article).title
        parts.append(
            f"<details><summary>Article <strong>{escape(article)}</strong>: “{escape(title)}” "
            f"({plural(len(lessons), 'lesson')})</summary><ul>{''.join(items)}</ul>"
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
    body = "".join(
        f"<tr><th scope='row'>{name}</th><td dir='auto'>{escape(said)}</td></tr>"
        for name, said in rows
    )
    told = "".join(
        f"<p style='white-space: pre-line'>{escape(part)}</p>"
        for part in secret(assignment).split("\n\n")[1:]
    )
    return f"<table>{body}</table><section><h4>What is secret, and what is not</h4>{told}</section>"


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
        text, name = _text(values)
        if button == "check":
            panel.html = _now(data) + _preview(intake.clean(text, name=name))
            return Answer("Nothing is kept yet. Is this the story? Then press “Add this article”.")
        about = {key: _line(values, key) for key in ("id", "title", "outlet", "date", "source")}
        added = new_article.add(text, name=name, data=data, **about)
        _choose(added.article.id)
        said = "".join(f"<li dir='auto'>{escape(line)}</li>" for line in new_article.told(added))
        panel.html = _now(data) + f"<ul>{said}</ul>"
        return Answer(f"Added: “{added.article.title}”. {_AGAIN}")

    here = _current(data)
    others = [id for id in new_article.added_ids(data) if id != here]
    return Panel(
        f"Add an article: {here or 'none added yet'}",
        _now(data),
        fields=[
            Field("text", "Paste a story here", type="area"),
            Field("file", "or open a text file", type="file"),
            Field("title", "Its headline"),
            Field("id", "A short name for it, such as harbour-strike (empty: from the headline)"),
            Field("outlet", "Who published it"),
            Field("date", "When, such as 2027-01-15"),
            Field("source", "Where you have it from"),
        ],
        buttons=[
            ("check", "Show what would be cleaned"),
            ("add", "Add this article"),
            *((f"back-{id}", f"Work on {id}") for id in others),
        ],
        on_press=press,
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
    """Return the panel that keeps the labels as the article's reference."""
    id = _current(data)
    if not id:
        return _said(_NOTHING)

    def press(panel: Panel, _button: str, _values: Values) -> Answer:
        workbook = new_article.workbook_of(id, data)
        ids = new_article.keep_reference(id, workbook.coding, data)
        panel.html = _labels(id, data)
        return Answer(
            f"Kept as the reference of {id}: {plural(len(workbook.coding), 'label')}. Its "
            f"exercises: {', '.join(ids)}. Hand it out with the other notebook, assign.ipynb."
        )

    return Panel(
        f"Keep as reference: {id}",
        _labels(id, data),
        buttons=[("keep", "Keep as reference")],
        on_press=press,
    )


def _labels(id: str, data: Path | None) -> str:
    coding = new_article.workbook_of(id, data).coding
    counts = [(layer.title, len(coding.on(layer.id))) for layer in coding.codebook.layers]
    unread = sum(one.note.startswith("rule ") for one in coding)
    rows = "".join(
        f"<tr><th scope='row'>{escape(title)}</th><td>{count}</td></tr>" for title, count in counts
    )
    return (
        f"<p><strong>{escape(id)}</strong> has {plural(len(coding), 'label')}; {unread} of them "
        "still carry the note of the rule that suggested them. A reference is a reading that "
        "somebody stands for: look through them first, and take out what is wrong.</p>"
        f"<table>{rows}</table>"
    )


def _now(data: Path | None) -> str:
    here = _current(data)
    if not here:
        return "<p><strong>No article has been added yet.</strong></p>"
    return f"<p><strong>The article now:</strong> {escape(here)}.</p>"


def _text(values: Values) -> tuple[bytes | str, str]:
    pasted, opened = values.get("text", ""), values.get("file")
    pasted = pasted if isinstance(pasted, str) and pasted.strip() else ""
    if pasted and isinstance(opened, Upload):
        raise KitError(
            "There is a text in the box and a file is open. To use the file, empty the box."
        )
    if isinstance(opened, Upload):
        return opened.data, opened.name
    if not pasted:
        raise KitError("Paste a story into the box or open a text file first.")
    return pasted, ""


def _preview(cleaned: Cleaned) -> str:
    """Return what was changed and how the text begins, as HTML."""
    article = Article.from_text("new", cleaned.text)
    changes = "".join(
        f"<li>{escape(change.what)}"
        + (f": <q dir='auto'>{escape(change.example)}</q>" if change.example else "")
        + ".</li>"
        for change in cleaned.changes
    )
    lines = "".join(
        f"<li dir='auto'><small>{block.id}</small> {escape(block.text[:160])}</li>"
        for block in article.blocks[:PREVIEW]
    )
    size = plural(len(article.blocks), "numbered line")
    return (
        (f"<p>What was cleaned:</p><ul>{changes}</ul>" if changes else "<p>It was clean.</p>")
        + f"<p>It has {size}, and begins:</p><ol class='kit-panel-numbered'>{lines}</ol>"
        + "<p>Something there that is not the story? Take it out in the box, or keep it and label "
        "it as what it is.</p>"
    )


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
