"""Two students' work files in one view: how far they agree, where not, and what they settle on.

What was handed in is only read. What two students settle goes into copies beside the files,
``ana.settled.json`` beside ``ana.json``; first answers stay in them as they were committed.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec
from markupsafe import Markup

from desk.collect import work_file
from desk.collect.submissions import shown
from desk.collect.work_file import NotUsable, Work
from kit import measure
from kit.base.durable import replace_file
from kit.base.errors import KitError
from kit.base.files import read_file
from kit.base.lock import turn
from kit.base.phrases import decimal, join, one_line, percent, plural
from kit.base.templating import macros, render
from kit.coding.codebook import Field, Layer
from kit.coding.coding import MAX_NOTE, Annotation, Coding
from kit.lessons.differences import in_quotes, in_words
from kit.library import datasets
from kit.measure.spans import NAMES, fields_apart, same_main_code
from kit.work.errors import saving
from kit.work.file_format import MAX_BYTES, bare, seal
from kit.work.store import LOCK_SECONDS

#: What two students may settle on besides a code: the label stays, or goes, in both files.
KEEP, NONE = "keep", "none"
SETTLED = ".settled.json"
REASON = "settled: "
#: Under which subject a copy notes of which file it is a copy.
_SUBJECT = "settled from"
MOST_REASON = 1_000


class PairError(KitError, ValueError):
    """Two files cannot be compared or settled; the message says why and what to do."""


class Difference(NamedTuple):
    """A place where two students differ.

    Attributes:
        place: what to call it: the unit (``P6``), or for words the paragraph and a number
            (``P6-2``), which stay the same since the files do.
        words: the words, shortened; empty where the place is a whole unit.
        one, other: each student's label there; None for no label.
    """

    place: str
    words: str
    one: Annotation | None
    other: Annotation | None


class _Choice(NamedTuple):
    """What two students settle on.

    Attributes:
        label: a code’s id; ``keep`` or ``none``; "" where only fields are settled.
        fields: by the ids of fields, what stands in them from now on.
    """

    label: str
    fields: Mapping[str, str] = {}


# -- two files -------------------------------------------------------------------------------------


class _File:
    """One student's file, and the copy of it in which something may be settled already."""

    def __init__(self, path: Path):
        self.path = path
        if path.name.lower().endswith(SETTLED):
            raise PairError(f"{path.name} is a settled copy. Give the file that was handed in.")
        self.data = read_file(path, MAX_BYTES, PairError)
        self.copy = path.with_name(path.stem + SETTLED)
        try:
            head = work_file.head(self.data)
            if head.article not in datasets.article_ids():
                raise PairError(
                    f"{path.name} is about “{shown(head.article, 60)}”, a text that this kit "
                    "does not have."
                )
            self.article = datasets.load_article(head.article)
            self.codebook = datasets.codebook(head.article)
        except NotUsable as problem:
            raise PairError(f"{path.name} cannot be used. {problem.why}") from None
        self.work = self._work(self.data, path)

    def _work(self, data: bytes, path: Path) -> Work:
        try:
            return work_file.read(data, self.article, self.codebook)
        except NotUsable as problem:
            raise PairError(f"{path.name} cannot be used. {problem.why}") from None

    def settled(self) -> tuple[bytes, Work] | None:
        """Return the copy as it is on the disk, or None before anything is settled.

        Raises:
            PairError: it is damaged, or no copy of this file.
        """
        if not os.path.lexists(self.copy):
            return None
        data = read_file(self.copy, MAX_BYTES, PairError)
        work = self._work(data, self.copy)
        if work.notes.get(_SUBJECT) != self.work.digest:
            raise PairError(
                f"{self.copy.name} is no copy of {self.path.name} as it is now. Move it away, "
                "then settle again."
            )
        return data, work

    def copy_with(self, layer: Layer, d: Difference, choice: _Choice, reason: str) -> bytes:
        """Return the bytes of a copy in which one difference is settled."""
        data, work = self.settled() or (self.data, self.work)
        try:
            coding = work.coding.replace(layer.id, self._changes(work.coding, layer, d, choice))
            coding = self._noted(coding, layer, d, choice, reason)
        except KitError as problem:
            raise PairError(f"{self.path.name}: {problem}") from None
        # Everything that is not a label goes over as it is, byte for byte.
        file = msgspec.json.decode(bare(data), type=dict[str, msgspec.Raw])
        notes = msgspec.json.decode(file.get("notes", b"{}"), type=dict[str, str])
        notes[_SUBJECT] = self.work.digest
        if choice.label == NONE:
            notes[_subject(layer, d)] = f"{REASON}{reason}"
        else:
            notes.pop(_subject(layer, d), None)
        file.pop("checksum", None)  # that of what was handed in
        labels = (*coding, *work.unfit)
        settled = {**file, "labels": labels, "notes": notes, "unfit": (), "checksum": ""}
        new = seal(msgspec.json.encode(settled))
        if self._work(new, self.copy).notes.get(_SUBJECT) != self.work.digest:
            raise PairError(f"{self.path.name} has too many notes for a settled copy.")
        return new

    def _changes(
        self, coding: Coding, layer: Layer, d: Difference, choice: _Choice
    ) -> dict[str, Annotation | None]:
        mine = self._mine(coding, layer, d)
        # Where only the other has a label, or the copy has lost its own, theirs goes over.
        ours = self._own(d)
        base = mine or ours or _either(d.one, d.other)
        if choice.label == NONE:
            return {mine.id: None} if mine else {}
        made = msgspec.structs.replace(
            base,
            codes=base.codes if choice.label in ("", KEEP) else (choice.label,),
            fields={**base.fields, **choice.fields},
        )
        if mine is None:
            # The other student's words stay theirs: only the label goes over.
            id = ours.id if ours else d.place if layer.unit != "words" else _borrowed(d)
            note = ours.note if ours else ""
            return {id: msgspec.structs.replace(made, id=id, note=note)}
        return {mine.id: made}

    def _own(self, d: Difference) -> Annotation | None:
        """Return the label that this student handed in at a difference."""
        for a in (d.one, d.other):
            if a is not None and self.work.coding.by_id(a.layer).get(a.id) is a:
                return a
        return None

    def _mine(self, coding: Coding, layer: Layer, d: Difference) -> Annotation | None:
        """Return the label that a coding, the file's or its copy's, has at a difference."""
        there = coding.by_id(layer.id)
        own = self._own(d)
        if own is not None:
            return there.get(own.id)
        if layer.unit != "words":
            return there.get(d.place)
        return there.get(_borrowed(d))

    def _noted(
        self, coding: Coding, layer: Layer, d: Difference, choice: _Choice, reason: str
    ) -> Coding:
        mine = self._mine(coding, layer, d)
        if choice.label == NONE or mine is None:
            return coding
        # What the student wrote stays in front; an earlier settlement is replaced.
        said = REASON + reason
        before = "\n".join(x for x in mine.note.split("\n") if not x.startswith(REASON)).strip()
        note = f"{before[: MAX_NOTE - len(said) - 1]}\n{said}" if before else said
        return coding.replace(layer.id, {mine.id: msgspec.structs.replace(mine, note=note)})

    def settlement(self, layer: Layer, d: Difference, work: Work) -> Markup | str:
        """Return what the copy says of a difference, as HTML; "" if it is not settled."""
        gone = work.notes.get(_subject(layer, d), "")
        if gone:
            return macros("said").label([("no label", False, "")], gone.removeprefix(REASON))
        mine = self._mine(work.coding, layer, d)
        lines = [x for x in mine.note.split("\n") if x.startswith(REASON)] if mine else []
        if mine is None or not lines:
            return ""
        mine = msgspec.structs.replace(mine, note=lines[-1].removeprefix(REASON))
        # Nothing in which the two labels may still differ.
        if apart := _fields_only(layer, d):
            only = {field.id: mine.fields.get(field.id, "") for field in apart}
            mine = msgspec.structs.replace(mine, codes=(), fields=only)
        return in_words(layer, mine, apart)


