"""Lesson 00 in the laboratory of the site, with Python in a real browser and the network closed.

::

    python -m tests.benchmarks.laboratory --pyodide pyodide-314.0.6.tar.bz2

A student runs the page, labels P6, asks, closes the page and comes back. What
has to be there is looked for, and the times are printed. It wants `.venv-serving`.

Without the full distribution of Pyodide, most of it can be tried with its core, the npm package
``pyodide``, and a folder of those wheels that the Python package index has for it::

    python -m tests.benchmarks.laboratory --core package --wheels wheels

What is in neither (numpy, matplotlib, pillow, kiwisolver, regex) is then there by name alone, and
the page is run without its chart.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import run
from desk.site.wheels import wheel
from kit.library import datasets
from tests.jupyter_server import chromium

LESSON = "00-start-here"
PATIENCE = 300_000
BY_NAME_ALONE = ("numpy", "matplotlib", "pillow", "kiwisolver", "regex", "contourpy", "msgspec")
WHEEL = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)-.*\.whl")


def small_pyodide(core: Path, wheels: Path, target: Path) -> Path:
    """Make a Pyodide of its core and of the wheels that there are."""
    shutil.copytree(core, target)
    lock = json.loads((target / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages = lock["packages"]
    for path in wheels.glob("*.whl"):
        shutil.copy(path, target)
        name, version = WHEEL.fullmatch(path.name).groups()
        for known, about in packages.items():
            if re.sub(r"[-_.]+", "_", known).lower() == name.lower():
                about.update(file_name=path.name, version=version)
    for name in BY_NAME_ALONE:
        about = packages[name]
        if not (target / about["file_name"]).exists():
            about["file_name"] = wheel(name, about["version"], [], {}, target).name
    for about in packages.values():
        path = target / about["file_name"]
        if path.exists():
            about["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (target / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return target


def build(out: Path, pyodide: Path, charts: bool) -> None:
    command = [run.serving(datasets.root()).python, "-m", "desk", "site", "--with-article"]
    subprocess.run([*command, "--out", out, "--pyodide", pyodide], check=True)
    if not charts:
        path = out / "lab" / "files" / f"{LESSON}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"] = [
            cell for cell in notebook["cells"] if "today.chart" not in "".join(cell["source"])
        ]
        path.write_text(json.dumps(notebook), encoding="utf-8")


def serve(folder: Path) -> ThreadingHTTPServer:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Visit:
    """Somebody who has the lesson open, and a clock."""

    def __init__(self, page, address: str):
        self.page, self.begun = page, time.monotonic()
        page.goto(f"{address}lab/lab/index.html?path={LESSON}.ipynb")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.note("the notebook is open")

    def note(self, what: str) -> None:
        print(f"{time.monotonic() - self.begun:6.1f} s  {what}", flush=True)

    @property
    def labeller(self):
        return self.page.locator(".kit-labeller").first

    def menu(self, *names: str) -> None:
        for name in names:
            self.page.get_by_role("menuitem", name=re.compile(f"^{name}")).first.click()

    def run(self) -> None:
        self.page.wait_for_timeout(3000)  # until it takes commands
        self.menu("Run", "Run All Cells$")
        self.page.locator(".kit-panel").first.wait_for()
        self.note("the page has run")

    def label(self, key: str) -> None:
        self.labeller.get_by_role("option").filter(has_text="kicked off talks").first.click()
        self.page.keyboard.press(key)
        self.labeller.get_by_text(re.compile("^saved at")).wait_for()
        self.note(f"{key} is saved")

    def ask(self, said: str) -> None:
        self.page.locator(".kit-task").first.get_by_role("button", name="Check my labels").click()
        self.page.locator(".kit-task").first.get_by_text(re.compile(said)).first.wait_for()
        self.note(f"the kit has said {said!r}")


def visit(address: str, screenshot: Path | None) -> None:
    outside = []
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 2600})
        context.set_default_timeout(PATIENCE)

        def one(route):
            if urlsplit(route.request.url).hostname in ("127.0.0.1", None):
                return route.continue_()
            outside.append(route.request.url)
            return route.abort()

        context.route("**/*", one)
        page = context.new_page()
        ana = Visit(page, address)
        ana.run()
        ana.label("5")
        ana.ask("Not yet")
        ana.label("3")
        ana.ask("Right")
        page.close()
        page = context.new_page()
        again = Visit(page, address)
        again.run()
        page.get_by_text("1 of 1 labelled").first.wait_for()
        page.get_by_text("Welcome back").first.wait_for()
        again.ask("Right")
        if screenshot:
            page.screenshot(path=screenshot)
    print("asked of other servers:", outside or "nothing")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pyodide", type=Path)
    parser.add_argument("--core", type=Path)
    parser.add_argument("--wheels", type=Path)
    parser.add_argument("--screenshot", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kit-laboratory-") as name:
        folder = Path(name)
        pyodide = options.pyodide or small_pyodide(options.core, options.wheels, folder / "small")
        build(folder / "site", pyodide, charts=bool(options.pyodide))
        server = serve(folder / "site")
        try:
            visit(f"http://127.0.0.1:{server.server_port}/", options.screenshot)
        finally:
            server.shutdown()


if __name__ == "__main__":
    main()
