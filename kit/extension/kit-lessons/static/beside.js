// On a wide window the article stands beside the page and stays in view while the steps go by.

import { el } from "./element.js";

/**
 * Return the article as an element. Whatever names a paragraph leads here: kit/widgets/places.js
 * knows paragraphs by `data-unit`, and their words by `kp-text`.
 *
 * @param {{id: string, title: string, banner: string, blocks: {id: string, text: string, kind: string}[]}} article
 *     `banner` is what whoever reads it must know of it.
 */
export function articleBeside({ id, title, banner, blocks }) {
  const made = el("aside");
  made.className = "kit-beside";
  made.dataset.article = id;
  made.setAttribute("aria-label", `The article: ${title}`);
  made.tabIndex = 0; // so that the keyboard can scroll it
  if (banner) made.append(el("strong", banner));
  for (const { id: unit, text, kind } of blocks) {
    const words = el("span", text);
    words.className = "kp-text";
    const block = el("p", "", el("small", unit), " ", words);
    block.className = `kit-beside-${kind}`;
    block.dataset.unit = unit;
    block.dir = "auto";
    made.append(block);
  }
  return made;
}
