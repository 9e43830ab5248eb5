"""A workbook: one student's labels, answers and notes on one article, in one file.

Nothing a student makes lives in a notebook. Each change is on the disk before it is
acknowledged. A second window or kernel on the same file is noticed at every save: changes to
different units are merged; two different answers to the same unit are handed back as a
conflict for the student to decide.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from filelock import FileLock, Timeout

from kit.base.durable import replace_file, reserved
from kit.base.errors import KitError
from kit.base.phrases import brief
from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding, CodingError
from kit.text.article import Article
from kit.work.before import Before
from kit.work.file_format import BEFORE, SCHEMA, VERSIONS, Commit, Head, WorkFile, bare

__all__ = [
    "Conflict",
    "NotSaved",
    "Saved",
    "Workbook",
    "WorkbookError",
    "damage",
    "file_stem",
    "same_label",
    "work_folder",
]

MAX_BYTES = 20 * 1024 * 1024
LOCK_SECONDS = 5

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


class _State(msgspec.Struct, frozen=True):
    """A file that has been read and checked."""

    coding: Coding
    file: _File


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
        empty: _File = WorkFile(SCHEMA, article.id, article.sha256, student)
        self._state = _State(Coding(article, codebook, student), empty)
        self._state = self._read() or self._state

    @classmethod
    def open(
        cls, article: Article, codebook: Codebook, student: str, folder: Path | None = None
    ) -> Workbook:
        """Open a student's workbook, or begin one; within a process there is one for a file.

        Args:
            article: the text it is about.
            codebook: what may be said of it.
            student: any name or pseudonym; the file is named after it, see :func:`file_stem`.
            folder: where the work is kept; :func:`work_folder` if None.

        Raises:
            WorkbookError: the file belongs to another text, or was made by a newer kit.
        """
        folder = work_folder() if folder is None else Path(folder)
        path = (folder / article.id / f"{file_stem(student)}.json").resolve()
        workbook = cls._open.get(path)
        if workbook is None:
            workbook = cls(article, codebook, student, path)
            cls._open[path] = workbook
        elif workbook.article.sha256 != article.sha256:
            raise WorkbookError(_other_text(path, workbook.article.id, article.id))
        return workbook

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
        """Take in what another window or kernel has saved meanwhile."""
        with self._thread_lock:
            found = self._read() or self._state
            changed = found.file.revision != self.revision
            if changed:
                self._state = found
        if changed:
            self._tell()

    # -- the file ------------------------------------------------------------------------------

    def to_json(self) -> bytes:
        """Return the work file's bytes: what a student hands in."""
        return _encode(self._state)

    def _save(self, edit: Callable[[_State], tuple[_State, list[Conflict]]]) -> Saved:
        # The page's messages may come in a thread of their own, beside a cell that runs.
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._thread_lock, FileLock(f"{self.path}.lock", timeout=LOCK_SECONDS):
                found = self._read(locked=True) or self._state
                state, conflicts = edit(found)
                if state is not found or not self.path.exists():
                    file = msgspec.structs.replace(
                        state.file, revision=found.file.revision + 1, saved=_now()
                    )
                    data, state = self._writable(_State(state.coding, file))
                    replace_file(self.path, data, backup=self.backup)
                self._state = state
                saved = Saved(self.saved_at, self.revision, tuple(conflicts))
        except Timeout:
            raise NotSaved(
                f"Another program is holding {self.path.name}. Close other notebooks, "
                "wait a moment and try again."
            ) from None
        except OSError as problem:
            raise NotSaved(_why_not(problem, self.path)) from None
        self._tell()
        return saved

    def _writable(self, state: _State) -> tuple[bytes, _State]:
        """Return a state's bytes, and the state as it will be read again.

        Nothing may be acknowledged that the next reader would call damaged.
        """
        try:
            data = _encode(state)
            return data, self._decode(data, self.path)
        except (_Damaged, ValueError, TypeError, RecursionError) as problem:
            raise NotSaved(f"This cannot be kept in a work file: {problem}.") from None

    def _tell(self) -> None:
        for listener in list(self._listeners):
            try:
                listener(self)
            except Exception:  # the work is saved, whatever a view makes of it
                logging.getLogger(__name__).exception("A listener failed")

    def _read(self, *, locked: bool = False) -> _State | None:
        """Return what is on the disk; None if there is nothing that can be read.

        A damaged file is put aside, never deleted, and the version before it is used, or what
        this kernel holds if that is newer; so is a file older than what this kernel has saved.
        Files are moved only under the lock: another kernel may just have mended them.
        """
        for path in (self.path, self.backup):
            try:
                with path.open("rb") as file:
                    data = file.read(MAX_BYTES + 1)
            except FileNotFoundError:
                continue
            except OSError as problem:
                raise WorkbookError(
                    f"{path} cannot be read: {problem.strerror}. "
                    "Check that the file is yours and that the folder is there."
                ) from None
            try:
                found = self._decode(data, path)
            except _Damaged as problem:
                if not locked:
                    return self._read_locked()
                self._put_aside(path, f"was damaged ({problem})")
                continue
            if found.file.revision < self.revision:
                if path == self.path:
                    if not locked:
                        return self._read_locked()
                    self._put_aside(path, "had been replaced by an older one")
                return self._state
            return found
        return None

    def _read_locked(self) -> _State | None:
        try:
            with FileLock(f"{self.path}.lock", timeout=LOCK_SECONDS):
                return self._read(locked=True)
        except (OSError, Timeout) as problem:
            raise WorkbookError(
                f"{self.path} needs mending, and its folder cannot be written ({problem}). "
                "Make the folder writable, then run this cell again."
            ) from None

    def _decode(self, data: bytes, path: Path) -> _State:
        if len(data) > MAX_BYTES:
            raise _Damaged(f"it is larger than {MAX_BYTES // 2**20} MB")
        data = bare(data)
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

    def _put_aside(self, path: Path, problem: str) -> None:
        aside = path.with_name(f"{path.stem}.aside-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.json")
        try:
            os.replace(path, aside)
        except OSError:
            raise WorkbookError(
                f"{path} {problem} and cannot be moved aside. "
                "Ask whoever runs this machine to make the folder writable."
            ) from None
        self.notice = (
            f"Your work file {problem}. It is kept as {aside.name}; "
            "the last good version of your work is in use."
        )


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


