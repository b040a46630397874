// Find a page of this portal by its name: an article, procedure, page, topic or file.
import { el, uniqueId } from "../dom.js";
import { findLinks } from "../server.js";

const SHORTEST = 2;

/** A search field with its results, or null when the page offers none; `onPick(item)` hears a choice. */
export function places(options, onPick) {
  if (!options.linksUrl) return null;
  const group = uniqueId("editor-place");
  const list = el("ul", { class: "editor-files" });
  const status = el("p", { class: "editor-hint", role: "status" });
  const words = el("input", { type: "search", id: `${group}-q`, autocomplete: "off" });
  let asked = 0;
  let timer = 0;

  async function find() {
    const mine = ++asked;
    const text = words.value.normalize("NFC").trim();
    if (text.length < SHORTEST) {
      list.replaceChildren();
      status.textContent = "";
      return;
    }
    try {
      const items = await findLinks(options, text);
      if (mine !== asked) return;
      list.replaceChildren(...items.map(row));
      status.textContent = items.length ? `${items.length} mục` : "Không có trang nào khớp.";
    } catch (error) {
      status.textContent = error.message;
    }
  }

  function row(item) {
    const id = uniqueId(group);
    const radio = el("input", { type: "radio", name: group, id, onchange: () => onPick(item) });
    return el("li", {}, radio, el("label", { for: id }, item.title, " ", el("span", { class: "editor-hint" }, item.what)));
  }

  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 250);
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  return el(
    "div",
    { class: "editor-places" },
    el("div", { class: "editor-field" }, el("label", { for: words.id }, "Tìm trang của cổng"), words),
    status,
    list,
  );
}
