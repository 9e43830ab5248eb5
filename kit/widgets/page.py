"""The article as a page of HTML: numbered text, labels in the margin, labelled words underlined.

It needs no kernel and no script. Without its style sheet, which some viewers strip, it still
reads in order: number, text, label.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

from kit.coding import palette
from kit.coding.codebook import Layer
from kit.coding.coding import Annotation
from kit.text.article import Article, Block

__all__ = ["article_html", "kinds_of"]

# The look of the live labeller (labeller.css), for a page that stands still.
_STYLE = """
.kit-page {
  color-scheme: light dark; max-width: 62rem; padding: 0.5rem 0.75rem;
  --ink: light-dark(#1d1d1f, #ececee); --quiet: light-dark(#595b61, #b3b5bc);
  --rule: light-dark(#d5d6da, #43464d);
  color: var(--ink); background: var(--jp-layout-color0, light-dark(#fff, #16181c));
  font: 1.09rem/1.6 Charter, "Bitstream Charter", "Iowan Old Style", Cambria, Georgia,
    "Noto Serif", "Liberation Serif", serif;
}
body[data-jp-theme-light="true"] .kit-page { color-scheme: light; }
body[data-jp-theme-light="false"] .kit-page { color-scheme: dark; }
.kit-page p {
  display: grid; grid-template-columns: 2.6rem minmax(0, 62ch) minmax(0, 13rem);
  column-gap: 0.9rem; margin: 0; padding: 0.36em 0;
}
.kit-page .kp-banner {
  display: block; padding: 0.3rem 0.75rem; border-left: 4px solid var(--quiet);
  font: 0.875rem/1.45 var(--jp-ui-font-family, system-ui, sans-serif);
}
.kit-page .kp-number {
  color: var(--quiet); text-align: right;
  font: 0.75rem/1.745rem var(--jp-ui-font-family, system-ui, sans-serif);
}
.kit-page .kp-text { overflow-wrap: break-word; white-space: pre-line; }
.kit-page .kp-tags {
  font: 0.8125rem/1.5 var(--jp-ui-font-family, system-ui, sans-serif);
  padding-left: 0.7rem; border-left: 2px solid var(--rule);
}
.kit-page .kp-tags > span { display: block; }
.kit-page .kp-tags i, .kit-page .kp-caption .kp-text, .kit-page .kp-furniture .kp-text,
.kit-page .kp-dateline .kp-text { color: var(--quiet); }
.kit-page .kp-headline .kp-text { font-size: 1.65em; font-weight: 700; line-height: 1.22; }
.kit-page .kp-lede .kp-text { font-size: 1.1em; }
.kit-page .kp-caption .kp-text, .kit-page .kp-furniture .kp-text,
.kit-page .kp-dateline .kp-text { font-size: 0.85em; }
.kit-page sup { margin-left: 0.1em; font: 650 0.6em/0 var(--jp-ui-font-family, sans-serif); }
.kit-page u { text-decoration-skip-ink: none; text-underline-offset: 0.2em; }
.kit-page u u { text-underline-offset: 0.5em; }
.kit-page u u u { text-underline-offset: 0.8em; }
@media (max-width: 40rem) {
  .kit-page p { grid-template-columns: 2.2rem minmax(0, 1fr); }
  .kit-page .kp-tags { grid-column: 2; border: none; padding: 0; }
}
"""

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


class _Mark(NamedTuple):
    """A run of labelled words: offsets into the article, whose code or part, and its sign."""

    start: int
    end: int
    name: str
    sign: str


def kinds_of(article: Article, positions: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return how each block is set: ``{"P1": "headline", …}``; others are plain paragraphs.

    Args:
        article: the text; the first line that repeats its title is set as the headline.
        positions: codes of the position layer by block, where somebody has labelled it.
    """
    titles = (block.id for block in article.blocks if block.text.strip() == article.title)
    return {id: "headline" for id in list(titles)[:1]} | dict(positions or {})


def article_html(
    article: Article,
    annotations: Iterable[Annotation] = (),
    layer: Layer | None = None,
    *,
    kinds: Mapping[str, str] | None = None,
    foot: str = "",
) -> str:
    """Return the article as HTML, all of its text inside one ``<article class="kit-page">``.

    Args:
        article: the text.
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
    banner = article.meta.get("banner", "")
    lines = [f'<p class="kp-banner">{escape(banner)}</p>'] if banner else []
    for block in article.blocks:
        kind = escape(kinds.get(block.id, "plain"))
        here = by_block.get(block.id, [])
        tag = _TAGS.get(kind, "span")
        lines.append(
            f'<p class="kp-block kp-{kind}"><small class="kp-number">{block.id}</small> '
            f'<{tag} class="kp-text">{_text(block, here, layer)}</{tag}>{_margin(here, layer)}</p>'
        )
    title = escape(article.title or article.id)
    body = "\n".join(lines)
    under = f"\n<p><small>{escape(foot)}</small></p>" if foot else ""
    return (
        f"<style>{_STYLE}</style>\n"
        f'<article class="kit-page" aria-label="{title}">\n{body}\n</article>{under}'
    )


def _text(block: Block, annotations: Iterable[Annotation], layer: Layer | None) -> str:
    """Return the block's text, labelled words within ``<u>``, each label's sign at its end."""
    if layer is None or layer.unit != "words":
        return escape(block.text)
    marks = _marks(annotations, layer)
    inside = (edge for mark in marks for edge in (mark.start, mark.end))
    edges = sorted({block.start, block.end, *inside})
    pieces = []
    for start, end in zip(edges, edges[1:]):
        words = escape(block.text[start - block.start : end - block.start])
        # The longest label is the outermost line.
        over = sorted(
            (mark for mark in marks if mark.start <= start and end <= mark.end),
            key=lambda mark: mark.start - mark.end,
        )
        for mark in reversed(over):
            sign = f"<sup>{escape(mark.sign)}</sup>" if mark.end == end else ""
            words = f'<u style="{_line(layer, mark.name)}">{words}{sign}</u>'
        pieces.append(words)
    return "".join(pieces)


def _marks(annotations: Iterable[Annotation], layer: Layer) -> list[_Mark]:
    marks = []
    for number, annotation in enumerate(annotations, start=1):
        if annotation.codes:
            sign = "+".join(layer.code(code).key.upper() for code in annotation.codes)
            marks.append(_Mark(annotation.at.start, annotation.at.end, annotation.codes[0], sign))
        for part, spans in annotation.parts.items():
            sign = f"{layer.part(part).key.upper()}{number}"
            marks += [_Mark(span.start, span.end, part, sign) for span in spans]
    return marks


def _line(layer: Layer, name: str) -> str:
    style = palette.style(layer, name)
    # Mixed with the text's own colour, pale tints stay visible on light and dark ground.
    colour = f"color-mix(in oklab, {style.colour} 55%, currentColor)"
    return f"text-decoration:underline {_LINES[style.pattern]} {colour}"


def _margin(annotations: Iterable[Annotation], layer: Layer | None) -> str:
    if layer is None:
        return ""
    tags = []
    for number, annotation in enumerate(annotations, start=1):
        names = [_tag(layer, code) for code in annotation.codes]
        if annotation.parts:
            speaker = annotation.fields.get("speaker") or f"Record {number}"
            names.append(f"<span>({number}) {escape(speaker)}</span>")
        if annotation.note:
            names.append(f"<span><i>{escape(annotation.note)}</i></span>")
        tags += names
    return f' <span class="kp-tags">{" ".join(tags)}</span>' if tags else ""


def _tag(layer: Layer, code_id: str) -> str:
    code = layer.code(code_id)
    colour = palette.style(layer, code_id).colour
    chip = f"background:{colour};color:#111;border:1px solid #55575d;padding:0 0.35em"
    return f'<span><b style="{chip}">{escape(code.key.upper())}</b> {escape(code.name)}</span>'
