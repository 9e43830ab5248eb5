// The codebook beside the article.

import { el } from "../tools.js";
import { swatch } from "./scheme.js";
import { TEXT } from "./wording.js";

/** Shows one mark's definition: of the one that is pointed at, else of the one in question. */
export class Definition {
  constructor(scheme) {
    this.rulings = scheme.layer.rulings;
    this.el = el("div", { class: "kl-codebook", role: "group", "aria-label": TEXT.codebook });
    this.settled = scheme.marks[0]; // the one in question
    this.shown = null;
    this.show();
  }

  /** This mark is the one in question from now on. */
  settle(mark) {
    this.settled = mark;
    this.show();
  }

  show(mark = this.settled) {
    if (!mark || this.shown === mark) return;
    this.shown = mark;
    const title = el("div", { class: "kl-title" });
    title.append(swatch(mark), " ", el("strong", { text: mark.name }));
    const lines = [title, el("p", { text: mark.definition })];
    const line = (name, text) => {
      if (!text) return;
      lines.push(el("p", { class: "kl-line" }, el("b", { text: TEXT[name] }), ` ${text}`));
    };
    line("test", mark.test);
    line("example", mark.example);
    line("counter", mark.counter_example);
    if (this.rulings.length) lines.push(this.folded());
    this.el.replaceChildren(...lines);
  }

  /** The rulings, open if they were. */
  folded() {
    const list = el("ul", {}, ...this.rulings.map((text) => el("li", { text })));
    const folded = el("details", {}, el("summary", { text: TEXT.rulings }), list);
    folded.open = Boolean(this.el.querySelector("details")?.open);
    return folded;
  }
}
