"""What all widgets of the kit share: how they talk with their pages, and how they stand still."""

from __future__ import annotations

import json
from typing import Any

import anywidget
from markupsafe import Markup

from kit.base.templating import without_formulas


class Widget(anywidget.AnyWidget):
    """A widget that answers its pages' messages. Its ``repr`` is the stable line for
    ``text/plain``."""

    def __init__(self, **traits: Any):
        super().__init__(**traits)
        self.on_msg(self._receive)

    def _answer(self, message: object) -> dict[str, Any] | None:
        """Do what a page asks for, and return what to tell it; None for nothing, such as where the
        message has not the form of one."""
        raise NotImplementedError

    def _still(self) -> Markup:
        """Return what stands there where no kernel runs."""
        raise NotImplementedError

    def _receive(self, _widget: object, message: object, _buffers: object) -> None:
        if (answer := self._answer(message)) is None:
            return
        # Half a character, which a page may send and an answer may repeat, is no UTF-8.
        said = json.dumps(answer, ensure_ascii=False)
        whole = said.encode("utf-8", "replace").decode("utf-8")
        self.send(answer if said == whole else json.loads(whole))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        still = without_formulas(self._still())
        return {**data, "text/plain": repr(self), "text/html": still}, metadata
