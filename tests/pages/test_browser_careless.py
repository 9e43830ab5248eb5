"""What a careless hand does to a lesson, and what two windows do to each other."""

from tests.benchmarks.careless import play
from tests.jupyter_server import jupyter


def test_a_careless_hand_loses_and_breaks_nothing(browser):
    with jupyter("lab", alone=True) as server:
        told = play(server, browser, "00-start-here", seed=26, number=60)
    assert told.acknowledged  # it did not only press what does nothing
