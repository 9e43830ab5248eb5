"""What the kit cannot decide for people: it asks in the page, and does what they choose."""

import re

import nbformat
import pytest

from desk.collect import rubric_marks
from desk.pages.marking import Desk
from kit.coding.coding import Annotation
from kit.library import datasets
from kit.text.span import Span
from kit.work.workbook import Workbook
from tests.browser import ARTICLE, NOTEBOOKS, Student, expect, lesson, wait_until
from tests.desk.collect.test_rubric import Klass, key_in, scores
from tests.jupyter_server import jupyter

pytestmark = pytest.mark.browser

# What a notebook takes for a formula, shown as it is and as the kit shows it.
DOLLARS = """
from IPython.display import HTML, display
from kit.lessons.cell_output import CellOutput
sums = "<p class='sums'>Lund pays $5 million, and Oster $4 million.</p>"
display(HTML(sums), CellOutput("sums", sums))
"""
MARKING = nbformat.read(NOTEBOOKS / "instructor" / "mark-free-text.ipynb", 4).cells[2].source


def label(id: str) -> Annotation:
    unit = ARTICLE.unit(id)
    return Annotation(id, "position", Span(unit.start, unit.end), ("body",))


def test_a_student_and_two_markers_are_asked_and_get_what_they_choose(browser, tmp_path):
    with jupyter("lab") as server:
        # A student's file is older than the copy beside it, as after a backup was put back.
        path = server.work / ARTICLE.id / "student.json"
        book = Workbook(ARTICLE, datasets.codebook(ARTICLE.id), "student", path)
        book.put(label("P6"))
        old = path.read_bytes()
        for id in ("P7", "P8"):
            book.put(label(id))
        path.write_bytes(old)
        # Two instructors mark one class.
        made = Klass(tmp_path)
        made.out = server.work / "class-results"
        made.collect()

        def given(name: str) -> int | None:
            marks = rubric_marks.kept(made.out).values()
            return next((m.given.points for m in marks if m.name == name and m.given.whole), None)

        cells = [lesson("02-structure"), 'today.label("position")', MARKING, DOLLARS]
        one = Student(server, browser, cells)
        one.run_all(".kit-marking fieldset")

        asked = one.page.locator(".kit-panel", has_text="older than the copy beside it")
        expect(asked).to_contain_text("1 label and 0 answers")
        expect(asked).to_contain_text("2 labels and 0 answers")
        one.labeller.get_by_role("option").nth(8).click()
        one.labeller.get_by_role("button", name=re.compile("Body")).first.click()
        one.labeller.get_by_text(re.compile("NOT SAVED – .*Choose first")).first.wait_for()
        assert path.read_bytes() == old
        asked.get_by_role("button", name="Go on with the copy").click()
        wait_until(lambda: {"P6", "P7"} <= set(one.codes()))
        one.labeller.get_by_text(re.compile("^[23] of 43 labelled")).first.wait_for()

        form = one.page.locator(".kit-marking")
        for name, choice, points in (("Ana", "Take theirs", 12), ("Ben", "Keep mine", 4)):
            other = Desk(made.out)
            other.mark(key_in(other, name, "1.4"), scores(3, 3, 3, 3), f"{name}: well done")
            for criterion in form.locator("fieldset").all():
                criterion.get_by_role("radio").nth(1).check()
            told = "^Somebody else has marked this answer meanwhile: 3, 3, 3, 3: 12 of 12"
            form.get_by_text(re.compile(told)).wait_for()
            assert given(name) == 12  # nothing is overwritten before somebody chooses
            form.get_by_role("button", name=choice).click()
            form.get_by_text(f"{points} of 12 points").wait_for()
            form.get_by_text(re.compile("^saved")).wait_for()
            wait_until(lambda name=name, points=points: given(name) == points)
            form.get_by_role("button", name="Next unmarked").click()
            form.get_by_role(
                "heading", name="Student 2" if name == "Ana" else "Student 3"
            ).wait_for()

        formulas = one.page.locator("mjx-container")
        formulas.first.wait_for()
        assert formulas.count() == 1  # the one that the kit has not shown
        shown = one.page.locator(".mathjax_ignore .sums")
        assert shown.inner_text() == "Lund pays $5 million, and Oster $4 million."
        assert one.errors == []
        one.context.close()
