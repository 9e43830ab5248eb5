// An annotation as the page keeps it.

export const place = ({ start, end }) => ({ start, end });

/** Return an annotation with everything that Python may leave out, or null. */
export function tidy(annotation) {
  if (!annotation) return null;
  const { id, layer, at, codes = [], parts = {}, fields = {}, note = "" } = annotation;
  const spans = Object.entries(parts).filter(([, list]) => list.length);
  const values = Object.entries(fields).filter(([, value]) => value);
  return {
    id,
    layer,
    at: place(at),
    codes: [...codes],
    parts: Object.fromEntries(spans.map(([name, list]) => [name, list.map(place)])),
    fields: Object.fromEntries(values),
    note,
  };
}

/** Say whether two annotations (or nulls) mean the same. */
export function same(one, other) {
  if (!one || !other) return !one === !other;
  const sorted = (object) => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
  const flat = ({ at, codes, parts, fields, note }) =>
    JSON.stringify([at.start, at.end, codes, sorted(parts), sorted(fields), note]);
  return flat(one) === flat(other);
}
