// Which pages may run by themselves, and which keys a lesson takes from a notebook.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isCommand } from "../../../../kit/extension/kit-lessons/static/keys.js";
import { beginOf } from "../../../../kit/extension/kit-lessons/static/course.js";
import { changesCells, lockCommands } from "../../../../kit/extension/kit-lessons/static/locked.js";
import { isOwn, isPage, lessonOf } from "../../../../kit/extension/kit-lessons/static/own.js";

const OPEN = 'from kit import lesson\ntoday = lesson("02-structure")';

test("calls of the kit with values written out are its own", () => {
  for (const line of [
    "today.read()",
    'today.label("position", only=["P6", "P7"])',
    'today.on("another-text").label("role", only=["P6"])',
    'today.label("position", only="P1 P2".split())',
    'today.chart("order of events", after="2.4")',
    "today.chart(\"x\", n=-3, of=None, live=True)",
  ])
    assert.ok(isOwn([OPEN, line]), line);
  assert.ok(isOwn(["from desk.pages import forms\nforms.add_article()", 'forms.label("role")']));
  assert.ok(isOwn(["from desk.pages.results import two_students\ntwo_students()"]));
  assert.ok(isOwn(["import kit_in_browser\nkit_in_browser.prepare()", OPEN, "%pip install -q nltk"]));
});

test("anything else is not", () => {
  for (const line of [
    "print(1)",
    "1 + 1",
    "today.read(); print(1)",
    "today.read(open('x'))",
    'today.read("\\x41")',
    "today.work.path.unlink()",
    "today = 3",
    "today.read()  # and so on",
    "!ls",
    "%run x.py",
    "%pip install -q something-else",
    "import os",
    "from kit import lesson as print",
    "from kit.work import own_texts",
    "exec(\"1\")",
    'forms.label("role")',
    "today.read(\n)",
    'today.label(f"{1}")',
  ])
    assert.ok(!isOwn([OPEN, line]), line);
  assert.ok(!isOwn(["today.read()", OPEN]), "before it is there");
  assert.ok(!isOwn(['today = lesson("02-structure")']), "what brings it is missing");
});

test("a page of the kit brings in the kit", () => {
  assert.ok(isPage(["1", OPEN]));
  assert.ok(isPage(["today.read()"]), "what brings it is lost");
  assert.ok(isPage(["from desk.pages import forms"]));
  assert.ok(!isPage(["import kitchen", "# from kit import lesson", "kit = 1"]));
});

test("keys that move, save or search are left alone", () => {
  const key = (key, held = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });
  for (const one of ["x", "d", "B", "1", "Enter", "Delete", "Backspace"]) assert.ok(isCommand(key(one)), one);
  for (const one of ["ArrowDown", "Tab", " ", "PageDown", "Escape", "Home", "F5"])
    assert.ok(!isCommand(key(one)), one);
  assert.ok(!isCommand(key("s", { ctrlKey: true })));
  assert.ok(!isCommand(key("f", { metaKey: true })));
  assert.ok(isCommand(key("Enter", { ctrlKey: true })));
});

test("a lesson is known by the line that opens it, or else by its file", () => {
  assert.equal(lessonOf(["1", OPEN], "a/b.ipynb"), "02-structure");
  assert.equal(lessonOf(["today.read()"], "a/03-who-speaks.ipynb"), "03-who-speaks");
  assert.equal(lessonOf(["from desk.pages import forms"], "assign.ipynb"), undefined);
});

test("what changes cells is off, and what a newer JupyterLab brings as well", () => {
  for (const id of ["delete-cell", "cut-cell", "paste-cell-below", "insert-cell-above", "split-cell-at-cursor"])
    assert.ok(changesCells(`notebook:${id}`), id);
  for (const id of ["move-cell-up", "run-cell-and-select-next", "enter-edit-mode", "undo", "move-cursor-heading-above-or-collapse", "from-next-year"])
    assert.ok(changesCells(`notebook:${id}`), id);
  for (const id of ["run-all-cells", "run-cell", "restart-kernel", "export-to-format", "copy-cell", "trust"])
    assert.ok(!changesCells(`notebook:${id}`), id);
  for (const id of ["editmenu:undo", "editmenu:redo"]) assert.ok(changesCells(id), id);
  for (const id of ["docmanager:save", "kernelmenu:restart", "filebrowser:delete"])
    assert.ok(!changesCells(id), id);
});

test("only the page in view is locked, and what is off for another reason stays off", () => {
  const asked = [];
  const commands = { isEnabled: (id, args) => asked.push(args) && id !== "notebook:trust" };
  let page = { locked: true, asks: false };
  lockCommands(commands, () => page);
  assert.ok(!commands.isEnabled("notebook:delete-cell"));
  assert.ok(!commands.isEnabled("notebook:trust"));
  assert.ok(commands.isEnabled("docmanager:save", "here"));
  page = { locked: false, asks: true };
  assert.ok(!commands.isEnabled("notebook:run-cell") && !commands.isEnabled("notebook:run-all-cells"));
  page = undefined;
  assert.ok(commands.isEnabled("notebook:delete-cell"));
  assert.ok(asked.includes("here"));
});

test("a step begins after the exercise before it", () => {
  const page = ["# card", OPEN, "## One", 'today.label("x")', 'today.task("2.1")', "## Two", 'today.task("2.2")'];
  assert.equal(beginOf("2.1", page), 2);
  assert.equal(beginOf("2.2", page), 5);
});
