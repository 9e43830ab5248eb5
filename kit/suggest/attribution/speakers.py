"""Who a source is: the name as the text first gives it, and how the source is identified.

“Obi” is the person whose full name stood before. “She” is the last person who spoke, unless a
“he” or “Mr.” says otherwise. “The senator” is the last person who spoke, too, unless “a senator”
was brought in without a name.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from kit.suggest.attribution import phrases
from kit.suggest.attribution.tokens import Page

__all__ = ["Speaker", "Speakers"]

_TITLES = frozenset(
    """mr. mrs. ms. mx. dr. prof. professor sir dame lord lady sen. senator sens. rep. reps.
    representative congressman congresswoman gov. governor president vice secretary state defense
    defence treasury foreign overseas prime minister premier chancellor ambassador assistant deputy
    under chief justice judge general gen. lt. col. maj. sgt. capt. adm. admiral colonel captain
    lieutenant mayor king queen prince princess pope rev. reverend bishop cardinal attorney speaker
    chairman chairwoman chair director spokesman spokeswoman spokesperson us u.s. uk u.k. eu e.u.
    democratic republican former acting the news reporter correspondent coach officer sheriff
    del. councilman councilwoman commissioner national security adviser advisor affairs""".split()
)
_OFFICES = frozenset(
    """president premier minister secretary ambassador chancellor governor mayor king queen pope
    chairman chairwoman chair director chief commissioner spokesman spokeswoman spokesperson
    prosecutor attorney judge commander envoy treasurer candidate nominee leader ceo diplomat
    author reporter lawyer coach owner founder speaker""".split()
)
_MANY = frozenset(
    """people police some many others both several few most critics all they we those men women
    staff public media officials democrats republicans observers experts troops
    authorities""".split()
)
_PEOPLE = frozenset(
    """man woman official officer diplomat senator congressman congresswoman representative lawmaker
    candidate nominee president governor mayor minister secretary ambassador chancellor premier
    judge justice general colonel captain professor analyst expert economist scientist author
    writer journalist reporter lawyer attorney spokesman spokeswoman spokesperson activist leader
    chairman chairwoman director chief executive founder mother father husband wife son daughter
    billionaire businessman businesswoman actor actress singer farmer teacher doctor nurse student
    democrat republican politician adviser aide envoy king queen pope commissioner""".split()
)
_HE = frozenset("he his him mr. sir lord congressman chairman spokesman king prince".split())
_SHE = frozenset("she her mrs. ms. dame lady congresswoman chairwoman spokeswoman queen".split())
_PRONOUNS = frozenset("he she his her him i".split())
_WORD = re.compile(r"\w+(?:[’'.&-]\w+)*\.?")
_LONGEST = 6


class Speaker(NamedTuple):
    """Who somebody is.

    Attributes:
        name: the full name, or the description without its article.
        identification: ``named``, ``by-office``, ``described`` or ``collective``; "" if unknown.
    """

    name: str
    identification: str


class Speakers:
    """Tells who the sources of one text are; ask for them in text order."""

    def __init__(self, page: Page):
        self._page = page
        self._full: dict[str, list[str]] = {}
        self._by_first: dict[str, str] = {}
        self._find_names()
        self._last: Speaker | None = None
        self._ways: dict[str, str] = {}  # name: he or she
        self._introduced: dict[str, Speaker] = {}

    def _find_names(self) -> None:
        """Note each run of words with capitals by its last word, as a surname."""
        page = self._page
        n, size = 0, len(page.start)
        while n < size:
            if page.kind[n] != "N":
                n += 1
                continue
            m = n
            while m < size and page.kind[m] == "N" and m - n < 12:
                m += 1
                if page.low[m - 1].endswith("'s"):
                    break
            first = n
            while first < m and (page.low[first] in _TITLES or page.low[first] in _SMALL):
                first += 1
            if 2 <= m - first <= _LONGEST:
                name = _bare(page.text[page.start[first] : page.end[m - 1]])
                surname = _bare(page.low[m - 1])
                if len(name) < 60:
                    self._full.setdefault(surname, []).append(name)
                    self._by_first.setdefault(page.low[first], name)
            n = m
        self._small = {low for low, kind in zip(page.low, page.kind) if kind == "w"}

    def who(self, start: int, end: int) -> Speaker:
        """Return who the source at ``[start, end)`` is."""
        text = self._page.text[start:end]
        words = text.split()
        lows = [word.lower().strip(',;:“”"()').replace("’", "'") for word in words]
        if not lows:
            return Speaker("", "")
        if len(lows) == 1 and lows[0] in _PRONOUNS:
            return self._pronoun(lows[0])
        if len(lows) == 1 and lows[0] in ("who", "which", "that"):
            start, end = self._before(start)
            text = self._page.text[start:end]
            lows = text.lower().split()
        if not lows or lows == ["it"]:
            return Speaker("", "")
        head = re.split(r"[,;:—–(]|\s-\s|\bwho\b|\bwhich\b", text, maxsplit=1)[0].strip() or text
        found = self._after_office(head, text) or self._named(head) or self._described(head, text)
        if found.identification in ("named", "by-office", "described"):
            self._last = found
            for low in lows:
                way = "he" if low in _HE else "she" if low in _SHE else ""
                if way and low not in ("his", "her", "him"):
                    self._ways.setdefault(found.name, way)
        return found

    def _before(self, place: int) -> tuple[int, int]:
        """Return the words before “who” or “which” that it stands for."""
        page = self._page
        last = bisect_left(page.start, place) - 1
        if last >= 0 and page.kind[last] == ",":
            last -= 1
        first = last + 1
        while first > 0 and last - first < 7 and page.kind[first - 1] in "wN#":
            low = page.low[first - 1]
            if low in phrases.AUXILIARIES or low in phrases.SUBORDINATORS | phrases.CONJUNCTIONS:
                break
            if low in phrases.PREPOSITIONS and low != "of":
                break
            first -= 1
        return (page.start[first], page.end[last]) if 0 <= first <= last else (0, 0)

    def _pronoun(self, word: str) -> Speaker:
        way = "he" if word in _HE else "she" if word in _SHE else ""
        last = self._last
        if last is None or word == "i":
            return Speaker("", "")
        if way and self._ways.get(last.name, way) != way:
            return Speaker("", "")
        if way:
            self._ways.setdefault(last.name, way)
        return last

    def _after_office(self, head: str, text: str) -> Speaker | None:
        """Return whom “the mayor of Lund, Ada Obi,” names."""
        rest = text[len(head) :].lstrip(" ,").split(",")[0]
        words = rest.split()
        if head[:1].islower() or head[:4] in ("The ", "A ", "An "):
            if 2 <= len(words) <= _LONGEST and all(word[:1].isupper() for word in words):
                return self._named(rest)
        return None

    def _named(self, head: str) -> Speaker | None:
        """Return the speaker of a phrase that ends in a name; None of any other."""
        words = [m.group() for m in _WORD.finditer(head)]
        while words and not words[-1][:1].isupper() and words[-1] in ("himself", "herself"):
            words.pop()
        if not words or not words[-1][:1].isupper() or words[-1].lower() in ("i",):
            return self._name_and_of(head)
        if words[0].lower() in phrases.DETERMINERS or words[0][:1].islower():
            for n, word in enumerate(words[1:], start=1):
                if word in phrases.PREPOSITIONS and words[n - 1][:1].islower():
                    return None  # “the mayor of Lund” is not Lund
        run: list[str] = []
        for word in reversed(words):
            if not word[:1].isupper() or (run and word.endswith(("’s", "'s"))):
                break
            run.append(word)
        run.reverse()
        own = list(run)
        while len(own) > 1 and own[0].lower() in _TITLES | _SMALL:
            own.pop(0)
        if own[-1].lower() in _TITLES and len(own) == 1 and own[0].lower() not in ("state",):
            return None
        surname = _bare(own[-1].lower().replace("’", "'"))
        plain = _bare(" ".join(own))
        if len(own) > 1:
            return Speaker(plain, "named")
        if len(words) == 1 and (surname in _MANY or surname in self._small):
            return None  # “Officials said”: a capital only because the sentence begins
        # The shortest full name is the one without a title; some names begin with the surname.
        name = min(self._full.get(surname, ()), key=lambda name: name.count(" "), default="")
        return Speaker(name or self._by_first.get(surname, plain), "named")

    def _name_and_of(self, head: str) -> Speaker | None:
        match = re.match(r"((?:[A-Z][\w.’'-]*\s+)*[A-Z][\w.’'-]*)\s+(?:of|in|at|with|from)\s", head)
        return self._named(match.group(1)) if match else None

    def _described(self, head: str, text: str) -> Speaker:
        lows = [m.group().lower().replace("’", "'") for m in _WORD.finditer(head)]
        if not lows:
            return Speaker(text.strip(), "")
        first = lows[0]
        core = []
        for n, low in enumerate(lows):
            if n and (low in phrases.PREPOSITIONS or low in ("and", "or", "that")):
                break
            core.append(low)
        noun = _bare(core[-1])
        name = " ".join(head.split())
        bare = name.split(" ", 1)[1] if first in ("a", "an", "the") and " " in name else name
        plural = noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
        if first in _MANY or noun in _MANY or plural or " and " in f" {head} ":
            return Speaker(bare, "collective")
        if noun not in _PEOPLE and noun not in _OFFICES:
            return Speaker(bare, "")
        if first in ("a", "an", "one", "another"):
            found = Speaker(bare, "described")
            self._introduced[bare.lower()] = found
            return found
        known = self._introduced.get(bare.lower()) or next(
            (who for known, who in self._introduced.items() if known.endswith(noun)), None
        )
        if first == "the" and known:
            return known
        if first == "the" and self._last and self._last.identification == "named":
            return self._last
        if noun in _OFFICES:
            return Speaker(bare, "by-office")
        return Speaker(bare, "described")


_SMALL = (
    phrases.DETERMINERS
    | phrases.SUBORDINATORS
    | phrases.PREPOSITIONS
    | (phrases.CONJUNCTIONS | phrases.TIMES | phrases.SUBJECTS)
)


def _bare(word: str) -> str:
    return re.sub(r"(?:['’]s|['’.,])$", "", word)
