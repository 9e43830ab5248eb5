"""The notebooks as a student has them: in a real JupyterLab and a real Notebook 7, in Chromium.

Where these tests press keys they press only keys; where they click they only click.
"""

import json
import re
from pathlib import Path

import pytest

from kit.coding.coding import Annotation
from kit.library import datasets
from kit.text.span import Span
from kit.work.names import file_stem
from kit.work.workbook import Workbook
from tests.browser import ARTICLE, expect, lesson, wait_until

LESSON = lesson("02-structure")


def test_every_line_is_labelled_by_keys_alone_and_is_there_tomorrow(student):
    ana = student("02-structure.ipynb")
    ana.run_all()
    ana.page.get_by_role("button", name="Download my work").wait_for()
    # JupyterLab hides a cell's own buttons, one stop of Tab, wherever they would cover its words.
    assert ana.go_by_keys("What part of the page is each paragraph?", "[role=option]") in (4, 5)
    ana.press("Home")
    source = "".join(cell.source for cell in ana.stored().cells)
    asked = re.search(r'label\("position", only="(.+?)"', source)[1].split()
    all_of_b = datasets.load_coding(ARTICLE.id, "b").codes("position")
    reading = {id: all_of_b[id] for id in asked}
    layer = datasets.codebook("blinken-beijing-2023").layer("position")
    for code in reading.values():
        ana.press(layer.code(code).key)  # and it goes on by itself
    done = f"{len(asked)} of {len(asked)} labelled"
    ana.labeller.get_by_text(done).first.wait_for()
    ana.saved()
    assert {id: codes[0] for id, codes in ana.codes().items()} == reading
    ana.context.close()
    ana.spoilt = True
    ana.server.end_sessions()
    tomorrow = student("02-structure.ipynb")
    tomorrow.run_all()
    tomorrow.page.get_by_text(f"Welcome back: {len(asked)} labels and 0 answers found").wait_for()
    tomorrow.labeller.get_by_text(done).first.wait_for()


def test_a_line_is_labelled_with_the_mouse_alone_and_text_grows(student):
    ana = student([LESSON, 'today.label("position")'])
    ana.run_all()
    ana.labeller.get_by_role("option").nth(5).click()
    ana.labeller.get_by_role("button", name=re.compile("Lede")).first.click()
    ana.saved()
    assert ana.codes() == {"P6": ["lede"]}
    ana.labeller.get_by_role("option").nth(5).click()  # the next one has its turn by now
    ana.labeller.get_by_role("button", name=re.compile("Remove")).first.click()
    ana.labeller.get_by_text("0 of 43 labelled").first.wait_for()
    ana.saved()
    assert ana.codes() == {}
    # How it looks is for the reader to choose, and the browser remembers.
    words = ana.labeller.get_by_role("option").nth(5)
    measure = "row => parseFloat(getComputedStyle(row).fontSize)"
    before = words.evaluate(measure)
    for name in ("A+", "A+", "◐", "↕"):
        ana.labeller.get_by_text(name, exact=True).click()
    wait_until(lambda: words.evaluate(measure) == pytest.approx(before * 1.3))
    kept = ana.page.evaluate("JSON.parse(localStorage.getItem('kit:view'))")
    assert kept == {"size": 1.3, "airy": True, "strong": True, "stay": False}


def test_notebook_shortcuts_never_fire(student):
    ana = student([LESSON, 'today.label("position")', "1 + 1"])
    ana.run_all()
    before = ana.cells()
    ana.labeller.get_by_role("option").nth(5).click()
    ana.press(*"bxddza", "ArrowUp", "ArrowDown", *"mcv00ii", "Enter", *"jk")
    ana.press("Escape", *"bxdd", "Escape", "Escape", *"bxdd")
    assert ana.cells() == before
    # The same keys typed into a note are letters.
    ana.press("n")
    ana.page.keyboard.type("b x dd z 1")
    ana.press("Enter")
    ana.press("3")
    ana.saved()
    assert ana.cells() == before
    (label,) = ana.work()["labels"]
    assert (label["codes"], label["note"]) == (["lede"], "b x dd z 1")


