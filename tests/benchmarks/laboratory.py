"""All eight lessons in the laboratory of the site, each from a fresh profile, the network cut.

::

    python -m tests.benchmarks.laboratory
    python -m tests.benchmarks.laboratory --lessons 01 03 --pictures FOLDER

Every lesson is opened by its link, runs by itself, and is opened again by the same browser. It
prints seconds, bytes and memory; what fails is named, and the benchmark then fails. It wants
`.venv-serving`. Python comes from the package index; `--pyodide` names the real distribution.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

import run
from kit.library import datasets
from tests.jupyter_server import chromium
from tests.laboratory import Server, Visitor, served, watched
from tests.pyodide import pyodide

LESSONS = sorted(path.stem for path in (datasets.root() / "notebooks").glob("[0-9]*.ipynb"))
WIDTHS = (1366, 820, 390, 320)
HEAD = ("lesson", "MB", "to read", "widget", "results", "MB", "to read", "widget", "results", "RAM")


def build(out: Path, source: Path) -> None:
    command = [run.serving(datasets.root()).python, "-m", "desk", "site", "--with-article"]
    subprocess.run([*command, "--out", out, "--pyodide", source], check=True)


def memory() -> int:
    """MB of the browser's processes, where the system can say what is theirs alone."""
    mine = psutil.Process().children(recursive=True)
    return (
        sum(process.memory_full_info().uss for process in mine if "chrom" in process.name())
        // 10**6
    )


def visit(lesson: str, browser, profile: Path, server: Server, pictures: Path | None) -> list:
    idle = memory()
    with watched(browser, profile, viewport={"width": 1366, "height": 768}) as (page, asked):
        visitor = Visitor(page, server.address)
        row: list[float] = []
        for _ in range(2):
            before = server.sent
            seconds = visitor.open(lesson)
            row += [(server.sent - before) / 1e6, *seconds.values()]
        row.append(memory() - idle)
        assert visitor.workers == 1 and asked == [], (visitor.workers, asked)
        for width in WIDTHS if pictures else ():
            page.set_viewport_size({"width": width, "height": 1600})
            page.screenshot(path=pictures / f"{lesson}-{width}.png")
    return row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pyodide", type=Path)
    parser.add_argument("--lessons", nargs="*", default=LESSONS)
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="kit-laboratory-") as name, chromium() as browser:
        site = Path(name) / "site"
        build(site, options.pyodide or pyodide())
        sizes = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
        print(f"the site: {sum(sizes) / 1e6:.1f} MB in {len(sizes)} files")
        print(f"{'':24}{'first visit':^36}{'second visit':^36}")
        print(f"{HEAD[0]:24}" + "".join(f"{word:>9}" for word in HEAD[1:]))
        with served(site) as server:
            for lesson in LESSONS:
                if not lesson.startswith(tuple(options.lessons)):
                    continue
                try:
                    row = visit(lesson, browser, Path(name) / lesson, server, options.pictures)
                    print(f"{lesson:24}" + "".join(f"{figure:9.1f}" for figure in row), flush=True)
                except Exception as problem:  # the others are still to be tried
                    failed += 1
                    print(f"{lesson:24}FAILED: {problem}", flush=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
