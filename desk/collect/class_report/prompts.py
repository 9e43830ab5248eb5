"""Three questions that a class can be asked about a unit on which it is divided.

The first goes out from who did what there, the second from the reasons that students wrote, the
third from the rule of the codebook on which the matter turns. Each holds for both sides alike: it
names them in the codebook’s order and never says which is in the right. Where a report has several
units of one kind, each has its questions in other words. The questions stand in
``desk/templates/class_report/questions.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from desk.collect.agreement import Scale
from desk.collect.class_report.disputes import Dispute
from desk.collect.roll import Note
from kit.base.errors import KitError
from kit.base.phrases import join, one_line
from kit.base.templating import macros
from kit.base.toml_reader import TomlTable, read_toml
from kit.coding.codebook import Code
from kit.measure.spans import CONTENT

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


class _Questions(TomlTable):
    """What is asked of who did what, of reasons, and of the codebook’s rules, by kind of case."""

    who: dict[str, tuple[str, ...]]
    reasons: dict[str, tuple[str, ...]]
    rules: dict[str, tuple[str, ...]]


_ASKED = read_toml(
    Path(__file__).parents[2] / "templates" / "class_report" / "questions.toml",
    _Questions,
    KitError,
)


def reasons(
    scale: Scale, d: Dispute, notes: Sequence[Note]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the reasons that can be read out, for the first side and for the second; a note that
    only proposes an edit of the codebook is none.

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
    ours = dict.fromkeys(note.text for note in given if note.code == one)
    theirs = dict.fromkeys(note.text for note in given if note.code == other)
    return tuple(ours), tuple(theirs) if d.kind == "codes" else ()


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
    for forms in (_ASKED.who[who], _ASKED.reasons[why], _ASKED.rules[_rule(scale, d)]):
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
