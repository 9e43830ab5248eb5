"""What is lost, and what is lost in silence, when one thing or another goes wrong.

    python -m tests.benchmarks.trust            a few minutes
    python -m tests.benchmarks.trust --times 20 --seed 7

Work is driven as the pages drive it: through the labeller, the forms and the desk of whoever marks.
Whatever was acknowledged must be found again: in its place, or kept beside it (another answer of
the same field, a label to choose, a side copy). *Lost* counts what is nowhere; *silent* what is
lost, or not in its place, without a sentence to the person; *mixed* what came into somebody else's
file. The numbers of one seed are the same every time, but where processes race.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from desk.collect import rubric_marks
from desk.collect.rubric_marks import Mark
from kit import exercises
from kit.base.errors import KitError
from kit.coding.coding import Annotation
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.text.span import Span
from kit.widgets.labeller import Labeller
from kit.widgets.task import Task
from kit.work.names import file_stem
from kit.work.workbook import Workbook

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = datasets.load_article("blinken-beijing-2023")
CODEBOOK = datasets.codebook(ARTICLE.id)
LAYER = "position"
CODES = [code.id for code in CODEBOOK.layer(LAYER).codes]
WRITE = exercises.find(exercises.load("04-expectations"), "4.4")
FIELD = WRITE.texts[0].id
WORDS = "who says what to whom and why does it sound so hopeful after all these talks".split()


class Result(NamedTuple):
    """One trial's line in the table."""

    trial: str
    times: int
    acknowledged: int
    lost: int
    silent: int
    mixed: int = 0


# -- pages -----------------------------------------------------------------------------------------


class Window:
    """A kernel with a labeller and a form, and the pages that show them."""

    def __init__(self, path: Path):
        self.book = Workbook(ARTICLE, CODEBOOK, "student", path)
        self.told: list[str] = []
        self._labeller = Labeller(self.book, LAYER)
        self._task = Task(WRITE, self.book, lambda: context_of(WRITE, self.book))
        self._labels: dict[str, Any] = dict(self._labeller.labels)
        self._text = self._task.state["values"].get(FIELD, "")
        self._rev = 0

    def _ask(self, widget: Any, message: dict[str, Any]) -> dict[str, Any]:
        out: list[dict[str, Any]] = []
        widget.send = lambda content, buffers=None: out.append(content)
        self._rev += 1
        widget._receive(widget, {**message, "rev": self._rev}, [])
        (answer,) = out
        return answer

    def label(self, block: str, code: str) -> str:
        """Label as the page does; return "saved", or what was said instead."""
        unit = ARTICLE.unit(block)
        place = {"start": unit.start, "end": unit.end}
        now = {"id": block, "layer": LAYER, "at": place, "codes": [code]}
        was = self._labels.get(block)
        if was and list(was["codes"]) == [code]:
            return "no change, so a page sends nothing"
        change = {"was": was, "now": now, "sent": []}
        answer = self._ask(self._labeller, {"type": "changes", "changes": {block: change}})
        self._labels = dict(self._labeller.labels)
        if answer["type"] != "saved":
            return self._tell(answer["problem"])
        if answer["conflicts"]:
            return self._tell("another window says otherwise")
        return "saved"

    def write(self, text: str) -> str:
        """Write into the form as the page does; return "saved", or what was said instead."""
        seen = {FIELD: self._text} if self._text else {}
        message = {"type": "draft", "values": {FIELD: text}, "seen": seen, "sent": []}
        answer = self._ask(self._task, message)
        if answer["type"] != "saved":
            return self._tell(answer["problem"])
        if answer.get("torn"):
            return self._tell("another window has written something else")
        self._text = text
        return "saved"

    def _tell(self, said: str) -> str:
        self.told.append(said)
        return said


def told(window: Window | None, book: Workbook) -> bool:
    """Whether a sentence has reached the person."""
    asked = getattr(book, "question", None)
    return bool(book.notice or asked or (window and window.told))


def everywhere(folder: Path) -> str:
    """All that is in a folder's work files, as text."""
    found = []
    for path in folder.glob("*.json"):
        with suppress(OSError):
            found.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(found)


