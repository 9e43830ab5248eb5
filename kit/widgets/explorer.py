"""A live tool in a notebook: controls that show something else at once, and keep nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets
from markupsafe import Markup

from kit.base.errors import KitError
from kit.base.templating import macros
from kit.explorers.exploration import Exploration
from kit.widgets.scripts import script, styled
from kit.widgets.widget import Widget


class Explorer(Widget):
    """A few controls, and under them what they show.

    Args:
        tool: gives the tool as the work is now. Its title and controls stay as they are at first;
            what it shows is asked for anew each time. A KitError is shown in its place.
    """

    _esm = script("explorer.js")
    _css = styled("form", "explorer")

    title = traitlets.Unicode().tag(sync=True)
    controls: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    html = traitlets.Unicode(help="What is shown at first.").tag(sync=True)
    renewed = traitlets.Int(help="How often there was something else to show.").tag(sync=True)

    def __init__(self, tool: Callable[[], Exploration]):
        self._tool, made = tool, tool()
        self.summary, html = made.show({})
        controls = [one._asdict() for one in made.controls]
        super().__init__(title=made.title, controls=controls, html=html)

    def __repr__(self) -> str:
        return f"{self.title}\n{self.summary}"

    def renew(self) -> None:
        """Have every page ask again, with what is set in it: there may be something new."""
        self.renewed += 1

    def _answer(self, message: object) -> dict[str, Any] | None:
        match message:
            case {"type": "show", "rev": int(rev), "values": dict(values)}:
                try:
                    summary, html = self._tool().show(values)
                except KitError as problem:
                    summary = str(problem)
                    html = macros("explorers/widget").sentence(summary)
                return {"type": "shown", "rev": rev, "summary": summary, "html": html}
        return None

    def _still(self) -> Markup:
        return macros("explorers/widget").still(self.title, self.controls, Markup(self.html))
