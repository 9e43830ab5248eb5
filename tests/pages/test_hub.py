"""The kit on a real JupyterHub, with two students at once, and what docs/hosting.md promises.

JupyterHub does not run on Windows: there, nothing of this module is collected.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from traitlets.config import PyFileConfigLoader

import run
from desk.handout import assignment as assignments
from desk.handout.assignment import Assignment
from kit import exercises
from kit.work.names import file_stem
from tests.browser import ARTICLE, PATIENCE, wait_until
from tests.hub import LEFT_OUT, REPO, HubError, Learner, hub
from tests.jupyter_server import kernels_of

__test__ = os.name != "nt"  # pytest looks for tests only where this holds
pytestmark = pytest.mark.browser

LESSON = "00-start-here"
# What the two do. P6 is the lede; ben first takes it for the body, and gets the question wrong.
LABELS = {"ana": ["Lede"], "ben": ["Body", "Lede"]}
CHOICES = {"ana": "is there, and saved", "ben": "is gone"}


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Every path under a folder, with its size and when it was changed."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def label(one: Learner, _: Path) -> None:
    for number, code in enumerate(LABELS[one.server.name], 1):
        one.labeller.locator("[data-unit=P6]").click()
        one.labeller.get_by_role("button", name=re.compile(code)).first.click()
        one.saved()
        wait_until(lambda code=code: one.codes() == {"P6": [code.lower()]})
        task(one, "0.1").get_by_role("button", name="Check").click()
        wait_until(lambda number=number: tries(one, "0.1") == number)


def choose(one: Learner, _: Path) -> None:
    task(one, "0.2").get_by_label(CHOICES[one.server.name]).check()
    task(one, "0.2").get_by_role("button", name="Check").click()
    wait_until(lambda: tries(one, "0.2") == 1)
    for text in exercises.find(exercises.load(LESSON), "0.3").texts:
        task(one, "0.3").get_by_label(text.label, exact=True).fill("a ticket")
    task(one, "0.3").locator(".kt-main").click()
    wait_until(lambda: tries(one, "0.3a") + tries(one, "0.3b") == 1)


def hand_in(one: Learner, folder: Path) -> None:
    one.page.get_by_label("Your name or pseudonym").fill(one.server.name.title())
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Download my work").click()
    download.value.save_as(folder / download.value.suggested_filename)


def tries(one: Learner, id: str) -> int:
    return len(one.answers().get(id, {}).get("tries", ()))


def task(one: Learner, id: str):
    return one.page.locator(".kit-task").filter(
        has=one.page.get_by_role("heading", name=re.compile(f"^{re.escape(id)} "))
    )


@pytest.fixture(scope="module")
def ours():
    with hub("ana", "ben", "cy", "dee") as ours:
        yield ours


@pytest.fixture(scope="module")
def learners(ours, browser):
    """Ana and ben in front of the first page, both at once."""
    both = {name: Learner(ours, browser, name) for name in ("ana", "ben")}
    yield both
    for one in both.values():
        one.context.close()
    assert [error for one in both.values() for error in one.errors] == []


@pytest.fixture(scope="module")
def handed_in(ours, learners, tmp_path_factory):
    """The files that both downloaded, after they did lesson 00 by turns."""
    folder = tmp_path_factory.mktemp("class")
    before = everything(ours.kit)
    for one in learners.values():  # the page starts by itself
        one.page.locator(".kit-labeller [role=option]").first.wait_for()
    for do in (label, choose, hand_in):
        for one in learners.values():
            do(one, folder)
    assert everything(ours.kit) == before
    return folder


def test_both_hand_in_and_get_the_marks_that_are_theirs(handed_in, tmp_path):
    names = {path.name for path in handed_in.iterdir()}
    assert names == {f"{file_stem(name)}-{ARTICLE.id}.json" for name in ("Ana", "Ben")}
    asked = assignments.write(Assignment("one", "One", ARTICLE.id, (LESSON,)), tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "desk", "collect", str(handed_in)]
        + ["--assignment", str(asked), "--out", str(tmp_path / "out")],
        cwd=REPO,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with (tmp_path / "out" / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["signed"]: row for row in csv.DictReader(file)}
    columns = ["0.1 first", "0.1 best", "0.1 tries", "0.2 best"]
    marks = {name: [float(row[column]) for column in columns] for name, row in rows.items()}
    assert marks == {"Ana": [1, 1, 1, 1], "Ben": [0, 1, 2, 0]}


def test_each_has_a_file_of_their_own_and_neither_is_in_the_others(ours, learners, handed_in):
    for name, one in learners.items():
        work = one.work()
        assert work["student"] == name.title()
        file = handed_in / f"{file_stem(name.title())}-{ARTICLE.id}.json"
        assert json.loads(file.read_bytes()) == work
        files = {path.name for path in one.server.work.rglob("*.json")}
        assert files == {"student.json", "student.bak.json"}
    firsts = {name: one.answers()["0.1"]["first"]["verdict"] for name, one in learners.items()}
    assert firsts == {"ana": "yes", "ben": "not yet"}


def test_nobody_gets_at_the_others_server(ours, learners, handed_in):
    work = f"files/reading-diplomatic-news/work/{ARTICLE.id}/student.json"
    for me, other in (("ana", "ben"), ("ben", "ana")):
        request = learners[me].context.request
        assert request.get(ours.desk(me).base + work).status == 200
        page = learners[me].context.new_page()
        for path in (work, "lab", "api/contents", "api/kernels"):
            refused = page.goto(ours.desk(other).base + path)
            assert refused.status in (403, 404), path
            assert other.title() not in page.content(), path
        page.close()


def test_nobody_without_an_account_gets_in(ours, learners, browser):
    page = browser.new_context().new_page()
    page.goto(ours.desk("ana").base + "lab")
    assert "/hub/login" in page.url
    page.get_by_label("Username").fill("eve")
    page.get_by_label("Password").fill(ours.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text(re.compile("Invalid username or password|Sorry, you are not")).wait_for()
    page.context.close()


def test_a_kernel_cannot_write_where_the_kit_lies(ours, learners):
    code = (
        "from pathlib import Path\nimport kit\n"
        "for path in (Path(kit.__file__), Path(kit.__file__).parent / 'new'):\n"
        "    try: path.open('a').close()\n"
        "    except OSError as problem: print(type(problem).__name__, path)\n"
    )
    desk = ours.desk("ana")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, desk.root / "refused.ipynb")
    there = len(kernels_of(desk.api))
    page = learners["ana"].context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(
        f"{desk.base}lab/workspaces/refused/tree/{desk.root.parent.name}/notebooks/refused.ipynb"
    )
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    wait_until(lambda: len(kernels_of(desk.api)) == there + 1, 60)
    desk.wait_for_kernel()
    page.get_by_role("menuitem", name="Run").first.click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells$")).click()
    shown = page.locator(".jp-OutputArea-output")
    shown.get_by_text(re.compile("kit/new")).first.wait_for()
    assert shown.inner_text().split() == [
        "PermissionError", str(ours.kit / "kit" / "__init__.py"),
        "PermissionError", str(ours.kit / "kit" / "new"),
    ]  # fmt: skip
    page.close()


def test_a_stopped_server_starts_again_with_the_labels(ours, learners, handed_in):
    ana = learners["ana"]
    before = ana.work()
    (ana.server.root / "01-what-am-i-reading.ipynb").unlink()
    mine = ana.server.root / "02-structure.ipynb"
    mine.write_text(mine.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = mine.read_bytes()
    page = ana.page
    page.goto(f"{ours.address}hub/home")
    page.get_by_role("button", name="Stop My Server").click()
    wait_until(lambda: not ana.server.servers(), 30)
    assert learners["ben"].server.servers()
    assert ana.work() == before
    page.get_by_role("button", name="Start My Server").click()
    ana.arrive()
    ana.run_all()
    page.get_by_text(re.compile("Welcome back: 1 label and 3 answers found")).wait_for()
    ana.labeller.get_by_text("1 of 1 labelled").first.wait_for()
    ana.labeller.locator("[data-unit=P6]").click()
    ana.labeller.get_by_role("button", name=re.compile("Nut graf")).first.click()
    wait_until(lambda: ana.codes() == {"P6": ["nut-graf"]})
    # A page that was thrown away is there again, and one that was changed is as it was left.
    assert (ana.server.root / "01-what-am-i-reading.ipynb").read_bytes() == (
        REPO / "notebooks" / "01-what-am-i-reading.ipynb"
    ).read_bytes()
    assert mine.read_bytes() == changed


MINE = "What only Cy has written."


def test_two_people_with_one_browser_never_meet_each_others_work(ours, browser):
    """What Cy labelled and wrote while nothing was listening waits in the browser. Dee logs in
    there, on the same address, for the same page, with a file of the same name."""
    one = Learner(ours, browser, "cy")
    waits = ".kit-labeller [role=option]"
    one.page.locator(waits).first.wait_for()
    one.labeller.locator("[data-unit=P6]").click()
    one.labeller.get_by_role("button", name=re.compile("Lede")).first.click()
    wait_until(lambda: (one.server.work / ARTICLE.id / "student.json").exists())
    one.saved()
    deaf = one.kernel()
    deaf.suspend()
    one.labeller.locator("[data-unit=P6]").click()
    one.labeller.get_by_role("button", name=re.compile("Body")).first.click()
    one.press("n")
    one.page.keyboard.type(MINE)
    one.press("Enter")
    one.labeller.get_by_text(re.compile("NOT SAVED")).first.wait_for()
    kept = "Object.entries(localStorage).filter(([name]) => name.startsWith('kit:')).join()"
    assert MINE in one.page.evaluate(kept)
    cy = one.server
    one.make_room_for("dee")
    one.page.locator(waits).first.wait_for()
    one.labeller.locator("[data-unit=P6]").click()
    # It is there in the browser, and nothing of it is in the page or in Dee's file.
    assert MINE in one.page.evaluate(kept)
    assert one.page.get_by_text(MINE).count() == 0
    assert not (one.server.work / ARTICLE.id / "student.json").exists()
    one.labeller.get_by_text(re.compile("0 of 1 labelled")).first.wait_for()
    one.labeller.get_by_role("button", name=re.compile("Kicker")).first.click()
    wait_until(lambda: (one.server.work / ARTICLE.id / "student.json").exists())
    assert one.codes() == {"P6": ["kicker"]} and MINE not in json.dumps(one.work())
    # Cy comes back, finds all of it, and nothing of Dee's.
    deaf.resume()
    one.make_room_for("cy")
    one.page.locator(waits).first.wait_for()
    wait_until(lambda: MINE in json.dumps(one.work()))
    assert one.codes() == {"P6": ["body"]}
    works = [path.read_bytes() for path in (cy.work, ours.desk("dee").work)
             for path in path.rglob("student.json")]  # fmt: skip
    assert len(works) == len(set(works)) == 2
    assert MINE not in json.dumps(json.loads(works[1])) and b"kicker" not in works[0]
    one.context.close()
    assert one.errors == []


def test_where_it_is_not_installed_it_is_said_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(run.serving, "__defaults__", (tmp_path,))
    with pytest.raises(HubError, match="run `python run.py test` once, which does it"):
        hub().__enter__()


# -- what docs/hosting.md promises -----------------------------------------------------------------

HOSTING = REPO / "docs" / "hosting"
PAGE = (REPO / "docs" / "hosting.md").read_text(encoding="utf-8")
VALUES = yaml.safe_load((HOSTING / "zero-to-jupyterhub.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (HOSTING / "Dockerfile").read_text(encoding="utf-8")


def table(head: str) -> dict[str, list[str]]:
    """A table of the page as its rows, by their first cell."""
    lines = PAGE[PAGE.index(f"| {head} |") :].split("\n\n")[0].splitlines()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]
    return {row[0]: row[1:] for row in rows}


def test_every_block_of_the_page_can_be_used():
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert PAGE.count("```") == 2 * len(blocks)
    python = [text for language, text in blocks if language == "python"]
    assert len(python) == 2
    for text in python:
        compile(text, "docs/hosting.md", "exec")
    (build,) = (text.strip() for _, text in blocks if text.startswith("docker"))
    assert build in DOCKERFILE
    (address,) = (text.strip() for _, text in blocks if "urlpath" in text)
    first = address.partition("urlpath=lab/tree/")[2]
    assert (REPO / first).is_file()
    # Binder installs the kit from its folder, or `from kit import lesson` would find nothing.
    conda = yaml.safe_load((REPO / "environment.yml").read_text(encoding="utf-8"))
    assert conda["dependencies"][-1] == {"pip": ["-e ."]}
    for name in re.findall(r"docs/hosting/[\w.-]+\w", PAGE):
        assert (REPO / name).is_file(), name
    for target in re.findall(r"\]\(([\w./-]+)\)", PAGE):
        assert (REPO / "docs" / target).is_file(), target


def test_the_configurations_say_the_same_and_the_page_says_why():
    config = PyFileConfigLoader("jupyterhub_config.py", str(HOSTING)).load_config()
    spawner, student = config["Spawner"], VALUES["singleuser"]
    assert student["memory"] == {"guarantee": spawner.mem_guarantee, "limit": spawner.mem_limit}
    assert student["cpu"]["limit"] == spawner.cpu_limit
    assert student["defaultUrl"] == spawner.default_url
    assert spawner.default_url.startswith("/lab/tree/reading-diplomatic-news/notebooks/")
    assert (REPO / "notebooks" / spawner.default_url.rpartition("/")[2]).is_file()
    told = table("what | to | why")
    memory, cpu = student["memory"], student["cpu"]
    said = f"{memory['guarantee']} guaranteed, at most {memory['limit']}"
    assert told["singleuser.memory"][0] == said
    assert told["singleuser.cpu"][0] == f"{cpu['guarantee']} guaranteed, at most {cpu['limit']}"
    assert told["singleuser.storage.capacity"][0] == student["storage"]["capacity"]
    assert told["cull.timeout"][0] == f"{VALUES['cull']['timeout']} seconds"
    assert f"--timeout={VALUES['cull']['timeout']}" in PAGE
    assert f"limits.memory {memory['limit']}" in PAGE
    # Work is kept on the student's volume, which is their home.
    home = student["storage"]["homeMountPath"]
    assert student["extraEnv"]["KIT_WORK"] == f"{home}/reading-diplomatic-news/work"
    assert f"--home-dir {home} " in DOCKERFILE and f"HOME={home} " in DOCKERFILE
    pins = (REPO / "requirements-serving.lock").read_text(encoding="utf-8")
    (version,) = re.findall(r"^jupyterhub==([\d.]+)", pins, re.MULTILINE)
    assert f"ARG JUPYTERHUB={version}\n" in DOCKERFILE


def into_the_image(path: str) -> bool:
    """Return whether Docker takes a file along: the last line that matches it, or a folder it is
    in, decides."""
    taken = True
    for line in (HOSTING / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        if not line or line.startswith("#"):
            continue
        one = re.escape(pattern).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
        if re.fullmatch(f"{one}(/.*)?", path):
            taken = line.startswith("!")
    return taken


def test_the_image_has_what_students_need_and_nothing_of_a_class():
    files = [
        path.relative_to(REPO).as_posix()
        for name in ("kit", "datasets", "notebooks", "docs/hosting", "tests")
        for path in (REPO / name).rglob("*")
        if path.is_file()
    ]
    there = {path for path in files if into_the_image(path)}
    needed = {
        path
        for path in files
        if not path.startswith("tests/") and not set(path.split("/")) & set(LEFT_OUT)
    }
    assert there == needed and len(there) > 200
    for path in ("run.py", "pyproject.toml", "requirements.lock", "README.md", "LICENSE"):
        assert into_the_image(path) and (REPO / path).is_file()
    for path in ("OUT/marks.csv", "marks.csv", "work/x/ana.json", "COURSE/gradebook.db", ".git/x"):
        assert not into_the_image(path)
    for path in (
        "week-3/datasets/x.toml",
        "site/index.html",
        ".venv/bin/python",
        "kit/__pycache__/x",
    ):
        assert not into_the_image(path)


def test_the_numbers_on_the_page_follow_from_what_was_measured():
    processes = table("process, after lesson 00 | PSS, MB | USS, MB")
    lessons = table(
        "lesson | kernel PSS, MB | kernel USS, MB | Run All, s of processor | once more"
    )
    assert list(lessons) == sorted(path.stem for path in (REPO / "notebooks").glob("[0-9]*.ipynb"))
    sums = re.findall(r"(\d+) × (\d+) MB = ([\d.]+) GB", PAGE)
    assert len(sums) == 5
    for students, each, together in sums:
        assert int(students) * int(each) / 1000 == float(together)
    (one, two) = map(int, re.search(r"(\d+) MB with one lesson\s+open, (\d+)", PAGE).groups())
    server, kernel = map(int, re.search(r"Take (\d+) MB .* and (\d+) MB", PAGE).groups())
    assert (one, two) == (server + kernel, server + 2 * kernel)
    assert {int(each) for _, each, _ in sums} == {one, two, 256}
    assert abs(server - int(processes["a student’s server"][0])) <= 5
    heaviest = max(int(row[0]) for row in lessons.values())
    assert heaviest - 25 <= kernel <= heaviest
    limit = {"256M": 256, "1G": 1024}
    memory = VALUES["singleuser"]["memory"]
    assert one <= limit[memory["guarantee"]]
    everything_open = int(re.search(r"a server and eight kernels: (\d+) MB", PAGE)[1])
    assert two < everything_open < limit[memory["limit"]]
