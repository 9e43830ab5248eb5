// A rubric as a form, one answer at a time. Python keeps the marks and says which answer is next;
// this page draws, and says honestly whether a mark is on the disk.

import { Line, TYPING_PAUSE } from "../../kit/widgets/line.js";
import { el, fill, keepKeys, memory, savedWhen, START_AGAIN, unique } from "../../kit/widgets/tools.js";

const SAY = {
  folder: "Folder with the results of the class (empty: work/class-results)",
  open: "Open",
  comment: "Comment for the student (if you like)",
  previous: "Previous",
  next: "Next",
  unmarked: "Next unmarked",
  back: "Take the mark back",
  names: "Show names",
  hide: "Hide names",
  keys: "Keys: press 0, 1, 2 or 3 for one criterion after the other, then Enter for the next answer; " +
    "out of the comment Ctrl+Enter.",
  sum: "{n} of {all} points",
  some: "{n} of {all} criteria marked",
  none: "not marked yet",
  saving: "saving …",
  notSaved:
    "NOT SAVED – no answer yet. Your mark is kept in this browser: " +
    `${START_AGAIN}, and it is saved.`,
  notKept:
    `NOT SAVED – no answer yet. Write your mark down, then ${START_AGAIN}.`,
  refused: "NOT SAVED – {problem}",
  mine: "Keep mine",
  theirs: "Take theirs",
};

