"""Exercises: what is asked, what an answer is worth, and the student's record of answers.

They know nothing of notebooks or pages: a form goes out as plain data, values come back.
"""

from kit.exercises import kinds
from kit.exercises.answers import Answer, expected, wrong
from kit.exercises.checks import check
from kit.exercises.exercise import OWN, UNSEEN, ExerciseError
from kit.exercises.form import form, said, state, summary
from kit.exercises.kinds.choice import shuffled
from kit.exercises.model import Exercise, find, load
from kit.exercises.outcome import Context
from kit.exercises.problems import problems
from kit.exercises.record import Record, Seen, draft, hand_in, hint, read

__all__ = [
    "OWN",
    "UNSEEN",
    "Answer",
    "Context",
    "Exercise",
    "ExerciseError",
    "Record",
    "Seen",
    "check",
    "draft",
    "expected",
    "find",
    "form",
    "hand_in",
    "hint",
    "kinds",
    "load",
    "problems",
    "read",
    "said",
    "shuffled",
    "state",
    "summary",
    "wrong",
]
