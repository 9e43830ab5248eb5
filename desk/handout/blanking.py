"""Exercises as they are handed out for a mark: the same questions, and no answers.

What has a right answer becomes an exercise that a person reads. Its form asks the same and keeps
the same, so that the instructor's own copy of the kit can mark what comes back. Where an exercise
speaks of what is not there, or a hint states an answer, its key ``graded`` has another text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from kit import exercises
from kit.base.toml_reader import read_toml
from kit.base.toml_writer import to_toml
from kit.exercises import kinds
from kit.library import facts

#: What is kept of every exercise, whatever its kind.
_KEPT = (
    *("id", "title", "kind", "status", "article", "minutes", "skip", "unmarked"),
    *("prompt", "support", "stretch", "hints"),
)
_MARKED = "*Nothing is checked here: your answer is kept, and your instructor marks it.*"
_DISPUTED = "*Your answer is kept. This can be read in two ways, and nobody is marked wrong.*"
_ASIDE = "*Your answer is kept. It does not count in this assignment.*"


def for_students(exercise: Mapping[str, Any], *, counts: bool = True) -> dict[str, Any]:
    """Return an exercise, as its TOML table, turned into one that a person reads.

    What has a right answer or known readings becomes ``open`` and loses them: right and wrong
    numbers, options, orders and labels, every reason, and the sentence after a right answer. Kind,
    prompt, options, hints and free text stay, so the form takes and keeps the same answers as
    before; the prompt says whether an instructor marks them.

    Only what is named is kept: here the keys of every exercise, and in :mod:`kit.exercises.kinds`
    those of each kind. So a key that nobody thought of stays at home.
    """
    kept: dict[str, kinds.Kept] = dict.fromkeys(_KEPT, {})
    kept |= kinds.kept(exercise.get("kind", ""))
    table = {key: _only(value, kept[key]) for key, value in exercise.items() if key in kept}
    if table.get("status") != "open":
        said = _DISPUTED if table.get("status") == "disputed" else _MARKED
        table["prompt"] = f"{table.get('prompt', '').rstrip()}\n\n{said if counts else _ASIDE}\n"
        table["status"] = "open"
    return table


def _only(value: Any, kept: kinds.Kept) -> Any:
    """Return a table, or each of a list of tables, with the keys that are kept."""
    if not kept:
        return value
    if isinstance(value, Sequence):
        return [_only(one, kept) for one in value]
    return {key: _only(value[key], below) for key, below in kept.items() if key in value}


def without_answers(
    path: Path, article: str, counted: Collection[str] | None = None
) -> bytes | None:
    """Return a file of exercises as it is handed out for a mark; None if no exercise is left.

    Numbers that a prompt states are written into it: the facts, whence they come, stay at home.

    Args:
        path: the file, ``exercises/<lesson>.toml``.
        article: whose facts the prompts state.
        counted: the exercises that count in the assignment; all if None.

    Raises:
        KitError: an exercise or a fact cannot be used.
    """
    raw = _read(path)
    known = facts.load(article) if facts.there_are(article) else None
    tables = []
    for exercise in raw["exercises"]:
        for_a_mark = exercise.get("graded", {})
        if for_a_mark.get("left_out"):
            continue
        counts = counted is None or exercise["id"] in counted
        table = for_students({**exercise, **for_a_mark}, counts=counts)
        own = table.get("article") == exercises.OWN
        tables.append(_everywhere(table, known.fill) if known and not own else table)
    return to_toml({"lesson": raw["lesson"], "exercises": tables}) if tables else None


def without_graded(path: Path) -> bytes:
    """Return a file of exercises as it is handed out for practice: without the texts for a mark.

    Raises:
        KitError: an exercise cannot be used.
    """
    raw = _read(path)
    for exercise in raw["exercises"]:
        exercise.pop("graded", None)
        exercise.pop("own_graded", None)
    return to_toml(raw)


def _read(path: Path) -> dict[str, Any]:
    exercises.model.load_file(path)  # says in words what is wrong with it, before it is changed
    return read_toml(path, dict, exercises.ExerciseError)


def _everywhere(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_everywhere(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _everywhere(one, change) for key, one in value.items()}
    return value
