// Small helps; every page works without this file.
import { suggest } from "./suggest.js";

for (const input of document.querySelectorAll("input[data-suggest]")) suggest(input);

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// A second press of a send button must not send twice.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  const button = event.submitter;
  if (button) setTimeout(() => { button.disabled = true; }, 0);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const b of document.querySelectorAll("button[disabled]")) b.disabled = false;
});

// A page may have stood open for days before it is printed.
addEventListener("beforeprint", () => {
  const day = new Date().toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" });
  for (const place of document.querySelectorAll("[data-print-date]")) place.textContent = day;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The phone's own list of applications: how a link really gets into Zalo there.
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  const data = { title: button.dataset.shareTitle, url: button.dataset.share };
  button.addEventListener("click", () => navigator.share(data).catch(() => {}));
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Đã sao chép";
    setTimeout(() => { button.textContent = label; }, 2500);
  });
}