def test_keys_save_the_notebook_undo_redo_and_clear(student):
    ana = student([LESSON, 'today.label("position")'])
    ana.run_all()
    ana.labeller.get_by_role("option").nth(5).click()
    ana.press("3")
    ana.saved()
    stored = [c.outputs for c in ana.stored().cells]
    assert stored == [[], []]
    ana.press("Control+s")
    wait_until(lambda: ana.stored().cells[1].outputs)
    notebook = ana.stored()
    assert "Labeller position" in notebook.cells[1].outputs[0].data["text/plain"]
    assert "widgets" not in notebook.metadata
    # It has gone on to the next line by itself.
    ana.press("ArrowUp", "5", "u")
    ana.saved()
    assert ana.codes() == {"P6": ["lede"]}
    ana.press("y", "y", "5")
    ana.saved()
    assert ana.codes() == {"P6": ["body"]}
    ana.press("Backspace")
    ana.labeller.get_by_text("0 of 43 labelled").first.wait_for()
    ana.saved()
    assert ana.codes() == {}


def test_words_are_labelled_by_keys_and_with_the_mouse_dragging_and_not(student):
    ana = student([LESSON, 'today.label("expectation")'])
    ana.run_all()
    label_without_dragging(ana)
    ana.labeller.get_by_role("button", name=re.compile("Undo")).click()
    wait_until(lambda: not ana.codes())
    ana.labeller.get_by_role("option").first.focus()
    ana.press("Home", "Enter", *["ArrowRight"] * 5, "Shift+ArrowRight", "1", "Escape")
    ana.saved()
    (label,) = ana.work()["labels"]
    assert (label["at"]["text"], label["codes"]) == ("high-stakes visit", ["raise"])
    # With the mouse: drag over two words of P6, then click on a code.
    box = ana.page.evaluate(
        """() => {
          const row = document.querySelectorAll('.kit-labeller [role=option]')[5];
          const range = document.createRange();
          const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
          const found = {};
          for (let n = walk.nextNode(); n; n = walk.nextNode())
            for (const word of ['infected', 'tensions'])
              if (n.textContent.includes(word) && !found[word]) {
                const at = n.textContent.indexOf(word);
                range.setStart(n, at); range.setEnd(n, at + word.length);
                const r = range.getBoundingClientRect();
                found[word] = [r.x, r.y, r.width, r.height];
              }
          return found;
        }"""
    )
    (x, y, w, h), (x2, y2, w2, h2) = box["infected"], box["tensions"]
    ana.page.mouse.move(x + 2, y + h / 2)
    ana.page.mouse.down()
    ana.page.mouse.move(x + w, y + h / 2, steps=4)
    ana.page.mouse.move(x2 + w2 - 2, y2 + h2 / 2, steps=8)
    ana.page.mouse.up()
    ana.labeller.get_by_role("button", name=re.compile("Lower")).first.click()
    ana.labeller.get_by_text(re.compile("2 labels")).first.wait_for()
    ana.saved()
    assert [a["at"]["text"] for a in ana.work()["labels"]] == [
        "high-stakes visit",
        "infected tensions",
    ]


def label_without_dragging(ana):
    def middle(word):  # anew each time: the page may have scrolled
        return (
            ana.labeller.get_by_role("option")
            .nth(5)
            .evaluate(
                """(row, word) => {
              const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
              for (let n = walk.nextNode(); n; n = walk.nextNode()) {
                const range = document.createRange(), at = n.textContent.indexOf(word);
                if (at < 0) continue;
                range.setStart(n, at); range.setEnd(n, at + word.length);
                const box = range.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
              }
            }""",
                word,
            )
        )

    ana.page.mouse.dblclick(*middle("infected"))
    ana.labeller.get_by_role("button", name=re.compile("Lower")).first.click()
    ana.saved()
    assert [a["at"]["text"] for a in ana.work()["labels"]] == ["infected"]
    ana.labeller.get_by_role("button", name=re.compile("Undo")).click()
    ana.page.mouse.dblclick(*middle("infected"))
    ana.page.keyboard.down("Shift")
    ana.page.mouse.click(*middle("tensions"))
    ana.page.keyboard.up("Shift")
    ana.labeller.get_by_role("button", name=re.compile("Lower")).first.click()
    ana.labeller.get_by_text(re.compile("1 label")).first.wait_for()
    ana.saved()
    assert [a["at"]["text"] for a in ana.work()["labels"]] == ["infected tensions"]


