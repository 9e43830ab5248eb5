"""A text from elsewhere, made ready to be numbered: decoded, cleaned, and every change told.

What comes out has one paragraph a line and an empty line between two of them. Words, quotation
marks and dashes stay as they are. Some decisions deserve a reason:

* A hyphen at the end of a joined line goes only where the whole word stands elsewhere in the same
  text, or where somebody has said so (:class:`Choices`). Everywhere else it stays, because “high-”
  and “stakes” are two words, and a program that guesses would invent words nobody wrote.
* Page numbers go only out of text with the line breaks of a PDF file, and only if all lines that
  hold nothing but a number count up by one. Any other number alone on a line may be part of the
  story, and stays. A line that stands beside several of them, but for its digits, goes too.
* UTF-8 that was read as Windows-1252 (“cafÃ©”) is read anew only where the bytes leave no other
  reading. That takes ten lines and no guess; the library for it, ftfy, would be two more packages
  to keep in five lists, and puts quotation marks and widths “right” too, which here are the data.
* Tags go out of text that has those of paragraphs or line breaks; other angle brackets are text.

Cleaning what has been cleaned changes nothing. The time it takes grows with the text's length.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import groupby
from statistics import median
from typing import NamedTuple

from kit.base.errors import KitError
from kit.base.phrases import one_line, plural
from kit.text.article import find_words

MAX_BYTES = 2 * 1024 * 1024
MAX_CHARACTERS = 200_000
MAX_PARAGRAPHS = 2_000
LEAST_WORDS = 50

# Line breaks inside paragraphs: so many pairs of lines must look broken before any are joined …
LEAST_BROKEN = 3
# … and so long is a line that broke because it was full, as a share of the usual length: with the
# next word, which did not fit; before a small letter; and in any case.
FULL, RAGGED, TOO_LONG = 0.93, 0.5, 1.5
# Lines between two empty ones are one paragraph up to this many; more are a page.
PARAGRAPH_LINES = 12


class IntakeError(KitError, ValueError):
    """A text cannot be taken in; the message says why and what to do."""


@dataclass(frozen=True)
class Change:
    """One kind of change.

    Attributes:
        what: a sentence for the student, its number included.
        count: how often it was made.
        example: where it was made first, in a few words of the text; may be empty.
    """

    what: str
    count: int
    example: str = ""


class Choices(NamedTuple):
    """What somebody decides about a text, having seen what would be done.

    Attributes:
        repair: whether letters that were read in the wrong way are read anew.
        whole: which of the words in :attr:`Cleaned.divided` lose their hyphen.
        out: numbers of paragraphs, from 1, that are left out.
    """

    repair: bool = True
    whole: frozenset[str] = frozenset()
    out: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Cleaned:
    """A text that can be numbered.

    Attributes:
        text: one paragraph a line, an empty line between two, a line end after the last.
        changes: what was done to it, in the order in which it was done.
        encoding: how the file's bytes were read; empty for text that was no file.
        divided: words that a line's end divided, with a hyphen that may be theirs or not.
        garbled: whether letters were read in the wrong way, repaired or not.
    """

    text: str
    changes: tuple[Change, ...]
    encoding: str
    divided: tuple[str, ...] = ()
    garbled: bool = False


def _told(what: str, noun: str, count: int, example: str = "") -> list[Change]:
    """Return a change, if it was made; “{}” stands for how often, and its noun."""
    return [Change(what.format(plural(count, noun)), count, example)] if count else []


#: The choices of somebody who has made none.
AS_IT_COMES = Choices()


def clean(data: bytes | str, *, name: str = "", choices: Choices = AS_IT_COMES) -> Cleaned:
    """Decode a text and clean it.

    Args:
        data: a file's bytes, or text that was pasted. Bytes are read as UTF-8, as UTF-16 where
            they begin with its mark, and otherwise as Windows-1252, which is told as a change.
        name: the file's name, for messages.
        choices: what somebody has decided about it.

    Raises:
        IntakeError: it is no text (a Word or PDF file, a picture), too long or too short.
    """
    called = _called(name)
    changes: list[Change] = []
    encoding = ""
    if len(data) > MAX_BYTES:
        raise IntakeError(
            f"{called} is far too long for one news story. "
            f"Cut it down to the story: {MAX_CHARACTERS:,} characters at most."
        )
    if isinstance(data, bytes):
        data, encoding, change = _decode(data, called)
        changes += change
    if "\0" in data:
        raise IntakeError(_NO_TEXT.format(called))
    text, change = _ungarbled(data)
    garbled = bool(change)
    if choices.repair:
        changes += change
    else:
        text = data
    for take in (*(step.take for step in _FIRST), _without_tags, _composed, _without_marks_of_mail):
        text, change = take(text)
        changes += change
    text, change = _parted(text)
    changes += change
    for step in _STEPS:
        text, change = step.take(text)
        changes += change
    paragraphs, change, divided = _paragraphs(text, choices.whole)
    changes += change
    left = [p for n, p in enumerate(paragraphs, start=1) if n not in choices.out]
    gone = [p for n, p in enumerate(paragraphs, start=1) if n in choices.out]
    first = (_around(p, 0) for p in gone[:1])
    changes += _told("Left out {} as you chose", "paragraph", len(gone), *first)
    _refuse_unfit(left, called)
    return Cleaned("\n\n".join(left) + "\n", tuple(changes), encoding, divided, garbled)


# -- bytes -----------------------------------------------------------------------------------------

_NO_TEXT = (
    "{} is not a text file. If you can open it in another program, select the story there, "
    "copy it, and paste the text here."
)
_COPY = "Open it, select all, copy, and paste the text here."
# How files begin that are not plain text: (first bytes, bytes somewhere inside, what it is).
_KINDS = (
    (b"PK\x03\x04", b"word/", f"This is a Word file. {_COPY}"),
    (b"PK\x03\x04", b"opendocument", f"This is a LibreOffice file. {_COPY}"),
    (b"PK\x03\x04", b"epub", f"This is an e-book. {_COPY}"),
    (b"PK\x03\x04", b"", "This is a zip file. Unpack it first, then open the text that was in it."),
    (b"%PDF-", b"", f"This is a PDF file. {_COPY}"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", f"This is an old Word or Office file. {_COPY}"),
    (b"{\\rtf", b"", f"This is a rich-text file. {_COPY}"),
    *(
        (begin, b"", f"This is a web page’s source. {_COPY}")
        for begin in (b"<!doctype", b"<!--", b"<?xml", b"<html", b"<head", b"<body")
    ),
)


def _called(name: str) -> str:
    """Return what messages call the text; a name from outside is kept short and on one line."""
    last = re.split(r"[\\/]", name)[-1]
    plain = "".join(c for c in last if c.isprintable()).strip()
    return f"“{plain[:60]}”" if plain else "This text"


def _decode(data: bytes, called: str) -> tuple[str, str, list[Change]]:
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for begin, inside, what in _KINDS:
        if (data.startswith(begin) or head.startswith(begin)) and inside in data:
            raise IntakeError(what)
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), "UTF-16", []
        if b"\0" in data:
            raise IntakeError(_NO_TEXT.format(called))
        return data.decode("utf-8-sig"), "UTF-8", []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError:
        raise IntakeError(_NO_TEXT.format(called)) from None
    old = [match.start() for match in re.finditer(r"[^\x00-\x7f]", text)]
    what = (
        "Read the file as Windows-1252, an older way of storing letters ({}). Look whether accents "
        "and quotation marks came out right."
    )
    return text, "Windows-1252", _told(what, "special character", len(old), _around(text, old[0]))


# -- characters ------------------------------------------------------------------------------------

_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_RIGHT_TO_LEFT = ("R", "AL")


class _Step(NamedTuple):
    """Every match of a pattern replaced, and how that is told: ``{}`` stands for the number."""

    pattern: str
    put: str | Callable[[re.Match], str]
    what: str
    noun: str
    applies: Callable[[str], bool] = lambda text: True

    def take(self, text: str) -> tuple[str, list[Change]]:
        """Return the text with the step taken, and the change if there was one."""
        first = re.search(self.pattern, text)
        if not first or not self.applies(text):
            return text, []
        example = _around(text, first.start())
        text, count = re.subn(self.pattern, self.put, text)
        return text, _told(self.what, self.noun, count, example)


def _left_to_right(text: str) -> bool:
    """Say whether no letter runs from right to left: then marks of direction have no work."""
    return not any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in set(text))


# The order matters: each step may uncover work for those after it, never for those before.
_FIRST = (
    _Step("[\ud800-\udfff]", "\ufffd", "Marked {} with “\ufffd”", "broken character"),
    _Step("\r\n|[\r\v\x85\u2028\u2029]", "\n", "Wrote {} the plain way", "line end"),
)
_STEPS = (
    _Step("\n?\f+\n?", "\n", "Took out {}", "page break"),
    _Step(
        r"[\x00-\x08\x0e-\x1f\x7f-\x9f]",
        "",
        "Took out {} that no screen shows",
        "control character",
    ),
    _Step(
        f"[{''.join(_LIGATURES)}]",
        lambda match: _LIGATURES[match[0]],
        "Took apart {}, such as “ﬁ”, into plain letters",
        "joined letter",
    ),
    _Step("\t", " ", "Turned {} into blanks", "tab"),
    _Step(
        r"[^\S\n ]",
        " ",
        "Turned {} (such as blanks that forbid a line break) into ordinary ones",
        "special blank",
    ),
    _Step("[\u180e\u200b\u2060-\u2064\ufeff\ufffc]", "", "Took out {}", "invisible character"),
    _Step(
        "[\u200e\u200f\u202a-\u202e\u2066-\u2069]",
        "",
        "Took out {} that no word here needs",
        "direction mark",
        applies=_left_to_right,
    ),
    # Joiners hold emoji and the letters of some scripts together; between others, and beside a soft
    # hyphen, they do nothing.
    _Step(
        "(?<![^\x00-\x7f\xad])[\u200c\u200d]+"
        "|(?<![\u200c\u200d])[\u200c\u200d]+(?![^\x00-\x7f\xad])",
        "",
        "Took out {}",
        "invisible joiner",
    ),
    # At a line's end a soft hyphen shows that a word goes on: that one is needed a little longer.
    _Step(
        "(?<![^\\W\\d_])\u00ad|\u00ad(?![^\\S\n]*\n[^\\S\n]*[^\\s\u00ad])",
        "",
        "Took out {} inside words",
        "invisible hyphen",
    ),
    _Step("  +", " ", "Took out surplus blanks in {}", "place"),
    _Step(r"(?:\A|(?<=\n)) | (?=\n|\Z)", "", "Took out {} at the ends of lines", "blank"),
)


# What UTF-8 looks like that was read as Windows-1252 or Latin-1: a byte that leads, as a letter,
# and one to three that follow.
_FOLLOWS = "\x80-\xbf" + "".join(
    bytes([n]).decode("windows-1252", "ignore") for n in range(0x80, 0xC0)
).replace("-", "").replace("]", "").replace("^", "").replace("\\", "")
_GARBLED = re.compile(
    f"[\xc2-\xdf][{_FOLLOWS}]|[\xe0-\xef][{_FOLLOWS}]{{2}}|[\xf0-\xf4][{_FOLLOWS}]{{3}}"
)


def _ungarbled(text: str) -> tuple[str, list[Change]]:
    """Read anew what was UTF-8 and read in another way: “cafÃ©”. A single “é»” is no sign of it;
    one of the three letters with which nearly all such slips begin is."""
    count = 0

    def read(match: re.Match) -> str:
        nonlocal count
        try:
            letters = b"".join(
                bytes([ord(c)]) if ord(c) < 256 else c.encode("windows-1252") for c in match[0]
            ).decode("utf-8")
        except UnicodeError:
            return match[0]
        count += 1
        return letters

    first = next((m for m in _GARBLED.finditer(text) if m[0][0] in "ÂÃâ"), None)
    if first is None:
        return text, []
    example = _around(text, first.start())
    text = _GARBLED.sub(read, text)
    return text, _told("Read {} as the letters that they were", "garbled letter", count, example)


def _composed(text: str) -> tuple[str, list[Change]]:
    """Write each letter and its accent as one character (Unicode NFC)."""
    composed = unicodedata.normalize("NFC", text)
    if composed == text:
        return text, []
    count = max(1, len(text) - len(composed))
    place = next((n for n, (a, b) in enumerate(zip(text, composed)) if a != b), 0)
    what = "Wrote {} and the accent on it as one character"
    return composed, _told(what, "letter", count, _around(composed, place))


# -- the source of web pages and mails -------------------------------------------------------------

_BLOCKS = frozenset(
    """address article aside blockquote dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section table td th tr ul""".split()
)
_UNSEEN = frozenset("head script style template title noscript svg".split())
_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(_BLOCKS))})(?:\s[^<>]{{0,500}})?/?>|<br\s?/?>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:[a-z][a-z\d]{1,20}|#\d{2,6}|#x[\da-f]{2,5});", re.IGNORECASE)


class _Seen(HTMLParser):
    """Keeps what a reader of a page would see, a paragraph a line."""

    def __init__(self, *, breaks: bool):
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.tags = 0
        self._unseen = 0
        self._breaks = breaks  # whether line ends of the source are line ends

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags += 1
        self._unseen += tag in _UNSEEN
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n\n")
        elif tag == "br":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data if self._breaks else re.sub(r"\s+", " ", data))


def _without_tags(text: str) -> tuple[str, list[Change]]:
    """Take the tags and entities out of a web page's source."""
    changes: list[Change] = []
    first = _TAG.search(text)
    if first:
        parser = _Seen(breaks=first[0][1:3].lower() == "br")
        example = _around(text, first.start())
        parser.feed(text)
        parser.close()
        text = re.sub(r" *\n(?: *\n)+ *", "\n\n", "".join(parser.pieces)).strip()
        changes = _told("Took out {} of a web page’s source", "tag", parser.tags, example)
    elif entity := _ENTITY.search(text):
        example = _around(text, entity.start())
        count = sum(html.unescape(match[0]) != match[0] for match in _ENTITY.finditer(text))
        what = "Wrote {} that stood as a code, such as “&eacute;”"
        changes = _told(what, "letter", count, example)
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text, changes


