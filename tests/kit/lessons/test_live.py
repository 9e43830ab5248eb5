"""Outputs that follow the work, in a loop such as a kernel's and with what a notebook displays."""

import asyncio
import threading

import pytest

from kit import lesson
from kit.coding.coding import Annotation
from kit.lessons import gallery
from kit.lessons.cell_output import LessonError
from kit.lessons.live import MOMENT, _followers
from kit.library import datasets
from kit.text.span import Span
from tests.panels import press

B = datasets.load_coding("blinken-beijing-2023", "b")
FIRST = [a.id for a in B.on("position")][:10]


class Page:
    """What a notebook's page shows, by display id, and how often each was shown anew."""

    def __init__(self):
        self.shown = {}
        self.updates = []

    def display(self, value, *, display_id=None):
        if display_id is None:
            value._ipython_display_()  # as IPython does with the value of a cell
        else:
            self.shown[display_id] = value

    def update(self, value, *, display_id):
        assert display_id in self.shown
        self.shown[display_id] = value
        self.updates.append(value)

    def said(self, call):
        (value,) = (value for id, value in self.shown.items() if f" {call}" in id)
        return repr(value)


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    monkeypatch.delenv("KIT_STUDENT", raising=False)
    page = Page()
    monkeypatch.setattr("IPython.display.display", page.display)
    monkeypatch.setattr("IPython.display.update_display", page.update)
    return page


class Loop(asyncio.SelectorEventLoop):
    """A loop whose time passes when a test says so, on a busy machine as on a quiet one."""

    now = 0.0

    def time(self):
        return self.now


def in_a_kernel(steps, name="02-structure"):
    """Run ``steps(today)`` as cells and messages run in a kernel: in a loop."""

    async def run():
        await steps(lesson(name))

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(run())


async def a_moment(seconds=MOMENT):
    """Let time pass, and all that is due come, one in each turn of the loop."""
    await asyncio.sleep(0)  # what has just changed is heard of
    asyncio.get_running_loop().now += seconds
    for _ in range(10):
        await asyncio.sleep(0)


def label(today, id, layer="position"):
    unit, code = today.article.unit(id), B.codes(layer)[id]
    today.workbook.put(Annotation(id, layer, Span(unit.start, unit.end), (code,)))


def hand_in(today, id):
    task = today.task(id)
    task._do("hand-in", {"order": [entry["id"] for entry in task.form["controls"][0]["entries"]]})


def test_a_chart_follows_a_label_once(page):
    async def steps(today):
        page.display(today.chart("structure"))
        page.display(today.chart("two readers"))
        before = page.said("chart structure")
        assert before == (
            "A chart of what each paragraph is, from first to last, appears here once you have "
            "made a label on Position above."
        )
        label(today, "P6")
        assert page.updates == []  # never in the way of the label
        await a_moment()
        assert "1 of 43" in page.said("chart structure")
        assert "So far you have made 1 label and 0 answers" in page.said("greeting")
        assert len(page.updates) == 2
        today.workbook.apply(
            "position", {"P6": (today.workbook.coding.by_id("position")["P6"], None)}
        )
        await a_moment()
        assert page.said("chart structure") == before
        assert len(page.updates) == 4

    in_a_kernel(steps)


def test_ten_quick_labels_are_drawn_once(page):
    async def steps(today):
        page.display(today.chart("structure"))
        for id in FIRST:
            label(today, id)
            await a_moment(MOMENT / 2)
        assert page.updates == []
        await a_moment()
        assert "10 of 43" in page.said("chart structure")
        assert len(page.updates) == 2  # the greeting's and the chart's

    in_a_kernel(steps)


def test_what_nobody_sees_is_not_shown_anew(page):
    async def steps(today):
        label(today, "P6")
        page.display(today.chart("structure"))
        page.display(today.chart("roles", of="reference"))
        page.display(today.explore("search"))
        await a_moment()
        page.updates.clear()
        label(today, "P6")  # the same again
        await a_moment()
        assert page.updates == []
        # Saved, but the chart has no notes.
        was = today.workbook.coding.by_id("position")["P6"]
        noted = Annotation("P6", "position", was.at, was.codes, note="why")
        today.workbook.put(noted)
        await a_moment()
        assert all(
            "ready" in repr(one) for one in page.updates
        )  # at most the greeting, with a time

    in_a_kernel(steps)


