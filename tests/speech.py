"""Altered words given as speech: what a text about the Blinken article must never do.

The article's quotation marks hold what a machine left there. Such words may be shown, as words of
this copy; nobody may be told that a person said them, and the guessed originals just as little.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator
from functools import cache

from kit.library import datasets
from kit.text.quotations import quotations

__all__ = ["speech_as_fact"]

ARTICLE = "blinken-beijing-2023"
#: How many words in a row make a quotation recognisable.
RUN = 3

_WORD = re.compile(r"\w+(?:'\w+)*")
# Double marks of any kind, or single ones that are no apostrophes.
_QUOTED = re.compile(r"“([^“”]*)”|\"([^\"]*)\"|«([^«»]*)»|(?<!\w)[‘'](\w[^‘]*?)[’'](?!\w)")
# A sentence ends before a capital, a number or an opening mark, and its closing marks go with it.
_END = re.compile(r"(?<=[.!?…])([”\"»’')\]]*)\s+(?=[“\"«‘(\[]?[A-Z0-9…])")
_TITLE = re.compile(r"\b(?:Mr|Ms|Mrs|Dr|No|Gen|Sen|e\.g|i\.e|U\.S|St)\.$")

_WHO = (
    r"(?:Blinken|Kritenbrink|Kim|Biden|Shen|Qin|Wang|Xi|[Ss]ecretary|[Aa]mbassador|[Mm]inister|"
    r"[Pp]resident|[Ss]cholar|[Oo]fficials?|[Rr]esearcher|[Aa]nalyst|[Ss]peaker|[Dd]iplomat|"
    r"\b[Hh]e|\b[Ss]he|\b[Tt]hey)"
)
_VERB = (
    r"\b(?:say|says|said|saying|tell|tells|told|telling|stat(?:es?|ed|ing)|declar(?:es?|ed|ing)|"
    r"explain(?:s|ed|ing)?|add(?:s|ed)|announc(?:es?|ed|ing)|insist(?:s|ed|ing)?|warn(?:s|ed|ing)?|"
    r"promis(?:es|ed|ing)|stress(?:es|ed|ing)|remark(?:s|ed|ing)?|repl(?:ies|ied|ying)|"
    r"acknowledg(?:es?|ed|ing)|argu(?:es?|ed|ing)|vow(?:s|ed|ing)?|admit(?:s|ted|ting)?|"
    r"claim(?:s|ed|ing)|predict(?:s|ed|ing)?|not(?:es|ed|ing)|spoke of|speaks of|mentioned)\b"
)
_SPEECH = re.compile(
    rf"{_VERB}|\b(?:puts?|putting) it\b|\baccording to\b|\bin (?:his|her|their) own words\b"
    rf"|\b(?:literally|word for word|verbatim)\b|\b(?:quot(?:es|ed|ing)|to quote) {_WHO}"
    rf"|\b(?:words|speech|statement|sentence|quotation) (?:of|by|from) [^.]*?{_WHO}",
    re.IGNORECASE,
)
# A page says something when it has the words, which is no claim about a person.
_PAPER = (
    r"(?:P\d+|(?:the|this) (?:\w+ )?(?:story|text|article|paragraph|page|sentence|line|headline|"
    r"title|half|clause|phrase|part))"
)
_PAPER_SAYS = re.compile(
    rf"\b{_PAPER}[\s,()]*\s(?:\w+ )?{_VERB}|{_VERB},? {_PAPER}\b", re.IGNORECASE
)
_BEFORE = re.compile(rf"{_WHO}[^.:“\"]{{0,60}}:\s*$|{_WHO}\w*[’']s?(?: own)?(?: words?,?)?\s*$")
_AFTER = re.compile(rf"^[\s,.]*[–—(-]+\s*(?:the |a |an )?(?:\w+ ){{0,4}}?{_WHO}")
_DISCLAIMER = re.compile(
    r"\b(?:this|the|our) copy\b|\bthe file\b|\bnot what\b[^.]*\bsaid\b"
    r"|\bnobody(?:[’']s speech| said)"
    r"|\bnot (?:his|her|their|anybody[’']s|a person[’']s) (?:own )?(?:words|speech)"
    r"|\bnot [^.]{0,20}\bown words\b|\bmachine\b|\balter(?:ed|s|ation)|\bgarbl|\bswap|\bsynonym"
    r"|\bspun\b|\bdamage|\blikely original|\bdistort|\bmisquot|\bconjecture",
    re.IGNORECASE,
)
# “Not altered” claims the opposite.
_DENIED = re.compile(
    r"\b(?:not|never|nor|hardly|without being) (?:been |in any way )?"
    r"(?:altered|swapped|garbled|damaged|distorted)|\bno machine\b|\bbefore the machine\b",
    re.IGNORECASE,
)


def speech_as_fact(text: str) -> list[str]:
    """Return the sentences of a text that give altered words as what somebody said.

    Args:
        text: prose, Markdown, or a whole TOML file, whose strings and comments are read.

    A sentence is reported when three words in a row from inside the article's quotation marks, or
    from a guess at what stood there, stand inside quotation marks in it, it presents them as
    speech, and neither it nor the sentence before says what they are.
    """
    return [sentence for part in _parts(text) for sentence in _in_prose(part)]


def _parts(text: str) -> Iterator[str]:
    """Yield the pieces of prose: a TOML file's strings and comments, or the text itself."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raw = {}
    if not raw:
        yield text
        return
    yield from _strings(raw)
    yield "\n".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _in_prose(text: str) -> Iterator[str]:
    before = ""
    for sentence in _sentences(text):
        plain = _QUOTED.sub(" ", sentence)
        excused = any(_DISCLAIMER.search(_DENIED.sub("", said)) for said in (before, sentence))
        if not excused and _gives(sentence, plain, before):
            yield sentence
        before = sentence


