// One option or several, chosen from a list.

import { CONTROLS, group, sayingPlace } from "../controls.js";
import { el, fill } from "../tools.js";

const SOME_OF = "Choose up to {n}.";

CONTROLS.choice = (spec, id, changed) => {
  const type = spec.most === 1 ? "radio" : "checkbox";
  const says = sayingPlace(id);
  const inputs = spec.options.map((option, n) => {
    const input = el("input", { type, name: id, id: `${id}-${n}`, value: option.id });
    input.addEventListener("change", () => changed());
    return input;
  });
  const options = spec.options.map((option, n) =>
    el("div", { class: "kt-option" }, inputs[n], el("label", { for: `${id}-${n}`, text: option.text })),
  );
  const node = group(
    spec.label,
    says,
    ...(spec.most > 1 ? [el("p", { class: "kt-quiet", text: fill(SOME_OF, { n: spec.most }) })] : []),
    el("div", { class: "kt-options" }, ...options),
  );
  return {
    node,
    says,
    get: () => inputs.filter((input) => input.checked).map((input) => input.value),
    set: (value) => { for (const input of inputs) input.checked = (value ?? []).includes(input.value); },
  };
};
