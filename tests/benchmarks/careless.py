"""A careless hand: random keys, clicks, drags, reloads and dead kernels in a lesson that is open.

::

    python -m tests.benchmarks.careless                            500 actions, some ten minutes
    python -m tests.benchmarks.careless --actions 60 --seed 7 --lesson 03-who-speaks

Afterwards everything that the page was told is saved must be in the work file, the notebook's
file must say what it said, and the page must work: no traceback, no widget without its model,
nothing that asks for trust. What is done is drawn before it begins, by the seed alone, so that
the same command does the same again; the last actions are printed where something is wrong.

What a person has asked for and sees is not tried: changing code that was made visible.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import struct
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import psutil
from playwright.sync_api import TimeoutError as PageTimeout

import run
from tests.browser import NOTEBOOKS, Student
from tests.jupyter_server import JupyterServer, chromium, jupyter

KEYS = [
    *"abcdefghijklmnopqrstuvwxyz0123456789.?/",
    *("dd", "ii", "00", "Shift+M", "Shift+L", "Shift+R", "Shift+A", "Shift+Z"),
    *("Shift+Enter", "Control+Enter", "Alt+Enter", "Enter", "Space", "Delete", "Backspace"),
    *("Escape", "Tab", "Shift+Tab", "Home", "End", "PageUp", "PageDown"),
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowUp"),
    *("Control+z", "Control+Shift+z", "Control+s", "Control+a", "Control+c", "Control+x"),
    *("Control+v", "Control+Backspace", "Control+Shift+m", "Control+Shift+-", "Control+m"),
    *("Control+Shift+ArrowUp", "Control+Shift+ArrowDown", "Control+Shift+ArrowLeft"),
]
MENUS = [
    *(("Edit", item) for item in ("Undo", "Redo", "Cut Cell", "Paste Cell", "Delete Cell")),
    *(("Edit", item) for item in ("Move Cell Up", "Split Cell", "Merge", "Clear", "Merge Cell")),
    *(("Run", item) for item in ("Run Selected Cell", "Run All Cells", "Render All")),
    ("Kernel", "Interrupt"),
]
# How often each is drawn.
ACTIONS = {
    "key": 40, "keys": 8, "click": 14, "double click": 6, "drag": 5, "wheel": 8, "label": 10,
    "answer": 5, "menu": 3, "reload": 1, "restart": 1, "kill": 1,
}  # fmt: skip
TOLD = 15  # of the last actions, where something is wrong
PATIENCE = 120_000  # ms, for a page to run on a busy machine
BRIEF = 3_000  # ms, for something to press; what has gone meanwhile is not pressed

PLACE = "document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect()"
# What no page may show, and the words around it.
BROKEN = r"""() => {
  const found = [];
  const look = (nodes, pattern) => {
    for (const node of document.querySelectorAll(nodes))
      if (node.checkVisibility() && pattern.test(node.innerText + (node.dataset.kitSays ?? "")))
        found.push(`${nodes}: ${node.outerHTML.slice(0, 160)} … ${node.innerText.slice(0, 300)}`);
  };
  look(".jp-OutputArea-output", /Traceback|Error:|model not found|Error displaying widget/);
  look("[data-mime-type$=stderr]", /./);
  look(".kit-ask", /has not been opened|is not the kit/);
  look(".jp-MarkdownCell:not(.jp-mod-rendered) .cm-content", /./);
  return found.slice(0, 2);
}"""


class Action(NamedTuple):
    """What the hand does, and numbers below one that say where, which or how far."""

    name: str
    by: tuple[float, ...]

    def __str__(self) -> str:
        if self.name in ("key", "keys"):
            return " ".join(key_of(number) for number in self.by[: 1 if self.name == "key" else 4])
        return " ".join([self.name, *(f"{number:.2f}" for number in self.by)])


def key_of(number: float) -> str:
    return KEYS[int(number * len(KEYS))]


def drawn(seed: int, number: int) -> Iterator[Action]:
    """Return actions that depend on nothing but the seed."""
    draw = random.Random(seed)
    for name in draw.choices(list(ACTIONS), weights=list(ACTIONS.values()), k=number):
        yield Action(name, tuple(draw.random() for _ in range(4)))


class Told:
    """What the page and Python said to each other: what was sent, and what was acknowledged.

    Attributes:
        labels: by layer and id, what may be in the work file: what was acknowledged last, and
            what was sent after that.
        answers: the same by exercise.
    """

    def __init__(self, page: Any):
        self.labels: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [None])
        self.answers: dict[str, list[Any]] = defaultdict(lambda: [{}])
        self.acknowledged = 0
        self._names: dict[str, str] = {}  # of the browser's copies, by channel
        self._sent: dict[tuple[str, int], dict[str, Any]] = {}
        page.on("websocket", self._listen)

    def _listen(self, socket: Any) -> None:
        socket.on("framesent", lambda frame: self._hear(frame, self._send))
        socket.on("framereceived", lambda frame: self._hear(frame, self._receive))

    def _hear(self, frame: Any, tell: Any) -> None:
        # Jupyter's form of a message: how many parts, where each begins, and the parts.
        if not isinstance(frame, bytes):
            return
        (count,) = struct.unpack_from("<Q", frame)
        starts = struct.unpack_from(f"<{count}Q", frame, 8)
        header, _, _, content = (
            json.loads(frame[a:b]) for a, b in zip(starts[1:5], starts[2:6], strict=True)
        )
        if header["msg_type"] in ("comm_open", "comm_msg"):
            data = content["data"]
            if header["msg_type"] == "comm_open":
                state = data.get("state", {})
                name = state.get("storage") or state.get("doc", {}).get("storage")
                if name:
                    self._names[content["comm_id"]] = name
            elif data.get("method") == "custom" and content["comm_id"] in self._names:
                tell(content["comm_id"], data["content"])

    def _send(self, channel: str, message: dict[str, Any]) -> None:
        if "rev" in message:
            self._sent[channel, message["rev"]] = message
            for place, value in self._values(channel, message):
                place.append(value)

    def _receive(self, channel: str, message: dict[str, Any]) -> None:
        # What another tab has sent is acknowledged to all.
        if message.get("type") != "saved" or (channel, message["rev"]) not in self._sent:
            return
        self.acknowledged += 1
        refused = {conflict["id"] for conflict in message.get("conflicts") or ()}
        sent = self._sent.pop((channel, message["rev"]))
        for place, value in self._values(channel, sent, without=refused):
            del place[: place.index(value)]

    def _values(
        self, channel: str, message: dict[str, Any], without: set[str] = frozenset()
    ) -> Iterator[tuple[list[Any], Any]]:
        *_, kind, name = self._names[channel].split(":")
        if kind == "task":
            yield self.answers[name], message["values"]
            return
        for id, change in message["changes"].items():
            if id not in without:
                yield self.labels[name, id], change["now"]

    def lost(self, work: dict[str, Any]) -> list[str]:
        """Return what was acknowledged and is not in a work file."""
        there = {(label["layer"], label["id"]): label for label in work["labels"]}
        lost = [
            f"label {place}: {there.get(place)} and not {may_be}"
            for place, may_be in self.labels.items()
            if not any(_same(there.get(place), label) for label in may_be)
        ]
        for id, may_be in self.answers.items():
            values = work["answers"].get(id, {}).get("values", {})
            if not any(_same(values, one) for one in may_be):
                lost.append(f"answer {id}: {values} and not {may_be}")
        return lost


def _same(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Whether two labels or answers say the same: one may write out what the other leaves out."""
    if one is None or other is None:
        return one is other
    return _said(one) == _said(other)


