"""What a student costs on a JupyterHub: memory, processor, and a class that begins at once.

::

    python -m tests.benchmarks.hub --burst 10

Two students do lesson 00 in a real browser; then every lesson is run in a kernel of its own, as a
page does it but without the browser, which is not on the server. Memory is Linux's PSS
(proportional set size): what a process has for itself, and its share of what it has with others.
USS is the first part alone. What a class needs lies between the two, nearer to USS: the more
students, the smaller each one's share of what all have in common. The table of docs/hosting.md is
this one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple

import nbformat
import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClosedError, websocket_connect

from tests.browser import NOTEBOOKS
from tests.hub import Desk, Hub, Learner, hub
from tests.jupyter_server import chromium

MB = 2**20
PATIENCE = 600


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.hub")
    parser.add_argument("--burst", type=int, nargs="*", default=[10], help="students at once")
    parser.add_argument("--only-burst", action="store_true", help="nothing else")
    options = parser.parse_args()
    bursts = options.burst
    names = [f"student{number:02}" for number in range(max(bursts, default=0))]
    print(f"{os.cpu_count()} processors, {psutil.virtual_memory().total / 2**30:.0f} GB\n")
    with hub("ana", "ben", *names) as ours:
        if not options.only_burst:
            two_students(ours)
            every_lesson(ours.desk("ana"))
            all_lessons_open(ours.desk("ben"))
            for name in ("ana", "ben"):
                ours.api("DELETE", f"hub/api/users/{name}/server")
        for number in bursts:
            burst(ours, names[:number])


# -- memory ----------------------------------------------------------------------------------------


def two_students(ours: Hub) -> None:
    """Two students do lesson 00 in a browser: what each process takes, in MB."""
    with chromium() as browser:
        both = [Learner(ours, browser, name) for name in ("ana", "ben")]
        for one in both:
            one.run_all()
            one.labeller.locator("[data-unit=P6]").click()
            one.press("3")
            one.saved()
        print("| after lesson 00, MB | PSS | USS |\n|---|---|---|")
        for one in both:
            servers, kernels = of_student(ours, one.server.name)
            print_row(f"server of {one.server.name}", servers)
            print_row(f"kernel of {one.server.name}", kernels)
        top, *children = ours.processes()
        print_row("hub", [top])
        print_row("proxy", [one for one in children if "configurable_http_proxy" in said(one)])
        for one in both:
            one.context.close()
    for name in ("ana", "ben"):
        end_kernels(ours.desk(name))
    print(flush=True)


def every_lesson(desk: Desk) -> None:
    """Each lesson in a kernel of its own: what the kernel takes, and what Run All costs."""
    print("| lesson | kernel PSS, MB | kernel USS, MB | Run All, s of processor | once more |")
    print("|---|---|---|---|---|")
    for lesson in lessons():
        kernel = asyncio.run(run_all(desk, lesson)).kernel
        _, kernels = of_student(desk.hub, desk.name)
        first = processor_seconds(kernels)
        asyncio.run(execute(desk, kernel, lesson))
        again = processor_seconds(kernels) - first
        pss, uss = memory(kernels)
        print(f"| {lesson} | {pss:.0f} | {uss:.0f} | {first:.1f} | {again:.1f} |")
        end_kernels(desk)
    print(flush=True)


def all_lessons_open(desk: Desk) -> None:
    """All eight lessons open at once: the most that one student takes."""
    for lesson in lessons():
        asyncio.run(run_all(desk, lesson))
    servers, kernels = of_student(desk.hub, desk.name)
    print("| all eight lessons open, MB | PSS | USS |\n|---|---|---|")
    print_row("server", servers)
    print_row(f"{len(kernels)} kernels", kernels)
    print_row("together", servers + kernels)
    end_kernels(desk)
    print(flush=True)


def of_student(ours: Hub, name: str) -> tuple[list[psutil.Process], list[psutil.Process]]:
    """Return a student's server and kernels, as processes."""
    home = str(ours.desk(name).home)
    mine = [one for one in ours.processes() if one.environ().get("HOME") == home]
    kernels = [one for one in mine if "ipykernel_launcher" in said(one)]
    return [one for one in mine if "jupyterhub-singleuser" in said(one)], kernels


def said(process: psutil.Process) -> str:
    return " ".join(process.cmdline())


def memory(processes: Iterable[psutil.Process]) -> tuple[float, float]:
    """Return PSS and USS of some processes together, in MB."""
    found = [process.memory_full_info() for process in processes]
    return sum(one.pss for one in found) / MB, sum(one.uss for one in found) / MB


def print_row(name: str, processes: Iterable[psutil.Process]) -> None:
    pss, uss = memory(processes)
    print(f"| {name} | {pss:.0f} | {uss:.0f} |")


# -- time ------------------------------------------------------------------------------------------


