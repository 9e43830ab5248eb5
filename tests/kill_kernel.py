"""Kill a kernel with ``kill -9`` at random moments while a student labels, and see what is left.

    python -m tests.kill_kernel            200 times, some minutes
    python -m tests.kill_kernel --times 20

Each round starts a real kernel, opens the real labeller in it and sends it labels as the page in
the browser does. Then the kernel is killed. Whatever it had acknowledged must be on the disk, and
the work file must be whole. Labels go on from round to round in one file.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from jupyter_client.manager import start_new_kernel

from kit.coding.coding import CodingError
from kit.library import datasets
from kit.work.errors import WorkbookError
from kit.work.workbook import Workbook

ROOT = Path(__file__).resolve().parent.parent
OPEN = """
from kit import lesson
today = lesson("02-structure")
labeller = today.label("position")
print("comm", labeller.comm.comm_id)
"""


class Report(NamedTuple):
    """What the rounds showed.

    Attributes:
        kills: kernels killed.
        acknowledged: labels that a kernel said were saved.
        lost: acknowledged labels that were not on the disk afterwards.
        unreadable: rounds after which the work file could not be read.
        mid_write: kills that hit between a label being sent and acknowledged.
    """

    kills: int
    acknowledged: int
    lost: int
    unreadable: int
    mid_write: int


def run(times: int, work: Path, *, seed: int = 2023, longest: float = 0.6) -> Report:
    """Kill ``times`` kernels, each within ``longest`` seconds of its first label."""
    draw = random.Random(seed)
    article, codebook = (
        datasets.load_article("blinken-beijing-2023"),
        datasets.codebook("blinken-beijing-2023"),
    )
    codes = [code.id for code in codebook.layer("position").codes]
    truth: dict[str, str] = {}  # the last acknowledged code of each block
    acknowledged = lost = unreadable = mid_write = 0
    for _ in range(times):
        manager, client = start_new_kernel(
            env={**os.environ, "KIT_WORK": str(work)}, cwd=str(ROOT / "notebooks")
        )
        try:
            comm = _open_labeller(client)
            deadline = time.monotonic() + draw.uniform(0.0, longest)
            open_change: tuple[str, str] | None = None
            rev = 0
            while time.monotonic() < deadline:
                rev += 1
                block = draw.choice(article.blocks)
                code = draw.choice([c for c in codes if c != truth.get(block.id)])
                open_change = (block.id, code)
                _send(client, comm, rev, block, truth.get(block.id), code)
                if not _wait_for(client, comm, rev, deadline):
                    break
                truth[block.id] = code
                open_change = None
                acknowledged += 1
        finally:
            manager.provisioner.process.kill()  # SIGKILL: no handler, no goodbye
            client.stop_channels()
            manager.cleanup_resources()
        manager.provisioner.process.wait()
        mid_write += open_change is not None
        path = work / article.id / "student.json"
        if not path.exists():
            lost += len(truth)
            continue
        try:
            workbook = Workbook(article, codebook, "student", path)
        except (WorkbookError, CodingError):
            unreadable += 1
            continue
        unreadable += bool(workbook.notice)
        found = workbook.coding.codes("position")
        if open_change is not None and found.get(open_change[0]) == open_change[1]:
            truth[open_change[0]] = open_change[1]  # saved, and killed before it could say so
        lost += sum(found.get(block) != code for block, code in truth.items())
        truth = found
    return Report(times, acknowledged, lost, unreadable, mid_write)


def _open_labeller(client) -> str:
    client.execute(OPEN)
    while True:
        message = client.get_iopub_msg(timeout=60)
        content = message["content"]
        if message["msg_type"] == "error":
            raise RuntimeError("\n".join(content["traceback"]))
        if message["msg_type"] == "stream" and content["text"].startswith("comm "):
            return content["text"].split()[1]


def _send(client, comm: str, rev: int, block, was: str | None, code: str) -> None:
    def label(code: str | None):
        place = {"start": block.start, "end": block.end}
        return code and {"id": block.id, "layer": "position", "at": place, "codes": [code]}

    changes = {block.id: {"was": label(was), "now": label(code)}}
    content = {"type": "changes", "rev": rev, "changes": changes}
    data = {"method": "custom", "content": content}
    client.shell_channel.send(
        client.session.msg("comm_msg", {"comm_id": comm, "data": data, "target_name": ""})
    )


def _wait_for(client, comm: str, rev: int, deadline: float) -> bool:
    """Wait for "saved"; say whether it came before the deadline."""
    while (left := deadline - time.monotonic()) > 0:
        try:
            message = client.get_iopub_msg(timeout=left)
        except queue.Empty:
            return False
        if message["msg_type"] != "comm_msg" or message["content"]["comm_id"] != comm:
            continue
        answer = message["content"]["data"].get("content", {})
        if answer.get("rev") == rev:
            if answer["type"] != "saved" or answer["conflicts"]:
                raise RuntimeError(json.dumps(answer))
            return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2023)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(options.times, Path(folder), seed=options.seed)
    print(
        f"{report.kills} kernels killed, {report.mid_write} of them between sending a label and "
        f"its acknowledgement; {report.acknowledged} labels acknowledged, {report.lost} lost, "
        f"{report.unreadable} unreadable files"
    )
    return 1 if report.lost or report.unreadable else 0


if __name__ == "__main__":
    sys.exit(main())
