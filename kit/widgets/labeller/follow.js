// What fields follow from: the words of a part, the quotation marks, or another field.

const PRONOUN = /^(i|you|he|she|it|we|they|his|her|its|their|who|that|this|these|those)$/i;
const DIRECT = 0.9; // of the words stand in quotation marks: the codebook's nine tenths
const MOST = 5; // values to choose from

/** The stretches that a field is about: those of its part, or the label's own words. */
function spansOf(annotation, field) {
  if (!annotation) return [];
  return annotation.parts[field.follows] ?? (annotation.codes.length ? [annotation.at] : []);
}

/** Which of a field's options the quotation marks call for, or "". */
function byQuotes({ options }, { all, inside }) {
  if (!all) return "";
  const has = (id) => options.some((option) => option.id === id);
  if (!inside) return has("indirect") ? "indirect" : "no";
  if (has("direct")) return inside >= DIRECT * all ? "direct" : "mixed";
  return inside === all ? "yes" : "";
}

/** Annotations by how near they lie to one, without itself. */
function neighbours(annotation, others) {
  const away = ({ at }) => Math.abs(at.start - annotation.at.start);
  return others.filter(({ id }) => id !== annotation.id).sort((a, b) => away(a) - away(b));
}

/**
 * What may be proposed for a field of text: the words of its part, or of a pronoun those whom it may
 * mean, by where it begins; then what was written there nearby. `wordsOf` gives the words of a span.
 */
export function proposals(field, annotation, others, wordsOf, referents) {
  const named = (annotation.parts[field.follows] ?? []).flatMap((span) => {
    const words = wordsOf(span);
    return PRONOUN.test(words) ? (referents[span.start] ?? []) : [words];
  });
  const near = neighbours(annotation, others).map(({ fields }) => fields[field.id]);
  return [...new Set([...named, ...near.filter(Boolean)])].slice(0, MOST);
}

/**
 * What follows from a change of an annotation: { field: value }, for choices that have not been made
 * otherwise. `count` says of spans how many words they hold and how many of those stand in quotation
 * marks.
 */
export function following(fields, was, now, others, count) {
  const near = neighbours(now, others);
  const asQuoted = (field, annotation) => {
    const spans = spansOf(annotation, field);
    return [JSON.stringify(spans), byQuotes(field, count(spans))];
  };
  const asBefore = (field, annotation) => {
    const from = annotation?.fields[field.follows] ?? "";
    const alike = (one) => one.fields[field.follows] === from && one.fields[field.id];
    return [from, (from && near.find(alike)?.fields[field.id]) || ""];
  };
  const found = {};
  for (const field of fields) {
    if (field.kind !== "choice" || !field.follows) continue;
    const rule = fields.some(({ id }) => id === field.follows) ? asBefore : asQuoted;
    const [oldFrom, oldValue] = rule(field, was);
    const [from, value] = rule(field, now);
    const has = now.fields[field.id] ?? "";
    // Only when what it follows from is another, and only where nothing else was chosen.
    if (from !== oldFrom && (!has || has === oldValue) && value !== has) found[field.id] = value;
  }
  return found;
}
