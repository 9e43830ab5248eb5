// A lesson is read, not edited: the one-letter commands of a notebook are off while it is in view.

/**
 * Whether a key is one of a notebook's commands, and not a way to move, to save or to search.
 *
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} event
 */
export function isCommand({ key, ctrlKey, metaKey, altKey }) {
  if (key === "Enter") return true; // with Shift, Ctrl or Alt as well: it runs or edits a cell
  if (ctrlKey || metaKey || altKey) return false;
  return (key.length === 1 && key !== " ") || key === "Delete" || key === "Backspace";
}
