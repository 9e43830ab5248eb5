// A lesson runs when it is first seen and again when its kernel has started anew. It stays where
// the reader was, and no stray key or double click harms it.

import { isCommand } from "./keys.js";
import { isOwn, isPage } from "./own.js";

const SAY = {
  starting: "Starting …",
  stopped: "This part could not start, because the part above failed. Reload the page to try again.",
  strange: "This page holds code that is not the kit’s. Run it only if you know whom it is from.",
  untrusted: "This page has not been opened on this computer before.",
  run: "Start the page",
  gone: "What works behind this page has stopped. Nothing is lost.",
  again: "Start again",
  show: "Show the code",
  hide: "Hide the code",
};
// How long a result takes at most, in ms, to be drawn after its cell has run.
const SETTLING = 2000;

/**
 * The plugin that JupyterLab activates.
 *
 * @param {object} lab what is taken from JupyterLab: INotebookTracker, CodeCell, Dialog, PageConfig,
 *     Widget.
 */
export const plugin = ({ INotebookTracker, CodeCell, Dialog, PageConfig, Widget }) => ({
  id: "kit-lessons:open",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (app, tracker) => {
    const pages = new WeakSet();
    tracker.widgetAdded.connect(async (_, panel) => {
      await panel.context.ready;
      if (!isPage(sources(panel))) return;
      pages.add(panel);
      const page = new Page(panel, { CodeCell, PageConfig, Widget });
      if (page.own) page.dress();
      await panel.revealed;
      await page.open();
    });
    Dialog.tracker.widgetAdded.connect((_, dialog) => {
      const panel = tracker.currentWidget;
      if (!pages.has(panel)) return;
      // That a kernel has died is no news to a reader: the page says that it is starting.
      if (panel.sessionContext.kernelDisplayStatus === "autorestarting")
        dialog.launch = async () => {
          dialog.dispose();
          return { button: Dialog.okButton(), isChecked: null, value: null };
        };
      // A dialog gives the focus back to the active cell, wherever the reader is.
      const { outerNode } = panel.content;
      const top = outerNode.scrollTop;
      dialog.disposed.connect(() => setTimeout(() => (outerNode.scrollTop = top)));
    });
    document.documentElement.dataset.kitPages = ""; // for what the kit's forms say
    window.addEventListener("keydown", off, true);
    window.addEventListener("dblclick", still, true);
  },
});

const codeCells = (panel) => panel.content.widgets.filter((cell) => cell.model.type === "code");
const sources = (panel) => codeCells(panel).map((cell) => cell.model.sharedModel.getSource());

class Page {
  constructor(panel, lab) {
    this.panel = panel;
    this.lab = lab;
    this.own = isOwn(sources(panel));
    this.runs = 0; // of which only the last may go on
  }

  // A page to read: what a notebook is edited with is out of sight, and a button brings it back.
  dress() {
    const { panel } = this;
    panel.node.classList.add("kit-lesson");
    const again = button(SAY.again, () => this.restart());
    const code = button(SAY.show, () => {
      const shown = panel.node.classList.toggle("kit-code");
      for (const cell of codeCells(panel)) cell.inputHidden = !shown;
      code.textContent = shown ? SAY.hide : SAY.show;
    });
    panel.toolbar.addItem("kit-tools", this.bar("kit-tools", again, code));
  }

  async open() {
    const { panel } = this;
    const trusted =
      this.lab.PageConfig.getOption("kitPages") === "own" || // a site that has no others
      codeCells(panel).every((cell) => cell.model.trusted);
    if (!this.own) await this.asked(SAY.strange);
    else if (!trusted) await this.asked(SAY.untrusted);
    const session = panel.sessionContext;
    const cells = this.wait();
    await session.ready;
    let kernel = null; // the session that its messages name: another has forgotten everything
    session.kernelChanged.connect((_, { newValue }) => {
      this.header?.dispose();
      kernel = null;
      if (newValue) this.run();
      else if (!panel.isDisposed) this.asked(SAY.gone, SAY.again).then(() => this.restart());
    });
    session.iopubMessage.connect((_, { header, content }) => {
      if (content.execution_state === "restarting") return; // said by the server
      if (kernel !== null && kernel !== header.session) this.run();
      kernel = header.session;
    });
    // What a form has changed may concern the whole page, such as another text.
    panel.node.addEventListener("kit-again", (event) => {
      event.preventDefault();
      this.run();
    });
    await this.run(cells);
  }

  // Resolves when somebody has pressed the button.
  asked(reason, press = SAY.run) {
    this.header?.dispose();
    return new Promise((resolve) => {
      const run = button(press, () => {
        this.header.dispose();
        resolve();
      });
      this.header = this.bar("kit-ask", reason, run);
      this.panel.contentHeader.addWidget(this.header);
    });
  }

  bar(name, ...parts) {
    const node = document.createElement("div");
    node.className = name;
    node.append(...parts);
    return new this.lab.Widget({ node });
  }

  // A new kernel, whatever has become of the one before; when it is there, the page runs.
  async restart() {
    this.wait();
    const session = this.panel.sessionContext;
    if (session.session?.kernel) await session.restartKernel();
    else await session.changeKernel({ name: session.kernelPreference.name ?? "python3" });
  }

  // Every cell says that it is starting, and keeps its height, so that the page does not move.
  wait() {
    const cells = codeCells(this.panel);
    for (const cell of cells) {
      cell.node.style.minHeight = `${cell.node.offsetHeight}px`;
      cell.node.classList.add("kit-waiting");
      cell.node.dataset.kitSays = SAY.starting;
    }
    return cells;
  }

  async run(cells = this.wait()) {
    const run = (this.runs += 1);
    for (const cell of cells) {
      if (run !== this.runs || this.panel.isDisposed) return;
      const reply = await this.lab.CodeCell.execute(cell, this.panel.sessionContext).catch(() => null);
      if (run !== this.runs) return;
      cell.node.classList.remove("kit-waiting");
      setTimeout(() => (cell.node.style.minHeight = ""), SETTLING);
      if (reply?.content.status === "ok") continue;
      for (const left of this.panel.node.querySelectorAll(".kit-waiting"))
        left.dataset.kitSays = SAY.stopped;
      return;
    }
  }
}

function button(words, onPress) {
  const made = document.createElement("button");
  made.textContent = words;
  made.addEventListener("click", onPress);
  return made;
}

const lesson = (target) => target.closest?.(".kit-lesson:not(.kit-code)");

// JupyterLab hears keys on the document, after this. Its commands hold where the class of their
// mode stands, so that taking it away for the moment leaves the key to a form or a labeller.
function off(event) {
  const notebook = lesson(event.target)?.querySelector(".jp-Notebook.jp-mod-commandMode");
  if (!notebook?.contains(event.target) || !isCommand(event)) return;
  notebook.classList.remove("jp-mod-commandMode");
  setTimeout(() => notebook.classList.add("jp-mod-commandMode"));
}

// A double click marks a word; it does not turn prose into its source.
function still(event) {
  if (lesson(event.target) && event.target.closest(".jp-MarkdownCell")) event.stopPropagation();
}
