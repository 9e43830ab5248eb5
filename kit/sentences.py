"""Where sentences end: nltk's Punkt with abbreviations of our own, and no trained model.

Punkt (Kiss & Strunk 2006, https://doi.org/10.1162/coli.2006.32.4.485) decides by three lists:
abbreviations, words that often start a sentence, and pairs that belong together. Its trained
lists are a download; these few are written here. What Punkt then still splits wrongly, inside
a quotation or before a small letter, is joined again.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["find_sentences"]

# Lower case, without the last full stop, as Punkt wants them.
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms mx dr prof rev hon st sr jr messrs
    gen lt col maj sgt capt cmdr adm brig pvt cpl
    sen rep gov pres amb sec dep asst min del
    u.s u.k u.n e.u u.a.e u.s.a d.c l.a n.y
    a.m p.m e.g i.e etc cf vs viz ca approx al
    jan feb mar apr jun jul aug sept oct nov dec
    mon tue tues wed thu thur thurs fri
    vol pp fig ch para
    inc ltd co corp bros llc plc est dept univ assn
    ave blvd rd mt ft
    """.split()
)
# Abbreviations that a sentence may well end with: it does if one of the starters follows.
_MAY_END = frozenset(
    "u.s u.k u.n e.u u.a.e u.s.a d.c l.a n.y a.m p.m etc inc ltd co corp jr sr".split()
)
_STARTERS = frozenset(
    """
    the a an this that these those it he she they we you i but and however in on at after before
    when while although as if for his her their its there both some many officials what who
    """.split()
)

_CLOSERS = "\"'”’»)]}"
_OPENERS = "\"'“‘«([{"
_LAST_TOKEN = re.compile(rf"(\S+?)\.[{re.escape(_CLOSERS)}]*\s*$")
_FIRST_TOKEN = re.compile(rf"\s*[{re.escape(_OPENERS)}]*([^\s{re.escape(_CLOSERS)},;:.]+)")


@cache
def _splitter():
    # Imported late: nltk takes half a second, and most cells never need a sentence.
    from nltk.tokenize.punkt import PunktLanguageVars, PunktParameters, PunktSentenceTokenizer

    class CurlyQuotes(PunktLanguageVars):
        # Punkt hands a closing mark back to the sentence it closes, but knows straight ones only.
        re_boundary_realignment = re.compile(
            rf"[{re.escape(_CLOSERS)}]+?(?:\s+|(?=--)|$)", re.MULTILINE
        )

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS - _MAY_END)
    return PunktSentenceTokenizer(parameters, lang_vars=CurlyQuotes())


def find_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of one block as ``(start, end)`` offsets into ``text``.

    The sentences cover everything but white space. A sentence never ends inside an abbreviation
    ("U.S. Navy", "Mr. Li"), and never before a small letter (“Will it last?” she asked).
    """
    spans = [_trim(text, a, b) for a, b in _splitter().span_tokenize(text)]
    spans = [span for span in spans if span[0] < span[1]]
    if not spans:
        return []
    joined = [(_trim(text, 0, len(text))[0], spans[0][1])]
    for start, end in spans[1:]:
        last_start, last_end = joined[-1]
        if _belongs_to_last(text[last_start:last_end], text[start:end]):
            joined[-1] = (last_start, end)
        else:
            joined.append((start, end))
    # Whatever Punkt left out at the end belongs to the last sentence.
    joined[-1] = (joined[-1][0], _trim(text, 0, len(text))[1])
    return joined


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _belongs_to_last(last: str, this: str) -> bool:
    first = _FIRST_TOKEN.match(this)
    if first is None or first.group(1)[0].islower():
        return True  # nothing but marks, or “…?” she asked
    token = _LAST_TOKEN.search(last[-200:])
    if token is None:
        return False
    word = token.group(1).lstrip(_OPENERS).casefold()
    if re.fullmatch(r"[^\W\d_]", word):
        return word != "i"  # an initial: J. Smith
    if word == "no":
        return first.group(1)[0].isdigit()  # No. 5
    if word not in _ABBREVIATIONS:
        return False
    return not (word in _MAY_END and first.group(1).casefold() in _STARTERS)