class Pair:
    """Two work files as they were handed in, which are only read, and a layer of their codebook.

    Args:
        one, other: the files.
        layer: the layer's id or title.

    Raises:
        PairError: a file cannot be used, the two do not go together, or there is no such layer.
    """

    def __init__(self, one: Path, other: Path, layer: str):
        self._files = a, b = _File(one), _File(other)
        if a.work.digest == b.work.digest:
            raise PairError("The two files are the same, byte for byte. Give two students’ files.")
        if a.copy == b.copy:
            raise PairError("The copies of both would have one name. Rename one of the files.")
        if a.article.sha256 != b.article.sha256:
            raise PairError("The two files are about two different texts.")
        self._layer = _layer(a, layer)

    def compare(self) -> Markup:
        """Return the labels of both side by side, and how far they agree, as HTML.

        Raises:
            PairError: a copy is damaged, or is no copy of these files.
        """
        settled = self.settlements()
        beside = [
            (
                in_quotes(d.place, d.words) if d.words else d.place,
                in_words(self._layer, d.one, apart),
                in_words(self._layer, d.other, apart),
                settled.get(d.place, ""),
            )
            for d in self.differences()
            for apart in [fields_apart(self._layer, d.one, d.other)]
        ]
        names = [file.work.student.strip() or "without a name" for file in self._files]
        if names[0].casefold() == names[1].casefold():
            names = [f"{names[0]} (1st file)", f"{names[1]} (2nd file)"]
        agreement = self._agreement()
        return render(
            "pair", "desk", layer=self._layer, agreement=agreement, names=names, rows=beside
        )

    def differences(self) -> list[Difference]:
        """Return the places where the two differ, in text order."""
        one, other = (file.work.coding for file in self._files)
        pairs = measure.differing(one, other, self._layer)
        if self._layer.unit != "words":
            return [Difference(_either(a, b).id, "", a, b) for a, b in pairs]
        # The order does not hang on which file came first, so neither do the places' names.
        pairs.sort(
            key=lambda p: min((a.at.start, a.at.end, a.codes, a.id) for a in p if a is not None)
        )
        count: Counter = Counter()
        found = []
        for a, b in pairs:
            at = _either(a, b).at
            block = one.article.block_of(at).id
            count[block] += 1
            found.append(Difference(f"{block}-{count[block]}", at.text, a, b))
        return found

    def settlements(self) -> dict[str, str]:
        """Return what the two have settled on, by place, as HTML; raises as :meth:`compare`."""
        copies = [(file, there[1]) for file in self._files if (there := file.settled())]
        found = {}
        for d in self.differences() if len(copies) == 2 else ():
            said, also = (file.settlement(self._layer, d, work) for file, work in copies)
            if said and said == also:
                found[d.place] = said
        return found

    def resolve(
        self, place: str, label: str, reason: str, seen: Mapping[str, str] | None = None
    ) -> tuple[Path, Path]:
        """Keep what the two settled on at one place, in copies of both files.

        Args:
            place: one of the places that :meth:`differences` gives; of words also the paragraph,
                where they differ in one place of it only.
            label: a code of the layer, by its id or its name; on a layer of words also ``keep``
                (the label stands, in both) or ``none`` (it goes, in both). Where the two have
                chosen otherwise in the fields of a label, one choice for each of these fields,
                with commas between: ``Named, Direct``.
            reason: why, in the students' words; it stands in the label's note.
            seen: what whoever settles it saw settled, as :meth:`settlements` gives it. Where
                somebody else has settled the place meanwhile, nothing is written. If None, what is
                there is replaced.

        Returns:
            The two copies. Should the second not be writable, the first is written already; doing
            it again puts that right.

        Raises:
            PairError: the place, the label or a copy cannot be used; nothing is written.
            NotSaved: a copy cannot be written.
        """
        difference = _difference(self.differences(), place)
        reason = " ".join(reason.split())
        if not reason:
            raise PairError(
                "Write in a sentence why you settled on it; the reason is kept with it."
            )
        if len(reason) > MOST_REASON:
            raise PairError(f"A reason may have {MOST_REASON:,} characters at most. Shorten it.")
        choice = _choice(self._layer, difference, label)
        one, other = (file.copy for file in self._files)
        with ExitStack() as stack:
            for path in sorted((one, other)):
                stack.enter_context(saving(path))
                stack.enter_context(turn(path, LOCK_SECONDS))
            there = self.settlements().get(difference.place, "")
            if seen is not None and there and there != seen.get(difference.place, ""):
                raise PairError(
                    f"Somebody else has settled {difference.place} meanwhile: "
                    f"{one_line(Markup(there).striptags())}. That stays. Press Compare to see it; "
                    "to settle the place anew after that, press “Settle this place” again."
                )
            made = [file.copy_with(self._layer, difference, choice, reason) for file in self._files]
            for path, data in zip((one, other), made):
                with saving(path):
                    replace_file(path, data, backup=path.with_suffix(".bak.json"))
        return one, other

    def _agreement(self) -> list[str]:
        """Return how far the two agree, a sentence for each of what can be compared."""
        one, other = (file.work.coding for file in self._files)
        lines = [f"Labels as they are in the files: {self._figure(one, other)}"]
        firsts = [first for f in self._files if (first := f.work.first.get(self._layer.id))]
        if len(firsts) == 2:
            lines.append(f"First answers, as committed: {self._figure(*firsts)}")
        return lines

    def _figure(self, one: Coding, other: Coding) -> str:
        found = measure.layer_agreement(one, other, self._layer.id)
        if not found.total:
            return "there is nothing yet that both labelled."
        interval = ""
        if found.interval:
            low, high = decimal(found.interval.low), decimal(found.interval.high)
            interval = f" (95 % interval {low} to {high})"
        if found.unit == "labels":
            return (
                f"{found.shared:,} of {plural(found.total, 'label')} in common; "
                f"F1 {decimal(found.share)}{interval}."
            )
        alpha = "" if found.alpha is None else f"; alpha {decimal(found.alpha)}{interval}"
        return (
            f"the same on {found.shared:,} of the {plural(found.total, 'place')} that both "
            f"labelled, {percent(found.share)}{alpha}."
        )


