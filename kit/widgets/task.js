// An exercise as a form. Python decides what an answer is worth and keeps it; this page draws, and
// says honestly whether what was written is on the disk.

import { CONTROLS } from "./controls.js";
import { Line, TYPING_PAUSE } from "./line.js";
import { answerPlaces } from "./places.js";
import { el, fill, keepKeys, memory, savedWhen, START_AGAIN, unique } from "./tools.js";

const SAY = {
  minutes: "about {n} minutes",
  support: "Help to begin",
  stretch: "A further question",
  hint: "Hint {n} of {all}",
  noHint: "No more hints",
  hintTitle: "Hint {n}",
  tries: "Answers handed in: {n}",
  saving: "saving …",
  notSaved:
    "NOT SAVED – no answer yet. What you wrote is kept in this browser: " +
    `${START_AGAIN}, and it is saved.`,
  notKept:
    "NOT SAVED – no answer yet. Copy what you wrote somewhere else, then " +
    `${START_AGAIN}.`,
  refused: "NOT SAVED – {problem}",
  again: "Try again",
  putBack: "What you wrote while nothing was listening is back, and saved.",
  torn: "Another window or machine has saved something else here:",
  mine: "Keep mine",
  theirs: "Take the other",
  offered: "This did not reach your work file, which has changed since:",
  putIn: "Put it in",
  leave: "Leave it out",
  nothing: "nothing",
  earlier: "Earlier answers ({n})",
  bringBack: "Put it back",
};

const SIGN = { yes: "✓", "not yet": "✗", kept: "✓", empty: "○" };
const NAME = { yes: "Right", "not yet": "Not yet", kept: "Kept", empty: "Not complete" };

