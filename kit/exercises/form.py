"""An exercise and its record as plain data: what the page shows, and what a line of text says.

``form`` never changes while a notebook runs, ``state`` does; both are plain JSON data.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from kit.base.phrases import capital
from kit.base.templating import macros
from kit.coding.coding import Coding, CodingError
from kit.exercises import kinds
from kit.exercises.checks import check
from kit.exercises.kinds import clean
from kit.exercises.kinds.sure import HOW_SURE, SURE
from kit.exercises.labels import handed_in, same_answer
from kit.exercises.markup import inline, to_html
from kit.exercises.model import Exercise
from kit.exercises.outcome import Context, Outcome, reader
from kit.exercises.record import Record
from kit.work.merge import shortens

_TAGS = {"fact": "Checked", "anchor": "Checked", "disputed": "Two readings"}
_STALE = "You have changed your answer since you last handed it in."
#: By how sure somebody was: what to say if all was right, and if not.
_SAID = {
    "": ("", ""),
    "guess": (
        "You called it a guess. You knew more than you thought: what told you?",
        "You called it a guess, and it was one: you judged yourself well.",
    ),
    "fairly": (
        "You were fairly sure, and with reason.",
        "You were fairly sure. What had you relied on?",
    ),
    "sure": (
        "You were sure, and with reason.",
        "You were sure. It happens to careful readers too, and what surprises is remembered best: "
        "what had made you sure?",
    ),
}


def form(exercise: Exercise, context: Context) -> dict[str, Any]:
    """Return what the page needs to draw an exercise.

    Raises:
        KitError: a text names a fact that the article has not.
    """
    return {
        "id": exercise.number,
        "article": context.article.id,
        "title": context.say(exercise.title),
        "tag": _tag(exercise),
        "minutes": list(exercise.minutes),
        "prompt": to_html(context.fill(exercise.prompt)),
        "text": macros("task").text(context.article) if exercise.form else "",
        "support": to_html(context.fill(exercise.support)),
        "stretch": to_html(context.fill(exercise.stretch)),
        "controls": [
            {
                "type": control.script,
                "id": control.id,
                "label": context.say(control.label),
                **control.form(context),
            }
            for control in kinds.controls(exercise)
            if control.script
        ],
        "button": _button(exercise),
        "hints": len(exercise.hints),
    }


def state(
    exercise: Exercise, record: Record, context: Context, *, saved_at: str = ""
) -> dict[str, Any]:
    """Return how an exercise stands: what is in the form, what the last check said, how the first
    guess went, the hints that have been asked for.

    An answer that was changed after the check keeps the check's verdict, and is told so. The
    readings of what is disputed stay in view once an answer has been handed in.

    Args:
        saved_at: when the work was saved, as the page shall print it.
    """
    values = clean(exercise, record.values)
    return {
        "values": values,
        "outcome": _outcome(exercise, record, values, context),
        "attempts": record.attempts,
        "first_guess": first_guess(exercise, record, context),
        "hints": [context.say(hint) for hint in exercise.hints[: record.hints]],
        "earlier": _earlier(exercise, record, values),
        "saved_at": saved_at,
    }


def summary(form: dict[str, Any], state: dict[str, Any]) -> str:
    """Return an exercise in lines of text: ``3.3 How many Chinese officials? [not answered yet]``,
    and when it was handed in what the check said."""
    outcome = state["outcome"]
    if outcome is None:
        return f"{form['id']} {form['title']} [not answered yet]"
    verdict = "not answered yet" if outcome["verdict"] == "empty" else outcome["verdict"]
    lines = [f"{form['id']} {form['title']} [{verdict}]", outcome["say"]]
    names = {control["id"]: control["label"] for control in form["controls"]}
    for id, part in outcome["parts"].items():
        if part["say"]:
            lines.append(f"{names.get(id, id)}: {part['say']}")
    return "\n".join(line for line in lines if line)


def said(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as the page takes it."""
    drawn = macros("task")
    shown = [
        drawn.readings(one, [(capital(reader(each.by)), each) for each in one.readings])
        for one in outcome.readings
    ]
    if good := outcome.exemplar:
        shown.append(drawn.exemplar(to_html(good.text), [inline(point) for point in good.points]))
    return {
        "verdict": outcome.verdict,
        "say": outcome.say,
        "parts": {id: msgspec.to_builtins(part) for id, part in outcome.parts.items()},
        "reveal": "\n".join(shown).strip(),
    }


