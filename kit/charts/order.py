"""The order in which a text tells things beside the order in which they happened.

One row for each event, as the text tells them; the later it happened, the further to the right its
dot. Where time and telling go together, the dots stand on a pale line from corner to corner.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from kit.base.phrases import join, one_line, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark
from kit.charts.tally import Tally
from kit.coding.palette import Style
from kit.library.chronicle import Event, days

__all__ = ["order_of_events_chart"]

DOT, PAPER = Mark("o"), Style("#ffffff", "", "solid")
ROW, LINE = 6.4, 3.6
# The side on which there is room for dots, in millimetres.
TIME = 74.0
UNCHECKED = " (not checked)"


class _Told(NamedTuple):
    """One event: its places in both orders, counted from 1, and its row.

    Events that the text first tells in the same paragraph share their place in the telling.
    """

    event: Event
    told: int
    happened: int
    row: int


def order_of_events_chart(events: Iterable[Event]) -> Chart:
    """Chart from top to bottom the order in which the text first tells events, from left to right
    the order in which they happened.

    Args:
        events: in the order in which they happened, as in :class:`kit.library.chronicle.Chronicle`.
            Those that the text does not tell are left out.
    """
    return _Order(list(events)).chart()


class _Order(Tally):
    topic = "The order of telling and the order of happening"

    def __init__(self, events: list[Event]):
        self.told = _ordered(events)
        self.untold = len(events) - len(self.told)

    @property
    def title(self) -> str:
        total, first = len(self.told), [item for item in self.told if item.told == 1]
        if total < 2 or len(first) == total:
            return f"{plural(total, 'event')} told"
        places = join([_place(item.happened, total) for item in first])
        return f"What is told first happened {places}"

    def finding(self) -> str:
        told = self.told
        if not told:
            return "No event that the text tells has a day yet."
        if len(told) == 1:
            return f"One event only is told: “{_label(told[0])}” ({told[0].event.block})."
        total = len(told)
        first = [item for item in told if item.told == 1]
        opening, oldest = first[0], min(told, key=lambda item: item.happened)
        if len(first) > 1:
            said = f"The first things told ({opening.event.block}) happened " + ", ".join(
                _place(item.happened, total) for item in first
            )
        else:
            said = (
                f"The first thing told, “{_label(opening)}” ({opening.event.block}), happened "
                f"{_place(opening.happened, total)}"
            )
        if oldest not in first:
            said += (
                f"; the first to happen, “{_label(oldest)}”, is told "
                f"{_place(oldest.told, total)} ({oldest.event.block})"
            )
        turned, pairs = _turned(told)
        if pairs:
            are = "is" if turned == 1 else "are"
            said += (
                f". Of {plural(pairs, 'pair')} of events told in different paragraphs, {turned:,} "
                f"{are} told in reverse"
            )
        return f"{said}."

    def table(self) -> Table:
        header = ("Event", "Told", "In", "Happened", "Day")
        rows = [
            (
                _label(item),
                item.told,
                item.event.block,
                item.happened,
                _when(item) + (UNCHECKED if item.event.basis == "unchecked" else ""),
            )
            for item in self.told
        ]
        return Table(header, tuple(rows))

    def alt(self) -> str:
        told, untold = self.told, self.untold
        said = [
            f"Dot chart with one row for each of {plural(len(told), 'event')}, from top to bottom "
            "as the text first tells them. From left to right the order in which they happened."
        ]
        said += [
            f"{_label(item)}: told {item.told} ({item.event.block}), happened {item.happened}."
            for item in told
        ]
        if untold:
            said.append(f"Left out because the text does not tell them: {plural(untold, 'event')}.")
        return " ".join(said)

    def draw(self) -> s.Sheet:
        told, untold = self.told, self.untold
        whens = [
            _when(item, short=True) + (" *" if item.event.basis == "unchecked" else "")
            for item in told
        ]
        places = max([s.text_width(item.event.block) for item in told], default=0) + 3.2
        right = s.WIDTH - s.MARGIN
        left = right - TIME
        room = left - 3 - s.MARGIN - places
        labels = [s.wrap(_label(item), room) for item in told]
        height = ROW + (LINE - 1.6) * any("\n" in label for label in labels)
        top = s.Sheet.TOP + 8
        bottom = top + height * max(len(told), 1)
        note = f"{untold:,} left out, not in the text" if untold else ""
        star = "* day not checked" if any("*" in when for when in whens) else ""
        notes = " · ".join(filter(None, [note, star]))
        sheet = s.Sheet(bottom + 8, self.title, f"{self.topic} · {plural(len(told), 'event')}")
        sheet.text(s.MARGIN, top - 4, "↓ as the story tells it", bold=True)
        sheet.text(left, top - 4, "happened first", bold=True)
        sheet.text(right, top - 4, "happened last →", align="right", bold=True)
        if not told:
            sheet.text(s.MARGIN, (top + bottom) / 2, "no event told yet", colour=s.QUIET)
            return sheet
        step = TIME / len(told)
        # Had all been told as it happened, each dot would lie on this line.
        sheet.line(left, top, right, bottom, width=5, colour=s.GUIDE, layer=0)
        sheet.text(s.MARGIN, bottom + 4, notes, size=s.SMALL, colour=s.QUIET)
        band = "grey: if told as it happened"
        sheet.text(right, bottom + 4, band, size=s.SMALL, align="right", colour=s.QUIET)
        before = None
        for item, label, when in zip(told, labels, whens, strict=True):
            y, x = top + height * (item.row + 0.5), left + step * (item.happened - 0.5)
            sheet.text(s.MARGIN, y, item.event.block, colour=s.QUIET)
            sheet.text(s.MARGIN + places, y, label)
            sheet.line(left, y, right, y, colour=s.GUIDE, layer=0)
            if before:
                sheet.line(*before, x, y, width=0.7, colour=s.PALE)
            before = x, y
            place = s.Place(item.event.block, label.replace("\n", " "))
            sheet.mark(x, y, DOT, size=2.6, of=place)
            early = x < (left + right) / 2
            at, wide = x + (2.6 if early else -2.6), s.text_width(when)
            sheet.box(at if early else at - wide, y - 2, wide, 4, fill=PAPER)
            sheet.text(at, y, when, align="left" if early else "right")
        # What one paragraph tells is bracketed: it has one place in the telling.
        for block in {item.event.block for item in told}:
            rows = [item.row for item in told if item.event.block == block]
            if len(rows) > 1:
                x = s.MARGIN + places - 1.4
                above, below = (top + height * (row + 0.5) for row in (min(rows), max(rows)))
                sheet.line(x, above - 1.6, x, below + 1.6, width=0.9, colour=s.QUIET)
        return sheet


def _number(event: Event) -> int:
    return int(event.block.removeprefix("P"))


def _ordered(events: list[Event]) -> list[_Told]:
    """Return the events that are told, in the order of telling; within a paragraph, of which the
    chronicle knows no order, as they happened."""
    happened = [event for event in events if event.block]
    numbers = [_number(event) for event in happened]
    rows = sorted(range(len(happened)), key=lambda n: (numbers[n], n))
    return [
        _Told(happened[n], 1 + sum(m < numbers[n] for m in numbers), n + 1, row)
        for row, n in enumerate(rows)
    ]


def _place(n: int, total: int) -> str:
    """Return a place in words: first, last, last but one, or ``"3rd of 14"``."""
    if n in (1, total, total - 1):
        return "first" if n == 1 else "last" if n == total else "last but one"
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending} of {total}"


def _label(item: _Told) -> str:
    return one_line(item.event.label)


def _when(item: _Told, *, short: bool = False) -> str:
    return days(item.event.date, item.event.until, short=short)


def _turned(told: list[_Told]) -> tuple[int, int]:
    """Return how many pairs of events the text tells the other way round than they happened, and
    of how many: pairs told in one paragraph are not counted."""
    pairs = [(a, b) for a, b in combinations(told, 2) if a.told != b.told]
    return sum(a.happened > b.happened for a, b in pairs), len(pairs)
