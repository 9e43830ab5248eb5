"""What goes along with an assignment: the kit, and the data."""

from __future__ import annotations

import shutil
from pathlib import Path

from desk.handout.assignment import Assignment
from desk.handout.blanking import without_answers, without_graded
from kit import exercises
from kit.base.toml_reader import read_toml
from kit.base.toml_writer import to_toml
from kit.exercises import UNSEEN
from kit.exercises.forms import FORMS
from kit.library import datasets
from kit.library.course import OWN_LESSON
from kit.text.article import ArticleError
from kit.work import own_texts

#: What of ``kit/suggest/`` goes along for a mark: all that holds no rule.
_GRADED = {"__init__.py", "cli.py", "precision.json", "rule.py"}
#: What an article keeps for whoever may see the answers.
_ANSWERS = ("benchmarks.toml", "dates.toml", "disputed.toml", "facts.toml")
#: What is known about an article and is for the instructor alone: where the text was had from. For
#: a mark also how its day was found, and what the machine has done to its words: answers, both.
_ASIDE, _ASIDE_GRADED = {"source"}, {"source", "date_source", "text_history"}
#: For a mark: the word list that a tool shows, and what the rules need where they go along. The
#: others are answers of their own, such as which words a machine has put in.
_SHOWN, _FOR_RULES = ("hedges.csv",), ("README.md", "attribution.toml", "cues.csv", "cues-spun.csv")


# -- the kit ---------------------------------------------------------------------------------------


def copy_kit(folder: Path, assignment: Assignment | None = None) -> bool:
    """Copy ``kit/`` as it is, and say whether the kit's rules for attributions are in it.

    For a mark a layer's rules go along only where a notebook shows what they find on a student's
    own text: on the article that is asked about, what they find is most of the answers.
    """
    source = datasets.root() / "kit"
    # Originals are kept of the notebooks that are handed out, by whoever hands them out.
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "originals")

    def left_behind(place: str, names: list[str]) -> set[str]:
        left = ignored(place, names)
        if Path(place) == source / "suggest" and assignment and assignment.mode == "graded":
            rules = {"attribution"} if OWN_LESSON in assignment.lessons else set()
            left |= set(names) - _GRADED - rules
        return left

    shutil.copytree(source, folder / "kit", ignore=left_behind)
    return (folder / "kit" / "suggest" / "attribution").is_dir()


# -- the data --------------------------------------------------------------------------------------


def articles_of(assignment: Assignment) -> list[str]:
    """Return the articles that the notebooks use."""
    found = {assignment.article}
    if OWN_LESSON in assignment.lessons:
        found.update(own_texts.ready())  # what the last lesson offers to whoever has no text
    for lesson in assignment.lessons:
        if any(exercise.article == UNSEEN for exercise in exercises.load(lesson)):
            found |= {*FORMS.values()}
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
    _copy(data / "glossary.toml", folder / "glossary.toml")
    lists = (*_SHOWN, *(_FOR_RULES if suggesting else ()))
    for path in sorted((data / "lexicons").iterdir()):
        if not graded or path.name in lists:
            _copy(path, folder / "lexicons" / path.name)
    for id in articles_of(assignment):
        home, there = data / id, folder / id
        _copy(home / "article.txt", there / "article.txt")
        aside = _ASIDE_GRADED if graded else _ASIDE
        about = read_toml(home / "article.toml", dict, ArticleError)
        known = {key: value for key, value in about.items() if key not in aside}
        (there / "article.toml").write_bytes(to_toml(known))
        layers = datasets.own_layers(id)
        for path in sorted(layers.glob("*.toml")):
            _copy(path, folder / layers.relative_to(data) / path.name)
        for lesson in assignment.lessons:
            path = home / "exercises" / f"{lesson}.toml"
            if not path.exists():
                continue
            (there / "exercises").mkdir(exist_ok=True)
            counted = assignment.exercises or None
            asked = without_answers(path, id, counted) if graded else without_graded(path)
            if asked is not None:
                (there / "exercises" / path.name).write_bytes(asked)
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
