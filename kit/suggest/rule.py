"""What a rule is, what it finds, and how a reader may set the rules.

Each layer has a module of its own here, with two names: ``RULES``, and ``find(article, codebook,
settings)``, which yields what they find, in text order. What its rules say and the small words they
know are read from ``datasets/lexicons/<layer>.toml``. No rule and no word list names the people or
sentences of one article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import NamedTuple

from kit.base.toml_reader import TomlTable, read_toml
from kit.coding.codebook import Layer
from kit.library import datasets
from kit.library.lexicon import LexiconError
from kit.text.span import Span

__all__ = ["PLAIN", "SPUN", "Found", "Known", "Rule", "Settings", "allowed", "known"]

#: The tier of words that ordinary news uses.
PLAIN = "plain"
#: The tier of words that a synonym machine puts in their place; off by default.
SPUN = "spun"


class Finds(TomlTable):
    """Words that a rule looks for, and how much of their clause it takes along; the head of
    ``expectation.toml`` explains each key."""

    codes: tuple[str, ...]
    words: tuple[str, ...]
    before: int = 0
    after: int = 0
    short: bool = False
    about: bool = False
    unless: int = 0


class Rule(TomlTable):
    """One small rule, open to whoever wants to argue with it.

    Attributes:
        id: its name, unique among all rules: ``"quote-name-verb"``.
        says: what it looks for and what it concludes, in a sentence.
        example: an invented sentence that it finds something in.
        finds: the patterns of a rule that is nothing else.
    """

    id: str
    says: str
    example: str
    finds: tuple[Finds, ...] = ()


class Known(TomlTable):
    """What the rules of a layer know: themselves, lists of small words, and patterns."""

    rules: tuple[Rule, ...]
    lists: dict[str, str] = {}
    patterns: dict[str, tuple[str, ...]] = {}

    @property
    def words(self) -> SimpleNamespace:
        """The lists as sets; a list may take in another, by its name in braces."""
        return SimpleNamespace(**{name: frozenset(self._listed(name)) for name in self.lists})

    def _listed(self, name: str) -> Iterator[str]:
        for word in self.lists[name].split():
            yield from self._listed(word[1:-1]) if word[0] == "{" else (word,)

    @property
    def compiled(self) -> SimpleNamespace:
        """The patterns, each for any of its list, whose capitals do not count."""
        any_of = {name: re.compile(self._any(name), re.IGNORECASE) for name in self.patterns}
        return SimpleNamespace(**any_of)

    def _any(self, name: str) -> str:
        one = "(?:" + "|".join(self.patterns[name]) + ")"
        return re.sub(r"\{([a-z_]+)\}", lambda match: self._any(match[1]), one)


def known(layer: str) -> Known:
    """Return what the rules of a layer know.

    Raises:
        LexiconError: its file under ``datasets/lexicons/`` is missing or cannot be used.
    """
    folder = datasets.root() / "datasets" / "lexicons"
    return read_toml(folder / f"{layer}.toml", Known, LexiconError)


def allowed(layer: Layer, values: dict[str, str]) -> dict[str, str]:
    """Return those of the values whose fields a layer has and allows to say so."""
    fields = {field.id: field for field in layer.fields}
    return {id: said for id, said in values.items() if id in fields and fields[id].allows(said)}


class Found(NamedTuple):
    """What a rule found, as an annotation without id and note."""

    rule: str
    at: Span
    codes: tuple[str, ...] = ()
    parts: dict[str, tuple[Span, ...]] = {}
    fields: dict[str, str] = {}


class Settings(NamedTuple):
    """How a reader has set the rules.

    Attributes:
        tiers: which tiers of the word lists count.
        off: ids of rules that are switched off.
        verbs: reporting verbs that the reader has added.
    """

    tiers: frozenset[str] = frozenset({PLAIN})
    off: frozenset[str] = frozenset()
    verbs: tuple[str, ...] = ()
