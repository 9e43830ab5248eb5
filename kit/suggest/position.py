"""Where a line stands on the page, suggested from its shape, its neighbours and a few words.

First the page is taken off the story: forms and links, the title printed again, pictures' credits
and captions, the dateline. What is left is the story: its first paragraph is the lede, its last
the kicker, and one near the top that says why it matters is the nut graf.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kit.coding.codebook import Codebook
from kit.suggest.rule import Found, Settings, known
from kit.text.article import Article, find_words
from kit.text.span import Span

__all__ = ["RULES", "find", "is_of_the_page"]

LAYER = "position"
_KNOWN = known(LAYER)
RULES, _P = _KNOWN.rules, _KNOWN.compiled

# No pattern looks further than this into a block; a line of the page is short.
_LOOK = 600
_MANY_WORDS = 60  # more than any line that is no paragraph
_SHORT = 14  # words

_STOP = re.compile(r"[.!?…:;。！？؟۔।][\"'”’»)\]}*\s]*$")
_SLASH = re.compile(r"\W?([^\W\d_][^!?/|]{1,60}?) ?[/|] ?([^\W\d_][^!?/|]{1,40})$")
#: Points for each word of weight, twice a row at most.
_SO_WHAT = (
    *((2, words) for words in (_P.weight, _P.record, _P.hope)),
    *((1, words) for words in (_P.aim, _P.occasion, _P.chance, _P.quarrel)),
)
_WEIGHT_NEEDED = 2
_NEAR_TOP = 4  # paragraphs after the lede
_MARKS = tuple("“\"'‘«")


class _Line(NamedTuple):
    """What the rules look at in a block."""

    text: str  # without white space around it, and no longer than a pattern looks
    words: int
    stop: bool  # whether it ends as a sentence does

    @property
    def prose(self) -> bool:
        return (self.stop and self.words > 3) or self.words >= _MANY_WORDS


def find(article: Article, codebook: Codebook, settings: Settings) -> Iterator[Found]:
    """Yield one position for every block, in text order.

    Args:
        article: any text; its title is used where it is known.
        codebook: must have the layer “position”; a code that it lacks is not suggested.
        settings: which rules are off. What one of them would have found falls to the next that
            fits, in the end to “body”.
    """
    known = {code.id for code in codebook.layer(LAYER).codes}
    for block, (code, rule) in zip(article.blocks, _decide(article, settings.off), strict=True):
        if code in known and rule not in settings.off:
            yield Found(rule, Span(block.start, block.end), (code,))


def _decide(article: Article, off: frozenset[str]) -> list[tuple[str, str]]:
    """Return code and rule for every block."""
    lines = [_line(block.text) for block in article.blocks]
    found: list[tuple[str, str] | None] = [None] * len(lines)

    def put(n: int, code: str, name: str) -> None:
        rule = f"position-{name}"
        if rule not in off and found[n] is None:
            found[n] = (code, rule)

    def left() -> list[int]:
        return [n for n, what in enumerate(found) if what is None]

    headline = _headline(lines, article.title)
    if headline is not None:
        put(headline, "headline", "headline")
        title = _plain(lines[headline].text)
        for n, line in enumerate(lines):
            if n != headline and _plain(line.text) == title:
                put(n, "furniture", "repeated-title")
    for n, line in enumerate(lines):
        if _is_of_the_page(line):
            put(n, "furniture", "page-words")
    credits = {n for n in left() if _is_credit(lines[n])}
    beside = {near for n in credits for near in (n - 1, n + 1)}
    captions = {n for n in left() if n not in credits and _is_caption(lines[n], n in beside)}
    pictures = credits | captions
    first = next((n for n in left() if lines[n].prose and n not in pictures), len(lines))
    for n in left():
        # An agency’s name alone says who filed the story, if the story is still to come.
        if n < first and (n not in pictures or _P.only_agency.fullmatch(lines[n].text)):
            if _is_dateline(lines[n]):
                put(n, "dateline", "dateline")
    for n in left():
        if n in pictures:
            put(n, "caption", "credit" if n in credits else "caption")
    _tell_the_story(lines, left(), put)
    return [what or ("body", "position-body") for what in found]


def _tell_the_story(
    lines: list[_Line], story: list[int], put: Callable[[int, str, str], None]
) -> None:
    """Give lede, nut graf, kicker and what hangs below to the blocks that are left."""
    paragraphs = [n for n in story if lines[n].prose]
    if not paragraphs:
        paragraphs = story
    for n in story:
        if paragraphs and n > paragraphs[-1]:
            put(n, "furniture", "below")
    if not paragraphs:
        return
    put(paragraphs[0], "lede", "lede")
    if len(paragraphs) >= 3:
        put(paragraphs[-1], "kicker", "kicker")
        before = lines[paragraphs[-2]].text
        if len(paragraphs) >= 6 and lines[paragraphs[-1]].text.startswith(_MARKS):
            if _P.sets_up.search(before) and not before.startswith(_MARKS):
                put(paragraphs[-2], "kicker", "kicker")
    begun = False
    for place, n in enumerate(paragraphs[1 : 1 + _NEAR_TOP]):
        # Right after the lede less is asked of it than further down.
        if _weight(lines[n]) >= _WEIGHT_NEEDED + bool(place and not begun):
            put(n, "nut-graf", "nut-graf")
            begun = True
        elif begun:
            break


def _line(text: str) -> _Line:
    text = text.strip().strip("\ufeff\u200b\u00ad").strip()
    return _Line(text[:_LOOK], len(find_words(text)), bool(_STOP.search(text[-80:])))


def is_of_the_page(text: str) -> bool:
    """Say whether a block has words of the page, and not of the story."""
    return _is_of_the_page(_line(text))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _headline(lines: list[_Line], title: str) -> int | None:
    """Return the place of the title, if the page has one."""
    wanted = _plain(title[:_LOOK])
    for n, line in enumerate(lines):
        if wanted and _plain(line.text) == wanted:
            return n
    for n, line in enumerate(lines):
        if line.stop and line.words > 3 and not line.text.endswith(("?", "!")):
            return None  # the story has begun
        short = line.words < 4 and not (n == 0 and len(lines) > 1 and line.words > 1)
        if short or line.words > 40 or _is_of_the_page(line) or _is_credit(line):
            continue
        return n
    return None


def _is_of_the_page(line: _Line) -> bool:
    if line.words >= _MANY_WORDS:
        return False
    if _P.page_sentence.match(line.text) or _P.menu.match(line.text) or _P.form.search(line.text):
        return True
    return (line.words <= _SHORT or not line.stop) and bool(_P.page.match(line.text))


def _is_dateline(line: _Line) -> bool:
    if line.words == 0 or _P.filed.match(line.text):
        return True  # a dash alone; a name or a day
    return line.words <= 8 and not line.stop


def _is_credit(line: _Line) -> bool:
    if line.words > 14 or not line.words:
        return False
    if _P.credit.match(line.text) or _P.filed_by_agency.search(line.text):
        return True
    names = None if line.stop else _SLASH.match(line.text)  # Ana Brell/The Post
    return names is not None and all(not name[0].islower() for name in names.groups())


def _is_caption(line: _Line, beside_credit: bool) -> bool:
    if not line.words or line.words >= _MANY_WORDS:
        return False
    if _P.caption.match(line.text) or _P.caption_with_credit.search(line.text):
        return True
    if _P.speech.search(line.text):
        return False
    if _P.filed_from.match(line.text) or line.text.isupper():
        return False  # a dateline; a line between the parts of the story
    if _P.pictured.search(line.text):
        return True
    scene = _P.scene.search(line.text)
    if beside_credit:
        return bool(scene or _P.day.search(line.text) or (not line.stop and line.words > 4))
    return bool(scene and _P.ends_in_day.search(line.text))


def _weight(line: _Line) -> int:
    """Return how many words of weight a paragraph has; a paragraph that is all speech has none."""
    if line.text[:1] in '“"«' and line.text[-1:] in '”"»':
        return 0
    return sum(
        points * min(2, len({hit.casefold() for hit in words.findall(line.text)}))
        for points, words in _SO_WHAT
    )
