"""The static site: what is on it, what is not, and that it needs nobody else's server."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

import run
from desk.base import teaching_notes
from desk.site import SiteError
from desk.site.in_browser import plain
from desk.site.pyodide import bundle, fetch
from desk.site.wheels import wheel
from kit.library import datasets
from kit.work import own_texts
from tests.browser import expect, wait_until
from tests.firefox import firefox
from tests.laboratory import ENDED, Visitor, served, watched
from tests.pyodide import pyodide

pytestmark = pytest.mark.browser

ROOT = datasets.root()
PYTHON = run.serving(ROOT).python
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
STUDIED = datasets.load_article("blinken-beijing-2023")
PRACTICE = datasets.load_article(own_texts.PRACTICE)
# How many words of the article lessons quote at a time, and from how many on it is a quotation;
# docs/site.md says so.
LONGEST_QUOTATION, QUOTATION = 10, 5
IN_WORDS = {5: "five", 10: "ten"}


def site(*options: object, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    assert PYTHON.exists(), "There is no .venv-serving: run `python run.py test`, which makes it."
    command = [PYTHON, "-m", "desk", "site", *map(str, options)]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", timeout=300)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The site as it is made without any option, and what the command said."""
    out = tmp_path_factory.mktemp("site") / "site"
    done = site("--out", out, "--pyodide", pyodide())
    assert done.returncode == 0, done.stderr
    return out, done.stdout


@pytest.fixture(scope="module")
def whole(made, tmp_path_factory):
    """The site with the article under study, made where one without it was."""
    out = tmp_path_factory.mktemp("whole") / "site"
    shutil.copytree(made[0], out)
    (out / "read" / "gone.html").write_text("of an earlier kit", encoding="utf-8")
    (out / "CNAME").write_text("example.org", encoding="utf-8")
    done = site("--out", out, "--with-article", "--pyodide", pyodide())
    assert done.returncode == 0, done.stderr
    return out, done.stdout


class Links(HTMLParser):
    def __init__(self, path: Path):
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]


def published(folder: Path) -> dict[str, bytes]:
    """Every file of a site, also those inside its wheels."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found[name] = path.read_bytes()
            if path.suffix == ".whl":
                with zipfile.ZipFile(path) as file:
                    found |= {f"{name}/{n}": file.read(n) for n in file.namelist()}
    return found


def kits(files: dict[str, bytes]) -> dict[str, bytes]:
    """The kit's own files among those of a site."""
    own = re.compile(r"(index\.html|read/.*|lab/files/.*|lab/api/.*|.*/reading_diplomatic_news.*)")
    return {name: data for name, data in files.items() if own.fullmatch(name)}


def words(text: str) -> list[str]:
    plain = unescape(re.sub(r"<[^>]*>", " ", text))
    return re.sub(r"[^\w]+", " ", plain.lower()).split()


def quoted(pages: list[Path]) -> tuple[int, int]:
    """How many of the article's words pages quote in all, and at most in one run."""
    text, seen, longest = words(STUDIED.text), set(), 0
    starts: dict[tuple[str, ...], list[int]] = {}
    for i in range(len(text) - QUOTATION + 1):
        starts.setdefault(tuple(text[i : i + QUOTATION]), []).append(i)
    for page in pages:
        here = words(page.read_text(encoding="utf-8"))
        for j in range(len(here) - QUOTATION + 1):
            for i in starts.get(tuple(here[j : j + QUOTATION]), ()):
                size = QUOTATION
                while text[i + size : i + size + 1] == here[j + size : j + size + 1] != []:
                    size += 1
                seen.update(range(i, i + size))
                longest = max(longest, size)
    return len(seen), longest


def quoting(files: dict[str, bytes]) -> list[str]:
    """Files that have a longer run of the article's words than a quotation."""
    text = words(STUDIED.text)
    size = LONGEST_QUOTATION + 1
    runs = {tuple(text[i : i + size]) for i in range(len(text) - size + 1)}
    found = []
    for name, data in files.items():
        here = words(data.decode("utf-8", "replace"))
        if any(tuple(here[i : i + size]) in runs for i in range(len(here) - size + 1)):
            found.append(name)
    return found


