// Small tools that the kit's scripts share.

/** Make an element. `text` and `class` are set as such, other names as attributes. */
export function el(tag, { text, class: name, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Put values into a sentence: fill("{n} labels", { n: 3 }). */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Return an id that nothing else on the page has. Every widget is a module of its own: a counter
    would start again in each. */
export const unique = (name) => `${name}-${Math.random().toString(36).slice(2, 10)}`;

/** What to do when the kernel does not answer: where lessons run by themselves there is a button. */
export const START_AGAIN =
  "kitPages" in (globalThis.document?.documentElement?.dataset ?? {})
    ? "press “Start again” at the top of the page"
    : "choose Run → Run All Cells in the menu";

/** Ask for the whole page to run again; say whether it will, or a person has to see to it. */
export const runsAgain = (root) =>
  !root.dispatchEvent(new CustomEvent("kit-again", { bubbles: true, cancelable: true }));

/** Return a key as it is printed on a keyboard. */
export const cap = (key) => key.toUpperCase();

/** Cut a long phrase in the middle, between words where there are some. */
export function shorten(text, most = 48) {
  if (text.length <= most) return text;
  const head = text.slice(0, most * 0.6).replace(/\s+\S*$/, "");
  const tail = text.slice(-most * 0.3).replace(/^\S*\s+/, "");
  return `${head} … ${tail}`;
}

/** The browser's own memory of objects; a page that may not use it gets one that forgets. */
export const memory = {
  read(key) {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      return kept?.constructor === Object ? kept : {}; // others have written what is no object
    } catch {
      return {};
    }
  },
  write(key, value) {
    try {
      if (Object.keys(value).length) localStorage.setItem(key, JSON.stringify(value));
      else localStorage.removeItem(key);
      return true;
    } catch {
      return false;
    }
  },
};

/** Listen to something; return a function that ends it. */
export function listen(target, type, act, options) {
  target.addEventListener(type, act, options);
  return () => target.removeEventListener(type, act, options);
}

/**
 * Keep plain keys within a form: the notebook's own shortcuts listen on the document, and it comes
 * after the window. Ctrl+Enter is kept too: it would run the cell, and what was just written would
 * be gone. `act` hears the keys that are kept. Returns a function that ends it.
 */
export function keepKeys(form, act = () => {}) {
  const hear = (event) => {
    const command = (event.ctrlKey || event.metaKey) && event.key !== "Enter";
    if (!form.contains(event.target) || command || event.key === "Tab") return;
    event.stopPropagation();
    act(event);
  };
  return listen(window, "keydown", hear, true);
}

/** Say when something was saved, with the day unless that is today; "" if it never was. */
export function savedWhen(stamp) {
  const moment = new Date(stamp || NaN);
  if (Number.isNaN(moment.valueOf())) return "";
  const time = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (moment.toDateString() === new Date().toDateString()) return `saved at ${time}`;
  const day = moment.toLocaleDateString([], { day: "numeric", month: "long" });
  return `saved on ${day} at ${time}`;
}
