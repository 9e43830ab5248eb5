"""The attribution rules by name: what each looks for, with an example.

A rule may have several patterns in the code; a reader sees and switches off the rule.
"""

from __future__ import annotations

from kit.suggest.rule import Rule

__all__ = ["LAYER", "RULES", "rule_of"]

LAYER = "attribution"


RULES: tuple[Rule, ...] = (
    Rule(
        "quote-name-verb",
        "After a quotation comes a name and then a verb of saying: the name’s owner says it.",
        "“The bridge will open in May,” Ada Obi said.",
    ),
    Rule(
        "quote-verb-name",
        "After a quotation comes a verb of saying and then a name: the name’s owner says it.",
        "“The bridge will open in May,” said Ada Obi, a farmer in Lund.",
    ),
    Rule(
        "quote-dash-name",
        "After a quotation comes a dash and nothing but a name: the name’s owner says it.",
        "“The bridge will open in May.” — Ada Obi",
    ),
    Rule(
        "name-verb-quote",
        "A name, a verb of saying, and then a quotation that is a sentence of its own.",
        "Ada Obi told reporters: “The bridge will open in May.”",
    ),
    Rule(
        "name-verb-that",
        "A name, a verb that reports, and “that”: the clause behind it is what is said.",
        "Ada Obi said that the bridge would open in May.",
    ),
    Rule(
        "name-verb-clause",
        "A name, a verb that reports, and a whole clause without “that”.",
        "Ada Obi said the bridge would open in May.",
    ),
    Rule(
        "name-verb-question",
        "A name, a verb that reports, and a clause with “whether”, “how”, “why” …",
        "Ada Obi asked whether the bridge would open in May.",
    ),
    Rule(
        "name-verb-to",
        "A name, a verb of promising or wanting, and “to” with a verb.",
        "Ada Obi vowed to open the bridge in May.",
    ),
    Rule(
        "name-verb-object",
        "A name, a verb of judging or naming, and what is judged or named, but no clause.",
        "Ada Obi criticized the “lazy” builders of the bridge.",
    ),
    Rule(
        "name-verb-preposition",
        "A name, a verb with a small word that belongs to it (“called for”), and a phrase.",
        "Ada Obi called for an end to the “endless” repairs.",
    ),
    Rule(
        "name-verb-colon",
        "A name, a verb of saying and a colon: what follows is what is said, without marks.",
        "Ada Obi put her demand in a note and explained: the bridge must open in May.",
    ),
    Rule(
        "name-verb-colon-paragraph",
        "A paragraph ends in a verb of saying and a colon: the next paragraph is what is said.",
        "Ada Obi wrote:\n\n“The bridge will open in May.”",
    ),
    Rule(
        "clause-name-verb",
        "A clause, a comma, a name and a verb of saying at the end.",
        "The bridge will open in May, Ada Obi said.",
    ),
    Rule(
        "clause-verb-name",
        "A clause, a comma, a verb of saying and a name at the end.",
        "The bridge will open in May, said Ada Obi.",
    ),
    Rule(
        "as-name-verb",
        "“As”, a name and a verb of saying, before a comma: the clause behind it is what is said.",
        "As Ada Obi put it, the bridge will open in May. As Ada Obi noted, it is old.",
    ),
    Rule(
        "according-to",
        "“According to” a name: the rest of the sentence is what is said.",
        "According to Ada Obi, the bridge will open in May.",
    ),
    Rule(
        "participle-clause",
        "A verb of saying in “-ing” with a clause; its subject is the subject before it.",
        "Ada Obi crossed the bridge, saying that it was safe.",
    ),
    Rule(
        "participle-to",
        "A verb of promising in “-ing” and “to” with a verb.",
        "Ada Obi left the meeting, vowing to open the bridge in May.",
    ),
    Rule(
        "participle-object",
        "A verb of judging or naming in “-ing” and what is judged or named.",
        "Ada Obi left the meeting, calling the plan “a bad joke”.",
    ),
    Rule(
        "infinitive",
        "“To” and a verb that reports, with what is reported.",
        "Ada Obi went on television to say that the bridge would open in May.",
    ),
    Rule(
        "passive",
        "A verb that reports in the passive: nobody says who says so.",
        "The bridge is expected to open in May.",
    ),
    Rule(
        "noun-clause",
        "A noun that reports (“claim”, “hope”) with “that” or “whether” and a clause.",
        "The town lives in the hope that the bridge will open in May.",
    ),
    Rule(
        "noun-preposition",
        "A noun that judges (“criticism of”) and what is judged.",
        "Her criticism of the builders was short.",
    ),
    Rule(
        "adjective",
        "“Is” or “was”, a word for a state of mind, and a clause or a phrase.",
        "Ada Obi is confident that the bridge will open in May.",
    ),
    Rule(
        "name-colon",
        "A name and a colon in a headline, or before a quotation.",
        "Ada Obi: “The bridge will open in May.”",
    ),
    Rule(
        "transcript-turn",
        "A name in capitals and a colon: a turn in a printed conversation.",
        "ORR: Is it safe?\n\nOBI: It is. The bridge will open in May.\n\nORR: Thank you very much.",
    ),
)

_RULES = frozenset(rule.id for rule in RULES)


def rule_of(pattern: str) -> str:
    """Return the id of the rule that a pattern belongs to."""
    if pattern in _RULES:
        return pattern
    if pattern in ("noun-that", "noun-question"):
        return "noun-clause"
    return pattern.split("-")[0]
