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
from kit.suggest.rule import Found, Rule, Settings
from kit.text.article import Article, Block
from kit.text.span import Span

__all__ = ["RULES", "find"]

LAYER = "position"

# Where a rule looks at a line's neighbours, its example has them.
RULES: tuple[Rule, ...] = (
    Rule(
        "position-headline",
        "The title; where the title is not known, the first line before the story that is no "
        "sentence.",
        "Minister lands in Velsk for first talks in a decade",
    ),
    Rule(
        "position-repeated-title",
        "The title a second time is left over from the page.",
        "Minister lands in Velsk\nMinister lands in Velsk",
    ),
    Rule(
        "position-page-words",
        "Words of the page and not of the story: share, subscribe, leave a reply, required fields, "
        "related stories, an address of the web, a row of links.",
        "Your email address will not be published.",
    ),
    Rule(
        "position-dateline",
        "Short lines before the story that only say where, when or by whom it was filed.",
        "Minister lands in Velsk\nVelsk (The Gull) —\nTalks began on Tuesday in Velsk.",
    ),
    Rule(
        "position-credit",
        "Who took a picture: a name, a slash and an agency, or the word photo and a name.",
        "Ana Brell/The Gull",
    ),
    Rule(
        "position-caption",
        "A single sentence beside a credit, or one that says who stands left and right.",
        "Ana Dorn waves to reporters in Velsk on 4 May.",
    ),
    Rule(
        "position-lede",
        "The first paragraph of the story.",
        "Foreign Minister Ana Dorn opened talks in Velsk on Tuesday.",
    ),
    Rule(
        "position-nut-graf",
        "One of the four paragraphs after the lede, or some in a row, with words of weight or "
        "hope: first in years, matters, at stake, expectations, in an effort to.",
        "Talks began in Velsk on Tuesday.\nThe visit matters because all trade had stopped.",
    ),
    Rule(
        "position-kicker",
        "The last paragraph of the story, and the one before where it sets up a closing quotation.",
        "Talks began in Velsk.\nIt was cold at noon.\n“Ask me again,” she said.",
    ),
    Rule(
        "position-below",
        "A line below the story’s last full sentence belongs to the page.",
        "Talks began on Tuesday in Velsk.\nFive walks around the old harbour",
    ),
    Rule(
        "position-body",
        "Every other paragraph.",
        "Talks began in Velsk.\nShe was met by the deputy mayor.\n“Ask me again,” she said.",
    ),
)

# No pattern looks further than this into a block; a line of the page is short.
_LOOK = 600
_MANY_WORDS = 60  # more than any line that is no paragraph

_CLOSERS = "\"'”’»)]}*"
_STOP = re.compile(rf"[.!?…:;。！？؟۔।][{re.escape(_CLOSERS)}\s]*$")

