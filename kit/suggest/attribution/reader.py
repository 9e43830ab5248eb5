"""The patterns of the attribution rules, over one text: who, by which words, says what.

Each method finds one kind of pattern and returns a :class:`Guess`. What to keep of them is
decided in :mod:`kit.suggest.attribution`.
"""

from __future__ import annotations

from kit.suggest.attribution.cues import Cues
from kit.suggest.attribution.edges import Guess, Units
from kit.suggest.attribution.nouns import Nouns
from kit.suggest.attribution.phrases import LONGEST
from kit.suggest.attribution.quotes import Quotes
from kit.suggest.attribution.tokens import Page, Sentence, W
from kit.suggest.attribution.verbs import Verbs

__all__ = ["Guess", "Reader"]


class Reader(Quotes, Verbs, Nouns):
    """Reads sentences with a list of cues.

    Args:
        page: the text, cut up.
        cues: the words that report.
    """

    def __init__(self, page: Page, cues: Cues):
        self.page = page
        self.classes, self.bases, self.verbs = cues.classes, cues.bases, cues.verbs
        self.several: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for words, stands_for in cues.several.items():
            self.several.setdefault(words[0], []).append((words, stands_for))
        self.said = page.verbs
        self._block_ends = frozenset(page.ends)
        self.labels = self.find_labels()

    def read(self, s: Sentence) -> list[Guess]:
        """Return what one sentence holds, in no particular order."""
        guesses: list[Guess] = []
        used: set[int] = set()  # units of cues that a quotation has claimed
        taken: set[int] = set()  # quotations that belong to somebody
        self._last: Units | None = None
        self._floor = 0  # where the next quotation’s own words may begin
        kind, low = s.kind, s.low
        for u in range(len(s)):
            if kind[u] == "Q" and u not in taken:
                first, second = self._quote_before, self._quote_after
                if u > 1 and low[u - 2] in self.said and kind[u - 1] in ",:":
                    first, second = second, first
                guess = first(s, u, used) or second(s, u, used)
                if guess:
                    guesses.append(guess)
                    ends = [end for _, end in (*guess.content, guess.cue)]
                    self._floor = max(*ends, guess.source[1] if guess.source else 0)
                    taken.update(n for a, b in guess.content if b - a < 40 for n in range(a, b))
        classes = self.classes
        title = _is_title(s)
        for v in range(len(s)):
            word = low[v]
            if v in used or kind[v] == "Q":
                continue
            if word in self.several:
                guesses += self._phrase(s, v)
            what = classes.get(word)
            if what is None or kind[v] not in "wN":
                continue
            if kind[v] == "N" and v > 0 and not title:
                continue
            if what == "adjective":
                guess = self._adjective(s, v)
            elif what == "noun" or (word in W.nouns and self._nominal(s, v)):
                guess = None  # “her claim that …”: such words report too seldom
            else:
                guess = self._verb(s, v, what)
            if guess:
                guesses.append(guess)
        if not guesses:
            guess = self._colon(s)
            if guess:
                guesses.append(guess)
        # Nobody’s sentence is as long as that; and it keeps the work in proportion to the text.
        return [g for g in guesses if _span(g) <= LONGEST]


def _span(g: Guess) -> int:
    units = [*g.content, g.cue, g.source or g.cue]
    return max(b for _, b in units) - min(a for a, _ in units)


def _is_title(s: Sentence) -> bool:
    """Is this set in capitals as a headline is?"""
    words = [k for k, w in zip(s.kind[:40], s.low[:40]) if k in "wN" and len(w) > 3]
    return len(words) > 2 and words.count("N") >= 0.75 * len(words)
