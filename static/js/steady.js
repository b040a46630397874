// Before a form is sent its server is asked whether it is there: the browser's own page for a dead
// network or a server that restarts would take what was typed off the screen.
import { say, tell } from "./site.js";

const PATIENCE = 8000;

export default function steady(form) {
  if (!form.requestSubmit) return; // an old browser sends as it always did
  let sure = false, asking = false;
  form.addEventListener("submit", async (event) => {
    if (sure || event.defaultPrevented || !navigator.onLine) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    const { submitter } = event;
    say("Đang gửi");
    sure = await isThere(form.action);
    asking = false;
    if (sure) {
      form.requestSubmit(submitter);
      sure = false;
    } else {
      tell(submitter ?? form, "Chưa kết nối được với máy chủ nên chưa gửi. Những gì bạn viết vẫn còn trên trang này. Bạn bấm gửi lần nữa sau ít phút.");
    }
  });
}

async function isThere(address) {
  try {
    const { status } = await fetch(address, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) });
    return status < 500;
  } catch {
    return false;
  }
}
