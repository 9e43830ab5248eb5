"""What divides a class most: at which units, into which sides, and by which words.

On a layer that labels whole units two sides differ by their codes. Where words are labelled they
can differ in three ways, and the one that divides most pairs of students is told: whether anything
is *marked*, with which *codes*, or where a label *ends*. For ends a pair counts as far as the two
labels do not overlap (one minus intersection over union of their words), since a word more or less
is little.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Literal, NamedTuple

from desk.collect.agreement import UNMARKED, ClassLayer
from desk.collect.roll import Roll
from desk.collect.submissions import shown
from kit.text.quotations import quoted_words

#: How many units are shown.
MOST_UNITS = 6
#: Nobody can discuss a unit that hardly anybody coded.
LEAST_READERS = 3
#: So many words of the article, and characters, stand in one place at most.
MOST_WORDS, LONGEST = 8, 160
#: Of so many different labels on the same words the ends are compared.
MOST_LABELS = 150

_QUOTATION_MARKS = re.compile('[“”„«»"]')

Kind = Literal["marked", "codes", "ends"]
Run = tuple[int, int, int]  # a code, with the first and the last word that have it


class Side(NamedTuple):
    """How many read a unit in one way, and with which code.

    Attributes:
        code: a byte of the scale; ``UNMARKED`` for those who left the words out.
        readers: how many.
    """

    code: int
    readers: int


class Dispute(NamedTuple):
    """A unit on which the class is divided.

    Attributes:
        layer, block, unit: ids; of layers of words the unit is the paragraph.
        kind: in what the sides differ.
        sides: the two largest, in the codebook's order; the marked side comes before the other,
            and of ends those who take the words in before those who do not.
        counts: how many gave each code, or none, the most frequent first.
        share: how much it divides the class, 0 … 1.
        words: the words in question, shortened; nothing where whole units are coded.
        edge: of ends, the words that only one side takes in.
        quoted: whether the words stand ``in`` quotation marks, ``out`` of them, or in ``part``.
    """

    layer: str
    block: str
    unit: str
    kind: Kind
    sides: tuple[Side, Side]
    counts: tuple[tuple[int, int], ...]
    share: float
    words: str = ""
    edge: str = ""
    quoted: str = ""

    @property
    def readers(self) -> int:
        """How many there are on all sides."""
        return sum(n for _, n in self.counts)


class _Place(NamedTuple):
    """A unit before it is looked into: on which layer, and how much it divides the class."""

    layer: str
    unit: int
    share: float


def most_disputed(roll: Roll) -> list[Dispute]:
    """Return the units that divide the class most, at most one a paragraph and layer."""
    found = [place for id in roll.scales for place in _places(roll.layer(id))]
    found.sort(key=lambda place: -place.share)
    # Not all from one layer: the two most disputed of each come first.
    seen: Counter = Counter()
    ranked = []
    for one in found:
        seen[one.layer] += 1
        ranked.append((seen[one.layer] > 2, -one.share, one))
    ranked.sort(key=lambda row: row[:2])
    return [_dispute(roll, one) for _, _, one in ranked[:MOST_UNITS]]


def _places(layer: ClassLayer) -> Iterator[_Place]:
    best: dict[str, _Place] = {}
    for place, part in enumerate(layer.disagreement()):
        counts = layer.counts[place]
        readers = sum(counts.values())
        told = readers - counts.get(UNMARKED, 0)
        if not part or readers < LEAST_READERS or told < 2:
            continue
        block = layer.scale.units[place].block
        # Of words that hardly anybody marked there is little to say.
        weight = part * min(1.0, told / readers * 2) if layer.scale.words else part
        if block not in best or weight > best[block].share:
            best[block] = _Place(layer.scale.layer.id, place, weight)
    yield from best.values()


def _dispute(roll: Roll, place: _Place) -> Dispute:
    layer = roll.layer(place.layer)
    unit = layer.scale.units[place.unit]
    if layer.scale.words:
        return _of_words(roll, layer, place)
    counts = _ordered(layer.counts[place.unit])
    return Dispute(place.layer, unit.block, unit.id, "codes", _two(counts), counts, place.share)


def _two(counts: tuple[tuple[int, int], ...]) -> tuple[Side, Side]:
    one, other = sorted(counts[:2])
    return Side(*one), Side(*other)


def _ordered(counts: dict[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


# -- labels on words -------------------------------------------------------------------------------


def _of_words(roll: Roll, layer: ClassLayer, place: _Place) -> Dispute:
    units = layer.scale.units
    block = units[place.unit].block
    within = layer.scale.blocks[block]
    bounds = (within.start, within.stop - 1)
    there = [
        _run(row, place.unit, bounds) for row in layer.rows.values() if row[place.unit] > UNMARKED
    ]
    core = _most_common(there)
    labels = [_label(row, core, place.unit, bounds) for row in layer.rows.values()]
    runs = Counter(label for label in labels if label)
    ends = list(_ends(runs))
    by_code = Counter(label[0] for label in labels if label)
    left_out = sum(label is None for label in labels)
    counts = _ordered({**by_code, **({UNMARKED: left_out} if left_out else {})})
    top = _ordered(by_code)[0][0]
    marked = by_code.total()
    pairs: dict[Kind, float] = {
        "marked": left_out * marked,
        "codes": sum(n * m for n, m in combinations(by_code.values(), 2)),
        "ends": sum(n * m * apart for n, m, apart, _, _ in ends),
    }
    kind = max(pairs, key=lambda kind: pairs[kind])
    edge = ""
    if kind == "ends":
        *_, one, other = max(ends, key=lambda pair: pair[0] * pair[1] * pair[2])
        first, last = _only_one(one, other)
        took = sum(
            n
            for run, n in runs.items()
            if run[0] == one[0] and 2 * _shared(run, (0, first, last)) > last - first + 1
        )
        sides = (Side(one[0], took), Side(one[0], by_code[one[0]] - took))
        edge = _excerpt(roll, layer, first, last)
        both = (one[0], max(one[1], other[1]), min(one[2], other[2]))
        core = both if both[1] <= both[2] else core
    elif kind == "codes":
        sides = _two(_ordered(by_code))
    else:
        sides = (Side(top, by_code[top]), Side(UNMARKED, left_out))
        core = _most_common([run for run in runs.elements() if run[0] == top])
    quoted = set(quoted_words(roll.plan.article))
    inside = sum((units[n].start, units[n].end) in quoted for n in range(core[1], core[2] + 1))
    return Dispute(
        place.layer,
        block,
        block,
        kind,
        sides,
        counts,
        place.share,
        _excerpt(roll, layer, core[1], core[2]),
        edge,
        "out" if not inside else "in" if inside == core[2] - core[1] + 1 else "part",
    )


def _run(row: bytes, place: int, bounds: tuple[int, int]) -> Run:
    """Return the words about one that have its code without a gap."""
    first = last = place
    while first > bounds[0] and row[first - 1] == row[place]:
        first -= 1
    while last < bounds[1] and row[last + 1] == row[place]:
        last += 1
    return row[place], first, last


def _most_common(runs: list[Run]) -> Run:
    counted = Counter(runs)
    return min(counted, key=lambda run: (-counted[run], run[2] - run[1], run))


def _label(row: bytes, core: Run, place: int, bounds: tuple[int, int]) -> Run | None:
    """Return a reader's label on the words that most have marked; None if there is none."""
    if row[place] > UNMARKED:
        return _run(row, place, bounds)
    here = [n for n in range(core[1], core[2] + 1) if row[n] > UNMARKED]
    if not here:
        return None
    codes = Counter(row[n] for n in here)
    code = min(codes, key=lambda code: (-codes[code], code))
    return _run(row, next(n for n in here if row[n] == code), bounds)


