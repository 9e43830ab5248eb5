"""Somebody in front of a notebook, in a real browser."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
import psutil
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from kit.library import datasets

__all__ = ["ARTICLE", "NOTEBOOKS", "Student", "expect", "lesson", "wait_until"]

ARTICLE = datasets.load_article("blinken-beijing-2023")
NOTEBOOKS = datasets.root() / "notebooks"
PATIENCE = 45_000
# Of what is in order axe need not tell each place, nor fetch style sheets and films once more.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "preload": False,
}
expect.set_options(timeout=PATIENCE)
# The kernel of the notebook in front, as the page knows it.
KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
CLOSE_ALL = """() => {
  for (const widget of [...window.jupyterapp.shell.widgets("main")]) widget.dispose();
}"""
OPEN_ALONE = """async (path) => {
  const opened = await window.jupyterapp.commands.execute("docmanager:open", { path });
  for (const widget of [...window.jupyterapp.shell.widgets("main")])
    if (widget !== opened) widget.dispose();
}"""
# Remembers that the page of a lesson waited for its results.
SEE = """
window.seen = false;
new MutationObserver(() => {
  window.seen ||= document.querySelector(".kit-waiting") !== null;
}).observe(document.body, {attributes: true, childList: true, subtree: true})
"""
# Which cell is active, and the nearest before it, or else after it, whose prose holds some words.
WAY = """(words) => {
  const cells = [...document.querySelectorAll(".jp-Notebook .jp-Cell")];
  const at = cells.findIndex((cell) => cell.classList.contains("jp-mod-active"));
  const holding = (kind) => cells.flatMap((cell, index) =>
    cell.matches(kind) && cell.textContent.replace(/\\s+/g, " ").includes(words)
      ? [index] : []);  // what is out of sight has no inner text
  const prose = holding(".jp-MarkdownCell");
  const found = prose.length ? prose : holding(".jp-CodeCell");
  return [at, found.findLast((index) => index <= at) ?? found[0] ?? -1];
}"""


def lesson(name: str) -> str:
    """Return the cell that opens a lesson."""
    return f'from kit import lesson\ntoday = lesson("{name}")'


def wait_until(true: Callable[[], object], seconds: float = PATIENCE / 1000) -> None:
    """Wait for what the page tells nobody, such as a file on the disk."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


