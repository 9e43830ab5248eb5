"""The patterns without a verb: is sure that, according to, OBI: …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kit.suggest.attribution import phrases
from kit.suggest.attribution.edges import Edges, Guess, Units
from kit.suggest.attribution.phrases import is_adverb
from kit.suggest.attribution.tokens import Sentence, W

__all__ = ["Nouns"]


class Nouns(Edges):
    """Finds attributions by adjectives, phrases and colons."""

    def _adjective(self, s: Sentence, v: int) -> Guess | None:
        """Obi is confident that it will rain. Obi made clear that it will."""
        low, kind = s.low, s.kind
        n = v - 1
        while n > 0 and kind[n] == "w" and is_adverb(low[n]):
            n -= 1
        made = n if low[n] in ("made", "make", "makes") else v
        if n < 0 or (made == v and low[n] not in W.be) or low[v + 1 : v + 2] != ["that"]:
            return None
        source = phrases.subject(s, made, self.verbs) or self._last
        end = self._content_end(s, v, v + 2, "that", "finite")
        cue, content = (phrases.cue_start(s, made), v + 1), ((v + 2, end),)
        return Guess("adjective-that", low[v], source, cue, content) if end > v + 2 else None

    def _phrase(self, s: Sentence, v: int) -> Iterator[Guess]:
        """According to Ada Obi, it rained. — It rained, according to Ada Obi."""
        low, kind = s.low, s.kind
        for words, stands_for in self.several[low[v]]:
            if tuple(low[v : v + len(words)]) != words:
                continue
            after = v + len(words)
            source = phrases.noun_phrase_after(s, after, self.verbs)
            if source is None:
                continue
            cue = (v, after)
            if v < 6 and all(k in ",-." or w in W.conjunctions for k, w in zip(kind[:v], low)):
                source = self._short(s, source)
                start = source[1]
                end = self._content_end(s, v, start, "clause", "phrase")
            else:
                end = v
                start = phrases.last_clause(s, end)
            if end > start:
                yield Guess("according-to", stands_for, source, cue, ((start, end),), True)

    def _short(self, s: Sentence, source: Units) -> Units:
        """Return the source of “According to Ada Obi, a farmer, it rained” with its title only if
        a comma follows that too."""
        commas = [n for n in range(*source) if s.kind[n] == ","]
        if commas and not (source[1] < len(s) and s.kind[source[1]] == ","):
            return (source[0], commas[-1])
        return source

    def _colon(self, s: Sentence) -> Guess | None:
        """Obi: Bridge is closing — as headlines have it."""
        name = self._name_and_colon(s)
        if name is None or not phrases.speaks(s, name):
            return None
        short = name[1] - name[0] < 4 and len(s) > name[1] + 3
        if s.block > 0 and not (short and self._is_line(s)):
            return None
        return Guess("name-colon", ":", name, (name[1], name[1] + 1), ((name[1] + 1, len(s)),))

    def _is_line(self, s: Sentence) -> bool:
        """Is the sentence a line of its own without a full stop, as headlines are?"""
        page = self.page
        first = s.first[0] == 0 or s.first[0] - 1 in self._block_ends
        return first and s.last[-1] == page.ends[s.block] and s.kind[-1] not in ".?!"

    def turn(self, s: Sentence) -> Guess | None:
        """OBI: It is raining. — as a transcript has it"""
        name = self._name_and_colon(s)
        if name is None or not (self._capitals(s, name) or self._label(s, name) in self.labels):
            return None
        content = ((name[1] + 1, len(s)),)
        return Guess("transcript-turn", ":", name, (name[1], name[1] + 1), content, quote=True)

    def find_labels(self) -> set[str]:
        """Return what stands before a colon at the beginning of two paragraphs or more, as the
        names of speakers do in an interview."""
        counts = Counter(
            self._label(s, name)
            for s in self.page.sentences
            if s.first[0] == 0 or s.first[0] - 1 in self._block_ends
            if (name := self._name_and_colon(s)) and phrases.speaks(s, name)
        )
        return {label for label, count in counts.items() if count > 1}

    def _label(self, s: Sentence, units: Units) -> str:
        return " ".join(s.low[units[0] : units[1]])

    def _name_and_colon(self, s: Sentence) -> Units | None:
        low, kind = s.low, s.kind
        start = 0
        while start < len(s) and kind[start] in "'-":
            start += 1
        for n in range(start, min(len(s) - 1, 9)):
            if kind[n] == ":":
                return (start, n) if n > start else None
            if not (kind[n] == "N" or (low[n] in ("of", "the") and n > start)):
                return None
        return None

    def _capitals(self, s: Sentence, units: Units) -> bool:
        page = self.page
        return page.text[page.start[s.first[units[0]]] : page.end[s.last[units[1] - 1]]].isupper()
