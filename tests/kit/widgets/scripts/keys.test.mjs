// The labeller by its keys alone: the whole page, with Python at the other end.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import labeller from "../../../../kit/widgets/labeller/labeller.js";
import { Kernel, Memory } from "./kernel.mjs";
import { openPage, press } from "./page.mjs";

const TYPING_PAUSE = 400; // ms

const LINES = ["The envoy said: “We hope.”", "Nobody asked why.", "Leave a reply"];
const words = ({ start, end }) => LINES.join("\n\n").slice(start, end);

const mark = (id, key, more = {}) => ({ id, key, name: id, definition: "", ...more });
const CODES = [mark("Raise", "r"), mark("Lower", "l"), mark("Hold", "h")];
const PARTS = [
  mark("Source", "s", { required: true }),
  mark("Words", "w", { required: true, many: true }),
];

/** The article as Python cuts it: gap, word, gap, … gap, and where each word starts and ends. */
function blocks(inactive = []) {
  let start = 0;
  return LINES.map((text, n) => {
    const id = `P${n + 1}`;
    const words = [...text.matchAll(/[\w’]+/g)];
    const pieces = text.split(/([\w’]+)/);
    const starts = words.map(({ index }) => start + index);
    const ends = words.map(({ 0: word, index }) => start + index + word.length);
    const end = start + text.length;
    const quote = text.indexOf("“");
    const quoted = words.flatMap(({ index }, n) => (quote >= 0 && index > quote ? [n] : []));
    const unit = { id, active: !inactive.includes(id), start, end, pieces, starts, ends, quoted };
    start = end + 2;
    return { id, kind: "", units: [unit] };
  });
}

function doc({ unit = "block", choice = "one", most = 1, parts = [], fields = [], inactive } = {}) {
  const layer = { id: "move", title: "Moves", question: "What is done?", rulings: [] };
  return {
    layer: { ...layer, unit, choice, most },
    codes: parts.length ? [] : CODES,
    parts,
    fields,
    shapes: false,
    blocks: blocks(inactive),
  };
}

/** Open a labeller with the focus in its article. */
function open(layer = {}, labels = {}) {
  const kernel = new Kernel({ doc: doc(layer), labels });
  const root = openPage();
  const widget = labeller();
  widget.initialize({ model: kernel });
  widget.render({ model: kernel, el: root });
  const rows = root.querySelectorAll(".kl-row");
  rows[0].focus();
  return {
    kernel,
    rows,
    keys: (...all) => all.map(press).at(-1),
    /** What is on the disk, by what it is on: once Python has written all that the page sends. */
    get written() {
      for (let n = -1; n < kernel.changes.length; ) {
        n = kernel.changes.length;
        if (n) kernel.save();
      }
      const there = Object.values(kernel.get("labels"));
      return there.map(({ at, codes, parts, note }) => {
        const said = Object.entries(parts).map(([part, list]) => [part, list.map(words).join("|")]);
        return [words(at), codes.join("+"), ...said.map((one) => one.join(": ")), note]
          .filter(Boolean)
          .join(" = ");
      });
    },
    get selected() {
      return root.querySelectorAll(".kl-lit").map((token) => token.textContent).join("");
    },
    /** Python says that other lines may be labelled. */
    aim(inactive) {
      kernel.tell("doc", { ...kernel.get("doc"), blocks: blocks(inactive) });
    },
    get row() {
      return rows.find((row) => row.matches(".kl-here")).dataset.unit;
    },
    get said() {
      return root.querySelector(".kl-unseen").textContent.trim();
    },
    /** Press a checkbox, by its words. */
    tick(words) {
      const label = root.querySelectorAll("label").find((one) => one.textContent === words);
      const box = label.querySelector("input");
      box.checked = !box.checked;
      box.dispatch("change");
    },
    /** The options of a field, as they stand on the page, by whether they are chosen. */
    options(chosen) {
      const labels = root.querySelectorAll(".kl-choice");
      const there = labels.filter((one) => one.querySelector("input").checked === chosen);
      return there.map((one) => one.querySelector("span").textContent);
    },
    option(name) {
      const labels = root.querySelectorAll(".kl-choice");
      const chip = labels.find((one) => one.querySelector("span").textContent === name);
      return chip.querySelector("input");
    },
    get filled() {
      const shown = root.querySelectorAll(".kl-field").filter((one) =>
        one.querySelectorAll(".kl-filled").some((node) => node.textContent),
      );
      return shown.map((one) => one.querySelector(".kl-label").textContent);
    },
    get fields() {
      return Object.values(kernel.get("labels")).map(({ fields }) => fields);
    },
    get inArticle() {
      return document.activeElement.matches(".kl-row");
    },
  };
}

