"""What a student's work is worth: facts and anchors, and agreement work. The rest a person reads.

``docs/collecting.md`` says how points come about. What the file says about right and wrong is not
believed: answers are checked anew. An answer to a label exercise is worth what the labels are worth
that were kept with it. Earlier versions of the kit kept them without the parts of a record (source,
cue, content); where :mod:`kit.work.before` cannot take those over, the first answer is “not known”,
and for the best the labels count as they are now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from desk.collect.judge import Items, Judge, better, share
from desk.collect.plan import Plan
from desk.collect.rubric import OUT_OF, Given
from desk.collect.work_file import Work
from kit.base.phrases import plural
from kit.exercises import Exercise, Record
from kit.exercises.kinds import clean
from kit.exercises.kinds.evidence import check_evidence
from kit.exercises.kinds.sure import HOW_SURE, SURE
from kit.exercises.record import MOST_TRIES, Try
from kit.work.changes import named, same_label

AUTO = 40
BLIND, RESOLVED, PROPOSED = 10, 6, 4
AGREEMENT = BLIND + RESOLVED + PROPOSED
TO_RESOLVE = 2
LEAST_REASON, LEAST_PROPOSAL = 3, 5

_PROPOSAL = re.compile(r"\s*codebook\s*:\s*(.*)", re.I | re.S)


class ExerciseMark(NamedTuple):
    """What one exercise is worth.

    Attributes:
        first, best: for each item 0 … 1; None where nothing was handed in, where nothing is
            checked, or where it cannot be known.
        attempts: how many answers were handed in, as the file says.
        draft: whether something stands in the form that was never handed in.
        blank: what the answer that was handed in last leaves blank.
        sure: how sure the student said to be of the first answer, in words; nothing if they did
            not say.
    """

    first: Items | None
    best: Items | None
    attempts: int
    draft: bool
    blank: tuple[str, ...] = ()
    sure: str = ""


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
        to_read: exercises in which the student handed in free text.
    """

    exercises: dict[str, ExerciseMark]
    layers: dict[str, LayerWork]
    proposals: tuple[str, ...]
    written: tuple[Written, ...]
    doubts: tuple[str, ...]
    to_read: tuple[str, ...] = ()


class Total(NamedTuple):
    """Points and what they are out of.

    Attributes:
        auto, auto_of: facts and anchors; ``auto_first`` is what first answers alone would be worth.
        agreement, agreement_of: agreement work.
        written, written_of: free text, as far as it is marked.
        to_mark: how many answers in free text still need a mark, of those that count.
    """

    auto: float
    auto_first: float
    auto_of: int
    agreement: float
    agreement_of: int
    written_of: int
    written: float = 0.0
    to_mark: int = 0

    @property
    def so_far(self) -> float:
        """All points that are known; free text is among them once all of it is marked."""
        return self.auto + self.agreement + (0.0 if self.to_mark else self.written)

    @property
    def so_far_of(self) -> int:
        return self.auto_of + self.agreement_of + (0 if self.to_mark else self.written_of)


def mark(work: Work, plan: Plan) -> Marks:
    """Return what a student's work is worth.

    Raises:
        ExerciseError: an exercise cannot be used with its article; no student's doing.
    """
    asked = {exercise.id for exercise in plan.asked}
    doubts = [f"The answer to {id} cannot be read." for id in work.unreadable if id in asked]
    if work.unfit:
        doubts.append(
            f"{plural(len(work.unfit), 'label')}, such as {named(work.unfit[0])}, "
            f"{'does' if len(work.unfit) == 1 else 'do'} not fit this codebook and "
            f"{'counts' if len(work.unfit) == 1 else 'count'} nowhere."
        )
    if not work.sealed:
        doubts.append("The checksum that the kit saves with it is not there.")
    written = tuple(_written(work, plan))
    found = {}
    for exercise in plan.asked:
        record = work.records.get(exercise.id, Record())
        doubts += _doubts(exercise, record)
        found[exercise.id] = _mark(exercise, record, work, plan)
    return Marks(
        found,
        {layer.id: _layer_work(layer.id, work, plan) for layer in plan.layers},
        tuple(_proposals(work)),
        written,
        tuple(doubts),
        tuple(dict.fromkeys(one.exercise for one in written if not one.draft)),
    )


def total(marks: Marks, plan: Plan, given: Mapping[str, Given] = {}) -> Total:
    """Return a student's points, over what the plan counts.

    Args:
        marks: what the work is worth.
        plan: what counts.
        given: by exercise, what a person has given for free text.
    """
    checked = [e for e in plan.checked if e.id in plan.counted]
    best, first = (
        [share(getattr(marks.exercises[e.id], kind)) for e in checked] for kind in ("best", "first")
    )
    auto_of = AUTO if checked else 0
    layers = [layer.id for layer in plan.layers]
    agreement_of = AGREEMENT if layers else 0
    writes = [e.id for e in plan.written if e.id in plan.counted]
    written_of = 100 - auto_of - agreement_of if writes else 0
    read = {id: one for id, one in given.items() if one.whole}
    return Total(
        auto_of * _mean(best),
        auto_of * _mean(first),
        auto_of,
        _agreement(marks, plan) if layers else 0.0,
        agreement_of,
        written_of,
        written_of * _mean([read[id].points / OUT_OF if id in read else 0.0 for id in writes]),
        sum(id in writes and id not in read for id in marks.to_read),
    )


# -- facts and anchors -----------------------------------------------------------------------------


def _mark(exercise: Exercise, record: Record, work: Work, plan: Plan) -> ExerciseMark:
    attempts = max(record.attempts, len(record.tries), record.first is not None)
    draft = bool(record.values) and not attempts
    tried = [*filter(None, [record.first]), *record.tries]
    # A file may speak of answers that are not in it.
    if not tried:
        return ExerciseMark(None, None, attempts, draft)
    judge = Judge(exercise, work, plan)
    blank = judge.blank(tried[-1])
    if not exercise.checked:
        return ExerciseMark(None, None, attempts, draft, blank)
    first = judge.of(tried[0])
    best = judge.of(tried[-1]) if plan.graded else _best(tried, first, judge)
    if judge.unknown:
        best = better(best, judge.now())
    sure = tried[0].values.get(SURE)
    said = HOW_SURE.get(sure, "") if isinstance(sure, str) else ""
    return ExerciseMark(first, best, attempts, draft, blank, said)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


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


def _best(tried: Sequence[Try], first: Items | None, judge: Judge) -> Items | None:
    """Return what the best of some answers is worth; the first has been judged."""
    best, seen = first, [tried[0]]
    for one in reversed(tried):
        if share(best) == 1.0:
            break
        if one not in seen:
            seen.append(one)
            best = better(best, judge.of(one))
    return best


def _layer_work(layer: str, work: Work, plan: Plan) -> LayerWork:
    # Where no other reading is handed out there is nothing to commit before: all work is blind.
    first = work.first.get(layer, work.coding if plan.graded else None)
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
        article = plan.context(exercise).article
        holds = tuple(
            check_evidence([{"block": block, "words": words}], 1, article).ok is True
            for block, words in rows
        )
        for text in exercise.texts:
            if text.id in values:
                yield Written(exercise.id, text.id, values[text.id], rows, holds, last is None)
