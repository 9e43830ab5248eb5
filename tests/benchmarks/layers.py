"""How far do the kit's rules on expectation, issue and wording agree with the reference readings?

Run it from the repository's folder; it takes a few seconds::

    python -m tests.benchmarks.layers

For each article and layer the table gives, for spans that share at least half their words with a
reference span: how many labels the reference and the rules have, precision (of the rules' labels,
how many the reference has), recall (of the reference's, how many the rules have) and F1, then the
F1 of spans that also carry the same main code, of spans that share any word at all, and, to
compare, the F1 of the two trained readers with each other, without and with the same code.

The rules for wording were written with the Blinken article's swaps in view, and those for
expectation and issue by people who had read both articles: these are figures of fit and no
promise for a new text.
"""

from __future__ import annotations

from importlib import import_module

from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding
from kit.library.datasets import (
    article_ids,
    codebook,
    load_article,
    load_coding,
    load_reference,
)
from kit.measure import span_agreement
from kit.suggest.rule import PLAIN, SPUN, Settings

LAYERS = ("expectation", "issue", "wording")
#: The article that was run through a synonym machine.
SPUN_ARTICLE = "blinken-beijing-2023"


def coding_by_rules(article_id: str, layer: str) -> Coding:
    """Return what the rules of one layer find in an article, as a coding."""
    article = load_article(article_id)
    book: Codebook = codebook(article_id)
    tiers = {PLAIN, SPUN} if article_id == SPUN_ARTICLE else {PLAIN}
    found = import_module(f"kit.suggest.{layer}").find(article, book, Settings(frozenset(tiers)))
    annotations = [
        Annotation(f"r{n}", layer, f.at, f.codes, f.parts, f.fields)
        for n, f in enumerate(found, start=1)
    ]
    return Coding(article, book, "rules", annotations)


def rows(article_id: str) -> list[str]:
    """Return the lines of the table for one article."""
    reference = load_reference(article_id).coding
    a, b = (load_coding(article_id, name) for name in ("a", "b"))
    lines = []
    for layer in LAYERS:
        rules = coding_by_rules(article_id, layer)
        spans = span_agreement(reference, rules, layer)
        same = span_agreement(reference, rules, layer, same_code=True)
        touch = span_agreement(reference, rules, layer, overlap=0)
        readers = span_agreement(a, b, layer)
        readers_same = span_agreement(a, b, layer, same_code=True)
        lines.append(
            f"{layer:<12} {spans.one:>4} {spans.other:>6}   {spans.precision:.2f}   "
            f"{spans.recall:.2f}   {spans.f1:.2f}   {same.f1:.2f}   {touch.f1:.2f}   "
            f"{readers.f1:.2f}   {readers_same.f1:.2f}"
        )
    return lines


def main() -> None:
    """Print the table."""
    for article_id in filter(load_reference, article_ids()):
        print(article_id)
        print("layer         ref  rules   prec   rec    F1     code   touch  A–B    A–B code")
        print(*rows(article_id), sep="\n", end="\n\n")


if __name__ == "__main__":
    main()
