"""The notebooks as they are handed out, and the proof that a broken one is noticed.

nbval runs every cell against its stored output; what nbval lets pass is caught here: outputs
that were stripped, cells run out of order, stored widgets, headings out of order, pictures
without an alternative, code without a word before it.

A number in the prose that the article decides is followed by the name of its fact in a comment that
no page shows, ``43<!-- blocks -->``; here the two are held against each other.
"""

import copy
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from desk.base.notebook_cells import keep_original
from desk.handout.notebooks import for_students
from kit import exercises
from kit.exercises.kinds.number import parse_number
from kit.library import datasets, facts, originals
from tests.speech import speech_as_fact
from tests.store_minutes import minutes_of, said_of
from tests.store_outputs import LIVE, NOTEBOOKS, ROOT

BROKEN = ROOT / "tests" / "data" / "broken.ipynb"
ARTICLE = datasets.load_article("blinken-beijing-2023")


def load(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what is wrong with a notebook as it is stored, in words."""
    checks = (_outputs, _words, _numbers, _pictures, _rights, _speech)
    return [problem for check in checks for problem in check(notebook)]


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


FACT = re.compile(r"([\w.,%]+)<!-- ([\w-]+) -->")
# Numbers that are not about the article: paragraphs, exercises and lessons, days and years,
# lists and keys, minutes and whatever else stands in the card or in code.
OTHER_NUMBERS = re.compile(
    r"`[^`]*`|\bP\d+|\b\d\.\d\b|\]\([^)]*\)|\blesson \d\d\b|\[\d\d ·|# \d\d ·|\b(?:19|20)\d\d\b"
    r"|\b\d{1,2} (?:June|May|November)\b|CC BY 4\.0|BSD 3|^\d+\. |\b400 to 900 words",
    re.MULTILINE,
)


def _numbers(notebook):
    """Numbers in the prose are facts, and those facts."""
    known = facts.load(ARTICLE.id)
    for cell in notebook.cells[1:]:
        if cell.cell_type != "markdown":
            continue
        prose = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
        for number, name in FACT.findall(prose):
            try:
                right = known[name]
            except KeyError:
                yield f"{cell.id}: there is no fact “{name}”"
                continue
            if parse_number(number) != parse_number(right.shown):
                yield f"{cell.id}: {number} stands for {name}, which is {right.shown}"
        for number in re.findall(r"\d+", OTHER_NUMBERS.sub("", FACT.sub("", prose))):
            yield f"{cell.id}: where does the number {number} come from? Name its fact"


def _speech(notebook):
    """Nothing inside the article's quotation marks is given as what somebody said."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for sentence in speech_as_fact(cell.source):
                yield f"{cell.id}: gives altered words as speech: {sentence}"


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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_for_a_mark_its_words_and_numbers_hold_as_well(path):
    made = json.dumps(for_students(path.stem, graded=True))
    notebook = nbformat.reads(made, as_version=4)
    assert [*_words(notebook), *_numbers(notebook)] == []


def test_the_notebooks_are_there():
    assert [path.stem for path in NOTEBOOKS] == [
        "00-start-here",
        "01-what-am-i-reading",
        "02-structure",
        "03-who-speaks",
        "04-expectations",
        "05-whose-agenda",
        "06-leave-the-page",
        "07-your-own-article",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_first_thing_to_do_is_near(path):
    """Few words stand between the opening of a lesson and the first thing to do."""
    cells = load(path).cells
    to_do = re.compile(r"today\.(label|task|my_text)\(")
    at = next(n for n, cell in enumerate(cells) if to_do.search(cell.source))
    read = "".join(
        cell.source if cell.cell_type == "markdown" else cell.outputs[0].data["text/html"]
        for cell in cells[:at]
    )
    # What only a Jupyter without the extension shows, what is folded away, and marks.
    away = r'(?s)<div class="kit-without">.*?</div>|</summary>.*?</details>|<[^>]*>'
    assert len(re.findall(r"\w[\w’./-]*", re.sub(away, " ", read))) <= 150


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_ends_with_what_it_was_for(path):
    notebook = load(path)
    words, end, footer = notebook.cells[-3:]
    assert words.source.startswith("## What you take along\n")
    assert 2 <= len(re.findall(r"[.:?](?=\s|$)", words.source)) <= 4
    assert end.source.startswith("today.end(")
    assert "kit-next" in end.outputs[0].data["text/html"]
    assert "CC BY" in footer.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_original_of_a_lesson_is_what_its_notebook_is(path, tmp_path):
    """Else `python run.py notebooks` has to keep it anew."""
    keep_original(path.stem, json.loads(path.read_text(encoding="utf-8")), tmp_path)
    kept = originals.FOLDER / f"{path.stem}.ipynb"
    assert kept.read_bytes() == (tmp_path / kept.relative_to(datasets.root())).read_bytes()
    bare = originals.original(path.stem)
    assert [cell.source for cell in load(path).cells] == [
        "".join(cell["source"]) for cell in bare["cells"]
    ]
    assert not any(cell.get("outputs") for cell in bare["cells"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_exercise_is_asked_once_and_in_order(path):
    source = "\n".join(cell.source for cell in _code(load(path)))
    asked = re.findall(r'today\.task\("([^"]+)"\)', source)
    there = [exercise.id for exercise in exercises.load(path.stem)]
    assert sorted(asked) == sorted(there)
    assert 3 <= len(there) <= 8  # 02 to 06 end with one that is done alone


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_card_tells_the_time_that_page_and_exercises_take(path):
    """Reading included; no sitting is over an hour; and what is left out is there."""
    card = load(path).cells[0].source
    said, short = re.search(r"\*\*Minutes\.\*\* ([\d and]+); short of time, (\d+): ", card).groups()
    takes = minutes_of(path.stem)
    assert said == said_of(takes), "Run: python -m tests.store_minutes"
    assert max(takes) <= 60 and int(short) < sum(takes)
    asked = exercises.load(path.stem)
    ids = {exercise.id for exercise in asked}
    assert set(re.findall(r"\b\d\.\d\b", card)) <= ids


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_an_exercise_named_in_the_prose_is_there(path):
    known = {e.id for other in NOTEBOOKS for e in exercises.load(other.stem)}
    prose = "\n".join(
        re.sub(r"`[^`]*`|CC BY 4\.0", "", cell.source)
        for cell in load(path).cells
        if cell.cell_type == "markdown"
    )
    assert set(re.findall(r"\b[0-7]\.\d\b", prose)) <= known


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_code_for_the_curious_runs(path):
    """And shows something."""
    blocks = [
        block
        for cell in load(path).cells
        for block in re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL)
    ]
    assert blocks or path.stem == "00-start-here"
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block], cwd=ROOT, text=True, capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()


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


def _wrong_number(notebook, _cell):
    notebook.cells[-1].source += "\n44<!-- blocks --> lines"


def _unknown_fact(notebook, _cell):
    notebook.cells[-1].source += "\n43<!-- blokcs --> lines"


def _bare_number(notebook, _cell):
    notebook.cells[-1].source += "\nThere are 43 lines."


def _quoted(notebook, _cell):
    quoted = ARTICLE.block("P10").text.split("“")[1].split("”")[0]
    notebook.cells[-1].source += f"\nBlinken said: “{quoted}”"


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
        (_wrong_number, "44 stands for blocks, which is 43"),
        (_unknown_fact, "no fact “blokcs”"),
        (_bare_number, "the number 43"),
        (_quoted, "altered words as speech"),
    ],
)
def test_each_kind_of_damage_is_noticed(how, words):
    assert any(words in problem for problem in damage(how))


