"""Exercises and live tools as a student has them, in a real JupyterLab and a real Notebook 7.

Where these tests press keys they press only keys; where they click they only click.
"""

import re

from kit import exercises
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.work.workbook import Workbook
from tests.browser import ARTICLE, expect, lesson, wait_until

FORM = ".kit-task .kt-main"
TOOL = ".kit-explorer"
COUNT = [lesson("03-who-speaks"), 'today.task("3.3")', "1 + 1"]
WRITE = [lesson("04-expectations"), 'today.task("4.4")']


def right(lesson_name: str, id: str) -> dict:
    """What the kit itself takes for the right answer."""
    exercise = exercises.find(exercises.load(lesson_name), id)
    workbook = Workbook.open(ARTICLE, datasets.codebook(ARTICLE.id), "nobody")
    return exercises.expected(exercise, context_of(exercise, workbook)).values


def test_numbers_are_answered_with_keys_alone_and_shortcuts_never_fire(student):
    ana = student(COUNT)
    ana.run_all(FORM)
    before = ana.cells()
    answer = right("03-who-speaks", "3.3")
    ana.task.get_by_label("Chinese officials named in the story").focus()
    ana.page.keyboard.type("bxdd 00")
    ana.press("Enter")
    ana.task.get_by_text("Write a number here").wait_for()
    ana.press("Control+a")
    ana.page.keyboard.type("5")
    ana.press("Enter")
    ana.task.get_by_text("✗ Not yet.").wait_for()
    ana.press("Control+a")
    ana.page.keyboard.type(answer["named"])
    ana.press("Tab")
    ana.page.keyboard.type(answer["quoted"])
    ana.press("Tab")
    ana.page.keyboard.type(answer["words"])
    ana.press("Enter")
    ana.task.get_by_text("✓ Right.").wait_for()
    ana.task.get_by_text("Answers handed in: 2").wait_for()
    assert ana.cells() == before
    record = ana.answers()["3.3"]
    assert record["first"]["values"] == {"named": "5"}
    assert record["tries"][-1]["values"] == answer
    assert [one["verdict"] for one in record["tries"]] == ["not yet", "yes"]


def test_a_choice_is_made_with_the_mouse_and_told_its_reason(student):
    ana = student([lesson("05-whose-agenda"), 'today.task("5.3")'])
    ana.run_all(FORM)
    ana.task.get_by_role("button", name="Check").click()
    ana.task.get_by_text("Not complete").wait_for()
    assert "5.3" not in ana.answers() or not ana.answers()["5.3"].get("tries")
    questions = ana.task.get_by_role("group")
    chosen = ("only the American", "both", "only the scholar’s", "both", "neither")
    for n, option in enumerate(chosen):
        questions.nth(n).get_by_label(option, exact=True).check()
    ana.task.get_by_role("button", name="Check").click()
    ana.task.get_by_text("Does P37?").first.wait_for()
    ana.task.get_by_role("button", name=re.compile("^Hint")).click()
    ana.task.get_by_text("Write the two lists beside each other").wait_for()
    questions.nth(3).get_by_label("only the American", exact=True).check()
    ana.task.get_by_role("button", name="Check").click()
    ana.task.get_by_text("✓ Right.").wait_for()
    record = ana.answers()["5.3"]
    assert (record["attempts"], record["hints"]) == (2, 1)


