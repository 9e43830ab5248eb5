"""See to it that the tests have their browsers: ``python -m tests.fetch_browser``.

The machine's own Chromium, Chrome or Edge serves where there is one. Otherwise Playwright fetches
its own into the environment. On Debian, whoever may install packages gets the headless shell, the
same browser without its windows, which takes three quarters of the processor's time, and Firefox,
which elsewhere has to be there. Pages are measured in the tests, so that Debian also gets a font if
it has none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

MISSING = (
    "No browser for the tests, and none could be fetched: install Chrome, Chromium or Edge, or "
    "name one in the variable KIT_BROWSER, then run the same command again."
)
NO_FIREFOX = (
    "No Firefox for the tests, and none could be fetched: install Firefox, then run the same "
    "command again."
)

SHELL = "chromium-headless-shell"  # Debian's package and its program
NAMES = (
    SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
ON_MACOS = ("Chromium", "Google Chrome", "Microsoft Edge")
FIREFOX = "firefox-esr"  # Debian's package and its program


def find_browser() -> Path | None:
    """Return the browser that the tests drive, or None when there is none.

    The variable KIT_BROWSER decides when it is set. Otherwise the first of: Chromium, Chrome or
    Edge on the search path, then in its usual place, then the Chromium that Playwright keeps in
    this environment.
    """
    chosen = os.environ.get("KIT_BROWSER")
    if chosen:
        return _found([chosen])
    return _found(NAMES, ON_WINDOWS, ON_MACOS) or next(filter(Path.is_file, _playwrights()), None)


def find_firefox() -> Path | None:
    """Return Firefox, from the search path or from its usual place, or None."""
    return _found([FIREFOX, "firefox"], ["Mozilla Firefox/firefox.exe"], ["Firefox"])


def _found(
    names: Iterable[str], on_windows: Iterable[str] = (), on_macos: Iterable[str] = ()
) -> Path | None:
    places = [Path(found) for found in map(shutil.which, names) if found]
    if sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if folder := os.environ.get(variable):
                places += [Path(folder, place) for place in on_windows]
    elif sys.platform == "darwin":
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            places += [folder / f"{name}.app" / "Contents" / "MacOS" / name for name in on_macos]
    return next(filter(Path.is_file, places), None)


def _playwrights() -> Iterator[Path]:
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", "0")  # beside its own files, nowhere else
    try:
        with sync_playwright() as playwright:
            yield Path(playwright.chromium.executable_path)
    except Error:  # called where an event loop is running
        return


def fetch() -> list[str]:
    """Find or fetch the browsers; return a sentence for each that the tests have not now."""
    mine = os.environ.get("KIT_BROWSER")
    if not mine and find_browser() is None:
        print("The tests need a browser and find none. Fetching one, some 170 MB ...", flush=True)
        _said([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"])
    if sys.platform == "linux" and shutil.which("apt-get") and os.geteuid() == 0:
        wanted = [] if mine or shutil.which(SHELL) else [SHELL]
        wanted += [] if find_firefox() else [FIREFOX]
        if wanted:
            _said(["apt-get", "update", "--quiet"])
        for package in wanted:
            _install(package)
        if not mine and find_browser() is None:
            _install("chromium")  # Debian's kin have no shell by itself
        if not _said(["fc-list"]):
            _install("fontconfig", "fonts-dejavu")
    return [MISSING] * (find_browser() is None) + [NO_FIREFOX] * (find_firefox() is None)


def _install(*packages: str) -> None:
    print(f"Installing {', '.join(packages)} ...", flush=True)
    _said(["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *packages])


def _said(command: list[str]) -> str:
    """What a command printed, or nothing when it failed, is not there, or took ten minutes."""
    try:
        return subprocess.run(
            command,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=600,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


if __name__ == "__main__":
    sys.exit("\n".join(fetch()) or 0)
