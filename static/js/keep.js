// Keeps what a person writes in this tab, so that a reload, a dead session or the way back loses
// nothing. Only the fields named in data-keep-fields, never contacts or files: the next person at
// a shared computer must find nothing. Gone when sent, when the tab closes, or after two hours.
import { say } from "./site.js";

const LIFE = 2 * 3600 * 1000;

export default function keep(element) {
  try {
    if (element.dataset.keepClear) clear(element.dataset.keepClear.split(" "));
    else keepForm(element, sessionStorage);
  } catch { /* storage is forbidden: nothing is kept */ }
}

// What begins with one of these names was sent, or is not for this form.
function clear(names) {
  for (const key of Object.keys(sessionStorage)) {
    if (names.some((name) => key.startsWith(name))) sessionStorage.removeItem(key);
  }
}

function keepForm(form, store) {
  const { keep: key, keepFields, keepUnless } = form.dataset;
  const fields = keepFields.split(" ").map((name) => form.elements[name]);
  const notice = form.querySelector(".kept");
  const [words, button] = [notice.querySelector("p"), notice.querySelector("button")];
  const [keptWords, clearLabel] = [words.textContent, button.textContent];
  let cleared = null;

  const values = () => fields.map((field) => field.value);
  const write = (texts) => {
    fields.forEach((field, i) => { field.value = texts[i]; });
    for (const field of fields) field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  function save() {
    // What must not be told to this form must not lie about here either.
    const worth = values().some((text) => text.trim()) && !(keepUnless && form.querySelector(keepUnless));
    if (worth) store.setItem(key, JSON.stringify([Date.now(), values()]));
    else store.removeItem(key);
    notice.hidden = !worth && !cleared;
    if (worth && cleared) {
      cleared = null;
      words.textContent = keptWords;
      button.textContent = clearLabel;
    }
  }

  const [at, texts] = JSON.parse(store.getItem(key) ?? "[0]");
  if (Date.now() - at > LIFE) {
    store.removeItem(key);
  } else if (!values().some((text) => text.trim())) {
    write(texts);
    say(keptWords);
  }
  save();

  form.addEventListener("input", save);
  button.addEventListener("click", () => {
    if (cleared) return write(cleared);
    cleared = values();
    write(fields.map(() => ""));
    words.textContent = "Đã xóa khỏi máy này.";
    button.textContent = "Lấy lại";
    say(words.textContent);
  });
}
