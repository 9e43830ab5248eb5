"""What a cell shows, and the few words that several of a lesson's verbs share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kit.base.errors import KitError
from kit.base.templating import macros, without_formulas
from kit.library import datasets
from kit.work.workbook import Workbook


class LessonError(KitError, ValueError):
    """Something was asked of a lesson that it does not have; the message says what it has."""


class CellOutput:
    """Something a cell shows: HTML for people, one stable line for everything else."""

    def __init__(self, summary: str, html: str):
        self._summary = summary
        self.html = html

    def __repr__(self) -> str:
        return self._summary

    def _repr_html_(self) -> str:
        return without_formulas(self.html)


def waiting(sentence: str) -> CellOutput:
    """Return a word of patience, to stand where something is still to come."""
    return CellOutput(sentence, macros("lesson").wait(sentence))


def place(path: Path) -> str:
    """Return a path as a person would look for it: from the kit's folder when it lies there."""
    try:
        return path.relative_to(datasets.root()).as_posix()
    except ValueError:
        return str(path)


def clock(workbook: Workbook) -> str:
    """Return when the work was saved, in the machine's own time, or "" if that is not known."""
    try:
        saved = datetime.fromisoformat(workbook.saved_at).astimezone()
    except (ValueError, OverflowError, OSError):  # never saved, or somebody wrote into the file
        return ""
    return f"{saved:%Y-%m-%d at %H:%M}"
