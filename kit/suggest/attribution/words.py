"""Forms of verbs: which of the words that report belong together."""

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
    "label": "labeled labelled labelling",
    "signal": "signaled signalled signalling",
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
