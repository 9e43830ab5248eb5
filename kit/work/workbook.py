"""A workbook: one student's labels, answers and notes on one article, in one file.

Nothing a student makes lives in a notebook. Each change is on the disk before it is
acknowledged: under one lock the file is read, what has come into it meanwhile is put together
with what this kernel holds (:mod:`kit.work.merge`), and the whole is written. Two different
answers to the same unit are handed back as a conflict for the student to decide.

Which of two copies is the newer one does not hang on a clock: every file says how often each
kernel has saved it. A copy that has all that is in another takes its place. Where each has
something that the other has not, they are put together.
"""

from __future__ import annotations

import errno
import getpass
import hashlib
import logging
import os
import re
import secrets
import unicodedata
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from kit.base.durable import clear_temporary, free_name, replace_file, reserved
from kit.base.errors import KitError
from kit.base.lock import Timeout, turn
from kit.base.phrases import brief, join, plural
from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding, CodingError
from kit.text.article import Article
from kit.work.before import Before
from kit.work.file_format import (
    BEFORE,
    SCHEMA,
    VERSIONS,
    Commit,
    Head,
    WorkFile,
    bare,
    sealed,
    whole,
)
from kit.work.merge import changed, merged_notes, merged_records

__all__ = [
    "UNSIGNED",
    "Conflict",
    "NotSaved",
    "Question",
    "Saved",
    "Workbook",
    "WorkbookError",
    "browser_key",
    "damage",
    "file_stem",
    "keeper",
    "same_label",
    "stem_before",
    "work_folder",
]

#: Whose work it is until somebody signs it.
UNSIGNED = "student"

MAX_BYTES = 20 * 1024 * 1024
LOCK_SECONDS = 5
#: How many kernels a file remembers, and how many of its versions a kernel.
MOST_WRITERS, MOST_VERSIONS = 64, 64

# No space, no quota left (not on Windows), or a file larger than this account may write.
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}

Change = tuple[Annotation | None, Annotation | None]

_HELD = object()  # stands for what the workbook itself holds


class WorkbookError(KitError, ValueError):
    """A work file cannot be used at all; the message says which, why and what to do."""


class NotSaved(KitError):
    """A change did not reach the disk. The message is for the student; the file is as it was."""


class Conflict(msgspec.Struct, frozen=True):
    """A change that was not made.

    Attributes:
        id: the unit.
        yours: what you wanted there; None to clear it.
        theirs: what the file has there, from another window; None for nothing.
        problem: why it could not be made even if you insist; empty when you may.
    """

    id: str
    yours: Any
    theirs: Any
    problem: str = ""


class Saved(msgspec.Struct, frozen=True):
    """What a save did: when (UTC, ISO 8601), the file's new revision, and what it left out."""

    at: str
    revision: int
    conflicts: tuple[Conflict, ...] = ()


_File = WorkFile[tuple[Annotation, ...], Any]


class Question(msgspec.Struct, frozen=True):
    """What somebody has to say before anything is written.

    Attributes:
        text: what was found, with dates and counts.
        choices: what can be said, each with an id for :meth:`Workbook.decide`.
    """

    text: str
    choices: tuple[tuple[str, str], ...]


class _State(msgspec.Struct, frozen=True):
    """A file that has been read and checked."""

    coding: Coding
    file: _File

    def has_all_of(self, other: _State) -> bool:
        """Say whether whoever saved this one knew all that is in the other."""
        ours, theirs = self.file.writers, other.file.writers
        return self.file.revision >= other.file.revision and all(
            ours.get(writer, 0) >= times for writer, times in theirs.items()
        )

    def said(self) -> str:
        """Return how much there is and of when, in words."""
        made = f"{plural(len(self.coding), 'label')} and {plural(len(self.file.answers), 'answer')}"
        return f"{made}, saved {_day(self.file.saved)}" if self.file.saved else made


