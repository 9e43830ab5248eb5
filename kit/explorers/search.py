"""Look words up in the whole file: how often they stand there, and where."""

from __future__ import annotations

from markupsafe import Markup

from kit.base.phrases import plural, where
from kit.base.templating import render
from kit.explorers.exploration import Control, Exploration, Values, excerpts
from kit.library import lexicon
from kit.text.article import Article

COMMONEST = 12
#: How many letters a word must have to be listed, and how often a pair must stand there.
LETTERS = 5
TOGETHER = 3


def search(article: Article) -> Exploration:
    """Return the box that finds a word, or words in this order, wherever they stand.

    Whole words; capitals make no difference. Without anything to look for it lists the commonest
    words, and pairs of words that stand together more often than chance would set them.
    """
    controls = (
        Control("text", "words", "Look for"),
        Control("text", "beside", "and, to compare, for"),
    )

    def show(values: Values) -> tuple[str, Markup]:
        asked = list(dict.fromkeys(filter(None, (control.of(values) for control in controls))))
        if not asked:
            return _commonest(article)
        found = {words: [hit.at for hit in lexicon.find(article, [words])] for words in asked}
        lines = []
        for words, places in found.items():
            blocks = [article.block_of(at).id for at in places]
            standing = f" ({where(dict.fromkeys(blocks))})" if places else ""
            lines.append(f"“{words}”: {plural(len(places), 'time')}{standing}")
        places = sorted((at for hits in found.values() for at in hits), key=lambda at: at.start)
        length = len(article.text)
        html = render(
            "explorers/search",
            lines=lines,
            marks={words: [at.start / length for at in hits] for words, hits in found.items()},
            excerpts=excerpts(article, places) if places else "",
        )
        return "; ".join(lines), html

    return Exploration("Search the file", controls, show)


def _commonest(article: Article) -> tuple[str, Markup]:
    """Return the commonest longer words, and the pairs that stick together most."""
    from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder
    from nltk.probability import FreqDist

    lines = [
        [article.text[start:end].casefold() for start, end in block.words]
        for block in article.blocks
    ]
    words = FreqDist(word for line in lines for word in line if len(word) >= LETTERS)
    # No pair reaches across two lines.
    finder = BigramCollocationFinder.from_documents(lines)
    finder.apply_freq_filter(TOGETHER)
    finder.apply_ngram_filter(lambda *pair: max(map(len, pair)) < LETTERS)
    # What is equal, but for how a Python adds fractions up, stands in the alphabet's order, so that
    # the lists are always the same.
    scored = finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)
    scored.sort(key=lambda item: (-round(item[1], 6), item[0]))
    pairs = {" ".join(pair): finder.ngram_fd[pair] for pair, _ in scored[:COMMONEST]}
    top = dict(sorted(words.items(), key=lambda item: (-item[1], item[0]))[:COMMONEST])
    lists = {f"The commonest words of {LETTERS} letters or more": top}
    if pairs:
        lists["Words that stick together"] = pairs
    return (
        "; ".join(
            f"{title}: " + ", ".join(f"{word} {n}" for word, n in counted.items())
            for title, counted in lists.items()
        ),
        render("explorers/commonest", lists=lists),
    )
