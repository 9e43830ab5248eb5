"""Learn from the training part of PolNeAR which proposals of the patterns are likely right.

Logistic regression with a small penalty, in two rounds: the second leaves out what lies inside
another's words after the first. Only features that occur in eight proposals or more get a weight,
so that nothing of the corpus can be read from the table; weights near zero are dropped.
"""

from __future__ import annotations

import csv
from collections import Counter

import numpy as np

from kit.suggest import attribution
from kit.suggest.attribution.weights import BIAS, PATH, weights
from kit.text.article import Article
from tests.benchmarks.attribution import Document, Words, pairs, with_that

SEEN_AT_LEAST = 8
PENALTY = 1.0
ROUNDS = 300
NEAR_ZERO = 0.05
#: What a rule can be surer of than the corpus, which has few of these, or leaves out every second
#: turn of a printed conversation, for no reason that a rule could see.
AT_LEAST = {
    "in a transcript": 3.0,
    "words on both sides of the cue, rule clause-name-verb": 1.5,
    "in the headline": 0.6,
    "rule quote-dash-name": 0.9,
}


def learn(texts: list[Document]) -> None:
    """Fit the weights and write the table."""
    examples = [example for text in texts for example in _examples(text)]
    first = _fit([(seen, right) for seen, right, _, _ in examples])
    outer: list[tuple[tuple[str, ...], bool]] = []
    for _, _, proposals, rights in _by_text(examples):
        kept = {id(one) for one in attribution.kept(proposals, first, 0.3)}
        spans = [(a, b, one) for one in proposals if id(one) in kept for a, b in one.content]
        for one, right in zip(proposals, rights):
            place = one.cue[0][0]
            inside = any(a <= place < b and other is not one for a, b, other in spans)
            if id(one) in kept or not inside:
                outer.append((one.seen, right))
    table = _fit(outer)
    for name, least in AT_LEAST.items():
        table[name] = max(table.get(name, 0.0), least)
    with PATH.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("seen", "weight"))
        writer.writerows(
            (name, f"{weight:.2f}")
            for name, weight in sorted(table.items(), key=lambda row: (row[0] != BIAS, row[0]))
        )
    weights.cache_clear()


def _examples(text: Document):
    """Yield each proposal on a text: what is seen, whether it is right, and its whole text's."""
    proposals = attribution.proposals(Article.from_text("measured", text.text))
    words = Words(text.text)
    gold = [words.within(record.content) for record in text.records]
    ours = [
        words.within(with_that(text.text, *stretch) for stretch in one.content) for one in proposals
    ]
    right = {j for _, j in pairs(gold, ours, 0.5)}
    rights = [j in right for j in range(len(proposals))]
    for one, good in zip(proposals, rights):
        yield one.seen, good, proposals, rights


def _by_text(examples: list) -> list:
    found: dict[int, tuple] = {}
    for example in examples:
        found.setdefault(id(example[2]), example)
    return list(found.values())


def _fit(examples: list[tuple[tuple[str, ...], bool]]) -> dict[str, float]:
    """Return the weights of a logistic regression over sets of features."""
    counts = Counter(name for seen, _ in examples for name in seen)
    names = sorted(name for name, count in counts.items() if count >= SEEN_AT_LEAST)
    number = {name: n for n, name in enumerate(names, start=1)}
    size = len(names) + 1
    rows = [[0, *(number[name] for name in seen if name in number)] for seen, _ in examples]
    width = max(map(len, rows))
    table = np.full((len(rows), width), size)  # the last column stands for nothing
    for n, row in enumerate(rows):
        table[n, : len(row)] = row
    right = np.array([good for _, good in examples], float)
    penalty = np.full(size + 1, PENALTY)
    penalty[0] = 0.01
    weight, speed, places = np.zeros(size + 1), np.zeros(size + 1), table.ravel()
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-weight[table].sum(1)))
        slope = np.bincount(places, np.repeat(chance - right, width), size + 1) + penalty * weight
        bend = np.bincount(places, np.repeat(chance * (1 - chance), width), size + 1) + penalty
        speed = 0.8 * speed + slope / (bend * width)
        weight -= speed
        weight[size] = 0
    learnt = {name: float(weight[n]) for name, n in number.items() if abs(weight[n]) >= NEAR_ZERO}
    return {BIAS: float(weight[0]), **learnt}