/** Write into the field that has the focus, letter by letter. */
function write(text) {
  const field = document.activeElement;
  for (const letter of text) {
    assert.deepEqual(press(letter), { heard: false, usually: true });
    field.value += letter;
    field.dispatch("input");
  }
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.localStorage = new Memory();
});

// -- lines

test("a line is labelled, and a code of another key takes its place", () => {
  const page = open();
  page.keys("r");
  assert.equal(page.said, "P1: Raise. 1 of 3 labelled");
  page.keys("h", "ArrowUp", "l");
  assert.deepEqual(page.written, [`${LINES[0]} = Raise`, `${LINES[1]} = Lower`]);
});

test("where several codes may stand there are no more than the layer allows", () => {
  const page = open({ choice: "several", most: 2 });
  page.keys("r", "l", "h");
  assert.equal(page.said, "2 codes at most. Backspace removes the last one.");
  assert.deepEqual(page.written, [`${LINES[0]} = Raise+Lower`]);
  page.keys("Backspace");
  assert.deepEqual(page.written, [`${LINES[0]} = Raise`]);
});

test("undo after a removal goes back to the line and restores its label", () => {
  const page = open();
  page.keys("r", "ArrowUp", "Backspace", "ArrowDown", "ArrowDown");
  assert.deepEqual(page.written, []);
  page.keys("u");
  assert.equal(page.row, "P1");
  assert.equal(page.said, "Undone. 1 of 3 labelled");
  assert.deepEqual(page.written, [`${LINES[0]} = Raise`]);
  page.keys("y");
  assert.deepEqual(page.written, []);
  page.keys("u", "u", "u");
  assert.equal(page.said, "There is nothing to undo.");
});

test("the next line without a label is sought past the end, among those that may have one", () => {
  const page = open({ inactive: ["P2"] });
  page.keys("End", "r", ".");
  assert.equal(page.row, "P1");
  page.keys("r", ".");
  assert.equal(page.said, "Everything here has a label.");
});

// -- going on by itself

test("a first label goes on to the next line, a change or a removal does not", () => {
  const page = open();
  page.keys("r", "l");
  assert.equal(page.row, "P3");
  page.keys("ArrowUp", "h");
  assert.equal(page.row, "P2");
  page.keys("Backspace");
  assert.equal(page.row, "P2");
  page.keys("End", "h");
  assert.equal(page.row, "P3");
  assert.deepEqual(page.written, [`${LINES[0]} = Raise`, `${LINES[2]} = Hold`]);
});

test("where a line may carry a second code the cursor stays, full or not", () => {
  const page = open({ choice: "many", most: 2 });
  page.keys("r", "l");
  assert.equal(page.row, "P1");
});

test("going on can be switched off, and the browser remembers it", () => {
  const page = open();
  page.tick("Go on by itself");
  page.keys("r");
  assert.equal(page.row, "P1");
  assert.equal(JSON.parse(localStorage.getItem("kit:view")).stay, true);
  const next = open();
  next.keys("r");
  assert.equal(next.row, "P1");
});

test("a note after a label is on what was labelled, and comes back to where the cursor was", () => {
  const page = open();
  page.keys("r");
  page.kernel.save();
  page.keys("n");
  write("ruh");
  page.keys("Enter", "l");
  assert.equal(page.row, "P3");
  assert.deepEqual(page.written, [`${LINES[0]} = Raise = ruh`, `${LINES[1]} = Lower`]);
});

