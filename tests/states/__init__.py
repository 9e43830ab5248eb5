"""Work as the model students leave it, for running a notebook on."""

from __future__ import annotations

from pathlib import Path

from desk.make.model_student import do_lesson
from kit.library import datasets
from kit.library.course import ARTICLE, OWN_LESSON
from kit.work import own_texts
from kit.work.names import UNSIGNED
from kit.work.workbook import Workbook

__all__ = ["STATES", "fill"]

STATES = {"right": True, "wrong": False}


def fill(folder: Path, lesson: str, state: str) -> dict[str, str]:
    """Do a lesson in ``folder`` (``$KIT_WORK`` of the notebook to be run) as the student of
    ``state`` does; return what came of each exercise."""
    article = own_texts.PRACTICE if lesson == OWN_LESSON else ARTICLE
    workbook = Workbook.open(
        datasets.load_article(article), datasets.codebook(article), UNSIGNED, folder
    )
    return do_lesson(workbook, lesson, right=STATES[state])
