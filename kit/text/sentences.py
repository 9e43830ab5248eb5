"""Where sentences end: a few rules that a reader can check, and no trained model.

The scanner walks from one stop to the next and asks three questions of each. What stands before
it: an abbreviation, an initial, the number of a list? What follows: a small letter, another stop,
a capital? And does a quotation end here whose speaker is only now named (“Is it over?” Vale
asked)? It reads each character a fixed number of times at most, so its time grows with the length
of the text and with nothing else.
"""

from __future__ import annotations

import re

# Lower case, without the last full stop. After these a name or a number follows, so the
# sentence goes on whatever the next word is.
_NEVER_END = frozenset(
    """
    mr mrs ms mx dr prof rev hon st messrs
    gen lt col maj sgt capt cmdr adm brig pvt cpl
    sen sens rep reps gov pres amb sec dep asst min del
    e.g i.e cf vs viz ca approx assoc
    vol pp fig figs eq ch para nos eds
    """.split()
)
# Abbreviations that a sentence may well end with: it does if one of the starters follows.
_MAY_END = frozenset(
    """
    a.m p.m al inc ltd co cos corp bros llc plc est dept univ assn jr sr esq ph.d
    jan feb mar apr jun jul aug sept oct nov dec
    mon tue tues wed thu thur thurs fri
    ave blvd rd mt ft
    """.split()
)
# Letters with stops between them (U.S., p.m., D.C.) are abbreviations that may end a sentence.
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_STARTERS = frozenset(
    """
    the a an this that these those it he she they we you i but and so however in on at after before
    by from with to of for during since until when while although though as if his her their its
    our my your there here both some many most all no not what who how why where once then now
    also yet still officials
    """.split()
)
# Who may be named after a quotation that ends in “?” or “!”.
_ASKED = frozenset(
    """
    said says say asked asks ask added replied wrote wondered cried shouted told exclaimed answered
    whispered called joked quipped tweeted demanded
    """.split()
)

_STOPS = ".!?…؟۔।"
_WIDE_STOPS = "。！？"  # no space follows these
_CLOSERS = "\"'”’»)]}」』）"
_OPENERS = "\"'“‘«‹([{¿¡*_"
_CLOSING_MARKS = "\"'”’»"

# Every pattern ends in a possessive repeat or a bounded one: none can go back over its steps.
# The second kind of place is where a picture's credit begins: … on 4 May  Photo: The Post.
_RUN = re.compile(
    rf"[{re.escape(_STOPS + _WIDE_STOPS)}][{re.escape(_STOPS + _WIDE_STOPS + _CLOSERS)}]*+"
    r"|(?<=\s)(?=(?:Image|Photo|Photograph|Picture|Credit)s?: [^\W\d_])"
)
# What stands behind the stop and still belongs to the sentence: [4], […], a stray closing mark.
_TAIL = re.compile(
    r"(?:\s*+(?:\[(?:\d{1,4}|[a-z]|…|\.\.\.|note \d{1,3}|citation needed)\]))++"
    rf"|\s++[”»)\]}}][{re.escape(_STOPS + _CLOSERS)}]*+(?=\s|$)"
)
_NEXT = re.compile(
    rf"\s*+(?:[{re.escape(_OPENERS)}]\s?)*+([^\s{re.escape(_CLOSERS)},;:.]{{1,40}})(\.?)"
)
_NUMBER = re.compile(r"(?:\d{1,3}\.){0,4}\d{1,3}|[ivxIVX]{1,4}")
_CREDIT = re.compile(r"\s*+\((?:credit|photo|image|source|http)")
_WORD_BEFORE = 40  # characters: no abbreviation is longer


def find_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of one block as ``(start, end)`` offsets into ``text``.

    The sentences cover everything but white space. A sentence never ends inside an abbreviation
    ("U.S. Navy", "Mr. Li"), and never before a small letter (“Will it last?” she asked). Any
    text has an answer, and the time taken grows in step with its length.
    """
    start = _past_blanks(text, 0)
    stop = len(text.rstrip())
    sentences = []
    place = start
    while (run := _RUN.search(text, place, stop)) is not None:
        if not run.group():
            if run.start() > start:
                sentences.append((start, start + len(text[start : run.start()].rstrip())))
                start = run.start()
            place = run.start() + 1
            continue
        tail = _TAIL.match(text, run.end(), stop)
        place = tail.end() if tail else run.end()
        if place < stop and _ends(text, start, run, place):
            sentences.append((start, place))
            start = place = _past_blanks(text, place)
    if start < stop:
        sentences.append((start, stop))
    return sentences


def _past_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _ends(text: str, start: int, run: re.Match[str], end: int) -> bool:
    """Say whether the sentence from ``start`` ends with this run of stops; ``end`` is after it."""
    stops = [mark for mark in run.group()[:9] if mark in _STOPS + _WIDE_STOPS]
    if stops[-1] in _WIDE_STOPS:
        return True
    if not text[end].isspace():
        return False  # 4.5, example.org
    following = _NEXT.match(text, end)
    if following is None:
        return False  # nothing but marks, or another stop: . . .
    first = following.group(1)
    small = first[0].islower() and not first[1:2].isupper()  # but: iPads sold out
    if small and not _CREDIT.match(text, end):
        return False
    if stops == ["."] and not _full_stop_ends(text, start, run.start(), following):
        return False
    asked = stops[-1] in "?!" and run.group()[-1] in _CLOSING_MARKS
    return not (asked and _names_the_speaker(text, following))


def _full_stop_ends(text: str, start: int, at: int, following: re.Match[str]) -> bool:
    """Say whether the full stop at ``at`` is more than the end of an abbreviation."""
    pieces = text[max(start, at - _WORD_BEFORE) : at].split()
    if not pieces or text[at - 1].isspace():
        return True
    word = pieces[-1].lstrip(_OPENERS)
    if len(pieces) == 1 and at - start <= len(word) + 2 and _NUMBER.fullmatch(word):
        return False  # 1. The first point of a list
    low, first = word.casefold(), following.group(1)
    # A capitalised word that begins sentences; not an initial (A. Smith), nor a shouted headline.
    starter = first.casefold() in _STARTERS and first == first.capitalize()
    starter = starter and not (len(first) == 1 and following.group(2))
    if len(word) == 1 and word.isalpha():
        return word == "I" or (starter and word.isupper())  # J. Smith; plan B. He
    if low == "no":
        return not first[0].isdigit()  # No. 5
    if low in _NEVER_END:
        return False
    if low in _MAY_END or _DOTTED.fullmatch(low):
        return starter
    return True


def _names_the_speaker(text: str, following: re.Match[str]) -> bool:
    """Say whether a name and a verb of speaking follow: “Is it over?” Mayor Vale asked."""
    words = text[following.start() : following.start() + 80].split()[:6]
    for n, word in enumerate(words):
        if word.strip(",.;:") in _ASKED:
            return n > 0 or word.islower()
        if not (word[0].isupper() or (n and word in ("the", "of", "de", "von", "van", "al"))):
            return False
    return False
