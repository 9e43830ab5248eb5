// What JupyterLab loads: a container as module federation expects one, written by hand, so that
// there is no build step. What it does lies beside it, in modules that Node can test.
(() => {
  const here = document.currentScript.src;
  let shared;
  const need = async (name) => {
    const versions = Object.values(shared[name]);
    return (await versions.at(-1).get())();
  };
  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB["kit-lessons"] = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const [notebook, cells, dialogs, options, widgets, { plugin }] = await Promise.all([
        need("@jupyterlab/notebook"),
        need("@jupyterlab/cells"),
        need("@jupyterlab/apputils"),
        need("@jupyterlab/coreutils"),
        need("@lumino/widgets"),
        import(new URL("./plugin.js", here)),
      ]);
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = new URL("./pages.css", here);
      document.head.append(style);
      const made = plugin({ ...notebook, ...cells, ...dialogs, ...options, ...widgets });
      return () => ({ __esModule: true, default: made });
    },
  };
})();
