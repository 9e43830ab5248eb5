"""A lesson runs when it is opened, and no key, double click or dead kernel harms it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import run
from kit.coding.coding import Annotation
from kit.library import datasets
from kit.text.span import Span
from kit.work.workbook import Workbook
from tests.browser import ARTICLE, NOTEBOOKS, Student, expect, wait_until
from tests.jupyter_server import jupyter

LESSON = "00-start-here.ipynb"
WAITING = "document.querySelector('.kit-waiting') !== null"
CELLS = ".jp-Notebook .jp-Cell"
TOP = "document.querySelector('.jp-WindowedPanel-outer').scrollTop"
# Where the page stands once it has been scrolled, and scrolls no more.
AT_REST = f"""async () => {{
  let before = 0;
  for (let same = 0; same < 20; before = {TOP}) {{
    await new Promise(requestAnimationFrame);
    same = before && before === {TOP} ? same + 1 : 0;
  }}
  return before;
}}"""


@pytest.fixture(scope="module", params=["lab", "notebook"])
def server(request):
    with jupyter(request.param, alone=True) as server:
        yield server


@pytest.fixture
def reader(server, browser):
    """Return a function that opens a page, which Jupyter trusts unless told otherwise."""
    opened = []

    def open_(name: str = LESSON, *, trusted: bool = True, cells=None) -> Student:
        path = server.root / name
        if cells is not None:
            server.write_notebook(name, cells)
        elif not path.exists():
            shutil.copy(NOTEBOOKS / name, path)
        if trusted:
            sign(path)
        opened.append(Student(server, browser, path, height=768))
        return opened[-1]

    yield open_
    for one in opened:
        one.context.close()
    server.end_sessions()
    for left in [*server.root.glob("*.ipynb"), *(server.work / ARTICLE.id).glob("*")]:
        left.unlink()
    assert [error for one in opened for error in one.errors] == []


def sign(path: Path) -> None:
    """Let Jupyter trust a notebook."""
    data = path.parent.parent / "data"
    subprocess.run([sys.executable, "-c", run.TRUST, str(data), str(path)], check=True)


def ran(one: Student) -> None:
    """Wait until every cell has run."""
    one.page.wait_for_function(f"!({WAITING})")
    one.page.locator(".kit-labeller [role=option]").first.wait_for()


def test_opening_is_enough_and_code_is_out_of_sight_until_it_is_asked_for(reader):
    one = reader()
    ran(one)
    assert one.page.evaluate(TOP) == 0
    # What is for a Jupyter without the kit’s extension is not read.
    expect(one.page.locator(".kit-without")).to_have_count(2)
    expect(one.page.locator(".kit-without").and_(one.page.locator(":visible"))).to_have_count(0)
    expect(one.page.get_by_text("You have not made anything yet").first).to_be_visible()
    one.labeller.locator("[role=option]:not([aria-disabled])").first.click()
    one.press("5")
    one.saved()
    assert list(one.codes().values()) == [["body"]]
    # Nobody is asked to save what is made anew each time; what leaves the page is as it is now.
    assert not one.page.locator(".jp-mod-dirty").count()
    with one.page.expect_download() as taken:
        one.menu("File", "Download")
    assert "So far you have made 1 label" in Path(taken.value.path()).read_text("utf-8")
    one.page.locator(".kit-task input[type=radio]").first.check()  # nothing lies over it
    # A word of the trade tells what it means to the mouse and to the keyboard, once on a page.
    word = one.page.locator(".kit-word[data-word=kernel]")
    expect(word).to_have_count(1)
    name, tip = word.locator("> :first-child"), word.locator("[role=tooltip]")
    name.hover()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("program behind a page")
    one.page.mouse.move(1, 1)
    expect(tip).to_be_hidden()
    name.focus()
    expect(tip).to_be_visible()
    expect(name).to_have_attribute("aria-describedby", tip.get_attribute("id"))
    one.press("Escape")
    expect(tip).to_be_hidden()
    code = one.page.locator(".jp-CodeCell .jp-InputArea-editor")
    expect(code.first).to_be_hidden()
    one.page.get_by_role("button", name="Show the code").click()
    code.first.wait_for()
    one.page.get_by_role("button", name="Hide the code").click()
    expect(code.first).to_be_hidden()


LIE = "Stored on another day"
WATCH = """
new MutationObserver(() => {
  window.waited ||= document.querySelector(".kit-waiting") !== null;
  for (const said of document.querySelectorAll(".jp-OutputArea p"))
    window.lied ||= said.innerText === "LIE" && said.checkVisibility();
}).observe(document, {childList: true, subtree: true});
""".replace("LIE", LIE)


def test_what_was_stored_is_not_shown_before_it_is_true(server, reader):
    notebook = nbformat.read(NOTEBOOKS / LESSON, 4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.outputs[0].data["text/html"] = f"<p>{LIE}</p>"
    nbformat.write(notebook, server.root / "stored.ipynb")
    one = reader("stored.ipynb")
    one.page.add_init_script(WATCH)
    one.go()
    ran(one)
    assert one.page.evaluate("[window.waited, window.lied]") == [True, False]


def test_neither_cells_run_from_the_menu_meanwhile_nor_a_kernel_that_has_gone_stop_a_page(
    server, reader
):
    one = reader()
    ran(one)
    kernel = one.kernel()
    kernel.suspend()
    one.page.evaluate("document.querySelector('.kit-lesson').dispatchEvent(new Event('kit-again'))")
    one.page.wait_for_function(WAITING)
    one.menu("Run", "Run All Cells$")
    kernel.resume()
    ran(one)
    # That it has gone is told, and it comes back at a press.
    server.end_sessions()
    bar = one.page.locator(".kit-ask")
    bar.get_by_text("Nothing is lost.").wait_for()
    with one.running_again():
        bar.get_by_role("button", name="Start again").click()
    ran(one)
    expect(bar).to_have_count(0)


def test_a_new_kernel_runs_the_page_where_the_reader_is(server, reader):
    one = reader("02-structure.ipynb")
    ran(one)
    one.page.mouse.move(600, 400)
    one.page.mouse.wheel(0, 2500)

    def by_the_menu():
        one.menu("Kernel$", "Restart Kernel…")
        one.page.locator(".jp-Dialog .jp-mod-accept").click()

    def by_its_button():
        one.page.get_by_role("button", name="Start again").click()

    def replaced():
        (session,) = server.api("GET", "sessions")
        other = server.api("POST", "kernels", {"name": "python3"})
        body = {"kernel": {"id": other["id"]}}
        server.api("PATCH", f"sessions/{session['id']}", body)

    for begin in (by_the_menu, by_its_button, one.kill_kernel, replaced):
        before = one.page.evaluate(AT_REST)
        assert before > 2000
        with one.running_again():
            begin()
        ran(one)
        expect(one.page.locator(".jp-Dialog")).to_have_count(0)
        # Results come to rest.
        wait_until(lambda before=before: abs(one.page.evaluate(TOP) - before) <= 60)
        assert one.page.get_by_text("model not found").count() == 0


def test_another_text_runs_the_whole_page(reader):
    one = reader("07-your-own-article.ipynb")
    one.page.wait_for_function(f"!({WAITING})")
    panel = one.page.locator(".kit-panel").first
    story = "The harbour talks began on Monday.\n\n" + 9 * "Nobody knew when they would end.\n\n"
    panel.locator("textarea").fill(story)
    with one.running_again():
        panel.get_by_role("button", name="Use this text").click()
    one.page.locator(".kit-labeller", has_text="The harbour talks began").first.wait_for()
    expect(one.page.get_by_text("Run All Cells").and_(one.page.locator(":visible"))).to_have_count(
        0
    )


OFF = ["delete-cell", "cut-cell", "paste-cell-below", "move-cell-up", "undo-cell-action"]


def test_no_key_no_double_click_and_no_menu_harms_the_page_until_the_code_is_asked_for(reader):
    one = reader()
    ran(one)
    whole = one.page.locator(CELLS).count()
    prose = one.page.locator(".jp-MarkdownCell")
    for place in (prose.nth(1), one.labeller.locator("h4, header, p").first):
        place.click()
        one.press(*"xddbamyrcvzji1l", "Shift+Enter", "Enter", "Control+Enter", "Delete")
    prose.nth(1).dblclick()
    expect(one.page.locator(".jp-MarkdownCell:not(.jp-mod-rendered)")).to_have_count(0)
    expect(one.page.locator(CELLS)).to_have_count(whole)
    one.press("Control+s")
    stored = NOTEBOOKS / LESSON
    same = [cell.source for cell in nbformat.read(stored, 4).cells]
    wait_until(lambda: [cell.source for cell in one.stored().cells] == same)

    def edit(name):
        one.page.get_by_role("menuitem", name="Edit", exact=True).click()
        item = one.page.locator(f".lm-Menu [data-command='notebook:{name}']").first
        item.wait_for()
        off = "lm-mod-disabled" in item.get_attribute("class")
        one.press("Escape", "Escape")
        return off

    for name in OFF:
        wait_until(lambda name=name: edit(name))
    one.page.locator(".jp-MarkdownCell").nth(1).click(button="right")
    item = one.page.locator(".lm-Menu [data-command='notebook:delete-cell']").first
    expect(item).to_have_class(re.compile("lm-mod-disabled"))
    one.press("Escape")
    before = one.cells()
    one.page.locator(".jp-MarkdownCell").nth(1).click()
    one.press("Control+Shift+ArrowDown", "Control+Shift+ArrowUp", "Control+Shift+ArrowUp")
    assert one.cells() == before
    one.page.get_by_role("button", name="Show the code").click()
    wait_until(lambda: not edit("delete-cell") and not edit("move-cell-up"))
    one.page.get_by_role("button", name="Hide the code").click()
    wait_until(lambda: edit("delete-cell"))


def test_a_harmed_lesson_is_put_back_and_no_work_is_lost(server, reader):
    came = nbformat.read(NOTEBOOKS / LESSON, 4)
    harmed = nbformat.read(NOTEBOOKS / LESSON, 4)
    del harmed.cells[0]
    read = next(cell for cell in harmed.cells if cell.source == "today.read()")
    read.source = "today.read(); print('mine')"
    nbformat.write(harmed, server.root / LESSON)
    work = Workbook.open(ARTICLE, datasets.codebook(ARTICLE.id), "student", server.work)
    unit = ARTICLE.unit("P6")
    work.put(Annotation("P6", "position", Span(unit.start, unit.end), ("body",)))
    one = reader()
    one.page.locator(".kit-ask").get_by_text("code that is not the kit’s").wait_for()
    assert one.page.locator(".kit-lesson").count() == 0
    one.page.get_by_role("button", name="Restore this lesson").click()
    dialog = one.page.locator(".jp-Dialog")
    dialog.get_by_text("Your labels and answers are kept").wait_for()
    dialog.get_by_role("button", name="Cancel").click()
    assert "print" in one.path.read_text()
    one.page.get_by_role("button", name="Restore this lesson").click()
    dialog.get_by_role("button", name="Restore this lesson").click()
    one.page.locator(".kit-lesson").wait_for()
    ran(one)
    expect(one.page.get_by_text("1 label and 0 answers").first).to_be_visible()
    sources = [cell.source for cell in came.cells]
    wait_until(lambda: [cell.source for cell in one.stored().cells] == sources)
    (aside,) = server.root.glob("mine-00-start-here-*.ipynb")
    assert [c.source for c in nbformat.read(aside, 4).cells] == [c.source for c in harmed.cells]
    one.go()  # and it is trusted when it is opened again
    ran(one)


def test_one_thing_is_next_and_leads_on(server, reader):
    one = reader()
    ran(one)
    following = one.page.locator(".kit-next-step")
    following.get_by_text("exercise 0.1").wait_for()
    following.click()
    one.page.locator(".jp-mod-active h2", has_text="One paragraph, one label").wait_for()
    one.labeller.locator("[role=option]:not([aria-disabled])").first.click()
    one.press("3")
    one.saved()
    one.page.locator(".kit-task").first.locator(".kt-main").click()
    following.get_by_text("exercise 0.2").wait_for()
    one.page.locator("#kit-map [aria-current]").get_by_text("1 of 3 exercises").wait_for()
    if server.kind == "lab":  # the map takes the place of the files, which stay where they were
        expect(one.page.locator("#filebrowser")).to_be_hidden()
        one.menu("View", "File Browser")
        one.page.locator("#filebrowser").wait_for()
    end = one.page.locator(".kit-end")
    end.scroll_into_view_if_needed()
    for words in ("1 of 43", "exercise 0.2", "1 label and 1 of 3 exercises"):
        end.get_by_text(words).first.wait_for()


def test_a_page_fits_wide_and_narrow_windows(server, reader):
    one = reader("02-structure.ipynb")
    ran(one)
    beside = one.page.locator(".kit-beside [data-unit=P21]")
    expect(beside).to_be_hidden()
    one.page.set_viewport_size({"width": 1600, "height": 900})
    beside.scroll_into_view_if_needed()
    expect(one.page.locator(".kit-beside").get_by_text("Do not quote it")).to_be_visible()
    expect(beside).to_contain_text(ARTICLE.unit("P21").text[-20:])
    one.page.locator(".kit-next-step").click()

    def in_the_way():
        right = one.labeller.bounding_box()
        return right["x"] + right["width"] > one.page.locator(".kit-beside").bounding_box()["x"]

    wait_until(lambda: not in_the_way())
    expect(beside).to_be_visible()
    # Whoever wants the room puts the article away, in every page.
    one.page.get_by_role("button", name="Hide the article").click()
    expect(beside).to_be_hidden()
    one.page.reload()
    ran(one)
    one.page.get_by_role("button", name="Show the article").click()
    beside.scroll_into_view_if_needed()
    # What stands at the sides goes, and comes back with the room.
    one.page.set_viewport_size({"width": 390, "height": 844})
    expect(one.page.locator("#kit-map")).to_be_hidden()
    wait_until(lambda: one.labeller.bounding_box()["width"] > 0.8 * 390)
    one.page.set_viewport_size({"width": 1600, "height": 900})
    expect(one.page.locator("#kit-map")).to_be_visible()
    one.page.goto(one.page.url.replace("/lab/", "/doc/"))  # narrow, without panels at the side
    one.page.set_viewport_size({"width": 320, "height": 640})
    ran(one)
    outside = """names => names.flatMap(n => [...document.querySelectorAll(n)]).filter(
        node => node.getBoundingClientRect().right > innerWidth).length"""
    wait_until(
        lambda: (
            one.page.evaluate(outside, [[".kit-tools button", ".kit-labeller", ".kit-task"]]) == 0
        )
    )
    wait_until(lambda: one.page.evaluate("document.documentElement.scrollWidth") <= 320)
    for button in one.page.locator(".kit-tools button").locator("visible=true").all():
        button.click(trial=True)


@pytest.mark.parametrize(
    ("name", "trusted", "cells", "why"),
    [
        ("06-leave-the-page.ipynb", False, None, "has not been opened on this computer"),
        (
            "strange.ipynb",
            True,
            ['from kit import lesson\ntoday = lesson("00-start-here")', "today.read(); print(1)"],
            "holds code that is not the kit’s",
        ),
    ],
)
def test_what_may_not_run_by_itself_asks(name, trusted, cells, why, reader):
    one = reader(name, trusted=trusted, cells=cells)
    bar = one.page.locator(".kit-ask")
    bar.get_by_text(why).wait_for()
    one.page.wait_for_timeout(1500)
    assert one.server.api("GET", "kernels")[0]["execution_state"] == "idle"
    assert not list((one.server.work / ARTICLE.id).glob("*"))
    # A part of it alone would have nothing to stand on.
    one.page.get_by_role("menuitem", name="Run", exact=True).click()
    alone = one.page.locator(".lm-Menu [data-command^='notebook:run']").first
    expect(alone).to_have_class(re.compile("lm-mod-disabled"))
    one.press("Escape")
    bar.get_by_role("button", name="Start the page").click()
    one.page.locator(".jp-OutputArea").get_by_text("Ready.").wait_for()
    expect(bar).to_have_count(0)


def test_a_notebook_that_is_not_the_kits_is_left_alone(reader):
    one = reader("mine.ipynb", cells=["1 + 1", "2 + 2"])
    one.page.locator(CELLS).first.click()
    one.press("Escape", "d", "d")
    wait_until(lambda: one.page.locator(CELLS).count() == 1)
    assert one.page.locator(".kit-lesson, .kit-ask, .kit-tools, #kit-map").count() == 0
    assert json.loads(one.path.read_text())["cells"][0]["outputs"] == []
