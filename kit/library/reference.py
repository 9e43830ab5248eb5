"""The reference reading: two codings of an article, adjudicated, with what stays disputed.

It is a reading and no answer key. What both codings label alike is an *anchor*, and exercises may
check it. What can be read in two ways is *disputed*: every reading stands with its best reason, and
nobody is marked wrong there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable, read_toml
from kit.coding.coding import Annotation, Coding
from kit.measure import agreed

ARGUED = "it could be argued"  # whose a reading is that neither coding has and that can be defended


class ReferenceError(KitError, ValueError):
    """The reference or its disputes cannot be used; the message says what to mend."""


class Reading(TomlTable):
    """One side of a dispute: whose, what it says, and the best reason for it.

    Without codes and fields it says that there is nothing to label.
    """

    by: str
    reason: str
    codes: tuple[str, ...] = ()
    fields: dict[str, str] = {}

    def held_by(self, label: Annotation) -> bool:
        """Say whether a label says what this reading says."""
        labels_something = bool(self.codes or self.fields)
        same_code = label.codes[:1] == self.codes[:1]
        return labels_something and same_code and self.fields.items() <= label.fields.items()


class Dispute(TomlTable):
    """A unit (``P7``), or a label of the reference (``e01``), that can be read in two ways."""

    layer: str
    id: str
    question: str
    readings: tuple[Reading, ...]


class _File(TomlTable):
    disputes: tuple[Dispute, ...] = ()


class Reference:
    """An adjudicated coding, the readers it was made from, and what stays disputed.

    Args:
        coding: the adjudicated labels.
        readers: the codings it was made from; an anchor is what all of them have.
        disputes: where two readings may stand.

    Raises:
        ReferenceError: a dispute names a layer, code, field, unit or label that is not there, or
            gives fewer than two different readings.
    """

    def __init__(
        self, coding: Coding, readers: Sequence[Coding] = (), disputes: Sequence[Dispute] = ()
    ):
        self.coding = coding
        self.readers = tuple(readers)
        self._disputes = {(d.layer, d.id): d for d in disputes}
        found = [said for d in disputes for said in _amiss(d, coding)]
        if len(self._disputes) < len(disputes):
            found.append("a unit or label is disputed twice on one layer: make one dispute of it.")
        if found:
            raise ReferenceError("\n".join(f"{coding.article.id}: {said}" for said in found))

    @classmethod
    def from_files(cls, coding: Coding, readers: Sequence[Coding], disputed: Path) -> Reference:
        """Put together a reference whose disputes stand in a TOML file, if there is one.

        Raises:
            ReferenceError: that file cannot be read or used.
        """
        disputes: tuple[Dispute, ...] = ()
        if disputed.exists():
            disputes = read_toml(disputed, _File, ReferenceError).disputes
        return cls(coding, readers, disputes)

    @property
    def disputes(self) -> tuple[Dispute, ...]:
        """All disputes, in the order of their file."""
        return tuple(self._disputes.values())

    def dispute(self, layer: str, id: str) -> Dispute | None:
        """Return the dispute about one unit or label, or None."""
        return self._disputes.get((layer, id))

    def disputed(self, layer: str) -> frozenset[str]:
        """Return the ids of what is disputed on a layer."""
        return frozenset(id for on, id in self._disputes if on == layer)

    def anchors(self, layer: str) -> frozenset[str]:
        """Return the ids of the reference's labels that every reader gave and nobody disputes.

        Units must carry the reference's main code. Labelled words must overlap by half or more
        (records by their content) and carry it too; a reader who gave no code agrees with any.
        """
        return self._anchors.get(layer, frozenset())

    @cached_property
    def _anchors(self) -> dict[str, frozenset[str]]:
        return {
            layer.id: frozenset(self._agreed(layer.id)) - self.disputed(layer.id)
            for layer in self.coding.codebook.layers
        }

    def _agreed(self, layer: str) -> set[str]:
        ids = {*self.coding.by_id(layer)}
        for reader in self.readers:
            ids &= {a.id for a, _ in agreed(self.coding, reader, layer)}
        return ids


def _amiss(dispute: Dispute, coding: Coding) -> Iterator[str]:
    """Yield what is wrong with a dispute."""
    where = f"the dispute about {dispute.id} on {dispute.layer}"
    try:
        layer = coding.codebook.layer(dispute.layer)
    except KitError as problem:
        yield f"{where}: {problem}"
        return
    if dispute.id not in coding.by_id(dispute.layer):
        yield f"{where}: the reference has no such label."
    said = {(r.codes, tuple(sorted(r.fields.items()))) for r in dispute.readings}
    if len(said) < 2:
        yield f"{where}: give two different readings or more."
    codes = {code.id for code in layer.codes}
    fields = {field.id: field for field in layer.fields}
    for reading in dispute.readings:
        for code in reading.codes:
            if code not in codes:
                yield f"{where}: the codebook has no code “{code}”."
        for name, value in reading.fields.items():
            if name not in fields or not fields[name].allows(value):
                yield f"{where}: the codebook has no {name} = “{value}”."
