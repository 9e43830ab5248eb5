"""Two coders who marked words: what both marked, what one alone marked, code by code.

Four panels of bars on one scale, so that no pattern has to be told from another: a row that has
its bars on the left is a code on which the two see the same thing.
"""

from __future__ import annotations

from collections import Counter

from kit.base.phrases import all_of, decimal, join, percent, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.panels import HEADS, Bar, Panel, draw_panels
from kit.charts.tally import Tally, main_code, two_names
from kit.coding.codebook import Layer
from kit.coding.palette import style
from kit.measure import SpanComparison
from kit.measure.shares import NOT_GIVEN

__all__ = ["span_comparison_chart"]

ROW, BAR = 5.8, 3.6
# How many pairs of codes that met on the same words the text alternative names.
MOST_NAMED = 12


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
        self.columns = self._columns()
        self.rows = self._rows()
        self.topic = f"{layer.title}: what {self.one} and {self.other} marked"

    def _columns(self) -> dict[str, Counter[str]]:
        """Return the labels of each code that are alike in one way, by what that is called."""
        compared = self.comparison
        same: Counter[str] = Counter()
        another: Counter[str] = Counter()
        differing = {id(a) for a, _ in compared.differing}
        for a, b in compared.matched:
            # One without a code agrees with any; the pair stands where a code is given.
            code = main_code(a) if a.codes else main_code(b)
            (another if id(a) in differing else same)[code] += 1
        both = {"Both marked it": same}
        if self.layer.codes:
            both = {"Both, same code": same, "Both, another code": another}
        alone = {
            f"Only {self.one}": Counter(map(main_code, compared.one_only)),
            f"Only {self.other}": Counter(map(main_code, compared.other_only)),
        }
        return both | alone

    def _rows(self) -> dict[str, str]:
        """Return the names of the codes, and of none where labels lack one, by their ids."""
        if not self.layer.codes:
            return {NOT_GIVEN: "All records"}
        names = {code.id: code.name for code in self.layer.codes}
        if any(counts[NOT_GIVEN] for counts in self.columns.values()):
            names[NOT_GIVEN] = NOT_GIVEN
        return names

    def _counts(self, code: str) -> list[int]:
        return [counts[code] for counts in self.columns.values()]

    def _others(self, code: str) -> str:
        met = [(b, n) for (a, b), n in self.met.items() if a == code]
        met.sort(key=lambda pair: (-pair[1], list(self.rows).index(pair[0])))
        return ", ".join(f"{self.rows[b]} {n:,}" for b, n in met)

    @property
    def title(self) -> str:
        if not self.total:
            return "No words are marked yet"
        partners = all_of(2 * self.agreement.matched, self.total, self.noun)
        return f"{partners[0].upper()}{partners[1:]} of the two readers have a partner"

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

    def table(self) -> Table:
        rows: list[tuple[str | int, ...]]
        if not self.layer.codes:
            rows = [(name, *self._counts(code)) for code, name in self.rows.items()]
            return Table((self.layer.title, *self.columns), tuple(rows))
        rows = [(name, *self._counts(code), self._others(code)) for code, name in self.rows.items()]
        rows.append(("All", *(counts.total() for counts in self.columns.values()), ""))
        return Table(("Code", *self.columns, f"Other code by {self.other}"), tuple(rows))

    def alt(self) -> str:
        totals = [f"{name}: {counts.total():,}" for name, counts in self.columns.items()]
        said = [
            f"Bar charts in {len(totals)} panels on one scale, one row for each "
            f"{'code' if self.layer.codes else 'kind of record'}: "
            f"{plural(self.agreement.one, self.noun)} by {self.one} and "
            f"{self.agreement.other:,} by {self.other}. "
            f"{'; '.join(totals)}."
        ]
        if self.layer.codes:
            said += [
                f"{name}: {join([f'{count:,}' for count in self._counts(code)])}."
                for code, name in self.rows.items()
                if any(self._counts(code))
            ]
        met = [
            f"{self.rows[a]} by {self.one}, {self.rows[b]} by {self.other}: {n:,}"
            for (a, b), n in self.met.most_common(MOST_NAMED)
        ]
        if met:
            said.append(f"Different codes on the same words: {'; '.join(met)}.")
        return " ".join(said)

    def draw(self) -> s.Sheet:
        top = s.Sheet.TOP + HEADS
        indent = s.SWATCH if self.layer.codes else 0
        rows = s.Rows(self.rows.values(), top, ROW, indent=indent)
        f1 = f"F1 {decimal(self.agreement.f1)}"
        f1 += f", with the same code {decimal(self.strict)}" if self.another else ""
        f1 = f"{f1} · " if self.total else ""
        made = f"{plural(self.agreement.one, self.noun)} by {self.one}"
        source = f"{self.topic} · {f1}{made}, {self.agreement.other:,} by {self.other}"
        sheet = s.Sheet(rows.bottom + 3, self.title, source)
        for code, name, middle in zip(self.rows, rows.names, rows.middles, strict=True):
            if code != NOT_GIVEN:
                sheet.swatch(s.MARGIN, middle, style(self.layer, code))
            sheet.text(s.MARGIN + indent, middle, name)
        panels = []
        for n, (head, counts) in enumerate(self.columns.items()):
            bars = [Bar(counts[code], f"{counts[code]:,}", strong=n == 0) for code in self.rows]
            panels.append(Panel(head, f"{counts.total():,} in all", bars))
        draw_panels(sheet, panels, rows, top=top, height=BAR)
        return sheet
