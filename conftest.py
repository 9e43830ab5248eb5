"""Rules for every test and every notebook: no network, a work folder of its own, nothing skipped.

It lies here, above both tests/ and notebooks/, so that the rules also hold for
`pytest notebooks/02-structure.ipynb` alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from nbval.plugin import IPyNbCell

ROOT = Path(__file__).resolve().parent
# Notebooks as two students left them, one with everything right and one with everything wrong.
STATES = ROOT / "tests" / "states"

# A busy machine is no fault of the code: no example has to be quick.
hypothesis.settings.register_profile("kit", deadline=None)
hypothesis.settings.load_profile("kit")

# Files that tests read, among them notebooks that are wrong on purpose.
collect_ignore_glob = ["tests/data/*"]


KINDS = ("unit", "notebooks", "browser")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("kit")
    group.addoption("--quick", action="store_true", help="only units and notebooks")
    group.addoption(
        "--only",
        choices=KINDS,
        help="one kind of check; browser also stands for JupyterHub, nbgrader and the site",
    )


def kind_of(item: pytest.Item) -> str:
    """One of KINDS."""
    if isinstance(item, IPyNbCell):
        return "notebooks"
    in_front = {"browser", "server"}.intersection(getattr(item, "fixturenames", ()))
    return "browser" if in_front or item.get_closest_marker("browser") else "unit"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    only, quick = config.option.only, config.option.quick
    wanted = [only] if only else KINDS[:2] if quick else KINDS
    left_out = [item for item in items if kind_of(item) not in wanted]
    if left_out:
        items[:] = [item for item in items if kind_of(item) in wanted]
        config.hook.pytest_deselected(items=left_out)
    # Files with what takes longest go first and notebooks last, so that several workers end
    # together.
    slow = {item.path for item in items if kind_of(item) == "browser"}
    items.sort(key=lambda item: (item.path not in slow, kind_of(item) == "notebooks"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs a browser, JupyterHub, nbgrader or the site")
    config.pluginmanager.register(Surroundings(), "kit-surroundings")
    if not config.option.collectonly:
        config.pluginmanager.register(Completeness(config), "kit-completeness")


class Surroundings:
    """The environment that tests run in and that every kernel started by them inherits."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kit-tests-"))
        # IPython writes its history where its profile is, so it gets a copy.
        shutil.copytree(ROOT / "tests" / "ipython", self.folder / "ipython")
        os.environ["IPYTHONDIR"] = str(self.folder / "ipython")
        # Kernels choose their own backend, as they do for a student.
        os.environ.pop("MPLBACKEND", None)
        self._use_work_folder("tests")

    def _use_work_folder(self, name: str) -> bool:
        """Let the kit keep its work under a name; say whether that is a new folder."""
        folder = self.folder / "work" / name
        new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["KIT_WORK"] = str(folder)
        return new

    @pytest.hookimpl(tryfirst=True)  # before nbval starts the kernel of a notebook's first cell
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if not isinstance(item, IPyNbCell):
            self._use_work_folder("tests")
        elif STATES in item.path.parents:
            state = item.path.parent.name
            if self._use_work_folder(f"{state}-{item.path.stem}"):
                from tests.states import fill

                fill(Path(os.environ["KIT_WORK"]), item.path.stem, state)
                # Stored without pages and pictures: the plain text says everything.
                item.parent.skip_compare += ("text/html",)
        else:
            self._use_work_folder(item.path.stem)

    def pytest_unconfigure(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Completeness:
    """Fails a run in which a check did not run, though none of them failed.

    Skips and expected failures count everywhere. A run that was not narrowed on the command line
    must also have deselected nothing and have run a cell of every notebook.
    """

    NARROWING = (
        "-k",
        "-m",
        "--lf",
        "--last-failed",
        "--sw",
        "--stepwise",
        "--deselect",
        "--ignore",
        "--quick",
        "--only",
    )

    def __init__(self, config: pytest.Config) -> None:
        asked = config.invocation_params.args
        self.whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not any(
            str(argument).startswith(self.NARROWING) for argument in asked
        )
        self.part = next((f"--{name}" for name in ("quick", "only") if config.getoption(name)), "")
        self.notebooks: set[Path] = set()
        self.deselected: list[str] = []
        self.gaps: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.gaps.append(f"{report.nodeid} was skipped")

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.deselected += [f"{item.nodeid} was deselected" for item in items]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if hasattr(report, "wasxfail"):
            self.gaps.append(f"{report.nodeid} was expected to fail")
        elif report.skipped:
            self.gaps.append(f"{report.nodeid} was skipped")
        if report.when == "call":
            self.notebooks.add(ROOT / report.nodeid.partition("::")[0])

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what one of pytest-xdist's workers alone knows: how it collected."""
        collected = getattr(node, "workeroutput", {})
        self.gaps += [gap for gap in collected.get("gaps", ()) if gap not in self.gaps]
        self.deselected = collected.get("deselected", self.deselected)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput |= {"gaps": self.gaps, "deselected": self.deselected}
            return
        if self.whole and not (session.shouldstop or session.shouldfail):
            self.gaps += self.deselected
            there = {
                path
                for path in (ROOT / "notebooks").rglob("*.ipynb")
                if ".ipynb_checkpoints" not in path.parts
            }
            if not there:
                self.gaps.append("notebooks/ holds no notebook")
            self.gaps += [
                f"{path.relative_to(ROOT).as_posix()}: no cell was run"
                for path in sorted(there - self.notebooks)
            ]
        if self.gaps and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.part:
            terminalreporter.line(
                f"This was a run of a part ({self.part}): {len(self.deselected)} checks were left "
                "out. `python run.py test` runs all.",
                yellow=True,
            )
        if self.gaps:
            terminalreporter.section("checks that did not run: the run has failed", red=True)
            for gap in self.gaps:
                terminalreporter.line(gap)
