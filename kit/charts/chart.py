"""A chart that nobody needs eyes for: picture, finding, numbers and description as one object."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from kit.base.phrases import where
from kit.base.templating import macros, style_sheet, without_formulas
from kit.charts.figure import figure, house_style
from kit.charts.sheet import WIDTH, Link, Place, Sheet
from kit.charts.svg import PIXELS, svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from kit.coding.coding import Annotation

__all__ = ["Chart", "Table"]

FORMATS = ("png", "svg", "pdf")
# Two pixels for each of CSS.
DPI = 192


class Table(NamedTuple):
    """The numbers of a chart: ``header`` names the columns; the first cell names its row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]

    def to_text(self) -> str:
        """Return the table in columns of fixed width, numbers flush right."""
        lines = [self.header, *([_shown(cell) for cell in row] for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        aligned = [str.rjust if numeric else str.ljust for numeric in self.numeric()]
        return "\n".join(
            "  ".join(
                align(cell, width) for align, cell, width in zip(aligned, line, widths, strict=True)
            ).rstrip()
            for line in lines
        )

    def to_html(self, caption: str) -> Markup:
        """Return the table as HTML with a caption and with scopes for its heads."""
        return macros("chart").numbers(self, caption)

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


@dataclass(frozen=True)
class Chart:
    """A picture with all that is needed to do without it.

    Attributes:
        title: what it shows, in a few words with the number that matters.
        topic: what it is about.
        finding: the same in whole sentences.
        table: every number in the picture.
        alt: the text alternative: the kind of chart, what is on it and what it shows.
        draw: makes the picture; called once, when the picture is first wanted.
        labels: those that are drawn: where they and all words are equal, two charts are.
    """

    title: str
    topic: str
    finding: str
    table: Table
    alt: str
    draw: Callable[[], Sheet] = field(repr=False, compare=False)
    labels: tuple[Annotation, ...] = field(default=(), repr=False)

    @cached_property
    def sheet(self) -> Sheet:
        """The picture as a sheet with all that lies on it."""
        return self.draw()

    @cached_property
    def figure(self) -> Figure:
        """The picture as a matplotlib Figure, at the size it is printed."""
        with house_style():
            return figure(self.sheet)

    def save(self, path: Path | str) -> Path:
        """Write the picture to a ``.png``, ``.svg`` or ``.pdf`` file, its text alternative inside.

        Returns:
            The path written.

        Raises:
            ValueError: the name ends in something else.
            OSError: the file cannot be written.
        """
        path = Path(path)
        format = path.suffix.lower().removeprefix(".")
        if format not in FORMATS:
            raise ValueError(
                f"A chart cannot be saved as “{path.name}”. "
                f"End the name in {', '.join('.' + f for f in FORMATS[:-1])} or .{FORMATS[-1]}."
            )
        path.write_bytes(self._rendered(format))
        return path

    def __repr__(self) -> str:
        return f"{self.title}\n{self.finding}\n\n{self.table.to_text()}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        """What Jupyter shows: the words first, so that a stored output can be tested."""
        return {"text/plain": repr(self), "text/html": without_formulas(self.html)}

    @cached_property
    def html(self) -> Markup:
        """Picture, finding and numbers as HTML, the text alternative in the picture. The marks
        of the picture are links to the article."""
        picture = base64.b64encode(self._rendered("svg")).decode("ascii")
        size = round(WIDTH * PIXELS), round(self.sheet.height * PIXELS)
        # Short, since it stands in every chart that a notebook stores.
        style = style_sheet("chart").replace("\n", "")
        # From left to right, as the text runs: so the arrow keys go.
        in_order = sorted(self.sheet.links, key=attrgetter("x", "y"))
        links = [_Over.of(link, self.sheet) for link in in_order]
        return macros("chart").figure(self, picture, size, links, style)

    def _rendered(self, format: str) -> bytes:
        """Return the picture as a file's bytes: the same for the same chart, without a date."""
        if format == "svg":
            return svg(self.sheet, self.title, self.alt).encode("utf-8", "replace")
        metadata = {
            "png": {"Title": self.title, "Description": self.alt, "Software": None},
            "pdf": {
                "Title": self.title,
                "Subject": self.alt,
                "CreationDate": None,
                "Creator": None,
                "Producer": None,
            },
        }[format]
        file = io.BytesIO()
        with house_style():
            self.figure.savefig(file, format=format, dpi=DPI, metadata=metadata)
        return file.getvalue()


class _Over(NamedTuple):
    """A link that lies over the picture: what it says, where it leads, and where it lies, in
    parts of the picture."""

    said: str
    unit: str
    place: str
    style: str

    @classmethod
    def of(cls, link: Link, sheet: Sheet) -> _Over:
        led = [link.place] if isinstance(link.place, Place) else link.place.all
        unit, said = led[0].unit, link.place.said
        says = f"{unit}, {said}" if said else unit
        if not isinstance(link.place, Place):
            says = f"{said}: {where(dict.fromkeys(place.unit for place in led))}"
        parts = {
            "left": link.x / WIDTH,
            "top": link.y / sheet.height,
            "width": link.across / WIDTH,
            "height": link.down / sheet.height,
        }
        style = ";".join(f"{name}:{100 * part:.2f}%" for name, part in parts.items())
        return cls(says, unit, " ".join(dict.fromkeys(map(_written, led))), style)


def _written(place: Place) -> str:
    return place.unit + (":{}-{}".format(*place.within) if place.within else "")


def _shown(cell: str | int) -> str:
    return f"{cell:,}" if isinstance(cell, int) else cell