class Workbook:
    """One student's work on one article. Make it with :meth:`open`.

    Attributes:
        path: the work file.
        notice: what the student should know about how the file was found; usually empty.
    """

    _open: WeakValueDictionary[Path, Workbook] = WeakValueDictionary()

    def __init__(self, article: Article, codebook: Codebook, student: str, path: Path):
        self.article = article
        self.codebook = codebook
        self.path = path
        self.notice = ""
        self._listeners: list[Callable[[Workbook], None]] = []
        self._thread_lock = RLock()
        self._writer = secrets.token_hex(4)
        self._name = student
        self._claimed: Path | None = None
        #: The bytes of the file as this kernel last read or wrote it; None before there are any.
        self._data: bytes | None = None
        self._asked: tuple[Question, _State | None] | None = None
        empty: _File = WorkFile(SCHEMA, article.id, article.sha256, student)
        self._state = _State(Coding(article, codebook, student), empty)
        self._versions: deque[_State] = deque(maxlen=MOST_VERSIONS)
        self.refresh()

    @classmethod
    def open(
        cls, article: Article, codebook: Codebook, student: str, folder: Path | None = None
    ) -> Workbook:
        """Open a student's workbook, or begin one; within a process there is one for a file.

        Args:
            article: the text it is about.
            codebook: what may be said of it.
            student: any name or pseudonym; the file is named after it, see :func:`file_stem`.
                Where there is a file that seems to be of another name, that is a
                :attr:`question`.
            folder: where the work is kept; :func:`work_folder` if None.

        Raises:
            WorkbookError: the file belongs to another text, or was made by a newer kit.
        """
        folder = work_folder() if folder is None else Path(folder)
        path, claimed = _found(folder / article.id, student, keeper(student, folder))
        workbook = cls._open.get(path)
        if workbook is None:
            workbook = cls(article, codebook, student, path)
            cls._open[path] = workbook
            if claimed is not None:
                workbook._ask_whose(claimed)
        elif workbook.article.sha256 != article.sha256:
            raise WorkbookError(_other_text(path, workbook.article.id, article.id))
        return workbook

    @property
    def name(self) -> str:
        """The name that it was opened under."""
        return self._name

    @property
    def student(self) -> str:
        """The name or pseudonym the work was begun under."""
        return self._state.file.student

    @property
    def coding(self) -> Coding:
        """The student's labels, as they are on the disk."""
        return self._state.coding

    @property
    def answers(self) -> Mapping[str, Any]:
        """The student's answers by exercise, as they are on the disk."""
        return self._state.file.answers

    @property
    def notes(self) -> Mapping[str, str]:
        """The student's free notes by subject, as they are on the disk."""
        return self._state.file.notes

    @property
    def revision(self) -> int:
        """How often the file has been saved."""
        return self._state.file.revision

    @property
    def saved_at(self) -> str:
        """When the file was last saved (UTC, ISO 8601), or "" for a workbook never saved."""
        return self._state.file.saved

    @property
    def key(self) -> str:
        """What tells this work from any other in a browser: of the same server, of one on the same
        address, of another account's, or of another course's folder."""
        return browser_key(str(self.path), self.article.sha256)

    @property
    def number(self) -> int:
        """A number that is this work's own, though half of a class may be called alike: out of the
        name of the kernel that saved it first, or will."""
        return int(next(iter(self._state.file.writers), self._writer), 16)

    @property
    def torn(self) -> Mapping[str, Mapping[str, Annotation | None]]:
        """By layer and id, labels that found another in their place when two machines' work was
        put together; see :meth:`settle`."""
        return self._state.file.torn

    @property
    def question(self) -> Question | None:
        """What somebody has to say before anything is written; None if there is nothing."""
        return self._asked[0] if self._asked else None

    @property
    def backup(self) -> Path:
        """Where the version before the last is kept."""
        return self.path.with_suffix(".bak.json")

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

        def edit(state: _State) -> tuple[_State, list[Conflict]]:
            coding, conflicts = _change_labels(state.coding, layer, changes)
            return (state if coding is state.coding else _State(coding, state.file)), conflicts

        return self._save(edit)

    def settle(self, layer: str, id: str) -> Saved:
        """Drop the other label that was kept of a unit: somebody has chosen. Raises NotSaved."""

        def edit(state: _State) -> tuple[_State, list[Conflict]]:
            there = state.file.torn.get(layer, {})
            if id not in there:
                return state, []
            rest = {one: label for one, label in there.items() if one != id}
            torn = {**state.file.torn, layer: rest}
            torn = {one: labels for one, labels in torn.items() if labels}
            return _State(state.coding, msgspec.structs.replace(state.file, torn=torn)), []

        return self._save(edit)

    def put(self, annotation: Annotation) -> Saved:
        """Set one label, whatever this workbook holds in its place; see :meth:`apply`."""
        was = self.coding.by_id(annotation.layer).get(annotation.id)
        return self.apply(annotation.layer, {annotation.id: (was, annotation)})

    def answer(self, exercise: str, value: Any, *, was: Any = _HELD) -> Saved:
        """Keep an answer (plain JSON data) to an exercise, or drop it with None.

        Args:
            was: the answer the caller saw there; what this workbook holds if left out.

        Raises:
            NotSaved: the file cannot be written; nothing has changed.
        """
        seen = self.answers.get(exercise) if was is _HELD else was
        return self._save(lambda state: _change_entry(state, "answers", exercise, value, seen))

    def change(self, exercise: str, edit: Callable[[Any], tuple[Any, list[Conflict]]]) -> Saved:
        """Change the record of an exercise on whatever the file holds by then.

        Args:
            exercise: its number.
            edit: gets the record, None for none; returns the new one and what it left out.

        Raises:
            NotSaved: the file cannot be written; nothing has changed.
        """

        def whole_edit(state: _State) -> tuple[_State, list[Conflict]]:
            there = state.file.answers.get(exercise)
            new, conflicts = edit(there)
            if new == there:
                return state, conflicts
            answers = {**state.file.answers, exercise: new}
            file = msgspec.structs.replace(state.file, answers=answers)
            return _State(state.coding, file), conflicts

        return self._save(whole_edit)

    def note(self, subject: str, text: str, *, was: Any = _HELD) -> Saved:
        """Keep a free note, or drop it with ""; otherwise as :meth:`answer`."""
        seen = self.notes.get(subject) if was is _HELD else (was or None)
        return self._save(lambda state: _change_entry(state, "notes", subject, text or None, seen))

    def sign(self, name: str) -> Saved:
        """Put a name or pseudonym on the work; the file keeps its place. Raises NotSaved."""

        def edit(state: _State) -> tuple[_State, list[Conflict]]:
            file = msgspec.structs.replace(state.file, student=name)
            return _State(Coding(self.article, self.codebook, name, state.coding), file), []

        return self._save(edit)

    def commit(self, layer: str) -> Saved:
        """Keep the labels on ``layer`` as they are now as the student's first answer.

        Only the first commit counts; a later one changes nothing. Raises NotSaved.
        """

        def edit(state: _State) -> tuple[_State, list[Conflict]]:
            if layer in state.file.commits:
                return state, []
            commit = Commit(_now(), state.coding.on(layer))
            commits = {**state.file.commits, layer: commit}
            return _State(state.coding, msgspec.structs.replace(state.file, commits=commits)), []

        return self._save(edit)

    def committed(self, layer: str) -> Coding | None:
        """Return the labels committed on ``layer``, or None before the commit."""
        commit = self._state.file.commits.get(layer)
        if commit is None:
            return None
        return Coding(self.article, self.codebook, self.student, commit.annotations)

    def subscribe(self, callback: Callable[[Workbook], None]) -> Callable[[], None]:
        """Call ``callback(workbook)`` after every change; return a function that ends this."""
        self._listeners.append(callback)

        def end() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return end

    def refresh(self) -> None:
        """Take in what another window, kernel or machine has saved meanwhile.

        Raises:
            WorkbookError: the file cannot be used, or has to be mended and cannot be written.
        """
        with self._thread_lock:
            before = self.revision
            if not self._looked():
                try:
                    with turn(self.path, LOCK_SECONDS) as said:
                        self._take(*self._read(), said)
                except (OSError, Timeout) as problem:
                    raise WorkbookError(
                        f"{self.path} needs mending, and its folder cannot be written ({problem}). "
                        "Make the folder writable, then run this cell again."
                    ) from None
            moved = self.revision != before
        if moved:
            self._tell()

    def decide(self, choice: str) -> None:
        """Answer the :attr:`question`. What is not chosen is kept beside the file.

        Args:
            choice: the id of one of its choices.

        Raises:
            NotSaved: the folder cannot be written; nothing has changed.
        """
        asked = self._asked
        if asked is None:
            return
        if self._claimed is not None:
            return self._decide_whose(choice == "mine")
        _, rival = asked
        try:
            with self._thread_lock, turn(self.path, LOCK_SECONDS):
                if choice == "newer" and rival is not None:
                    if self.path.exists():
                        self._put_aside(self.path)
                    self._asked = None
                    self._write(_State(rival.coding, self._joined(rival, self._state)))
                else:
                    self._put_aside(self.backup)
                    self._asked = None
        except Timeout:
            raise NotSaved(_held(self.path)) from None
        except OSError as problem:
            raise NotSaved(_why_not(problem, self.path)) from None
        self._tell()

    def _ask_whose(self, claimed: Path) -> None:
        """Ask whether a file that answers to another name is this student's; it is only read."""
        try:
            there = self._decode(_bytes(claimed) or b"", claimed)
            begun = "without a name" if there.file.student == UNSIGNED else "by another name"
            if there.file.student not in (UNSIGNED, self._name):
                begun = f"by “{brief(there.file.student)}”"
            found = f"{begun}, {there.said()}"
        except (_Damaged, WorkbookError):
            found = f"in {claimed.name}, which cannot be read as it is"
        mine = "me" if self._name == UNSIGNED else f"“{brief(self._name)}”"
        text = (
            f"Whose work is this? There is work begun {found}, and none yet of {mine}. Nothing is "
            "written before you choose, and either work is kept."
        )
        self._asked = Question(text, (("mine", "It is mine"), ("other", "Begin my own"))), None
        self._claimed = claimed

    def _decide_whose(self, mine: bool) -> None:
        claimed, asked = self._claimed, self._asked
        assert claimed is not None

        def own(state: _State) -> tuple[_State, list[Conflict]]:
            whose = tuple(dict.fromkeys((*state.file.whose, _digest(self._name))))
            return _State(state.coding, msgspec.structs.replace(state.file, whose=whose)), []

        self._claimed = self._asked = None
        try:
            if mine:
                Workbook(self.article, self.codebook, self._name, claimed)._save(own)
                self.path, self._data = claimed, None
                self._open[claimed] = self
                self.refresh()
            else:
                self._save(own)
        except NotSaved:
            self._claimed, self._asked = claimed, asked
            raise

    # -- the file ------------------------------------------------------------------------------

    def to_json(self) -> bytes:
        """Return the work file's bytes: what a student hands in."""
        return _encode(self._state)

    def _save(self, edit: Callable[[_State], tuple[_State, list[Conflict]]]) -> Saved:
        # The page's messages may come in a thread of their own, beside a cell that runs.
        if self._asked:
            raise NotSaved(f"{self._asked[0].text} Choose first, at the top of the page.")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._thread_lock, turn(self.path, LOCK_SECONDS) as said:
                clear_temporary(self.path)
                found, on_disk = self._read()
                state, conflicts = edit(found)
                if state is not found or not on_disk:
                    self._write(state)
                    self.notice = said or self.notice
                else:
                    self._state = state
                saved = Saved(self.saved_at, self.revision, tuple(conflicts))
        except Timeout:
            raise NotSaved(_held(self.path)) from None
        except OSError as problem:
            raise NotSaved(_why_not(problem, self.path)) from None
        self._tell()
        return saved

    def _take(self, state: _State, on_disk: bool, said: str) -> None:
        """Hold what was read under the lock; write it if it is not on the disk."""
        if on_disk or not state.file.revision:
            self._hold(state)
        else:
            self._write(state)
        self.notice = self.notice or said

    def _hold(self, state: _State) -> None:
        self._state = state
        if not self._versions or self._versions[-1] is not state:
            self._versions.append(state)

    def _write(self, state: _State) -> None:
        """Put a state on the disk as the next version, and hold it."""
        writers = dict(state.file.writers)
        writers[self._writer] = writers.pop(self._writer, 0) + 1
        for writer in [*writers][:-MOST_WRITERS]:
            del writers[writer]
        file = msgspec.structs.replace(
            state.file,
            schema=SCHEMA,
            revision=max(state.file.revision, self.revision) + 1,
            saved=_now(),
            writers=writers,
            whose=state.file.whose or (() if self._name == UNSIGNED else (_digest(self._name),)),
        )
        data, new = self._writable(_State(state.coding, file))
        try:
            replace_file(self.path, data, backup=self.backup)
        except OSError:
            if _bytes(self.path) != data:  # some servers say no and have done it
                raise
        self._data = data
        self._hold(new)

    def _writable(self, state: _State) -> tuple[bytes, _State]:
        """Return a state's bytes, and the state as it will be read again.

        Nothing may be acknowledged that the next reader would call damaged.
        """
        try:
            data = _encode(state)
            if len(data) > MAX_BYTES:
                raise _Damaged(f"it is larger than {MAX_BYTES // 2**20} MB")
            # The labels are checked already; all else anybody may have put in.
            return data, _State(state.coding, msgspec.json.decode(data, type=_File))
        except (_Damaged, ValueError, TypeError, RecursionError) as problem:
            raise NotSaved(f"This cannot be kept in a work file: {problem}.") from None

    def _tell(self) -> None:
        for listener in list(self._listeners):
            try:
                listener(self)
            except Exception:  # the work is saved, whatever a view makes of it
                logging.getLogger(__name__).exception("A listener failed")

    def _looked(self) -> bool:
        """Take in what is on the disk, if that changes no file; say whether it did."""
        if self._claimed is not None:
            return True
        if self._asked:
            self._data = None  # another kernel may have been told meanwhile
        try:
            data = _bytes(self.path)
            if data is None:
                return self._data is not None or not self.backup.exists()
            if data == self._data:
                return True
            found = self._decode(data, self.path)
        except _Damaged:
            return False
        if self._data is None:
            self._ask(found)
            if self._asked and _bytes(self.path) != data:
                return False  # another kernel was saving while this one looked
        elif not found.has_all_of(self._state):
            return False
        self._data = data
        self._hold(found)
        return True

    def _read(self) -> tuple[_State, bool]:
        """Return what is there now, and whether it is what the file holds. Under the lock.

        A damaged file is put aside, never deleted, and what this kernel holds is used, or the
        version before it; so is a file older than what this kernel has saved. One that has what
        this kernel has not, and has not what this kernel has, is put together with it.
        """
        if self._asked:
            self._data = None
        data = _bytes(self.path)
        if data is not None and data == self._data:
            return self._state, True
        found, damaged = None, ""
        if data is not None:
            try:
                found = self._decode(data, self.path)
            except _Damaged as problem:
                damaged = f"was damaged ({problem})"
        held = self._state if self._data is not None else None
        if found is not None and held is None:
            self._ask(found)
            self._data = data
            return found, True
        if found is not None and held is not None:
            if found.has_all_of(held):
                self._data = data
                return found, True
            if held.has_all_of(found):
                aside = self._put_aside(self.path)
                self.notice = (
                    "Your work file had been replaced by an older one. It is kept as "
                    f"{aside.name}; your work as it was here, {held.said()}, is in use."
                )
                return held, False
            return self._together(held, found), False
        kept = self._put_aside(self.path) if damaged else None
        before = self._version_before()
        if held is not None and before is not None and not held.has_all_of(before):
            held = before if before.has_all_of(held) else self._together(held, before)
        if kept is not None:
            use = held or before
            self.notice = f"Your work file {damaged}. It is kept as {kept.name}; " + (
                f"the last good version of your work is in use: {use.said()}."
                if use is not None
                else "there is no version before it, so you begin anew. Ask your instructor to "
                "look at that file before you delete it."
            )
            return use or self._state, False
        if held is None and before is not None:
            self._ask(None, before)
        return held or self._state, False

    def _version_before(self) -> _State | None:
        """Return the version before, None if there is none that can be used."""
        try:
            data = _bytes(self.backup)
            return None if data is None else self._decode(data, self.backup)
        except _Damaged:
            self._put_aside(self.backup)
            return None
        except WorkbookError:
            return None

    def _ask(self, found: _State | None, before: _State | None = None) -> None:
        """Ask whether a newer copy beside the file shall be used, or one whose file is missing."""
        self._asked = None
        if found is not None:
            try:
                data = _bytes(self.backup)
                before = None if data is None else self._decode(data, self.backup)
            except (_Damaged, WorkbookError):
                before = None
            if before is None or found.has_all_of(before):
                return
            text = (
                f"Your work file is older than the copy beside it. The file has {found.said()}. "
                f"The copy, {self.backup.name}, has {before.said() if before else ''}."
            )
            choices = (("newer", "Go on with the copy"), ("this", "Go on with the file"))
        else:
            assert before is not None
            text = (
                f"Your work file {self.path.name} is not there, but a copy of it is: "
                f"{self.backup.name} has {before.said()}."
            )
            choices = (("newer", "Go on with the copy"), ("anew", "Begin anew"))
        text += " Nothing is written before you choose, and what you do not choose is kept."
        self._asked = Question(text, choices), before

    def _together(self, ours: _State, theirs: _State) -> _State:
        """Return two states as one, by unit; where both have changed the same thing, both stay."""
        base = next(
            (one for one in reversed(self._versions) if theirs.has_all_of(one)),
            _State(Coding(self.article, self.codebook, ""), WorkFile("", "", "", "")),
        )
        coding, file = theirs.coding, self._joined(ours, theirs)
        torn = {layer: dict(labels) for layer, labels in theirs.file.torn.items()}
        torn = {
            layer.id: {**ours.file.torn.get(layer.id, {}), **torn.get(layer.id, {})}
            for layer in self.codebook.layers
        }
        places: list[str] = []
        for layer in self.codebook.layers:
            before, after = base.coding.by_id(layer.id), ours.coding.by_id(layer.id)
            ids = dict.fromkeys((*before, *after))
            changes = {id: (before.get(id), after.get(id)) for id in ids}
            coding, conflicts = _change_labels(coding, layer.id, changes)
            for one in conflicts:
                torn[layer.id][one.id] = one.yours
                places.append(one.id if layer.unit != "words" else layer.title)
        answers = dict(theirs.file.answers)
        for id in dict.fromkeys((*base.file.answers, *ours.file.answers)):
            was, now, there = (one.file.answers.get(id) for one in (base, ours, theirs))
            new, both = merged_records(was, now, there)
            if both:
                places.append(f"exercise {id}")
            if new is None:
                answers.pop(id, None)
            else:
                answers[id] = new
        notes = merged_notes(base.file.notes, ours.file.notes, theirs.file.notes)
        commits = dict(theirs.file.commits)
        for name, commit in ours.file.commits.items():
            commits[name] = min(commit, commits.get(name, commit), key=lambda one: one.at)
        self.notice = "Work from another window or machine was put together with yours."
        if places:
            said = join([*dict.fromkeys(places)], 8)
            self.notice += (
                f" Where both had changed the same thing, both are kept, and you choose: {said}."
            )
        file = msgspec.structs.replace(
            file,
            student=changed(file.student, base.file.student, ours.file.student)[0],
            answers=answers,
            notes=notes,
            commits=commits,
            torn={layer: labels for layer, labels in torn.items() if labels},
        )
        return _State(coding, file)

    def _joined(self, ours: _State, theirs: _State) -> _File:
        """Return the file of ``theirs`` as one that has all that is in ``ours``, too."""
        one, other = ours.file, theirs.file
        writers = {**one.writers, **other.writers}
        writers = {name: max(one.writers.get(name, 0), n) for name, n in writers.items()}
        return msgspec.structs.replace(
            other,
            revision=max(one.revision, other.revision),
            writers=writers,
            whose=tuple(dict.fromkeys((*one.whose, *other.whose))),
        )

    def _decode(self, data: bytes, path: Path) -> _State:
        if len(data) > MAX_BYTES:
            raise _Damaged(f"it is larger than {MAX_BYTES // 2**20} MB")
        data = bare(data)
        if not whole(data):
            raise _Damaged("what stands in it is not what was saved")
        try:
            head = msgspec.json.decode(data, type=Head)
            if not (head.schema and head.sha256):
                raise _Damaged("it does not say what it is")
            if head.schema not in VERSIONS:
                raise WorkbookError(
                    f"{path} was made by another version of this kit ({brief(head.schema)}). "
                    "Use the version it was made with, or move the file away to begin anew."
                )
            if head.sha256 != self.article.sha256:
                raise WorkbookError(_other_text(path, head.article, self.article.id))
            file = msgspec.json.decode(data, type=_File)
            if file.schema == BEFORE:
                file = self._taken_over(file)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise _Damaged(damage(problem)) from None
        try:
            coding = Coding(self.article, self.codebook, file.student, file.labels)
            for commit in file.commits.values():
                Coding(self.article, self.codebook, file.student, commit.annotations)
        except CodingError as problem:
            # The file is whole; it is the codebook that changed, and may change back.
            raise WorkbookError(
                f"{path} does not fit this codebook: {brief(str(problem), 400)} "
                "The file is left as it is. "
                "Use the codebook it was made with, or move the file away to begin anew."
            ) from None
        return _State(coding, file)

    def _taken_over(self, file: WorkFile) -> WorkFile:
        """Return a file of the version before as one of this; on the disk it stays as it is until
        something is saved."""
        before = Before(file, self.article, self.codebook)
        answers = {id: before.record(id, raw) for id, raw in file.answers.items()}
        return msgspec.structs.replace(file, schema=SCHEMA, answers=answers)

    def _put_aside(self, path: Path) -> Path:
        """Give a file a name of its own beside the work file, and return that."""
        stem = path.name.partition(".")[0]
        aside = path.with_name(f"{stem}.aside-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.json")
        try:
            aside = free_name(aside)
            os.replace(path, aside)
        except OSError:
            raise WorkbookError(
                f"{path} cannot be used, and cannot be moved aside. "
                "Ask whoever runs this machine to make the folder writable."
            ) from None
        return aside


