"""Phrases around a cue: who stands before or after it, and where a clause begins and ends.

A light grammar: it knows small words, capitals and commas, and no word's meaning. Every search is
bounded, so that a sentence without an end costs no more than a short one.
"""

from __future__ import annotations

from kit.suggest.attribution.tokens import Sentence, W

_AFTER = W.auxiliaries | W.subjects - {"who"}
_REACH = 45
#: How many units of a sentence a record may span.
LONGEST = 200
_OF_PEOPLE = ("man", "men", "or", "er", "ist", "ent", "ian")


def is_adverb(word: str) -> bool:
    """Is the word one of a few adverbs, or does it end like one?"""
    return word in W.adverbs or (
        word.endswith("ly") and len(word) > 4 and word not in ("family", "reply", "rally", "ally")
    )


def cue_start(s: Sentence, v: int) -> int:
    """Return where the cue begins whose main word is unit ``v``: at “has not yet” in “has not yet
    said”."""
    start = v
    for n in range(v - 1, max(-1, v - 7), -1):
        if s.low[n] == "to":
            return n
        if s.low[n] in W.auxiliaries:
            start = n
        elif s.kind[n] != "w" or not is_adverb(s.low[n]):
            break
    return start


def before_cue(s: Sentence, v: int) -> int:
    """Return the unit that ends (exclusive) what stands before the cue’s helpers and adverbs."""
    n = v
    while (
        n > 0
        and v - n < 8
        and (s.low[n - 1] in W.auxiliaries or (s.kind[n - 1] == "w" and is_adverb(s.low[n - 1])))
    ):
        n -= 1
    return n


def noun_phrase_before(s: Sentence, end: int, verbs: frozenset[str]) -> tuple[int, int] | None:
    """Return the noun phrase that ends before unit ``end``, or None.

    Args:
        verbs: words that end the search, because they are likely verbs of another clause.
    """
    low, kind = s.low, s.kind
    n = end - 1
    floor = max(0, end - 26)
    while n >= floor:
        word, what = low[n], kind[n]
        if what in "N#":
            pass
        elif what == "w":
            if word in W.subjects and n == end - 1:
                return (n, end)
            if word in W.subjects or word in W.stops or (word == "that" and n < end - 2):
                break
            if word in verbs and n < end - 1 and not _is_nounish(s, n):
                break
        elif what == ")":
            opening = n
            while opening > max(floor, n - 10) and kind[opening] != "(":
                opening -= 1
            n = opening
        elif what not in "'%$#/":
            break
        n -= 1
    start = n + 1
    if n >= floor and low[n] in W.finite:  # “said it was late and Bo Lind said”
        joints = [m + 1 for m in range(start, end - 1) if low[m] in ("and", "but")]
        start = joints[-1] if joints and kind[joints[-1]] == "N" else start
    return _trim(s, start, end)


def _is_nounish(s: Sentence, n: int) -> bool:
    if n == 0:
        return False
    word = s.low[n - 1]
    return word in W.determiners or word.endswith("'s") or word == "of" or word == "'"


def _trim(s: Sentence, start: int, end: int) -> tuple[int, int] | None:
    """Take a leading “But”, “In a statement” or “On Monday” off a noun phrase."""
    low = s.low
    while start < end:
        word = low[start]
        if 0 < occasion(s, start) < end:
            start = occasion(s, start)
        elif word in W.conjunctions or word in W.prepositions or word in W.subordinators - {"that"}:
            start += 1
        elif word in ("last", "this", "next") and start < end - 2 and low[start + 1] in W.spells:
            start += 2
        elif start < end - 2 and low[start + 1] in ("later", "earlier", "before"):
            start += 2
        else:
            break
    return (start, end) if start < end else None


def subject(s: Sentence, v: int, verbs: frozenset[str]) -> tuple[int, int] | None:
    """Return the noun phrase that is the likely subject of the cue at unit ``v``, or None.

    What stands between commas after the name belongs to it: “Ada Obi, a farmer in Lund, said”.
    """
    end = before_cue(s, v)
    low, kind = s.low, s.kind
    if end == 0:
        return None
    last = end - 1
    word = low[last]
    if word in ("who", "which", "that"):
        return (last, end)
    if word in ("and", "but", "or", "to") or kind[last] in "Q;:.?!(~":
        return None
    if kind[last] in ",-":
        return _over_comma(s, end, verbs)
    found = noun_phrase_before(s, end, verbs)
    return _with_relative(s, found or (last, end), verbs) or found


