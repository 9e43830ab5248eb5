"""Counts and shares of one coding: how much of the text a code or a voice gets.

Each measure answers another question, and they need not agree; that is the lesson.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

from kit.coding.coding import Annotation, Coding
from kit.text.article import Article, Block, Sentence
from kit.text.quotations import quoted_words
from kit.text.span import Span

CodeMeasure = Literal["labels", "blocks", "sentences", "words"]
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


def code_shares(coding: Coding, layer: str, measure: CodeMeasure = "labels") -> list[Share]:
    """Return the share of every code of a layer, in the codebook's order, zeros included.

    Args:
        coding: whose labels.
        layer: id of a layer with codes; an annotation counts for its main code, and those
            that carry none, if any, come last as ``"not given"``.
        measure: ``labels`` counts annotations; ``blocks``, ``sentences`` and ``words`` count
            the blocks, sentences or words that the annotations touch, each once for a code.

    Raises:
        CodebookError: there is no such layer.
        ValueError: there is no such measure.
    """
    spans: dict[str, list[Span]] = {code.id: [] for code in coding.codebook.layer(layer).codes}
    for a in coding.on(layer):
        spans.setdefault(a.codes[0] if a.codes else NOT_GIVEN, []).append(a.at)
    counts = {code: _count(coding.article, covered, measure) for code, covered in spans.items()}
    total = sum(counts.values())
    return [Share(code, count, total) for code, count in counts.items()]


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

    Raises:
        ValueError: there is no such measure.
    """
    quoted = set(quoted_words(coding.article))
    counts: Counter[str] = Counter()
    for record in coding.on("attribution"):
        counts[record.fields.get(by, NOT_GIVEN)] += _voice(coding.article, record, measure, quoted)
    total = counts.total()
    return [
        Share(name, n, total) for name, n in sorted(counts.items(), key=lambda i: (-i[1], i[0]))
    ]


def _count(article: Article, spans: list[Span], measure: str) -> int:
    if measure == "labels":
        return len(spans)
    units: Iterable[Block | Sentence]
    if measure == "blocks":
        units = article.blocks
    elif measure == "sentences":
        units = article.sentences
    elif measure == "words":
        return len({word for span in spans for word in _words(article, span)})
    else:
        raise ValueError(f"There is no measure “{measure}” of codes.")
    return sum(any(u.start < s.end and s.start < u.end for s in spans) for u in units)


def _voice(article: Article, record: Annotation, measure: str, quoted: set) -> int:
    if measure == "attributions":
        return 1
    if measure == "attributed words":
        return len(_words(article, record.at))
    if measure == "quoted words":
        content = {w for span in record.parts.get("content", ()) for w in _words(article, span)}
        return len(content & quoted)
    raise ValueError(f"There is no measure “{measure}” of voices.")


def _words(article: Article, span: Span) -> list[tuple[int, int]]:
    words = article.block_of(span).words
    return [(a, b) for a, b in words if a < span.end and span.start < b]
