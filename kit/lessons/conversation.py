"""A student's labels beside another's, as one would talk about them: what both have, where the two
part and why, and a place where both may stand. The figures come last.

It is made for three labels as well as for all: nobody is told that they lack what lies in
paragraphs that they have not come to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup
from msgspec.structs import replace

from kit.base.phrases import capital, plural, where
from kit.base.templating import macros, style_sheet
from kit.coding.codebook import Layer
from kit.coding.coding import Annotation, Coding, excerpt
from kit.exercises.outcome import reader, stand
from kit.lessons.differences import in_words
from kit.library.reference import Dispute, Reading, Reference
from kit.measure import Edge, Meeting, meetings
from kit.measure.spans import NAMES, nearest, region, same_main_code
from kit.text.span import Span

#: How many places of a kind are shown.
CAUGHT, CLOSE, PLACES, ALONE = 4, 3, 3, 6
#: How many characters are shown to either side of what both have, and of what is talked about.
BESIDE, AROUND = 60, 700

#: What speaks against a code where a reading has another, ``("P6", "body")``; "" for nothing.
Against = Callable[[str, str], str]

_HOW = {
    (True, "after"): "you stopped before",
    (True, "before"): "you began after",
    (True, "within"): "you left out",
    (True, "all"): "you have not",
    (False, "after"): "you went on, and took in",
    (False, "before"): "you began earlier, with",
    (False, "within"): "you also took in",
    (False, "all"): "you alone have",
}


class _Piece(NamedTuple):
    """A run of the article's text, and whose labels lie over it."""

    text: str
    mine: bool = False
    theirs: bool = False


