// The two bars over the article. What their buttons do stands in `commands`, as for the keys.

import { el } from "../tools.js";
import { swatch } from "./scheme.js";
import { Toolbar } from "./toolbar.js";
import { TEXT } from "./wording.js";

/** What can be put on: codes, or the parts of a record. Pointing at one shows its definition. */
export class Marks extends Toolbar {
  constructor({ scheme, definition, commands, giveBack }) {
    super("kl-codes", scheme.inRecords ? TEXT.parts : TEXT.codes, giveBack);
    this.byMark = new Map();
    this.lead = el("span", { class: "kl-lead" });
    this.el.append(this.lead);
    for (const mark of scheme.marks) {
      const { id, key } = mark;
      const about = { "aria-pressed": "false", "aria-keyshortcuts": key, "data-code": id };
      const button = this.add({ class: "kl-code", ...about }, () => commands.press(mark));
      button.append(swatch(mark), el("span", { text: mark.name }));
      button.addEventListener("pointerenter", () => definition.show(mark));
      button.addEventListener("focus", () => definition.show(mark));
      button.addEventListener("pointerleave", () => definition.show());
      this.byMark.set(id, button);
    }
    if (scheme.inRecords) this.addTool(TEXT.newRecord, "r", commands.newRecord, " kl-code");
    this.makeStop();
  }

  /** Show which marks are on what is in question, and what to do next. */
  paint(ids, lead) {
    if (this.lead.textContent !== lead) this.lead.textContent = lead;
    for (const [id, button] of this.byMark) {
      const pressed = String(ids.includes(id));
      if (button.getAttribute("aria-pressed") !== pressed) {
        button.setAttribute("aria-pressed", pressed);
      }
    }
  }
}

/** What can be done besides, and at its end the settings of the view. */
export class Actions extends Toolbar {
  constructor({ goesOn, settings, commands, giveBack }) {
    super("kl-tools", TEXT.tools, giveBack);
    this.undo = this.addTool(TEXT.undo, "u", commands.undo);
    this.redo = this.addTool(TEXT.redo, "y", commands.redo);
    const remove = this.addTool(TEXT.remove, "⌫", commands.remove);
    remove.title = TEXT.removeHint;
    remove.setAttribute("aria-keyshortcuts", "Backspace");
    this.addTool(TEXT.note, "n", commands.note);
    this.addTool(TEXT.next, ".", commands.next).title = TEXT.nextHint;
    this.help = this.addTool(TEXT.keys, "?", commands.help);
    this.el.append(settings.el);
    if (goesOn) this.el.append(settings.goOn);
    this.makeStop();
    this.showHelp(false);
  }

  paint(store) {
    this.undo.setAttribute("aria-disabled", String(!store.past.length));
    this.redo.setAttribute("aria-disabled", String(!store.future.length));
  }

  showHelp(open) {
    this.help.setAttribute("aria-expanded", String(open));
  }
}
