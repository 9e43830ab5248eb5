"""Looking at many files on all processors, in the order in which they were found.

Only a few files for each processor are in memory at a time.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from desk.collect.agreement import Scale
from desk.collect.plan import Plan, plan_of
from desk.collect.roll import Elsewhere, Examined, examine
from desk.collect.submissions import Found, Problem
from desk.handout.assignment import Assignment

__all__ = ["examine_all"]

#: So many files are looked at before worker processes are started; a small class needs none.
ALONE = 120
#: So many files wait with each worker process.
IN_HAND = 4
#: No more than these: each needs the kit and the article in memory.
MOST_WORKERS = 4

Looked = tuple[Found, Examined | Elsewhere | Problem]


def examine_all(
    found: Iterable[Found | Problem], plan: Plan, *, alone: int = ALONE
) -> Iterator[Problem | Looked]:
    """Yield each file with what there is to keep of it, and problems as they come.

    Args:
        found: files and problems, as :func:`.submissions.find` gives them.
        plan: what is asked.
        alone: how many files to look at before worker processes are started.

    Raises:
        ExerciseError: the plan's exercises cannot be used.
    """
    scales = _scales(plan)
    workers = _Workers(plan)
    try:
        looked_at = 0
        for one in found:
            if isinstance(one, Problem):
                yield from workers.add(one, None)
                continue
            looked_at += 1
            future = workers.call(one) if looked_at > alone else None
            if future is None:
                yield from workers.all()
                yield one._replace(data=b""), examine(one, plan, scales)
            else:
                yield from workers.add(one, future)
        yield from workers.all()
    finally:
        workers.end()


class _Workers:
    """Processes that look at files, and what they have not handed back yet."""

    def __init__(self, plan: Plan):
        self._plan = plan
        self._pool: ProcessPoolExecutor | None = None
        self._none = (os.cpu_count() or 1) < 2
        self._waiting: deque[tuple[Found | Problem, Future | None]] = deque()
        self._workers = min(os.cpu_count() or 1, MOST_WORKERS)
        self._most = IN_HAND * self._workers

    def call(self, one: Found) -> Future | None:
        """Give a file to a worker process; None if there is none on this machine."""
        if self._none:
            return None
        try:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._workers,
                    # The same on every system, and safe beside the threads of a notebook.
                    mp_context=get_context("spawn"),
                    initializer=_prepare,
                    initargs=(self._plan.assignment,),
                )
            return self._pool.submit(_examine, one)
        except (OSError, ImportError, NotImplementedError, BrokenProcessPool):
            self._none = True
            return None

    def add(self, one: Found | Problem, future: Future | None) -> Iterator[Problem | Looked]:
        """Wait in line, and yield what can go for it."""
        self._waiting.append((one, future))
        while len(self._waiting) > self._most or (self._waiting and self._waiting[0][1] is None):
            yield self._next()

    def all(self) -> Iterator[Problem | Looked]:
        """Yield everything that waits."""
        while self._waiting:
            yield self._next()

    def _next(self) -> Problem | Looked:
        one, future = self._waiting.popleft()
        if isinstance(one, Problem):
            return one
        try:
            examined = future.result()
        except BrokenProcessPool:  # such as one ended by the system: go on without
            self._none = True
            examined = examine(one, self._plan, _scales(self._plan))
        return one._replace(data=b""), examined

    def end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _scales(plan: Plan) -> dict[str, Scale]:
    return {layer.id: Scale(plan.article, layer) for layer in plan.layers}


# -- in a worker process ---------------------------------------------------------------------------

_plan: Plan | None = None
_own_scales: dict[str, Scale] = {}


def _prepare(assignment: Assignment) -> None:
    global _plan, _own_scales
    _plan = plan_of(assignment)
    _own_scales = _scales(_plan)


def _examine(one: Found) -> Examined | Elsewhere | Problem:
    return examine(one, _plan, _own_scales)
