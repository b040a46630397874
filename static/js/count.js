// Counts characters as the server does. The line is for eyes; ears hear it only after a pause,
// and only when little room is left.
import { say } from "./site.js";

export default function count(area) {
  const limit = Number(area.dataset.count);
  const line = document.createElement("p");
  line.className = "count";
  line.setAttribute("aria-hidden", "true");
  area.after(line);
  let timer;
  const show = () => {
    const length = [...area.value.normalize("NFC").trim()].length;
    const left = limit - length;
    const near = length > limit * 0.8;
    const words = left < 0 ? `Dài quá ${-left} ký tự` : `Còn ${left} ký tự`;
    line.classList.toggle("count--over", left < 0);
    line.textContent = near ? words : "";
    clearTimeout(timer);
    return near && words;
  };
  area.addEventListener("input", () => {
    const words = show();
    if (words) timer = setTimeout(say, 1500, words);
  });
  show();
}
