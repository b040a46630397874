// Choose a file of the media library by its name or picture.
import { el, uniqueId } from "../dom.js";
import { library } from "../server.js";

/**
 * A foldable list of the library, or null when the page offers none.
 * `onPick(item)` hears every choice; `chosen()` answers the current one.
 */
export function picker(options, kind, onPick) {
  if (!options.libraryUrl) return null;
  const group = uniqueId("editor-pick");
  const list = el("ul", { class: kind === "image" ? "editor-grid" : "editor-files" });
  const status = el("p", { class: "editor-hint", role: "status" });
  const words = el("input", { type: "search", id: `${group}-q`, autocomplete: "off" });
  let chosen = null;
  let asked = 0;

  async function load() {
    const mine = ++asked;
    status.textContent = "Đang tìm…";
    try {
      const items = await library(options, kind, words.value.normalize("NFC").trim());
      if (mine !== asked) return;
      list.replaceChildren(...items.map(row));
      status.textContent = items.length ? `${items.length} mục` : "Không có mục nào khớp.";
    } catch (error) {
      status.textContent = error.message;
    }
  }

  function row(item) {
    const id = uniqueId(`${group}-item`);
    const radio = el("input", { type: "radio", name: group, id, onchange: () => onPick((chosen = item)) });
    radio.checked = chosen?.url === item.url;
    const picture = kind === "image" ? el("img", { src: item.thumb ?? item.url, alt: "", loading: "lazy" }) : null;
    return el("li", {}, radio, el("label", { for: id }, picture, item.title || item.alt || item.url));
  }

  let timer = 0;
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, 300);
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  const node = el(
    "details",
    { class: "editor-library" },
    el("summary", {}, "Chọn từ thư viện tư liệu"),
    el("div", { class: "editor-field" }, el("label", { for: words.id }, "Tìm trong thư viện"), words),
    status,
    list,
  );
  node.addEventListener("toggle", () => node.open && !asked && load());
  return {
    node,
    chosen: () => chosen,
    clear() {
      chosen = null;
      for (const radio of list.querySelectorAll("input")) radio.checked = false;
    },
  };
}
