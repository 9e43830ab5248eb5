"""What a rule is, what it finds, and how a reader may set the rules.

Each layer has a module of its own here, with two names: ``RULES``, and ``find(article, codebook,
settings)``, which yields what they find, in text order. No rule and no word list names the people
or sentences of one article.
"""

from __future__ import annotations

from typing import NamedTuple

from kit.text.span import Span

__all__ = ["PLAIN", "SPUN", "Found", "Rule", "Settings"]

#: The tier of words that ordinary news uses.
PLAIN = "plain"
#: The tier of words that a synonym machine puts in their place; off by default.
SPUN = "spun"


class Rule(NamedTuple):
    """One small rule, open to whoever wants to argue with it.

    Attributes:
        id: its name, unique among all rules: ``"quote-name-verb"``.
        says: what it looks for and what it concludes, in a sentence.
        example: an invented sentence that it finds something in.
    """

    id: str
    says: str
    example: str


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
