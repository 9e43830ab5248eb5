"""What happened when: in the order of the text beside the order of time, and on a line of months.

One row for each event, and the later it happened, the further to the right its dot.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date as Day
from functools import cached_property
from itertools import combinations, pairwise
from typing import NamedTuple

from kit.base.phrases import all_of, capital, join, one_line, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark, Place, Sheet
from kit.coding.palette import EMPTY
from kit.library.chronicle import Chronicle, Event, days

ROW, LINE = 6.0, 3.6
# The side on which there is room for dots, in millimetres.
TIME = 74.0
TOLD, NOT_TOLD = Mark("o"), Mark("D", False)
BASES = {"text": "from the text", "checked": "checked", "unchecked": "not checked"}
UNCHECKED = " (not checked)"


class _Dot(NamedTuple):
    """An event on a scale of time: from and to where, and the words beside it with their place."""

    event: Event
    begin: float
    end: float
    x: float
    align: str
    words: str

    @classmethod
    def of(
        cls, event: Event, begin: float, end: float, words: str, left: float, right: float
    ) -> _Dot:
        """Return the dot with its words on the side that has room for them, in up to three lines
        where neither has."""
        before, after = begin - left - 3, right - end - 3
        words = s.wrap(words, max(before, after), lines=3)
        if s.text_width(words) <= after:
            return cls(event, begin, end, end + 2.4, "left", words)
        return cls(event, begin, end, begin - 2.4, "right", words)

    def draw(self, sheet: Sheet, y: float, size: float) -> None:
        if self.end > self.begin:
            sheet.line(self.begin, y, self.end, y, width=2.2, layer=3)
        # What lies behind the words must not run through them.
        width, high = s.text_width(self.words), LINE * (self.words.count("\n") + 1)
        plate = self.x - (width if self.align == "right" else 0)
        sheet.box(plate - 0.6, y - high / 2, width + 1.2, high, EMPTY, layer=2)
        sheet.text(self.x, y, self.words, align=self.align)
        block = self.event.block
        places = [Place(block)] if block else []
        mark, said = TOLD if block else NOT_TOLD, one_line(self.event.label)
        sheet.mark(self.begin, y, mark, size=size, said=said, places=places)


class _Told(NamedTuple):
    """One event: its places in both orders, counted from 1.

    Events that the text first tells in the same paragraph share their place in the telling.
    """

    event: Event
    told: int
    happened: int


class OrderOfEvents(Chart):
    """From top to bottom the order in which the text first tells events, from left to right the
    order in which they happened. Where time and telling go together, the dots stand on a pale line
    from corner to corner.

    Args:
        events: in the order in which they happened, as in :class:`kit.library.chronicle.Chronicle`.
            Those that the text does not tell are left out.
    """

    topic = "The order of telling and the order of happening"

    def __init__(self, events: Iterable[Event]):
        events = list(events)
        self.told = _ordered(events)
        self.untold = len(events) - len(self.told)

    @cached_property
    def title(self) -> str:
        total, first = len(self.told), [item for item in self.told if item.told == 1]
        if total < 2 or len(first) == total:
            return f"{plural(total, 'event')} told"
        places = join([_place(item.happened, total) for item in first])
        return f"What is told first happened {places}"

    @cached_property
    def finding(self) -> str:
        told, total = self.told, len(self.told)
        if total < 2:
            return f"{self.title}."
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

    @cached_property
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

    @property
    def kind(self) -> str:
        return (
            f"Dot chart with one row for each of {plural(len(self.told), 'event')}, from top to "
            "bottom as the text first tells them. From left to right the order in which they "
            "happened. Left out because the text does not tell them: "
            f"{plural(self.untold, 'event')}."
        )

    def draw(self) -> Sheet:
        told = self.told
        sheet = self.blank(plural(len(told), "event"))
        top, right, left = Sheet.TOP + 8, s.EDGE, s.EDGE - TIME
        sheet.text(s.MARGIN, top - 4, "↓ as the story tells it", bold=True)
        sheet.text(left, top - 4, "happened first", bold=True)
        sheet.text(right, top - 4, "happened last →", align="right", bold=True)
        places = max((s.text_width(item.event.block) for item in told), default=0) + 3.2
        labels = [s.wrap(_label(item), left - 3 - s.MARGIN - places) for item in told]
        height = ROW + 2 * any("\n" in label for label in labels)
        step, bottom = TIME / max(len(told), 1), top + height * len(told)
        ys = [top + height * (row + 0.5) for row in range(len(told))]
        # Had all been told as it happened, each dot would lie on this line.
        sheet.line(left, top, right, bottom, width=5, colour=s.GUIDE, layer=0)
        dots = []
        for item, label, y in zip(told, labels, ys, strict=True):
            x = left + step * (item.happened - 0.5)
            when = _when(item, short=True) + (" *" if item.event.basis == "unchecked" else "")
            dots.append(_Dot.of(item.event, x, x, when, left, right))
            sheet.text(s.MARGIN, y, item.event.block, colour=s.QUIET)
            sheet.text(s.MARGIN + places, y, label)
            sheet.guide(left, y, right, y)
            dots[-1].draw(sheet, y, 2.6)
        for (one, y), (other, to_y) in pairwise(zip(dots, ys, strict=True)):
            sheet.line(one.begin, y, other.begin, to_y, width=0.7, colour=s.PALE)
        # What one paragraph tells is bracketed: it has one place in the telling.
        for block in dict.fromkeys(item.event.block for item in told):
            own = [y for item, y in zip(told, ys, strict=True) if item.event.block == block]
            if len(own) > 1:
                x = s.MARGIN + places - 1.4
                sheet.line(x, own[0] - 1.6, x, own[-1] + 1.6, width=0.9, colour=s.QUIET)
        notes = [f"{self.untold:,} left out, not in the text"] if self.untold else []
        notes += ["* day not checked"] if any(d.words.endswith("*") for d in dots) else []
        band = "grey: if told as it happened"
        sheet.text(s.MARGIN, bottom + 4, " · ".join(notes), size=s.SMALL, colour=s.QUIET)
        sheet.text(right, bottom + 4, band, size=s.SMALL, align="right", colour=s.QUIET)
        sheet.height = bottom + 8
        return sheet


def _number(event: Event) -> int:
    return int(event.block.removeprefix("P"))


def _ordered(events: list[Event]) -> list[_Told]:
    """Return the events that are told, in the order of telling; within a paragraph, of which the
    chronicle knows no order, as they happened."""
    happened = [event for event in events if event.block]
    numbers = [_number(event) for event in happened]
    rows = sorted(range(len(happened)), key=lambda n: (numbers[n], n))
    return [_Told(happened[n], 1 + sum(m < numbers[n] for m in numbers), n + 1) for n in rows]


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


class Timeline(Chart):
    """The events of a chronicle on a line of months.

    Args:
        dated: from :func:`kit.library.chronicle.load`.
    """

    topic = "What happened when"

    def __init__(self, dated: Chronicle):
        self.events, self.published = dated.events, dated.published
        days_told = [day for e in self.events for day in (e.date, e.until or e.date)]
        self.first, self.last = min(days_told), max(days_told)
        inside = self.published and self.first <= self.published <= self.last
        self.marked = self.published if inside else None

    @cached_property
    def title(self) -> str:
        told = sum(bool(event.block) for event in self.events)
        return f"{capital(all_of(told, len(self.events), 'event'))} are in the story"

    @cached_property
    def finding(self) -> str:
        events, published = self.events, self.published
        told = sum(bool(event.block) for event in events)
        said = f"The story tells or announces {all_of(told, len(events), 'event')}"
        if published:
            later = [event for event in events if _after(event, published)]
            unknown = sum(not event.block for event in later)
            said += f"; {len(later):,} came after its day, {days(published)}"
            said += (
                f", and {unknown:,} of these {'is' if unknown == 1 else 'are'} not in it"
                if later
                else ""
            )
        unchecked = sum(event.basis == "unchecked" for event in events)
        so_many = plural(unchecked, "day") if unchecked else "no day"
        return f"{said}; {so_many} {'is' if unchecked < 2 else 'are'} unchecked."

    @cached_property
    def table(self) -> Table:
        published = self.published
        header = ["Day", "Event", "Told in", "How the day is known"]
        rows = [
            (
                days(event.date, event.until),
                one_line(event.label),
                event.block or "not told",
                BASES[event.basis],
                "after" if _after(event, published) else "by then",
            )
            for event in self.events
        ]
        if published is None:
            return Table(tuple(header), tuple(row[:-1] for row in rows))
        return Table((*header, f"By {days(published)}"), tuple(rows))

    @property
    def kind(self) -> str:
        drawn = plural(len(self.events), "event")
        told = (
            f"Timeline from {days(self.first)} to {days(self.last)}, one row for each of {drawn}."
        )
        if self.marked:
            told += f" An upright line marks the day of the story, {days(self.marked)}."
        return told

    def draw(self) -> Sheet:
        sheet = self.blank(plural(len(self.events), "event"))
        whens = [days(event.date, event.until, short=True) for event in self.events]
        left = s.MARGIN + max([*map(s.text_width, whens), 20]) + 4
        months = _Months(self.first, self.last, left, s.EDGE - 3)
        dots = []
        for event in self.events:
            words = one_line(event.label) + (UNCHECKED if event.basis == "unchecked" else "")
            ends = months.x(event.date), months.x(event.until or event.date)
            dots.append(_Dot.of(event, *ends, words, months.left, months.right))
        heights = [ROW + LINE * dot.words.count("\n") for dot in dots]
        top = Sheet.TOP + 16
        bottom = top + sum(heights)
        months.draw(sheet, top, bottom)
        y = Sheet.TOP + 1.5
        key = [(TOLD, "told or announced in the story"), (NOT_TOLD, "not in the story")]
        x = sheet.key(y, key)
        if published := self.marked:
            sheet.line(x + 1, y - 2, x + 1, y + 2, width=1.2)
            sheet.text(x + 3.3, y, f"day of the story: {days(published, short=True)}")
            sheet.line(months.x(published), top - 2, months.x(published), bottom, width=1.2)
        y = top
        for dot, when, height in zip(dots, whens, heights, strict=True):
            middle = y + height / 2
            sheet.text(s.MARGIN, middle, when)
            sheet.guide(months.left, middle, months.right, middle)
            dot.draw(sheet, middle, 1.8)
            y += height
        sheet.height = bottom + 3
        return sheet


def _after(event: Event, published: Day | None) -> bool:
    return published is not None and event.date > published


class _Months:
    """A scale of days, ruled in months."""

    def __init__(self, first: Day, last: Day, left: float, right: float):
        self.first = first.replace(day=1)
        self.months = 12 * (last.year - first.year) + last.month - first.month + 1
        self.left, self.right = left, right
        self._mm_a_day = (right - left) / (self._month(self.months) - self.first.toordinal())

    def _month(self, n: int) -> int:
        """Return the number of the first day of the nth month."""
        years, month = divmod(self.first.month - 1 + n, 12)
        return Day(self.first.year + years, month + 1, 1).toordinal()

    def x(self, day: Day) -> float:
        """Return where a day is; days before and after the scale lie at its ends."""
        x = self.left + (day.toordinal() - self.first.toordinal() + 0.5) * self._mm_a_day
        return min(max(x, self.left), self.right)

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Rule and name the months, as many as there is room for, and the years."""
        room = (self.right - self.left) / self.months
        every = next((n for n in (1, 2, 3, 6, 12, 24, 60, 120, 600) if n * room >= 8), 1200)
        year = free_from = 0.0
        for n in range(0, self.months, every):
            first = Day.fromordinal(self._month(n))
            x = self.left + (self._month(n) - self.first.toordinal()) * self._mm_a_day
            sheet.guide(x, top - 2, x, bottom)
            name = days(first, short=True).split()[1]
            if x + s.text_width(name, s.SMALL) <= self.right:
                sheet.text(x, top - 4.5, name, size=s.SMALL, colour=s.QUIET)
            if first.year != year and x >= free_from:
                sheet.text(x, top - 8.5, str(first.year), size=s.SMALL)
                year, free_from = first.year, x + s.text_width(str(first.year), s.SMALL) + 2