def nbval(folder: Path, *paths: Path) -> subprocess.CompletedProcess:
    """Run notebooks under the project's own nbval settings, in a process of its own."""
    return subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-c",
            str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), *map(str, paths),
        ],
        cwd=ROOT, env={**os.environ, "KIT_WORK": str(folder)}, text=True,
        capture_output=True, timeout=600,
    )  # fmt: skip


def test_a_broken_notebook_fails(tmp_path):
    """``broken.ipynb`` says in each cell what is wrong with it."""
    done = nbval(tmp_path, BROKEN)
    cells = len(_code(load(BROKEN)))
    assert done.returncode == 1, done.stdout
    assert f"{cells} failed" in done.stdout, done.stdout


def test_a_changed_number_or_word_in_a_stored_output_fails(tmp_path):
    """Every number stored for a chart and every finding counts: change one, and nbval is red."""
    changed = 0
    for path in NOTEBOOKS:
        notebook = load(path)
        for cell in _code(notebook):
            for output in cell.outputs:
                text = output.data["text/plain"]
                digit = re.search(r"\d(?!.*\d)", text, re.DOTALL)
                assert digit or "kit-chart" not in output.data.get("text/html", ""), cell.id
                if digit:
                    other = str((int(digit.group()) + 1) % 10)
                    output.data["text/plain"] = text[: digit.start()] + other + text[digit.end() :]
                else:
                    output.data["text/plain"] = text + " and more"
                changed += 1
        nbformat.write(notebook, tmp_path / path.name)
    done = nbval(tmp_path, *(tmp_path / path.name for path in NOTEBOOKS))
    assert done.returncode == 1, done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"{changed} failed in "), done.stdout
