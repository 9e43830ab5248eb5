// What can be answered in an exercise. Each kind of control is a file in controls/, which puts it into
// this table under its name; Python asks for it by that.

import { el } from "./tools.js";

/**
 * By name: (spec, id, changed, announce) → { node, says, get, set }. `says` is the place for what the
 * check said, `get()` the answer, empty for none, `set(value)` puts one in, undefined for none. Call
 * `changed()` when somebody has answered, and `announce(text)` what a screen reader should say. What
 * is only asked before a first check has `told(something)`, which says whether there was one; what
 * answers to keys has `key(event)`, for the form keeps them from the page.
 */
export const CONTROLS = {};

/** Return the place for what the check says of a control. */
export const sayingPlace = (id) => el("p", { class: "kt-says", id: `${id}-says` });

/** Return a control of several fields with its label, and what the check says of it. */
export const group = (label, says, ...fields) =>
  el(
    "fieldset",
    { class: "kt-control", "aria-describedby": says.id },
    el("legend", { text: label }),
    ...fields,
    says,
  );
