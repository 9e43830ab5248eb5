"""A lesson: the one thing a notebook talks to.

::

    from kit import lesson
    today = lesson("02-structure")
    today.label("position")
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kit import datasets
from kit.errors import KitError
from kit.workbook import Workbook, file_stem

if TYPE_CHECKING:
    from kit.charts import Chart
    from kit.coding import Coding
    from kit.widgets.labeller import Labeller
    from kit.widgets.panel import Panel

__all__ = ["Lesson", "LessonError", "lesson"]

ARTICLE = "blinken-beijing-2023"
UNSIGNED = "student"
CHARTS = {"structure": "position", "roles": "role"}


class LessonError(KitError, ValueError):
    """Something was asked of a lesson that it does not have; the message says what it has."""


class Shown:
    """Something a cell shows: HTML for people, one stable line for everything else."""

    def __init__(self, summary: str, html: str):
        self._summary = summary
        self._html = html

    def __repr__(self) -> str:
        return self._summary

    def _repr_html_(self) -> str:
        return self._html


def lesson(id: str, *, student: str | None = None, article: str = ARTICLE) -> Lesson:
    """Open a lesson and greet the student with where their work is kept.

    Args:
        id: the notebook's name, such as ``"02-structure"``.
        student: a name or pseudonym, for machines that several people share; otherwise
            ``$KIT_STUDENT``, or simply ``"student"``.
        article: id of the article, a folder under ``datasets/``.

    Raises:
        LessonError: there is no such lesson.
        ArticleError: there is no such article, or its text has been changed.
        WorkbookError: the student's file belongs to another text or another version of the kit.
    """
    from IPython.display import display

    known = sorted(path.stem for path in (datasets.root() / "notebooks").glob("[0-9]*.ipynb"))
    if id not in known:
        raise LessonError(f"There is no lesson “{id}”. There is: {', '.join(known)}.")
    text = datasets.load_article(article)
    name = student or os.environ.get("KIT_STUDENT") or UNSIGNED
    name = name.encode("utf-8", "replace").decode()  # the system may hand over broken letters
    today = Lesson(id, Workbook.open(text, datasets.codebook(article), name))
    display(today.greeting())
    return today


class Lesson:
    """One sitting with one article: read it, label it, chart it, compare.

    Attributes:
        id: the notebook's name.
        article: the text under study.
        workbook: the student's work on it.
    """

    def __init__(self, id: str, workbook: Workbook):
        self.id = id
        self.workbook = workbook
        self.article = workbook.article

    def __repr__(self) -> str:
        return f"<Lesson {self.id} on {self.article.id}>"

    def greeting(self) -> Shown:
        """Return a line that says whose work this is, how much is there and where it is kept."""
        self.workbook.refresh()
        made = len(self.workbook.coding)
        if made:
            found = f"Welcome back: {_count(made, 'label')} found, saved {_clock(self.workbook)}."
        else:
            found = "You have not labelled anything yet."
        notice = (
            f"<p role='alert'>{escape(self.workbook.notice)}</p>" if self.workbook.notice else ""
        )
        return Shown(
            f"{self.id}: ready. {found}",
            f"{notice}<p><strong>Ready.</strong> {escape(found)} "
            f"Your work is kept in <code>{escape(_place(self.workbook.path))}</code>.</p>",
        )

    def read(self) -> Shown:
        """Show the article as an article, its paragraphs numbered."""
        from kit.widgets.page import article_html

        blocks = len(self.article.blocks)
        summary = f"“{self.article.title}”, {blocks} numbered blocks"
        return Shown(summary, article_html(self.article))

    def label(self, layer: str, only: Iterable[str] | None = None) -> Labeller:
        """Show the labeller on one layer of the codebook; every label is saved at once.

        Args:
            layer: ``"position"``, ``"role"``, ``"attribution"`` …
            only: the units to label, such as ``["P6"]``; by default every one the layer asks
                about. Where it asks about the story only, that is every block which you have
                not labelled as something outside the story.

        Raises:
            CodebookError: there is no such layer.
            LessonError: the article has no such unit.
        """
        from kit.widgets.labeller import Labeller

        wanted = self._story(layer) if only is None else [str(id) for id in only]
        for id in wanted or ():
            try:
                self.article.unit(id)
            except KeyError:
                last = self.article.blocks[-1].id
                raise LessonError(
                    f"There is no {id} in this article: it has P1 to {last}."
                ) from None
        self.workbook.refresh()
        return Labeller(self.workbook, layer, only=wanted)

    def chart(self, name: str) -> Chart:
        """Draw one of the lesson's charts from your own labels: ``"structure"``, ``"roles"``
        or ``"share of voice"``.

        Raises:
            LessonError: there is no such chart.
        """
        from kit import charts

        self.workbook.refresh()
        if name in CHARTS:
            return charts.structure_strip(self.workbook.coding, CHARTS[name])
        if name == "share of voice":
            return charts.voice_chart(self.workbook.coding)
        known = ", ".join([*CHARTS, "share of voice"])
        raise LessonError(f"There is no chart “{name}”. There is: {known}.")

    def compare(self, layer: str, with_: str = "a") -> Panel:
        """Set your labels beside a reading, once you have committed yours.

        The first press keeps your labels as they are as your first answer. You may go on
        changing them; the comparison stays with the first answer.

        Args:
            layer: a layer of blocks or sentences.
            with_: the reading: one of the codings that come with the article.

        Raises:
            LessonError: there is no such reading.
            CodebookError: there is no such layer.
        """
        from kit.widgets.panel import Answer, Panel

        if self.workbook.codebook.layer(layer).unit == "words":
            raise LessonError(f"“{layer}” labels words, and only whole blocks are compared here.")
        names = datasets.coding_names(self.article.id)
        if with_ not in names:
            raise LessonError(f"There is no reading “{with_}”. There is: {', '.join(names)}.")
        reading = datasets.load_coding(self.article.id, with_)
        title = self.workbook.codebook.layer(layer).title
        self.workbook.refresh()

        def done() -> tuple[str, str]:
            return self._comparison(self.workbook.committed(layer), reading, layer)

        def press(panel: Panel, _button: str, _values) -> Answer:
            self.workbook.refresh()
            if not self.workbook.coding.on(layer):
                return Answer(f"Nothing to compare yet: label at least one block on {title} first.")
            self.workbook.commit(layer)
            panel.summary, panel.html = done()
            panel.buttons = []
            return Answer("Your first answer is kept. Here is the other reading.")

        if self.workbook.committed(layer) is not None:
            return Panel(*done(), on_press=press)
        made, asked = len(self.workbook.coding.on(layer)), len(reading.on(layer))
        return Panel(
            f"{title}: {made} labelled, not committed yet",
            f"<p><strong>Before you look.</strong> You have labelled {made} blocks on "
            f"<em>{escape(title)}</em>; reading {escape(reading.coder)} labelled {asked}. "
            "When you have done what you can, press the button: your labels as they are now are "
            "kept as your first answer, and another reader’s appear beside them. You can "
            "still change yours afterwards.</p>",
            buttons=[("commit", f"I am done. Show me reading {reading.coder}")],
            on_press=press,
        )

    def my_work(self) -> Panel:
        """Show where your work is kept, sign it, and take a copy of the file away."""
        from kit.widgets.panel import Answer, Panel

        self.workbook.refresh()

        def press(panel: Panel, button: str, values) -> Answer:
            self.workbook.refresh()
            typed = "".join(c if c.isprintable() else " " for c in values.get("name", ""))
            name = " ".join(typed.split())[:80]
            if not name:
                return Answer("Write a name or a pseudonym first.")
            if name != self.workbook.student:
                self.workbook.sign(name)
            panel.summary, panel.html = self._work()
            if button == "sign":
                return Answer(f"Saved: this is the work of {name}.")
            file = f"{file_stem(name)}-{self.article.id}.json"
            text = self.workbook.to_json().decode("utf-8")
            return Answer(f"{file} is in your browser’s download folder.", download=(file, text))

        # The name that nobody chose is not offered: it would be handed in by half a class.
        signed = "" if self.workbook.student == UNSIGNED else self.workbook.student
        return Panel(
            *self._work(),
            fields=[("name", "Your name or pseudonym", signed)],
            buttons=[("sign", "Sign my work"), ("download", "Download my work")],
            on_press=press,
        )

    # -- what the panels say -------------------------------------------------------------------

    def _story(self, layer: str) -> list[str] | None:
        """Return the blocks a story layer asks about, as the student sees the story."""
        story = self.workbook.codebook.layer(layer).story
        if not story:
            return None
        positions = self.workbook.coding.codes("position")
        return [b.id for b in self.article.blocks if positions.get(b.id, story[0]) in story]

    def _work(self) -> tuple[str, str]:
        counts = [
            (layer.title, len(self.workbook.coding.on(layer.id)))
            for layer in self.workbook.codebook.layers
            if self.workbook.coding.on(layer.id)
        ]
        made = ", ".join(f"{n} on {title}" for title, n in counts) or "none yet"
        rows = [
            ("Whose", escape(self.workbook.student)),
            ("Labels", escape(made)),
            ("Last saved", _clock(self.workbook) or "not yet: the first label makes the file"),
            ("File", f"<code>{escape(_place(self.workbook.path))}</code>"),
            ("Version before", f"<code>{escape(self.workbook.backup.name)}</code>, same folder"),
        ]
        body = "".join(
            f"<tr><th scope='row'>{name}</th><td>{value}</td></tr>" for name, value in rows
        )
        return f"Work on {self.article.id}: {made}", f"<table>{body}</table>"

    def _comparison(self, mine: Coding, reading: Coding, layer: str) -> tuple[str, str]:
        from kit.charts import comparison_chart
        from kit.measure import compare

        other_name = f"reading {reading.coder}"
        comparison = replace(compare(mine, reading, layer), one="you", other=other_name)
        chart = comparison_chart(comparison, self.workbook.codebook.layer(layer))
        notes, theirs = mine.by_id(layer), reading.by_id(layer)
        name = self.workbook.codebook.layer(layer).code
        rows = "".join(
            f"<tr><th scope='row'>{escape(unit)}</th>"
            f"<td>{_reading(name(one).name, notes[unit].note)}</td>"
            f"<td>{_reading(name(other).name, theirs[unit].note)}</td></tr>"
            for unit, one, other in comparison.differing
        )
        table = (
            f"<table><caption>Where you and {escape(other_name)} differ</caption>"
            f"<thead><tr><th scope='col'>Block</th><th scope='col'>You</th>"
            f"<th scope='col'>Reading {escape(reading.coder)}</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
            if rows
            else ""
        )
        return repr(chart), chart.html + table


def _reading(code: str, note: str) -> str:
    return escape(code) + (f"<br><small>{escape(note)}</small>" if note else "")


def _place(path: Path) -> str:
    """Return a path as a person would look for it: from the kit's folder when it lies there."""
    try:
        return path.relative_to(datasets.root()).as_posix()
    except ValueError:
        return str(path)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _clock(workbook: Workbook) -> str:
    """Return when the work was saved, in the machine's own time."""
    from datetime import datetime

    try:
        saved = datetime.fromisoformat(workbook.saved_at).astimezone()
    except (ValueError, OverflowError, OSError):  # never saved, or somebody wrote into the file
        return ""
    return f"{saved:%Y-%m-%d at %H:%M}"
