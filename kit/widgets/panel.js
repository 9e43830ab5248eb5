// A panel: words, text fields and buttons of the kit's own. Python decides what a press does.

function make(tag, attributes = {}, text = "") {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}

function download({ name, text }) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const UNANSWERED =
  "Nothing happened: the kernel is not answering. Run this cell again, then press once more.";

function render({ model, el }) {
  const words = make("div", { class: "kit-panel-words" });
  const controls = make("div", { class: "kit-panel-controls" });
  const status = make("p", { class: "kit-panel-status", role: "status" });
  const inputs = {};
  let patience = null;

  function draw() {
    // This HTML is made by the kit's own Python, which escapes every word it did not write.
    words.innerHTML = model.get("html");
  }

  function drawControls() {
    controls.replaceChildren();
    for (const { id, label, value } of model.get("fields")) {
      const box = make("label", {}, `${label} `);
      inputs[id] = make("input", { type: "text", maxlength: "80" });
      inputs[id].value = value;
      box.append(inputs[id]);
      controls.append(box);
    }
    for (const { id, label } of model.get("buttons")) {
      const button = make("button", { type: "button" }, label);
      button.addEventListener("click", () => press(id));
      controls.append(button);
    }
  }

  function press(button) {
    const values = Object.fromEntries(Object.entries(inputs).map(([id, i]) => [id, i.value]));
    status.textContent = "…";
    clearTimeout(patience);
    patience = setTimeout(() => { status.textContent = UNANSWERED; }, 2500);
    model.send({ type: "press", button, values });
  }

  function answer(message) {
    if (message.type !== "answer") return;
    clearTimeout(patience);
    status.textContent = message.status;
    if (message.download) download(message.download);
  }

  // The notebook's own shortcuts listen on the document: stop plain keys before they get there.
  function guard(event) {
    if (!el.contains(event.target) || event.ctrlKey || event.metaKey || event.key === "Tab") return;
    event.stopPropagation();
    if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault();
      controls.querySelector("button")?.click();
    }
  }

  el.classList.add("kit-panel");
  el.append(words, controls, status);
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
