// The labeller's store: what was labelled is never lost, and is sent no more often than it must be.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Store } from "../../../../kit/widgets/labeller/store.js";
import { Kernel, Memory } from "./kernel.mjs";

const KERNEL_IS_AWAY = 2500; // ms without an answer
const UNIT = { unit: "P1" };

/** A label as the page makes it. */
const label = (id, ...codes) => ({
  id,
  layer: "move",
  at: { start: 0, end: 9 },
  codes,
  parts: {},
  fields: {},
  note: "",
});
const noted = (id, note) => ({ ...label(id, "raise"), note });

const codesOf = (store, id) => store.get(id)?.codes ?? null;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.localStorage = new Memory();
});

// -- to Python and back

test("a label is saving until Python has it on the disk", () => {
  const kernel = new Kernel();
  const store = new Store(kernel);
  store.change({ P1: label("P1", "raise") }, UNIT);
  assert.equal(store.state, "saving");
  const [{ changes }] = kernel.changes;
  assert.deepEqual(changes, { P1: { was: null, now: label("P1", "raise"), sent: [] } });
  kernel.save();
  assert.equal(store.state, "saved");
  assert.equal(localStorage.labels, null);
});

test("a burst of keys becomes two messages, and the second says what the first has written", () => {
  const kernel = new Kernel();
  const store = new Store(kernel);
  for (const code of ["raise", "lower", "hold"]) store.change({ P1: label("P1", code) }, UNIT);
  assert.equal(kernel.changes.length, 1);
  kernel.save();
  const { was, now, sent } = kernel.changes[1].changes.P1;
  assert.deepEqual([was.codes, now.codes, sent], [["raise"], ["hold"], []]);
  kernel.save();
  assert.equal(kernel.changes.length, 2);
  assert.equal(store.state, "saved");
});

test("what changes nothing is not sent and cannot be undone", () => {
  const kernel = new Kernel({ labels: { P1: label("P1", "raise") } });
  const store = new Store(kernel);
  assert.equal(store.change({ P1: label("P1", "raise"), P2: null }, UNIT), false);
  assert.equal(kernel.changes.length, 0);
  assert.equal(store.undo(), undefined);
});

test("a lost message is made good by the next, which says what may be there by now", () => {
  const kernel = new Kernel();
  const store = new Store(kernel);
  store.change({ P1: label("P1", "raise") }, UNIT);
  mock.timers.tick(KERNEL_IS_AWAY);
  assert.equal(store.state, "silent");
  store.change({ P1: label("P1", "lower") }, UNIT);
  const { was, now, sent } = kernel.changes[1].changes.P1;
  assert.equal(was, null);
  assert.deepEqual(now.codes, ["lower"]);
  assert.deepEqual(sent, [label("P1", "raise")]);
});

test("an answer that comes late settles only what it is about", () => {
  const kernel = new Kernel();
  const store = new Store(kernel);
  store.change({ P1: label("P1", "raise") }, UNIT);
  mock.timers.tick(KERNEL_IS_AWAY);
  store.change({ P1: label("P1", "lower") }, UNIT);
  kernel.save(kernel.changes[0]);
  assert.deepEqual(codesOf(store, "P1"), ["lower"]);
  assert.deepEqual(localStorage.labels.P1.now.codes, ["lower"]);
  assert.equal(store.state, "saving");
  kernel.save(kernel.changes[1]);
  assert.equal(store.state, "saved");
  assert.equal(localStorage.labels, null);
});

test("a refusal is told with its reason, and trying again sends the same once more", () => {
  const kernel = new Kernel();
  const store = new Store(kernel);
  store.change({ P1: label("P1", "raise") }, UNIT);
  kernel.answer({ type: "not-saved", rev: 1, problem: "The disk is full." });
  assert.deepEqual([store.state, store.problem], ["refused", "The disk is full."]);
  assert.deepEqual(codesOf(store, "P1"), ["raise"]);
  store.tryAgain();
  assert.deepEqual(kernel.changes[1].changes.P1.now, label("P1", "raise"));
  kernel.save();
  assert.deepEqual([store.state, store.problem], ["saved", ""]);
});