def test_an_order_is_made_with_keys(student):
    ana = student([lesson("02-structure"), "today.read()", 'today.task("2.4")'])
    ana.run_all(FORM)
    order = right("02-structure", "2.4")["order"]
    exercise = exercises.find(exercises.load("02-structure"), "2.4")
    texts = {one.id: one.text for one in exercise.entries}
    here = [one.id for one in exercise.entries]
    rows = ana.task.locator(".kt-order li")
    rows.first.focus()
    at = 0
    for place, id in enumerate(order):
        ana.press(*["ArrowDown"] * (here.index(id) - at), *["ArrowUp"] * (at - here.index(id)))
        expect(rows.nth(here.index(id))).to_be_focused()
        ana.press(*["Alt+ArrowUp"] * (here.index(id) - place))
        here.remove(id)
        here.insert(place, id)
        at = place
        expect(rows.nth(at)).to_contain_text(texts[id])
    # Of the list, Tab stops at the row in hand and at the paragraph that it names.
    expect(rows.locator("a")).to_have_count(len(order))
    ana.press("Tab")
    expect(rows.nth(at).locator("a")).to_be_focused()
    ana.press("Shift+Tab")
    expect(rows.nth(at)).to_be_focused()
    ana.press("Tab", "Tab")
    assert not ana.page.evaluate("Boolean(document.activeElement.closest('.kt-order'))")
    ana.task.get_by_role("button", name="Check", exact=True).focus()
    ana.press("Enter")
    ana.task.get_by_text("✓ Right.").wait_for()
    assert ana.answers()["2.4"]["first"]["values"] == {"order": order}


def test_an_order_is_made_by_dragging_and_a_first_guess_is_told(student):
    ana = student([lesson("02-structure"), 'today.task("2.4")'])
    ana.run_all(FORM)
    order = right("02-structure", "2.4")["order"]
    rows = ana.task.locator(".kt-order li")

    def now() -> list[str]:
        return rows.evaluate_all("all => all.map((one) => one.dataset.entry)")

    def way(start: int, end: int) -> tuple[float, float, float, float]:
        """From the grip of a row to the far edge of another."""
        rows.nth(4).evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
        grip, aim = rows.nth(start).locator(".kt-grip").bounding_box(), rows.nth(end).bounding_box()
        edge = aim["height"] - 3 if end > start else 3
        x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
        return x, y, x, aim["y"] + edge

    # With the mouse, one drag a row: all but the last two.
    drags = 0
    for place, id in enumerate(order[:-2]):
        if (start := now().index(id)) != place:
            x, y, to_x, to_y = way(start, place)
            ana.page.mouse.move(x, y)
            ana.page.mouse.down()
            ana.page.mouse.move(to_x, to_y, steps=8)
            ana.page.mouse.up()
            drags += 1
        wait_until(lambda place=place, id=id: now()[place] == id)
    assert drags < 9
    # With a finger, and back.
    touch = ana.page.context.new_cdp_session(ana.page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
    for start, end in ((0, 3), (3, 0)):
        before = now()
        x, y, to_x, to_y = way(start, end)
        touch.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
        )
        for step in range(1, 9):
            there = {"x": to_x, "y": y + (to_y - y) * step / 8}
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [there]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        before.insert(end, before.pop(start))
        wait_until(lambda wanted=before: now() == wanted)
    touch.detach()
    # With keys: the row keeps the focus, and where it stands now is said.
    texts = rows.evaluate_all("all => all.map((one) => one.lastChild.textContent)")
    last = rows.nth(8)
    if now()[8] != order[8]:
        last.focus()
        ana.press("Alt+ArrowUp")
    wait_until(lambda: now() == order)
    rows.nth(8).focus()
    ana.press("Alt+ArrowUp")
    ana.press("Alt+ArrowDown")
    ana.task.get_by_text("now number 9 of 9").wait_for(state="attached")
    expect(rows.nth(8)).to_be_focused()
    assert len(texts) == 9
    ana.task.get_by_label("fairly sure").check()
    ana.task.get_by_role("button", name="Check", exact=True).click()
    ana.task.get_by_text("✓ Right.").wait_for()
    ana.task.get_by_text(
        "Your first guess: right. You were fairly sure, and with reason."
    ).wait_for()
    expect(ana.task.get_by_label("fairly sure")).to_be_hidden()
    assert ana.answers()["2.4"]["first"]["values"] == {"order": order, "sure": "fairly"}


