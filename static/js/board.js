// A notice board that nobody looks after: one slide at a time, fresh data every few minutes, the
// last slides kept while there is no network, one reload after a deployment. Days and weeks long,
// so there is one timer for each purpose and the old slides are dropped before the new ones stand.
const MINUTE = 60_000;
const RESUME_MS = 10 * MINUTE; // a board that somebody paused and left
const FIRST_RETRY_MS = 15_000;
const PATIENCE_MS = 20_000;
const RELOAD_APART_MS = 30 * MINUTE;
const DAYS = ["Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"];

const find = (name) => document.querySelector(`[data-${name}]`);
const board = find("board");
const pauseButton = find("pause");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const refreshMs = Number(document.body.dataset.minutes) * MINUTE;
const assets = (page) => [...page.querySelectorAll("link[rel=stylesheet], script[src]")]
  .map((one) => one.getAttribute("href") ?? one.getAttribute("src")).join(" ");
const ownAssets = assets(document);

let current = 0, paused = false, shown = "", retryMs = FIRST_RETRY_MS, outdated = false;
let turnTimer, resumeTimer;

const slides = () => [...board.querySelectorAll("[data-slide]")];
const slideMs = () => Number(document.body.dataset.seconds) * 1000 * (calm.matches ? 2 : 1);

function show(index) {
  const all = slides();
  current = (index + all.length) % all.length;
  all.forEach((slide, i) => { slide.hidden = i !== current; });
  find("place").textContent = `${current + 1} trên ${all.length}`;
  scrollTo(0, 0);
  clearTimeout(turnTimer);
  if (!paused) turnTimer = setTimeout(turn, slideMs());
}

function turn() {
  if (outdated && mayReload()) return location.reload();
  show(current + 1);
}

// Never two reloads close together: a proxy that serves old and new pages by turns must not make
// the board blink.
function mayReload() {
  const ago = Date.now() - Number(sessionStorage.getItem("tai-lai") ?? 0);
  if (ago < RELOAD_APART_MS) return false;
  sessionStorage.setItem("tai-lai", String(Date.now()));
  return true;
}

function setPaused(value) {
  paused = value;
  pauseButton.textContent = paused ? "Tiếp tục" : "Tạm dừng";
  board.setAttribute("aria-live", paused ? "polite" : "off");
  clearTimeout(turnTimer);
  clearTimeout(resumeTimer);
  if (paused) resumeTimer = setTimeout(() => setPaused(false), RESUME_MS);
  else turnTimer = setTimeout(turn, slideMs());
}

// Whoever leafs through wants to read: the slide stays until told otherwise or left alone.
function leaf(step) {
  setPaused(true);
  show(current + step);
}

async function refresh() {
  let wait = refreshMs;
  try {
    const answer = await fetch(location.pathname, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    retryMs = FIRST_RETRY_MS;
    tellFresh();
  } catch {
    wait = retryMs; // the last slides stay; ask again, ever more rarely
    retryMs = Math.min(retryMs * 2, refreshMs);
  }
  setTimeout(refresh, wait);
}

function take(page) {
  const fresh = page.querySelector("[data-board]");
  if (!fresh?.querySelector("[data-slide]")) throw new Error("not a board"); // a login page of the network
  outdated = assets(page) !== ownAssets; // new styles and scripts come with the new page
  const banner = page.querySelector("[data-board-banner]");
  if (banner && banner.innerHTML !== find("board-banner").innerHTML) find("board-banner").innerHTML = banner.innerHTML;
  if (fresh.innerHTML === shown) return;
  shown = fresh.innerHTML;
  board.replaceChildren(...[...fresh.children].map((child) => document.importNode(child, true)));
  show(Math.min(current, slides().length - 1));
}

const zone = { timeZone: "Asia/Ho_Chi_Minh" };
const clock = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("en-GB", { ...zone, day: "2-digit", month: "2-digit", year: "numeric" });
const weekday = new Intl.DateTimeFormat("en-GB", { ...zone, weekday: "short" });
const WEEK = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function tick() {
  const now = new Date();
  find("clock").textContent = clock.format(now);
  find("day").textContent = `${DAYS[WEEK.indexOf(weekday.format(now))]}, ${day.format(now)}`;
  setTimeout(tick, MINUTE - (now.getTime() % MINUTE));
}

function tellFresh() {
  const now = new Date();
  find("fresh").textContent = `${clock.format(now)} ngày ${day.format(now)}`;
}

find("previous").addEventListener("click", () => leaf(-1));
find("next").addEventListener("click", () => leaf(1));
pauseButton.addEventListener("click", () => setPaused(!paused));
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowLeft" || event.key === "PageUp") leaf(-1);
  else if (event.key === "ArrowRight" || event.key === "PageDown") leaf(1);
  else if (event.key === " " && event.target.tagName !== "BUTTON") setPaused(!paused);
  else return;
  event.preventDefault();
});
calm.addEventListener("change", () => show(current));
addEventListener("contextmenu", (event) => event.preventDefault());

document.documentElement.classList.add("is-turning");
find("controls").hidden = false;
setPaused(false);
tick();
tellFresh();
show(0);
setTimeout(refresh, refreshMs);