test("other lines may be labelled when other labels say so, and no label is lost by it", () => {
  const page = open();
  page.keys("r", "l");
  assert.deepEqual(page.written, ["The envoy said: “We hope.” = Raise", "Nobody asked why. = Lower"]);
  page.aim(["P2"]);
  assert.equal(page.row, "P3"); // the next there is
  page.keys("ArrowUp");
  assert.equal(page.row, "P1");
  page.keys("l");
  assert.deepEqual(page.written, ["The envoy said: “We hope.” = Lower", "Nobody asked why. = Lower"]);
  page.aim([]);
  page.keys("ArrowDown");
  assert.equal(page.row, "P2");
  page.keys("u");
  assert.deepEqual(page.written, ["The envoy said: “We hope.” = Raise", "Nobody asked why. = Lower"]);
  page.aim(["P1", "P2", "P3"]);
  assert.ok(page.rows.every((row) => row.getAttribute("aria-disabled") === "true"));
  page.aim(["P1"]);
  assert.equal(page.row, "P2");
});

// -- which keys the notebook hears

test("the notebook hears no plain key, and of the chords those that do not change its cells", () => {
  const page = open();
  for (const key of ["b", "d", "x", "r", "ArrowDown", "Enter", "Escape"]) {
    assert.equal(page.keys(key).heard, false, key);
  }
  for (const key of ["Ctrl+s", "Ctrl+Enter", "F5", "Tab", "Shift"]) {
    assert.deepEqual(page.keys(key), { heard: true, usually: true }, key);
  }
});

test("Ctrl+Z and its like are the labeller's", () => {
  const page = open();
  page.keys("r");
  assert.deepEqual(page.keys("Ctrl+z"), { heard: false, usually: false });
  assert.deepEqual(page.written, []);
  page.keys("Ctrl+Shift+Z");
  assert.deepEqual(page.written, [`${LINES[0]} = Raise`]);
  page.keys("Meta+z");
  assert.deepEqual(page.written, []);
  page.keys("Ctrl+y");
  assert.deepEqual(page.written, [`${LINES[0]} = Raise`]);
});

test("a key that means nothing is said to mean nothing", () => {
  const page = open();
  page.keys("x");
  assert.equal(page.said, "x is no key here. ? shows the keys.");
});

// -- notes

test("the letters of a note are no commands, are sent together, and are undone together", () => {
  const page = open();
  page.keys("r", "n");
  const before = page.kernel.changes.length;
  write("ruh");
  assert.equal(page.kernel.changes.length, before);
  page.kernel.save();
  mock.timers.tick(TYPING_PAUSE);
  assert.equal(page.kernel.changes.length, before + 1);
  assert.deepEqual(page.written, [`${LINES[0]} = Raise = ruh`]);
  write("!");
  assert.equal(page.keys("Enter").usually, false);
  assert.equal(page.inArticle, true);
  assert.deepEqual(page.written, [`${LINES[0]} = Raise = ruh!`]); // at once, without the pause
  page.keys("u");
  assert.deepEqual(page.written, [`${LINES[0]} = Raise`]);
});

test("what is being written when the student goes elsewhere is sent, and to its own line", () => {
  const page = open();
  page.keys("n");
  write("why");
  page.rows[1].focus(); // as by a click
  page.keys("l");
  assert.deepEqual(page.written, [`${LINES[0]} = why`, `${LINES[1]} = Lower`]);
  page.keys("u", "u");
  assert.deepEqual([page.row, ...page.written], ["P1"]);
});

test("in a note the field's own undo is left to it", () => {
  const page = open();
  page.keys("r", "n");
  assert.deepEqual(page.keys("Ctrl+z"), { heard: false, usually: true });
  assert.deepEqual(page.written, [`${LINES[0]} = Raise`]);
});

// -- words

test("words are selected by Enter and the arrows, made longer with Shift, and labelled", () => {
  const page = open({ unit: "words" });
  page.keys("Enter");
  assert.equal(page.selected, "The");
  page.keys("ArrowRight", "Shift+ArrowRight");
  assert.equal(page.selected, "envoy said");
  assert.equal(page.said, "envoy said");
  page.keys("Shift+ArrowLeft", "Shift+ArrowLeft");
  assert.equal(page.selected, "The envoy");
  page.keys("r");
  assert.deepEqual(page.written, ["The envoy = Raise"]);
  assert.equal(page.selected, "");
});

