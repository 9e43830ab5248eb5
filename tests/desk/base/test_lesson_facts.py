"""A lesson's facts and the words on its card say the same."""

import re

import pytest

from desk.base.lesson_facts import facts_of
from desk.base.notebook_cells import source_of
from desk.handout.notebooks import notebook_of
from kit.base.errors import KitError
from kit.library.course import known_lessons


@pytest.mark.parametrize("lesson", known_lessons())
def test_the_card_and_the_cells_say_what_the_facts_say(lesson):
    notebook = notebook_of(lesson)
    facts = facts_of(notebook, lesson)
    card = " ".join(source_of(notebook["cells"][0]).split())
    assert card.startswith(f"# {facts.title} **Aim.** {facts.aim} **Minutes.** {facts.minutes} **")
    sources = "\n".join(source_of(cell) for cell in notebook["cells"])
    labelled = re.findall(r"""today\.label\(\s*["'](\w+)""", sources)
    assert list(facts.layers) == list(dict.fromkeys(labelled))


@pytest.mark.parametrize("metadata", [{}, {"kit": {}}, {"kit": {"title": "x", "aims": "y"}}])
def test_facts_that_are_not_there_are_told_in_a_line(metadata):
    with pytest.raises(KitError, match="03-who-speaks: the notebook.s facts"):
        facts_of({"metadata": metadata}, "03-who-speaks")
