"""The words that report, from the word lists and the reader: which forms belong together, which may
follow a quotation, and what they are read as."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from kit.library import lexicon
from kit.library.lexicon import form
from kit.suggest.attribution.tokens import W
from kit.suggest.rule import SPUN

__all__ = ["Cues", "cues"]

_NO_VERBS = frozenset(("noun", "adjective"))
_QUOTING = frozenset("say ask grant claim think vow judge order".split())
_IZE = re.compile(r"iz(e|es|ed|ing)$")
_FORM_OF = re.compile(r"form of “(.+)”")


class Cues(NamedTuple):
    """The words that report.

    Attributes:
        classes: the class of each.
        bases: the basic form of each.
        several: phrases that report, as tuples of words, and what each is counted as.
        instead: words that are read as others: “mentioned” as “said”.
        quoting: those that may follow a quotation.
        verbs: those that are verbs, and seldom anything else.
    """

    classes: dict[str, str]
    bases: dict[str, str]
    several: dict[tuple[str, ...], str]
    instead: dict[str, str]
    quoting: frozenset[str]
    verbs: frozenset[str]


@cache
def cues(tiers: frozenset[str], verbs: tuple[str, ...]) -> Cues:
    """Return the words that report in these tiers, with verbs of the reader's own.

    Raises:
        LexiconError: a word list cannot be used.
    """
    classes: dict[str, str] = {}
    bases: dict[str, str] = {}
    several: dict[tuple[str, ...], str] = {}
    instead: dict[str, str] = {}
    for entry in lexicon.load("cues"):
        word, base = form(entry.word), _FORM_OF.match(entry.note)
        if entry.tier not in tiers:
            continue
        if entry.kind == "phrase":
            several[tuple(word.split())] = word
        else:
            classes[word], bases[word] = entry.kind, base[1] if base else word
    for entry in lexicon.load("cues-spun") if SPUN in tiers else ():
        word = form(entry.word)
        if " " in word:
            several[tuple(word.split())] = form(entry.kind)
        else:
            instead[word] = form(entry.kind)
    # British spelling is read as American, which the list and the corpus have.
    for word in classes:
        if _IZE.search(word):
            instead.setdefault(_IZE.sub(r"is\1", word), word)
    for verb in verbs:
        for word in _forms(form(verb.strip())) if verb.strip() else ():
            classes.setdefault(word, "say")
            bases.setdefault(word, form(verb.strip()))
    quoting = frozenset(word for word, kind in classes.items() if kind in _QUOTING)
    verbs_too = frozenset(word for word, kind in classes.items() if kind not in _NO_VERBS)
    return Cues(
        *(classes, bases, several, instead),
        quoting - W.seldom_quoting,
        verbs_too - W.also_nouns,
    )


def _forms(verb: str) -> tuple[str, ...]:
    """Return the forms of a regular verb, itself first: trumpet, trumpets, trumpeting …"""
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb, verb[:-1] + "ies", verb + "ing", verb[:-1] + "ied"
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh")) else "s")
    return verb, third, stem + "ing", stem + "ed"
