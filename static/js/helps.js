// Answers that may already help, under the subject of a feedback: asked for after a pause, told
// once, never in the way of sending. The words go in the body of a request, not in an address.
import { say } from "./site.js";

const WAIT = 900;

export default function helps(box) {
  const { elements } = box.closest("form");
  const field = elements.subject;
  let timer, asked = "", turn = 0;

  async function ask() {
    const words = field.value.trim().normalize("NFC");
    if (words === asked) return;
    asked = words;
    const mine = ++turn;
    let items = [];
    if (words.length > 7) {
      const body = new URLSearchParams();
      for (const name of ["kind", "subject", "procedure_code"]) body.append(name, elements[name].value);
      try {
        const answer = await fetch(box.dataset.helps, { method: "POST", body });
        if (answer.ok) ({ items } = await answer.json());
      } catch { /* no network: nothing to suggest */ }
    }
    if (mine === turn) show(items);
  }

  function show(items) {
    const lines = items.map(line);
    const same = box.querySelector("ul").textContent === lines.map((one) => one.textContent).join("");
    box.hidden = !lines.length;
    if (same) return;
    box.querySelector("ul").replaceChildren(...lines);
    if (lines.length) say(`Có ${lines.length} nội dung có thể giúp bạn, ở dưới ô Tiêu đề`);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  if (field.value) ask();
}

// Opened beside the form: what was typed stays where it is.
function line({ title, url, note }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  Object.assign(link, { href: url, target: "_blank", rel: "noopener", textContent: title });
  const hint = document.createElement("span");
  hint.className = "meta";
  hint.textContent = note;
  item.append(link, " ", hint);
  return item;
}
