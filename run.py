"""Set the kit up and run it: `python run.py lab`, `python run.py test`.

Needs nothing but Python 3.11. The first run makes the folder .venv beside this file and installs
the pinned packages there; later runs find them and start at once. Nothing outside this folder is
changed.
"""

import sys

OLDEST = (3, 11)  # pyproject.toml says the same
if sys.version_info < OLDEST:
    # Before any other import, and in the words of an old Python, so that it can still say this.
    sys.exit(
        "This kit needs Python %d.%d or newer, and this is Python %d.%d: get a newer one from "
        "python.org/downloads, then run the same command with it."
        % (OLDEST + tuple(sys.version_info[:2]))
    )

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parent
FIRST_PAGE = "notebooks/00-start-here.ipynb"
PROGRESS = 5  # seconds between two signs of life from a set-up

HELP = f"""\
usage: python run.py COMMAND [OPTIONS]

  lab        open the kit in JupyterLab, on {FIRST_PAGE}
  notebook   open it in Jupyter Notebook instead
  doctor     say what is in order and how to mend what is not
  test       run every test; paths and options go to pytest
  site       make a site to put on the web: the lessons to read, and to do in a browser
  notebooks  run the notebooks and store what they show
  setup      only set up

Each command first sets up the folder .venv, which takes a minute or so the first time. `test` and
`site` also set up .venv-serving, with what takes the kit to a class and no student needs."""


# JupyterLab asks each newcomer about fetching news from the net; the answer here is no. A guide
# opens as a page to read, not as the text that makes it.
SETTINGS = json.dumps(
    {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
        "@jupyterlab/docmanager-extension:plugin": {
            "defaultViewers": {"markdown": "Markdown Preview"}
        },
    }
)


class Trouble(Exception):
    """What went wrong and the cure, in a sentence for the person at the keyboard."""


def say(sentence: str) -> None:
    """Print at once, lest a child's own output come first."""
    print(sentence, flush=True)


# ---------------------------------------------------------------------------- the environment


