// Small helps: every page works without them. A module is fetched only where something on the
// page asks for it, and gets the element that asks.
const HELPS = {
  "input[data-suggest]": "suggest",
  "[data-copy]": "copy",
  "[data-count]": "count",
  "input[data-max-files]": "files",
  "[data-keep], [data-keep-clear]": "keep",
  "[data-read-aloud]": "read-aloud",
  "[data-text-size]": "text-size",
};

for (const [selector, name] of Object.entries(HELPS)) {
  const found = document.querySelectorAll(selector);
  if (found.length) import(`./${name}.js`).then((help) => found.forEach((one) => help.default(one)));
}

document.querySelector("[data-focus]")?.focus();

document.querySelector(".fold--search")?.addEventListener("toggle", (event) => {
  if (event.target.open) document.getElementById("header-q").focus();
});

// A page may have stood open for days before it is printed.
addEventListener("beforeprint", () => {
  const day = new Date().toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" });
  for (const place of document.querySelectorAll("[data-print-date]")) place.textContent = day;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// The phone's own list of applications: how a link really gets into Zalo there.
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  const data = { title: button.dataset.shareTitle, url: button.dataset.share };
  button.addEventListener("click", () => navigator.share(data).catch(() => {}));
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (!navigator.onLine) {
    event.preventDefault();
    tellOffline(submitter ?? form);
  } else if (form.method === "post" && submitter) {
    // A second press of a send button must not send twice.
    setTimeout(() => { submitter.disabled = true; });
  }
});

// Who comes back finds the page as it was left: its buttons must work again.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("button[disabled]")) button.disabled = false;
});

// The browser's own page for a dead network would take what was typed off the screen.
function tellOffline(where) {
  document.querySelector(".offline")?.remove();
  const line = document.createElement("p");
  line.className = "offline field__error";
  line.setAttribute("role", "alert");
  where.before(line);
  line.textContent = "Máy của bạn đang mất mạng nên chưa gửi được. Những gì bạn viết vẫn còn trên trang này.";
  addEventListener("online", () => { line.textContent = "Đã có mạng trở lại. Bạn bấm gửi lần nữa."; }, { once: true });
}
