// What needs a choice or an eye: other people, a newer text, copies on this machine.

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Who else has the article open. */
export function showOthers(element, others) {
  if (!element) return;
  const said = others.map(({ name, since }) => `${name} đang mở bài này, từ ${since}.`);
  if (element.dataset.said === said.join("\n")) return;
  element.dataset.said = said.join("\n");
  const icon = document.querySelector("[data-icon-people]")?.content.firstElementChild;
  element.replaceChildren(...said.map((text) => el("p", {}, ...(icon ? [icon.cloneNode(true)] : []), el("span", {}, text))));
  element.hidden = said.length === 0;
}

/** One matter at a time in its own place: `choose(key, text, [[label, act]], more)`. */
export function panel(element) {
  const shown = new Map();
  return {
    choose(key, text, buttons = [], more = "") {
      if (!element || shown.get(key)?.dataset.text === text) return;
      this.close(key);
      const box = el("div", { class: "notice notice--wait words-choice__one", "data-text": text }, el("div", {}, el("p", {}, text)));
      const inner = box.firstElementChild;
      if (more) inner.append(el("details", {}, el("summary", {}, "Xem chữ của bản đó"), el("p", { class: "words-choice__text" }, more)));
      const made = buttons.map(([label, act]) => typeof act === "string"
        ? el("a", { class: "button button--quiet", href: act }, label)
        : el("button", { class: "button button--quiet", type: "button", click: () => { this.close(key); act(); } }, label));
      if (made.length) inner.append(el("div", { class: "cluster" }, ...made));
      shown.set(key, box);
      element.append(box);
      element.hidden = false;
    },
    close(key) {
      shown.get(key)?.remove();
      shown.delete(key);
      if (element && shown.size === 0) element.hidden = true;
    },
  };
}