function render({ model, el: root }) {
  const own = unique("km");
  const line = new Line(model);
  const field = el("input", { type: "text", maxlength: "1000", id: `${own}-folder` });
  const status = el("p", { class: "km-status", role: "status" });
  const where = el("p", { class: "km-quiet" });
  const heading = el("h4", { tabindex: "-1", id: `${own}-title` });
  const notice = el("p", { class: "km-notice" });
  const body = el("div", { class: "km-body" });
  const rubric = el("div", { class: "km-rubric" });
  const sum = el("p", { class: "km-sum" });
  const comment = el("textarea", { id: `${own}-comment`, rows: "2", dir: "auto", maxlength: "4000" });
  const unready = el("p", {});
  const torn = el("div", { class: "km-torn", role: "alert" });
  const open = new Map(); // which parts somebody has opened or closed

  let shown = null; // the key of the answer that is drawn
  let radios = {};
  let seen = {}; // the mark on the disk as this page knows it
  let sent = []; // what was sent and never answered: it may be on the disk
  let rev = Math.floor(Math.random() * 1e9); // two views never mistake an answer
  let pause = null;
  let wanted = null; // the step that was asked for

  const button = (text, press, name = "") => {
    const made = el("button", { type: "button", text, ...(name && { class: name }) });
    made.addEventListener("click", press);
    return made;
  };
  const next = button(SAY.unmarked, () => go("unmarked"), "km-main");
  const names = button(SAY.names, () => go("names"));
  const steps = el(
    "div",
    { class: "kit-panel-controls km-steps" },
    next,
    button(SAY.previous, () => go("previous")),
    button(SAY.next, () => go("next")),
    button(SAY.back, takeBack),
    names,
  );
  const answer = el(
    "div",
    { role: "group", "aria-labelledby": heading.id },
    where,
    heading,
    notice,
    body,
    rubric,
    sum,
    torn,
    el("label", { for: comment.id, text: SAY.comment }),
    comment,
    steps,
    el("p", { class: "km-quiet", text: SAY.keys }),
  );

  const scores = () =>
    Object.fromEntries(
      Object.entries(radios)
        .map(([id, group]) => [id, group.findIndex((radio) => radio.checked)])
        .filter(([, points]) => points >= 0),
    );
  const given = () => ({ scores: scores(), comment: comment.value });
  const mark = () => ({ key: shown ?? "", ...given(), seen, sent });

  const same = (one, other) =>
    one.comment === other.comment &&
    Object.keys(radios).every((id) => one.scores[id] === other.scores[id]);

  function put({ scores: there, comment: said }) {
    for (const [id, group] of Object.entries(radios)) {
      group.forEach((radio, points) => { radio.checked = there?.[id] === points; });
    }
    comment.value = said ?? "";
    showSum();
  }

  /** Two have marked the same answer: whoever sits here chooses. */
  function ask({ problem, theirs }) {
    const choose = (text, act) => button(text, () => {
      torn.replaceChildren();
      seen = theirs;
      act();
      send("mark");
      heading.focus();
    });
    torn.replaceChildren(
      el("p", { text: problem }),
      choose(SAY.mine, () => {}),
      choose(SAY.theirs, () => put(theirs)),
    );
  }

  function criterion({ id, name, levels }, given) {
    radios[id] = levels.map((_, points) => {
      const radio = el("input", { type: "radio", name: `${own}-${id}`, id: `${own}-${id}-${points}` });
      radio.checked = given === points;
      radio.addEventListener("change", changed);
      return radio;
    });
    const options = levels.map((level, points) =>
      el(
        "label",
        { for: radios[id][points].id },
        radios[id][points],
        el("strong", { text: `${points}` }),
        el("span", { text: level }),
      ),
    );
    return el("fieldset", { "data-id": id }, el("legend", { text: name }), el("div", {}, ...options));
  }

  function showSum() {
    const given = Object.values(scores());
    const all = Object.keys(radios).length;
    if (!given.length) sum.textContent = SAY.none;
    else if (given.length < all) sum.textContent = fill(SAY.some, { n: given.length, all });
    else sum.textContent = fill(SAY.sum, { n: given.reduce((a, b) => a + b, 0), all: 3 * all });
  }

  function draw() {
    const view = model.get("view");
    answer.hidden = !view.ready;
    unready.hidden = view.ready;
    unready.textContent = view.say ?? "";
    if (document.activeElement !== field) field.value = view.folder ?? "";
    if (!view.ready) {
      shown = null;
      return;
    }
    where.textContent = `${view.where} · ${view.left}`;
    names.textContent = view.names ? SAY.hide : SAY.names;
    const title = view.title;
    if (heading.textContent !== title) heading.textContent = title;
    if (view.key === shown) return;
    shown = view.key;
    seen = { scores: view.scores, comment: view.comment };
    sent = [];
    torn.replaceChildren();
    notice.textContent = view.notice;
    notice.hidden = !view.notice;
    body.innerHTML = view.html; // made by the kit's own Python, which escapes
    for (const part of body.querySelectorAll("details[data-keep]")) {
      if (open.has(part.dataset.keep)) part.open = open.get(part.dataset.keep);
      part.addEventListener("toggle", () => open.set(part.dataset.keep, part.open));
    }
    radios = {};
    rubric.replaceChildren(...view.criteria.map((one) => criterion(one, view.scores[one.id])));
    comment.value = view.comment;
    showSum();
  }

  function changed() {
    showSum();
    send("mark");
  }

  function takeBack() {
    for (const group of Object.values(radios)) for (const radio of group) radio.checked = false;
    changed();
    heading.focus();
  }

  function go(to) {
    send("go", { to, folder: field.value });
  }

  function send(type, more = {}) {
    clearTimeout(pause);
    rev += 1;
    const now = mark();
    if (now.key) memory.write(model.get("storage"), now);
    status.textContent = SAY.saving;
    status.classList.remove("km-bad");
    if (type === "go") wanted = { rev, to: more.to };
    line.send({ type, rev, ...now, ...more }, () => giveUp(now));
    sent = [...sent, given()].slice(-20);
  }

  function giveUp(now) {
    trouble(memory.write(model.get("storage"), now) ? SAY.notSaved : SAY.notKept);
  }

  function trouble(said) {
    status.textContent = said;
    status.classList.add("km-bad");
  }

  function receive(message) {
    if (message.rev !== rev) return; // a newer mark is on its way
    line.answered();
    if (message.type === "torn") {
      wanted = null;
      if (message.key === shown) ask(message);
      return trouble(fill(SAY.refused, { problem: message.problem }));
    }
    if (message.type === "not-saved") return trouble(fill(SAY.refused, { problem: message.problem }));
    memory.write(model.get("storage"), {});
    torn.replaceChildren();
    if (sent.length) {
      // What somebody else has given on other criteria comes in where nobody is writing.
      const view = model.get("view");
      const quiet = view.key === shown && same(given(), sent.at(-1));
      seen = quiet ? { scores: view.scores, comment: view.comment } : sent.at(-1);
      if (quiet && !same(seen, given())) put(seen);
      sent = [];
    }
    status.classList.remove("km-bad");
    status.textContent = [savedWhen(message.at), message.say].filter(Boolean).join(". ");
    if (wanted?.rev === message.rev && wanted.to !== "names" && model.get("view").ready) {
      draw();
      heading.focus({ preventScroll: true });
      where.scrollIntoView({ block: "start" }); // the whole answer, and not what is above it
    }
    wanted = null;
  }

  /** Give the points of a key to the criterion in focus, else to the first that has none. */
  function byKey(points, target) {
    const ids = Object.keys(radios);
    const given = scores();
    const id = target.closest("fieldset")?.dataset.id ?? ids.find((one) => !(one in given));
    if (!id) return;
    radios[id][points].checked = true;
    const after = ids[ids.indexOf(id) + 1];
    if (after) (radios[after].find((radio) => radio.checked) ?? radios[after][0]).focus();
    else next.focus();
    changed();
  }

  function onKey(event) {
    const typing = event.target === field || event.target === comment;
    if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      go("open");
    } else if (event.key === "Enter" && shown && (event.target === heading || event.ctrlKey || event.metaKey)) {
      event.preventDefault(); // out of a comment, too
      go("unmarked");
    } else if (!typing && !event.altKey && /^[0-3]$/.test(event.key) && shown) {
      event.preventDefault();
      byKey(Number(event.key), event.target);
    }
  }

  comment.addEventListener("input", () => {
    memory.write(model.get("storage"), mark());
    status.textContent = SAY.saving;
    clearTimeout(pause);
    pause = setTimeout(() => send("mark"), TYPING_PAUSE);
  });

  root.classList.add("kit-panel", "kit-marking");
  root.append(
    el(
      "div",
      { class: "kit-panel-controls km-folder" },
      el("label", { for: field.id, text: SAY.folder }),
      field,
      button(SAY.open, () => go("open")),
    ),
    unready,
    answer,
    status,
  );
  draw();
  const left = memory.read(model.get("storage"));
  if (left.key) {
    // A mark that was given while nothing was listening.
    if (left.key === shown) {
      put(left);
      seen = left.seen ?? {};
      sent = left.sent ?? [];
      send("mark");
    } else {
      rev += 1;
      model.send({ type: "mark", rev, ...left });
    }
  }
  model.on("change:view", draw);
  model.on("msg:custom", receive);
  const letKeysGo = keepKeys(root, onKey);
  return () => {
    if (pause) send("mark");
    clearTimeout(pause);
    line.answered();
    letKeysGo();
    model.off("change:view", draw);
    model.off("msg:custom", receive);
  };
}

export default { render };
