"""Labels on the article, which are set in the labeller and not in the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Annotated, Any

import msgspec

from kit.base.toml_reader import TomlTable
from kit.coding.codebook import CodebookError, Layer
from kit.coding.coding import Annotation, Coding, CodingError
from kit.exercises.exercise import OWN, ExerciseError
from kit.exercises.kinds.evidence import windows
from kit.exercises.kinds.kind import Items, Kind, Paper, named
from kit.exercises.kinds.number import Number
from kit.exercises.labels import (
    check_labels,
    disputes_of,
    in_quotation,
    reference_of,
    remarks_on,
    targets,
    undisputed,
)
from kit.exercises.outcome import Context, Outcome
from kit.text.article import Block, Sentence
from kit.text.span import Span

#: What the labels that an exercise is about are called among its answers.
LABELS = "labels"
#: Rows and cards on paper where the exercise names no number, and at most.
_ROWS, _CARDS, _MOST_ROWS = 8, 3, 14


class Label(Kind):
    """Labels on whole paragraphs, sentences or words."""

    class Keys(TomlTable):
        layer: str = ""
        units: tuple[str, ...] = ()
        blocks: tuple[str, ...] = ()
        at_least: Annotated[int, msgspec.Meta(ge=0)] = 0
        in_quotes: Annotated[int, msgspec.Meta(ge=0)] = 0
        codes: bool = False
        # These two mean other things in other exercises.
        fields: tuple[Number | str, ...] = ()
        reasons: dict[str, str | dict[str, str]] = {}

    statuses = {"label": ("anchor", "disputed", "open")}
    where = ("label",)
    kept = named("layer", "units", "blocks", "at_least")
    place = 4
    sole_id = LABELS
    button = "Check my labels"

    @classmethod
    def of(cls, exercise: Any) -> list[Label]:
        return [cls(exercise, cls.sole_id, "Your labels")] if exercise.kind in cls.statuses else []

    @classmethod
    def contradictions(cls, exercise: Any) -> Iterator[str]:
        if exercise.kind in cls.statuses:
            yield from _amiss(exercise)

    @classmethod
    def problems(cls, exercise: Any, context: Context) -> Iterator[str]:
        if exercise.kind in cls.statuses:
            yield from _problems(exercise, context)

    def paper(self, context: Context) -> Paper:
        e = self.exercise
        layer = context.codebook.layer(e.layer)
        if layer.unit != "words":
            units = e.units or [""] * min(max(e.at_least, _ROWS), _MOST_ROWS)
            unit = "Paragraph" if layer.unit == "block" else "Sentence"
            heads = [unit, "Label", "Why: words of the text, or of the codebook"]
            return Paper(layer=layer, heads=heads, rows=[[id, "", ""] for id in units])
        where = f", in {', '.join(e.blocks)}" if e.blocks else ""
        how = f"Mark the words on the article{where}; then write them here."
        if layer.parts:
            cards = min(len(e.blocks) or e.at_least or _CARDS, _ROWS)
            return Paper(how=how, layer=layer, cards=cards)
        wanted = min(max(e.at_least, len(e.blocks) + 2, _ROWS), _MOST_ROWS)
        heads = ["Paragraph", "Words, copied", *(["Label"] if layer.codes else [])]
        heads += [field.name for field in layer.fields]
        return Paper(how=how, layer=layer, heads=heads, rows=[[""] * len(heads)] * wanted)

    def said(self, value: Any) -> str | None:
        return None  # a report counts all labels on the text by layer

    def clean(self, value: Any) -> None:
        return None  # no page sends labels as an answer: they are in the coding

    def check(self, value: Any, context: Context) -> Outcome:
        return check_labels(self.exercise, context)

    def left(self, value: Any, context: Context) -> tuple[str, ...]:
        """Return the units that are asked for and have no label. (Where words are marked, nobody
        can tell of a paragraph without a mark whether it was read.)"""
        labelled = {a.id for a in value or ()}
        return tuple(unit for unit in self.exercise.units if unit not in labelled)

    def expected(self, context: Context, text: str) -> tuple[Annotation, ...]:
        e = self.exercise
        layer = context.codebook.layer(e.layer)
        if e.status == "anchor":
            return (undisputed if e.at_least else targets)(e, context)
        if e.status == "disputed":
            made = []
            for dispute in disputes_of(e, context):
                at = context.article.unit(dispute.id)
                codes = next(reading.codes for reading in dispute.readings if reading.codes)
                made.append(_annotation(layer, dispute.id, at, codes, text))
            return tuple(made)
        if layer.unit == "words":
            runs = islice(windows(context.article, 3, e.blocks), max(e.at_least, 1))
            return tuple(
                _annotation(layer, f"own{n}", at, _some(layer), text)
                for n, (_, at) in enumerate(runs, start=1)
            )
        ids = e.units or [b.id for b in context.article.blocks][: max(e.at_least, 1)]
        units = map(context.article.unit, ids)
        return tuple(_annotation(layer, unit.id, unit, _some(layer), text) for unit in units)

    def wrong(self, context: Context) -> tuple[Annotation, ...] | None:
        e = self.exercise
        if not e.checked:
            return None
        layer = context.codebook.layer(e.layer)
        wanted = targets(e, context)
        if layer.unit == "words":
            return (_wrong_words(e, context, layer, wanted),)
        made = []
        for a in wanted:
            other = next(code.id for code in layer.codes if code.id != a.codes[0])
            made.append(_annotation(layer, a.id, a.at, (other,)))
        return tuple(made)

    # -- marked: no paragraph depends on another, for labels stand within paragraphs ---------------

    def marked(self, context: Context) -> tuple[str, ...]:
        """Return the paragraphs or units asked for; “labels” where so many are, anywhere."""
        e = self.exercise
        if e.at_least:
            return (self.id,)
        asked = e.units or e.blocks
        return asked or tuple(dict.fromkeys(_block(context, a) for a in targets(e, context)))

    def pieces(self, value: Sequence[Annotation] | None, context: Context) -> dict[str, Any]:
        e, labels = self.exercise, value or ()
        if e.units:
            mine = {a.id: [a] for a in labels}
            return {unit: mine.get(unit, []) for unit in e.units}
        by_block: dict[str, list[Annotation]] = {}
        for a in labels:
            here = by_block.setdefault(_block(context, a), [])
            # What one student's kit happened to call it makes it no other answer.
            here.append(msgspec.structs.replace(a, id=str(len(here))))
        if e.at_least:
            return {id: here for id, here in by_block.items() if not e.blocks or id in e.blocks}
        return {id: by_block.get(id, []) for id in self.marked(context)}

    def worth(self, piece: str, value: Sequence[Annotation], context: Context) -> Any:
        """Return whether the labels of one paragraph are right; where so many are asked for, how
        many count and how many of them stand inside quotation marks."""
        e = self.exercise
        here = e if e.units else msgspec.structs.replace(e, blocks=(piece,))
        try:
            coding = Coding(context.article, context.codebook, "", value)
        except CodingError:  # no page of the kit lets anybody set them so
            return (0, 0) if e.at_least else 0.0
        held = replace(context, coding=coding)
        if not e.at_least:
            part = check_labels(here, held).parts.get(piece)
            return float(part is not None and part.ok is True)
        layer = context.codebook.layer(e.layer)
        remarks = remarks_on(here, held, layer, targets(here, held))
        found = [remark.mine for remark in remarks if remark.ok]
        return len(found), sum(in_quotation(context.article, a) for a in found)

    def marks(self, worth: Mapping[str, Any]) -> Items:
        e = self.exercise
        if not e.at_least:
            return dict(worth)
        got = min(e.at_least, sum(n for n, _ in worth.values()))
        got += min(e.in_quotes, sum(n for _, n in worth.values()))
        return {self.id: got / (e.at_least + e.in_quotes)}


def _block(context: Context, a: Annotation) -> str:
    return context.article.block_of(a.at).id


def _annotation(
    layer: Layer, id: str, at: Span | Block | Sentence, codes: tuple[str, ...], note: str = ""
) -> Annotation:
    return Annotation(id, layer.id, Span(at.start, at.end), codes, note=note)


def _some(layer: Layer) -> tuple[str, ...]:
    return tuple(code.id for code in layer.codes[:1])


def _wrong_words(
    exercise: Any, context: Context, layer: Layer, wanted: tuple[Annotation, ...]
) -> Annotation:
    """Return a label with another code than the reference's or, where codes are not checked, on
    words that the reference has not labelled."""
    if exercise.codes:
        other = next(code.id for code in layer.codes if code.id not in wanted[0].codes)
        return _annotation(layer, "own1", wanted[0].at, (other,))
    reference = reference_of(exercise, context)
    theirs = [a.at for a in reference.coding.on(layer.id)]
    for _, at in windows(context.article, 1, exercise.blocks or [_block(context, wanted[0])]):
        if all(at.end <= span.start or span.end <= at.start for span in theirs):
            return _annotation(layer, "own1", at, _some(layer))
    return _annotation(layer, "own1", Span(wanted[0].at.start, wanted[0].at.start + 1), ())


# -- what is wrong with an exercise ----------------------------------------------------------------


def _amiss(e: Any) -> Iterator[str]:
    if not e.layer:
        yield "say which layer of the codebook is labelled."
    if e.numbers:
        yield '“fields” of a label exercise are names, such as ["mode"].'
    if e.units and e.blocks:
        yield "give units (whole paragraphs or sentences) or blocks (where words are labelled)."
    if e.status == "disputed" and not e.units:
        yield "say which units are disputed."
    if not all(isinstance(codes, dict) for codes in e.reasons.values()):
        yield 'reasons of a label exercise are { P12 = { code = "…" } }.'


def _problems(e: Any, context: Context) -> Iterator[str]:
    if e.article == OWN:
        if e.status in ("anchor", "disputed"):
            yield (
                "a text of the student’s own has no reference: "
                f"status “{e.status}” is not possible."
            )
            return
        if e.units or e.blocks:
            yield "a text of the student’s own has no fixed paragraphs: leave out units and blocks."
            return
    try:
        layer = context.codebook.layer(e.layer)
    except CodebookError as problem:
        yield str(problem)
        return
    if e.units and layer.unit == "words":
        yield f"“{layer.id}” labels words: give blocks, not units."
    if e.blocks and layer.unit != "words":
        yield f"“{layer.id}” labels whole {layer.unit}s: give units, not blocks."
    if e.status == "anchor" and layer.unit != "words" and not e.units:
        yield "say which units are asked for."
    choices = {field.id for field in layer.fields if field.kind == "choice"}
    for name in e.checked_fields:
        if name not in choices:
            yield f"“{name}” is no field of {layer.id} that has choices: it cannot be checked."
    unknown = [id for id in (*e.units, *e.blocks) if not _exists(context, layer, id)]
    for id in unknown:
        yield f"the article has no {'block' if layer.unit == 'words' else layer.unit} {id}."
    if unknown or e.status == "open":
        return
    try:
        asked = targets(e, context) if e.status == "anchor" else disputes_of(e, context)
    except ExerciseError as problem:
        yield str(problem)
        return
    if e.status == "anchor":
        yield from _in_anchors(e, context, layer, asked)


def _in_anchors(e: Any, context: Context, layer: Layer, asked) -> Iterator[str]:
    if not asked:
        yield f"the reference has no anchor on {layer.id} there."
        return
    there = undisputed(e, context)
    if e.at_least > len(there):
        yield f"at_least = {e.at_least}, but the reference has {len(there)} there."
    quoted = sum(in_quotation(context.article, a) for a in there)
    if e.in_quotes > quoted:
        yield f"in_quotes = {e.in_quotes}, but the reference has {quoted} inside quotation marks."
    empty = set(e.blocks) - {_block(context, a) for a in asked}
    for block in sorted(empty) if not e.at_least else ():
        yield f"the reference has no anchor on {layer.id} in {block}."
    known = {code.id for code in layer.codes}
    known |= {
        option.id
        for field in layer.fields
        if field.id in e.checked_fields
        for option in field.options
    }
    right = {a.id: a.codes for a in asked}
    for where, reasons in e.reasons.items():
        for code in reasons:
            if code not in known:
                yield f"reasons for {where}: the codebook has no “{code}” on {layer.id}."
            if code in right.get(where, ())[:1]:
                yield f"reasons for {where}: “{code}” is right in the reference."


def _exists(context: Context, layer: Layer, id: str) -> bool:
    try:
        unit = context.article.unit(id)
    except KeyError:
        return False
    return ("." in unit.id) == (layer.unit == "sentence")