test("Python is told when somebody looks, and when nobody does any more", () => {
  const kernel = new Kernel();
  const store = new Store(kernel);
  const leave = [store.listen(() => {}), store.listen(() => {})];
  for (const one of leave) one();
  assert.deepEqual(kernel.messages, [
    { type: "watching", on: true },
    { type: "watching", on: false },
  ]);
});

// -- while the kernel is away

test("what was labelled while the kernel was away is kept, and sent once by the next page", () => {
  const away = new Kernel();
  away.gone = true;
  const before = new Store(away);
  before.change({ P1: label("P1", "raise") }, UNIT);
  before.change({ P2: label("P2", "lower") }, UNIT);
  assert.equal(before.state, "silent");
  before.close();

  const kernel = new Kernel();
  const store = new Store(kernel);
  assert.deepEqual(codesOf(store, "P1"), ["raise"]);
  assert.equal(kernel.changes.length, 1);
  assert.deepEqual(Object.keys(kernel.changes[0].changes), ["P1", "P2"]);
  assert.equal(store.putBackShown, false);
  kernel.save();
  assert.deepEqual([store.state, store.putBack, store.putBackShown], ["saved", 2, true]);
  assert.equal(localStorage.labels, null);

  const later = new Kernel({ labels: kernel.get("labels") });
  new Store(later);
  assert.equal(later.changes.length, 0);
});

test("the next page says what the first has sent: it may be on the disk", () => {
  const first = new Store(new Kernel());
  first.change({ P1: label("P1", "raise") }, UNIT);
  mock.timers.tick(KERNEL_IS_AWAY);
  first.change({ P1: label("P1", "lower") }, UNIT);
  const kernel = new Kernel();
  new Store(kernel);
  const { now, sent } = kernel.changes[0].changes.P1;
  assert.deepEqual(now.codes, ["lower"]);
  assert.ok(sent.some((one) => one.codes[0] === "raise"));
});

test("what reached the disk without the page hearing of it is not sent again", () => {
  new Store(new Kernel()).change({ P1: label("P1", "raise") }, UNIT);
  const kernel = new Kernel({ labels: { P1: label("P1", "raise") } });
  const store = new Store(kernel);
  assert.equal(kernel.changes.length, 0);
  assert.equal(store.state, "saved");
  assert.equal(localStorage.labels, null);
});

test("a label taken away while the kernel was away stays away", () => {
  const there = { P1: label("P1", "raise") };
  new Store(new Kernel({ labels: there })).change({ P1: null }, UNIT);
  const kernel = new Kernel({ labels: there });
  const store = new Store(kernel);
  assert.equal(store.get("P1"), null);
  assert.deepEqual(kernel.changes[0].changes.P1, { was: there.P1, now: null, sent: [null] });
});

// -- the browser's memory

test("a browser that is full loses no label, and the page knows that none is kept", () => {
  localStorage.full = true;
  const kernel = new Kernel();
  const store = new Store(kernel);
  store.change({ P1: label("P1", "raise") }, UNIT);
  assert.equal(store.kept, false);
  assert.deepEqual(codesOf(store, "P1"), ["raise"]);
  mock.timers.tick(KERNEL_IS_AWAY);
  store.tryAgain();
  kernel.save();
  assert.equal(store.state, "saved");
  localStorage.full = false;
  store.change({ P2: label("P2", "raise") }, UNIT);
  assert.equal(store.kept, true);
});

test("a browser that forbids its memory is no hindrance", () => {
  localStorage.closed = true;
  const kernel = new Kernel();
  const store = new Store(kernel);
  store.change({ P1: label("P1", "raise") }, UNIT);
  assert.equal(store.kept, false);
  kernel.save();
  assert.equal(store.state, "saved");
});