def test_an_answer_brings_the_chart_that_waits_for_it(page):
    async def steps(today):
        page.display(today.chart("order of events", after="2.4"))
        waits = page.said("chart order of events")
        assert waits.endswith("appears here once you have handed in an answer to exercise 2.4.")
        hand_in(today, "2.4")
        await a_moment()
        assert "appears here" not in page.said("chart order of events")

    in_a_kernel(steps)


def test_a_commit_brings_what_waits_for_it(page):
    async def steps(today):
        page.display(today.chart("roles", of="reference"))
        page.display(today.explore("measure", of="reference"))
        panel = today.compare("role")
        label(today, "P6", "role")
        await a_moment()
        assert panel.summary == "Role: 1 label, first answer not kept yet"
        assert "in the comparison on Role" in page.said("chart roles")
        press(panel, "commit")
        await a_moment()
        assert "All 33 paragraphs" in page.said("chart roles")
        assert "in the comparison on Attribution" in page.said("explore measure")
        page.updates.clear()
        kept = panel.html
        label(today, "P7", "role")
        await a_moment()
        assert panel.html == kept  # the comparison stays with the first answer
        assert [repr(one) for one in page.updates] == [page.said("greeting")]

    in_a_kernel(steps)


def test_a_tool_has_its_pages_ask_again_when_its_labels_change(page):
    async def steps(today):
        shown = today.explore("frame")
        page.display(shown)
        issue = datasets.load_reference(today.article.id).coding.on("issue")
        values = {"frame": issue[0].fields["frame"]}
        assert "Nothing is labelled" in shown._tool().show(values)[0]
        label(today, "P6")  # not what the tool is about
        await a_moment()
        assert shown.renewed == 0
        today.workbook.put(issue[0])
        assert shown.renewed == 0  # never in the way of the label
        await a_moment()
        assert shown.renewed == 1
        assert "1 mention of 1 of 1 issue" in shown._tool().show(values)[0]

    in_a_kernel(steps, "05-whose-agenda")


def test_my_work_follows_labels_answers_and_a_name(page):
    async def steps(today):
        panel = today.my_work()
        label(today, "P6")
        hand_in(today, "2.4")
        await a_moment()
        assert panel.summary.endswith("labels 1 on Position, exercises 1")
        today.workbook.sign("Ana")
        await a_moment()
        assert "<td>Ana</td>" in panel.html

    in_a_kernel(steps)


def test_a_label_from_another_thread_is_followed(page):
    async def steps(today):
        page.display(today.chart("structure"))
        one = threading.Thread(target=label, args=(today, "P6"))
        one.start()
        one.join()
        await a_moment()
        assert "1 of 43" in page.said("chart structure")

    in_a_kernel(steps)


def test_cells_run_again_leave_one_of_each(page):
    async def steps(today):
        for _ in range(5):
            again = lesson("02-structure")
            page.display(again.chart("structure"))
            again.compare("role")
            panel = again.my_work()
        assert len(_followers[today.workbook].by_id) == 4
        label(today, "P6")
        await a_moment()
        assert len(page.updates) == 2
        assert "1 on Position" in panel.summary

    in_a_kernel(steps)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (LessonError("There is no reference."), "There is no reference."),
        (ValueError(), "drawn again"),
    ],
)
def test_what_fails_says_a_sentence_and_the_rest_follows(page, monkeypatch, problem, said):
    def fails(*_):
        raise problem

    async def steps(today):
        page.display(today.chart("structure"))
        page.display(today.chart("roles"))
        drawn = gallery.chart
        monkeypatch.setattr(
            gallery, "chart", lambda name, *r: fails() if name == "roles" else drawn(name, *r)
        )
        label(today, "P6")
        label(today, "P6", "role")
        await a_moment()
        assert said in page.said("chart roles")
        assert "1 of 43" in page.said("chart structure")
        monkeypatch.setattr(gallery, "chart", drawn)
        label(today, "P7", "role")
        await a_moment()
        assert "2 of" in page.said("chart roles")

    in_a_kernel(steps)


def test_what_is_shown_later_is_as_the_work_is_then(page):
    async def steps(today):
        chart = today.chart("structure")
        label(today, "P6")
        assert "appears here once" in repr(chart)
        page.display(chart)
        assert "1 of 43" in page.said("chart structure")

    in_a_kernel(steps)
