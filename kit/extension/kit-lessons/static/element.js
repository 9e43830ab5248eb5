// One small tool.

/** Make an element with some text, then other elements, in it. */
export function el(tag, text = "", ...children) {
  const made = document.createElement(tag);
  made.append(text, ...children);
  return made;
}

/** Make a button. */
export function button(words, onPress) {
  const made = el("button", words);
  made.addEventListener("click", onPress);
  return made;
}