class Truth:
    """What was acknowledged, in one folder."""

    def __init__(self) -> None:
        self.labels: dict[str, set[str]] = {}  # what may stand at each block, or beside it
        self.last: dict[str, str] = {}
        self.texts: list[str] = []
        self.count = 0

    def label(self, block: str, code: str, done: str) -> None:
        if done == "saved":
            self.count += 1
            self.last[block] = code

    def text(self, text: str, done: str) -> None:
        if done == "saved":
            self.count += 1
            self.texts.append(text)

    def lost(self, book: Workbook, kept: str) -> tuple[int, int]:
        """Return how much is nowhere, and how much is not in its place."""
        there = book.coding.codes(LAYER)
        torn = getattr(book, "torn", {}).get(LAYER, {})
        moved = [b for b, code in self.last.items() if there.get(b) != code]
        # A side copy is one: the label as a work file writes it.
        gone = [
            b
            for b in moved
            if not (torn.get(b) and self.last[b] in torn[b].codes)
            and not _in(kept, b, self.last[b])
        ]
        now = exercises.read(book, WRITE.id).values.get(FIELD, "")
        texts = [text for text in self.texts[-1:] if text != now]
        nowhere = [text for text in texts if json.dumps(text)[1:-1] not in kept]
        return len(gone) + len(nowhere), len(moved) + len(texts)


def _in(kept: str, block: str, code: str) -> bool:
    for part in kept.split(f'"id": "{block}",')[1:]:
        if f'"{code}"' in part[:600]:
            return True
    return False


def essay(draw: random.Random) -> str:
    return " ".join(draw.choices(WORDS, k=draw.randint(8, 40))).capitalize() + "."


def block(draw: random.Random) -> str:
    return draw.choice(ARTICLE.blocks).id


# -- trials ----------------------------------------------------------------------------------------


def two_windows(draw: random.Random, times: int) -> Result:
    """Two windows on one file write essays and labels in turn; each saw what it last showed."""
    count = lost = silent = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / ARTICLE.id / "student.json"
            path.parent.mkdir()
            windows = [Window(path), Window(path)]
            texts: list[tuple[str, Window]] = []
            labels: dict[str, tuple[str, Window]] = {}
            for _ in range(30):
                window = draw.choice(windows)
                if draw.random() < 0.5:
                    text = essay(draw)
                    if window.write(text) == "saved":
                        texts.append((text, window))
                        count += 1
                else:
                    id, code = block(draw), draw.choice(CODES)
                    if window.label(id, code) == "saved":
                        labels[id] = code, window
                        count += 1
            book = Workbook(ARTICLE, CODEBOOK, "student", path)
            kept = json.dumps(book.answers, default=list)
            # The last words that each window was told were saved must be somewhere.
            for window in windows:
                mine = [text for text, by in texts if by is window][-1:]
                gone = [text for text in mine if json.dumps(text)[1:-1] not in kept]
                lost += len(gone)
                silent += len(gone)
            there = book.coding.codes(LAYER)
            gone = [id for id, (code, _) in labels.items() if there.get(id) != code]
            lost += len(gone)
            silent += len(gone)
    return Result("two windows, essays and labels", times, count, lost, silent)


def old_copy(draw: random.Random, times: int) -> Result:
    """A browser's old copy is put back after the file has moved on."""
    count = lost = silent = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / ARTICLE.id / "student.json"
            path.parent.mkdir()
            old, new = Window(path), Window(path)
            text = essay(draw)
            count += new.write(text) == "saved"
            done = old.write("Old")
            book = Workbook(ARTICLE, CODEBOOK, "student", path)
            gone = json.dumps(text)[1:-1] not in json.dumps(book.answers, default=list)
            lost += gone
            silent += gone and done == "saved"
    return Result("a browser’s old copy comes back", times, count, lost, silent)


