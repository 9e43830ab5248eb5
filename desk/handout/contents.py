"""What goes along with an assignment: the modules that its notebooks import, and the data."""

from __future__ import annotations

import ast
import shutil
import tomllib
from collections.abc import Collection
from pathlib import Path

from desk.handout.assignment import Assignment
from desk.handout.blanking import without_answers
from kit.base.toml_writer import to_toml
from kit.library import datasets
from kit.work import own_texts

__all__ = ["articles_of", "copy_data", "copy_kit"]

# Whence a student's copy is reached. What `python -m kit` can do besides is for instructors.
_ROOTS = ("kit/__init__.py", "kit/__main__.py", "kit/doctor.py", "kit/lessons/*.py")
#: What an article keeps for whoever may see the answers.
_ANSWERS = ("benchmarks.toml", "dates.toml", "disputed.toml", "facts.toml")
#: What is known about an article and is for the instructor alone: where the text was had from. For
#: a mark also how its day was found, and what the machine has done to its words: answers, both.
_ASIDE, _ASIDE_GRADED = {"source"}, {"source", "date_source", "text_history"}
#: For a mark: the word list that a tool shows, and what the rules need where they go along. The
#: others are answers of their own, such as which words a machine has put in.
_SHOWN, _FOR_RULES = ("hedges.csv",), ("README.md", "cues.csv", "cues-spun.csv")


# -- the kit: what notebooks import ----------------------------------------------------------------


def copy_kit(folder: Path, assignment: Assignment | None = None) -> bool:
    """Copy the part of ``kit/`` that notebooks need, and say whether the kit's rules are in it.

    For a mark a rule goes along only where a notebook shows what it finds on a student's own text:
    on the article that is asked about, what it finds is most of the answers.
    """
    root = datasets.root()
    only = None if assignment is None or assignment.mode == "practice" else _rules(assignment)
    modules = _modules(root, only)
    for path in modules:
        _copy(root / path, folder / path)
    return Path("kit/suggest/attribution/__init__.py") in modules


def _rules(assignment: Assignment) -> tuple[str, ...]:
    """Return the layers whose rules go along for a mark."""
    from kit.lessons import OWN

    return ("attribution",) if OWN in assignment.lessons else ()


def _modules(root: Path, rules: Collection[str] | None = None) -> set[Path]:
    """Return the files of ``kit/`` that a student's copy needs, as paths from the root.

    Those are the modules that the lessons import, by whatever way, and what is no Python in the
    folders of these: style sheets, scripts, tables. Of modules that are imported by a name which
    only running would tell, all are taken, or those that ``rules`` names.
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
            waiting += _imported(path, root, rules)
    for folder in {path.parent for path in found} - {root / "kit"} | {root / "kit" / "templates"}:
        found |= {
            p for p in folder.iterdir() if p.is_file() and p.suffix != ".py" and _wanted(p, found)
        }
    return {path.relative_to(root) for path in found}


def _wanted(path: Path, found: Collection[Path]) -> bool:
    """Say whether what is no Python goes along: ``role_weights.csv`` does so with ``role.py``."""
    owner = path.with_name(f"{path.stem.partition('_')[0]}.py")
    return owner in found or not owner.exists()


def _imported(path: Path, root: Path, rules: Collection[str] | None) -> list[Path]:
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
    if _by_name(path) and rules is None:
        found += path.parent.glob("*.py")
    elif _by_name(path):
        for name in rules:
            place = path.parent / name
            found += [place.with_suffix(".py"), place / "__init__.py"]
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


def copy_data(folder: Path, assignment: Assignment, *, suggesting: bool = False) -> None:
    """Copy the data that go along with an assignment; for a mark, without the answers.

    Args:
        folder: where the folders of the articles, the codebook and the word lists are to lie.
        suggesting: whether the kit's rules go along, which need word lists.

    Raises:
        KitError: an exercise or a fact cannot be used.
    """
    data, graded = _data(), assignment.mode == "graded"
    for path in sorted((data / "codebook").glob("*.toml")):
        _copy(path, folder / "codebook" / path.name)
    lists = (*_SHOWN, *(_FOR_RULES if suggesting else ()))
    for path in sorted((data / "lexicons").iterdir()):
        if not graded or path.name in lists:
            _copy(path, folder / "lexicons" / path.name)
    for id in articles_of(assignment):
        home, there = data / id, folder / id
        _copy(home / "article.txt", there / "article.txt")
        aside = _ASIDE_GRADED if graded else _ASIDE
        about = tomllib.loads((home / "article.toml").read_text(encoding="utf-8"))
        known = {key: value for key, value in about.items() if key not in aside}
        (there / "article.toml").write_bytes(to_toml(known))
        for path in sorted((home / "codebook").glob("*.toml")):
            _copy(path, there / "codebook" / path.name)
        for lesson in assignment.lessons:
            path = home / "exercises" / f"{lesson}.toml"
            if path.exists() and graded:
                (there / "exercises").mkdir(exist_ok=True)
                blanked = without_answers(path, id, assignment.exercises or None)
                if blanked is not None:
                    (there / "exercises" / path.name).write_bytes(blanked)
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
