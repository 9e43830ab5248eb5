"""Where the words that somebody says begin and end: what all patterns share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kit.suggest.attribution import phrases
from kit.suggest.attribution.phrases import LONGEST, is_adverb
from kit.suggest.attribution.tokens import Page, Sentence, W

__all__ = ["Edges", "Guess", "Units"]

Units = tuple[int, int]


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


class Edges:
    """Finds the edges of clauses; the other patterns are built on it."""

    page: Page
    classes: Mapping[str, str]
    bases: Mapping[str, str]
    several: dict[str, list[tuple[tuple[str, ...], str]]]
    verbs: frozenset[str]
    said: frozenset[str]
    #: the last token of each paragraph, and what stands before turns of an interview
    _block_ends: frozenset[int]
    labels: set[str]
    #: the last subject of a verb that reports in this sentence
    _last: Units | None = None
    #: is the cue’s subject “who” or “which”? does its clause stand before the main one?
    _relative = _fronted = False
    #: where the next quotation’s own words may begin
    _floor = 0

    def _base(self, s: Sentence, v: int) -> str:
        return self.bases.get(s.low[v], s.low[v])

    def _main(self, s: Sentence, v: int) -> Units | None:
        """Return the subject of the sentence that unit v belongs to."""
        low, kind = s.low, s.kind
        size = len(s)
        n = 0
        while n < size and (kind[n] in ",-'" or low[n] in W.conjunctions):
            n += 1
        n += kind[n : n + 1] == ["Q"]
        if n >= size:
            return None
        fronted = low[n] in W.prepositions | W.subordinators or low[n].endswith("ing")
        if fronted or (kind[n] in "wN" and is_adverb(low[n])):
            if "," not in kind[n : n + 30]:
                return None
            n = kind.index(",", n) + 1
        m = n
        while m < min(size, n + 25):
            if kind[m] in ",;:.?!-(Q" or low[m] in W.finite:
                break
            if m > n and kind[m] == "w" and (low[m] in self.verbs or low[m].endswith("ed")):
                break
            m += 1
        if m - n > 14 or m == n or low[n].endswith("ing"):
            return None
        return (n, m)

    def _is_clause(self, s: Sentence, m: int) -> bool:
        """Does a clause with a verb of its own begin at unit m?"""
        low, kind = s.low, s.kind
        if low[m] in ("he", "she", "they", "we", "i", "there", "it's", "he's", "she's", "they're"):
            return True
        for n in range(m, min(len(s), m + 14)):
            word = low[n]
            if kind[n] in ",;:.?!-(" or word in W.relatives and n > m:
                return False
            if n > m and word in W.subjects and low[n - 1] not in W.prepositions:
                return False  # “the worst recession he had seen”: one phrase
            if n > m and word in W.finite:
                return low[n - 1] not in ("to", "and", "or")
        return False

    def _is_fronted(self, s: Sentence, n: int) -> bool:
        """Does a clause such as “While Obi said …,” begin the sentence before unit n?"""
        if n == 0 or s.low[n - 1] not in W.fronts:
            return False
        return n == 1 or s.kind[n - 2] in ",-" or s.low[n - 2] in W.conjunctions

    def _content_end(
        self, s: Sentence, v: int, m: int, shape: str, form: str, source: Units | None = None
    ) -> int:
        """Return where what is attributed ends that begins at unit m."""
        low, kind = s.low, s.kind
        self._relative = source is not None and low[source[0]] in W.relatives
        self._fronted = source is not None and self._is_fronted(s, source[0])
        size = len(s)
        n = m
        stop = min(size, m + LONGEST)
        clause = shape in ("that", "clause", "colon", "question")
        depth = 0
        while n < stop:
            what = kind[n]
            if what == "(":
                depth += 1
            elif what == ")":
                if depth == 0:
                    break
                depth -= 1
            elif what == ";" and not clause:
                break
            elif what in ",-" and n > m and n + 1 < size and depth == 0:
                if self._breaks(s, n, clause, v, shape):
                    break
            elif what == "Q" and n + 2 < size and self._ending(s, n) == ",":
                if self._breaks(s, n, clause, v, shape):
                    n += 1
                    break
            elif (
                n > m
                and not clause
                and what == "w"
                and low[n] in ("while", "when", "after", "because", "but", "although", "before")
            ):
                break
            elif what == "w" and low[n] in ("and", "but") and n > m and n + 1 < size:
                if self._resumes(s, n + 1, v, form) or self._another(s, n + 1):
                    break
            elif self._relative and n > m and what == "w" and self._returns(s, n):
                break
            n += 1
        while n > m and kind[n - 1] in ",;:-.":
            n -= 1
        return n

    def _breaks(self, s: Sentence, n: int, clause: bool, v: int, shape: str) -> bool:
        """Does the comma at unit n end what is attributed?"""
        low, kind = s.low, s.kind
        after = low[n + 1]
        if after in W.goes_on:
            return True
        if after in ("and", "but") and n + 2 < len(s):
            if low[n + 2] in W.subjects or self._resumes(s, n + 2, v, "finite"):
                return True
        if after in ("although", "though") and n + 2 < len(s) and low[n + 2] in W.subjects:
            return True
        if self._fronted and (
            after in W.subjects or after in W.determiners or kind[n + 1] == "N" or after == "there"
        ):
            return True
        if self._relative and (after in W.finite or kind[n + 1] == "w" and after in self.verbs):
            return True
        if not clause:
            if after in W.ends_phrase or (after.endswith("ing") and kind[n + 1] == "w"):
                return True
            if kind[n + 1] == "N" and not (n + 2 < len(s) and kind[n + 2] in ",."):
                return True
        return False

    def _another(self, s: Sentence, n: int) -> bool:
        """Does “and Bo Lind said” begin at unit n?"""
        low, kind = s.low, s.kind
        m = n
        while m < min(len(s), n + 3) and kind[m] == "N":
            m += 1
        return n < m < len(s) and kind[m] == "w" and low[m] in self.said and low[m] in W.firm

    def _returns(self, s: Sentence, n: int) -> bool:
        """Is unit n the verb of the main clause, after “A man who asked not to be named”?"""
        before = s.low[n - 1]
        return s.low[n] in W.firm and before not in W.subjects | W.auxiliaries | W.conjunctions | {
            "to"
        }

    def _resumes(self, s: Sentence, n: int, v: int, form: str) -> bool:
        """Does “and added that” begin at unit n, with the same subject as the cue at v?"""
        low, kind = s.low, s.kind
        while n + 1 < len(s) and kind[n] == "w" and is_adverb(low[n]):
            n += 1
        if kind[n] != "w":
            return False
        word, cue = low[n], low[v]
        if word not in self.said or form == "inf":
            return False
        if cue.endswith("ing"):
            present = any(low[k] in ("is", "are", "'re") for k in range(max(0, v - 3), v))
            return word.endswith("s") if present else word.endswith("ing")
        if word.endswith("ing") or cue == self._base(s, v):
            return False
        return word.endswith("s") == cue.endswith("s")

    def _skip_times(self, s: Sentence, m: int) -> int:
        """Step over “on Monday”, “in a statement”, “Friday”."""
        low = s.low
        size = len(s)
        for _ in range(3):
            if m < size and low[m] in W.times:
                m += 1
            elif (
                m + 2 < size
                and low[m] in ("at", "on", "by")
                and low[m + 1] == "the"
                and low[m + 2] in W.spells
            ):
                m += 3
            elif m + 1 < size and low[m] in ("this", "last", "that") and low[m + 1] in W.spells:
                m += 2
            elif m < size and low[m] not in ("against", "about", "as"):
                m = phrases.occasion(s, m) or m
        return m

    def _nominal(self, s: Sentence, v: int) -> bool:
        """Is the word a noun here? “his claim”, “the claims of”, “a plan to”"""
        n = v - 1
        low, kind = s.low, s.kind
        if n < 0:
            return False
        word = low[n]
        if word in ("that", "who", "which", "all", "both", "to") or word in W.modals:
            return False
        return (
            word in W.determiners | W.prepositions | {"'"}
            or word.endswith("'s")
            or word.endswith(("al", "ive", "ic", "ous", "ful", "able", "ed", "ing"))
            and kind[n] == "w"
            and word not in self.verbs
        )

    def _inverted(self, s: Sentence, v: int) -> Guess | None:
        """The bridge is closed, said Ada Obi."""
        if v < 3 or s.kind[v - 1] not in ",-" or s.low[v] not in self.said or v + 1 >= len(s):
            return None
        source = phrases.noun_phrase_after(s, v + 1, self.verbs)
        if source is None:
            return None
        cue, content = (v, v + 1), ((0, v - 1),)
        return Guess("clause-verb-name", self._base(s, v), source, cue, content, True)

    def _ending(self, s: Sentence, u: int) -> str:
        """Return the kind of the last mark inside a quotation."""
        kind = self.page.kind
        n = s.last[u]
        while n > s.first[u] and kind[n] in "q'":
            n -= 1
        return kind[n]
