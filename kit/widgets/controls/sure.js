// How sure somebody is of a first guess. Once something has been told it is no longer asked.

import { CONTROLS, group, sayingPlace } from "../controls.js";
import { el } from "../tools.js";

CONTROLS.sure = (spec, id, changed) => {
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
  node.classList.add("kt-sure");
  return {
    node,
    says,
    get: () => inputs.find((input) => input.checked)?.value ?? "",
    set: (value) => { for (const input of inputs) input.checked = input.value === value; },
    told: (something) => { node.hidden = something; },
  };
};
