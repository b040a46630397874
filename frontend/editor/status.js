// The line under the sheet: word count (announced when typing rests), advice, notices.
import { advice, countWords, readingMinutes } from "./checks.js";
import { el } from "./dom.js";

const REST = 1200; // ms without typing before the count is told

/**
 * `{ dom, update(doc), say(text) }`; `goTo(pos)` shows the place that advice speaks of.
 * `summary` is the field of the article's summary, where the form has one.
 */
export function status(goTo, summary = null) {
  const count = el("p", { class: "editor-count", role: "status" });
  const notice = el("p", { class: "editor-notice", role: "status" });
  const list = el("ul", { class: "editor-advice", "aria-label": "Nên sửa trước khi đăng" });
  const dom = el("div", { class: "editor-status" }, notice, list, count);
  let timer = 0;
  let shown = "";

  function refresh(doc) {
    const words = countWords(doc);
    const text = words ? `${words.toLocaleString("vi-VN")} từ · đọc khoảng ${readingMinutes(words)} phút` : "Chưa có chữ nào";
    if (count.textContent !== text) count.textContent = text;
    const bare = summary && words && !summary.value.trim();
    const found = [...(bare ? [{ message: "Bài chưa có tóm tắt: một, hai câu nói bài giúp được gì, cho ai.", pos: null }] : []), ...advice(doc)];
    const key = JSON.stringify(found);
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...found.map(({ message, pos }) =>
      el("li", {}, message, " ", el("button", { type: "button", onclick: () => (pos === null ? summary.focus() : goTo(pos)) }, "Đến chỗ này")),
    ));
  }

  return {
    dom,
    refresh,
    update(doc) {
      clearTimeout(timer);
      timer = setTimeout(() => refresh(doc), REST);
    },
    say(text) {
      notice.textContent = text;
    },
    stop: () => clearTimeout(timer),
  };
}
