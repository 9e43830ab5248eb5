"""A workbook: one student's labels, answers and notes on one article, in one file.

Nothing a student makes lives in a notebook. Each change is on the disk before it is
acknowledged: under one lock the file is read, what has come into it meanwhile is put together
with what this kernel holds (:mod:`kit.work.merge`), and the whole is written. Two different
answers to the same unit are handed back as a conflict for the student to decide.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding, fitting
from kit.text.article import Article
from kit.work.changes import Change, Conflict, change_labels, unfit_said
from kit.work.errors import WorkbookError, other_text
from kit.work.file_format import Commit
from kit.work.merge import changed
from kit.work.names import browser_key, keeper, place_of, work_folder
from kit.work.questions import Question
from kit.work.state import State
from kit.work.store import Edit, Saved, Store, now

_HELD = object()  # stands for what the workbook itself holds
#: Gets an entry of the file, None for none; returns the new one, and what could not be done.
EditEntry = Callable[[Any], tuple[Any, list[Conflict]]]


class Workbook:
    """One student's work on one article. Make it with :meth:`open`."""

    _open: WeakValueDictionary[Path, Workbook] = WeakValueDictionary()

    def __init__(self, article: Article, codebook: Codebook, student: str, path: Path):
        self.article = article
        self.codebook = codebook
        self._name = student
        self._listeners: list[Callable[[Workbook], None]] = []
        self._store = Store(article, codebook, student, path)

    @classmethod
    def open(
        cls, article: Article, codebook: Codebook, student: str, folder: Path | None = None
    ) -> Workbook:
        """Open a student's workbook, or begin one; within a process there is one for a file.

        Args:
            article: the text it is about.
            codebook: what may be said of it.
            student: any name or pseudonym; the file is named after it, see
                :func:`kit.work.names.file_stem`.
                Where there is a file that seems to be of another name, that is a
                :attr:`question`.
            folder: where the work is kept; :func:`kit.work.names.work_folder` if None.

        Raises:
            WorkbookError: the file belongs to another text, or was made by a newer kit.
        """
        folder = work_folder() if folder is None else Path(folder)
        path, claimed = place_of(folder / article.id, student, keeper(student, folder))
        workbook = cls._open.get(path)
        if workbook is not None and workbook.article.sha256 != article.sha256:
            raise WorkbookError(other_text(path, workbook.article.id, article.id))
        # Sides that were named anew are another codebook.
        if workbook is None or workbook.article.meta.get("sides") != article.meta.get("sides"):
            workbook = cls(article, codebook, student, path)
            cls._open[path] = workbook
            if claimed is not None:
                workbook._store.ask_whose(claimed)
        return workbook

    def beside(self, article: Article, codebook: Codebook) -> Workbook:
        """Return the same student's workbook on another article, kept in the same folder; raises as
        :meth:`open`."""
        return self.open(article, codebook, self._name, self.path.parent.parent)

    @property
    def name(self) -> str:
        """The name that it was opened under."""
        return self._name

    @property
    def path(self) -> Path:
        """The work file."""
        return self._store.path

    @property
    def notice(self) -> str:
        """What the student should know about how the file was found; usually empty."""
        return f"{self._store.notice} {unfit_said(self.unfit)}".strip()

    @property
    def student(self) -> str:
        """The name or pseudonym the work was begun under."""
        return self._store.state.file.student

    @property
    def coding(self) -> Coding:
        """The student's labels, as they are on the disk."""
        return self._store.state.coding

    @property
    def answers(self) -> Mapping[str, Any]:
        """The student's answers by exercise, as they are on the disk."""
        return self._store.state.file.answers

    @property
    def notes(self) -> Mapping[str, str]:
        """The student's free notes by subject, as they are on the disk."""
        return self._store.state.file.notes

    @property
    def revision(self) -> int:
        """How often the file has been saved."""
        return self._store.state.file.revision

    @property
    def saved_at(self) -> str:
        """When the file was last saved (UTC, ISO 8601), or "" for a workbook never saved."""
        return self._store.state.file.saved

    @property
    def key(self) -> str:
        """What tells this work from any other in a browser: of the same server, of one on the same
        address, of another account's, or of another course's folder."""
        return browser_key(str(self.path), self.article.sha256)

    @property
    def number(self) -> int:
        """A number that is this work's own, though half of a class may be called alike."""
        return self._store.number

    @property
    def torn(self) -> Mapping[str, Mapping[str, Annotation | None]]:
        """By layer and id, labels that found another in their place when two machines' work was
        put together, where the codebook allows them; see :meth:`settle`."""
        return {
            layer: {id: a for id, a in labels.items() if a is None or self.coding.fits(a)}
            for layer, labels in self._store.state.file.torn.items()
        }

    @property
    def unfit(self) -> tuple[Annotation, ...]:
        """The student's labels that the codebook as it is does not allow. They count nowhere."""
        return self._store.state.file.unfit

    @property
    def question(self) -> Question | None:
        """What somebody has to say before anything is written; None if there is nothing."""
        return self._store.question

    @property
    def backup(self) -> Path:
        """Where the version before the last is kept."""
        return self._store.backup

    # -- changes -------------------------------------------------------------------------------

    def apply(self, layer: str, changes: Mapping[str, Change]) -> Saved:
        """Change labels on one layer; when this returns, they are on the disk.

        Args:
            layer: id of the codebook's layer.
            changes: for each unit or label id, what the caller saw there and what shall be there
                now: ``{"P6": (None, annotation)}``. A unit that holds something else by now, or
                a label that could not stand, is left alone and comes back as a conflict.

        Raises:
            NotSaved: the file cannot be written; nothing has changed.
            CodebookError: there is no such layer.
        """
        self.codebook.layer(layer)

        def edit(state: State) -> tuple[State, list[Conflict]]:
            coding, conflicts = change_labels(state.coding, layer, changes)
            return (state if coding is state.coding else State(coding, state.file)), conflicts

        return self._save(edit)

    def settle(self, layer: str, id: str) -> Saved:
        """Drop the other label that was kept of a unit: somebody has chosen. Raises NotSaved."""

        def edit(state: State) -> tuple[State, list[Conflict]]:
            there = state.file.torn.get(layer, {})
            if id not in there:
                return state, []
            rest = {one: label for one, label in there.items() if one != id}
            torn = {**state.file.torn, layer: rest}
            torn = {one: labels for one, labels in torn.items() if labels}
            return State(state.coding, msgspec.structs.replace(state.file, torn=torn)), []

        return self._save(edit)

    def put(self, annotation: Annotation) -> Saved:
        """Set one label, whatever this workbook holds in its place; see :meth:`apply`."""
        was = self.coding.by_id(annotation.layer).get(annotation.id)
        return self.apply(annotation.layer, {annotation.id: (was, annotation)})

    def answer(self, exercise: str, value: Any) -> Saved:
        """Keep an answer (plain JSON data) to an exercise, or drop it with None. One that another
        window has changed comes back as a conflict. Raises NotSaved."""
        return self.change(exercise, _put(exercise, self.answers.get(exercise), value))

    def change(self, exercise: str, edit: EditEntry) -> Saved:
        """Change the record of an exercise on whatever the file holds by then.

        Args:
            exercise: its number.
            edit: gets the record, None for none; returns the new one and what it left out.

        Raises:
            NotSaved: the file cannot be written; nothing has changed.
        """
        return self._change("answers", exercise, edit)

    def note(self, subject: str, text: str, *, was: Any = _HELD) -> Saved:
        """Keep a free note, or drop it with ""; one that another window has changed comes back as a
        conflict. Raises NotSaved.

        Args:
            was: the note that the caller saw there; what this workbook holds if left out.
        """
        seen = self.notes.get(subject) if was is _HELD else (was or None)
        return self._change("notes", subject, _put(subject, seen, text or None))

    def _change(self, section: str, key: str, edit: EditEntry) -> Saved:
        def whole_edit(state: State) -> tuple[State, list[Conflict]]:
            entries = getattr(state.file, section)
            there = entries.get(key)
            new, conflicts = edit(there)
            if new == there:
                return state, conflicts
            entries = {id: one for id, one in {**entries, key: new}.items() if one is not None}
            file = msgspec.structs.replace(state.file, **{section: entries})
            return State(state.coding, file), conflicts

        return self._save(whole_edit)

    def sign(self, name: str) -> Saved:
        """Put a name or pseudonym on the work; the file keeps its place. Raises NotSaved."""

        def edit(state: State) -> tuple[State, list[Conflict]]:
            file = msgspec.structs.replace(state.file, student=name)
            return State(Coding(self.article, self.codebook, name, state.coding), file), []

        return self._save(edit)

    def commit(self, layer: str) -> Saved:
        """Keep the labels on ``layer`` as they are now as the student's first answer.

        Only the first commit counts; a later one changes nothing. Raises NotSaved.
        """

        def edit(state: State) -> tuple[State, list[Conflict]]:
            if layer in state.file.commits:
                return state, []
            commit = Commit(now(), state.coding.on(layer))
            commits = {**state.file.commits, layer: commit}
            return State(state.coding, msgspec.structs.replace(state.file, commits=commits)), []

        return self._save(edit)

    def committed(self, layer: str) -> Coding | None:
        """Return the labels committed on ``layer``, or None before the commit."""
        commit = self._store.state.file.commits.get(layer)
        if commit is None:
            return None
        return fitting(self.article, self.codebook, self.student, commit.annotations)[0]

    def subscribe(self, callback: Callable[[Workbook], None]) -> Callable[[], None]:
        """Call ``callback(workbook)`` after every change; return a function that ends this."""
        self._listeners.append(callback)

        def end() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return end

    # -- the file ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take in what another window, kernel or machine has saved meanwhile.

        Raises:
            WorkbookError: the file cannot be used, or has to be mended and cannot be written.
        """
        before = self.revision
        self._store.refresh()
        if self.revision != before:
            self._tell()

    def decide(self, choice: str) -> None:
        """Answer the :attr:`question`. What is not chosen is kept beside the file.

        Args:
            choice: the id of one of its choices.

        Raises:
            NotSaved: the folder cannot be written; nothing has changed.
        """
        if self.question is None:
            return
        before = self.path
        self._store.decide(choice)
        if self.path != before:
            self._open[self.path] = self
        self._tell()

    def take_in(self, data: bytes, name: str) -> str:
        """Put a copy of this work that comes from another machine together with what is here;
        return what to say of it.

        Args:
            data: what is in the copy: anything at all.
            name: what it is called.

        Raises:
            NotSaved: it is no copy that can be taken; nothing has changed.
        """
        said = self._store.take_in(data, name)
        self._tell()
        return said

    def to_json(self) -> bytes:
        """Return the work file's bytes: what a student hands in."""
        return self._store.state.encoded()

    def _save(self, edit: Edit) -> Saved:
        saved = self._store.save(edit)
        self._tell()
        return saved

    def _tell(self) -> None:
        for listener in list(self._listeners):
            try:
                listener(self)
            except Exception:  # the work is saved, whatever a view makes of it
                logging.getLogger(__name__).exception("A listener failed")


def _put(key: str, seen: Any, value: Any) -> EditEntry:
    def edit(there: Any) -> tuple[Any, list[Conflict]]:
        new, both = changed(there, seen, value)
        return new, [Conflict(key, value, there)] if both else []

    return edit
