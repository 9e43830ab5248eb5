"""Counts and shares of one coding: how much of the text a code or a voice gets.

Each measure answers another question, and they need not agree; that is the lesson.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal, NamedTuple

from kit.coding.coding import Annotation, Coding
from kit.text.article import Article
from kit.text.quotations import quoted_words

NOT_GIVEN = "not given"
VoiceMeasure = Literal["attributions", "attributed words", "quoted words"]


class Share(NamedTuple):
    """How much one code or voice gets: ``count`` of ``total``; ``share`` lies in 0 … 1."""

    of: str
    count: int  # type: ignore[assignment]  # in place of a tuple's own count(), of no use here
    total: int

    @property
    def share(self) -> float:
        return self.count / self.total if self.total else 0.0


def words_by_code(coding: Coding, layer: str) -> dict[str, int]:
    """Return how many words are labelled with each code of a layer, in the codebook's order: a
    label counts for its main code. Raises CodebookError: there is no such layer."""
    words: dict[str, set] = {code.id: set() for code in coding.codebook.layer(layer).codes}
    for a in coding.on(layer):
        if a.codes:
            words[a.codes[0]].update(coding.article.words_in(a.at))
    return {code: len(covered) for code, covered in words.items()}


def voice_shares(
    coding: Coding, by: str = "speaker", measure: VoiceMeasure = "attributions"
) -> list[Share]:
    """Return the share of every voice, the largest first.

    Args:
        coding: a coding with an ``attribution`` layer.
        by: the field to group by: ``speaker``, ``affiliation``, ``identification``, ``mode`` …
            Records without a value there are grouped as ``"not given"``.
        measure: ``attributions`` counts records. ``attributed words`` counts the words of each
            record from its first part to its last. ``quoted words`` counts those of its content
            that stand inside quotation marks.
    """
    quoted = set(quoted_words(coding.article))
    counts: Counter[str] = Counter()
    for record in coding.on("attribution"):
        counts[record.fields.get(by, NOT_GIVEN)] += _voice(coding.article, record, measure, quoted)
    total = counts.total()
    return [
        Share(name, n, total) for name, n in sorted(counts.items(), key=lambda i: (-i[1], i[0]))
    ]


def _voice(article: Article, record: Annotation, measure: VoiceMeasure, quoted: set) -> int:
    if measure == "attributions":
        return 1
    if measure == "attributed words":
        return len(article.words_in(record.at))
    content = (word for at in record.parts.get("content", ()) for word in article.words_in(at))
    return len(quoted.intersection(content))