def _said(whole: Any) -> Any:
    """A label or an answer, or a part of one, without what is empty, without the words that spans
    repeat, and without blanks around what was typed: “P8 ” is kept as “P8”."""
    if isinstance(whole, list):
        return [_said(one) for one in whole]
    if isinstance(whole, dict):
        repeated = "text" if "start" in whole else ""
        return {name: _said(one) for name, one in whole.items() if one and name != repeated}
    return whole.strip() if isinstance(whole, str) else whole


def stored(path: Path) -> list[Any]:
    """Return what must stay as it is of a notebook's file."""
    return [
        (cell.id, cell.cell_type, cell.source, cell.metadata)
        for cell in nbformat.read(path, 4).cells
    ]


class Hand(Student):
    """Somebody who pays no attention, in front of a lesson."""

    def __init__(self, server: JupyterServer, browser: Any, lesson: str):
        path = server.root / f"{lesson}.ipynb"
        shutil.copy(NOTEBOOKS / path.name, path)
        data = server.root.parent / "data"
        subprocess.run([sys.executable, "-c", run.TRUST, str(data), str(path)], check=True)
        self.before = stored(path)
        super().__init__(server, browser, path, height=768)

    def open_browser(self, browser: Any, height: int) -> None:
        super().open_browser(browser, height)
        self.told = Told(self.page)
        self.page.set_default_timeout(PATIENCE)

    # -- what it does ----------------------------------------------------------------------------

    def do(self, action: Action) -> None:
        with suppress(PageTimeout):
            getattr(self, action.name.replace(" ", "_"))(*action.by)
        self._find_back()

    def key(self, which: float, *_: float) -> None:
        key = key_of(which)
        self.press(*key if key in ("dd", "ii", "00") else [key])

    def keys(self, *by: float) -> None:
        for which in by:
            self.key(which)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        place = self.page.evaluate(PLACE)
        return place["x"] + x * place["width"], place["y"] + y * place["height"]

    def click(self, x: float, y: float, *_: float) -> None:
        self.page.mouse.click(*self._point(x, y))

    def double_click(self, x: float, y: float, *_: float) -> None:
        self.page.mouse.dblclick(*self._point(x, y))

    def drag(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self.page.mouse.move(*self._point(x, y))
        self.page.mouse.down()
        self.page.mouse.move(*self._point(to_x, to_y), steps=4)
        self.page.mouse.up()

    def wheel(self, x: float, y: float, far: float, *_: float) -> None:
        self.page.mouse.move(*self._point(x, y))
        self.page.mouse.wheel(0, (far - 0.4) * 3000)

    def label(self, where: float, row: float, which: float, *_: float) -> None:
        rows = "[role=option]:not([aria-disabled])"
        if part := self._any(self._any(self.page, ".kit-labeller", where), rows, row):
            part.click(timeout=BRIEF)
            self.press("123456789"[int(which * 9)])

    def answer(self, where: float, which: float, what: float, *_: float) -> None:
        parts = ":is(input, textarea, button):enabled"
        part = self._any(self._any(self.page, ".kit-task", where), parts, which)
        if part and part.evaluate("part => part.matches('textarea, [type=text], [type=number]')"):
            part.fill(str(int(what * 50)), timeout=BRIEF)
        elif part:
            part.click(timeout=BRIEF)

    def menu(self, which: float, *_: float) -> None:
        for name in MENUS[int(which * len(MENUS))]:
            item = self.page.get_by_role("menuitem", name=re.compile(f"^{name}"))
            item.first.click(timeout=BRIEF)

    @staticmethod
    def _any(inside: Any, what: str, which: float) -> Any:
        found = inside and inside.locator(what).locator("visible=true")
        return found and found.count() and found.nth(int(which * found.count()))

    def reload(self, *_: float) -> None:
        self.page.reload()
        self._whole()

    def restart(self, *_: float) -> None:
        (kernel,) = self._kernels()
        self.server.api("POST", f"kernels/{kernel['id']}/restart")

    def kill(self, *_: float) -> None:
        (kernel,) = self._kernels()
        for process in psutil.process_iter(["cmdline"]):
            if any(kernel["id"] in part for part in process.info["cmdline"] or ()):
                process.kill()

    def _kernels(self) -> list[Any]:
        own = [s for s in self.server.api("GET", "sessions") if s["path"] == self.name]
        return [session["kernel"] for session in own]

    def _find_back(self) -> None:
        """Close what lies over the page, and come back if a link has led away."""
        page = self.page
        dialog = page.locator(".jp-Dialog")
        if dialog.or_(page.locator(".lm-MenuBar-menu")).count():
            self.press("Escape", "Escape")
        hide = page.get_by_role("button", name="Hide the code")
        if hide.count() and hide.first.is_visible():
            hide.first.click()
        if page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .kit-tools").count() != 1 or (
            not page.title().startswith(self.name.removesuffix(".ipynb")[:8])
        ):
            self._away()

    def _away(self) -> None:
        for session in self.server.api("GET", "sessions"):
            if session["path"] != self.name:
                self.server.api("DELETE", f"sessions/{session['id']}")
        self.go()

    # -- what must be true afterwards ------------------------------------------------------------

    def _whole(self) -> None:
        cells = "document.querySelectorAll('.jp-Notebook .jp-Cell').length"
        self.page.wait_for_function(f"{cells} >= {len(self.before)}")

    def ready(self) -> None:
        """Wait until the page is there and has run."""
        self._whole()
        self.page.wait_for_function(
            "document.querySelector('.kit-labeller, .kit-task') && "
            "!document.querySelector('.kit-waiting')"
        )

    def faults(self) -> list[str]:
        """Return what is wrong with the page as it stands."""
        wrong = self.page.evaluate(BROKEN)
        if len(self.cells()) > len(self.before):
            wrong.append("the page has more cells than before")
        return wrong

    def work(self) -> dict[str, Any]:
        """What the work files hold together: a lesson may have labels on a second text."""
        files = [json.loads(path.read_bytes()) for path in self.server.work.glob("*/student.json")]
        labels = [label for file in files for label in file["labels"]]
        answers = {id: answer for file in files for id, answer in file["answers"].items()}
        return {"labels": labels, "answers": answers}

    def settle(self) -> list[str]:
        """Let the page come to rest, save it and open it again; return what is wrong."""
        self.ready()
        wrong = self.faults()
        self.press("Escape")
        with self.page.expect_response(lambda answer: answer.request.method == "PUT"):
            self.press("Control+s")
        after = stored(self.path)
        wrong += [f"the file has {b} for {a}" for a, b in zip(self.before, after) if a != b]
        if len(after) != len(self.before):
            wrong.append(f"the file has {len(after)} cells in place of {len(self.before)}")
        self.reload()
        self.ready()
        wrong += [f"{what} after a reload" for what in self.faults()]
        self.page.wait_for_function(
            "![...document.querySelectorAll('.kit-labeller, .kit-task')]"
            ".some(form => /NOT SAVED|saving …/.test(form.innerText))"
        )
        wrong += self.told.lost(self.work())
        return wrong + self.errors


def play(server: JupyterServer, browser: Any, lesson: str, seed: int, number: int) -> Told:
    """Let the hand loose.

    Raises:
        AssertionError: something was lost or broken; the message says what, and what was done.
    """
    hand, done = Hand(server, browser, lesson), []
    hand.context.on("page", lambda other: other.close())  # to which a link leads
    hand.ready()
    wrong: list[str] = []
    for action in drawn(seed, number):
        done.append(str(action))
        hand.do(action)
        if wrong := hand.faults():
            break
    wrong = wrong or hand.settle()
    hand.context.close()
    last = "\n  ".join(done[-TOLD:])
    assert not wrong, f"seed {seed}, action {len(done)}: {wrong}\nThe last actions:\n  {last}"
    return hand.told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--actions", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2023)
    parser.add_argument("--lesson", default="02-structure")
    options = parser.parse_args()
    with jupyter("lab", alone=True) as server, chromium() as browser:
        told = play(server, browser, options.lesson, options.seed, options.actions)
    print(
        f"{options.actions} actions, {told.acknowledged} savings acknowledged; nothing was lost, "
        "and the page works"
    )


if __name__ == "__main__":
    main()