# Each phrase opens the line, or is the whole of it where it ends in $. These count in short lines
# only: a sentence of the story may begin with “Recommended”.
_PAGE = re.compile(
    r"""\W*(?:
    leave\ a\ (?:reply|comment) | (?:post|add)\ a?\ ?comment | comments?(?:\ \(\d+\))?\W*$
  | your\ e-?mail | e-?mail(?:\ address)?\W*$ | required\ fields | name\ ?\*?\W*$ | website\W*$
  | notify\ me | (?:log|sign)[ -](?:in|up|out) | subscribe | newsletter | share\b[^.]{0,30}$
  | (?:share|follow|like|join|find)\ (?:this|us|on)\b | tweet\W*$ | print\W*$
  | (?:read|see|view|load|show|learn)\ (?:more|also|next|all)\b | more\ (?:on|from|stories|news)\b
  | related\b[^.]{0,40}$ | related\ (?:coverage|stories|articles|topics|news)\b | recommended\b
  | most\ (?:read|popular) | up\ next | trending | advertisement | sponsored | skip\ (?:to|ad)
  | click\ here | cookie | source\W*$ | (?:tags?|categories|topics?)\W*(?:$|:) | filed\ under
  | copyright | © | terms\ of\ (?:use|service) | privacy\ policy | \d+\ min(?:ute)?s?\ read
  | (?:previous|next)\ (?:article|post|story)\W*$ | home\W*$ | menu\W*$ | gallery\W*$ | slideshow\b
  | (?:https?://|www\.)\S+\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SHORT = 14  # words
# These count in sentences too.
_PAGE_LONG = re.compile(
    r"""\W*(?:
    save\ my\ name | you\ (?:may|might)\ (?:also\ )?like | (?:source|editor)s?:\ | eds:
  | (?:reporting|editing|writing|additional\ reporting)\ (?:for\ .{1,40}\ )?by\b
  | to\ view\b.{1,80}\bclick\b | \(for\ .{1,60}\ click\b | \(\w+\ version\ of\b | all\ rights
  | (?:this|the)\ (?:article|story)\ (?:is|was|has\ been)\b.{0,60}
    (?:part\ of|refiled|updated|published|corrected|syndicated|developing)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Home | World | Business
_MENU = re.compile(r"[^|.!?]{1,30}(?:\|[^|.!?]{1,30}){2,}$")
_FORM = re.compile(r"required fields are marked|will not be published|all rights reserved", re.I)

_AGENCIES = (
    r"reuters|afp|ap|ap photo|associated press|getty(?: images)?|epa(?:-efe)?|xinhua|bloomberg"
    r"|shutterstock|alamy|zuma|imago|pool|handout|file(?: photo)?"
)
_AGENCY = re.compile(rf"(?:^|[/(|\s])(?:{_AGENCIES})[)\s]*$", re.IGNORECASE)
_ONLY_AGENCY = re.compile(rf"\W*(?:{_AGENCIES})\W*", re.IGNORECASE)
# A credit at the end of its caption: … in Velsk, 4 May. REUTERS/Ana Brell, … Photo: Ana Brell
_WITH_CREDIT = re.compile(
    rf"(?<!\w)(?:{_AGENCIES}) ?/ ?[^\W\d_][^/]{{1,60}}(?:/[^/]{{1,20}})?$"
    rf"|\((?:{_AGENCIES})(?:/[^()]{{1,60}})?\)\W*$"
    rf"|[.!?…][{re.escape(_CLOSERS)}]?\s(?:photo(?:graph)?|picture|image|credit)s?"
    r"(?: by |\s?[:©]\s?)[^\W\d_][^.!?]{1,60}$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\W*(?:photo(?:graph)?s?|picture|image|illustration|credit|video|graphic)s?(?: credit)?"
    r"(?: by |\s?[:©/|]\s?)\S|\W*©",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\W?([^\W\d_][^!?/|]{1,60}?) ?[/|] ?([^\W\d_][^!?/|]{1,40})$")
_PICTURED = re.compile(
    r"\((?:left|right|centre|center|from left|l|r|c|second from|file|pictured)\b"
    r"|\bfrom left\b"
    r"|\b(?:file|handout|undated|combination|booking) (?:photo|picture|image)\b|\bpictured\b"
    r"|\b(?:is|are) seen (?:at|during|outside|near|inside|on|through|before|behind|here)\b"
    r"|\bin this (?:photo|picture|image|screen)\b",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(r"\W*(?:l-r\b|file photo\b|(?:photo|picture|image) (?:taken|shows)\b)", re.I)
# A scene told as if it happened now; a picture shows nothing else.
_SCENE = re.compile(
    r"\b(?:arrives?|attends?|boards?|carr(?:y|ies)|cheers?|delivers?|embraces?|gestures?|gathers?"
    r"|greets?|holds?|hugs?|inspects?|leaves?|listens?|looks?|meets?|passes|poses?|reacts?|shakes?"
    r"|shows?|sits?|smiles?|speaks?|stands?|steps?|talks?|tours?|visits?|walks?|waits?|watche?s?"
    r"|waves?|welcomes?|works?)\b"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_DAY = re.compile(rf"\b(?:{_MONTH}\.? \d{{1,2}}\b|\d{{1,2}} {_MONTH})", re.IGNORECASE)
_DAY_LAST = re.compile(rf"(?:{_MONTH}\.? \d{{1,2}}|\d{{1,2}} {_MONTH}),?(?: \d{{4}})?\W*$", re.I)
_FROM = re.compile(r"[^.!?]{2,60}(?:\([^()]{1,40}\) ?)?(?:--| [-–—]) ")  # VELSK (The Post) —
_SPEECH = re.compile(r"[“”«»\"]|\b(?:said|says|told|asked|added|mentioned)\b")

_FILED = re.compile(
    rf"\W*(?:by\s+\S|(?:published|updated|posted|last updated|from)\b|\d{{1,2}}:\d\d|{_MONTH}"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\d{1,2}[ ./-])",
    re.IGNORECASE,
)

# Words of weight, of news against time, and of hope: points for each, twice a row at most.
_SO_WHAT = tuple(
    (points, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for points, words in (
        (2, r"matters?|at stake|stakes|significan(?:t|ce)|turning point|crucial|pivotal"
            r"|so far-reaching|watershed|test (?:of|for)|best chance|last chance"),
        (2, r"(?:first|second|only|most|biggest|largest|highest|lowest|deadliest|worst|latest"
            r"|fewest)\b[^.!?]{1,60}\b(?:years?|decades?|months|history|since|ever|generation"
            r"|senior|serious|century|series)"),
        (2, r"(?:low|high|few|little|modest|no) (?:expectations?|hopes?)|expectations?"
            r"|hopes? (?:of|for|that|to)|rais(?:es|ed|ing) (?:fears?|hopes?|questions?|concerns?)"),
        (1, r"(?:efforts?|attempts?|bid|chance|opportunity|push) (?:to|at)|aim(?:s|ed)? (?:to|at)"
            r"|in order to|with (?:a|the) (?:view|aim|purpose|goal)|intended|meant to"),
        (1, r"amid|comes? (?:as|at|after|amid|on the heels)|at a (?:time|moment) when|against"
            r" (?:a|the) backdrop|the move|the decision|the visit|the vote|the ruling|the deal"),
        (1, r"could|might|would|may|will|risks?|threat(?:s|ens?)?|likely|expected"),
        (1, r"tensions?|crisis|conflict|dispute|quarrel|relations|rivalry|uncertainty|fears?"),
    )
)  # fmt: skip
_WEIGHT_NEEDED = 2
_NEAR_TOP = 4  # paragraphs after the lede
_SETS_UP = re.compile(
    r"\b(?:asked|whether|ask|wonder(?:s|ed)?|question|declin(?:es?|ed)|refus(?:es?|ed)"
    r"|(?:would|will|could|did)(?:n[’']t| not)|won[’']t)\b"
)


class _Line(NamedTuple):
    """What the rules look at in a block."""

    block: Block
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
        settings: which rules are off. What a rule that is off would have found falls to the
            next that fits, in the end to “body”.
    """
    known = {code.id for code in codebook.layer(LAYER).codes}
    for block, (code, rule) in zip(article.blocks, _decide(article, settings.off), strict=True):
        if code in known and rule not in settings.off:
            yield Found(rule, Span(block.start, block.end), (code,))


def _decide(article: Article, off: frozenset[str]) -> list[tuple[str, str]]:
    """Return code and rule for every block."""
    lines = [_line(block) for block in article.blocks]
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
        if n < first and (n not in pictures or _ONLY_AGENCY.fullmatch(lines[n].text)):
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
        if len(paragraphs) >= 6 and lines[paragraphs[-1]].text[:1] in "“\"'‘«":
            if _SETS_UP.search(before) and before[:1] not in "“\"'‘«":
                put(paragraphs[-2], "kicker", "kicker")
    begun = False
    for place, n in enumerate(paragraphs[1 : 1 + _NEAR_TOP]):
        # Right after the lede less is asked of it than further down.
        if _weight(lines[n]) >= _WEIGHT_NEEDED + bool(place and not begun):
            put(n, "nut-graf", "nut-graf")
            begun = True
        elif begun:
            break


def _line(block: Block) -> _Line:
    text = block.text.strip().strip("\ufeff\u200b\u00ad").strip()
    stop = bool(_STOP.search(text[-80:]))
    return _Line(block, text[:_LOOK], len(block.words), stop)


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
    if any(p.match(line.text) for p in (_PAGE_LONG, _MENU)) or _FORM.search(line.text):
        return True
    return (line.words <= _SHORT or not line.stop) and bool(_PAGE.match(line.text))


def _is_dateline(line: _Line) -> bool:
    if line.words == 0 or _FILED.match(line.text):
        return True  # a dash alone; a name or a day
    return line.words <= 8 and not line.stop


def _is_credit(line: _Line) -> bool:
    if line.words > 14 or not line.words:
        return False
    if _CREDIT.match(line.text) or _AGENCY.search(line.text):
        return True
    names = None if line.stop else _SLASH.match(line.text)  # Ana Brell/The Post
    return names is not None and all(not name[0].islower() for name in names.groups())


def _is_caption(line: _Line, beside_credit: bool) -> bool:
    if not line.words or line.words >= _MANY_WORDS:
        return False
    if _SAYS_SO.match(line.text) or _WITH_CREDIT.search(line.text):
        return True
    if _SPEECH.search(line.text):
        return False
    if _FROM.match(line.text) or line.text.isupper():
        return False  # a dateline; a line between the parts of the story
    if _PICTURED.search(line.text):
        return True
    scene = _SCENE.search(line.text)
    if beside_credit:
        return bool(scene or _DAY.search(line.text) or (not line.stop and line.words > 4))
    return bool(scene and _DAY_LAST.search(line.text) and len(line.block.sentences) == 1)


def _weight(line: _Line) -> int:
    """Return how many words of weight a paragraph has; a paragraph that is all speech has none."""
    if line.text[:1] in '“"«' and line.text[-1:] in '”"»':
        return 0
    return sum(
        points * min(2, len({hit.casefold() for hit in words.findall(line.text)}))
        for points, words in _SO_WHAT
    )
