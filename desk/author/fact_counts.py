"""How each fact is computed from an article and its reference reading.

``facts.toml`` names a computation in ``how`` and gives its arguments beside it. Notebooks never
run these: they read the stored value, and a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from inspect import isfunction

from kit.coding.coding import Annotation, Coding
from kit.library import chronicle, lexicon
from kit.library.facts import Fact, FactsError
from kit.library.reference import Reference
from kit.measure import voice_shares, words_by_code
from kit.measure.shares import VoiceMeasure
from kit.text.article import Article, Block
from kit.text.quotations import quotations, quoted_words

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
        return COMPUTATIONS[fact.how](_Counts(article, reference), **fact.given)
    except (TypeError, KeyError, LookupError, ValueError) as problem:
        raise FactsError(f"{where}: {fact.how} cannot be computed: {problem}.") from None


class _Counts:
    """What can be counted in an article with its reference; what is public can be named."""

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

    def _block(self, label: Annotation) -> Block:
        return self.article.block_of(label.at)

    def _records(self, **fields: Sequence[str]) -> list[Annotation]:
        """The attributions whose fields have one of the given values each."""
        return [
            record
            for record in self.coding.on("attribution")
            if all(record.fields.get(name) in values for name, values in fields.items())
        ]

    # -- the file ----------------------------------------------------------------------------------

    def blocks(self) -> int:
        return len(self.article.blocks)

    def words(self) -> int:
        return sum(len(block.words) for block in self.article.blocks)

    def searched(self, of: str) -> int:
        return len(lexicon.find(self.article, [of]))

    def quotations(self) -> int:
        return len(quotations(self.article))

    def quoted_words(self) -> int:
        return len(quoted_words(self.article))

    # -- the story ---------------------------------------------------------------------------------

    def positions(self, code: Sequence[str]) -> int:
        return sum(found in code for found in self.coding.codes("position").values())

    def story_paragraphs(self) -> int:
        return len(self.story)

    def story_words(self) -> int:
        return sum(len(block.words) for block in self.story)

    def quoted_share(self) -> float:
        return self.quoted_words() / self.story_words()

    def last_whole_paragraph(self, words: int) -> int:
        """The number of the last paragraph that is whole when the story is cut to so many words."""
        last = 0
        for block in self.story:
            words -= len(block.words)
            if words < 0:
                break
            last = block.number
        return last

    def first_voice(self, affiliation: Sequence[str]) -> int:
        """The number of the paragraph in which one of these is first heard."""
        return min(self._block(record).number for record in self._records(affiliation=affiliation))

    def words_before_voice(self, affiliation: Sequence[str]) -> int:
        """The words of the story before the paragraph in which one of these is first heard."""
        first = self.first_voice(affiliation)
        return sum(len(block.words) for block in self.story if block.number < first)

    def silent_paragraphs(self) -> int:
        heard = {self._block(record).id for record in self.coding.on("attribution")}
        return sum(block.id not in heard for block in self.story)

    # -- voices ------------------------------------------------------------------------------------

    def attributions(self, **fields: Sequence[str]) -> int:
        return len(self._records(**fields))

    def voice(self, by: str, of: Sequence[str], measure: VoiceMeasure) -> int:
        shares = voice_shares(self.coding, by, measure)
        return sum(share.count for share in shares if share.of in of)

    def all_voices(self, measure: VoiceMeasure) -> int:
        return sum(share.count for share in voice_shares(self.coding, "speaker", measure))

    def voice_share(self, by: str, of: Sequence[str], measure: VoiceMeasure) -> float:
        return self.voice(by, of, measure) / self.all_voices(measure)

    def quoted_speakers(self, affiliation: Sequence[str]) -> int:
        """How many of these have words in quotation marks."""
        quoted = set(quoted_words(self.article))
        speakers = set()
        for record in self._records(affiliation=affiliation):
            block = self._block(record)
            for span in record.parts.get("content", ()):
                if any(
                    w in quoted and span.start <= w[0] and w[1] <= span.end for w in block.words
                ):
                    speakers.add(record.fields["speaker"])
        return len(speakers)

    def silent_names(self, names: Sequence[str]) -> int:
        """How many of these names stand in the story without speaking in it."""
        speakers = " ".join(record.fields["speaker"] for record in self.coding.on("attribution"))
        missing = [name for name in names if not self.searched(name)]
        if missing:
            raise LookupError(f"{', '.join(missing)} does not stand in the file")
        return sum(name not in speakers for name in names)

    # -- moves, issues, wording --------------------------------------------------------------------

    def codes(self, layer: str) -> int:
        return len(self.coding.codebook.layer(layer).codes)

    def labels(self, layer: str, code: Sequence[str] = (), **fields: Sequence[str]) -> int:
        """Labels on a layer, by their main code and their fields where these are given."""
        return sum(
            (not code or any(main in code for main in label.codes[:1]))
            and all(label.fields.get(name) in values for name, values in fields.items())
            for label in self.coding.on(layer)
        )

    def issues(self) -> int:
        """How many different issues are named."""
        return sum(map(bool, words_by_code(self.coding, "issue").values()))

    def paragraphs_with(self, layer: str) -> int:
        """How many paragraphs of the story carry a label."""
        labelled = {self._block(label).id for label in self.coding.on(layer)}
        return sum(block.id in labelled for block in self.story)

    def per_hundred_words(self, layer: str) -> float:
        story = {block.id for block in self.story}
        labels = sum(self._block(label).id in story for label in self.coding.on(layer))
        return round(100 * labels / self.story_words(), 1)

    def altered_quotations(self, confidence: Sequence[str]) -> int:
        """How many quotations hold a label on wording whose highest confidence is one of these."""
        order = ("high", "medium", "low")
        count = 0
        for start, end in quotations(self.article):
            found = {
                label.fields.get("confidence")
                for label in self.coding.on("wording")
                if start <= label.at.start and label.at.end <= end
            }
            count += next((level for level in order if level in found), None) in confidence
        return count

    # -- days --------------------------------------------------------------------------------------

    def time_words(self) -> int:
        return len(chronicle.load(self.article.id).words)

    def benchmarks(self) -> int:
        return len(chronicle.load(self.article.id).benchmarks)

    def months_to(self, event: str) -> int:
        """Whole months from the day of the story to an event, to the nearest."""
        dated = chronicle.load(self.article.id)
        if dated.published is None:
            raise LookupError("the article has no day")
        then = next(one.date for one in dated.events if one.id == event)
        days = (then - dated.published).days
        return round(days / 30.44)


COMPUTATIONS = {
    name.replace("_", "-"): count
    for name, count in vars(_Counts).items()
    if isfunction(count) and not name.startswith("_")
}
