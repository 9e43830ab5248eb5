// The labeller: one anywidget for every layer of the codebook. No dependencies, no build step.
//
// A Page is the article, the tools and the panel, drawn for one view of a model. Python joins
// this file to tools.js and store.js, which stand before it.
//
// Text from the article and from students' files reaches the page as text nodes only.

const TEXT = {
  region: "Labeller: {layer}",
  codes: "Codes",
  parts: "Parts of a record",
  tools: "Tools",
  view: "Text size and contrast",
  article: "{question} {keys}",
  articleKeys: "Arrow keys move, a code’s key labels, ? shows every key.",
  undo: "Undo",
  redo: "Redo",
  next: "Next",
  nextHint: "Go to the next one without a label",
  remove: "Remove",
  removeHint: "Remove the label",
  note: "Note",
  keys: "Keys",
  smaller: "Smaller text",
  larger: "Larger text",
  spacing: "More space between lines",
  contrast: "High contrast",
  newRecord: "New record",

  progress: "{done} of {all} labelled",
  labels: "{n} labels",
  oneLabel: "1 label",
  records: "{n} records",
  oneRecord: "1 record",

  nothingYet: "Nothing to save yet",
  saving: "Saving…",
  savedAt: "saved at {time}",
  savedOn: "saved on {day} at {time}",
  notSaved: "NOT SAVED",
  silent:
    "NOT SAVED – the kernel is not answering. Your labels are kept in this browser. " +
    "Choose Run → Run All Cells in the menu.",
  silentUnkept:
    "NOT SAVED – the kernel is not answering. Keep this page open and choose " +
    "Run → Run All Cells in the menu.",
  refused: "NOT SAVED – {problem}",
  again: "Try again",
  putBack: "{n} labels made while nothing was listening were put back.",
  putBackOne: "1 label made while nothing was listening was put back.",
  dismiss: "OK",
  conflict: "{unit}: another window says “{theirs}”, this one says “{yours}”. Which shall stay?",
  keepTheirs: "Keep “{theirs}”",
  useMine: "Use “{yours}”",
  impossible: "{unit} was not labelled. {problem}",

  codebook: "Codebook",
  test: "Ask:",
  example: "Like:",
  counter: "Not:",
  rulings: "Rulings",
  details: "Details",
  needed: "still needed: {parts}",
  record: "Record {n}",
  recordOf: "Record {n} of {all}",
  recordsHere: "Records in {unit}",
  empty: "empty",
  removePart: "Remove {part}: {words}",
  removeRecord: "Remove record",
  removeLabel: "Remove label",
  noteOn: "Note on {what}",
  notePrompt: "Why? In your own words",
  choose: "–",
  chosenWords: "Selected words",
  start: "Start",
  end: "End",
  startLeft: "Start one word earlier",
  startRight: "Start one word later",
  endLeft: "End one word earlier",
  endRight: "End one word later",
  clearWords: "Clear the selection",
  howWords:
    "Drag over some words, or press Enter on a paragraph and use the arrow keys. " +
    "Then press the key of a label.",
  howParts:
    "Drag over some words, or press Enter on a paragraph and use the arrow keys. " +
    "Then say what they are: {parts}.",

  noLabel: "no label",
  labelled: "{unit}: {label}.",
  cleared: "{unit}: label removed.",
  nothingToRemove: "There is no label here to remove.",
  chooseLabel: "Choose a label first: [ and ] step through them.",
  chooseWords: "Select words first: press Enter, then the arrow keys.",
  mostCodes: "{n} codes at most. Backspace removes the last one.",
  overlap: "These words touch “{label}”. Words carry one label here: remove that one first.",
  noRecord: "Select words first, then {parts}.",
  fresh: "New record: select words, then {parts}.",
  undone: "Undone.",
  redone: "Done again.",
  nothingToUndo: "There is nothing to undo.",
  nothingToRedo: "There is nothing to do again.",
  allDone: "Everything here has a label.",
  noMarks: "There are no labels yet.",
  unknownKey: "{key} is no key here. ? shows the keys.",
  backToUnits: "Back to the paragraph {unit}.",
  stays: "Press Tab to leave the article.",
  words: "words",

  legend: "What the keys do",
  legendUnits: "move by paragraph; Page Up, Page Down, Home and End move further",
  legendEnter: "select words: then ← → move, Shift with ← → makes the selection longer",
  legendEscape: "back to the paragraph",
  legendTab: "leaves the article; Shift with Tab goes back",
  legendBackspace: "removes the label",
  legendMarks: "previous and next label",
  legendRecord: "begins a new record",
  legendNote: "writes a note; Enter comes back",
  legendUndo: "undo; Ctrl+Z too",
  legendRedo: "redo; Ctrl+Y or Ctrl+Shift+Z too",
  legendNext: "next without a label",
  legendHelp: "shows or hides this list",
};

const TYPING_PAUSE = 400; // ms without a key before a note is sent
const VIEW_KEY = "kit:view"; // where the browser keeps text size, spacing and contrast
const SIZES = [0.85, 1, 1.15, 1.3, 1.5, 1.75, 2];

/** One view: the article as a list of units, the tools above it, the codebook beside it. */
class Page {
  constructor(store, root) {
    this.store = store;
    this.root = root;
    this.doc = store.doc;
    this.text = TEXT;
    this.layer = this.doc.layer;
    this.inWords = this.layer.unit === "words";
    this.inRecords = this.doc.parts.length > 0;
    // What a key can put on words or a unit: codes, or the parts of a record.
    this.marks = [...this.doc.codes, ...this.doc.parts];
    this.mark = new Map(this.marks.map((mark) => [mark.id, mark]));
    this.byKey = new Map(this.marks.map((mark) => [mark.key, mark]));
    this.uid = `kit-${Math.random().toString(36).slice(2, 8)}`;
    this.at = 0; // which of the targets has the focus
    this.words = null; // { anchor, head }: selected words of that target
    this.held = null; // { id, part, n }: the label, or the span of a record, that is in hand
    this.open = null; // id of the record that parts go into
    this.fresh = false; // the next part begins a new record
    this.shown = this.marks[0]; // whose definition is in view
    this.built = ""; // what the details panel was built for
    this.cleanup = [];

    this.build();
    this.paintAll();
    this.wire();
  }

  say(name, values = {}) {
    return fill(this.text[name], values);
  }

  // -- drawing, once

  build() {
    this.live = el("div", { class: "kl-unseen", "aria-live": "polite" });
    this.notices = el("div", { class: "kl-notices", role: "alert" });
    this.legend = this.buildLegend();
    this.list = el("div", {
      class: "kl-article",
      role: "listbox",
      "aria-label": this.say("article", {
        question: this.layer.question,
        keys: this.text.articleKeys,
      }),
    });
    this.buildRows();
    const scroll = el("div", { class: "kl-scroll" }, this.list);
    this.codebook = el("section", { class: "kl-codebook", "aria-label": this.text.codebook });
    this.details = el("section", { class: "kl-details", "aria-label": this.text.details });
    const panel = el("div", { class: "kl-panel" }, this.codebook, this.details);
    const body = el("div", { class: "kl-body" }, scroll, panel);
    const question = el(
      "p",
      {},
      el("strong", { class: "kl-layer", text: this.layer.title }),
      " ",
      el("span", { class: "kl-question", text: this.layer.question }),
    );
    const head = el("div", { class: "kl-head" }, question, this.buildState());
    this.frame = el("div", {
      class: "kit-labeller",
      role: "region",
      "aria-label": this.say("region", { layer: this.layer.title }),
      "data-layer": this.layer.id,
      "data-unit": this.layer.unit,
      "data-records": String(this.inRecords),
    });
    if (this.doc.banner) this.frame.append(el("p", { class: "kl-banner", text: this.doc.banner }));
    this.frame.append(
      head,
      this.buildCodes(),
      this.buildTools(),
      this.notices,
      this.legend,
      body,
      this.live,
    );
    this.readSettings();
    this.root.replaceChildren(this.frame);
    // Where only some units are asked for, begin with the first of them in view.
    requestAnimationFrame(() => {
      if (this.row && this.row !== this.rows[0]) {
        scroll.scrollTop = this.row.el.offsetTop - scroll.offsetTop - scroll.clientHeight / 4;
      }
    });
  }

