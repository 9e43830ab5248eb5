// The labeller: one anywidget for every layer of the codebook. No dependencies, no build step.
//
// Each file of this folder has one part of the page; scripts.py makes one text of them. Labels are
// changed by the editor alone, and only the store knows whether they are on the disk.
//
//   store  ←  article (rows)  ←  cursor  ←  editor  ←  details, bars, keys, mouse  ←  the page
//
// Text from the article and from students' files reaches the page as text nodes only.

import { answerPlaces } from "../places.js";
import { el, shorten } from "../tools.js";
import { Article } from "./article.js";
import { Actions, Marks } from "./bars.js";
import { Cursor } from "./cursor.js";
import { Definition } from "./definition.js";
import { Details } from "./details.js";
import { Editor } from "./editor.js";
import { Keys } from "./keys.js";
import { Legend } from "./legend.js";
import { Mouse } from "./mouse.js";
import { Notices } from "./notices.js";
import { Scheme } from "./scheme.js";
import { Settings } from "./settings.js";
import { Status } from "./status.js";
import { Store } from "./store.js";
import { plainButton } from "./toolbar.js";
import { say, TEXT, Voice } from "./wording.js";

/** One view of a model: the article, the bars over it, and the codebook beside it. */
class Page {
  constructor(store, root) {
    this.store = store;
    const scheme = new Scheme(store.doc);
    const voice = new Voice();
    const article = new Article(store, scheme);
    const cursor = new Cursor({ store, scheme, article, voice, moved: () => this.move() });
    const editor = new Editor({ store, scheme, article, cursor, voice });
    const giveBack = () => cursor.focus({ scroll: false });

    this.scheme = scheme;
    this.article = article;
    this.cursor = cursor;
    this.frame = this.buildFrame();
    this.definition = new Definition(scheme);
    this.details = new Details({ store, scheme, article, cursor, editor });
    this.status = new Status({ store, scheme, article });
    this.notices = new Notices({ store, article, giveBack });
    const legend = new Legend(scheme);
    const settings = new Settings(this.frame, () => cursor.keepInView());
    const commands = this.commands({ editor, legend, settings, voice });
    this.marks = new Marks({ scheme, definition: this.definition, commands, giveBack });
    const goesOn = scheme.goesOn && (scheme.inRecords || article.targets.length > 1);
    this.actions = new Actions({ goesOn, settings, commands, giveBack });
    const bars = () => [this.marks, this.actions, ...this.details.bars];

    this.frame.append(
      el("div", { class: "kl-head" }, this.question(), this.status.el),
      this.marks.el,
      this.actions.el,
      this.notices.el,
      legend.el,
      this.body(),
      voice.el,
    );
    root.replaceChildren(this.frame);
    this.paintState();
    cursor.row?.current(true);
    this.move();

    const { frame } = this;
    this.keys = new Keys({ frame, scheme, article, cursor, voice, legend, bars, commands });
    this.mouse = new Mouse({ scheme, article, cursor, press: commands.press });
    this.leave = store.listen((ids) => this.repaint(ids));
  }

  /** What keys and buttons do, by one name for both. */
  commands({ editor, legend, settings, voice }) {
    return {
      press: (mark) => {
        if (!this.cursor.row) return;
        const whole = editor.mark(mark);
        this.definition.settle(mark);
        if (whole && settings.goesOn) this.goOn();
      },
      choose: (target, key) => this.details.choose(target, key),
      undo: () => editor.undo(),
      redo: () => editor.redo(),
      remove: () => editor.remove(),
      newRecord: () => editor.newRecord(),
      next: () => editor.nextUnlabelled(),
      step: (way) => editor.step(way),
      note: () => {
        // The note is on what was labelled a moment ago.
        const { at } = this.cursor;
        const { left } = this;
        if (left !== null) this.cursor.go(left, { focus: false });
        this.ahead = left === null ? null : at;
        if (!this.details.toNote()) voice.announce(TEXT.chooseLabel);
      },
      leaveField: () => {
        this.details.flush();
        if (this.ahead === null) this.cursor.focus();
        else this.cursor.go(this.ahead);
      },
      help: () => {
        legend.toggle();
        this.actions.showHelp(legend.open);
        if (legend.open) voice.announce(legend.el.innerText);
      },
    };
  }

