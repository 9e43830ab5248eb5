"""What a student's work is worth: facts and anchors, and agreement work. The rest a person reads.

Facts and anchors are worth up to 40 points, and are checked anew from the answers in the work
file; what the file says about right and wrong is not believed. Every exercise that counts weighs
the same, and within it every item: each number, question, paragraph, or label asked for.

* *First* is the first answer handed in. *Best* is the best of all answers handed in that the file
  keeps (the first and the last twenty). Points are given for the best: students may try again.
* Of a label exercise the labels count that were kept with the answer. The parts of a record
  (source, cue, content) are not kept there. They are taken from the record on the same words in
  the labels or in the first answer; where there is none, the first answer is “not known” and for
  the best the labels as they stand now count.

Agreement work is worth up to 20 points, never for the size of an agreement:

* 10 for doing it blind: labels committed before the other reading was shown, as many as the
  exercises ask for, each layer alike;
* 6 for resolving: two labels that disagree with another reading, are disputed there, or were
  changed after the commit, with a reason of three words or more in the label's note;
* 4 for proposing one edit of the codebook: a note that begins with “Codebook:” and has five words
  more, on any label or in the free notes.

Free text is read by a person, with the rubric; it is worth what is left of 100.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from kit.classroom.plan import Plan
from kit.classroom.work_file import Work
from kit.coding import Annotation, Coding, CodingError, Span
from kit.exercises import Exercise, Record, check
from kit.exercises.evidence import check_evidence
from kit.exercises.labels import targets
from kit.exercises.record import LABELS, MOST_TRIES, Try
from kit.exercises.values import clean
from kit.workbook import same_label

__all__ = [
    "AGREEMENT",
    "AUTO",
    "ExerciseMark",
    "LayerWork",
    "Marks",
    "Total",
    "Written",
    "items_of",
    "mark",
    "total",
]

AUTO = 40
BLIND, RESOLVED, PROPOSED = 10, 6, 4
AGREEMENT = BLIND + RESOLVED + PROPOSED
TO_RESOLVE = 2
LEAST_REASON, LEAST_PROPOSAL = 3, 5
#: The one item of an exercise that asks for so many labels, wherever they stand.
ENOUGH = "labels"

_PLACE = re.compile(r"(\d{1,7})-(\d{1,7})")
_PROPOSAL = re.compile(r"\s*codebook\s*:\s*(.*)", re.I | re.S)

Items = dict[str, float]


class ExerciseMark(NamedTuple):
    """What one exercise is worth.

    Attributes:
        first, best: for each item 0 … 1; None where nothing was handed in, where nothing is
            checked, or where it cannot be known.
        attempts: how many answers were handed in, as the file says.
        draft: whether something stands in the form that was never handed in.
    """

    first: Items | None
    best: Items | None
    attempts: int
    draft: bool


class LayerWork(NamedTuple):
    """How many labels were committed on a layer, and how many disagreements were resolved."""

    committed: int
    resolved: int


class Written(NamedTuple):
    """One text for the rubric: exercise and field, the words, and the evidence with it.

    ``holds`` says whether each row of evidence stands in its paragraph; ``draft`` whether the
    text was never handed in.
    """

    exercise: str
    field: str
    text: str
    evidence: tuple[tuple[str, str], ...]
    holds: tuple[bool, ...]
    draft: bool


class Marks(NamedTuple):
    """All that one student's work is worth, before it is summed up.

    Attributes:
        exercises: by exercise; of every exercise the plan asks.
        layers: agreement work by layer.
        proposals: the edits of the codebook that the student proposes.
        written: texts for the rubric.
        doubts: what to know about the file, a sentence each.
    """

    exercises: dict[str, ExerciseMark]
    layers: dict[str, LayerWork]
    proposals: tuple[str, ...]
    written: tuple[Written, ...]
    doubts: tuple[str, ...]


class Total(NamedTuple):
    """Points and what they are out of; ``first`` is what first answers alone would be worth."""

    auto: float
    auto_first: float
    auto_of: int
    agreement: float
    agreement_of: int
    written_of: int


def mark(work: Work, plan: Plan) -> Marks:
    """Return what a student's work is worth.

    Raises:
        ExerciseError: an exercise cannot be used with its article; no student's doing.
    """
    doubts = [f"The answer to {id} cannot be read." for id in work.unreadable]
    found = {}
    for exercise in plan.asked:
        record = work.records.get(exercise.id, Record())
        doubts += _doubts(exercise, record)
        found[exercise.id] = _mark(exercise, record, work, plan)
    return Marks(
        found,
        {layer.id: _layer_work(layer.id, work, plan) for layer in plan.layers},
        tuple(_proposals(work)),
        tuple(_written(work, plan)),
        tuple(doubts),
    )


def total(marks: Marks, plan: Plan) -> Total:
    """Return a student's points, over what the plan counts."""
    checked = [e for e in plan.checked if e.id in plan.counted]
    best, first = (
        [_share(getattr(marks.exercises[e.id], kind)) for e in checked]
        for kind in ("best", "first")
    )
    auto_of = AUTO if checked else 0
    layers = [layer.id for layer in plan.layers]
    agreement_of = AGREEMENT if layers else 0
    writes = any(e.id in plan.counted for e in plan.written)
    return Total(
        auto_of * _mean(best),
        auto_of * _mean(first),
        auto_of,
        _agreement(marks, plan) if layers else 0.0,
        agreement_of,
        100 - auto_of - agreement_of if writes else 0,
    )


