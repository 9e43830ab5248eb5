"""Kernels that tests start reach this machine and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from jupyter_client.manager import start_new_kernel


@pytest.fixture(scope="module")
def cell() -> Iterator[Callable[[str], str]]:
    """A function that runs a cell in a real kernel: what it printed, or the error it ended in."""
    manager, client = start_new_kernel()

    def run(code: str) -> str:
        printed: list[str] = []

        def keep(message: dict) -> None:
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = client.execute_interactive(code, timeout=60, output_hook=keep)["content"]
        if reply["status"] == "error":
            return f"{reply['ename']}: {reply['evalue']}"
        return "".join(printed)

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize(
    ("code", "host"),
    [
        ("socket.create_connection(('192.0.2.1', 80), timeout=5)", "192.0.2.1"),
        ("socket.socket().connect_ex(('192.0.2.1', 80))", "192.0.2.1"),
        ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))", "192.0.2.1"),
        ("socket.getaddrinfo('news.example', 443)", "news.example"),
        ("socket.gethostbyname('news.example')", "news.example"),
        ("import http.client; http.client.HTTPSConnection('192.0.2.1').connect()", "192.0.2.1"),
    ],
)
def test_a_cell_that_reaches_out_fails_and_is_told_why(
    code: str, host: str, cell: Callable[[str], str]
):
    expected = f"RuntimeError: The kit's notebooks run without a network: {host} is not reached."
    assert cell(f"import socket; {code}") == expected


def test_a_cell_that_opens_an_address_fails(cell: Callable[[str], str]):
    answer = cell(
        "import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://192.0.2.1')"
    )
    assert "run without a network: 192.0.2.1" in answer


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_cell_reaches_its_own_machine(host: str, cell: Callable[[str], str]):
    code = f"""
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    with socket.create_connection(({host!r}, server.getsockname()[1]), timeout=5) as there:
        here, _ = server.accept()
        with here:
            there.sendall(b"heard")
            print(here.recv(5))
"""
    assert cell(code) == "b'heard'\n"


def test_the_block_leaves_no_name_behind(cell: Callable[[str], str]):
    assert cell("print([name for name in dir() if 'network' in name])") == "[]\n"