# -- what is published -----------------------------------------------------------------------------


def test_by_default_the_article_is_not_published(made):
    out, said = made
    files = kits(published(out))
    assert quoting(files) == []
    assert not any(STUDIED.id in name for name in files)
    assert "does not hold the article" in said and "--with-article" in said
    labs = [path.stem for path in (out / "lab" / "files").glob("*.ipynb")]
    assert labs == ["07-your-own-article"]
    assert any(name.endswith(f"{PRACTICE.id}/article.txt") for name in files)


def test_the_instructions_say_how_much_of_the_article_can_be_read(made):
    out, _ = made
    total, longest = quoted([out / "index.html", *(out / "read").glob("*.html")])
    assert longest == LONGEST_QUOTATION
    told = " ".join((ROOT / "docs" / "site.md").read_text(encoding="utf-8").split())
    assert f"at most {IN_WORDS[longest]} words" in told
    assert (
        f"of {IN_WORDS[QUOTATION]} words or more, {total} words of {len(words(STUDIED.text)):,}"
        in told
    )


def test_with_the_article_every_lesson_can_be_done_and_the_command_warns(whole):
    out, said = whole
    files = kits(published(out))
    assert "read/article.html" in quoting(files)
    assert "ARTICLE UNDER STUDY" in said and "login" in said
    assert sorted(path.stem for path in (out / "lab" / "files").glob("*.ipynb")) == LESSONS
    made_of = next(out.glob("lab/static/pyodide/reading_diplomatic_news-*.whl"))
    with zipfile.ZipFile(made_of) as file:
        there = file.read(f"datasets/{STUDIED.id}/article.txt")
    assert there == (ROOT / "datasets" / STUDIED.id / "article.txt").read_bytes()


def test_a_site_is_small_and_lies_compressed_beside_itself(whole):
    out, _ = whole
    files = {path for path in out.rglob("*") if path.is_file()}
    compressed = {path for path in files if path.suffix == ".gz"}
    assert sum(path.stat().st_size for path in files - compressed) < 45e6
    assert out / "lab" / "static" / "pyodide" / "pyodide.asm.wasm.gz" in compressed
    for path in compressed:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


@pytest.mark.parametrize("which", ["made", "whole"])
def test_nothing_for_instructors_is_on_it(which, request):
    out, _ = request.getfixturevalue(which)
    files = kits(published(out))
    assert len(files) > 100
    secret = re.compile(
        r"teaching/|instructor|\bdesk/|benchmarks\.py|suggested\.json|(?<!/kit/)work/"
    )
    assert [name for name in files if secret.search(name)] == []
    # The first words of each expected answer, as instructors have them.
    notes = [note for lesson in LESSONS for note in teaching_notes.load(lesson)]
    answers = [note.expected.strip().partition("\n")[0][:60] for note in notes]
    answers = [answer for answer in answers if len(answer) > 40]
    assert len(answers) > 20
    everything = "\n".join(data.decode("utf-8", "replace") for data in files.values())
    assert [answer for answer in answers if answer in everything] == []


def test_the_wheels_are_whole(made):
    out, _ = made
    folder = out / "lab" / "static" / "pyodide"
    packages = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    asked = json.loads((out / "lab" / "jupyter-lite.json").read_text(encoding="utf-8"))
    (settings,) = asked["jupyter-config-data"]["litePluginSettings"].values()
    assert {*settings["loadPyodideOptions"]["packages"], "nltk"} <= set(packages)
    assert {path.name for path in folder.glob("*.whl")} == {
        about["file_name"] for about in packages.values()
    }
    for about in packages.values():
        data = (folder / about["file_name"]).read_bytes()
        assert about["sha256"] == hashlib.sha256(data).hexdigest()
        assert set(about["depends"]) <= set(packages)
    wheels = [path for path in folder.glob("*.whl") if not (pyodide() / path.name).exists()]
    assert any(path.name.startswith("reading_diplomatic_news") for path in wheels)
    for path in wheels:
        with zipfile.ZipFile(path) as file:
            # Every visit would compile what is there in source.
            assert not any(n.endswith((".so", ".pyd", ".py")) for n in file.namelist())