def burst(ours: Hub, names: list[str]) -> None:
    """Let many log in at once, open lesson 00 and choose Run All: how long each one waits."""
    waits = asyncio.run(all_at_once([ours.desk(name) for name in names]))
    print(f"| {len(names)} students at once | median | last |\n|---|---|---|")
    for what, seconds in zip(
        ("server is there", "first result", "the whole page"), zip(*waits, strict=True), strict=True
    ):
        print(f"| {what}, s | {statistics.median(seconds):.0f} | {max(seconds):.0f} |")
    mine = [process for name in names for kind in of_student(ours, name) for process in kind]
    used, (pss, uss) = processor_seconds(mine) / len(names), memory(mine)
    print(
        f"\nper student: {used:.1f} s of processor, {pss / len(names):.0f} MB PSS, "
        f"{uss / len(names):.0f} MB USS\n",
        flush=True,
    )
    for name in names:
        ours.api("DELETE", f"hub/api/users/{name}/server")
    deadline = time.monotonic() + PATIENCE
    while any(ours.desk(name).servers() for name in names):
        assert time.monotonic() < deadline, "the servers do not end"
        time.sleep(0.5)


async def all_at_once(desks: list[Desk]) -> list[tuple[float, float, float]]:
    loop = asyncio.get_running_loop()
    start = time.monotonic()

    async def one(desk: Desk) -> tuple[float, float, float]:
        await loop.run_in_executor(None, desk.start)
        there = time.monotonic()
        done = await run_all(desk, lessons()[0])
        return there - start, done.first - start, time.monotonic() - start

    with ThreadPoolExecutor(len(desks)) as pool:
        loop.set_default_executor(pool)
        return await asyncio.gather(*map(one, desks))


def processor_seconds(processes: Iterable[psutil.Process]) -> float:
    """Return how long processors have worked for some processes so far; who else is busy on the
    machine makes no difference to it."""
    return sum(times.user + times.system for times in (one.cpu_times() for one in processes))


# -- a page without a browser ----------------------------------------------------------------------


def lessons() -> list[str]:
    return sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))


class Done(NamedTuple):
    """A lesson that was run: in which kernel, and when its first cell was done."""

    kernel: str
    first: float


async def run_all(desk: Desk, lesson: str) -> Done:
    """Start a kernel for a lesson and run its cells."""
    kernel = await begin(desk, lesson)
    while True:
        # A server that is very busy drops a page's connection; the page connects again.
        with suppress(ConnectionError, WebSocketClosedError):
            return Done(kernel, await execute(desk, kernel, lesson))


async def begin(desk: Desk, lesson: str) -> str:
    path = f"{desk.root.parent.name}/notebooks/{lesson}.ipynb"
    body = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
    session = await asyncio.get_running_loop().run_in_executor(
        None, desk.api, "POST", "sessions", body
    )
    return session["kernel"]["id"]


async def execute(desk: Desk, kernel: str, lesson: str) -> float:
    """Run a lesson's cells as a page does; return when the first was done.

    Raises:
        RuntimeError: a cell ended in an error.
        ConnectionError: the server hung up.
    """
    address = f"{desk.base.replace('http', 'ws', 1)}api/kernels/{kernel}/channels"
    socket = await websocket_connect(
        HTTPRequest(
            address, headers={"Authorization": f"token {desk.hub.token}"}, request_timeout=PATIENCE
        ),
        max_message_size=2**28,
    )
    first = 0.0
    try:
        cells = nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", 4).cells
        for cell in cells:
            if cell.cell_type != "code":
                continue
            await ask(socket, cell.source)
            first = first or time.monotonic()
    finally:
        socket.close()
    return first


async def ask(socket, code: str) -> None:
    own = uuid.uuid4().hex
    content = {"code": code, "silent": False, "store_history": True}
    content |= {"user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
    header = {"msg_id": own, "msg_type": "execute_request", "session": uuid.uuid4().hex}
    header |= {"username": "", "version": "5.3", "date": "2024-01-01T00:00:00Z"}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    await socket.write_message(json.dumps(message | {"channel": "shell", "buffers": []}))
    while True:
        answer = await asyncio.wait_for(socket.read_message(), PATIENCE)
        if answer is None:
            raise ConnectionError("the server hung up")
        if not isinstance(answer, str):
            continue  # with buffers: a widget's
        answer = json.loads(answer)
        if answer["parent_header"].get("msg_id") != own:
            continue
        if answer["msg_type"] == "error":
            raise RuntimeError(answer["content"]["evalue"])
        if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            return


def end_kernels(desk: Desk) -> None:
    for session in desk.api("GET", "sessions"):
        desk.api("DELETE", f"sessions/{session['id']}")
    time.sleep(1)  # until it is gone


if __name__ == "__main__":
    main()
