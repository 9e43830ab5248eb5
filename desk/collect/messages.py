"""The lines of ``problems.csv``: all that somebody must ask about, and a limited number of others.

A notebook or a report is something to ask about only if its student has handed in no work file
beside it. That is known once all files have been seen, so the lines are settled then. However many
files an archive holds, only so many lines are kept of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from desk.collect.submissions import AGAIN, NO_WORK, Kind, Owner, Problem
from kit.base.phrases import plural
from kit.work.names import UNSIGNED

if TYPE_CHECKING:
    from desk.collect.roll import Student

#: How many lines of one kind are kept of one student's files in an archive, and of an archive.
MOST_OF_ONE, MOST_OF_ARCHIVE = 50, 2_000
#: How many files that are of no matter are told one by one, in one student's folder.
MOST_ASIDE = 20

Group = tuple[str, Owner, Kind]
_ALL = Owner("every student")


class ProblemList:
    """Problems of a class, added one by one."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._met: Counter[Group] = Counter()
        self._of_archive: Counter[str] = Counter()
        self._left: Counter[Group] = Counter()

    def add(self, problem: Problem) -> None:
        """Add a problem, or count it where there are too many of its archive."""
        if archive := problem.archive:
            if self._of_archive[archive] >= MOST_OF_ARCHIVE:
                self._left[archive, _ALL, ""] += 1
                return
            group = _group(problem)
            self._met[group] += 1
            if self._met[group] > MOST_OF_ONE and problem.kind != "whole":
                self._left[group] += 1
                return
            self._of_archive[archive] += 1
        self._kept.append(problem)

    def all(self, used: Iterable[Student]) -> list[Problem]:
        """Return what there is to tell, once it is known which files are used."""
        places = _Places(used, self._kept)
        settled, levels = [], defaultdict(set)
        aside: dict[object, list[Problem]] = defaultdict(list)
        for problem in self._kept:
            home = None
            if problem.kind == "aside" and (home := places.with_others(problem)):
                problem = problem._replace(ask="", level="nothing")
            elif problem.kind == "whole" and not places.with_anything(problem):
                problem = problem._replace(why=NO_WORK, ask=AGAIN, level="ask")
            levels[_group(problem)].add(problem.level)
            levels[problem.archive, _ALL, ""].add(problem.level)
            if home and not problem.archive:
                aside[home].append(problem)
            else:
                settled.append(problem)
        settled += [one for there in aside.values() for one in _few(there)]
        return settled + [
            _rest(group, n, ask="ask" in levels[group]) for group, n in self._left.items()
        ]


class _Places:
    """Where there is work."""

    def __init__(self, used: Iterable[Student], told: Iterable[Problem]):
        #: By folder, whose the work in it is; nothing where it is that of several.
        self._signed: dict[str, str] = {}
        #: By folder, the one in it that is as it was handed out; nothing where there are several.
        self._whole: dict[str, str] = {}
        self._owners: set[tuple[str, ...]] = set()
        self._owners_of_whole: set[tuple[str, ...]] = set()
        for one in used:
            if one.owner.who:
                self._owners.add(one.owner.who)
            else:
                who = one.signed.casefold() if one.signed not in ("", UNSIGNED) else one.place
                _note(self._signed, one.place, who)
        #: Where something is asked about that may be work.
        self._asked: set[str] = set()
        self._asked_owners: set[tuple[str, ...]] = set()
        for problem in told:
            if not problem.kind and problem.level == "ask":
                self._asked_owners.add(problem.owner.who)
                self._asked.update(_above(problem.place))
            elif problem.kind == "whole" and problem.owner.who:
                self._owners_of_whole.add(problem.owner.who)
            elif problem.kind == "whole":
                _note(self._whole, problem.place, problem.place)

    def with_others(self, problem: Problem) -> object:
        """Return the student, or the student's folder, with whose files this one lies, if there is
        work that is used or if what was handed out is told of; None otherwise."""
        if who := problem.owner.who:
            return who if who in self._owners or who in self._owners_of_whole else None
        for folder in _above(problem.place):
            if self._signed.get(folder) or self._whole.get(folder):
                return folder
        return None

    def with_anything(self, problem: Problem) -> bool:
        """Say whether there is work in a folder, or something that is asked about."""
        if who := problem.owner.who:
            return who in self._owners or who in self._asked_owners
        return problem.place in self._signed or problem.place in self._asked


def _group(problem: Problem) -> Group:
    return problem.archive, problem.owner, problem.kind


def _note(folders: dict[str, str], place: str, what: str) -> None:
    """Note what lies in the folders above a place, unless something else does too."""
    for folder in _above(place):
        if folders.setdefault(folder, what) != what:
            folders[folder] = ""


def _above(place: str) -> Iterator[str]:
    """Yield the folders that a file lies in, the nearest first, without the class's own."""
    while "/" in place:
        place = place.rpartition("/")[0]
        yield place


def _few(there: list[Problem]) -> Iterator[Problem]:
    """Yield what is told of one student's files that are of no matter."""
    yield from there[:MOST_ASIDE]
    if rest := there[MOST_ASIDE:]:
        why = f"This file and {len(rest) - 1:,} more of the student’s are no work files."
        yield rest[0]._replace(why=why)


def _rest(group: Group, n: int, *, ask: bool) -> Problem:
    """Return the one line for all files of an archive that have none of their own."""
    archive, owner, kind = group
    why = f"In this zip {plural(n, 'more file')} {'is' if n == 1 else 'are'} not used."
    todo = "Look into the zip, or ask for the work file alone." if ask else ""
    owner = Owner() if owner == _ALL else owner
    return Problem(archive, owner, why, todo, "ask" if ask else "nothing", kind, archive)
