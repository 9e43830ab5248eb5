// The student's own words, counted as they are written.

import { CONTROLS, sayingPlace } from "../controls.js";
import { el, fill, shorten } from "../tools.js";

const TEXT_SAY = {
  words: "{n} words",
  wordsOf: "{n} words; {least} to {most} are asked for",
  starter: "Begin with: {starter}",
};

const countWords = (text) => (text.match(/[\p{L}\p{N}_]+(?:['’‑-][\p{L}\p{N}_]+)*/gu) ?? []).length;

CONTROLS.text = (spec, id, changed) => {
  const area = el("textarea", { id, rows: spec.copied ? "1" : spec.words[1] > 60 ? "7" : "4", dir: "auto" });
  if (spec.copied) area.dataset.copied = "";
  const count = el("p", { class: "kt-quiet", id: `${id}-count` });
  const says = sayingPlace(id);
  area.setAttribute("aria-describedby", `${count.id} ${says.id}`);
  const [least, most] = spec.words;
  const starter = el("button", { type: "button", class: "kt-starter", text: fill(TEXT_SAY.starter, { starter: shorten(spec.starter, 60) }) });
  starter.addEventListener("click", () => {
    area.value = `${spec.starter.trim()} `;
    area.focus();
    update();
    changed();
  });

  function update() {
    const n = countWords(area.value);
    count.textContent = spec.copied ? "" : fill(least ? TEXT_SAY.wordsOf : TEXT_SAY.words, { n, least, most }).replace(/^1 words/, "1 word");
    starter.hidden = !spec.starter || Boolean(area.value.trim());
  }

  area.addEventListener("input", () => { update(); changed(); });
  const node = el("div", { class: "kt-control" }, el("label", { for: id, text: spec.label }), starter, area, count, says);
  update();
  return { node, says, get: () => area.value, set: (value) => { area.value = value ?? ""; update(); } };
};
