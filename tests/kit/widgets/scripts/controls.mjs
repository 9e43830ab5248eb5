// Every control of every exercise, by itself: what is put in comes out again. Given a file of
// [[spec, answer], …] as the exercises have them, and the names of the scripts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { CONTROLS } from "../../../../kit/widgets/controls.js";
import { openPage } from "./page.mjs";

const [file, ...names] = process.argv.slice(2);
for (const name of names) await import(`../../../../kit/widgets/controls/${name}.js`);
assert.deepEqual(Object.keys(CONTROLS), names);

for (const [spec, answer] of JSON.parse(readFileSync(file, "utf8"))) {
  openPage();
  const control = CONTROLS[spec.type](spec, "id", () => {}, () => {});
  assert.equal(control.get().length, 0, spec.label);
  control.set(answer);
  assert.deepEqual(control.get(), answer, spec.label);
  control.set(undefined);
  assert.equal(control.get().length, 0, spec.label);
  assert.ok(control.node.contains(control.says));
  // A count that is drawn stands there as a picture too.
  assert.equal(control.node.querySelectorAll(".kt-squares").length, spec.drawn ? 1 : 0);
  // The order that things are given in is an answer once it is handed in.
  if (spec.entries) assert.deepEqual(control.get(true), spec.entries.map(({ id }) => id));
}
