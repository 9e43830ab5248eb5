"""Three readings of one text: what the class says, what the reference says, what the rules say.

The rules are those of :mod:`kit.suggest`. They run once for a class. What they say is neither
right nor wrong by itself: it is what small rules find without understanding anything.

Every share here is *percent* as :mod:`.agreement` has it, so that the three can stand
beside each other: of the units that both coded, or the words that at least one of the two marked,
those with the same code. For the class it is the mean over its students.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from desk.collect.agreement import NOTHING, UNMARKED, ClassLayer, Compared, compared
from desk.collect.roll import Roll
from kit import suggest
from kit.coding.codebook import Codebook
from kit.coding.coding import Coding
from kit.measure import common
from kit.text.article import Article


class Readings(NamedTuple):
    """What the reference and the rules say on one layer.

    Attributes:
        layer: its id.
        reference, rules: their codes as :meth:`Scale.coded` gives them; None where there are
            none.
        share: how far the two agree, 0 … 1; None if one of them is missing.
        shared: for people: how many labels, or units, the two have in common, and of how many;
            see :func:`kit.measure.common`.
    """

    layer: str
    reference: bytes | None
    rules: bytes | None
    share: float | None
    shared: tuple[int, int] | None


class Reading(NamedTuple):
    """One code in one paragraph: a byte of the scale, and who reads it there.

    Attributes:
        code: the byte; NOTHING stands for “marked nothing there”.
        students: their numbers.
    """

    code: int
    students: tuple[int, ...]


class Paragraph(NamedTuple):
    """How a paragraph, or a unit in it, is read on one layer.

    Attributes:
        unit: the unit's id; of layers of words the paragraph's.
        readings: by code, the most frequent first. On a layer of words a student who marked words
            with two codes is counted with both.
        reference, rules: the codes that the two have there; none where they say nothing.
        disputed: whether the reference says that more than one reading stands there.
    """

    unit: str
    readings: tuple[Reading, ...]
    reference: tuple[int, ...]
    rules: tuple[int, ...]
    disputed: bool

    @property
    def most(self) -> int:
        """How many students have the most frequent reading."""
        return max((len(one.students) for one in self.readings), default=0)


@lru_cache(maxsize=2)
def rules(article: Article, codebook: Codebook) -> Coding:
    """Return what the kit's rules say on a text; found once, as long as a class needs it."""
    return suggest.suggest(article, codebook).coding


def readings(roll: Roll) -> dict[str, Readings]:
    """Return by layer what the reference and the rules say."""
    plan = roll.plan
    theirs = plan.reference.coding if plan.reference else None
    found = {}
    for id, scale in roll.scales.items():
        made = rules(plan.article, plan.codebook)
        reference, by_rules = scale.coded(theirs) if theirs else None, scale.coded(made)
        share = shared = None
        if theirs and reference and by_rules:
            share = compared(by_rules, reference).percent
            shared = common(made, theirs, id)
        found[id] = Readings(id, reference, by_rules, share, shared)
    return found


def mean_percent(found: Mapping[int, Compared]) -> float | None:
    """Return how far the students of a class agree with another reading, in the mean."""
    there = [one.percent for one in found.values() if one.percent is not None]
    return sum(there) / len(there) if there else None


# -- paragraph by paragraph ------------------------------------------------------------------------


def paragraphs(roll: Roll, layer: ClassLayer, read: Readings) -> list[Paragraph]:
    """Return how each unit that anybody coded is read; of layers of words each paragraph.

    Args:
        roll: the class.
        layer: its first answers, or its labels as they are now.
        read: what reference and rules say on that layer.
    """
    scale, found = layer.scale, []
    reference = roll.plan.reference
    disputed = reference.disputed(read.layer) if reference else frozenset()
    blocks = _disputed_blocks(roll, read.layer, disputed) if scale.words else disputed
    units = {unit.id: slice(n, n + 1) for n, unit in enumerate(scale.units)}
    for unit, place in (scale.blocks if scale.words else units).items():
        by_code: dict[int, list[int]] = {}
        for number, row in layer.rows.items():
            for code in _codes(row, place, scale.words):
                by_code.setdefault(code, []).append(number)
        theirs, made = (
            _codes(row, place, scale.words) - {NOTHING} if row is not None else set()
            for row in (read.reference, read.rules)
        )
        if scale.words and not theirs and not made and set(by_code) <= {NOTHING}:
            continue  # nobody marks anything there
        if by_code or theirs or made:
            ranked = sorted(by_code.items(), key=lambda item: (not item[0], -len(item[1])))
            found.append(
                Paragraph(
                    unit,
                    tuple(Reading(code, tuple(sorted(who))) for code, who in ranked),
                    tuple(sorted(theirs)),
                    tuple(sorted(made)),
                    unit in blocks,
                )
            )
    return found


def _codes(row: bytes, place: slice, words: bool) -> set[int]:
    codes = set(row[place])
    if not words:
        return codes - {NOTHING}
    return codes - {NOTHING, UNMARKED} or {NOTHING}


def _disputed_blocks(roll: Roll, layer: str, ids: frozenset[str]) -> frozenset[str]:
    reference = roll.plan.reference
    there = reference.coding.by_id(layer) if reference else {}
    return frozenset(roll.plan.article.block_of(there[id].at).id for id in ids if id in there)
