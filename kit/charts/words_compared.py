"""Two coders who marked words: what both marked, what one alone marked, code by code.

Four panels of bars on one scale, so that no pattern has to be told from another: a row that has
its bars on the left is a code on which the two see the same thing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kit.base.phrases import decimal, join, percent, plural, short
from kit.charts.chart import Chart, Table
from kit.coding.codebook import Layer
from kit.coding.coding import Annotation
from kit.measure import SpanComparison
from kit.measure.shares import NOT_GIVEN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
    shared = _Shared(comparison, layer)
    return Chart(
        title=shared.title,
        finding=shared.finding(),
        table=shared.table(),
        alt=shared.alt(),
        draw=shared.draw,
    )


class _Shared:
    """Everything the chart says, counted once."""

    def __init__(self, comparison: SpanComparison, layer: Layer):
        self.comparison, self.layer = comparison, layer
        self.one, self.other = short(comparison.one), short(comparison.other)
        if self.one == self.other:
            self.one, self.other = f"{self.one} (first)", f"{self.other} (second)"
        self.noun = "label" if layer.codes else "record"
        self.agreement = comparison.agreement
        self.total = self.agreement.one + self.agreement.other
        self.another = len(comparison.differing)
        self.same = len(comparison.matched) - self.another
        # F1 once more, now of labels whose partner has the same code.
        self.strict = 2 * self.same / self.total if self.total else 0.0
        self.met = Counter((self._main(a), self._main(b)) for a, b in comparison.differing)
        self.rows = self._rows()
        self.title = f"{layer.title}: what {self.one} and {self.other} marked"

    def _main(self, label: Annotation) -> str:
        return label.codes[0] if label.codes else NOT_GIVEN

    def _rows(self) -> list[_Row]:
        compared = self.comparison
        same, another = Counter(), Counter()
        differing = {id(a) for a, _ in compared.differing}
        for a, b in compared.matched:
            # One without a code agrees with any; the pair stands where a code is given.
            code = self._main(a) if a.codes else self._main(b)
            (another if id(a) in differing else same)[code] += 1
        one = Counter(map(self._main, compared.one_only))
        other = Counter(map(self._main, compared.other_only))
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

    # -- words ---------------------------------------------------------------------------------

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

    # -- picture -------------------------------------------------------------------------------

    def draw(self) -> Figure:
        from kit.charts import sheet as s

        columns = self._columns()
        names = [s.wrap(row.name, 46) for row in self.rows]
        row_height = ROW + 2.8 * max((name.count("\n") for name in names), default=0)
        left = s.MARGIN + max([*map(s.text_width, names), 20]) + 3
        panel = (s.WIDTH - s.MARGIN - left) / len(columns)
        heads = [s.wrap(name, panel - 2) for _, name, _ in columns]
        top = s.Sheet.TOP + 13
        bottom = top + row_height * max(len(self.rows), 1)
        f1 = f"F1 {decimal(self.agreement.f1)}"
        f1 += f", with the same code {decimal(self.strict)}" if self.another else ""
        f1 = f"{f1} · " if self.total else ""
        sheet = s.Sheet(
            bottom + 3,
            self.title,
            f"{f1}{plural(self.agreement.one, self.noun)} by {self.one}, "
            f"{self.agreement.other:,} by {self.other}",
        )
        counts = [getattr(row, key) for row in self.rows for key, _, _ in columns]
        largest = max(counts, default=0) or 1
        scale = (panel - s.text_width(f"{largest:,}") - 4) / largest
        for n, ((key, _, total), head) in enumerate(zip(columns, heads, strict=True)):
            x = left + n * panel
            # A head of one line stands on the lower of two, next to its number.
            sheet.text(x, top - 9 + (0 if "\n" in head else 1.6), head)
            sheet.text(x, top - 3.4, f"{total:,} in all", size=s.SMALL, colour=s.QUIET)
            sheet.line(x, top - 1, x, bottom, width=0.8)
            for m, row in enumerate(self.rows):
                middle = top + row_height * (m + 0.5)
                count = getattr(row, key)
                width = count * scale
                if width:
                    sheet.bar(x, middle - BAR / 2, width, BAR, strong=key == "same")
                colour = s.INK if count else s.QUIET
                sheet.text(x + width + 1.2, middle, f"{count:,}", colour=colour)
        for m, name in enumerate(names):
            sheet.text(s.MARGIN, top + row_height * (m + 0.5), name)
        return sheet.figure
