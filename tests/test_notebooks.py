"""The notebooks as they are handed out, and the proof that a broken one is noticed.

nbval runs every cell against its stored output; what nbval lets pass is caught here: outputs
that were stripped, cells run out of order, stored widgets, headings out of order, pictures
without an alternative, code without a word before it.
"""

import copy
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from kit import datasets
from tests.store_outputs import LIVE, NOTEBOOKS, ROOT

BROKEN = ROOT / "tests" / "data" / "broken.ipynb"
ARTICLE = datasets.load_article("blinken-beijing-2023")


def load(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what is wrong with a notebook as it is stored, in words."""
    return [*_outputs(notebook), *_words(notebook), *_pictures(notebook), *_rights(notebook)]


def _code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _outputs(notebook):
    if "widgets" in notebook.metadata:
        yield "stored widget state"
    for count, cell in enumerate(_code(notebook), start=1):
        if re.search(r"NBVAL_|raises-exception|skip-execution", f"{cell.source} {cell.metadata}"):
            yield f"{cell.id}: asks the checks to look away"
        if cell.execution_count != count:
            yield f"{cell.id}: run as number {cell.execution_count}, stands as number {count}"
        if not cell.outputs:
            yield f"{cell.id}: no stored output"
        if not cell.metadata.get("jupyter", {}).get("source_hidden"):
            yield f"{cell.id}: the code is not folded away"
        if len(cell.source.splitlines()) > 2:
            yield f"{cell.id}: more than two lines of code"
        if re.search(r"import \*|globals\(|^\s*[!%]|https?:", cell.source, re.MULTILINE):
            yield f"{cell.id}: code that does not belong in a lesson"
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"{cell.id}: a stored error, {output.ename}"
            elif output.output_type == "stream":
                yield f"{cell.id}: printed to {output.name}"
            elif LIVE in output.data:
                yield f"{cell.id}: a stored widget"


def _words(notebook):
    levels = []
    for cell, after in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
        if cell.cell_type == "code" and after is not None and after.cell_type == "code":
            yield f"{after.id}: no words before the code"
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if match := re.match(r"(#+) ", line):
                    levels.append(len(match.group(1)))
    if notebook.cells[0].cell_type != "markdown":
        yield "begins with code"
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"{levels.count(1)} main headings"
    if any(deeper > level + 1 for level, deeper in zip(levels, levels[1:], strict=False)):
        yield f"a heading level is skipped: {levels}"
    first, last = notebook.cells[0].source, notebook.cells[-1].source
    for wanted in ("**Aim.**", "**Minutes.**", "**You need**", "you can"):
        if wanted not in first:
            yield f"the card lacks {wanted}"
    if "CC BY" not in last or "](" not in last:
        yield "the footer lacks a licence or a link"
    if not any("## What this cannot show" in cell.source for cell in notebook.cells):
        yield "no limits of the measure"


class _Images(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.found.append(dict(attributes))


def _pictures(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if any(kind.startswith("image/") for kind in data):
                yield f"{cell.id}: a picture without a text alternative"
            parser = _Images()
            parser.feed(data.get("text/html", ""))
            for image in parser.found:
                if len(image.get("alt") or "") < 20:
                    yield f"{cell.id}: a picture without a text alternative"
                if not image.get("src", "").startswith("data:"):
                    yield f"{cell.id}: a picture from elsewhere"
        if cell.cell_type == "markdown":
            if re.search(r"!\[\s*\]\(", cell.source) or "<img" in cell.source:
                yield f"{cell.id}: a picture without a text alternative"
            for target in re.findall(r"\]\(([^)#]+)", cell.source):
                if not target.startswith("http") and not (ROOT / "notebooks" / target).exists():
                    yield f"{cell.id}: a link to {target}, which is not there"


def _rights(notebook):
    """The article has one place, its data file; and no folder of a machine is stored."""
    stored = str(notebook)
    for block in ARTICLE.blocks:
        if len(block.words) > 12 and block.text in stored:
            yield f"{block.id} of the article is stored"
    if match := re.search(r"/(?:home|Users|tmp|root|work)/\w+", stored):
        yield f"a folder of somebody's machine is stored: {match.group()}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_fit_to_hand_out(path):
    assert problems(load(path)) == []


def test_the_notebooks_are_there():
    assert {"00-start-here", "02-structure"} <= {path.stem for path in NOTEBOOKS}


def damage(how):
    """A sound notebook, damaged."""
    notebook = copy.deepcopy(load(NOTEBOOKS[0]))
    how(notebook, _code(notebook)[-1])
    return problems(notebook)


def _strip(_notebook, cell):
    cell.outputs = []


def _fail(_notebook, cell):
    cell.outputs = [nbformat.v4.new_output("error", ename="KeyError", evalue="", traceback=[])]


def _widget(_notebook, cell):
    cell.outputs[0].data[LIVE] = {}


def _order(_notebook, cell):
    cell.execution_count = 1


def _state(notebook, _cell):
    notebook.metadata["widgets"] = {}


def _headings(notebook, _cell):
    notebook.cells[-1].source += "\n# Another title\n"


def _jump(notebook, _cell):
    notebook.cells[-1].source += "\n#### Deep down\n"


def _bare_picture(_notebook, cell):
    cell.outputs[0].data["text/html"] = '<img src="data:image/png;base64,AA==">'


def _text(_notebook, cell):
    cell.outputs[0].data["text/plain"] = ARTICLE.block("P10").text


def _wordless(notebook, cell):
    notebook.cells.insert(notebook.cells.index(cell), copy.deepcopy(cell))


def _look_away(_notebook, cell):
    cell.metadata["tags"] = ["raises-exception"]


def _link(notebook, _cell):
    notebook.cells[-1].source += "\n[gone](99-gone.ipynb)"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (_strip, "no stored output"),
        (_fail, "a stored error"),
        (_widget, "a stored widget"),
        (_order, "run as number 1"),
        (_state, "stored widget state"),
        (_headings, "2 main headings"),
        (_jump, "level is skipped"),
        (_bare_picture, "without a text alternative"),
        (_text, "P10 of the article is stored"),
        (_wordless, "no words before"),
        (_link, "99-gone"),
        (_look_away, "look away"),
    ],
)
def test_each_kind_of_damage_is_noticed(how, words):
    assert any(words in problem for problem in damage(how))


def nbval(path: Path, tmp_path: Path) -> subprocess.CompletedProcess:
    """Run one notebook under the project's own nbval settings, in a process of its own."""
    return subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-c",
            str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(path),
        ],
        cwd=ROOT, env={**os.environ, "KIT_WORK": str(tmp_path)}, text=True,
        capture_output=True, timeout=180,
    )  # fmt: skip


def test_a_broken_notebook_fails(tmp_path):
    """``broken.ipynb`` says in each cell what is wrong with it."""
    done = nbval(BROKEN, tmp_path)
    cells = len(_code(load(BROKEN)))
    assert done.returncode == 1, done.stdout
    assert f"{cells} failed" in done.stdout, done.stdout


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_changed_number_or_word_in_a_stored_output_fails(path, tmp_path):
    """Every number stored for a chart and every finding counts: change one, and nbval is red."""
    notebook = load(path)
    changed = 0
    for cell in _code(notebook):
        for output in cell.outputs:
            text = output.data["text/plain"]
            digit = re.search(r"\d(?!.*\d)", text, re.DOTALL)
            assert digit or "today" not in cell.source or "work" in text.lower(), cell.id
            if digit:
                other = str((int(digit.group()) + 1) % 10)
                output.data["text/plain"] = text[: digit.start()] + other + text[digit.end() :]
            else:
                output.data["text/plain"] = text + " and more"
            changed += 1
    copy_ = tmp_path / path.name
    nbformat.write(notebook, copy_)
    done = nbval(copy_, tmp_path)
    assert done.returncode == 1, done.stdout
    assert f"{changed} failed" in done.stdout, done.stdout
