"""A panel: some words with buttons and text fields under them, live in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import anywidget
import traitlets

from kit.errors import KitError
from kit.widgets.scripts import HERE, joined

__all__ = ["Answer", "Panel"]


class Answer(NamedTuple):
    """What a press leads to.

    Attributes:
        status: a sentence shown under the buttons and read out.
        download: a file to hand to the browser: ``(name, text)``.
    """

    status: str
    download: tuple[str, str] | None = None


class Panel(anywidget.AnyWidget):
    """Words, text fields and buttons.

    Args:
        summary: one stable line for ``text/plain``.
        html: the words. Whoever makes them escapes what is not the kit's own.
        buttons: ``(id, label)`` pairs.
        fields: ``(id, label, value)`` triples, one line of text each.
        on_press: called with a button's id and the fields' values; it may set ``html`` and
            ``buttons`` on the panel before it answers. A KitError becomes the status line.
    """

    _esm = joined("tools", "panel")
    _css = HERE / "panel.css"

    html = traitlets.Unicode().tag(sync=True)
    buttons = traitlets.List().tag(sync=True)
    fields = traitlets.List().tag(sync=True)

    def __init__(
        self,
        summary: str,
        html: str,
        *,
        on_press: Callable[[Panel, str, Mapping[str, str]], Answer],
        buttons: Sequence[tuple[str, str]] = (),
        fields: Sequence[tuple[str, str, str]] = (),
    ):
        self.summary = summary
        self._on_press = on_press
        super().__init__(
            html=html,
            buttons=[{"id": id, "label": label} for id, label in buttons],
            fields=[{"id": id, "label": label, "value": value} for id, label, value in fields],
        )
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return self.summary

    def _receive(self, _widget, content: object, _buffers) -> None:
        match content:
            case {"type": "press", "button": str(button), "values": dict(values)}:
                values = {id: value for id, value in values.items() if isinstance(value, str)}
                try:
                    answer = self._on_press(self, button, values)
                except KitError as problem:
                    answer = Answer(str(problem))
                self.send(
                    {
                        "type": "answer",
                        "status": answer.status,
                        "download": answer.download
                        and dict(zip(("name", "text"), answer.download, strict=True)),
                    }
                )

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        # For places where no kernel runs: the words, without buttons that could do nothing.
        static = f'<div class="kit-panel-static">{self.html}</div>'
        return {**data, "text/plain": self.summary, "text/html": static}, metadata
