"""Cutting a text into words, quotations and sentences for the attribution rules.

Everything is done in one walk from left to right and never looks far ahead, so that the time is
in proportion to the length, whatever the text. Damage is lived with: a quotation that is never
closed ends with its paragraph, one that is never opened begins with its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from kit.suggest.rule import known

__all__ = ["KNOWN", "LAYER", "W", "Page", "Sentence"]

LAYER = "attribution"
KNOWN = known(LAYER)
#: The lists of small words, by name.
W = KNOWN.words
_ABBREVIATIONS = "|".join(sorted(W.abbreviations))
_TOKEN = re.compile(
    rf"""
    (?P<abbreviation>(?:[^\W\d_]\.){{2,}}|\b(?:{_ABBREVIATIONS})\.|\b[A-HJ-Z]\.(?=\s+[A-Z]))
    |(?P<word>\w+(?:(?:['’&/@‑-](?=\w)|[.](?=[a-z\d])|,(?=\d\d\d))\w+)*)
    |(?P<quote>[“”„‟«»"＂「」『』]|''|``|’’|‘‘)
    |(?P<single>[‘’'])
    |(?P<dots>\.\.+|…|\.\ \.\ \.)
    |(?P<dash>--+|[—–―]+|-(?=\s))
    |(?P<mark>[^\s\w])
    """,
    re.VERBOSE,
)
_ENDS = frozenset(".?!")
_OPENING = ("„", "「", "『", "``", "‘‘")
_KINDS = {"quote": "q", "single": "'", "dots": "~", "dash": "-"}
# How many tokens may lie between single quotation marks.
_SINGLE = 80
_AHEAD = 22


class Sentence:
    """A sentence as units: words, marks, and whole quotations (kind ``Q``), in parallel lists.

    Attributes:
        low: each unit's text in small letters; of a quotation, a single mark.
        kind: ``w`` word, ``N`` word with a capital, ``#`` number, ``Q`` quotation, ``-`` dash,
            ``~`` dots, or the mark itself.
        first, last: each unit's first and last token.
        block: number of its block.
    """

    __slots__ = ("block", "first", "kind", "last", "low")

    def __init__(self, block: int):
        self.block = block
        self.low: list[str] = []
        self.kind: list[str] = []
        self.first: list[int] = []
        self.last: list[int] = []

    def __len__(self) -> int:
        return len(self.low)

    def add(self, low: str, kind: str, first: int, last: int) -> None:
        self.low.append(low)
        self.kind.append(kind)
        self.first.append(first)
        self.last.append(last)


class Page:
    """A text cut up.

    Args:
        text: the whole text.
        blocks: where its paragraphs lie in it, as ``(start, end)``.
        verbs: words in small letters that may follow a quotation: "said".
        instead: words in small letters that are read as others: “mentioned” as “said”.
    """

    def __init__(
        self,
        text: str,
        blocks: Iterable[tuple[int, int]],
        verbs: frozenset[str],
        instead: Mapping[str, str],
    ):
        self.text = text
        self.verbs = verbs
        self.instead = instead
        self.start: list[int] = []
        self.end: list[int] = []
        self.low: list[str] = []
        self.kind: list[str] = []
        #: quotations as ``(first token, last token)`` by first token
        self.quotes: dict[int, int] = {}
        #: the tokens that stand in quotations, marks included
        self.quoted: set[int] = set()
        #: first tokens of quotations that have no closing mark
        self.open: set[int] = set()
        self.sentences: list[Sentence] = []
        #: the last token of each paragraph
        self.ends: list[int] = []
        for number, (start, end) in enumerate(blocks):
            first = len(self.start)
            self._cut(start, end)
            self.ends.append(len(self.start) - 1)
            self._find_quotes(first, len(self.start))
            self.sentences += self._split(first, len(self.start), number)

    def _cut(self, start: int, end: int) -> None:
        starts, ends, lows, kinds = self.start, self.end, self.low, self.kind
        instead = self.instead
        for match in _TOKEN.finditer(self.text, start, end):
            group, word = match.lastgroup, match.group()
            starts.append(match.start())
            ends.append(match.end())
            if group == "word":
                letter = word[0]
                low = word.lower().replace("’", "'")
                if word == "May" and kinds and kinds[-1] in "wN#":
                    low = "may."  # the month
                lows.append(instead.get(low, low) if instead else low)
                kinds.append("N" if letter.isupper() else "#" if letter.isdigit() else "w")
            elif group == "abbreviation":
                lows.append(word.lower())
                kinds.append("N" if word[0].isupper() else "w")
            else:
                lows.append(word)
                kinds.append(_KINDS.get(group or "", word))

    # -- quotations ----------------------------------------------------------------------------

    def _find_quotes(self, first: int, stop: int) -> None:
        opened, begin = -1, first
        kind, low = self.kind, self.low
        n = first
        while n < stop:
            if kind[n] == "q":
                if self._opens(n, first, stop, opened):
                    if opened >= 0:
                        self._keep(opened, n - 1, closed=False)
                    opened = n
                elif opened >= 0:
                    self._keep(opened, n, closed=True)
                    opened, begin = -1, n + 1
                elif begin < n and n - begin < _SINGLE * 4:
                    self._keep(begin, n, closed=True)
                    begin = n + 1
            elif opened < 0:
                if kind[n] in _ENDS:
                    begin = n + 1
                elif kind[n] == "'" and low[n] in "‘'":
                    end = self._single(n, first, stop)
                    if end:
                        self._keep(n, end, closed=True)
                        n, begin = end, end + 1
            n += 1
        if opened >= 0 and not (opened == first and self._is_turn(opened, stop)):
            end = self._forgotten(opened, first, stop)
            self._keep(opened, end or stop - 1, closed=bool(end))

    def _forgotten(self, n: int, first: int, stop: int) -> int:
        """Return where a closing mark was forgotten, or 0: before “…, Ada Obi said.”; or, of a few
        words in a sentence (“she called it “a joke and left.”), the end of that."""
        inside = n > first and self.kind[n - 1] == "w" and self.kind[n + 1 : n + 2] == ["w"]
        for m in range(n + 3, stop - 2):
            if inside and self.kind[m] == "." and self.kind[m + 1] == "N":
                return m
            if self.kind[m] in ",?!" and self.kind[m + 1] == "N":
                if self._attribution_ahead(m + 1, stop, "."):
                    return m
            elif self.kind[m] in ",?!" and self.low[m + 1] in self.verbs:
                end = m + 2
                while end < stop and self.kind[end] == "N":
                    end += 1
                if end > m + 2 and end < stop and self.kind[end] == ".":
                    return m  # “…, said Ada Obi.”
        return 0

    def _is_turn(self, n: int, stop: int) -> bool:
        """Is this “OBI: …”, a turn in a transcript that is quoted as a whole?"""
        for m in range(n + 1, min(stop, n + 5)):
            if self.kind[m] == ":":
                return m > n + 1
            if not self.text[self.start[m] : self.end[m]].isupper():
                return False
        return False

    def _keep(self, first: int, last: int, closed: bool) -> None:
        if last > first:
            self.quotes[first] = last
            self.quoted.update(range(first, last + 1))
            if not closed:
                self.open.add(first)

    def _opens(self, n: int, first: int, stop: int, opened: int) -> bool:
        if self.low[n] in _OPENING:
            return True
        if opened >= 0 or self.low[n] in "」』":
            return False
        space_before = n == first or self.start[n] > self.end[n - 1] or self.kind[n - 1] in "([-"
        space_after = (
            n + 1 == stop or self.start[n + 1] > self.end[n] or self.kind[n + 1] in ".,;:!?)]-"
        )
        return space_before or not space_after

    def _single(self, n: int, first: int, stop: int) -> int:
        """Return the token that closes what a single mark opens, or 0."""
        if n > first and self.start[n] == self.end[n - 1] and self.kind[n - 1] not in "([-":
            return 0
        if n + 1 >= stop or self.start[n + 1] > self.end[n] or self.kind[n + 1] == "#":
            return 0
        maybe = 0
        within = n + 1  # after the last double quotation inside
        for m in range(n + 1, min(stop, n + _SINGLE)):
            if m < within:
                continue
            if self.kind[m] == "q":
                inner = self.kind.index("q", m + 1) if "q" in self.kind[m + 1 : n + _SINGLE] else 0
                if not inner or inner >= stop:
                    break
                within = inner + 1
            if self.kind[m] != "'" or m < n + 2:
                continue
            if self.low[m] == "‘":
                break
            if self.start[m] > self.end[m - 1]:
                continue
            if m + 1 < stop and self.start[m + 1] == self.end[m] and self.kind[m + 1] in "wN#":
                continue
            if self.kind[m - 1] in ".,?!" or self.kind[m - 1] == "q":
                return m
            if within > n + 1:
                continue  # past a whole quotation only to “…,’”
            maybe = maybe or m
            after = self.kind[m + 1] if m + 1 < stop else "."
            if self.low[m - 1][-1:] != "s" or after not in "wN":
                return m  # not a plural’s possessive
        return maybe

    # -- sentences -----------------------------------------------------------------------------

    def _split(self, first: int, stop: int, block: int) -> Iterator[Sentence]:
        kind, low, quotes = self.kind, self.low, self.quotes
        sentence = Sentence(block)
        n = first
        while n < stop:
            last = quotes.get(n)
            if last is not None:
                sentence.add('"', "Q", n, last)
                n = last + 1
                if n < stop and self._quote_ends_sentence(last, n, stop):
                    yield sentence
                    sentence = Sentence(block)
                continue
            what = kind[n]
            if what == "q" or (what == "." and n + 1 < stop and kind[n + 1] == ")"):
                what = "'"  # a stray mark, or the full stop of an abbreviation: (D-Wis.)
            sentence.add(low[n], what, n, n)
            n += 1
            if what in _ENDS and (n >= stop or kind[n] not in "w,;:)?!."):
                yield sentence
                sentence = Sentence(block)
        if len(sentence):
            yield sentence

    def _quote_ends_sentence(self, last: int, n: int, stop: int) -> bool:
        end = last - 1 if self.kind[last] in "q'" else last
        if self.kind[end] in "q'" and end > 0:
            end -= 1
        kind_of_end = self.kind[end]
        if kind_of_end not in ".?!~)" or self.kind[n] in "w,;:-.?!)":
            return False
        return n in self.quotes or not self._attribution_ahead(n, stop, kind_of_end)

    def _attribution_ahead(self, n: int, stop: int, mark: str) -> bool:
        """Does “Name (…) said” follow, with nothing else between?"""
        if self.low[n] in ("he", "she", "they", "it") and mark == ".":
            return False
        for m in range(n, min(stop, n + _AHEAD)):
            if self.low[m] in self.verbs:
                if m == n or m + 1 >= stop:
                    return m > n
                if mark == ".":
                    return self.kind[m + 1] == "."
                return self.kind[m + 1] in ".,:" or self.low[m + 1] in W.after_verb
            abbreviated = self.kind[m : m + 2] == [".", ")"]
            if (self.kind[m] not in "wN#,'()-q" and not abbreviated) or self.low[m] in W.breaks:
                return False
        return False
