"""Three questions that a class can be asked about a unit on which it is divided.

The first goes out from who did what there, the second from the reasons that students wrote, the
third from the rule of the codebook on which the matter turns. Each holds for both sides alike: it
names them in the codebook’s order and never says which is in the right. Where a report has several
units of one kind, each has its questions in other words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from desk.collect.agreement import Scale
from desk.collect.class_report.disputes import Dispute
from desk.collect.roll import Note
from kit.base.phrases import join, one_line
from kit.base.templating import macros
from kit.coding.codebook import Code
from kit.measure.spans import CONTENT

__all__ = ["prompts", "reasons"]

#: What is read out in one breath holds so many characters of a reason.
REASON = 110
#: A reason has so many words at least.
LEAST_REASON = 3

#: How many words of the article, before they are cut to three and two.
MOST_SPOKEN = 6

_PROPOSAL = re.compile(r"\s*codebook\s*:", re.I)
_QUOTED = {
    "in": "inside quotation marks",
    "out": "outside quotation marks",
    "part": "partly inside quotation marks",
}
_SINGLE = str.maketrans("“”", "‘’")

# What stands in braces: {it} the unit or the words with their paragraph, {block} the paragraph,
# {words} and {edge} as in a dispute, {label} what ends there, {a} and {b} the codes, {n} and {m}
# how many, {of} of how many; {x} and {y} reasons; {asks}, {says}, {also} and so on the
# codebook’s own words.

_WHO = {
    "codes": (
        "{it} is {a} for {n} of {of} and {b} for {m}: which words did you go by, on either side?",
        "With {a} for {n} of {of} and {b} for {m}, what does each side see in {it} that the other "
        "passes over?",
        "Take one word out of {it} so that {a} ({n} of {of}) no longer fits, then another so that "
        "{b} ({m}) does not: which two words are they?",
    ),
    "marked": (
        "{it} has the label {a} from {n} of {of} and no label from {m}: what speaks for one, and "
        "what against?",
        "{n} of {of} gave {it} the label {a} and {m} gave it none: what does the paragraph say "
        "with it that it would not say without it?",
        "Strike out {it}: what is gone for the {n} of {of} with {a} there, and what for the {m} "
        "with nothing?",
    ),
    "recorded": (
        "{it} is part of a record for {n} of {of} and of none for {m}, and it stands {quoted}: did "
        "that decide it for anybody?",
        "{it} went into a record from {n} of {of} and was left to the story by {m}: who stands "
        "behind it, and where in {block} do you see that?",
        "Strike out {it}, which stands {quoted}: what is gone for the {n} of {of} who made it part "
        "of a record, and what for the {m} who did not?",
    ),
    "ends": (
        "{edge} in {block} is inside {label} for {n} of you and outside it for {m}: what do the "
        "words beside it say with it that they do not say without?",
        "{n} of you took {edge} into {label} in {block} and {m} left it out: what does it add, and "
        "what does it blur?",
        "Read {label} in {block} aloud, once with {edge} ({n} of you) and once without ({m}): what "
        "does a listener learn from each?",
    ),
}

_REASONS = {
    "both": (
        "Somebody wrote {x} for {a}, and somebody {y} for {b}: to which words of {block} would "
        "each of them point?",
        "{a} has the reason {x}, and {b} has {y}: can both be true of {block} at once?",
        "For {a} there is the reason {x}, for {b} {y}: what would you like to ask each of the two?",
    ),
    "same": (
        "One and the same reason, {x}, stands in {block} beside {a} and beside {b}: what is "
        "missing from it?",
        "How can {x} be a reason for {a} in {block}, and for {b} as well?",
        "{x} was written in {block} for {a} and for {b}: which words would you add to it on "
        "either side?",
    ),
    "one": (
        "For {given} somebody wrote {x} in {block}: who can put the reason for {other} in as few "
        "words?",
        "Take {x}, written in {block} for {given}: what would the side with {other} reply, and "
        "what would it hear back?",
        "{x} is one reason for {given} in {block}: which other is there, and which are there for "
        "{other}?",
    ),
    "none": (
        "Nobody wrote down why {it} is {a}, or why it is {b}: who can do so in one sentence?",
        "Change sides for a minute: which reason for {a} in {block} can those with {b} find, and "
        "the other way round?",
        "What would have to stand before or after {it} to make {a} plain, and what to make {b} "
        "plain?",
    ),
    "marked": (
        "For {label} somebody wrote {x} in {block}: what is the reason of those who left {words} "
        "without one?",
        "How far does {x}, a reason given in {block} for {label}, fit {words}, and where does it "
        "stop fitting?",
        "A reason for {label} in {block} is {x}: which is the shortest you can find for leaving "
        "{words} out?",
    ),
    "unmarked": (
        "How would {it} have to be changed for all of you to mark it, and how for nobody to?",
        "Where else in the article do you find something like {words}, and did you treat both "
        "alike?",
        "Who can say in one sentence why {it} is marked, and who in one sentence why it is not?",
    ),
    "ends": (
        "One reason in {block} is {x}: does it need {edge}, or does it hold without?",
        "If {x} is the reason in {block}, where must {label} begin and where must it end?",
        "Does {x}, a reason in {block}, speak of {edge} as well, or only of the words beside it?",
    ),
    "no ends": (
        "Who can say in one sentence where {label} in {block} begins and ends, and does {edge} "
        "come in or stay out by that sentence?",
        "Where else did you have to choose between a longer label and a shorter one, and did you "
        "choose there as you did with {edge}?",
        "What would somebody miss who found {label} in {block} without {edge}, and what would be "
        "too much for somebody who found it with that?",
    ),
}

_RULES = {
    "codes asked": (
        "The codebook asks {asks} for {a} and {also} for {b}: what does {it} answer to each?",
        "Put both questions of the codebook to {it}, {asks} ({a}) and {also} ({b}): do you get one "
        "yes, two or none?",
        "Which of the codebook’s two questions can you answer for {it} without guessing, {asks} "
        "({a}) or {also} ({b})?",
    ),
    "codes": (
        "The codebook has {a} as {says} and {b} as {also}: what in {it} belongs to the one, and "
        "what to the other?",
        "Is {it} about {says} ({a}), about {also} ({b}) or about both, and how can you tell?",
        "Between {says} ({a}) and {also} ({b}), the codebook leaves you to draw the line: on which "
        "side of it lies {it}, and by which word?",
    ),
    "marked halved": (
        "For {a} the codebook asks {asks} and leaves out {leaves}: which of the two do you find in "
        "{words}?",
        "Does {words} get a yes to {asks}, the codebook’s question for {a}, or is it {leaves}, "
        "which the codebook leaves out?",
        "The rule on {a} has two halves, {asks} and not {leaves}: with which half do you come to "
        "your answer for {words}?",
    ),
    "marked asked": (
        "The codebook asks {asks} for {a}: what do you answer for {words}, and which word decides "
        "it?",
        "How can {words} get both a yes and a no to {asks}, the codebook’s question for {a}?",
        "Say your answer for {words} to the codebook’s question for {a}, {asks}: at what point did "
        "you make up your mind?",
    ),
    "marked": (
        "The codebook has {a} as {says}: does {words} name that, or only come near it?",
        "The codebook describes {a} as {says}: what more, or what less, would {words} have to say "
        "for all of you to see that?",
        "Hold {words} against the codebook’s {says} ({a}): which words of the one do you find in "
        "the other?",
    ),
    "recorded": (
        "A record needs {parts}: which words of {block} would these be for {words}, and are they "
        "there at all?",
        "The codebook’s question is {question}: at which part of it do you part ways over {words}?",
        "Point in {block} to {hints}: do all of you point to the same words for {words}?",
    ),
    "ends asked": (
        "Answer {asks}, the codebook’s question for {a}, once with {edge} and once without: does "
        "your answer change?",
        "Which words of {block} do you need to answer {asks} for {a}, and do you need {edge}?",
        "With how few words of {block} can {asks} be answered for {a}, and is {edge} among them?",
    ),
    "ends": (
        "The codebook has {a} as {says}: is that in {words}, in {edge}, or only in both together?",
        "The codebook describes {a} as {says}: how much of {block} does that take, and is {edge} "
        "part of it?",
        "Read {says}, the codebook on {a}, and then {block}: where does that begin and where does "
        "it end?",
    ),
    "ends recorded": (
        "What is {edge} in the record: {either}, or none of these?",
        "The codebook’s question is {question}: does {edge} answer a part of it, and which?",
        "Point in {block} to {hints}: does {edge} belong to what is left, or not?",
    ),
}


class Reasons(NamedTuple):
    """What students wrote: for the first side, and for the second."""

    one: tuple[str, ...]
    other: tuple[str, ...]


def reasons(scale: Scale, d: Dispute, notes: Sequence[Note]) -> Reasons:
    """Return the reasons that can be read out, for either side; a note that only proposes an
    edit of the codebook is none.

    Args:
        notes: those of the dispute’s layer and paragraph. They know no words: on a layer of words
            they may stand beside another label of the same paragraph.
    """
    given = [
        note
        for note in notes
        if len(note.text.split()) >= LEAST_REASON and not _PROPOSAL.match(note.text)
    ]
    given.sort(key=lambda note: len(note.text) > REASON)  # what need not be cut comes first
    one, other = (scale.shown(side.code) if scale.layer.codes else "" for side in d.sides)
    return Reasons(
        tuple(dict.fromkeys(note.text for note in given if note.code == one)),
        tuple(
            dict.fromkeys(note.text for note in given if d.kind == "codes" and note.code == other)
        ),
    )


def prompts(
    scale: Scale, d: Dispute, notes: Sequence[Note] = (), turns: Counter | None = None
) -> list[Markup]:
    """Return three questions for a class on a dispute, as HTML.

    Args:
        scale: the layer.
        d: the dispute.
        notes: what students wrote about its paragraph on that layer.
        turns: which questions stand on the page already; it is brought up to date.
    """
    turns = Counter() if turns is None else turns
    one, other = d.sides
    label = f"the label {_named(scale, one.code)}" if scale.layer.codes else "the record"
    if label == "the record" and d.kind == "marked":
        label = "a record"
    has = {
        "block": d.block,
        "it": f"{_spoken(d.words)} in {d.block}" if d.words else d.unit,
        "words": _spoken(d.words),
        "edge": _spoken(d.edge),
        "label": label,
        "a": _named(scale, one.code),
        "b": _named(scale, other.code),
        "n": f"{one.readers:,}",
        "m": f"{other.readers:,}",
        "of": f"{d.readers:,}",
        "quoted": _QUOTED.get(d.quoted, ""),
        **_of_codebook(scale, d),
    }
    why, texts = _of_reasons(scale, d, notes)
    who = d.kind if scale.layer.codes or d.kind == "ends" else "recorded"
    made = []
    for kinds, kind in ((_WHO, who), (_REASONS, why), (_RULES, _rule(scale, d))):
        forms = kinds[kind]
        text = Markup(forms[turns[forms] % len(forms)]).format(**has, **texts)
        turns[forms] += 1
        made.append(text[0].upper() + text[1:])
    return made


def _of_reasons(scale: Scale, d: Dispute, notes: Sequence[Note]) -> tuple[str, dict[str, str]]:
    """Return which questions on reasons fit, and the reasons that they read out."""
    ours, theirs = reasons(scale, d, notes)
    if d.kind != "codes":
        unread = {"marked": "unmarked", "ends": "no ends"}[d.kind]
        return (d.kind, {"x": _read_out(ours[0])}) if ours else (unread, {})
    if ours and theirs:
        pairs = [(x, y) for x in ours for y in theirs if x != y]
        if not pairs:
            return "same", {"x": _read_out(ours[0])}
        return "both", dict(zip("xy", map(_read_out, pairs[0])))
    names = [_named(scale, side.code) for side in d.sides]
    if not ours and not theirs:
        return "none", {}
    given, other = names if ours else reversed(names)
    return "one", {"x": _read_out((ours or theirs)[0]), "given": given, "other": other}


def _rule(scale: Scale, d: Dispute) -> str:
    """Return which questions on the rule fit what the codebook has."""
    if not scale.layer.codes:
        return "recorded" if d.kind == "marked" else "ends recorded"
    codes = [_code(scale, side.code) for side in d.sides]
    if not all(code.test for code in codes if code):
        return d.kind
    halved = d.kind == "marked" and codes[0] and codes[0].counter_example
    return f"{d.kind} {'halved' if halved else 'asked'}"


def _of_codebook(scale: Scale, d: Dispute) -> dict[str, str]:
    """Return the codebook's own words, as the questions need them."""
    layer = scale.layer
    if not layer.codes:
        parts = {part.id: f"{_said(part.name)} ({_plain(part.hint)})" for part in layer.parts}
        needed = [parts[part.id] for part in layer.parts if part.required]
        # The words in question are the content; what is asked for stands elsewhere.
        hints = [_plain(part.hint) for part in layer.parts if part.id != CONTENT]
        return {
            "question": _said(layer.question),
            "parts": join(needed or list(parts.values())),
            "hints": ", then to ".join(hints),
            "either": ", ".join(parts.values()),
        }
    one, *others = (code for side in d.sides if (code := _code(scale, side.code)))
    rule = "test" if _rule(scale, d).endswith("asked") else "definition"
    has = {
        "asks": _said(one.test),
        "says": _said(one.definition),
        "leaves": _said(one.counter_example),
    }
    return has | {"also": _said(getattr(others[0], rule)) if others else ""}


def _code(scale: Scale, code: int) -> Code | None:
    """Return a code of the codebook; None for words that are not marked."""
    id = scale.name(code)
    return next((one for one in scale.layer.codes if one.id == id), None)


def _named(scale: Scale, code: int) -> str:
    return _said(scale.shown(code))


def _said(text: str) -> str:
    """Return words of the codebook or the article in quotation marks."""
    return f"“{_plain(text).rstrip('.')}”"


def _spoken(words: str) -> str:
    """Return words of the article in quotation marks, no more than can be said without effort."""
    there = words.split()
    if len(there) > MOST_SPOKEN:
        there = [*there[:3], "…", *there[-2:]]
    return _said(" ".join(there))


def _plain(text: str) -> str:
    return one_line(text).translate(_SINGLE)


def _read_out(reason: str) -> Markup:
    """Return a student's reason in quotation marks, cut where nobody would listen any longer."""
    reason = reason.translate(_SINGLE).rstrip(".")
    if len(reason) > REASON:
        reason = f"{reason[:REASON].rpartition(' ')[0] or reason[:REASON]} …"
    return Markup("“{}”").format(macros("common").typed(reason))
