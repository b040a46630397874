// Suggestions under a search box: the editable combobox of the ARIA patterns, with a list that
// only proposes: what was typed stays, Enter searches for it unless an option is marked.
// data-suggest?q=... answers {"items": [{"label", "url", "note", "group"}]}, note and group optional.
import { say } from "./site.js";

const WAIT = 180;
// Input methods change letters while they compose. Phones compose whole words, so a pause counts
// as typed even then.
const WAIT_COMPOSING = 800;
const answers = new Map();
let boxes = 0;

export default function suggest(input) {
  const id = `goi-y-${++boxes}`;
  const list = make("div", "suggestions", { id, role: "listbox", "aria-label": "Gợi ý" });
  list.hidden = true;
  input.parentElement.after(list);
  set(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" });
  let timer, options = [], active = -1, asked = 0, shown = null;

  function open(yes) {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (!yes) mark(-1);
  }

  function close() {
    clearTimeout(timer);
    asked++;
    open(false);
  }

  function mark(index) {
    options[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = options[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function show(items, words) {
    mark(-1);
    shown = words;
    options = items.map((item, i) => {
      const option = make("div", "suggestions__option", { id: `${id}-${i}`, role: "option", "aria-selected": "false" });
      const label = make("span", "suggestions__label");
      label.append(...marked(item.label, words));
      option.append(label);
      if (item.note) option.append(" ", make("span", "suggestions__note", {}, item.note));
      option.dataset.url = item.url;
      return option;
    });
    list.replaceChildren(...grouped(items, options));
    open(items.length > 0);
    say(items.length ? `${items.length} gợi ý, chọn bằng mũi tên lên xuống` : "Không có gợi ý");
  }

  async function ask() {
    const words = input.value.trim().normalize("NFC");
    const turn = ++asked; // an answer that a later question overtook is kept, not shown
    if (words.length < 2) return open(false);
    if (words === shown) return open(options.length > 0);
    let items = answers.get(words);
    if (!items) {
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(words)}`);
        if (!answer.ok) return;
        items = (await answer.json()).items;
      } catch {
        return; // no network, no suggestions: the search button tells
      }
      answers.set(words, items);
    }
    if (turn === asked && input === document.activeElement) show(items, words);
  }

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  };
  input.addEventListener("input", (event) => later(event.isComposing ? WAIT_COMPOSING : WAIT));
  input.addEventListener("compositionend", () => later(WAIT));
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const { key } = event, places = options.length + 1; // one place is the text itself
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (event.altKey) return key === "ArrowUp" ? close() : ask();
      if (list.hidden) return ask();
      mark((active + 1 + (key === "ArrowDown" ? 1 : places - 1)) % places - 1);
    } else if (list.hidden) {
      return;
    } else if (key === "Escape") {
      event.preventDefault(); // which would empty the box
      close();
    } else if (key === "Enter") {
      if (options[active]) {
        event.preventDefault();
        go(options[active]);
      }
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(key)) {
      mark(-1); // back in the text
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
  // On a slow network people type before this script is there.
  if (input === document.activeElement && input.value !== input.defaultValue) later(WAIT);
  // Who comes back to a kept page finds the box, not an old list over the page.
  addEventListener("pagehide", close);
}

function go(option) {
  location.assign(option.dataset.url);
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

function make(tag, className, attributes = {}, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  set(element, attributes);
  element.textContent = text;
  return element;
}

function grouped(items, options) {
  const groups = new Map();
  items.forEach(({ group = "Thủ tục" }, i) => groups.set(group, [...(groups.get(group) ?? []), options[i]]));
  if (groups.size < 2) return options;
  return [...groups].map(([name, members]) => {
    const group = make("div", "", { role: "group", "aria-label": name });
    group.append(make("div", "suggestions__group", { "aria-hidden": "true" }, name), ...members);
    return group;
  });
}

// One letter for one letter, so that places in the folded text are places in the text.
const fold = (text) => text.toLowerCase().replace(/[^\0-\x7f]/g, (letter) => (letter === "đ" ? "d" : letter.normalize("NFD")[0]));

function marked(label, typed) {
  const words = fold(typed).match(/[\p{L}\p{N}]+/gu) ?? [];
  const last = words.at(-1) ?? " ";
  const pieces = [];
  let from = 0;
  for (const { 0: word, index } of label.matchAll(/[\p{L}\p{N}]+/gu)) {
    const folded = fold(word);
    const length = words.includes(folded) ? word.length : folded.startsWith(last) ? last.length : 0;
    if (!length) continue;
    pieces.push(label.slice(from, index), make("mark", "", {}, word.slice(0, length)));
    from = index + length;
  }
  return [...pieces, label.slice(from)];
}
