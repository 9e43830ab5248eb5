"""How fast is the labeller, in a real JupyterLab, beside plain ipywidgets?

Run it from the repository's folder::

    python -m tests.benchmarks.labeller

It takes about two minutes. All times are taken in the page, in milliseconds: from the key that runs
the cell to the frame with all 43 blocks; from a label's key to the next painted frame; from a
label's key to the acknowledgement that the label is on the disk. The same run draws 43
ToggleButtons, with the same eight codes, and times a click until Python has answered.

In pages of their own: lesson 02, from a label's key until the chart has its new finding; and a
plain ``ipywidgets.interactive``, from a slider's key until it has drawn 43 bars as large.
"""

from __future__ import annotations

import shutil
import statistics
from functools import partial
from typing import Any

from tests.browser import NOTEBOOKS
from tests.jupyter_server import chromium, jupyter

RUNS = 9  # of the cell; the first loads the most and is reported beside the others
KEYS = 86  # labels: twice the article
CLICKS = 20
WAIT = 30_000  # ms, for anything

SETUP = """\
from ipywidgets import Label, ToggleButtons, VBox
from kit.library import datasets
from kit.widgets.labeller import Labeller
from kit.work.workbook import Workbook
article = datasets.load_article("blinken-beijing-2023")
work = Workbook.open(article, datasets.codebook("blinken-beijing-2023"), "benchmark")
codes = [code.name for code in datasets.codebook("blinken-beijing-2023").layer("position").codes]"""

LABELLER = 'Labeller(work, "position")'

TOGGLES = """\
heard = Label("heard 0")
def hear(change):
    heard.value = f"heard {int(heard.value.split()[1]) + 1}"
rows = [ToggleButtons(options=codes, value=None, description=b.id) for b in article.blocks]
for row in rows:
    row.observe(hear, "value")
VBox([heard, *rows])"""

LESSON = "02-structure.ipynb"
CHART_LABELS = 40
PAUSE = 600  # ms, between two labels, as somebody makes them who labels fast

INTERACTIVE = """\
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import IntSlider, interactive
def strip(labelled):
    fig, ax = plt.subplots(figsize=(6.3, 3.4), dpi=192)
    ax.bar(range(43), 1, color=["C0" if n < labelled else "0.9" for n in range(43)])
    plt.show()
    print(f"{labelled} of 43 drawn")
interactive(strip, labelled=IntSlider(min=0, max=43, step=1))"""

# Helpers in the page. `after` gives the time of the frame in which something was first painted.
PAGE = """
localStorage.setItem("kit:view", '{"stay": true}'); // no going on: each label is on one line
window.bench = {
  painted: () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  })),
  until: async (test) => {
    while (!test()) await new Promise(requestAnimationFrame);
    return bench.painted();
  },
  // When the next key or click arrives.
  next: (type) => new Promise((done) => window.addEventListener(
    type, (event) => done(event.timeStamp), { capture: true, once: true })),
  // From the next key to the frame that shows `selector` `count` times in what is new.
  drawn: async (selector, count) => {
    for (const old of document.querySelectorAll(selector)) old.dataset.old = "";
    const start = await bench.next("keydown");
    const shown = () => document.querySelectorAll(`${selector}:not([data-old])`).length;
    return (await bench.until(() => shown() >= count)) - start;
  },
  // From the next key to the frame that shows the label, and to the acknowledgement.
  label: async (name) => {
    const frame = document.querySelector(".kit-labeller");
    const start = await bench.next("keydown");
    const painted = await bench.painted();
    const row = document.activeElement;
    if (row.querySelector(".kl-name")?.textContent !== name) throw Error(`no ${name} painted`);
    while (frame.dataset.state !== "saved") {
      await new Promise((done) => {
        const watch = new MutationObserver(() => { watch.disconnect(); done(); });
        watch.observe(frame, { attributes: true, attributeFilter: ["data-state"] });
      });
    }
    return [painted - start, performance.now() - start];
  },
  // From the next key to the frame in which some words stand in an output.
  said: async (words) => {
    const start = await bench.next("keydown");
    const there = () => [...document.querySelectorAll(".kit-chart figcaption, .jp-Cell pre")]
      .some((output) => output.textContent.includes(words));
    return (await bench.until(there)) - start;
  },
  heard: async (count) => {
    const start = await bench.next("click");
    const heard = () => [...document.querySelectorAll(".widget-label")]
      .some((label) => label.textContent === `heard ${count}`);
    return (await bench.until(heard)) - start;
  },
};
"""