def _outcome(
    exercise: Exercise, record: Record, values: dict[str, Any], context: Context
) -> dict[str, Any] | None:
    if not record.tries:
        return None
    last = record.tries[-1]
    again = record.attempts > 1
    now = check(exercise, values, context, again=again)
    labels = handed_in(exercise, context)
    if values == last.values and same_answer(exercise, labels, last.labels):
        return said(now)
    # What others say has been seen already, and stays; everything else waits for the next check.
    readings = now.readings if any(one.verdict == "kept" for one in record.tries) else ()
    exemplar = check(exercise, last.values, context, again=again).exemplar
    return said(Outcome(last.verdict, _STALE, {}, readings, exemplar))


def _earlier(exercise: Exercise, record: Record, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was replaced and may be wanted back, the last first; a field that the exercise
    no longer has comes with what was written in it."""
    known = {control.id: control for control in kinds.controls(exercise)}
    found = []
    gone = {id: (value,) for id, value in record.values.items() if id not in known}
    for id, answers in (*record.earlier.items(), *gone.items()):
        control = known.get(id)
        for value in reversed(answers):
            now = values.get(id)
            if value == now or (now and isinstance(value, str) and not shortens(value, now)):
                continue
            usable = control is not None and bool(control.clean(value))
            said = control.said(value) if control is not None else None
            text = said or _in_words(value)
            if text:
                found.append({"id": id if usable else "", "text": text, "value": value})
    return found


def _in_words(value: Any) -> str:
    """Return an answer of which no control says how it reads: words, or rows of evidence."""
    if isinstance(value, str):
        return value
    rows = value if isinstance(value, list | tuple) else ()
    lines = (
        f"{one.get('block', '')}: {one.get('words', '')}" for one in rows if isinstance(one, dict)
    )
    return "\n".join(lines)


def _tag(exercise: Exercise) -> str:
    if exercise.unmarked:
        return "Not marked"
    return _TAGS.get(exercise.status) or ("Read by a person" if exercise.texts else "Kept")


def _button(exercise: Exercise) -> str:
    if exercise.status == "disputed":
        return "Keep my answer and show the readings"
    if exercise.status == "open":
        return "Check my evidence and keep my answer" if exercise.evidence else "Keep my answer"
    return kinds.controls(exercise)[0].button


# -- the first guess, of which is told kindly, once all is told ------------------------------------


def first_guess(exercise: Exercise, record: Record, context: Context) -> str:
    """Return a sentence or two about the answer that was handed in first; "" where there is none
    to tell apart, where nothing is checked, or where it can be judged no longer.

    Raises:
        ExerciseError: as :func:`kit.exercises.check`.
    """
    first = record.first
    if first is None or not exercise.checked:
        return ""
    sure = first.values.get(SURE, "")
    sure = sure if isinstance(sure, str) and sure in HOW_SURE else ""
    if not sure and record.attempts < 2:
        return ""
    if exercise.layer:
        if not first.labels:
            return ""
        try:
            coding = Coding(context.article, context.codebook, "", first.labels)
        except CodingError:  # the codebook is another by now
            return ""
        context = replace(context, coding=coding)
    found = check(exercise, first.values, context)
    right = found.verdict == "yes"
    return f"Your first guess: {_went(found)}. {_SAID[sure][not right]}".strip()


def _went(found: Outcome) -> str:
    if found.verdict == "yes":
        return "right"
    if len(found.parts) < 2:
        return "not right yet"
    return f"{sum(part.ok is True for part in found.parts.values())} of {len(found.parts)} right"
