// What the labeller fills in for each label of a reading, of which it is told by what the marks
// and words of the text are: node follow.mjs READING. Prints a list of { field: value }.

import { readFileSync } from "node:fs";

import { following } from "../../../../kit/widgets/labeller/follow.js";

const { fields, quoted, words, labels } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const within = (list, { start, end }) => list.filter(([a, b]) => start <= a && b <= end).length;
const total = (list, spans) => spans.reduce((sum, span) => sum + within(list, span), 0);
const count = (spans) => ({ all: total(words, spans), inside: total(quoted, spans) });
const blank = { codes: [], parts: {}, fields: {}, note: "" };

const found = labels.map((label) =>
  following(fields, null, { ...blank, ...label, fields: {} }, [], count),
);
console.log(JSON.stringify(found));
