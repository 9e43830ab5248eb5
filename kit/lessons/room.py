"""What the page around a lesson asks the kit for: JupyterLab's side is `kit/extension/`.

It asks in an expression and takes the answer as JSON; ``None`` where there is nothing to give.
"""

from __future__ import annotations

from typing import Any

from kit.library import originals
from kit.library.glossary import glossary
from kit.widgets.page import kinds_of


class _Json:
    def __init__(self, data: dict[str, Any]):
        self._data = data

    def _repr_json_(self) -> dict[str, Any]:
        return self._data


def original(lesson: str) -> _Json | None:
    """Return a lesson's notebook as it came."""
    notebook = originals.original(lesson)
    return None if notebook is None else _Json(notebook)


def words() -> _Json:
    """Return the words of the trade that a page explains, each with what it means."""
    return _Json(dict(glossary()))


def article(today: Any) -> _Json:
    """Return a lesson's article: what must be known of it, and its paragraphs, each with its number
    and how it is set."""
    text = today.article
    kinds = kinds_of(text)
    blocks = [
        {"id": block.id, "text": block.text, "kind": kinds.get(block.id, "plain")}
        for block in text.blocks
    ]
    banner = text.meta.get("banner", "")
    return _Json(
        {"id": text.id, "title": text.title or text.id, "banner": banner, "blocks": blocks}
    )
