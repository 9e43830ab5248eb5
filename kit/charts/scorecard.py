"""The tests that the story sets, what came of them, and a student's score for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from kit.base.phrases import all_of, join, one_line, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark, Place, Sheet
from kit.library.chronicle import Benchmark

#: The scores there are: their names, by the ids of the options that a student chooses from.
SCORES = {
    "met": "met",
    "partly": "partly met",
    "not-met": "not met",
    "cannot-say": "cannot be said",
}
MARKS = {
    "met": Mark("o"), "partly": Mark("D", False), "not-met": Mark("x"),
    "cannot-say": Mark("s", False),
}  # fmt: skip
NOT_SCORED = "–"
UNCHECKED = " (Not checked.)"
# In millimetres, the columns: the test, who set it, what came of it, the score.
COLUMNS = (44.0, 26.0, 58.0, 27.0)
LINE = 3.3
MOST_LINES = 9


class Scorecard(Chart):
    """Benchmarks as rows: the test, who set it, what came of it, and the student's score.

    Args:
        benchmarks: from :attr:`kit.library.chronicle.Chronicle.benchmarks`.
        scores: by the benchmark's id, a list that begins with one of :data:`SCORES`; what is there
            besides is left alone.
    """

    topic = "Tests set, what came of them, and your score"

    def __init__(self, benchmarks: Sequence[Benchmark], scores: Mapping[str, Sequence[str]] = {}):
        self.benchmarks = benchmarks
        chosen = {b.id: next(iter(scores.get(b.id, ())), "") for b in benchmarks}
        self.given = {id: score if score in SCORES else "" for id, score in chosen.items()}
        counts = Counter(filter(None, self.given.values()))
        self.scored = counts.total()
        self.counted = [f"{counts[id]:,} {name}" for id, name in SCORES.items() if counts[id]]

    @cached_property
    def title(self) -> str:
        if not self.scored:
            return f"{plural(len(self.given), 'test')}, none scored yet"
        return f"Your score: {', '.join(self.counted)}"

    @cached_property
    def finding(self) -> str:
        if not self.scored:
            return f"{plural(len(self.given), 'test')} set, and you have scored none yet."
        scored = all_of(self.scored, len(self.given), "test")
        return f"You have scored {scored}: {join(self.counted)}."

    @cached_property
    def table(self) -> Table:
        rows = [
            (
                one_line(b.test),
                _blocks(b),
                one_line(b.by),
                one_line(b.came),
                one_line(b.source + (UNCHECKED if b.basis == "unchecked" else "")),
                SCORES.get(self.given[b.id], NOT_SCORED),
            )
            for b in self.benchmarks
        ]
        header = ("The test", "Where", "Who set it", "What came of it", "Source", "Your score")
        return Table(header, tuple(rows))

    @property
    def kind(self) -> str:
        return f"Scorecard of {plural(len(self.benchmarks), 'test')}, one to a row."

    def draw(self) -> Sheet:
        sheet = self.blank("sources: in the table")
        lefts = [s.MARGIN + sum(COLUMNS[:n]) for n in range(len(COLUMNS))]
        heads = ("The test", "Who set it", "What came of it", "Your score")
        for x, head in zip(lefts, heads, strict=True):
            sheet.text(x, Sheet.TOP + 1.5, head, size=s.SMALL, bold=True)
        y = Sheet.TOP + 5
        for b in self.benchmarks:
            came = b.came + (UNCHECKED if b.basis == "unchecked" else "")
            cells = [
                s.wrap(one_line(cell), width - 3, s.SMALL, lines=MOST_LINES)
                for cell, width in zip((b.test, f"{b.by} ({_blocks(b)})", came), COLUMNS)
            ]
            height = LINE * (max(cell.count("\n") for cell in cells) + 1) + 3
            sheet.guide(s.MARGIN, y, s.EDGE, y)
            for x, cell in zip(lefts, cells):
                sheet.text(x, y + 1.5 + LINE * (cell.count("\n") + 1) / 2, cell, size=s.SMALL)
            place = [Place(b.block)]
            sheet.link(lefts[1], y, COLUMNS[1] - 2, height, one_line(b.test), place)
            score, first = self.given[b.id], y + 1.5 + LINE / 2
            if score:
                sheet.mark(lefts[-1] + 1.2, first, MARKS[score])
            said, colour = SCORES.get(score, NOT_SCORED), s.INK if score else s.QUIET
            sheet.text(lefts[-1] + 4 * bool(score), first, said, size=s.SMALL, colour=colour)
            y += height
        sheet.height = y + 2
        return sheet


def _blocks(benchmark: Benchmark) -> str:
    return ", ".join([benchmark.block, *benchmark.also])
