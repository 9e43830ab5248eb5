// The store: what is known of the labels and whether they are on the disk; one for each model.

import { Line } from "../line.js";
import { memory } from "../tools.js";
import { same, tidy } from "./annotation.js";

/**
 * The labels of one model. `labels` is what Python has on the disk; over it lie the changes that
 * Python has not acknowledged. One message is on its way at a time and holds all of them, so a
 * burst of keys becomes two messages, and a lost message is made good by the next.
 *
 * A change says what the page saw (`was`), what shall be there (`now`), and what it sent before
 * without hearing back (`sent`): any of those may be on the disk already.
 */
export class Store {
  constructor(model) {
    this.model = model;
    this.line = new Line(model);
    this.doc = model.get("doc");
    this.pending = new Map(); // id -> { was, now, sent, rev, out }
    this.conflicts = new Map(); // id -> { yours, theirs, problem }
    this.past = [];
    this.future = [];
    this.rev = 0;
    this.onItsWay = 0; // the rev that waits for an answer, or 0
    this.state = "saved"; // saved | saving | silent | refused
    this.problem = "";
    this.putBack = 0;
    this.putBackShown = false;
    this.kept = true; // the browser remembers what is pending
    this.listeners = new Set();
    this.now = this.overlay();
    this.onMessage = (message) => this.receive(message);
    this.onLabels = () => this.refresh();
    this.onDoc = () => {
      this.doc = model.get("doc");
      this.tell();
    };
    model.on("msg:custom", this.onMessage);
    model.on("change:labels", this.onLabels);
    model.on("change:doc", this.onDoc);
    this.onTorn = () => this.takeTorn();
    model.on("change:torn", this.onTorn);
    this.recover();
    this.takeTorn();
  }

  close() {
    this.line.answered();
    this.listeners.clear();
    this.model.off("msg:custom", this.onMessage);
    this.model.off("change:labels", this.onLabels);
    this.model.off("change:doc", this.onDoc);
    this.model.off("change:torn", this.onTorn);
  }

