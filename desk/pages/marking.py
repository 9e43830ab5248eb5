"""The form in which an instructor marks free text, one answer at a time and without names.

One exercise after the other, and in it one student after the other: so the same question is read
with the same eyes. Every mark goes at once into the results' own file
(:mod:`desk.collect.rubric`); collecting again takes it into the tables.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup

from desk.base import teaching_notes
from desk.collect import rubric, rubric_marks
from desk.collect.places import last_results, remember_results, typed_path, usual_results
from desk.collect.plan import Plan, lessons
from desk.collect.rubric import CRITERIA, MOST, Given
from desk.collect.rubric_marks import MOST_COMMENT, Answer, Mark, RubricError
from desk.handout.assignment import Assignment
from desk.pages.marking_form import Marking, Torn
from kit import exercises
from kit.base.errors import KitError
from kit.base.phrases import plural
from kit.base.templating import render
from kit.exercises import OWN, Exercise
from kit.exercises.markup import inline, plain, to_html
from kit.lessons.cell_output import place
from kit.library import datasets
from kit.text.article import Article
from kit.work.names import browser_key

_NOTHING = (
    "There is nothing to mark yet. Collect a class on the page class-results first, or name the "
    "folder with its results above and press “Open”."
)
_DONE = (
    "Every answer that counts is marked. Now press “Collect and mark” on the page class-results "
    "again, and the points are in the tables"
)
_WORDS = {"one": 1, "two": 2, "three": 3}


def mark_free_text() -> Marking:
    """Return the form, with the results that were collected or opened last."""
    return Marking(Desk(last_results()))


class Desk:
    """What lies on the desk of somebody who marks: the answers of a class, one of them on top.

    Args:
        folder: the results of a class. Without any the desk is empty, and says so.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._names = False
        self._answers: list[Answer] = []
        self._say = ""
        try:
            self._open(folder)
        except RubricError as problem:
            # Whoever has not collected anything yet has done nothing wrong.
            usual = folder == usual_results() and not (folder / rubric_marks.ANSWERS).exists()
            self._say = _NOTHING if usual else str(problem)

    @property
    def storage(self) -> str:
        """The name of the browser's own copy."""
        return f"kit:{browser_key(str(self._folder.absolute()))}:marking"

    def _open(self, folder: Path) -> None:
        about, answers = rubric_marks.read_answers(folder)
        marks = rubric_marks.kept(folder)
        order = {id: place for place, id in enumerate(about.asked)}
        answers = [one for one in answers if one.exercise in order]
        if not answers:
            raise RubricError(f"Nobody has written anything in free text in {folder}.")
        self._sheets = _Sheets(about.article, frozenset(order))
        answers.sort(key=lambda one: (order[one.exercise], one.draft, one.number))
        self._folder, self._answers, self._marks, self._say = folder, answers, marks, ""
        self._by_key = {_id(one): one for one in answers}
        self._counted = frozenset(about.counted)
        self._place = next((n for n, one in enumerate(answers) if self._to_mark(one)), 0)

    def _given(self, answer: Answer) -> Given:
        mark = self._marks.get(answer.key)
        return mark.given if mark else Given({})

    def _to_mark(self, answer: Answer) -> bool:
        counts = answer.exercise in self._counted and not answer.draft
        return counts and not self._given(answer).whole

    # -- what the page asks for --------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """Return what the page shows. Its ``html`` is escaped already, its other texts are not."""
        folder = "" if self._folder == usual_results() else place(self._folder)
        if not self._answers:
            return {"ready": False, "folder": folder, "say": self._say}
        answer = self._answers[self._place]
        given = self._given(answer)
        left = sum(map(self._to_mark, self._answers))
        who = answer.name if self._names else answer.alias
        return {
            "ready": True,
            "folder": folder,
            "key": _id(answer),
            "where": f"Answer {self._place + 1:,} of {len(self._answers):,}",
            "left": f"{left:,} still to mark" if left else "all marked",
            "title": f"{answer.exercise} {self._sheets.title(answer.exercise)} – {who}",
            "html": self._sheets.html(answer),
            "notice": self._notice(answer),
            "criteria": [msgspec.to_builtins(criterion) for criterion in CRITERIA],
            "scores": dict(given.scores),
            "comment": given.comment,
            "names": self._names,
        }

    def _notice(self, answer: Answer) -> str:
        said = []
        latest = rubric_marks.newest(self._marks.values())
        before = rubric_marks.earlier(answer, latest) if answer.key not in self._marks else None
        if before is not None:
            said.append(
                f"This answer has changed since you marked it. You gave "
                f"{rubric.said(before.given)}; that does not count any more."
                + (f" You wrote: “{before.comment}”" if before.comment else "")
            )
        if answer.draft:
            said.append("A draft that was never handed in. It counts only if you mark it.")
        if answer.exercise not in self._counted:
            said.append("This exercise does not count for the mark.")
        return " ".join(said)

    def mark(
        self,
        key: str,
        scores: Mapping[str, Any],
        comment: str,
        seen: Sequence[Given] | None = None,
    ) -> str:
        """Keep a mark and return when, in ISO form.

        Args:
            seen: what the page saw there, and what it sent before without an answer.

        Raises:
            KitError: it cannot be kept; as Torn, somebody else has marked the answer meanwhile.
        """
        answer = self._by_key.get(key) if self._answers else None
        if answer is None:
            raise KitError(
                "This answer is not among the results any more. Open the results again, above."
            )
        known = {criterion.id for criterion in CRITERIA}
        for id, points in scores.items():
            if id not in known or type(points) is not int or not 0 <= points <= MOST:
                raise KitError(f"A criterion has 0 to {MOST} points.")
        comment = comment.encode("utf-8", "replace").decode("utf-8")
        if len(comment) > MOST_COMMENT:
            raise KitError(f"A comment may have {MOST_COMMENT:,} characters. Shorten it.")
        self._marks = rubric_marks.kept(self._folder)
        there, given = self._marks.get(answer.key), self._given(answer)
        if given == Given(dict(scores), comment):
            return there.at if there else ""
        saw = given if seen is None or given in seen[1:] else seen[0]
        mark = Mark(*answer.key, dict(scores), comment, answer.name[:300])
        at, torn = rubric_marks.keep(self._folder, [mark], seen={answer.key: saw})
        self._marks = rubric_marks.kept(self._folder)
        if torn:
            raise Torn(torn[0].given, rubric.said(torn[0].given), key)
        return at.isoformat()

    def go(self, to: str, folder: str) -> str:
        """Put another answer on top and return what there is to say; raises KitError."""
        if to == "open":
            return self._go_open(folder)
        if not self._answers:
            raise KitError(self._say)
        if to == "names":
            self._names = not self._names
            return "Names are shown" if self._names else "Names are hidden"
        self._marks = rubric_marks.kept(self._folder)
        last = len(self._answers) - 1
        if to == "unmarked":
            after = [*range(self._place + 1, last + 1), *range(self._place + 1)]
            found = next((n for n in after if self._to_mark(self._answers[n])), None)
            if found is None:
                return _DONE
            self._place = found
        elif to == "next":
            if self._place == last:
                return "This is the last answer"
            self._place += 1
        elif to == "previous":
            if self._place == 0:
                return "This is the first answer"
            self._place -= 1
        return ""

    def _go_open(self, typed: str) -> str:
        folder = typed_path(typed) if typed.strip() else usual_results()
        self._open(folder)
        self._names = False
        remember_results(folder)
        return f"Opened: {plural(len(self._answers), 'answer')}"


