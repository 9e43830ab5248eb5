"""Who a source is: the person or body, by the name that the text gives it.

First the text is walked through once: each person with a full name or a title is noted with the
words that describe them (“Norland’s foreign minister, Ada Quill, …”), with “he” or “she”
where the text tells, and each place where somebody is mentioned. Then a source is resolved:

* a name is the last full name before it that ends in it, or the first after it;
* “the minister” is the last person whom all these words describe, and nobody else;
* “he” and “she” are the last person they fit: in the same sentence, then in the sentences before,
  whoever stands first there; not across a heading, and nobody named inside quotation marks;
* “they” are the last several, and “it” the last body, that spoke or began a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kit.suggest.attribution.tokens import Page, W

__all__ = ["PRONOUNS", "Speaker", "Speakers"]


#: Offices that one person holds at a time.
_SHORT = {
    **{"sen.": "senator", "rep.": "representative", "gov.": "governor", "gen.": "general"},
    **{"prof.": "professor", "dr.": "doctor", "pres.": "president", "amb.": "ambassador"},
}
_WORD = re.compile(r"\w+(?:[’'.&-]\w+)*\.?")
_HEAD = re.compile(r"[,;:—–(]|\s-\s|\bwho\b|\bwhich\b|\bthat\b")
_LONGEST, _DESCRIBED, _FAR, _NEAREST = 6, 12, 6, 12
# How far back those are looked for who are offered for a pronoun, and how many are.
_FARTHEST, _OFFERED = 30, 5
#: Pronouns whose meaning the words before them tell, by their subject's form.
PRONOUNS = {
    form: forms.split()[0]
    for forms in ("he him his", "she her", "they them their", "it its")
    for form in forms.split()
}


class Speaker(NamedTuple):
    """Who somebody is.

    Attributes:
        name: the full name, or the description without its article.
        identification: ``named``, ``by-office``, ``described`` or ``collective``; "" if unknown.
        words: what describes them, in small letters.
    """

    name: str
    identification: str
    words: frozenset[str] = frozenset()


NOBODY = Speaker("", "")


class _Person:
    """Somebody whom the text names: all it says of them before it says what they do."""

    __slots__ = ("first", "name", "place", "said", "way")

    def __init__(self, name: str, first: str, place: int):
        self.name = name
        self.first = first  # in small letters
        self.place = place
        self.said: list[frozenset[str]] = []  # a set of words for each description
        self.way = ""  # he or she


class _Mention(NamedTuple):
    token: int
    who: _Person | Speaker
    aside: bool  # after a preposition or before a possessive: seldom whom “he” means


class Speakers:
    """Tells who the sources of one text are; ask for them in text order."""

    def __init__(self, page: Page):
        self._page = page
        self._by_last: dict[str, list[_Person]] = {}
        self._by_first: dict[str, list[_Person]] = {}
        self._by_word: dict[str, list[_Person]] = {}
        self._by_name: dict[str, _Person] = {}
        self._ways: dict[str, str] = {}  # of those without a name
        self._introduced: list[tuple[int, Speaker]] = []  # by place
        self._many: list[Speaker] = []  # who spoke, by whether they are several
        self._bodies: list[Speaker] = []
        self._named_last: Speaker | None = None
        self._said: tuple[tuple[int, int], ...] = ()  # by the source in question
        self._small = {low for low, kind in zip(page.low, page.kind) if kind == "w"}
        aside = self._asides()
        #: sentences as (first token, last token, is it part of a heading or a caption)
        self._sentences = [
            (s.first[0], s.last[-1], aside[s.block]) for s in page.sentences if len(s)
        ]
        self._starts = [first for first, _, _ in self._sentences]
        self._mentions: list[list[_Mention]] = [[] for _ in self._sentences]
        runs = list(self._runs())
        for run in runs:
            self._note_full(*run)
        for run in runs:
            self._mention(*run)
        self._introduce()

    # -- the first walk ----------------------------------------------------------------------------

    def _asides(self) -> list[str]:
        """Return what each paragraph is: a heading, which is a short line without a full stop; the
        caption of a picture, and the credit under or over it; or neither, an empty word."""
        page = self._page
        kinds, several = [], set()
        before = -1
        for s in page.sentences:
            if s.block == before or "Q" in s.kind or not page.verbs.isdisjoint(s.low):
                several.add(s.block)
            before = s.block
        for block, last in enumerate(page.ends):
            first = page.ends[block - 1] + 1 if block else 0
            end = page.kind[max(first, last - 1) : last + 1]
            short = last - first < 15 and not any(kind in ".?!:q~" for kind in end)
            credit = short and (
                page.low[first : first + 1] in (["photo"], ["picture"])
                or (block > 0 and "/" in page.text[page.start[first] : page.end[last]])
            )
            kinds.append("caption" if credit else "heading" if short else "")
            one = not short and block not in several
            if credit and block - 1 not in several and not kinds[block - 1]:
                kinds[block - 1] = "caption"
            elif one and kinds[-2:-1] == ["caption"] and kinds[-3:-2] != ["caption"]:
                kinds[-1] = "caption"  # the credit stands over it
        return kinds

    def _runs(self) -> Iterator[tuple[int, int, int, str]]:
        """Yield runs of words with capitals, outside quotations: the number of the sentence, the
        first token, the one after the last, and whether it is part of a heading or caption."""
        page = self._page
        for number, (start, last, heading) in enumerate(self._sentences):
            n = start
            while n <= last:
                if n in page.quotes and page.quotes[n] - n > 4:
                    n = page.quotes[n]
                elif page.kind[n] == "N":
                    m = n
                    while m <= last and page.kind[m] == "N" and m - n < 12:
                        m += 1
                        if page.low[m - 1].endswith("'s"):
                            break
                    yield number, n, m, heading
                    n = m - 1
                n += 1

    def _own(self, first: int, end: int) -> int:
        """Return where the name begins in a run of capitals: after titles, offices, small words."""
        low = self._page.low
        for n in range(end - 1, first - 1, -1):
            if low[n] in W.no_name:
                return n + 1
        return first

    def _note_full(self, _number: int, run: int, end: int, heading: str) -> None:
        page = self._page
        first = self._own(run, end)
        if end - first > 2 and run and page.low[run - 1] == "to" and page.low[run - 2] in W.offices:
            first += 1  # “the ambassador to Norland Ada Obi”
        text = page.text[page.start[run] : page.end[end - 1]]
        if not self._is_person(run, first, end) or (heading and text.isupper()):
            return
        name = _bare(page.text[page.start[first] : page.end[end - 1]])
        name = name.title() if name.isupper() and len(name) > 2 else name
        last = _bare(page.low[end - 1])
        titled = not (W.titles | W.offices).isdisjoint(page.low[run:first])
        if end - first < 2 and (not titled or heading or last in self._by_last):
            return
        known = self._by_name.get(name)
        if known is None:
            known = _Person(name, page.low[first] if end - first > 1 else "", page.start[first])
            namesakes = self._by_last.setdefault(last, [])
            if namesakes and not namesakes[0].first:  # “Minister Quill” has got her first name
                known = namesakes[0]
                known.name, known.first = name, page.low[first]
            else:
                namesakes.append(known)
            self._by_name[name] = known
            if known.first:
                self._by_first.setdefault(known.first, []).append(known)
        for words in self._descriptions(run, first, end):
            if words in known.said or len(known.said) == _NEAREST:
                continue
            for word in words.difference(*known.said):
                self._by_word.setdefault(word, []).append(known)
            known.said.append(words)
            known.way = known.way or _way(words)

    def _is_person(self, run: int, first: int, end: int) -> bool:
        low, kind = self._page.low, self._page.kind
        if first >= end or end - first > _LONGEST:
            return False
        names = [_bare(word) for word in low[first:end]]
        if names[0] in W.places and end - first > 1 or W.bodies.intersection(names):
            return False
        if first == run and run and low[run - 1] == "the" and kind[run - 1] == "w":
            return False
        return not any(name in W.times or name in W.people for name in names)

    def _descriptions(self, run: int, first: int, end: int) -> Iterator[frozenset[str]]:
        """Yield the words that describe who is named between two tokens: “Norland’s envoy, …”,
        “Foreign Minister …”, “…, the mayor of Lund,”."""
        low, kind = self._page.low, self._page.kind
        start = run
        if start and kind[start - 1] == "," and start > 1:
            start -= 1
        stop = max(0, start - _DESCRIBED)
        m = start
        while m > stop and kind[m - 1] in "wN'#" and low[m - 1] not in _LEADS:
            m -= 1
            if kind[m] == "w" and low[m] in W.determiners and low[m - 1 : m] != ["of"]:
                break
        before = _describing(low[m : start if start < run else first])
        if start == run or before & W.people:
            titled = before | _describing(low[run:first])
            if titled & W.people or titled & (W.he | W.she):
                yield titled
        if start < run and (own := _describing(low[run:first])) & W.people:
            yield own
        if end + 1 < len(low) and kind[end] == ",":
            m = end + 1
            if (
                low[m] in W.determiners
                or (kind[m] == "w" and low[m] not in W.small)
                or (kind[m] == "N" and low[m].endswith("'s"))
            ):
                while m < min(len(low), end + _DESCRIBED) and kind[m] in "wN'":
                    if low[m] in ("who", "which") or low[m] in W.auxiliaries:
                        break
                    m += 1
                after = _describing(low[end + 1 : m])
                if after & W.people:
                    # “Mia Kray, the mayor’s wife,” is no mayor.
                    owners = {w[:-2] for w in low[end + 1 : m] if w.endswith("'s")}
                    yield after - (owners & W.people)

    def _mention(self, number: int, run: int, end: int, heading: str) -> None:
        if heading:
            return
        page = self._page
        first = self._own(run, end)
        if not self._is_person(run, first, end):
            return
        who = self._called(page.low[end - 1], end - first, page.start[run], page.low[first])
        if who is None:
            return
        before = page.low[run - 1] if run > self._sentences[number][0] else ""
        aside = before in W.prepositions or page.low[end - 1].endswith("'s")
        self._mentions[number].append(_Mention(run, who, aside))

    def _introduce(self) -> None:
        """Note who is brought in without a name: “a retired Norland envoy”."""
        page = self._page
        for number, (start, last, heading) in enumerate(self._sentences):
            n = start
            while n <= last and not heading:
                if n in page.quotes:
                    n = page.quotes[n]
                elif page.low[n] in W.people and page.kind[n] == "w":
                    first = n
                    while first > max(start, n - 5) and page.kind[first - 1] in "wN":
                        first -= 1
                        if page.low[first] in W.determiners:
                            break
                    alone = n == last or page.kind[n + 1] != ","
                    if page.low[first] in ("a", "an") and alone:
                        text = page.text[page.start[first + 1] : page.end[n]]
                        words = _describing(page.low[first : n + 1])
                        who = Speaker(text, "described", words)
                        self._introduced.append((page.start[first], who))
                        aside = page.low[first - 1] in W.prepositions | {",", "is", "was"}
                        self._mentions[number].append(_Mention(first, who, aside))
                n += 1

    def _called(self, last: str, size: int, place: int, first: str) -> _Person | None:
        """Return the person of that last name: the latest introduced before the place, or else the
        first after it."""
        people = self._by_last.get(_bare(last), [])
        if not people and size == 1:
            people = self._by_first.get(_bare(last), [])
        near = _around(people, place)
        if size > 1:
            near = [p for p in near if p.first == first] or near
        before = [p for p in near if p.place <= place]
        return before[-1] if before else near[0] if near else None

    # -- sources -----------------------------------------------------------------------------------

    def who(self, start: int, end: int, said: Iterable[tuple[int, int]] = ()) -> Speaker:
        """Return who the source at ``[start, end)`` is, who says what lies in these stretches:
        nobody whom “he” names there is “he”."""
        self._said = tuple(said)
        text = self._page.text[start:end]
        lows = _lows(text)
        if lows in (["who"], ["which"], ["that"]):
            start, end = self._before(start)
            text = self._page.text[start:end]
            lows = _lows(text)
        if not lows:
            return NOBODY
        found = self._resolved(text, lows, start)
        number = max(0, self._sentence(start))
        if found.identification and number < len(self._mentions):
            self._remember(found, text, start, number)
        return found

    def _remember(self, found: Speaker, text: str, start: int, number: int) -> None:
        if found.identification == "collective":
            self._many.append(found)
            if not _bare(found.name.split(" of ")[0].lower()).endswith("s"):
                self._bodies.append(found)
        elif found.identification == "named" and not self._by_name.get(found.name):
            self._bodies.append(found)
        else:
            person = self._by_name.get(found.name)
            self._named_last = found if person else self._named_last
            token = bisect_left(self._page.start, start)
            mention = _Mention(token, person or found, False)
            insort(self._mentions[number], mention, key=lambda m: m.token)
            way = _way(frozenset(_lows(text.split(",")[0])))
            if not person and way:
                self._ways.setdefault(found.name, way)

    def _resolved(self, text: str, lows: list[str], start: int) -> Speaker:
        one = lows[0] if len(lows) == 1 else ""
        pronoun = PRONOUNS.get(one)
        if pronoun in ("he", "she"):
            return self._pronoun(pronoun, start)
        if lows[0] in ("his", "her") and lows[-1] in W.documents:
            return self._pronoun(PRONOUNS[lows[0]], start) if len(lows) < 5 else NOBODY
        if pronoun == "they":
            return self._plural(start)
        if pronoun == "it":
            return self._bodies[-1] if self._bodies else NOBODY
        if one in ("i", "you", "we", "there"):
            return NOBODY
        if one in W.asking:
            return Speaker("reporter", "described")
        head = _HEAD.split(text, maxsplit=1)[0].strip() or text
        head = re.sub(r"['’]s\s+(?:\w+\s+)?(\w+)$", _owner_of_document, head)
        return (
            self._after_office(head, text, start)
            or self._named(head, start)
            or self._described(head, text, start)
        )

    def _before(self, place: int) -> tuple[int, int]:
        """Return the words before “who” or “which” that it stands for."""
        page = self._page
        last = bisect_left(page.start, place) - 1
        if last >= 0 and page.kind[last] == ",":
            last -= 1
        first = last + 1
        while first > 0 and last - first < 7 and page.kind[first - 1] in "wN#":
            low = page.low[first - 1]
            if low in W.auxiliaries or low in W.subordinators | W.conjunctions:
                break
            if low in W.prepositions and low != "of":
                break
            first -= 1
        return (page.start[first], page.end[last]) if 0 <= first <= last else (0, 0)

    def _sentence(self, place: int) -> int:
        return bisect_right(self._starts, bisect_left(self._page.start, place)) - 1

    def likely(self, word: str, place: int, said: Iterable[tuple[int, int]] = ()) -> list[str]:
        """Return the names of those whom a pronoun may mean, the likeliest first; ``said`` is what
        it says, where it is a source."""
        self._said = tuple(said)
        found: Iterable[_Person | Speaker]
        if PRONOUNS[word] == "they":
            found = (self._plural(place), *reversed(self._many))
        elif PRONOUNS[word] == "it":
            found = reversed(self._bodies)
        else:
            found = self._fitting(PRONOUNS[word], place, _FARTHEST)
        names = dict.fromkeys(_bare(who.name) for who in found)
        return [name for name in names if name not in PRONOUNS][:_OFFERED]

    def _pronoun(self, way: str, place: int) -> Speaker:
        who = next(self._fitting(way, place, _FAR), None)
        if isinstance(who, _Person):
            who.way = who.way or way
            return _speaker(who)
        if who:
            self._ways.setdefault(who.name, way)
        return who or NOBODY

    def _fitting(self, way: str, place: int, far: int) -> Iterator[_Person | Speaker]:
        """Yield whom “he” or “she” may mean, the likeliest first, so many sentences back."""
        token = bisect_left(self._page.start, place)
        here = self._sentence(place)
        for number in range(here, max(-1, here - far), -1):
            if self._sentences[number][2] == "heading" and number != here:
                break
            near = self._mentions[number]
            if number == here:
                near = near[: bisect_left(near, token, key=lambda m: m.token)]
            near = [*near[:2], *near[2:][-_NEAREST:]]
            # Whoever speaks in a sentence, or stands first in it and not beside.
            for mention in sorted(near, key=lambda m: (m.aside, m.token)):
                who, place = mention.who, self._page.start[mention.token]
                if any(a <= place < b for a, b in self._said):
                    continue
                known = (
                    who.way
                    if isinstance(who, _Person)
                    else self._ways.get(who.name) or _way(who.words)
                )
                if known in ("", way):
                    yield who

    def _plural(self, place: int) -> Speaker:
        """Return whom “they” means: several at the beginning of the sentence before, or the last
        several who spoke."""
        here = self._sentence(place)
        page = self._page
        if here > 0 and not self._sentences[here - 1][2]:
            first, last, _ = self._sentences[here - 1]
            n = last if page.low[first] in W.subjects else first
            while n < min(last, first + 6) and page.kind[n] in "wN'" and n not in page.quotes:
                if page.low[n].endswith("s") and page.low[n] not in W.auxiliaries:
                    text = page.text[page.start[first] : page.end[n]]
                    found = self._described(text, text, page.start[first])
                    if found.identification in ("collective", "named") and len(text) < 60:
                        return found
                n += 1
        return self._many[-1] if self._many else Speaker("they", "collective")

    def _after_office(self, head: str, text: str, start: int) -> Speaker | None:
        """Return whom “the mayor of Lund, Ada Obi,” names."""
        if not (head[:1].islower() or head.split()[0].lower() in _DESCRIBING or _ends_small(head)):
            return None
        for rest in text[len(head) :].split(",")[1:3]:
            words = rest.split()
            if 2 <= len(words) <= _LONGEST and all(word[:1].isupper() for word in words):
                return self._named(rest.strip(), start)
        return None

    def _named(self, head: str, start: int) -> Speaker | None:
        """Return the speaker of a phrase that ends in a name; None of any other."""
        words = [m.group() for m in _WORD.finditer(head)]
        while words and words[-1] in ("himself", "herself"):
            words.pop()
        if not words or not words[-1][:1].isupper():
            return self._name_and_of(head, start)
        if any(word in W.prepositions for word in words[1:]):
            return self._name_and_of(head, start)
        run: list[str] = []
        for word in reversed(words):
            if not word[:1].isupper() or (run and word.endswith(("’s", "'s"))):
                break
            run.insert(0, word)
        own = list(run)
        body = own[-1].lower() in W.groups
        while len(own) > 1 and not body and own[0].lower() in W.titles | W.small | W.offices:
            own.pop(0)
        last = _bare(own[-1].lower().replace("’", "'"))
        if last in W.people or own[-1].lower() in W.titles - {"state", "affairs"}:
            return None  # “the Minister”
        plain = _bare(" ".join(own))
        known = self._called(last, len(own), start, own[0].lower())
        if known and (len(own) == 1 or known.name == plain):
            return _speaker(known)
        if len(words) == 1 and (last in W.many or last in self._small):
            return None  # “Officials said”: a capital only because the sentence begins
        if plain.isupper() and (len(plain) > 4 or len(run) > len(own)):
            plain = plain.title()  # MS. OBI: in a transcript
        return Speaker(plain, "named", frozenset(w.lower() for w in words))

    def _name_and_of(self, head: str, start: int) -> Speaker | None:
        match = re.match(r"((?:[A-Z][\w.’'-]*\s+)*[A-Z][\w.’'-]*)\s+(?:of|in|at|with|from)\s", head)
        return self._named(match.group(1), start) if match else None

    def _described(self, head: str, text: str, start: int) -> Speaker:
        lows = _lows(head)
        if not lows:
            return Speaker(text.strip(), "")
        first = lows[0]
        core: list[str] = []
        for n, low in enumerate(lows):
            if n and (low in W.prepositions or low in ("and", "or", "that", "briefed")):
                break
            core.append(low)
        noun = _bare(core[-1])
        name = " ".join(head.split())
        bare = name.split(" ", 1)[1] if first in ("a", "an", "the") and " " in name else name
        words = _describing(lows)
        plural = noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
        if plural and noun[:-1] in W.offices and first in ("the", "both"):
            together = self._described_by(words - {noun} | {noun[:-1]}, start)
            if len(together) == 2:
                both = " and ".join(p.name for p in sorted(together, key=lambda p: p.place))
                return Speaker(both, "named", words)
        if not W.many.isdisjoint((first, noun)) or plural or " and " in head or noun in W.groups:
            return Speaker(bare, "collective", words)
        if noun not in W.people:
            return Speaker(bare, "", words)
        if first in ("the", "that", "this") or noun == core[0]:
            last = bisect_right(self._introduced, start, key=lambda pair: pair[0])
            near = reversed(self._introduced[max(0, last - _NEAREST) : last])
            known = next((who for _, who in near if words <= who.words), None)
            if known:
                return known
            people = self._described_by(words, start)
            if people:
                return _speaker(people[-1])
            if words & W.highest and self._named_last:
                return self._named_last  # “the country’s top diplomat”, whoever that is
        by_office = noun in W.offices and first not in ("a", "an", "another", "one")
        return Speaker(bare, "by-office" if by_office else "described", words)

    def _described_by(self, words: frozenset[str], start: int) -> list[_Person]:
        """Return the people whom all these words describe, the likeliest last: who is called
        exactly so, then who was mentioned last."""
        word = next((w for w in sorted(words) if w in self._by_word and w in W.people), "")
        found = [
            (any(words == said for said in p.said), self._last_mention(p, start), n, p)
            for n, p in enumerate(_around(self._by_word.get(word, []), start))
            if any(words <= said for said in p.said)
        ]
        return [p for *_, p in sorted(found, key=lambda row: row[:3])]

    def _last_mention(self, person: _Person, start: int) -> tuple[int, bool]:
        """Return how near before a place somebody was mentioned: the number of the sentence, and
        whether as more than an aside."""
        here = self._sentence(start)
        for number in range(here, max(-1, here - 40), -1):
            asides = [m.aside for m in self._mentions[number] if m.who is person]
            if asides:
                return number, not all(asides)
        return -1, False


def _around(people: list[_Person], place: int) -> list[_Person]:
    """Return the last people introduced before a place and the first two after it; some, so that
    the time is in proportion to the text."""
    at = bisect_right(people, place, key=lambda person: person.place)
    return people[max(0, at - _NEAREST) : at + 2]


# What a phrase begins with that describes somebody.
_DESCRIBING = frozenset("the a an his her their its our one another".split())
# Before these a description of the person behind them does not begin.
_LEADS = (
    W.prepositions - {"of", "for", "on", "in"} | W.subordinators | W.conjunctions | W.auxiliaries
)


def _describing(lows: list[str]) -> frozenset[str]:
    """Return the words of a description that count: nouns and adjectives, owners without ’s."""
    return frozenset(
        _SHORT.get(low, low.removesuffix("'s"))
        for low in lows
        if low not in W.small and low not in ("new", "former", "own", "current")
    )


def _lows(text: str) -> list[str]:
    return [m.group().lower().replace("’", "'") for m in _WORD.finditer(text)]


def _ends_small(head: str) -> bool:
    last = head.split()[-1]
    return last[:1].islower() and _bare(last.lower()) in W.people


def _owner_of_document(match: re.Match) -> str:
    """“Obi’s statement” is Obi."""
    return "" if match.group(1).lower() in W.documents - {"spokesman", "lawyer"} else match.group()


def _speaker(person: _Person) -> Speaker:
    return Speaker(person.name, "named", frozenset().union(*person.said))


def _way(words: frozenset[str]) -> str:
    return "she" if words & W.she else "he" if words & W.he else ""


def _bare(word: str) -> str:
    return re.sub(r"(?:['’]s|['’.,])$", "", word)
