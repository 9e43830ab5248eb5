// A panel: words, text fields and buttons of the kit's own. Python decides what a press does.

import { Line } from "./line.js";
import { answerPlaces } from "./places.js";
import { el, keepKeys, runsAgain, START_AGAIN, unique } from "./tools.js";

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
  `${START_AGAIN}, then press again.`;

const MORE = "More choices";
const TOO_LARGE = "This file is larger than 2 MB, and nothing that belongs here is. Choose another.";
const UNREADABLE = "The browser could not read this file. Choose it once more.";
const MOST_BYTES = 2 * 1024 * 1024;

/** Make a field: `box` for the page, and `taken` that returns what stands in it, if anything. */
function control({ label, type, value, options, enter }) {
  if (["one", "several", "lines"].includes(type)) return choice(label, type, value, options);
  const input = type === "area" ? el("textarea", { rows: "6", spellcheck: "false" }) : el("input");
  if (type !== "area") input.type = { file: "file", day: "date" }[type] ?? "text";
  if (type === "line") input.maxLength = 1000;
  input.dataset.enter = enter;
  if (type !== "file") input.value = value;
  const box = el("label", { class: `kit-panel-${type}`, text: `${label} ` }, input);
  if (type === "file") takeDrops(box, input);
  const taken = () =>
    type === "file" ? input.files.length && read(input.files[0]) : input.value;
  return { box, taken };
}

/** Let a file be dropped anywhere on a field, and not only on the button in it. */
function takeDrops(box, input) {
  for (const name of ["dragover", "drop"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault(); // the browser would leave the page and show the file
      event.stopPropagation();
      if (name === "drop") input.files = event.dataTransfer.files;
    });
  }
}

/** Make options to click on: one of them, or several. */
function choice(label, type, value, options) {
  const name = unique("choice");
  const chosen = value.split(" ");
  const inputs = options.map(([id]) => {
    const input = el("input", { type: type === "one" ? "radio" : "checkbox", name, value: id });
    input.checked = chosen.includes(id);
    return input;
  });
  const lines = options.map(([, said], n) => el("label", {}, inputs[n], ` ${said}`));
  return {
    box: el("fieldset", { class: `kit-panel-${type}` }, el("legend", { text: label }), ...lines),
    taken: () => inputs.filter((input) => input.checked).map((input) => input.value).join(" "),
  };
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

/** Return what stands in the fields, files included. */
async function filled(fields) {
  const values = {};
  for (const [id, { taken }] of Object.entries(fields)) {
    const value = await taken();
    if (value || value === "") values[id] = value;
  }
  return values;
}

function render({ model, el: root }) {
  answerPlaces();
  const words = el("div", { class: "kit-panel-words" });
  const controls = el("div", { class: "kit-panel-controls" });
  const status = el("p", { class: "kit-panel-status", role: "status" });
  const buttons = el("div", { class: "kit-panel-buttons" });
  const folded = el("details", { class: "kit-panel-more" });
  const fields = {};
  const line = new Line(model);

  function draw() {
    // This HTML is made by the kit's own Python, which escapes every word it did not write.
    words.innerHTML = model.get("html");
  }

  // Fields and buttons may change at any press; what somebody has filled in stays.
  function drawFields() {
    controls.replaceChildren();
    folded.replaceChildren(el("summary", { text: MORE }));
    for (const field of model.get("fields")) {
      fields[field.id] ??= control(field);
      (field.folded ? folded : controls).append(fields[field.id].box);
    }
    if (folded.children.length > 1) controls.append(folded);
    controls.append(buttons);
  }

  function drawButtons() {
    buttons.replaceChildren();
    for (const { id, label } of model.get("buttons")) {
      const button = el("button", { type: "button", text: label, "data-id": id });
      button.addEventListener("click", () => press(id));
      buttons.append(button);
    }
  }

  async function press(button) {
    status.textContent = "…";
    let values;
    try {
      values = await filled(fields);
    } catch (problem) {
      status.textContent = problem.message;
      return;
    }
    line.send({ type: "press", button, values }, () => { status.textContent = UNANSWERED; });
  }

  function answer(message) {
    if (message.type !== "answer") return;
    line.answered();
    status.textContent = message.status;
    if (message.again && !runsAgain(root)) status.textContent += ` Now ${START_AGAIN}.`;
    if (message.download) download(message.download);
  }

  function onKey(event) {
    if (event.key !== "Enter" || event.target.type !== "text") return;
    event.preventDefault();
    const there = [...buttons.children];
    const { enter } = event.target.dataset;
    (there.find((button) => button.dataset.id === enter) ?? there[0])?.click();
  }

  root.classList.add("kit-panel");
  root.append(...(model.get("below") ? [controls, status, words] : [words, controls, status]));
  draw();
  drawFields();
  drawButtons();
  model.on("change:html", draw);
  model.on("change:fields", drawFields);
  model.on("change:buttons", drawButtons);
  model.on("msg:custom", answer);
  const letKeysGo = keepKeys(root, onKey);
  return () => {
    line.answered();
    letKeysGo();
    model.off("change:html", draw);
    model.off("change:fields", drawFields);
    model.off("change:buttons", drawButtons);
    model.off("msg:custom", answer);
  };
}

export default { render };
