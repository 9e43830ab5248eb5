"""The labeller under the hand: dragging, records in few actions, the wheel, and what goes on by
itself. Every action with mouse or keyboard that a test counts is made by ``Hand``, and no other."""

import json
import re

from kit.library import datasets
from tests.browser import ARTICLE, expect, lesson, wait_until

# Where a phrase of a paragraph begins and ends on the screen: [left, right] points.
PLACE = """(row, words) => {
  const text = row.querySelector('.kl-text'), start = text.textContent.indexOf(words);
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let at = 0;
  const edge = (place) => {
    for (const range = document.createRange(); ; ) {
      const node = walk.currentNode.nodeType === 3 ? walk.currentNode : walk.nextNode();
      if (place < at + node.length) {
        range.setStart(node, place - at);
        range.setEnd(node, place - at + 1);
        return range.getBoundingClientRect();
      }
      at += node.length;
      walk.nextNode();
    }
  };
  const first = edge(start), last = edge(start + words.length - 1);
  return [[first.left, first.top + first.height / 2], [last.right, last.top + last.height / 2]];
}"""
RATIO = """(node) => {
  const canvas = document.createElement('canvas').getContext('2d');
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
      const c = part / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => getComputedStyle(one).backgroundColor;
  const row = ground(node.closest('.kl-row')), paper = ground(node.closest('.kit-labeller'));
  return [row, paper].map((under) => {
    const [a, b] = [light(ground(node)), light(under)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  });
}"""


class Hand:
    """One student's hand at a labeller: it counts what it does."""

    def __init__(self, student):
        self.page, self.labeller = student.page, student.labeller
        self.page.set_viewport_size({"width": 1366, "height": 768})
        wait_until(self.in_view)
        self.actions = 0

    def in_view(self):
        """Bring the labeller into the window; say whether it, or what fits of it, is there."""
        self.labeller.evaluate("node => node.scrollIntoView({ block: 'start' })")
        box = self.labeller.bounding_box()
        return box and 0 <= box["y"] < box["y"] + min(box["height"], 600) <= 768

    def row(self, id):
        return self.labeller.locator(f'[data-unit="{id}"]')

    def place(self, id, words):
        return self.row(id).evaluate(PLACE, words)

    def drag(self, id, words, beyond=(3, 0)):
        """Drag over some words, and let go a little beyond them."""
        (x, y), (x2, y2) = self.place(id, words)
        self.page.mouse.move(x + 1, y)
        self.page.mouse.down()
        self.page.mouse.move(x + 8, y, steps=2)
        self.page.mouse.move(x2 + beyond[0], y2 + beyond[1], steps=5)
        self.page.mouse.up()
        self.actions += 1

    def click(self, what):
        what.click()
        self.actions += 1

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.actions += 1

    def chip(self, field, name):
        group = self.labeller.get_by_role("radiogroup", name=field)
        return group.locator("label").filter(has_text=re.compile(f"^\\d?{re.escape(name)}$"))

    @property
    def selected(self):
        return "".join(self.labeller.locator(".kl-lit").all_inner_texts())


def records(student) -> list:
    """The records in the work file, in the order of the text: parts in words, and fields."""
    path = student.server.work / ARTICLE.id / "student.json"
    found = json.loads(path.read_bytes())["labels"] if path.exists() else []
    found.sort(key=lambda one: one["at"]["start"])
    return [
        (
            {
                part: [ARTICLE.text[span["start"] : span["end"]] for span in spans]
                for part, spans in one["parts"].items()
            },
            one.get("fields", {}),
        )
        for one in found
    ]


