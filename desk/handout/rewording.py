"""What reads otherwise in a folder for a mark, where no other reading is handed out, and on an
instructor's own article.

One file a lesson holds all of it, for cells of the notebook and for exercises:
``datasets/graded/<lesson>.toml``, and ``datasets/own/07-your-own-article.toml`` for the other::

    [[exercises]]
    id = "3.2"
    was = "Then commit, and see what two trained readers made of them."
    now = "Then press the button."

    [[cells]]
    id = "chart-theirs"       # without “was” and “now” the cell goes, or the exercise

A hint that states an answer stands there with no ``now``. ``own = true`` is for the last lesson in
the form that an instructor's own article has. A sentence that is not found is an error: whoever
changes it in the lesson must look whether it still needs another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from desk.base.notebook_cells import source_of
from kit.base.errors import KitError
from kit.base.toml_reader import Strict, read_toml
from kit.library import datasets

__all__ = ["RewordingError", "left_out", "reworded_cells", "reworded_exercise"]


class RewordingError(KitError, ValueError):
    """A lesson and what its graded form changes do not fit; the message says what to mend."""


class _Change(Strict):
    id: str
    was: str = ""
    now: str = ""
    own: bool = False

    @property
    def goes(self) -> bool:
        return not self.was and not self.now


class _File(Strict):
    cells: tuple[_Change, ...] = ()
    exercises: tuple[_Change, ...] = ()


def reworded_cells(
    cells: Iterable[Mapping[str, Any]],
    kind: Literal["graded", "own"] = "graded",
    *,
    folder: Path | None = None,
) -> list[dict[str, Any]]:
    """Return a notebook's cells as they read in a folder for a mark, or on an own article.

    Args:
        cells: of one lesson, or of an instructor's own article, which is the last lesson's.
        kind: in a folder for a mark, or on an instructor's own article.
        folder: where the files lie; ``datasets/<kind>`` if None.

    Raises:
        RewordingError: a cell or a sentence that is to be changed is not there.
    """
    cells = [dict(cell) for cell in cells]
    lesson = next((m[1] for cell in cells if (m := _LESSON.search(source_of(cell)))), "")
    notebook = _notebook_of(lesson)
    own = notebook != lesson
    changes = [c for c in _load(notebook, folder, kind).cells if own or not c.own]
    there = {cell.get("id") for cell in cells}
    for change in changes:
        # An article of an instructor's own has no cell for every exercise of the last lesson.
        if change.id not in there and not own:
            raise RewordingError(_missing(notebook, f"cell {change.id}"))
    kept = []
    for cell in cells:
        mine = [change for change in changes if change.id == cell.get("id")]
        if any(change.goes for change in mine):
            continue
        for change in mine:
            source, where = source_of(cell), f"cell {change.id}"
            # There the sentence may have been changed before.
            if own and change.was and not _pattern(change.was).search(source):
                continue
            cell["source"] = _changed(source, change, notebook, where)
        kept.append(cell)
    return kept


def reworded_exercise(
    exercise: Mapping[str, Any], lesson: str, *, folder: Path | None = None
) -> dict[str, Any]:
    """Return an exercise, as its TOML table, as it reads in a folder for a mark.

    A hint of which nothing is left goes, and so does a text for support or for going on.

    Raises:
        RewordingError: a sentence that is to be changed is not there.
    """
    table = dict(exercise)
    for change in _load(lesson, folder).exercises:
        if change.id == table.get("id") and change.was:
            where = f"exercise {change.id}"
            done = [
                key
                for key in ("title", "prompt", "support", "stretch", "hints")
                if key in table and _applied(table, key, change)
            ]
            if not done:
                raise RewordingError(_missing(lesson, where, change.was))
    return table


def left_out(lesson: str, *, folder: Path | None = None) -> frozenset[str]:
    """Return the exercises of a lesson that cannot be done without another reading."""
    return frozenset(c.id for c in _load(lesson, folder).exercises if c.goes)


# -- one change ------------------------------------------------------------------------------------

_LESSON = re.compile(r"""\blesson\(["']([\w-]+)["']""")


def _applied(table: dict[str, Any], key: str, change: _Change) -> bool:
    """Change a text of an exercise, or its hints, in place; say whether the sentence was there."""
    pattern = _pattern(change.was)
    texts = table[key] if isinstance(table[key], list) else [table[key]]
    if not any(pattern.search(text) for text in texts):
        return False
    texts = [text for one in texts if (text := _replaced(one, pattern, change.now)).strip()]
    if isinstance(table[key], list):
        table[key] = texts
    elif texts:
        table[key] = texts[0]
    else:
        del table[key]
    return True


def _changed(text: str, change: _Change, lesson: str, where: str) -> str:
    if not change.was:
        return change.now.strip()
    pattern = _pattern(change.was)
    if not pattern.search(text):
        raise RewordingError(_missing(lesson, where, change.was))
    return _replaced(text, pattern, change.now)


def _pattern(was: str) -> re.Pattern[str]:
    """Return what finds a sentence however its lines are broken, with the blanks around it."""
    return re.compile(r"(\s*)" + r"\s+".join(map(re.escape, was.split())) + r"(\s*)")


def _replaced(text: str, pattern: re.Pattern[str], now: str) -> str:
    def put(found: re.Match[str]) -> str:
        before, after = found[1], found[2]
        if now.strip():
            return f"{before}{now.strip()}{after}"
        return max(before, after, key=lambda blanks: (blanks.count("\n"), len(blanks)))

    return pattern.sub(put, text, count=1).strip()


# -- files -----------------------------------------------------------------------------------------


def _load(lesson: str, folder: Path | None, kind: str = "graded") -> _File:
    path = (folder or datasets.root() / "datasets" / kind) / f"{lesson}.toml"
    if not path.exists():
        return _File()
    return read_toml(path, _File, RewordingError)


def _notebook_of(lesson: str) -> str:
    """Return the notebook that a lesson is made from: an instructor's own article has the last."""
    from kit.lessons import OWN

    known = (datasets.root() / "notebooks" / f"{lesson}.ipynb").exists()
    return lesson if known or not lesson.startswith(OWN[:3]) else OWN


def _missing(lesson: str, where: str, was: str = "") -> str:
    what = f"the sentence “{' '.join(was.split())}” is not" if was else "it is not"
    return (
        f"{lesson}, {where}: {what} there any more. What reads otherwise in a folder for a mark "
        f"or on an own article stands in datasets/graded/{lesson}.toml and datasets/own: mend it "
        "there."
    )
