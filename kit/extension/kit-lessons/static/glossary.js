// Words of the trade tell what they mean, whoever points at them or comes to them with the Tab key.

import { el } from "./element.js";

const PROSE = ".jp-MarkdownOutput p, .jp-MarkdownOutput li, .kt-prompt";
const ELSE = "a, button, code, .kit-word, .kit-without"; // what stays as it is

/**
 * Let the first place of each word on a page tell its meaning.
 *
 * @param {Element} page what is looked through.
 * @param {Object<string, string>} words what each of them means.
 */
export function explain(page, words) {
  const left = new Map(Object.entries(words));
  for (const there of page.querySelectorAll(".kit-word")) left.delete(there.dataset.word);
  if (!left.size) return;
  // Longer ones first: “share of voice” is one word of the trade.
  const names = [...left.keys()].sort((one, other) => other.length - one.length);
  const any = new RegExp(`(?<![\\p{L}-])(${names.join("|")})s?(?![\\p{L}-])`, "giu");
  for (const text of textsOf(page)) {
    for (const found of [...text.data.matchAll(any)].reverse()) {
      const word = found[1].toLowerCase();
      if (!left.has(word) || first(text.data, any, word) !== found.index) continue;
      const rest = text.splitText(found.index);
      rest.splitText(found[0].length);
      rest.replaceWith(told(found[0], word, left.get(word)));
      left.delete(word);
    }
  }
}

const first = (data, any, word) =>
  [...data.matchAll(any)].find((found) => found[1].toLowerCase() === word).index;

function textsOf(page) {
  const found = [];
  for (const place of page.querySelectorAll(PROSE)) {
    const walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!walk.currentNode.parentElement.closest(ELSE)) found.push(walk.currentNode);
  }
  return found;
}

/** A word with its meaning, which stands above all else, and stays as long as one is at either. */
function told(text, word, meaning) {
  const name = el("span", text);
  const tip = el("span", meaning);
  const made = el("span", "", name, tip);
  made.className = "kit-word";
  made.dataset.word = word;
  name.tabIndex = 0;
  name.setAttribute("aria-describedby", (tip.id = `kit-word-${word.replaceAll(" ", "-")}`));
  tip.setAttribute("role", "tooltip");
  tip.popover = "manual";
  const show = () => {
    tip.showPopover();
    const { left, top, bottom } = name.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    tip.style.top = `${bottom + height < innerHeight ? bottom : top - height}px`;
  };
  const hide = () => tip.hidePopover();
  made.addEventListener("mouseenter", show);
  made.addEventListener("mouseleave", hide);
  name.addEventListener("focus", show);
  name.addEventListener("blur", hide);
  name.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  return made;
}
