"""An instructor in a real JupyterLab: an assignment handed out, a class collected, and an article
of one's own, from the paste to the reference.

Adding an article writes into ``datasets/``, so the notebooks run in a copy of the kit.
"""

import csv
import json
import re
import shutil
import zipfile
from pathlib import Path

import msgspec
import pytest

from desk.handout import assignment
from kit.library import datasets
from tests import synthetic_class
from tests.browser import Student, expect, wait_until
from tests.jupyter_server import jupyter
from tests.synthetic_class import BROKEN

ROOT = datasets.root()
NOTEBOOK = "instructor/new-article.ipynb"
HAND_OUT, RESULTS = "instructor/assign.ipynb", "instructor/class-results.ipynb"
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
    for name in ("kit", "desk", "datasets", "notebooks"):
        shutil.copytree(ROOT / name, place / name)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, place)
    return place


@pytest.fixture(scope="module")
def server(place):
    with jupyter("lab", PYTHONPATH=str(place)) as server:
        (server.root / "instructor").mkdir()
        yield server


@pytest.fixture(autouse=True)
def fresh(server):
    """No kernel of another test: it would have nobody who looks on."""
    server.end_sessions()


class Instructor(Student):
    """Somebody in front of one of the instructor's notebooks, with a mouse."""

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
        labeller.get_by_role("option", name=re.compile(rf"(^|\. ){line}:")).locator(
            ".kl-number"
        ).click()
        labeller.get_by_role("button", name=re.compile(code)).first.click()
        labeller.get_by_text(re.compile("^saved")).wait_for()

    def mark(self, layer: str, line: str, first: str, last: str, code: str) -> None:
        """Drag from one word to another, then click on a label."""
        words = self.on(layer).locator(f"[role=option][data-unit='{line}']")
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
    expect(add).to_contain_text("No article has been added yet")
    there = {path.name for path in (place / "datasets").iterdir()}

    # What would be cleaned, and all lines of the text, before anything is kept.
    add.get_by_label("Paste a story here").fill(STORY + READ_MORE)
    said = ina.press(add, "Show what would be cleaned", "Nothing is kept yet")
    assert f"“{HEADLINE}”" in said  # not the menu above it
    expect(add).to_contain_text("Took apart 2 joined letters")
    expect(add).to_contain_text("Home | World | Subscribe")
    assert {path.name for path in (place / "datasets").iterdir()} == there

    # Every line has a tick; without it a line is left out, and the tick is remembered.
    menu = add.get_by_label(re.compile(r"Home \| World"))
    expect(menu).to_be_checked()
    menu.uncheck()
    ina.press(add, "Show what would be cleaned", "Nothing is kept yet")
    expect(add).to_contain_text("Left out 1 paragraph as you chose")
    expect(menu).not_to_be_checked()

    # Without the furniture, under a name, with a day as people write it.
    add.get_by_label("Paste a story here").fill(STORY.partition("\n\n")[2])
    add.get_by_label("A short name for it").fill("oster")
    add.get_by_label("Who published it").fill("The Lund Herald")
    add.get_by_label("When").fill("some day in May")
    assert "is no date" in ina.press(add, "Add this article", "date")
    assert {path.name for path in (place / "datasets").iterdir()} == there
    add.get_by_label("When").fill("3 May 2027")
    assert HEADLINE in ina.press(add, "Add this article", "^Added")
    expect(add).to_contain_text("oster: 8 numbered paragraphs")
    home = place / "datasets" / "oster"
    text = (home / "article.txt").read_text(encoding="utf-8")
    assert text.startswith(HEADLINE) and "official in Oster said" in text and "  " not in text

    # The suggestions stand in the labellers; some are mended, on every layer.
    ina.run_all(shown=".kit-labeller [role=option]")
    ina.on("Issue").get_by_role("option").first.wait_for()
    expect(ina.on("Position")).to_contain_text("From: The Lund Herald, 3 May 2027.")
    ina.on("Position").get_by_text("8 of 8 labelled").first.wait_for()
    ina.label("Role", "P5", "Evaluation")
    ina.label("Position", "P5", "Caption")
    ina.label("Role", "P4", "Expectation")
    ina.label("Role", "P6", "Previous event")
    ina.label("Attribution", "P8", "Remove record")  # a schedule is nobody’s words
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
    expect(keep).to_contain_text("checked against your labels of")

    kept = json.loads((home / "codings" / "reference.json").read_bytes())["annotations"]
    codes = {(one["layer"], one["id"]): one.get("codes") for one in kept}
    assert codes["position", "P5"] == ["caption"]
    assert (codes["role", "P4"], codes["role", "P6"]) == (["expectation"], ["previous-event"])
    assert ("role", "P5") not in codes  # a caption has none, whatever it was given before
    marked = [one["at"]["text"] for one in kept if one["layer"] == "expectation"]
    assert "expect to sign anything" in marked
    assert {layer for layer, _ in codes} == {"position", "role", "attribution", "expectation"}
    assert not [one["note"] for one in kept if one.get("note")]
    wait_until(lambda: "7.7" in (home / "exercises" / "07-oster.toml").read_text(encoding="utf-8"))
    assert ina.errors == []
    ina.context.close()


