// What a student does to the labels.

import { following } from "./follow.js";
import { holds } from "./row.js";
import { say, TEXT } from "./wording.js";

/** Spans in text order. */
const inOrder = (spans) => spans.sort((a, b) => a.start - b.start);

/** Puts labels in the store, takes them out, and says what was done or why not. */
export class Editor {
  constructor({ store, scheme, article, cursor, voice }) {
    this.store = store;
    this.scheme = scheme;
    this.article = article;
    this.cursor = cursor;
    this.voice = voice;
    this.filled = new Set(); // "id field" of what was filled in and not chosen since
  }

  announce(sentence) {
    this.voice.announce(sentence);
  }

  /** A sentence, and how far the student is. */
  report(sentence) {
    this.announce(`${sentence} ${this.article.progress()}`);
  }

  /** Put an annotation in the store with what follows from it, or nothing if it says nothing. */
  put(annotation, options) {
    const { id } = annotation;
    const { article, scheme, store } = this;
    const found = following(scheme.fields, store.get(id), annotation, [...store.now.values()], (all) =>
      article.count(all),
    );
    for (const field of Object.keys(found)) this.filled.add(`${id} ${field}`);
    const whole = scheme.whole({ ...annotation, fields: { ...annotation.fields, ...found } });
    store.change({ [id]: whole }, { unit: this.cursor.row.unit.id, ...options });
  }

  // -- putting on

  /**
   * Put a code on the unit or the words in question, or make the words a part of a record. Return
   * whether that leaves nothing to mark there: a unit that has the one code it may have, and had
   * none before, or a record that has its last part.
   */
  mark(mark) {
    if (this.scheme.parts.includes(mark)) return this.markPart(mark);
    if (this.scheme.inWords) return this.markWords(mark);
    return this.markUnit(mark);
  }

  markUnit(mark) {
    const { unit } = this.cursor.row;
    const annotation = this.store.get(unit.id) ?? this.scheme.blank(unit.id, unit);
    const codes = this.oneMore(annotation.codes, mark);
    if (!codes) return false;
    this.put({ ...annotation, codes });
    this.report(say("labelled", { unit: unit.id, label: this.scheme.names(codes) }));
    // Where a second code may follow, nobody but the student knows whether it will.
    return this.scheme.layer.choice === "one" && !annotation.codes.length;
  }

  markWords(mark) {
    const { cursor, scheme } = this;
    if (!cursor.words && !cursor.held) return this.refuse(TEXT.chooseWords);
    let annotation;
    if (cursor.held) annotation = this.store.get(cursor.held.id);
    else {
      const at = cursor.row.spanOf(cursor.range);
      const here = this.article.annotations(cursor.row);
      annotation = here.find((one) => one.at.start === at.start && one.at.end === at.end);
      const touching = here.find((one) => one.at.start < at.end && at.start < one.at.end);
      if (!annotation && touching && scheme.layer.choice === "one") {
        return this.refuse(say("overlap", { label: this.article.describe(touching) }));
      }
      annotation ??= scheme.blank(this.newId(), at);
    }
    const codes = this.oneMore(annotation.codes, mark);
    if (!codes) return false;
    this.put({ ...annotation, codes });
    this.take(annotation.id);
    this.report(`${scheme.names(codes)}: ${this.article.wordsOf(annotation.at)}.`);
    return false; // the next words are not known
  }

  markPart(mark) {
    const { cursor, scheme } = this;
    if (cursor.held?.part) return this.movePart(mark);
    if (!cursor.words) return this.refuse(say("noRecord", { parts: scheme.partKeys() }));
    const span = cursor.row.spanOf(cursor.range);
    const record = cursor.record() ?? scheme.blank(this.newId(), span);
    const old = mark.many ? (record.parts[mark.id] ?? []) : [];
    const others = old.filter(({ start, end }) => start !== span.start || end !== span.end);
    const list = inOrder([...others, span]);
    this.put({ ...record, parts: { ...record.parts, [mark.id]: list } });
    this.take(record.id, mark.id, list.indexOf(span));
    const lacking = scheme.lacking(this.store.get(record.id));
    this.announce(`${mark.name}: ${this.article.wordsOf(span)}. ${lacking}`);
    return !record.parts[mark.id] && !cursor.due;
  }