def items_of(exercise: Exercise, plan: Plan) -> tuple[str, ...]:
    """Return the items of an exercise that has a right answer."""
    if exercise.kind != "label":
        ids = [c.id for c in (*exercise.numbers, *exercise.questions)]
        return tuple(ids + (["order"] if exercise.items else []))
    if exercise.units or exercise.blocks and not exercise.at_least:
        return exercise.units or exercise.blocks
    if exercise.at_least:
        return (ENOUGH,)
    context = plan.context(exercise, Coding(plan.article, plan.codebook, ""))
    at = (context.article.block_at(a.at.start, a.at.end).id for a in targets(exercise, context))
    return tuple(dict.fromkeys(at))


# -- facts and anchors -----------------------------------------------------------------------------


def _mark(exercise: Exercise, record: Record, work: Work, plan: Plan) -> ExerciseMark:
    attempts = max(record.attempts, len(record.tries), record.first is not None)
    draft = bool(record.values) and not attempts
    if not exercise.checked or not attempts:
        return ExerciseMark(None, None, attempts, draft)
    judge = _Judge(exercise, work, plan)
    first = judge.of(record.first or record.tries[0])
    best, seen = first, [record.first]
    for one in reversed(record.tries):
        if _share(best) == 1.0:
            break
        if one not in seen:
            seen.append(one)
            best = _better(best, judge.of(one))
    if judge.unknown:
        best = _better(best, judge.now())
    return ExerciseMark(first, best, attempts, draft)


def _share(items: Items | None) -> float:
    return _mean(list(items.values())) if items else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _better(one: Items | None, other: Items | None) -> Items | None:
    return max((one, other), key=_share) if one is not None else other


class _Judge:
    """Checks a student's answers to one exercise; equal answers of a class are checked once."""

    _MOST = 20_000

    def __init__(self, exercise: Exercise, work: Work, plan: Plan):
        self.exercise = exercise
        self.work = work
        self.plan = plan
        #: Whether an answer was met whose labels cannot be known.
        self.unknown = False

    def of(self, answer: Try) -> Items | None:
        """Return what an answer is worth, item by item; None if it cannot be known."""
        values = clean(self.exercise, answer.values)
        if self.exercise.kind != "label":
            return self._judged(values, (), None)
        labels = self._labels(answer.values.get(LABELS))
        return None if labels is None else self._judged(values, labels, None)

    def now(self) -> Items:
        """Return what the labels as they stand now are worth."""
        return self._judged({}, self.work.coding.on(self.exercise.layer), self.work.coding)

    def _judged(
        self, values: Mapping[str, Any], labels: tuple[Annotation, ...], coding: Coding | None
    ) -> Items:
        known = self.plan.known
        key = (self.exercise.id, msgspec.json.encode((values, labels)))
        if key not in known:
            if len(known) >= self._MOST:
                known.clear()
            known[key] = self._checked(values, labels, coding)
        return known[key]

    def _checked(
        self, values: Mapping[str, Any], labels: tuple[Annotation, ...], coding: Coding | None
    ) -> Items:
        ids = items_of(self.exercise, self.plan)
        if coding is None:
            try:
                coding = Coding(self.plan.article, self.plan.codebook, "", labels)
            except CodingError:  # labels that no page of the kit lets anybody set
                return dict.fromkeys(ids, 0.0)
        context = self.plan.context(self.exercise, coding)
        if ids == (ENOUGH,):
            return {ENOUGH: _enough(self.exercise, values, context)}
        parts = check(self.exercise, values, context).parts
        return {id: float(id in parts and parts[id].ok is True) for id in ids}

    def _labels(self, kept: Any) -> tuple[Annotation, ...] | None:
        """Return the labels of an answer as :func:`kit.exercises.labels.snapshot` kept them.

        None where the parts of a record are known no longer. What has not the form of labels
        counts as none.
        """
        if not isinstance(kept, Mapping):
            return ()
        layer = self.plan.codebook.layer(self.exercise.layer)
        made = []
        for place, said in kept.items():
            at = self._at(place)
            if (
                at is None
                or not isinstance(said, list)
                or not all(isinstance(s, str) for s in said)
            ):
                continue
            pairs = [s.partition("=") for s in said]
            codes = tuple(name for name, sign, _ in pairs if not sign)
            fields = {name: value for name, sign, value in pairs if sign}
            parts: dict = {}
            if layer.parts:
                whole = self._record(at)
                if whole is None:
                    self.unknown = True
                    return None
                parts = whole.parts
            made.append(Annotation(place, layer.id, at, codes, parts, fields))
        return tuple(made)

    def _at(self, place: str) -> Span | None:
        words = _PLACE.fullmatch(place)
        if words:
            start, end = int(words[1]), int(words[2])
            within = self.plan.article.block_at(start, end)
            return Span(start, end) if within is not None else None
        try:
            unit = self.plan.article.unit(place)
        except KeyError:
            return None
        return Span(unit.start, unit.end)

    def _record(self, at: Span) -> Annotation | None:
        """Return the record on the same words, now or as it was committed."""
        layer = self.exercise.layer
        for coding in filter(None, (self.work.coding, self.work.first.get(layer))):
            for a in coding.by_id(layer).values():
                if (a.at.start, a.at.end) == (at.start, at.end):
                    return a
        return None


