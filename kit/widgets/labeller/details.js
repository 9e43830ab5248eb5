// The details beside the article: of the unit, the words or the record in question.

import { el, shorten } from "../tools.js";
import { Fields } from "./fields.js";
import { swatch, tag } from "./scheme.js";
import { plainButton, signButton, Toolbar } from "./toolbar.js";
import { say, TEXT } from "./wording.js";

/** Builds the details for what the cursor is at; puts nothing in the store itself. */
export class Details {
  constructor({ store, scheme, article, cursor, editor }) {
    this.scheme = scheme;
    this.article = article;
    this.cursor = cursor;
    this.editor = editor;
    const leave = () => {
      cursor.focus();
      editor.announce(TEXT.fieldsDone);
    };
    this.fields = new Fields({ store, scheme, article, editor, leave });
    this.bars = []; // of buttons, those that are shown now
    this.el = el("div", { class: "kl-details", role: "group", "aria-label": TEXT.details });
    this.built = ""; // what they were built for
  }

  /** Build the details for another subject; for the same one, only bring values up to date. */
  paint() {
    const { cursor, scheme } = this;
    if (!cursor.row) return;
    const subject = cursor.subject();
    const records = scheme.inRecords ? this.article.annotations(cursor.row) : [];
    const shape = JSON.stringify([
      cursor.row.unit.id,
      subject?.id,
      cursor.range,
      records.map((one) => [one.id, one.parts]),
      scheme.inWords && !scheme.inRecords && subject?.codes,
    ]);
    if (shape !== this.built) {
      this.fields.clear();
      this.bars = [];
      this.built = shape;
      this.el.replaceChildren(...this.lines(subject, records));
    }
    this.fields.show(subject);
  }

  lines(subject, records) {
    const { cursor, scheme } = this;
    const { unit } = cursor.row;
    const lines = [];
    if (cursor.words) lines.push(this.selection());
    if (scheme.inRecords) lines.push(this.records(records, subject));
    if (!scheme.inWords) lines.push(el("div", { class: "kl-title", text: unit.id }));
    else if (subject && !scheme.inRecords) lines.push(this.title(subject));
    if (!scheme.inWords) lines.push(...this.fields.draw(unit.id, unit, unit.id));
    else if (subject) {
      lines.push(...this.fields.draw(subject.id, unit, this.article.nameOf(subject)));
      lines.push(this.removal(subject));
    } else if (!cursor.words) {
      const how = scheme.inRecords ? say("howParts", { parts: scheme.partKeys() }) : TEXT.howWords;
      lines.push(el("p", { class: "kl-how", text: how }));
    }
    return lines;
  }

  title(subject) {
    const title = el("div", { class: "kl-title" });
    for (const id of subject.codes) title.append(swatch(this.scheme.mark(id)), " ");
    title.append(el("q", { text: shorten(this.article.wordsOf(subject.at)) }));
    return title;
  }

  /** The selected words, with buttons that move where they start and end. */
  selection() {
    const { cursor } = this;
    const { from, to } = cursor.range;
    const bar = this.bar("kl-adjust", TEXT.chosenWords);
    const label = (text) => bar.el.append(el("span", { class: "kl-label", text }));
    const button = (sign, name, act) => {
      const node = signButton(sign, name, () => {
        act();
        // The details are built anew for the new words: stay on the same button.
        this.el.querySelector(`[data-name="${name}"]`)?.focus();
      });
      node.dataset.name = name;
      bar.el.append(node);
    };
    label(TEXT.start);
    button("◂", TEXT.startLeft, () => cursor.select(from - 1, to));
    button("▸", TEXT.startRight, () => cursor.select(Math.min(from + 1, to), to));
    label(TEXT.end);
    button("◂", TEXT.endLeft, () => cursor.select(from, Math.max(to - 1, from)));
    button("▸", TEXT.endRight, () => cursor.select(from, to + 1));
    button("✕", TEXT.clearWords, () => {
      cursor.unselect();
      cursor.focus();
    });
    bar.makeStop();
    return el(
      "div",
      { class: "kl-selection" },
      el("div", { class: "kl-label", text: TEXT.chosenWords }),
      el("q", { text: shorten(cursor.row.phrase({ from, to }), 90) }),
      bar.el,
    );
  }

  /** A bar of buttons: one stop of Tab. */
  bar(name, label) {
    const bar = new Toolbar(name, label, () => this.cursor.focus({ scroll: false }));
    this.bars.push(bar);
    return bar;
  }

  /** The records of the row to choose from. */
  records(records, subject) {
    const unit = this.cursor.row.unit.id;
    const title = say("recordsHere", { unit });
    const bar = this.bar("kl-records", title);
    const others = records.some(({ id }) => id !== subject?.id);
    (others ? records : []).forEach(({ id }, n) => {
      const button = plainButton(say("record", { n: n + 1 }), () => {
        this.cursor.openRecord(id);
        this.el.querySelector('.kl-records [aria-pressed="true"]')?.focus();
      });
      button.setAttribute("aria-pressed", String(id === subject?.id));
      bar.el.append(button);
    });
    bar.makeStop(bar.buttons.find((one) => one.getAttribute("aria-pressed") === "true"));
    if (this.cursor.fresh || !records.length) {
      bar.el.append(el("span", { class: "kl-sub", text: TEXT.newRecord }));
    }
    return el("div", {}, el("div", { class: "kl-title", text: title }), bar.el);
  }

  /** The buttons that take away, behind the fields: a label or a record, and each of its parts. */
  removal(subject) {
    const { inRecords, parts } = this.scheme;
    const bar = this.bar("kl-removal", TEXT.remove);
    if (inRecords) bar.el.append(...parts.map((part) => this.part(subject, part)));
    bar.el.append(this.removeButton(subject));
    bar.makeStop(bar.buttons.at(-1));
    return bar.el;
  }

  part(record, part) {
    const spans = record.parts[part.id] ?? [];
    const box = el("div", { class: "kl-part" }, tag(part));
    if (!spans.length) box.append(el("span", { class: "kl-sub", text: part.definition }));
    spans.forEach((span, n) => {
      const words = this.article.wordsOf(span);
      const button = signButton("✕", say("removePart", { part: part.name, words }), () => {
        this.editor.removePart(record.id, part.id, n);
        this.cursor.focus();
      });
      box.append(el("div", { class: "kl-piece" }, el("q", { text: shorten(words, 70) }), button));
    });
    return box;
  }

  removeButton(subject) {
    return plainButton(this.scheme.inRecords ? TEXT.removeRecord : TEXT.removeLabel, () => {
      this.editor.removeWhole(subject);
      this.cursor.focus();
    });
  }

  /** Go to the note; return whether there is one. */
  toNote() {
    this.paint();
    return this.fields.toNote();
  }

  /** Go to the first field that is empty; return whether there is one. */
  toEmpty() {
    this.paint();
    return this.fields.toEmpty();
  }

  /** Do what a key does in the options of a field; return whether it means anything there. */
  choose(target, key) {
    return this.fields.choose(target, key);
  }

  /** Send what is being written now. */
  flush() {
    this.fields.flush();
  }
}
