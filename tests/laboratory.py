"""Somebody in the laboratory of the site: the real thing in a real browser, the network cut."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tests.jupyter_server import how_to_start

__all__ = ["ENDED", "Visitor", "served", "watched"]

#: ms. Python starts in the browser, on a machine that may have other things to do.
PATIENCE = 180_000
IN_VIEW = ".jp-NotebookPanel:not(.lm-mod-hidden)"
#: Whether no cell is still to run; one that failed says something else.
ENDED = """[...document.querySelectorAll(".kit-waiting")].every(
    (cell) => cell.dataset.kitSays !== "Starting …"
)"""


class Server(NamedTuple):
    """What `python -m http.server` serves, where, and what it has noted."""

    folder: Path
    address: str
    log: Path

    @property
    def sent(self) -> int:
        """How many bytes of files have gone out."""
        asked = re.findall(r'"GET /([^ ?]*)\S* HTTP/1.1" 200', self.log.read_text(encoding="utf-8"))
        return sum((self.folder / unquote(name)).stat().st_size for name in asked)


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with tempfile.TemporaryDirectory(prefix="kit-served-") as name:
        log = Path(name) / "log.txt"
        with log.open("wb") as noted:
            server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=noted)
        try:
            (address,) = re.findall(r"http://\S+/", server.stdout.readline().decode())
            yield Server(folder, address, log)
        finally:
            server.kill()
            server.communicate()


@contextmanager
def watched(browser, profile: Path | None = None, **settings):
    """A page that reaches only this machine, and what it asked of others.

    Args:
        browser: as `chromium` gives it.
        profile: where a browser of its own keeps what it keeps on a disk; by default all is
            forgotten in the end.
        settings: of the context.
    """
    settings = {"viewport": {"width": 1280, "height": 900}} | settings
    nowhere = {"server": "http://127.0.0.1:9", "bypass": "127.0.0.1"}  # where nobody listens
    if profile is None:
        context = browser.new_context(**settings, proxy=nowhere)
    else:
        start = browser.browser_type.launch_persistent_context
        context = start(profile, **how_to_start(), **settings, proxy=nowhere)
    asked: list[str] = []

    def see(request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname != "127.0.0.1":
            asked.append(request.url)

    context.on("request", see)
    page = context.new_page()
    page.set_default_timeout(60_000)
    try:
        yield page, asked
    finally:
        context.close()


class Visitor:
    """Somebody with a lesson open in the laboratory.

    Args:
        page: as :func:`watched` gives it.
        address: of the site.
    """

    def __init__(self, page, address: str):
        self.page, self.address = page, address
        page.set_default_timeout(PATIENCE)

    def open(self, lesson: str) -> dict[str, float]:
        """Follow the link to a lesson; return after how many seconds there was what."""
        begun = time.monotonic()
        seconds = {}
        self.page.goto(f"{self.address}lab/lab/index.html?path={lesson}.ipynb")
        self.page.locator(f"{IN_VIEW} .kit-waiting").first.wait_for(state="attached")
        seconds["to read"] = time.monotonic() - begun
        self.page.locator(f"{IN_VIEW} :is(.kit-labeller, .kit-task, .kit-panel)").first.wait_for()
        seconds["first widget"] = time.monotonic() - begun
        self._ends()  # a quick page no longer waits by now
        seconds["all results"] = time.monotonic() - begun
        return seconds

    def ran(self) -> None:
        """Wait until the page has run, to its end and without a fault."""
        self.page.locator(f"{IN_VIEW} .kit-waiting").first.wait_for(state="attached")
        self._ends()

    def _ends(self) -> None:
        self.page.wait_for_function(ENDED)
        failed = self.page.locator(".kit-waiting")
        assert failed.count() == 0, failed.first.inner_text()
        assert self.page.locator(".jp-RenderedText[data-mime-type*=stderr]").count() == 0

    @property
    def workers(self) -> int:
        """How many Pythons run."""
        return sum("worker" in worker.url for worker in self.page.workers)

    @property
    def labeller(self):
        return self.page.locator(f"{IN_VIEW} .kit-labeller").first

    def press(self, words: str, key: str) -> None:
        """Press a key on the paragraph that has these words."""
        self.page.bring_to_front()
        self.labeller.get_by_role("option").filter(has_text=words).first.click()
        self.page.keyboard.press(key)

    def label(self, words: str, key: str) -> None:
        self.press(words, key)
        self.labeller.get_by_text(re.compile("^saved at")).wait_for()
