// One of some options, to be chosen by a press.

import { el, unique } from "../tools.js";

/**
 * Radio buttons that look like chips: one stop of Tab, the arrow keys choose, and so do digits. A
 * press on the chosen one takes the choice back. `choose` is called with the new value or "".
 */
export class Chips {
  constructor(labels, choose) {
    this.choose = choose;
    this.name = unique("kit");
    this.chosen = "";
    this.el = el("div", { class: "kl-chips", role: "radiogroup", ...labels });
    this.inputs = [];
  }

  fill(options) {
    this.inputs = options.map(({ id }) => el("input", { type: "radio", name: this.name, value: id }));
    const chips = options.map(({ name, definition = "" }, n) => {
      const key = el("kbd", { text: n < 9 ? String(n + 1) : "", "aria-hidden": "true" });
      const words = el("span", { text: name });
      return el("label", { class: "kl-choice", title: definition }, this.inputs[n], key, words);
    });
    for (const input of this.inputs) input.addEventListener("click", () => this.press(input));
    this.el.replaceChildren(...chips);
    this.value = this.chosen;
  }

  get value() {
    return this.chosen;
  }

  set value(value) {
    this.chosen = value;
    for (const input of this.inputs) input.checked = input.value === value;
  }

  press({ value }) {
    this.value = value === this.chosen ? "" : value;
    this.choose(this.chosen);
  }

  /** Choose by number, from 1; return whether there is such an option. */
  pick(number) {
    const input = this.inputs[number - 1];
    if (input && input.value !== this.chosen) this.press(input);
    return Boolean(input);
  }

  /** Take the choice back. */
  clear() {
    if (this.chosen) this.press({ value: this.chosen });
  }

  focus() {
    (this.inputs.find(({ checked }) => checked) ?? this.inputs[0])?.focus();
  }
}