/** The words of one paragraph that are chosen, each as a whole, wherever the hand let go. */
function wholeWords(chosen) {
  if (chosen.isCollapsed) return "";
  const { startContainer: node, startOffset, endContainer, endOffset } = chosen.getRangeAt(0);
  const all = node.textContent;
  let [from, to] = [startOffset, endContainer === node ? endOffset : all.length];
  const word = /[\p{L}\p{N}’'-]/u;
  const inside = (at) => word.test(all[at - 1] ?? "") && word.test(all[at] ?? "");
  while (inside(from)) from -= 1;
  while (inside(to)) to += 1;
  return all.slice(from, to).trim();
}

const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// -- the form ----------------------------------------------------------------------------------------

function render({ model, el: root }) {
  answerPlaces();
  const form = model.get("form");
  const storage = model.get("storage");
  const own = unique("kt");
  const line = new Line(model);
  const controls = {};

  const announced = el("p", { class: "kit-unseen", role: "status" });
  const saved = el("p", { class: "kt-saved", role: "status" });
  const again = el("button", { type: "button", text: SAY.again });
  const outcome = el("div", { class: "kt-outcome", role: "status" });
  const hints = el("div", { class: "kt-hints", role: "status" });
  const guess = el("p", { class: "kt-guess", role: "status" });
  const reveal = el("div", { class: "kt-reveal" });
  const tries = el("span", { class: "kt-quiet" });
  const earlier = el("details", { class: "kt-earlier" });

  // What Python is known to have, what is on its way, and whether anything else was written.
  let known = model.get("state").values;
  let seen = { ...known }; // what stood in the file, field by field, when this page last knew
  let sent = []; // what was sent and never answered: the file may have it
  const torn = {}; // what another window has written into a field, until the student has chosen
  const offers = memory.read(storage).offers ?? {}; // what this browser kept, and the file moved on
  let rev = Math.floor(Math.random() * 1e9); // two views of one form never mistake an answer
  let waiting = null; // { rev, values, sent, seen, wish }
  let next = ""; // what to ask for once the answer has come
  let pause = null;
  let back = false; // whether something was put back from the browser's copy
  let trouble = "";

  const values = (handedIn = false) => {
    const given = Object.entries(controls).map(([id, control]) => [id, control.get(handedIn)]);
    return Object.fromEntries(given.filter(([, value]) => value.length));
  };
  const written = () => Object.keys(controls).some((id) => !equal(values()[id], known[id]));

  function showSaved() {
    again.hidden = !trouble;
    saved.classList.toggle("kt-bad", Boolean(trouble));
    if (trouble) saved.textContent = trouble;
    else if (waiting || written()) saved.textContent = SAY.saving;
    else {
      const lines = [back && SAY.putBack, savedWhen(model.get("state").saved_at)];
      saved.textContent = lines.filter(Boolean).join(" ");
    }
  }

  function showOutcome(found) {
    for (const control of Object.values(controls)) {
      control.says.replaceChildren();
      control.node.removeAttribute("data-ok");
      control.node.querySelector("section")?.remove();
    }
    outcome.replaceChildren();
    reveal.innerHTML = found?.reveal ?? ""; // made by the kit's own Python, which escapes
    // What others say of a question stands under it.
    for (const said of [...reveal.children]) {
      const title = said.querySelector("h4");
      const asked = form.controls.find(({ label }) => label === title?.textContent);
      if (!asked) continue;
      title.remove();
      controls[asked.id].node.append(said);
    }
    if (!found) return;
    outcome.dataset.verdict = found.verdict;
    outcome.append(
      el("p", {}, el("strong", { text: `${SIGN[found.verdict]} ${NAME[found.verdict]}. ` }), el("span", { text: found.say.replace(/^(Yes|Not yet|Kept)[.:] /, "") })),
    );
    const rest = new Map(); // of labels: what is said, and of which paragraphs
    for (const [id, { ok, say }] of Object.entries(found.parts)) {
      const control = controls[id];
      if (control) {
        if (ok !== null) control.node.dataset.ok = ok;
        const sign = { true: "✓", false: "✗" }[ok] ?? "";
        const word = { true: control.fine ?? NAME.yes, false: NAME["not yet"] }[ok] ?? "";
        control.says.textContent = `${sign} ${say || word}`.trim();
      } else if (say) rest.set(say, [...(rest.get(say) ?? []), id]);
    }
    const lines = [...rest].map(([say, ids]) =>
      el("li", {}, el("strong", { text: `${ids.join(", ")}: ` }), el("span", { text: say })),
    );
    if (lines.length) outcome.append(el("ul", {}, ...lines));
  }

  function showHints() {
    const { hints: seen, attempts, first_guess } = model.get("state");
    for (const control of Object.values(controls)) control.told?.(attempts > 0);
    guess.textContent = first_guess;
    hints.replaceChildren(
      ...seen.map((text, n) => el("p", {}, el("strong", { text: `${fill(SAY.hintTitle, { n: n + 1 })}: ` }), el("span", { text }))),
    );
    hint.hidden = !form.hints;
    hint.disabled = seen.length >= form.hints;
    hint.textContent = hint.disabled ? SAY.noHint : fill(SAY.hint, { n: seen.length + 1, all: form.hints });
    tries.textContent = attempts ? fill(SAY.tries, { n: attempts }) : "";
  }

  function keep() {
    trouble = trouble && SAY.notSaved;
    return memory.write(storage, { values: values(), seen, sent, ...left() });
  }

  const left = () => (Object.keys(offers).length ? { offers } : {});

  /** Two answers to one field: the other one is shown under it, and the student chooses. */
  function ask(id, sentence, other, choices) {
    const control = controls[id];
    if (!control) return;
    const box = el("div", { class: "kt-torn", role: "alert" }, el("p", { text: sentence }));
    box.append(el("blockquote", { dir: "auto", text: inWords(id, other) }));
    for (const [text, act] of choices) {
      const button = el("button", { type: "button", text });
      button.addEventListener("click", () => {
        act();
        drawTorn();
        (control.node.querySelector("textarea, input, button") ?? check).focus();
      });
      box.append(button);
    }
    control.node.append(box);
  }

  function drawTorn() {
    for (const box of root.querySelectorAll(".kt-torn")) box.remove();
    for (const [id, theirs] of Object.entries(torn)) {
      ask(id, SAY.torn, theirs, [[SAY.mine, () => settle(id)], [SAY.theirs, () => settle(id, theirs)]]);
    }
    for (const [id, mine] of Object.entries(offers)) {
      ask(id, SAY.offered, mine, [
        [SAY.putIn, () => { delete offers[id]; controls[id].set(mine); changed(); }],
        [SAY.leave, () => { delete offers[id]; forget(); }],
      ]);
    }
  }

  /** Decide what two windows have written: mine stays in the field, or what is given comes in. */
  function settle(id, ...other) {
    seen[id] = torn[id];
    delete torn[id];
    if (other.length) controls[id].set(other[0] ?? undefined);
    send("draft");
  }

  function inWords(id, value) {
    if (typeof value === "string") return value;
    const { options, items } = form.controls.find((one) => one.id === id) ?? {};
    const names = new Map((options ?? items ?? []).map((one) => [one.id, one.text]));
    const line = (one) => names.get(one) ?? (one?.words !== undefined ? `${one.block}: ${one.words}` : `${one}`);
    return (value ?? []).map(line).join("; ") || SAY.nothing;
  }

  /** Nothing is left to be kept in the browser, but what somebody has yet to choose. */
  function forget() {
    if (!written()) memory.write(storage, left());
    else keep();
  }

  /** Take over what another window has written where nobody has touched this form. */
  function follow(before) {
    const fresh = model.get("state").values;
    for (const [id, control] of Object.entries(controls)) {
      if (id in torn) continue;
      const untouched = equal(values()[id], before[id]);
      if (untouched && !equal(fresh[id], before[id])) {
        control.set(fresh[id]);
        known = { ...known, [id]: fresh[id] };
      }
      if (untouched) seen[id] = fresh[id];
    }
  }

  function showEarlier() {
    const answers = model.get("state").earlier ?? [];
    const lines = answers.map(({ id, text, value }) => {
      const line = el("div", {}, el("blockquote", { dir: "auto", text }));
      if (controls[id]) {
        const button = el("button", { type: "button", text: SAY.bringBack });
        button.addEventListener("click", () => {
          controls[id].set(value);
          changed();
        });
        line.append(button);
      }
      return line;
    });
    const summary = el("summary", { text: fill(SAY.earlier, { n: lines.length }) });
    earlier.hidden = !lines.length;
    earlier.replaceChildren(summary, ...lines);
  }

  function changed() {
    back = false;
    const kept = keep();
    if (trouble && !kept) trouble = SAY.notKept;
    clearTimeout(pause);
    pause = setTimeout(() => send("draft"), TYPING_PAUSE);
    showSaved();
  }

  /** Ask Python for something; one message is on its way at a time. */
  function send(wish) {
    clearTimeout(pause);
    if (waiting) {
      if (next !== "hand-in") next = wish;
      return;
    }
    rev += 1;
    waiting = { rev, wish, values: values(), sent: values(wish === "hand-in"), seen: { ...seen } };
    const message = { type: wish, rev, values: waiting.sent, seen, sent };
    sent = [...sent, waiting.sent].slice(-20);
    line.send(message, giveUp);
    showSaved();
  }

  function giveUp() {
    waiting = null;
    next = "";
    trouble = keep() ? SAY.notSaved : SAY.notKept;
    showSaved();
  }

  function receive(message) {
    if (message.rev !== waiting?.rev) {
      // A late answer: whoever has waited in vain is glad of it.
      if (!trouble) return;
      trouble = message.type === "saved" ? "" : fill(SAY.refused, { problem: message.problem });
      if (trouble) return showSaved();
      if (written()) send("draft");
      else forget();
      return showSaved();
    }
    line.answered();
    const done = waiting;
    waiting = null;
    if (message.type === "not-saved") {
      trouble = fill(SAY.refused, { problem: message.problem });
      next = "";
      return showSaved();
    }
    trouble = "";
    known = done.values;
    sent = [];
    for (const id of Object.keys(controls)) {
      if (id in message.torn) torn[id] = message.torn[id];
      else {
        delete torn[id];
        if (!equal(done.sent[id], done.seen[id])) seen[id] = model.get("state").values[id];
      }
    }
    follow(done.seen);
    drawTorn();
    if (done.wish === "hand-in") {
      // An order that was handed in untouched is an answer from now on.
      for (const [id, value] of Object.entries(done.sent)) {
        if (!(id in done.values) && equal(values(true)[id], value)) controls[id].set(value);
      }
      known = { ...known, ...Object.fromEntries(Object.entries(done.sent).filter(([id]) => !(id in done.values))) };
      showOutcome(message.outcome);
      // What others say stands under the questions, and of a long form those are out of sight.
      root.querySelector(".kt-control:has(section)")?.scrollIntoView({ block: "nearest" });
    }
    showHints();
    if (next || written()) {
      const wish = next || "draft";
      next = "";
      send(wish);
    } else forget();
    showSaved();
  }

  const check = el("button", { type: "button", class: "kt-main", text: form.button });
  const hint = el("button", { type: "button" });
  check.addEventListener("click", () => send("hand-in"));
  hint.addEventListener("click", () => send("hint"));
  again.addEventListener("click", () => { trouble = ""; send("draft"); });

  function onKey(event) {
    Object.values(controls).find((control) => control.node.contains(event.target))?.key?.(event);
    if (event.key !== "Enter" || event.target.type !== "text") return;
    event.preventDefault();
    send("hand-in");
  }

  function more(key, title) {
    if (!form[key]) return [];
    const words = el("div");
    words.innerHTML = form[key]; // made by the kit's own Python, which escapes
    return [el("details", {}, el("summary", { text: title }), words)];
  }

  // Words that are chosen in the text go into the field that was pressed last.
  const text = el("div");
  text.innerHTML = form.text; // made by the kit's own Python, which escapes
  let field = null;
  root.addEventListener("focusin", ({ target }) => {
    if (!target.matches("textarea, input")) return;
    field?.removeAttribute("data-waits");
    field = target.closest(".kt-row")?.querySelector("textarea") ?? target;
    if (form.text) field.toggleAttribute("data-waits", "copied" in field.dataset);
  });

  function take() {
    const words = wholeWords(getSelection());
    const block = getSelection().anchorNode?.parentElement?.closest("[data-block]");
    if (!words || !block || !text.contains(block) || !field?.isConnected || !("copied" in field.dataset)) return;
    const paragraph = field.closest(".kt-row")?.querySelector("input");
    if (paragraph) paragraph.value = block.dataset.block;
    field.value = words;
    field.dispatchEvent(new Event("input"));
  }
  text.addEventListener("mouseup", () => setTimeout(take)); // the browser chooses first

  const title = el("h4", { id: `${own}-title`, text: `${form.id} ${form.title}` });
  const prompt = el("div", { class: "kt-prompt" });
  prompt.innerHTML = form.prompt; // made by the kit's own Python, which escapes
  for (const spec of form.controls) {
    controls[spec.id] = CONTROLS[spec.type](spec, `${own}-${spec.id}`, changed, (text) => {
      announced.textContent = text;
    });
  }
  root.classList.add("kit-task");
  root.dataset.article = form.article;
  root.setAttribute("role", "group");
  root.setAttribute("aria-labelledby", title.id);
  root.append(
    el(
      "div",
      { class: "kt-head" },
      title,
      el("p", { class: "kt-quiet", text: `${form.tag} · ${fill(SAY.minutes, { n: form.minutes[1] })}` }),
    ),
    prompt,
    text,
    ...more("support", SAY.support),
    el("div", { class: "kt-controls" }, ...Object.values(controls).map((control) => control.node)),
    el("div", { class: "kt-buttons" }, check, hint, tries),
    outcome,
    guess,
    hints,
    reveal,
    ...more("stretch", SAY.stretch),
    earlier,
    el("div", { class: "kt-foot" }, saved, again),
    announced,
  );

  for (const [id, control] of Object.entries(controls)) control.set(known[id]);
  // What this browser kept goes into the fields that are as they were when it was written, and is
  // offered where the file has moved on.
  const kept = memory.read(storage);
  for (const [id, control] of Object.entries(controls)) {
    const mine = kept.values?.[id];
    const is = (values) => equal(values?.[id], known[id]);
    if (is(offers)) delete offers[id];
    if (!kept.values || is(kept.values) || equal(mine, kept.seen?.[id])) continue;
    if (is(kept.seen) || kept.sent?.some(is)) control.set(mine);
    else offers[id] = mine ?? "";
  }
  if (written()) {
    back = true;
    send("draft");
  } else memory.write(storage, left());
  drawTorn();
  showEarlier();
  showOutcome(model.get("state").outcome);
  showHints();
  showSaved();

  const onState = () => {
    if (!waiting) follow({ ...seen });
    showHints();
    showEarlier();
    showSaved();
  };
  model.on("change:state", onState);
  model.on("msg:custom", receive);
  const letKeysGo = keepKeys(root, onKey);
  return () => {
    clearTimeout(pause);
    line.answered();
    if (written() && !waiting) send("draft");
    letKeysGo();
    model.off("change:state", onState);
    model.off("msg:custom", receive);
  };
}

export default { render };
