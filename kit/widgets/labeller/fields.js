// What is written and chosen beside a label: its fields and its note.

import { TYPING_PAUSE } from "../line.js";
import { el, unique } from "../tools.js";
import { say, TEXT } from "./wording.js";

/** Inputs for one subject at a time. What is typed goes to the store after a pause. */
export class Fields {
  constructor({ store, scheme, editor }) {
    this.store = store;
    this.scheme = scheme;
    this.editor = editor;
    this.uid = unique("kit");
    this.inputs = new Map(); // by the field's id, and "note"
    this.typing = null; // { commit, timer }: what was typed and is not sent
  }

  /** Have no inputs: what they were about is no longer in question. */
  clear() {
    this.flush();
    this.inputs.clear();
  }

  /**
   * Return new inputs for an annotation, which need not be there yet: its id, the unit that it lies
   * in, and what a screen reader shall call it.
   */
  draw(id, unit, name) {
    const boxes = this.scheme.fields.map((field) => this.box(field));
    const note = this.note(name);
    for (const [field, input] of this.inputs) this.wire(input, field, id, unit);
    return [...boxes, note];
  }

  box(field) {
    const id = `${this.uid}-${field.id}`;
    const label = el("label", { class: "kl-label", for: id, text: field.name });
    const box = el("div", { class: "kl-field" }, label);
    let input;
    if (field.kind === "choice") {
      input = el("select", { id }, el("option", { value: "", text: TEXT.choose }));
      for (const option of field.options) {
        input.append(el("option", { value: option.id, text: option.name }));
      }
    } else {
      input = el("input", { id, type: "text", list: `${id}-known`, autocomplete: "off" });
      const known = new Set([...this.store.now.values()].map(({ fields }) => fields[field.id]));
      const values = [...known].filter(Boolean).sort();
      const options = values.map((value) => el("option", { value }));
      box.append(el("datalist", { id: `${id}-known` }, ...options));
    }
    input.setAttribute("aria-describedby", `${id}-hint`);
    this.inputs.set(field.id, input);
    box.append(input, el("div", { class: "kl-hint", id: `${id}-hint` }));
    return box;
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

  /** Send what is typed after a pause, and at once when the field is left. */
  wire(input, name, id, unit) {
    const commit = () => {
      this.stop();
      const there = this.store.get(id);
      if (this.scheme.inWords && !there) return; // the words were taken out meanwhile
      const annotation = there ?? this.scheme.blank(id, unit);
      const { value } = input;
      const fields = { ...annotation.fields, [name]: value };
      const change = name === "note" ? { note: value } : { fields };
      this.editor.put({ ...annotation, ...change }, { unit: unit.id, stroke: `${id} ${name}` });
      this.hint(name);
    };
    input.addEventListener("input", () => {
      this.stop();
      this.typing = { commit, timer: setTimeout(commit, TYPING_PAUSE) };
    });
    input.addEventListener("change", commit);
  }

  /** Bring the values up to date, but for one that is being written. */
  show(annotation) {
    for (const [name, input] of this.inputs) {
      if (document.activeElement === input && this.typing) continue;
      const value = (name === "note" ? annotation?.note : annotation?.fields[name]) ?? "";
      if (input.value !== value) input.value = value;
      this.hint(name);
    }
  }

  /** Under a field stands what its chosen option means, or what the field asks for. */
  hint(name) {
    const field = this.scheme.field(name);
    const input = this.inputs.get(name);
    if (!field || !input) return;
    const option = field.options.find(({ id }) => id === input.value);
    input.parentElement.querySelector(".kl-hint").textContent = option?.definition || field.hint;
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
