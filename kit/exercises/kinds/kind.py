"""What every kind of control knows: how it is read, shown, checked, marked and handed out.

An object of a kind is one control of one exercise, a field or a question. What it says of a value
is said of what a student answered there, as :meth:`Kind.clean` leaves it; empty is not answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from kit.base.toml_reader import TomlTable
from kit.coding.codebook import Layer
from kit.exercises.outcome import Context, Disputed, Outcome, Part, Verdict

#: What a hand-out keeps of a table: these keys, and of tables in them again the named ones only.
#: A key with nothing below it is kept whole.
Kept = Mapping[str, "Kept"]
#: For each item that is marked, 0 … 1.
Items = dict[str, float]
#: The exercises that are answered in the student's own words.
FREE = ("explain", "compare", "transfer")


def named(*keys: str) -> Kept:
    """Return that these keys are kept, each whole."""
    return dict.fromkeys(keys, {})


class Still(NamedTuple):
    """An answer as a page shows it that stands still: lines, as ``ticks``, ``ol``, ``ul`` or, the
    one line that there is then, as ``p``."""

    how: str
    lines: Sequence[str]


class Paper(NamedTuple):
    """A control on paper: what is asked, and the room there is to answer.

    Attributes:
        label: what is asked, beside a blank where nothing else gives room.
        how: how to answer, in a sentence; may be empty.
        begun: words to go on from.
        lines: how many ruled lines.
        ticks: what can be ticked.
        numbers: what a number can be written beside.
        heads, rows: a table to fill in.
        layer: the layer of the codebook that is labelled.
        cards: how many records of that layer there is room for.
    """

    label: str = ""
    how: str = ""
    begun: str = ""
    lines: int = 0
    ticks: Sequence[str] = ()
    numbers: Sequence[str] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    layer: Layer | None = None
    cards: int = 0


class Kind:
    """One kind of control. What has no right answer needs neither ``judge`` nor ``wrong``.

    Attributes:
        statuses: the kinds of exercise that it makes possible, and what their ``status`` may be.
        Keys: the keys of an exercise that are about it.
        where: in which kinds of exercise those keys may stand; in any if there is none.
        kept: what a hand-out for a mark keeps of those keys. All that is not named is left out.
        place: where it stands in a form among others, which the student’s own words end.
        sole_id: the id of its control, where an exercise can have only one; otherwise "".
        script: the file in ``kit/widgets/controls/`` that draws it; "" if it is not in the form.
        button: what the button of an exercise says that checks it.
        exercise: the exercise that this is a control of.
        id: what its answer is called among the exercise's.
        label: what is asked, as the exercise has it.
        name: what sentences call it.
    """

    statuses: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    Keys: ClassVar[type[TomlTable]] = TomlTable
    where: ClassVar[tuple[str, ...]] = ()
    kept: ClassVar[Kept] = {}
    place: ClassVar[int] = 5
    sole_id: ClassVar[str] = ""
    script: ClassVar[str] = ""
    button: ClassVar[str] = "Check"

    def __init__(self, exercise: Any, id: str, label: str, name: str = ""):
        self.exercise = exercise
        self.id = id
        self.label = label
        self.name = name or label

    # -- of an exercise: the keys of ``Keys`` are among its own ------------------------------------

    @classmethod
    def of(cls, exercise: Any) -> Iterable[Kind]:
        """Return the controls of this kind that an exercise has, in their order."""
        raise NotImplementedError

    @classmethod
    def contradictions(cls, exercise: Any) -> Iterator[str]:
        """Yield what an exercise itself shows to be wrong, each as a sentence or two."""
        yield from ()

    @classmethod
    def problems(cls, exercise: Any, context: Context) -> Iterator[str]:
        """Yield what is wrong that only the article, its facts and its reference can show."""
        yield from ()

    # -- shown -------------------------------------------------------------------------------------

    def form(self, context: Context) -> dict[str, Any]:
        """Return what the script needs to draw it, besides type, id and label, as plain data."""
        return {}

    def still(self, value: Any, context: Context) -> Still:
        """Return what stands there where no script runs; None is not answered."""
        return Still("p", [value or "……………"])

    def paper(self, context: Context) -> Paper:
        """Return what stands on a worksheet."""
        return Paper(context.say(self.label))

    def said(self, value: Any) -> str | None:
        """Return an answer in words, a line for each thing; None for nothing to tell.

        Args:
            value: as it stands in a work file, which may hold anything.
        """
        return value if isinstance(value, str) else None

    # -- answered ----------------------------------------------------------------------------------

    def clean(self, value: Any) -> Any:
        """Return what a page sent, if it has the form of an answer; otherwise something empty."""
        raise NotImplementedError

    def complete(self, value: Any) -> bool:
        """Say whether there is an answer that nothing is missing of."""
        return bool(value)

    def left(self, value: Any, context: Context) -> tuple[str, ...]:
        """Return what is asked here and is not answered."""
        return () if self.complete(value) else (self.id,)

    def check(self, value: Any, context: Context) -> Outcome:
        """Return what this answer alone comes to; nothing is said of the whole.

        Raises:
            ExerciseError: the exercise asks about something that is not there.
        """
        if not self.exercise.checked:
            parts = {self.id: Part(None, self.remark(value, context) if value else "")}
            if not self.complete(value):
                return Outcome("empty", "", parts)
            return Outcome("kept", "", parts, self.readings(value, context))
        part = self.judge(value, context) if value else Part(None)
        verdict: Verdict = "empty" if part.ok is None else "yes" if part.ok else "not yet"
        return Outcome(verdict, "", {self.id: part})

    def judge(self, value: Any, context: Context) -> Part:
        """Return whether an answer is right, and if it is not, why; raises as :meth:`check`."""
        raise NotImplementedError

    def remark(self, value: Any, context: Context) -> str:
        """Return what to tell of an answer that is kept, without judging it."""
        return ""

    def readings(self, value: Any, context: Context) -> tuple[Disputed, ...]:
        """Return the readings of what is disputed, beside the student's."""
        return ()

    # -- what an answer may be ---------------------------------------------------------------------

    def expected(self, context: Context, text: str) -> Any:
        """Return a right answer, or one that is kept where none is right.

        Args:
            text: what to write where a person's own words are asked for.
        """
        raise NotImplementedError

    def wrong(self, context: Context) -> Any:
        """Return an answer that a check does not take; None if it takes any."""
        return None

    # -- marked ------------------------------------------------------------------------------------

    def marked(self, context: Context) -> tuple[str, ...]:
        """Return the items that are marked; none depends on another."""
        return (self.id,)

    def pieces(self, value: Any, context: Context) -> dict[str, Any]:
        """Return an answer in the pieces by which it is judged, each by itself."""
        return {self.id: value}

    def worth(self, piece: str, value: Any, context: Context) -> Any:
        """Return what one of the pieces is worth; raises as :meth:`check`."""
        return float(self.check(value, context).parts[self.id].ok is True)

    def marks(self, worth: Mapping[str, Any]) -> Items:
        """Return what each item is worth, from what each piece is."""
        return dict(worth)


# -- what kinds share ------------------------------------------------------------------------------


def known_ids(value: Any, known: Iterable[str]) -> list[str]:
    """Return a list of known ids, each once; nothing if there is anything else in it."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return []
    if not all(isinstance(id, str) and id in known for id in value):
        return []
    return list(dict.fromkeys(value))


def short_text(value: Any, most: int) -> str:
    """Return a text that is not empty and has no more than so many characters; otherwise ""."""
    if not isinstance(value, str) or len(value) > most or not value.strip():
        return ""
    return value.encode("utf-8", "replace").decode("utf-8")  # a page may send half a character


def doubled(ids: Iterable, what: str) -> Iterator[str]:
    """Yield a sentence for each id that is there twice."""
    for id, times in Counter(ids).items():
        if times > 1:
            yield f"two {what} share the id “{id}”."


def unknown(known: Sequence[str], named: Iterable[str], what: str) -> Iterator[str]:
    """Yield a sentence for each id that is not known."""
    for id in named:
        if id not in known:
            yield f"{what} “{id}”: there is no such option or entry. There is: {', '.join(known)}."
