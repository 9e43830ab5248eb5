"""The patterns with quotation marks: “…,” Ada Obi said. Ada Obi said: “…”"""

from __future__ import annotations

from kit.suggest.attribution import phrases
from kit.suggest.attribution.edges import Edges, Guess
from kit.suggest.attribution.tokens import Sentence, W

__all__ = ["Quotes"]

_SKIP = 12
_REACH = 60


class Quotes(Edges):
    """Finds whose words stand in quotation marks."""

    def _quote_before(self, s: Sentence, u: int, used: set[int]) -> Guess | None:
        """“…,” Ada Obi said. “…,” said Ada Obi. “…” — Ada Obi"""
        low, kind = s.low, s.kind
        size = len(s)
        r = u + 1
        if r >= size:
            return None
        ending = self._ending(s, u)
        comma = kind[r] == ","
        if kind[r] in "-:" and self._all_name(s, r + 1):
            named = phrases.noun_phrase_after(s, r + 1, self.verbs)
            return Guess("quote-dash-name", "—", named, (r, r + 1), ((self._floor, u + 1),))
        if comma or (kind[r] == "-" and ending in ",-~"):
            r += 1
        if not (comma or ending in ",?!-~" or u == 0) or r >= size:
            return None
        v = r
        stop = min(size, r + _REACH)
        while v < stop:
            if low[v] in self.said and kind[v] == "w" and not (v > 0 and low[v - 1] in W.relatives):
                break
            v += 1
        if v >= stop or (low[r] in W.never_first and v > r):
            return None
        # “Calling it “a joke,” Obi …”: no words of Obi’s
        introduced = u > 0 and (low[0].endswith("ing") or low[0] in W.prepositions)
        if introduced and not self._is_end(s, v + 1):
            return None
        before = phrases.before_cue(s, v)
        if before <= r and v + 1 < size and kind[v + 1] != "Q":
            rule, source = "quote-verb-name", phrases.noun_phrase_after(s, v + 1, self.verbs)
        else:
            rule, source = "quote-name-verb", (r, before) if r < before else None
        if source is None:
            return None
        cue = (max(r, phrases.cue_start(s, v)), v + 1)
        used.update(range(r, v + 1))
        content = [(self._floor, u + 1)]
        # “If you look,” Ada Obi said, “you will see.”
        after = max(source[1], v + 1)
        for n in range(after, min(size, after + 30)):
            if kind[n] == "Q" and (kind[n - 1] in ",:-" or low[n - 1] in W.conjunctions):
                if low[n - 1] in W.conjunctions or not self._cue_between(s, after, n):
                    content.append((n, n + 1))
                break
            if kind[n] in ".;" or low[n] in W.finite or (low[n] in W.subjects and n > after):
                break
        self._last = source
        return Guess(rule, self._base(s, v), source, cue, tuple(content), quote=True)

    def _quote_after(self, s: Sentence, u: int, used: set[int]) -> Guess | None:
        """Ada Obi said: “…” — Ada Obi told reporters in Lund, “…”"""
        low, kind = s.low, s.kind
        if u == 0:
            return None
        p = u - 1
        mark = kind[p] if kind[p] in ",:-" else ""
        if mark:
            p -= 1
        v = -1
        for n in range(p, max(-1, p - _SKIP - 8 * bool(mark)), -1):
            if kind[n] in "Q;.?!":
                break
            if low[n] in self.verbs and (kind[n] != "N" or n == 0):
                v = n
                break
        if v < 0:
            if mark == ":" and p >= 0:
                source = phrases.noun_phrase_before(s, p + 1, self.verbs)
                if source and source[0] == 0 and phrases.speaks(s, source):
                    return Guess("name-colon", ":", source, (p + 1, p + 2), ((u, u + 1),), True)
            return None
        if not mark and v + 1 < u and self._skip_times(s, v + 1) != u:
            return None
        if mark == ":" and any(s.low[n] in W.finite for n in range(v + 1, p + 1)):
            return None  # “said there were two reasons: “…””: a clause with a quotation in it
        if not mark and u + 1 < len(s) and kind[u + 1] == "w" and self._ending(s, u) not in ",?!.":
            if low[u + 1] not in W.subordinators and low[u + 1] not in W.conjunctions:
                return None
        if mark != ":":
            if not self._is_full(s, u) or not (low[v] in self.said or low[v].endswith("ing")):
                return None
        source = phrases.subject(s, v, self.verbs)
        if source is None or low[v].endswith("ing") and kind[phrases.before_cue(s, v) - 1] == ",":
            source = self._main(s, v) or source
        used.add(v)
        content = [(u, u + 1)]
        for n in range(u + 1, min(len(s), u + 5)):
            if kind[n] == "Q":
                content.append((n, n + 1))
            elif kind[n] not in ",-" and low[n] not in W.conjunctions:
                break
        self._last = source
        return Guess(
            "name-verb-quote",
            self._base(s, v),
            source,
            (phrases.cue_start(s, v), v + 1),
            tuple(content),
            quote=True,
        )

    def _is_end(self, s: Sentence, n: int) -> bool:
        return n >= len(s) or s.kind[n] in ".,:;" or s.low[n] in W.times | W.prepositions

    def _cue_between(self, s: Sentence, a: int, b: int) -> bool:
        return any(s.low[n] in self.verbs and s.low[n].endswith("ing") for n in range(a, b))

    def _all_name(self, s: Sentence, a: int) -> bool:
        rest = s.kind[a:]
        return rest[:1] == ["N"] and len(rest) < 30 and all(k in "N,.#w'()&/" for k in rest)

    def _is_full(self, s: Sentence, u: int) -> bool:
        page = self.page
        first = s.first[u] + 1
        return page.kind[first] in "N~#" or self._ending(s, u) in ".?!" or s.last[u] - first > 12
