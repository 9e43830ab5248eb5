"""A browser, a server for each kind of notebook, and students who sit down in front of it."""

import pytest

from tests.browser import ARTICLE, Student
from tests.jupyter_server import chromium, jupyter


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module", params=["lab", "notebook"])
def server(request):
    with jupyter(request.param) as server:
        yield server


@pytest.fixture
def student(server, browser):
    for left in (server.work / ARTICLE.id).glob("*"):
        left.unlink()
    opened = []

    def open_(cells):
        opened.append(Student(server, browser, cells))
        return opened[-1]

    yield open_
    for one in opened:
        one.context.close()
    server.end_sessions()
    assert [error for one in opened for error in one.errors] == []