class Bench:
    """One notebook in one page."""

    def __init__(self, page: Any):
        self.page = page

    def timed(self, call: str, act: Any) -> Any:
        """Begin to wait for ``call`` in the page, act, and return what it measured."""
        self.page.evaluate(f"window.measured = bench.{call}; null")
        act()
        return self.page.evaluate("window.measured")

    def select(self, cell: int) -> None:
        """Put the notebook's focus on a cell, in command mode."""
        self.page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".cm-content").click()
        self.page.keyboard.press("Escape")

    def run(self, cell: int) -> None:
        """Run a cell and wait until it is done."""
        self.select(cell)
        self.page.keyboard.press("Control+Enter")
        prompt = self.page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".jp-InputPrompt")
        prompt.filter(has_text="[1]").wait_for()

    def draw(self, cell: int, selector: str, count: int, runs: int) -> list[float]:
        """Return how long each of some runs of a cell took to draw."""
        times = []
        for _ in range(runs):
            self.select(cell)
            self.page.wait_for_timeout(300)
            call = f"drawn({selector!r}, {count})"
            times.append(self.timed(call, lambda: self.page.keyboard.press("Control+Enter")))
        return times

    def label(self, keys: int) -> list[tuple[float, float]]:
        """Label paragraph after paragraph; return times to the screen and to the disk."""
        names = self.page.locator(".kl-code > span:last-child").all_inner_texts()
        self.page.locator(".kl-row").first.click()
        times = []
        for n in range(keys):
            code = (n + n // 43) % len(names)
            press = partial(self.page.keyboard.press, str(code + 1))
            times.append(self.timed(f"label({names[code]!r})", press))
            self.page.keyboard.press("Home" if n % 43 == 42 else "ArrowDown")
        return times

    def click(self, clicks: int) -> list[float]:
        """Click toggle buttons; return how long Python took to answer on the page."""
        buttons = self.page.locator(".widget-toggle-buttons")
        times = []
        for n in range(clicks):
            button = buttons.nth(n).locator("button").nth(n % 8)
            button.scroll_into_view_if_needed()
            times.append(self.timed(f"heard({n + 1})", button.click))
        return times

    def follow(self, labels: int) -> list[float]:
        """Label paragraph after paragraph; return how long the chart took to follow each."""
        self.page.locator("[data-layer=role] .kl-row").first.click()
        times = []
        for n in range(labels):
            words = f"{n + 1} of 43 paragraphs labelled"
            press = partial(self.page.keyboard.press, str(n % 8 + 1))
            times.append(self.timed(f"said({words!r})", press))
            self.page.keyboard.press("ArrowDown")
            self.page.wait_for_timeout(PAUSE)
        return times

    def slide(self, steps: int) -> list[float]:
        """Move a slider by keys; return how long its picture took to follow each."""
        self.page.locator(".widget-slider .noUi-handle").focus()
        press = partial(self.page.keyboard.press, "ArrowRight")
        times = []
        for n in range(steps):
            times.append(self.timed(f"said('{n + 1} of 43 drawn')", press))
            self.page.wait_for_timeout(PAUSE)
        return times


def measure_charts() -> dict[str, list[float]]:
    """Return how long charts take to follow, by name."""
    with jupyter("lab") as server, chromium() as browser:
        shutil.copy(NOTEBOOKS / LESSON, server.root / LESSON)
        server.write_notebook("slider.ipynb", [INTERACTIVE])
        times = {}
        for name, drawn, act in (
            (LESSON, ".kl-row", lambda bench: bench.follow(CHART_LABELS)),
            ("slider.ipynb", ".widget-slider", lambda bench: bench.slide(CHART_LABELS)),
        ):
            # Tall, because JupyterLab draws only the cells that are in sight.
            page = browser.new_page(viewport={"width": 1280, "height": 2400})
            page.set_default_timeout(WAIT)
            page.goto(server.url_of(name))
            server.wait_for_kernel()
            page.evaluate(PAGE)
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            page.locator(drawn).first.wait_for()
            page.wait_for_timeout(8000)  # until every cell has run
            times[name] = act(Bench(page))
            page.close()
            server.end_sessions()
        return {
            "chart: a label's key to the new finding, lesson 02": times[LESSON],
            "interactive: a slider's key to the new picture": times["slider.ipynb"],
        }


def measure() -> dict[str, list[float]]:
    """Return the times of everything, by name."""
    with jupyter("lab") as server, chromium() as browser:
        server.write_notebook("bench.ipynb", [SETUP, LABELLER, TOGGLES])
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.set_default_timeout(WAIT)
        page.goto(server.url_of("bench.ipynb"))
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.evaluate(PAGE)
        bench = Bench(page)
        bench.run(0)
        drawn = bench.draw(1, ".kl-row", 43, RUNS)
        labels = bench.label(KEYS)
        buttons = bench.draw(2, ".widget-toggle-buttons", 43, 3)
        clicks = bench.click(CLICKS)
        return {
            "labeller: first run of the cell to 43 blocks drawn": drawn[:1],
            "labeller: later runs of the cell to 43 blocks drawn": drawn[1:],
            "labeller: key to repaint": [screen for screen, _ in labels],
            "labeller: key to disk, acknowledged": [disk for _, disk in labels],
            "ToggleButtons: first run of the cell to 43 drawn": buttons[:1],
            "ToggleButtons: later runs of the cell to 43 drawn": buttons[1:],
            "ToggleButtons: click to Python and back": clicks,
        }


def percentile_95(times: list[float]) -> float:
    """Return the 95th percentile (nearest rank)."""
    return sorted(times)[max(0, -(-95 * len(times) // 100) - 1)]


def main() -> None:
    """Measure and print a table."""
    print(f"{'milliseconds':52}{'n':>5}{'min':>8}{'median':>8}{'p95':>8}")
    for name, times in (measure() | measure_charts()).items():
        numbers = (min(times), statistics.median(times), percentile_95(times))
        print(f"{name:52}{len(times):5}" + "".join(f"{number:8.0f}" for number in numbers))


if __name__ == "__main__":
    main()
