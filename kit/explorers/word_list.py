"""What a naive word list finds, and what a reader had marked there."""

from __future__ import annotations

from markupsafe import Markup

from kit.base.phrases import plural
from kit.base.templating import render
from kit.coding.coding import Coding
from kit.explorers.exploration import Control, Exploration, Values, excerpts, own_words
from kit.library import lexicon
from kit.library.lexicon import Entry, Hit
from kit.text.article import Article

LIST = "hedges"
LAYER = "expectation"
ALL, OWN = "all", "your own"


def word_list(article: Article, coding: Coding) -> Exploration:
    """Return the tool that looks for a class of words, and for some of the student's own.

    Args:
        coding: whose expectation labels stand beside what is found.
    """
    entries = lexicon.load(LIST)
    kinds = list(dict.fromkeys(entry.kind for entry in entries))
    classes = [
        (ALL, "all words of the list"),
        *((kind, f"class: {kind}") for kind in kinds),
        (OWN, "only your own words"),
    ]
    looked_for = Control("choice", "class", "Look for", ALL, classes)
    own = Control("text", "own", "and your own words, with commas")

    def show(values: Values) -> tuple[str, Markup]:
        kind = looked_for.of(values)
        asked = [Entry(word, OWN) for word in own_words(own.of(values))]
        asked += [entry for entry in entries if kind in (ALL, entry.kind)]
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

    return Exploration("The word list", (looked_for, own), show)


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