def two_markers(draw: random.Random, times: int) -> Result:
    """Two who mark save their marks at once, in processes of their own; each so many times."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from desk.collect import rubric_marks\n"
        "from desk.collect.rubric_marks import Mark\n"
        "for n in range(int(sys.argv[2])):\n"
        "    mark = Mark(f'name:{sys.argv[3]}-{n}', '1.4', 't1', {'evidence': 2}, 'Good.')\n"
        "    rubric_marks.keep(Path(sys.argv[1]), [mark])\n"
        "    print(n, flush=True)\n"
    )
    each, count, lost = min(20, times), 0, 0
    for _ in range(times // each):
        with tempfile.TemporaryDirectory() as name:
            runs = [
                subprocess.Popen(
                    [sys.executable, "-c", script, name, str(each), who],
                    cwd=ROOT,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                for who in ("a", "b")
            ]
            done = [run.communicate()[0].split() for run in runs]
            count += sum(map(len, done))
            lost += sum(map(len, done)) - len(rubric_marks.kept(Path(name)))
    return Result("two markers at once", times // each * each, count, lost, lost)


def one_answer(draw: random.Random, times: int) -> Result:
    """Two who mark give the same answer different points; each desk saw none."""
    count = lost = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            first = Mark("name:ana", "1.4", "t1", {"evidence": 3}, "Mine.")
            other = Mark("name:ana", "1.4", "t1", {"evidence": 1, "method": 2}, "Other.")
            with suppress(TypeError):
                rubric_marks.keep(folder, [first], seen={})
            if not rubric_marks.kept(folder):  # as it was before marks said what they saw
                rubric_marks.keep(folder, [first])
                rubric_marks.keep(folder, [other])
            else:
                rubric_marks.keep(folder, [other], seen={})
            count += 1
            (there,) = rubric_marks.kept(folder).values()
            lost += there.scores.get("evidence") != 3 or there.comment != "Mine."
    return Result("two markers on one answer", times, count, lost, lost)


def two_machines(draw: random.Random, times: int, comes_as: str = "student.json") -> Result:
    """Two machines work on copies of one file, and what one saved comes to the other while its
    kernel runs: in the file's place, or beside it under a name that a sync program makes."""
    count = lost = silent = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            paths = [Path(name) / side / "student.json" for side in ("here", "there")]
            for path in paths:
                path.parent.mkdir()
            first = Window(paths[0])
            truth = Truth()
            for id in ("P1", "P2"):
                truth.label(id, "body", first.label(id, "body"))
            paths[1].write_bytes(paths[0].read_bytes())
            windows = [Window(path) for path in paths]
            mine = [Truth(), Truth()]
            for _ in range(12):
                side = draw.randrange(2)
                if draw.random() < 0.2:
                    text = essay(draw)
                    mine[side].text(text, windows[side].write(text))
                else:
                    id, code = block(draw), draw.choice(CODES)
                    mine[side].label(id, code, windows[side].label(id, code))
            paths[0].with_name(comes_as).write_bytes(paths[1].read_bytes())
            with suppress(KitError):
                windows[0].book.refresh()
            windows[0].label("P43", "body")
            book = Workbook(ARTICLE, CODEBOOK, "student", paths[0])
            kept = everywhere(paths[0].parent)
            said = told(windows[0], windows[0].book)
            for truth in mine:
                count += truth.count
                gone, moved = truth.lost(book, kept)
                lost += gone
                silent += 0 if said else moved
    beside = "" if comes_as == "student.json" else ", as a copy beside it"
    return Result(f"two machines, one synced folder{beside}", times, count, lost, silent)


def flip(path: Path, draw: random.Random) -> None:
    """Flip one bit of a file, anywhere in it."""
    data = bytearray(path.read_bytes())
    data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    path.write_bytes(data)


def flipped(draw: random.Random, times: int) -> Result:
    """One bit of the file is flipped while nobody looks, then it is opened."""
    count = lost = silent = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            path, window, truth = begun(Path(name), draw)
            flip(path, draw)
            count += truth.count
            try:
                book = Workbook(ARTICLE, CODEBOOK, "student", path)
            except KitError:
                lost += truth.count  # locked out
                continue
            gone, moved = truth.lost(book, everywhere(path.parent))
            lost += max(0, gone - 1)  # what the version before did not have yet is in the side copy
            silent += 0 if told(None, book) else moved
    return Result("one bit flipped, then opened", times, count, lost, silent)


def flipped_running(draw: random.Random, times: int) -> Result:
    """One bit is flipped under a kernel that runs and goes on."""
    count = lost = silent = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            path, window, truth = begun(Path(name), draw)
            flip(path, draw)
            try:
                truth.label("P43", "body", window.label("P43", "body"))
            except KitError as problem:
                window.told.append(str(problem))
            count += truth.count
            try:
                book = Workbook(ARTICLE, CODEBOOK, "student", path)
            except KitError:
                lost += truth.count
                continue
            gone, moved = truth.lost(book, everywhere(path.parent))
            lost += gone
            silent += 0 if told(window, window.book) else moved
    return Result("one bit flipped under a running kernel", times, count, lost, silent)


def cut(draw: random.Random, times: int) -> Result:
    """The file is cut somewhere, then opened."""
    count = lost = silent = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            path, window, truth = begun(Path(name), draw)
            data = path.read_bytes()
            before = path.with_suffix(".bak.json").read_bytes()
            path.write_bytes(data[: draw.randrange(len(data) - 2)])
            book = Workbook(ARTICLE, CODEBOOK, "student", path)
            count += truth.count
            _, moved = truth.lost(book, "")
            lost += max(0, moved - 1)  # the version before has all but the last
            assert before in [p.read_bytes() for p in path.parent.glob("*.json")]
            silent += 0 if told(None, book) else moved
    return Result("file cut, then opened", times, count, lost, silent)


