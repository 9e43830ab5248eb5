"""See to it that the tests have a browser: ``python -m tests.fetch_browser``.

The machine's own Chrome, Chromium or Edge serves where there is one. Otherwise Playwright fetches
its own into the environment, and where it cannot, Debian's package is installed. Pages are
measured in the tests, so that Debian also gets a font if it has none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from kit.doctor import find_browser

MISSING = (
    "No browser for the tests, and none could be fetched: install Chrome, Chromium or Edge, or "
    "name one in the variable KIT_BROWSER, then run the same command again."
)


def fetch() -> bool:
    """Find or fetch a browser; say whether the tests have one now."""
    if os.environ.get("KIT_BROWSER"):
        return find_browser() is not None
    if find_browser() is None:
        print("The tests need a browser and find none. Fetching one, some 170 MB ...", flush=True)
        _said([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"])
    wanted = [] if find_browser() else ["chromium"]
    if sys.platform == "linux" and not _said(["fc-list"]):
        wanted += ["fontconfig", "fonts-dejavu"]
    if wanted and shutil.which("apt-get") and os.geteuid() == 0:
        print(f"Installing {', '.join(wanted)} ...", flush=True)
        _said(["apt-get", "update", "--quiet"])
        _said(["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *wanted])
    return find_browser() is not None


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
