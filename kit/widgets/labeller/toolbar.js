// Buttons, and bars of them.

import { cap, el } from "../tools.js";

/** A button with words on it. */
export function plainButton(text, act) {
  const button = el("button", { type: "button", class: "kl-tool", text });
  button.addEventListener("click", act);
  return button;
}

/** A button with a sign on it; its name is read out and shown to who points at it. */
export function signButton(sign, name, act) {
  const button = plainButton(sign, act);
  button.title = name;
  button.setAttribute("aria-label", name);
  return button;
}

/**
 * A bar of buttons: one stop of Tab, and the arrow keys move within it. A press with the mouse
 * calls `giveBack`, so that the keys go where they went before.
 */
export class Toolbar {
  constructor(name, label, giveBack) {
    this.el = el("div", { class: name, role: "toolbar", "aria-label": label });
    this.giveBack = giveBack;
    this.el.addEventListener("focusin", ({ target }) => this.makeStop(target));
  }

  get buttons() {
    return [...this.el.querySelectorAll("button, input")];
  }

  /** Add a button, filled by the caller. */
  add(attributes, act) {
    const button = el("button", { type: "button", ...attributes });
    button.addEventListener("click", (event) => {
      act();
      if (event.detail > 0 && document.activeElement === button) this.giveBack();
    });
    this.el.append(button);
    return button;
  }

  /** Add a button with its name and its key. */
  addTool(name, key, act, more = "") {
    const button = this.add({ class: `kl-tool${more}` }, act);
    button.append(el("span", { text: name }), el("kbd", { text: cap(key), "aria-hidden": "true" }));
    if (key.length === 1 && key < "~") button.setAttribute("aria-keyshortcuts", key);
    return button;
  }

  /** Let Tab stop at this button, or at the first one, and at no other. */
  makeStop(stop = this.buttons[0]) {
    for (const button of this.buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  /** Move from a button of the bar to another; return whether the key does that. */
  move(from, key) {
    const { buttons } = this;
    const n = buttons.indexOf(from);
    const to = { ArrowRight: n + 1, ArrowLeft: n - 1, Home: 0, End: buttons.length - 1 }[key];
    if (to === undefined) return false;
    buttons[(to + buttons.length) % buttons.length].focus();
    return true;
  }
}
