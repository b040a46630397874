// Small helps: every page works without them. A module is fetched only where something on the
// page asks for it, and gets the element that asks.
let line;
const root = document.documentElement;
const PERCENT = [100, 115, 130, 150]; // as in css/components/text-size.css
const current = () => Number(root.dataset.size) || 0;

const HELPS = {
  "input[data-suggest]:not([data-late])": "suggest",
  "[data-count]": "count",
  "input[data-max-files]": "files",
  "[data-keep], [data-keep-clear]": "keep",
  "[data-checklist]": "checklist",
  "[data-helps]": "helps",
  "form[data-steady]": "steady",
  "[data-standing]": "standing",
};

for (const [selector, name] of Object.entries(HELPS)) {
  const found = document.querySelectorAll(selector);
  if (found.length) fetchHelp(name, found);
}

// The box in the head of every page asks for its help only when somebody turns to it.
for (const box of document.querySelectorAll("input[data-late]")) {
  for (const turn of ["pointerenter", "focus"]) box.addEventListener(turn, ask, { once: true });
  function ask() {
    for (const turn of ["pointerenter", "focus"]) box.removeEventListener(turn, ask);
    fetchHelp("suggest", [box]);
  }
}

function fetchHelp(name, found) {
  import(`./${name}.js`).then((help) => found.forEach((one) => help.default(one)));
}

// Only machines with a Vietnamese voice fetch what reads aloud; the others stop keeping its place.
const speech = window.speechSynthesis;
const bars = document.querySelectorAll("[data-read-aloud]");
if (speech && bars.length) {
  const listen = () => {
    if (!speech.getVoices().some(({ lang }) => /^vi(?![a-z])/i.test(lang))) return;
    speech.onvoiceschanged = null;
    clearTimeout(patience);
    kept("giong-doc", "1");
    fetchHelp("read-aloud", bars);
  };
  const patience = setTimeout(() => kept("giong-doc", "0"), 3000);
  speech.onvoiceschanged = listen;
  listen();
}

document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-close-banner]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const banner = button.closest("[data-banner]");
    kept("bang-da-dong", banner.dataset.banner);
    banner.hidden = true;
    document.getElementById("noi-dung")?.focus();
  });
}

document.querySelector(".fold--search")?.addEventListener("toggle", (event) => {
  if (event.target.open) document.getElementById("header-q").focus();
});

// A page may have stood open for days before it is printed.
addEventListener("beforeprint", () => {
  const day = new Date().toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" });
  for (const place of document.querySelectorAll("[data-print-date]")) place.textContent = day;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    // Some buttons print one part of the page: print.css hides the others.
    if (button.dataset.print) root.dataset.only = button.dataset.print;
    print();
    delete root.dataset.only;
  });
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
  const line = tell(where, "Máy của bạn đang mất mạng nên chưa gửi được. Những gì bạn viết vẫn còn trên trang này.");
  addEventListener("online", () => { line.textContent = "Đã có mạng trở lại. Bạn bấm gửi lần nữa."; }, { once: true });
}

document.querySelectorAll("[data-text-size]").forEach(textSize);
document.querySelectorAll("[data-copy]").forEach(copy);

// Smaller, usual and larger text. first.js sets the kept step before the page is painted.
function textSize(box) {
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

// A button that copies what its data-copy holds, and says whether it did.
function copy(button) {
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

// Say beside a button why it has not done its work.
export function tell(where, words) {
  document.querySelector(".offline")?.remove();
  const line = document.createElement("p");
  line.className = "offline field__error";
  line.setAttribute("role", "alert");
  where.before(line);
  line.textContent = words;
  return line;
}

// Say something to screen readers, in one quiet line: it replaces what was said before.
export function say(words) {
  if (!line) {
    line = document.createElement("p");
    line.className = "visually-hidden";
    line.setAttribute("role", "status");
    document.body.append(line);
  }
  // A region is read when it changes after it is known: not in the turn that made it.
  setTimeout(() => { line.textContent = words; }, 100);
}

// What this browser keeps under `name`; with a value, keep that. Empty where storage is forbidden.
export function kept(name, value) {
  try {
    if (value !== undefined) localStorage[name] = value;
    return localStorage[name] ?? "";
  } catch {
    return "";
  }
}
