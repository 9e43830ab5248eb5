// As much of a browser's page as the labeller needs for the keyboard: a tree of nodes that have
// the focus. It draws nothing; how things look and the mouse are tested in a real browser.

/** A class attribute as a set. */
class ClassList {
  constructor(node) {
    this.node = node;
  }

  get names() {
    return (this.node.getAttribute("class") ?? "").split(" ").filter(Boolean);
  }

  add(name) {
    this.toggle(name, true);
  }

  remove(name) {
    this.toggle(name, false);
  }

  toggle(name, on) {
    const others = this.names.filter((one) => one !== name);
    this.node.setAttribute("class", [...others, ...(on ? [name] : [])].join(" "));
  }
}

class Node {
  constructor(tag, text = "") {
    this.tag = tag; // "" for text, "fragment" for one
    this.text = text;
    this.children = [];
    this.parentElement = null;
    this.attributes = new Map();
    this.listeners = [];
    this.value = "";
    this.style = { setProperty() {} };
    this.classList = new ClassList(this);
    this.dataset = new Proxy(this.attributes, {
      get: (attributes, name) => attributes.get(`data-${name}`),
      set: (attributes, name, value) => attributes.set(`data-${name}`, String(value)),
    });
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
    if (name === "value") this.value = value;
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  set className(name) {
    this.setAttribute("class", name);
  }

  get type() {
    return this.getAttribute("type");
  }

  get textContent() {
    return this.tag ? this.children.map((node) => node.textContent).join("") : this.text;
  }

  set textContent(text) {
    this.replaceChildren(text);
  }

  get innerText() {
    return this.textContent;
  }

  append(...nodes) {
    for (const one of nodes) {
      const node = one instanceof Node ? one : new Node("", one);
      for (const child of node.tag === "fragment" ? [...node.children] : [node]) {
        child.remove();
        child.parentElement = this;
        this.children.push(child);
      }
    }
  }

  remove() {
    const siblings = this.parentElement?.children ?? [];
    if (siblings.includes(this)) siblings.splice(siblings.indexOf(this), 1);
    this.parentElement = null;
  }

  replaceChildren(...nodes) {
    for (const child of [...this.children]) child.remove();
    this.append(...nodes);
  }

  contains(node) {
    return node === this || (Boolean(node) && this.contains(node.parentElement));
  }

  /** Understands names of tags, classes, and lists of them. */
  matches(selector) {
    return selector.split(", ").some((one) =>
      one.startsWith(".") ? this.classList.names.includes(one.slice(1)) : one === this.tag,
    );
  }

  querySelectorAll(selector) {
    return this.children.flatMap((node) => [
      ...(node.matches(selector) ? [node] : []),
      ...node.querySelectorAll(selector),
    ]);
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  addEventListener(type, act) {
    this.listeners.push({ type, act });
  }

  dispatch(type, target = this) {
    for (const one of this.listeners) if (one.type === type) one.act({ target });
    this.parentElement?.dispatch(type, target);
  }

  focus() {
    document.activeElement = this;
    this.dispatch("focusin");
  }

  scrollIntoView() {}
}

/** Open a new page; what the scripts find in a browser is there from now on. */
export function openPage() {
  const body = new Node("body");
  globalThis.document = {
    // Somebody else on the page answers the paragraphs’ numbers.
    documentElement: { dataset: { kitPlaces: "" } },
    activeElement: body,
    addEventListener() {},
    removeEventListener() {},
    createElement: (tag) => new Node(tag),
    createDocumentFragment: () => new Node("fragment"),
    getSelection: () => null,
  };
  globalThis.window = new Node("window");
  window.removeEventListener = () => {};
  globalThis.requestAnimationFrame = () => {};
  globalThis.ResizeObserver = class {
    observe() {}
  };
  const root = new Node("div");
  body.append(root);
  return root;
}

/**
 * Press a key where the focus is: "a", "Shift+ArrowRight", "Ctrl+z". Return what became of it:
 * whether the notebook `heard` it, and whether the browser does with it what it `usually` does.
 */
export function press(keys) {
  const [key, ...held] = keys.split("+").reverse();
  const done = { heard: true, usually: true };
  const event = {
    key,
    target: document.activeElement,
    shiftKey: held.includes("Shift"),
    ctrlKey: held.includes("Ctrl"),
    altKey: held.includes("Alt"),
    metaKey: held.includes("Meta"),
    isComposing: false,
    getModifierState: (name) => held.includes(name),
    stopPropagation: () => (done.heard = false),
    preventDefault: () => (done.usually = false),
  };
  for (const { type, act } of window.listeners) if (type === "keydown") act(event);
  return done;
}