def _id(answer: Answer) -> str:
    # Students' names are part of the key, and none of the page's business.
    text = "\0".join((*answer.key, str(answer.number))).encode("utf-8", "replace")
    return hashlib.sha256(text).hexdigest()[:24]


# -- what there is to read -------------------------------------------------------------------------


class _Sheets:
    """The exercises that answers are about, and each answer as HTML.

    Args:
        article: id of the class's text.
        asked: ids of exercises.

    Raises:
        RubricError: the text or its exercises are not in this kit.
    """

    def __init__(self, article: str, asked: frozenset[str]):
        try:
            there = [e for lesson in lessons() for e in exercises.load(lesson) if e.id in asked]
            text = datasets.load_article(article)
            codebook = datasets.codebook(article)
            reference = datasets.load_reference(article)
        except KitError as problem:
            raise RubricError(f"These answers are about what this kit has not: {problem}") from None
        mine = [e for e in there if e.article in (OWN, article)]
        self._exercises = {e.id: e for e in [*there, *mine]}
        assignment = Assignment("marking", "", article, ())
        self._plan = Plan(text, codebook, reference, tuple(there), asked, (), assignment)
        self.question = cache(self._question)

    def title(self, id: str) -> str:
        exercise = self._exercises.get(id)
        return plain(exercise.title) if exercise else ""

    def html(self, answer: Answer) -> Markup:
        """Return prompt, answer and exemplars; all that is not the kit's own is escaped."""
        prompt, exemplars, article = self.question(answer.exercise)
        exercise = self._exercises.get(answer.exercise)
        fields = {text.id: text for text in exercise.texts} if exercise else {}
        texts = [
            (plain(fields[id].label), fields[id].words, text) if id in fields else (id, None, text)
            for id, text in answer.texts
        ]
        return render(
            "marking",
            "desk",
            prompt=prompt,
            texts=texts,
            evidence=answer.evidence,
            paragraphs=_named_paragraphs(answer, article),
            exemplars=exemplars,
        )

    def _question(self, id: str) -> tuple[Markup, _Exemplars | None, Article]:
        exercise = self._exercises.get(id)
        if exercise is None:
            return Markup(), None, self._plan.article
        try:
            context = self._plan.context(exercise)
            prompt = to_html(context.fill(exercise.prompt))
            return prompt, _exemplars(exercise, context.fill), context.article
        except KitError:  # a fact that this text has not
            return to_html(exercise.prompt), None, self._plan.article


class _Exemplars(NamedTuple):
    """What a good answer says, and how one on each level reads, with its points."""

    expected: Markup
    levels: list[tuple[str, int, Markup]]


def _exemplars(exercise: Exercise, fill: Callable[[str], str]) -> _Exemplars | None:
    note = next((n for n in teaching_notes.load(exercise.lesson) if n.id == exercise.id), None)
    if note is None:
        return None
    levels = [
        (name, points, inline(fill(getattr(note.levels, name))))
        for name, points in _WORDS.items()
        if note.levels
    ]
    return _Exemplars(inline(fill(note.expected)), levels)


def _named_paragraphs(answer: Answer, article: Article) -> dict[str, str]:
    """Return the paragraphs that the evidence names, as far as the article has them."""
    texts = {block.id: block.text for block in article.blocks}
    numbers = (re.search(r"\d{1,6}", block, re.ASCII) for block, _, _ in answer.evidence)
    ids = (f"P{int(number[0])}" for number in numbers if number)
    return {id: texts[id] for id in ids if id in texts}
