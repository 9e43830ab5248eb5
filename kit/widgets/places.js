// Places in the article: whatever names a paragraph leads to it, wherever on the page it stands.
//
// A chart's marks are links that the kit has drawn over its picture (chart.html.jinja); each says in
// `data-place` what it stands for: "P21", or "P21:120-310" for some of its letters; a bar that sums up
// several has them all, with blanks between. In the kit's own words every “P21” is made such a link
// here. Pointed at or focused, a link shows the sentence; pressed, it brings the paragraph into view
// and lets it light up. One listener serves a whole page, whichever widget began it, so that charts,
// which have no script of their own, are served too.
//
// Only what the page shows already is shown again, and it is put there as text.

import { el, fill, unique } from "./tools.js";

const HERE = "kitPlaces"; // on the page's root, once somebody listens
// The kit's own words, in whatever holds them.
const WORDS = ".kit-chart, .kit-task, .kit-panel, .kit-explorer";
const ARTICLE = ".kit-labeller, .kit-page, .kit-beside";
// What is no place for a link, or is the article itself.
const NOT =
  "a, button, summary, label, input, textarea, select, option, svg, style, .kt-text, .kit-page, .kit-beside, .kit-labeller";
const PLACE = /\bP(\d+)(?:\.\d+)?\b/g;
const LINK = "a[data-place]";
const LIT = "kit-place"; // the name of the highlight
const LONG = 320; // letters of a sentence that are shown
const LIT_FOR = 4000; // ms for each paragraph
const PLACE_SAY = {
  back: "↩ Back",
  several: "{n} places, all lit up by a press; the next press goes to the next.",
  keys: "← → other marks · Enter: to the text · Tab: on, out of the picture",
};
const BACK_FOR = 20_000; // ms

const STYLE = `
.kit-place.kit-place:any-link { color: inherit; text-decoration: underline dotted; text-underline-offset: 0.2em; cursor: pointer; }
.kit-place.kit-place:is(:hover, :focus-visible) { text-decoration-style: solid; background: rgb(11 87 208 / 0.12); }
.kit-place-says {
  position: fixed; z-index: 10000; max-width: min(34rem, calc(100vw - 2rem)); padding: 0.5em 0.75em;
  font: 0.95rem/1.45 Charter, "Bitstream Charter", "Iowan Old Style", Cambria, Georgia, serif;
  color: #1d1d1f; background: #fffdf2; border: 1px solid #55575d; border-radius: 4px;
  box-shadow: 0 2px 8px rgb(0 0 0 / 0.25); pointer-events: none;
}
.kit-place-says b, .kit-place-says small { font: 650 0.8rem/1.4 system-ui, sans-serif; display: block; }
.kit-place-says small { font-weight: 400; color: #55575d; }
.kit-place-back {
  position: fixed; z-index: 10000; right: 1.5rem; bottom: 1.5rem; padding: 0.5em 1em; cursor: pointer;
  font: 0.9rem/1.4 system-ui, sans-serif; color: #fff; background: #0b57d0; border: 2px solid #fff;
  border-radius: 1.5em; box-shadow: 0 2px 8px rgb(0 0 0 / 0.35);
}
::highlight(${LIT}) { background-color: #ffd94a; color: #111; }
.kit-place-lit { outline: 3px solid #0b57d0; outline-offset: -3px; }
`;

// -- the article on the page -----------------------------------------------------------------------

/** Split "P21:120-310 P30" into units and letters. */
function placesOf(link) {
  return link.dataset.place.split(" ").map((place) => {
    const [, unit, from, to] = place.match(/^(P\d+(?:\.\d+)?)(?::(\d+)-(\d+))?$/);
    return { unit, within: from && [Number(from), Number(to)] };
  });
}

/** Which text a link is about: the one that its words name, or the page's own. */
function textOf(link) {
  const beside = link.closest(".kit-lesson")?.querySelector(".kit-beside");
  const named = link.closest("[data-article]") ?? beside ?? document.querySelector("[data-article]");
  return named?.dataset.article;
}

/** The rows that show a unit of a link's text: of the article beside the page, of the labeller that is
    nearest, or of the article as a page. */
