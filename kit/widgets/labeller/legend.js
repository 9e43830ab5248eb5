// The list of all keys, which shows when it is asked for.

import { cap, el } from "../tools.js";
import { TEXT } from "./wording.js";

/** Every key of a layer with what it does; hidden at first. */
export class Legend {
  constructor({ marks, fields, inWords, inRecords }) {
    const list = el("dl");
    const line = (keys, text) => {
      const term = el("dt", {}, ...keys.map((key) => el("kbd", { text: key })));
      list.append(el("div", {}, term, el("dd", { text })));
    };
    for (const mark of marks) line([cap(mark.key)], mark.name);
    line(["↑", "↓"], TEXT.legendUnits);
    line(["Home", "End"], TEXT.legendEnds);
    if (inWords) {
      line(["Enter"], TEXT.legendEnter);
      line(["Home", "End"], TEXT.legendPauses);
      line(["[", "]"], TEXT.legendMarks);
    } else line(["Enter"], TEXT.legendHear);
    if (inRecords) line(["R"], TEXT.legendRecord);
    if (fields.length) line(["1", "–", "9"], TEXT.legendDigits);
    line(["⌫"], TEXT.legendBackspace);
    line(["N"], TEXT.legendNote);
    line(["U"], TEXT.legendUndo);
    line(["Y"], TEXT.legendRedo);
    line(["."], TEXT.legendNext);
    line(["Esc"], TEXT.legendEscape);
    line(["Tab"], TEXT.legendTab);
    line(["?"], TEXT.legendHelp);
    this.el = el("div", { class: "kl-legend", role: "group", "aria-label": TEXT.legend }, list);
    this.el.hidden = true;
  }

  get open() {
    return !this.el.hidden;
  }

  toggle() {
    this.el.hidden = this.open;
  }
}