def file_stem(student: str) -> str:
    """Return a name that is safe as a file's on every system: ``"Ana María"`` → ``"ana-maria"``.

    A name that cannot be written so, because it is too long or has other letters than Latin ones,
    gets eight digits of its SHA-256 behind it, so that two such names do not share a file.
    """
    letters = unicodedata.normalize("NFKD", student)
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if reserved(stem):
        stem = ""
    if not stem or len(stem) > 40 or any(c.isalnum() and not c.isascii() for c in plain):
        digits = hashlib.sha256(student.encode("utf-8", "replace")).hexdigest()[:8]
        stem = f"{stem[:31].strip('-') or 'student'}-{digits}"
    return stem


def _change_labels(
    coding: Coding, layer: str, changes: Mapping[str, Change]
) -> tuple[Coding, list[Conflict]]:
    wanted: dict[str, Annotation | None] = {}
    conflicts = []
    for id, (was, now) in changes.items():
        there = coding.by_id(layer).get(id)
        if same_label(there, now):
            continue
        if same_label(there, was):
            wanted[id] = now
        else:
            conflicts.append(Conflict(id, now, there))
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
    if there not in (seen, value):
        return state, [Conflict(key, value, there)]
    entries.pop(key, None)
    if value is not None:
        entries[key] = value
    return _State(state.coding, msgspec.structs.replace(state.file, **{section: entries})), []


def _encode(state: _State) -> bytes:
    file = msgspec.structs.replace(state.file, labels=tuple(state.coding))
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


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