function rowsOf(unit, link) {
  const block = unit.split(".")[0];
  const text = textOf(link);
  const ofText = (row) => (row.closest("[data-article]")?.dataset.article ?? text) === text;
  const beside = [...document.querySelectorAll(`.kit-beside [data-unit="${block}"]`)];
  const stays = beside.find((row) => row.getClientRects().length && ofText(row));
  if (stays) return [stays];
  const wanted = [unit, block].map((id) => `[data-unit="${id}"]`);
  const found = [...document.querySelectorAll(`.kit-labeller ${wanted.join(", .kit-labeller ")}`)];
  const pages = [...document.querySelectorAll(wanted.map((one) => `.kit-page ${one}`).join(", "))];
  const shown = [...found, ...pages].filter((row) => row.getClientRects().length && ofText(row));
  const from = link.getBoundingClientRect().top;
  const far = (row) => Math.abs(row.getBoundingClientRect().top - from);
  // Where sentences are labelled, a paragraph has several rows.
  if (!shown.length) {
    return [...document.querySelectorAll(`.kit-labeller [data-unit^="${block}."]`)].filter(ofText);
  }
  return [shown.reduce((best, row) => (far(row) < far(best) ? row : best))];
}

/** The letters of the article in a row, without labels and signs. */
function textsIn(row) {
  const text = row.querySelector(".kl-text, .kp-text, :scope > span");
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("sup") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const found = [];
  while (walk.nextNode()) found.push(walk.currentNode);
  return found;
}

/** Where Python's nth letter is: it counts a letter of two halves as one. */
const half = (text, letters) => [...text].slice(0, letters).join("").length;

/** A range over letters of a row; all of them without `within`. */
function rangeIn(row, within) {
  const nodes = textsIn(row);
  const all = nodes.map((node) => node.data).join("");
  const [from, to] = within ? within.map((n) => half(all, n)) : [0, all.length];
  const range = document.createRange();
  let passed = 0;
  for (const node of nodes) {
    const next = passed + node.length;
    if (from >= passed && from <= next) range.setStart(node, from - passed);
    if (to > passed && to <= next) range.setEnd(node, to - passed);
    passed = next;
  }
  return range;
}

// -- what a link does --------------------------------------------------------------------------------