  /**
   * Call `listener(ids)` after every change, with the ids of the labels that changed. Python is
   * told when the first view opens and the last one closes: a cell that runs again leaves its
   * old labeller behind, which need not be kept up to date.
   */
  listen(listener) {
    if (!this.listeners.size) this.watch(true);
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (!this.listeners.size) this.watch(false);
    };
  }

  watch(on) {
    try {
      this.model.send({ type: "watching", on });
    } catch {
      // the connection is closed: there is nobody to tell
    }
  }

  tell(ids = new Set()) {
    for (const listener of this.listeners) listener(ids);
  }

  get(id) {
    return this.now.get(id) ?? null;
  }

  get savedAt() {
    return this.model.get("saved_at");
  }

  /** What is on the disk, with what is not there yet on top. */
  overlay() {
    const labels = Object.entries(this.model.get("labels") ?? {});
    const now = new Map(labels.map(([id, annotation]) => [id, tidy(annotation)]));
    for (const [id, change] of this.pending) {
      if (change.now) now.set(id, change.now);
      else now.delete(id);
    }
    return now;
  }

  refresh(alsoChanged = []) {
    const before = this.now;
    this.now = this.overlay();
    const changed = new Set(alsoChanged);
    for (const id of new Set([...before.keys(), ...this.now.keys()])) {
      if (!same(before.get(id), this.now.get(id))) changed.add(id);
    }
    this.tell(changed);
  }

  /**
   * Change labels: { id: annotation or null }. `unit` is where undo goes back to. Changes with
   * the same `stroke` that follow each other (the letters of a note) are undone together.
   */
  change(changes, { unit, stroke = "" } = {}) {
    const step = { unit, stroke, before: {}, after: {} };
    for (const [id, now] of Object.entries(changes)) {
      if (same(this.get(id), now)) continue;
      step.before[id] = this.get(id);
      step.after[id] = now;
    }
    if (!Object.keys(step.after).length) return false;
    const last = this.past.at(-1);
    if (stroke && last?.stroke === stroke && !this.future.length) {
      Object.assign(last.after, step.after);
    } else this.past.push(step);
    this.future = [];
    this.set(step.after);
    return true;
  }

  /** Take back the last step; return it, or undefined. */
  undo() {
    const step = this.past.pop();
    if (!step) return undefined;
    this.future.push(step);
    this.set(step.before);
    return step;
  }

  redo() {
    const step = this.future.pop();
    if (!step) return undefined;
    this.past.push(step);
    this.set(step.after);
    return step;
  }

  set(changes) {
    for (const [id, now] of Object.entries(changes)) {
      this.chosen(id);
      const change = this.pending.get(id) ?? { was: this.get(id), sent: [] };
      change.now = tidy(now);
      this.conflicts.delete(id);
      if (same(change.was, change.now) && !change.sent.length) this.pending.delete(id);
      else this.pending.set(id, change);
      if (change.now) this.now.set(id, change.now);
      else this.now.delete(id);
    }
    this.keep(Object.keys(changes));
    this.send();
    this.tell(new Set(Object.keys(changes)));
  }

  /** Send everything that is not acknowledged, unless an answer is still awaited. */
  send() {
    if (this.onItsWay || !this.pending.size) return;
    this.rev += 1;
    const changes = {};
    for (const [id, change] of this.pending) {
      changes[id] = { was: change.was, now: change.now, sent: change.sent };
      if (!change.sent.some((one) => same(one, change.now))) {
        change.sent = [...change.sent, change.now];
      }
      change.rev = this.rev;
      change.out = change.now;
    }
    this.onItsWay = this.rev;
    if (this.state === "saved") this.state = "saving";
    this.line.send({ type: "changes", rev: this.rev, changes }, () => this.giveUp());
  }

  giveUp() {
    this.onItsWay = 0;
    this.state = "silent";
    this.tell();
  }

  tryAgain() {
    this.onItsWay = 0;
    this.send();
    this.tell();
  }

  receive(message) {
    if (message?.type !== "saved" && message?.type !== "not-saved") return;
    if (message.rev === this.onItsWay) {
      this.line.answered();
      this.onItsWay = 0;
    }
    if (message.type === "not-saved") {
      this.state = "refused";
      this.problem = message.problem;
      this.tell();
      return;
    }
    const settled = [];
    for (const conflict of message.conflicts ?? []) {
      const change = this.pending.get(conflict.id);
      if (!change || change.rev > message.rev) continue;
      const { id, problem = "" } = conflict;
      // What cannot stand is given up; what can is kept until the student has chosen.
      this.conflicts.set(id, { yours: change.now, theirs: tidy(conflict.theirs), problem });
      this.pending.delete(id);
      if (problem) this.forget(id);
      settled.push(id);
    }
    for (const [id, change] of this.pending) {
      if (!change.rev || change.rev > message.rev) continue;
      if (same(change.now, change.out)) {
        this.pending.delete(id);
        this.forget(id, change.now);
        settled.push(id);
      } else {
        change.was = change.out;
        change.sent = [];
      }
    }
    this.problem = "";
    this.state = this.pending.size ? "saving" : "saved";
    if (this.putBack && !this.pending.size) this.putBackShown = true;
    this.send();
    this.refresh(settled);
  }

  /** Decide a conflict: the other window's label stays, or this one's goes in its place. */
  settle(id, mine, unit) {
    const conflict = this.conflicts.get(id);
    if (!conflict) return;
    this.chosen(id);
    this.conflicts.delete(id);
    this.forget(id);
    if (mine) this.change({ [id]: conflict.yours }, { unit });
    this.tell(new Set([id]));
  }

  /** Labels that another machine's work has left out are conflicts, too, until somebody chooses. */
  takeTorn() {
    const torn = Object.entries(this.model.get("torn") ?? {});
    const ids = new Set(torn.map(([id]) => id));
    for (const [id, { kept }] of this.conflicts) {
      if (kept && !ids.has(id)) this.conflicts.delete(id);
    }
    for (const [id, yours] of torn) {
      if (this.conflicts.has(id)) continue;
      this.conflicts.set(id, { yours: tidy(yours), theirs: this.get(id), problem: "", kept: true });
    }
    if (ids.size) this.tell(ids);
  }

  /** Tell Python that somebody has chosen what another machine's work left open. */
  chosen(id) {
    if (!this.conflicts.get(id)?.kept) return;
    try {
      this.model.send({ type: "settle", id });
    } catch {
      // the connection is closed: it is asked once more
    }
  }

  // -- the browser's copy of what Python has not acknowledged

  keep(ids) {
    const kept = memory.read(this.doc.storage);
    for (const id of ids) {
      const change = this.pending.get(id);
      if (change) kept[id] = { was: change.was, now: change.now, sent: change.sent };
      else delete kept[id];
    }
    this.kept = memory.write(this.doc.storage, kept);
  }

  forget(id, now) {
    const kept = memory.read(this.doc.storage);
    // Another view of the same layer may have put something newer there.
    if (!(id in kept) || (now !== undefined && !same(tidy(kept[id].now), now))) return;
    delete kept[id];
    memory.write(this.doc.storage, kept);
  }

  /** Take up changes that an earlier view could not deliver. */
  recover() {
    for (const [id, change] of Object.entries(memory.read(this.doc.storage))) {
      try {
        const now = tidy(change.now);
        if (change.now === undefined || same(this.get(id), now)) this.forget(id);
        else {
          const sent = [...(change.sent ?? []), change.now].map(tidy);
          this.pending.set(id, { was: tidy(change.was), now, sent });
        }
      } catch {
        this.forget(id); // not a change that this labeller wrote
      }
    }
    if (!this.pending.size) return;
    this.putBack = this.pending.size;
    this.now = this.overlay();
    this.send();
  }
}
