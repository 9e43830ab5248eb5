"""What is wrong with exercises that only the article, its facts and its reference can show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kit.base.errors import KitError
from kit.exercises import kinds
from kit.exercises.exercise import OWN
from kit.exercises.model import Exercise
from kit.exercises.outcome import Context

_NAMED = re.compile(r"\bP(\d{1,4})\b")


def problems(exercises: Iterable[Exercise], context: Context) -> list[str]:
    """Return what an instructor has to mend, each as a sentence that names file and exercise.

    :func:`kit.exercises.load` has refused by then what an exercise itself shows to be wrong.

    Args:
        exercises: those of one article; of ``article = "own"`` any text will do.
        context: the article with its reference and facts; the student's coding is not used.
    """
    return [
        f"{exercise.article}/exercises/{exercise.lesson}.toml, exercise {exercise.id}: {said}"
        for exercise in exercises
        for said in _problems(exercise, context)
    ]


def _problems(e: Exercise, context: Context) -> Iterator[str]:
    own = e.article == OWN
    if own:
        context = Context(context.article, context.coding, context.codebook)
    for text in _texts(e):
        try:
            filled = context.fill(text)
        except (KitError, KeyError) as problem:
            yield f"a fact is not there: {problem}"
            continue
        if context.facts is None and re.search(r"\{[\w-]+\}", text):
            yield f"there are no facts to fill “{text[:60]}” with."
        for number in _NAMED.findall(filled):
            if not own and not 1 <= int(number) <= len(context.article.blocks):
                yield f"it names P{number}, which the article has not."
    for kind in kinds.KINDS:
        yield from kind.problems(e, context)


def _texts(e: Exercise) -> Iterator[str]:
    """Yield every text of an exercise that students may see."""
    for said in (e, e.graded, e.own_graded):
        yield from (said.title, said.prompt, said.support, said.stretch, *said.hints)
    yield e.yes
    for kind in kinds.KINDS:
        yield from kind.texts(e)