def older(draw: random.Random, times: int, *, gone: bool = False) -> Result:
    """An older copy is put in, or the file is deleted, with a newer one beside it; work goes on."""
    count = lost = silent = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "student.json"
            window, truth = Window(path), Truth()
            truth.label("P1", "body", window.label("P1", "body"))
            old = path.read_bytes()
            labelled(window, truth, draw, 8)
            last = truth.last.copy()
            path.unlink()
            if not gone:
                path.write_bytes(old)
            later = Window(path)
            said = told(later, later.book)
            for id in ("P42", "P43"):
                later.label(id, "body")
            said = said or told(later, later.book)
            if (asked := getattr(later.book, "question", None)) is not None:
                assert "label" in asked.text
                later.book.decide("newer")
            count += truth.count
            truth.last = last
            missing, moved = truth.lost(later.book, everywhere(path.parent))
            lost += max(0, missing - 1)  # the newest version itself was destroyed by hand
            silent += 0 if said else moved
    trial = "file deleted, a copy beside it" if gone else "an older file, a newer one beside it"
    return Result(trial, times, count, lost, silent)


def faults(draw: random.Random, times: int) -> Result:
    """Errors in writing, flushing, renaming, linking and locking, at random, while work goes on."""
    count = lost = silent = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            path, window, truth = begun(Path(name), draw)
            with failing(draw):
                for _ in range(8):
                    id, code = block(draw), draw.choice(CODES)
                    before = path.read_bytes()
                    done = window.label(id, code)
                    truth.label(id, code, done)
                    # What was refused must not be on the disk as if it had been taken.
                    if done != "saved" and path.read_bytes() != before:
                        silent += code == codes(path).get(id) != truth.last.get(id)
            count += truth.count
            book = Workbook(ARTICLE, CODEBOOK, "student", path)
            gone, moved = truth.lost(book, everywhere(path.parent))
            lost += gone
            silent += moved
            backup = path.with_suffix(".bak.json")
            silent += backup.exists() and path.samefile(backup)
    return Result("errors of the disk and of locks", times, count, lost, silent)


