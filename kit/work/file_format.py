"""The form of a work file: whoever reads or writes one knows it from here.

How labels and answers are held is left to the reader: a workbook keeps all there is, whoever
collects from a class takes no more than a person can have made.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from kit.base.files import opened, reason
from kit.coding.coding import Annotation
from kit.work.errors import WorkbookError

SCHEMA = "kit-work-3"
#: The first version, whose answers :mod:`kit.work.before` takes over.
BEFORE = "kit-work-1"
#: The versions that open. The second is as this one, without what tells two copies apart.
VERSIONS = (SCHEMA, "kit-work-2", BEFORE)

#: No work file is larger.
MAX_BYTES = 20 * 1024 * 1024

#: How a file ends before its checksum is put in.
_OPEN = b'\n "checksum": ""\n}\n'
_CHECKSUM = b'\n "checksum": "'

Labels = TypeVar("Labels")
Answer = TypeVar("Answer")


class Head(msgspec.Struct, frozen=True):
    """What a file says it is: its schema, and the text it is about."""

    schema: str = ""
    article: str = ""
    sha256: str = ""


class Commit(msgspec.Struct, Generic[Labels], frozen=True, forbid_unknown_fields=True):
    """The labels of a layer as they were kept as a first answer, and when."""

    at: str
    annotations: Labels


class WorkFile(msgspec.Struct, Generic[Labels, Answer], frozen=True, forbid_unknown_fields=True):
    """A whole file.

    Attributes:
        schema: one of :data:`VERSIONS`.
        article, sha256: the text that it is about.
        student: who has signed it.
        revision: how often it has been saved.
        saved: when it was last saved (UTC, ISO 8601).
        labels: the labels as they are now.
        answers: what was written in the exercises, by their numbers.
        notes: free notes by subject.
        commits: first answers by layer.
        whose: digests of the names that the work answers to; none of a file of before.
        writers: how often each kernel has saved it, the last one at the end. So of two copies it
            can be said which has all that is in the other.
        torn: by layer and id, labels that found another in their place when copies of two
            machines were put together; None for a label that was taken away. Somebody chooses.
        unfit: labels that the codebook as it is does not allow; they are counted nowhere.
        checksum: of all that stands before it, see :func:`whole`.
    """

    schema: str
    article: str
    sha256: str
    student: str
    revision: int = 0
    saved: str = ""
    labels: Labels = ()  # type: ignore[assignment]  # any kind of labels is a tuple, this is none
    answers: dict[str, Answer] = {}
    notes: dict[str, str] = {}
    commits: dict[str, Commit[Labels]] = {}
    whose: tuple[str, ...] = ()
    writers: dict[str, int] = {}
    torn: dict[str, dict[str, Annotation | None]] = {}
    unfit: Labels = ()  # type: ignore[assignment]
    checksum: str = ""


def sealed(file: WorkFile) -> bytes:
    """Return the bytes of a file, with the checksum of all that stands before it."""
    return seal(msgspec.json.encode(msgspec.structs.replace(file, checksum="")))


def seal(data: bytes) -> bytes:
    """Return the JSON of a file whose last key is an empty ``checksum`` with that filled in."""
    said = (msgspec.json.format(data, indent=1) + b"\n").removesuffix(_OPEN)
    return said + _CHECKSUM + _digest(said) + b'"\n}\n'


def whole(data: bytes) -> bool:
    """Say whether a file's bytes are those that its checksum was made of; so is a file that has
    none, because it is of an earlier version, or somebody emptied it who wrote into the file.

    Line ends may be those of another system, and blanks as another program sets them.
    """
    data = data.replace(b"\r\n", b"\n")
    said, there, rest = data.rpartition(_CHECKSUM)
    if there and rest[:64] == _digest(said):
        return True
    try:
        data = msgspec.json.format(data, indent=1) + b"\n"
    except (msgspec.DecodeError, RecursionError):
        return not there  # what is the matter with it is seen when it is decoded
    said, there, rest = data.rpartition(_CHECKSUM)
    return not there or rest.startswith(b'"') or rest[:64] == _digest(said)


def _digest(said: bytes) -> bytes:
    return hashlib.sha256(said).hexdigest().encode()


def bare(data: bytes) -> bytes:
    """Return a file's bytes without the byte-order mark that some editors put in front."""
    return data.removeprefix(b"\xef\xbb\xbf")


def bytes_of(path: Path) -> bytes | None:
    """Return what a file holds, or a byte more than is allowed; None where there is none. Raises
    WorkbookError: it cannot be read."""
    try:
        with opened(path) as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise WorkbookError(
            f"{path} cannot be read: {reason(problem)}. "
            "Check that the file is yours and that the folder is there."
        ) from None