class _Damaged(Exception):
    """The file's content cannot be trusted."""


#: What the parts of a file are called where one of them cannot be read.
_SECTIONS = {
    "labels": "its labels",
    "commits": "its first answers",
    "answers": "its answers",
    "notes": "its notes",
}


def damage(problem: Exception) -> str:
    """Return what is the matter with a file that cannot be decoded, in a few words for people;
    behind them, in brackets, what a program says of it.

    Args:
        problem: what :mod:`msgspec` raised.
    """
    said = brief(str(problem), 90)
    if isinstance(problem, RecursionError):
        return "in it things lie within one another without end"
    if isinstance(problem, msgspec.ValidationError):
        place = re.search(r"\$\.(\w+)", str(problem))
        part = _SECTIONS.get(place[1] if place else "", "what it says of itself")
        return f"{part} cannot be read, as if somebody had written into it by hand ({said})"
    if "truncated" in said:
        return "its end is missing"
    return f"it is not whole, or not written as such a file is ({said})"


def work_folder() -> Path:
    """Return the folder for work files: ``$KIT_WORK``, or ``work/`` beside ``notebooks/``."""
    from kit.library.datasets import root

    return Path(os.environ.get("KIT_WORK") or root() / "work")


def keeper(student: str, folder: Path) -> str:
    """Return under which name work is kept: where all accounts of a server share one folder, work
    without a name is kept under the account's."""
    account = os.environ.get("JUPYTERHUB_USER", "")
    if student != UNSIGNED or not account:
        return student
    home = Path.home().resolve()
    return student if Path(folder).resolve().is_relative_to(home) else account