def test_dragging_forgives_and_nothing_moves_under_the_pointer(student):
    ana = student([lesson("04-expectations"), 'today.label("expectation")'])
    ana.run_all()
    hand = Hand(ana)
    # The paragraph is cut by the lower edge, and another one is active.
    hand.row("P6").click(position={"x": 5, "y": 5})
    scroll = hand.labeller.locator(".kl-scroll")
    scroll.evaluate(
        "(node, row) => { node.scrollTop += row.getBoundingClientRect().bottom"
        " - node.getBoundingClientRect().bottom - 40 }",
        hand.row("P8").element_handle(),
    )
    before = hand.place("P8", "Officers")
    for words, beyond, taken in (
        ("Officers", (2, 0), "Officers"),  # one word, let go in the blank after it
        ("low expectations", (3, 0), "low expectations"),
        ("Officers from", (0, 11), "Officers from"),  # between two lines
    ):
        hand.drag("P8", words, beyond)
        wait_until(lambda taken=taken: hand.selected == taken)
        assert hand.place("P8", "Officers") == before
    expect(hand.row("P8")).to_have_class(re.compile(r"\bkl-here\b"))
    for ratio in hand.labeller.locator(".kl-lit").first.evaluate(RATIO):
        assert ratio >= 3
    # Beyond the end of a line: its last word, and no word of the next.
    box = hand.row("P8").locator(".kl-text").bounding_box()
    (x, y), _ = hand.place("P8", "Officers")
    hand.page.mouse.move(x + 1, y)
    hand.page.mouse.down()
    hand.page.mouse.move(box["x"] + box["width"] - 1, y, steps=4)
    hand.page.mouse.up()
    line = hand.labeller.locator(".kl-lit").last.bounding_box()
    assert abs(line["y"] + line["height"] / 2 - y) < 2
    after = hand.selected.split()[-1]
    assert (
        hand.row("P8")
        .locator(".kl-word")
        .evaluate_all(
            "(words, y) => { const on = words.filter((w) => {"
            " const b = w.getClientRects()[0]; return b.top < y && y < b.bottom; });"
            " return on.at(-1).textContent; }",
            y,
        )
        == after
    )
    # Backwards, and let go in the blank before.
    (x, y), (x2, _) = hand.place("P8", "signaled low")
    hand.page.mouse.move(x2 - 2, y)
    hand.page.mouse.down()
    hand.page.mouse.move(x - 2, y, steps=4)
    hand.page.mouse.up()
    wait_until(lambda: hand.selected == "signaled low")
    # A double click takes the word, also when a label lies on it.
    hand.press("1")
    (x, y), _ = hand.place("P8", "signaled")
    hand.page.mouse.dblclick(x + 5, y)
    wait_until(lambda: hand.selected == "signaled")


def test_a_finger_selects_words(student):
    ana = student([lesson("04-expectations"), 'today.label("expectation")'], has_touch=True)
    ana.run_all()
    hand = Hand(ana)
    hand.row("P8").scroll_into_view_if_needed()

    def on(word):
        (x, y), (x2, _) = hand.place("P8", word)
        return (x + x2) / 2, y

    def tap(word):
        ana.page.touchscreen.tap(*on(word))

    tap("Officers")
    wait_until(lambda: hand.selected == "Officers")
    tap("signaled")
    tap("signaled")
    wait_until(lambda: hand.selected == "signaled")
    # A long press: on a tablet it leaves a selection of the browser's own.
    low = hand.row("P8").locator(".kl-word", has_text=re.compile("^low$"))
    low.evaluate("(word) => document.getSelection().selectAllChildren(word)")
    wait_until(lambda: hand.selected == "low")
    hand.labeller.get_by_role("button", name="End one word later").tap()
    wait_until(lambda: hand.selected == "low expectations")
    hand.labeller.get_by_role("button", name=re.compile("^2 ?Lower")).tap()
    ana.saved()
    (label,) = ana.work()["labels"]
    assert ARTICLE.text[label["at"]["start"] : label["at"]["end"]] == "low expectations"


def test_a_full_record_takes_eight_actions_with_the_mouse(student):
    ana = student([lesson("03-who-speaks"), 'today.label("attribution")'])
    ana.run_all()
    hand = Hand(ana)
    hand.row("P28").scroll_into_view_if_needed()
    source = hand.labeller.get_by_role("button", name=re.compile("^S ?Source"))
    hand.drag("P28", "the senior State Division official")
    hand.click(source)
    hand.drag("P28", "mentioned")
    words = (
        "Blinken’s particular focus is on stemming the circulation of precursor chemical compounds"
    )
    hand.drag("P28", words)
    hand.click(hand.chip("Speaker", "the senior State Division official"))
    hand.click(hand.chip("Identification", "Described"))
    hand.click(hand.chip("Affiliation", "US government"))
    hand.click(hand.chip("Stance of the cue", "Neutral"))
    assert hand.actions == 8
    parts = {
        "source": ["the senior State Division official"],
        "cue": ["mentioned"],
        "content": [words],
    }
    fields = {
        "speaker": "the senior State Division official",
        "identification": "described",
        "affiliation": "us-government",
        "mode": "indirect",
        "stance": "neutral",
    }
    wait_until(lambda: records(ana) == [(parts, fields)])
    expect(hand.labeller.locator(".kl-filled:visible")).to_have_text(["filled in"])
    # The same speaker again: what was said of them comes along.
    hand.actions = 0
    hand.row("P8").scroll_into_view_if_needed()
    hand.drag("P8", "a senior State Division official")
    hand.click(source)
    hand.drag("P8", "telling reporters")
    hand.drag("P8", "he doesn’t count on “an extended listing of deliverables")
    hand.click(hand.chip("Speaker", "the senior State Division official"))
    hand.click(hand.chip("Stance of the cue", "Neutral"))
    assert hand.actions == 6
    wait_until(lambda: len(records(ana)) == 2 and "stance" in records(ana)[0][1])
    assert records(ana)[0][1] == {**fields, "mode": "mixed"}
    # What was filled in can be changed, and is kept.
    hand.click(hand.chip("Mode", "Direct"))
    wait_until(lambda: records(ana)[0][1]["mode"] == "direct")
    # No field is cut off, and each is one stop of Tab.
    panel = hand.labeller.locator(".kl-panel")
    assert panel.evaluate("node => node.scrollWidth <= node.clientWidth")
    hand.labeller.get_by_role("radiogroup", name="Speaker").locator(":checked").focus()
    stops = []
    for _ in range(7):
        stops.append(ana.page.evaluate("document.activeElement.closest('.kl-field')?.innerText"))
        ana.press("Tab")
    names = [(stop or "").split("\n")[0].split(" filled")[0] for stop in stops]
    assert names[0] == names[1] == "Speaker"
    assert [name.split(" ")[0] for name in names[2:]] == [
        *("Identification", "Affiliation", "Mode", "Stance", "Note"),
    ]


