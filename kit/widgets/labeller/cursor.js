// Where the student is in the article.

import { holds } from "./row.js";

/**
 * Which row has the focus, which of its words are selected, and which label is in hand. `moved` is
 * called after every change. It puts nothing in the store.
 */
export class Cursor {
  constructor({ store, scheme, article, voice, moved }) {
    this.store = store;
    this.scheme = scheme;
    this.article = article;
    this.voice = voice;
    this.moved = moved;
    this.at = 0; // which of the targets
    this.words = null; // { anchor, head }: the selected words of its row
    this.held = null; // { id, part, n }: the label, or the span of a record, that is in hand
    this.open = null; // id of the record that parts go into
    this.fresh = false; // whether the next part begins a new record
    article.el.addEventListener("focusin", ({ target }) => this.follow(target));
  }

  /** The row, or undefined where nothing may be labelled. */
  get row() {
    return this.article.targets[this.at];
  }

  /** The selected words as { from, to }, or null. */
  get range() {
    if (!this.words) return null;
    const { anchor, head } = this.words;
    return { from: Math.min(anchor, head), to: Math.max(anchor, head) };
  }

  /** The span of what is in hand, or null when it is gone. */
  get heldSpan() {
    const { id, part, n } = this.held;
    const annotation = this.store.get(id);
    if (!annotation) return null;
    return part === undefined ? annotation.at : (annotation.parts[part]?.[n] ?? null);
  }

  /** The words of what is in hand as { from, to }, or null. */
  get heldWords() {
    return this.article.spans(this.row).find((span) => holds(this.held, span)) ?? null;
  }

  /** The annotation that fields, notes and Remove are about, or null. */
  subject() {
    if (!this.row) return null;
    if (!this.scheme.inWords) return this.store.get(this.row.unit.id);
    if (this.held) return this.store.get(this.held.id);
    return this.scheme.inRecords ? this.record() : null;
  }

  /** The record that the next part goes into, or null when that begins a new one. */
  record() {
    if (this.fresh) return null;
    const here = this.article.annotations(this.row);
    return here.find(({ id }) => id === this.open) ?? here.at(-1) ?? null;
  }

  /**
   * The part that the record in hand still lacks and that is asked for next, or null: the words
   * that are dragged over now become it.
   */
  get due() {
    const record = this.held?.part && this.store.get(this.held.id);
    if (!record) return null;
    const { parts } = this.scheme;
    const n = parts.findIndex(({ id }) => id === this.held.part);
    return [...parts.slice(n + 1), ...parts.slice(0, n)].find(({ id }) => !record.parts[id]) ?? null;
  }

  // -- rows

  /**
   * Go to a target by its place in the list, or to the nearest there is. Who points at it has it in
   * view: nothing shall `scroll` under the pointer.
   */
  go(n, { focus = true, scroll = focus } = {}) {
    const { targets } = this.article;
    if (!targets.length) return;
    const before = this.row;
    this.letGo();
    this.setWords(null);
    this.at = Math.max(0, Math.min(targets.length - 1, n));
    if (before !== this.row) {
      this.fresh = false;
      this.open = null;
    }
    before.current(false);
    this.row.current(true);
    if (focus) this.row.focus();
    if (scroll) this.keepInView();
    this.moved();
  }

  /** Stay in a row, or go to the next, when other rows may be labelled than before. */
  stay(row) {
    const { rows, targets } = this.article;
    const next = targets.findIndex((one) => rows.indexOf(one) >= rows.indexOf(row));
    this.at = next < 0 ? Math.max(0, targets.length - 1) : next;
    if (this.row !== row) {
      this.letGo();
      this.setWords(null);
      this.open = null;
      this.fresh = false;
    }
    this.row?.current(true);
  }

  focus({ scroll = true } = {}) {
    this.row?.focus();
    if (scroll) this.keepInView();
  }

  keepInView() {
    this.row?.keepInView();
  }

  /** Go where the browser has put the focus. */
  follow(node) {
    const row = this.article.rows.find((one) => one.el === node);
    if (row && row !== this.row) this.go(row.target, { focus: false });
    else row?.current(true);
  }

  // -- words

  /** Select words of the row by number, and speak them. */
  select(anchor, head, { scroll = true } = {}) {
    const { last } = this.row;
    if (last < 0) return;
    const within = (n) => Math.max(0, Math.min(last, n));
    this.letGo();
    this.setWords({ anchor: within(anchor), head: within(head) });
    if (scroll) this.row.reveal(this.words.head);
    this.voice.announce(this.row.phrase(this.range));
    this.moved();
  }

  /** Select nothing; what is in hand stays there. */
  unselect() {
    this.setWords(null);
    this.moved();
  }

  setWords(words) {
    this.words = words;
    this.row?.light(this.range);
  }

  // -- the label in hand

  /** Take a span in hand, and speak it. */
  hold(span, row, { scroll = true } = {}) {
    if (row !== this.row) this.go(row.target, { focus: false });
    this.take(span.id, span.part, span.n);
    this.focus({ scroll });
    if (scroll) row.reveal(span.from);
    const label = span.part ? span.mark.name : this.article.describe(this.store.get(span.id));
    this.voice.announce(`${label}: ${row.phrase(span)}`);
  }

  /** Take a label in hand, or one span of a record, in place of selected words. */
  take(id, part, n) {
    this.setWords(null);
    this.held = { id, part, n };
    this.open = id;
    this.fresh = false;
    this.article.showHeld(this.held);
    this.moved();
  }

  /** Let go of the label in hand. */
  letGo() {
    if (!this.held) return;
    this.held = null;
    this.article.showHeld(null);
  }

  /** Let go of what is no longer there. */
  check() {
    if (this.held && !this.heldSpan) this.held = null;
  }

  /** Have only the row. */
  drop() {
    this.letGo();
    this.unselect();
  }

  /** Let parts go into a record; into a new one if null. */
  openRecord(id) {
    this.letGo();
    this.fresh = id === null;
    if (id !== null) this.open = id;
    this.moved();
  }
}