def killed(draw: random.Random, times: int) -> Result:
    """A process that labels is killed at a random moment."""
    script = (
        "import sys, random\n"
        "from pathlib import Path\n"
        "from tests.benchmarks.trust import Window, block, CODES\n"
        "window, draw = Window(Path(sys.argv[1])), random.Random(sys.argv[2])\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    id, code = block(draw), draw.choice(CODES)\n"
        "    if window.label(id, code) == 'saved':\n"
        "        print(id, code, flush=True)\n"
    )
    count = lost = silent = 0
    rounds = max(2, times // 10)
    for n in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "student.json"
            run = subprocess.Popen(
                [sys.executable, "-c", script, str(path), str(n)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert run.stdout is not None
            assert run.stdout.readline()
            time.sleep(draw.uniform(0.02, 0.4))
            run.send_signal(signal.SIGKILL)
            pairs = [line.split() for line in run.stdout.read().splitlines()]
            run.wait()
            last = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
            count += len(pairs)
            if not path.exists():
                lost += len(last)
                continue
            window = Window(path)
            there = window.book.coding.codes(LAYER)
            gone = sum(there.get(id) != code for id, code in last.items())
            # One more may have reached the disk, and the process could not say so any more.
            lost += max(0, gone - 1)
            other = next(code for code in CODES if code != there.get("P43"))
            assert window.label("P43", other) == "saved"  # what changes nothing is not sent
            silent += len(list(path.parent.glob("*.tmp")))
    return Result("killed while saving (left files count as silent)", rounds, count, lost, silent)


def names(draw: random.Random, times: int) -> Result:
    """Names that differ, each with work of its own."""
    pairs = [
        ("José", "Jose"), ("Zoë", "Zoe"), ("Müller", "Muller"), ("Ana B.", "Ana-B"),
        ("Ana 1", "Ana (1)"), ("O'Neil", "O Neil"), ("ana", "Ana"), ("con", "CON"),
    ]  # fmt: skip
    mixed = sum(file_stem(a).casefold() == file_stem(b).casefold() for a, b in pairs)
    return Result("names that differ", len(pairs), len(pairs), 0, 0, mixed)


def one_origin(draw: random.Random, times: int) -> Result:
    """Two accounts of one server, with one browser: the stores of their forms and labellers."""
    mixed = 0
    stores = []
    with tempfile.TemporaryDirectory() as name:
        for account in ("ana42", "bo7"):
            os.environ["JUPYTERHUB_USER"] = account
            # In containers every account's folder has the same path: it is one here, too.
            window = Window(Path(name) / "student.json")
            stores.append((window._task.storage, window._labeller.doc["storage"]))
        del os.environ["JUPYTERHUB_USER"]
        mixed = sum(a == b for a, b in zip(*stores))
    return Result("two accounts, one browser", 2, 2, 0, 0, mixed)


# -- what the trials share -------------------------------------------------------------------------


def begun(folder: Path, draw: random.Random) -> tuple[Path, Window, Truth]:
    path = folder / "student.json"
    window, truth = Window(path), Truth()
    labelled(window, truth, draw, 6)
    text = essay(draw)
    truth.text(text, window.write(text))
    labelled(window, truth, draw, 2)
    return path, window, truth


def labelled(window: Window, truth: Truth, draw: random.Random, times: int) -> None:
    for one in draw.sample(ARTICLE.blocks[2:40], times):
        code = draw.choice(CODES)
        truth.label(one.id, code, window.label(one.id, code))


def codes(path: Path) -> dict[str, str]:
    labels = json.loads(path.read_bytes())["labels"]
    return {a["id"]: a["codes"][0] for a in labels if a.get("codes")}


@contextmanager
def failing(draw: random.Random, share: float = 0.12) -> Iterator[None]:
    """Let calls of the system fail at random; a rename may have been done all the same."""
    import fcntl

    def at_random(call: Callable[..., Any], kinds: tuple[int, ...], done: bool = False) -> Any:
        def fails(*args: Any, **rest: Any) -> Any:
            if draw.random() < share:
                if done and draw.random() < 0.3:
                    call(*args, **rest)
                number = draw.choice(kinds)
                raise OSError(number, os.strerror(number))
            return call(*args, **rest)

        return fails

    disk = (errno.ENOSPC, errno.EIO, errno.ESTALE)
    real = os.fsync, os.replace, os.link, fcntl.flock
    os.fsync, os.link = at_random(os.fsync, disk), at_random(os.link, disk)
    os.replace = at_random(os.replace, disk, done=True)
    fcntl.flock = at_random(fcntl.flock, (errno.EIO, errno.ESTALE))
    try:
        yield
    finally:
        os.fsync, os.replace, os.link, fcntl.flock = real


def save_time(labels: int) -> float:
    """Return how many milliseconds a save takes beside so many labels."""
    with tempfile.TemporaryDirectory() as name:
        book = Workbook(ARTICLE, CODEBOOK, "student", Path(name) / "student.json")
        words = [word for one in ARTICLE.blocks for word in one.words]
        layer = next(one for one in CODEBOOK.layers if one.unit == "words" and one.choice != "one")
        code = tuple(one.id for one in layer.codes[:1])
        many = {
            f"l{n}": Annotation(f"l{n}", layer.id, Span(*words[n % len(words)]), code)
            for n in range(labels)
        }
        book.apply(layer.id, {id: (None, one) for id, one in many.items()})
        took = []
        for n in range(5):
            start = time.perf_counter()
            book.note("n", f"{n}")
            took.append(time.perf_counter() - start)
        return 1000 * min(took)


TRIALS = (
    two_windows,
    old_copy,
    two_machines,
    lambda draw, times: two_machines(draw, times, "student-DESKTOP-AB12CD3.json"),
    two_markers,
    one_answer,
    flipped,
    flipped_running,
    cut,
    older,
    lambda draw, times: older(draw, times, gone=True),
    faults,
    killed,
    names,
    one_origin,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--seed", type=int, default=2023)
    options = parser.parse_args()
    print("| trial | times | acknowledged | lost | silent | mixed |\n|---|---|---|---|---|---|")
    bad = 0
    for trial in TRIALS:
        done = trial(random.Random(options.seed), options.times)
        bad += done.lost + done.silent + done.mixed
        print("| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in done)
              + " |", flush=True)  # fmt: skip
    saves = ", ".join(f"{save_time(n):.0f} ms beside {n:,} labels" for n in (50, 300, 1250, 5000))
    print(f"A save takes {saves}.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
