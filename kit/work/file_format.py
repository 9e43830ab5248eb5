"""The form of a work file: whoever reads or writes one knows it from here.

How labels and answers are held is left to the reader: a workbook keeps all there is, whoever
collects from a class takes no more than a person can have made.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

__all__ = ["BEFORE", "SCHEMA", "VERSIONS", "Commit", "Head", "WorkFile", "bare"]

SCHEMA = "kit-work-2"
#: The version before, whose answers :mod:`kit.work.before` takes over.
BEFORE = "kit-work-1"
#: The versions that open.
VERSIONS = (SCHEMA, BEFORE)

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


def bare(data: bytes) -> bytes:
    """Return a file's bytes without the byte-order mark that some editors put in front."""
    return data.removeprefix(b"\xef\xbb\xbf")
