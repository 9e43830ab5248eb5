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


@pytest.fixture(scope="module")
def have_left(server, browser):
    """Students whose page the next one may have: it is JupyterLab's start that costs most."""
    have_left = []
    yield have_left
    for one in have_left:
        one.context.close()


@pytest.fixture
def student(server, browser, have_left, request):
    for left in (server.work / ARTICLE.id).glob("*"):
        left.unlink()
    opened, failed = [], request.session.testsfailed

    def open_(cells, **settings):
        after = have_left.pop() if have_left and not settings else None
        opened.append(Student(server, browser, cells, after=after, **settings))
        opened[-1].spoilt = bool(settings)
        return opened[-1]

    yield open_
    for one in opened:
        as_it_was = not one.spoilt and request.session.testsfailed == failed
        if as_it_was and server.kind == "lab" and not have_left:
            one.leave()
            have_left.append(one)
        else:
            one.context.close()
    server.end_sessions()
    assert [error for one in opened for error in one.errors] == []
