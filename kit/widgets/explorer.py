"""A live tool in a notebook: controls that show something else at once, and keep nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import traitlets
from markupsafe import Markup

from kit.base.errors import KitError
from kit.base.templating import macros, without_formulas
from kit.explorers.exploration import Control
from kit.widgets.scripts import script, styled
from kit.widgets.wire import sendable

__all__ = ["Explorer"]


class Explorer(anywidget.AnyWidget):
    """A few controls, and under them what they show.

    Args:
        title: what the tool is for.
        controls: what can be set, see :class:`kit.explorers.Exploration`.
        show: called with the controls' values; gives a line of text and HTML. Whoever makes the
            HTML escapes what is not the kit's own. A KitError is shown in its place.
        summary: the stable line for ``text/plain``, as the tool stands at first.
        html: what is shown at first.
    """

    _esm = script("explorer.js")
    _css = styled("form", "explorer")

    title = traitlets.Unicode().tag(sync=True)
    controls: traitlets.List[Control] = traitlets.List().tag(sync=True)
    html = traitlets.Unicode(help="What is shown at first.").tag(sync=True)
    renewed = traitlets.Int(help="How often there was something else to show.").tag(sync=True)

    def __init__(
        self,
        title: str,
        controls: Sequence[Control],
        show: Callable[[Mapping[str, Any]], tuple[str, Markup]],
        *,
        summary: str,
        html: Markup,
    ):
        self.summary = summary
        self._show = show
        super().__init__(title=title, controls=list(controls), html=html)
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return f"{self.title}\n{self.summary}"

    def renew(self) -> None:
        """Have every page ask again, with what is set in it: there may be something new."""
        self.renewed += 1

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        match content:
            case {"type": "show", "rev": int(rev), "values": dict(values)}:
                try:
                    summary, html = self._show(values)
                except KitError as problem:
                    summary = str(problem)
                    html = macros("explorers/widget").sentence(summary)
                self.send(sendable({"type": "shown", "rev": rev, "summary": summary, "html": html}))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        static = macros("explorers/widget").still(self.title, self.controls, Markup(self.html))
        return {**data, "text/plain": repr(self), "text/html": without_formulas(static)}, metadata