# -- the pages to read -----------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["made", "whole"])
def test_every_link_of_a_page_leads_somewhere(which, request):
    out, _ = request.getfixturevalue(which)
    pages = [out / "index.html", *(out / "read").glob("*.html")]
    assert {f"{name}.html" for name in LESSONS} <= {page.name for page in pages}
    for page in pages:
        found = Links(page)
        assert not {"script", "iframe", "object", "embed"} & set(found.tags)
        for link in found.links:
            address = urlsplit(link)
            if address.scheme in ("http", "https", "data"):
                continue
            target = (page.parent / unquote(address.path)) if address.path else page
            assert target.is_file(), f"{page.name}: {link}"
            notebook = re.fullmatch(r"path=([\w-]+\.ipynb)", address.query)
            if address.query:
                assert (out / "lab" / "files" / notebook[1]).is_file(), link
            if address.fragment:
                assert f'id="{address.fragment}"' in target.read_text(encoding="utf-8"), link


def test_a_lesson_keeps_its_words_its_charts_and_its_exercises(made):
    out, _ = made
    for name in LESSONS:
        notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        page = (out / "read" / f"{name}.html").read_text(encoding="utf-8")
        cells = {"".join(cell["source"]): cell for cell in notebook["cells"]}
        # On a page to read nobody has any work.
        cells = {
            source: cell
            for source, cell in cells.items()
            if not source.startswith(("## Take your work away", "today.my_work()"))
        }
        shown = "".join(
            "".join(output["data"]["text/html"])
            for cell in cells.values()
            for output in cell.get("outputs", ())
            if "text/html" in output.get("data", {})
        )
        for what in (
            "data:image/svg+xml",
            "<figcaption",
            "<section class='kit-task-static'",
            "<th scope",
        ):
            assert page.count(what) == shown.count(what), (name, what)
        heads = re.findall(r"^## (\w+)", "\n".join(cells), re.MULTILINE)
        assert page.count("<h2") == len(heads) and page.count("<h1") == 1
        codes = sum(cell["cell_type"] == "code" for cell in cells.values())
        assert page.count('<details class="code">') == codes
        assert not re.search("¶|Ready\\.|Take your work away|Exercises begun|lessons done", page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_fetched(whole, browser, scheme):
    out, _ = whole
    pages = [out / "index.html", *sorted((out / "read").glob("*.html"))]
    if scheme == "dark":  # its colours are the same on all; three pages have all that there is
        pages = [page for page in pages if page.stem in ("00-start-here", "article", "codebook")]
    with watched(browser, color_scheme=scheme) as (page, asked):
        for path in pages:
            page.goto(path.as_uri())
            found = Axe().run(page).response["violations"]
            told = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]
            assert told == [], path.name
            assert page.locator("main h1, h1").count() == 1
        assert asked == []


def test_pages_need_no_script_and_fit_a_narrow_window(made, browser):
    out, _ = made
    with watched(browser, java_script_enabled=False) as (page, asked):
        page.goto((out / "index.html").as_uri())
        page.get_by_role("link", name="Read the lessons").click()
        page.get_by_role("link", name="02 · How the story is built").click()
        assert page.get_by_role("heading", level=1).inner_text() == "02 · How the story is built"
        assert page.get_by_role("img").count() == 1  # other charts wait for labels
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        assert asked == []
    with watched(browser) as (page, _):
        page.set_viewport_size({"width": 320, "height": 256})
        for name in (*LESSONS, "codebook", "practice-article", "index"):
            page.goto((out / "read" / f"{name}.html").as_uri())
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 320, name
            pressed = page.locator("nav a, .quiet a, .note a, .code summary")
            sizes = pressed.evaluate_all(
                "(all) => all.map((e) => e.getBoundingClientRect()).map((r) => [r.width, r.height])"
            )
            assert sizes and min(min(size) for size in sizes) >= 24, (name, sizes)
            assert not re.search(
                "Run All|in Jupyter|page starts by itself", page.locator("main").inner_text()
            ), name


