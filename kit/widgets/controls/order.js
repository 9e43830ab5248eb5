// An order of things, which are dragged, or moved by buttons and keys.

import { CONTROLS, group, sayingPlace } from "../controls.js";
import { el, fill } from "../tools.js";

const ORDER_SAY = {
  how: "Drag each to its place. With keys: ↑ and ↓ go through the list, Alt+↑ and Alt+↓ move the framed one.",
  up: "Move up: {text}",
  down: "Move down: {text}",
  moved: "{text}: now number {n} of {all}",
};
const KEYS = { ArrowUp: -1, ArrowDown: 1 };

CONTROLS.order = (spec, id, changed, announce) => {
  const texts = Object.fromEntries(spec.entries.map((entry) => [entry.id, entry.text]));
  const list = el("ol", { class: "kt-order" });
  const says = sayingPlace(id);
  const how = el("p", { class: "kt-quiet", id: `${id}-how`, text: ORDER_SAY.how });
  let touched = false;

  const rows = spec.entries.map((entry) => row(entry.id));
  const order = () => [...list.children].map((one) => one.dataset.entry);
  const place = (one) => [...list.children].indexOf(one);

  /** Put a row where another one is; say whether that changed anything. Only the others are moved
      on the page: so the row keeps the focus, and the finger that holds it. */
  function put(one, to) {
    const from = place(one);
    const all = [...list.children];
    if (to === from || !all[to]) return false;
    if (to > from) one.before(...all.slice(from + 1, to + 1));
    else one.after(...all.slice(to, from));
    number();
    return true;
  }

  function settled(one) {
    touched = true;
    const entry = texts[one.dataset.entry];
    announce(fill(ORDER_SAY.moved, { text: entry, n: place(one) + 1, all: rows.length }));
    changed();
  }

  /** Move a row by one place; who pressed a button that can be pressed no longer is at the other. */
  function move(one, by) {
    const focused = document.activeElement;
    if (!put(one, place(one) + by)) return;
    if (focused.disabled) one.querySelector("button:not(:disabled)").focus();
    settled(one);
  }

  function number() {
    for (const [n, one] of [...list.children].entries()) {
      const [up, down] = one.querySelectorAll("button");
      up.disabled = n === 0;
      down.disabled = n === rows.length - 1;
    }
  }

  function row(entry) {
    const button = (by, sign, name) => {
      const words = { text: sign, "aria-label": fill(name, { text: texts[entry] }) };
      const made = el("button", { type: "button", tabindex: "-1", ...words });
      made.addEventListener("click", () => move(one, by));
      return made;
    };
    const grip = el("span", { class: "kt-grip", "aria-hidden": "true", text: "⠿" });
    const one = el(
      "li",
      { "aria-describedby": how.id, "data-entry": entry },
      grip,
      el("span", { class: "kt-move" }, button(-1, "↑", ORDER_SAY.up), button(1, "↓", ORDER_SAY.down)),
      el("span", { text: texts[entry] }),
    );
    one.addEventListener("pointerdown", (event) => {
      // A finger drags by the grip alone: anywhere else it scrolls the page.
      if (event.button || event.target.closest("button")) return;
      if (event.pointerType === "touch" && event.target !== grip) return;
      drag(one, event);
    });
    return one;
  }

  function drag(one, { pointerId }) {
    const from = place(one);
    one.setPointerCapture(pointerId);
    one.classList.add("kt-dragged");
    const follow = (event) => {
      const middles = rows.filter((other) => other !== one).map((other) => {
        const { top, height } = other.getBoundingClientRect();
        return top + height / 2;
      });
      put(one, middles.filter((middle) => middle < event.clientY).length);
    };
    const end = (event) => {
      one.removeEventListener("pointermove", follow);
      one.removeEventListener("pointerup", end);
      one.removeEventListener("pointercancel", end);
      one.classList.remove("kt-dragged");
      if (event.type === "pointercancel") put(one, from);
      else if (place(one) !== from) settled(one);
    };
    one.addEventListener("pointermove", follow);
    one.addEventListener("pointerup", end);
    one.addEventListener("pointercancel", end);
  }

  /** Of the list, Tab stops at the row that was last in hand, and at its links. */
  function hold(one) {
    for (const other of rows) {
      const stop = other === one ? 0 : -1;
      for (const part of [other, ...other.querySelectorAll("a")]) part.tabIndex = stop;
    }
  }
  list.addEventListener("focusin", (event) => hold(event.target.closest("li")));

  function key(event) {
    const one = event.target.closest("li");
    if (!one || !(event.key in KEYS)) return;
    event.preventDefault();
    if (event.altKey) move(one, KEYS[event.key]);
    else list.children[place(one) + KEYS[event.key]]?.focus();
  }

  function set(value) {
    touched = Boolean(value?.length);
    const wanted = touched ? value : Object.keys(texts);
    list.replaceChildren(...wanted.map((entry) => rows.find((one) => one.dataset.entry === entry)));
    hold(list.firstElementChild);
    number();
  }

  set();
  const node = group(spec.label, says, how, list);
  return {
    node,
    says,
    // The order in which the items are given is nobody's answer, until it is handed in.
    get: (handedIn) => (touched || handedIn ? order() : []),
    set,
    key,
  };
};
