"""Panels for the instructor's notebooks: hand out an assignment, add an article. No code needed.

A panel shows what it would do before it does it. Which added article the other cells work on is
kept in the work folder, so the notebook finds it again on another day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from desk.author import new_article
from desk.base.lesson_facts import facts_of
from desk.base.markdown import words_of
from desk.collect.places import remember, remembered, typed_path
from desk.handout import assign
from desk.handout.assignment import Assignment, Mode
from desk.handout.compose import compose, has_own_lesson, lessons_of, own_lesson
from desk.handout.covering_notes import secret
from desk.handout.notebooks import notebook_of
from desk.handout.pairs import read_pairs
from desk.pages.filled_in import Values, line
from kit import exercises
from kit.base.errors import KitError
from kit.base.phrases import one_line
from kit.base.templating import macros
from kit.exercises import UNSEEN
from kit.exercises.markup import plain
from kit.lessons import Lesson
from kit.lessons.cell_output import CellOutput, place, waiting
from kit.lessons.texts import FIELDS, chosen, preview, taken
from kit.lessons.work import question_panel
from kit.library import datasets
from kit.library.course import ARTICLE
from kit.text import intake
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.work.names import work_folder
from kit.work.workbook import Workbook

if TYPE_CHECKING:
    from kit.widgets.labeller import Labeller

#: Under what the article is remembered that was chosen last.
_CHOSEN = "new-article"
_NOTHING = "Nothing here yet: add an article at the top of this page."
_BELOW = "Its text and the suggestions stand below."

_DRAWN = macros("forms", "desk")


# -- an assignment ---------------------------------------------------------------------------------


def hand_out() -> Panel:
    """Return the panel that makes a folder and a zip for a class."""

    def press(panel: Panel, button: str, values: Values) -> Answer:
        assignment = _assignment(values)
        out, offered = _out(values, assignment), _offered()
        if button == "show":
            panel.html = _plan(assignment, out) + offered
            return Answer("Nothing is made yet. Read below what it would be.")
        assign.make(assignment, out)
        zipped = assign.make(assignment, out, zipped=True)
        panel.html = _next(assignment, out, zipped) + _plan(assignment, out) + offered
        return Answer(
            f"Made: the folder {place(out)} and the file {place(zipped)}. Hand out either, whole."
        )

    return Panel(
        "Hand out an assignment: nothing made on this page yet",
        _offered(added=False),  # what the notebook stores is the same on every machine
        fields=[
            Field("title", "Title, as students see it"),
            Field("lessons", "Lessons", type="several", options=_lessons()),
            Field("mode", "What it is for", type="one", options=_MODES),
            Field("due", "Last day, if there is one", type="day"),
            Field("pairs", "Pairs, if you want any: one a line, such as Ana, Ben", type="area"),
            Field("exercises", "Exercises that count, such as 3.1 3.3 (empty: all)", folded=True),
            Field(
                "layers",
                "What the class is compared on (none ticked: all that the lessons label)",
                type="several",
                options=[(layer.id, layer.title) for layer in datasets.codebook(ARTICLE).layers],
                folded=True,
            ),
            Field("article", "Article", type="one", options=_articles(), folded=True),
            Field("file", "Pairs from a CSV file instead", type="file", folded=True),
            Field("id", "Short name, such as week-3 (empty: from the title)", folded=True),
            Field("out", "Folder (empty: work/handouts, then the short name)", folded=True),
        ],
        buttons=[("show", "Show what it would be"), ("make", "Make it")],
        on_press=press,
        below=True,
    )


_MODES: tuple[tuple[Mode, str], ...] = (
    ("practice", "For practice: the forms check answers, and the folder holds them"),
    ("graded", "For a mark: the forms only keep answers, and the folder holds none"),
)


def _lessons() -> list[tuple[str, str]]:
    """Return the lessons as options: their numbers, with their titles."""
    found = []
    for lesson in lessons_of(ARTICLE):
        number = lesson.partition("-")[0]
        title = facts_of(notebook_of(lesson), lesson).title.removeprefix(f"{number} · ")
        found.append((number, f"{number} {title}"))
    return found


def _articles() -> list[tuple[str, str]]:
    """Return the articles as options."""
    others = (id for id in datasets.article_ids() if id != ARTICLE and lessons_of(id))
    return [
        ("", "The one that the lessons are about"),
        *((id, f"{datasets.load_article(id).title} ({id}; lesson 07)") for id in others),
    ]


def _assignment(values: Values) -> Assignment:
    title = line(values, "title")
    if not title:
        raise KitError("Write a title first; students see it.")
    if not (lessons := _several(values, "lessons")):
        raise KitError("Choose one lesson or more.")
    mode = next((mode for mode, _ in _MODES if mode == line(values, "mode")), None)
    if mode is None:
        # Neither is safe to guess: a folder for practice holds the answers.
        raise KitError("Choose what it is for: for practice, or for a mark.")
    return compose(
        line(values, "id") or _short(title),
        title,
        lessons,
        article=line(values, "article"),
        exercises=_several(values, "exercises"),
        layers=_several(values, "layers"),
        due=line(values, "due"),
        mode=mode,
        pairs=_pairs(values),
    )


def _short(title: str) -> str:
    """Return the short name that a title suggests."""
    short = "-".join(words_of(title))[:40].strip("-")
    if not short:
        raise KitError("Open “More choices” and give it a short name, such as week-3.")
    return short


def _pairs(values: Values) -> tuple[tuple[str, str], ...]:
    typed, opened = line(values, "pairs"), values.get("file")
    if typed and isinstance(opened, Upload):
        raise KitError("There are pairs in the box and a file is open. To use the file, empty it.")
    if isinstance(opened, Upload):
        return read_pairs(opened.data)
    return read_pairs(typed) if typed else ()


def _out(values: Values, assignment: Assignment) -> Path:
    if typed := line(values, "out"):
        return typed_path(typed)
    return datasets.root() / work_folder() / "handouts" / assignment.id


def _offered(*, added: bool = True) -> Markup:
    """Return what can be chosen; articles that an instructor has added only if asked."""
    articles = []
    for id in [ARTICLE, *(id for id in datasets.article_ids() if id != ARTICLE)]:
        lessons = lessons_of(id)
        if lessons and (added or not has_own_lesson(id)):
            asked = {lesson: _asked(lesson) for lesson in lessons}
            articles.append((datasets.load_article(id), asked))
    return _DRAWN.offered(articles)


def _asked(lesson: str) -> list[tuple[str, str]]:
    asked = [e for e in exercises.load(lesson) if e.article != UNSEEN]  # never marked
    return [(exercise.id, plain(exercise.title)) for exercise in asked]


def _next(assignment: Assignment, out: Path, zipped: Path) -> Markup:
    """Return what to do with what was made."""
    there = Path(place(zipped))
    return _DRAWN.next(
        assignment.mode == "graded",
        zipped.name,
        () if there.is_absolute() else there.parent.parts,
        out.parent == datasets.root() / work_folder() / "handouts",
    )


def _plan(assignment: Assignment, out: Path) -> Markup:
    titles = dict(one for lesson in assignment.lessons for one in _asked(lesson))
    layers = {layer.id: layer.title for layer in datasets.codebook(assignment.article).layers}
    return _DRAWN.plan(
        assignment,
        [(id, titles.get(id, "")) for id in assignment.exercises],
        [layers[id] for id in assignment.layers],
        place(out),
        [_told_part(part) for part in secret(assignment).split("\n\n")[1:]],
    )


def _told_part(part: str) -> tuple[str, list[str]]:
    """Return a paragraph of plain text: its words, and of lines that begin with a hyphen a list."""
    head, *items = re.split(r"^- ", part, flags=re.MULTILINE)
    return one_line(head), [one_line(item) for item in items]


# -- a new article ---------------------------------------------------------------------------------


def add_article() -> Panel:
    """Return the panel that adds an article of the instructor's own, or goes back to one."""

    def press(panel: Panel, button: str, values: Values) -> Answer:
        if button.startswith("back-"):
            id = button.removeprefix("back-")
            new_article.workbook_of(id)
            remember(_CHOSEN, id)
            panel.html = _now()
            return Answer(f"Chosen: {id}. {_BELOW}", again=True)
        text, name = taken(values)
        choices, choose = chosen(values, text, name)
        cleaned = intake.clean(text, name=name, choices=choices)
        if button == "check":
            panel.html = _now() + preview(cleaned)
            panel.ask(*fields, *choose)
            title = line(values, "title") or new_article.headline_of(cleaned.text)
            return Answer(
                f"Nothing is kept yet. The headline: “{title}”. Is this the story, from its first "
                "line to its last? Then press “Add this article”."
            )
        keys = ("id", "title", "outlet", "date", "source", "sides")
        about = {key: line(values, key) for key in keys}
        added = new_article.add(text, name=name, choices=choices, **about)
        remember(_CHOSEN, added.article.id)
        panel.html = _now() + _told(added)
        return Answer(f"Added: “{added.article.title}”. {_BELOW}", again=True)

    here = _current()
    others = [id for id in new_article.added_ids() if id != here]
    fields = [
        *(field for field in FIELDS if field.id != "title"),
        Field("title", "Its headline (empty: the line that looks like one)"),
        Field("sides", "The two countries or sides that it is about, such as Norland, Velsk"),
        Field("id", "A short name for it, such as harbour-strike (empty: from the headline)"),
        Field("outlet", "Who published it (students see this)"),
        Field("date", "When, such as 15 January 2027 (students see this)"),
        Field("source", "Where you have it from (for your own files)"),
    ]
    return Panel(
        f"Add an article: {here or 'none added yet'}",
        _now(),
        fields=fields,
        buttons=[
            ("check", "Show what would be cleaned"),
            ("add", "Add this article"),
            *((f"back-{id}", f"Work on {id}") for id in others),
        ],
        on_press=press,
        below=True,
    )


