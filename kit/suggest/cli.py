"""``python -m kit suggest FILE``: the rules' suggestions on any text, for people and programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path

from kit.coding.codebook import Codebook
from kit.library import datasets
from kit.suggest import Suggestions, precision, suggest
from kit.suggest.rule import PLAIN, Settings
from kit.text.article import Article

__all__ = ["main"]


def main(
    file: Path, layers: Sequence[str] = (), tiers: Sequence[str] = (), format: str = "jsonl"
) -> None:
    """Print the suggestions on a text.

    Args:
        file: a text in UTF-8. Offsets count its code points, line endings and a byte-order mark
            included.
        layers: ids of layers; all that have rules when empty.
        tiers: tiers of the word lists that count beside the plain one.
        format: ``jsonl``, one JSON object a line; ``csv``; or ``w3c``, Web Annotations in JSON-LD.

    Raises:
        KitError: the file cannot be read, has no words, or a layer has no rules.
    """
    article = Article.from_file(file)
    made = suggest(
        article,
        _codebook(article),
        layers or None,
        Settings(tiers=frozenset((PLAIN, *tiers))),
    )
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    if format == "csv":
        sys.stdout.write(made.coding.to_csv())
    elif format == "w3c":
        sys.stdout.write(made.coding.to_w3c().decode("utf-8"))
    else:
        for line in lines(made):
            sys.stdout.write(line + "\n")


def lines(made: Suggestions) -> Iterator[str]:
    """Yield each suggestion as a line of JSON."""
    for one in made.coding:
        rule = made.rules[one.layer, one.id].id
        measured = precision(one.layer, rule)
        record: dict = {
            "layer": one.layer,
            "rule": rule,
            "precision": round(measured.share, 2) if measured else None,
        }
        if one.parts:
            for part in ("source", "cue", "content"):
                record[part] = [[span.start, span.end] for span in one.parts.get(part, ())]
        else:
            record |= {"start": one.at.start, "end": one.at.end, "codes": list(one.codes)}
        record |= {name: value for name, value in one.fields.items() if name not in record}
        yield json.dumps(record, ensure_ascii=False)


def _codebook(article: Article) -> Codebook:
    """Return the codebook of an article that comes with the kit, or the general one."""
    if article.id in datasets.article_ids():
        if datasets.load_article(article.id).sha256 == article.sha256:
            return datasets.codebook(article.id)
    return Codebook.from_folder(datasets.root() / "datasets" / "codebook")
