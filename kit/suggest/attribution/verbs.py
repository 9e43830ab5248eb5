"""The patterns around a verb that reports: said that, vowed to, called for, is expected to."""

from __future__ import annotations

from kit.suggest.attribution import phrases
from kit.suggest.attribution.edges import Edges, Guess, Units
from kit.suggest.attribution.phrases import is_adverb
from kit.suggest.attribution.tokens import Sentence, W

__all__ = ["Verbs"]

_SPEAKING = frozenset("say ask grant claim think vow judge order seem".split())
# Small words after a cue that belong to the content.
_STAYS = frozenset("not never all".split())
_PLAIN_AFTER = frozenset("that to not never".split())
# What begins no clause of its own, and ends no subject.
_NO_SUBJECT = W.prepositions | W.conjunctions | W.subordinators
_HIDDEN = (["named"], ["identified"], ["quoted"])
_STEPS = frozenset("following regarding concerning".split())
_SHAPES = {
    "that": "clause",
    "clause": "clause",
    "question": "clause",
    "colon": "clause",
    "to": "to",
    "object": "object",
    "preposition": "object",
    "rest": "object",
}


class Verbs(Edges):
    """Finds attributions by verbs."""

    def _verb(self, s: Sentence, v: int, what: str) -> Guess | None:
        low, kind = s.low, s.kind
        word, base = low[v], self._base(s, v)
        size = len(s)
        n = v - 1
        while n > 0 and kind[n] == "w" and is_adverb(low[n]):
            n -= 1
        helper = low[n] if n >= 0 else ""
        be = helper in W.be or (helper.endswith(("'re", "'m")) and helper not in W.subjects)
        if word.endswith("ing") and not be:
            form = "ing"
        elif be and not word.endswith("ing"):
            form = "passive"
        elif helper == "to":
            form = "inf"
        else:
            form = "finite"
            if kind[v] == "N" and v == 0:
                return None
        # what comes after
        m = v + 1
        begin = phrases.cue_start(s, v)
        if low[m : m + 2] == ["as", "saying"] and m + 2 < size:  # “was quoted as saying”
            shape = "that" if low[m + 2] == "that" else "clause"
            return self._make(s, v, "finite", shape, (begin, m + 2), m + 2 + (shape == "that"))
        if word == "saying" and v > 1 and low[v - 1] == "as":
            return None
        particle = m < size and low[m] in ("out", "forth", "up", "down", "off")
        m += particle
        while m < size and kind[m] == "w" and is_adverb(low[m]) and low[m] not in _STAYS:
            m += 1
        cue_end = m if particle else v + 1
        if base == "say" and low[m : m + 1] in (["no"], ["yes"]):
            if m + 1 == size or kind[m + 1] in ".,":
                return self._make(s, v, form, "clause", (begin, cue_end), m)
        if kind[v - 1] == "," and form == "finite" and m < size and v > 2 and kind[m] in "wN":
            if kind[m] == "N" or low[m] in W.determiners or low[m] in ("he", "she"):
                inverted = self._inverted(s, v) if base in W.plain_saying else None
                if inverted and inverted.source and self._stands_alone(s, m, inverted.source):
                    return inverted
        if base in W.tell and m < size and low[m] not in W.questions | _PLAIN_AFTER:
            m = self._recipient(s, m) or m
        m = self._skip_times(s, m)
        if m >= size or kind[m] in ".?!;),-":
            return self._trailing(s, v, what, form, cue_end, m)
        if what in ("say", "grant", "claim") and (low[m] in W.prepositions or low[m] in _STEPS):
            m = self._skip_to_that(s, m)
        after = low[m]
        cue = (begin, cue_end)
        if after == "that" and m + 1 < size and low[m + 1] not in W.finite:
            return self._make(s, v, form, "that", cue, m + 1)
        if after in W.questions and kind[m] == "w":
            return self._make(s, v, form, "question", cue, m)
        if after in ("not", "never") and low[m + 1 : m + 2] == ["to"]:
            if low[m + 2 : m + 3] == ["be"] and low[m + 3 : m + 4] in _HIDDEN:
                return None  # “who asked not to be named”: how somebody speaks, and not what
            return self._make(s, v, form, "to", cue, m)  # “promised not to send ships”
        if after == "to" and m + 1 < size and kind[m + 1] in "w":
            if low[m + 1] in W.determiners or low[m + 1].endswith("s'"):
                return self._make(s, v, form, "preposition", (cue[0], m + 1), m + 1)
            if base == "say" and low[m + 1] in ("be", "have"):
                return None  # “a man said to be ill”
            if what == "withhold" and low[m + 1] in self.said and m + 2 < size:
                return None  # “declined to say when …”: its “say” is the cue
            return self._make(s, v, form, "to", cue, m)
        if kind[m] == ":":
            if m + 1 >= size:  # “Ada Obi wrote:” and her words are the next paragraph
                source = phrases.subject(s, v, self.verbs) if form != "ing" else None
                source = source or self._last or self._main(s, v)
                return Guess("name-verb-colon-paragraph", base, source, cue, (), quote=True)
            return self._make(s, v, form, "colon", cue, m + 1)
        if after in W.outward and kind[m] == "w":
            if m + 1 < size and kind[m + 1] not in ".,;":
                return self._make(s, v, form, "preposition", (cue[0], m + 1), m + 1)
            return None
        if form == "passive":
            return self._make(s, v, form, "rest", cue, m)
        if base == "say" or (what != "judge" and self._is_clause(s, m)):
            return self._make(s, v, form, "clause", cue, m)
        return self._make(s, v, form, "object", cue, m)

    def _skip_to_that(self, s: Sentence, m: int) -> int:
        """Step over “following a vote in May” to the “that” or colon behind it."""
        for n in range(m + 1, min(len(s), m + 16)):
            if s.low[n] == "that" and s.low[n - 1] not in ("so", "all", "on", "of", "to"):
                return n
            if s.kind[n] == ":":
                return n
            if s.kind[n] in ",;.?!-Q" or s.low[n] in W.finite or s.low[n] in W.subjects:
                break
        return m

    def _recipient(self, s: Sentence, m: int) -> int:
        """Return where “reporters in Lund” ends in “told reporters in Lund”; 0 without."""
        low, kind = s.low, s.kind
        n = m
        stop = min(len(s), m + 16)
        if low[n] in ("it", "you") and n + 1 < stop and low[n + 1] in W.finite:
            return 0  # “warned it was late”
        while n < stop:
            word, what = low[n], kind[n]
            if what in "Q,:;.?!-" or word in ("that", "to") or word in W.questions | W.times:
                break
            if n > m and (
                word in ("earlier", "later", "said")
                or word in W.subjects - {"who"} | W.auxiliaries
                or (
                    word in W.determiners
                    and kind[n - 1] in "wN"
                    and low[n - 1] not in W.prepositions
                )
            ):
                break
            n += 1
        return n if n > m else 0

    def _make(self, s: Sentence, v: int, form: str, shape: str, cue: Units, m: int) -> Guess | None:
        base = self._base(s, v)
        if form == "ing":
            source = self._of_participle(s, v)
            rule = f"participle-{_SHAPES[shape]}"
        elif form == "inf":
            n = cue[0] - 1
            if n > 0 and self.classes.get(s.low[n]) == "withhold":  # “refused to say”
                cue = (phrases.cue_start(s, n), cue[1])
                self._last = phrases.subject(s, n, self.verbs) or self._last
            source = self._last or self._main(s, v)
            rule = f"infinitive-{_SHAPES[shape]}"
        else:
            source = phrases.subject(s, v, self.verbs)
            rule = f"passive-{shape}"
        if form == "finite":
            source = source or self._last or self._main(s, v)
            rule = f"name-verb-{shape}"
            self._last = source or self._last
        end = self._content_end(s, v, m, shape, form, source)
        if end <= m:
            return None
        content: tuple[Units, ...] = ((m, end),)
        if form == "passive" and shape in ("to", "rest"):
            # “The visit is expected to ease tensions”: nobody says who expects it
            if source is None:
                return None
            content, source = (source, *content), None
        elif form == "passive":
            if source and (s.low[source[0]] in ("it", "there") or base in W.tell):
                source = None  # who is told does not speak
        quote = form != "passive" and shape in ("colon", "that", "clause")
        return Guess(rule, base, source, cue, content, quote)

    def _of_participle(self, s: Sentence, v: int) -> Units | None:
        start = phrases.before_cue(s, v)
        if start > 0 and s.kind[start - 1] in "wN)" and s.low[start - 1] not in _NO_SUBJECT:
            found = phrases.noun_phrase_before(s, start, self.verbs)
            if found:
                return found
        return self._last or self._main(s, v)

    def _trailing(
        self, s: Sentence, v: int, what: str, form: str, cue_end: int, m: int
    ) -> Guess | None:
        """The bridge is closed, Ada Obi said. — The bridge is closed, said Ada Obi."""
        low, kind = s.low, s.kind
        if form != "finite" or what not in _SPEAKING:
            return None
        source = phrases.subject(s, v, self.verbs)
        if source is None:
            return self._inverted(s, v)
        c = source[0] - 1
        if c >= 0 and low[c] == "as" and m + 1 < len(s) and kind[m] == ",":
            if c == 0 or kind[c - 1] != "," or c < 4:
                self._last = source
                end = self._content_end(s, v, m + 1, "clause", form)
                cue = (phrases.cue_start(s, v), cue_end)
                return Guess("as-name-verb", self._base(s, v), source, cue, ((m + 1, end),), True)
        while c > 0 and low[c] in ("as", "and"):
            c -= 1
        if c < 1 or kind[c] not in ",-":
            return None
        self._last = source
        content = [(0, c)]
        if m < len(s) and kind[m] in ",-" and m + 2 < len(s) and kind[m + 1] != "Q":
            rest = m + 1
            if low[rest] not in _NO_SUBJECT | W.relatives and not low[rest].endswith("ing"):
                content.append((rest, self._content_end(s, v, rest, "clause", form)))
        return Guess(
            "clause-name-verb",
            self._base(s, v),
            source,
            (phrases.cue_start(s, v), cue_end),
            tuple(content),
            quote=True,
        )

    def _stands_alone(self, s: Sentence, m: int, source: Units) -> bool:
        """Is the name at unit m followed by a mark, and not by a verb of its own?"""
        kind, size = s.kind, len(s)
        end = source[1]
        if end >= size or kind[end] in ".,;-)":
            return True
        while m < size and kind[m] in "N'":
            m += 1
        return m >= size or kind[m] in ",.;(-"
