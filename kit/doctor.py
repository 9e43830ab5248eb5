"""Is everything in order? One line for each check: ``OK``, or ``MEND`` and how."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Finding:
    """What one check found.

    ok: whether nothing need be done.
    text: what was looked at; when not ok, also how to mend it.
    needed: whether students cannot work without it.
    """

    ok: bool
    text: str
    needed: bool = True

    def __str__(self) -> str:
        return f"{'OK  ' if self.ok else 'MEND'}  {self.text}"


def main() -> int:
    """Print a line for each check. Returns 0 when students have all they need, else 1."""
    well = True
    for finding in examine():
        print(finding)
        well = well and (finding.ok or not finding.needed)
    print("\nAll that students need is in order." if well else "\nSomething needs mending.")
    return 0 if well else 1


def examine() -> Iterator[Finding]:
    """Make every check, one after the other. A check that breaks is a finding, too."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _python,
        _packages,
        _articles,
        _work_folder,
        _browser,
    )
    for check in checks:
        try:
            yield from check()
        except ModuleNotFoundError as problem:
            yield Finding(False, f"{problem.name} is not installed: {_set_up_anew()}")
        except Exception as problem:
            # The doctor is asked when things are odd: whatever they are, it says so in a line.
            subject = check.__name__.strip("_").replace("_", " ")
            yield Finding(False, f"{subject}: {type(problem).__name__}: {problem}. {_get_anew()}")


def find_browser() -> Path | None:
    """Return the browser that the tests drive, or None when there is none.

    The variable KIT_BROWSER decides when it is set. Otherwise the first of: Chromium, Chrome or
    Edge on the search path, then in its usual place, then the Chromium that Playwright keeps in
    this environment (where ``python run.py test`` lets it fetch one).
    """
    chosen = os.environ.get("KIT_BROWSER")
    if chosen:
        found = shutil.which(chosen)
        return Path(found) if found else None
    for name in _BROWSER_NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((place for place in _browser_places() if place.is_file()), None)


_BROWSER_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)


def _browser_places() -> Iterator[Path]:
    if sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if folder := os.environ.get(variable):
                yield Path(folder, "Google", "Chrome", "Application", "chrome.exe")
                yield Path(folder, "Chromium", "Application", "chrome.exe")
                yield Path(folder, "Microsoft", "Edge", "Application", "msedge.exe")
    elif sys.platform == "darwin":
        for applications in (Path("/Applications"), Path.home() / "Applications"):
            for name in ("Chromium", "Google Chrome", "Microsoft Edge"):
                yield applications / f"{name}.app" / "Contents" / "MacOS" / name
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", "0")  # beside its own files, nowhere else
    try:
        with sync_playwright() as playwright:
            yield Path(playwright.chromium.executable_path)
    except Error:  # called where an event loop is running
        return


def _python() -> Iterator[Finding]:
    from packaging.specifiers import SpecifierSet

    version = ".".join(map(str, sys.version_info[:3]))
    wanted = _project()["requires-python"]
    ok = SpecifierSet(wanted).contains(version)
    mend = "" if ok else f" is not {wanted}: get a newer one from python.org/downloads."
    yield Finding(ok, f"Python {version}{mend}")


def _packages() -> Iterator[Finding]:
    from packaging.requirements import Requirement

    project = _project()
    for line in project["dependencies"] + project["optional-dependencies"]["lab"]:
        requirement = Requirement(line)
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Finding(False, f"{requirement.name} is not installed: {_set_up_anew()}")
            continue
        ok = requirement.specifier.contains(version, prereleases=True)
        mend = "" if ok else f" is not {requirement.specifier}: {_set_up_anew()}"
        yield Finding(ok, f"{requirement.name} {version}{mend}")


def _articles() -> Iterator[Finding]:
    from kit.library import datasets
    from kit.text.article import ArticleError

    ids = datasets.article_ids()
    if not ids:
        yield Finding(False, f"There is no article under datasets. {_get_anew()}")
    for article_id in ids:
        try:
            article = datasets.load_article(article_id)
        except ArticleError as problem:
            yield Finding(False, f"article {article_id}: {problem} {_get_anew()}")
        else:
            yield Finding(
                True, f"article {article_id}: the text is the right one ({article.sha256[:12]} …)"
            )


def _work_folder() -> Iterator[Finding]:
    from kit.work.names import work_folder

    folder = work_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"Can this be kept?")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        yield Finding(
            False,
            f"work folder {folder}: nothing can be saved there ({problem.strerror}): make it "
            "writable, or move the kit to a folder of your own.",
        )
    else:
        yield Finding(True, f"work folder {folder}: labels can be saved there")


def _browser() -> Iterator[Finding]:
    browser = find_browser()
    chosen = os.environ.get("KIT_BROWSER")
    said = "browser: none found (needed only for tests, which fetch one: `python run.py test`)."
    if browser:
        said = f"browser for the tests: {browser}"
    elif chosen:
        said = f"browser: KIT_BROWSER names {chosen}, which is not there (needed only for tests)."
    yield Finding(browser is not None, said, needed=False)


def _project() -> dict:
    """The table [project] of pyproject.toml."""
    return tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _set_up_anew() -> str:
    if (Path(sys.prefix) / "conda-meta").is_dir():
        return "run `conda env update --file environment.yml`."
    if Path(sys.prefix).resolve() == (_ROOT / ".venv").resolve():
        return "delete the folder .venv and run `python run.py doctor`."
    return "this is not the kit's own environment: run `python run.py doctor`."


def _get_anew() -> str:
    return "Download or clone the kit again; your work is in the work folder, so keep that."