class Environment:
    """A Python environment of the kit's own: a folder that can be thrown away and made again.

    root: the kit's folder, which holds the locks.
    purpose: nothing for what students use, .venv with the pins of requirements.lock; else the
        name at the end of both: .venv-serving has the pins of requirements-serving.lock.
    """

    def __init__(self, root: Path, purpose: str = "") -> None:
        end = f"-{purpose}" if purpose else ""
        self.root = root
        self.folder = root / f".venv{end}"
        self.lock = root / f"requirements{end}.lock"
        self.stamp = self.folder / "kit-setup.json"
        self.log = root / "setup.log"
        self._settings = self.folder / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
        windows = os.name == "nt"
        self.scripts = self.folder / ("Scripts" if windows else "bin")
        self.python = self.scripts / ("python.exe" if windows else "python")

    def ready(self) -> bool:
        """Whether a finished set-up of exactly these pins is there and its Python runs."""
        try:
            stamp = json.loads(self.stamp.read_text(encoding="utf-8"))
            packages = self.root / stamp["packages"]
            installed = set(os.listdir(packages))
            return (
                stamp["lock"] == self._fingerprint()
                and self._settings.read_text(encoding="utf-8") == SETTINGS
                and installed.issuperset(stamp["entries"])
                and self._answer(self._WHERE) == [stamp["python"], str(packages.resolve())]
            )
        except (OSError, ValueError, KeyError, TypeError, Trouble):
            return False

    def make(self) -> None:
        """Throw away what is there and set up anew. Raises Trouble."""
        if sys.maxsize < 2**32:
            raise Trouble(
                "This is a 32-bit Python, for which the kit's packages are not made: install the "
                "64-bit Python from python.org/downloads and run the same command with it."
            )
        name = self.folder.name
        say(f"Setting up the kit in {name}. This happens once, and takes a minute or so ...")
        if self.folder.is_dir() and not self.folder.is_symlink():
            self.stamp.unlink(missing_ok=True)  # first, lest half a removal look finished
            shutil.rmtree(self.folder)
        else:
            self.folder.unlink(missing_ok=True)
        with self.log.open("wb") as log:
            uv = shutil.which("uv")
            if not (uv and self._install_with_uv(uv, log)):
                self._install_with_pip(log)
        self.log.unlink()
        self._finish()
        say("Set-up is done.")

    def run(self, *arguments: str) -> int:
        """Run the environment's Python in the kit's folder and return its exit status."""
        child = subprocess.Popen(
            [str(self.python), *arguments], cwd=self.root, env=self._variables()
        )
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        # The child gets Ctrl+C from the terminal too and closes in its own way: wait for it.
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue

    # Where the packages are, and which Python exactly: an upgraded Python is another one.
    _WHERE = (
        "import json, sys, sysconfig; from pathlib import Path;"
        "print(json.dumps([sys.version, str(Path(sysconfig.get_path('purelib')).resolve())]))"
    )

    def _fingerprint(self) -> str:
        return hashlib.sha256(self.lock.read_bytes()).hexdigest()

    def _answer(self, code: str) -> list[str]:
        done = subprocess.run(
            [str(self.python), "-I", "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        if done.returncode:
            raise Trouble("The environment's Python does not run.")
        return json.loads(done.stdout)

    def _variables(self) -> dict[str, str]:
        """The variables for every child: as if the environment had been activated."""
        variables = dict(os.environ)
        for name in (
            "PYTHONDONTWRITEBYTECODE",  # uncompiled packages make every kernel start slowly
            "PYTHONHOME",  # these lead to another Python's packages
            "PYTHONPATH",
            "PIP_PREFIX",
            "PIP_TARGET",
        ):
            variables.pop(name, None)
        variables["PIP_USER"] = "0"
        variables["VIRTUAL_ENV"] = str(self.folder)
        variables["PATH"] = os.pathsep.join([str(self.scripts), variables.get("PATH", "")])
        return variables

    def _logged(self, command: list[str], log: BinaryIO) -> str | None:
        """Run a command with its output in the log. None when it worked, else its output.

        Every few seconds the output's last line is shown, cut short, lest nothing seem to move.
        """
        start, before = time.monotonic(), log.seek(0, os.SEEK_END)
        child = subprocess.Popen(
            command,
            cwd=self.root,
            env=self._variables(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        with child, self.log.open("rb") as written:
            written.seek(before)
            output = ""
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(timeout=PROGRESS)
                output += written.read().decode("utf-8", errors="replace")
                if child.returncode is not None:
                    return output if child.returncode else None
                last = output.strip().rpartition("\n")[2].partition(" (from ")[0].strip()
                say(f"{time.monotonic() - start:5.0f} s  {ascii(last[:70])[1:-1]}")

    def _install_with_uv(self, uv: str, log: BinaryIO) -> bool:
        """Try uv, which is quicker; False when it cannot, so that pip has its turn."""
        base = getattr(sys, "_base_executable", sys.executable)
        return (
            self._logged([uv, "venv", "--no-project", "--python", base, str(self.folder)], log)
            is None
            and self._logged(
                [uv, "pip", "install", "--python", str(self.python), "--require-hashes"]
                + ["--no-build", "--compile-bytecode", "-r", str(self.lock)],
                log,
            )
            is None
        )

    def _install_with_pip(self, log: BinaryIO) -> None:
        base = getattr(sys, "_base_executable", sys.executable)
        output = self._logged([base, "-m", "venv", "--clear", str(self.folder)], log)
        if output is not None:
            raise Trouble(self.reason(output, "make a Python environment"))
        output = self._logged(
            [str(self.python), "-m", "pip", "install", "--disable-pip-version-check"]
            + ["--no-input", "--compile", "--only-binary", ":all:", "--require-hashes"]
            + ["-r", str(self.lock)],
            log,
        )
        if output is not None:
            raise Trouble(self.reason(output, "install the packages"))

    def _finish(self) -> None:
        version, packages = self._answer(self._WHERE)
        # A .pth file makes `kit` importable, with nothing to build. The path in it is relative,
        # so the folder may be moved, and plain ASCII, whatever the folder is called.
        up = Path(os.path.relpath(self.root.resolve(), packages)).as_posix()
        (Path(packages) / "kit.pth").write_text(up + "\n", encoding="ascii")
        self._settings.parent.mkdir(parents=True, exist_ok=True)
        self._settings.write_text(SETTINGS, encoding="utf-8")
        kernels = ROOT / "kit" / "extension" / "ipython"
        shutil.copytree(kernels, self.folder / "etc" / "ipython", dirs_exist_ok=True)
        # The stamp comes last: without it a set-up was never finished.
        stamp = {
            "lock": self._fingerprint(),
            "python": version,
            "packages": Path(os.path.relpath(packages, self.root.resolve())).as_posix(),
            "entries": sorted(name for name in os.listdir(packages) if name != "__pycache__"),
        }
        self.stamp.write_text(json.dumps(stamp, indent=1), encoding="utf-8")

    def reason(self, output: str, task: str) -> str:
        """The sentence for a failed command's output."""
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sentence = next(
            (cure for pattern, cure in REASONS if re.search(pattern, output, re.IGNORECASE)),
            "look at its last lines, mend what they name, and run the same command again",
        ).format(python=version)
        return f"Could not {task}: {sentence}. (What the installer said is in {self.log}.)"


# What installers say, and what it means. The first pattern that is found counts.
REASONS = [
    (
        r"ensurepip is not available|No module named '?(venv|ensurepip)",
        "this Python came without its venv module; on Debian or Ubuntu install it with "
        "`sudo apt install python{python}-venv`, elsewhere install Python from "
        "python.org/downloads, then run the same command again",
    ),
    (
        r"No space left|not enough space|Errno 28|os error (28|112)\b|WinError 112",
        "the disk is full; free about 1 GB and run the same command again",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|UnknownIssuer|invalid peer certif",
        "the network's certificate was not trusted, as happens behind a school's filter; use "
        "another network, or ask whoever runs this one for its certificate and set PIP_CERT and "
        "SSL_CERT_FILE to it",
    ),
    (
        r"Errno 407|Proxy Authentication|ProxyError|tunnel connection failed|proxy connect",
        "the network's proxy refused; ask whoever runs it what to set HTTPS_PROXY to, or use "
        "another network",
    ),
    (
        r"name resolution|getaddrinfo failed|nodename nor servname|dns error|"
        r"NewConnectionError|NameResolutionError|Failed to establish|Network is unreachable|"
        r"Connection ?refused|Connection ?reset|timed? ?out|ConnectTimeout|error sending request|"
        r"Connection broken|Temporary failure|client error \(Connect\)",
        "the package index could not be reached; connect to the internet (only this first run "
        "needs it) and run the same command again",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hash mismatch",
        "a package that arrived is not the one that was pinned; use another network and run the "
        "same command again",
    ),
    (
        r"filename or extension is too long|File name too long|WinError 206|long path",
        "the folder's name is too long for this system; move the kit to a shorter one, such as "
        "C:\\kit, and run the same command again",
    ),
    (
        r"Permission denied|Access is denied|Errno 13|os error (5|13)\b|WinError (5|32)\b",
        "a file could not be written; close JupyterLab and whatever else uses the kit's folder, "
        "and if a service such as OneDrive keeps that folder, move it elsewhere, then run the "
        "same command again",
    ),
    (
        r"No matching distribution|no usable wheels|no wheels with a matching|"
        r"Could not find a version",
        "a package is not made for this computer with Python {python}; use the newest Python "
        "3.13 or 3.14 from python.org/downloads and run the same command again",
    ),
]


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Let one set-up at a time work in the folder; the system drops the lock with the process."""
    with (root / ".setup.lock").open("a+b") as file:
        try:
            _lock(file, wait=False)
        except OSError as problem:
            # A network drive may not lock at all. Setting up unlocked is then the best there is.
            if problem.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                say("Another window is setting the kit up; waiting for it ...")
                with contextlib.suppress(OSError):
                    _lock(file, wait=True)
        yield


if os.name == "nt":
    import msvcrt

    def _lock(file: BinaryIO, wait: bool) -> None:
        file.seek(0)
        while True:
            try:
                return msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError as problem:  # LK_LOCK gives up after ten seconds
                if not (wait and problem.errno == errno.EDEADLK):
                    raise
else:
    import fcntl

    def _lock(file: BinaryIO, wait: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def serving(root: Path = ROOT) -> Environment:
    """The environment of what takes the kit to a class: nbgrader, JupyterHub, the site.

    It is apart from the students' own because nbgrader adds menus to every JupyterLab it is
    installed beside.
    """
    return Environment(root, "serving")


def set_up(environment: Environment) -> Environment:
    """The environment, made if it is not ready. Raises Trouble."""
    root = environment.root
    if not environment.ready():
        if not environment.lock.is_file():
            raise Trouble(
                f"{environment.lock} is missing: this folder is not the whole kit; download or "
                "clone it again, and keep run.py in it."
            )
        with alone(root):
            if not environment.ready():
                environment.make()
    return environment


# ---------------------------------------------------------------------------- the commands


# By what name an application's settings are known, and how it names its first page.
APPLICATIONS = {
    "lab": ("jupyterlab", "LabApp", "/lab/tree/"),
    "notebook": ("notebook", "JupyterNotebookApp", "/notebooks/"),
}


# Puts the kit's pages on Jupyter's list of those it trusts. It would keep that list in the person's
# home; the kit's own lies in its folder.
TRUST = """
import contextlib, sys, nbformat, nbformat.sign
notary = nbformat.sign.NotebookNotary(data_dir=sys.argv[1])
for path in sys.argv[2:]:
    with contextlib.suppress(Exception):  # what is no notebook, Jupyter says when it is opened
        notary.sign(nbformat.read(path, 4))
"""


def extension() -> list[str]:
    """The settings by which lessons run when they are opened.

    Both applications are asked: Notebook lists the extension, and lets JupyterLab serve its files.
    """
    place = ROOT / "kit" / "extension"
    return [
        f"--{settings}.extra_labextensions_path={place}" for _, settings, _ in APPLICATIONS.values()
    ]


def browse(environment: Environment, application: str, options: list[str]) -> int:
    """Serve the kit's folder with a Jupyter application and open it in the browser."""
    module, settings, pages = APPLICATIONS[application]
    lessons = sorted(str(path) for path in (ROOT / "notebooks").rglob("*.ipynb"))
    environment.run("-c", TRUST, str(environment.folder), *lessons)
    arguments = [
        "-m",
        module,
        *extension(),
        f"--NotebookNotary.data_dir={environment.folder}",
        f"--ServerApp.root_dir={environment.root}",
        f"--{settings}.default_url={pages}{FIRST_PAGE}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # a container; Jupyter refuses root otherwise
    return environment.run(*arguments, *options)


def test(environment: Environment, options: list[str]) -> int:
    """Run the tests, with what they need fetched first; every test, unless options say which."""
    part = re.search(r"--quick\b|--only[ =](unit|notebooks)\b", " ".join(options))
    if not part:
        set_up(serving())  # some tests run its programs
        environment.run("-m", "tests.fetch_browser")  # where it cannot, it says so; tests will fail
    named = any((ROOT / option.partition("::")[0]).exists() for option in options)
    if not named and not any(option.startswith(("-n", "--pdb")) for option in options):
        # A file's tests stay together, since they share servers and students.
        # conftest.py puts the files in order.
        several = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
        options = [*several, "--no-loadscope-reorder", *options]
    return environment.run("-m", "pytest", *options)


def main(arguments: list[str]) -> int:
    """Carry out one command line, without the program's name, and return the exit status."""
    command, options = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if command in ("help", "-h", "--help"):
        print(HELP)
        return 0
    if command not in ("lab", "notebook", "doctor", "test", "site", "notebooks", "setup"):
        raise Trouble(f"There is no command {command!r}; `python run.py` lists those there are.")
    environment = set_up(Environment(ROOT))
    if command in APPLICATIONS:
        return browse(environment, command, options)
    if command == "doctor":
        return environment.run("-m", "kit", "doctor", *options)
    if command == "test":
        return test(environment, options)
    if command == "site":
        return set_up(serving()).run("-m", "desk", "site", *options)
    if command == "notebooks":
        return environment.run("-m", "tests.store_outputs", *options)
    return 0


def explain(problem: OSError) -> str:
    """The sentence for a file that could not be read or written while setting up."""
    where = problem.filename or ROOT
    if problem.errno in (errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else None):
        return f"The disk is full ({where}): free about 1 GB and run the same command again."
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{where} may not be written: close JupyterLab and whatever else uses it, or move the "
            "kit to a folder of your own, and run the same command again."
        )
    return f"The system refused at {where} ({problem.strerror}): mend that, and run it again."


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
    except OSError as problem:
        sys.exit(explain(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command takes up the set-up again.")
