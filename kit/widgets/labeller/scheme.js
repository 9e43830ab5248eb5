// What can be said of the text on one layer, and how it looks.

import { cap, el } from "../tools.js";
import { place } from "./annotation.js";
import { say } from "./wording.js";

/** Colour, pattern and key of a mark. */
export function swatch(mark) {
  const chip = el("span", { class: "kl-chip", "data-pattern": mark.pattern });
  chip.style.setProperty("--colour", mark.colour);
  chip.append(el("span", { class: "kl-key", text: cap(mark.key) }));
  return chip;
}

/** A mark with its name. */
export function tag(mark) {
  const name = el("span", { class: "kl-name", text: mark.name });
  return el("div", { class: "kl-tag" }, swatch(mark), " ", name);
}

/**
 * One layer of the codebook. Its marks are what a key can put on a unit or on words: codes, or the
 * parts of a record. Knows no text and no labels but those it is asked about.
 */
export class Scheme {
  constructor({ layer, codes, parts, fields, shapes }) {
    this.layer = layer;
    this.parts = parts;
    this.fields = fields;
    this.shapes = shapes; // whether a line is set by what it is labelled as
    this.inWords = layer.unit === "words";
    this.inRecords = parts.length > 0;
    // Whether it can be known that a unit or a record wants no other mark.
    this.goesOn = this.inRecords || (!this.inWords && layer.choice === "one");
    this.marks = [...codes, ...parts];
    this.byId = new Map(this.marks.map((mark) => [mark.id, mark]));
    this.byKey = new Map(this.marks.map((mark) => [mark.key, mark]));
  }

  mark(id) {
    return this.byId.get(id);
  }

  field(id) {
    return this.fields.find((field) => field.id === id);
  }

  optionName(field, value) {
    return this.field(field)?.options.find(({ id }) => id === value)?.name ?? value;
  }

  /** Codes in words: "Raise + Lower". */
  names(codes) {
    return codes.map((id) => this.mark(id)?.name ?? id).join(" + ");
  }

  /** "S (source), C (cue), W (words)" */
  partKeys() {
    return this.parts.map(({ key, name }) => `${cap(key)} (${name.toLowerCase()})`).join(", ");
  }

  /** "still needed: content", or "". */
  lacking(record) {
    const parts = this.parts.filter(({ id, required }) => required && !record.parts[id]);
    if (!parts.length) return "";
    return say("needed", { parts: parts.map(({ name }) => name.toLowerCase()).join(", ") });
  }

  /** The codes that a label has after one more; null when there is no room. */
  withCode(codes, id) {
    if (codes.includes(id)) return codes;
    if (this.layer.choice === "one") return [id];
    return codes.length < this.layer.most ? [...codes, id] : null;
  }

  /** What a unit, a label or a record is before anything is said of it. */
  blank(id, at) {
    return { id, layer: this.layer.id, at: place(at), codes: [], parts: {}, fields: {}, note: "" };
  }

  /** An annotation as it is kept: null if it says nothing; a record reaches as far as its parts. */
  whole(annotation) {
    const { codes, parts, fields, note } = annotation;
    const spans = Object.values(parts).flat();
    const bare = this.inWords
      ? !codes.length && !spans.length
      : !codes.length && !note && !Object.values(fields).some(Boolean);
    if (bare) return null;
    if (!this.inRecords || !spans.length) return annotation;
    const start = Math.min(...spans.map((span) => span.start));
    const end = Math.max(...spans.map((span) => span.end));
    return { ...annotation, at: { start, end } };
  }
}