def file_stem(student: str) -> str:
    """Return a name that is safe as a file's on every system: ``"ana"`` as it is, ``"Ana María"``
    as ``"ana-maria-1f0a9c3e"``.

    Only a name of small Latin letters, digits and single hyphens stays as it is. Any other gets
    eight digits of its SHA-256 behind it: names that differ share no file, whatever a system takes
    for the same.
    """
    plain = _plain(student)
    if plain == student and len(plain) <= 40 and not reserved(plain):
        return plain
    return _apart(student)


def stem_before(student: str) -> str:
    """Return how earlier versions named the file of somebody: many names could share one."""
    letters = unicodedata.normalize("NFKD", student)
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    stem = "" if reserved(_plain(student)) else _plain(student)
    if not stem or len(stem) > 40 or any(c.isalnum() and not c.isascii() for c in plain):
        digits = hashlib.sha256(student.encode("utf-8", "replace")).hexdigest()[:8]
        stem = f"{stem[:31].strip('-') or 'student'}-{digits}"
    return stem


def _plain(student: str) -> str:
    letters = unicodedata.normalize("NFKD", student)
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _apart(student: str) -> str:
    plain = _plain(student)
    start = "" if reserved(plain) else plain[:31].strip("-")
    return f"{start or UNSIGNED}-{_digest(student)}"