def _ends(runs: Counter) -> Iterator[tuple[int, int, float, Run, Run]]:
    """Yield each two labels that differ only in where they end: how many have the one and the
    other, how far apart they are, and the two."""
    for (one, n), (other, m) in combinations(runs.most_common(MOST_LABELS), 2):
        if one[0] == other[0]:
            shared = _shared(one, other)
            yield n, m, 1 - shared / (_length(one) + _length(other) - shared), one, other


def _length(run: Run) -> int:
    return run[2] - run[1] + 1


def _shared(one: Run, other: Run) -> int:
    return max(0, min(one[2], other[2]) - max(one[1], other[1]) + 1)


def _only_one(one: Run, other: Run) -> tuple[int, int]:
    """Return the longest stretch of words that only one of two labels has."""
    if not _shared(one, other):
        longer = max(one, other, key=_length)
        return longer[1], longer[2]
    before = (min(one[1], other[1]), max(one[1], other[1]) - 1)
    after = (min(one[2], other[2]) + 1, max(one[2], other[2]))
    return max(before, after, key=lambda stretch: stretch[1] - stretch[0])


def _excerpt(roll: Roll, layer: ClassLayer, first: int, last: int) -> str:
    """Return some words of the article, eight at most, without its quotation marks: here they are
    words that somebody marked, and nobody's speech."""
    units = layer.scale.units

    def words(first: int, last: int) -> str:
        text = roll.plan.article.text[units[first].start : units[last].end]
        return shown(_QUOTATION_MARKS.sub("", text), LONGEST)

    if last - first < MOST_WORDS:
        return words(first, last)
    half = MOST_WORDS // 2
    return f"{words(first, first + half - 1)} … {words(last - half + 1, last)}"
