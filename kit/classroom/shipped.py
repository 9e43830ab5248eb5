"""What goes along with an assignment: the modules that its notebooks import, and the data."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

from kit import datasets, own_texts
from kit.classroom.assignment import Assignment
from kit.classroom.blanked import without_answers

__all__ = ["articles_of", "copy_data", "copy_kit"]

# Whence a student's copy is reached. What `python -m kit` can do besides is for instructors.
_ROOTS = ("kit/__init__.py", "kit/__main__.py", "kit/doctor.py", "kit/lessons/*.py")
#: What an article keeps for whoever may see the answers.
_ANSWERS = ("benchmarks.toml", "dates.toml", "disputed.toml", "facts.toml")
#: Word lists that are an answer of their own: which words a machine has put in.
_TELLING = ("cues-spun.csv", "swaps.csv")


# -- the kit: what notebooks import ----------------------------------------------------------------


def copy_kit(folder: Path) -> bool:
    """Copy the part of ``kit/`` that notebooks need, and say whether the kit's rules are in it."""
    root = datasets.root()
    modules = _modules(root)
    for path in modules:
        _copy(root / path, folder / path)
    return Path("kit/suggest/__init__.py") in modules


def _modules(root: Path) -> set[Path]:
    """Return the files of ``kit/`` that a student's copy needs, as paths from the root.

    Those are the modules that the lessons import, by whatever way, and what is no Python in the
    folders of these: style sheets, scripts, tables.
    """
    waiting = [path for pattern in _ROOTS for path in root.glob(pattern)]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_file():
            continue
        found.add(path)
        waiting += [
            folder / "__init__.py" for folder in path.parents if folder.is_relative_to(root / "kit")
        ]
        if path.name != "__main__.py":
            waiting += _imported(path, root)
    for folder in {path.parent for path in found} - {root / "kit"}:
        found |= {p for p in folder.iterdir() if p.is_file() and p.suffix != ".py"}
    return {path.relative_to(root) for path in found}


def _imported(path: Path, root: Path) -> list[Path]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    found = []
    for name in names:
        if name.split(".")[0] == "kit":
            place = root.joinpath(*name.split("."))
            found += [place.with_suffix(".py"), place / "__init__.py"]
    if _by_name(path):
        found += path.parent.glob("*.py")
    return found


def _by_name(path: Path) -> bool:
    """Say whether a package imports its modules by names that only running it could tell."""
    return path.is_file() and "import_module(" in path.read_text(encoding="utf-8")


# -- the data --------------------------------------------------------------------------------------


def articles_of(assignment: Assignment) -> list[str]:
    """Return the articles that the notebooks use."""
    from kit.lessons import OWN

    found = {assignment.article}
    if OWN in assignment.lessons:
        found.add(own_texts.PRACTICE)  # what the last lesson offers to whoever has no text
    for lesson in assignment.lessons:
        found |= {path.parent.parent.name for path in _data().glob(f"*/exercises/{lesson}.toml")}
    return sorted(found)


def copy_data(folder: Path, assignment: Assignment, *, suggesting: bool) -> None:
    """Copy the data that go along with an assignment; for a mark, without the answers.

    Args:
        folder: where the folders of the articles, the codebook and the word lists are to lie.
        suggesting: whether the kit's rules go along, which need all word lists.

    Raises:
        KitError: an exercise or a fact cannot be used.
    """
    data, graded = _data(), assignment.mode == "graded"
    for path in sorted((data / "codebook").glob("*.toml")):
        _copy(path, folder / "codebook" / path.name)
    for path in sorted((data / "lexicons").iterdir()):
        if path.name in _TELLING and graded and not suggesting:
            continue
        _copy(path, folder / "lexicons" / path.name)
    for id in articles_of(assignment):
        home, there = data / id, folder / id
        for name in ("article.txt", "article.toml"):
            _copy(home / name, there / name)
        for path in sorted((home / "codebook").glob("*.toml")):
            _copy(path, there / "codebook" / path.name)
        for lesson in assignment.lessons:
            path = home / "exercises" / f"{lesson}.toml"
            if path.exists() and graded:
                (there / "exercises").mkdir(exist_ok=True)
                (there / "exercises" / path.name).write_bytes(without_answers(path, id))
            elif path.exists():
                _copy(path, there / "exercises" / path.name)
        if graded:
            continue
        for name in _ANSWERS:
            if (home / name).exists():
                _copy(home / name, there / name)
        for path in sorted((home / "codings").glob("*")):
            # What the rules suggested is for whoever makes the reference.
            if path.suffix in (".json", ".md") and path.name != "suggested.json":
                _copy(path, there / "codings" / path.name)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _data() -> Path:
    return datasets.root() / "datasets"
