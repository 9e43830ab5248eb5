"""A chart that nobody needs eyes for: picture, finding, numbers and description as one object."""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from markupsafe import Markup

from kit.base.phrases import brief, plural, short, where
from kit.base.templating import macros, style_sheet, without_formulas
from kit.charts.sheet import PIXELS, WIDTH, Link, Place, Sheet
from kit.coding.coding import Annotation, Coding
from kit.coding.palette import Style
from kit.coding.sides import NEITHER, Sides
from kit.measure.shares import NOT_GIVEN

#: So many labels are drawn one by one, and so many rows of a table are shown; what is left out is
#: said. More could be told apart by nobody, and would keep the page from following a label.
MOST = 500
#: So many places a mark that sums up labels leads to, a cell of a table lists, and the text
#: alternative names.
MOST_PLACES, LISTED, NAMED_PLACES = 100, 100, 12
#: So many rows of voices are drawn.
MOST_ROWS = 20
# What of a row is left out where it is told in words.
NOTHING = ("", "–", "0", "0 %")


class Table(NamedTuple):
    """The numbers of a chart: ``header`` names the columns; the first cell names its row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]

    @property
    def shown(self) -> tuple[tuple[str | int, ...], ...]:
        """The rows to show: of very many the first, and the last, which often sums up."""
        return self.rows if len(self.rows) <= MOST else (*self.rows[: MOST - 1], self.rows[-1])

    @property
    def left_out(self) -> str:
        """What is to be said where not all rows are shown."""
        if len(self.rows) <= MOST:
            return ""
        return f"the first {MOST - 1:,} of {len(self.rows):,} rows, and the last"

    def to_text(self) -> str:
        """Return the table in columns of fixed width, numbers flush right."""
        lines = [self.header, *([_shown(cell) for cell in row] for row in self.shown)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        aligned = [str.rjust if numeric else str.ljust for numeric in self.numeric()]
        said = [
            "  ".join(
                align(cell, width) for align, cell, width in zip(aligned, line, widths, strict=True)
            ).rstrip()
            for line in lines
        ]
        return "\n".join([*said, *filter(None, [self.left_out])])

    def in_words(self) -> list[str]:
        """Return a sentence for each of the first rows, and one on those left out."""
        said = []
        for first, *cells in self.rows[:MOST_ROWS]:
            pairs = zip(self.header[1:], map(_shown, cells), strict=True)
            told = [f"{head} {cell}" for head, cell in pairs if cell not in NOTHING]
            said.append(f"{_shown(first)}: {', '.join(told) or 'none'}".rstrip(".") + ".")
        if len(self.rows) > MOST_ROWS:
            said.append(f"The table has {plural(len(self.rows) - MOST_ROWS, 'more row')}.")
        return said

    def numeric(self) -> tuple[bool, ...]:
        """Say of each column but the first whether it holds counts or percentages only, blanks
        and dashes aside."""
        columns = zip(*self.rows) if self.rows else ((),) * len(self.header)
        return tuple(
            n > 0
            and any(cell != "" for cell in cells)
            and all(
                isinstance(cell, int) or cell in ("", "–") or cell.endswith("%") for cell in cells
            )
            for n, cells in enumerate(columns)
        )


class Chart(ABC):
    """A picture with all that is needed to do without it. It counts when it is made.

    Two charts are equal where all their words and the labels that they draw are.

    Attributes:
        topic: what it is about.
        labels: those that are drawn, where these are a layer's.
    """

    topic: str
    labels: tuple[Annotation, ...] = ()

    @property
    @abstractmethod
    def title(self) -> str:
        """What it shows, in a few words with the number that matters; the picture’s title."""

    @property
    @abstractmethod
    def finding(self) -> str:
        """The same in whole sentences."""

    @property
    @abstractmethod
    def table(self) -> Table:
        """Every number in the picture."""

    @property
    @abstractmethod
    def kind(self) -> str:
        """What kind of picture it is, and what stands where in it, in whole sentences."""

    @cached_property
    def alt(self) -> str:
        """The text alternative: the kind of picture, and what it shows row by row."""
        return " ".join([self.kind, *self.table.in_words()])

    @abstractmethod
    def draw(self) -> Sheet:
        """Return the picture."""

    def blank(self, *notes: str, cut: str = "") -> Sheet:
        """Return a sheet with title, topic and notes, for a chart to draw on. What is left out of
        it comes first: a line that is too long is cut at its end."""
        return Sheet(self.title, " · ".join(filter(None, [cut, self.topic, *notes])))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Chart):
            return NotImplemented
        return all(
            getattr(self, said) == getattr(other, said)
            for said in ("title", "topic", "finding", "table", "alt", "labels")
        )

    def __repr__(self) -> str:
        return f"{self.title}\n{self.finding}\n\n{self.table.to_text()}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        """What Jupyter shows: the words first, so that a stored output can be tested."""
        return {"text/plain": repr(self), "text/html": without_formulas(self.html)}

    @cached_property
    def sheet(self) -> Sheet:
        """The picture, drawn when it is first wanted."""
        return self.draw()

    @property
    def svg(self) -> bytes:
        """The picture as an SVG file, its text alternative inside."""
        return self.sheet.svg(self.title, self.alt).encode("utf-8", "replace")

    @cached_property
    def html(self) -> Markup:
        """Picture, finding and numbers as HTML, the text alternative in the picture. The marks
        of the picture are links to the article."""
        picture = base64.b64encode(self.svg).decode("ascii")
        size = round(WIDTH * PIXELS), round(self.sheet.height * PIXELS)
        # Short, since it stands in every chart that a notebook stores.
        style = style_sheet("chart").replace("\n", "")
        # From left to right, as the text runs: so the arrow keys go.
        in_order = sorted(self.sheet.links, key=attrgetter("x", "y"))
        links = [_Over.of(link, self.sheet) for link in in_order]
        return macros("chart").figure(self, picture, size, links, style)


class Voice(NamedTuple):
    """Whoever is given as speaking, and the labels of theirs."""

    name: str
    labels: tuple[Annotation, ...]

    @property
    def key(self) -> str:
        return self.name.casefold()


class LabelChart(Chart):
    """A chart of the labels that one person made on one layer.

    Args:
        coding: whose labels; without any on the layer there is nothing to chart.
        layer: the layer’s id.

    Raises:
        CodebookError: the codebook has no such layer.
    """

    def __init__(self, coding: Coding, layer: str):
        self.coding, self.article = coding, coding.article
        self.layer = coding.codebook.layer(layer)
        self.labels = coding.on(layer)
        self.coder = short(coding.coder)

    def drawn(self, labels: Iterable[Annotation]) -> list[Annotation]:
        """Return those of some labels that are drawn where each has a mark of its own."""
        ids = {label.id for label in self.labels[:MOST]}
        return [label for label in labels if label.id in ids]

    @property
    def left_out(self) -> str:
        """What is to be said where not every label has a mark."""
        if len(self.labels) <= MOST:
            return ""
        return f"the first {MOST:,} of {len(self.labels):,} labels drawn"

    def block_of(self, label: Annotation) -> str:
        """Return the id of the block in which a label stands."""
        return self.article.block_of(label.at).id

    def blocks_of(self, labels: Iterable[Annotation]) -> list[str]:
        """Return the ids of the blocks in which labels stand, each once."""
        return list(dict.fromkeys(map(self.block_of, labels)))

    def places(self, *labels: Annotation) -> list[Place]:
        """Return the places in the article that a mark for labels leads to: for each its
        paragraph, or the sentences that it touches."""
        return [self._place(label) for label in labels[:MOST_PLACES]]

    def _place(self, label: Annotation) -> Place:
        block = self.article.block_of(label.at)
        touched = [
            sentence
            for sentence in block.sentences
            if sentence.start < label.at.end and label.at.start < sentence.end
        ]
        if len(touched) in (0, len(block.sentences)):
            return Place(block.id)
        return Place(block.id, (touched[0].start - block.start, touched[-1].end - block.start))

    def voices(self, field: str) -> list[Voice]:
        """Return who is named in a field, in the order of the labels. Names that differ in
        capitals alone are one voice."""
        names: dict[str, str] = {}
        labels: dict[str, list[Annotation]] = {}
        for label in self.labels:
            name = name_of(label.fields.get(field, ""))
            names.setdefault(name.casefold(), name)
            labels.setdefault(name.casefold(), []).append(label)
        return [Voice(names[key], tuple(own)) for key, own in labels.items()]


def rest_as_one(voices: list[Voice], called: str) -> list[Voice]:
    """Return the voices to draw; where there are too many, the last ones as one."""
    if len(voices) <= MOST_ROWS:
        return voices
    rest = voices[MOST_ROWS - 1 :]
    labels = sorted((a for voice in rest for a in voice.labels), key=lambda a: a.at.start)
    return [*voices[: MOST_ROWS - 1], Voice(f"{len(rest):,} other {called}", tuple(labels))]


def side_key(sides: Sides) -> list[tuple[Style, str]]:
    """Return what a key says of the sides’ looks."""
    named = [(side.style, f"{side.name} voices") for side in sides.all]
    return [*named, (NEITHER.style, NEITHER.name)] if named else []


def name_of(text: str) -> str:
    """Return what a person typed as a name that has room in a sentence and in a row."""
    return brief(text, 100) or NOT_GIVEN


def noun(unit: str) -> str:
    """Return what people call a unit of the codebook’s."""
    return "paragraph" if unit == "block" else unit


def main_code(label: Annotation) -> str:
    """Return a label's first code, or that none is given."""
    return label.codes[0] if label.codes else NOT_GIVEN


class _Over(NamedTuple):
    """A link that lies over the picture: what it says, where it leads, and where it lies, in
    parts of the picture."""

    said: str
    unit: str
    place: str
    style: str

    @classmethod
    def of(cls, link: Link, sheet: Sheet) -> _Over:
        units = list(dict.fromkeys(place.unit for place in link.places))
        says = f"{link.said}: {where(units, NAMED_PLACES)}"
        if len(units) == 1:
            says = f"{units[0]}, {link.said}" if link.said else units[0]
        parts = {
            "left": link.x / WIDTH,
            "top": link.y / sheet.height,
            "width": link.across / WIDTH,
            "height": link.down / sheet.height,
        }
        style = ";".join(f"{name}:{100 * part:.2f}%" for name, part in parts.items())
        return cls(says, units[0], " ".join(dict.fromkeys(map(_written, link.places))), style)


def _written(place: Place) -> str:
    return place.unit + (":{}-{}".format(*place.within) if place.within else "")


def _shown(cell: str | int) -> str:
    return f"{cell:,}" if isinstance(cell, int) else cell
