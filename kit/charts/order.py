"""The order in which a text tells things beside the order in which they happened."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from kit.base.phrases import one_line, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark
from kit.charts.tally import Tally
from kit.library.chronicle import Event, days

__all__ = ["order_of_events_chart"]

DOT = Mark("o")
ROW, LINE = 6.4, 3.6
UNCHECKED = " (not checked)"


class _Told(NamedTuple):
    """One event: its letter, its places in both orders, counted from 1, and its row on the left.

    Events that the text first tells in the same paragraph share their place in the telling.
    """

    letter: str
    event: Event
    told: int
    happened: int
    row: int


def order_of_events_chart(events: Iterable[Event]) -> Chart:
    """Chart on the left the order in which the text first tells events, on the right the order
    in which they happened.

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
        turned, pairs = _turned(self.told)
        if not pairs:
            return f"{plural(len(self.told), 'event')} told"
        return f"Told in reverse: {turned:,} of {plural(pairs, 'pair')} of events"

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
        header = ("Event", "Letter", "Told", "In", "Happened", "Day")
        rows = [
            (
                _label(item),
                item.letter,
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
            "Slope chart. On the left the order in which the text first tells "
            f"{plural(len(told), 'event')}, on the right the order in which they happened; a line "
            "joins the two places of each event."
        ]
        said += [
            f"{item.letter}, {_label(item)}: told {item.told} ({item.event.block}), "
            f"happened {item.happened}."
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
        letters = max([s.text_width(item.letter, bold=True) for item in told], default=0) + 1.5
        places = max([s.text_width(item.event.block) for item in told], default=0) + 3.2
        right_column = max([*map(s.text_width, whens), s.text_width("as it happened")])
        right = s.WIDTH - s.MARGIN - right_column - letters - 3
        slope = 36.0
        room = right - slope - letters - 3 - s.MARGIN - places
        labels = [s.wrap(_label(item), room) for item in told]
        height = ROW + (LINE - 1.6) * any("\n" in label for label in labels)
        top = s.Sheet.TOP + 8
        bottom = top + height * max(len(told), 1)
        note = f"{untold:,} left out, not in the text" if untold else ""
        star = "* day not checked" if any("*" in when for when in whens) else ""
        counted = f"{self.topic} · {plural(len(told), 'event')}"
        thick = "thick: told first" if told else ""
        sheet = s.Sheet(
            bottom + 3, self.title, " · ".join(filter(None, [counted, note, thick, star]))
        )
        left = right - slope
        sheet.text(left + 1, top - 4, "as the text tells it", align="right", bold=True)
        sheet.text(right - 1, top - 4, "as it happened", bold=True)
        if not told:
            sheet.text(s.MARGIN, (top + bottom) / 2, "no event told yet", colour=s.QUIET)
        for item, label, when in zip(told, labels, whens, strict=True):
            y, to = (top + height * (n + 0.5) for n in (item.row, item.happened - 1))
            first = item.told == 1
            sheet.text(s.MARGIN, y, item.event.block, colour=s.QUIET)
            sheet.text(s.MARGIN + places, y, label)
            sheet.text(left - 2.4, y, item.letter, align="right", bold=True)
            sheet.line(left, y, right, to, width=2.2 if first else 0.8, layer=3 if first else 2)
            place = s.Place(item.event.block, label.replace("\n", " "))
            sheet.mark(left, y, DOT, of=place)
            sheet.mark(right, to, DOT, of=place)
            sheet.text(right + 2.4, to, item.letter, bold=True)
            sheet.text(right + 2.4 + letters, to, when)
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
        _Told(_letter(row), happened[n], 1 + sum(m < numbers[n] for m in numbers), n + 1, row)
        for row, n in enumerate(rows)
    ]


def _letter(n: int) -> str:
    """Return A … Z, then AA, AB …"""
    return (_letter(n // 26 - 1) if n >= 26 else "") + chr(ord("A") + n % 26)


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