def _with_relative(
    s: Sentence, found: tuple[int, int], verbs: frozenset[str]
) -> tuple[int, int] | None:
    """Return the whole subject where only the end of its clause was found: “The company that runs
    the ferries”, “A man who asked not to be named”."""
    low, kind = s.low, s.kind
    for n in range(found[0] - 1, max(0, found[0] - 10), -1):
        if kind[n] not in "wN#'" or low[n] in ("and", "but", "said"):
            return None
        if low[n] in ("who", "which", "that") and n + 1 < found[1]:
            verb = low[n + 1]
            if kind[n + 1] != "w" or verb in W.determiners or verb in W.subjects:
                return None
            if kind[n - 1] == "w" and low[n - 1] in verbs or low[n - 1] in W.subjects:
                return None
            phrase = noun_phrase_before(s, n, verbs)
            return (phrase[0], found[1]) if phrase else None
    return None


def _over_comma(s: Sentence, end: int, verbs: frozenset[str]) -> tuple[int, int] | None:
    """Return the subject before “…, a farmer in Lund,” or “…, in an interview,”."""
    low, kind = s.low, s.kind
    mark = kind[end - 1]
    n = end - 2
    floor = max(0, end - _REACH)
    found = None
    while n >= floor:
        if kind[n] == mark and n > 0:
            after = low[n + 1]
            phrase = noun_phrase_before(s, n, verbs)
            if phrase is None or phrase[0] == phrase[1]:
                break
            if kind[n + 1] in "wN#":
                adverbial = after in W.prepositions or after in ("when", "while", "though")
                adverbial = adverbial or (kind[n + 1] == "w" and after.endswith("ing"))
                found = phrase if adverbial else (phrase[0], end - 1)
            starts = phrase[0] == 0 or kind[phrase[0] - 1] in "Q-" or low[phrase[0] - 1] in W.joints
            if found and (starts or kind[phrase[0]] == "N"):
                break
        n -= 1
    return found


def noun_phrase_after(s: Sentence, start: int, verbs: frozenset[str]) -> tuple[int, int] | None:
    """Return the noun phrase that begins at unit ``start``, with what follows it between commas."""
    low, kind = s.low, s.kind
    size = len(s)
    n = start
    stop = min(size, start + _REACH)
    if n >= stop or kind[n] not in "wN#'Q$" or (kind[n] == "Q" and s.last[n] - s.first[n] > 5):
        return None
    if low[n] in W.subjects:
        return (n, n + 1)
    comma = False
    while n < stop:
        word, what = low[n], kind[n]
        if what == "w":
            if word in W.right_stops or (n > start and (word in _AFTER or occasion(s, n))):
                break
            if n > start and word.endswith("ing") and kind[n - 1] in "N,":
                break  # “Ada Obi standing in the rain”
        elif what == "N" and word in W.times and n > start and low[n - 1] not in ("the", "of"):
            break
        elif what == ",":
            if n + 1 >= stop or low[n + 1] in W.prepositions or comma and not _goes_on(s, n + 1):
                break
            comma = True
        elif what not in "N#'%$&/":
            break
        n += 1
    return (start, n) if n > start else None


def _goes_on(s: Sentence, n: int) -> bool:
    """Does a few words’ part of a title stand from unit n to the next mark: “…, Norland,”?"""
    m = n
    while m < min(len(s), n + 6) and (s.kind[m] == "N" or s.low[m] in ("and", "of", "the")):
        if s.low[m] in W.times:
            return False
        m += 1
    return n < m < len(s) and s.kind[m] in ",."


def occasion(s: Sentence, n: int) -> int:
    """Return where “in an interview”, “on Monday”, “at a rally” ends that begins at unit ``n``; 0
    where something else begins, such as a part of the name."""
    if s.low[n] not in W.prepositions or s.low[n] in ("of", "for", "to", "with"):
        return 0
    for m in range(n + 1, min(len(s), n + 6)):
        if s.low[m] in W.times or s.low[m] in W.occasions:
            return m + 1
        if s.kind[m] not in "wN#":
            break
    return 0


def last_clause(s: Sentence, end: int) -> int:
    """Return where the last clause before unit ``end`` begins that has a subject of its own: after
    a semicolon, or “…, but it …”."""
    for n in range(end - 3, max(0, end - LONGEST), -1):
        if s.kind[n] == ";":
            return n + 1
        if s.kind[n] == "," and s.low[n + 1] in ("and", "but"):
            if s.low[n + 2] in W.subjects | W.determiners or s.kind[n + 2] == "N":
                return n + 2
    return 0


def speaks(s: Sentence, units: tuple[int, int]) -> bool:
    """Can this phrase before a colon be somebody: a name, or a word for people and bodies?"""
    last = units[1] - 1
    word = s.low[last]
    if s.kind[last] == "N":
        return units[1] - units[0] > 1 or word not in W.no_names
    return word in W.speaking_nouns or word.removesuffix("s").endswith(_OF_PEOPLE)
