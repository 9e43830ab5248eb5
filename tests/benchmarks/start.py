"""What ``import kit`` costs on top of bare Python.

    python -m tests.benchmarks.start

Runs the two in turn, each in a process of its own, and prints the medians and their difference.
The aim is at most 60 ms.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAIRS = 25


def seconds(code: str) -> float:
    """Return the wall-clock seconds a fresh Python takes for ``code``."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    return time.perf_counter() - start


def main() -> None:
    seconds("import kit")  # compiles, and warms the disk cache
    runs = [(seconds("pass"), seconds("import kit")) for _ in range(PAIRS)]
    bare, kit = (statistics.median(column) * 1000 for column in zip(*runs, strict=True))
    extra = statistics.median(kit - bare for bare, kit in runs) * 1000
    print(f"bare Python {bare:.1f} ms, with the kit {kit:.1f} ms, difference {extra:.1f} ms")
    print(f"medians of {PAIRS} pairs of processes")


if __name__ == "__main__":
    main()
