"""How well do the kit's rules read? All layers on all coded texts, beside two readers.

Run it from the repository's folder; it takes some seconds::

    python -m tests.benchmarks.reading
    python -m tests.benchmarks.reading --polnear FOLDER

The texts are those under ``datasets/`` that have two readings and a reference: the article, the
practice article, and six invented ones of other genres. The readings are language models’: their
agreement overstates what people reach. Two texts were kept back while rules were written, and stand
apart (:data:`KEPT_BACK`). Attributions are set beside those of textacy and spaCy where these are
installed. With ``--polnear`` the tables of ``attribution.py`` on the development part of that
corpus are printed as well.

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
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding
from kit.library import datasets
from kit.measure import SpanAgreement, same_spans, same_speakers
from kit.suggest.rule import PLAIN, SPUN, Settings
from kit.text.article import Article
from tests.benchmarks import attribution
from tests.span_scores import span_agreement, triple_agreement

#: The article that was run through a synonym machine.
SPUN_ARTICLE = "blinken-beijing-2023"
KEPT_BACK = ("ennick-readout-tolvara", "ennick-updates")
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
        tiers = frozenset((PLAIN, SPUN) if id == SPUN_ARTICLE else (PLAIN,))
        one, other = (datasets.load_coding(id, name) for name in ("a", "b"))
        found.append(
            Text(
                datasets.load_article(id),
                datasets.codebook(id),
                datasets.load_reference(id).coding,
                (one, other),
                Settings(tiers),
            )
        )
    return found


def by_rules(text: Text, layer: str, off: Iterable[str] = ()) -> Coding:
    """Return what the rules of a layer find, without some; a label's note is its rule."""
    module = import_module(f"kit.suggest.{layer}")
    found = module.find(text.article, text.book, text.settings._replace(off=frozenset(off)))
    labels = [
        Annotation(f"r{n}", layer, f.at, f.codes, f.parts, f.fields, f.rule)
        for n, f in enumerate(found, start=1)
        if f.rule != "transcript-turn"  # the readings leave the turns of a briefing out
    ]
    return Coding(text.article, text.book, "rules", labels)


# -- the table -------------------------------------------------------------------------------------


class Counts(NamedTuple):
    """What one row of the table counts: matched, in the measure, in the other, for each column."""

    contents: Sequence[int]
    triples: Sequence[int]
    speakers: Sequence[int]
    moves: Sequence[int]
    same_moves: Sequence[int]
    left_out: Sequence[int]
    same_left_out: Sequence[int]
    issues: Sequence[int]
    wording: Sequence[int]

    def __add__(self, other: Counts) -> Counts:  # type: ignore[override]
        return Counts(*([a + b for a, b in zip(*pair)] for pair in zip(self, other)))

    def cells(self) -> list[str]:
        """Return the cells of the row."""
        right, of, _ = self.speakers
        return [
            *(_f1(self.contents), _f1(self.triples), f"{right}/{of}"),
            *(_f1(self.moves), _precision(self.moves), _f1(self.same_moves)),
            *(_f1(self.left_out), _precision(self.left_out), _f1(self.same_left_out)),
            *(_f1(self.issues), _f1(self.wording)),
        ]


def counts(gold: Coding, ours: Coding, left_out: Coding | None = None) -> Counts:
    """Count how far a coding agrees with what is taken as the measure."""
    left_out = left_out or ours
    pairs = same_spans(gold, ours, "attribution")
    return Counts(
        (len(pairs), len(gold.on("attribution")), len(ours.on("attribution"))),
        _three(triple_agreement(gold, ours)),
        (*same_speakers(gold, ours), 0),
        _three(span_agreement(gold, ours, "expectation")),
        _three(span_agreement(gold, ours, "expectation", same_code=True)),
        _three(span_agreement(gold, left_out, "expectation")),
        _three(span_agreement(gold, left_out, "expectation", same_code=True)),
        _three(span_agreement(gold, ours, "issue")),
        _three(span_agreement(gold, ours, "wording")),
    )


HEADER = (
    *("C50", "triple", "speaker", "moves", "prec.", "code"),
    *("left out", "prec.", "code", "issues", "wording"),
)


def _three(found: SpanAgreement) -> tuple[int, int, int]:
    return found.matched, found.one, found.other


def _f1(count: Sequence[int]) -> str:
    matched, one, other = count
    return f"{200 * matched / (one + other):.0f}" if one + other else "–"


def _precision(count: Sequence[int]) -> str:
    return f"{100 * count[0] / count[2]:.0f}" if count[2] else "–"


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
        """Return the table: each text, the two readers after the rules; then all but those that
        were kept back together, and those."""
        rows: list[tuple[str, ...]] = [("", *HEADER)]
        sums: dict[tuple[bool, str], Counts] = {}
        for text in sorted(self.texts, key=lambda text: text.article.id in KEPT_BACK):
            id = text.article.id
            readers = {
                id: counts(text.gold, self.ours[id], self.left_out(text)),
                "    two readers": counts(*text.readers),
            }
            for name, one in readers.items():
                rows.append((name, *one.cells()))
                which = (id in KEPT_BACK, "" if name == id else name)
                sums[which] = sums[which] + one if which in sums else one
        for (kept_back, name), one in sums.items():
            rows.append((name or KINDS[kept_back], *one.cells()))
        return rows


KINDS = {False: "all that rules were fitted to", True: "all that were kept back"}


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


def document(text: Text) -> attribution.Document:
    """Return a coded text as other programs are measured on it."""
    whole = text.article.text
    records = [
        attribution.Record(
            *(
                tuple((span.start, span.end) for span in label.parts.get(part, ()))
                for part in ("source", "cue")
            ),
            tuple(attribution.with_that(whole, s.start, s.end) for s in label.parts["content"]),
        )
        for label in text.gold.on("attribution")
    ]
    return attribution.Document(text.article.id, whole, tuple(records))


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
    attribution.compare([document(text) for text in reading.texts])
    if options.polnear:
        attribution.report(list(attribution.documents(options.polnear, "dev")))
    if options.store:
        store(reading)


if __name__ == "__main__":
    main()
