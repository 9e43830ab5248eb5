"""What a naive word list finds, and what a reader had marked there."""

from __future__ import annotations

import re

from markupsafe import Markup

from kit.base.phrases import one_line, plural
from kit.base.templating import render
from kit.coding.coding import Coding
from kit.explorers.exploration import (
    Choice,
    Exploration,
    Option,
    Text,
    Values,
    choice,
    excerpts,
)
from kit.library import lexicon
from kit.library.lexicon import Entry, Hit
from kit.text.article import Article

__all__ = ["word_list"]

LIST = "hedges"
LAYER = "expectation"
ALL, OWN = "all", "your own"
MOST_OWN = 40


def word_list(article: Article, coding: Coding) -> Exploration:
    """Return the tool that looks for a class of words, and for some of the student's own.

    Args:
        article: the text.
        coding: whose expectation labels stand beside what is found.
    """
    entries = lexicon.load(LIST)
    kinds = list(dict.fromkeys(entry.kind for entry in entries))
    controls: tuple[Choice, Text] = (
        {
            "type": "choice",
            "id": "class",
            "label": "Look for",
            "value": ALL,
            "options": [
                {"id": ALL, "text": "all words of the list"},
                *(Option(id=kind, text=f"class: {kind}") for kind in kinds),
                {"id": OWN, "text": "only your own words"},
            ],
        },
        {"type": "text", "id": "own", "label": "and your own words, with commas", "value": ""},
    )

    def show(values: Values) -> tuple[str, Markup]:
        kind = choice(values, controls[0])
        asked = [*_own(values.get("own")), *(e for e in entries if kind in (ALL, e.kind))]
        hits = lexicon.find(article, asked)
        moves_of = [_moves_over(coding, hit) for hit in hits]
        inside = sum(map(bool, moves_of))
        said = (
            f"{plural(len(hits), 'place')} found; {inside} of them inside a phrase that a reader "
            f"marked as a move, {len(hits) - inside} outside."
        )
        rows = [
            (hit.block, f"“{hit.at.text}”", hit.entry.kind, ", ".join(moves) or "–")
            for hit, moves in zip(hits, moves_of, strict=True)
        ]
        places = excerpts(article, [hit.at for hit in hits])
        return said, render("explorers/word_list", said=said, rows=rows, excerpts=places)

    return Exploration("The word list", controls, show)


def _own(value: object) -> list[Entry]:
    typed = one_line(value) if isinstance(value, str) else ""
    words = [word.strip()[:80] for word in re.split(r"[,;]", typed)]
    return [Entry(word, OWN) for word in words if word][:MOST_OWN]


def _moves_over(coding: Coding, hit: Hit) -> list[str]:
    """Return the names of the moves that a reader labelled over a hit."""
    layer = coding.codebook.layer(LAYER)
    names = [
        layer.code(code).name.lower()
        for label in coding.on(LAYER)
        if label.at.start <= hit.at.start and hit.at.end <= label.at.end
        for code in label.codes
    ]
    return list(dict.fromkeys(names))