def label(layer: str) -> Labeller | Panel | CellOutput:
    """Return the labeller on one layer of the article that was added, with the suggestions in it.

    Raises:
        CodebookError: there is no such layer.
    """
    id = _current()
    if not id:
        return waiting(_NOTHING)
    workbook = new_article.workbook_of(id)
    if workbook.question is not None:
        return question_panel(workbook)
    return Lesson(own_lesson(id), workbook).label(layer)


def keep_as_reference() -> Panel | CellOutput:
    """Return the panel that keeps the labels as the article's reference. Until another one is
    made, it shows how far the labels are, as they change."""
    id = _current()
    if not id:
        return waiting(_NOTHING)
    workbook = new_article.workbook_of(id)

    def press(panel: Panel, _button: str, values: Values) -> Answer:
        layers = [name.lower() for name in _several(values, "layers")]
        new_article.keep_reference(id, new_article.workbook_of(id).coding, layers)
        panel.html = _labels(id) + _DRAWN.exercises(id, new_article.exercises_of(id))
        return Answer(f"Kept as the reference of {id}. Above stands what your class will be asked.")

    panel = Panel(
        f"Keep as reference: {id}",
        _labels(id),
        fields=[Field("layers", "Layers to keep, such as position role (empty: all)")],
        buttons=[("keep", "Keep as reference")],
        on_press=press,
    )

    def follow(_workbook: Workbook) -> None:
        with suppress(KitError):  # its files may be gone; whoever presses the button is told
            panel.html = _labels(id)

    while _following:
        _following.pop()()
    _following.append(workbook.subscribe(follow))
    return panel


_following: list[Callable[[], None]] = []


def _labels(id: str) -> Markup:
    """Return how far somebody is with the labels of an article."""
    gone = new_article.gone_through(id, new_article.workbook_of(id).coding)
    rows = [(one.layer.title, one.same, one.changed, one.own, one.out) for one in gone]
    untouched = [one.layer.title for one in gone if one.untouched]
    return _DRAWN.labels(id, gone, rows, untouched)


def _told(added: new_article.Added) -> Markup:
    lines = groupby(new_article.told(added, ""), lambda line: line[:2] == "- ")
    runs = [(listed, [line.removeprefix("- ") for line in run]) for listed, run in lines]
    return _DRAWN.added(runs)


def _now() -> Markup:
    return _DRAWN.article_now(_current())


def _current() -> str:
    """Return the id of the added article that was chosen last; "" where there is none."""
    id = remembered(_CHOSEN)
    return id if id in new_article.added_ids() else ""


def _several(values: Values, id: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", line(values, id)) if word]
