"""What every exercise has, whatever its kind."""

from __future__ import annotations

from typing import Any, Literal

from kit.base.errors import KitError
from kit.base.toml_reader import TomlTable

#: As ``article``: whatever text the student has chosen.
OWN = "own"
#: As ``article``: the one of two texts that the student has not met, see :mod:`.forms`.
UNSEEN = "unseen"


class ExerciseError(KitError, ValueError):
    """An exercise cannot be used; the message names the file and what to mend in it."""


class Graded(TomlTable):
    """What an exercise says in a folder for a mark, each text in place of that with its name.

    Attributes:
        left_out: the exercise is not asked there at all.
    """

    left_out: bool = False
    title: str = ""
    prompt: str = ""
    support: str = ""
    stretch: str = ""
    hints: tuple[str, ...] = ()


class AnyExercise(TomlTable):
    """One exercise, without its kind's keys; ``docs/exercises.md`` explains every key.

    Attributes:
        graded, own_graded: only in the instructor's copy.
        lesson: the lesson it belongs to, set on loading.
        article: id of the article it is about, set on loading, or ``"own"`` or ``"unseen"``.
        form: in which of two forms it is asked, at the end of its id; "" if there is only one.
    """

    id: str
    title: str
    kind: str
    status: Literal["fact", "anchor", "disputed", "open"]
    minutes: tuple[int, int, int]
    prompt: str
    skip: bool = False
    unmarked: bool = False
    support: str = ""
    stretch: str = ""
    hints: tuple[str, ...] = ()
    graded: Graded = Graded()
    own_graded: Graded = Graded()
    yes: str = ""
    lesson: str = ""
    article: str = ""
    form: str = ""

    @property
    def number(self) -> str:
        """What it is called wherever somebody reads it, in whichever form."""
        return self.id.removesuffix(self.form)

    @property
    def checked(self) -> bool:
        """Whether there is a right answer."""
        return self.status in ("fact", "anchor")

    @property
    def numbers(self: Any) -> tuple[Any, ...]:
        """The number fields of a count."""
        return tuple(field for field in self.fields if not isinstance(field, str))

    @property
    def checked_fields(self: Any) -> tuple[str, ...]:
        """The fields of a record that a label exercise checks."""
        return tuple(field for field in self.fields if isinstance(field, str))

    @property
    def evidence(self: Any) -> int:
        """How many rows of evidence all its texts ask for."""
        return sum(text.evidence for text in self.texts)

    def options_of(self: Any, question: Any) -> tuple[Any, ...]:
        """Return what can be chosen in answer to one of its questions."""
        return question.options or self.options