def test_on_a_phone_the_codebook_says_what_is_a_test_and_what_an_example(made, browser):
    out, _ = made
    before = "(cell) => getComputedStyle(cell, '::before').content"
    with watched(browser) as (page, _):
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto((out / "read" / "codebook.html").as_uri())
        row = page.get_by_role("rowheader", name="Headline").locator("xpath=..")
        heads = row.locator("td").evaluate_all(f"(cells) => cells.map({before})")
        assert heads == ["none", '"Test: "', '"Example: "', '"But not: "']
        tops = row.locator("th, td").evaluate_all("(all) => all.map((e) => e.offsetTop)")
        assert tops == sorted(set(tops))  # one below the other
        choice = page.get_by_role("rowheader", name="Cooperation").first.locator("xpath=..")
        assert choice.locator("td").evaluate_all(f"(cells) => cells.map({before})") == ["none"]
        assert page.locator("td:empty:visible").count() == 0
        page.get_by_role("link", name="Front page").click()
        page.get_by_role("link", name="Read the lessons").wait_for()
        page.set_viewport_size({"width": 1280, "height": 800})
        page.go_back()
        heads = row.locator("td").evaluate_all(f"(cells) => cells.map({before})")
        assert heads == ["none"] * 4  # the table has them


# -- the laboratory --------------------------------------------------------------------------------


def test_a_lesson_is_done_with_the_network_cut(whole, browser):
    out, _ = whole
    with served(out) as server, watched(browser, accept_downloads=True) as (page, asked):
        ana = Visitor(page, server.address)
        ana.open("00-start-here")
        expect(page.locator(".jp-NotebookPanel")).to_have_count(1)
        expect(page.locator(".kit-beside [data-unit]")).to_have_count(len(STUDIED.blocks))
        page.get_by_text("A chart of what each paragraph is").first.wait_for(state="attached")
        ana.label("kicked off talks", "5")
        page.locator("figure.kit-chart img").first.wait_for(state="attached")
        task = page.locator(".kit-task").first
        task.get_by_role("button", name="Check my labels").click()
        task.get_by_text(re.compile("Not yet")).first.wait_for()
        page.reload()  # what the address says comes back, and the work with it
        ana.ran()
        page.get_by_text("1 of 1 labelled").first.wait_for()
        page.get_by_role("button", name="Restore this lesson").click()
        page.locator(".jp-Dialog").get_by_role("button", name="Restore this lesson").click()
        ana.ran()
        page.get_by_text("1 of 1 labelled").first.wait_for()
        page.get_by_label("Your name or pseudonym").fill("Ana")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download my work").click()
        taken = json.loads(Path(download.value.path()).read_bytes())
        assert [label["id"] for label in taken["labels"]] == ["P6"]
        # The next lesson takes the place of this one, with the Python that runs.
        page.locator("#kit-map").get_by_role("link", name="01 ·").click()
        ana.ran()
        page.locator(".jp-NotebookPanel").get_by_role("heading", name="01 ·", level=1).wait_for()
        expect(page.locator(".jp-NotebookPanel")).to_have_count(1)
        wait_until(lambda: ana.workers == 1)
        page.get_by_text("The commonest words of").first.wait_for(state="attached")
        # A link opens its lesson alone, whatever was open before.
        ana.open("04-expectations")
        expect(page.locator(".jp-NotebookPanel")).to_have_count(1)
        wait_until(lambda: ana.workers == 1)
        title = page.locator(".jp-NotebookPanel").get_by_role("heading", name="04 ·", level=1)
        expect(title).to_have_count(1)
        assert asked == []


