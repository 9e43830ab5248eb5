"""The live tools a notebook can ask for, by the names it uses."""

from __future__ import annotations

from collections.abc import Callable

from kit import explorers
from kit.coding.coding import Coding
from kit.explorers import Exploration
from kit.lessons.cell_output import LessonError
from kit.library.reference import Reference

#: By its name, the layer a tool works on, None for one that works on the words alone; and what
#: makes it, see :func:`tool`.
_TOOLS: dict[str, tuple[str | None, Callable[[Coding, Reference | None, Coding], Exploration]]] = {
    "search": (None, lambda coding, *_: explorers.search(coding.article)),
    # It shows who is heard, which is no label of the student's.
    "cut": (
        None,
        lambda coding, ref, _: explorers.cut(coding.article, ref.coding if ref else coding),
    ),
    "measure": ("attribution", lambda coding, *_: explorers.measure(coding)),
    "word list": ("expectation", lambda coding, *_: explorers.word_list(coding.article, coding)),
    "frame": ("issue", lambda coding, *_: explorers.frame(coding)),
    "rules": (
        "attribution",
        lambda _, ref, mine: explorers.third_reader(mine, ref.coding if ref else None),
    ),
}


def layer_of(name: str) -> str | None:
    """Return the layer a tool works on, None for one that works on the words alone.

    Raises:
        LessonError: there is no such tool.
    """
    if name not in _TOOLS:
        raise LessonError(f"There is no tool “{name}”. There is: {', '.join(_TOOLS)}.")
    return _TOOLS[name][0]


def tool(name: str, coding: Coding, reference: Reference | None, mine: Coding) -> Exploration:
    """Return the tool called ``name``; see :func:`layer_of`.

    Args:
        coding: whose labels it works on.
        reference: the article's reference reading, if it has one.
        mine: the student's labels.
    """
    return _TOOLS[name][1](coding, reference, mine)
