"""axe looks at lessons as a student has them, untouched and in use: light, dark, and in colours
that the system forces."""

import re
import shutil
import subprocess
import sys

import pytest

import run
from tests.browser import NOTEBOOKS, Student, expect
from tests.jupyter_server import jupyter

LESSONS = sorted(path.name for path in NOTEBOOKS.glob("0*.ipynb"))
# The kit's own; what Jupyter has around it is Jupyter's.
OURS = (".kit-tools", ".kit-beside", ".jp-MarkdownOutput", ".jp-OutputArea-output", "#kit-map")


@pytest.fixture(scope="module")
def server():
    with jupyter("lab", alone=True) as server:
        yield server


def use(page) -> None:
    """Label something, answer and ask for a hint in every form, and open what is folded."""
    # The last first: what a paragraph is on the page takes it from the roles, which come later.
    for labeller in reversed(page.locator(".kit-labeller").all()):
        labeller.locator("[role=option]:not([aria-disabled])").first.click()
        page.keyboard.press("2")
    for task in page.locator(".kit-task").all():
        for field in task.locator("input[type=text]:enabled, textarea:enabled").all():
            field.fill("5")
        for name in ("radio", "checkbox"):
            for choice in task.locator(f"input[type={name}]:enabled").all()[:1]:
                choice.check()
        hint = task.get_by_role("button", name=re.compile("^Hint"))
        if hint.count():
            hint.click()
        task.locator(".kt-main").click()
        expect(task.locator(".kt-outcome")).not_to_be_empty()
    page.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")


@pytest.mark.parametrize("name", LESSONS)
def test_axe_finds_nothing(server, browser, have_left, name):
    path = server.root / name
    shutil.copy(NOTEBOOKS / name, path)
    data = server.root.parent / "data"
    subprocess.run([sys.executable, "-c", run.TRUST, str(data), str(path)], check=True)
    after = have_left.pop() if have_left else None
    one = Student(server, browser, path, height=9000, after=after)
    page = one.page
    page.wait_for_function(
        "document.querySelector('.kit-task') && !document.querySelector('.kit-waiting')"
    )
    page.locator("#kit-map li").first.wait_for()
    page.set_viewport_size({"width": 1600, "height": 9000})
    told = {"untouched": one.axe_finds(*OURS)}
    use(page)
    told["in use"] = one.axe_finds(*OURS)
    page.emulate_media(forced_colors="active")
    told["forced colours"] = one.axe_finds(*OURS)
    page.emulate_media(forced_colors="none")
    one.use_theme("Dark")
    told["dark"] = one.axe_finds(*OURS)
    one.use_theme("Light")
    one.leave()
    have_left.append(one)
    server.end_sessions()
    assert told == dict.fromkeys(told, [])
    assert one.errors == []