def test_work_outlives_the_browser_and_meets_in_two_tabs_and_in_a_file(whole, browser, tmp_path):
    out, _ = whole
    words = "kicked off talks"
    with served(out) as server:
        tablet = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
        with watched(browser, tmp_path / "profile", **tablet) as (page, _):
            ana = Visitor(page, server.address)
            ana.open("00-start-here")
            ana.labeller.get_by_role("option").filter(has_text=words).first.tap()
            ana.labeller.get_by_role("button", name=re.compile("Body")).first.tap()
            ana.labeller.get_by_text(re.compile("^saved at")).wait_for()
            for width, height in ((390, 780), (320, 256)):
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_function(
                    """(width) => [...document.querySelectorAll(
                        ":is(.kit-labeller, .kit-task, .kit-panel) :is(button, input, textarea)"
                    )].every((node) => node.getBoundingClientRect().right <= width)""",
                    arg=width,
                )
        with watched(browser, tmp_path / "profile", accept_downloads=True) as (page, asked):
            ana = Visitor(page, server.address)
            ana.open("00-start-here")  # the browser was closed, and the label is there
            page.get_by_text("1 of 1 labelled").first.wait_for()
            # Two tabs label the same paragraph: nothing is lost, and somebody chooses.
            other = Visitor(page.context.new_page(), server.address)
            other.open("00-start-here")
            other.label(words, "2")
            ana.press(words, "3")
            ana.labeller.get_by_text(re.compile("two windows or machines differ")).wait_for()
            other.page.close()
            ana.labeller.get_by_role("button", name=re.compile("^Use")).click()
            ana.labeller.get_by_text(re.compile("^saved at")).wait_for()
            # A work file from another machine is dropped on the page.
            page.get_by_label("Your name or pseudonym").fill("Ana")
            taken = download_of(page)
            drop(page.locator(".kit-panel-file").last, "ana.json", taken)
            page.get_by_role("button", name="Open my work file").click()
            page.get_by_text("All that is in ana.json is here already.").wait_for()
            assert asked == []


def test_where_storage_is_cleared_or_full_work_is_saved_again_or_it_is_said(whole, browser):
    out, _ = whole
    words = "kicked off talks"
    with served(out) as server, watched(browser, accept_downloads=True) as (page, _):
        ana = Visitor(page, server.address)
        ana.open("00-start-here")
        ana.label(words, "5")
        page.get_by_label("Your name or pseudonym").fill("Ana")
        all_of_it = {"origin": server.address.rstrip("/"), "storageTypes": "all"}
        page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", all_of_it)
        assert labels_in(download_of(page)) == {"P6": ["body"]}  # what Python holds
        ana.label(words, "3")
        page.reload()
        ana.ran()
        page.get_by_text("1 of 1 labelled").first.wait_for()
        page.get_by_label("Your name or pseudonym").fill("Ana")
        page.evaluate(FULL)
        ana.press(words, "4")
        ana.labeller.get_by_text(re.compile("NOT SAVED – no answer yet")).wait_for()
        ana.labeller.get_by_text(re.compile("NOT SAVED – The disk is full")).wait_for()
        task = page.locator(".kit-task").filter(has=page.get_by_role("radio")).first
        task.get_by_role("radio").first.check()
        task.get_by_text(re.compile("NOT SAVED – The disk is full")).wait_for()
        assert labels_in(download_of(page)) == {"P6": ["lede"]}  # what was saved
        page.reload()  # the storage takes something again, and the browser has kept the rest
        ana.ran()
        ana.labeller.get_by_text("1 label made while nothing was listening").wait_for()
        assert labels_in(download_of(page)) == {"P6": ["nut-graf"]}


#: From now on this page's storage refuses, with the error that browsers have for one that is full.
FULL = """() => {
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
}"""


def labels_in(work: str) -> dict[str, list[str]]:
    return {label["id"]: label["codes"] for label in json.loads(work)["labels"]}


def test_in_firefox_lessons_run_by_themselves_and_keep_a_label(whole):
    out, _ = whole
    with served(out) as server, firefox() as fox:
        for lesson, unit, key, label in (
            ("00-start-here", "P6", "5", "Body"),
            ("02-structure", "P3", "1", "Main event"),
        ):
            option = f".kit-labeller [data-unit={unit}]"
            labelled = f"document.querySelector('{option}')?.ariaLabel.startsWith('{label}. ')"
            fox.open(f"{server.address}lab/lab/index.html?path={lesson}.ipynb")
            fox.wait_for(f"document.querySelector('{option}')")
            fox.wait_for(ENDED)
            assert fox.value("document.querySelectorAll('.kit-waiting').length") == 0
            assert not fox.value(labelled)
            fox.press(option, key)
            saved = f"document.querySelector('{option}').closest('.kit-labeller').innerText"
            fox.wait_for(f"/saved at/.test({saved})")
            fox.reload()
            fox.wait_for(labelled)
        assert fox.asked == []


