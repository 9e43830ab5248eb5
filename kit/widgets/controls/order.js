// An order of things, which are moved by buttons.

import { CONTROLS, group, sayingPlace } from "../controls.js";
import { el, fill } from "../tools.js";

const ORDER_SAY = {
  up: "Move up: {text}",
  down: "Move down: {text}",
  moved: "{text}: now number {n} of {all}",
};

CONTROLS.order = (spec, id, changed, announce) => {
  const texts = Object.fromEntries(spec.items.map((item) => [item.id, item.text]));
  const list = el("ol", { class: "kt-order" });
  const says = sayingPlace(id);
  let order = Object.keys(texts);
  let touched = false;

  function move(from, by) {
    const to = from + by;
    if (to < 0 || to >= order.length) return;
    [order[from], order[to]] = [order[to], order[from]];
    touched = true;
    draw();
    const button = list.children[to].querySelectorAll("button")[by < 0 ? 0 : 1];
    (button.disabled ? list.children[to].querySelector("button:not(:disabled)") : button).focus();
    announce(fill(ORDER_SAY.moved, { text: texts[order[to]], n: to + 1, all: order.length }));
    changed();
  }

  function draw() {
    list.replaceChildren(
      ...order.map((item, n) => {
        const button = (by, sign, name) => {
          const made = el("button", { type: "button", text: sign, "aria-label": fill(name, { text: texts[item] }) });
          made.disabled = n + by < 0 || n + by >= order.length;
          made.addEventListener("click", () => move(n, by));
          return made;
        };
        return el(
          "li",
          {},
          el("span", { class: "kt-move" }, button(-1, "↑", ORDER_SAY.up), button(1, "↓", ORDER_SAY.down)),
          el("span", { text: texts[item] }),
        );
      }),
    );
  }

  draw();
  const node = group(spec.label, says, list);
  return {
    node,
    says,
    // The order in which the items are given is nobody's answer, until it is handed in.
    get: (handedIn) => (touched || handedIn ? order : []),
    set: (value) => {
      touched = Boolean(value?.length);
      order = touched ? [...value] : Object.keys(texts);
      draw();
    },
  };
};
