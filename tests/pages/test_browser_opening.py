"""A lesson runs when it is opened, and no key, double click or dead kernel harms it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import run
from tests.browser import ARTICLE, NOTEBOOKS, Student, wait_until
from tests.jupyter_server import jupyter

LESSON = "00-start-here.ipynb"
WAITING = "document.querySelector('.kit-waiting') !== null"
CELLS = ".jp-Notebook .jp-Cell"
TOP = "document.querySelector('.jp-WindowedPanel-outer').scrollTop"


# Remembers that the page waited: the server may answer only when all has run again.
SEE = """
new MutationObserver(() => {
  window.seen ||= document.querySelector(".kit-waiting") !== null;
}).observe(document.body, {attributes: true, subtree: true})
"""


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


def test_opening_is_enough(reader):
    one = reader()
    ran(one)
    assert one.page.evaluate(TOP) == 0
    assert one.page.get_by_text("You have not made anything yet").first.is_visible()
    one.labeller.locator("[role=option]:not([aria-disabled])").first.click()
    one.press("5")
    one.saved()
    assert list(one.codes().values()) == [["body"]]
    one.page.locator(".kit-task input[type=radio]").first.check()  # nothing lies over it


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


@pytest.mark.parametrize("how", ["by the menu", "killed", "replaced", "by its button"])
def test_a_new_kernel_runs_the_page_where_the_reader_is(how, server, reader):
    one = reader("02-structure.ipynb")
    ran(one)
    one.page.mouse.move(600, 400)
    one.page.mouse.wheel(0, 2500)
    one.page.wait_for_function(f"{TOP} > 2000")
    before = one.page.evaluate(TOP)
    one.page.evaluate(SEE)
    if how == "by the menu":
        one.page.get_by_role("menuitem", name="Kernel", exact=True).click()
        one.page.get_by_role("menuitem", name="Restart Kernel…").click()
        one.page.locator(".jp-Dialog .jp-mod-accept").click()
    elif how == "by its button":
        one.page.get_by_role("button", name="Start again").click()
    elif how == "killed":
        one.kill_kernel()
    else:
        (session,) = server.api("GET", "sessions")
        other = server.api("POST", "kernels", {"name": "python3"})
        body = {"kernel": {"id": other["id"]}}
        server.api("PATCH", f"sessions/{session['id']}", body)
    one.page.wait_for_function("window.seen")
    ran(one)
    assert one.page.get_by_text("model not found").count() == 0
    assert one.page.locator(".jp-Dialog").count() == 0
    assert abs(one.page.evaluate(TOP) - before) <= 60


def test_a_kernel_that_has_gone_is_told_and_comes_back_at_a_press(server, reader):
    one = reader()
    ran(one)
    server.end_sessions()
    bar = one.page.locator(".kit-ask")
    bar.get_by_text("Nothing is lost.").wait_for()
    bar.get_by_role("button", name="Start again").click()
    one.page.wait_for_function(WAITING)
    ran(one)
    assert bar.count() == 0


def test_another_text_runs_the_whole_page(reader):
    one = reader("07-your-own-article.ipynb")
    one.page.wait_for_function(f"!({WAITING})")
    panel = one.page.locator(".kit-panel").first
    story = "The harbour talks began on Monday.\n\n" + 9 * "Nobody knew when they would end.\n\n"
    panel.locator("textarea").fill(story)
    panel.get_by_role("button", name="Use this text").click()
    one.page.wait_for_function(WAITING)
    one.page.locator(".kit-labeller", has_text="The harbour talks began").first.wait_for()
    assert one.page.get_by_text("Run All Cells").and_(one.page.locator(":visible")).count() == 0


def test_no_key_and_no_double_click_harms_the_page(server, reader):
    one = reader()
    ran(one)
    whole = one.page.locator(CELLS).count()
    prose = one.page.locator(".jp-MarkdownCell")
    for place in (prose.nth(1), one.labeller.locator("h4, header, p").first):
        place.click()
        one.press(*"xddbamyrcvzji1l", "Shift+Enter", "Enter", "Control+Enter", "Delete")
    prose.nth(1).dblclick()
    assert one.page.locator(".jp-MarkdownCell:not(.jp-mod-rendered)").count() == 0
    assert one.page.locator(CELLS).count() == whole
    one.press("Control+s")
    stored = NOTEBOOKS / LESSON
    same = [cell.source for cell in nbformat.read(stored, 4).cells]
    wait_until(lambda: [cell.source for cell in nbformat.read(one.path, 4).cells] == same)


def test_what_is_for_a_jupyter_without_the_kits_extension_is_not_read(reader):
    one = reader()
    ran(one)
    assert one.page.locator(".kit-without").count() == 2
    assert not any(words.is_visible() for words in one.page.locator(".kit-without").all())


def test_code_is_out_of_sight_until_it_is_asked_for(reader):
    one = reader()
    ran(one)
    code = one.page.locator(".jp-CodeCell .jp-InputArea-editor")
    assert not code.first.is_visible()
    one.page.get_by_role("button", name="Show the code").click()
    code.first.wait_for()
    one.page.get_by_role("button", name="Hide the code").click()
    assert not code.first.is_visible()


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
    bar.get_by_role("button", name="Start the page").click()
    one.page.locator(".jp-OutputArea").get_by_text("Ready.").wait_for()
    assert bar.count() == 0


def test_a_notebook_that_is_not_the_kits_is_left_alone(reader):
    one = reader("mine.ipynb", cells=["1 + 1", "2 + 2"])
    one.page.locator(CELLS).first.click()
    one.press("Escape", "d", "d")
    wait_until(lambda: one.page.locator(CELLS).count() == 1)
    assert one.page.locator(".kit-lesson, .kit-ask, .kit-tool").count() == 0
    assert json.loads(one.path.read_text())["cells"][0]["outputs"] == []
