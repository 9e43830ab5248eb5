"""Rows of evidence: a paragraph, and words copied from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from kit.exercises.evidence import check_evidence, windows
from kit.exercises.kinds.kind import Kind, Paper, Still, short_text
from kit.exercises.outcome import Context, Outcome

#: How many rows may be asked for at most, and how many are kept.
MOST_EVIDENCE, MAX_ROWS = 10, 30
MAX_PLACE, MAX_WORDS = 60, 4_000
#: How many words a row of an expected answer copies.
_COPIED = 6


class Evidence(Kind):
    """The evidence that an exercise's texts ask for; their keys say how much."""

    place = 7
    sole_id = "evidence"
    script = "evidence"

    def __init__(self, exercise: Any):
        super().__init__(exercise, self.sole_id, "Evidence: a paragraph, and words copied from it")

    @classmethod
    def of(cls, exercise: Any) -> list[Evidence]:
        return [cls(exercise)] if exercise.evidence else []

    @classmethod
    def contradictions(cls, exercise: Any) -> Iterator[str]:
        for text in exercise.texts:
            if not 0 <= text.evidence <= MOST_EVIDENCE:
                yield f"text “{text.id}”: evidence is 0 to {MOST_EVIDENCE} rows."
        if exercise.evidence > MOST_EVIDENCE:
            asked = exercise.evidence
            yield f"its texts ask for {asked} rows of evidence; {MOST_EVIDENCE} at most."

    def form(self, context: Context) -> dict[str, Any]:
        return {"least": self.exercise.evidence}

    def still(self, value: Any, context: Context) -> Still:
        rows = value or [{"block": "", "words": ""}] * self.exercise.evidence
        return Still("ul", [f"{row['block'] or 'P …'}: {row['words'] or '…'}" for row in rows])

    def paper(self, context: Context) -> Paper:
        rows = [["P", ""]] * (self.exercise.evidence + 1)
        return Paper(self.label, heads=["Paragraph", "Words copied from it"], rows=rows)

    def said(self, value: Any) -> str | None:
        return None  # a report prints the rows in a table, with whether they stand there

    def clean(self, value: Any) -> list[dict[str, str]]:
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            return []
        rows = []
        for row in value[:MAX_ROWS]:
            if isinstance(row, Mapping):
                kept = {
                    "block": short_text(row.get("block"), MAX_PLACE).strip(),
                    "words": short_text(row.get("words"), MAX_WORDS),
                }
                if any(kept.values()):
                    rows.append(kept)
        return rows

    def check(self, value: Any, context: Context) -> Outcome:
        part = check_evidence(value or [], self.exercise.evidence, context.article)
        return Outcome("kept" if part.ok else "not yet", "", {self.id: part})

    def expected(self, context: Context, text: str) -> list[dict[str, str]]:
        article = context.article
        copied = islice(windows(article, _COPIED), self.exercise.evidence)
        return [{"block": id, "words": article.text[at.start : at.end]} for id, at in copied]

    def wrong(self, context: Context) -> list[dict[str, str]]:
        block = context.article.blocks[0].id
        return [{"block": block, "words": "words that stand nowhere in it"}]
