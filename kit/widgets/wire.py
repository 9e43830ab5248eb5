"""What a page is told, on its way."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["sendable"]


def sendable(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that can go to a page as UTF-8: half a character, which a page may send
    and an answer may repeat, becomes a question mark."""
    said = json.dumps(answer, ensure_ascii=False)
    try:
        said.encode("utf-8")
    except UnicodeEncodeError:
        return dict(json.loads(said.encode("utf-8", "replace")))
    return answer
