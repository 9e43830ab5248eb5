"""How long does it take to collect a class, and how much memory, and is alpha quick?

Run it from the repository's folder; it makes the class first, which takes a minute::

    python -m tests.benchmarks.collect [STUDENTS]

It prints, for a class of a thousand (or as many as asked), files of broken kinds among them: the
time from the folder to the report by the clock and by the processor, and the largest memory; then
the time for alpha over as many students and 43 paragraphs, here from counts and by nltk's
AnnotationTask from triples.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from nltk.metrics.agreement import AnnotationTask

from desk.collect.agreement import ClassLayer, Scale
from desk.collect.collect import collect
from kit.measure.alpha import Tally, alpha_of
from tests import synthetic_class
from tests.synthetic_class import ARTICLE, CODEBOOK

LAYER = "position"


def whole(students: int) -> None:
    """Print what collecting a class takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "in"
        folder.mkdir()
        synthetic_class.make(folder, students, layout="moodle")
        size = sum(path.stat().st_size for path in folder.rglob("*.json"))
        start = time.perf_counter(), time.process_time()
        roll = collect(folder, Path(name) / "out")
        clock, processor = time.perf_counter() - start[0], time.process_time() - start[1]
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{students:,} files ({size / 2**20:.0f} MB), {len(roll.students):,} used, "
        f"{roll.to_ask} to ask about: {clock:.1f} s by the clock, {processor:.1f} s of the "
        f"processor (load {os.getloadavg()[0]:.1f}); memory {most:.0f} MB"
    )


def alpha(students: int) -> None:
    """Print how long alpha takes, here and by nltk."""
    scale = Scale(ARTICLE, CODEBOOK.layer(LAYER))
    draw = random.Random(2023)
    rows = [bytes(draw.choices(range(2, 10), k=len(scale.units))) for _ in range(students)]

    start = time.process_time()
    layer = ClassLayer(scale, dict(enumerate(rows)))
    ours = alpha_of([Tally.of(counts) for counts in layer.counts])
    here = time.process_time() - start
    figures = layer.figures
    whole = time.process_time() - start
    triples = [(n, place, code) for n, row in enumerate(rows) for place, code in enumerate(row)]
    start = time.process_time()
    theirs = AnnotationTask(triples).alpha()
    nltk = time.process_time() - start
    print(
        f"alpha of {students:,} × {len(scale.units)}: {here:.3f} s, nltk {nltk:.3f} s "
        f"({nltk / here:.0f} times); difference {abs(ours - theirs):.1e}; with percent and "
        f"interval ({figures.interval.low:.4f} to {figures.interval.high:.4f}) {whole:.2f} s"
    )


def main() -> None:
    """Print both."""
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    alpha(students)
    whole(students)


if __name__ == "__main__":
    main()
