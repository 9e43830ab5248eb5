"""What a pattern returns, and small sets of words that several patterns share."""

from __future__ import annotations

from typing import NamedTuple

from kit.suggest.attribution.phrases import BE, MODALS

__all__ = [
    "FINITE",
    "LONGEST",
    "NOUNS",
    "OUTWARD",
    "QUESTIONS",
    "RELATIVES",
    "Guess",
    "Units",
]

Units = tuple[int, int]

# What may begin a question inside a sentence.
QUESTIONS = frozenset("whether how what why when where who which if whom whose".split())
# Small words that may belong to a verb, a noun or an adjective: “called for”.
OUTWARD = frozenset("for on against to of about with as at in into out over up from off".split())
RELATIVES = frozenset("who which that whom whose".split())
# Cue words that may also be nouns, so that “his claim” is no verb.
NOUNS = frozenset(
    """claim claims report reports statement plan plans call calls demand demands request requests
    question questions fear fears hope hopes doubt doubts comment comments remark remarks attack
    attacks support estimate estimates charge charges offer offers tweet tweets view views praise
    threat promise promises pledge pledges vow vows forecast project projects position answer
    answers challenge challenges worry worries concern interest notice record records notes note
    address document documents post posts aim aims vote votes credit approach love hate favor
    voice read pitch cast feature features press back reason reasons count counts shows show
    response focus trust label name names brand judge judges rule rules dispute disputes release
    contrast lecture list detail details text email message state states veto ban bans order orders
    wish wishes desire desires regard treat target mock tap finding findings feeling meaning
    meeting hearing""".split()
)
# How many units of a sentence one person may say.
LONGEST = 200
# Words that are a verb with a subject of its own.
FINITE = (BE | MODALS | frozenset("has had have".split())) - {"being", "been", "be"}


class Guess(NamedTuple):
    """A possible attribution, in units of one sentence.

    Attributes:
        rule: id of the rule.
        word: the cue’s main word, in its basic form.
        source: units of who, or None.
        cue: units of the attributing words.
        content: stretches of units of what is attributed.
        quote: whether further quotations may follow in the next sentences.
    """

    rule: str
    word: str
    source: Units | None
    cue: Units
    content: tuple[Units, ...]
    quote: bool = False
