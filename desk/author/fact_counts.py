"""How each fact is computed from an article and its reference reading.

``facts.toml`` names a computation in ``how`` and gives its arguments beside it. Notebooks never
run these: they read the stored value, and a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kit.coding.codebook import Layer
from kit.coding.coding import Annotation, Coding
from kit.library import chronicle, lexicon
from kit.library.facts import Fact, FactsError
from kit.library.reference import Reference
from kit.measure import code_shares, voice_shares
from kit.measure.shares import VoiceMeasure
from kit.text.article import Article, Block
from kit.text.quotations import quotations, quoted_words

__all__ = ["COMPUTATIONS", "compute"]

Value = int | float | str


def compute(fact: Fact, article: Article, reference: Reference | None) -> Value:
    """Return what a fact should say.

    Raises:
        FactsError: there is no such computation, its arguments do not fit, or it needs a reference
            that the article has not.
    """
    where = f"{article.id}, fact “{fact.id}”"
    if fact.how not in COMPUTATIONS:
        raise FactsError(
            f"{where}: there is no computation “{fact.how}”. There is: {', '.join(COMPUTATIONS)}."
        )
    try:
        return COMPUTATIONS[fact.how](_Text(article, reference), **fact.given)
    except (TypeError, KeyError, LookupError, ValueError) as problem:
        raise FactsError(f"{where}: {fact.how} cannot be computed: {problem}.") from None


class _Text:
    """An article with its reference."""

    def __init__(self, article: Article, reference: Reference | None):
        self.article = article
        self._reference = reference

    @property
    def coding(self) -> Coding:
        if self._reference is None:
            raise LookupError("the article has no reference")
        return self._reference.coding

    @property
    def story(self) -> list[Block]:
        """The story's paragraphs, by the reference's positions."""
        story = self.coding.codebook.layer("role").story
        positions = self.coding.codes("position")
        return [block for block in self.article.blocks if positions.get(block.id) in story]

    def block(self, label: Annotation) -> Block:
        return self.article.block_of(label.at)

    def layer(self, id: str) -> Layer:
        return self.coding.codebook.layer(id)

    def records(self, **fields: Sequence[str]) -> list[Annotation]:
        """The attributions whose fields have one of the given values each."""
        return [
            record
            for record in self.coding.on("attribution")
            if all(record.fields.get(name) in values for name, values in fields.items())
        ]


# -- the file --------------------------------------------------------------------------------------


def _blocks(text: _Text) -> int:
    return len(text.article.blocks)


def _words(text: _Text) -> int:
    return sum(len(block.words) for block in text.article.blocks)


def _searched(text: _Text, of: str) -> int:
    return len(lexicon.find(text.article, [of]))


def _quotations(text: _Text) -> int:
    return len(quotations(text.article))


def _quoted_words(text: _Text) -> int:
    return len(quoted_words(text.article))


# -- the story -------------------------------------------------------------------------------------


def _positions(text: _Text, code: Sequence[str]) -> int:
    return sum(found in code for found in text.coding.codes("position").values())


def _story_paragraphs(text: _Text) -> int:
    return len(text.story)


def _story_words(text: _Text) -> int:
    return sum(len(block.words) for block in text.story)


def _quoted_share(text: _Text) -> float:
    return _quoted_words(text) / _story_words(text)


def _last_whole(text: _Text, words: int) -> int:
    """The number of the last paragraph that is whole when the story is cut to so many words."""
    last = 0
    for block in text.story:
        words -= len(block.words)
        if words < 0:
            break
        last = block.number
    return last


def _first_voice(text: _Text, affiliation: Sequence[str]) -> int:
    """The number of the paragraph in which one of these is first heard."""
    return min(text.block(record).number for record in text.records(affiliation=affiliation))


def _words_before(text: _Text, affiliation: Sequence[str]) -> int:
    """The words of the story before the paragraph in which one of these is first heard."""
    first = _first_voice(text, affiliation)
    return sum(len(block.words) for block in text.story if block.number < first)


def _silent_paragraphs(text: _Text) -> int:
    heard = {text.block(record).id for record in text.coding.on("attribution")}
    return sum(block.id not in heard for block in text.story)


# -- voices ----------------------------------------------------------------------------------------


def _attributions(text: _Text, **fields: Sequence[str]) -> int:
    return len(text.records(**fields))


def _voice(text: _Text, by: str, of: Sequence[str], measure: VoiceMeasure) -> int:
    shares = voice_shares(text.coding, by, measure)
    return sum(share.count for share in shares if share.of in of)


def _all_voices(text: _Text, measure: VoiceMeasure) -> int:
    return sum(share.count for share in voice_shares(text.coding, "speaker", measure))


def _voice_share(text: _Text, by: str, of: Sequence[str], measure: VoiceMeasure) -> float:
    return _voice(text, by, of, measure) / _all_voices(text, measure)


def _quoted_speakers(text: _Text, affiliation: Sequence[str]) -> int:
    """How many of these have words in quotation marks."""
    quoted = set(quoted_words(text.article))
    speakers = set()
    for record in text.records(affiliation=affiliation):
        block = text.block(record)
        for span in record.parts.get("content", ()):
            if any(w in quoted and span.start <= w[0] and w[1] <= span.end for w in block.words):
                speakers.add(record.fields["speaker"])
    return len(speakers)


def _silent_names(text: _Text, names: Sequence[str]) -> int:
    """How many of these names stand in the story without speaking in it."""
    speakers = " ".join(record.fields["speaker"] for record in text.coding.on("attribution"))
    missing = [name for name in names if not _searched(text, name)]
    if missing:
        raise LookupError(f"{', '.join(missing)} does not stand in the file")
    return sum(name not in speakers for name in names)


# -- moves, issues, wording ------------------------------------------------------------------------


def _codes(text: _Text, layer: str) -> int:
    return len(text.layer(layer).codes)


def _labels(text: _Text, layer: str, code: Sequence[str] = (), **fields: Sequence[str]) -> int:
    """Labels on a layer, by their main code and their fields where these are given."""
    return sum(
        (not code or any(main in code for main in label.codes[:1]))
        and all(label.fields.get(name) in values for name, values in fields.items())
        for label in text.coding.on(layer)
    )


def _issues(text: _Text) -> int:
    """How many different issues are named."""
    return sum(share.count > 0 for share in code_shares(text.coding, "issue"))


def _paragraphs_with(text: _Text, layer: str) -> int:
    """How many paragraphs of the story carry a label."""
    labelled = {text.block(label).id for label in text.coding.on(layer)}
    return sum(block.id in labelled for block in text.story)


def _per_hundred_words(text: _Text, layer: str) -> float:
    story = {block.id for block in text.story}
    labels = sum(text.block(label).id in story for label in text.coding.on(layer))
    return round(100 * labels / _story_words(text), 1)


def _altered_quotations(text: _Text, confidence: Sequence[str]) -> int:
    """How many quotations hold a label on wording whose highest confidence is one of these."""
    order = ("high", "medium", "low")
    count = 0
    for start, end in quotations(text.article):
        found = {
            label.fields.get("confidence")
            for label in text.coding.on("wording")
            if start <= label.at.start and label.at.end <= end
        }
        count += next((level for level in order if level in found), None) in confidence
    return count


# -- days ------------------------------------------------------------------------------------------


def _time_words(text: _Text) -> int:
    return len(chronicle.load(text.article.id).words)


def _benchmarks(text: _Text) -> int:
    return len(chronicle.load(text.article.id).benchmarks)


def _months_to(text: _Text, event: str) -> int:
    """Whole months from the day of the story to an event, to the nearest."""
    dated = chronicle.load(text.article.id)
    if dated.published is None:
        raise LookupError("the article has no day")
    then = next(one.date for one in dated.events if one.id == event)
    days = (then - dated.published).days
    return round(days / 30.44)


COMPUTATIONS: dict[str, Callable[..., Any]] = {
    "blocks": _blocks,
    "words": _words,
    "searched": _searched,
    "quotations": _quotations,
    "quoted-words": _quoted_words,
    "quoted-share": _quoted_share,
    "positions": _positions,
    "story-paragraphs": _story_paragraphs,
    "story-words": _story_words,
    "last-whole-paragraph": _last_whole,
    "first-voice": _first_voice,
    "words-before-voice": _words_before,
    "silent-paragraphs": _silent_paragraphs,
    "attributions": _attributions,
    "voice": _voice,
    "all-voices": _all_voices,
    "voice-share": _voice_share,
    "quoted-speakers": _quoted_speakers,
    "silent-names": _silent_names,
    "codes": _codes,
    "labels": _labels,
    "issues": _issues,
    "paragraphs-with": _paragraphs_with,
    "per-hundred-words": _per_hundred_words,
    "altered-quotations": _altered_quotations,
    "time-words": _time_words,
    "benchmarks": _benchmarks,
    "months-to": _months_to,
}
