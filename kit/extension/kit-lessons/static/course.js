// The way through the course: what is next, which goes with the reader, and the map beside the page.
// The lesson's first result says both (kit/templates/lesson.html.jinja); it follows the work.

import { el } from "./element.js";

/**
 * Read the way out of a lesson's first result.
 *
 * @returns {{next: string, step: string, to: string, stages: {title, to, done, here}[]}?} `step` is
 *     the exercise that is next, `to` the page that is.
 */
export function wayOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const next = page.querySelector(".kit-next");
  if (!next) return undefined;
  const to = (place) => place.querySelector("a")?.getAttribute("href") ?? "";
  const stages = [...page.querySelectorAll(".kit-course li")].map((place) => ({
    title: place.firstElementChild.textContent,
    to: to(place),
    done: place.querySelector("small").textContent,
    here: place.hasAttribute("aria-current"),
  }));
  return { next: next.textContent.trim(), step: next.dataset.step, to: to(next), stages };
}

/**
 * Return where the step that ends with an exercise begins: after the exercise before it, or after
 * the lesson has been opened.
 *
 * @param {string[]} sources what stands in each cell.
 */
export function beginOf(step, sources) {
  const at = sources.findIndex((source) => source.includes(`today.task("${step}")`));
  const before = sources.slice(0, Math.max(at, 0));
  return before.findLastIndex((source) => /^today(\.task\(| = )/m.test(source)) + 1;
}

/** Draw the map into a node; `open` is called with the page that somebody chooses. */
export function drawMap(node, stages, open) {
  const list = el("ul");
  for (const { title, to, done, here } of stages) {
    const name = here ? el("strong", title) : el("a", title);
    if (!here) {
      name.href = to;
      name.addEventListener("click", (event) => {
        event.preventDefault();
        open(to);
      });
    }
    const place = el("li", "", name, el("small", done));
    if (here) place.setAttribute("aria-current", "page");
    list.append(place);
  }
  node.replaceChildren(el("h2", "The course"), list);
}
