// The controls of a form, each by itself: what is put in comes out again.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

import { CONTROLS } from "../../kit/widgets/controls.js";
import { openPage } from "./page.mjs";

const FOLDER = new URL("../../kit/widgets/controls/", import.meta.url);
const THINGS = ["a", "b", "c"].map((id) => ({ id, text: `Thing ${id}` }));
const SPEC = { label: "Which?", options: THINGS, most: 2, items: THINGS, starter: "", words: [], least: 2 };
const ANSWERS = {
  number: "four",
  choice: ["a", "c"],
  order: ["c", "a", "b"],
  text: "Because.",
  evidence: [{ block: "P8", words: "the visit" }],
};

for (const file of readdirSync(FOLDER)) {
  const name = file.replace(/\.js$/, "");
  test(`${name} puts itself into the table, and keeps an answer as it is`, async () => {
    openPage();
    await import(new URL(file, FOLDER));
    const control = CONTROLS[name](SPEC, `id-${name}`, () => {}, () => {});
    assert.equal(control.get().length, 0);
    const answer = ANSWERS[name];
    control.set(answer);
    assert.deepEqual(control.get(), answer ?? control.get());
    control.set(undefined);
    assert.equal(control.get().length, 0);
    assert.ok(control.node.contains(control.says));
  });
}

test("an order is an answer once it is handed in, though nobody has moved anything", () => {
  openPage();
  const control = CONTROLS.order(SPEC, "id", () => {}, () => {});
  assert.deepEqual(control.get(true), ["a", "b", "c"]);
});
