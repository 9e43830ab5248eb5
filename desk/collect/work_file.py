"""One student's work file, read without opening a workbook: nothing is moved, mended or written.

It has smaller limits than a workbook's, because a class folder holds what anybody may have written.
All limits on what is in a file are here: whoever marks, counts or shows a :class:`Work` may take it
that there is no more in it than a person makes with the kit.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, NoReturn

import msgspec

from desk.collect.submissions import AGAIN, Found, shown
from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding, CodingError, MisfitError, fitting
from kit.exercises import Record
from kit.exercises.labels import MOST_RUNS
from kit.exercises.record import MOST_TRIES
from kit.text.article import Article
from kit.work import own_texts
from kit.work.before import LABELS, Before
from kit.work.errors import damage
from kit.work.file_format import BEFORE, SCHEMA, VERSIONS, Commit, Head, WorkFile, bare, whole

#: Far more than anybody labels; a full reading of the seed article has some 450 labels.
MOST_LABELS = 3_000
#: How many runs of words all parts of labels may have, on a layer and now; that reading has 200.
MOST_SPANS = 3 * MOST_LABELS
#: How many exercises may have an answer; the course has some 40.
MOST_ANSWERS = 1_000
#: The longest record of one exercise that is looked at, in bytes.
MOST_ANSWER = 3 * 2**20
MOST_NOTE, MOST_NOTES = 4_000, 200

# Decoding ends where there are too many: what comes after them is never in memory.
_Labels = Annotated[tuple[Annotation, ...], msgspec.Meta(max_length=MOST_LABELS)]
_FILE = msgspec.json.Decoder(WorkFile[_Labels, msgspec.Raw])
#: The record of one exercise; and what reading it, or the whole, may raise.
RECORD = msgspec.json.Decoder(Record)
DAMAGE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(eq=False)
class NotUsable(Exception):
    """A file cannot be used.

    Attributes:
        why: in a sentence.
        ask: what to ask the student or to do; empty if nothing is to be done.
        kind: ``damaged`` if it is no longer what the kit saved, ``no work`` if it is whole and of
            another kind, ``aside`` if it is of no matter: see :attr:`Said.aside`.
        said: what a whole file on another text says it is; None of any other.
    """

    why: str
    ask: str
    kind: Literal["", "damaged", "no work", "aside"] = ""
    said: Said | None = None


class Said(Head, frozen=True):
    """What a file says it is: also who has signed it, and the answers as they stand there."""

    student: str = ""
    answers: dict[str, msgspec.Raw] = {}

    @property
    def aside(self) -> bool:
        """Whether it holds no more than labels on a text of the kit's that a lesson ends with: what
        of them was handed in stands with the answers, in the file on the lesson's own article."""
        return self.article in own_texts.ready() and not self.answers


_HEAD, _SAID = msgspec.json.Decoder(Head), msgspec.json.Decoder(Said)


class Work(NamedTuple):
    """What one student has done on one article.

    Attributes:
        said: what the file says it is.
        student: the name or pseudonym that the work is signed with, fit for a table.
        digest: SHA-256 of the file.
        saved: when it was last saved, as the file says.
        sealed: whether the kit's checksum is in it; an earlier version made none.
        writers: the kernels that have saved it; copies of one work have some in common.
        coding: the labels as they are now.
        unfit: labels that the codebook does not allow; they count nowhere.
        first: by layer, the labels that were committed as a first answer.
        records: by exercise, what was answered; only records that can be read.
        unreadable: the exercises whose record cannot be read.
        notes: the free notes by subject.
    """

    said: Said
    student: str
    digest: str
    saved: str
    sealed: bool
    writers: frozenset[str]
    coding: Coding
    unfit: tuple[Annotation, ...]
    first: dict[str, Coding]
    records: dict[str, Record]
    unreadable: tuple[str, ...]
    notes: dict[str, str]


def head(data: bytes) -> Said:
    """Return what a file says it is.

    Raises:
        NotUsable: it is no JSON, is cut off, or is no work file.
    """
    try:
        found = _HEAD.decode(bare(data))
        if found.schema in VERSIONS:
            return _SAID.decode(bare(data))
    except DAMAGE as problem:
        why = "It is empty." if not data.strip() else f"It is damaged: {damage(problem)}."
        raise NotUsable(why, AGAIN, "damaged") from None
    if found.schema == "kit-assignment-1":
        raise NotUsable("It is the assignment itself.", "")
    if found.schema.startswith("kit-work-"):
        raise NotUsable(
            f"It was made by another version of the kit ({shown(found.schema, 40)}).",
            "Ask which version of the kit the student has; use the same for collecting.",
        )
    if found.schema.startswith("kit-"):
        raise NotUsable(f"It is no work file but “{shown(found.schema, 40)}”.", AGAIN)
    raise NotUsable("It is JSON, but no work file of this kit.", AGAIN, "no work")


def usable(found: Found, article: Article, codebook: Codebook) -> tuple[Work, str]:
    """Return the work of a file; where that is damaged or was changed, of the version before it
    that lies beside it. The second is a sentence that says so, or nothing.

    Raises:
        NotUsable: as :func:`read`.
    """
    try:
        return read(found.data, article, codebook), ""
    except NotUsable as problem:
        before = found.spare.read() if problem.kind == "damaged" and found.spare else None
        if not found.spare or before is None:
            raise
        try:
            work = read(before, article, codebook)
        except NotUsable:
            raise problem from None
        return work, f"{problem.why} The version before it, {found.spare.name}, is used."


