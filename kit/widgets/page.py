"""The article as a page of HTML: numbered text, labels in the margin, labelled words underlined.

It looks as in the live labeller (labeller.css), and stands still.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup, escape

from kit.base.templating import macros, style_sheet
from kit.coding import palette
from kit.coding.codebook import Layer
from kit.coding.coding import Annotation
from kit.text.article import Article, Block

# How the words under a code are underlined, by the code's pattern; labeller.css has the same.
_LINES = {
    "solid": "solid 2.5px",
    "rise": "dashed 2.5px",
    "dots": "dotted 3.5px",
    "fall": "double 2px",
    "bars": "wavy 1.5px",
    "cross": "solid 4.5px",
    "posts": "dotted 2px",
    "grid": "dashed 4px",
}


# What tells the kinds of block apart where there is no style sheet.
_TAGS = {"headline": "strong", "dateline": "small", "caption": "small", "furniture": "small"}


class _Line(NamedTuple):
    """A block as it is set."""

    id: str
    kind: str
    tag: str
    text: Markup
    labels: list[Markup]


class _Highlight(NamedTuple):
    """A run of labelled words: offsets into the article, whose code or part, and its sign."""

    start: int
    end: int
    name: str
    sign: str


def kinds_of(article: Article, positions: Mapping[str, str] = {}) -> dict[str, str]:
    """Return how each block is set: ``{"P1": "headline", …}``; others are plain paragraphs.

    Args:
        article: the text; the first line that repeats its title is set as the headline.
        positions: codes of the position layer by block, where somebody has labelled it.
    """
    titles = (block.id for block in article.blocks if block.text.strip() == article.title)
    return {id: "headline" for id in list(titles)[:1]} | {**positions}


def article_html(
    article: Article,
    annotations: Iterable[Annotation] = (),
    layer: Layer | None = None,
    *,
    kinds: Mapping[str, str] | None = None,
    foot: str = "",
) -> Markup:
    """Return the article as HTML, all of its text inside one ``<article class="kit-page">``.

    Args:
        annotations: labels on ``layer`` to show, from anybody's coding.
        layer: the codebook's layer that the labels belong to.
        kinds: how blocks are set, as :func:`kinds_of` returns it.
        foot: a plain sentence that stands under the text, outside the element.
    """
    kinds = kinds_of(article) if kinds is None else kinds
    by_block: dict[str, list[Annotation]] = {}
    for annotation in sorted(annotations, key=lambda a: (a.at.start, a.at.end, a.id)):
        block = article.block_of(annotation.at)
        by_block.setdefault(block.id, []).append(annotation)
    lines = []
    for block in article.blocks:
        kind, here = kinds.get(block.id, "plain"), by_block.get(block.id, [])
        text, labels = _text(block, here, layer), _margin(here, layer)
        lines.append(_Line(block.id, kind, _TAGS.get(kind, "span"), text, labels))
    return macros("article").page(article, lines, style_sheet("article"), foot)


def _text(block: Block, annotations: Iterable[Annotation], layer: Layer | None) -> Markup:
    """Return the block's text, labelled words underlined, each label's sign at its end."""
    if layer is None or layer.unit != "words":
        return escape(block.text)
    underlined = macros("article").underlined
    highlights = _highlights(annotations, layer)
    inside = (edge for one in highlights for edge in (one.start, one.end))
    edges = sorted({block.start, block.end, *inside})
    pieces = []
    for start, end in zip(edges, edges[1:]):
        words = escape(block.text[start - block.start : end - block.start])
        # The longest label is the outermost line.
        over = sorted(
            (one for one in highlights if one.start <= start and end <= one.end),
            key=lambda one: one.start - one.end,
        )
        for one in reversed(over):
            sign = one.sign if one.end == end else ""
            words = underlined(words, _line(layer, one.name), sign)
        pieces.append(words)
    return Markup("").join(pieces)


def _highlights(annotations: Iterable[Annotation], layer: Layer) -> list[_Highlight]:
    highlights = []
    for number, annotation in enumerate(annotations, start=1):
        if annotation.codes:
            sign = "+".join(layer.code(code).key.upper() for code in annotation.codes)
            highlights.append(
                _Highlight(annotation.at.start, annotation.at.end, annotation.codes[0], sign)
            )
        for part, spans in annotation.parts.items():
            sign = f"{layer.part(part).key.upper()}{number}"
            highlights += [_Highlight(span.start, span.end, part, sign) for span in spans]
    return highlights


def _line(layer: Layer, name: str) -> str:
    style = palette.style(layer, name)
    # Mixed with the text's own colour, pale tints stay visible on light and dark ground.
    colour = f"color-mix(in oklab, {style.colour} 55%, currentColor)"
    return f"{_LINES[style.pattern]} {colour}"


def _margin(annotations: Iterable[Annotation], layer: Layer | None) -> list[Markup]:
    """Return what the margin says of a block's labels."""
    said: list[Markup] = []
    if layer is None:
        return said
    drawn = macros("article")
    for number, annotation in enumerate(annotations, start=1):
        for id in annotation.codes:
            code, colour = layer.code(id), palette.style(layer, id).colour
            said.append(drawn.code(colour, code.key.upper(), code.name))
        if annotation.parts:
            name = annotation.fields.get("speaker") or f"Record {number}"
            said.append(drawn.speaker(number, name))
        if annotation.note:
            said.append(drawn.note(annotation.note))
    return said