def _enough(exercise: Exercise, values: Mapping[str, Any], context: Any) -> float:
    """Return the share found of the labels asked for, wherever they stand.

    A check says whether there are enough; so it is asked with less and less.
    """

    def most(key: str, asked: int) -> int:
        low, high = 0, asked
        while low < high:
            middle = (low + high + 1) // 2
            less = {"at_least": 1, "in_quotes": 0, key: middle}
            easier = msgspec.structs.replace(exercise, **less)
            low, high = (
                (middle, high)
                if check(easier, values, context).verdict == "yes"
                else (low, middle - 1)
            )
        return low

    if check(exercise, values, context).verdict == "yes":
        return 1.0
    found = most("at_least", exercise.at_least)
    if found and exercise.in_quotes:
        found += most("in_quotes", exercise.in_quotes)
    return found / (exercise.at_least + exercise.in_quotes)


def _doubts(exercise: Exercise, record: Record) -> Iterator[str]:
    """Yield what in a record does not fit together; a kit that nobody helped does not do so."""
    tries, first = record.tries, record.first
    if tries and first is None:
        yield f"{exercise.id}: there are tries and no first answer."
    elif first is not None and not tries:
        yield f"{exercise.id}: there is a first answer and no try."
    elif tries and len(tries) == record.attempts <= MOST_TRIES and tries[0] != first:
        yield f"{exercise.id}: the first answer is not the oldest try."
    elif len(tries) != min(record.attempts, MOST_TRIES):
        yield f"{exercise.id}: {record.attempts} attempts are counted, {len(tries)} are there."


# -- agreement work --------------------------------------------------------------------------------


def _agreement(marks: Marks, plan: Plan) -> float:
    layers = [layer.id for layer in plan.layers]
    done = [min(1.0, marks.layers[layer].committed / plan.labels_asked(layer)) for layer in layers]
    resolved = sum(marks.layers[layer].resolved for layer in layers)
    return (
        BLIND * _mean(done)
        + RESOLVED * min(1.0, resolved / TO_RESOLVE)
        + PROPOSED * bool(marks.proposals)
    )


def _layer_work(layer: str, work: Work, plan: Plan) -> LayerWork:
    first = work.first.get(layer)
    if first is None:
        return LayerWork(0, 0)
    before, now = first.by_id(layer), work.coding.by_id(layer)
    theirs = plan.reference.coding.by_id(layer) if plan.reference else {}
    disputed = plan.reference.disputed(layer) if plan.reference else frozenset()
    units = plan.codebook.layer(layer).unit != "words"
    resolved = 0
    for id, a in now.items():
        if len(a.note.split()) < LEAST_REASON or _PROPOSAL.fullmatch(a.note):
            continue
        was = before.get(id)
        differs = (
            units and id in theirs and was is not None and was.codes[:1] != theirs[id].codes[:1]
        )
        resolved += differs or (units and id in disputed) or not same_label(was, a)
    return LayerWork(len(before), resolved)


def _proposals(work: Work) -> Iterator[str]:
    notes = [a.note for a in work.coding if a.note]
    for subject, text in work.notes.items():
        notes.append(f"codebook: {text}" if subject.lower().startswith("codebook") else text)
    for note in notes:
        proposed = _PROPOSAL.fullmatch(note)
        if proposed and len(proposed[1].split()) >= LEAST_PROPOSAL:
            yield proposed[1].strip()


# -- free text -------------------------------------------------------------------------------------


def _written(work: Work, plan: Plan) -> Iterator[Written]:
    """Yield the texts that were handed in last, or stand as a draft if nothing was handed in."""
    for exercise in plan.written:
        record = work.records.get(exercise.id)
        if record is None:
            continue
        last = record.tries[-1] if record.tries else record.first
        values = clean(exercise, last.values if last else record.values)
        rows = tuple((row["block"], row["words"]) for row in values.get("evidence", []))
        article = plan.context(exercise, work.coding).article
        holds = tuple(
            check_evidence([{"block": block, "words": words}], 1, article).ok is True
            for block, words in rows
        )
        for text in exercise.texts:
            if text.id in values:
                yield Written(exercise.id, text.id, values[text.id], rows, holds, last is None)
