"""What a check needs to know, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from kit.coding.codebook import Codebook
from kit.coding.coding import Coding
from kit.exercises.markup import plain
from kit.library.facts import Facts
from kit.library.reference import Reference
from kit.text.article import Article

__all__ = ["Context", "Disputed", "OneGoodAnswer", "Opinion", "Outcome", "Part", "Verdict"]

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


class OneGoodAnswer(msgspec.Struct, frozen=True):
    """What a student may hold a text of their own against, once they have handed it in: an answer
    that is good, and two or three points."""

    text: str
    points: tuple[str, ...]


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
    exemplar: OneGoodAnswer | None = None
