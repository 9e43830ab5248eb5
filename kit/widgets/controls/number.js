// A number, typed in figures or as a word.

import { CONTROLS, sayingPlace } from "../controls.js";
import { el } from "../tools.js";

CONTROLS.number = (spec, id, changed) => {
  const input = el("input", { type: "text", id, inputmode: "decimal", maxlength: "60", autocomplete: "off" });
  const says = sayingPlace(id);
  input.setAttribute("aria-describedby", says.id);
  input.addEventListener("input", () => changed());
  const node = el("div", { class: "kt-control" }, el("label", { for: id, text: spec.label }), input, says);
  return { node, says, get: () => input.value, set: (value) => { input.value = value ?? ""; } };
};