def test_an_assignment_is_handed_out_and_its_class_collected(server, browser, tmp_path):
    ina = Instructor(server, browser, HAND_OUT)
    ina.run_all(shown=".kit-panel button")
    form = ina.panel("Title, as students see it")
    handouts = server.work / "handouts"

    # What is missing is said in a sentence, and neither kind of folder is guessed.
    ina.press(form, "Make it", "Write a title")
    form.get_by_label("Title, as students see it").fill("Week 3: Who speaks?")
    form.get_by_label("03 Who speaks?").check()
    ina.press(form, "Make it", "for practice, or for a mark")
    form.get_by_label("For a mark").check()
    form.get_by_label("Last day").fill("2027-02-01")
    form.get_by_label("Pairs, if you want any").fill("Ana, Bo\nChidi, Dora")
    form.get_by_text("More choices").click()
    form.get_by_label("Exercises that count").fill("3.1 3.3 3.4")
    ina.press(form, "Show what it would be", "^Nothing is made yet")
    form.get_by_role("row", name="Pairs Ana and Bo; Chidi and Dora").wait_for()
    expect(form).to_contain_text("3.3 How many Chinese officials?")
    expect(form).to_contain_text("What is secret, and what is not")
    assert not handouts.exists()

    ina.press(form, "Make it", "^Made: the folder")
    folder = handouts / "week-3-who-speaks"
    made = assignment.read(folder / assignment.FILE)
    assert (made.title, made.lessons) == ("Week 3: Who speaks?", ("03-who-speaks",))
    assert (made.exercises, made.mode) == (("3.1", "3.3", "3.4"), "graded")
    assert f"{made.due}" == "2027-02-01" and made.pairs == (("Ana", "Bo"), ("Chidi", "Dora"))
    assert [path.name for path in (folder / "notebooks").iterdir()] == ["03-who-speaks.ipynb"]
    assert not list(folder.rglob("reference.json")) and not list(folder.rglob("classroom"))
    names = {name.partition("/")[2] for name in zipfile.ZipFile(f"{folder}.zip").namelist()}
    assert {"README.md", "run.py", "notebooks/03-who-speaks.ipynb", assignment.FILE} <= names
    assert ina.errors == []
    ina.context.close()
    server.end_sessions()

    # A week later: four students, and a file that did not survive.
    back = tmp_path / "came back"
    klass = synthetic_class.make(back, 4, defects=0)
    (back / "mei.json").write_bytes(BROKEN["truncated"](next(back.glob("*.json")).read_bytes()))
    ina = Instructor(server, browser, RESULTS)
    ina.run_all(shown=".kit-panel button")
    form = ina.panel("Folder, or zip, with the work that came back")
    expect(form.get_by_role("button")).to_have_text(["Collect and mark"])
    form.get_by_label("Folder, or zip, with the work that came back").fill(str(back))
    ina.press(form, "Collect and mark", "Choose which assignment")
    form.get_by_label("Week 3: Who speaks? (for a mark").check()
    said = ina.press(form, "Collect and mark", "^Collected")
    assert "4 files used, 1 needs a question" in said
    with (server.work / "class-results" / "marks.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {row["student"] for row in rows} == set(klass.good)
    assert "3.4 rubric" in rows[0] and "2.2 best" not in rows[0]  # what was asked, and no more

    # Names come when they are asked for, and go.
    ina.press(form, "Show the class report", "^Names are hidden")
    form.get_by_role("heading", name="Where the class disagrees").wait_for()
    expect(form.locator(".strip li").nth(30)).to_be_attached()
    expect(form).to_contain_text("P8")
    ina.press(form, "Whom to ask what", "^Names are shown")
    expect(form).to_contain_text("mei.json")
    ina.press(form, "Hide names", "^Names are hidden")
    form.get_by_role("heading", name="Where the class disagrees").wait_for()
    expect(form).not_to_contain_text("mei.json")
    form.get_by_label("For “Who read it how”").fill("p10")
    form.get_by_label("For “Who read it how”").press("Enter")
    form.get_by_role("heading", name="P10").wait_for()
    form.get_by_role("row", name=re.compile("^The reference marked")).wait_for()

    def named() -> set[str]:  # what a form says and what it shows arrive apart
        html = form.inner_html()
        return {name for name in [*klass.good, "Student 1"] if name in html}

    wait_until(lambda: named() == {"Student 1"})
    ina.press(form, "Show names", "^Names are shown")
    wait_until(lambda: named() == set(klass.good))
    ina.press(form, "Hide names", "^Names are hidden")
    wait_until(lambda: named() == {"Student 1"})
    assert ina.errors == []
    ina.context.close()


def test_two_who_differ_only_in_a_choice_settle_it(server, browser, tmp_path):
    theirs = synthetic_class.REFERENCE.coding.on("attribution")
    record = next(a for a in theirs if a.fields.get("mode") == "direct")
    for name, mode in (("Ana", "direct"), ("Ben", "mixed")):
        label = msgspec.to_builtins(record)
        label["fields"]["mode"] = mode
        article = synthetic_class.ARTICLE
        file = {"schema": "kit-work-1", "article": article.id, "sha256": article.sha256}
        file |= {"student": name, "labels": [label]}
        (tmp_path / f"{name}.json").write_text(json.dumps(file))
    ina = Instructor(server, browser, RESULTS)
    ina.run_all(shown=".kit-panel button")
    form = ina.panel("First student’s work file")
    form.get_by_label("First student’s work file").set_input_files(tmp_path / "Ana.json")
    form.get_by_label("Second student’s work file").set_input_files(tmp_path / "Ben.json")
    form.get_by_label("Attribution").check()
    ina.press(form, "Compare", "^Here they are side by side")
    expect(form.get_by_role("rowheader")).to_have_count(1)
    place = form.get_by_role("rowheader").inner_text()
    expect(form.locator("td strong")).to_have_text(["Direct", "Mixed"])
    form.get_by_label("To settle: the place").fill(place.partition("-")[0])
    form.get_by_label("To settle: why").fill("All of it stands in quotation marks.")
    form.get_by_label("To settle: the label").fill("keep")
    ina.press(form, "Settle this place", "They differ in Mode. Settle on one of these: Direct")
    form.get_by_label("To settle: the label").fill("Direct")
    ina.press(form, "Settle this place", "^Settled, in")
    expect(form.locator("td strong")).to_have_text(["Direct", "Mixed", "Direct"])
    copies = list((server.work / "pairs").glob("*.settled.json"))
    modes = [json.loads(copy.read_bytes())["labels"][0]["fields"]["mode"] for copy in copies]
    assert modes == ["direct", "direct"]
    assert ina.errors == []
    ina.context.close()
