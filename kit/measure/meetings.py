"""Where two readers' labels meet, place by place: alike, nearly, otherwise, or one has none.

The figures of :mod:`kit.measure.spans` ask whether labels share half of their words. Whoever reads
one label beside another wants to know how they differ, so here any shared word makes two meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from kit.coding.codebook import Field, Layer
from kit.coding.coding import Annotation, Coding
from kit.measure.spans import fields_apart, find_tokens, same_main_code, same_spans
from kit.text.span import Span

#: Words that make no label another one.
SLIGHT = frozenset({"a", "an", "the"})

How = Literal["alike", "nearly", "otherwise", "missed", "alone"]


class Edge(NamedTuple):
    """Words that one of two labels covers and the other does not.

    Attributes:
        lacking: whether they are the other's, and lacking in mine.
        place: where they lie, seen from what both have; ``all`` if they have nothing in common.
        words: where they stand in the article.
        part: the part of a record that they belong to; "" for other labels.
    """

    lacking: bool
    place: Literal["before", "after", "within", "all"]
    words: Span
    part: str = ""


class Meeting(NamedTuple):
    """What two readers have of one place.

    Attributes:
        how: ``alike``: the same, to the word; ``nearly``: other words, or another choice beside
            the same code; ``otherwise``: another main code, or in records another choice;
            ``missed``: only the other has it; ``alone``: only the one.
        mine, theirs: their labels; None for a reader who has none.
        edges: the words in which the two differ.
        fields: the fields in which they differ.
    """

    how: How
    mine: Annotation | None
    theirs: Annotation | None
    edges: tuple[Edge, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def at(self) -> Span:
        """The place: the other's words, where the other has any."""
        label = self.theirs or self.mine
        assert label is not None
        return label.at

    @property
    def id(self) -> str:
        """The id of the other's label; "" where there is none."""
        return self.theirs.id if self.theirs else ""


def meetings(mine: Coding, theirs: Coding, layer: Layer) -> list[Meeting]:
    """Return how two codings of one article meet on a layer, in the order of the text.

    Raises:
        ValueError: the codings are of two different texts.
    """
    pairs = _of_words(mine, theirs, layer) if layer.unit == "words" else _of_units(
        mine, theirs, layer
    )  # fmt: skip
    met = [_meeting(mine, layer, a, b) for a, b in pairs]
    return sorted(met, key=lambda meeting: (meeting.at.start, meeting.at.end))


_Pair = tuple[Annotation | None, Annotation | None]


def _of_units(mine: Coding, theirs: Coding, layer: Layer) -> Iterator[_Pair]:
    ones, others = ({a.id: a for a in coding.on(layer.id) if a.codes} for coding in (mine, theirs))
    yield from ((ones.get(id), others.get(id)) for id in {**ones, **others})


def _of_words(mine: Coding, theirs: Coding, layer: Layer) -> Iterator[_Pair]:
    """Pair what shares half of its words first, then what shares any."""
    for overlap in (0.5, 0.0):
        pairs = same_spans(mine, theirs, layer.id, overlap=overlap)
        yield from pairs
        mine = mine.replace(layer.id, {a.id: None for a, _ in pairs})
        theirs = theirs.replace(layer.id, {b.id: None for _, b in pairs})
    yield from ((a, None) for a in mine.on(layer.id))
    yield from ((None, b) for b in theirs.on(layer.id))


def _meeting(
    coding: Coding, layer: Layer, mine: Annotation | None, theirs: Annotation | None
) -> Meeting:
    if mine is None or theirs is None:
        return Meeting("missed" if mine is None else "alone", mine, theirs)
    edges = tuple(_edges(coding.article.text, mine, theirs)) if layer.unit == "words" else ()
    fields = fields_apart(layer, mine, theirs)
    how: How = "nearly" if edges or fields else "alike"
    if not same_main_code(mine, theirs) or (fields and not layer.codes):
        how = "otherwise"
    return Meeting(how, mine, theirs, edges, fields)


def _edges(text: str, mine: Annotation, theirs: Annotation) -> Iterator[Edge]:
    """Yield the words in which two labels differ; of records part by part."""
    if not (mine.parts or theirs.parts):
        yield from _apart(text, (mine.at,), (theirs.at,), "")
    for part in {**theirs.parts, **mine.parts}:
        yield from _apart(text, mine.parts.get(part, ()), theirs.parts.get(part, ()), part)


def _apart(text: str, ones: Sequence[Span], others: Sequence[Span], part: str) -> Iterator[Edge]:
    """Yield the runs of words that only one of two lists of spans covers."""
    mine, theirs = ({*find_tokens(text, spans)} for spans in (ones, others))
    both = mine & theirs
    for lacking, words in ((True, theirs - mine), (False, mine - theirs)):
        for run in _runs(words, mine | theirs):
            span = Span(run[0][0], run[-1][1])
            if text[span.start : span.end].casefold() in SLIGHT:
                continue
            if not both:
                yield Edge(lacking, "all", span, part)
            elif span.end <= min(both)[0]:
                yield Edge(lacking, "before", span, part)
            elif span.start >= max(both)[1]:
                yield Edge(lacking, "after", span, part)
            else:
                yield Edge(lacking, "within", span, part)


def _runs(
    words: set[tuple[int, int]], all: set[tuple[int, int]]
) -> Iterator[list[tuple[int, int]]]:
    """Yield words that follow each other without another of ``all`` between them."""
    for taken, run in groupby(sorted(all), key=words.__contains__):
        if taken:
            yield list(run)
