"""The copies of a work file, and which of them is in use.

Which of two copies is the newer one does not hang on a clock: every file says how often each
kernel has saved it. A copy that has all that is in another takes its place. Where each has
something that the other has not, they are put together.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

import msgspec

from kit.base.durable import clear_temporary, free_name, replace_file
from kit.base.lock import Timeout, turn
from kit.base.phrases import brief
from kit.coding.codebook import Codebook
from kit.text.article import Article
from kit.work.changes import Conflict
from kit.work.errors import MOVE_AWAY, Damaged, NotSaved, WorkbookError, saving
from kit.work.file_format import MAX_BYTES, SCHEMA, bytes_of
from kit.work.names import UNSIGNED, name_digest, original_of
from kit.work.questions import Question, file_is_missing, file_is_older, whose
from kit.work.state import File, State
from kit.work.together import joined, put_together

LOCK_SECONDS = 5
#: How many kernels a file remembers, and how many of its versions a kernel.
MOST_WRITERS, MOST_VERSIONS = 64, 64

#: A file's name, size and time: what tells it as it is from what it may become.
Stamp = tuple[str, int, int]
#: Gets what the file holds; returns what it shall hold, and what could not be done.
Edit = Callable[[State], tuple[State, list[Conflict]]]


class Saved(msgspec.Struct, frozen=True):
    """What a save did: when (UTC, ISO 8601), the file's new revision, and what it left out."""

    at: str
    revision: int
    conflicts: tuple[Conflict, ...] = ()


