// Which pages may run by themselves: those whose every cell is one of the kit's own calls.

// A value that is written out: text, a number, a list of texts, or words to split.
const TEXT = String.raw`"[^"\\]*"`;
const VALUE = String.raw`(?:${TEXT}(?:\.split\(\))?|-?\d+|True|False|None|\[(?:${TEXT}(?:, ${TEXT})*)?\])`;
const VALUES = String.raw`(?:(?:\w+=)?${VALUE}(?:, (?:\w+=)?${VALUE})*)?`;
const FORMS = [
  /^from kit import (lesson)$/,
  /^from desk\.pages(?:\.\w+)? import (\w+)$/,
  new RegExp(String.raw`^(today) = lesson\(${VALUES}\)$`),
];
const CALL = new RegExp(String.raw`^(\w+)(?:\.on\(${TEXT}\))?(?:\.\w+)?\(${VALUES}\)$`);
// How a page on the web prepares the browser's own Python.
const INSTALL = [
  "%pip install -q nltk",
  "import kit_in_browser",
  "kit_in_browser.prepare()",
];

/**
 * Whether a page is one of the kit's: some cell brings in the kit, or asks a lesson for something.
 *
 * @param {string[]} sources the code of its cells.
 */
export const isPage = (sources) =>
  sources.some((source) => /^(from (kit|desk)\b|today\.)/m.test(source));

/** How a cell opens a lesson. */
export const OPENS = /^today = lesson\("([\w-]+)"/m;

/**
 * Return the name of a page's lesson: the one that it opens or, where that line is lost, that of its
 * file; nothing for a page that is no lesson.
 */
export function lessonOf(sources, path) {
  if (!sources.some((source) => /^today\b/m.test(source))) return undefined;
  return OPENS.exec(sources.join("\n"))?.[1] ?? path.replace(/^.*\/|\.ipynb$/g, "");
}

/**
 * Whether a page's code is the kit's own calls, with values written out, and nothing else.
 *
 * @param {string[]} sources the code of its cells, in order.
 */
export function isOwn(sources) {
  const known = new Set();
  return sources.every((source) =>
    source.trim().split("\n").every((line) => {
      if (line === "" || INSTALL.includes(line)) return true;
      for (const form of FORMS) {
        const [, name] = form.exec(line) ?? [];
        if (name && (name !== "today" || known.has("lesson"))) return known.add(name);
      }
      return known.has(CALL.exec(line)?.[1]);
    }),
  );
}
