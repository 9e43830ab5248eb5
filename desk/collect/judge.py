"""What an answer in a work file is worth, item by item, whatever the file says of it.

Every answer is checked by :func:`kit.exercises.check`. In a class most answers are alike, so each
item with each answer is checked once for all. A judgement is made from the item and the answer by
which it is remembered and from nothing else: so no file decides what another student's is worth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from desk.collect.plan import Plan
from desk.collect.work_file import Work
from kit.coding.coding import Annotation, Coding, CodingError
from kit.exercises import Context, Exercise, check

# The check itself counts so; a share of the labels asked for needs the count.
from kit.exercises.labels import in_quotation, remarks_on, targets
from kit.exercises.record import LABELS, Try, Whole
from kit.exercises.values import clean
from kit.text.span import Span

__all__ = ["ENOUGH", "Items", "Judge", "better", "items_of", "share"]

#: The one item of an exercise that asks for so many labels, wherever they stand.
ENOUGH = "labels"
#: How many checked answers are remembered at most.
MOST_KNOWN = 50_000

_PLACE = re.compile(r"(\d{1,7})-(\d{1,7})")

#: For each item of an exercise, 0 … 1.
Items = dict[str, float]


def items_of(exercise: Exercise, plan: Plan) -> tuple[str, ...]:
    """Return the items of an exercise that has a right answer: its controls, the paragraphs whose
    labels it asks for, or “labels” where it asks for a number of them."""
    if exercise.kind != "label":
        ids = [c.id for c in (*exercise.numbers, *exercise.questions)]
        return tuple(ids + (["order"] if exercise.items else []))
    if exercise.at_least:
        return (ENOUGH,)
    if exercise.units or exercise.blocks:
        return exercise.units or exercise.blocks
    context = plan.context(exercise, Coding(plan.article, plan.codebook, ""))
    at = (context.article.block_at(a.at.start, a.at.end).id for a in targets(exercise, context))
    return tuple(dict.fromkeys(at))


def share(items: Items | None) -> float:
    """Return what an exercise is worth, 0 … 1: the mean of its items."""
    return sum(items.values()) / len(items) if items else 0.0


def better(one: Items | None, other: Items | None) -> Items | None:
    """Return the answer that is worth more; the one if both are worth the same."""
    if one is None or other is None:
        return other if one is None else one
    return max((one, other), key=share)


class Judge:
    """Judges one student's answers to one exercise that has a right answer.

    Attributes:
        unknown: whether an answer was met whose labels are known no longer.
    """

    def __init__(self, exercise: Exercise, work: Work, plan: Plan):
        self.exercise = exercise
        self.work = work
        self.plan = plan
        self.unknown = False
        self._items = items_of(exercise, plan)

    def of(self, answer: Try) -> Items | None:
        """Return what an answer is worth; None if it can be known no longer.

        Raises:
            ExerciseError: the exercise cannot be used with its article; no student's doing.
        """
        if self.exercise.kind != "label":
            return self._form(clean(self.exercise, answer.values))
        labels = self._labels(answer.values.get(LABELS), answer.whole)
        return None if labels is None else self._label(labels)

    def now(self) -> Items:
        """Return what the labels as they stand now are worth; raises as :meth:`of`."""
        return self._label(self.work.coding.on(self.exercise.layer))

    def _form(self, values: Mapping[str, Any]) -> Items:
        """Return what a form's values are worth; no control's outcome depends on another's."""
        return {id: self._once(self._filled, id, values.get(id)) for id in self._items}

    def _label(self, labels: Sequence[Annotation]) -> Items:
        """Return what labels are worth. No paragraph's outcome depends on another's: labels stand
        within paragraphs, and are held against the reference's by the words they share."""
        if self.exercise.units:
            mine = {a.id: [a] for a in labels}
            return {
                unit: self._once(self._checked, unit, mine.get(unit, [])) for unit in self._items
            }
        by_block: dict[str, list[Annotation]] = {}
        for a in labels:
            block = self.plan.article.block_at(a.at.start, a.at.end).id
            by_block.setdefault(block, []).append(a)
        if self._items != (ENOUGH,):
            return {
                block: self._once(self._checked, block, by_block.get(block, []))
                for block in self._items
            }
        counts = [
            self._once(self._counted, block, here)
            for block, here in by_block.items()
            if not self.exercise.blocks or block in self.exercise.blocks
        ]
        least, quoted = self.exercise.at_least, self.exercise.in_quotes
        got = min(least, sum(n for n, _ in counts)) + min(quoted, sum(n for _, n in counts))
        return {ENOUGH: got / (least + quoted)}

    def _checked(self, place: str, labels: Sequence[Annotation]) -> float:
        """Return whether a check finds the labels of one paragraph right."""
        context = self._context(labels)
        if context is None:
            return 0.0
        where = {} if self.exercise.units else {"blocks": (place,)}
        outcome = check(msgspec.structs.replace(self.exercise, **where), {}, context)
        return float(place in outcome.parts and outcome.parts[place].ok is True)

    def _counted(self, block: str, labels: Sequence[Annotation]) -> tuple[int, int]:
        """Return how many labels of one paragraph a check counts as found, and how many of them
        stand inside quotation marks."""
        context = self._context(labels)
        if context is None:
            return 0, 0
        here = msgspec.structs.replace(self.exercise, blocks=(block,))
        layer = context.codebook.layer(here.layer)
        remarks = remarks_on(here, context, layer, targets(here, context))
        found = [remark.mine for remark in remarks if remark.ok]
        return len(found), sum(in_quotation(context.article, a) for a in found)

    def _context(self, labels: Sequence[Annotation]) -> Context | None:
        """Return what some labels are held against; None if no page of the kit lets anybody set
        them so."""
        try:
            coding = Coding(self.plan.article, self.plan.codebook, "", labels)
        except CodingError:
            return None
        return self.plan.context(self.exercise, coding)

    def _filled(self, id: str, value: Any) -> float:
        """Return whether a check finds what stands in one control right."""
        parts = check(self.exercise, {id: value}, self._context(())).parts
        return float(id in parts and parts[id].ok is True)

    def _once(self, judged: Callable[[str, Any], Any], item: str, answer: Any) -> Any:
        """Return what a judgement says of an item and an answer, made once for all like them."""
        known = self.plan.known
        # However long somebody's answer is, no more of it than this is kept.
        told = blake2b(msgspec.json.encode((item, answer)), digest_size=16).digest()
        key = (self.exercise.id, told)
        if key not in known:
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[key] = judged(item, answer)
        return known[key]

    # -- labels, as they were kept with an answer ----------------------------------------------

    def _labels(self, kept: Any, wholes: Mapping[str, Whole]) -> tuple[Annotation, ...] | None:
        """Return the labels of an answer as :func:`kit.exercises.labels.snapshot` kept them.

        Their parts were kept with the answer. In a work file of before they were not: they are
        taken from the record on the same words, and the answer is None where there is none. What
        has not the form of labels counts as none.
        """
        if not isinstance(kept, Mapping):
            return ()
        layer = self.plan.codebook.layer(self.exercise.layer)
        made = []
        for place, said in kept.items():
            at = self._at(place)
            if at is None or not _is_texts(said):
                continue
            pairs = [s.partition("=") for s in said]
            codes = tuple(name for name, sign, _ in pairs if not sign)
            fields = {name: value for name, sign, value in pairs if sign}
            parts: dict = {}
            if layer.parts:
                whole = wholes.get(place)
                record = self._record(at) if whole is None else None
                if whole is not None:
                    parts = {
                        id: tuple(Span(start, end) for start, end in runs)
                        for id, runs in whole.parts.items()
                    }
                    fields = {**whole.fields, **fields}
                elif record is not None:
                    parts = record.parts
                    # A copy for a mark does not know what will be checked, and kept none.
                    if self.plan.graded and not fields:
                        fields = record.fields
                else:
                    self.unknown = True
                    return None
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


def _is_texts(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(text, str) for text in said)
