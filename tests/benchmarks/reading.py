"""How well do the kit's rules read? All layers on all coded texts, beside two readers.

Run it from the repository's folder; it takes some seconds::

    python -m tests.benchmarks.reading
    python -m tests.benchmarks.reading --polnear FOLDER

The texts are the article, the practice article, and six invented ones of other genres
(``tests/data/coded/``), each coded twice, those six by two language models of one kind: their
agreement overstates what people reach. ``d3`` and ``d6`` were kept back while rules were written,
and stand apart. With ``--polnear`` the table of ``attribution.py`` on the development part of
that corpus is printed as well, with spaCy and textacy where they are installed.

* *C50*: F1 of attributions whose contents overlap by half, in words; *triple*: cue and source
  have a word in common, too.
* *speaker*: of the records matched so, the share with the right person or body.
* *moves*: F1 of expectation spans that overlap by half, then their precision, then the F1 of those
  with the same main code. *left out* is the same with only those rules heard that are right
  often enough on the *other* texts (:data:`HEARD`); so is the precision that the kit stores.
* *issues*, *wording*: F1 of spans.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.measure import span_agreement, triple_agreement
from kit.measure.spans import same_spans
from kit.suggest.rule import PLAIN, SPUN, Settings
from kit.text.article import Article
from tests.benchmarks import attribution

CODED = Path(__file__).parents[1] / "data" / "coded"
#: The article that was run through a synonym machine.
SPUN_ARTICLE = "blinken-beijing-2023"
KEPT_BACK = ("d3-readout-b", "d6-flash")
LAYERS = ("attribution", "expectation", "issue", "wording")
#: A rule on expectation must be right so often on the other texts to be heard on one left out.
HEARD = 0.4


class Text(NamedTuple):
    """A text with a reading that is taken as the measure, and two to compare with each other."""

    article: Article
    book: Codebook
    gold: Coding
    readers: tuple[Coding, Coding]
    settings: Settings


def texts() -> list[Text]:
    """Return all coded texts."""
    found = []
    for id in filter(datasets.load_reference, datasets.article_ids()):
        book, reference = datasets.codebook(id), datasets.load_reference(id).coding
        tiers = frozenset((PLAIN, SPUN) if id == SPUN_ARTICLE else (PLAIN,))
        a, b = (datasets.load_coding(id, name) for name in ("a", "b"))
        found.append(Text(datasets.load_article(id), book, reference, (a, b), Settings(tiers)))
    book = datasets.codebook("a text from elsewhere")
    for path in sorted(CODED.glob("*.txt")):
        article = Article.from_file(path, id=path.stem)
        one, other = (
            Coding.from_file(path.with_suffix(f".{who}.json"), article, book)
            for who in ("coder1", "coder2")
        )
        found.append(Text(article, book, one, (one, other), Settings()))
    return found


def by_rules(text: Text, layer: str, off: Iterable[str] = ()) -> Coding:
    """Return what the rules of a layer find, without some; a label's note is its rule."""
    module = import_module(f"kit.suggest.{layer}")
    found = module.find(text.article, text.book, text.settings._replace(off=frozenset(off)))
    labels = [
        Annotation(f"r{n}", layer, f.at, f.codes, f.parts, f.fields, f.rule)
        for n, f in enumerate(found, start=1)
    ]
    return Coding(text.article, text.book, "rules", labels)


# -- who speaks ------------------------------------------------------------------------------------

_OFFICES = frozenset(
    """the a an two three one both foreign minister ministry president prime secretary mr mrs ms
    official""".split()
)
_SMALL = frozenset(
    """the a an of in to for on at from by and two both one senior official officials person people
    who told not be named speaking condition anonymity""".split()
)


def same_speaker(one: str, other: str) -> bool:
    """Say whether two names mean one person or body: a name in common, or, where one of them has
    none, a noun."""
    one, other = (re.sub(r"['’]s\b", "", name) for name in (one, other))
    names = [
        {w for w in re.findall(r"[A-Z][\w-]+", name) if w.lower() not in _OFFICES}
        for name in (one, other)
    ]
    if all(names):
        return bool(names[0] & names[1])
    nouns = [
        {w.rstrip("s") for w in re.findall(r"\w+", name.lower()) if w not in _SMALL}
        for name in (one, other)
    ]
    return bool(nouns[0] & nouns[1]) or bool(one) and one.lower() == other.lower()


def speakers(gold: Coding, ours: Coding) -> tuple[int, int]:
    """Return how many matched records have the right speaker, and how many are matched."""
    pairs = same_spans(gold, ours, "attribution")
    right = [
        same_speaker(a.fields.get("speaker", ""), b.fields.get("speaker", "")) for a, b in pairs
    ]
    return sum(right), len(right)


# -- the table -------------------------------------------------------------------------------------


