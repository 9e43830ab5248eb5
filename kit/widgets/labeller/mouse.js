// The mouse and the finger: choosing rows, words and labels.

import { listen } from "../tools.js";

const SLACK = 4; // px that a hand may shake in a click
const STILL = { scroll: false }; // nothing moves under the pointer

/** Listens on the article and moves the cursor; a part that is due is marked by `press`. */
export class Mouse {
  constructor({ scheme, article, cursor, press }) {
    this.scheme = scheme;
    this.article = article;
    this.cursor = cursor;
    this.press = press;
    this.drag = null; // { row, from, start, due, moved }: a selection that is being drawn
    this.dragged = false; // whether the click that follows is the end of one
    this.last = null; // the word that was clicked on last
    this.turn = 0; // which of the labels on it was taken
    this.ends = [listen(article.el, "click", (event) => this.click(event))];
    if (!scheme.inWords) return;
    this.ends.push(
      listen(article.el, "mousedown", (event) => this.start(event)),
      listen(article.el, "dblclick", (event) => this.takeWord(event)),
      listen(window, "mousemove", (event) => this.dragTo(event)),
      listen(window, "mouseup", () => this.end()),
      listen(document, "selectionchange", () => this.takeSelection()),
    );
  }

  close() {
    for (const end of this.ends) end();
  }

  /** The row of a node, if it may be labelled. */
  rowOf(node) {
    const row = this.article.rowOf(node);
    return row && row.target >= 0 ? row : null;
  }

  /** The mouse draws its own selection, word by word and in one paragraph only. */
  start(event) {
    const row = this.rowOf(event.target);
    if (event.button || event.shiftKey || !row?.text.contains(event.target)) return;
    const from = row.wordNear(event);
    if (from === null) return;
    event.preventDefault(); // no selection of the browser's beside this one
    const due = row === this.cursor.row ? this.cursor.due : null;
    this.drag = { row, from, start: event, due, moved: false };
  }

  dragTo(event) {
    const { cursor, drag } = this;
    if (!drag) return;
    if (!(event.buttons & 1)) return this.end();
    const { clientX, clientY } = drag.start;
    if (!drag.moved && Math.hypot(event.clientX - clientX, event.clientY - clientY) < SLACK) return;
    const box = drag.row.text.getBoundingClientRect();
    let word = drag.row.wordNear(event, drag.from);
    if (event.clientY < box.top) word = 0;
    if (event.clientY > box.bottom) word = drag.row.last;
    if (drag.row !== cursor.row) cursor.go(drag.row.target, STILL);
    if (drag.moved && word === cursor.words?.head) return;
    drag.moved = true;
    cursor.select(drag.from, word, STILL);
  }

  end() {
    const { drag } = this;
    this.drag = null;
    if (!drag?.moved) return;
    this.cursor.focus(STILL);
    this.dragged = true;
    setTimeout(() => (this.dragged = false));
    if (drag.due) this.press(drag.due);
  }

  /** A double click takes the word itself, whatever labels lie on it. */
  takeWord(event) {
    const row = this.rowOf(event.target);
    const word = row?.wordAt(event.target) ?? null;
    if (word !== null) this.cursor.select(word, word, STILL);
  }

  /** A finger's selection handles: snap to whole words of one paragraph. */
  takeSelection() {
    const { cursor } = this;
    const selection = document.getSelection();
    const node = selection?.anchorNode;
    if (!node || selection.isCollapsed || !this.article.el.contains(node)) return;
    const row = this.rowOf(node);
    if (!row) return;
    if (row !== cursor.row) cursor.go(row.target, { focus: false });
    const range = selection.getRangeAt(0);
    const touched = (token) => {
      if (!range.intersectsNode(token)) return false;
      const edge = document.createRange();
      edge.selectNodeContents(token);
      return (
        range.compareBoundaryPoints(Range.END_TO_START, edge) < 0 &&
        range.compareBoundaryPoints(Range.START_TO_END, edge) > 0
      );
    };
    const words = row.tokens.flatMap((token, n) => (n % 2 && touched(token) ? [(n - 1) / 2] : []));
    if (!words.length) return;
    const [from, to] = [words[0], words.at(-1)];
    if (cursor.range?.from === from && cursor.range.to === to) return;
    cursor.select(from, to, STILL);
  }

  /** Go to a row; among words, take a label in hand or select a word, with Shift up to it. */
  click(event) {
    const { cursor } = this;
    const row = this.rowOf(event.target);
    if (this.dragged || !row) return;
    if (event.shiftKey && cursor.words && row === cursor.row) {
      if (!row.text.contains(event.target)) return;
      cursor.select(cursor.words.anchor, row.wordNear(event, cursor.words.anchor), STILL);
      return;
    }
    const word = row.wordAt(event.target);
    cursor.go(row.target, STILL);
    if (!this.scheme.inWords) return;
    const item = event.target.closest(".kl-item");
    if (item) {
      const span = this.article.spans(row).find(({ id }) => id === item.dataset.id);
      if (span) cursor.hold(span, row, STILL);
    } else if (word !== null) this.choose(row, word);
  }

  choose(row, word) {
    const over = this.article.spans(row).filter(({ from, to }) => from <= word && word <= to);
    if (!over.length) return this.cursor.select(word, word, STILL);
    // The shortest label lies on top; a second click on the same word takes the next one.
    over.sort((a, b) => a.to - a.from - (b.to - b.from));
    const token = row.tokens[2 * word + 1];
    this.turn = this.last === token ? this.turn + 1 : 0;
    this.last = token;
    this.cursor.hold(over[this.turn % over.length], row, STILL);
  }
}
