"""Panels pressed below the browser: what the page sends goes in, what it is told comes out."""

from __future__ import annotations

from typing import Any

__all__ = ["press", "status_of"]


def press(panel: Any, button: str, **values: Any) -> dict:
    """Press a button as the page does; return what the page is told."""
    told: list[dict] = []
    panel.send = lambda content, buffers=None: told.append(content)
    panel._receive(panel, {"type": "press", "button": button, "values": values}, [])
    (answer,) = told
    return answer


def status_of(panel: Any, button: str, **values: Any) -> str:
    """Press a button as the page does; return the line that then stands under the buttons."""
    return press(panel, button, **values)["status"]
