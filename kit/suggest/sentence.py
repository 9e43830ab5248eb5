"""What the rules on expectation, issue and wording share: phrases in a sentence, and its clauses.

Everything here looks a fixed number of words ahead or back, so its time grows with the text and
no faster.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from kit.coding.codebook import Codebook
from kit.library.lexicon import Entry, Phrases, form, load
from kit.suggest import attribution
from kit.suggest.position import is_of_the_page
from kit.suggest.rule import Settings
from kit.text.article import Article, Sentence

__all__ = ["Clauses", "Voices", "phrases", "story"]

#: Where nobody is named, the reporter speaks.
REPORTER = "reporter"

_BREAK = re.compile(r"[,;:()\[\]–—!?]|--|\.\.\.|…")
_BREAKERS = frozenset(
    """
    but however although though while whereas because which who whom whose said says saying told
    added where since unless
    """.split()
)
#: An “and” before one of these, or one word before it, begins a clause of its own.
_SUBJECTS = frozenset("he she they it we i you said told there this that".split())
#: Words after which a new thought begins, where a rule asks for the shortest clause.
_AFTERTHOUGHTS = frozenset("after amid during following despite".split()) | {
    *("in order", "so as", "so that", "at a", "with a", "with the"),
}
_OPENING, _CLOSING = "“„«", "”»"


def phrases(name: str, settings: Settings) -> Phrases[Entry]:
    """Return the phrases of a word list, in the tiers in use; raises as ``lexicon.load``."""
    return Phrases((e.word, e) for e in load(name) if e.tier in settings.tiers)


class Clauses:
    """One sentence: its words, the phrases in it, and where its clauses end.

    Attributes:
        words: its words, in the form in which they are compared.
        found: the last word and the entry of each phrase, by its first word.
        question: whether it is a question.
    """

    def __init__(self, whole: str, sentence: Sentence, phrases: Phrases[Entry]):
        self._whole = whole
        self._places = sentence.words
        self.words = [form(whole[a:b]) for a, b in self._places]
        self.question = whole[sentence.start : sentence.end].rstrip("”’\"') ").endswith("?")
        bare = [word.removesuffix("'s") for word in self.words]
        self.found: dict[int, tuple[int, Entry]] = {}
        for n in range(len(self.words)):
            # “the ferry’s return” names the ferry; “let’s see” stands as it is in the list
            if found := phrases.at(self.words, n) or phrases.at(bare, n):
                self.found[n] = found

    def kinds(self, n: int) -> list[str]:
        """Return the kinds of the phrase that begins at word ``n``, parted by a slash in the
        list; none where no phrase begins."""
        return self.found[n][1].kind.split("/") if n in self.found else []

    def gap(self, n: int) -> str:
        """Return what stands between word ``n`` and the next."""
        if n + 1 >= len(self._places):
            return ""
        return self._whole[self._places[n][1] : self._places[n + 1][0]]

    def breaks(self, n: int) -> bool:
        """Say whether a clause ends after word ``n``: at a comma, a dash, a “but”, a “which”."""
        if n + 1 >= len(self.words):
            return True
        following = self.words[n + 1]
        if following == "and" and not _SUBJECTS.isdisjoint(self.words[n + 2 : n + 4]):
            return True
        return following in _BREAKERS or bool(_BREAK.search(self.gap(n)))

    def clause_end(self, n: int, most: int, *, short: bool = False) -> int:
        """Return the last word of the clause from word ``n`` on, ``most`` words on at most.

        ``short`` ends it before an afterthought too: “… after months of quarrels”, “in order to”.
        """
        last = n
        while last < n + most and not self.breaks(last):
            if short and self._afterthought(last + 1):
                break
            last += 1
        return last

    def _afterthought(self, n: int) -> bool:
        return self.words[n] in _AFTERTHOUGHTS or " ".join(self.words[n : n + 2]) in _AFTERTHOUGHTS

    def clause_start(self, n: int, most: int) -> int:
        """Return the first word of the clause before word ``n``, ``most`` words back at most."""
        first = n
        while first > 0 and first > n - most and not self.breaks(first - 1):
            first -= 1
        # “but the talks …”: the clause begins after the word that opens it.
        return first + 1 if first < n and self.words[first] in (_BREAKERS | {"that"}) else first

    def capitals(self, n: int) -> bool:
        """Say whether word ``n`` is all capitals: US, UN."""
        return self._whole[slice(*self._places[n])].isupper()

    def capital(self, n: int) -> bool:
        """Say whether word ``n`` begins with a capital letter."""
        return self._whole[self._places[n][0]].isupper()

    def surface(self, first: int, last: int) -> str:
        """Return these words as the article has them."""
        return self._whole[self._places[first][0] : self._places[last][1]]

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Return these words as offsets into the article; a quotation mark that they open is
        closed with them where it stands next to them."""
        start, end = self._places[first][0], self._places[last][1]
        inside = self._whole[start:end]
        after = re.match(r"[.,!?]?[”»]", self._whole[end : end + 2])
        opened = sum(map(inside.count, _OPENING)) - sum(map(inside.count, _CLOSING))
        if after and opened > 0:
            end += after.end()
        return start, end


def story(article: Article, phrases: Phrases[Entry]) -> Iterator[list[Clauses]]:
    """Yield the sentences of each block, without page furniture, and a block that stands twice
    only once: a headline that is printed again moves the reader no more."""
    seen: set[str] = set()
    for block in article.blocks:
        words = block.text.strip()
        if not is_of_the_page(words) and words not in seen:
            seen.add(words)
            yield [Clauses(article.text, sentence, phrases) for sentence in block.sentences]


class Voices:
    """Who speaks where, by the attributions that the kit's rules find.

    A speaker is called as the rules on attribution call them.
    """

    def __init__(self, article: Article, codebook: Codebook, settings: Settings):
        self._records = sorted(
            (span.start, span.end, record.fields["speaker"])
            for record in attribution.find(article, codebook, settings)
            for span in record.parts.get("content", ())
            if record.fields.get("speaker")
        )
        self._starts = [start for start, _, _ in self._records]

    def at(self, start: int, end: int) -> str:
        """Return who speaks the words ``[start, end)``: the middle of them, that is."""
        middle = (start + end) // 2
        place = bisect_right(self._starts, middle)
        for record in reversed(self._records[max(0, place - 5) : place]):
            if record[0] <= middle < record[1]:
                return record[2]
        return REPORTER
