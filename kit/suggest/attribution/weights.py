"""How likely a proposal is right: a sum of a few readable weights.

The table ``weights.csv`` has a row for each thing that can be seen about a proposal
(its rule, its cue’s word, what kind of source it has …) and how much that speaks for it. The
weights were learnt from the training part of PolNeAR by logistic regression and hold no text.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from kit.suggest.attribution.reader import Guess
from kit.suggest.attribution.tokens import Sentence, W

__all__ = ["BIAS", "PATH", "features", "likelihood", "weights"]

PATH = Path(__file__).with_name("weights.csv")
#: The name of the weight that every proposal gets.
BIAS = "always"
_PRONOUNS = {
    **dict.fromkeys(("he", "she"), "he or she"),
    **dict.fromkeys(("they", "we", "others"), "they or we"),
    **dict.fromkeys(("i", "you"), "I or you"),
    **dict.fromkeys(("it", "this", "there"), "it"),
    **dict.fromkeys(("who", "which", "that"), "who"),
    **dict.fromkeys(("his", "her", "its", "their", "my", "our", "your"), "his"),
}


@cache
def weights() -> Mapping[str, float]:
    """Return the weight of each feature, as the committed table has it."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return {row["seen"]: float(row["weight"]) for row in csv.DictReader(file)}


def likelihood(seen: Iterable[str], table: Mapping[str, float]) -> float:
    """Return the estimated chance, from 0 to 1, that a proposal with these features is right."""
    total = table.get(BIAS, 0.0) + sum(table.get(name, 0.0) for name in seen)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def features(s: Sentence, guess: Guess, kind: str) -> tuple[str, ...]:
    """Return what can be seen about a proposal, by names that a reader understands.

    Args:
        kind: class of the cue’s word.
    """
    rule, word, source, cue, content, _ = guess
    low, kinds = s.low, s.kind
    first, end = content[-1] if content else (cue[0], cue[1])
    begins = _begins(s, first)
    who = _who(s, source)
    length = end - first
    size = next(n for n in (1, 2, 4, 8, 16, 10**9) if length <= n)
    long = f"{size} words at most" if size < 99 else "long"
    quoted = any("Q" in kinds[a : min(b, a + 60)] for a, b in content)
    cue_words = low[cue[0] : cue[1]]
    helper = (
        "modal"
        if any(w in W.modals for w in cue_words)
        else "be"
        if any(w in W.be for w in cue_words)
        else "have"
        if len(cue_words) > 1 and cue_words[0] in ("has", "have", "had")
        else "none"
    )
    form = cue_words[-1] if cue_words else ""
    seen = [
        f"rule {rule}",
        f"cue {word}",
        f"cue {word}, rule {rule}",
        f"form {form}",
        f"class {kind}, rule {rule}",
        f"source {who}",
        f"source {who}, rule {rule}",
        f"content begins with {begins}, rule {rule}",
        f"content {long}, rule {rule}",
        f"helper {helper}, rule {rule}",
    ]
    after = cue[1]
    if after >= len(s) or kinds[after] in ".?!":
        seen.append(f"cue ends the sentence, rule {rule}")
    elif kinds[after] in ",:;-":
        seen.append(f"mark after the cue, rule {rule}")
    if source and source[0] == 0:
        seen.append(f"source begins the sentence, rule {rule}")
    if quoted:
        seen += ["quotation in content", f"quotation in content, rule {rule}"]
    if s.block == 0 or rule == "name-colon":
        seen.append("in the headline")
    if len(content) > 1 and rule.startswith("clause"):
        seen.append(f"words on both sides of the cue, rule {rule}")
    if any(w in ("not", "never") or w.endswith("n't") for w in cue_words):
        seen.append(f"not, class {kind}")
    if rule.endswith(("preposition", "object")) and len(cue_words) > 1:
        seen.append(f"cue {word} {form}")
    if end < len(s) and kinds[end] == "w":
        seen.append(f"stops before a word, rule {rule}")
    return tuple(seen)


def _begins(s: Sentence, n: int) -> str:
    word, kind = s.low[n], s.kind[n]
    if kind == "Q":
        return "a quotation"
    if word in _PRONOUNS:
        return _PRONOUNS[word]
    if word in W.determiners:
        return "the" if word in ("the", "a", "an") else "some"
    if word.endswith("ing"):
        return "-ing"
    if word in W.prepositions or word in W.subordinators:
        return "a small word"
    return {"N": "a name", "#": "a number", "w": "a word"}.get(kind, "a mark")


def _who(s: Sentence, source: tuple[int, int] | None) -> str:
    if source is None:
        return "missing"
    first, end = source
    word = s.low[first]
    if end - first == 1 and word in _PRONOUNS:
        return _PRONOUNS[word]
    names = s.kind[first:end]
    if names[0] == "N":
        return "a name" if end - first < 5 else "a name and more"
    if word in ("the", "a", "an") and end - first > 1:
        return f"{'the' if word == 'the' else 'a'} …"
    return "other words"
