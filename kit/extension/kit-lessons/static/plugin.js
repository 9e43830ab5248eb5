// A lesson runs when it is first seen and again when its kernel has started anew. It stays where
// the reader was, and no stray key or double click harms it.

import { articleBeside } from "./beside.js";
import { beginOf, drawMap, wayOf } from "./course.js";
import { button, el } from "./element.js";
import { explain } from "./glossary.js";
import { isCommand } from "./keys.js";
import { ARTICLE, ask, GLOSSARY, ORIGINAL } from "./kit.js";
import { lockCommands, lockDrops } from "./locked.js";
import { isOwn, isPage, lessonOf, OPENS } from "./own.js";

const SAY = {
  starting: "Starting …",
  failed: "This part could not start. Press “Start again”: nothing that you have made is lost.",
  stopped: "This part could not start, because the part above failed. Press “Start again”.",
  strange: "This page holds code that is not the kit’s. Run it only if you know whom it is from.",
  untrusted: "This page has not been opened on this computer before.",
  run: "Start the page",
  gone: "What works behind this page has stopped. Nothing is lost.",
  again: "Start again",
  show: "Show the code",
  hide: "Hide the code",
  away: "Hide the article",
  beside: "Show the article",
  course: "The course",
  restore: "Restore this lesson",
  restored:
    "The page goes back to how it came, and starts again. Your labels and answers are kept in your " +
    "work file and stay as they are. What you have written into the page itself is put aside, in a " +
    "page of its own.",
  unrestored:
    "The page as it came cannot be had just now. Press “Start again” and try once more. If that does " +
    "not help, ask for a new copy of the page. Your labels and answers are safe in your work file.",
};
// How long a result takes at most, in ms, to be drawn after its cell has run.
const SETTLING = 2000;
const NOTHING = { content: { status: "ok" } }; // the reply to an empty cell
const DEAF = "data-lm-suppress-shortcuts";
const AWAY = "kit:article-away"; // in the browser: who has put the article away has done so everywhere
const NARROW = matchMedia("(max-width: 48rem)"); // no room for anything beside a page

/**
 * The plugin that JupyterLab activates.
 *
 * @param {object} lab what is taken from JupyterLab: INotebookTracker, CodeCell, Dialog, PageConfig,
 *     showDialog, Widget.
 */