class Places {
  constructor() {
    this.says = el("div", { class: "kit-place-says", role: "tooltip", id: unique("says"), hidden: "" });
    this.back = el("button", { class: "kit-place-back", type: "button", text: PLACE_SAY.back });
    document.head.append(el("style", { text: STYLE }));
    document.body.append(this.says);
    for (const type of ["pointerover", "focusin"]) this.hear(type, (link) => this.show(link));
    for (const type of ["pointerout", "focusout"]) this.hear(type, () => this.hide());
    this.hear("click", (link, event) => this.press(link, event));
    // Before a notebook's own keys, which would take arrows and Enter for theirs.
    this.hear("keydown", (link, event) => this.key(link, event), window);
    this.back.addEventListener("click", () => this.goBack());
    this.mend(document.body);
    const watch = new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        if (target.closest?.(WORDS)) this.mend(target);
        else for (const node of addedNodes) if (node.nodeType === 1) this.mend(node);
      }
    });
    watch.observe(document.body, { childList: true, subtree: true });
  }

  hear(type, act, on = document) {
    const heard = (event) => {
      const link = event.target.closest?.(LINK);
      if (link) act(link, event);
    };
    on.addEventListener(type, heard, true);
  }

  /** Make links of the paragraphs' numbers in a part of the page, and one stop of a chart's marks. */
  mend(root) {
    // Without an article there is nothing to lead to; when one comes, all is looked at again.
    const come = root.matches(ARTICLE) || root.querySelector(ARTICLE);
    if (come) root = document.body;
    if (come || document.querySelector(ARTICLE)) {
      const words = root.closest(WORDS) ? [root] : root.querySelectorAll(WORDS);
      for (const one of words) linkWords(one);
    }
    for (const marks of root.querySelectorAll(".kit-marks:not([data-one-stop])")) {
      marks.dataset.oneStop = "";
      [...marks.children].forEach((link, n) => (link.tabIndex = n ? -1 : 0));
    }
  }

  show(link) {
    const places = placesOf(link);
    const [{ unit, within }] = places;
    const [row] = rowsOf(unit, link);
    const mark = link.closest(".kit-marks");
    const text = row ? rangeIn(row, within).toString().trim() : "";
    const one = text.length > LONG ? `${text.slice(0, LONG).replace(/\s+\S*$/, "")} …` : text;
    const short = places.length > 1 ? fill(PLACE_SAY.several, { n: places.length }) : one;
    this.says.replaceChildren(el("b", { text: mark || !short ? link.textContent : unit }), short);
    // Whoever came by keys is told which there are, and how to leave.
    if (mark && link.matches(":focus-visible")) this.says.append(el("small", { text: PLACE_SAY.keys }));
    this.says.hidden = !short && !mark;
    link.setAttribute("aria-describedby", this.says.id);
    const at = link.getBoundingClientRect();
    const { offsetWidth: across, offsetHeight: down } = this.says;
    const left = Math.min(Math.max(at.left, 8), innerWidth - across - 8);
    const below = at.bottom + 8 + down < innerHeight;
    this.says.style.left = `${left}px`;
    this.says.style.top = `${below ? at.bottom + 8 : Math.max(at.top - down - 8, 8)}px`;
  }

  hide() {
    this.says.hidden = true;
  }

  press(link, event) {
    event.preventDefault();
    event.stopPropagation();
    const places = placesOf(link);
    const found = places.map(({ unit, within }) => ({ rows: rowsOf(unit, link), within }));
    const there = found.filter(({ rows }) => rows.length);
    if (!there.length) return;
    this.nth = this.from === link ? this.nth + 1 : 0;
    this.from = link;
    this.light(there);
    this.hide();
    const [row] = there[this.nth % there.length].rows;
    if (inSight(row) && places.length === 1) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    row.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
    document.body.append(this.back);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.back.remove(), BACK_FOR);
  }

  light(places) {
    clearTimeout(this.lit?.timer);
    this.lit?.end();
    const rows = places.flatMap((place) => place.rows);
    const ranges = places.flatMap(({ rows, within }) => rows.map((row) => rangeIn(row, within)));
    if (globalThis.Highlight) CSS.highlights.set(LIT, new Highlight(...ranges));
    for (const row of rows) row.classList.add("kit-place-lit");
    const end = () => {
      globalThis.CSS?.highlights?.delete(LIT);
      for (const row of rows) row.classList.remove("kit-place-lit");
    };
    this.lit = { end, timer: setTimeout(end, LIT_FOR * places.length) };
  }

  goBack() {
    this.back.remove();
    this.from.scrollIntoView({ block: "center" });
    this.from.focus({ preventScroll: true });
  }

  /** Enter presses; in a chart arrows go from mark to mark, as the marks stand from left to right. */
  key(link, event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const marks = link.closest(".kit-marks");
    if (event.key === "Enter") this.press(link, event);
    else if (event.key === "Escape") this.hide();
    else if (way && marks) {
      const all = [...marks.children];
      const next = all[(all.indexOf(link) + way + all.length) % all.length];
      link.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
      event.preventDefault();
    } else return;
    event.stopPropagation();
  }
}

/** Say whether all of an element can be seen, in whatever scrolls it. */
function inSight(row) {
  const { left, right, top, bottom } = row.getBoundingClientRect();
  const corners = [[left + 1, top + 1], [right - 1, bottom - 1]];
  return corners.every(([x, y]) => row.contains(document.elementFromPoint(x, y)));
}

/** Make a link of every paragraph's number in the words of an element. */
function linkWords(root) {
  if (root.closest(NOT)) return;
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
    if (node.nodeType === 1) return node.matches(NOT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
    return node.data.match(PLACE) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  });
  const found = [];
  while (walk.nextNode()) found.push(walk.currentNode);
  for (const node of found) {
    const pieces = linked(node.data);
    // In a list of which one row at a time is a stop of Tab, the others' links are none either.
    const waits = node.parentElement.closest("li[tabindex='-1']");
    for (const piece of pieces) if (waits && piece.nodeType) piece.tabIndex = -1;
    node.replaceWith(...pieces);
  }
}

function linked(text) {
  const pieces = [];
  let passed = 0;
  for (const match of text.matchAll(PLACE)) {
    const [place] = match;
    const link = { class: "kit-place", href: `#kit-${place}`, "data-place": place, text: place };
    pieces.push(text.slice(passed, match.index), el("a", link));
    passed = match.index + place.length;
  }
  return [...pieces, text.slice(passed)].filter((piece) => piece !== "");
}

/** Answer the links of this page from now on; the first widget that asks does it for all. */
export function answerPlaces() {
  const { dataset } = document.documentElement;
  if (HERE in dataset) return;
  dataset[HERE] = "";
  new Places();
}