def test_a_full_record_takes_twelve_keys(student):
    ana = student([lesson("03-who-speaks"), 'today.label("attribution")'])
    ana.run_all()
    hand = Hand(ana)
    hand.row("P39").focus()
    hand.press("Enter", "s", "ArrowRight", "Shift+ArrowRight", "c", "Shift+End", "w")
    hand.press("1", "1", "1", "5")
    assert hand.actions <= 12
    (theirs,) = (
        one
        for one in datasets.load_reference(ARTICLE.id).coding.on("attribution")
        if ARTICLE.block_of(one.at).id == "P39"
    )
    parts = {
        part: [ARTICLE.text[span.start : span.end] for span in spans]
        for part, spans in theirs.parts.items()
    }
    fields = {**theirs.fields, "speaker": "Blinken", "stance": "withholding"}
    wait_until(lambda: records(ana) == [(parts, fields)])
    # The keys are where they were: the next record can begin.
    expect(hand.row("P39")).to_be_focused()
    # And the form is one Tab away.
    ana.press("Tab")
    speaker = hand.labeller.get_by_role("radiogroup", name="Speaker")
    assert speaker.evaluate("group => group.contains(document.activeElement)")


def test_the_wheel_is_not_trapped_and_labels_go_on_by_themselves(student):
    ana = student([lesson("02-structure"), 'today.label("position")', "1 + 1"])
    ana.run_all()
    hand = Hand(ana)
    scroll = hand.labeller.locator(".kl-scroll")
    inner = "node => node.scrollTop"
    box = scroll.bounding_box()
    ana.page.mouse.move(box["x"] + 100, box["y"] + 100)
    ana.page.mouse.wheel(0, 60)
    wait_until(lambda: scroll.bounding_box()["y"] < box["y"])
    assert scroll.evaluate(inner) == 0
    # Whoever works in it scrolls it, and the page once it is at its end.
    hand.row("P6").locator(".kl-number").click()
    there = scroll.bounding_box()
    ana.page.mouse.move(there["x"] + 100, there["y"] + 100)
    ana.page.mouse.wheel(0, 80)
    wait_until(lambda: scroll.evaluate(inner) > 0)
    scroll.evaluate("node => (node.scrollTop = 0)")
    there = scroll.bounding_box()
    ana.page.wait_for_timeout(1000)  # a wheel at rest: what comes is another turn of it
    ana.page.mouse.wheel(0, -60)
    wait_until(lambda: scroll.bounding_box()["y"] > there["y"])
    # One press a label: P6 to P9, then without going on.
    for _ in range(4):
        hand.click(hand.labeller.get_by_role("button", name=re.compile("Body")).first)
    hand.labeller.get_by_text("P10 is:").wait_for()
    hand.labeller.get_by_label("Go on by itself").click()
    ana.labeller.get_by_role("button", name=re.compile("Kicker")).first.click()
    ana.labeller.get_by_role("button", name=re.compile("Lede")).first.click()
    hand.labeller.get_by_text("P10 is:").wait_for()
    wait_until(lambda: len(ana.codes()) == 5 and ana.codes()["P10"] == ["lede"])
    assert {id: ana.codes()[id] for id in ("P6", "P9")} == {"P6": ["body"], "P9": ["body"]}
    expect(hand.labeller.get_by_role("status")).to_have_text("Saved.")


def test_where_one_paragraph_is_asked_for_its_surroundings_are_shown(student):
    ana = student([lesson("00-start-here"), 'today.label("position", only=["P6"])'])
    ana.run_all()
    hand = Hand(ana)
    shown = hand.labeller.locator(".kl-row:visible .kl-number")
    expect(shown).to_have_text(["P4", "P5", "P6", "P7", "P8"])
    assert hand.labeller.locator(".kl-scroll").evaluate(
        "node => node.scrollHeight <= node.clientHeight"
    )
    hand.click(hand.labeller.get_by_role("button", name=re.compile("Lede")).first)
    wait_until(lambda: records_of_blocks(ana) == {"P6": ["lede"]})
    hand.labeller.get_by_role("button", name="Show the whole article (38 more paragraphs)").click()
    expect(shown).to_have_count(43)


def records_of_blocks(student) -> dict:
    path = student.server.work / ARTICLE.id / "student.json"
    return student.codes() if path.exists() else {}