def download_of(page) -> str:
    """What is downloaded as one's work."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my work").click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def drop(where, name: str, text: str) -> None:
    """Drop a file on a place of the page."""
    where.evaluate(
        """(node, [name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name, { type: "application/json" }));
            for (const type of ["dragover", "drop"]) {
                const more = { bubbles: true, cancelable: true, dataTransfer };
                node.dispatchEvent(new DragEvent(type, more));
            }
        }""",
        [name, text],
    )


# -- what can go wrong -----------------------------------------------------------------------------


def test_a_site_is_made_again(whole):
    out, _ = whole
    assert not (out / "read" / "gone.html").exists()
    assert (out / "read" / "index.html").exists() and (out / "lab" / "index.html").exists()
    assert (out / "CNAME").read_text(encoding="utf-8") == "example.org"
    assert [path for path in out.parent.iterdir() if path != out] == []


def test_a_foreign_folder_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("three years", encoding="utf-8")
    done = site("--out", tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert str(tmp_path) in done.stderr and "Name another folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def damaged(tmp_path: Path, name: str, damage) -> subprocess.CompletedProcess:
    """What the command says of a copy of the kit in which a notebook is damaged."""
    copy = tmp_path / "kit-copy"
    for part in ("kit", "desk", "datasets", "notebooks"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    path = copy / "notebooks" / name
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    done = site("--out", "out", cwd=copy)
    assert not (copy / "out").exists()
    assert done.stdout == ""
    return done


def error(text: str) -> str:
    notebook = json.loads(text)
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    fault = {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": []}
    cell["outputs"] = [fault]
    return json.dumps(notebook)


def script(text: str) -> str:
    notebook = json.loads(text)
    chart = "today.chart("  # what stands for a student's own work is not shown at all
    cell = next(cell for cell in notebook["cells"] if chart in "".join(cell["source"]))
    cell["outputs"][0]["data"]["text/html"] = "<p>a</p><script src='https://x.test/y.js'></script>"
    return json.dumps(notebook)


@pytest.mark.parametrize(
    "damage, said",
    [
        (lambda text: text[:2000], "cannot be read as a notebook"),
        (lambda text: text.replace('"cells"', '"sells"'), "cannot be read as a notebook"),
        (error, "shows an error (NameError)"),
        (script, "needs a script"),
    ],
    ids=["cut off", "no cells", "an error", "a script"],
)
def test_a_broken_notebook_stops_it_with_a_sentence(tmp_path, damage, said):
    done = damaged(tmp_path, "03-who-speaks.ipynb", damage)
    assert done.returncode == 1
    assert done.stderr.startswith("03-who-speaks.ipynb") and said in done.stderr
    assert done.stderr.count("\n") == 1


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:bz2") as file:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            file.addfile(member, io.BytesIO(data))
    return path


CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")


def lock(python: str) -> bytes:
    package = {"file_name": "numpy-1.whl", "depends": [], "sha256": "0" * 64}
    return json.dumps({"info": {"python": python}, "packages": {"numpy": package}}).encode()


@pytest.mark.parametrize(
    "files, said",
    [
        ({"pyodide/readme.txt": b"hello"}, "is not a Pyodide"),
        ({"pyodide/pyodide-lock.json": b"[1, 2]"}, "is not a Pyodide"),
        ({"pyodide/pyodide-lock.json": lock("3.9.1")}, "for Python 3.9.1"),
        ({"pyodide/pyodide-lock.json": lock("3.14.2")}, "lacks pyodide.mjs"),
        ({"../../outside.txt": b"x"}, "cannot be unpacked"),
        (
            {f"pyodide/{name}": b"x" for name in (*CORE, "numpy-1.whl")}
            | {"pyodide/pyodide-lock.json": lock("3.14.2")},
            "numpy-1.whl is not the file",
        ),
    ],
    ids=["something else", "no lock", "another Python", "half of it", "leads outside", "changed"],
)
def test_a_pyodide_that_cannot_be_used_is_refused(tmp_path, files, said):
    source = archive(tmp_path / "pyodide.tar.bz2", files)
    with pytest.raises(SiteError) as refused:
        bundle(source, tmp_path / "copy", ["numpy"], [], "3.14")
    assert said in str(refused.value) and str(source) in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["pyodide.tar.bz2"]


def distribution(packages: dict[str, list[str]]) -> dict[str, bytes]:
    """The files of a small Pyodide with packages and what they need."""
    x = hashlib.sha256(b"x").hexdigest()
    listed = {
        name: {"file_name": f"{name}-1-py3-none-any.whl", "depends": needs, "sha256": x}
        for name, needs in packages.items()
    }
    about = json.dumps({"info": {"python": "3.14.2"}, "packages": listed}).encode()
    files = dict.fromkeys([*CORE, *(one["file_name"] for one in listed.values())], b"x")
    return {**files, "pyodide-lock.json": about}


SMALL = {"Six": [], "prompt_toolkit": ["wcwidth"], "wcwidth": [], "scipy": ["numpy"], "own": []}


def test_of_a_pyodide_only_what_is_needed_is_copied(tmp_path):
    files = {f"pyodide/{name}": data for name, data in distribution(SMALL).items()}
    source = archive(tmp_path / "a.tar.bz2", files)
    asked = ["six>1", "own; extra == 'all'", "absent", "jedi; python_version < '3.14'"]
    made = wheel("own", "2", asked, {"own.py": b""}, tmp_path)
    bundle(source, tmp_path / "copy", ["prompt-toolkit", "six"], [made], "3.14")
    names = {"Six-1", "prompt_toolkit-1", "wcwidth-1", "own-2"}
    wheels = {path.name for path in (tmp_path / "copy").glob("*.whl")}
    assert wheels == {f"{name}-py3-none-any.whl" for name in names}
    listed = json.loads((tmp_path / "copy" / "pyodide-lock.json").read_text(encoding="utf-8"))
    assert {name: about["depends"] for name, about in listed["packages"].items()} == {
        "six": [],
        "prompt-toolkit": ["wcwidth"],
        "wcwidth": [],
        "own": ["six"],
    }
    with pytest.raises(SiteError, match="has no package absent"):
        bundle(source, tmp_path / "other", ["absent"], [], "3.14")


def test_a_pyodide_comes_from_the_web_file_by_file_and_once(tmp_path, capsys):
    there, kept = tmp_path / "there", tmp_path / "kept"
    there.mkdir()
    for name, data in distribution(SMALL).items():
        (there / name).write_bytes(data)
    (there / "wcwidth-1-py3-none-any.whl").unlink()
    with served(there) as server:
        address = server.address.rstrip("/")
        with pytest.raises(
            SiteError, match="wcwidth.* could not be fetched .*what has come is kept"
        ):
            fetch(address, kept, ["prompt-toolkit"])
        (there / "wcwidth-1-py3-none-any.whl").write_bytes(b"x")
        before = server.sent
        fetch(address, kept, ["prompt-toolkit"])
        assert server.sent == before + 1  # what had come came no second time
    assert "1 of 1" in capsys.readouterr().out.splitlines()[-1]
    fetch(address, kept, ["prompt-toolkit"])  # nobody is asked
    bundle(kept, tmp_path / "copy", ["prompt-toolkit"], [], "3.14")
    with pytest.raises(SiteError, match="could not be fetched"):
        fetch(address, tmp_path / "new", ["prompt-toolkit"])


def test_a_half_pyodide_stops_the_command_with_a_sentence(tmp_path):
    half = tmp_path / "half"
    half.mkdir()
    (half / "pyodide-lock.json").write_bytes(lock("3.14.2"))
    done = site("--out", tmp_path / "site", "--pyodide", half)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert str(half) in done.stderr and not (tmp_path / "site").exists()


class JsNull:
    """Named as Pyodide's."""


def test_messages_from_a_page_are_made_plain():
    sent = {"was": JsNull(), "now": {"codes": ["lede"], "sent": [JsNull(), 1, "", False]}}
    assert plain(sent) == {"was": None, "now": {"codes": ["lede"], "sent": [None, 1, "", False]}}


def test_without_the_tools_it_says_how_to_get_them(tmp_path):
    done = subprocess.run(
        [run.Environment(ROOT).python, "-m", "desk", "site", "--out", tmp_path / "site"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1 and "python run.py site" in done.stderr
    assert done.stderr.count("\n") == 1 and not (tmp_path / "site").exists()