def read(data: bytes, article: Article, codebook: Codebook) -> Work:
    """Return the work that a file holds.

    Args:
        data: the file's bytes; :func:`head` has said that they are such a file.
        article: the text that the class works on.
        codebook: what may be said of it.

    Raises:
        NotUsable: the file is damaged or was changed, or is about another text.
    """
    said = head(data)
    if not whole(bare(data)):
        why = "It was changed or damaged after the kit had saved it, and does not count."
        raise NotUsable(why, AGAIN, "damaged")
    if said.sha256 != article.sha256:
        ask = "Collect that text by itself, with an assignment that names it."
        if said.article == article.id:
            why = f"It was made on another version of the text “{article.id}”."
            ask = "Ask where the student’s copy of the text is from; labels fit only their own."
        else:
            why = f"It is work on another text, “{shown(said.article, 60)}”."
        raise NotUsable(why, "", "aside", said) if said.aside else NotUsable(why, ask, said=said)
    try:
        file = _FILE.decode(bare(data))
    except DAMAGE as problem:
        if f"of length <= {MOST_LABELS}" in str(problem):
            _refuse("labels")
        raise NotUsable(f"It is damaged: {damage(problem)}.", AGAIN, "damaged") from None
    _refuse_floods(file)
    student = shown(file.student, 80)
    try:
        coding, unfit = fitting(article, codebook, student, (*file.labels, *file.unfit))
        first = {
            layer: _first(commit, layer, coding)
            for layer, commit in file.commits.items()
            if any(layer == there.id for there in codebook.layers)
        }
    except CodingError as problem:
        raise NotUsable(
            f"Its labels do not fit this text: {shown(str(problem), 200)}",
            "Ask where the student’s copy of the text is from; labels fit only their own.",
        ) from None
    before = Before(file, article, codebook) if file.schema == BEFORE else None
    records, unreadable = _records(file.answers, before)
    return Work(
        said,
        student,
        hashlib.sha256(data).hexdigest(),
        shown(file.saved, 40),
        bool(file.checksum) or file.schema != SCHEMA,
        frozenset(file.writers),
        coding,
        unfit,
        first,
        records,
        unreadable,
        {shown(k): v[:MOST_NOTE] for k, v in list(file.notes.items())[:MOST_NOTES]},
    )


def _refuse_floods(file: WorkFile) -> None:
    """Raise NotUsable for a file in which there is more than a person makes."""
    for labels in (
        file.labels,
        file.unfit,
        *(commit.annotations for commit in file.commits.values()),
    ):
        if sum(len(runs) for a in labels for runs in a.parts.values()) > MOST_SPANS:
            _refuse("labels")
    if len(file.answers) > MOST_ANSWERS:
        _refuse("answers")


def _refuse(what: str) -> NoReturn:
    raise NotUsable(f"It holds more {what} than anybody makes.", f"Do not mark it. {AGAIN}")


def _first(commit: Commit, layer: str, coding: Coding) -> Coding:
    """Return what was committed on a layer, in a coding of which only that layer is to be
    used; labels that have not changed since are not checked again."""
    there = coding.by_id(layer)
    changes: dict[str, Annotation | None] = dict.fromkeys(there)
    for a in commit.annotations:
        if a.layer == layer and changes.get(a.id) is None:
            changes[a.id] = there[a.id] if there.get(a.id) == a else a
    try:
        return coding.replace(layer, changes)
    except MisfitError:
        labels = [a for a in changes.values() if a is not None]
        return fitting(coding.article, coding.codebook, coding.coder, labels)[0]


def _records(
    answers: dict[str, Any], before: Before | None
) -> tuple[dict[str, Record], tuple[str, ...]]:
    records, unreadable = {}, []
    for exercise, raw in answers.items():
        if ".aside" in exercise or len(exercise) > 20:
            continue
        try:
            if len(bytes(raw)) > MOST_ANSWER:
                raise msgspec.ValidationError("too long")
            if before is None:
                record = RECORD.decode(raw)
            else:
                old = before.record(exercise, msgspec.json.decode(raw))
                record = msgspec.convert(old, Record)
            _refuse_endless(record)
            records[exercise] = record
        except DAMAGE:
            unreadable.append(shown(exercise, 20))
    return records, tuple(unreadable)


def _refuse_endless(record: Record) -> None:
    """Raise ValidationError for a record in which there is more than the kit keeps."""
    for one in (record.first, *record.tries):
        if one is None:
            continue
        before = one.values.get(LABELS, ())
        runs = (there for a in one.labels for there in a.parts.values())
        if (
            (isinstance(before, dict) and len(before) > MOST_LABELS)
            or len(one.labels) > MOST_LABELS
            or any(len(there) > MOST_RUNS for there in runs)
        ):
            raise msgspec.ValidationError("too much in one answer")
    if len(record.tries) > MOST_TRIES:
        raise msgspec.ValidationError("too many answers")