def test_what_is_written_is_saved_while_it_is_written_and_evidence_is_looked_up(student):
    ana = student(WRITE)
    ana.run_all(FORM)
    words = ana.task.get_by_label("Why the two stand together")
    words.fill("The first half lifts. The second half protects.")
    ana.task.get_by_text("8 words; 40 to 90 are asked for").wait_for()
    wait_until(lambda: "4.4" in ana.answers())
    ana.task.get_by_text(re.compile("^saved at")).wait_for()
    ana.task.get_by_label("Paragraph").first.fill("p21")
    ana.task.get_by_label("Words copied from it").first.fill("words that nobody printed")
    ana.task.get_by_role("button", name="Check my evidence").click()
    ana.task.get_by_text("P21 does not have these words").first.wait_for()
    ana.task.get_by_text("Nothing more to say? Press the button once more.").wait_for()
    good = ana.task.get_by_text("One good answer, written for this kit; there are others")
    expect(good).to_have_count(0)
    ana.task.get_by_label("Words copied from it").first.fill("to the shared conclusion")
    ana.task.get_by_label("Paragraph").nth(1).fill("21")
    ana.task.get_by_label("Words copied from it").nth(1).fill(
        "not going to Beijing with the intent"
    )
    ana.task.get_by_role("button", name="Check my evidence").click()
    ana.task.get_by_text("✓ Kept.").wait_for()
    record = ana.answers()["4.4"]
    assert [one["verdict"] for one in record["tries"]] == ["not yet", "kept"]
    good.wait_for()
    assert record["values"]["why"] == "The first half lifts. The second half protects."


def test_what_is_written_after_the_kernel_died_is_told_and_put_back(student):
    ana = student(WRITE)
    ana.run_all(FORM)
    words = ana.task.get_by_label("Why the two stand together")
    words.fill("Before.")
    wait_until(lambda: ana.answers().get("4.4", {}).get("values") == {"why": "Before."})
    ana.kill_kernel()
    words.fill("Before. And after.")
    ana.task.get_by_text(re.compile("^NOT SAVED")).wait_for()
    assert ana.answers()["4.4"]["values"] == {"why": "Before."}
    ana.wait_for_next_kernel()
    ana.run_all(FORM)
    ana.task.get_by_text(
        "What you wrote while nothing was listening is back, and saved."
    ).wait_for()
    assert ana.answers()["4.4"]["values"] == {"why": "Before. And after."}


def test_two_windows_never_overwrite_each_others_words(student):
    ana = student(WRITE)
    ana.run_all(FORM)
    path = ana.server.work / ARTICLE.id / "student.json"
    elsewhere = Workbook(ARTICLE, datasets.codebook(ARTICLE.id), "student", path)
    exercise = exercises.find(exercises.load("04-expectations"), "4.4")

    def kept() -> str | None:
        return ana.answers()["4.4"]["values"].get("why")

    essay = "The first half of it lifts hopes, and the second takes them down again."
    exercises.draft(elsewhere, exercise, {"why": essay})
    words = ana.task.get_by_label("Why the two stand together")
    words.fill("Because of it.")
    ana.task.get_by_text("Another window or machine has saved something else here").wait_for()
    assert ana.answers()["4.4"]["values"] == {"why": essay}
    assert ana.answers()["4.4"]["earlier"] == {"why": ["Because of it."]}
    expect(words).to_have_value("Because of it.")
    ana.task.get_by_role("button", name="Keep mine").click()
    wait_until(lambda: kept() == "Because of it.")
    # What was there is not gone: it can be put back.
    ana.task.get_by_text(re.compile(r"^Earlier answers")).click()
    ana.task.get_by_role("button", name="Put it back").first.click()
    wait_until(lambda: kept() == essay)
    # What this browser kept is offered, not put in, where the file has moved on meanwhile.
    ana.task.get_by_text(re.compile("^saved at")).wait_for()
    ana.kill_kernel()
    words.fill("What I wrote while nobody listened.")
    ana.task.get_by_text(re.compile("^NOT SAVED")).wait_for()
    exercises.draft(elsewhere, exercise, {"why": "Written on another machine."})
    ana.wait_for_next_kernel()
    ana.run_all(FORM)
    ana.task.get_by_text("This did not reach your work file").wait_for()
    expect(words).to_have_value("Written on another machine.")
    assert kept() == "Written on another machine."
    ana.task.get_by_role("button", name="Put it in").click()
    wait_until(lambda: kept() == "What I wrote while nobody listened.")
    expect(ana.task.locator(".kt-torn")).to_have_count(0)


