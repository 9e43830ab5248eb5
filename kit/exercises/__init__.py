"""Exercises: what is asked, what an answer is worth, and the student's record of answers.

They know nothing of notebooks or pages: a form goes out as plain data, values come back.
"""

from kit.exercises import kinds
from kit.exercises.checks import Answer, check, expected, wrong
from kit.exercises.exercise import OWN, UNSEEN, ExerciseError
from kit.exercises.form import form, said, state, summary
from kit.exercises.kinds.choice import shuffled
from kit.exercises.model import Exercise, find, load, problems
from kit.exercises.outcome import Context
from kit.exercises.record import Record, Seen, draft, hand_in, hint, read
