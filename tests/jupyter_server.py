"""A Jupyter server and a browser of one's own, for tests and benchmarks in the real thing.

::

    with jupyter("lab") as server, chromium() as browser:
        server.write_notebook("one.ipynb", ["from kit import lesson", "1 + 1"])
        page = browser.new_page()
        page.goto(server.url_of("one.ipynb"))

Everything the server writes goes into a folder that is removed afterwards: notebooks, settings,
workspaces, work files. Nothing pops up, nothing is fetched from the network.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

import run
from tests.fetch_browser import MISSING, find_browser

__all__ = ["JupyterServer", "chromium", "how_to_start", "jupyter", "kernels_of", "wait_for_kernel"]

REPO = Path(__file__).resolve().parent.parent
START_SECONDS = 90
STOP_SECONDS = 20

# The pop-up that asks about Jupyter news covers a corner of the page.
_NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}
_SETTINGS = "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"


@dataclass
class JupyterServer:
    """A running server.

    Attributes:
        kind: ``"lab"`` or ``"notebook"``.
        root: the folder it serves.
        work: the folder where the kit keeps work files (``$KIT_WORK`` in its kernels).
        address: ``http://127.0.0.1:PORT/``.
        token: what the server asks for.
        log: the file that holds what the server said.
        start: starts it.
        process: what runs.
    """

    kind: str
    root: Path
    work: Path
    address: str
    token: str
    log: Path
    start: Callable[[], subprocess.Popen]
    process: subprocess.Popen = field(init=False)

    def restart(self) -> None:
        """Stop the server with all kernels, and start it again at the same address.

        Raises:
            RuntimeError: it did not start.
        """
        _stop(self, self.process)
        self.process = self.start()
        _wait(self, self.process)

    def url_of(self, notebook: str) -> str:
        """Return the address that opens a notebook under :attr:`root` in the browser."""
        start = "lab/tree" if self.kind == "lab" else "notebooks"
        return f"{self.address}{start}/{notebook}?token={self.token}"

    def write_notebook(self, name: str, cells: Iterable[str | nbformat.NotebookNode]) -> Path:
        """Write a notebook into :attr:`root`; a string becomes a code cell."""
        notebook = nbformat.v4.new_notebook()
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        notebook.cells = [
            nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells
        ]
        path = self.root / name
        nbformat.write(notebook, path)
        return path

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Call the server's REST API, such as ``api("GET", "kernels")``; return the JSON.

        Raises:
            urllib.error.HTTPError: the server refuses.
        """
        request = urllib.request.Request(
            f"{self.address}api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def wait_for_kernel(self) -> None:
        """Wait until a page is connected to an idle kernel: before that, Run All does nothing.

        Raises:
            TimeoutError: no kernel became idle.
        """
        wait_for_kernel(self.api)

    def end_sessions(self) -> None:
        """Stop every kernel: they outlive the pages that began them."""
        for session in self.api("GET", "sessions"):
            self.api("DELETE", f"sessions/{session['id']}")


def kernels_of(api: Callable[[str, str], Any]) -> list[dict[str, Any]]:
    """Return the kernels of a server; none while one is only just starting, over which the server
    stumbles."""
    try:
        return api("GET", "kernels")
    except urllib.error.HTTPError as problem:
        if problem.code < 500:
            raise
        return []


def wait_for_kernel(api: Callable[[str, str], Any]) -> None:
    """Wait until a page is connected to an idle kernel, as a server's REST API tells it.

    Raises:
        TimeoutError: no kernel became idle.
    """
    deadline, kernels = time.monotonic() + START_SECONDS, []
    while time.monotonic() < deadline:
        kernels = kernels_of(api)
        if kernels and all(k["execution_state"] == "idle" and k["connections"] for k in kernels):
            time.sleep(0.5)  # the page hears of it a moment later
            return
        time.sleep(0.2)
    raise TimeoutError(f"no kernel became idle: {kernels}")


@contextmanager
def jupyter(
    kind: str = "lab", *, alone: bool = False, **environment: str
) -> Iterator[JupyterServer]:
    """Start JupyterLab (``"lab"``) or Notebook (``"notebook"``) from this Python; stop it after.

    Args:
        kind: which of the two.
        alone: whether lessons run by themselves when they are opened, as `python run.py lab` has
            it; otherwise Jupyter is as it comes.
        environment: further environment variables for the server and its kernels.

    Raises:
        RuntimeError: the server did not start; the message ends with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="kit-jupyter-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        for name in ("root", "work"):
            (home / name).mkdir()
        settings = home / _SETTINGS
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(_NO_NEWS), encoding="utf-8")
        port, token = _free_port(), secrets.token_hex(16)
        address = f"http://127.0.0.1:{port}/"
        log, root = home / "server.log", home / "root"

        def start() -> subprocess.Popen:
            with log.open("ab") as said:
                return subprocess.Popen(
                    _command(kind, root, port, token) + alone * run.extension(),
                    env=_environment(home) | environment,
                    cwd=root,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                )

        server = JupyterServer(kind, root, home / "work", address, token, log, start)
        server.process = start()
        try:
            _wait(server, server.process)
            yield server
        finally:
            _stop(server, server.process)


@contextmanager
def chromium(**launch: Any) -> Iterator[Any]:
    """Start a headless Chromium (a Playwright ``Browser``); close it after."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**how_to_start(), **launch)
        try:
            yield browser
        finally:
            browser.close()


def how_to_start() -> dict[str, Any]:
    """Return which Chromium is started, and how."""
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
    quiet += ["--disable-sync", "--disable-gpu"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet.append("--no-sandbox")  # Chromium refuses to run as root with its sandbox
    program = find_browser()
    assert program, MISSING
    return {"executable_path": program, "args": quiet}


def _command(kind: str, root: Path, port: int, token: str) -> list[str]:
    module, settings, _ = run.APPLICATIONS[kind]
    return [
        sys.executable,
        "-m",
        module,
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
        f"--IdentityProvider.token={token}",
        f"--{settings}.expose_app_in_browser=True",  # so that tests can see what it waits for
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
    ]


def _environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(REPO), os.environ.get("PYTHONPATH")]))
    return os.environ | {
        "PYTHONPATH": path,
        "KIT_WORK": str(home / "work"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(server: JupyterServer, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.api("GET", "status")
            return
        except (OSError, http.client.HTTPException):  # another program may have taken the port
            time.sleep(0.1)
    said = server.log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise RuntimeError(f"Jupyter ({server.kind}) did not start. It said:\n{said}")


def _stop(server: JupyterServer, process: subprocess.Popen) -> None:
    if process.poll() is None:
        try:
            server.api("POST", "shutdown")  # ends the kernels too, on every system
        except (OSError, http.client.HTTPException):
            process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