const CHANGE = JSON.stringify({ was: null, now: label("P2", "lower") });
const GARBAGE = {
  "no JSON": ["{oops", null],
  null: ["null", null],
  "a number": ["5", null],
  "a word": ['"abc"', null],
  "a list": ["[1, 2]", null],
  "changes of no form": ['{"P1": 5, "P3": null, "P4": {"now": {"id": "P4"}}}', null],
  "a change between others": [`{"P1": {}, "P2": ${CHANGE}, "P3": "x"}`, "P2"],
};

for (const [name, [text, good]] of Object.entries(GARBAGE)) {
  test(`what is kept is ${name}: only what this labeller wrote is taken up`, () => {
    globalThis.localStorage = new Memory({ "kit:test": text });
    const kernel = new Kernel({ labels: { P1: label("P1", "raise") } });
    const store = new Store(kernel);
    const sent = kernel.changes.flatMap(({ changes }) => Object.keys(changes));
    assert.deepEqual(sent, good ? [good] : []);
    assert.deepEqual(codesOf(store, "P1"), ["raise"]);
    if (good) kernel.save();
    store.change({ P1: label("P1", "hold") }, UNIT);
    assert.deepEqual(Object.keys(localStorage.labels), ["P1"]);
    kernel.save();
    assert.equal(localStorage.labels, null);
  });
}

// -- two pages

test("two pages of one layer keep each other's changes", () => {
  const [one, other] = [new Kernel(), new Kernel()];
  new Store(one).change({ P1: label("P1", "raise") }, UNIT);
  const store = new Store(other);
  store.change({ P2: label("P2", "lower") }, UNIT);
  one.save();
  assert.deepEqual(Object.keys(localStorage.labels), ["P2"]);
});

test("an answer to one page does not forget what the other has written since", () => {
  const [one, other] = [new Kernel(), new Kernel()];
  const [first, second] = [new Store(one), new Store(other)];
  first.change({ P1: label("P1", "raise") }, UNIT);
  second.change({ P1: label("P1", "lower") }, UNIT);
  one.save();
  assert.deepEqual(localStorage.labels.P1.now.codes, ["lower"]);
});

test("what another window wrote is shown, but not over what this one has not saved", () => {
  const kernel = new Kernel();
  const store = new Store(kernel);
  store.change({ P1: label("P1", "raise") }, UNIT);
  const told = [];
  store.listen((ids) => told.push([...ids]));
  kernel.write({ P1: label("P1", "lower"), P2: label("P2", "lower") });
  assert.deepEqual(codesOf(store, "P1"), ["raise"]);
  assert.deepEqual(codesOf(store, "P2"), ["lower"]);
  assert.deepEqual(told, [["P2"]]);
});

/** A store whose label another window has changed meanwhile, as Python tells it. */
function torn(problem) {
  const kernel = new Kernel();
  const store = new Store(kernel);
  store.change({ P1: label("P1", "raise") }, UNIT);
  kernel.write({ P1: label("P1", "lower") });
  const conflict = { id: "P1", theirs: label("P1", "lower"), ...(problem && { problem }) };
  kernel.answer({ type: "saved", rev: 1, conflicts: [conflict] });
  return { kernel, store };
}

test("where two windows disagree both labels are kept until the student has chosen", () => {
  const { store } = torn();
  const { yours, theirs } = store.conflicts.get("P1");
  assert.deepEqual([yours.codes, theirs.codes], [["raise"], ["lower"]]);
  assert.deepEqual(codesOf(store, "P1"), ["lower"]);
  assert.deepEqual(localStorage.labels.P1.now.codes, ["raise"]);
});

