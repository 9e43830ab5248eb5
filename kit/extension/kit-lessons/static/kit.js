// What a page asks the kit for, in its kernel. `kit/lessons/room.py` answers.

const PATIENCE = 10_000; // ms; a kernel that is busy for longer has no answer

const room = '__import__("kit.lessons.room", fromlist=["room"])';
export const ORIGINAL = (lesson) => `${room}.original(${JSON.stringify(lesson)})`;
export const GLOSSARY = `${room}.words()`;
export const ARTICLE = `${room}.article(today)`;

/** Return what the kit answers, as JSON; nothing where it cannot. */
export async function ask(kernel, expression) {
  if (!kernel) return undefined;
  // Shown, and not evaluated beside a cell: the Python of browsers knows no user_expressions.
  const code = `display(${expression})`;
  const future = kernel.requestExecute({ code, store_history: false, stop_on_error: false });
  let answer;
  future.onIOPub = ({ content }) => {
    answer = content.data?.["application/json"] ?? answer;
  };
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([future.done, late]).catch(() => undefined);
  return answer;
}