  buildRows() {
    this.rows = [];
    this.rowOf = new Map();
    for (const block of this.doc.blocks) {
      let home = this.list;
      if (this.layer.unit === "sentence") {
        home = el("div", { class: "kl-block", role: "group", "aria-label": block.id });
        this.list.append(home);
      }
      for (const unit of block.units) home.append(this.buildRow(block, unit));
    }
    this.targets = this.rows.filter((row) => row.unit.active);
    this.targets.forEach((row, n) => (row.target = n));
    if (this.targets.length) this.targets[0].el.tabIndex = 0;
  }

  buildRow(block, unit) {
    const text = el("div", { class: "kl-text" });
    const tokens = unit.pieces.map((piece, n) =>
      el("span", { class: n % 2 ? "kl-word" : "kl-gap", text: piece }),
    );
    if (this.inWords) text.append(...tokens);
    else text.textContent = unit.pieces.join("");
    const tags = el("div", { class: "kl-tags" });
    const number = el("div", { class: "kl-number", text: unit.id });
    const node = el(
      "div",
      { class: "kl-row", role: "option", "data-unit": unit.id, "data-kind": block.kind ?? "" },
      number,
      text,
      tags,
    );
    if (unit.active) {
      node.tabIndex = -1;
      node.setAttribute("aria-selected", "false");
    } else node.setAttribute("aria-disabled", "true");
    const row = { block, unit, el: node, text, tags, tokens, ids: [], target: -1 };
    this.rows.push(row);
    this.rowOf.set(unit.id, row);
    return node;
  }

  buildCodes() {
    this.buttons = new Map();
    const bar = el("div", {
      class: "kl-codes",
      role: "toolbar",
      "aria-label": this.inRecords ? this.text.parts : this.text.codes,
    });
    for (const mark of this.marks) {
      const button = el("button", {
        type: "button",
        class: "kl-code",
        "aria-pressed": "false",
        "aria-keyshortcuts": mark.key,
        "data-code": mark.id,
      });
      button.append(this.swatch(mark), el("span", { text: mark.name }));
      button.addEventListener("click", (event) => {
        this.press(mark);
        this.handBack(event);
      });
      button.addEventListener("pointerenter", () => this.showCode(mark));
      button.addEventListener("focus", () => this.showCode(mark));
      button.addEventListener("pointerleave", () => this.showCode());
      this.buttons.set(mark.id, button);
      bar.append(button);
    }
    if (this.inRecords) {
      const button = this.toolButton(this.text.newRecord, "r", () => this.newRecord());
      button.classList.add("kl-code");
      bar.append(button);
    }
    this.roving(bar);
    return bar;
  }

  buildTools() {
    const bar = el("div", { class: "kl-tools", role: "toolbar", "aria-label": this.text.tools });
    this.undoButton = this.toolButton(this.text.undo, "u", () => this.undo());
    this.redoButton = this.toolButton(this.text.redo, "y", () => this.redo());
    const remove = this.toolButton(this.text.remove, "⌫", () => this.remove());
    remove.title = this.text.removeHint;
    remove.setAttribute("aria-keyshortcuts", "Backspace");
    const next = this.toolButton(this.text.next, ".", () => this.nextUnlabelled());
    next.title = this.text.nextHint;
    const note = this.toolButton(this.text.note, "n", () => this.toNote());
    this.helpButton = this.toolButton(this.text.keys, "?", () => this.help());
    this.helpButton.setAttribute("aria-expanded", "false");
    bar.append(this.undoButton, this.redoButton, remove, note, next, this.helpButton);
    bar.append(this.buildSettings());
    this.roving(bar);
    return bar;
  }

  /** How far the student is, and whether it is saved. */
  buildState() {
    this.bar = el("progress", { "aria-label": this.text.tools });
    this.count = el("span", { class: "kl-count" });
    this.save = el("span", { class: "kl-save" });
    const state = el("div", { class: "kl-state" });
    if (!this.inWords) state.append(this.bar);
    state.append(this.count, this.save);
    return state;
  }

  buildSettings() {
    const group = el("span", { class: "kl-settings", role: "group", "aria-label": this.text.view });
    const button = (sign, name, act) => {
      const node = el("button", { type: "button", class: "kl-tool", text: sign, title: name });
      node.setAttribute("aria-label", name);
      node.addEventListener("click", act);
      group.append(node);
      return node;
    };
    button("A−", this.text.smaller, () => this.setSize(-1));
    button("A+", this.text.larger, () => this.setSize(1));
    this.airy = button("↕", this.text.spacing, () => this.toggleSetting("airy"));
    this.strong = button("◐", this.text.contrast, () => this.toggleSetting("strong"));
    return group;
  }

  /** A button with its key; a press with the mouse gives the focus back to the article. */
  toolButton(name, key, act) {
    const button = el("button", { type: "button", class: "kl-tool" });
    button.append(el("span", { text: name }), el("kbd", { text: cap(key), "aria-hidden": "true" }));
    if (key.length === 1 && key < "~") button.setAttribute("aria-keyshortcuts", key);
    button.addEventListener("click", (event) => {
      act();
      this.handBack(event);
    });
    return button;
  }

  handBack(event) {
    const button = event.currentTarget;
    if (event.detail > 0 && document.activeElement === button) this.focusRow();
  }

  /** One tab stop for a toolbar; the arrow keys move within it. */
  roving(bar) {
    const buttons = [...bar.querySelectorAll("button")];
    buttons.forEach((button, n) => (button.tabIndex = n ? -1 : 0));
    bar.addEventListener("focusin", ({ target }) => {
      for (const button of buttons) button.tabIndex = button === target ? 0 : -1;
    });
  }

  /** Colour, pattern and key of a code. */
  swatch(mark) {
    const chip = el("span", { class: "kl-chip", "data-pattern": mark.pattern });
    chip.style.setProperty("--colour", mark.colour);
    chip.append(el("span", { class: "kl-key", text: cap(mark.key) }));
    return chip;
  }

  buildLegend() {
    const list = el("dl");
    const line = (keys, text) => {
      const term = el("dt");
      for (const key of keys) term.append(el("kbd", { text: key }));
      list.append(el("div", {}, term, el("dd", { text })));
    };
    for (const mark of this.marks) line([cap(mark.key)], mark.name);
    line(["↑", "↓"], this.text.legendUnits);
    if (this.inWords) {
      line(["Enter"], this.text.legendEnter);
      line(["[", "]"], this.text.legendMarks);
    }
    if (this.inRecords) line(["R"], this.text.legendRecord);
    line(["⌫"], this.text.legendBackspace);
    line(["N"], this.text.legendNote);
    line(["U"], this.text.legendUndo);
    line(["Y"], this.text.legendRedo);
    line(["."], this.text.legendNext);
    line(["Esc"], this.text.legendEscape);
    line(["Tab"], this.text.legendTab);
    line(["?"], this.text.legendHelp);
    const legend = el("section", { class: "kl-legend", "aria-label": this.text.legend }, list);
    legend.hidden = true;
    return legend;
  }

  // -- drawing again, only what changed

