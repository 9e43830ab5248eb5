// How far the student is, and whether it is saved.

import { el, savedWhen } from "../tools.js";
import { TEXT } from "./wording.js";

/** Shows the counts of the article, and the state of the store. */
export class Status {
  constructor({ store, scheme, article }) {
    this.store = store;
    this.article = article;
    this.bar = el("progress", { "aria-label": TEXT.tools });
    this.count = el("span", { class: "kl-count" });
    this.save = el("span", { class: "kl-save" });
    // Read out when it is another, and not after every label.
    this.heard = el("span", { class: "kl-heard", role: "status" });
    // Where words are labelled, nobody knows how many there will be.
    const bar = scheme.inWords ? [] : [this.bar];
    this.el = el("div", { class: "kl-state" }, ...bar, this.count, this.save, this.heard);
  }

  paint() {
    const progress = this.article.progress();
    if (this.count.textContent !== progress) {
      this.count.textContent = progress;
      this.bar.max = this.article.targets.length || 1;
      this.bar.value = this.article.done();
      this.bar.setAttribute("aria-label", progress);
    }
    this.save.textContent = this.saved();
    const { state, savedAt } = this.store;
    this.save.dataset.state = state;
    if (state === "saving" || (state === "saved" && !savedAt)) return;
    const heard = state === "saved" ? TEXT.savedHeard : TEXT.notSaved;
    if (this.heard.textContent !== heard) this.heard.textContent = heard;
  }

  saved() {
    const { state, savedAt } = this.store;
    if (state === "saving") return TEXT.saving;
    if (state !== "saved") return TEXT.notSaved;
    return savedWhen(savedAt) || TEXT.nothingYet;
  }
}
