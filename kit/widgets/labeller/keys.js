// The keyboard: which key does what, and which keys the notebook may hear.

import { listen } from "../tools.js";
import { say, TEXT } from "./wording.js";

const PAGE = 8; // rows that Page Up and Page Down move by

/** Listens to keys within a frame, moves the cursor, and calls the `commands`. `bars` gives those
    that are shown. */
export class Keys {
  constructor({ frame, scheme, article, cursor, voice, legend, bars, commands }) {
    this.frame = frame;
    this.scheme = scheme;
    this.article = article;
    this.cursor = cursor;
    this.voice = voice;
    this.legend = legend;
    this.bars = bars;
    this.commands = commands;
    this.byKey = {
      u: commands.undo,
      y: commands.redo,
      n: commands.note,
      r: commands.newRecord,
      ".": commands.next,
      "?": commands.help,
      Backspace: commands.remove,
      Delete: commands.remove,
      ...(scheme.inWords && { "[": () => commands.step(-1), "]": () => commands.step(1) }),
    };
    // The notebook listens on document in the capture phase and would take b, x, d d or an arrow
    // as its own command first; window comes before it.
    this.close = listen(window, "keydown", (event) => this.hear(event), true);
  }

  hear(event) {
    const { target } = event;
    if (!this.frame.contains(target) || event.key === "Tab" || event.isComposing) return;
    const writing = target.matches("textarea");
    const chord = this.isChord(event);
    if (chord) this.onChord(event, writing);
    else if (writing) this.onWriting(event);
    else if (this.onPlain(event)) event.preventDefault();
    // Nothing that is not a chord may reach the notebook.
    if (!chord && !this.passes(event)) event.stopPropagation();
  }

  /** Ctrl, Cmd or Alt with a key; AltGr and Mac's Option only type, as for [ on many keyboards. */
  isChord(event) {
    if (event.getModifierState("AltGraph")) return false;
    if (event.altKey && !event.ctrlKey && !event.metaKey && "[]".includes(event.key)) return false;
    return event.ctrlKey || event.metaKey || event.altKey;
  }

  passes({ key }) {
    return /^F\d+$/.test(key) || ["Shift", "Control", "Alt", "Meta", "CapsLock"].includes(key);
  }

  /** Chords pass, Ctrl+S above all, save those that would change the notebook's cells. */
  onChord(event, writing) {
    const key = event.key.toLowerCase();
    const changesCells =
      ["z", "y", "backspace", "delete", "arrowup", "arrowdown"].includes(key) ||
      (key === "enter" && event.altKey) ||
      (key === "m" && event.shiftKey);
    if (!changesCells) return;
    event.stopPropagation();
    if (writing) return; // the field's own undo, and moving by word
    event.preventDefault();
    if (key === "y" || (key === "z" && event.shiftKey)) this.commands.redo();
    else if (key === "z") this.commands.undo();
  }

  onWriting(event) {
    if (event.key !== "Escape" && (event.key !== "Enter" || event.shiftKey)) return;
    event.preventDefault();
    this.commands.leaveField();
  }

  /** Act on a key without modifiers; return whether the browser shall do nothing more with it. */
  onPlain(event) {
    const { target } = event;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // On the frame itself nothing is in question: somebody has clicked beside.
    if (this.passes(event) || target === this.frame) return false;
    const inArticle = this.article.el.contains(target);
    if (target.type === "radio") {
      if (["Escape", "Enter"].includes(key)) this.commands.leaveField();
      else if (!this.commands.choose(target, key)) return this.onCommand(key);
      return true;
    }
    if (!inArticle && ["Enter", " "].includes(key)) return false; // a button's own keys
    if (this.bars().some((bar) => bar.el.contains(target) && bar.move(target, key))) return true;
    if (key === "Escape") return this.escape();
    if (inArticle && this.move(key, event.shiftKey)) return true;
    return this.onCommand(key) || inArticle;
  }

  /** Do what a key does wherever the focus is; return whether there is such a key. */
  onCommand(key) {
    const mark = this.scheme.byKey.get(key);
    if (mark) this.commands.press(mark);
    else if (Object.hasOwn(this.byKey, key)) this.byKey[key]();
    else if (key.length === 1 && key !== " ") this.voice.announce(say("unknownKey", { key }));
    else return false;
    return true;
  }

  /** Close what is open, one thing at a time; then go back to the article. */
  escape() {
    const { cursor } = this;
    if (this.legend.open) this.commands.help();
    else if (cursor.words || cursor.held) {
      cursor.drop();
      this.voice.announce(say("backToUnits", { unit: cursor.row.unit.id }));
    } else if (!this.article.el.contains(document.activeElement)) cursor.focus();
    // Never out to the notebook's cell, where the next x or dd would cut it: Tab leaves.
    else this.voice.announce(TEXT.stays);
    return true;
  }

  /** Move by row, or by word where words are in question; return whether the key does that. */
  move(key, shift) {
    const { cursor, scheme } = this;
    const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[key];
    if (rows) cursor.go(cursor.at + rows);
    else if (scheme.inWords && (cursor.words || cursor.held)) return this.moveByWord(key, shift);
    else if (scheme.inWords && ["Enter", "ArrowRight"].includes(key)) cursor.select(0, 0);
    else if (key === "Enter") this.voice.announce(cursor.row.words);
    else if (key === "Home") cursor.go(0);
    else if (key === "End") cursor.go(this.article.targets.length - 1);
    else return false;
    return true;
  }

  moveByWord(key, shift) {
    const { cursor } = this;
    const { words, row } = cursor;
    // From a label in hand the arrow keys go to the words beside it.
    const beside = words ? { from: words.head, to: words.head } : cursor.heldWords;
    const { from, to } = beside ?? { from: 0, to: 0 };
    const there = {
      ArrowRight: to + 1,
      ArrowLeft: from - 1,
      Home: row.pause(from, -1),
      End: row.pause(to, 1),
      Enter: from,
    }[key];
    if (there === undefined) return false;
    const anchor = words?.anchor ?? (there > to ? to + 1 : from - 1);
    if (key === "Enter" && words) this.voice.announce(row.phrase(cursor.range));
    else cursor.select(shift && key !== "Enter" ? anchor : there, there);
    return true;
  }
}