test("a selection ends at its paragraph's ends", () => {
  const page = open({ unit: "words" });
  page.keys("ArrowRight", "ArrowLeft");
  assert.equal(page.selected, "The");
  page.keys("Shift+End", "Shift+End");
  assert.equal(page.selected, "The envoy said: “We hope.”"); // its quotation marks light up with it
  page.keys("End", "ArrowRight", "Shift+ArrowRight");
  assert.equal(page.selected, "hope.”");
  page.keys("ArrowDown");
  assert.deepEqual([page.selected, page.row], ["", "P2"]);
});

test("without selected words a code is put nowhere", () => {
  const page = open({ unit: "words" });
  page.keys("r");
  assert.equal(page.said, "Select words first: press Enter, then the arrow keys.");
  assert.deepEqual(page.written, []);
});

test("words that touch a label are not labelled again, the very same words are", () => {
  const page = open({ unit: "words" });
  page.keys("Enter", "Shift+ArrowRight", "r");
  page.keys("ArrowLeft", "Home", "Shift+End", "l");
  assert.match(page.said, /^These words touch “Raise”\./);
  page.keys("Home", "Shift+ArrowRight", "l");
  assert.deepEqual(page.written, ["The envoy = Lower"]);
});

test("labels are stepped through in both ways, also with AltGr, and taken off", () => {
  const page = open({ unit: "words" });
  page.keys("Enter", "r", "ArrowDown", "Enter", "l");
  page.keys("Escape", "Ctrl+Alt+AltGraph+[");
  assert.equal(page.said, "Raise: The");
  page.keys("]");
  assert.equal(page.said, "Lower: Nobody");
  page.keys("]", "Delete");
  assert.equal(page.said, "“The”: label removed. 1 label");
  assert.deepEqual(page.written, ["Nobody = Lower"]);
  page.keys("u");
  assert.deepEqual(page.written.sort(), ["Nobody = Lower", "The = Raise"]);
});

test("Escape lets go of one thing at a time and never leaves the article", () => {
  const page = open({ unit: "words" });
  page.keys("Enter", "?", "Escape");
  assert.equal(page.selected, "The");
  page.keys("Escape");
  assert.equal(page.selected, "");
  assert.equal(page.said, "Back to the paragraph P1.");
  page.keys("Escape");
  assert.equal(page.said, "Press Tab to leave the article.");
  assert.equal(page.inArticle, true);
});

// -- records

test("the parts of a record go into one until a new one is begun", () => {
  const page = open({ unit: "words", parts: PARTS });
  page.keys("Enter", "Shift+ArrowRight", "s");
  assert.equal(page.said, "Source: The envoy. still needed: words");
  page.keys("End", "End", "w", "ArrowLeft", "w"); // many of one part
  page.keys("r", "Enter", "ArrowRight", "s");
  assert.deepEqual(page.written, [
    "The envoy said: “We hope = Source: The envoy = Words: We|hope",
    "envoy = Source: envoy",
  ]);
});

test("a part in hand becomes another, and the last one taken off takes its record with it", () => {
  const page = open({ unit: "words", parts: PARTS });
  page.keys("Enter", "s", "w");
  assert.deepEqual(page.written, ["The = Words: The"]);
  page.keys("Backspace");
  assert.deepEqual(page.written, []);
  page.keys("u", "u", "u");
  assert.deepEqual(page.written, []);
  page.keys("y");
  assert.deepEqual(page.written, ["The = Source: The"]);
});

// -- fields

const field = (id, follows, ...options) => ({
  id,
  name: id,
  kind: options.length ? "choice" : "text",
  hint: "",
  follows,
  options: options.map((option) => ({ id: option, name: option, definition: "" })),
});
const RECORDS = {
  unit: "words",
  parts: PARTS,
  fields: [
    field("speaker", "Source"),
    field("side", "speaker", "here", "there"),
    field("mode", "Words", "direct", "mixed", "indirect"),
    field("stance", "", "neutral", "hoping"),
  ],
};