def figures(gold: Coding, ours: Coding, left_out: Coding | None = None) -> list[str]:
    """Return the cells of one row."""
    pairs = same_spans(gold, ours, "attribution")
    records = len(gold.on("attribution")) + len(ours.on("attribution"))
    right, of = speakers(gold, ours)
    cells = [
        _hundred(2 * len(pairs) / max(1, records)),
        _hundred(triple_agreement(gold, ours).f1),
        f"{right}/{of}",
    ]
    for coding in (ours, left_out or ours):
        moves = span_agreement(gold, coding, "expectation")
        same = span_agreement(gold, coding, "expectation", same_code=True)
        cells += [_hundred(moves.f1), _hundred(moves.precision), _hundred(same.f1)]
    for layer in ("issue", "wording"):
        spans = span_agreement(gold, ours, layer)
        cells.append(_hundred(spans.f1) if spans.one or spans.other else "–")
    return cells


HEADER = (
    *("C50", "triple", "speaker", "moves", "prec.", "code"),
    *("left out", "prec.", "code", "issues", "wording"),
)


def _hundred(share: float) -> str:
    return f"{100 * share:.0f}"


def joined(parts: Sequence[Coding]) -> Coding:
    """Return one coding of several on one text."""
    first = parts[0]
    labels = [label for part in parts for label in part]
    return Coding(first.article, first.codebook, first.coder, labels)


class Reading:
    """What the rules find in all coded texts, and how often each rule on expectation is right."""

    def __init__(self) -> None:
        self.texts = texts()
        self.ours = {
            text.article.id: joined([by_rules(text, layer) for layer in LAYERS])
            for text in self.texts
        }
        self.counts = {text.article.id: self._counts(text) for text in self.texts}

    def _counts(self, text: Text) -> Counter:
        """Return, by rule, how many labels it makes alone and how many are right."""
        count: Counter = Counter()
        for rule in {label.note for label in self.ours[text.article.id].on("expectation")}:
            others = [r.id for r in import_module("kit.suggest.expectation").RULES if r.id != rule]
            alone = by_rules(text, "expectation", others)
            same = span_agreement(text.gold, alone, "expectation", same_code=True)
            count[rule, "right"] += same.matched
            count[rule, "of"] += same.other
        return count

    def precision(self, without: str = "") -> dict[str, tuple[int, int]]:
        """Return how often each rule on expectation is right, and of how many, on all texts but
        one."""
        total: Counter = Counter()
        for id, count in self.counts.items():
            if id != without:
                total += count
        return {
            rule: (total[rule, "right"], total[rule, "of"])
            for rule in sorted({rule for rule, _ in total})
        }

    def left_out(self, text: Text) -> Coding:
        """Return what the rules find that are right often enough on the other texts."""
        id = text.article.id
        known = self.precision(without=id)
        off = [
            rule.id
            for rule in import_module("kit.suggest.expectation").RULES
            if known.get(rule.id, (0, 0))[0] < HEARD * max(1, known.get(rule.id, (0, 0))[1])
        ]
        return by_rules(text, "expectation", off)

    def rows(self) -> list[tuple[str, ...]]:
        """Return the table, the two readers of each text after the rules."""
        rows = [("", *HEADER)]
        for text in sorted(self.texts, key=lambda text: text.article.id in KEPT_BACK):
            id = text.article.id
            name = f"{id[:20]} (kept back)" if id in KEPT_BACK else id
            rows.append((name, *figures(text.gold, self.ours[id], self.left_out(text))))
            rows.append(("    two readers", *figures(*text.readers)))
        return rows


def speed(megabytes: float = 0.5) -> float:
    """Return how many words a second the rules on attribution read, the practice article over and
    over."""
    story = datasets.load_article("harran-talks").text + "\n\n"
    article = Article.from_text("long", story * round(megabytes * 2**20 / len(story)))
    words = sum(len(block.words) for block in article.blocks)
    book = datasets.codebook("harran-talks")
    find = import_module("kit.suggest.attribution").find
    started = time.process_time()
    list(find(article, book, Settings()))
    return words / (time.process_time() - started)


def store(reading: Reading) -> None:
    """Write how often each rule on expectation is right where the kit shows it from."""
    table = json.loads(attribution.PRECISION.read_text(encoding="utf-8"))
    table["expectation"] = {
        rule: {"right": right, "of": of, "data": "eight coded texts, rules fitted to six"}
        for rule, (right, of) in reading.precision().items()
        if of
    }
    text = json.dumps(table, indent=1) + "\n"
    attribution.PRECISION.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the rules on all coded texts.")
    parser.add_argument("--polnear", type=Path, metavar="FOLDER")
    parser.add_argument("--store", action="store_true", help="write the precision of each rule")
    options = parser.parse_args()
    reading = Reading()
    for name, *cells in reading.rows():
        print(f"{name:34}" + "".join(f"{cell:>9}" for cell in cells))
    print(f"\n{'rule':34}{'right':>9}{'of':>9}")
    for rule, (right, of) in reading.precision().items():
        print(f"{rule:34}{right:9}{of:9}")
    print(f"\nattributions: {speed():,.0f} words a second\n")
    if options.polnear:
        attribution.report(list(attribution.documents(options.polnear, "dev")))
    if options.store:
        store(reading)


if __name__ == "__main__":
    main()
