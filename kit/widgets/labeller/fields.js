// What is written and chosen beside a label: its fields and its note.

import { TYPING_PAUSE } from "../line.js";
import { el, unique } from "../tools.js";
import { Chips } from "./chips.js";
import { proposals } from "./follow.js";
import { say, TEXT } from "./wording.js";

/** Inputs for one subject at a time. What is typed goes to the store after a pause. */
export class Fields {
  constructor({ store, scheme, article, editor, leave }) {
    this.store = store;
    this.scheme = scheme;
    this.article = article;
    this.editor = editor;
    this.leave = leave; // called when the last field has been chosen
    this.uid = unique("kit");
    this.inputs = new Map(); // what is typed into, by the field's id, and "note"
    this.chips = new Map(); // by the field's id
    this.asides = new Map(); // by the field's id: { filled, hint }
    this.typing = null; // { commit, timer }: what was typed and is not sent
  }

  /** Have no inputs: what they were about is no longer in question. */
  clear() {
    this.flush();
    this.inputs.clear();
    this.chips.clear();
  }

  /**
   * Return new inputs for an annotation, which need not be there yet: its id, the unit that it lies
   * in, and what a screen reader shall call it.
   */
  draw(id, unit, name) {
    this.id = id;
    const boxes = this.scheme.fields.map((field) => this.box(field, unit));
    const note = this.note(name);
    for (const [field, input] of this.inputs) this.wire(input, field, unit);
    return [...boxes, note];
  }

  box(field, unit) {
    const id = `${this.uid}-${field.id}`;
    const named = { "aria-labelledby": `${id}-name`, "aria-describedby": `${id}-hint` };
    const hint = el("div", { class: "kl-hint", id: `${id}-hint` });
    const chips = new Chips(named, (value) => this.commit(field.id, value, unit));
    const text = field.kind === "text";
    chips.fill(text ? this.proposals(field) : field.options);
    this.chips.set(field.id, chips);
    const name = { class: "kl-label", id: `${id}-name`, text: field.name };
    const label = text ? el("label", { ...name, for: id }) : el("span", name);
    const filled = el("span", { class: "kl-filled" });
    this.asides.set(field.id, { filled, hint });
    const box = el("div", { class: "kl-field" }, el("div", {}, label, " ", filled));
    if (chips.inputs.length) box.append(chips.el);
    if (text) {
      const input = el("textarea", { id, rows: "1", placeholder: field.hint });
      this.inputs.set(field.id, input);
      box.append(input);
    }
    box.append(hint);
    return box;
  }

  proposals(field) {
    const subject = this.store.get(this.id);
    if (!subject) return [];
    const wordsOf = (span) => this.article.wordsOf(span);
    const { referents } = this.store.doc;
    const values = proposals(field, subject, [...this.store.now.values()], wordsOf, referents);
    return values.map((value) => ({ id: value, name: value }));
  }

  note(name) {
    const id = `${this.uid}-note`;
    const note = el("textarea", { id, class: "kl-note", rows: "2", maxlength: "4000" });
    note.placeholder = TEXT.notePrompt;
    note.setAttribute("aria-label", say("noteOn", { what: name }));
    this.inputs.set("note", note);
    const label = el("label", { class: "kl-label", for: id, text: TEXT.note });
    return el("div", { class: "kl-field" }, label, note);
  }

  /** Send a value, or the note. */
  commit(name, value, unit, stroke) {
    const { id } = this;
    const there = this.store.get(id);
    if (this.scheme.inWords && !there) return; // the words were taken out meanwhile
    const annotation = there ?? this.scheme.blank(id, unit);
    const fields = { ...annotation.fields, [name]: value };
    const change = name === "note" ? { note: value } : { fields };
    this.editor.filled.delete(`${id} ${name}`);
    this.editor.put({ ...annotation, ...change }, { unit: unit.id, stroke });
  }

  /** Send what is typed after a pause, and at once when the field is left. */
  wire(input, name, unit) {
    const commit = () => {
      this.stop();
      const value = name === "note" ? input.value : input.value.replace(/\s+/g, " ");
      this.commit(name, value, unit, `${this.id} ${name}`);
    };
    input.addEventListener("input", () => {
      this.stop();
      this.typing = { commit, timer: setTimeout(commit, TYPING_PAUSE) };
    });
    input.addEventListener("change", commit);
  }

  /** Bring the values up to date, but for one that is being written. */
  show(annotation) {
    for (const [name, chips] of this.chips) {
      const value = annotation?.fields[name] ?? "";
      if (chips.value !== value) chips.value = value;
      this.hint(name, value);
    }
    for (const [name, input] of this.inputs) {
      if (document.activeElement === input && this.typing) continue;
      const value = (name === "note" ? annotation?.note : annotation?.fields[name]) ?? "";
      if (input.value !== value) input.value = value;
    }
  }

  /** Under a choice stands what the chosen option means, or what is asked for. */
  hint(name, value) {
    const field = this.scheme.field(name);
    const { filled, hint } = this.asides.get(name);
    const option = field.options.find(({ id }) => id === value);
    hint.textContent = option?.definition ?? (field.kind === "text" ? "" : field.hint);
    filled.textContent = value && this.editor.filled.has(`${this.id} ${name}`) ? TEXT.filled : "";
  }

  /**
   * Do what a key does in the chips that `target` is one of: a digit chooses and goes on to the next
   * empty field, or away when there is none. Return whether the key means anything.
   */
  choose(target, key) {
    const names = [...this.chips.keys()];
    const n = names.findIndex((name) => this.chips.get(name).el.contains(target));
    const chips = this.chips.get(names[n]);
    if (["Backspace", "Delete"].includes(key)) chips.clear();
    else if (!chips.pick(Number(key))) return false;
    else if (!this.toEmpty(names.slice(n + 1))) this.leave();
    return true;
  }

  /** Go to the first field that is empty, of all or of some; return whether there is one. */
  toEmpty(names = [...this.chips.keys()]) {
    const fields = this.store.get(this.id)?.fields ?? {};
    const name = names.find((one) => !fields[one]);
    if (!name) return false;
    const chips = this.chips.get(name);
    if (chips.inputs.length) chips.focus();
    else this.inputs.get(name).focus();
    return true;
  }

  /** Go to the note; return whether there is one. */
  toNote() {
    const note = this.inputs.get("note");
    note?.focus();
    return Boolean(note);
  }

  /** Send what is being written now. */
  flush() {
    this.typing?.commit();
  }

  stop() {
    clearTimeout(this.typing?.timer);
    this.typing = null;
  }
}
