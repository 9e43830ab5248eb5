"""Two coders side by side: where along the article they chose the same code, and where not.

One row for each code and one column for each unit. A dot says that both chose the row's code; where
they differ, each coder's own mark stands in the row that coder chose and a line joins the two. So
every code keeps its place, and which codes are mixed up can be seen as well as where.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from kit.base.phrases import all_of, decimal, percent, plural, where
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark
from kit.charts.tally import Tally, noun, two_names
from kit.coding.codebook import Layer
from kit.coding.palette import style
from kit.measure import Comparison

__all__ = ["comparison_chart"]

ROW = 5.6
# More columns than this would run into each other.
MOST_COLUMNS = 60
# Of the differences, how many the text alternative names; the table has them all.
MOST_NAMED = 20
SAME, ONES, OTHERS, DIFFER = Mark("o"), Mark("s", False), Mark("D", False), Mark("x")


def comparison_chart(comparison: Comparison, layer: Layer) -> Chart:
    """Chart where two coders agree and where they differ.

    Args:
        comparison: from :func:`kit.measure.compare`.
        layer: the layer compared, for the codes' names and their order.
    """
    return _Matched(comparison, layer).chart()


class _Code(NamedTuple):
    """One row: how often each coder chose it, and how often both did for the same unit."""

    id: str
    name: str
    one: int
    other: int
    both: int


class _Matched(Tally):
    def __init__(self, comparison: Comparison, layer: Layer):
        self.comparison = comparison
        self.one, self.other = two_names(comparison.one, comparison.other)
        self.total = len(comparison.codes)
        self.same = self.total - len(comparison.differing)
        self.noun, self.layer = noun(layer.unit), layer
        self.topic = f"{layer.title}: where {self.one} and {self.other} agree"
        ones = Counter(a for a, _ in comparison.pairs)
        others = Counter(b for _, b in comparison.pairs)
        self.codes = [
            _Code(code.id, code.name, ones[code.id], others[code.id],
                  comparison.confusion[code.id, code.id])
            for code in layer.codes
            if ones[code.id] or others[code.id]
        ]  # fmt: skip

    @property
    def title(self) -> str:
        if not self.total:
            return f"No {self.noun} has a label of both yet"
        share = f"{self.same:,} of {plural(self.total, self.noun)}"
        return f"The same label on {share} ({percent(self.same / self.total)})"

    def finding(self) -> str:
        if not self.total:
            return f"There is no {self.noun} yet that both {self.one} and {self.other} labelled."
        chose = f"{self.one[:1].upper()}{self.one[1:]} and {self.other} chose {self._agreed()}"
        alpha, interval = self.comparison.alpha, self.comparison.interval
        if alpha is None:
            return (
                f"{chose}; Krippendorff’s alpha, which takes off what chance would give, cannot "
                "be worked out, because only one code was used."
            )
        sure = (
            f"95 % interval {decimal(interval.low)} to {decimal(interval.high)}"
            if interval
            else f"too few {self.noun}s to say how sure that is"
        )
        return f"{chose}; with luck allowed for, Krippendorff’s alpha is {decimal(alpha)} ({sure})."

    def _agreed(self) -> str:
        return (
            f"the same code for {all_of(self.same, self.total, self.noun)} "
            f"({percent(self.same / self.total)})"
        )

    def table(self) -> Table:
        """One row for each pair of codes that met: the confusion matrix, with its units."""
        names = {code.id: code.name for code in self.codes}
        met: dict[tuple[str, str], list[str]] = {}
        for a in self.codes:
            for b in self.codes:
                units = [id for id, x, y in self.comparison.codes if (x, y) == (a.id, b.id)]
                if units:
                    met[a.id, b.id] = units
        in_order = sorted(met, key=lambda pair: pair[0] != pair[1])
        rows = [
            (
                "same" if a == b else "differ",
                names[a],
                names[b],
                len(met[a, b]),
                where(met[a, b]),
            )
            for a, b in in_order
        ]
        rows += [
            (f"only {coder} labelled", "", "", len(units), where(units))
            for coder, units in self._only()
        ]
        header = ("Choice", f"{self.one} chose", f"{self.other} chose", f"{self.noun.title()}s")
        return Table((*header, "Where"), tuple(rows))

    def _only(self) -> list[tuple[str, tuple[str, ...]]]:
        sides = [(self.one, self.comparison.one_only), (self.other, self.comparison.other_only)]
        return [(coder, units) for coder, units in sides if units]

    def alt(self) -> str:
        names = {code.id: code.name for code in self.codes}
        what = (
            f"Dot chart of {self.layer.title.lower()} with one row for each of "
            f"{plural(len(self.codes), 'code')} and one column for each of "
            f"{plural(self.total, self.noun)} that {self.one} and {self.other} both labelled. "
            f"Same code: {self.same}. Different: {len(self.comparison.differing)}."
        )
        differing = [
            f"{id}: {names[a]}, {names[b]}" for id, a, b in self.comparison.differing[:MOST_NAMED]
        ]
        if len(self.comparison.differing) > MOST_NAMED:
            differing.append(f"and {len(self.comparison.differing) - MOST_NAMED} more in the table")
        listed = (
            f"Where they differ ({self.one}’s choice first): {'; '.join(differing)}."
            if differing
            else ""
        )
        left_out = [
            f"Only {coder} labelled {plural(len(units), self.noun)}."
            for coder, units in self._only()
        ]
        return " ".join(filter(None, [what, listed, *left_out]))

    def _columns(self) -> tuple[tuple[tuple[str, str, str], ...], str]:
        """Return the units to draw and a word on those that are not."""
        codes, differing = self.comparison.codes, self.comparison.differing
        if len(codes) <= MOST_COLUMNS:
            return codes, ""
        if len(differing) <= MOST_COLUMNS:
            return differing, f"only the {plural(len(differing), self.noun)} that differ are drawn"
        some = f"the first {MOST_COLUMNS} of {len(differing):,} {self.noun}s that differ"
        return differing[:MOST_COLUMNS], f"only {some} are drawn"

    def draw(self) -> s.Sheet:
        columns, cut = self._columns()
        top = s.Sheet.TOP + 10
        names = [code.name for code in self.codes]
        rows = s.Rows(names, top, ROW, room=40, indent=s.SWATCH, also="Different code")
        at = dict(zip([code.id for code in self.codes], rows.middles, strict=True))
        notes = [cut]
        notes += [f"{len(units)} by {coder} only" for coder, units in self._only()]
        longest = max((s.text_width(unit, s.SMALL) for unit, _, _ in columns), default=0)
        subtitle = " · ".join(filter(None, [*notes, self.topic]))
        sheet = s.Sheet(rows.bottom + 8 + longest, self.title, subtitle)
        meanings = ("both chose it", f"{self.one} alone", f"{self.other} alone")
        sheet.key(s.Sheet.TOP + 1.5, zip((SAME, ONES, OTHERS), meanings, strict=True))
        left, right = rows.left, s.WIDTH - s.MARGIN - 34
        counts = [right + 10, right + 22, s.WIDTH - s.MARGIN]
        for x, mark in zip(counts, (SAME, ONES, OTHERS), strict=True):
            sheet.mark(x - 1.2, top - 2.5, mark)
        for code, name, middle in zip(self.codes, rows.names, rows.middles, strict=True):
            sheet.swatch(s.MARGIN, middle, style(self.layer, code.id))
            sheet.text(s.MARGIN + s.SWATCH, middle, name)
            sheet.line(left, middle, right, middle, colour=s.GUIDE)
            alone = code.one - code.both, code.other - code.both
            for x, count in zip(counts, (code.both, *alone), strict=True):
                sheet.text(x, middle, f"{count:,}", align="right")
        differ = rows.bottom + 3
        sheet.line(s.MARGIN, differ - 3, s.WIDTH - s.MARGIN, differ - 3, colour=s.GUIDE, width=0.8)
        sheet.text(s.MARGIN, differ, "Different code")
        sheet.text(counts[0], differ, f"{len(self.comparison.differing):,}", align="right")
        pitch = (right - left) / max(len(columns), 1)
        size = max(0.6, min(1.9, 0.72 * pitch))
        free_below = 0.0
        called = {code.id: code.name for code in self.codes}
        for n, (unit, a, b) in enumerate(columns):
            x = left + pitch * (n + 0.5)
            if a == b:
                sheet.mark(x, at[a], SAME, size=size, of=s.Place(unit, f"both {called[a]}"))
                continue
            place = s.Place(unit, f"{self.one} {called[a]}, {self.other} {called[b]}")
            sheet.line(x, at[a], x, at[b], width=0.9, layer=3)
            sheet.mark(x, at[a], ONES, size=size, of=place)
            # A square that stands on its corner is wider than one that lies on its side.
            sheet.mark(x, at[b], OTHERS, size=0.85 * size, of=place)
            sheet.mark(x, differ, DIFFER, size=size)
            if x >= free_below:
                sheet.text(x, differ + 2.5, unit, size=s.SMALL, turned=True)
                free_below = x + 3.1
        numbered = [
            (left + pitch * (n + 0.5), unit)
            for n, (unit, _, _) in enumerate(columns)
            if n == 0 or _round(unit)
        ]
        sheet.numbers(numbered, top - 2.5, colour=s.QUIET)
        return sheet


def _round(unit: str) -> bool:
    """Say whether a unit is one to number: every fifth block, or its first sentence."""
    block, _, sentence = unit.removeprefix("P").partition(".")
    return block.isdigit() and int(block) % 5 == 0 and sentence in ("", "1")
