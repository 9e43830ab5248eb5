// What is offered for a field of text: names, of a pronoun those whom it may mean, then what was written.

import assert from "node:assert/strict";
import { test } from "node:test";

import { proposals } from "../../../../kit/widgets/labeller/follow.js";

const TEXT = "He said so. Bo Lind left.";
const FIELD = { id: "speaker", follows: "source" };
const wordsOf = ({ start, end }) => TEXT.slice(start, end);
const record = (id, start, end, speaker) => ({
  id,
  at: { start, end },
  parts: { source: [{ start, end }] },
  fields: { speaker },
});
const others = ["Ada Obi", "Mia Roe", "Bo Lind"].map((name, n) => record(`r${n}`, n + 1, 20, name));
const offered = (one, referents) => proposals(FIELD, one, others, wordsOf, referents);

test("a pronoun brings those whom it may mean, then who was written nearby, five at most", () => {
  const found = offered(record("a", 0, 2), { 0: ["Bo Lind", "Ivo Sand", "Lars Moe"] });
  assert.deepEqual(found, ["Bo Lind", "Ivo Sand", "Lars Moe", "Ada Obi", "Mia Roe"]);
});

test("without rules a pronoun brings who was written nearby", () => {
  assert.deepEqual(offered(record("a", 0, 2), {}), ["Ada Obi", "Mia Roe", "Bo Lind"]);
});

test("a name stands for itself", () => {
  assert.deepEqual(offered(record("a", 12, 19), {}), ["Bo Lind", "Mia Roe", "Ada Obi"]);
});