  paintAll() {
    for (const [id, annotation] of this.store.now) this.rowFor(annotation)?.ids.push(id);
    for (const row of this.rows) this.paint(row);
    this.paintState();
    this.paintFocus();
  }

  /** The row that an annotation belongs to. */
  rowFor(annotation) {
    if (!this.inWords) return this.rowOf.get(annotation.id);
    const { start, end } = annotation.at;
    return this.rows.find(({ unit }) => unit.start <= start && end <= unit.end);
  }

  /** Repaint the rows of these labels, wherever they were and wherever they are now. */
  repaint(ids) {
    const rows = new Set();
    if (ids.size) {
      for (const row of this.rows) if (row.ids.some((id) => ids.has(id))) rows.add(row);
      for (const id of ids) {
        const annotation = this.store.get(id);
        const row = annotation ? this.rowFor(annotation) : this.rowOf.get(id);
        if (row) rows.add(row);
      }
    }
    if (this.held && !this.spanOf(this.held)) this.held = null;
    for (const row of rows) {
      const kept = row.ids.filter((id) => !ids.has(id));
      const now = [...ids].filter((id) => {
        const annotation = this.store.get(id);
        return annotation && this.rowFor(annotation) === row;
      });
      row.ids = [...kept, ...now];
      this.paint(row);
    }
    this.paintState();
    this.paintFocus();
  }

