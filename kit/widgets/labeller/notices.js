// Lines that want an answer: not saved, two windows disagree, labels put back.

import { el } from "../tools.js";
import { plainButton } from "./toolbar.js";
import { say, TEXT } from "./wording.js";

/** Notices of one store; `giveBack` is called when an answer has made its button go away. */
export class Notices {
  constructor({ store, article, giveBack }) {
    this.store = store;
    this.article = article;
    this.giveBack = giveBack;
    this.el = el("div", { class: "kl-notices", role: "alert" });
    this.shown = "";
  }

  paint() {
    const notices = [...this.trouble(), ...this.conflicts(), ...this.putBack(), ...this.told()];
    const content = JSON.stringify(notices.map(({ kind, sentence }) => [kind, sentence]));
    if (content === this.shown) return;
    this.shown = content;
    this.el.replaceChildren(...notices.map((notice) => this.line(notice)));
  }

  line({ kind, sentence, choices }) {
    const said = el("span", { text: sentence });
    const line = el("div", { class: "kl-notice", "data-kind": kind }, said);
    for (const [name, act] of choices) {
      const button = plainButton(name, () => {
        act();
        if (!button.isConnected) this.giveBack();
      });
      line.append(button);
    }
    return line;
  }

  trouble() {
    const { store } = this;
    const silent = store.kept ? TEXT.silent : TEXT.silentUnkept;
    const sentence = { silent, refused: say("refused", { problem: store.problem }) }[store.state];
    if (!sentence) return [];
    return [{ kind: "bad", sentence, choices: [[TEXT.again, () => store.tryAgain()]] }];
  }

  conflicts() {
    return [...this.store.conflicts].map(([id, { yours, theirs, problem }]) => {
      const either = yours ?? theirs ?? { id, at: {} };
      const unit = yours || theirs ? this.article.nameOf(either) : id;
      const keep = () => this.store.settle(id, false);
      if (problem) {
        const sentence = say("impossible", { unit, problem });
        return { kind: "bad", sentence, choices: [[TEXT.dismiss, keep]] };
      }
      const describe = (annotation) => this.article.describe(annotation);
      const words = { unit, yours: describe(yours), theirs: describe(theirs) };
      const home = this.article.rowFor(either)?.unit.id;
      const choices = [
        [say("keepTheirs", words), keep],
        [say("useMine", words), () => this.store.settle(id, true, home)],
      ];
      return { kind: "torn", sentence: say("conflict", words), choices };
    });
  }

  told() {
    return this.store.doc.told.map((sentence) => ({ kind: "good", sentence, choices: [] }));
  }

  putBack() {
    const { store } = this;
    if (!store.putBackShown) return [];
    const n = store.putBack;
    const sentence = n === 1 ? TEXT.putBackOne : say("putBack", { n });
    const dismiss = () => {
      store.putBackShown = false;
      store.tell();
    };
    return [{ kind: "good", sentence, choices: [[TEXT.dismiss, dismiss]] }];
  }
}
