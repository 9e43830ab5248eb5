"""Firefox as it is installed, driven by the standard that it speaks itself: WebDriver BiDi.

Playwright's own Firefox is another, which has to be fetched, and with this one it does not start.
"""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import websocket

from tests.browser import wait_until
from tests.fetch_browser import NO_FIREFOX, find_firefox

__all__ = ["Firefox", "firefox"]

#: Seconds. Python starts in the browser, on a machine that may have other things to do.
PATIENCE = 180
_NOWHERE = "127.0.0.1:9"  # where nobody listens
_PROXY = {"proxyType": "manual", "httpProxy": _NOWHERE, "sslProxy": _NOWHERE}
_SESSION = {"proxy": {**_PROXY, "noProxy": ["127.0.0.1"]}}


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Start Firefox without windows and with a new profile; it reaches only this machine."""
    program = find_firefox()
    assert program, NO_FIREFOX
    with tempfile.TemporaryDirectory(prefix="kit-firefox-", ignore_cleanup_errors=True) as name:
        said = Path(name) / "said.txt"
        command = [program, "--headless", "--profile", name, "--remote-debugging-port=0"]
        with said.open("wb") as out:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=out)

        def address() -> str:
            return "".join(re.findall(r"BiDi listening on (ws://\S+)\n", said.read_text("utf-8")))

        try:
            wait_until(address)
            yield Firefox(address())
        finally:
            process.terminate()
            process.wait()


class Firefox:
    """A page of Firefox.

    Attributes:
        asked: what it asked of other machines.
    """

    def __init__(self, address: str):
        self._numbers = itertools.count(1)
        self._socket = websocket.create_connection(
            f"{address}/session", timeout=PATIENCE, suppress_origin=True
        )
        self.asked: list[str] = []
        self._do("session.new", capabilities={"alwaysMatch": _SESSION})
        self._do("session.subscribe", events=["network.beforeRequestSent"])
        (tab,) = self._do("browsingContext.getTree")["contexts"]
        self._tab = tab["context"]

    def _do(self, method: str, **asked: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": asked}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("method") == "network.beforeRequestSent":
                address = urlsplit(said["params"]["request"]["url"])
                if address.scheme in ("http", "https") and address.hostname != "127.0.0.1":
                    self.asked.append(address.geturl())
            elif said.get("id") == number:
                assert said["type"] == "success", said
                return said["result"]

    def open(self, address: str) -> None:
        self._do("browsingContext.navigate", context=self._tab, url=address, wait="interactive")

    def reload(self) -> None:
        self._do("browsingContext.reload", context=self._tab, wait="interactive")

    def value(self, script: str) -> Any:
        """What an expression of JavaScript comes to in the page: a text, a number, a truth."""
        page = {"context": self._tab}
        said = self._do("script.evaluate", expression=script, target=page, awaitPromise=False)
        assert said["type"] == "success", said
        return said["result"].get("value")

    def wait_for(self, script: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.value(f"Boolean({script})"):
            assert time.monotonic() < deadline, script
            time.sleep(0.1)

    def press(self, place: str, key: str) -> None:
        """Press with the mouse on an element that a selector of CSS names, then press a key."""
        self.value(
            f"document.querySelector({json.dumps(place)}).scrollIntoView({{block: 'center'}})"
        )
        where = "browsingContext.locateNodes"
        found = self._do(where, context=self._tab, locator={"type": "css", "value": place})
        on_it = {"type": "element", "element": {"sharedId": found["nodes"][0]["sharedId"]}}
        moves = [{"type": "pointerMove", "x": 0, "y": 0, "origin": on_it}]
        moves += [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        mouse = {"type": "pointer", "id": "mouse", "actions": moves}
        board = {"type": "key", "id": "board", "actions": [{"type": "pause"}] * 3 + keys}
        self._do("input.performActions", context=self._tab, actions=[mouse, board])
