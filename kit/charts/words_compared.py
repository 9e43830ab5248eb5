"""Two coders who marked words: what both marked, what one alone marked, code by code.

Four panels of bars on one scale, so that no pattern has to be told from another: a row that has
its bars on the left is a code on which the two see the same thing.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from kit.base.phrases import decimal, join, percent, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.panels import HEADS, Bar, Panel, draw_panels
from kit.charts.tally import Tally, main_code, two_names
from kit.coding.codebook import Layer
from kit.measure import SpanComparison
from kit.measure.shares import NOT_GIVEN

__all__ = ["span_comparison_chart"]

ROW, BAR = 5.8, 3.6
# How many pairs of codes that met on the same words the text alternative names.
MOST_NAMED = 12


class _Row(NamedTuple):
    """One code: labels that both gave it, labels to which the other gave another code, and
    labels on words that one coder alone marked."""

    name: str
    same: int
    another: int
    one: int
    other: int
    others: str  # which other codes, and how often


def span_comparison_chart(comparison: SpanComparison, layer: Layer) -> Chart:
    """Chart which labels on words two coders share.

    Two labels with different codes on the same words stand in the row of the first coder's code.

    Args:
        comparison: from :func:`kit.measure.compare_spans`.
        layer: the layer compared; one without codes, such as ``attribution``, has one row.
    """
    return _Shared(comparison, layer).chart()


class _Shared(Tally):
    def __init__(self, comparison: SpanComparison, layer: Layer):
        self.comparison, self.layer = comparison, layer
        self.one, self.other = two_names(comparison.one, comparison.other)
        self.noun = "label" if layer.codes else "record"
        self.agreement = comparison.agreement
        self.total = self.agreement.one + self.agreement.other
        self.another = len(comparison.differing)
        self.same = len(comparison.matched) - self.another
        # F1 once more, now of labels whose partner has the same code.
        self.strict = 2 * self.same / self.total if self.total else 0.0
        self.met = Counter((main_code(a), main_code(b)) for a, b in comparison.differing)
        self.rows = self._rows()
        self.title = f"{layer.title}: what {self.one} and {self.other} marked"

    def _rows(self) -> list[_Row]:
        compared = self.comparison
        same, another = Counter(), Counter()
        differing = {id(a) for a, _ in compared.differing}
        for a, b in compared.matched:
            # One without a code agrees with any; the pair stands where a code is given.
            code = main_code(a) if a.codes else main_code(b)
            (another if id(a) in differing else same)[code] += 1
        one = Counter(map(main_code, compared.one_only))
        other = Counter(map(main_code, compared.other_only))
        names = self._names()
        if any(counts[NOT_GIVEN] for counts in (same, another, one, other)):
            names.setdefault(NOT_GIVEN, NOT_GIVEN if self.layer.codes else "All records")
        return [
            _Row(name, same[code], another[code], one[code], other[code], self._others(code))
            for code, name in names.items()
        ]

    def _names(self) -> dict[str, str]:
        if not self.layer.codes:
            return {NOT_GIVEN: "All records"}
        return {code.id: code.name for code in self.layer.codes}

    def _name(self, code: str) -> str:
        return self._names().get(code, code)

    def _others(self, code: str) -> str:
        met = [(b, n) for (a, b), n in self.met.items() if a == code]
        met.sort(key=lambda pair: (-pair[1], list(self._names()).index(pair[0])))
        return ", ".join(f"{self._name(b)} {n:,}" for b, n in met)

    def finding(self) -> str:
        if not self.total:
            return f"Neither {self.one} nor {self.other} has marked any words yet."
        who = f"{self.one[:1].upper()}{self.one[1:]} and {self.other}"
        times = plural(self.agreement.matched, "time")
        codes = ""
        if self.layer.codes and self.agreement.matched:
            some = "each time" if not self.another else f"{self.same:,} of them"
            codes = f", {some} with the same code"
        said = (
            f"{who} marked the same words {times}{codes}; {self.one} alone marked "
            f"{len(self.comparison.one_only):,}, {self.other} alone "
            f"{len(self.comparison.other_only):,}"
        )
        partners = 2 * self.agreement.matched
        f1 = (
            f"{said}. So of all {plural(self.total, self.noun)} that the two made, {partners:,} "
            f"have a partner ({percent(self.agreement.f1)}): that "
            f"share is called F1, {decimal(self.agreement.f1)}"
        )
        if not self.another:
            return f"{f1}."
        return f"{f1}; where the code must be the same too, it is {decimal(self.strict)}."

    def _columns(self) -> list[tuple[str, str, int]]:
        """Return each panel: which count of a row, how it is headed and its total."""
        one, other = len(self.comparison.one_only), len(self.comparison.other_only)
        both = [("same", "Both marked it", self.same)]
        if self.layer.codes:
            both = [
                ("same", "Both, same code", self.same),
                ("another", "Both, another code", self.another),
            ]
        return [*both, ("one", f"Only {self.one}", one), ("other", f"Only {self.other}", other)]

    def table(self) -> Table:
        columns = self._columns()
        header = ["Code" if self.layer.codes else self.layer.title]
        header += [name for _, name, _ in columns]
        rows = [(row.name, *(getattr(row, key) for key, _, _ in columns)) for row in self.rows]
        totals = ("All", *(total for _, _, total in columns))
        if not self.layer.codes:
            return Table(tuple(header), tuple(rows))
        rows = [(*cells, row.others) for cells, row in zip(rows, self.rows, strict=True)]
        return Table((*header, f"Other code by {self.other}"), (*rows, (*totals, "")))

    def alt(self) -> str:
        columns = self._columns()
        said = [
            f"Bar charts in {len(columns)} panels on one scale, one row for each "
            f"{'code' if self.layer.codes else 'kind of record'}: "
            f"{plural(self.agreement.one, self.noun)} by {self.one} and "
            f"{self.agreement.other:,} by {self.other}. "
            f"{'; '.join(f'{name}: {total:,}' for _, name, total in columns)}."
        ]
        used = [row for row in self.rows if row.same + row.another + row.one + row.other]
        if self.layer.codes:
            said += [
                f"{row.name}: {join([f'{getattr(row, key):,}' for key, _, _ in columns])}."
                for row in used
            ]
        met = [
            f"{self._name(a)} by {self.one}, {self._name(b)} by {self.other}: {n:,}"
            for (a, b), n in self.met.most_common(MOST_NAMED)
        ]
        if met:
            said.append(f"Different codes on the same words: {'; '.join(met)}.")
        return " ".join(said)

    def draw(self) -> s.Sheet:
        names = s.Names.of([row.name for row in self.rows], 46)
        height = ROW + names.extra
        top = s.Sheet.TOP + HEADS
        bottom = top + height * max(len(self.rows), 1)
        middles = [top + height * (n + 0.5) for n in range(len(self.rows))]
        f1 = f"F1 {decimal(self.agreement.f1)}"
        f1 += f", with the same code {decimal(self.strict)}" if self.another else ""
        f1 = f"{f1} · " if self.total else ""
        made = f"{plural(self.agreement.one, self.noun)} by {self.one}"
        sheet = s.Sheet(
            bottom + 3, self.title, f"{f1}{made}, {self.agreement.other:,} by {self.other}"
        )
        for name, middle in zip(names.lines, middles, strict=True):
            sheet.text(s.MARGIN, middle, name)
        panels = []
        for key, head, total in self._columns():
            counts = [getattr(row, key) for row in self.rows]
            bars = [Bar(count, f"{count:,}", key == "same") for count in counts]
            panels.append(Panel(head, f"{total:,} in all", bars))
        draw_panels(sheet, panels, names.right, middles, top=top, bottom=bottom, height=BAR)
        return sheet
