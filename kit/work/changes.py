"""Changes of labels, and what comes back of those that cannot be made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from kit.base.phrases import brief, join, plural
from kit.coding.coding import Annotation, Coding, CodingError
from kit.work.merge import changed

#: What was seen at a unit, and what shall be there.
Change = tuple[Annotation | None, Annotation | None]


class Conflict(msgspec.Struct, frozen=True):
    """A change that was not made.

    Attributes:
        id: the unit.
        yours: what you wanted there; None to clear it.
        theirs: what the file has there, from another window; None for nothing.
        problem: why it could not be made even if you insist; empty when you may.
    """

    id: str
    yours: Any
    theirs: Any
    problem: str = ""


def change_labels(
    coding: Coding, layer: str, changes: Mapping[str, Change]
) -> tuple[Coding, list[Conflict]]:
    """Return labels with changes on one layer, and those changes that could not be made."""
    wanted: dict[str, Annotation | None] = {}
    conflicts = []
    for id, (was, now) in changes.items():
        there = coding.by_id(layer).get(id)
        value, both = changed(there, was, now, same_label)
        if both:
            conflicts.append(Conflict(id, now, there))
        elif value is not there:
            wanted[id] = value
    if not wanted:
        return coding, conflicts
    try:
        return coding.replace(layer, wanted), conflicts
    except CodingError:
        pass
    # Something cannot stand, or some are in each other's way: clear first, then set one by one.
    for id, now in sorted(wanted.items(), key=lambda item: item[1] is not None):
        try:
            coding = coding.replace(layer, {id: now})
        except CodingError as problem:
            conflicts.append(Conflict(id, now, coding.by_id(layer).get(id), str(problem)))
    return coding, conflicts


def named(a: Annotation) -> str:
    """Return a label that the codebook does not know, in a few words: ``“leed” on P6``."""
    codes = join([f"“{brief(code, 40)}”" for code in a.codes], 3) or "one"
    place = a.id if re.fullmatch(r"P\d+(\.\d+)?", a.id) else f"“{brief(a.at.text, 40)}”"
    return f"{codes} on {place}"


def unfit_said(unfit: Sequence[Annotation]) -> str:
    """Return what a student is told of labels that the codebook does not allow; "" for none."""
    if not unfit:
        return ""
    one = len(unfit) == 1
    return (
        f"{plural(len(unfit), 'label')} of yours, such as {named(unfit[0])}, "
        f"{'does' if one else 'do'} not fit the codebook as it is now. Nothing is lost: "
        f"{'it is' if one else 'they are'} kept in your work file, {'counts' if one else 'count'} "
        f"nowhere, and {'comes' if one else 'come'} back when the codebook allows it again."
    )


def same_label(one: Annotation | None, other: Annotation | None) -> bool:
    """Compare two annotations by offsets and content, whether or not words were filled in."""
    return _bare(one) == _bare(other)


def _bare(a: Annotation | None) -> Any:
    if a is None:
        return None
    parts = {k: [(s.start, s.end) for s in spans] for k, spans in a.parts.items() if spans}
    fields = {k: v for k, v in a.fields.items() if v}
    return (a.at.start, a.at.end, a.codes, parts, fields, a.note)
