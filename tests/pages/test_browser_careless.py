"""What a careless hand and a server that is restarted do to a lesson."""

import copy
import re

import pytest

from tests.benchmarks.careless import Hand, play
from tests.browser import expect
from tests.jupyter_server import jupyter


@pytest.fixture(scope="module")
def server():
    with jupyter("lab", alone=True) as server:
        yield server


@pytest.fixture(autouse=True)
def fresh(server):
    yield
    server.end_sessions()
    for left in [*server.root.glob("*.ipynb"), *server.work.glob("*/*")]:
        left.unlink()


def label(page, unit: str, key: str) -> None:
    labeller = page.locator(".kit-labeller").first
    labeller.locator(f"[data-unit={unit}]").click()
    page.keyboard.press(key)
    labeller.get_by_text(re.compile("^saved")).wait_for()


def test_a_careless_hand_loses_and_breaks_nothing(server, browser):
    told = play(server, browser, "00-start-here", seed=26, number=60)
    assert told.acknowledged  # it did not only press what does nothing


def test_two_tabs_of_one_lesson_follow_each_other(server, browser):
    one = Hand(server, browser, "02-structure")
    one.ready()
    label(one.page, "P6", "3")
    other = copy.copy(one)
    other.page = one.context.new_page()
    other.go()
    other.ready()

    def shows(tab: Hand, count: str) -> None:
        tab.labeller.scroll_into_view_if_needed()  # what nobody sees does not follow
        expect(tab.labeller).to_contain_text(count)

    shows(other, "1 of 8 labelled")
    label(other.page, "P7", "5")
    shows(one, "2 of 8 labelled")
    label(one.page, "P8", "5")
    shows(other, "3 of 8 labelled")
    # Another kernel runs the page in both.
    with one.running_again(), other.running_again():
        one.restart()
    for tab in (one, other):
        tab.ready()
        shows(tab, "3 of 8 labelled")
    other.page.close()
    label(one.page, "P9", "5")
    assert one.codes() == {"P6": ["lede"], "P7": ["body"], "P8": ["body"], "P9": ["body"]}
    assert one.faults() == []


def test_a_server_that_was_restarted_has_lost_nothing(server, browser):
    one = Hand(server, browser, "02-structure")
    one.ready()
    label(one.page, "P6", "3")
    no_server = one.page.locator(".jp-Dialog button").first
    one.page.add_locator_handler(no_server, lambda button: button.click())
    server.restart()
    with one.running_again():
        one.page.locator(".kit-ask").get_by_role("button", name="Start again").click()
    one.ready()
    label(one.page, "P7", "5")
    assert one.codes() == {"P6": ["lede"], "P7": ["body"]}