_MAIL = re.compile(r"(?m)^(?:> ?)+")


def _without_marks_of_mail(text: str) -> tuple[str, list[Change]]:
    """Take out the “>” before most lines of a mail that quotes."""
    lines = [line for line in text.split("\n") if line.strip()]
    quoted = sum(line.startswith(">") for line in lines)
    if quoted < 3 or quoted < 0.5 * len(lines):
        return text, []
    text, count = _MAIL.subn("", text)
    example = _around(next(line for line in lines if line.startswith(">")), 0)
    return text, _told("Took the mark of a quoting mail, “>”, off {}", "line", count, example)


_INDENT = re.compile(r"[ \t\u00a0\u3000]{2,}(?=\S)")


def _parted(text: str) -> tuple[str, list[Change]]:
    """Put an empty line before each paragraph whose first line alone is indented."""
    lines = text.split("\n")
    indented = [bool(_INDENT.match(line)) for line in lines]
    flush = sum(bool(line.strip()) for line in lines) - sum(indented)
    after = [n for n in range(1, len(lines)) if indented[n] and lines[n - 1].strip()]
    if (
        len(after) < 2
        or flush < sum(indented)
        or any(indented[n] and n + 1 < len(lines) and indented[n + 1] for n in after)
    ):
        return text, []
    example = _seam(lines[after[0] - 1].strip(), lines[after[0]].strip())
    for n in reversed(after):
        lines.insert(n, "")
    what = "Parted {} where a line is indented"
    return "\n".join(lines), _told(what, "paragraph", len(after), example)


