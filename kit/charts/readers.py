"""How far two readers agree on each question: a dot for the number, a bar for how sure it is.

Two kinds of question, two measures. Where both give each unit one code, alpha takes off what
chance would give. Where both mark words, there is no list of units, and F1 counts how many labels
of both have a partner: a label of the other reader’s on the same words, with the same code. The
two stand under headings of their own, since neither can be read as the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter

from kit.base.phrases import decimal, percent, short
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark
from kit.charts.tally import Tally
from kit.measure import LayerAgreement

__all__ = ["readers_chart"]

UNITS, LABELS = "units", "labels"
ROW, HEAD, GAP = 7.0, 13.0, 2.0
PERCENT, ALPHA, F1 = Mark("o", False), Mark("D"), Mark("s")
ORDER = (
    (UNITS, "One code for each unit", "percent agreement and Krippendorff’s alpha"),
    (
        LABELS,
        "Words marked",
        "F1: the share of both readers’ labels that have a partner with the same code",
    ),
)


def readers_chart(agreements: Iterable[LayerAgreement]) -> Chart:
    """Chart how far two readers agree on each layer, with the interval of each number.

    Args:
        agreements: one for each layer; ``unit`` says what was compared, ``units`` by percent
            agreement (``share``) and ``alpha``, ``labels`` by F1 (``share``). ``interval`` is
            alpha's or F1's, or None where it cannot be told.
    """
    return _Readers(list(agreements)).chart()


class _Readers(Tally):
    def __init__(self, agreements: list[LayerAgreement]):
        self.of = {unit: [a for a in agreements if a.unit == unit] for unit, _, _ in ORDER}
        self.topic = "How far two readers agree, question by question"
        pairs = {(short(a.one), short(a.other)) for a in agreements}
        if len(pairs) == 1:
            one, other = pairs.pop()
            self.topic = f"How far {one} and {other} agree, question by question"

    @property
    def title(self) -> str:
        least = [min(part) for part in map(_shares, self.of.values()) if part]
        if not least:
            return "Nothing labelled by both yet"
        return "Hardest to agree on: " + ", ".join(f"{name} ({percent(n)})" for n, name in least)

    def finding(self) -> str:
        said = [
            _range(
                "Where each paragraph gets one label, the two chose alike for {}.", self.of[UNITS]
            ),
            _range("Where words are marked, the two share {} of their labels.", self.of[LABELS]),
        ]
        return " ".join(filter(None, said)) or "Two readers have labelled nothing together yet."

    def table(self) -> Table:
        header = (
            "Question", "Compared", "Agreed", "Of", "Agreement", "Alpha", "F1", "95 % interval",
        )  # fmt: skip
        rows = []
        for unit, part in self.of.items():
            for a in part:
                units = unit == UNITS
                rows.append(
                    (
                        _name(a),
                        unit,
                        *_counted(a),
                        percent(a.share) if a.total else "–",
                        _coefficient(a.alpha) if units else "–",
                        "–" if units else _coefficient(_measured(a)),
                        _interval(a),
                    )
                )
        return Table(header, tuple(rows))

    def alt(self) -> str:
        said = [
            "Dot chart with one row for each question and a bar for each 95 % interval, in two "
            "parts that cannot be compared with each other."
        ]
        for unit, head, measures in ORDER:
            if self.of[unit]:
                said.append(f"{head} ({measures}):")
                said.append("; ".join(map(_said, self.of[unit])) + ".")
        return " ".join(said)

    def draw(self) -> s.Sheet:
        parts = [(unit, head, self.of[unit]) for unit, head, _ in ORDER if self.of[unit]]
        rows = sum(len(part) for *_, part in parts)
        top = s.Sheet.TOP + 1
        height = top + ((HEAD + GAP) * len(parts) + ROW * rows if parts else ROW) + 6
        source = f"{self.topic} · 1: full agreement; bar: how sure (95 %)"
        sheet = s.Sheet(height, self.title, source)
        if not parts:
            sheet.text(s.MARGIN, top + ROW / 2, "nothing labelled by both yet", colour=s.QUIET)
            return sheet
        agreements = [agreement for *_, part in parts for agreement in part]
        left = s.MARGIN + max(s.text_width(s.fit(_name(a), 40)) for a in agreements) + 4
        right = s.WIDTH - s.MARGIN - 52
        lows = [a.interval.low for a in agreements if a.interval]
        lows += [a.alpha for a in agreements if a.alpha is not None]
        # Alpha falls below 0 where readers agree less than chance would have them.
        scale = _Scale(min([0.0, *lows]), left + 2, right - 2)
        y = top
        for unit, head, part in parts:
            _draw_head(sheet, y, unit, head, right)
            y += HEAD
            scale.rule(sheet, y - 1, y + ROW * len(part))
            for agreement in part:
                _draw_row(sheet, scale, agreement, y + ROW / 2, right)
                y += ROW
            y += GAP
        scale.number(sheet, y + 2)
        return sheet


def _name(agreement: LayerAgreement) -> str:
    return agreement.layer.replace("-", " ").capitalize()


def _measured(agreement: LayerAgreement) -> float | None:
    """Return the number that the interval is of: alpha or F1; None where there is none."""
    if agreement.unit == UNITS:
        return agreement.alpha
    return agreement.share if agreement.total else None


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
    return [(a.share, _name(a)) for a in agreements if a.total]


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


def _said(a: LayerAgreement) -> str:
    agreed, total = _counted(a)
    of = f"{agreed:,} of {total:,} {a.unit}"
    interval = f", interval {_interval(a)}" if a.interval else ""
    if a.unit == UNITS:
        share = f" ({percent(a.share)})" if a.total else ""
        return f"{_name(a)}: {of}{share}, alpha {_coefficient(a.alpha)}{interval}"
    return f"{_name(a)}: {of}, F1 {_coefficient(_measured(a))}{interval}"


class _Scale:
    """From 0, or the least there is, to 1."""

    def __init__(self, low: float, left: float, right: float):
        self.low, self.left = low, left
        self._mm = (right - left) / (1 - low)
        # In fifths, or in halves where the numbers would stand too close.
        parts = 5 if self._mm / 5 >= 9 else 2
        self._ticks = [n / parts for n in range(-parts, parts + 1) if n / parts >= low]

    def x(self, value: float) -> float:
        return self.left + (min(max(value, self.low), 1.0) - self.low) * self._mm

    def rule(self, sheet: s.Sheet, top: float, bottom: float) -> None:
        for tick in self._ticks:
            sheet.line(self.x(tick), top, self.x(tick), bottom, colour=s.GUIDE, layer=0)

    def number(self, sheet: s.Sheet, y: float) -> None:
        for tick in self._ticks:
            text = decimal(tick)[:-1] if tick % 1 else f"{tick:.0f}".replace("-", "−")
            sheet.text(self.x(tick), y, text, size=s.SMALL, align="center")


def _draw_head(sheet: s.Sheet, y: float, unit: str, head: str, right: float) -> None:
    """Write what a part compares, what its marks are and what its numbers are."""
    sheet.line(s.MARGIN, y, right + 52, y, colour=s.QUIET, width=0.5)
    sheet.text(s.MARGIN, y + 4, head, bold=True)
    marks = [(PERCENT, "percent agreement"), (ALPHA, "alpha, chance taken off")]
    if unit == LABELS:
        marks = [(F1, "F1: labels with a partner on the same words, same code")]
    sheet.key(y + 9, marks, size=s.SMALL)
    heads = ("agree", "alpha", "units") if unit == UNITS else ("", "F1", "labels")
    for at, text in zip(_columns(right), heads, strict=True):
        sheet.text(at, y + 9, text, size=s.SMALL, align="right", colour=s.QUIET)


def _columns(right: float) -> tuple[float, float, float]:
    return right + 13, right + 24, right + 52


def _draw_row(
    sheet: s.Sheet, scale: _Scale, agreement: LayerAgreement, y: float, right: float
) -> None:
    sheet.text(s.MARGIN, y, s.fit(_name(agreement), 40))
    sheet.line(scale.left, y, right - 2, y, colour=s.GUIDE, layer=0)
    value = _measured(agreement)
    units = agreement.unit == UNITS
    if agreement.interval:
        low, high = scale.x(agreement.interval.low), scale.x(agreement.interval.high)
        sheet.line(low, y, high, y, width=1.4, layer=3)
        for x in (low, high):
            sheet.line(x, y - 1.1, x, y + 1.1, width=1.4, layer=3)
    if units and agreement.total:
        sheet.mark(scale.x(agreement.share), y - 1.9, PERCENT)
    if value is not None:
        sheet.mark(scale.x(value), y, ALPHA if units else F1)
    agree, number, of = _columns(right)
    if units:
        share = percent(agreement.share) if agreement.total else "–"
        sheet.text(agree, y, share, align="right")
    sheet.text(number, y, _coefficient(value), align="right")
    agreed, total = _counted(agreement)
    sheet.text(of, y, f"{agreed:,} of {total:,}", size=s.SMALL, align="right", colour=s.QUIET)
