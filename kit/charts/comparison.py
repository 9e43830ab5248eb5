"""Two coders side by side: where they chose the same code, what both marked, and where not.

Of paragraphs and sentences: one row for each code and one column for each unit. A dot says that
both chose the row's code; where they differ, each coder's own mark stands in the row that coder
chose and a line joins the two. So every code keeps its place, and which codes are mixed up can be
seen as well as where.

Of marked words: four panels of bars on one scale, so that no pattern has to be told from another. A
row that has its bars on the left is a code on which the two see the same thing.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from kit.base.phrases import all_of, capital, decimal, percent, plural, short, where
from kit.charts import sheet as s
from kit.charts.bars import HEADS, Bar, Panel, draw_panels
from kit.charts.chart import LISTED, Chart, Table, main_code, noun
from kit.charts.sheet import Mark, Place, Row, Rows, Sheet
from kit.coding.codebook import Layer
from kit.coding.palette import style
from kit.measure import Comparison, SpanComparison
from kit.measure.shares import NOT_GIVEN

ROW = 5.7
# More columns than this would run into each other.
MOST_COLUMNS = 60
SAME, ONES, OTHERS, DIFFER = Mark("o"), Mark("s", False), Mark("D", False), Mark("x")


class _Compared(Chart):
    """What two coders, told apart even if they share a name, did on one layer."""

    def __init__(self, one: str, other: str, layer: Layer, what: str):
        one, other = short(one), short(other)
        if one == other:
            one, other = f"{one} (first)", f"{other} (second)"
        self.one, self.other, self.layer = one, other, layer
        self.topic = f"{layer.title}: {what.format(one, other)}"
        self.both = f"{capital(one)} and {other}"


class UnitsCompared(_Compared):
    """Where two coders agree and where they differ.

    Args:
        comparison: from :func:`kit.measure.compare`.
        layer: the layer compared, for the codes' names and their order.
    """

    def __init__(self, comparison: Comparison, layer: Layer):
        super().__init__(comparison.one, comparison.other, layer, "where {} and {} agree")
        self.comparison = comparison
        self.total = len(comparison.codes)
        self.same = self.total - len(comparison.differing)
        self.noun = noun(layer.unit)
        used = {code for pair in comparison.pairs for code in pair}
        self.names = {code.id: code.name for code in layer.codes if code.id in used}

    @cached_property
    def title(self) -> str:
        if not self.total:
            return f"No {self.noun} has a label of both yet"
        share = f"{self.same:,} of {plural(self.total, self.noun)}"
        return f"The same label on {share} ({percent(self.same / self.total)})"

    @cached_property
    def finding(self) -> str:
        if not self.total:
            return f"There is no {self.noun} yet that both {self.one} and {self.other} labelled."
        share = all_of(self.same, self.total, self.noun)
        chose = f"{self.both} chose the same code for {share} ({percent(self.same / self.total)})"
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

    @cached_property
    def table(self) -> Table:
        """One row for each pair of codes that met: the confusion matrix, with its units."""
        met: dict[tuple[str, str], list[str]] = {}
        for unit, a, b in self.comparison.codes:
            met.setdefault((a, b), []).append(unit)
        order = list(self.names)
        in_order = sorted(met, key=lambda p: (p[0] != p[1], order.index(p[0]), order.index(p[1])))
        rows = []
        for a, b in in_order:
            choice = ("same" if a == b else "differ", self.names[a], self.names[b])
            rows.append((*choice, len(met[a, b]), where(met[a, b], LISTED)))
        rows += [
            (f"only {coder} labelled", "", "", len(units), where(units, LISTED))
            for coder, units in self._only()
        ]
        header = ("Choice", f"{self.one} chose", f"{self.other} chose", f"{self.noun.title()}s")
        return Table((*header, "Where"), tuple(rows))

    def _only(self) -> list[tuple[str, tuple[str, ...]]]:
        sides = [(self.one, self.comparison.one_only), (self.other, self.comparison.other_only)]
        return [(coder, units) for coder, units in sides if units]

    @property
    def kind(self) -> str:
        return (
            f"Dot chart of {self.layer.title.lower()} with one row for each of "
            f"{plural(len(self.names), 'code')} and one column for each of "
            f"{plural(self.total, self.noun)} that {self.one} and {self.other} both labelled. "
            f"Same code: {self.same}. Different: {len(self.comparison.differing)}."
        )

    def _columns(self) -> tuple[tuple[tuple[str, str, str], ...], str]:
        """Return the units to draw and a word on those that are not."""
        codes, differing = self.comparison.codes, self.comparison.differing
        if len(codes) <= MOST_COLUMNS:
            return codes, ""
        if len(differing) <= MOST_COLUMNS:
            return differing, f"only the {plural(len(differing), self.noun)} that differ are drawn"
        some = f"the first {MOST_COLUMNS} of {len(differing):,} {self.noun}s that differ"
        return differing[:MOST_COLUMNS], f"only {some} are drawn"

    def draw(self) -> Sheet:
        columns, cut = self._columns()
        notes = [f"{len(units):,} by {coder} only" for coder, units in self._only()]
        sheet = self.blank(cut=" · ".join(filter(None, [cut, *notes])))
        signs = (SAME, ONES, OTHERS)
        alone = [s.fit(f"{coder} alone", 42) for coder in (self.one, self.other)]
        meanings = ("both chose it", *alone)
        sheet.key(Sheet.TOP + 1.5, zip(signs, meanings, strict=True))
        chosen = [Counter(codes) for codes in zip(*self.comparison.pairs, strict=True)]
        named = []
        for code, name in self.names.items():
            both = self.comparison.confusion[code, code]
            counts = (both, *(counts[code] - both for counts in chosen))
            numbers = [f"{count:,}" for count in counts]
            named.append(Row(name, numbers, (style(self.layer, code),)))
        top, also, differing = Sheet.TOP + 10, "Different code", self.comparison.differing
        heads = ["      "] * 3  # room for the marks
        rows = Rows(sheet, top, ROW, named, heads=heads, room=40, also=also)
        rows.rule(sheet)
        for x, sign in zip(rows.columns, signs, strict=True):
            sheet.mark(x - 1.2, top - 2.5, sign)
        at = dict(zip(self.names, rows.middles, strict=True))
        differ = rows.bottom + 3
        sheet.guide(s.MARGIN, rows.bottom, s.EDGE, rows.bottom)
        sheet.text(s.MARGIN, differ, also)
        sheet.text(rows.columns[0], differ, f"{len(differing):,}", align="right")
        pitch = (rows.right - rows.left) / max(len(columns), 1)
        size = max(0.6, min(1.9, 0.72 * pitch))
        places = [rows.left + pitch * (n + 0.5) for n in range(len(columns))]
        called, free_from = self.names, 0.0
        for x, (unit, a, b) in zip(places, columns, strict=True):
            if a == b:
                said = f"both {called[a]}"
                sheet.mark(x, at[a], SAME, size=size, said=said, places=[Place(unit)])
                continue
            said = f"{self.one} {called[a]}, {self.other} {called[b]}"
            sheet.line(x, at[a], x, at[b], width=0.9)
            sheet.mark(x, at[a], ONES, size=size, said=said, places=[Place(unit)])
            # A square that stands on its corner is wider than one that lies on its side.
            sheet.mark(x, at[b], OTHERS, size=0.85 * size, said=said, places=[Place(unit)])
            sheet.mark(x, differ, DIFFER, size=size)
            if x >= free_from:
                sheet.text(x, differ + 2.5, unit, size=s.SMALL, turned=True)
                free_from = x + 3.1
        units = [unit for unit, *_ in columns]
        numbered = [pair for pair in zip(places, units, strict=True) if _round(pair[1], units[0])]
        sheet.numbers(numbered, top - 2.5, colour=s.QUIET)
        longest = max((s.text_width(unit, s.SMALL) for unit in units), default=0)
        sheet.height = rows.bottom + 8 + longest
        return sheet


def _round(unit: str, first: str) -> bool:
    """Say whether a unit is one to number: the first, every fifth block, or its first sentence."""
    block, _, sentence = unit.removeprefix("P").partition(".")
    return unit == first or (block.isdigit() and int(block) % 5 == 0 and sentence in ("", "1"))


class WordsCompared(_Compared):
    """Which labels on words two coders share.

    Two labels with different codes on the same words stand in the row of the first coder's code.

    Args:
        comparison: from :func:`kit.measure.compare_spans`.
        layer: the layer compared; one without codes, such as ``attribution``, has one row.
    """

    def __init__(self, comparison: SpanComparison, layer: Layer):
        super().__init__(comparison.one, comparison.other, layer, "what {} and {} marked")
        self.comparison = comparison
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

    @cached_property
    def title(self) -> str:
        if not self.total:
            return "No words are marked yet"
        partners = all_of(2 * self.agreement.matched, self.total, self.noun)
        return f"{capital(partners)} of the two readers have a partner"

    @cached_property
    def finding(self) -> str:
        if not self.total:
            return f"Neither {self.one} nor {self.other} has marked any words yet."
        times = plural(self.agreement.matched, "time")
        codes = ""
        if self.layer.codes and self.agreement.matched:
            some = "each time" if not self.another else f"{self.same:,} of them"
            codes = f", {some} with the same code"
        said = (
            f"{self.both} marked the same words {times}{codes}; {self.one} alone marked "
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

    @cached_property
    def table(self) -> Table:
        rows: list[tuple[str | int, ...]]
        if not self.layer.codes:
            rows = [(name, *self._counts(code)) for code, name in self.rows.items()]
            return Table((self.layer.title, *self.columns), tuple(rows))
        rows = [(name, *self._counts(code), self._others(code)) for code, name in self.rows.items()]
        rows.append(("All", *(counts.total() for counts in self.columns.values()), ""))
        return Table(("Code", *self.columns, f"Other code by {self.other}"), tuple(rows))

    @property
    def kind(self) -> str:
        return (
            f"Bar charts in {len(self.columns)} panels on one scale, one row for each "
            f"{'code' if self.layer.codes else 'kind of record'}: "
            f"{plural(self.agreement.one, self.noun)} by {self.one} and "
            f"{self.agreement.other:,} by {self.other}."
        )

    def draw(self) -> Sheet:
        f1 = f"F1 {decimal(self.agreement.f1)}" if self.total else ""
        f1 += f", with the same code {decimal(self.strict)}" if self.another else ""
        sheet = self.blank(f1)
        named = [
            Row(name, signs=(style(self.layer, code),) if code != NOT_GIVEN else ())
            for code, name in self.rows.items()
        ]
        rows = Rows(sheet, Sheet.TOP + HEADS, ROW, named)
        panels = []
        for n, (head, counts) in enumerate(self.columns.items()):
            bars = [Bar(counts[code], f"{counts[code]:,}", strong=n == 0) for code in self.rows]
            panels.append(Panel(head, f"{counts.total():,} in all", bars))
        draw_panels(sheet, panels, rows)
        sheet.height = rows.bottom + 3
        return sheet
