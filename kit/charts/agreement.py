"""How near readers come to each other: marks for numbers on a scale to 1, one row for each number.

Two kinds of question, two measures. Where both give each unit one code, alpha takes off what
chance would give. Where both mark words, there is no list of units, and F1 counts how many labels
of both have a partner: a label of the other reader’s on the same words, with the same code. The
two stand under headings of their own, since neither can be read as the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from kit.base.phrases import all_of, decimal, percent, plural, short
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark, Row, Rows, Sheet
from kit.coding.coding import Coding
from kit.measure import LayerAgreement, SpanAgreement, agreed, same_speakers

UNITS, LABELS, RULES = "units", "labels", "rules"
ROW = 5.6
PERCENT, ALPHA, F1 = Mark("o", False), Mark("D"), Mark("s")
PRECISION, RECALL = Mark("D"), Mark("o", False)
# Of the two kinds: the heading, what is measured, and the heads of the numbers.
KINDS = {
    UNITS: (
        "One label each",
        "percent agreement and Krippendorff’s alpha",
        ("agree", "alpha", "alike"),
    ),
    LABELS: (
        "Words marked",
        "F1: the share of both readers’ labels that have a partner with the same code",
        ("", "F1", "labels"),
    ),
}


class _Dots(NamedTuple):
    """A row: the bar behind its marks, if any, and its marks, each with its value and how far
    above the bar it stands. A heading has neither."""

    row: Row
    bar: tuple[float, float] | None = None
    marks: Sequence[tuple[Mark, float, float]] = ()


def _draw(
    sheet: Sheet,
    dots: Sequence[_Dots],
    heads: Sequence[str],
    low: float,
    bar: float,
    tick_said: Callable[[float], str],
) -> None:
    """Draw rows of marks and bars on a scale from ``low`` to 1."""
    named = [row for row, *_ in dots]
    rows = Rows(sheet, Sheet.TOP + 10, ROW, named, heads=heads)
    left, right = rows.left + 2, rows.right - 2

    def at(value: float) -> float:
        return left + (min(max(value, low), 1.0) - low) / (1 - low) * (right - left)

    # In fifths, or in halves where the numbers would stand too close.
    parts = 5 if (right - left) / (1 - low) / 5 >= 9 else 2
    for tick in (n / parts for n in range(-parts, parts + 1) if n / parts >= low):
        sheet.guide(at(tick), rows.top - 1, at(tick), rows.bottom)
        sheet.text(at(tick), rows.bottom + 2, tick_said(tick), size=s.SMALL, align="center")
    rows.rule(sheet)
    for (_, ends, marks), y in zip(dots, rows.middles, strict=True):
        if ends:
            sheet.line(at(ends[0]), y, at(ends[1]), y, width=bar, layer=3)
        for mark, value, up in marks:
            sheet.mark(at(value), y - up, mark)
    sheet.height = rows.bottom + 5


class ReadersAgree(Chart):
    """How far two readers agree on each layer, with the interval of each number.

    Args:
        agreements: of the same two, one for each layer that both have labelled; ``unit`` says
            what was compared, ``units`` by percent agreement (``share``) and ``alpha``, ``labels``
            by F1 (``share``). ``interval`` is alpha's or F1's, or None where it cannot be told.
    """

    def __init__(self, agreements: Sequence[LayerAgreement]):
        self.of = {unit: [a for a in agreements if a.unit == unit] for unit in KINDS}
        one, other = short(agreements[0].one), short(agreements[0].other)
        self.topic = f"How far {one} and {other} agree, question by question"

    @cached_property
    def title(self) -> str:
        least = [min(part) for part in map(_shares, self.of.values()) if part]
        return "Hardest to agree on: " + ", ".join(f"{name} ({percent(n)})" for n, name in least)

    @cached_property
    def finding(self) -> str:
        said = [
            _range(
                "Where each paragraph gets one label, the two chose alike for {}.", self.of[UNITS]
            ),
            _range("Where words are marked, the two share {} of their labels.", self.of[LABELS]),
        ]
        return " ".join(filter(None, said))

    @cached_property
    def table(self) -> Table:
        header = (
            "Question", "Compared", "Agreed", "Of", "Agreement", "Alpha", "F1", "95 % interval",
        )  # fmt: skip
        rows = []
        for unit, part in self.of.items():
            for a in part:
                value = _coefficient(_measured(a))
                values = (value, "–") if unit == UNITS else ("–", value)
                shares = (*_counted(a), percent(a.share))
                rows.append((_name(a), unit, *shares, *values, _interval(a)))
        return Table(header, tuple(rows))

    @property
    def kind(self) -> str:
        told = [f"{head}: {measures}." for head, measures, _ in KINDS.values()]
        return (
            "Dot chart with one row for each question and a bar for each 95 % interval, in two "
            f"parts that cannot be compared with each other. {' '.join(told)}"
        )

    def draw(self) -> Sheet:
        sheet = self.blank("1: full agreement; bar: how sure (95 %)")
        key = [(PERCENT, "percent agreement"), (ALPHA, "alpha, chance taken off")]
        sheet.key(Sheet.TOP + 2, [*key, (F1, "F1: labels with a partner")])
        every = [a for part in self.of.values() for a in part]
        # Alpha falls below 0 where readers agree less than chance would have them.
        lows = [a.interval.low for a in every if a.interval]
        lows += [a.alpha for a in every if a.alpha is not None]
        dots = []
        for unit, (head, _, heads) in KINDS.items():
            if part := self.of[unit]:
                dots += [_Dots(Row(head, heads, bold=True)), *map(_of_readers, part)]
        _draw(sheet, dots, ("", "", ""), min([0.0, *lows]), 1.4, _tenths)
        return sheet


def _of_readers(a: LayerAgreement) -> _Dots:
    marks = []
    units, value = a.unit == UNITS, _measured(a)
    if units:
        marks.append((PERCENT, a.share, 1.9))
    if value is not None:
        marks.append((ALPHA if units else F1, value, 0.0))
    share = percent(a.share) if units else ""
    agreed_on, total = _counted(a)
    numbers = (share, _coefficient(value), f"{agreed_on:,} of {total:,}")
    bar = (a.interval.low, a.interval.high) if a.interval else None
    return _Dots(Row(s.fit(_name(a), 40), numbers), bar, marks)


def _tenths(value: float) -> str:
    return decimal(value)[:-1] if value % 1 else f"{value:.0f}".replace("-", "−")


def _name(agreement: LayerAgreement) -> str:
    return agreement.layer.replace("-", " ").capitalize()


def _measured(agreement: LayerAgreement) -> float | None:
    """Return the number that the interval is of: alpha or F1; None where there is none."""
    return agreement.alpha if agreement.unit == UNITS else agreement.share


def _counted(agreement: LayerAgreement) -> tuple[int, int]:
    """Return how many units agree and of how many; of labels, how many of both readers’ have a
    partner and of how many. F1 is the one by the other."""
    if agreement.unit == UNITS:
        return agreement.shared, agreement.total
    return 2 * agreement.shared, agreement.total + agreement.shared


def _coefficient(value: float | None) -> str:
    return "–" if value is None else decimal(value)


def _interval(agreement: LayerAgreement) -> str:
    interval = agreement.interval
    return f"{decimal(interval.low)} to {decimal(interval.high)}" if interval else "–"


def _shares(agreements: Sequence[LayerAgreement]) -> list[tuple[float, str]]:
    return [(a.share, _name(a)) for a in agreements]


def _range(what: str, agreements: Sequence[LayerAgreement]) -> str:
    """Fill a sentence with the question that readers agree on most, and on the least."""
    known = _shares(agreements)
    if not known:
        return ""
    most, most_on = max(known, key=itemgetter(0))
    least, least_on = min(known, key=itemgetter(0))
    if percent(most) == percent(least):
        each = "each" if len(known) > 1 else most_on
        return what.format(f"{percent(most)} ({each})")
    return what.format(f"{percent(least)} ({least_on}) to {percent(most)} ({most_on})")


class _Against(NamedTuple):
    """One reader on one layer: how many of the labels are the reference's, and of how many; and
    in how many of those that have a speaker it is the same one."""

    layer: str
    reader: str
    found: SpanAgreement
    speakers: tuple[int, int]

    @property
    def both(self) -> str:
        precise, recall = percent(self.found.precision), percent(self.found.recall)
        return f"{precise} of the labels made, {recall} of the reference"


class RulesBesideReaders(Chart):
    """Precision and recall of the kit's rules against the reference, layer by layer, beside people
    who read the same article.

    Args:
        reference: what is taken as the measure here; it is a reading and no answer key.
        readers: the codings, the kit's rules among them; a layer on which one has no label is
            left out for that one.
    """

    topic = "The rules beside two readings"

    def __init__(self, reference: Coding, readers: Sequence[Coding]):
        self.rows = [
            _Against(
                layer.title,
                short(reader.coder),
                SpanAgreement(
                    len(agreed(reference, reader, layer.id)),
                    len(reference.on(layer.id)),
                    len(reader.on(layer.id)),
                ),
                same_speakers(reference, reader) if layer.id == "attribution" else (0, 0),
            )
            for layer in reference.codebook.layers
            if reference.on(layer.id)
            for reader in readers
            if reader.on(layer.id)
        ]
        self.ours = sorted(
            (row for row in self.rows if row.reader == RULES), key=lambda row: -row.found.f1
        )

    @cached_property
    def title(self) -> str:
        if not self.ours:
            return "The rules have found nothing here"
        best = self.ours[0]
        there = all_of(best.found.matched, best.found.one, "label")
        return f"{best.layer}: the rules find {there} of the reference"

    @cached_property
    def finding(self) -> str:
        if not self.ours:
            return "The rules have found nothing here."
        best, worst = self.ours[0], self.ours[-1]
        said = f"The rules come nearest to the reference on {best.layer} ({best.both})"
        said += f", and stay farthest from it on {worst.layer} ({worst.both})."
        speakers = next((row.speakers for row in self.ours if row.speakers[1]), None)
        if speakers:
            right, of = speakers
            said += f" Of {plural(of, 'attribution')} in common, {right} have the same speaker."
        return said

    @cached_property
    def table(self) -> Table:
        labels = ("Labels", "As the reference", "Precision", "Recall", "Same speaker")
        rows = []
        for layer, reader, found, (right, of) in self.rows:
            counts = (found.other, found.matched, percent(found.precision), percent(found.recall))
            rows.append((layer, reader, *counts, f"{right} of {of}" if of else "–"))
        return Table(("Question", "Reader", *labels), tuple(rows))

    @property
    def kind(self) -> str:
        return "Dot chart with one row for each question and reader, from 0 to 100 %."

    def draw(self) -> Sheet:
        sheet = self.blank("against the reference, itself one reading")
        key = [(PRECISION, "precision: of the labels made"), (RECALL, "recall: of the reference")]
        sheet.key(Sheet.TOP + 2, key)
        dots, before = [], ""
        for layer, reader, found, _ in self.rows:
            if layer != before:
                dots.append(_Dots(Row(layer, ("", ""), bold=True)))
                before = layer
            numbers = (percent(found.precision), percent(found.recall))
            ends = (found.precision, found.recall)
            marks = [(PRECISION, found.precision, 0.0), (RECALL, found.recall, 0.0)]
            dots.append(_Dots(Row(reader, numbers), ends, marks))
        _draw(sheet, dots, ("precision", "recall"), 0.0, 1.0, percent)
        return sheet