def test_a_chart_follows_the_labels_without_a_cell_being_run(student):
    ana = student(
        [
            LESSON,
            'today.label("position")',
            'today.chart("structure")',
            'today.compare("position")',
            'today.chart("structure", of="reference")',
            "today.my_work()",
        ]
    )
    ana.run_all()
    shown = ana.page.locator(".jp-OutputArea-output")
    shown.get_by_text("A chart of what each paragraph is").first.wait_for()
    shown.get_by_text("“Structure” appears here once you have pressed “I am done”").first.wait_for()
    ana.labeller.get_by_role("option").nth(5).click()
    ana.press("3")
    shown.get_by_text("1 of 43 paragraphs labelled so far").first.wait_for()
    shown.get_by_text("So far you have made 1 label and 0 answers").first.wait_for()
    shown.get_by_text("You have made 1 label on").first.wait_for()
    shown.get_by_text("1 on Position").first.wait_for()
    ana.press("ArrowUp", "Backspace")
    shown.get_by_text("A chart of what each paragraph is").first.wait_for()
    ana.press("3")
    shown.get_by_text("1 of 43 paragraphs labelled so far").first.wait_for()
    ana.page.get_by_role("button", name="I am done. Show me the reference").click()
    shown.get_by_text("All 43 paragraphs labelled").first.wait_for()
    ana.page.locator(".kit-talk figure.kit-chart").wait_for(state="attached")
    expect(ana.page.locator("figure.kit-chart")).to_have_count(3)
    # What is shown is what is kept with the notebook, each output once.
    ana.press("Control+s")
    wait_until(lambda: "1 of 43" in str(ana.stored().cells[2].outputs))
    assert [len(c.outputs) for c in ana.stored().cells] == [1] * 6


def test_an_attribution_is_recorded_by_keys(student):
    ana = student([LESSON, 'today.label("attribution")'])
    ana.run_all()
    ana.labeller.get_by_role("option").first.focus()
    ana.press("Home", *["ArrowDown"] * 7)  # P8: Officers … have signaled …
    ana.press("Enter", *["Shift+ArrowRight"] * 3, "s")
    ana.press(*["ArrowRight"], "Shift+ArrowRight", "c")
    ana.press(*["ArrowRight"], *["Shift+ArrowRight"] * 5, "w")
    ana.saved()
    ana.labeller.get_by_role("radio", name="Collective").click()
    ana.labeller.get_by_role("textbox", name="Speaker").fill("officials from both governments")
    ana.press("Tab")
    wait_until(lambda: "speaker" in ana.work()["labels"][0].get("fields", {}))
    (record,) = ana.work()["labels"]
    parts = {name: [s["text"] for s in spans] for name, spans in record["parts"].items()}
    assert parts == {
        "source": ["Officers from each governments"],
        "cue": ["have signaled"],
        "content": ["low expectations for the go to"],
    }
    assert record["fields"] == {
        "speaker": "officials from both governments",
        "identification": "collective",
        "mode": "indirect",  # the quotation marks tell
    }


def test_a_killed_kernel_is_told_and_nothing_is_lost(student):
    ana = student([LESSON, 'today.label("position")'])
    ana.run_all()
    ana.labeller.get_by_role("option").nth(5).click()
    ana.press("3", "4", "5")
    ana.saved()
    ana.kill_kernel()
    assert ana.codes() == {"P6": ["lede"], "P7": ["nut-graf"], "P8": ["body"]}
    # The student goes on typing; the page must say that nothing arrives.
    ana.press("5", "5")
    ana.labeller.get_by_text(re.compile("NOT SAVED")).first.wait_for()
    assert set(ana.codes()) == {"P6", "P7", "P8"}
    ana.wait_for_next_kernel()
    ana.run_all()
    ana.labeller.get_by_text("5 of 43 labelled").first.wait_for()
    ana.labeller.get_by_text("2 labels made while nothing was listening were put back").wait_for()
    ana.saved()
    assert set(ana.codes()) == {"P6", "P7", "P8", "P9", "P10"}


