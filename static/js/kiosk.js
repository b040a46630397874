// A touch screen that many people use one after the other: it keeps no history, and goes back to
// the start when nobody touches it. Works on pages of templates/kiosk.html only.
const IDLE_MS = 120_000;
const WARN_MS = 20_000; // as long as WCAG 2.2.1 asks for
const FRESH_MS = 600_000;
const RETRY_MS = 15_000;
const TRAIL = "loi-di";

const start = document.body.dataset.start;
const here = location.pathname + location.search;
const atStart = here === start;
const dialog = document.querySelector("[data-idle]");
const seconds = dialog.querySelector("[data-seconds]");
const spoken = dialog.querySelector("[data-spoken]");
let last = performance.now();
let touched = false;
let leaving = false;

// The way back, since the browser's own history is kept empty: [address, how far scrolled].
let trail = [];
if (atStart) sessionStorage.removeItem(TRAIL);
else {
  try { trail = JSON.parse(sessionStorage.getItem(TRAIL)) ?? []; } catch { trail = []; }
}
const back = document.querySelector("[data-back]");
const before = trail.at(-1);
if (back && before) back.href = before[0];

function go(address, { returning = false } = {}) {
  const path = address.pathname + address.search;
  if (returning) {
    sessionStorage.setItem("cuon", String(before?.[1] ?? 0));
    trail.pop();
  } else if (path !== here) trail.push([here, Math.round(scrollY)]);
  if (path === start) sessionStorage.clear();
  else sessionStorage.setItem(TRAIL, JSON.stringify(trail.slice(-30)));
  location.replace(address);
}

const scrolled = Number(sessionStorage.getItem("cuon"));
sessionStorage.removeItem("cuon");
if (scrolled) scrollTo(0, scrolled);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link) return;
  const address = new URL(link.href);
  const withinPage = address.hash && address.pathname + address.search === here;
  if (withinPage) return;
  event.preventDefault();
  if (address.origin === location.origin) go(address, { returning: link === back && Boolean(before) });
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const address = new URL(event.target.action);
  address.search = new URLSearchParams(new FormData(event.target)).toString();
  go(address);
});

// Nothing of the one before: not from the browser's memory of pages, not by a long press.
addEventListener("pageshow", (event) => { if (event.persisted) leave(); });
for (const name of ["contextmenu", "dragstart"]) {
  addEventListener(name, (event) => event.preventDefault());
}

async function leave() {
  if (leaving) return;
  leaving = true;
  dialog.close();
  for (const form of document.forms) form.reset();
  for (const input of document.querySelectorAll("input[type=search]")) input.value = "";
  sessionStorage.clear();
  document.body.classList.add("is-leaving");
  document.querySelector("[data-waiting]").hidden = false;
  // A browser's error page could not find back by itself: wait here until the portal answers.
  try {
    const answer = await fetch(start, { cache: "no-cache" });
    if (!answer.ok) throw new Error(String(answer.status));
    location.replace(start);
  } catch {
    setTimeout(() => { leaving = false; leave(); }, RETRY_MS);
  }
}

function stay() {
  last = performance.now();
  touched = true;
  if (dialog.open) dialog.close();
}

for (const name of ["pointerdown", "keydown", "wheel", "input", "scroll"]) {
  addEventListener(name, () => { if (!dialog.open) stay(); }, { passive: true, capture: true });
}
dialog.addEventListener("cancel", stay);
dialog.addEventListener("click", (event) => { if (event.target === dialog) stay(); });
dialog.addEventListener("close", () => { last = performance.now(); });
dialog.querySelector("[data-stay]").addEventListener("click", stay);
dialog.querySelector("[data-leave]").addEventListener("click", leave);

function look() {
  if (leaving) return;
  const idle = performance.now() - last;
  if (atStart && !touched) {
    if (idle >= FRESH_MS) leave(); // today's procedures, and the scripts of today
    return;
  }
  if (idle >= IDLE_MS) leave();
  else if (idle >= IDLE_MS - WARN_MS) warn(Math.ceil((IDLE_MS - idle) / 1000));
}

function warn(left) {
  if (!dialog.open) dialog.showModal();
  seconds.textContent = String(left);
  if (left === 10 || left === 5) spoken.textContent = `Còn ${left} giây.`;
}

setInterval(look, 1000);