test("a whole record leads to its fields, and digits choose in one after another", () => {
  const page = open(RECORDS);
  page.keys("Enter", "Shift+ArrowRight", "s", "Shift+End", "w");
  assert.deepEqual(page.options(false), [
    ...["The envoy", "here", "there", "direct", "mixed", "neutral", "hoping"],
  ]);
  assert.deepEqual(page.filled, ["mode"]);
  page.keys("1", "2", "2"); // speaker, side, stance: the mode is there
  assert.equal(page.inArticle, true);
  assert.deepEqual(page.written, ["The envoy said = Source: The envoy = Words: said"]);
  const whole = { speaker: "The envoy", side: "there", mode: "indirect", stance: "hoping" };
  assert.deepEqual(page.fields, [whole]);
});

test("what the quotation marks tell follows the words, until the student has chosen otherwise", () => {
  const page = open(RECORDS);
  page.keys("Enter", "End", "End", "Shift+ArrowLeft", "w"); // We hope
  page.written;
  assert.equal(page.fields[0].mode, "direct");
  page.keys("Escape", "Enter", "w"); // The
  page.written;
  assert.equal(page.fields[0].mode, "mixed");
  page.option("indirect").dispatch("click");
  page.keys("ArrowRight", "w"); // envoy
  page.written;
  assert.equal(page.fields[0].mode, "indirect");
  assert.deepEqual(page.filled, []);
  page.keys("u", "u", "u");
  page.written;
  assert.equal(page.fields[0].mode, "direct");
});

test("who is named again brings along what was said of them before, and it can be changed", () => {
  const page = open(RECORDS);
  page.keys("Enter", "Shift+ArrowRight", "s", "ArrowRight", "w", "1", "2", "1");
  page.keys("ArrowDown", "Enter", "s", "ArrowRight", "w");
  assert.deepEqual(page.options(false).slice(0, 2), ["Nobody", "The envoy"]);
  page.keys("2"); // The envoy again
  page.written;
  assert.equal(page.fields[1].side, "there");
  assert.deepEqual(page.filled, ["side", "mode"]);
  page.keys("2"); // the stance
  page.written;
  assert.deepEqual(page.fields[1], { ...page.fields[0], stance: "hoping" });
});

test("a choice is taken back by Backspace, and keys of commands work there", () => {
  const page = open(RECORDS);
  page.keys("Enter", "s", "ArrowRight", "w", "1", "1", "2");
  page.written;
  assert.equal(page.fields[0].stance, "hoping");
  page.option("hoping").focus();
  assert.deepEqual(page.keys("ArrowRight"), { heard: false, usually: true }); // the browser's own
  page.keys("Backspace");
  page.written;
  assert.equal("stance" in page.fields[0], false);
  page.keys("u");
  page.written;
  assert.equal(page.fields[0].stance, "hoping");
  page.keys("x");
  assert.equal(page.said, "x is no key here. ? shows the keys.");
  assert.equal(page.keys("Enter").usually, false);
  assert.equal(page.inArticle, true);
});

test("what is to be known before labelling stands above the article", () => {
  const sentence = "1 label of yours, such as “leed” on P6, does not fit the codebook as it is now.";
  const kernel = new Kernel({ doc: { ...doc(), told: [sentence] } });
  const root = openPage();
  const widget = labeller();
  widget.initialize({ model: kernel });
  widget.render({ model: kernel, el: root });
  const said = root.querySelectorAll(".kl-notice").map((line) => line.textContent);
  assert.deepEqual(said, [sentence]);
});

const selected = (page) => page.rows.map((row) => row.getAttribute("aria-selected") ?? null);

test("a screen reader hears the label first, and the whole text when it is asked for", () => {
  const page = open();
  const name = (n) => page.rows[n].getAttribute("aria-label");
  assert.equal(name(1), "no label. P2: Nobody asked why.");
  page.keys("ArrowDown", "r");
  assert.equal(name(1), "Raise. P2: Nobody asked why.");
  page.keys("ArrowUp", "Enter");
  assert.equal(page.said, LINES[1]);
  assert.deepEqual(selected(page), [null, null, null]);
});

test("selected is said of a paragraph whose words are, and of no other", () => {
  const page = open({ unit: "words" });
  page.keys("ArrowDown", "Enter");
  assert.deepEqual(selected(page), [null, "true", null]);
  page.keys("Escape");
  assert.deepEqual(selected(page), [null, null, null]);
  page.keys("Enter", "h");
  assert.equal(page.rows[1].getAttribute("aria-label"), "Hold. P2: Nobody asked why.");
});
