"""What a lesson says of itself: its title, aim, minutes and layers.

They stand in the notebook's own metadata, under ``kit``; the card at its top shows the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from desk.base.notebook_cells import read_notebook
from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable


class LessonFacts(TomlTable):
    """What is known of a lesson without reading its prose.

    Attributes:
        title: its heading.
        aim: one sentence, as Markdown.
        minutes: how long it takes, and what to leave out where time is short.
        layers: which layers students label in it, in the order of its cells.
    """

    title: str
    aim: str
    minutes: str
    layers: tuple[str, ...]


def load(lesson: str) -> LessonFacts:
    """Return the facts of one of the course's lessons, such as ``"03-who-speaks"``.

    Raises:
        KitError: its notebook cannot be read, or says nothing of itself.
    """
    try:
        notebook = read_notebook(lesson)
    except (OSError, ValueError):
        raise KitError(f"{lesson}.ipynb cannot be read as a notebook.") from None
    return facts_of(notebook, f"{lesson}.ipynb")


def facts_of(notebook: Mapping[str, Any], name: str) -> LessonFacts:
    """Return a lesson's facts from its notebook; ``name`` is what an error calls it.

    Raises:
        KitError: they are not there, or not as they must be.
    """
    try:
        return msgspec.convert(notebook["metadata"]["kit"], LessonFacts)
    except (KeyError, TypeError, msgspec.ValidationError) as problem:
        raise KitError(f"{name}: the notebook’s facts cannot be read ({problem}).") from None
