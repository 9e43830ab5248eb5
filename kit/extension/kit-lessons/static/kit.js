// What a page asks the kit for, in its kernel. `kit/lessons/room.py` answers.

const PATIENCE = 10_000; // ms; a kernel that is busy for longer has no answer

const room = '__import__("kit.lessons.room", fromlist=["room"])';
export const ORIGINAL = (lesson) => `${room}.original(${JSON.stringify(lesson)})`;
export const GLOSSARY = `${room}.words()`;
export const ARTICLE = `${room}.article(today)`;

/** Return what the kit answers, as JSON; nothing where it cannot. */
export async function ask(kernel, expression) {
  if (!kernel) return undefined;
  const asked = { code: "", silent: true, store_history: false };
  const future = kernel.requestExecute({ ...asked, user_expressions: { kit: expression } });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const reply = await Promise.race([future.done, late]).catch(() => undefined);
  return reply?.content.user_expressions?.kit?.data?.["application/json"];
}