def _digest(student: str) -> str:
    """Return what stands for a name: the same for what looks the same, however it is typed."""
    name = " ".join(unicodedata.normalize("NFC", student).split())
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]


def _found(folder: Path, student: str, kept_by: str) -> tuple[Path, Path | None]:
    """Return where the work of somebody is; and a file that may be theirs, if that has to be asked.

    Args:
        folder: the article's.
        student: the name.
        kept_by: the name under which it is kept; see :func:`keeper`.
    """

    def at(stem: str) -> Path:
        return (folder / f"{stem}.json").resolve()

    own = at(file_stem(kept_by))
    apart = at(_apart(kept_by))
    if apart.exists():
        return apart, None
    if kept_by == UNSIGNED:
        return own, None
    before = [at(stem_before(kept_by)), *([at(UNSIGNED)] if kept_by != student else [])]
    for path in dict.fromkeys((own, *before)):
        if path.exists() or path.with_suffix(".bak.json").exists():
            return (path, None) if _answers_to(path, kept_by) else (apart, path)
    return own, None


def _answers_to(path: Path, name: str) -> bool:
    """Say whether a file is somebody's, or says nothing of whose it is."""
    try:
        said = msgspec.json.decode(bare(_bytes(path) or b"{}"), type=_Names)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return True  # it is opened, and what is the matter with it is told
    if said.whose:
        return _digest(name) in said.whose
    return not said.student or _digest(said.student) == _digest(name)


