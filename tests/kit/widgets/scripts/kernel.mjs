// The other end of the line: a model as anywidget gives it with Python behind it, and the browser's
// own memory.

/** Python and its disk. Nothing is answered until the test says so. */
export class Kernel {
  constructor({ doc = {}, labels = {} } = {}) {
    this.values = { doc: { storage: "kit:test", told: [], ...doc }, labels, saved_at: "" };
    this.listeners = new Map();
    this.messages = [];
    this.gone = false; // whether the connection is closed
  }

  get(name) {
    return this.values[name];
  }

  on(name, act) {
    this.listeners.set(name, act);
  }

  off(name) {
    this.listeners.delete(name);
  }

  send(message) {
    if (this.gone) throw new Error("the connection is closed");
    this.messages.push(structuredClone(message));
  }

  /** The messages with changes, in the order they came. */
  get changes() {
    return this.messages.filter(({ type }) => type === "changes");
  }

  /** Another window, or Python itself, has changed what is on the disk. */
  write(labels) {
    const there = Object.entries({ ...this.values.labels, ...labels });
    this.values.labels = Object.fromEntries(there.filter(([, annotation]) => annotation));
    this.listeners.get("change:labels")();
  }

  /** A value that the page follows has changed. */
  tell(name, value) {
    this.values[name] = value;
    this.listeners.get(`change:${name}`)();
  }

  answer(message) {
    this.listeners.get("msg:custom")(structuredClone(message));
  }

  /** Write a message's changes to the disk and say so, as Python does: first the labels. */
  save({ rev, changes } = this.changes.at(-1)) {
    const now = Object.entries(changes).map(([id, change]) => [id, change.now]);
    this.write(Object.fromEntries(now));
    this.answer({ type: "saved", rev, conflicts: [] });
  }
}

/** What `localStorage` is in a browser; `full` and `closed` as it may be there, too. */
export class Memory {
  constructor(kept = {}) {
    this.kept = new Map(Object.entries(kept));
    this.full = false;
    this.closed = false;
  }

  getItem(key) {
    if (this.closed) throw new Error("SecurityError");
    return this.kept.get(key) ?? null;
  }

  setItem(key, text) {
    if (this.full || this.closed) throw new Error("QuotaExceededError");
    this.kept.set(key, text);
  }

  removeItem(key) {
    this.kept.delete(key);
  }

  /** What is kept of the labeller of the tests: ids with changes, or null. */
  get labels() {
    return JSON.parse(this.kept.get("kit:test") ?? "null");
  }
}