  /** Go to what comes next when nothing is left to mark: the next unit, or a record's fields. */
  goOn() {
    const { article, cursor } = this;
    if (this.scheme.inRecords) this.details.toEmpty();
    else if (cursor.at + 1 < article.targets.length) {
      // Who presses the buttons by key stays on them.
      const left = cursor.at;
      cursor.go(left + 1, { focus: article.el.contains(document.activeElement), scroll: true });
      this.left = left;
    }
  }

  buildFrame() {
    const { layer, inRecords } = this.scheme;
    const frame = el("div", {
      class: "kit-labeller",
      role: "region",
      "aria-label": say("region", { layer: layer.title }),
      "data-article": this.store.doc.article,
      "data-layer": layer.id,
      "data-unit": layer.unit,
      "data-records": String(inRecords),
      tabindex: "-1", // a click anywhere is work here: the wheel is the labeller's then
    });
    const { banner } = this.store.doc;
    if (banner) frame.append(el("p", { class: "kl-banner", text: banner }));
    return frame;
  }

  /** The article, and beside it the codebook and the details. */
  body() {
    const { article, cursor } = this;
    const scroll = el("div", { class: "kl-scroll" }, article.el);
    if (article.far) {
      scroll.classList.add("kl-few");
      const all = plainButton(say("showAll", { n: article.far }), () => {
        article.show();
        scroll.classList.remove("kl-few");
        all.remove();
        cursor.focus();
      });
      scroll.append(all);
    }
    // A record's fields matter more than what its parts are called.
    const asides = [this.definition.el, this.details.el];
    if (this.scheme.inRecords) asides.reverse();
    const panel = el("div", { class: "kl-panel" }, ...asides);
    const long = () => {
      scroll.classList.toggle("kl-long", scroll.scrollHeight > scroll.clientHeight + 1);
    };
    this.watch = new ResizeObserver(long);
    this.watch.observe(scroll);
    this.watch.observe(article.el);
    // Where only some units are asked for, begin with the first of them in view.
    requestAnimationFrame(() => {
      const { row } = cursor;
      if (row && row !== article.rows[0]) {
        scroll.scrollTop = row.el.offsetTop - scroll.offsetTop - scroll.clientHeight / 4;
      }
    });
    return el("div", { class: "kl-body" }, scroll, panel);
  }

  question() {
    const { title, question } = this.scheme.layer;
    const name = el("strong", { class: "kl-layer", text: title });
    return el("p", {}, name, " ", el("span", { class: "kl-question", text: question }));
  }

  /** Paint all that hangs on these labels. */
  repaint(ids) {
    if (this.article.doc !== this.store.doc) {
      const { row } = this.cursor;
      this.article.aim();
      this.cursor.stay(row);
    }
    this.cursor.check();
    this.article.repaint(ids, this.cursor.held);
    this.paintState();
    this.follow();
  }

  paintState() {
    this.status.paint();
    this.actions.paint(this.store);
    this.frame.dataset.state = this.store.state;
    this.notices.paint();
  }

  move() {
    this.left = null; // the unit that was labelled before the cursor went on by itself
    this.ahead = null; // where it stood when it went back there for a note
    this.follow();
  }

  /** Paint all that follows the cursor: pressed codes, definition, details. */
  follow() {
    const { cursor, scheme } = this;
    if (!cursor.row) return;
    const codes = scheme.inRecords ? [] : (cursor.subject()?.codes ?? []);
    const inHand = cursor.held?.part ? [cursor.held.part] : codes;
    this.marks.paint(inHand, this.lead());
    if (inHand.length) this.definition.settle(scheme.mark(inHand[0]));
    else this.definition.show();
    this.details.paint();
  }

  /** What to do next, in few words. */
  lead() {
    const { cursor, scheme } = this;
    if (!scheme.inWords) return say("leadUnit", { unit: cursor.row.unit.id });
    if (cursor.words) return say("leadChosen", { words: shorten(cursor.row.phrase(cursor.range), 36) });
    if (cursor.due) return say("leadDue", { part: cursor.due.name.toLowerCase() });
    return cursor.held?.part ? TEXT.leadWhole : TEXT.leadWords;
  }

  close() {
    this.details.flush();
    this.watch.disconnect();
    this.keys.close();
    this.mouse.close();
    this.leave();
  }
}

/** anywidget calls this once for each model; its views share one store. */
export default () => {
  let store;
  return {
    initialize({ model }) {
      store = new Store(model);
      return () => store.close();
    },
    render({ el: root }) {
      answerPlaces();
      const page = new Page(store, root);
      return () => page.close();
    },
  };
};