class _Names(msgspec.Struct, frozen=True):
    student: str = ""
    whose: tuple[str, ...] = ()


def _change_labels(
    coding: Coding, layer: str, changes: Mapping[str, Change]
) -> tuple[Coding, list[Conflict]]:
    wanted: dict[str, Annotation | None] = {}
    conflicts = []
    for id, (was, now) in changes.items():
        there = coding.by_id(layer).get(id)
        value, both = changed(there, was, now, same_label)
        if both:
            conflicts.append(Conflict(id, now, there))
        elif value is not there:
            wanted[id] = value
    if not wanted:
        return coding, conflicts
    try:
        return coding.replace(layer, wanted), conflicts
    except CodingError:
        pass
    # Something in the batch cannot stand. Leave out what could not stand even alone.
    alone = coding.replace(layer, dict.fromkeys(coding.by_id(layer)))
    for id, now in list(wanted.items()):
        try:
            alone.replace(layer, {id: now})
        except CodingError as problem:
            conflicts.append(Conflict(id, now, coding.by_id(layer).get(id), str(problem)))
            del wanted[id]
    try:
        return coding.replace(layer, wanted), conflicts
    except CodingError:
        pass
    # Some are in each other's way: clear first, then set one by one, and say which.
    for id, now in sorted(wanted.items(), key=lambda item: item[1] is not None):
        try:
            coding = coding.replace(layer, {id: now})
        except CodingError as problem:
            conflicts.append(Conflict(id, now, coding.by_id(layer).get(id), str(problem)))
    return coding, conflicts


