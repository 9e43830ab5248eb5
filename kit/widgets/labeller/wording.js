// What the labeller says, and how it says it aloud.

import { el, fill, START_AGAIN } from "../tools.js";

export const TEXT = {
  region: "Labeller: {layer}",
  codes: "Codes",
  parts: "Parts of a record",
  tools: "Tools",
  view: "Text size and contrast",
  article: "{question} {keys}",
  leadUnit: "{unit} is:",
  leadWords: "Drag over words, then choose:",
  leadChosen: "“{words}” is:",
  leadDue: "Now drag over the {part}.",
  leadWhole: "All marked: now the fields.",
  showAll: "Show the whole article ({n} more paragraphs)",
  goOn: "Go on by itself",
  goOnHint: "After a label go to the next paragraph, after a record to its fields",
  articleKeys: "Arrow keys move, a code’s key labels, ? shows every key.",
  undo: "Undo",
  redo: "Redo",
  next: "Next",
  nextHint: "Go to the next one without a label",
  remove: "Remove",
  removeHint: "Remove the label",
  note: "Note",
  keys: "Keys",
  smaller: "Smaller text",
  larger: "Larger text",
  spacing: "More space between lines",
  contrast: "High contrast",
  newRecord: "New record",

  progress: "{done} of {all} labelled",
  labels: "{n} labels",
  oneLabel: "1 label",
  records: "{n} records",
  oneRecord: "1 record",

  savedHeard: "Saved.",
  nothingYet: "Nothing to save yet",
  saving: "Saving…",
  notSaved: "NOT SAVED",
  silent:
    "NOT SAVED – no answer yet. Your labels are kept in this browser. If nothing comes: " +
    `${START_AGAIN}.`,
  silentUnkept:
    "NOT SAVED – no answer yet. Keep this page open. If nothing comes, " +
    `${START_AGAIN}.`,
  refused: "NOT SAVED – {problem}",
  again: "Try again",
  putBack: "{n} labels made while nothing was listening were put back.",
  putBackOne: "1 label made while nothing was listening was put back.",
  dismiss: "OK",
  conflict: "{unit}: two windows or machines differ, “{theirs}” and “{yours}”. Which shall stay?",
  keepTheirs: "Keep “{theirs}”",
  useMine: "Use “{yours}”",
  impossible: "{unit} was not labelled. {problem}",

  codebook: "Codebook",
  test: "Ask:",
  example: "Like:",
  counter: "Not:",
  rulings: "Rulings",
  details: "Details",
  needed: "still needed: {parts}",
  record: "Record {n}",
  recordOf: "Record {n} of {all}",
  recordsHere: "Records in {unit}",
  empty: "empty",
  removePart: "Remove {part}: {words}",
  removeRecord: "Remove record",
  removeLabel: "Remove label",
  noteOn: "Note on {what}",
  notePrompt: "Why? In your own words",
  filled: "filled in",
  fieldsDone: "All fields are filled in.",
  chosenWords: "Selected words",
  start: "Start",
  end: "End",
  startLeft: "Start one word earlier",
  startRight: "Start one word later",
  endLeft: "End one word earlier",
  endRight: "End one word later",
  clearWords: "Clear the selection",
  howWords:
    "Drag over some words, or press Enter on a paragraph and use the arrow keys. " +
    "Then press the key of a label.",
  howParts:
    "Drag over some words, or press Enter on a paragraph and use the arrow keys. " +
    "Then say what they are: {parts}.",

  noLabel: "no label",
  labelled: "{unit}: {label}.",
  cleared: "{unit}: label removed.",
  nothingToRemove: "There is no label here to remove.",
  chooseLabel: "Choose a label first: [ and ] step through them.",
  chooseWords: "Select words first: press Enter, then the arrow keys.",
  mostCodes: "{n} codes at most. Backspace removes the last one.",
  overlap: "These words touch “{label}”. Words carry one label here: remove that one first.",
  noRecord: "Select words first, then {parts}.",
  fresh: "New record: select words, then {parts}.",
  undone: "Undone.",
  redone: "Done again.",
  nothingToUndo: "There is nothing to undo.",
  nothingToRedo: "There is nothing to do again.",
  allDone: "Everything here has a label.",
  noMarks: "There are no labels yet.",
  unknownKey: "{key} is no key here. ? shows the keys.",
  backToUnits: "Back to the paragraph {unit}.",
  stays: "Press Tab to leave the article.",
  words: "words",

  legend: "What the keys do",
  legendUnits: "move by paragraph; Page Up and Page Down by eight",
  legendEnds: "first and last paragraph",
  legendEnter: "select words: then ← → move, Shift with ← → makes the selection longer",
  legendHear: "a screen reader reads the whole paragraph",
  legendPauses: "with words selected: to the comma or full stop before or after, with Shift up to it",
  legendDigits: "in a field: choose, and go on to the next; ⌫ takes the choice back",
  legendEscape: "back to the paragraph",
  legendTab: "leaves the article; Shift with Tab goes back",
  legendBackspace: "removes the label",
  legendMarks: "previous and next label",
  legendRecord: "begins a new record",
  legendNote: "writes a note; Enter comes back",
  legendUndo: "undo; Ctrl+Z too",
  legendRedo: "redo; Ctrl+Y or Ctrl+Shift+Z too",
  legendNext: "next without a label",
  legendHelp: "shows or hides this list",
};

/** Return a sentence of the table with its values put in. */
export const say = (name, values = {}) => fill(TEXT[name], values);

/** The line that screen readers hear; nobody sees it. */
export class Voice {
  constructor() {
    this.el = el("div", { class: "kl-unseen", "aria-live": "polite" });
  }

  announce(sentence) {
    // The same words again count as new to a screen reader only if something differs.
    const again = this.el.textContent === sentence;
    this.el.textContent = again ? `${sentence}\u00a0` : sentence;
  }
}
