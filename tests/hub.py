"""A real JupyterHub of one's own: its proxy, its login page, a server and a home for each student.

::

    with hub() as ours, chromium() as browser:
        ana = Learner(ours, browser, "ana")
        ana.run_all()

The hub lies as docs/hosting.md says: it takes in `docs/hosting/jupyterhub_config.py` from a copy
of the kit that nobody can write to. Everything else is in a folder that is removed afterwards,
everything listens on 127.0.0.1 alone, and nothing is fetched from the network.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

import run
from tests.browser import Student
from tests.jupyter_server import wait_for_kernel

__all__ = ["FIRST_PAGE", "Desk", "Hub", "HubError", "Learner", "hub"]

REPO = Path(__file__).resolve().parent.parent
#: The hub's proxy by its module: a script would hold the folder's old path in a kit that was moved.
PROXY = "from configurable_http_proxy.cli import main; main()"
FOLDER = "reading-diplomatic-news"
FIRST_PAGE = f"lab/tree/{FOLDER}/notebooks/00-start-here.ipynb"
#: What docs/hosting/Dockerfile.dockerignore keeps from students, and what is no part of the kit.
LEFT_OUT = ("teaching", "instructor", "tests", "__pycache__", ".ipynb_checkpoints")
START_SECONDS = 300
STOP_SECONDS = 20
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_PR_CAPBSET_DROP = 24


class HubError(Exception):
    """The hub cannot be started; the message says why and what to do."""


@dataclass
class Hub:
    """A running hub.

    Attributes:
        folder: everything it writes.
        kit: the copy of the kit that it serves, which nobody can write to.
        address: ``http://127.0.0.1:PORT/``.
        password: what every student types.
        token: what :meth:`api` shows; it may do everything.
        log: the file that holds what the hub, the proxy and the servers said.
        process: the hub; the proxy and the students' servers are its children.
    """

    folder: Path
    kit: Path
    address: str
    password: str
    token: str
    log: Path
    process: subprocess.Popen | None = None

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Call a REST API, ``hub/api/…`` or ``user/NAME/api/…``; return the JSON.

        Raises:
            urllib.error.HTTPError: it refuses.
        """
        request = urllib.request.Request(
            f"{self.address}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
            return json.loads(answer.read() or b"null")

    def desk(self, name: str) -> Desk:
        """Return where a student sits."""
        return Desk(self, name)

    def said(self) -> str:
        """Return the end of what the hub, the proxy and the servers said."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def processes(self) -> list[psutil.Process]:
        """Return the hub and everything that it started."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]


@dataclass
class Desk:
    """One student's server and home: what a :class:`tests.browser.Student` sits in front of.

    Attributes:
        hub: whose.
        name: the student's name on the hub.
    """

    hub: Hub
    name: str
    kind = "lab"

    @property
    def home(self) -> Path:
        return self.hub.folder / "homes" / self.name

    @property
    def root(self) -> Path:
        return self.home / FOLDER / "notebooks"

    @property
    def work(self) -> Path:
        return self.home / FOLDER / "work"

    @property
    def base(self) -> str:
        return f"{self.hub.address}user/{self.name}/"

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API of the student's own server; see :meth:`Hub.api`."""
        return self.hub.api(method, f"user/{self.name}/api/{path}", body)

    def start(self) -> None:
        """Start the student's server without a browser, and wait until it answers.

        Raises:
            TimeoutError: it does not.
        """
        self.hub.api("POST", f"hub/api/users/{self.name}/server")
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if any(server["ready"] for server in self.servers()):
                return
            time.sleep(0.2)
        raise TimeoutError(f"the server of {self.name} did not start:\n{self.hub.said()}")

    def servers(self) -> list[dict[str, Any]]:
        """Return what the hub knows of the student's servers, those that begin or end included."""
        return list(self.hub.api("GET", f"hub/api/users/{self.name}")["servers"].values())

    def wait_for_kernel(self) -> None:
        """Wait until a page is connected to an idle kernel: before that, Run All does nothing.

        Raises:
            TimeoutError: no kernel became idle.
        """
        wait_for_kernel(self.api)


class Learner(Student):
    """Somebody who logs in to a hub and is led to the first page.

    Args:
        ours: the hub.
        browser: what they look through.
        name: theirs on the hub.
    """

    def __init__(self, ours: Hub, browser: Any, name: str) -> None:
        self.ours = ours
        self.name = "00-start-here.ipynb"
        self.open_browser(browser)
        self._log_in(name)

    def _log_in(self, name: str) -> None:
        self.server = self.ours.desk(name)
        self.page.goto(self.ours.address)
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(self.ours.password)
        self.page.get_by_role("button", name="Sign in").click()
        self.arrive()

    def make_room_for(self, name: str) -> None:
        """Log out, and let somebody else log in with the same browser."""
        self.page.close()
        self.open_page()
        self.page.goto(f"{self.ours.address}hub/logout")
        self._log_in(name)

    def arrive(self) -> None:
        """Wait until the page is there and its kernel listens."""
        there = re.compile(re.escape(self.server.base))
        self.page.wait_for_url(there, timeout=START_SECONDS * 1000)
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.server.wait_for_kernel()


@contextmanager
def hub(*names: str) -> Iterator[Hub]:
    """Start a hub for some students, by default ana and ben; stop it after, with their servers.

    Raises:
        HubError: JupyterHub is not installed, or it did not start.
    """
    serving = run.serving()
    if not serving.python.is_file():
        raise HubError("JupyterHub is not installed: run `python run.py test` once, which does it.")
    with tempfile.TemporaryDirectory(prefix="kit-hub-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        kit = _read_only_kit(folder / "kit")
        address = f"http://127.0.0.1:{_free_port()}/"
        ours = Hub(
            folder, kit, address, secrets.token_hex(8), secrets.token_hex(16), folder / "hub.log"
        )
        (folder / "config.py").write_text(_config(ours, names or ("ana", "ben")))
        try:
            with ours.log.open("wb") as log:
                ours.process = subprocess.Popen(
                    [serving.python, "-m", "jupyterhub", "--config", folder / "config.py"],
                    cwd=folder,
                    env=_environment(ours, serving),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    preexec_fn=give_up_overriding,
                )
            _wait(ours)
            yield ours
        finally:
            _stop(ours)
            for path in [kit, *kit.rglob("*")]:
                if path.is_dir():
                    path.chmod(0o755)


def give_up_overriding() -> None:
    """Make file modes hold for this process and its children even where it is root's."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            if libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "file modes cannot be made to hold for root")


def _read_only_kit(folder: Path) -> Path:
    for name in ("kit", "datasets", "notebooks", "docs/hosting"):
        shutil.copytree(
            REPO / name,
            folder / name,
            ignore=shutil.ignore_patterns(*LEFT_OUT),
        )
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(REPO / name, folder / name)
    # Compiled once, as in an image: nobody could do so later.
    subprocess.run([run.serving().python, "-m", "compileall", "-q", folder / "kit"], check=True)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder


def _config(ours: Hub, names: tuple[str, ...]) -> str:
    for name in names:
        _make_home(ours.desk(name).home)
    lines = [
        f"load_subconfig({str(ours.kit / 'docs' / 'hosting' / 'jupyterhub_config.py')!r})",
        "c.JupyterHub.authenticator_class = 'dummy'",
        f"c.Authenticator.allowed_users = {set(names)!r}",
        f"c.DummyAuthenticator.password = {ours.password!r}",
        "c.JupyterHub.spawner_class = 'simple'",
        f"c.SimpleLocalProcessSpawner.home_dir_template = "
        f"{str(ours.folder / 'homes') + '/{username}'!r}",
        f"c.Spawner.start_timeout = c.Spawner.http_timeout = {START_SECONDS}",
        f"c.JupyterHub.bind_url = {ours.address!r}",
        f"c.JupyterHub.hub_bind_url = 'http://127.0.0.1:{_free_port()}'",
        f"c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:{_free_port()}'",
        f"c.ConfigurableHTTPProxy.command = {[str(run.serving().python), '-c', PROXY]!r}",
        f"c.ConfigurableHTTPProxy.pid_file = {str(ours.folder / 'proxy.pid')!r}",
        f"c.JupyterHub.db_url = 'sqlite:///{ours.folder / 'hub.sqlite'}'",
        f"c.JupyterHub.cookie_secret_file = {str(ours.folder / 'cookie-secret')!r}",
        f"c.JupyterHub.services = [{{'name': 'tests', 'api_token': {ours.token!r}}}]",
        "c.JupyterHub.load_roles = [{'name': 'tests', 'services': ['tests'],",
        "    'scopes': ['admin:users', 'admin:servers', 'access:servers', 'shutdown']}]",
    ]
    if os.geteuid() == 0:
        lines.append("c.Spawner.args = ['--allow-root']")
    return "\n".join(["c = get_config()", *lines]) + "\n"


def _make_home(home: Path) -> None:
    """Make a home whose kernels have no network, as in every test, and where nbgrader keeps quiet:
    it is in the hub's environment here and in no student's elsewhere."""
    shutil.copytree(REPO / "tests" / "ipython", home / ".ipython")
    settings = home / ".jupyter"
    (settings / "labconfig").mkdir(parents=True)
    disabled = {"disabledExtensions": {"@jupyter/nbgrader": True}}
    (settings / "labconfig" / "page_config.json").write_text(json.dumps(disabled))
    parts = ("formgrader", "validate_assignment", "assignment_list", "course_list")
    off = {f"nbgrader.server_extensions.{part}": False for part in parts}
    (settings / "jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": {"jpserver_extensions": off}})
    )


def _environment(ours: Hub, serving: run.Environment) -> dict[str, str]:
    """Return variables like those of a service: nothing of whoever runs the tests."""
    kept = ("LANG", "LC_ALL", "TZ", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PATH": os.pathsep.join([str(serving.scripts), os.environ["PATH"]]),
        "HOME": str(ours.folder),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(ours: Hub) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and ours.process.poll() is None:
        try:
            ours.api("GET", "hub/api/users")
            return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.2)
    raise HubError(f"The hub did not start. It said:\n{ours.said()}")


def _stop(ours: Hub) -> None:
    if ours.process is None:
        return
    left = ours.processes() if ours.process.poll() is None else []
    if ours.process.poll() is None:
        ours.process.terminate()  # it stops the servers and the proxy
    try:
        ours.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        ours.process.kill()
        ours.process.wait()
    # Kernels are given time to end; what is left then has lost its parent.
    _gone, alive = psutil.wait_procs(left, timeout=10)
    for process in alive:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            pass