class Store:
    """What one kernel holds of a work file, and the way to the disk.

    Attributes:
        path: the file.
        state: what is held.
        notice: what the student should know about how the file was found; usually empty.
        question: what somebody has to say before anything is written; None if there is nothing.
    """

    def __init__(self, article: Article, codebook: Codebook, student: str, path: Path):
        self.path = path
        self.state = State.empty(article, codebook, student)
        self.notice = ""
        self.question: Question | None = None
        self._name = student
        self._article, self._codebook = article, codebook
        self._thread_lock = RLock()
        self._writer = secrets.token_hex(4)
        #: The bytes of the file as this kernel last read or wrote it; None before there are any.
        self._data: bytes | None = None
        #: What the question is about: the copy that may be taken, or the file of another name.
        self._rival: State | None = None
        self._claimed: Path | None = None
        self._versions: deque[State] = deque(maxlen=MOST_VERSIONS)
        #: Files that seemed to be copies and were none, as they were then.
        self._passed: set[Stamp] = set()
        #: Copies whose content is in the state that is about to be written.
        self._taken_in: list[Path] = []
        self.refresh()

    @property
    def number(self) -> int:
        """A number that is the file's own: out of the name of the kernel that saved it first, or
        will."""
        return int(next(iter(self.state.file.writers), self._writer), 16)

    @property
    def backup(self) -> Path:
        """Where the version before the last is kept."""
        return self.path.with_suffix(".bak.json")

    def refresh(self) -> None:
        """Take in what another window, kernel or machine has saved meanwhile. Raises
        WorkbookError: the file cannot be used, or has to be mended and cannot be written."""
        with self._thread_lock:
            if self._looked():
                return
            try:
                with turn(self.path, LOCK_SECONDS) as said:
                    self._take(*self._read(), said)
            except (OSError, Timeout) as problem:
                raise WorkbookError(
                    f"{self.path} needs mending, and its folder cannot be written ({problem}). "
                    "Make the folder writable, then run this cell again."
                ) from None

    def save(self, edit: Edit) -> Saved:
        """Change what is on the disk by then. Raises NotSaved: nothing has changed."""
        if self.question:
            raise NotSaved(f"{self.question.text} Choose first, at the top of the page.")
        with saving(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # The page's messages may come in a thread of their own, beside a cell that runs.
            with self._thread_lock, turn(self.path, LOCK_SECONDS) as said:
                clear_temporary(self.path)
                found, on_disk = self._read()
                state, conflicts = edit(found)
                if state is not found or not on_disk:
                    self._write(state)
                    self.notice = said or self.notice
                else:
                    self.state = state
                file = self.state.file
                return Saved(file.saved, file.revision, tuple(conflicts))

    def take_in(self, data: bytes, name: str) -> str:
        """Put a copy of this work together with what is here, which is kept as it was beside the
        file; see :meth:`.Workbook.take_in`."""
        try:
            copy = self._decoded(data, Path(name))
        except Damaged as problem:
            raise NotSaved(f"{name} is no work file that can be used: {problem}.") from None
        except WorkbookError as problem:
            raise NotSaved(str(problem).removesuffix(MOVE_AWAY)) from None
        theirs, mine = copy.file.student, self.state.file.student
        if UNSIGNED not in (theirs, mine) and name_digest(theirs) != name_digest(mine):
            raise NotSaved(
                f"{name} is the work of “{brief(theirs)}”, and this is that of “{brief(mine)}”. "
                "If both are yours, sign this one with the other name first."
            )
        said = f"All that is in {name} is here already."

        def edit(found: State) -> tuple[State, list[Conflict]]:
            nonlocal said
            if copy.file.writers and found.has_all_of(copy):
                return found, []
            together = self._together(copy, found)
            said = self.notice
            if self.path.exists():
                aside = self._put_aside(self.path, shutil.copyfile)
                said += f" What was here before is kept as {aside.name}."
            return together, []

        self.save(edit)
        return f"{said} There are {self.state.said()}."

    def ask_whose(self, claimed: Path) -> None:
        """Ask whether a file that answers to another name is this student's; it is only read."""
        try:
            there = self._decoded(bytes_of(claimed) or b"", claimed)
        except (Damaged, WorkbookError):
            there = None
        self.question = whose(self._name, claimed, there)
        self._claimed = claimed

    def decide(self, choice: str) -> None:
        """Answer the :attr:`question`. What is not chosen is kept beside the file. Raises NotSaved:
        nothing has changed."""
        if self.question is None:
            return
        if self._claimed is not None:
            return self._decide_whose(choice == "mine")
        with saving(self.path), self._thread_lock, turn(self.path, LOCK_SECONDS):
            rival = self._rival
            if choice == "newer" and rival is not None:
                if self.path.exists():
                    self._put_aside(self.path)
                self._settled()
                self._write(State(rival.coding, joined(rival, self.state)))
            else:
                self._put_aside(self.backup)
                self._settled()

    def _decide_whose(self, mine: bool) -> None:
        claimed, question = self._claimed, self.question
        assert claimed is not None

        def own(state: State) -> tuple[State, list[Conflict]]:
            whose = tuple(dict.fromkeys((*state.file.whose, name_digest(self._name))))
            return State(state.coding, msgspec.structs.replace(state.file, whose=whose)), []

        self._claimed = self.question = None
        try:
            if mine:
                Store(self._article, self._codebook, self._name, claimed).save(own)
                self.path, self._data = claimed, None
                self.refresh()
            else:
                self.save(own)
        except NotSaved:
            self._claimed, self.question = claimed, question
            raise

    def _take(self, state: State, on_disk: bool, said: str) -> None:
        """Hold what was read under the lock; write it if it is not on the disk."""
        if on_disk or not state.file.revision:
            self._hold(state)
        else:
            self._write(state)
        self.notice = self.notice or said

    def _hold(self, state: State) -> None:
        self.state = state
        if not self._versions or self._versions[-1] is not state:
            self._versions.append(state)

    def _write(self, state: State) -> None:
        """Put a state on the disk as the next version, and hold it."""
        writers = dict(state.file.writers)
        writers[self._writer] = writers.pop(self._writer, 0) + 1
        for writer in [*writers][:-MOST_WRITERS]:
            del writers[writer]
        named = () if self._name == UNSIGNED else (name_digest(self._name),)
        file = msgspec.structs.replace(
            state.file,
            schema=SCHEMA,
            revision=max(state.file.revision, self.state.file.revision) + 1,
            saved=now(),
            writers=writers,
            whose=state.file.whose or named,
        )
        data, new = _writable(State(state.coding, file))
        try:
            replace_file(self.path, data, backup=self.backup)
        except OSError:
            if bytes_of(self.path) != data:  # some servers say no and have done it
                raise
        self._data = data
        self._hold(new)
        for path in self._taken_in:
            with suppress(WorkbookError):  # what is in it is on the disk
                aside = self._put_aside(path)
                self.notice += f" It was in {path.name}, which is kept as {aside.name}."
        self._taken_in = []

    def _looked(self) -> bool:
        """Take in what is on the disk, if that changes no file; say whether it did."""
        if self._claimed is not None:
            return True
        if self.question:
            self._data = None  # another kernel may have been told meanwhile
        try:
            data = bytes_of(self.path)
            if data is None:
                return self._data is not None or not self.backup.exists()
            if self._copies():
                return False
            if data == self._data:
                return True
            found = self._decoded(data, self.path)
        except Damaged:
            return False
        if self._data is None:
            self._ask_of_copy(found)
            if self.question and bytes_of(self.path) != data:
                return False  # another kernel was saving while this one looked
        elif not found.has_all_of(self.state):
            return False
        self._data = data
        self._hold(found)
        return True

    def _read(self) -> tuple[State, bool]:
        """Return what is there now, with what is in copies of it that a sync program or a browser
        has made, and whether it is what the file holds. Under the lock."""
        state, on_disk = self._read_file()
        self._taken_in = []
        for path, stamp in [] if self.question else self._copies():
            try:
                copy = self._decoded(bytes_of(path) or b"", path)
            except (Damaged, WorkbookError):
                copy = None
            if copy is None or copy.file.writers.keys().isdisjoint(state.file.writers):
                self._passed.add(stamp)  # it cannot be read, or is somebody else's
            elif state.has_all_of(copy):
                with suppress(WorkbookError):  # all that is in it is here
                    self._put_aside(path)
                self._passed.add(stamp)
            else:
                state, on_disk = self._together(copy, state), False
                self._taken_in.append(path)
        return state, on_disk

    def _copies(self) -> list[tuple[Path, Stamp]]:
        """Return the new files beside this one whose names are those of copies."""
        found = []
        with suppress(OSError), os.scandir(self.path.parent) as entries:
            for entry in entries:
                if original_of(entry.name, {self.path.name}):
                    there = entry.stat()
                    stamp = (entry.name, there.st_size, there.st_mtime_ns)
                    if stamp not in self._passed:
                        found.append((self.path.with_name(entry.name), stamp))
        return sorted(found)

    def _read_file(self) -> tuple[State, bool]:
        """Return what there is without copies, and whether it is what the file holds.

        A damaged file is put aside, never deleted, and what this kernel holds is used, or the
        version before it; so is a file older than what this kernel has saved. One that has what
        this kernel has not, and has not what this kernel has, is put together with it.
        """
        if self.question:
            self._data = None
        data = bytes_of(self.path)
        if data is not None and data == self._data:
            return self.state, True
        found, damaged = None, ""
        if data is not None:
            try:
                found = self._decoded(data, self.path)
            except Damaged as problem:
                damaged = f"was damaged ({problem})"
        held = self.state if self._data is not None else None
        if found is not None and held is None:
            self._ask_of_copy(found)
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
            return use or self.state, False
        if held is None and before is not None:
            self.question = file_is_missing(self.path, self.backup, before)
            self._rival = before
        return held or self.state, False

    def _decoded(self, data: bytes, path: Path) -> State:
        return State.of(data, path, self._article, self._codebook)

    def _version_before(self) -> State | None:
        """Return the version before, None if there is none that can be used."""
        try:
            data = bytes_of(self.backup)
            return None if data is None else self._decoded(data, self.backup)
        except Damaged:
            self._put_aside(self.backup)
            return None
        except WorkbookError:
            return None

    def _ask_of_copy(self, found: State) -> None:
        """Ask whether a newer copy beside the file shall be used, if there is one."""
        self._settled()
        try:
            data = bytes_of(self.backup)
            before = None if data is None else self._decoded(data, self.backup)
        except (Damaged, WorkbookError):
            return
        if before is not None and not found.has_all_of(before):
            self.question = file_is_older(found, self.backup, before)
            self._rival = before

    def _settled(self) -> None:
        self.question = self._rival = None

    def _together(self, ours: State, theirs: State) -> State:
        nothing = State.empty(self._article, self._codebook, UNSIGNED)
        known = (
            one
            for one in reversed(self._versions)
            if theirs.has_all_of(one) and ours.has_all_of(one)
        )
        state, self.notice = put_together(next(known, nothing), ours, theirs)
        return state

    def _put_aside(self, path: Path, put: Callable[[Path, Path], object] = os.replace) -> Path:
        """Give a file, or a copy of it, a name of its own beside the work file; return that."""
        aside = self.path.with_name(
            f"{self.path.stem}.aside-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.json"
        )
        try:
            aside = free_name(aside)
            put(path, aside)
        except OSError:
            raise WorkbookError(
                f"{path} cannot be used, and cannot be moved aside. "
                "Ask whoever runs this machine to make the folder writable."
            ) from None
        return aside


def _writable(state: State) -> tuple[bytes, State]:
    """Return a state's bytes, and the state as it will be read again.

    Nothing may be acknowledged that the next reader would call damaged.
    """
    try:
        data = state.encoded()
        if len(data) > MAX_BYTES:
            raise Damaged(f"it is larger than {MAX_BYTES // 2**20} MB")
        # The labels are checked already; all else anybody may have put in.
        return data, State(state.coding, msgspec.json.decode(data, type=File))
    except (Damaged, ValueError, TypeError, RecursionError) as problem:
        raise NotSaved(f"This cannot be kept in a work file: {problem}.") from None


def now() -> str:
    """Return the time as a work file has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
