"""What of a class's work counts: which exercises, which layers, and what they are held against."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from desk.handout.assignment import Assignment, AssignmentError
from desk.handout.compose import is_marked
from kit import exercises
from kit.base.errors import KitError
from kit.base.phrases import brief
from kit.coding.codebook import Codebook, Layer
from kit.exercises import OWN, UNSEEN, Context, Exercise
from kit.exercises.forms import AFTER, BEFORE
from kit.exercises.surroundings import context_on
from kit.library import datasets
from kit.library.reference import Reference
from kit.text.article import Article


@dataclass(frozen=True)
class Plan:
    """What counts for a class, and what its answers are held against.

    Attributes:
        article, codebook, reference: the text under study, with its reference if it has one.
        asked: the exercises, in their order.
        counted: ids of those whose marks count.
        layers: the layers on which the class is compared.
        assignment: what the plan was made from.
    """

    article: Article
    codebook: Codebook
    reference: Reference | None
    asked: tuple[Exercise, ...]
    counted: frozenset[str]
    layers: tuple[Layer, ...]
    assignment: Assignment
    #: What is known of answers already checked, for whoever checks them.
    known: dict = field(default_factory=dict, repr=False, compare=False)
    _contexts: dict[str, Context] = field(default_factory=dict, repr=False, compare=False)

    def context(self, exercise: Exercise) -> Context:
        """Return what an answer is held against, with nobody's labels.

        Raises:
            KitError: the data of the exercise's article cannot be used.
        """
        id = self.article.id if exercise.article == OWN else exercise.article
        if id not in self._contexts:
            article = self.article if id == self.article.id else datasets.load_article(id)
            self._contexts[id] = context_on(article)
        return self._contexts[id]

    @property
    def title(self) -> str:
        """What the assignment is called; the article's id if it has no name."""
        return self.assignment.title or self.article.id

    @property
    def graded(self) -> bool:
        """Whether students were given no other reading and no answers."""
        return self.assignment.mode == "graded"

    @cached_property
    def checked(self) -> tuple[Exercise, ...]:
        """The exercises that have a right answer."""
        return tuple(e for e in self.asked if e.checked)

    @cached_property
    def written(self) -> tuple[Exercise, ...]:
        """The exercises in which students write in their own words."""
        return tuple(e for e in self.asked if e.texts)

    def labels_asked(self, layer: str) -> int:
        """Return how many labels the exercises ask for on a layer; at least one."""
        here = (OWN, self.article.id)
        about = [e for e in self.asked if e.layer == layer and e.article in here]
        units = {unit for e in about for unit in e.units}
        blocks = {block for e in about if not e.at_least for block in e.blocks}
        return max(1, len(units), len(blocks), *(e.at_least for e in about))


def lessons() -> list[str]:
    """Return the names of all lessons that have exercises."""
    data = datasets.root() / "datasets"
    return sorted({path.stem for path in data.glob("*/exercises/*.toml")})


def plan_of(assignment: Assignment) -> Plan:
    """Return what an assignment asks.

    Raises:
        AssignmentError: it names a lesson, an exercise or a layer that is not there.
        KitError: the article's data cannot be used.
    """
    article = datasets.load_article(assignment.article)
    codebook = datasets.codebook(article.id)
    unknown = sorted(set(assignment.lessons) - set(lessons()))
    if unknown:
        raise AssignmentError(
            f"There is no lesson “{brief(unknown[0])}”. There is: {', '.join(lessons())}."
        )
    # Whoever writes a file by hand may name a thing twice; it counts once.
    there = _exercises(dict.fromkeys(assignment.lessons), article.id)
    ids = {exercise.id for exercise in there}
    named = [id for id in assignment.exercises if id not in (BEFORE, AFTER)]  # once, one could
    for id in named:
        if id not in ids:
            raise AssignmentError(
                f"The assignment’s lessons have no exercise {brief(id)} on {article.id}. "
                f"They have: {', '.join(sorted(ids)) or 'none'}."
            )
    if assignment.exercises:
        asked = tuple(e for e in there if e.id in named)
        counted = frozenset(named)
    else:
        asked = tuple(there)
        counted = frozenset(e.id for e in there if is_marked(e, article.id) and not e.skip)
    about = {e.layer for e in asked if e.article in (OWN, article.id)}
    names = assignment.layers or [layer.id for layer in codebook.layers if layer.id in about]
    try:
        layers = tuple(codebook.layer(name) for name in dict.fromkeys(names))
    except KitError as problem:
        raise AssignmentError(brief(str(problem), 400)) from None
    return Plan(
        article,
        codebook,
        datasets.load_reference(article.id),
        asked,
        counted,
        layers,
        assignment,
    )


def whole_course(article: str, begun: Collection[str]) -> Plan:
    """Return the plan where there is no assignment: every lesson out of which somebody has handed
    something in; what may be skipped does not count.

    Args:
        article: id of the text.
        begun: ids of exercises that somebody has handed in.
    """
    names = [n for n in lessons() if any(e.id in begun for e in _exercises([n], article))]
    return plan_of(Assignment("class", "", article, tuple(names)))


def _exercises(names: Iterable[str], article: str) -> list[Exercise]:
    """Return the exercises that stand in a work file on the article.

    Those before and after the course are no part of it; a lesson that has nothing on this article,
    and is not about any text, has none.
    """
    found: list[Exercise] = []
    for name in names:
        there = [e for e in exercises.load(name) if e.article != UNSEEN]  # nobody is marked there
        if any(e.article in (OWN, article) for e in there):
            found += there
    return found
