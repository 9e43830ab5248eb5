"""Three readings of one text: what the class says, what the reference says, what the rules say.

The rules are those of :mod:`kit.suggest`. They run once for a class. What they say is neither
right nor wrong by itself: it is what small rules find without understanding anything.

Every share here is *percent* as :mod:`.agreement` has it, so that the three can stand
beside each other: of the units that both coded, or the words that at least one of the two marked,
those with the same code. For the class it is the mean over its students.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from desk.collect.agreement import NOTHING, UNMARKED, ClassLayer, Scale
from desk.collect.roll import Roll
from kit import suggest
from kit.coding.codebook import Codebook
from kit.coding.coding import Coding
from kit.measure import layer_agreement
from kit.text.article import Article

__all__ = [
    "Paragraph",
    "Reading",
    "Readings",
    "mean",
    "mean_share",
    "paragraphs",
    "readings",
    "rules",
    "share_of",
    "shares",
]


class Readings(NamedTuple):
    """What the reference and the rules say on one layer.

    Attributes:
        layer: its id.
        reference, rules: their codes as :meth:`Scale.coded` gives them; None where there are
            none.
        share: how far the two agree, 0 … 1; None if one of them is missing.
        shared: for people: how many labels, or units, the two have in common, and of how many;
            see :func:`kit.measure.layer_agreement`.
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
        disputed: whether careful readers keep it apart, says the reference.
    """

    unit: str
    readings: tuple[Reading, ...]
    reference: tuple[int, ...]
    rules: tuple[int, ...]
    disputed: bool


def rules(article: Article, codebook: Codebook) -> Coding:
    """Return what the kit's rules say on a text; found once, as long as a class needs it."""
    return _rules(article, codebook)


@lru_cache(maxsize=2)
def _rules(article: Article, codebook: Codebook) -> Coding:
    return suggest.suggest(article, codebook).coding


def readings(roll: Roll) -> dict[str, Readings]:
    """Return by layer what the reference and the rules say."""
    plan = roll.plan
    theirs = plan.reference.coding if plan.reference else None
    found = {}
    made = rules(plan.article, plan.codebook) if roll.scales else None
    for id, scale in roll.scales.items():
        reference = scale.coded(theirs) if theirs else None
        by_rules = scale.coded(made) if made else None
        share = shared = None
        if reference is not None and by_rules is not None:
            share = share_of(by_rules, reference)
            # How sure these two are of each other is nobody's question here.
            both = layer_agreement(made, theirs, id)
            shared = (both.shared, both.total)
        found[id] = Readings(id, reference, by_rules, share, shared)
    return found


def mean_share(layer: ClassLayer, other: bytes | None) -> float | None:
    """Return how far the students of a class agree with another reading, in the mean."""
    return mean(shares(layer, other).values())


def mean(found: Iterable[float | None]) -> float | None:
    """Return the mean of the shares that there are."""
    there = [share for share in found if share is not None]
    return sum(there) / len(there) if there else None


def shares(layer: ClassLayer, other: bytes | None) -> dict[int, float | None]:
    """Return for each student how far they agree with another reading, as
    :meth:`ClassLayer.with_row` counts; None without a pair, or without another reading."""
    if other is None:
        return dict.fromkeys(layer.rows)
    with_other = _With(other)
    return {number: with_other.share(row) for number, row in layer.rows.items()}


def share_of(row: bytes, other: bytes | None) -> float | None:
    """Return how far two rows agree; as :func:`shares`."""
    return None if other is None else _With(other).share(row)


class _With:
    """Compares many rows with one, a whole row at a time: bytes as the digits of a number."""

    _CODED = bytes([0] + [1] * 255)
    _IDLE = bytes([0, 1] + [0] * 254)
    _EQUAL = bytes([1] + [0] * 255)

    def __init__(self, other: bytes):
        self._other = int.from_bytes(other)
        self._coded = int.from_bytes(other.translate(self._CODED))
        self._idle = int.from_bytes(other.translate(self._IDLE))

    def share(self, row: bytes) -> float | None:
        coded = int.from_bytes(row.translate(self._CODED)) & self._coded
        idle = (int.from_bytes(row.translate(self._IDLE)) & self._idle).bit_count()
        told = coded.bit_count() - idle
        if not told:
            return None
        differ = (int.from_bytes(row) ^ self._other).to_bytes(len(row))
        same = (int.from_bytes(differ.translate(self._EQUAL)) & coded).bit_count()
        return (same - idle) / told


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
    for unit, start, end in _places(scale):
        # Many students say the same: what they say is looked at once.
        alike: dict[bytes, list[int]] = {}
        for number, row in layer.rows.items():
            alike.setdefault(row[start:end], []).append(number)
        by_code: dict[int, list[int]] = {}
        for said, numbers in alike.items():
            for code in _codes(said, 0, len(said), scale.words):
                by_code.setdefault(code, []).extend(numbers)
        theirs, made = (
            _codes(row, start, end, scale.words) - {NOTHING} if row is not None else set()
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


def _places(scale: Scale) -> Iterable[tuple[str, int, int]]:
    """Yield what a row of the table is about, and where in a row of codes it stands."""
    if not scale.words:
        for place, unit in enumerate(scale.units):
            yield unit.id, place, place + 1
        return
    sizes = Counter(unit.block for unit in scale.units)
    start = 0
    for block, size in sizes.items():
        yield block, start, start + size
        start += size


def _codes(row: bytes, start: int, end: int, words: bool) -> set[int]:
    codes = set(row[start:end])
    if not words:
        return codes - {NOTHING}
    return codes - {NOTHING, UNMARKED} or {NOTHING}


def _disputed_blocks(roll: Roll, layer: str, ids: frozenset[str]) -> frozenset[str]:
    there = roll.plan.reference.coding.by_id(layer) if ids else {}
    return frozenset(
        roll.plan.article.block_at(there[id].at.start, there[id].at.end).id
        for id in ids
        if id in there
    )