class Talk:
    """A student's labels on a layer beside another's.

    Args:
        other: what the other is called: “the reference”, a partner's name.
        reference: for the places where two readings may stand; None where there is none.
        against: what speaks against a student's choice; None where the other is a partner, who
            reads no better.
    """

    def __init__(
        self,
        mine: Coding,
        theirs: Coding,
        layer: Layer,
        other: str,
        reference: Reference | None = None,
        against: Against | None = None,
    ):
        self.mine, self.theirs, self.layer, self.other = mine, theirs, layer, other
        self.text, self.block_of = mine.article.text, mine.article.block_of
        self.reference, self.against = reference, against
        self.on_words = layer.unit == "words"
        met = meetings(mine, theirs, layer)
        labelled = [self._number(m.mine.at) for m in met if m.mine]
        # What the student has read closely: from the first label's paragraph to the last one's.
        self.stretch = range(labelled[0], max(labelled) + 1) if labelled else range(0)
        self.of: dict[str, list[Meeting]] = {}
        self.waiting: list[Meeting] = []
        for m in met:
            come_to = (
                m.mine or against is None or (self.on_words and self._number(m.at) in self.stretch)
            )
            (self.of.setdefault(m.how, []) if come_to else self.waiting).append(m)
        self.caught = self._varied(self._of("alike"), CAUGHT)
        # Other words before other choices.
        self.close = self._varied(sorted(self._of("nearly"), key=lambda m: not m.edges), CLOSE)
        self.places = self._places()

    def html(self, numbers: Markup) -> Markup:
        """Return the conversation as HTML; ``numbers`` are figures and tables, folded away."""
        return macros("conversation").talk(
            style=style_sheet("conversation").replace("\n", ""),
            said=self.said(),
            other=self.other,
            partner=self.against is None,
            about=self.theirs.about,
            caught=[self._caught(m) for m in self.caught],
            close=[self._caught(m) for m in self.close],
            rest=self._rest(),
            title=self._title(),
            places=[self._place(m) for m in self.places],
            alone=self._alone(),
            waiting=self._waiting(),
            disputed=self._disputed(),
            numbers=numbers,
        )

    # -- which places

    def _of(self, *how: str) -> list[Meeting]:
        return [meeting for kind in how for meeting in self.of.get(kind, ())]

    def _places(self) -> list[Meeting]:
        """Return what to talk about: where both have a label, and what was passed over."""
        disputed = self.reference.disputed(self.layer.id) if self.reference else frozenset()
        anchors = self.reference.anchors(self.layer.id) if self.reference else frozenset()

        def found(*how: str) -> list[Meeting]:
            there = [m for m in self._of(*how) if m.id not in disputed]
            return sorted(there, key=lambda m: m.id not in anchors)

        both = found("otherwise")
        passed = found("missed", "alone") if self.against is None else found("missed")
        first = PLACES - bool(passed)
        return self._varied(
            [*both[:first], *passed[: PLACES - len(both[:first])], *both[first:]], PLACES
        )

    def _varied(self, met: Iterable[Meeting], most: int) -> list[Meeting]:
        """Return the first of some places, different ones before others, in text order."""
        looks: dict[object, list[Meeting]] = {}
        for m in met:
            codes = [label and label.codes[:1] for label in (m.mine, m.theirs)]
            look = self._words(m.at).casefold() if self.on_words else str(codes)
            looks.setdefault(look, []).append(m)
        first = [same[0] for same in looks.values()]
        again = [m for same in looks.values() for m in same[1:]]
        return sorted([*first, *again][:most], key=lambda m: m.at.start)

    # -- what is said of all

    def said(self) -> str:
        """Return the first sentence: what the two have in common."""
        alike, close, apart = (len(self._of(how)) for how in ("alike", "nearly", "otherwise"))
        if not self.on_words:
            total = alike + apart
            if not total:
                return f"You and {self.other} have labelled no paragraph both."
            if not alike:
                return f"You and {self.other} read {plural(total, 'paragraph')} in different ways."
            all = f"all {total} paragraphs" if total > 1 else "one paragraph"
            some = f"{alike} of {plural(total, 'paragraph')}"
            return f"You and {self.other} read {all if alike == total else some} in the same way."
        noun = "label" if self.layer.codes else "record"
        if not alike + close:
            return f"You and {self.other} have marked no words in the same way so far."
        if self.against is None:
            nearly = f", {close} of them nearly" if close else ""
            return f"You and {self.other} both have {plural(alike + close, noun)}{nearly}."
        more = f", and nearly caught {close} more" if close else ""
        if not alike:
            return f"You nearly caught {plural(close, noun)} that {self.other} has."
        return f"You caught {plural(alike, noun)} that {self.other} has too{more}."

    def _title(self) -> str:
        many = ("", "One place", "Two places", "Three places")[len(self.places)]
        if self.against is None:
            return f"{many} to talk about"
        passed = all(m.how == "missed" for m in self.places)
        return f"{many} that {'you read past' if passed else 'may have fooled you'}"

    def _rest(self) -> str:
        """Return where else the two have the same, or nearly."""
        shown = {m.at for m in (*self.caught, *self.close)}
        rest = [m for m in self._of("alike", "nearly") if m.at not in shown]
        rest.sort(key=lambda m: m.at.start)
        blocks = dict.fromkeys(self._block(m.at) for m in rest)
        return f"And {len(rest):,} more, in {where(blocks, 8)}." if rest else ""

    def _alone(self) -> list[tuple[str, str]]:
        """Return what the student alone has, beside a reading: none is complete."""
        if self.against is None:
            return []
        alone = self._of("alone")[:ALONE]
        return [(self._block(m.at), m.at.text if self.on_words else "") for m in alone]

    def _waiting(self) -> str:
        """Return what waits where the student has no label yet."""
        if not self.waiting:
            return ""
        later = "Come back here when you like: your first answer stays as it is."
        blocks = where(dict.fromkeys(self._block(m.at) for m in self.waiting), 6)
        if self.on_words:
            goes_on = "goes on in paragraphs where you have no label yet"
            return f"{capital(self.other)} {goes_on}: {blocks}."
        return f"You have no label yet on {blocks}. {later}"

    # -- one place

    def _number(self, at: Span) -> int:
        return self.block_of(at).number

    def _block(self, at: Span) -> str:
        return self.block_of(at).id

    def _words(self, at: Span) -> str:
        return self.text[at.start : at.end]

    def _pieces(
        self, at: Span, mine: Annotation | None, theirs: Annotation | None, around: int
    ) -> list[_Piece]:
        """Return a place with the words around it, cut between words."""
        block = self.block_of(at)
        ones, others = ((region(a) if a and self.on_words else ()) for a in (mine, theirs))
        spans = [*ones, *others] or [Span(block.start, block.start)]
        first, last = min(s.start for s in spans), max(s.end for s in spans)
        start, end = block.start, block.end
        if first - around > start:
            start = self.text.rfind(" ", start, first - around) + 1 or start
        if last + around < end:
            end = self.text.find(" ", last + around, end)
            end = block.end if end < 0 else end
        edges = sorted({start, end, *(edge for s in spans for edge in (s.start, s.end))})
        pieces = [
            _Piece(
                self.text[a:b],
                any(s.start <= a and b <= s.end for s in ones),
                any(s.start <= a and b <= s.end for s in others),
            )
            for a, b in zip(edges, edges[1:])
        ]
        cut_off = [_Piece("… ")] if start > block.start else []
        return [*cut_off, *pieces, *([_Piece(" …")] if end < block.end else [])]

    def _caught(self, m: Meeting) -> Mapping[str, Any]:
        assert m.theirs is not None
        named = {id: value for id, value in m.theirs.fields.items() if id in NAMES}
        return {
            "block": self._block(m.at),
            "pieces": self._pieces(m.at, m.mine, m.theirs, BESIDE),
            "label": in_words(self.layer, replace(m.theirs, note="", fields=named)),
            "differs": [*map(self._edge, m.edges), *self._choices(m)],
        }

    def _place(self, m: Meeting) -> Mapping[str, Any]:
        theirs = m.theirs
        if theirs is not None and self.against is not None:
            theirs = replace(theirs, note="")  # it is the reason below
        return {
            "block": self._block(m.at),
            "pieces": self._pieces(m.at, m.mine, m.theirs, AROUND),
            "mine": in_words(self.layer, m.mine, m.fields),
            "theirs": in_words(self.layer, theirs, m.fields),
            "differs": [*map(self._edge, m.edges)] if m.how == "otherwise" else [],
            "reason": self._reason(m),
            "meanings": [*self._meanings(m)],
        }

    def _edge(self, edge: Edge) -> tuple[str, str, str]:
        """Return how two labels differ in a stretch of words: the part, how, and the words."""
        part = self.layer.part(edge.part).name if edge.part else ""
        return part, _HOW[edge.lacking, edge.place], excerpt(self._words(edge.words))

    def _choices(self, m: Meeting) -> Iterator[tuple[str, str, str]]:
        """Yield the fields in which two labels with the same code differ."""
        assert m.mine and m.theirs
        for field in m.fields:
            mine, theirs = (field.called(a.fields.get(field.id, "")) for a in (m.mine, m.theirs))
            yield field.name, f"you have {mine}, {self.other} {theirs}", ""

    def _reason(self, m: Meeting) -> str:
        """Return what speaks for the reading at one place, where somebody has written it down."""
        if self.against is None or m.theirs is None:
            return ""
        own = self.against(m.theirs.id, m.mine.codes[0]) if m.mine and m.mine.codes else ""
        if own or m.theirs.note:
            return own or m.theirs.note
        likely, inside = m.theirs.fields.get("likely"), m.theirs.fields.get("in-quotes")
        # What may have stood within quotation marks is not to be printed as anybody's words.
        return f"A guess at what stood there: {likely}." if likely and inside == "no" else ""

    def _meanings(self, m: Meeting) -> Iterator[tuple[str, str, str]]:
        """Yield what the codebook says of what the two chose: a name, a meaning and a test."""
        labels = [a for a in (m.theirs, m.mine) if a is not None]
        asked = ("{}:", "{}:") if self.against is None else ("Why {}?", "And {}?")
        if len(labels) < 2 or not same_main_code(*labels):
            for a, said in zip(labels, asked):
                for code in map(self.layer.code, a.codes[:1]):
                    yield said.format(code.name), code.definition, code.test
        for field in m.fields:
            for a, said in zip(labels, asked):
                for option in field.options:
                    if option.id == a.fields.get(field.id):
                        yield said.format(f"{field.name} {option.name}"), option.definition, ""
        if len(labels) < 2 and labels[0].parts:
            for part in self.layer.parts:
                words = " … ".join(map(self._words, labels[0].parts.get(part.id, ())))
                if words and part.required:
                    yield f"{part.name}:", excerpt(words), part.hint and f"({part.hint})"

    # -- where both may stand

    def _disputed(self) -> Mapping[str, Any] | None:
        """Return one place that can be read in two ways: one where the student has a part in it, if
        there is any."""
        if self.reference is None or self.against is None:
            return None
        there = self.reference.coding.by_id(self.layer.id)
        disputes = [d for d in self.reference.disputes if d.layer == self.layer.id]
        if not disputes:
            return None

        def how_near(dispute: Dispute) -> tuple[bool, bool]:
            place = there[dispute.id]
            mine = self._mine_at(place)
            return mine is None, mine is not None and mine.codes[:1] == place.codes[:1]

        dispute = min(disputes, key=how_near)
        place = there[dispute.id]
        mine = self._mine_at(place)
        with_me = [r for r in dispute.readings if mine is not None and r.held_by(mine)]
        return {
            "block": self._block(place.at),
            "pieces": self._pieces(place.at, mine, place, AROUND),
            "question": dispute.question,
            "cards": [
                (capital(reader(one.by)), self._says(one), one.reason, one in with_me)
                for one in dispute.readings
            ],
            "mine": mine and in_words(self.layer, mine),
            "stand": stand([r.by for r in with_me]),
        }

    def _says(self, reading: Reading) -> str:
        names = [self.layer.code(code).name for code in reading.codes]
        names += [self.layer.field(name).called(value) for name, value in reading.fields.items()]
        return " · ".join(names) or "nothing to label"

    def _mine_at(self, place: Annotation) -> Annotation | None:
        """Return the student's label on a place, or the one that shares most words with it."""
        return nearest(self.mine.on(self.layer.id), place.at, self.text)