  /** The span in hand becomes another part of its record. */
  movePart(mark) {
    const { id, part, n } = this.cursor.held;
    if (part === mark.id) return false;
    const record = this.store.get(id);
    const span = record.parts[part][n];
    const from = record.parts[part].filter((one) => one !== span);
    const to = inOrder([...(mark.many ? (record.parts[mark.id] ?? []) : []), span]);
    this.put({ ...record, parts: { ...record.parts, [part]: from, [mark.id]: to } });
    this.take(id, mark.id, to.indexOf(span));
    this.announce(`${mark.name}: ${this.article.wordsOf(span)}`);
    return false;
  }

  /** Say why nothing was marked. */
  refuse(sentence) {
    this.announce(sentence);
    return false;
  }

  /** The codes of a label after one more, or null, and then it is said why not. */
  oneMore(codes, mark) {
    const more = this.scheme.withCode(codes, mark.id);
    if (!more) this.announce(say("mostCodes", { n: this.scheme.layer.most }));
    return more;
  }

  /** Take in hand what was just marked. */
  take(id, part, n) {
    document.getSelection()?.removeAllRanges();
    this.cursor.take(id, part, n);
  }

  newRecord() {
    if (!this.scheme.inRecords || !this.cursor.row) return;
    this.cursor.openRecord(null);
    this.announce(say("fresh", { parts: this.scheme.partKeys() }));
  }

  newId() {
    let id;
    do id = `w${Math.random().toString(36).slice(2, 8)}`;
    while (this.store.get(id));
    return id;
  }

  // -- taking off

  /** Take off the last code of the unit or the label in hand, or the part in hand. */
  remove() {
    if (!this.cursor.row) return;
    if (this.scheme.inWords) return this.removeHeld();
    const { unit } = this.cursor.row;
    const annotation = this.store.get(unit.id);
    if (!annotation?.codes.length) return this.announce(TEXT.nothingToRemove);
    this.put({ ...annotation, codes: annotation.codes.slice(0, -1) });
    this.report(say("cleared", { unit: unit.id }));
  }

  removeHeld() {
    if (!this.cursor.held) return this.announce(TEXT.chooseLabel);
    const { id, part, n } = this.cursor.held;
    if (part !== undefined) return this.removePart(id, part, n);
    const annotation = this.store.get(id);
    const unit = this.article.quote(annotation.at);
    this.put({ ...annotation, codes: annotation.codes.slice(0, -1) });
    this.report(say("cleared", { unit }));
  }

  /** Take one span out of a record. */
  removePart(id, part, n) {
    const record = this.store.get(id);
    const unit = this.article.quote(record.parts[part][n]);
    const rest = record.parts[part].filter((_, k) => k !== n);
    this.cursor.letGo();
    this.put({ ...record, parts: { ...record.parts, [part]: rest } });
    this.report(say("cleared", { unit }));
  }

  /** Take away a label or a record, whatever it holds. */
  removeWhole(annotation) {
    const unit = this.article.nameOf(annotation);
    this.cursor.letGo();
    this.store.change({ [annotation.id]: null }, { unit: this.cursor.row.unit.id });
    this.report(say("cleared", { unit }));
  }

  // -- back and forth

  undo() {
    this.stepBack(this.store.undo(), "undone", "nothingToUndo");
  }

  redo() {
    this.stepBack(this.store.redo(), "redone", "nothingToRedo");
  }

  stepBack(step, done, nothing) {
    if (!step) return this.announce(TEXT[nothing]);
    const row = this.article.row(step.unit);
    if (row && row.target >= 0 && row !== this.cursor.row) {
      const inside = this.article.el.contains(document.activeElement);
      this.cursor.go(row.target, { focus: inside });
    }
    this.cursor.unselect();
    this.report(TEXT[done]);
  }

  // -- from label to label

  nextUnlabelled() {
    const { targets } = this.article;
    const after = this.cursor.at + 1;
    const row = [...targets.slice(after), ...targets.slice(0, after)].find((one) =>
      this.article.bare(one),
    );
    if (!row) return this.announce(TEXT.allDone);
    this.cursor.go(row.target);
  }

  /** Take the next (1) or previous (-1) label in hand. */
  step(way) {
    const { article, cursor } = this;
    const all = article.targets.flatMap((row) => article.spans(row).map((span) => ({ row, span })));
    if (!all.length) return this.announce(TEXT.noMarks);
    let n = all.findIndex(({ span }) => holds(cursor.held, span));
    if (n >= 0) n += way;
    else {
      const from = cursor.range?.from ?? -1;
      n = all.findIndex(
        ({ row, span }) => row.target > cursor.at || (row === cursor.row && span.from >= from),
      );
      if (n < 0) n = all.length;
      if (way < 0) n -= 1;
    }
    const { row, span } = all[(n + all.length) % all.length];
    cursor.hold(span, row);
  }
}
