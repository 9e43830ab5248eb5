// Size of the text, space between lines, contrast, and whether the labeller goes on by itself; the
// browser keeps them for every labeller.

import { el, memory } from "../tools.js";
import { signButton } from "./toolbar.js";
import { TEXT } from "./wording.js";

const VIEW_KEY = "kit:view";
const SIZES = [0.85, 1, 1.15, 1.3, 1.5, 1.75, 2];

/** Buttons for the settings, which apply to one frame; `changed` is called after a change. */
export class Settings {
  constructor(frame, changed) {
    this.frame = frame;
    this.changed = changed;
    this.el = el("span", { class: "kl-settings", role: "group", "aria-label": TEXT.view });
    this.airy = signButton("↕", TEXT.spacing, () => this.toggle("airy"));
    this.strong = signButton("◐", TEXT.contrast, () => this.toggle("strong"));
    this.el.append(
      signButton("A−", TEXT.smaller, () => this.resize(-1)),
      signButton("A+", TEXT.larger, () => this.resize(1)),
      this.airy,
      this.strong,
    );
    const kept = memory.read(VIEW_KEY);
    this.now = {
      size: SIZES.includes(kept.size) ? kept.size : 1,
      airy: Boolean(kept.airy),
      strong: Boolean(kept.strong),
      stay: Boolean(kept.stay),
    };
    const box = el("input", { type: "checkbox" });
    box.checked = !this.now.stay;
    box.addEventListener("change", () => this.toggle("stay"));
    this.goOn = el("label", { class: "kl-go-on", title: TEXT.goOnHint }, box, TEXT.goOn);
    this.apply();
  }

  apply() {
    const { size, airy, strong } = this.now;
    this.frame.style.setProperty("--size", size);
    this.frame.classList.toggle("kl-airy", airy);
    this.frame.classList.toggle("kl-strong", strong);
    this.airy.setAttribute("aria-pressed", String(airy));
    this.strong.setAttribute("aria-pressed", String(strong));
  }

  resize(way) {
    const n = SIZES.indexOf(this.now.size) + way;
    this.now.size = SIZES[Math.max(0, Math.min(SIZES.length - 1, n))];
    this.keep();
  }

  toggle(name) {
    this.now[name] = !this.now[name];
    this.keep();
  }

  /** Whether the cursor goes on by itself. */
  get goesOn() {
    return !this.now.stay;
  }

  keep() {
    memory.write(VIEW_KEY, this.now);
    this.apply();
    this.changed();
  }
}
