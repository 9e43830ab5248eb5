// A panel: words, text fields and buttons of the kit's own. Python decides what a press does, and
// joins this file to tools.js, which stands before it.

const TYPES = { html: "text/html", csv: "text/csv", txt: "text/plain", json: "application/json" };

function download({ name, text }) {
  const type = TYPES[name.split(".").pop()] ?? "application/octet-stream";
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const UNANSWERED =
  "No answer yet. Some things take a while; if nothing comes, the kernel is not answering: " +
  "choose Run → Run All Cells, then press again.";

const TOO_LARGE = "This file is larger than 2 MB: far too long for one story. Choose another.";
const UNREADABLE = "The browser could not read this file. Choose it once more.";
const MOST_BYTES = 2 * 1024 * 1024;

/** Make what a field is filled in with. */
function control({ type, value }) {
  if (type === "area") {
    const area = el("textarea", { rows: "10", spellcheck: "false" });
    area.value = value;
    return area;
  }
  if (type === "file") return el("input", { type: "file" });
  const line = el("input", { type: "text", maxlength: "1000" });
  line.value = value;
  return line;
}

/** Return a file as Python takes it: its name, and its bytes in base64. */
function read(file) {
  return new Promise((resolve, reject) => {
    if (file.size > MOST_BYTES) return reject(new Error(TOO_LARGE));
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, data: reader.result.split(",", 2)[1] ?? "" });
    reader.onerror = () => reject(new Error(UNREADABLE));
    reader.readAsDataURL(file);
  });
}

/** Return what stands in the controls, files included. */
async function filled(inputs) {
  const values = {};
  for (const [id, input] of Object.entries(inputs)) {
    if (input.type !== "file") values[id] = input.value;
    else if (input.files.length) values[id] = await read(input.files[0]);
  }
  return values;
}

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
    for (const field of model.get("fields")) {
      const box = el("label", { class: `kit-panel-${field.type}`, text: `${field.label} ` });
      // Buttons may change at any press; what somebody has filled in stays.
      inputs[field.id] ??= control(field);
      box.append(inputs[field.id]);
      controls.append(box);
    }
    for (const { id, label } of model.get("buttons")) {
      const button = el("button", { type: "button", text: label });
      button.addEventListener("click", () => press(id));
      controls.append(button);
    }
  }

  async function press(button) {
    status.textContent = "…";
    let values;
    try {
      values = await filled(inputs);
    } catch (problem) {
      status.textContent = problem.message;
      return;
    }
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
    // Ctrl+Enter would run the cell, and a text that was just pasted would be gone.
    const command = (event.ctrlKey || event.metaKey) && event.key !== "Enter";
    if (!root.contains(event.target) || command || event.key === "Tab") return;
    event.stopPropagation();
    if (event.key === "Enter" && event.target.type === "text") {
      event.preventDefault();
      controls.querySelector("button")?.click();
    }
  }

  root.classList.add("kit-panel");
  root.append(...(model.get("below") ? [controls, status, words] : [words, controls, status]));
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