def _gives(sentence: str, plain: str, before: str) -> bool:
    """Say whether a sentence gives words of the article as speech."""
    altered = [m for m in _QUOTED.finditer(sentence) if _from_article(_inside(m))]
    if not altered:
        return False
    if _SPEECH.search(_PAPER_SAYS.sub(" ", plain)):
        return True
    for quoted in altered:
        if _BEFORE.search(sentence[: quoted.start()]) or _AFTER.search(sentence[quoted.end() :]):
            return True
    # A bare quotation belongs to what the sentence before announces.
    bare = len(_WORD.findall(plain)) <= 2
    return bare and bool(_SPEECH.search(_PAPER_SAYS.sub(" ", _QUOTED.sub(" ", before))))


def _sentences(text: str) -> Iterator[str]:
    """Yield sentences without Markdown's marks; a list item or table cell is one of its own."""
    text = html.unescape(re.sub(r"```.*?```|<!--.*?-->|<[a-zA-Z/][^>]*>", " ", text, flags=re.S))
    text = re.sub(r"[*`_]+", "", text)
    text = re.sub(r"(?:^[ \t]*>.*\n?)+", _blockquote, text, flags=re.M)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-+#]|\d+\.) )|(?<!\\)\|", text):
        pieces, last = [], 0
        joined = " ".join(block.split())
        for end in _END.finditer(joined):
            closed = joined[: end.end(1)]
            if _TITLE.search(closed) or _open(closed[last:]):
                continue
            pieces.append(joined[last : end.end(1)])
            last = end.end()
        pieces.append(joined[last:])
        kept: list[str] = []
        for piece in filter(None, pieces):
            # “….” Blinken said so. The second sentence belongs to the first.
            tail = re.match(rf"(?:\w+ ){{0,4}}{_VERB}(?: \w+){{0,4}}\W*$", piece)
            if kept and tail and kept[-1].endswith(("”", '"', "»", "’")):
                kept[-1] += " " + piece
            else:
                kept.append(piece)
        yield from kept


def _open(text: str) -> bool:
    """Say whether a quotation that began has not ended: its full stops end no sentence."""
    pairs = ("“”", "«»")
    return any(text.count(a) > text.count(b) for a, b in pairs) or text.count('"') % 2 == 1


def _blockquote(block: re.Match[str]) -> str:
    """Set an indented quotation in marks, in the paragraph that announces it."""
    words = re.sub(r"^[ \t]*>[ \t]?", "", block[0], flags=re.M).strip()
    return words + "\n" if _QUOTED.search(words) else f"“{words}”\n"


def _inside(quoted: re.Match[str]) -> str:
    return next(group for group in quoted.groups() if group is not None)


def _from_article(words: str) -> bool:
    runs = _runs(_plain(words))
    if runs & _altered():
        return True
    said = f" {' '.join(_plain(words))} "
    return len(said.split()) >= RUN and any(
        sum(f" {guess} " in said for guess in guesses) >= 2 for guesses in _guesses()
    )


def _plain(text: str) -> list[str]:
    """Return a text's words in small letters, with plain apostrophes."""
    return _WORD.findall(text.replace("’", "'").casefold())


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


@cache
def _altered() -> frozenset[tuple[str, ...]]:
    """Every run of words inside the article's quotation marks, as printed and as guessed."""
    article = datasets.load_article(ARTICLE)
    found: set[tuple[str, ...]] = set()
    for start, end in quotations(article):
        printed = guessed = article.text[start:end]
        for label in reversed(_swaps(start, end)):
            a, b = label.at.start - start, label.at.end - start
            guessed = guessed[:a] + label.fields["likely"] + guessed[b:]
        found |= _runs(_plain(printed)) | _runs(_plain(guessed))
    return frozenset(found)


@cache
def _guesses() -> tuple[frozenset[str], ...]:
    """The guessed originals in each quotation, without words so short that anybody says them."""
    quoted = quotations(datasets.load_article(ARTICLE))
    return tuple(
        frozenset(
            " ".join(_plain(label.fields["likely"]))
            for label in _swaps(start, end)
            if len(label.fields["likely"]) > 5
        )
        for start, end in quoted
    )


def _swaps(start: int, end: int) -> list:
    """Return the reference's guesses between two places, in text order."""
    wording = datasets.load_reference(ARTICLE).coding.on("wording")
    inside = [
        label
        for label in wording
        if start <= label.at.start
        and label.at.end <= end
        and label.fields.get("in-quotes") == "yes"
        and label.fields.get("likely")
    ]
    return sorted(inside, key=lambda label: label.at.start)
