// A number, typed in figures or as a word.

import { CONTROLS, sayingPlace } from "../controls.js";
import { el } from "../tools.js";

CONTROLS.number = (spec, id, changed) => {
  const input = el("input", { type: "text", id, inputmode: "decimal", maxlength: "60", autocomplete: "off" });
  const says = sayingPlace(id);
  input.setAttribute("aria-describedby", says.id);
  const squares = el("div", { class: "kt-squares", "aria-hidden": "true" });
  const draw = () => squares.style.setProperty("--n", Number.parseInt(input.value, 10) || 0);
  input.addEventListener("input", () => {
    draw();
    changed();
  });
  const picture = spec.drawn ? [squares] : [];
  const node = el("div", { class: "kt-control" }, el("label", { for: id, text: spec.label }), input, ...picture, says);
  const set = (value) => {
    input.value = value ?? "";
    draw();
  };
  return { node, says, get: () => input.value, set };
};