  /** The annotations of a row, in text order. */
  annotations(row) {
    return row.ids
      .map((id) => this.store.get(id))
      .filter(Boolean)
      .sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end || (a.id < b.id ? -1 : 1));
  }

  paint(row) {
    const annotations = this.annotations(row);
    if (this.inWords) {
      this.paintSpans(row, annotations);
      row.tags.replaceChildren(...annotations.map((annotation, n) => this.margin(annotation, n)));
    } else {
      const [annotation] = annotations;
      const codes = (annotation?.codes ?? []).map((id) => this.tag(this.mark.get(id)));
      row.tags.replaceChildren(...codes, ...this.marginNote(annotation));
      if (this.doc.shapes) row.el.dataset.kind = annotation?.codes[0] ?? row.block.kind ?? "";
    }
    if (this.store.conflicts.size) {
      row.el.classList.toggle("kl-torn", row.ids.some((id) => this.store.conflicts.has(id)));
    }
  }

  tag(mark, text = mark.name) {
    return el(
      "div",
      { class: "kl-tag" },
      this.swatch(mark),
      " ",
      el("span", { class: "kl-name", text }),
    );
  }

  marginNote(annotation) {
    if (!annotation?.note) return [];
    return [el("div", { class: "kl-marginal", text: annotation.note })];
  }

  /** What the margin says of one label in a layer of words. */
  margin(annotation, n) {
    const item = el("div", { class: "kl-item" });
    if (this.inRecords) {
      const { speaker, mode } = annotation.fields;
      const name = speaker || this.say("record", { n: n + 1 });
      item.append(
        el("span", { class: "kl-recno", text: String(n + 1) }),
        " ",
        el("span", { class: "kl-name", text: name }),
      );
      const sub = [mode && this.optionName("mode", mode), this.lacking(annotation)];
      const line = sub.filter(Boolean).join(" · ");
      if (line) item.append(" ", el("span", { class: "kl-sub", text: line }));
    } else {
      item.append(...annotation.codes.map((id) => this.tag(this.mark.get(id))));
    }
    item.append(...this.marginNote(annotation));
    item.dataset.id = annotation.id;
    return item;
  }

  optionName(field, value) {
    const options = this.doc.fields.find(({ id }) => id === field)?.options ?? [];
    return options.find(({ id }) => id === value)?.name ?? value;
  }

  /** "still needed: content", or "". */
  lacking(annotation) {
    const parts = this.doc.parts.filter(({ id, required }) => required && !annotation.parts[id]);
    if (!parts.length) return "";
    return this.say("needed", { parts: parts.map(({ name }) => name.toLowerCase()).join(", ") });
  }

  /** The underlined stretches of a row: { id, part, n, mark, sign, from, to } by word. */
  spans(row, annotations = this.annotations(row)) {
    const spans = [];
    annotations.forEach((annotation, number) => {
      const { id } = annotation;
      const add = (mark, sign, span, part, n) => {
        const words = this.wordsIn(row, span);
        if (words && mark) spans.push({ id, part, n, mark, sign, ...words });
      };
      if (annotation.codes.length) {
        const signs = annotation.codes.map((code) => cap(this.mark.get(code).key));
        add(this.mark.get(annotation.codes[0]), signs.join("+"), annotation.at);
      }
      for (const [part, list] of Object.entries(annotation.parts)) {
        const mark = this.mark.get(part);
        list.forEach((span, n) => add(mark, cap(mark.key) + (number + 1), span, part, n));
      }
    });
    return spans.sort((a, b) => a.from - b.from || b.to - a.to);
  }

  /** The words of a row that a span touches, or null. */
  wordsIn(row, { start, end }) {
    const { starts, ends } = row.unit;
    const from = ends.findIndex((stop) => stop > start);
    let to = starts.length - 1;
    while (to >= 0 && starts[to] >= end) to -= 1;
    return from < 0 || to < from ? null : { from, to };
  }

  /** Nest the words of a row in one element for each run of words with the same labels. */
  paintSpans(row, annotations) {
    const spans = this.spans(row, annotations);
    const lanes = []; // where each line of underlining is free again
    for (const span of spans) {
      let lane = lanes.findIndex((end) => end < span.from);
      if (lane < 0) lane = lanes.length;
      lanes[lane] = span.to;
      span.lane = lane;
    }
    const runs = [];
    let run = null;
    row.tokens.forEach((token, n) => {
      const over = spans.filter(({ from, to }) => n > 2 * from && n <= 2 * to + 1);
      if (!run || over.length !== run.over.length || over.some((span, k) => span !== run.over[k])) {
        run = { over, tokens: [] };
        runs.push(run);
      }
      run.tokens.push(token);
      run.last = n;
    });
    row.lines = []; // the elements that underline, each with its label
    row.text.replaceChildren(...runs.map((one) => this.nest(one, row.lines)));
  }

  nest({ over, tokens, last }, lines) {
    let inner = document.createDocumentFragment();
    inner.append(...tokens);
    for (const span of [...over].sort((a, b) => b.lane - a.lane)) {
      const node = el("span", { class: "kl-span", "data-pattern": span.mark.pattern });
      node.style.setProperty("--colour", span.mark.colour);
      node.style.setProperty("--lane", span.lane);
      node.classList.toggle("kl-held", this.holds(span));
      lines.push({ span, node });
      if (last === 2 * span.to + 1) node.dataset.sign = span.sign;
      node.append(inner);
      inner = node;
    }
    return inner;
  }

  holds(span) {
    const { held } = this;
    if (!held || held.id !== span.id) return false;
    return held.part === undefined || (held.part === span.part && held.n === span.n);
  }

  done() {
    const { now } = this.store;
    if (this.inWords) return now.size;
    return this.targets.filter(({ unit }) => now.get(unit.id)?.codes.length).length;
  }

  progressText() {
    const n = this.done();
    if (!this.inWords) return this.say("progress", { done: n, all: this.targets.length });
    const [one, many] = this.inRecords ? ["oneRecord", "records"] : ["oneLabel", "labels"];
    return n === 1 ? this.text[one] : this.say(many, { n });
  }

  paintState() {
    const { store } = this;
    const progress = this.progressText();
    if (this.count.textContent !== progress) {
      this.count.textContent = progress;
      this.bar.max = this.targets.length || 1;
      this.bar.value = this.inWords ? 0 : this.done();
      this.bar.setAttribute("aria-label", progress);
    }
    this.undoButton.setAttribute("aria-disabled", String(!store.past.length));
    this.redoButton.setAttribute("aria-disabled", String(!store.future.length));
    this.save.textContent = this.saveText();
    this.save.dataset.state = store.state;
    this.frame.dataset.state = store.state;
    this.paintNotices();
  }

  saveText() {
    const { state, savedAt } = this.store;
    if (state === "saving") return this.text.saving;
    if (state !== "saved") return this.text.notSaved;
    if (!savedAt) return this.text.nothingYet;
    const moment = new Date(savedAt);
    const time = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    if (moment.toDateString() === new Date().toDateString()) return this.say("savedAt", { time });
    const day = moment.toLocaleDateString([], { day: "numeric", month: "long" });
    return this.say("savedOn", { day, time });
  }

  /** Lines that want an answer: not saved, two windows disagree, labels put back. */
  paintNotices() {
    const { store } = this;
    const notices = [];
    if (store.state === "silent" || store.state === "refused") {
      const silent = store.kept ? this.text.silent : this.text.silentUnkept;
      const sentence =
        store.state === "silent" ? silent : this.say("refused", { problem: store.problem });
      notices.push(["bad", sentence, [[this.text.again, () => store.tryAgain()]]]);
    }
    for (const [id, { yours, theirs, problem }] of store.conflicts) {
      const unit = this.nameOf(yours ?? theirs ?? { id });
      if (problem) {
        const sentence = this.say("impossible", { unit, problem });
        notices.push(["bad", sentence, [[this.text.dismiss, () => store.settle(id, false)]]]);
        continue;
      }
      const words = { unit, yours: this.describe(yours), theirs: this.describe(theirs) };
      const row = this.rowFor(yours ?? theirs ?? { id, at: {} });
      notices.push([
        "torn",
        this.say("conflict", words),
        [
          [this.say("keepTheirs", words), () => store.settle(id, false)],
          [this.say("useMine", words), () => store.settle(id, true, row?.unit.id)],
        ],
      ]);
    }
    if (store.putBackShown) {
      const n = store.putBack;
      const sentence = n === 1 ? this.text.putBackOne : this.say("putBack", { n });
      const dismiss = () => {
        store.putBackShown = false;
        store.tell();
      };
      notices.push(["good", sentence, [[this.text.dismiss, dismiss]]]);
    }
    const content = JSON.stringify(notices.map(([kind, sentence]) => [kind, sentence]));
    if (content === this.noticed) return;
    this.noticed = content;
    this.notices.replaceChildren(
      ...notices.map(([kind, sentence, choices]) => {
        const line = el("div", { class: "kl-notice", "data-kind": kind });
        line.append(el("span", { text: sentence }));
        for (const [name, act] of choices) {
          const button = el("button", { type: "button", class: "kl-tool", text: name });
          button.addEventListener("click", () => {
            act();
            if (!button.isConnected) this.focusRow();
          });
          line.append(button);
        }
        return line;
      }),
    );
  }

  /** A label in words: "Lede", "Raise + Lower", "no label". */
  describe(annotation) {
    if (!annotation) return this.text.noLabel;
    const names = annotation.codes.map((id) => this.mark.get(id)?.name ?? id);
    if (names.length) return names.join(" + ");
    const spans = Object.entries(annotation.parts).flatMap(([part, list]) =>
      list.map((span) => `${this.mark.get(part)?.name ?? part}: ${shorten(this.wordsOf(span), 28)}`),
    );
    return spans.join("; ") || annotation.note || this.text.noLabel;
  }

  /** What an annotation is about: "P6", or the words it covers. */
  nameOf(annotation) {
    if (!this.inWords || !annotation.at) return annotation.id;
    return `“${shorten(this.wordsOf(annotation.at))}”`;
  }

  /** The text of a span, from the words that are on the page. */
  wordsOf(span) {
    const row = this.rows.find(({ unit }) => unit.start <= span.start && span.end <= unit.end);
    const words = row && this.wordsIn(row, span);
    return words ? this.phrase(row, words) : "";
  }

  phrase(row, { from, to }) {
    return row.unit.pieces.slice(2 * from + 1, 2 * to + 2).join("");
  }

  // -- where the student is

  get row() {
    return this.targets[this.at];
  }

  /** Repaint all that follows the focus: pressed codes, definition, details. */
  paintFocus() {
    const codes = this.inRecords ? [] : (this.subject()?.codes ?? []);
    const inHand = this.held?.part ? [this.held.part] : codes;
    for (const [id, button] of this.buttons) {
      const pressed = String(inHand.includes(id));
      if (button.getAttribute("aria-pressed") !== pressed) {
        button.setAttribute("aria-pressed", pressed);
      }
    }
    if (inHand.length) this.shown = this.mark.get(inHand[0]);
    this.showCode();
    this.paintDetails();
  }

  /** The annotation that fields, notes and Remove are about, or null. */
  subject() {
    if (!this.row) return null;
    if (!this.inWords) return this.store.get(this.row.unit.id);
    if (this.held) return this.store.get(this.held.id);
    return this.inRecords ? this.record() : null;
  }

  /** The record that the next part goes into, or null when that begins a new one. */
  record() {
    if (this.fresh) return null;
    const here = this.annotations(this.row);
    return here.find(({ id }) => id === this.open) ?? here.at(-1) ?? null;
  }

  /** Go to a target by its place in the list. */
  go(n, { focus = true } = {}) {
    if (!this.targets.length) return;
    const before = this.row;
    this.at = Math.max(0, Math.min(this.targets.length - 1, n));
    this.drop();
    if (before !== this.row) {
      this.fresh = false;
      this.open = null;
    }
    before.el.tabIndex = -1;
    before.el.setAttribute("aria-selected", "false");
    this.row.el.tabIndex = 0;
    this.row.el.setAttribute("aria-selected", "true");
    if (focus) this.focusRow();
    this.paintFocus();
  }

  focusRow() {
    this.row?.el.focus({ preventScroll: true });
    this.row?.el.scrollIntoView({ block: "nearest" });
  }

  /** Let go of selected words and of the label in hand. */
  drop() {
    if (this.held) {
      this.held = null;
      this.paintHeld();
    }
    this.setWords(null);
  }

  /** Show which label is in hand. No node is replaced: a drag may be under way. */
  paintHeld() {
    for (const { lines = [] } of this.rows) {
      for (const { span, node } of lines) node.classList.toggle("kl-held", this.holds(span));
    }
  }

  setWords(words) {
    for (const token of this.lit ?? []) token.classList.remove("kl-lit");
    this.words = words;
    this.lit = [];
    if (!words) return;
    const [from, to] = this.range();
    this.lit = this.row.tokens.slice(2 * from + 1, 2 * to + 2);
    for (const token of this.lit) token.classList.add("kl-lit");
    this.row.tokens[2 * words.head + 1].scrollIntoView({ block: "nearest" });
  }

  range() {
    const { anchor, head } = this.words;
    return [Math.min(anchor, head), Math.max(anchor, head)];
  }

  /** Select words of the current row by number, and speak them. */
  select(anchor, head) {
    const last = this.row.unit.starts.length - 1;
    if (last < 0) return;
    const within = (n) => Math.max(0, Math.min(last, n));
    if (this.held) {
      this.held = null;
      this.paintHeld();
    }
    this.setWords({ anchor: within(anchor), head: within(head) });
    const [from, to] = this.range();
    this.announce(this.phrase(this.row, { from, to }));
    this.paintFocus();
  }

  /** Take a label in hand. */
  hold(span, row) {
    if (row !== this.row) this.go(row.target, { focus: false });
    this.setWords(null);
    this.held = { id: span.id, part: span.part, n: span.n };
    this.open = span.id;
    this.fresh = false;
    this.resume = span;
    this.paintHeld();
    this.focusRow();
    row.tokens[2 * span.from + 1].scrollIntoView({ block: "nearest" });
    const label = span.part ? span.mark.name : this.describe(this.store.get(span.id));
    this.announce(`${label}: ${this.phrase(row, span)}`);
    this.paintFocus();
  }

  spanOf({ id, part, n }) {
    const annotation = this.store.get(id);
    if (!annotation) return null;
    return part === undefined ? annotation.at : (annotation.parts[part]?.[n] ?? null);
  }

  announce(sentence) {
    // The same words again count as new to a screen reader only if something differs.
    const again = this.live.textContent === sentence;
    this.live.textContent = again ? `${sentence}\u00a0` : sentence;
  }

  // -- what the student does

  /** A code's or a part's key or button. */
  press(mark) {
    if (!this.row) return;
    if (this.doc.parts.includes(mark)) this.markPart(mark);
    else if (this.inWords) this.markWords(mark);
    else this.markUnit(mark);
    this.shown = mark;
    this.showCode();
  }

  /** The codes that a unit has after one more; null when there is no room. */
  withCode(codes, id) {
    if (codes.includes(id)) return codes;
    if (this.layer.choice === "one") return [id];
    if (codes.length < this.layer.most) return [...codes, id];
    this.announce(this.say("mostCodes", { n: this.layer.most }));
    return null;
  }

  /** What a unit, a label or a record is before anything is said of it. */
  blank(id, at) {
    return { id, layer: this.layer.id, at: place(at), codes: [], parts: {}, fields: {}, note: "" };
  }

  /** Put an annotation in the store, or nothing if it says nothing. */
  put(annotation, options) {
    const { id, codes, parts, fields, note } = annotation;
    const spans = Object.values(parts).flat();
    const bare = this.inWords
      ? !codes.length && !spans.length
      : !codes.length && !note && !Object.values(fields).some(Boolean);
    if (this.inRecords && spans.length) {
      annotation.at = {
        start: Math.min(...spans.map(({ start }) => start)),
        end: Math.max(...spans.map(({ end }) => end)),
      };
    }
    return this.store.change({ [id]: bare ? null : annotation }, {
      unit: this.row.unit.id,
      ...options,
    });
  }

  markUnit(mark) {
    const { unit } = this.row;
    const annotation = this.store.get(unit.id) ?? this.blank(unit.id, unit);
    const codes = this.withCode(annotation.codes, mark.id);
    if (!codes) return;
    this.put({ ...annotation, codes });
    const names = codes.map((id) => this.mark.get(id).name).join(" + ");
    this.announce(`${this.say("labelled", { unit: unit.id, label: names })} ${this.progressText()}`);
  }

  markWords(mark) {
    if (!this.words && !this.held) return this.announce(this.text.chooseWords);
    let annotation;
    if (this.held) annotation = this.store.get(this.held.id);
    else {
      const at = this.selectedSpan();
      const here = this.annotations(this.row);
      annotation = here.find((one) => one.at.start === at.start && one.at.end === at.end);
      const touching = here.find((one) => one.at.start < at.end && at.start < one.at.end);
      if (!annotation && touching && this.layer.choice === "one") {
        return this.announce(this.say("overlap", { label: this.describe(touching) }));
      }
      annotation ??= this.blank(this.newId(), at);
    }
    const codes = this.withCode(annotation.codes, mark.id);
    if (!codes) return;
    this.put({ ...annotation, codes });
    this.holdSpan(annotation.id);
    const label = codes.map((id) => this.mark.get(id).name).join(" + ");
    this.announce(`${label}: ${this.wordsOf(annotation.at)}. ${this.progressText()}`);
  }

  markPart(mark) {
    if (this.held?.part) return this.movePart(mark);
    if (!this.words) return this.announce(this.say("noRecord", { parts: this.partKeys() }));
    const span = this.selectedSpan();
    const record = this.record() ?? this.blank(this.newId(), span);
    const old = mark.many ? (record.parts[mark.id] ?? []) : [];
    const list = old.filter(({ start, end }) => start !== span.start || end !== span.end);
    list.push(span);
    list.sort((a, b) => a.start - b.start);
    this.fresh = false;
    this.open = record.id;
    this.put({ ...record, parts: { ...record.parts, [mark.id]: list } });
    this.holdSpan(record.id, mark.id, list.indexOf(span));
    this.announce(`${mark.name}: ${this.wordsOf(span)}. ${this.lacking(this.store.get(record.id))}`);
  }

  /** The span in hand becomes another part of its record. */
  movePart(mark) {
    const { id, part, n } = this.held;
    if (part === mark.id) return;
    const record = this.store.get(id);
    const span = record.parts[part][n];
    const from = record.parts[part].filter((one) => one !== span);
    const to = [...(mark.many ? (record.parts[mark.id] ?? []) : []), span];
    to.sort((a, b) => a.start - b.start);
    this.put({ ...record, parts: { ...record.parts, [part]: from, [mark.id]: to } });
    this.holdSpan(id, mark.id, to.indexOf(span));
    this.announce(`${mark.name}: ${this.wordsOf(span)}`);
  }

  newRecord() {
    if (!this.inRecords || !this.row) return;
    this.held = null;
    this.fresh = true;
    this.paintHeld();
    this.paintFocus();
    this.announce(this.say("fresh", { parts: this.partKeys() }));
  }

  partKeys() {
    return this.doc.parts.map(({ key, name }) => `${cap(key)} (${name.toLowerCase()})`).join(", ");
  }

  selectedSpan() {
    const [from, to] = this.range();
    const { starts, ends } = this.row.unit;
    return { start: starts[from], end: ends[to] };
  }

  newId() {
    let id;
    do id = `w${Math.random().toString(36).slice(2, 8)}`;
    while (this.store.get(id));
    return id;
  }

  /** Take in hand what was just marked. */
  holdSpan(id, part, n) {
    this.setWords(null);
    document.getSelection()?.removeAllRanges();
    this.held = { id, part, n };
    this.open = id;
    this.resume = this.spans(this.row).find((span) => this.holds(span));
    this.paintHeld();
    this.paintFocus();
  }

  remove() {
    if (!this.row) return;
    if (this.inWords) return this.removeHeld();
    const { unit } = this.row;
    const annotation = this.store.get(unit.id);
    if (!annotation?.codes.length) return this.announce(this.text.nothingToRemove);
    this.put({ ...annotation, codes: annotation.codes.slice(0, -1) });
    this.announce(`${this.say("cleared", { unit: unit.id })} ${this.progressText()}`);
  }

  removeHeld() {
    if (!this.held) return this.announce(this.text.chooseLabel);
    const { id, part, n } = this.held;
    const annotation = this.store.get(id);
    const unit = `“${shorten(this.wordsOf(this.spanOf(this.held)))}”`;
    if (part !== undefined) {
      const rest = annotation.parts[part].filter((_, k) => k !== n);
      this.put({ ...annotation, parts: { ...annotation.parts, [part]: rest } });
    } else this.put({ ...annotation, codes: annotation.codes.slice(0, -1) });
    if (part !== undefined || !this.store.get(id)) this.held = null;
    this.paintHeld();
    this.paintFocus();
    this.announce(`${this.say("cleared", { unit })} ${this.progressText()}`);
  }

  undo() {
    this.stepBack(this.store.undo(), "undone", "nothingToUndo");
  }

  redo() {
    this.stepBack(this.store.redo(), "redone", "nothingToRedo");
  }

  stepBack(step, done, nothing) {
    if (!step) return this.announce(this.text[nothing]);
    const row = this.rowOf.get(step.unit);
    if (row && row.target >= 0 && row !== this.row) {
      const inside = this.list.contains(document.activeElement);
      this.go(row.target, { focus: inside });
    }
    this.setWords(null);
    this.announce(`${this.text[done]} ${this.progressText()}`);
  }

  nextUnlabelled() {
    const bare = (row) =>
      this.inWords ? !row.ids.length : !this.store.get(row.unit.id)?.codes.length;
    const after = [...this.targets.slice(this.at + 1), ...this.targets.slice(0, this.at + 1)];
    const row = after.find(bare);
    if (!row) return this.announce(this.text.allDone);
    this.go(row.target);
  }

  /** Take the next (1) or previous (-1) label in hand. */
  stepMarks(way) {
    const all = this.targets.flatMap((row) => this.spans(row).map((span) => ({ row, span })));
    if (!all.length) return this.announce(this.text.noMarks);
    let n = all.findIndex(({ span }) => this.held && this.holds(span));
    if (n >= 0) n += way;
    else {
      const from = this.words ? this.range()[0] : -1;
      n = all.findIndex(
        ({ row, span }) => row.target > this.at || (row === this.row && span.from >= from),
      );
      if (n < 0) n = all.length;
      if (way < 0) n -= 1;
    }
    const { row, span } = all[(n + all.length) % all.length];
    this.hold(span, row);
  }

  toNote() {
    this.paintDetails();
    const note = this.details.querySelector(".kl-note");
    if (note) note.focus();
    else this.announce(this.text.chooseLabel);
  }

  help() {
    this.legend.hidden = !this.legend.hidden;
    this.helpButton.setAttribute("aria-expanded", String(!this.legend.hidden));
    if (!this.legend.hidden) this.announce(this.legend.innerText);
  }

  // -- the panel

  /** Show a definition: of the code under the pointer, else of the code in question. */
  showCode(mark = this.shown) {
    if (!mark || this.defined === mark) return;
    this.defined = mark;
    const title = el("div", { class: "kl-title" });
    title.append(this.swatch(mark), " ", el("strong", { text: mark.name }));
    const lines = [title, el("p", { text: mark.definition })];
    const line = (name, text) => {
      if (!text) return;
      lines.push(el("p", { class: "kl-line" }, el("b", { text: this.text[name] }), ` ${text}`));
    };
    line("test", mark.test);
    line("example", mark.example);
    line("counter", mark.counter_example);
    if (this.layer.rulings.length) {
      const list = el("ul", {}, ...this.layer.rulings.map((text) => el("li", { text })));
      const open = this.codebook.querySelector("details")?.open;
      const rulings = el("details", {}, el("summary", { text: this.text.rulings }), list);
      rulings.open = Boolean(open);
      lines.push(rulings);
    }
    this.codebook.replaceChildren(...lines);
  }

  /** Build the details for another subject; for the same one, only bring values up to date. */
  paintDetails() {
    if (!this.row) return;
    const subject = this.subject();
    const unit = this.row.unit.id;
    const records = this.inRecords ? this.annotations(this.row) : [];
    const shape = JSON.stringify([
      unit,
      subject?.id,
      this.words && this.range(),
      records.map((one) => [one.id, one.parts]),
      this.inWords && !this.inRecords && subject?.codes,
    ]);
    if (shape !== this.built) {
      this.flush();
      this.built = shape;
      this.inputs = new Map();
      const lines = [];
      if (this.words) lines.push(this.selectionBox());
      if (this.inRecords) lines.push(...this.recordBox(records, subject));
      if (!this.inWords) lines.push(el("div", { class: "kl-title", text: unit }));
      else if (subject && !this.inRecords) lines.push(this.labelTitle(subject));
      if (!this.inWords || subject) {
        for (const field of this.doc.fields) lines.push(this.fieldBox(field));
        lines.push(this.noteBox(subject));
      }
      if (this.inWords && subject) lines.push(this.removeButton(subject));
      if (this.inWords && !subject && !this.words) {
        const how = this.inRecords
          ? this.say("howParts", { parts: this.partKeys() })
          : this.text.howWords;
        lines.push(el("p", { class: "kl-how", text: how }));
      }
      this.details.replaceChildren(...lines);
    }
    for (const [name, input] of this.inputs) {
      if (document.activeElement === input && this.typing) continue;
      const value = name === "note" ? subject?.note : subject?.fields[name];
      if (input.value !== (value ?? "")) input.value = value ?? "";
      this.hint(name, input);
    }
  }

  labelTitle(subject) {
    const title = el("div", { class: "kl-title" });
    for (const id of subject.codes) title.append(this.swatch(this.mark.get(id)), " ");
    title.append(el("q", { text: shorten(this.wordsOf(subject.at)) }));
    return title;
  }

  selectionBox() {
    const [from, to] = this.range();
    const { row } = this;
    const box = el("div", { class: "kl-selection" });
    box.append(
      el("div", { class: "kl-label", text: this.text.chosenWords }),
      el("q", { text: shorten(this.phrase(row, { from, to }), 90) }),
    );
    const bar = el("div", { class: "kl-adjust" });
    const button = (sign, name, act) => {
      const node = el("button", { type: "button", class: "kl-tool", text: sign, title: name });
      node.setAttribute("aria-label", name);
      node.dataset.name = name;
      node.addEventListener("click", () => {
        act();
        // The panel is built anew for the new words: stay on the same button.
        this.details.querySelector(`[data-name="${name}"]`)?.focus();
      });
      bar.append(node);
    };
    const label = (text) => bar.append(el("span", { class: "kl-label", text }));
    label(this.text.start);
    button("◂", this.text.startLeft, () => this.select(from - 1, to));
    button("▸", this.text.startRight, () => this.select(Math.min(from + 1, to), to));
    label(this.text.end);
    button("◂", this.text.endLeft, () => this.select(from, Math.max(to - 1, from)));
    button("▸", this.text.endRight, () => this.select(from, to + 1));
    button("✕", this.text.clearWords, () => {
      this.setWords(null);
      this.focusRow();
      this.paintFocus();
    });
    box.append(bar);
    return box;
  }

  recordBox(records, subject) {
    const unit = this.row.unit.id;
    const lines = [el("div", { class: "kl-title", text: this.say("recordsHere", { unit }) })];
    const list = el("div", { class: "kl-records" });
    records.forEach((record, n) => {
      const number = this.say("record", { n: n + 1 });
      const button = el("button", { type: "button", class: "kl-tool", text: number });
      button.setAttribute("aria-pressed", String(record.id === subject?.id));
      button.addEventListener("click", () => {
        this.fresh = false;
        this.open = record.id;
        this.held = null;
        this.paintHeld();
        this.paintFocus();
        this.details.querySelector('.kl-records [aria-pressed="true"]')?.focus();
      });
      list.append(button);
    });
    if (this.fresh || !records.length) {
      list.append(el("span", { class: "kl-sub", text: this.text.newRecord }));
    }
    lines.push(list);
    if (!subject) return lines;
    for (const part of this.doc.parts) {
      const spans = subject.parts[part.id] ?? [];
      const box = el("div", { class: "kl-part" });
      box.append(this.tag(part));
      if (!spans.length) box.append(el("span", { class: "kl-sub", text: part.definition }));
      spans.forEach((span, n) => box.append(this.partChip(subject, part, span, n)));
      lines.push(box);
    }
    return lines;
  }

  partChip(record, part, span, n) {
    const words = this.wordsOf(span);
    const name = this.say("removePart", { part: part.name, words });
    const button = el("button", { type: "button", class: "kl-tool", text: "✕", title: name });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => {
      this.held = { id: record.id, part: part.id, n };
      this.removeHeld();
      this.focusRow();
    });
    return el("div", { class: "kl-piece" }, el("q", { text: shorten(words, 70) }), button);
  }

  fieldBox(field) {
    const id = `${this.uid}-${field.id}`;
    const box = el("div", { class: "kl-field" });
    let input;
    if (field.kind === "choice") {
      input = el("select", { id });
      input.append(el("option", { value: "", text: this.text.choose }));
      for (const option of field.options) {
        input.append(el("option", { value: option.id, text: option.name }));
      }
    } else {
      input = el("input", { id, type: "text", list: `${id}-known`, autocomplete: "off" });
      const known = new Set();
      for (const { fields } of this.store.now.values()) if (fields[field.id]) known.add(fields[field.id]);
      box.append(
        el("datalist", { id: `${id}-known` }, ...[...known].sort().map((value) => el("option", { value }))),
      );
    }
    input.setAttribute("aria-describedby", `${id}-hint`);
    this.inputs.set(field.id, input);
    this.wireInput(input, field.id);
    box.prepend(el("label", { class: "kl-label", for: id, text: field.name }));
    box.append(input, el("div", { class: "kl-hint", id: `${id}-hint` }));
    return box;
  }

  /** Under a field stands what its chosen option means, or what the field asks for. */
  hint(name, input) {
    const field = this.doc.fields.find(({ id }) => id === name);
    if (!field) return;
    const option = field.options.find(({ id }) => id === input.value);
    input.parentElement.querySelector(".kl-hint").textContent = option?.definition || field.hint;
  }

  noteBox(subject) {
    const id = `${this.uid}-note`;
    const what = this.inWords ? this.nameOf(subject) : this.row.unit.id;
    const note = el("textarea", { id, class: "kl-note", rows: "2", maxlength: "4000" });
    note.placeholder = this.text.notePrompt;
    note.setAttribute("aria-label", this.say("noteOn", { what }));
    this.inputs.set("note", note);
    this.wireInput(note, "note");
    const label = el("label", { class: "kl-label", for: id, text: this.text.note });
    return el("div", { class: "kl-field" }, label, note);
  }

  removeButton(subject) {
    const name = this.inRecords ? this.text.removeRecord : this.text.removeLabel;
    const button = el("button", { type: "button", class: "kl-tool", text: name });
    button.addEventListener("click", () => {
      this.held = null;
      this.store.change({ [subject.id]: null }, { unit: this.row.unit.id });
      this.announce(`${this.say("cleared", { unit: this.nameOf(subject) })} ${this.progressText()}`);
      this.focusRow();
    });
    return button;
  }

  /** Send what is typed after a pause, and at once when the field is left. */
  wireInput(input, name) {
    const home = { unit: this.row.unit, subject: this.subject()?.id ?? this.row.unit.id };
    const commit = () => {
      clearTimeout(this.typing?.timer);
      this.typing = null;
      const annotation = this.store.get(home.subject) ?? this.blank(home.subject, home.unit);
      if (this.inWords && !this.store.get(home.subject)) return;
      const change =
        name === "note"
          ? { note: input.value }
          : { fields: { ...annotation.fields, [name]: input.value } };
      this.put({ ...annotation, ...change }, {
        unit: home.unit.id,
        stroke: `${home.subject} ${name}`,
      });
      this.hint(name, input);
    };
    input.addEventListener("input", () => {
      clearTimeout(this.typing?.timer);
      this.typing = { commit, timer: setTimeout(commit, TYPING_PAUSE) };
    });
    input.addEventListener("change", commit);
  }

  flush() {
    this.typing?.commit();
  }

  // -- view settings, kept by the browser for every labeller

  readSettings() {
    const kept = memory.read(VIEW_KEY);
    this.settings = {
      size: SIZES.includes(kept.size) ? kept.size : 1,
      airy: Boolean(kept.airy),
      strong: Boolean(kept.strong),
    };
    this.applySettings();
  }

  applySettings() {
    const { size, airy, strong } = this.settings;
    this.frame.style.setProperty("--size", size);
    this.frame.classList.toggle("kl-airy", airy);
    this.frame.classList.toggle("kl-strong", strong);
    this.airy.setAttribute("aria-pressed", String(airy));
    this.strong.setAttribute("aria-pressed", String(strong));
  }

  setSize(way) {
    const n = SIZES.indexOf(this.settings.size) + way;
    this.settings.size = SIZES[Math.max(0, Math.min(SIZES.length - 1, n))];
    this.keepSettings();
  }

  toggleSetting(name) {
    this.settings[name] = !this.settings[name];
    this.keepSettings();
  }

  keepSettings() {
    memory.write(VIEW_KEY, this.settings);
    this.applySettings();
    this.row?.el.scrollIntoView({ block: "nearest" });
  }

  // -- keyboard and mouse

  wire() {
    const listen = (target, type, act, options) => {
      target.addEventListener(type, act, options);
      this.cleanup.push(() => target.removeEventListener(type, act, options));
    };
    // The notebook listens on document in the capture phase and would take b, x, d d or an arrow
    // as its own command first; window comes before it.
    listen(window, "keydown", (event) => this.onKey(event), true);
    listen(document, "selectionchange", () => this.onSelection());
    this.list.addEventListener("click", (event) => this.onClick(event));
    if (this.inWords) {
      this.list.addEventListener("mousedown", (event) => this.startDrag(event));
      listen(window, "mousemove", (event) => this.dragTo(event));
      listen(window, "mouseup", () => this.endDrag());
    }
    this.list.addEventListener("focusin", ({ target }) => {
      const row = this.rows.find((one) => one.el === target);
      if (row && row !== this.row) this.go(row.target, { focus: false });
      else if (row) row.el.setAttribute("aria-selected", "true");
    });
    this.cleanup.push(this.store.listen((ids) => this.repaint(ids)));
  }

  close() {
    this.flush();
    for (const act of this.cleanup) act();
  }

  onKey(event) {
    const { target } = event;
    if (!this.frame.contains(target) || event.key === "Tab" || event.isComposing) return;
    const writing = target.matches("input, textarea");
    if (this.isChord(event)) this.onChord(event, writing);
    else if (writing || target.matches("select")) this.onWritingKey(event);
    else if (this.onPlainKey(event)) event.preventDefault();
    // Nothing that is not a chord may reach the notebook.
    if (!this.isChord(event) && !this.passes(event)) event.stopPropagation();
  }

  /** Ctrl, Cmd or Alt with a key; AltGr and Mac's Option only type, as for [ on many keyboards. */
  isChord(event) {
    if (event.getModifierState("AltGraph")) return false;
    if (event.altKey && !event.ctrlKey && !event.metaKey && "[]".includes(event.key)) return false;
    return event.ctrlKey || event.metaKey || event.altKey;
  }

  passes({ key }) {
    return /^F\d+$/.test(key) || ["Shift", "Control", "Alt", "Meta", "CapsLock"].includes(key);
  }

  /** Chords pass, Ctrl+S above all, save those that would change the notebook's cells. */
  onChord(event, writing) {
    const key = event.key.toLowerCase();
    const changesCells =
      ["z", "y", "backspace", "delete", "arrowup", "arrowdown"].includes(key) ||
      (key === "enter" && event.altKey) ||
      (key === "m" && event.shiftKey);
    if (!changesCells) return;
    event.stopPropagation();
    if (writing) return; // the field's own undo, and moving by word
    event.preventDefault();
    if (key === "y" || (key === "z" && event.shiftKey)) this.redo();
    else if (key === "z") this.undo();
  }

  onWritingKey(event) {
    const leaves =
      event.key === "Escape" ||
      (event.key === "Enter" && !event.shiftKey && !event.target.matches("select"));
    if (!leaves) return;
    event.preventDefault();
    this.flush();
    this.focusRow();
  }

  /** Act on a key without modifiers; return whether the browser shall do nothing more with it. */
  onPlainKey(event) {
    const { target } = event;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (this.passes(event)) return false;
    const inList = this.list.contains(target);
    if (!inList && ["Enter", " "].includes(key)) return false; // a button's own keys
    const bar = target.closest("[role=toolbar]");
    if (bar && this.moveInBar(bar, target, key)) return true;
    if (key === "Escape") return this.escape();
    if (inList && this.moveKey(key, event.shiftKey)) return true;
    const command = {
      u: () => this.undo(),
      y: () => this.redo(),
      n: () => this.toNote(),
      r: () => this.newRecord(),
      ".": () => this.nextUnlabelled(),
      "?": () => this.help(),
      "[": () => this.stepMarks(-1),
      "]": () => this.stepMarks(1),
      Backspace: () => this.remove(),
      Delete: () => this.remove(),
    }[key];
    const mark = this.byKey.get(key);
    if (mark) this.press(mark);
    else if (command && (this.inWords || !"[]".includes(key))) command();
    else if (key.length === 1 && key !== " ") this.announce(this.say("unknownKey", { key }));
    else return inList;
    return true;
  }

  moveInBar(bar, target, key) {
    const buttons = [...bar.querySelectorAll("button")];
    const n = buttons.indexOf(target);
    const to = { ArrowRight: n + 1, ArrowLeft: n - 1, Home: 0, End: buttons.length - 1 }[key];
    if (to === undefined) return false;
    buttons[(to + buttons.length) % buttons.length].focus();
    return true;
  }

  /** First close what is open, step by step; then leave the labeller for the notebook's cell. */
  escape() {
    if (!this.legend.hidden) this.help();
    else if (this.words || this.held) {
      this.drop();
      this.announce(this.say("backToUnits", { unit: this.row.unit.id }));
      this.paintFocus();
    } else if (!this.list.contains(document.activeElement)) this.focusRow();
    // Never out to the notebook's cell, where the next x or dd would cut it: Tab leaves.
    else this.announce(this.text.stays);
    return true;
  }

  moveKey(key, shift) {
    const page = 8;
    const byUnit = {
      ArrowDown: this.at + 1,
      ArrowUp: this.at - 1,
      PageDown: this.at + page,
      PageUp: this.at - page,
    }[key];
    if (byUnit !== undefined) {
      this.go(byUnit);
      return true;
    }
    const last = this.row.unit.starts.length - 1;
    if (this.inWords && (this.words || this.held)) {
      const { anchor, head } = this.words ?? { anchor: null, head: null };
      const { from, to } = this.resume ?? { from: 0, to: 0 };
      const right = head === null ? to + 1 : head + 1;
      const left = head === null ? from - 1 : head - 1;
      const there = { ArrowRight: right, ArrowLeft: left, Home: 0, End: last, Enter: head ?? from }[key];
      if (there === undefined) return false;
      if (key === "Enter" && head !== null) this.announce(this.phrase(this.row, this.rangeObject()));
      else this.select(shift && anchor !== null ? anchor : there, there);
      return true;
    }
    if (this.inWords && ["Enter", "ArrowRight"].includes(key)) {
      this.select(0, 0);
      return true;
    }
    if (key === "Home") this.go(0);
    else if (key === "End") this.go(this.targets.length - 1);
    else return false;
    return true;
  }

  rangeObject() {
    const [from, to] = this.range();
    return { from, to };
  }

  rowOfNode(node) {
    const element = node instanceof Element ? node : node?.parentElement;
    const unit = element?.closest(".kl-row")?.dataset.unit;
    return this.rowOf.get(unit);
  }

  /** Which of the row's tokens (gap, word, gap, …) a node lies in, or null. */
  tokenAt(row, node) {
    const n = row.tokens.indexOf(node?.closest(".kl-word, .kl-gap"));
    return n < 0 ? null : n;
  }

  /** The mouse draws its own selection, word by word and in one paragraph only. */
  startDrag(event) {
    const row = this.rowOfNode(event.target);
    if (event.button || event.shiftKey || !row || row.target < 0) return;
    const token = this.tokenAt(row, event.target);
    if (token === null) return;
    event.preventDefault(); // no selection of the browser's beside this one
    const last = row.unit.starts.length - 1;
    this.drag = { row, from: Math.min(Math.floor(token / 2), last), moved: false };
  }

  dragTo(event) {
    const { drag } = this;
    if (!drag) return;
    if (!(event.buttons & 1)) return this.endDrag();
    const box = drag.row.text.getBoundingClientRect();
    const x = Math.max(box.left + 2, Math.min(box.right - 2, event.clientX));
    const token = this.tokenAt(drag.row, document.elementFromPoint(x, event.clientY));
    let word = token % 2 ? (token - 1) / 2 : null;
    if (event.clientY < box.top) word = 0;
    if (event.clientY > box.bottom) word = drag.row.unit.starts.length - 1;
    if (word === null || (word === drag.from && !drag.moved)) return;
    if (drag.row !== this.row) this.go(drag.row.target);
    if (drag.moved && word === this.words?.head) return;
    drag.moved = true;
    this.select(drag.from, word);
  }

  endDrag() {
    if (this.drag?.moved) {
      this.focusRow();
      this.dragged = true; // the click that follows is not one
      setTimeout(() => (this.dragged = false));
    }
    this.drag = null;
  }

  /** A finger's selection handles: snap to whole words of one paragraph. */
  onSelection() {
    if (!this.inWords) return;
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !this.list.contains(selection.anchorNode)) return;
    const row = this.rowOfNode(selection.anchorNode);
    if (!row || row.target < 0) return;
    if (row !== this.row) this.go(row.target, { focus: false });
    const range = selection.getRangeAt(0);
    const touched = (token) => {
      if (!range.intersectsNode(token)) return false;
      const edge = document.createRange();
      edge.selectNodeContents(token);
      return (
        range.compareBoundaryPoints(Range.END_TO_START, edge) < 0 &&
        range.compareBoundaryPoints(Range.START_TO_END, edge) > 0
      );
    };
    const words = row.tokens.flatMap((token, n) => (n % 2 && touched(token) ? [(n - 1) / 2] : []));
    if (!words.length) return;
    const [from, to] = [words[0], words.at(-1)];
    if (this.words && this.range()[0] === from && this.range()[1] === to) return;
    this.select(from, to);
  }

  onClick(event) {
    const row = this.rowOfNode(event.target);
    if (this.dragged || !row || row.target < 0) return;
    const item = event.target.closest(".kl-item");
    const extend = event.shiftKey && this.words && row === this.row;
    const token = this.tokenAt(row, event.target);
    const word = token % 2 ? (token - 1) / 2 : null;
    if (!extend) this.go(row.target);
    if (!this.inWords) return;
    if (item) {
      const span = this.spans(row).find(({ id }) => id === item.dataset.id);
      if (span) this.hold(span, row);
      return;
    }
    if (word === null) return;
    if (extend) return this.select(this.words.anchor, word);
    const over = this.spans(row).filter(({ from, to }) => from <= word && word <= to);
    // The shortest label lies on top; a second click on the same word takes the next one.
    over.sort((a, b) => a.to - a.from - (b.to - b.from));
    if (over.length) {
      this.turn = this.turned === token ? (this.turn ?? 0) + 1 : 0;
      this.turned = token;
      this.hold(over[this.turn % over.length], row);
    } else this.select(word, word);
  }
}

/** anywidget calls this once for each model; its views share one store. */
export default () => {
  let store;
  return {
    initialize({ model }) {
      store = new Store(model);
      return () => store.close();
    },
    render({ el: root }) {
      const page = new Page(store, root);
      return () => page.close();
    },
  };
};
