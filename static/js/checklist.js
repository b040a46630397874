// The papers of a case: what is ticked stays on this device, and a line counts it. A new version of
// the page has another key, so that old ticks never stand beside new papers.
import { kept, say } from "./site.js";

export default function checklist(box) {
  const key = `giay-to.${box.dataset.checklist}`;
  const boxes = [...box.querySelectorAll("input")];
  const line = box.querySelector(".checklist-count");

  function show() {
    const done = boxes.filter((one) => one.checked).length;
    const words = done === boxes.length ? `Đã có đủ ${done} giấy tờ` : `Đã có ${done}/${boxes.length} giấy tờ`;
    line.firstElementChild.textContent = words;
    line.hidden = !done;
    return words;
  }

  function keep() {
    kept(key, boxes.flatMap((one, i) => (one.checked ? i : [])).join());
    say(show());
  }

  const ticked = kept(key).split(",");
  boxes.forEach((one, i) => { one.checked = ticked.includes(String(i)); });
  box.addEventListener("change", keep);
  line.querySelector("button").addEventListener("click", () => {
    for (const one of boxes) one.checked = false;
    keep();
    try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
    boxes[0].focus();
  });
  show();
}
