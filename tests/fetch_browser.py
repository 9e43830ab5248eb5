"""See to it that the tests have a browser: ``python -m tests.fetch_browser``.

The machine's own Chromium, Chrome or Edge serves where there is one. Otherwise Playwright fetches
its own into the environment. On Debian, whoever may install packages gets the headless shell, the
same browser without its windows, which takes three quarters of the processor's time. Pages are
measured in the tests, so that Debian also gets a font if it has none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

MISSING = (
    "No browser for the tests, and none could be fetched: install Chrome, Chromium or Edge, or "
    "name one in the variable KIT_BROWSER, then run the same command again."
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


def find_browser() -> Path | None:
    """Return the browser that the tests drive, or None when there is none.

    The variable KIT_BROWSER decides when it is set. Otherwise the first of: Chromium, Chrome or
    Edge on the search path, then in its usual place, then the Chromium that Playwright keeps in
    this environment.
    """
    chosen = os.environ.get("KIT_BROWSER")
    found = next(filter(None, map(shutil.which, [chosen] if chosen else NAMES)), None)
    if found or chosen:
        return Path(found) if found else None
    return next((place for place in _places() if place.is_file()), None)


def _places() -> Iterator[Path]:
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
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", "0")  # beside its own files, nowhere else
    try:
        with sync_playwright() as playwright:
            yield Path(playwright.chromium.executable_path)
    except Error:  # called where an event loop is running
        return


def fetch() -> bool:
    """Find or fetch a browser; say whether the tests have one now."""
    if os.environ.get("KIT_BROWSER"):
        return find_browser() is not None
    if find_browser() is None:
        print("The tests need a browser and find none. Fetching one, some 170 MB ...", flush=True)
        _said([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"])
    if sys.platform == "linux" and shutil.which("apt-get") and os.geteuid() == 0:
        if not shutil.which(SHELL):
            _said(["apt-get", "update", "--quiet"])
            _install(SHELL)
        if find_browser() is None:
            _install("chromium")  # Debian's kin have no shell by itself
        if not _said(["fc-list"]):
            _install("fontconfig", "fonts-dejavu")
    return find_browser() is not None


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
    if not fetch():
        sys.exit(MISSING)
