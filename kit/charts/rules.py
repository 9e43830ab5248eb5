"""How near the kit's rules come to the reference, beside two people who read the same article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kit.base.phrases import all_of, percent, plural, short
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark
from kit.charts.tally import Tally
from kit.coding.coding import Coding
from kit.measure import SpanAgreement, agreed, same_speakers

__all__ = ["rules_chart"]

ROW, GAP = 5.6, 3.0
PRECISION, RECALL = Mark("D"), Mark("o", False)


class _Row(NamedTuple):
    """One reader on one layer: how many of the labels are the reference's, and of how many; and
    in how many of those that have a speaker it is the same one."""

    layer: str
    reader: str
    found: SpanAgreement
    speakers: tuple[int, int]


def rules_chart(reference: Coding, readers: Sequence[Coding]) -> Chart:
    """Chart precision and recall of several codings against the reference, layer by layer.

    Args:
        reference: what is taken as the measure here; it is a reading and no answer key.
        readers: the codings, the kit's rules among them; a layer on which one has no label is
            left out for that one.
    """
    return _Rules(reference, readers).chart()


class _Rules(Tally):
    topic = "The rules beside two readers"

    def __init__(self, reference: Coding, readers: Sequence[Coding]):
        self.rows = [
            _Row(
                layer.title,
                short(reader.coder),
                _against(reference, reader, layer.id),
                same_speakers(reference, reader) if layer.id == "attribution" else (0, 0),
            )
            for layer in reference.codebook.layers
            if reference.on(layer.id)
            for reader in readers
            if reader.on(layer.id)
        ]

    @property
    def title(self) -> str:
        ours = [row.found for row in self.rows if row.reader == "rules"]
        if not ours:
            return "The rules have found nothing here"
        best = max((row for row in self.rows if row.reader == "rules"), key=lambda r: r.found.f1)
        there = all_of(best.found.matched, best.found.one, "label")
        return f"{best.layer}: the rules find {there} of the reference"

    def finding(self) -> str:
        ours = [row for row in self.rows if row.reader == "rules"]
        if not ours:
            return "The rules have found nothing here."
        best, worst = (pick(ours, key=lambda row: row.found.f1) for pick in (max, min))
        said = f"The rules come nearest to the reference on {best.layer} ({_both(best)})"
        said += f", and stay farthest from it on {worst.layer} ({_both(worst)})."
        speakers = next((row.speakers for row in ours if row.speakers[1]), None)
        if speakers:
            right, of = speakers
            said += f" Of {plural(of, 'attribution')} in common, {right} have the same speaker."
        return said

    def table(self) -> Table:
        labels = ("Labels", "As the reference", "Precision", "Recall", "Same speaker")
        header = ("Question", "Reader", *labels)
        return Table(
            header,
            tuple(
                (
                    row.layer,
                    row.reader,
                    row.found.other,
                    row.found.matched,
                    percent(row.found.precision),
                    percent(row.found.recall),
                    f"{row.speakers[0]} of {row.speakers[1]}" if row.speakers[1] else "–",
                )
                for row in self.rows
            ),
        )

    def alt(self) -> str:
        said = "; ".join(f"{row.layer}, {row.reader}: {_both(row)}" for row in self.rows)
        return f"Dot chart with one row for each question and reader, from 0 to 100 %. {said}."

    def draw(self) -> s.Sheet:
        rows = self.rows
        layers = list(dict.fromkeys(row.layer for row in rows))
        top = s.Sheet.TOP + 7
        height = top + ROW * max(len(rows), 1) + GAP * len(layers) + 7
        sheet = s.Sheet(
            height, self.title, f"{self.topic} · against the reference, itself one reading"
        )
        if not rows:
            sheet.text(s.MARGIN, top, "nothing found", colour=s.QUIET)
            return sheet
        meanings = (
            (PRECISION, "precision: of the labels made"),
            (RECALL, "recall: of the reference"),
        )
        sheet.key(top - 5, meanings, size=s.SMALL)
        names = s.MARGIN + max(s.text_width(layer) for layer in layers) + 4
        left = names + max(s.text_width(row.reader) for row in rows) + 5
        right = s.WIDTH - s.MARGIN - 26
        y = top
        for layer in layers:
            sheet.text(s.MARGIN, y + ROW / 2, layer, bold=True)
            for row in (row for row in rows if row.layer == layer):
                middle = y + ROW / 2
                precise, recall = (
                    left + share * (right - left)
                    for share in (row.found.precision, row.found.recall)
                )
                sheet.text(names, middle, row.reader, bold=row.reader == "rules")
                sheet.line(left, middle, right, middle, colour=s.GUIDE, layer=0)
                sheet.line(min(precise, recall), middle, max(precise, recall), middle, width=1.0)
                sheet.mark(precise, middle, PRECISION)
                sheet.mark(recall, middle, RECALL)
                numbers = f"{percent(row.found.precision)} · {percent(row.found.recall)}"
                sheet.text(right + 26, middle, numbers, size=s.SMALL, align="right", colour=s.QUIET)
                y += ROW
            y += GAP
        for n in range(0, 101, 25):
            place = left + n / 100 * (right - left)
            sheet.line(place, top, place, y - GAP, colour=s.GUIDE, layer=0)
            sheet.text(place, y, f"{n} %", size=s.SMALL, align="center")
        return sheet


def _against(reference: Coding, reader: Coding, layer: str) -> SpanAgreement:
    shared = len(agreed(reference, reader, layer))
    return SpanAgreement(shared, len(reference.on(layer)), len(reader.on(layer)))


def _both(row: _Row) -> str:
    shared, found = percent(row.found.precision), percent(row.found.recall)
    return f"{shared} of the labels made, {found} of the reference"
