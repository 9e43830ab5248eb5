"""A panel: some words with buttons and text fields under them, live in a notebook."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import traitlets
from markupsafe import Markup

from kit.base.errors import KitError
from kit.base.templating import macros
from kit.widgets.scripts import script, styled
from kit.widgets.widget import Widget

MAX_UPLOAD = 2 * 1024 * 1024


class Answer(NamedTuple):
    """What a press leads to.

    Attributes:
        status: a sentence shown under the buttons and read out.
        download: a file to hand to the browser: ``(name, text)``. The name’s ending says of
            which type it is.
        again: whether the whole page has to run again for it. It does so by itself where lessons
            do; elsewhere the panel says what to choose.
    """

    status: str
    download: tuple[str, str] | None = None
    again: bool = False


class Field(NamedTuple):
    """Something to fill in or to choose.

    Attributes:
        id: under which its value comes.
        label: what stands above it.
        value: what it holds at first.
        type: a line of text, a large area for text, a day (its value is ``2027-02-01``), a file
            to open, one of some options (its value is that option’s id), or any number of them
            (their ids, with blanks between), as ``lines`` one below the other.
        options: ``(id, label)`` pairs, where there is something to choose.
        folded: whether it is among those that show when somebody asks for more.
        enter: the button that Enter presses in a line of text; the first one if empty.
    """

    id: str
    label: str
    value: str = ""
    type: Literal["line", "area", "day", "file", "one", "several", "lines"] = "line"
    options: Sequence[tuple[str, str]] = ()
    folded: bool = False
    enter: str = ""


class Upload(NamedTuple):
    """A file that was opened in the page. Its name is whatever the page says."""

    name: str
    data: bytes


class Panel(Widget):
    """Words, text fields and buttons.

    Args:
        summary: one stable line for ``text/plain``.
        html: the words. Whoever makes them escapes what is not the kit's own.
        buttons: ``(id, label)`` pairs.
        fields: what can be filled in.
        on_press: called with a button's id and the fields' values: text, and for a file that was
            opened an :class:`Upload`. It may set ``html`` and ``buttons`` on the panel, and
            :meth:`ask`, before it answers. A KitError becomes the status line.
    """

    _esm = script("panel.js")
    _css = styled("form", "panel")

    html = traitlets.Unicode().tag(sync=True)
    buttons: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    fields: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    below = traitlets.Bool(help="Whether the words stand under the buttons.").tag(sync=True)

    def __init__(
        self,
        summary: str,
        html: str,
        *,
        on_press: Callable[[Panel, str, Mapping[str, str | Upload]], Answer],
        buttons: Sequence[tuple[str, str]] = (),
        fields: Sequence[Field] = (),
        below: bool = False,
    ):
        self.summary = summary
        self._on_press = on_press
        super().__init__(
            html=html, below=below, buttons=[{"id": id, "label": label} for id, label in buttons]
        )
        self.ask(*fields)

    def ask(self, *fields: Field) -> None:
        """Show these fields; one that was there keeps what somebody has filled in."""
        self.fields = [field._asdict() for field in fields]

    def __repr__(self) -> str:
        return self.summary

    def _answer(self, message: object) -> dict[str, Any] | None:
        match message:
            case {"type": "press", "button": str(button), "values": dict(values)}:
                values = {
                    id: taken
                    for id, value in values.items()
                    if isinstance(id, str) and (taken := _taken(value)) is not None
                }
                try:
                    answer = self._on_press(self, button, values)
                except KitError as problem:
                    answer = Answer(str(problem))
                file = answer.download and dict(zip(("name", "text"), answer.download))
                told = {"status": answer.status, "again": answer.again, "download": file}
                return {"type": "answer", **told}
        return None

    def _still(self) -> Markup:
        """Return the words, without buttons that could do nothing."""
        return macros("lesson").panel(Markup(self.html))


def _taken(value: object) -> str | Upload | None:
    """Return what the page sent for one field, or None for what has not the form of a value."""
    match value:
        case str():
            return value
        # Four characters for three bytes.
        case {"name": str(name), "data": str(data)} if len(data) <= MAX_UPLOAD * 4 // 3 + 4:
            try:
                return Upload(name, base64.b64decode(data, validate=True))
            except (binascii.Error, ValueError):
                return None
    return None
