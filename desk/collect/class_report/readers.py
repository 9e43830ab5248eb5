"""The class beside two other readers, the reference and the kit's rules, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup

from desk.collect.agreement import NOTHING, ClassLayer, Scale
from desk.collect.class_report.common import drawn, kind_of, layer_of, one_code
from desk.collect.readings import (
    Paragraph,
    Readings,
    mean_percent,
    paragraphs,
    readings,
)
from desk.collect.roll import Roll, Student
from kit import suggest
from kit.base.phrases import percent, plural

__all__ = ["beside", "who_read_it_how"]


class Unit(NamedTuple):
    """How the three read a unit, or a paragraph where words are labelled.

    Attributes:
        unit: its id.
        counted: what students read there, and how many of them.
        most: how many have the most frequent reading.
        reference, rules: what the two read there.
        disputed: whether it can be read in two ways there.
    """

    unit: str
    counted: list[tuple[str, int]]
    most: int
    reference: str
    rules: str
    disputed: bool


class Beside(NamedTuple):
    """A layer, as the three read it.

    Attributes:
        title: its title.
        unit: what its units are called.
        words: whether words are labelled.
        apart: where most of the class reads otherwise than the reference; None where that cannot
            be said.
        units: all of them.
    """

    title: str
    unit: str
    words: bool
    apart: list[Unit] | None
    units: list[Unit]


class Read(NamedTuple):
    """Who read a unit how, on one layer.

    Attributes:
        title: the layer's.
        where: the unit, if it is less than the paragraph.
        kind: which labels, in words.
        disputed: whether it can be read in two ways there.
        readings: each reading and whose it is.
        reference: what it reads there.
        rules: what they read there; empty on a layer that has none.
        elsewhere: the fields of records, which are to be seen elsewhere, since readings are codes.
    """

    title: str
    where: str
    kind: str
    disputed: bool
    readings: list[tuple[str, list[Student]]]
    reference: str
    rules: str
    elsewhere: list[str]


def beside(roll: Roll) -> Markup:
    """Return how far the three agree on each layer, and how each read what."""
    read, rows, layers = readings(roll), [], []
    for id, scale in roll.scales.items():
        theirs, layer = read[id], layer_of(roll, id)
        if not layer.rows:
            continue
        alike = (
            mean_percent(layer.with_row(theirs.reference)),
            mean_percent(layer.with_row(theirs.rules)),
            theirs.share,
        )
        shares = ("" if one is None else percent(one) for one in alike)
        rows.append((scale.layer.title, *shares, _shared(theirs, scale)))
        layers.append(_by_paragraph(roll, layer, theirs))
    return drawn(
        "readers",
        rows=rows,
        layers=layers,
        without_rules=[
            scale.layer.title for id, scale in roll.scales.items() if not suggest.rules(id)
        ],
        has_reference=roll.plan.reference,
    )


def who_read_it_how(roll: Roll, block: str) -> Markup:
    """Return how each student, the reference and the rules read one paragraph.

    Names are written as :func:`.contents` does.

    Args:
        roll: the class.
        block: a paragraph of its article, such as ``"P6"``.
    """
    read, there = readings(roll), []
    for id, scale in roll.scales.items():
        layer = layer_of(roll, id)
        blocks = {unit.id: unit.block for unit in scale.units}
        for one in paragraphs(roll, layer, read[id]):
            if blocks.get(one.unit, one.unit) == block:
                there.append(_read(roll, layer, one, block))
    return drawn("who", read=there, block=block)


def _read(roll: Roll, layer: ClassLayer, one: Paragraph, block: str) -> Read:
    scale = layer.scale
    return Read(
        scale.layer.title,
        "" if one.unit == block else f", {one.unit}",
        kind_of(roll, layer),
        one.disputed,
        [
            (_code(scale, reading.code), [roll.students[number] for number in reading.students])
            for reading in one.readings
        ],
        _codes(scale, one.reference),
        _codes(scale, one.rules) if suggest.rules(scale.layer.id) else "",
        [field.name for field in scale.layer.fields] if one_code(scale) else [],
    )


def _shared(theirs: Readings, scale: Scale) -> str:
    if theirs.shared is None:
        return ""
    some, of = theirs.shared
    return f"{some:,} of {plural(of, 'label' if scale.words else 'unit')}"


def _by_paragraph(roll: Roll, layer: ClassLayer, theirs: Readings) -> Beside:
    scale, there = layer.scale, paragraphs(roll, layer, theirs)
    apart = None
    if theirs.reference is not None and not scale.words:
        apart = [
            _unit(one, scale)
            for one in there
            if one.readings and one.reference and one.readings[0].code not in one.reference
        ]
    return Beside(
        scale.layer.title,
        "Paragraph" if scale.words or scale.layer.unit == "block" else "Unit",
        scale.words,
        apart,
        [_unit(one, scale) for one in there],
    )


def _unit(one: Paragraph, scale: Scale) -> Unit:
    counted = [(_code(scale, reading.code), len(reading.students)) for reading in one.readings]
    return Unit(
        one.unit,
        counted,
        max((n for _, n in counted), default=0),
        _codes(scale, one.reference),
        _codes(scale, one.rules),
        one.disputed,
    )


def _codes(scale: Scale, codes: Iterable[int]) -> str:
    return ", ".join(_code(scale, code) for code in codes) or "–"


def _code(scale: Scale, code: int) -> str:
    return scale.shown(code) if code != NOTHING else "nothing marked"