def test_another_window_is_noticed_and_the_student_chooses(student):
    ana = student([LESSON, 'today.label("position")'])
    ana.run_all()
    path = ana.server.work / ARTICLE.id / "student.json"
    elsewhere = Workbook(ARTICLE, datasets.codebook("blinken-beijing-2023"), "student", path)

    def label(id, code):
        unit = ARTICLE.unit(id)
        elsewhere.put(Annotation(id, "position", Span(unit.start, unit.end), (code,)))

    label("P6", "body")
    label("P7", "body")
    ana.labeller.get_by_role("option").nth(5).click()
    ana.press("3")
    ana.labeller.get_by_role("button", name=re.compile("Use “Lede”")).wait_for()
    assert ana.codes() == {"P6": ["body"], "P7": ["body"]}
    ana.labeller.get_by_role("button", name=re.compile("Use “Lede”")).click()
    ana.saved()
    assert ana.codes() == {"P6": ["lede"], "P7": ["body"]}
    ana.labeller.get_by_text("2 of 43 labelled").first.wait_for()


def test_a_reading_is_shown_only_after_the_commit_and_the_work_can_be_taken_away(student):
    cells = [LESSON, 'today.label("position")', 'today.compare("position")', "today.my_work()"]
    ana = student(cells)
    ana.run_all()
    commit = ana.page.get_by_role("button", name="I am done. Show me the reference")
    ana.page.get_by_text("three are enough to begin with").wait_for()
    assert not commit.count()
    ana.labeller.get_by_role("option").nth(6).click()
    ana.press("5")  # the reference has another label there, and both may stand
    ana.saved()
    commit.click()
    talk = ana.page.locator(".kit-talk")
    talk.get_by_text("You and the reference read 1 paragraph in different ways.").wait_for()
    talk.get_by_text("So do you.").wait_for()
    figures = talk.get_by_text("Where the two of you differ")
    expect(figures).to_be_hidden()
    talk.get_by_text("The numbers").first.click()
    figures.wait_for()
    name = ana.page.get_by_label("Your name or pseudonym")
    name.fill("Ana b x dd")
    before = ana.cells()
    with ana.page.expect_download() as download:
        ana.page.get_by_role("button", name="Download my work").click()
    assert download.value.suggested_filename == f"{file_stem('Ana b x dd')}-{ARTICLE.id}.json"
    taken = json.loads(Path(download.value.path()).read_bytes())
    assert taken["student"] == "Ana b x dd"
    assert [label["id"] for label in taken["labels"]] == ["P7"]
    assert ana.cells() == before


def test_axe_finds_nothing_in_the_kits_own_output(student):
    cells = [
        LESSON,
        "today.read()",
        'today.label("position")',
        'today.label("attribution")',
        'today.chart("structure")',
        'today.compare("position")',
        "today.my_work()",
    ]
    ana = student(cells)
    ana.run_all()
    ana.labeller.get_by_role("option").nth(5).click()
    ana.press("3", "4")
    ana.labeller.get_by_text(re.compile("^saved")).wait_for()
    ana.page.get_by_role("button", name="I am done. Show me the reference").click()
    ana.page.get_by_text("Your first answer is kept").wait_for()
    for theme in ("Dark", "Light"):
        ana.use_theme(theme)
        assert ana.axe_finds(".jp-OutputArea-output") == []


def test_a_notebook_that_was_not_run_yet_can_be_read(student):
    ana = student("00-start-here.ipynb")
    ana.page.get_by_text(
        "Choose Run → Run All Cells, and the article appears here."
    ).first.wait_for()
    assert not ana.page.get_by_text("Error displaying widget").count()
    assert not ana.page.get_by_text("Loading widget").count()
