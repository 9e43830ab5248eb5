"""The tests that the story sets, what came of them, and a student's score for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kit.base.phrases import all_of, join, one_line, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark
from kit.charts.tally import Tally
from kit.library.chronicle import Benchmark

__all__ = ["SCORES", "scorecard_chart"]

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


def scorecard_chart(
    benchmarks: Sequence[Benchmark], scores: Mapping[str, str | Sequence[str]] = {}
) -> Chart:
    """Chart benchmarks as rows: the test, who set it, what came of it, and the student's score.

    Args:
        benchmarks: from :attr:`kit.library.chronicle.Chronicle.benchmarks`.
        scores: by the benchmark's id, one of :data:`SCORES` or a list that begins with one; what
            is there under other names is left alone.

    Raises:
        ValueError: a score is none of them.
    """
    return _Scorecard(benchmarks, scores).chart()


class _Scorecard(Tally):
    topic = "Tests set, what came of them, and your score"

    def __init__(self, benchmarks: Sequence[Benchmark], scores: Mapping[str, str | Sequence[str]]):
        self.benchmarks = benchmarks
        self.given = {b.id: _score(scores.get(b.id, ""), b.id) for b in benchmarks}

    @property
    def title(self) -> str:
        counts = Counter(filter(None, self.given.values()))
        if not counts:
            return f"{plural(len(self.given), 'test')}, none scored yet"
        return "Your score: " + ", ".join(
            f"{counts[id]:,} {SCORES[id]}" for id in SCORES if counts[id]
        )

    def finding(self) -> str:
        given = self.given
        if not given:
            return "No test is set here."
        counts = Counter(filter(None, given.values()))
        scored = all_of(counts.total(), len(given), "test")
        if not counts:
            return f"{plural(len(given), 'test')} set, and you have scored none yet."
        said = [f"{counts[id]:,} {name}" for id, name in SCORES.items() if counts[id]]
        return f"You have scored {scored}: {join(said)}."

    def table(self) -> Table:
        rows = [
            (
                one_line(b.test),
                _blocks(b),
                one_line(b.by),
                one_line(b.came),
                one_line(b.source) + (UNCHECKED if b.basis == "unchecked" else ""),
                SCORES.get(self.given[b.id], NOT_SCORED),
            )
            for b in self.benchmarks
        ]
        header = ("The test", "Where", "Who set it", "What came of it", "Source", "Your score")
        return Table(header, tuple(rows) or (("none", "", "", "", "", ""),))

    def alt(self) -> str:
        said = [f"Scorecard of {plural(len(self.benchmarks), 'test')}, one to a row."]
        said += [
            f"{one_line(b.test)} Set by {one_line(b.by)} in {_blocks(b)}. "
            f"What came of it: {one_line(b.came)}"
            f"{UNCHECKED if b.basis == 'unchecked' else ''} "
            f"Your score: {SCORES.get(self.given[b.id], 'none yet')}."
            for b in self.benchmarks
        ]
        return " ".join(said)

    def draw(self) -> s.Sheet:
        lefts = [s.MARGIN + sum(COLUMNS[:n]) for n in range(len(COLUMNS))]
        rows = []
        for b in self.benchmarks:
            cells = [
                b.test,
                f"{b.by} ({_blocks(b)})",
                b.came + (UNCHECKED if b.basis == "unchecked" else ""),
            ]
            rows.append(
                [
                    s.wrap(one_line(cell), width - 3, s.SMALL, lines=MOST_LINES)
                    for cell, width in zip(cells, COLUMNS, strict=False)
                ]
            )
        heights = [LINE * (max(cell.count("\n") for cell in row) + 1) + 3 for row in rows]
        top = s.Sheet.TOP + 5
        source = f"{self.topic} · sources: in the table"
        sheet = s.Sheet(top + sum(heights) + (6 if not rows else 2), self.title, source)
        heads = ("The test", "Who set it", "What came of it", "Your score")
        for x, head in zip(lefts, heads, strict=True):
            sheet.text(x, s.Sheet.TOP + 1.5, head, size=s.SMALL, bold=True)
        if not rows:
            sheet.text(s.MARGIN, top + 2, "no test", colour=s.QUIET)
        y = top
        for b, row, height in zip(self.benchmarks, rows, heights, strict=True):
            sheet.line(s.MARGIN, y, s.WIDTH - s.MARGIN, y, colour=s.GUIDE, width=0.8)
            for x, cell in zip(lefts, row, strict=False):
                middle = y + 1.5 + LINE * (cell.count("\n") + 1) / 2
                sheet.text(x, middle, cell, size=s.SMALL)
            sheet.link(lefts[1], y, COLUMNS[1] - 2, height, s.Place(b.block, one_line(b.test)))
            score = self.given[b.id]
            middle = y + 1.5 + LINE / 2
            if score:
                sheet.mark(lefts[-1] + 1.2, middle, MARKS[score])
                sheet.text(lefts[-1] + 4, middle, SCORES[score], size=s.SMALL)
            else:
                sheet.text(lefts[-1] + 0.6, middle, NOT_SCORED, size=s.SMALL, colour=s.QUIET)
            y += height
        return sheet


def _score(score: str | Sequence[str], id: str) -> str:
    chosen = score if isinstance(score, str) else next(iter(score), "")
    if chosen and chosen not in SCORES:
        raise ValueError(f"“{chosen}” is no score for “{id}”. There is: {', '.join(SCORES)}.")
    return chosen


def _blocks(benchmark: Benchmark) -> str:
    return ", ".join([benchmark.block, *benchmark.also])
