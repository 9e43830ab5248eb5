// One option, chosen from a list.

import { CONTROLS, group, sayingPlace } from "../controls.js";
import { el } from "../tools.js";

CONTROLS.choice = (spec, id, changed) => {
  const says = sayingPlace(id);
  const inputs = spec.options.map((option, n) => {
    const input = el("input", { type: "radio", name: id, id: `${id}-${n}`, value: option.id });
    input.addEventListener("change", () => changed());
    return input;
  });
  const options = spec.options.map((option, n) =>
    el("div", { class: "kt-option" }, inputs[n], el("label", { for: `${id}-${n}`, text: option.text })),
  );
  const node = group(spec.label, says, el("div", { class: "kt-options" }, ...options));
  return {
    node,
    says,
    get: () => inputs.filter((input) => input.checked).map((input) => input.value),
    set: (value) => { for (const input of inputs) input.checked = (value ?? []).includes(input.value); },
  };
};