export const plugin = (lab) => ({
  id: "kit-lessons:open",
  autoStart: true,
  requires: [lab.INotebookTracker],
  activate: (app, tracker) => {
    const { Dialog } = lab;
    const pages = new WeakMap();
    const map = new CourseMap(app, lab);
    const draw = () => map.draw(pages.get(tracker.currentWidget));
    tracker.widgetAdded.connect(async (_, panel) => {
      await panel.context.ready;
      if (!isPage(sources(panel))) return;
      const page = new Page(panel, app, lab, draw);
      pages.set(panel, page);
      page.dress();
      draw();
      await panel.revealed;
      await page.open();
    });
    tracker.currentChanged.connect(draw);
    NARROW.addEventListener("change", draw);
    lockCommands(app.commands, () => pages.get(tracker.currentWidget));
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
const source = (cell) => cell.model.sharedModel.getSource();
const sources = (panel) => codeCells(panel).map(source);

// The map of the course, in place of the list of files: that is one press away, as ever.
class CourseMap {
  constructor(app, { Widget }) {
    this.app = app;
    this.narrow = false; // whether the sides were put away
    this.widget = new Widget();
    this.widget.id = "kit-map";
    this.widget.title.label = this.widget.title.caption = SAY.course;
  }

  async draw(page) {
    if (page) this.fit();
    if (!page?.way) return;
    const { app, widget } = this;
    drawMap(widget.node, page.way.stages, (to) => page.go(to));
    if (widget.isAttached) return;
    const { shell } = app;
    shell.add(widget, "left", { rank: 50 });
    if (shell.mode === "single-document") return; // JupyterLab with nothing at its sides
    document.documentElement.dataset.kitPages = "map"; // in sight
    await app.restored;
    const shown = [...shell.widgets("left")].find((one) => one.isVisible);
    const inNotebook = !("mode" in shell); // where nothing is shown at the side unasked
    if (shown ? shown.id === "filebrowser" : inNotebook && !this.narrow) shell.activateById(widget.id);
  }

  // A narrow window is all for the page; what JupyterLab has at its sides comes back with the room.
  fit() {
    const { app, widget } = this;
    const { shell } = app;
    if (NARROW.matches === this.narrow) return;
    this.narrow = NARROW.matches;
    if (this.narrow) {
      shell.collapseLeft();
      shell.collapseRight();
    } else if (widget.isAttached) shell.activateById(widget.id);
    else shell.expandLeft();
    for (const side of ["left", "right"]) shell.toggleSideTabBarVisibility?.(side); // Notebook has none
  }
}

class Page {
  constructor(panel, app, lab, onWay) {
    this.panel = panel;
    this.app = app;
    this.lab = lab;
    this.onWay = onWay; // called when what is next has changed
    this.runs = 0; // of which only the last may go on
    lockDrops(panel.node, () => this.locked);
    // Results are made anew each time: where nobody can edit, there is nothing to be saved.
    const { model } = panel.context;
    model.stateChanged.connect((_, { name, newValue }) => {
      if (name === "dirty" && newValue && this.locked) model.dirty = false;
    });
  }

  // The lesson's name; nothing on an instructor's page.
  get lesson() {
    return lessonOf(sources(this.panel), this.panel.context.path);
  }

  get own() {
    return isOwn(sources(this.panel));
  }

  // Whether it lies on a web site that has no pages but the kit's.
  get onSite() {
    return this.lab.PageConfig.getOption("kitPages") === "own";
  }

  get locked() {
    return this.panel.node.matches(".kit-lesson:not(.kit-code)");
  }

  get listens() {
    return /^(busy|idle)$/.test(this.panel.sessionContext.session?.kernel?.status);
  }

  save() {
    return this.panel.context.save();
  }

  // Whether it waits for somebody to let it start: a part of it has nothing to stand on before.
  get asks() {
    return Boolean(this.header) && !this.header.isDisposed;
  }

  // A page to read: what a notebook is edited with is out of sight, and a button brings it back. A
  // page with other code stays a notebook, and can be put back.
  dress() {
    const { panel } = this;
    this.tools?.dispose();
    const article = button("", () => put(remember(article.textContent === SAY.away ? "yes" : "no")));
    const put = (away) => {
      panel.node.classList.toggle("kit-away", away);
      article.textContent = away ? SAY.beside : SAY.away;
    };
    article.className = "kit-article-tool";
    put(remember());
    const tools = [article, button(SAY.again, () => this.restart())];
    if (this.lesson) tools.push(button(SAY.restore, () => this.restore()));
    if (this.own) {
      const code = button(SAY.show, () => {
        const shown = panel.node.classList.toggle("kit-code");
        for (const cell of codeCells(panel)) cell.inputHidden = !shown;
        code.textContent = shown ? SAY.hide : SAY.show;
        panel.toolbar.setHidden(!shown);
      });
      tools.push(code);
      panel.node.classList.add("kit-lesson");
      panel.toolbar.hide();
    }
    this.next = button("", () => this.go());
    this.next.className = "kit-next-step";
    this.next.hidden = true;
    const inside = el("div", "", this.next, ...tools);
    this.tools = this.bar("kit-tools", inside);
    panel.contentHeader.insertWidget(0, this.tools);
    // JupyterLab lays it out by its least height, which is that of as many lines as it needs.
    new ResizeObserver(() => {
      this.tools.node.style.minHeight = `${inside.offsetHeight}px`;
      panel.contentHeader.fit();
    }).observe(inside);
  }

  async open() {
    const { panel } = this;
    if (this.onSite) {
      // A site keeps no workspace: the address says which page comes back with a reload.
      const here = `?path=${encodeURIComponent(panel.context.path)}`;
      history.replaceState(null, "", here);
    }
    const trusted = this.onSite || codeCells(panel).every((cell) => cell.model.trusted);
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
    if (!trusted) await panel.context.save(); // which tells this computer that it is known
  }

  // Resolves when somebody has pressed the button.
  asked(reason, press = SAY.run) {
    this.header?.dispose();
    return new Promise((resolve) => {
      const run = button(press, () => {
        this.header.dispose();
        this.answer = null;
        resolve();
      });
      this.answer = () => run.click();
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

  // The page as it came, from the very kit that it works with; work files are not touched.
  async restore() {
    const { lab, panel } = this;
    const { context, sessionContext } = panel;
    const ok = lab.Dialog.okButton({ label: SAY.restore });
    const buttons = [lab.Dialog.cancelButton(), ok];
    const reply = await lab.showDialog({ title: SAY.restore, body: SAY.restored, buttons });
    if (!reply.button.accept) return;
    const original = await ask(sessionContext.session?.kernel, ORIGINAL(this.lesson));
    if (!original) {
      const buttons = [lab.Dialog.okButton()];
      await lab.showDialog({ title: SAY.restore, body: SAY.unrestored, buttons });
      return;
    }
    await this.putAside(original);
    context.model.fromJSON(original);
    for (const cell of codeCells(panel)) cell.model.trusted = true;
    panel.node.classList.remove("kit-code");
    this.dress();
    await context.save();
    if (this.answer) this.answer();
    else await this.restart();
  }

  // Keeps a page in which somebody has written, beside the page itself.
  async putAside(original) {
    const { context, content } = this.panel;
    const came = new Set(original.cells.map((cell) => [cell.source].flat().join("")));
    if (content.widgets.every((cell) => came.has(source(cell)) || !source(cell).trim())) return;
    const when = new Date().toISOString().slice(0, 19).replace(/\D/g, "-");
    const name = context.path.replace(/([^/]*)\.ipynb$/, `mine-$1-${when}.ipynb`);
    const page = { type: "notebook", format: "json", content: context.model.toJSON() };
    await this.app.serviceManager.contents.save(name, page);
  }

  // Takes the reader to a page, or to where the next step of this one begins.
  go(to = this.way.to) {
    const { context, content } = this.panel;
    if (to) {
      return this.leave(context.path.replace(/[^/]*$/, "") + to);
    }
    const index = beginOf(this.way.step, content.widgets.map(source));
    const { node } = content.widgets[index];
    content.activeCellIndex = index;
    node.scrollIntoView();
    node.focus({ preventScroll: true });
  }

  // On a site, which is one browser's, one Python serves the whole course: it goes along, and the
  // page that is left is closed.
  async leave(path) {
    const { context, sessionContext } = this.panel;
    if (!this.onSite) return this.app.commands.execute("docmanager:open", { path });
    await context.save();
    const kernel = sessionContext.session?.kernel?.model;
    await this.app.commands.execute("docmanager:open", { path, kernel });
    this.panel.dispose();
  }

  // What the lesson's first result says of the way; it changes with the work.
  follow({ model }) {
    const { outputs } = model;
    if (outputs === this.followed) return;
    this.followed = outputs;
    const read = () => {
      for (let n = 0; n < outputs.length; n += 1) {
        this.way = wayOf(String(outputs.get(n).data["text/html"] ?? "")) ?? this.way;
      }
      if (!this.way) return;
      this.next.textContent = this.way.next;
      this.next.hidden = !(this.way.step || this.way.to);
      this.onWay();
    };
    outputs.changed.connect(read);
    read();
  }

  async showArticle() {
    const article = await ask(this.panel.sessionContext.session?.kernel, ARTICLE);
    if (!article || this.panel.isDisposed) return;
    this.panel.node.querySelector(".kit-beside")?.remove();
    this.panel.node.append(articleBeside(article));
  }

  async showWords() {
    const words = await ask(this.panel.sessionContext.session?.kernel, GLOSSARY);
    if (words && !this.panel.isDisposed) explain(this.panel.node, words);
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
      const running = this.lab.CodeCell.execute(cell, this.panel.sessionContext).catch(() => null);
      const reply = source(cell).trim() ? await running : NOTHING;
      if (run !== this.runs) return;
      // The cell was run from a menu meanwhile, and JupyterLab hears of its last run only; or the
      // kernel has gone: then another comes, or somebody is asked.
      if (!reply) return this.listens ? this.run() : undefined;
      const { status, traceback } = reply.content;
      // A sentence stands alone, as the kit's own do; more is for programmers, beside the code.
      if (status === "ok" || traceback?.length === 1) cell.node.classList.remove("kit-waiting");
      setTimeout(() => (cell.node.style.minHeight = ""), SETTLING);
      if (status === "ok") {
        if (OPENS.test(source(cell))) this.follow(cell);
        continue;
      }
      for (const left of this.panel.node.querySelectorAll(".kit-waiting"))
        left.dataset.kitSays = left === cell.node ? SAY.failed : SAY.stopped;
      return;
    }
    await this.showArticle();
    await this.showWords();
  }
}

// Whether the article is put away; a browser that may remember nothing is asked on every page.
function remember(away) {
  try {
    if (away) localStorage.setItem(AWAY, away);
    return localStorage.getItem(AWAY) === "yes";
  } catch {
    return away === "yes";
  }
}

const lesson = (target) => target.closest?.(".kit-lesson:not(.kit-code)");

// JupyterLab hears keys on the document, after this, and leaves those of a node that says so to
// whoever else hears them. It says so for the moment only.
function off(event) {
  const { target } = event;
  if (!lesson(target) || !isCommand(event) || target.hasAttribute(DEAF)) return;
  target.setAttribute(DEAF, "");
  setTimeout(() => target.removeAttribute(DEAF));
}

// A double click marks a word; it does not turn prose into its source. Where the page has moved
// between the two clicks it falls on what holds them both, and JupyterLab looks what lies under it.
function still(event) {
  if (lesson(event.target) && !event.target.closest(".jp-OutputArea")) event.stopPropagation();
}
