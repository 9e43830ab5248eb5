"""The live tools a notebook can ask for, by the names it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit import explorers
from kit.lessons.cell_output import LessonError

if TYPE_CHECKING:
    from kit.coding.coding import Coding
    from kit.explorers import Exploration
    from kit.library.reference import Reference

__all__ = ["layer_of", "tool"]

_LAYERS = {
    "search": None,
    "cut": None,  # shows who is heard, which is no label of the student's
    "measure": "attribution",
    "word list": "expectation",
    "frame": "issue",
    "rules": "attribution",
}


def layer_of(name: str) -> str | None:
    """Return the layer a tool works on, None for one that works on the words alone.

    Raises:
        LessonError: there is no such tool.
    """
    if name not in _LAYERS:
        raise LessonError(f"There is no tool “{name}”. There is: {', '.join(_LAYERS)}.")
    return _LAYERS[name]


def tool(name: str, coding: Coding, reference: Reference | None, mine: Coding) -> Exploration:
    """Return the tool called ``name``.

    Args:
        coding: whose labels it works on.
        reference: the article's reference reading, if it has one.
        mine: the student's labels.
    """
    match name:
        case "search":
            return explorers.search(coding.article)
        case "cut":
            return explorers.cut(coding.article, reference.coding if reference else coding)
        case "measure":
            return explorers.measure(coding)
        case "word list":
            return explorers.word_list(coding.article, coding)
        case "frame":
            return explorers.frame(coding)
        case "rules":
            scored = reference.coding if reference else None
            return explorers.third_reader("attribution", mine, scored)
    raise LessonError(f"There is no tool “{name}”.")
