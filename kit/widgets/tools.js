// Small tools that the kit's scripts share.

/** Make an element. `text` and `class` are set as such, other names as attributes. */
function el(tag, { text, class: name, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Put values into a sentence of the table above: fill("{n} labels", { n: 3 }). */
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Return an id that nothing else on the page has. Every widget is a module of its own: a counter
    would start again in each. */
const unique = (name) => `${name}-${Math.random().toString(36).slice(2, 10)}`;

/** Return a key as it is printed on a keyboard. */
const cap = (key) => key.toUpperCase();

/** Cut a long phrase in the middle, between words where there are some. */
function shorten(text, most = 48) {
  if (text.length <= most) return text;
  const head = text.slice(0, most * 0.6).replace(/\s+\S*$/, "");
  const tail = text.slice(-most * 0.3).replace(/^\S*\s+/, "");
  return `${head} … ${tail}`;
}

/** The browser's own memory; a page that may not use it gets one that forgets. */
const memory = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "{}") ?? {};
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
