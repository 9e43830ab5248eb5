"""A question with options."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from kit.base.toml_reader import TomlTable
from kit.exercises.kinds.kind import FREE, Kind, Paper, Still, doubled, known_ids, named, unknown
from kit.exercises.markup import plain
from kit.exercises.outcome import Context, Disputed, Opinion, Part, stand


class Option(TomlTable):
    """One thing that can be chosen."""

    id: str
    text: str


class Reading(TomlTable):
    """The best reason for one answer to a disputed question, and whose reading it is."""

    option: str
    reason: str
    by: str = ""


class Question(TomlTable):
    """A question with options; without options of its own it has the exercise's."""

    id: str
    text: str
    answer: tuple[str] | None = None
    reasons: dict[str, str] = {}
    options: tuple[Option, ...] = ()
    readings: tuple[Reading, ...] = ()


class Choice(Kind):
    """One option, chosen from a list."""

    class Keys(TomlTable):
        options: tuple[Option, ...] = ()
        questions: tuple[Question, ...] = ()

    statuses = {"choose": ("fact", "anchor", "disputed", "open")}
    where = ("choose", "count", *FREE)
    kept = {
        "options": named("id", "text"),
        "questions": {**named("id", "text"), "options": named("id", "text")},
    }
    place = 2
    script = "choice"

    def __init__(self, exercise: Any, question: Question):
        super().__init__(exercise, question.id, question.text)
        self.question = question
        self.options = {option.id: option.text for option in exercise.options_of(question)}

    @classmethod
    def of(cls, exercise: Any) -> list[Choice]:
        return [cls(exercise, question) for question in exercise.questions]

    @classmethod
    def contradictions(cls, exercise: Any) -> Iterator[str]:
        if exercise.kind in cls.statuses and not exercise.questions:
            yield "there is nothing to choose: add questions."
        for question in exercise.questions:
            yield from (f"question “{question.id}”: {said}" for said in _amiss(exercise, question))

    def form(self, context: Context) -> dict[str, Any]:
        return {"options": [{"id": id, "text": context.say(t)} for id, t in self.options.items()]}

    def still(self, value: Any, context: Context) -> Still:
        chosen = value or []
        return Still(
            "ticks",
            [f"{'☒' if id in chosen else '☐'} {context.say(t)}" for id, t in self.options.items()],
        )

    def paper(self, context: Context) -> Paper:
        ticks = [context.say(text) for text in self.options.values()]
        return Paper(context.say(self.label), ticks=ticks)

    def said(self, value: Any) -> str | None:
        if not isinstance(value, list):
            return None
        return plain("; ".join(text for id, text in self.options.items() if id in value))

    def clean(self, value: Any) -> list[str]:
        chosen = known_ids(value, self.options)
        return chosen if len(chosen) == 1 else []

    def judge(self, value: Any, context: Context) -> Part:
        say = context.say(self.question.reasons.get(value[0], ""))
        return Part(tuple(value) == self.question.answer, say)

    def readings(self, value: Any, context: Context) -> tuple[Disputed, ...]:
        readings = self.question.readings
        if not readings:
            return ()
        texts = {id: context.say(text) for id, text in self.options.items()}
        opinions = (Opinion(r.by, texts[r.option], context.say(r.reason)) for r in readings)
        shared = [reading.by for reading in readings if reading.option in value]
        yours = texts[value[0]]
        return (Disputed(context.say(self.label), tuple(opinions), yours, stand(shared)),)

    def expected(self, context: Context, text: str) -> list[str]:
        if self.question.answer:
            return list(self.question.answer)
        if self.question.readings:
            return [self.question.readings[0].option]
        return [next(iter(self.options))]

    def wrong(self, context: Context) -> list[str] | None:
        answer = self.question.answer
        return [next(id for id in self.options if id not in answer)] if answer else None


def shuffled(exercise: Any, student: str) -> Any:
    """Return an exercise with each question's own options in an order that is the student's.

    Options that questions share are a scale, and stay as they are.

    Args:
        student: who asks for it; the same for the same student at every call.
    """

    def mixed(question: Question) -> Question:
        def place(option: Option) -> bytes:
            told = "\0".join((student, exercise.id, question.id, option.id))
            return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).digest()

        options = tuple(sorted(question.options, key=place))
        return msgspec.structs.replace(question, options=options)

    return msgspec.structs.replace(exercise, questions=tuple(map(mixed, exercise.questions)))


def _amiss(exercise: Any, question: Question) -> Iterator[str]:
    """Yield what a question itself shows to be wrong."""
    ids = [option.id for option in exercise.options_of(question)]
    yield from doubled(ids, "options")
    if len(ids) < 2:
        yield "it needs two options or more, of its own or shared."
    if exercise.status == "disputed":
        read = [reading.option for reading in question.readings]
        yield from unknown(ids, read, "reading")
        if len(set(read)) < 2:
            yield "disputed means that there are readings for two different options or more."
    if not exercise.checked:
        return
    if question.answer is None:
        yield f"what is {exercise.status} has a right answer: add “answer”."
        return
    yield from unknown(ids, question.answer, "answer")
    yield from unknown(ids, question.reasons, "reason")
    for id in ids:
        if id not in question.answer and not question.reasons.get(id, "").strip():
            yield f"the wrong option “{id}” needs a reason why it is not right."
