"""What a chart is made from: something counted once, said in words and numbers, and drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kit.base.phrases import one_line, short
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Place, Sheet
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import Style
from kit.coding.sides import NEITHER, Sides
from kit.measure.shares import NOT_GIVEN
from kit.text.article import Article

if TYPE_CHECKING:
    from kit.library.lexicon import Hit

__all__ = ["LabelTally", "Tally", "headline", "main_code", "noun", "side_key", "two_names"]


class Tally(ABC):
    """Everything that one chart says. What it counts, it counts when it is made."""

    topic: str

    @property
    @abstractmethod
    def title(self) -> str:
        """The finding in a few words, with the number that matters; it stands over the picture."""

    @abstractmethod
    def finding(self) -> str:
        """Return the finding in whole sentences."""

    @abstractmethod
    def table(self) -> Table:
        """Return every number in the picture."""

    @abstractmethod
    def alt(self) -> str:
        """Return what the picture shows, for those who do not see it."""

    @abstractmethod
    def draw(self) -> Sheet:
        """Return the picture."""

    #: The labels that are drawn, where these are a layer's.
    labels: tuple[Annotation, ...] = ()

    def chart(self) -> Chart:
        """Return the chart; its picture is drawn when it is first wanted."""
        words = (self.title, self.topic, self.finding(), self.table(), self.alt())
        return Chart(*words, self.draw, self.labels)


class LabelTally(Tally):
    """A tally of the labels that one person made on one layer.

    Raises:
        CodebookError: the codebook has no such layer.
    """

    def __init__(self, coding: Coding, layer: str):
        self.coding, self.article = coding, coding.article
        self.layer = coding.codebook.layer(layer)
        self.labels = coding.on(layer)
        self.coder = short(coding.coder)
        self.headline = headline(self.article)

    def block_of(self, label: Annotation) -> str:
        """Return the id of the block in which a label stands."""
        return self.article.block_of(label.at).id

    def place(self, label: Annotation | Hit, said: str = "") -> Place:
        """Return the place in the article that a mark for a label leads to: its paragraph, or the
        sentences that it touches."""
        block = self.article.block_of(label.at)
        touched = [
            sentence
            for sentence in block.sentences
            if sentence.start < label.at.end and label.at.start < sentence.end
        ]
        if len(touched) in (0, len(block.sentences)):
            return Place(block.id, said)
        within = touched[0].start - block.start, touched[-1].end - block.start
        return Place(block.id, said, within)

    def blocks_of(self, labels: Iterable[Annotation]) -> list[str]:
        """Return the ids of the blocks in which labels stand, each once."""
        return list(dict.fromkeys(map(self.block_of, labels)))


def noun(unit: str) -> str:
    """Return what people call a unit of the codebook’s."""
    return "paragraph" if unit == "block" else unit


def side_key(sides: Sides) -> list[tuple[Style, str]]:
    """Return what a key says of the sides’ looks."""
    named = [(side.style, f"{side.name} voices") for side in sides.all]
    return [*named, (NEITHER.style, NEITHER.name)] if named else []


def main_code(label: Annotation) -> str:
    """Return a label's first code, or that none is given."""
    return label.codes[0] if label.codes else NOT_GIVEN


def headline(article: Article) -> str:
    """Return what an article is called in a picture."""
    return one_line(article.title or article.id)


def two_names(one: str, other: str) -> tuple[str, str]:
    """Return what two coders are called in a picture, told apart even if they share a name."""
    one, other = short(one), short(other)
    return (one, other) if one != other else (f"{one} (first)", f"{other} (second)")