# -- pieces ----------------------------------------------------------------------------------------


def _layer(file: _File, said: str) -> Layer:
    wanted = said.strip().casefold()
    for layer in file.codebook.layers:
        if wanted in (layer.id.casefold(), layer.title.casefold()):
            return layer
    there = ", ".join(layer.id for layer in file.codebook.layers)
    raise PairError(f"Name one of these layers: {there}.")


def _difference(there: list[Difference], typed: str) -> Difference:
    """Return the difference at the place that somebody typed; raises PairError."""
    wanted = typed.strip().casefold()
    found = [d for d in there if d.place.casefold() == wanted]
    found = found or [d for d in there if d.place.casefold().partition("-")[0] == wanted]
    if len(found) == 1:
        return found[0]
    places = ", ".join(d.place for d in (found or there)[:8]) or "none"
    if found:
        raise PairError(
            f"At {shown(typed, 40)} they differ in more than one place. Write which: {places}."
        )
    raise PairError(
        f"The two do not differ at “{shown(typed, 40)}”. Places where they do: {places}."
    )


def _choice(layer: Layer, d: Difference, typed: str) -> _Choice:
    """Return what somebody typed as what two settle on.

    Raises:
        PairError: it is nothing that they can settle on there; the message says what is.
    """
    wanted = typed.strip().casefold()
    both = d.one is not None and d.other is not None
    more = [KEEP, NONE] if layer.unit == "words" else []
    if wanted in more and (wanted == NONE or not both):
        return _Choice(wanted)
    if apart := _fields_only(layer, d):
        return _Choice("", _fields(d, apart, typed))
    for code in layer.codes:
        if wanted in (code.id.casefold(), code.name.casefold()):
            return _Choice(code.id)
    if wanted in more:
        raise PairError("Each has a label there, and they differ: say which code you settle on.")
    there = ", ".join([*(code.name for code in layer.codes), *more])
    raise PairError(f"Settle on one of these: {there}.")


