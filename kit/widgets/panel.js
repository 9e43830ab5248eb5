// A panel: words, text fields and buttons of the kit's own. Python decides what a press does, and
// joins this file to tools.js, which stands before it.

function download({ name, text }) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const UNANSWERED =
  "Nothing happened: the kernel is not answering. Choose Run → Run All Cells, then press again.";

function render({ model, el: root }) {
  const words = el("div", { class: "kit-panel-words" });
  const controls = el("div", { class: "kit-panel-controls" });
  const status = el("p", { class: "kit-panel-status", role: "status" });
  const inputs = {};
  let patience = null;

  function draw() {
    // This HTML is made by the kit's own Python, which escapes every word it did not write.
    words.innerHTML = model.get("html");
  }

  function drawControls() {
    controls.replaceChildren();
    for (const { id, label, value } of model.get("fields")) {
      const box = el("label", { text: `${label} ` });
      inputs[id] = el("input", { type: "text", maxlength: "80" });
      inputs[id].value = value;
      box.append(inputs[id]);
      controls.append(box);
    }
    for (const { id, label } of model.get("buttons")) {
      const button = el("button", { type: "button", text: label });
      button.addEventListener("click", () => press(id));
      controls.append(button);
    }
  }

  function press(button) {
    const values = Object.fromEntries(Object.entries(inputs).map(([id, i]) => [id, i.value]));
    status.textContent = "…";
    clearTimeout(patience);
    patience = setTimeout(() => { status.textContent = UNANSWERED; }, 2500);
    try {
      model.send({ type: "press", button, values });
    } catch {
      status.textContent = UNANSWERED; // the connection to the kernel is closed
    }
  }

  function answer(message) {
    if (message.type !== "answer") return;
    clearTimeout(patience);
    status.textContent = message.status;
    if (message.download) download(message.download);
  }

  // The notebook's own shortcuts listen on the document: stop plain keys before they get there.
  function guard(event) {
    if (!root.contains(event.target) || event.ctrlKey || event.metaKey || event.key === "Tab") return;
    event.stopPropagation();
    if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault();
      controls.querySelector("button")?.click();
    }
  }

  root.classList.add("kit-panel");
  root.append(words, controls, status);
  draw();
  drawControls();
  model.on("change:html", draw);
  model.on("change:buttons", drawControls);
  model.on("msg:custom", answer);
  window.addEventListener("keydown", guard, true);
  return () => {
    clearTimeout(patience);
    window.removeEventListener("keydown", guard, true);
    model.off("change:html", draw);
    model.off("change:buttons", drawControls);
    model.off("msg:custom", answer);
  };
}

export default { render };
