"""What a live tool is, and the HTML that several of them share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from markupsafe import Markup

from kit.base.phrases import one_line
from kit.base.templating import macros
from kit.text.article import Article
from kit.text.span import Span

Values = Mapping[str, Any]

#: How many places a tool prints, with so many letters around them; it counts them all.
MOST_PLACES, AROUND = 60, 40


class Control(NamedTuple):
    """Something that can be set. The page gets it as it is here.

    Attributes:
        type: a line of text, a range of whole numbers, one of some options, or any of them.
        id: under which its value comes.
        label: what stands beside it.
        value: what is set at first.
        options: of what may be chosen, its name for the program and its words for people.
        min, max: where a range begins and ends.
    """

    type: Literal["text", "range", "choice", "checks"]
    id: str
    label: str
    value: Any = ""
    options: Sequence[tuple[str, str]] = ()
    min: int = 0
    max: int = 0

    def of(self, values: Values) -> Any:
        """Return what is set; what is set at first for anything that cannot be set here."""
        given, known = values.get(self.id, self.value), dict(self.options)
        match self.type:
            case "text":
                return one_line(given) if isinstance(given, str) else self.value
            case "range":
                try:
                    return min(max(round(float(given)), self.min), self.max)
                except (TypeError, ValueError, OverflowError):
                    return self.value
            case "choice":
                return given if isinstance(given, str) and given in known else self.value
            case "checks":
                given = given if isinstance(given, list) else self.value
                return [id for id in known if id in given]


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


def own_words(typed: str) -> list[str]:
    """Return words of a student's own that were typed with commas between them."""
    return list(filter(None, map(str.strip, re.split(r"[,;]", typed))))


def excerpts(article: Article, places: Sequence[Span]) -> Markup:
    """Return places of an article with whole words around them, each with its paragraph.

    All of it stands in one ``<article>``, since it is the article's text.
    """
    lines = []
    for at in places[:MOST_PLACES]:
        block = article.block_of(at)
        # No word is cut: as many as lie within so many letters, and marks at the block's ends too.
        before = min([a for a, _ in block.words if a >= at.start - AROUND] + [at.start])
        after = max([b for _, b in block.words if b <= at.end + AROUND] + [at.end])
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