def _fields_only(layer: Layer, d: Difference) -> tuple[Field, ...]:
    """Return the fields in which two labels differ that have the same code; otherwise nothing."""
    if d.one is None or d.other is None or not same_main_code(d.one, d.other):
        return ()
    return fields_apart(layer, d.one, d.other)


def _fields(d: Difference, apart: tuple[Field, ...], typed: str) -> dict[str, str]:
    """Return what somebody typed for the fields in which two differ: for each a choice, or a name;
    raises PairError."""
    found: dict[str, str] = {}
    rest = []
    for word in filter(None, map(one_line, typed.split(","))):
        options = (
            (field.id, option.id)
            for field in apart
            for option in field.options
            if field.id not in found and word.casefold() in (option.id, option.name.casefold())
        )
        if chosen := next(options, None):
            found[chosen[0]] = chosen[1]
        else:
            rest.append(word)
    named = [field.id for field in apart if field.id in NAMES and field.kind == "text"]
    if named and rest:
        found[named[0]] = ", ".join(rest)  # a name may hold commas
        rest = []
    if rest or len(found) < len(apart):
        offered = "; ".join(_offered(d, field) for field in apart)
        one = "one of each, with a comma between" if len(apart) > 1 else "one of these"
        raise PairError(
            f"They differ in {join([field.name for field in apart])}. Settle on {one}: {offered}. "
            f"Or write {NONE}: then the label goes, in both."
        )
    return found


def _offered(d: Difference, field: Field) -> str:
    names = [option.name for option in field.options]
    return ", ".join(names or [shown(a.fields[field.id], 60) for a in (d.one, d.other) if a])


def _either(one: Annotation | None, other: Annotation | None) -> Annotation:
    """Return the one, or the other where there is no such label; there is one of the two."""
    return next(a for a in (one, other) if a is not None)


def _borrowed(d: Difference) -> str:
    """Return the id under which a label on words goes over into the other file; it says where
    the label is from, so it is found again."""
    theirs = _either(d.one, d.other)
    return f"s-{hashlib.sha256(theirs.id.encode()).hexdigest()[:12]}-{theirs.at.start}"


def _subject(layer: Layer, d: Difference) -> str:
    return f"settled {layer.id} {d.place}"
