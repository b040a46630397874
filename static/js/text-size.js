// Smaller, usual and larger text. first.js sets the kept step before the page is painted.
import { kept, say } from "./common.js";

const PERCENT = [100, 115, 130, 150]; // as in css/components/text-size.css
const root = document.documentElement;

export default function textSize(box) {
  const [smaller, , larger] = box.querySelectorAll("button");

  function show(size) {
    if (size) root.dataset.size = size;
    else delete root.dataset.size;
    smaller.setAttribute("aria-disabled", String(size === 0));
    larger.setAttribute("aria-disabled", String(size === PERCENT.length - 1));
  }

  box.addEventListener("click", ({ target }) => {
    const step = Number(target.closest("button")?.value ?? NaN);
    if (Number.isNaN(step)) return;
    const size = step && Math.min(Math.max(current() + step, 0), PERCENT.length - 1);
    show(size);
    say(`Cỡ chữ ${PERCENT[size]}%`);
    kept("co-chu", size || "");
  });

  // Another tab, or a page kept for the way back, follows.
  const follow = () => show(Number(kept("co-chu")));
  addEventListener("storage", follow);
  addEventListener("pageshow", (event) => event.persisted && follow());
  show(current());
}

const current = () => Number(root.dataset.size) || 0;