class Student:
    """Somebody in front of a notebook.

    Attributes:
        spoilt: whether the page is no longer as another would find it.

    Args:
        server: where the notebook runs.
        browser: what they look through.
        cells: code cells of a notebook made for the test, the name of one of the kit's, or the
            path of one that is there already.
        height: of the window. Jupyter draws only the cells that are in sight.
        after: somebody who has left JupyterLab; the new one has their page.
        settings: of the browser, such as ``has_touch``.
    """

    spoilt = False

    def __init__(self, server, browser, cells, *, height=4000, after=None, **settings):
        self.server = server
        if after is None:
            self.open_browser(browser, height, **settings)
        else:
            self.context = after.context
            self.use_page(after.page)
            self.page.set_viewport_size({"width": 1280, "height": height})
        if isinstance(cells, Path):
            self.name = cells.name
        elif isinstance(cells, str):
            self.name = cells
            shutil.copy(NOTEBOOKS / cells, server.root / cells)
        else:
            self.name = "test.ipynb"
            server.write_notebook(self.name, cells)
        if after is None:
            self.go()
        else:
            self.page.evaluate(OPEN_ALONE, self.name)
            self._arrive()

    def go(self) -> None:
        """Open the notebook, in a workspace of its own: not yesterday's notebooks as well."""
        place = f"lab/workspaces/{secrets.token_hex(4)}/tree/"
        self.page.goto(self.server.url_of(self.name).replace("lab/tree/", place))
        self._arrive()

    def _arrive(self) -> None:
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.wait_for_kernel()

    def leave(self) -> None:
        """Leave JupyterLab for somebody else, with nothing of one's own in the browser."""
        self.page.evaluate(CLOSE_ALL)
        self.page.evaluate("localStorage.clear()")

    def wait_for_kernel(self) -> None:
        """Wait until the page is connected to an idle kernel: before that, Run All does nothing."""
        self.page.wait_for_function(f"{KERNEL}?.status === 'idle'")

    def open_browser(self, browser, height=4000, **settings) -> None:
        """Begin with a page, and with cookies and downloads, of one's own."""
        window = {"width": 1280, "height": height}
        self.context = browser.new_context(viewport=window, accept_downloads=True, **settings)
        self.open_page()

    def open_page(self) -> None:
        """Begin with a page in the same browser."""
        self.use_page(self.context.new_page())

    def use_page(self, page) -> None:
        self.page = page
        self.page.set_default_timeout(PATIENCE)
        self.errors = []
        # The kit's own scripts come from blobs; Jupyter's slips are not the kit's.
        self.page.on(
            "pageerror", lambda e: "blob:" in (e.stack or "") and self.errors.append(e.stack)
        )

    @property
    def path(self) -> Path:
        return self.server.root / self.name

    @property
    def task(self):
        return self.page.locator(".kit-task").first

    @property
    def tool(self):
        return self.page.locator(".kit-explorer").first

    @property
    def labeller(self):
        return self.page.locator(".kit-labeller").first

    def menu(self, *names):
        for name in names:
            self.page.get_by_role("menuitem", name=re.compile(f"^{name}")).first.click()

    def use_theme(self, name: str) -> None:
        """Choose “Light” or “Dark” in the menu."""
        self.page.get_by_role("menuitem", name="Settings", exact=True).click()
        for item in ("Theme", f"JupyterLab {name}"):
            item = self.page.locator(".lm-Menu-item", has_text=re.compile(rf"^{item}\s*$"))
            item.first.click()
        light = str(name == "Light").lower()
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")

    def axe_finds(self, *places: str) -> list[str]:
        """What axe has to say of places of the page as they stand."""
        context = {"include": [[place] for place in places]}
        said = Axe().run(self.page, context=context, options=AXE).response
        assert len(said["passes"]) > 15
        return [
            f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
            for rule in said["violations"]
            for node in rule["nodes"]
        ]

    def run_all(self, shown=".kit-labeller [role=option]"):
        """Run the notebook from the menu, and wait for something that it shows."""
        self.menu("Run", "Run All Cells$")
        self.page.locator(shown).first.wait_for()

    def kernel(self) -> psutil.Process:
        """The process of the one kernel there is."""
        (kernel,) = self.server.api("GET", "kernels")
        return next(
            process
            for process in psutil.process_iter(["cmdline"])
            if any(kernel["id"] in part for part in process.info["cmdline"] or ())
        )

    def kill_kernel(self):
        """Kill the kernel with no goodbye."""
        self.spoilt = True
        self.page.evaluate(
            f"""() => {{
              window.restarted = false;
              {KERNEL}.statusChanged.connect((_, status) => {{
                window.restarted ||= status.endsWith("restarting");
              }});
            }}"""
        )
        self.kernel().kill()
        # Jupyter says so when it notices, which may be after the next step of the test.
        dialog = self.page.locator(".jp-Dialog").get_by_role(
            "button", name=re.compile("^(ok|close|dismiss)$", re.IGNORECASE)
        )
        self.page.add_locator_handler(dialog.first, lambda button: button.click())

    def wait_for_next_kernel(self):
        """Wait until the page has another kernel in place of the killed one."""
        self.page.wait_for_function(f"window.restarted && {KERNEL}?.status === 'idle'")

    @contextmanager
    def running_again(self):
        """Do what lets the page of a lesson run again, and wait until it has begun to.

        It may be over before one looks: the server answers only when all has run.
        """
        self.page.evaluate(SEE)
        yield
        self.page.wait_for_function("window.seen")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self):
        self.labeller.get_by_text(re.compile("^saved")).wait_for()

    def work(self) -> dict:
        """What the work file holds; nothing before anything was saved."""
        path = self.server.work / ARTICLE.id / "student.json"
        return json.loads(path.read_bytes()) if path.exists() else {"answers": {}, "labels": []}

    def answers(self) -> dict:
        """The records by exercise."""
        return self.work()["answers"]

    def codes(self) -> dict:
        return {a["id"]: a["codes"] for a in self.work()["labels"]}

    def stored(self) -> nbformat.NotebookNode:
        """The notebook as it was saved last. While Jupyter writes the file it is not whole."""
        found = []

        def read():
            with suppress(nbformat.reader.NotJSONError):
                found.append(nbformat.read(self.path, 4))
            return found

        wait_until(read)
        return found[0]

    def cells(self) -> list:
        """The notebook as the page has it now: what each cell says, run or not run yet."""
        return self.page.locator(".jp-Notebook .jp-Cell").evaluate_all(
            "cells => cells.map(cell => cell.querySelector('.jp-InputArea')?.innerText"
            "?.replace(/^\\[.*?\\]:/, '') ?? '')"
        )

    def run_by_keys(self):
        """Run the notebook with Shift+Enter, cell by cell, from wherever it stands open."""
        page = self.page
        page.locator(".jp-Notebook .jp-Cell").first.click()
        self.press("Escape", "Home")
        self.press(*["Shift+Enter"] * len(nbformat.read(self.path, 4).cells))
        waiting = (
            "[...document.querySelectorAll('.jp-InputPrompt')].some(p => /\\*/.test(p.innerText))"
        )
        page.wait_for_function(f"!{waiting}")

    def go_by_keys(self, words, until):
        """Go with the arrow keys to the prose that holds ``words``, then press Tab until an
        element that matches ``until`` is framed, as the notebooks say; return how many times.

        The kit's own forms keep the arrow keys for themselves: Shift+Tab leads back out of them.
        """
        kits = ".kit-labeller, .kit-task, .kit-explorer, .kit-panel, .kit-chart"
        inside = f"document.activeElement?.closest('{kits}')"
        while self.page.evaluate(f"Boolean({inside})"):
            self.press("Shift+Tab")
        at, to = self.page.evaluate(WAY, words)
        assert to >= 0, f"no prose holds “{words}”"
        for _ in range(300):  # a cell that is open for writing keeps some for its own cursor
            if at == to:
                break
            self.press("ArrowDown" if at < to else "ArrowUp")
            self.page.wait_for_timeout(60)
            at, to = self.page.evaluate(WAY, words)
        assert at == to, f"the arrow keys do not lead to “{words}”"
        for times in range(1, 30):
            self.press("Tab")
            if self.page.evaluate(f"document.activeElement?.matches({json.dumps(until)})"):
                return times
        raise AssertionError(f"Tab does not reach {until}")
