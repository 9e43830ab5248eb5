"""A question with options."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from kit.base.phrases import join
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
    most: int = 1
    answer: tuple[str, ...] | None = None
    reasons: dict[str, str] = {}
    options: tuple[Option, ...] = ()
    readings: tuple[Reading, ...] = ()


class Choice(Kind):
    """One option or several, chosen from a list."""

    class Keys(TomlTable):
        options: tuple[Option, ...] = ()
        questions: tuple[Question, ...] = ()

    statuses = {"choose": ("fact", "anchor", "disputed", "open")}
    where = ("choose", "count", *FREE)
    kept = {
        "options": named("id", "text"),
        "questions": {**named("id", "text", "most"), "options": named("id", "text")},
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
        yield from doubled([option.id for option in exercise.options], "options")
        if exercise.options and all(question.options for question in exercise.questions):
            yield "no question uses the options that questions can share."
        for question in exercise.questions:
            yield from (f"question “{question.id}”: {said}" for said in _amiss(exercise, question))

    @classmethod
    def texts(cls, exercise: Any) -> Iterator[str]:
        yield from (option.text for option in exercise.options)
        for question in exercise.questions:
            yield from (question.text, *question.reasons.values())
            yield from (option.text for option in question.options)
            yield from (reading.reason for reading in question.readings)

    def form(self, context: Context) -> dict[str, Any]:
        options = [{"id": id, "text": context.say(text)} for id, text in self.options.items()]
        return {"options": options, "most": self.question.most}

    def still(self, value: Any, context: Context) -> Still:
        chosen = value or []
        return Still(
            "ticks",
            [f"{'☒' if id in chosen else '☐'} {context.say(t)}" for id, t in self.options.items()],
        )

    def paper(self, context: Context) -> Paper:
        most = self.question.most
        how = f"Tick up to {most}." if most > 1 else ""
        ticks = [context.say(text) for text in self.options.values()]
        return Paper(context.say(self.label), how, ticks=ticks)

    def said(self, value: Any) -> str | None:
        if not isinstance(value, list):
            return None
        return plain("; ".join(text for id, text in self.options.items() if id in value))

    def clean(self, value: Any) -> list[str]:
        chosen = known_ids(value, self.options)
        return chosen if len(chosen) <= self.question.most else []

    def judge(self, value: Any, context: Context) -> Part:
        answer = self.question.answer or ()
        wrong = [id for id in value if id not in answer]
        if wrong:
            reasons = [context.say(self.question.reasons[id]) for id in wrong]
            if len(reasons) > 1:
                texts = [context.say(self.options[id]) for id in wrong]
                reasons = [f"“{text}”: {reason}" for text, reason in zip(texts, reasons)]
            return Part(False, " ".join(reasons))
        if len(value) < len(answer):
            return Part(False, "What you chose is right, and something is still missing.")
        return Part(True)

    def readings(self, value: Any, context: Context) -> tuple[Disputed, ...]:
        readings = self.question.readings
        if not readings:
            return ()
        texts = {id: context.say(text) for id, text in self.options.items()}
        opinions = (Opinion(r.by, texts[r.option], context.say(r.reason)) for r in readings)
        shared = [reading.by for reading in readings if reading.option in value]
        yours = join([texts[id] for id in value])
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
    yield from doubled([option.id for option in question.options], "options")
    if len(ids) < 2:
        yield "it needs two options or more, of its own or shared."
    if not 1 <= question.most <= max(len(ids), 1):
        yield f"most = {question.most}, but there are {len(ids)} options."
    answer, status = question.answer, exercise.status
    if answer is not None and not exercise.checked:
        yield f"what is {status} has no right answer: leave out “answer”."
    if question.readings and status != "disputed":
        yield f"readings belong to what is disputed; this is {status}."
    if question.reasons and not exercise.checked:
        yield f"reasons against an option belong to what has a right answer; this is {status}."
    if status == "disputed":
        yield from unknown(ids, [r.option for r in question.readings], "reading")
        if len({r.option for r in question.readings}) < 2:
            yield "disputed means that there are readings for two different options or more."
        if not all(r.reason.strip() for r in question.readings):
            yield "every reading needs its best reason."
    if not exercise.checked:
        return
    if not answer:
        yield f"what is {status} has a right answer: add “answer”."
        return
    yield from unknown(ids, answer, "answer")
    yield from unknown(ids, question.reasons, "reason")
    yield from doubled(answer, "answers")
    if len(answer) > question.most:
        yield f"{len(answer)} options are right, but most = {question.most}."
    for id in ids:
        reason = question.reasons.get(id, "").strip()
        if id not in answer and not reason:
            yield f"the wrong option “{id}” needs a reason why it is not right."
        if id in answer and reason:
            yield f"“{id}” is right, so its reason is never shown: say it in “yes”."