test("to choose one's own label sends it over the other, and can be undone", () => {
  const { kernel, store } = torn();
  store.settle("P1", true, "P1");
  const { was, now } = kernel.changes[1].changes.P1;
  assert.deepEqual([was.codes, now.codes], [["lower"], ["raise"]]);
  kernel.save();
  assert.equal(store.conflicts.size, 0);
  store.undo();
  assert.deepEqual(codesOf(store, "P1"), ["lower"]);
});

test("to choose the other's label sends nothing", () => {
  const { kernel, store } = torn();
  store.settle("P1", false);
  assert.equal(kernel.changes.length, 1);
  assert.deepEqual([store.conflicts.size, localStorage.labels], [0, null]);
  assert.deepEqual(codesOf(store, "P1"), ["lower"]);
});

test("a label that cannot stand is told and not tried for ever", () => {
  const { store } = torn("It touches another.");
  assert.equal(store.conflicts.get("P1").problem, "It touches another.");
  assert.equal(localStorage.labels, null);
});

// -- back and forth

test("undo after a removal brings the label back whole, also on the disk", () => {
  const there = { ...noted("P1", "why"), fields: { speaker: "Blinken" } };
  const kernel = new Kernel({ labels: { P1: there } });
  const store = new Store(kernel);
  store.change({ P1: null }, UNIT);
  assert.equal(store.undo().unit, "P1");
  assert.deepEqual(store.get("P1"), there);
  kernel.save(); // the removal, which was on its way
  kernel.save();
  assert.deepEqual(kernel.get("labels"), { P1: there });
  assert.equal(store.state, "saved");
});

test("a label that another machine's work has left out is asked about until somebody chooses", () => {
  const settled = (kernel) => kernel.messages.filter(({ type }) => type === "settle");
  for (const mine of [true, false]) {
    globalThis.localStorage = new Memory();
    const kernel = new Kernel({ labels: { P1: label("P1", "lower") } });
    kernel.values.torn = { P1: label("P1", "raise") };
    const store = new Store(kernel);
    const { yours, theirs } = store.conflicts.get("P1");
    assert.deepEqual([yours.codes, theirs.codes], [["raise"], ["lower"]]);
    store.settle("P1", mine, "P1");
    assert.deepEqual(settled(kernel), [{ type: "settle", id: "P1" }]);
    assert.deepEqual(codesOf(store, "P1"), [mine ? "raise" : "lower"]);
    // Another window may have chosen.
    kernel.values.torn = { P2: null };
    kernel.listeners.get("change:torn")();
    assert.deepEqual([...store.conflicts.keys()], ["P2"]);
    kernel.values.torn = {};
    kernel.listeners.get("change:torn")();
    assert.equal(store.conflicts.size, 0);
  }
});

test("steps go back and forth in their order, and a new one ends the way forth", () => {
  const store = new Store(new Kernel());
  for (const code of ["raise", "lower"]) store.change({ P1: label("P1", code) }, UNIT);
  store.undo();
  assert.deepEqual(codesOf(store, "P1"), ["raise"]);
  store.undo();
  assert.equal(codesOf(store, "P1"), null);
  assert.equal(store.undo(), undefined);
  store.redo();
  assert.deepEqual(codesOf(store, "P1"), ["raise"]);
  store.change({ P1: label("P1", "hold") }, UNIT);
  assert.equal(store.redo(), undefined);
  assert.deepEqual(codesOf(store, "P1"), ["hold"]);
});

test("the letters of a note are undone together, and what comes between parts them", () => {
  const store = new Store(new Kernel());
  const write = (id, note) => store.change({ [id]: noted(id, note) }, { ...UNIT, stroke: id });
  for (const note of ["w", "wh", "why"]) write("P1", note);
  write("P2", "so");
  store.undo();
  assert.equal(store.get("P1").note, "why");
  store.undo();
  assert.equal(store.get("P1"), null);
  store.redo();
  write("P1", "why not"); // after an undo, not a part of the same stroke
  store.undo();
  assert.equal(store.get("P1").note, "why");
});
