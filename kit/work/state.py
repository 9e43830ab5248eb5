"""One state of a work file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from kit.base.phrases import brief, plural
from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding, CodingError, fitting
from kit.text.article import Article
from kit.work.before import Before
from kit.work.errors import MOVE_AWAY, Damaged, WorkbookError, damage, other_text
from kit.work.file_format import (
    BEFORE,
    MAX_BYTES,
    SCHEMA,
    VERSIONS,
    Head,
    WorkFile,
    bare,
    sealed,
    whole,
)

File = WorkFile[tuple[Annotation, ...], Any]


class State(msgspec.Struct, frozen=True):
    """A file that has been read and checked."""

    coding: Coding
    file: File

    @classmethod
    def empty(cls, article: Article, codebook: Codebook, student: str) -> State:
        """Return that of work which has not been begun."""
        file: File = WorkFile(SCHEMA, article.id, article.sha256, student)
        return cls(Coding(article, codebook, student), file)

    @classmethod
    def of(cls, data: bytes, path: Path, article: Article, codebook: Codebook) -> State:
        """Return what a file says.

        Args:
            data: what is in it.
            path: where it lies, for messages.
            article: the text it has to be about.
            codebook: what may be said of it.

        Raises:
            Damaged: its content cannot be trusted.
            WorkbookError: it is whole, and of another kit, text or codebook.
        """
        if len(data) > MAX_BYTES:
            raise Damaged(f"it is larger than {MAX_BYTES // 2**20} MB")
        data = bare(data)
        if not whole(data):
            raise Damaged("what stands in it is not what was saved")
        try:
            head = msgspec.json.decode(data, type=Head)
            if not (head.schema and head.sha256):
                raise Damaged("it does not say what it is")
            if head.schema not in VERSIONS:
                raise WorkbookError(
                    f"{path} was made by another version of this kit ({brief(head.schema)}). "
                    f"Use the version it was made with.{MOVE_AWAY}"
                )
            if head.sha256 != article.sha256:
                raise WorkbookError(other_text(path, head.article, article.id))
            file = msgspec.json.decode(data, type=File)
            if file.schema == BEFORE:
                before = Before(file, article, codebook)  # on the disk it stays until a save
                answers = {id: before.record(id, raw) for id, raw in file.answers.items()}
                file = msgspec.structs.replace(file, schema=SCHEMA, answers=answers)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise Damaged(damage(problem)) from None
        try:
            labels = (*file.labels, *file.unfit)
            coding, unfit = fitting(article, codebook, file.student, labels)
            for commit in file.commits.values():
                fitting(article, codebook, file.student, commit.annotations)
        except CodingError as problem:
            raise WorkbookError(
                f"{path} holds labels that do not fit this text: {brief(str(problem), 400)} "
                f"The file is left as it is.{MOVE_AWAY}"
            ) from None
        return cls(coding, msgspec.structs.replace(file, unfit=unfit))

    def has_all_of(self, other: State) -> bool:
        """Say whether whoever saved this one knew all that is in the other."""
        ours, theirs = self.file.writers, other.file.writers
        return self.file.revision >= other.file.revision and all(
            ours.get(writer, 0) >= times for writer, times in theirs.items()
        )

    def said(self) -> str:
        """Return how much there is and of when, in words."""
        made = f"{plural(len(self.coding), 'label')} and {plural(len(self.file.answers), 'answer')}"
        return f"{made}, saved {_day(self.file.saved)}" if self.file.saved else made

    def encoded(self) -> bytes:
        """Return the bytes of its file."""
        return sealed(msgspec.structs.replace(self.file, labels=tuple(self.coding)))


def _day(stamp: str) -> str:
    try:
        return f"on {datetime.fromisoformat(stamp).astimezone():%Y-%m-%d at %H:%M}"
    except (ValueError, OverflowError, OSError):  # somebody wrote into the file
        return brief(stamp)
