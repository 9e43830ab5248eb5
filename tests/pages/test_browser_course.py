"""The whole course, lesson by lesson, in a real JupyterLab, with nothing but the keyboard.

Each lesson is run with Shift+Enter; then a label is set, and one of its exercises answered and
handed in, going there with the arrow keys and Tab as the pages say.
"""

import json

import pytest

from kit import exercises
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.work.workbook import Workbook
from tests.browser import ARTICLE, wait_until

PRACTICE = datasets.load_article("harran-talks")
MARK_A_WORD = ["Enter", "Shift+ArrowRight"]
# Lesson; the prose above a labeller, its layer, and the keys that set a label there; the exercise
# that is answered, and the prose above it.
COURSE = [
    ("00-start-here", "One paragraph, one label", ["3"], "0.2", "Try to lose it"),
    ("01-what-am-i-reading", "Where does the story begin?", ["1"], "1.2", "six counts"),
    (
        "02-structure",
        "What part of the page is each paragraph?",
        ["1"],
        "2.5",
        "Use the slider for these",
    ),
    ("03-who-speaks", "Now the story", [*MARK_A_WORD, "s"], "3.3", "Named is not heard"),
    ("04-expectations", "Now the story", [*MARK_A_WORD, "1"], "4.2", "Looks like one, is none"),
    ("05-whose-agenda", "Now the story", [*MARK_A_WORD, "1"], "5.3", "lists beside each other"),
    ("06-leave-the-page", "", [], "6.5", "nobody knew how it would end"),
    ("07-your-own-article", "Now the roles", ["1"], "7.3", "Write captions for two"),
]


@pytest.mark.parametrize("server", ["lab"], indirect=True)
@pytest.mark.parametrize(
    ("name", "above", "keys", "id", "prose"), COURSE, ids=[row[0] for row in COURSE]
)
def test_a_lesson_is_done_with_the_keyboard(student, tmp_path, name, above, keys, id, prose):
    article = PRACTICE if name.startswith("07") else ARTICLE
    ana = student(f"{name}.ipynb")
    ana.run_by_keys()
    work = ana.server.work / article.id / "student.json"

    def saved():
        return json.loads(work.read_bytes()) if work.exists() else {"labels": [], "answers": {}}

    if keys:
        ana.go_by_keys(above, "[role=option]")
        ana.press(*keys)
        wait_until(lambda: saved()["labels"])

    exercise = exercises.find(exercises.load(name), id)
    workbook = Workbook.open(article, datasets.codebook(article.id), "ana", tmp_path)
    context = context_of(exercise, workbook)
    right = exercises.expected(exercise, context).values
    ana.go_by_keys(prose, ".kit-task :is(input, textarea, button, summary)")
    for control in exercises.form(exercise, context)["controls"]:
        if control["id"] in right:  # how sure one is may be left out
            answer(ana, id, control, right[control["id"]])
    tab_to(ana, id, ".kt-main")
    ana.press("Enter")
    wait_until(lambda: saved()["answers"].get(id, {}).get("tries"))
    verdict = "yes" if exercise.checked else "kept"
    assert saved()["answers"][id]["first"]["verdict"] == verdict
    assert saved()["answers"][id]["first"]["values"] == right


def answer(ana, id, control, value):
    """Fill in one control as somebody does who has only a keyboard."""
    own = control["id"]
    match control["type"]:
        case "choice":
            radios = f"[type=radio][id*='-{own}-']"
            tab_to(ana, id, radios)
            # In the order that this student has them in.
            ids = ana.page.evaluate(
                "radios => [...document.activeElement.closest('.kit-task')"
                ".querySelectorAll(radios)].map((one) => one.value)",
                radios,
            )
            # The arrow keys choose as they go; on the first one the space bar does.
            ana.press(*(["ArrowDown"] * ids.index(value[0]) or ["Space"]))
        case "evidence":
            for row in value:
                for part in ("block", "words"):
                    kind = "input" if part == "block" else "textarea"
                    tab_to(ana, id, f".kt-row {kind}")
                    ana.page.keyboard.type(row[part])
        case _:
            tab_to(ana, id, f"[id$='-{own}']")
            ana.page.keyboard.type(value)


def tab_to(ana, id, what):
    """Press Tab until something of an exercise is framed."""
    there = (
        "document.activeElement?.matches({what}) && document.activeElement.closest('.kit-task')"
        "?.querySelector('h4').innerText.startsWith({id})"
    ).format(what=json.dumps(what), id=json.dumps(f"{id} "))
    for _ in range(30):
        if ana.page.evaluate(there):
            return
        ana.press("Tab")
    raise AssertionError(f"Tab does not reach {what} of {id}")
