"""Forms of verbs, and small closed classes of English words that the attribution rules share.

Closed classes ("because", "would", "she") hardly ever grow, so they are code; words that report
are a list that a reader can open and change: ``datasets/lexicons/cues.csv``.
"""

from __future__ import annotations

__all__ = ["base_forms", "verb_forms"]

_IRREGULAR = {
    "say": "said said",
    "tell": "told told",
    "write": "wrote written",
    "think": "thought thought",
    "feel": "felt felt",
    "know": "knew known",
    "find": "found found",
    "show": "showed shown",
    "speak": "spoke spoken",
    "read": "read read",
    "hear": "heard heard",
    "see": "saw seen",
    "mean": "meant meant",
    "seek": "sought sought",
    "swear": "swore sworn",
    "forbid": "forbade forbidden",
    "understand": "understood understood",
    "foresee": "foresaw foreseen",
    "hit": "hit hit",
    "cast": "cast cast",
    "forecast": "forecast forecast",
    "sing": "sang sung",
    "go": "went gone",
    "text": "texted texted",
    "rebut": "rebutted rebutted",
    "offer": "offered offered",
    "deliver": "delivered delivered",
    "admit": "admitted admitted",
    "commit": "committed committed",
    "permit": "permitted permitted",
    "refer": "referred referred",
    "prefer": "preferred preferred",
    "opt": "opted opted",
    "tap": "tapped tapped",
    "plan": "planned planned",
    "pan": "panned panned",
    "rip": "ripped ripped",
    "slam": "slammed slammed",
    "brag": "bragged bragged",
    "beg": "begged begged",
    "chat": "chatted chatted",
    "dub": "dubbed dubbed",
    "hint": "hinted hinted",
    "ban": "banned banned",
    "sum": "summed summed",
    "quip": "quipped quipped",
    "quiz": "quizzed quizzed",
    "compel": "compelled compelled",
    "label": "labeled labelled labelling",
    "signal": "signaled signalled signalling",
    "plead": "pleaded pleaded",
}
_DOUBLING = frozenset(
    """admit commit permit refer prefer tap plan pan rip slam brag beg chat dub ban sum quip quiz
    compel rebut forbid hit""".split()
)


def verb_forms(verb: str) -> tuple[str, ...]:
    """Return the forms of a verb, itself first: say, says, saying, said."""
    if verb.endswith(("s", "x", "z", "ch", "sh")) or verb == "go":
        third = verb + "es"
    elif verb.endswith("y") and verb[-2:-1] not in "aeiou":
        third = verb[:-1] + "ies"
    else:
        third = verb + "s"
    stem = verb + verb[-1:] if verb in _DOUBLING else verb
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        ing = verb[:-1] + "ing"
    else:
        ing = stem + "ing"
    if verb in _IRREGULAR:
        past = _IRREGULAR[verb].split()
    elif verb.endswith("e"):
        past = [verb + "d"]
    elif verb.endswith("y") and verb[-2:-1] not in "aeiou":
        past = [verb[:-1] + "ied"]
    else:
        past = [stem + "ed"]
    return tuple(dict.fromkeys([verb, third, ing, *past]))


def base_forms(words: frozenset[str] | set[str]) -> dict[str, str]:
    """Return each of the words with the word among them that it is a form of."""
    bases = {word: word for word in words}
    for word in sorted(words):
        for form in verb_forms(word)[1:]:
            if form in words and form != word:
                bases[form] = word
    return bases
