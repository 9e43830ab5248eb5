"""What happened when: before the story, and after it, one event to a row."""

from __future__ import annotations

from datetime import date as Day

from kit.base.phrases import all_of, one_line, plural
from kit.charts import sheet as s
from kit.charts.chart import Chart, Table
from kit.charts.sheet import Mark, Place
from kit.charts.tally import Tally
from kit.coding.palette import EMPTY
from kit.library.chronicle import Chronicle, Event, days

__all__ = ["timeline_chart"]

ROW, LINE = 6.0, 3.6
TOLD, NOT_TOLD = Mark("o"), Mark("D", False)
BASES = {"text": "from the text", "checked": "checked", "unchecked": "not checked"}
UNCHECKED = " (not checked)"


def timeline_chart(dated: Chronicle, span: tuple[Day, Day] | None = None) -> Chart:
    """Chart the events of a chronicle on a line of months.

    Args:
        dated: from :func:`kit.library.chronicle.load`.
        span: first and last day to draw; from the first event to the last without it. The table
            has every event all the same.

    Raises:
        ValueError: the span ends before it begins.
    """
    return _Timeline(dated, span).chart()


class _Timeline(Tally):
    topic = "What happened when"

    def __init__(self, dated: Chronicle, span: tuple[Day, Day] | None):
        self.events, self.published = dated.events, dated.published
        if span is None:
            ends = [event.until or event.date for event in self.events]
            days_known = (self.events[0].date, max(ends)) if ends else None
            span = days_known or (Day(2000, 1, 1), Day(2000, 1, 31))
        first, last = self.span = span
        if last < first:
            raise ValueError("The timeline ends before it begins.")
        self.drawn = [e for e in self.events if e.date <= last and (e.until or e.date) >= first]
        self.outside = len(self.events) - len(self.drawn)
        shown = self.published and first <= self.published <= last
        self.published_drawn = self.published if shown else None

    @property
    def title(self) -> str:
        if not self.events:
            return "No event has a day yet"
        told = sum(bool(event.block) for event in self.events)
        said = all_of(told, len(self.events), "event")
        return f"{said[0].upper()}{said[1:]} stand in the story"

    def finding(self) -> str:
        events, published = self.events, self.published
        if not events:
            return "No event has a day yet."
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

    def alt(self) -> str:
        drawn, (first, last) = self.drawn, self.span
        said = [
            f"Timeline from {days(first)} to {days(last)}, one row for each of "
            f"{plural(len(drawn), 'event')}."
        ]
        if self.published_drawn:
            said.append(
                f"An upright line marks the day of the story, {days(self.published_drawn)}."
            )
        said += [
            f"{days(event.date, event.until)}: {one_line(event.label)}"
            f"{'' if event.block else ', not in the story'}"
            f"{', not checked' if event.basis == 'unchecked' else ''}."
            for event in drawn
        ]
        if self.outside:
            said.append(f"{plural(self.outside, 'event')} outside these days.")
        return " ".join(said)

    def draw(self) -> s.Sheet:
        whens = [days(event.date, event.until, short=True) for event in self.drawn]
        left = s.MARGIN + max([*map(s.text_width, whens), 20]) + 4
        months = _Months(self.span, left, s.WIDTH - s.MARGIN - 3)
        labels = [_label(months, event) for event in self.drawn]
        heights = [ROW + LINE * text.count("\n") for _, _, text in labels]
        top = s.Sheet.TOP + 16
        bottom = top + max(sum(heights), ROW)
        cut = f"{plural(self.outside, 'event')} outside these days" if self.outside else ""
        sheet = s.Sheet(bottom + 3, self.title, " · ".join(filter(None, [self.topic, cut])))
        months.draw(sheet, top, bottom)
        key = [(TOLD, "told or announced in the story"), (NOT_TOLD, "not in the story")]
        y = s.Sheet.TOP + 1.5
        x = sheet.key(y, key)
        published = self.published_drawn
        if published:
            sheet.line(x + 1, y - 2, x + 1, y + 2, width=1.2)
            sheet.text(x + 3.3, y, f"day of the story: {days(published, short=True)}")
            sheet.line(months.x(published), top - 2, months.x(published), bottom, width=1.2)
        if not self.drawn:
            sheet.text(s.MARGIN, top + ROW / 2, "no event", colour=s.QUIET)
        y = top
        for event, when, height, label in zip(self.drawn, whens, heights, labels, strict=True):
            _draw_event(sheet, months, event, when, label, y + height / 2)
            y += height
        return sheet


def _after(event: Event, published: Day | None) -> bool:
    return published is not None and event.date > published


def _draw_event(
    sheet: s.Sheet, months: _Months, event: Event, when: str, label: tuple[float, str, str],
    middle: float,
) -> None:  # fmt: skip
    sheet.text(s.MARGIN, middle, when)
    begin, end = months.x(event.date), months.x(event.until or event.date)
    sheet.line(months.left, middle, months.right, middle, colour=s.GUIDE, layer=0)
    if end > begin:
        sheet.line(begin, middle, end, middle, width=2.2, layer=3)
    x, align, text = label
    width = s.text_width(text)
    height = LINE * (text.count("\n") + 1)
    plate = x - (width if align == "right" else 0)
    sheet.box(plate - 0.6, middle - height / 2, width + 1.2, height, fill=EMPTY, layer=2)
    place = Place(event.block, one_line(event.label)) if event.block else None
    sheet.mark(begin, middle, TOLD if place else NOT_TOLD, of=place)
    sheet.text(x, middle, text, align=align)


def _label(months: _Months, event: Event) -> tuple[float, str, str]:
    """Return where the event's words begin or end, and the words, on the side with more room."""
    text = one_line(event.label) + (UNCHECKED if event.basis == "unchecked" else "")
    begin, end = months.x(event.date), months.x(event.until or event.date)
    before, after = begin - months.left - 3, months.right - end - 3
    room = max(before, after)
    words = text if s.text_width(text) <= room else s.wrap(text, room, lines=3)
    if s.text_width(words) <= after:
        return end + 2.4, "left", words
    return begin - 2.4, "right", words


class _Months:
    """A scale of days, ruled in months."""

    def __init__(self, span: tuple[Day, Day], left: float, right: float):
        first, last = span
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

    def draw(self, sheet: s.Sheet, top: float, bottom: float) -> None:
        """Rule and name the months, as many as there is room for, and the years."""
        room = (self.right - self.left) / self.months
        every = next((n for n in (1, 2, 3, 6, 12, 24, 60, 120, 600) if n * room >= 8), 1200)
        year = free_from = 0.0
        for n in range(0, self.months, every):
            first = Day.fromordinal(self._month(n))
            x = self.left + (self._month(n) - self.first.toordinal()) * self._mm_a_day
            sheet.line(x, top - 2, x, bottom, colour=s.GUIDE, layer=0)
            name = days(first, short=True).split()[1]
            if x + s.text_width(name, s.SMALL) <= self.right:
                sheet.text(x, top - 4.5, name, size=s.SMALL, colour=s.QUIET)
            if first.year != year and x >= free_from:
                sheet.text(x, top - 8.5, str(first.year), size=s.SMALL)
                year, free_from = first.year, x + s.text_width(str(first.year), s.SMALL) + 2