# -- lines -----------------------------------------------------------------------------------------

_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]['\"’”»›)\]]*$")
_NUMBER_ALONE = re.compile(r"[-–— ]*(?:page )?(\d{1,4})(?: ?(?:of|/) ?\d{1,4})?[-–— ]*", re.I)
_LETTERS = re.compile(r"[^\W\d_]+")
_BULLET = re.compile(r"[•‣◦▪●*–—-] |\d{1,2}[.)] ")
_HYPHENS = "-‐"
_DASHES = "–—"


def _paragraphs(
    text: str, whole: frozenset[str]
) -> tuple[list[str], list[Change], tuple[str, ...]]:
    lines = text.split("\n")
    usual = _usual_length(lines)
    changes: list[Change] = []
    if usual:
        lines, changes = _without_page_numbers(lines)
    words = frozenset(match[0].casefold() for match in _LETTERS.finditer(text))
    groups, change, divided = _joined(lines, usual, words, whole)
    changes += change
    paragraphs = [paragraph for group in groups for paragraph in group]
    added = len(paragraphs) - len(groups)
    pairs = [_seam(*group[:2]) for group in groups if len(group) > 1]
    changes += _told("Put an empty line between paragraphs in {}", "place", added, *pairs[:1])
    # Between two groups one empty line is wanted; one line end may stand after the last.
    empty = sum(not line for line in lines) - max(len(groups) - 1, 0) - (not lines[-1])
    changes += _told("Took out {}", "surplus empty line", max(0, empty))
    return paragraphs, changes, divided


def _usual_length(lines: list[str]) -> float:
    """Return how long a full line is where the lines of paragraphs are broken, as PDF files and
    some mail programs leave them; 0 where each line is a paragraph.

    Broken lines are about equally long, end within a sentence, and mostly go on with a small
    letter; a list of headlines, say, does not.
    """
    broken = [
        (len(line), after)
        for line, after in zip(lines, lines[1:])
        if after and len(line) >= 25 and not _SENTENCE_END.search(line)
    ]
    if len(broken) < LEAST_BROKEN:
        return 0
    usual = median(length for length, _ in broken)
    alike = sum(0.8 * usual <= length <= 1.2 * usual for length, _ in broken)
    going_on = sum(not after[0].isupper() for _, after in broken)
    if usual > 150 or alike < 0.6 * len(broken) or going_on < 0.5 * len(broken):
        return 0
    return usual


def _without_page_numbers(lines: list[str]) -> tuple[list[str], list[Change]]:
    alone = {n: match for n, line in enumerate(lines) if (match := _NUMBER_ALONE.fullmatch(line))}
    pages = [int(match[1]) for match in alone.values()]
    if len(pages) < 2 or pages != list(range(pages[0], pages[0] + len(pages))):
        return lines, []
    headers = _running(lines, alone)
    kept: list[str] = []
    before = ""  # the last line that is not empty
    torn = False  # a page number stood in the middle of a sentence: no empty line belongs there
    for n, line in enumerate(lines):
        if n in alone or n in headers:
            torn = bool(before) and not _SENTENCE_END.search(before)
            while torn and not kept[-1]:
                kept.pop()
        elif line or not torn:
            kept.append(line)
            before, torn = line or before, False
    example = lines[next(iter(alone))]
    edges = one_line(" / ".join(dict.fromkeys(lines[n] for n in sorted(headers))))
    return kept, [
        *_told("Took out {}", "page number", len(pages), example),
        *_told("Took out {} that stood at the edge of every page", "line", len(headers), edges),
    ]


def _running(lines: list[str], alone: dict[int, re.Match]) -> set[int]:
    """Return the places of lines that stand beside most page numbers, the same but for digits."""
    beside: dict[int, str] = {}
    for n in alone:
        for step in (-1, 1):
            near = n + step
            while 0 <= near < len(lines) and not lines[near]:
                near += step
            if 0 <= near < len(lines) and near not in alone:
                beside[near] = re.sub(r"\d+", "0", lines[near])
    often = Counter(beside.values())
    return {n for n, line in beside.items() if often[line] > 1 and 2 * often[line] > len(alone)}


def _joined(
    lines: list[str], usual: float, words: frozenset[str], together: frozenset[str]
) -> tuple[list[list[str]], list[Change], tuple[str, ...]]:
    """Return the groups of lines as groups of paragraphs, what was joined, and the words that may
    have been divided at a line's end."""
    undecided: dict[str, None] = {}
    groups = [list(group) for full, group in groupby(lines, key=bool) if full]
    several = [group for group in groups if len(group) > 1]
    parted = len(several) >= 3  # empty lines part the paragraphs, not the pages only
    breaks: list[str] = []
    whole: list[str] = []
    kept: list[str] = []
    done = []
    for group in groups:
        one_paragraph = parted and len(group) <= PARAGRAPH_LINES
        paragraphs = [[group[0]]]
        for line, after in zip(group, group[1:]):
            if not _goes_on(line, after, usual, one_paragraph):
                paragraphs.append([after])
                continue
            breaks.append(_seam(line, after))
            pieces = paragraphs[-1]
            pieces[-1], divided = _glued(pieces[-1], after, words)
            if divided is False:
                word = _divided(line, after)
                undecided.setdefault(word)
                if word in together:
                    pieces[-1], divided = pieces[-1][:-1], True
            pieces.append(after)
            if divided is not None:
                (whole if divided else kept).append(_seam(line, after))
        done.append(["".join(pieces).rstrip("\u00ad") for pieces in paragraphs])
    return (
        done,
        [
            *_told(
                "Joined {} inside paragraphs, as PDF files leave them",
                "line break",
                len(breaks),
                *breaks[:1],
            ),
            *_told("Put together {} divided at a line’s end", "word", len(whole), *whole[:1]),
            *_told("Kept {} from lines’ ends that a word may need", "hyphen", len(kept), *kept[:1]),
        ],
        tuple(undecided),
    )


def _divided(line: str, after: str) -> str:
    """Return the word that a line's end divides, with its hyphen: “Ne-gotiations”."""
    return line.rpartition(" ")[2] + after.partition(" ")[0].rstrip(".,;:!?”’\"')")


def _goes_on(line: str, after: str, usual: float, one_paragraph: bool) -> bool:
    """Say whether a paragraph goes on from one line to the next."""
    if line.endswith("\u00ad"):
        return True
    if _BULLET.match(after):
        return False
    if len(line) > TOO_LONG * usual or any(map(_NUMBER_ALONE.fullmatch, (line, after))):
        return False
    if line[-1] in _HYPHENS and line[-2:-1].isalpha() and after[0].islower():
        return True
    if after[0].islower() and not _SENTENCE_END.search(line):
        return len(line) >= RAGGED * usual
    full = len(line) + 1 + len(after.partition(" ")[0]) >= FULL * usual
    return full and (one_paragraph or not _SENTENCE_END.search(line))


def _glued(line: str, after: str, words: frozenset[str]) -> tuple[str, bool | None]:
    """Return a line as it stands before the next in one paragraph, and whether a hyphen at its
    end is gone (True), has stayed (False) or was not there (None)."""
    if line.endswith("\u00ad"):
        return line[:-1], True
    if len(line) > 1 and not line[-2].isspace():
        if line[-1] in _HYPHENS:
            left = re.search(r"[^\W\d_]{1,40}\Z", line[:-1])
            right = _LETTERS.match(after)
            if left and right and after[0].islower() and (left[0] + right[0]).casefold() in words:
                return line[:-1], True
            return line, False
        if line[-1] in _DASHES:
            return line, None
    return line + " ", None


# -- limits and words ------------------------------------------------------------------------------


def _refuse_unfit(paragraphs: list[str], called: str) -> None:
    characters = sum(map(len, paragraphs))
    if characters > MAX_CHARACTERS:
        raise IntakeError(
            f"{called} has {characters:,} characters; the kit takes {MAX_CHARACTERS:,} at most. "
            "Cut it down to one story."
        )
    if len(paragraphs) > MAX_PARAGRAPHS:
        raise IntakeError(
            f"{called} has {len(paragraphs):,} paragraphs; the kit takes {MAX_PARAGRAPHS:,} at "
            "most. Cut it down to one story."
        )
    words = sum(len(find_words(paragraph)) for paragraph in paragraphs)
    if not words:
        raise IntakeError(f"{called} has no words in it. Paste a story, or open a text file.")
    if words < LEAST_WORDS:
        raise IntakeError(
            f"{called} has {plural(words, 'word')}; to count anything, take a story of "
            f"{LEAST_WORDS} at least. 400 to 900 are best."
        )


def _around(text: str, place: int) -> str:
    """Return the few words around a place, on one line and with nothing invisible in them."""
    start, end = max(0, place - 20), place + 20
    # Whole words only, but never less than what is at the place.
    before = text[start:place] if not start else text[start:place].partition(" ")[2]
    after = text[place:end] if end >= len(text) else text[place:end].rpartition(" ")[0]
    return one_line(before + (after or text[place:end]))


def _seam(line: str, after: str) -> str:
    """Return the end of one line and the beginning of the next."""
    end = line if len(line) <= 20 else line[-20:].partition(" ")[2] or line[-20:]
    beginning = after if len(after) <= 20 else after[:20].rpartition(" ")[0] or after[:20]
    return f"{one_line(end)} | {one_line(beginning)}"
