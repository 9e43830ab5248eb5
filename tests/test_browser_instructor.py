"""An instructor's own article in a real JupyterLab, from the paste to the reference.

Adding an article writes into ``datasets/``, so the notebook runs in a copy of the kit.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from kit import datasets
from tests.browser import Student, wait_until
from tests.jupyter_server import jupyter

ROOT = datasets.root()
NOTEBOOK = "instructor/new-article.ipynb"
HEADLINE = "Minister lands in Oster for talks on the bridge"
STORY = f"""\
Home | World | Subscribe

{HEADLINE}
By Ilse Marn

OSTER — The foreign minister of Lund, Vera Holt, landed in Oster on Monday for talks on the \
bridge that no truck has crossed since the spring.

“We do not expect to sign anything,” Ms Holt told reporters on the plane.

Vera Holt on the runway in Oster on Monday. Picture by Tom Reiss.

The talks were put off twice last year, after Oster  had closed the bridge.

An ofﬁcial in Oster said that his side was “ready to listen” but would not pay for repairs.

Ms Holt is expected to ﬂy home on Tuesday.
"""
READ_MORE = "\nRead more\nThe bridge at Oster: a short history\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A kit into which an instructor may write."""
    place = tmp_path_factory.mktemp("an instructor") / "kit"
    for name in ("kit", "datasets"):
        shutil.copytree(ROOT / name, place / name)
    return place


@pytest.fixture(scope="module")
def server(place):
    with jupyter("lab", PYTHONPATH=str(place)) as server:
        (server.root / "instructor").mkdir()
        yield server


class Instructor(Student):
    """Somebody in front of the notebook for an article of their own, with a mouse."""

    def panel(self, first: str):
        return self.page.locator(".kit-panel").filter(has=self.page.get_by_label(first)).first

    def press(self, panel, button: str, said: str) -> str:
        """Press a button and return the sentence that answers."""
        panel.get_by_role("button", name=button, exact=True).click()
        status = panel.get_by_role("status").filter(has_text=re.compile(said))
        status.wait_for()
        return status.inner_text()

    def on(self, layer: str):
        """Return the labeller of a layer."""
        title = self.page.locator(".kl-layer", has_text=re.compile(f"^{layer}$"))
        return self.page.locator(".kit-labeller").filter(has=title)

    def label(self, layer: str, line: str, code: str) -> None:
        """Click on a line of the story, then on a label."""
        labeller = self.on(layer)
        labeller.get_by_role("option", name=re.compile(f"^{line}\\b")).locator(".kl-number").click()
        labeller.get_by_role("button", name=re.compile(code)).first.click()
        labeller.get_by_text(re.compile("^saved")).wait_for()

    def mark(self, layer: str, line: str, first: str, last: str, code: str) -> None:
        """Drag from one word to another, then click on a label."""
        words = self.on(layer).get_by_role("option", name=re.compile(f"^{line}\\b"))
        start, end = (words.locator(".kl-word", has_text=word).first for word in (first, last))
        start.hover()
        self.page.mouse.down()
        end.hover()
        self.page.mouse.up()
        self.on(layer).get_by_role("button", name=re.compile(code)).first.click()
        self.on(layer).get_by_text(re.compile("^saved")).wait_for()


def test_a_story_is_pasted_cleaned_labelled_and_kept(place, server, browser):
    ina = Instructor(server, browser, NOTEBOOK)
    ina.page.set_viewport_size({"width": 1280, "height": 8000})
    ina.run_all(shown=".kit-panel textarea")
    add = ina.panel("Paste a story here")
    assert "No article has been added yet" in add.inner_text()
    there = {path.name for path in (place / "datasets").iterdir()}

    # What would be cleaned, and how the text begins, before anything is kept.
    add.get_by_label("Paste a story here").fill(STORY + READ_MORE)
    said = ina.press(add, "Show what would be cleaned", "Nothing is kept yet")
    assert f"“{HEADLINE}”" in said  # not the menu above it
    shown = add.inner_text()
    assert "Took apart 2 joined letters" in shown and "Home | World | Subscribe" in shown
    assert {path.name for path in (place / "datasets").iterdir()} == there

    # Without the furniture, under a name, with a day as people write it.
    add.get_by_label("Paste a story here").fill(STORY.partition("\n\n")[2])
    add.get_by_label("A short name for it").fill("oster")
    add.get_by_label("Who published it").fill("The Lund Herald")
    add.get_by_label("When").fill("some day in May")
    assert "is no date" in ina.press(add, "Add this article", "date")
    assert {path.name for path in (place / "datasets").iterdir()} == there
    add.get_by_label("When").fill("3 May 2027")
    assert HEADLINE in ina.press(add, "Add this article", "^Added")
    assert "oster: 8 numbered lines" in add.inner_text()
    home = place / "datasets" / "oster"
    text = (home / "article.txt").read_text(encoding="utf-8")
    assert text.startswith(HEADLINE) and "official in Oster said" in text and "  " not in text

    # The suggestions stand in the labellers; some are mended, on every layer.
    ina.run_all(shown=".kit-labeller [role=option]")
    ina.on("Issue").get_by_role("option").first.wait_for()
    assert "From: The Lund Herald, 3 May 2027." in ina.on("Position").inner_text()
    ina.on("Position").get_by_text("8 of 8 labelled").first.wait_for()
    ina.label("Position", "P5", "Caption")
    ina.label("Role", "P4", "Expectation")
    ina.label("Role", "P6", "Previous event")
    ina.label("Attribution", "P4", "Remove record")
    ina.mark("Expectation", "P4", "expect", "anything", "Lower")
    ina.mark("Issue", "P3", "bridge", "bridge", "Trade and transport")

    # The last form follows, and keeps three layers.
    keep = ina.panel("Layers to keep")
    for row in (r"Position 7 1 0 0", r"Attribution \d 0 0 1", r"Expectation \d 0 1 0"):
        keep.get_by_role("row", name=re.compile(f"^{row}$")).wait_for()
    keep.get_by_label("Layers to keep").fill("rolle")
    assert "no layer rolle" in ina.press(keep, "Keep as reference", "layer")
    assert not (home / "codings" / "reference.json").exists()
    keep.get_by_label("Layers to keep").fill("position role attribution expectation")
    ina.press(keep, "Keep as reference", "^Kept as the reference of oster")
    assert "checked against your labels of" in keep.inner_text()

    kept = json.loads((home / "codings" / "reference.json").read_bytes())["annotations"]
    codes = {(one["layer"], one["id"]): one.get("codes") for one in kept}
    assert codes["position", "P5"] == ["caption"]
    assert (codes["role", "P4"], codes["role", "P6"]) == (["expectation"], ["previous-event"])
    assert ("role", "P5") not in codes  # a caption has none, whatever the rules have said
    marked = [one["at"]["text"] for one in kept if one["layer"] == "expectation"]
    assert "expect to sign anything" in marked
    assert {layer for layer, _ in codes} == {"position", "role", "attribution", "expectation"}
    assert not [one["note"] for one in kept if one.get("note")]
    wait_until(lambda: "7.7" in (home / "exercises" / "07-oster.toml").read_text(encoding="utf-8"))
    assert ina.errors == []
    ina.context.close()
