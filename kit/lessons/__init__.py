"""A lesson: the one thing a notebook talks to.

::

    from kit import lesson
    today = lesson("02-structure")
    today.label("position")
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kit.base.phrases import capital
from kit.base.templating import macros
from kit.lessons.cell_output import CellOutput, LessonError, clock, waiting
from kit.lessons.live import Seen, follow, live
from kit.lessons.progress import Course
from kit.library import datasets
from kit.library.course import ARTICLE, OWN_LESSON, known_lessons
from kit.work.names import UNSIGNED
from kit.work.workbook import Workbook

if TYPE_CHECKING:
    from kit.charts.chart import Chart
    from kit.coding.coding import Coding
    from kit.explorers import Exploration
    from kit.library.reference import Reference
    from kit.widgets.explorer import Explorer
    from kit.widgets.labeller import Labeller
    from kit.widgets.panel import Panel
    from kit.widgets.task import Task

#: How many labels somebody must have made before they see what the kit's rules find.
OWN_FIRST = 3


def lesson(id: str, *, student: str | None = None, article: str | None = None) -> Lesson:
    """Open a lesson and greet the student with where their work is kept.

    Args:
        id: the notebook's name, such as ``"02-structure"``.
        student: a name or pseudonym, for machines that several people share; otherwise
            ``$KIT_STUDENT``, or simply ``"student"``.
        article: id of the article, a folder under ``datasets/``; by default the one the course
            is about, and in the last lesson the one that the student has chosen there.

    Raises:
        LessonError: there is no such lesson.
        ArticleError: there is no such article, or its text has been changed.
        WorkbookError: the student's file belongs to another text or another version of the kit.
    """
    from IPython.display import display

    from kit.work import own_texts

    known = known_lessons()
    if id not in known:
        raise LessonError(f"There is no lesson “{id}”. There is: {', '.join(known)}.")
    name = student or os.environ.get("KIT_STUDENT") or UNSIGNED
    name = name.encode("utf-8", "replace").decode()  # the system may hand over broken letters
    if article is None:
        article = own_texts.current(name) if id == OWN_LESSON else ARTICLE
    text = own_texts.load(article)
    today = Lesson(id, Workbook.open(text, own_texts.codebook(text), name))
    welcome = today.greeting()
    opened = today.workbook.revision

    def look() -> Seen:
        now = today.workbook.revision
        return Seen(now, lambda: welcome if now == opened else today.greeting(back=False))

    display(live(today.workbook, ("greeting", id), look))
    if today.workbook.question is not None:
        from kit.lessons.work import question_panel

        display(question_panel(today.workbook))
    return today


class Lesson:
    """One sitting with one article: read it, label it, answer, chart it, compare.

    Attributes:
        id: the notebook's name.
        article: the text under study.
        workbook: the student's work on it.
    """

    def __init__(self, id: str, workbook: Workbook):
        self.id = id
        self.workbook = workbook
        self.article = workbook.article
        self._course = Course(workbook, id)
        self._drawn: dict[object, tuple[object, Chart]] = {}

    def __repr__(self) -> str:
        return f"<Lesson {self.id} on {self.article.id}>"

    @property
    def reference(self) -> Reference | None:
        """The article's reference reading; None where it has none."""
        return datasets.load_reference(self.article.id)

    def greeting(self, *, back: bool = True) -> CellOutput:
        """Return a line that says how much work is there, and what is next.

        Args:
            back: greet somebody who comes back to it, not somebody who is in the middle of it.
        """
        from kit.base.phrases import plural

        self.workbook.refresh()
        made, answered = len(self.workbook.coding), len(self.workbook.answers)
        there = f"{plural(made, 'label')} and {plural(answered, 'answer')}"
        if self.workbook.question is not None:
            found = "One question first, here below."
        elif not (made or answered):
            found = "You have not made anything yet."
        elif back:
            found = f"Welcome back: {there} found, saved {clock(self.workbook)}."
        else:
            found = f"So far you have made {there}, saved {clock(self.workbook)}."
        html = macros("lesson").ready(self.workbook.notice, found, self._course.way())
        return CellOutput(f"{self.id}: ready. {found}", html)

    def on(self, article: str) -> Lesson:
        """Return this lesson on another of the kit's texts: what a student makes there is kept in
        their work file on that text.

        Raises:
            ArticleError: there is no such article, or its text has been changed.
            WorkbookError: the student's file on it cannot be used.
        """
        text = datasets.load_article(article)
        return Lesson(self.id, self.workbook.beside(text, datasets.codebook(article)))

    def read(self, *articles: str) -> CellOutput:
        """Show the article as an article, its paragraphs numbered.

        Args:
            articles: ids of the kit's texts to be shown in its place, side by side.

        Raises:
            ArticleError: there is no such article, or its text has been changed.
        """
        from kit.widgets.page import article_html

        texts = [datasets.load_article(id) for id in articles] or [self.article]
        said = [f"“{text.title}”, {len(text.blocks)} numbered paragraphs" for text in texts]
        pages = [article_html(text) for text in texts]
        html = macros("lesson").side_by_side(pages) if articles else pages[0]
        return CellOutput("\n".join(said), html)

    def label(self, layer: str, only: Iterable[str] | None = None) -> Labeller:
        """Show the labeller on one layer of the codebook; every label is saved at once.

        Args:
            layer: ``"position"``, ``"role"``, ``"attribution"`` …
            only: the units to label, such as ``["P6"]``; by default every one the layer asks
                about. Where it asks about the story only, that is every block which you have
                not labelled as something outside the story, also when you change that.

        Raises:
            CodebookError: there is no such layer.
            LessonError: the article has no such unit.
        """
        from kit.widgets.labeller import Labeller

        wanted = None if only is None else [str(id) for id in only]
        for id in wanted or ():
            try:
                self.article.unit(id)
            except KeyError:
                last = self.article.blocks[-1].id
                raise LessonError(
                    f"There is no {id} in this article: it has P1 to {last}."
                ) from None
        self.workbook.refresh()

        def story() -> list[str]:
            return [block.id for block in self.workbook.coding.story(layer)]

        return Labeller(self.workbook, layer, only=story if wanted is None else wanted)

    def task(self, id: str) -> Task:
        """Show an exercise as a form; what you write in it is saved as you write.

        Raises:
            LessonError: the lesson has no such exercise.
            ExerciseError: the exercise's file cannot be used.
        """
        from kit.lessons.tasks import task_form

        self.workbook.refresh()
        return task_form(self.workbook, self.id, id)

    def chart(
        self, name: str, *, of: str = "", after: str = "", **options: str
    ) -> Chart | CellOutput:
        """Draw one of the lesson's charts; in a notebook it follows the work.

        Args:
            name: such as ``"structure"``; see :mod:`kit.lessons.gallery`.
            of: ``"reference"``, ``"a"`` or ``"b"``: draw that reading, once you have committed
                your own labels; by default your own.
            after: draw it only when that exercise has been committed.
            options: what the chart takes itself, such as ``by="affiliation"``.

        Raises:
            LessonError: there is no such chart or reading.
        """
        from kit.lessons import gallery
        from kit.lessons.tasks import committed_values

        layer = gallery.layer_of(name)
        reading = self._reading(of) if of else None

        def look() -> Seen:
            answers = committed_values(self.workbook, self.id, after) if after else {}
            if answers is None:
                return _wait(f"The chart “{name}”", f"handed in an answer to exercise {after}")
            if reading is not None and (wait := self._withheld(name, layer)):
                return wait
            coding = self.workbook.coding if reading is None else reading
            if layer and not coding.on(layer):
                title = coding.codebook.layer(layer).title
                return _wait(f"A chart of {gallery.shows(name)},", f"made a label on {title} above")
            made_of = (coding if layer else None, answers)
            return Seen(made_of, lambda: self._draw(name, coding, answers, options))

        self.workbook.refresh()
        return live(self.workbook, ("chart", name, of, after, options), look)

    def explore(self, name: str, *, of: str = "") -> Explorer | CellOutput:
        """Show a live tool: ``"search"``, ``"cut"``, ``"measure"``, ``"word list"``, ``"frame"``
        or ``"rules"``. Nothing you do in it is kept; what it shows of labels follows yours.

        Args:
            of: whose labels it works on, as in :meth:`chart`.

        Raises:
            LessonError: there is no such tool or reading.
        """
        from kit.lessons import tools
        from kit.widgets.explorer import Explorer

        layer = tools.layer_of(name)
        reading = self._reading(of) if of else None

        def tool() -> Exploration:
            mine = self.workbook.coding
            return tools.tool(name, mine if reading is None else reading, self.reference, mine)

        def labels() -> object:
            mine = self.workbook.coding
            return mine.on(layer) if layer else mine

        def show() -> Explorer:
            explorer, seen = Explorer(tool), labels()

            def renew() -> None:
                nonlocal seen
                if (now := labels()) != seen:
                    seen = now
                    explorer.renew()

            follow(self.workbook, f"explore {name} {of}", renew)
            return explorer

        def look() -> Seen:
            if reading is not None and (wait := self._withheld(name, layer)):
                return wait
            if name == "rules" and layer and len(self.workbook.coding.on(layer)) < OWN_FIRST:
                title = self.workbook.codebook.layer(layer).title
                return _wait("What the rules find", f"made three labels of your own on {title}")
            return Seen("there", show)

        self.workbook.refresh()
        return live(self.workbook, ("explore", name, of), look)

    def compare(self, layer: str) -> Panel:
        """Set your labels beside the reference, once you have committed yours.

        The first press keeps your labels as they are as your first answer. You may go on
        changing them; the comparison stays with the first answer. With a text that comes without
        any reading, and in a folder that names pairs, a partner's labels can be opened. Raises
        CodebookError: there is no such layer.
        """
        from kit.lessons.assigned import handout
        from kit.lessons.comparison import comparison_panel
        from kit.lessons.tasks import against, asked_blocks
        from kit.work import own_texts

        self.workbook.codebook.layer(layer)
        self.workbook.refresh()
        reference = self.reference
        reading = reference.coding if reference else None
        asked = asked_blocks(self.workbook, self.id, layer)
        if reading and asked:  # nobody read past what they were not asked to read
            others = (a for a in reading.on(layer) if self.article.block_of(a.at).id not in asked)
            reading = reading.replace(layer, {a.id: None for a in others})
        handed = handout()
        if own_texts.is_own(self.article.id):
            handed = handed._replace(graded=False)  # nobody holds back a reading of such a text
        reasons = against(self.workbook, self.id, layer)
        return comparison_panel(self.workbook, layer, reading, reference, handed, reasons)

    def my_work(self) -> Panel:
        """Show where your work is kept, sign it, take a copy of the file away, or bring one."""
        from kit.lessons.assigned import handout
        from kit.lessons.work import work_panel

        self.workbook.refresh()
        return work_panel(self.workbook, handout().hand_in)

    def my_text(self) -> Panel:
        """Choose the text of the last lesson: paste one, open a file, or take the kit's own."""
        from kit.lessons.texts import text_panel

        return text_panel(self.workbook)

    def report(self) -> Panel:
        """Make one page of your charts, claims and evidence, to read, print or hand in."""
        from kit.lessons.report import report_panel

        self.workbook.refresh()
        return report_panel(self.workbook, self.id)

    def end(self, chart: str, *, after: str = "", **options: str) -> CellOutput:
        """Show what the student takes along: a chart of their own with its finding, something that
        they wrote, and where the course goes on. In a notebook it follows the work.

        Args:
            chart: one of the lesson's charts, as :meth:`chart` takes it.
            after: show it only when that exercise has been committed.
            options: what the chart takes itself.

        Raises:
            LessonError: there is no such chart or exercise.
        """
        from kit.lessons.ending import ending

        def draw(coding: Coding, answers: dict) -> Chart:
            return self._draw(chart, coding, answers, options)

        def look() -> Seen:
            return ending(self.workbook, self._course.way(), chart, after, draw)

        self.workbook.refresh()
        return live(self.workbook, ("end", self.id), look)

    def _draw(self, name: str, coding: Coding, answers: dict, options: dict[str, str]) -> Chart:
        """Draw a chart, once for all the places of the page that show it."""
        from kit.lessons import gallery

        key, made_of = (name, *sorted(options.items())), (coding, answers)
        if key not in self._drawn or self._drawn[key][0] != made_of:
            self._drawn[key] = (made_of, gallery.chart(name, coding, answers, **options))
        return self._drawn[key][1]

    # -- whose labels --------------------------------------------------------------------------

    def _reading(self, name: str) -> Coding:
        names = datasets.coding_names(self.article.id)
        if name not in names:
            there = f"There is: {', '.join(names)}." if names else "This text has none."
            raise LessonError(f"There is no reading “{name}”. {there}")
        return datasets.load_coding(self.article.id, name)

    def _withheld(self, name: str, layer: str | None) -> Seen | None:
        """Return a word of patience where what shows another reading may not be seen yet."""
        if layer is None or self.workbook.committed(layer) is not None:
            return None
        title = self.workbook.codebook.layer(layer).title
        return _wait(f"“{capital(name)}”", f"pressed “I am done” in the comparison on {title}")


def _wait(what: str, done: str) -> Seen:
    sentence = f"{what} appears here once you have {done}."
    return Seen(sentence, lambda: waiting(sentence))
