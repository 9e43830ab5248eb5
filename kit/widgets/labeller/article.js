// The article: all its rows, and which labels lie in which of them.

import { el, shorten } from "../tools.js";
import { Row } from "./row.js";
import { say, TEXT } from "./wording.js";

/** The list of rows. It reads labels from the store and never changes one. */
export class Article {
  constructor(store, scheme) {
    this.store = store;
    this.scheme = scheme;
    const { question } = scheme.layer;
    this.el = el("div", {
      class: "kl-article",
      role: "listbox",
      "aria-multiselectable": "true", // else where the focus is counts as selected
      "aria-label": say("article", { question, keys: TEXT.articleKeys }),
    });
    this.rows = [];
    this.blocks = store.doc.blocks.map((block) => this.add(block));
    this.far = this.blocks.filter(({ far }) => far).length;
    this.show(({ far }) => !far);
    this.byId = new Map(this.rows.map((row) => [row.unit.id, row]));
    this.aim();
    if (this.targets.length) this.targets[0].el.tabIndex = 0;
    for (const [id, annotation] of store.now) this.rowFor(annotation)?.ids.push(id);
    for (const row of this.rows) this.paint(row, null);
  }

  /** Take in which rows may be labelled. Labels on others stay as they are. */
  aim() {
    this.doc = this.store.doc;
    const units = this.doc.blocks.flatMap((block) => block.units);
    this.rows.forEach((row, n) => row.offer(units[n]));
    this.targets = this.rows.filter((row) => row.unit.active);
    this.targets.forEach((row, n) => (row.target = n));
    const asked = ({ node }) => this.targets.some((row) => node.contains(row.el));
    const hidden = (block) => !block.node.parentElement && asked(block);
    if (this.blocks.some(hidden)) this.show((block) => block.node.parentElement || asked(block));
  }

  add(block) {
    const rows = block.units.map((unit) => new Row(block, unit, this.scheme));
    const nodes = rows.map((row) => row.el);
    this.rows.push(...rows);
    const group = { class: "kl-block", role: "group", "aria-label": block.id };
    const sentences = this.scheme.layer.unit === "sentence";
    return { far: block.far, node: sentences ? el("div", group, ...nodes) : nodes[0] };
  }

  /** Show some blocks, by default all; where others are left out between them, that is marked. */
  show(wanted = () => true) {
    const shown = this.blocks.filter(wanted);
    shown.forEach((block, n) => {
      const apart = this.blocks[this.blocks.indexOf(block) - 1] !== shown[n - 1];
      block.node.classList.toggle("kl-apart", apart);
    });
    this.el.replaceChildren(...shown.map(({ node }) => node));
  }

  // -- rows and their labels

  row(id) {
    return this.byId.get(id);
  }

  /** The row that an annotation belongs to. */
  rowFor({ id, at }) {
    return this.scheme.inWords ? this.rows.find((row) => row.contains(at)) : this.row(id);
  }

  /** The row that a node of the page lies in. */
  rowOf(node) {
    const element = node instanceof Element ? node : node?.parentElement;
    return this.row(element?.closest(".kl-row")?.dataset.unit);
  }

  /** The annotations of a row, in text order. */
  annotations(row) {
    return row.ids
      .map((id) => this.store.get(id))
      .filter(Boolean)
      .sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end || (a.id < b.id ? -1 : 1));
  }

  spans(row) {
    return row.spans(this.annotations(row));
  }

  // -- painting, only what changed

  paint(row, held) {
    row.show(this.annotations(row), held, row.ids.some((id) => this.store.conflicts.has(id)));
  }

  /** Paint the rows of these labels, wherever they were and wherever they are now. */
  repaint(ids, held) {
    if (!ids.size) return;
    const rows = new Set(this.rows.filter((row) => row.ids.some((id) => ids.has(id))));
    const now = new Map();
    for (const id of ids) {
      const annotation = this.store.get(id);
      const row = annotation ? this.rowFor(annotation) : this.row(id);
      if (row) rows.add(row);
      if (row && annotation) now.set(id, row);
    }
    for (const row of rows) {
      const kept = row.ids.filter((id) => !ids.has(id));
      row.ids = [...kept, ...[...ids].filter((id) => now.get(id) === row)];
      this.paint(row, held);
    }
  }

  showHeld(held) {
    for (const row of this.rows) row.showHeld(held);
  }

  // -- in words

  /** The text of a span, from the words that are on the page. */
  wordsOf(span) {
    const row = this.rows.find((one) => one.contains(span));
    const words = row?.wordsIn(span);
    return words ? row.phrase(words) : "";
  }

  /** How many words some spans hold, and how many of those stand in quotation marks. */
  count(spans) {
    const counted = { all: 0, inside: 0 };
    for (const span of spans) {
      const row = this.rows.find((one) => one.contains(span));
      const words = row?.wordsIn(span);
      if (!words) continue;
      counted.all += words.to - words.from + 1;
      const within = (n) => words.from <= n && n <= words.to;
      counted.inside += row.unit.quoted.filter(within).length;
    }
    return counted;
  }

  /** What an annotation is about: "P6", or the words it covers. */
  nameOf({ id, at }) {
    return this.scheme.inWords && at ? this.quote(at) : id;
  }

  quote(span) {
    return `“${shorten(this.wordsOf(span))}”`;
  }

  /** A label in words: "Lede", "Raise + Lower", "no label". */
  describe(annotation) {
    if (!annotation) return TEXT.noLabel;
    if (annotation.codes.length) return this.scheme.names(annotation.codes);
    const spans = Object.entries(annotation.parts).flatMap(([part, list]) => {
      const name = this.scheme.mark(part)?.name ?? part;
      return list.map((span) => `${name}: ${shorten(this.wordsOf(span), 28)}`);
    });
    return spans.join("; ") || annotation.note || TEXT.noLabel;
  }

  // -- how far the student is

  /** Whether nothing was put on a row yet. */
  bare(row) {
    if (this.scheme.inWords) return !row.ids.length;
    return !this.store.get(row.unit.id)?.codes.length;
  }

  /** How many labels there are; where every unit wants one, how many units have theirs. */
  done() {
    if (this.scheme.inWords) return this.store.now.size;
    return this.targets.filter((row) => !this.bare(row)).length;
  }

  progress() {
    const n = this.done();
    if (!this.scheme.inWords) return say("progress", { done: n, all: this.targets.length });
    const [one, many] = this.scheme.inRecords ? ["oneRecord", "records"] : ["oneLabel", "labels"];
    return n === 1 ? TEXT[one] : say(many, { n });
  }
}