def test_disputed_readings_are_shown_only_after_the_answer_is_kept(student):
    ana = student([lesson("05-whose-agenda"), 'today.task("5.2")'])
    ana.run_all(FORM)
    reason = "The quotation marks are closed, and the new sentence has no cue."
    assert reason not in ana.page.locator(".jp-OutputArea").all_inner_texts().__str__()
    ana.task.get_by_label("the minister").check()
    ana.task.get_by_role("button", name="Keep my answer and show the readings").click()
    ana.task.get_by_text(reason).wait_for()
    ana.task.get_by_text("✓ Kept.").wait_for()


def test_tools_answer_at_once(student):
    ana = student(
        [
            lesson("02-structure"),
            'today.explore("cut")',
            'today.explore("search")',
            "1 + 1",
        ]
    )
    ana.run_all(TOOL)
    before = ana.cells()
    ana.tool.get_by_role("spinbutton").fill("300")
    ana.tool.get_by_text("P6 to P12 stay whole (283 words)").first.wait_for()
    ana.tool.get_by_role("slider").focus()
    ana.press("ArrowRight")
    ana.tool.get_by_text("Room for 301").first.wait_for()
    search = ana.page.locator(TOOL).nth(1)
    search.get_by_label("Look for").focus()
    ana.page.keyboard.type("go to")
    search.get_by_text("“go to”: 10 times").first.wait_for()
    search.get_by_label("and, to compare, for").focus()
    ana.page.keyboard.type("<b>bxdd")
    search.get_by_text("“<b>bxdd”: 0 times").first.wait_for()
    assert ana.cells() == before


def test_tools_and_the_lines_to_label_follow_labels_that_are_made_elsewhere(student):
    ana = student(
        [
            lesson("05-whose-agenda"),
            'today.label("issue")',
            'today.explore("frame")',
            'today.label("position")',
            'today.label("role")',
        ]
    )
    ana.run_all(TOOL)
    issue, position, role = (
        ana.page.locator(f".kit-labeller[data-layer={layer}]")
        for layer in ("issue", "position", "role")
    )
    ana.tool.get_by_text("Nothing is labelled yet").first.wait_for()
    frames = ana.tool.get_by_role("combobox")
    frames.select_option("neutral")
    issue.get_by_role("option").nth(5).click()
    ana.press("Enter", "Shift+ArrowRight", "1")
    ana.tool.get_by_text("Frame: neutral. 0 mentions of 0 of 1 issue").first.wait_for()
    expect(frames).to_have_value("neutral")
    # What the page itself is no part of the story, and gets no role; what has one keeps it.
    second = role.get_by_role("option").nth(1)
    second.click()
    ana.press("1")
    role.get_by_text("1 of 43 labelled").first.wait_for()
    position.get_by_role("option").nth(1).click()
    ana.press("8")
    role.get_by_text("0 of 42 labelled").first.wait_for()
    # The count and the row arrive apart.
    expect(second).to_have_attribute("aria-disabled", "true")
    expect(second).to_contain_text("Main event")
    ana.press("ArrowUp", "5")
    role.get_by_text("1 of 43 labelled").first.wait_for()
    expect(second).not_to_have_attribute("aria-disabled", "true")


def test_axe_finds_nothing_in_forms_and_tools(student):
    ana = student(
        [
            lesson("04-expectations"),
            'today.task("4.4")',
            'today.explore("word list")',
            'lesson("03-who-speaks").task("3.3")',
            'today.task("4.2")',
        ]
    )
    ana.run_all(FORM)
    count = ana.page.locator(".kit-task").nth(1)
    count.get_by_role("textbox").first.fill("5")
    count.get_by_role("button", name="Check").click()
    count.get_by_text("Not yet").first.wait_for()
    count.get_by_role("button", name="Hint 1 of 2").click()
    count.get_by_text("Hint 1:").wait_for()
    for theme in ("Dark", "Light"):
        ana.use_theme(theme)
        assert ana.axe_finds(".kit-task", ".kit-explorer") == []