def same_label(one: Annotation | None, other: Annotation | None) -> bool:
    """Compare two annotations by offsets and content, whether or not words were filled in."""
    return _bare(one) == _bare(other)


def _bare(a: Annotation | None) -> Any:
    if a is None:
        return None
    parts = {k: [(s.start, s.end) for s in spans] for k, spans in a.parts.items() if spans}
    fields = {k: v for k, v in a.fields.items() if v}
    return (a.at.start, a.at.end, a.codes, parts, fields, a.note)


def _change_entry(
    state: _State, section: str, key: str, value: Any, seen: Any
) -> tuple[_State, list[Conflict]]:
    entries = dict(getattr(state.file, section))
    there = entries.get(key)
    new, both = changed(there, seen, value)
    if both:
        return state, [Conflict(key, value, there)]
    entries.pop(key, None)
    if new is not None:
        entries[key] = new
    return _State(state.coding, msgspec.structs.replace(state.file, **{section: entries})), []


def _encode(state: _State) -> bytes:
    return sealed(msgspec.structs.replace(state.file, labels=tuple(state.coding)))


def _bytes(path: Path) -> bytes | None:
    """Return what a file holds, or a byte more than is allowed; None where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise WorkbookError(
            f"{path} cannot be read: {problem.strerror}. "
            "Check that the file is yours and that the folder is there."
        ) from None


def _day(stamp: str) -> str:
    try:
        return f"on {datetime.fromisoformat(stamp).astimezone():%Y-%m-%d at %H:%M}"
    except (ValueError, OverflowError, OSError):  # somebody wrote into the file
        return brief(stamp)


def browser_key(*what: str) -> str:
    """Return what tells something that a browser keeps from all else on the same address: digits
    for the server's account and for what it is, such as a file's path."""
    said = (os.environ.get("JUPYTERHUB_USER", "") or _login(), *what)
    return hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()[:20]


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # some servers give their accounts no name
        return ""


def _held(path: Path) -> str:
    return (
        f"Another program is holding {path.name}. Close other notebooks, "
        "wait a moment and try again."
    )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _other_text(path: Path, theirs: str, ours: str) -> str:
    return (
        f"{path} holds work on another text (“{brief(theirs)}”) than this one (“{ours}”). "
        "Labels fit only the text they were made on. Move the file away to begin anew."
    )


def _why_not(problem: OSError, path: Path) -> str:
    if problem.errno in _FULL:
        return "The disk is full. Delete something you do not need, then try again."
    if os.name == "nt" and path.exists() and isinstance(problem, PermissionError):
        return (
            f"{path.name} is in use by another program, or marked read-only. Close what may "
            "have it open, wait a moment and try again."
        )
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"The folder {path.parent} cannot be written. Move the whole kit to a folder of "
            "your own, such as Documents, and open it from there."
        )
    return f"{path} could not be written: {problem.strerror or problem}."
