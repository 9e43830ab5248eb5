// What menus, the palette and keys may do with a lesson: all that leaves its cells as they are.
// The rest is off until somebody asks to see the code.

// Of a notebook's commands, those that are named here; a newer JupyterLab's may do anything.
const HARMLESS = new RegExp(
  "^notebook:(" +
    [
      "run-cell|run-all-[\\w-]+|restart-(kernel|run-all|and-run-to-selected)",
      "(interrupt|shutdown|change|get)-kernel|reconnect-to-kernel|close-and-shutdown|trust",
      "create-(new|console|output-view)|export-to-format|copy-[\\w-]+|render-all-markdown",
      "move-cursor-(up|down)|(extend-marked|select|deselect)-[\\w-]+|enter-command-mode",
    ].join("|") +
    ")$",
);
const ELSEWHERE = [
  "cell-toolbar:delete",
  "documentsearch:startWithReplace",
  "editmenu:redo",
  "editmenu:undo",
  "toc:run-cells",
];

const LEAVES = /^(notebook:export-to-format|docmanager:download)$/;
const RUNS = /^notebook:(run-|restart-(run-all|and-run))/;

/** Whether a command of JupyterLab's changes the cells of a notebook. */
export const changesCells = (id) =>
  id.startsWith("notebook:") ? !HARMLESS.test(id) : ELSEWHERE.includes(id);

/**
 * Lock the cells of a notebook as long as the page in view is `locked`, and leave them unrun as long
 * as it `asks`.
 *
 * @param {object} commands JupyterLab's commands; menus, the palette and keys ask them.
 * @param {() => {locked: boolean, asks: boolean, save: Function}?} inView the page in view, if it is the kit's.
 */
export function lockCommands(commands, inView) {
  const { isEnabled, execute } = commands;
  // What leaves the page as a file is what stands there now.
  commands.execute = async (id, args) => {
    if (LEAVES.test(id) && inView()?.locked) await inView().save();
    return execute.call(commands, id, args);
  };
  commands.isEnabled = (id, args) =>
    !(changesCells(id) && inView()?.locked) &&
    !(RUNS.test(id) && inView()?.asks) &&
    isEnabled.call(commands, id, args);
}

/** Let no cell be dropped on a page as long as `locked()` holds. */
export function lockDrops(node, locked) {
  for (const type of ["lm-dragenter", "lm-dragover", "lm-drop"])
    node.addEventListener(
      type,
      (event) => {
        const isCell = event.mimeData.hasData("application/vnd.jupyter.cells");
        if (isCell && locked()) event.stopPropagation();
      },
      true,
    );
}
