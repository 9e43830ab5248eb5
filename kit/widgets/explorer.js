// A live tool: controls, and under them what Python makes of their values.

import { Line } from "./line.js";
import { answerPlaces } from "./places.js";
import { el, keepKeys, START_AGAIN, unique } from "./tools.js";

const PAUSE = 150; // ms without a change before Python is asked
const UNANSWERED =
  `No answer yet. If nothing comes, the kernel is not answering: ${START_AGAIN}.`;

const MAKE = {
  text(spec, id) {
    const input = el("input", { type: "text", id, maxlength: "200", autocomplete: "off", spellcheck: "false" });
    input.value = spec.value;
    return { node: el("div", {}, el("label", { for: id, text: spec.label }), input), get: () => input.value };
  },
  range(spec, id) {
    const bounds = { min: String(spec.min), max: String(spec.max) };
    const slider = el("input", { type: "range", id, step: "1", ...bounds });
    const exact = el("input", { type: "number", "aria-label": spec.label, step: "1", ...bounds });
    slider.value = exact.value = spec.value;
    slider.addEventListener("input", () => { exact.value = slider.value; });
    exact.addEventListener("input", () => { slider.value = exact.value; });
    const node = el("div", { class: "kit-explorer-range" }, el("label", { for: id, text: spec.label }), slider, exact);
    return { node, get: () => slider.value };
  },
  checks(spec, id) {
    const inputs = spec.options.map(([value], n) => {
      const input = el("input", { type: "checkbox", id: `${id}-${n}`, value });
      input.checked = spec.value.includes(value);
      return input;
    });
    const rows = spec.options.map(([, text], n) =>
      el("div", { class: "kit-explorer-check" }, inputs[n], el("label", { for: `${id}-${n}`, text })),
    );
    const box = el("fieldset", {}, el("legend", { text: spec.label }), ...rows);
    // A long list is folded away until somebody wants it.
    const node = rows.length > 3 ? el("details", {}, el("summary", { text: spec.label }), box) : box;
    return { node, get: () => inputs.filter((input) => input.checked).map((input) => input.value) };
  },
  choice(spec, id) {
    const select = el("select", { id });
    for (const [value, text] of spec.options) select.append(el("option", { value, text }));
    select.value = spec.value;
    return { node: el("div", {}, el("label", { for: id, text: spec.label }), select), get: () => select.value };
  },
};

function render({ model, el: root }) {
  answerPlaces();
  const own = unique("kit-explorer");
  const controls = {};
  const title = el("h4", { id: `${own}-title`, text: model.get("title") });
  const bar = el("div", { class: "kit-explorer-controls" });
  // It may scroll, so the keyboard must be able to reach it.
  const shown = el("div", { class: "kit-explorer-shown", tabindex: "0", role: "region", "aria-label": model.get("title") });
  const said = el("p", { class: "kit-unseen", role: "status" });
  const trouble = el("p", { class: "kit-explorer-trouble", role: "status" });
  let rev = 0;
  let now = "";
  const line = new Line(model);
  let pause = null;

  function ask() {
    rev += 1;
    const values = Object.fromEntries(Object.entries(controls).map(([id, one]) => [id, one.get()]));
    line.send({ type: "show", rev, values }, () => { trouble.textContent = UNANSWERED; });
  }

  function receive(message) {
    if (message.type !== "shown" || message.rev !== rev) return; // a newer question is on its way
    line.answered();
    trouble.textContent = "";
    show(message.html);
    if (said.textContent !== message.summary) said.textContent = message.summary;
  }

  /** Show something else, made by the kit's own Python, which escapes; the same is left alone. */
  function show(html) {
    if (html !== now) shown.innerHTML = now = html;
  }

  for (const spec of model.get("controls")) {
    const made = MAKE[spec.type](spec, `${own}-${spec.id}`);
    controls[spec.id] = made;
    made.node.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(ask, PAUSE);
    });
    bar.append(made.node);
  }
  root.classList.add("kit-explorer");
  root.setAttribute("role", "group");
  root.setAttribute("aria-labelledby", title.id);
  root.append(title, bar, trouble, shown, said);
  show(model.get("html"));
  model.on("msg:custom", receive);
  model.on("change:renewed", ask);
  if (model.get("renewed")) ask(); // what is shown at first was made of other labels
  const letKeysGo = keepKeys(root);
  return () => {
    clearTimeout(pause);
    line.answered();
    letKeysGo();
    model.off("msg:custom", receive);
    model.off("change:renewed", ask);
  };
}

export default { render };
