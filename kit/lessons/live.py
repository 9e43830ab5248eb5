"""An output that follows the work: what a cell shows changes in its place when the work does.

It needs a running loop, as a notebook's kernel has one: a change is saved and acknowledged first,
and what shows it comes when the loop has time. Where none runs, everything stands still.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kit.base.errors import KitError
from kit.lessons.cell_output import waiting
from kit.work.workbook import Workbook

#: Seconds without another change before outputs follow. What comes while one is drawn waits anyway.
MOMENT = 0.02

_FAILED = "This could not be drawn again after your last change. Your work is saved."


@dataclass(frozen=True)
class Seen:
    """What an output is made of, and how.

    Attributes:
        of: as long as it stays equal, nothing else is to be shown.
        show: makes what is shown; it has a property ``html``.
    """

    of: object
    show: Callable[[], Any]


def live(workbook: Workbook, call: tuple[object, ...], look: Callable[[], Seen]) -> Any:
    """Return what ``look`` shows, as something that follows the work once a cell has shown it.

    Args:
        call: what was asked of the lesson. Asked again, the new output follows in place of the old.
        look: called now and after every change of the work.
    """
    if _loop() is None:
        return look().show()
    return Live(workbook, " ".join(map(str, (workbook.path, *call))), look)


class Live:
    """Something that follows the work; in all else it is what it shows now."""

    def __init__(self, workbook: Workbook, id: str, look: Callable[[], Seen]):
        self._workbook, self._id, self._look = workbook, id, look
        seen = look()
        self._of, self._shown = seen.of, seen.show()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shown, name)

    def __repr__(self) -> str:
        return repr(self._shown)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        self._changed()
        display(self._shown, display_id=self._id)
        follow(self._workbook, self._id, self._renew)

    def _renew(self) -> None:
        from IPython.display import update_display

        if self._changed():
            update_display(self._shown, display_id=self._id)

    def _changed(self) -> bool:
        """Look again; say whether there is anything else to show."""
        before = self._shown
        try:
            seen = self._look()
            if seen.of == self._of:
                return False
            self._of, self._shown = seen.of, seen.show()
        except KitError as problem:
            self._of, self._shown = problem, waiting(str(problem))
        except Exception as problem:  # nobody ran a cell: a traceback would come out of the blue
            logging.getLogger(__name__).exception("An output could not follow")
            self._of, self._shown = problem, waiting(_FAILED)
        return self._shown != before and bool(self._shown.html != before.html)


def follow(workbook: Workbook, id: str, renew: Callable[[], None]) -> None:
    """Call ``renew`` a moment after each change of the work, where a loop runs.

    Args:
        id: what follows; another by the same name takes its place.
        renew: called in the loop, never in the way of a change.
    """
    loop = _loop()
    if loop is not None:
        if workbook not in _followers:
            _followers[workbook] = _Followers(workbook, loop)
        _followers[workbook].by_id[id] = renew


class _Followers:
    """All that follows one workbook."""

    def __init__(self, workbook: Workbook, loop: asyncio.AbstractEventLoop):
        self.by_id: dict[str, Callable[[], None]] = {}
        self._loop = loop
        self._next: asyncio.Handle | None = None
        workbook.subscribe(self._changed)

    def _changed(self, _workbook: Workbook) -> None:
        # What the page sends may be served in a thread of its own.
        self._loop.call_soon_threadsafe(self._wait)

    def _wait(self) -> None:
        if self._next is not None:
            self._next.cancel()
        self._next = self._loop.call_later(MOMENT, self._renew, [*self.by_id.values()])

    def _renew(self, due: list[Callable[[], None]]) -> None:
        """Renew one, and leave the rest for when the loop has seen to what came meanwhile."""
        if due:
            self._next = self._loop.call_soon(self._renew, due[1:])
            due[0]()


_followers: dict[Workbook, _Followers] = {}


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
