// A button that copies what its data-copy holds, and says whether it did.
import { say } from "./common.js";

export default function copy(button) {
  if (!navigator.clipboard) return;
  // Only the words change, not the drawing beside them.
  const words = [...button.childNodes].findLast((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const label = words.data;
  let timer;
  button.hidden = false;
  button.addEventListener("click", async () => {
    let told = "Đã sao chép";
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      told = "Chưa sao chép được, bạn bôi đen rồi chép";
    }
    words.data = ` ${told}`;
    say(told);
    clearTimeout(timer);
    timer = setTimeout(() => { words.data = label; }, 3000);
  });
}
