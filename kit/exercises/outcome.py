"""What a check needs to know, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from kit.base.phrases import join
from kit.base.toml_reader import TomlTable
from kit.coding.codebook import Codebook
from kit.coding.coding import Coding
from kit.exercises.markup import plain
from kit.library.facts import Facts
from kit.library.reference import ARGUED, Reference
from kit.text.article import Article

Verdict = Literal["empty", "yes", "not yet", "kept"]


@dataclass(frozen=True)
class Context:
    """All that a check looks at besides the answer.

    Attributes:
        article: the text under study.
        coding: the student's labels as they are now.
        codebook: what may be said of the text.
        reference: the reference reading; None where the text has none.
        facts: the text's facts; None where it has none.
    """

    article: Article
    coding: Coding
    codebook: Codebook
    reference: Reference | None = None
    facts: Facts | None = None

    def fill(self, text: str) -> str:
        """Return a text in which ``{fact-id}`` is replaced by the fact."""
        return self.facts.fill(text) if self.facts is not None else text

    def say(self, text: str) -> str:
        """Return a text filled and without marks, for places that show no HTML."""
        return plain(self.fill(text))


class Part(msgspec.Struct, frozen=True):
    """What there is to say of one control, or of one paragraph that was labelled.

    Attributes:
        ok: right, not yet, or (None) not answered or not judged.
        say: a plain sentence or two; may be empty.
    """

    ok: bool | None
    say: str = ""


Parts = dict[str, Part]


class Opinion(msgspec.Struct, frozen=True):
    """One reading of what is disputed: whose (may be empty), what, and the best reason for it."""

    by: str
    says: str
    reason: str


class Disputed(msgspec.Struct, frozen=True):
    """A disputed question as it is shown after the commit.

    Attributes:
        about: the question.
        readings: the readings that stand.
        yours: what the student says; empty for nothing.
        stand: where that is among the readings, in a sentence.
    """

    about: str
    readings: tuple[Opinion, ...]
    yours: str
    stand: str


class Exemplar(TomlTable):
    """One good answer, by whoever wrote the exercise, and two or three points to hold one’s own
    against; shown once that has been handed in."""

    text: str
    points: Annotated[tuple[str, ...], msgspec.Meta(min_length=2, max_length=3)]


class Outcome(msgspec.Struct, frozen=True):
    """What a check found.

    Attributes:
        verdict: ``empty``: not answered yet, or only a part of it, which is right as far as it
            goes; ``yes``; ``not yet``; ``kept``: disputed or open, never judged.
        say: plain sentences.
        parts: by control; of labels by paragraph.
        readings: of what is disputed, once the answer has been kept.
        exemplar: one good answer, once the student's own text has been kept.
    """

    verdict: Verdict
    say: str
    parts: dict[str, Part] = {}
    readings: tuple[Disputed, ...] = ()
    exemplar: Exemplar | None = None


def summed_up(parts: Parts, yes: str, names: Mapping[str, str]) -> Outcome:
    """Return the outcome that follows from parts that were judged one by one. Of a single part the
    outcome itself says the reason, and the part nothing.

    Args:
        yes: why the right answer is right.
        names: what sentences call the parts; by their ids where there is none.
    """
    right = sum(part.ok is True for part in parts.values())
    wrong = sum(part.ok is False for part in parts.values())
    left = [names.get(id, id) for id, part in parts.items() if part.ok is None]
    if not wrong and not left:
        return Outcome("yes", f"Yes. {yes}", parts)
    if len(parts) == 1:
        ((id, part),) = parts.items()
        say = f"Not yet. {part.say}" if wrong else f"Not answered yet. {part.say}".strip()
        return Outcome("not yet" if wrong else "empty", say, {id: Part(part.ok)})
    if not wrong and not right:
        return Outcome("empty", "Not answered yet.", parts)
    missing = f" Not answered yet: {join(left, most=4)}." if left else ""
    if not wrong:
        return Outcome("empty", f"Right so far: {right} of {len(parts)}.{missing}", parts)
    return Outcome("not yet", f"Not yet: {right} of {len(parts)} right.{missing}", parts)


def stand(shared: Sequence[str]) -> str:
    """Say with whose readings the student's own agrees, given by whom those are."""
    named = [by for by in shared if by and by != ARGUED]
    if named:
        return f"You are with {join([reader(by) for by in dict.fromkeys(named)])} here."
    if shared:
        return "One of these readings is yours."
    return "Yours is another reading than these. What is your best reason for it?"


def reader(by: str) -> str:
    """Return whose reading it is, from ``"A"`` or ``"A and B"``, in words."""
    if not by.replace(" and ", "").isupper():
        return by
    return f"reading{'s' if ' and ' in by else ''} {by}"
