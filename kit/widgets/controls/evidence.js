// Rows of a paragraph and words copied from it.

import { CONTROLS, group, sayingPlace } from "../controls.js";
import { el } from "../tools.js";

const EVIDENCE_SAY = {
  paragraph: "Paragraph",
  copied: "Words copied from it",
  moreRows: "Another row",
  found: "All of it is there.",
};

CONTROLS.evidence = (spec, id, changed) => {
  const rows = el("div", { class: "kt-rows" });
  const says = sayingPlace(id);
  let made = 0;

  function add({ block = "", words = "" } = {}) {
    const own = `${id}-${made++}`;
    const input = el("input", { type: "text", id: `${own}-p`, maxlength: "60", placeholder: "P8", autocomplete: "off", size: "5" });
    const area = el("textarea", { id: `${own}-w`, rows: "2", dir: "auto", "data-copied": "" });
    input.value = block;
    area.value = words;
    for (const one of [input, area]) one.addEventListener("input", () => changed());
    rows.append(
      el(
        "div",
        { class: "kt-row" },
        el("div", {}, el("label", { for: input.id, text: EVIDENCE_SAY.paragraph }), input),
        el("div", { class: "kt-wide" }, el("label", { for: area.id, text: EVIDENCE_SAY.copied }), area),
      ),
    );
    return input;
  }

  const more = el("button", { type: "button", text: EVIDENCE_SAY.moreRows });
  more.addEventListener("click", () => add().focus());
  const node = group(spec.label, says, rows, more);
  const set = (value) => {
    rows.replaceChildren();
    const given = value ?? [];
    for (let n = 0; n < Math.max(spec.least, given.length); n += 1) add(given[n]);
  };
  set([]);
  return {
    node,
    says,
    fine: EVIDENCE_SAY.found,
    get: () =>
      [...rows.children]
        .map((row) => ({ block: row.querySelector("input").value, words: row.querySelector("textarea").value }))
        .filter(({ block, words }) => block.trim() || words.trim()),
    set,
  };
};
