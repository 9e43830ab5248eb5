"""What a live tool is, and the HTML that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from markupsafe import Markup

from kit.base.templating import macros
from kit.coding.coding import Coding
from kit.text.article import Article, Block
from kit.text.span import Span

__all__ = [
    "Checks",
    "Choice",
    "Control",
    "Exploration",
    "Option",
    "Range",
    "Text",
    "Values",
    "choice",
    "excerpts",
    "number",
    "story_of",
]

Values = Mapping[str, Any]

#: How many places a tool prints with the words around them; it counts them all.
MOST_PLACES = 60


class Text(TypedDict):
    """A line to type in. The page gets a control as it is here."""

    type: Literal["text"]
    id: str
    label: str
    value: str


class Range(TypedDict):
    """A slider over whole numbers."""

    type: Literal["range"]
    id: str
    label: str
    value: int
    min: int
    max: int


class Option(TypedDict):
    """What may be chosen: its name for the program, and its words for people."""

    id: str
    text: str


class Choice(TypedDict):
    """One of some options."""

    type: Literal["choice"]
    id: str
    label: str
    value: str
    options: list[Option]


class Checks(TypedDict):
    """Any of some options."""

    type: Literal["checks"]
    id: str
    label: str
    value: list[str]
    options: list[Option]


Control = Text | Range | Choice | Checks


@dataclass(frozen=True)
class Exploration:
    """A live tool.

    Attributes:
        title: what it is for, as a heading.
        controls: what can be set, in the order in which it is shown.
        show: from the controls' values to one stable line of text, and HTML. What it takes may
            come from a page: any value, or none, gives an answer.
    """

    title: str
    controls: tuple[Control, ...]
    show: Callable[[Values], tuple[str, Markup]]


def choice(values: Values, control: Choice) -> str:
    """Return which option is chosen, the control's own value for anything that is none."""
    known = [option["id"] for option in control["options"]]
    given = values.get(control["id"], "")
    return given if given in known else control["value"]


def number(values: Values, control: Range) -> int:
    """Return the number chosen on a range, the control's own value for anything that is none."""
    try:
        given = round(float(values.get(control["id"], "")))
    except (TypeError, ValueError, OverflowError):
        return control["value"]
    return min(max(given, control["min"]), control["max"])


def excerpts(article: Article, places: Sequence[Span], around: int = 40) -> Markup:
    """Return places of an article with whole words around them, each with its paragraph.

    All of it stands in one ``<article>``, since it is the article's text.
    """
    lines = []
    for at in places[:MOST_PLACES]:
        block = article.block_of(at)
        # No word is cut: as many as lie within so many letters, and marks at the block's ends too.
        before = min([a for a, _ in block.words if a >= at.start - around] + [at.start])
        after = max([b for _, b in block.words if b <= at.end + around] + [at.end])
        if before <= block.words[0][0]:
            before = block.start
        if after >= block.words[-1][1]:
            after = block.end
        left, right = article.text[before : at.start], article.text[at.end : after]
        lines.append(
            {
                "block": block.id,
                "left": left if before == block.start else f"… {left}",
                "words": article.text[at.start : at.end],
                "right": right if after == block.end else f"{right} …",
            }
        )
    return macros("explorers/places").places(lines, len(places) - MOST_PLACES)


def story_of(coding: Coding) -> list[Block]:
    """Return the blocks of the story by a coding's positions; all blocks where it has none."""
    story = coding.codebook.layer("role").story
    positions = coding.codes("position")
    return [b for b in coding.article.blocks if positions.get(b.id, story[0]) in story]
