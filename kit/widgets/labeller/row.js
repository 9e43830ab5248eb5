// One row of the article. Nothing here changes a label: a row shows those it is given.

import { cap, el, shorten } from "../tools.js";
import { tag } from "./scheme.js";
import { say, TEXT } from "./wording.js";

const HEARD = 100; // characters: of a longer text a screen reader says how it begins and ends

/** Say whether what is in hand is this span, or the label that the span belongs to. */
export const holds = (held, span) =>
  held?.id === span.id &&
  (held.part === undefined || (held.part === span.part && held.n === span.n));

/** Move quotation marks to the words that they touch: they light up and are underlined with these. */
function withMarks(pieces) {
  const shown = [...pieces];
  for (let n = 0; n < pieces.length; n += 2) {
    const close = n ? (/^[^\s“]*[”"]/.exec(pieces[n])?.[0] ?? "") : "";
    const rest = pieces[n].slice(close.length);
    const open = n + 1 < pieces.length ? /[“"]?$/.exec(rest)[0] : "";
    if (close) shown[n - 1] += close;
    shown[n] = rest.slice(0, rest.length - open.length);
    if (open) shown[n + 1] = open + shown[n + 1];
  }
  return shown;
}

/**
 * A paragraph, line or sentence: its number, its text, and in the margin what its labels say.
 *
 * Its text comes cut into tokens: gap, word, gap, … gap. Words are counted from 0, and a stretch of
 * them is { from, to }, both within. A span of the article is { start, end } by character.
 */
export class Row {
  constructor(block, unit, scheme) {
    this.block = block;
    this.unit = unit;
    this.scheme = scheme;
    this.ids = []; // of the labels that lie in it
    this.target = -1; // its place among the rows that may be labelled; see offer
    this.lines = []; // the elements that underline, each with its span
    this.lit = []; // the tokens that are selected
    this.tokens = withMarks(unit.pieces).map((piece, n) =>
      el("span", { class: n % 2 ? "kl-word" : "kl-gap", text: piece }),
    );
    this.text = el("div", { class: "kl-text" });
    if (scheme.inWords) this.text.append(...this.tokens);
    else this.text.textContent = this.words;
    this.tags = el("div", { class: "kl-tags" });
    this.el = el(
      "div",
      { class: "kl-row", role: "option", "data-unit": unit.id, "data-kind": block.kind ?? "" },
      el("div", { class: "kl-number", text: unit.id }),
      this.text,
      this.tags,
    );
  }

  /** Become a row that may be labelled, or one that is only read. */
  offer(unit) {
    this.unit = unit;
    this.target = -1;
    this.el.classList.remove("kl-here");
    this.el.removeAttribute("aria-disabled");
    this.el.removeAttribute("tabindex");
    if (unit.active) this.el.tabIndex = -1;
    else this.el.setAttribute("aria-disabled", "true");
  }

  /** Its whole text. */
  get words() {
    return this.unit.pieces.join("");
  }

  // -- its words

  /** The number of the last word; -1 when there is none. */
  get last() {
    return this.unit.starts.length - 1;
  }

  phrase({ from, to }) {
    return this.unit.pieces.slice(2 * from + 1, 2 * to + 2).join("");
  }

  spanOf({ from, to }) {
    return { start: this.unit.starts[from], end: this.unit.ends[to] };
  }

  contains({ start, end }) {
    return this.unit.start <= start && end <= this.unit.end;
  }

  /** The words that a span touches, or null. */
  wordsIn({ start, end }) {
    const { starts, ends } = this.unit;
    const from = ends.findIndex((stop) => stop > start);
    let to = this.last;
    while (to >= 0 && starts[to] >= end) to -= 1;
    return from < 0 || to < from ? null : { from, to };
  }

  /** Which of the tokens a node lies in, or null. */
  tokenAt(node) {
    const n = this.tokens.indexOf(node?.closest(".kl-word, .kl-gap"));
    return n < 0 ? null : n;
  }

  /** Which word a node lies in, or null. */
  wordAt(node) {
    const token = this.tokenAt(node);
    return token % 2 ? (token - 1) / 2 : null;
  }

  /**
   * The word at a point of the window, or the nearest on the nearest line; null if there are none.
   * The blank between two words belongs to the one on the side of `from`, else to the nearer one.
   */
  wordNear({ clientX: x, clientY: y }, from = null) {
    const boxes = [];
    for (let n = 0; n <= this.last; n += 1) {
      for (const box of this.tokens[2 * n + 1].getClientRects()) boxes.push({ n, box });
    }
    const off = ({ box }) => Math.abs(y - (box.top + box.bottom) / 2);
    const nearest = Math.min(...boxes.map(off));
    const line = boxes.filter((one) => off(one) < nearest + 1);
    const after = line.findIndex(({ box }) => box.left > x);
    const right = line[after];
    const left = line.at(after < 0 ? -1 : Math.max(after - 1, 0));
    if (!left || !right || x <= left.box.right) return left?.n ?? null;
    const before = from === null ? x - left.box.right < right.box.left - x : left.n >= from;
    return before ? left.n : right.n;
  }

  /** The last word before the next comma, full stop or other mark, going one way from a word. */
  pause(word, way) {
    const end = way > 0 ? this.last : 0;
    const marked = (n) => /[^\s\p{L}]/u.test(this.unit.pieces[2 * n + (way > 0 ? 2 : 0)]);
    let n = word;
    do n += way;
    while (n * way < end * way && !marked(n));
    return n;
  }

  // -- its labels

  /** The stretches that labels underline: { id, part, n, mark, sign, from, to }. */
  spans(annotations) {
    const spans = [];
    annotations.forEach(({ id, at, codes, parts }, number) => {
      const add = (mark, sign, span, part, n) => {
        const words = this.wordsIn(span);
        if (words && mark) spans.push({ id, part, n, mark, sign, ...words });
      };
      if (codes.length) {
        const marks = codes.map((code) => this.scheme.mark(code));
        add(marks[0], marks.map(({ key }) => cap(key)).join("+"), at);
      }
      for (const [part, list] of Object.entries(parts)) {
        const mark = this.scheme.mark(part);
        list.forEach((span, n) => add(mark, cap(mark.key) + (number + 1), span, part, n));
      }
    });
    return spans.sort((a, b) => a.from - b.from || b.to - a.to);
  }

  /** Show these labels, one of them perhaps in hand, and whether two windows disagree on them. */
  show(annotations, held, torn) {
    if (this.scheme.inWords) {
      this.underline(this.spans(annotations), held);
      this.tags.replaceChildren(...annotations.map((annotation, n) => this.item(annotation, n)));
    } else {
      const codes = annotations[0]?.codes ?? [];
      const tags = codes.map((id) => tag(this.scheme.mark(id)));
      this.tags.replaceChildren(...tags, ...this.marginal(annotations[0]));
      if (this.scheme.shapes) this.el.dataset.kind = codes[0] ?? this.block.kind ?? "";
    }
    this.el.classList.toggle("kl-torn", torn);
    this.el.setAttribute("aria-label", this.heard(annotations));
  }

  /** What a screen reader says of it: its labels first, then its text in short. */
  heard(annotations) {
    const { inRecords } = this.scheme;
    const said = annotations.flatMap(({ codes, fields, note }, n) => [
      inRecords ? fields.speaker || say("record", { n: n + 1 }) : this.scheme.names(codes),
      note ?? "",
    ]);
    const labels = said.filter(Boolean).join(", ") || (this.unit.active ? TEXT.noLabel : "");
    return `${labels && `${labels}. `}${this.unit.id}: ${shorten(this.words, HEARD)}`;
  }

  /** What the margin says of one label in a layer of words. */
  item(annotation, n) {
    const item = el("div", { class: "kl-item", "data-id": annotation.id });
    if (this.scheme.inRecords) {
      const { speaker, mode } = annotation.fields;
      item.append(
        el("span", { class: "kl-recno", text: String(n + 1) }),
        " ",
        el("span", { class: "kl-name", text: speaker || say("record", { n: n + 1 }) }),
      );
      const more = [mode && this.scheme.optionName("mode", mode), this.scheme.lacking(annotation)];
      const line = more.filter(Boolean).join(" · ");
      if (line) item.append(" ", el("span", { class: "kl-sub", text: line }));
    } else {
      item.append(...annotation.codes.map((id) => tag(this.scheme.mark(id))));
    }
    item.append(...this.marginal(annotation));
    return item;
  }

  marginal(annotation) {
    if (!annotation?.note) return [];
    return [el("div", { class: "kl-marginal", text: annotation.note })];
  }

  /** Nest the tokens in one element for each run of words under the same spans. */
  underline(spans, held) {
    const lanes = []; // where each line of underlining is free again
    for (const span of spans) {
      let lane = lanes.findIndex((end) => end < span.from);
      if (lane < 0) lane = lanes.length;
      lanes[lane] = span.to;
      span.lane = lane;
    }
    const runs = [];
    let run = null;
    this.tokens.forEach((token, n) => {
      const over = spans.filter(({ from, to }) => n > 2 * from && n <= 2 * to + 1);
      if (!run || over.length !== run.over.length || over.some((span, k) => span !== run.over[k])) {
        run = { over, tokens: [] };
        runs.push(run);
      }
      run.tokens.push(token);
      run.last = n;
    });
    this.lines = [];
    this.text.replaceChildren(...runs.map((one) => this.nest(one, held)));
  }

  nest({ over, tokens, last }, held) {
    let inner = document.createDocumentFragment();
    inner.append(...tokens);
    for (const span of [...over].sort((a, b) => b.lane - a.lane)) {
      const node = el("span", { class: "kl-span", "data-pattern": span.mark.pattern });
      node.style.setProperty("--colour", span.mark.colour);
      node.style.setProperty("--lane", span.lane);
      node.classList.toggle("kl-held", holds(held, span));
      this.lines.push({ span, node });
      if (last === 2 * span.to + 1) node.dataset.sign = span.sign;
      node.append(inner);
      inner = node;
    }
    return inner;
  }

  // -- where the student is. No node is replaced here: a drag may be under way.

  /** Make it the one row that Tab reaches, or no longer. */
  current(on) {
    this.el.tabIndex = on ? 0 : -1;
    this.el.classList.toggle("kl-here", on);
  }

  focus() {
    this.el.focus({ preventScroll: true });
  }

  keepInView() {
    this.el.scrollIntoView({ block: "nearest" });
  }

  /** Bring a word into view. */
  reveal(word) {
    this.tokens[2 * word + 1].scrollIntoView({ block: "nearest" });
  }

  /** Light up the selected words; none if null. */
  light(words) {
    for (const token of this.lit) token.classList.remove("kl-lit");
    this.lit = words ? this.tokens.slice(2 * words.from + 1, 2 * words.to + 2) : [];
    for (const token of this.lit) token.classList.add("kl-lit");
    if (words) this.el.setAttribute("aria-selected", "true");
    else this.el.removeAttribute("aria-selected");
  }

  showHeld(held) {
    for (const { span, node } of this.lines) node.classList.toggle("kl-held", holds(held, span));
  }
}
