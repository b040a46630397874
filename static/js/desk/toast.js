// Toasts: announced, closed by the person alone, never the only place of what they say.
const ANNOUNCE_AFTER_MS = 400; // a live region must stand on the page before it changes
const live = document.createElement("div");
live.className = "visually-hidden";
live.setAttribute("role", "status");
document.body.append(live);

/** Give the messages that came with the page a way to close them, and have them read out. */
export function dressFlashes() {
  const flashes = [...document.querySelectorAll(".flashes > .flash")];
  for (const flash of flashes) flash.append(closer(flash));
  announce(flashes.map((flash) => flash.querySelector(".flash__text").textContent).join(" "));
}

/** Say something that happened without a new page. kind: good, wait, bad. */
export function toast(text, kind = "good") {
  const stack = document.querySelector(".toasts") ?? newStack();
  const flash = document.createElement("div");
  flash.className = `flash flash--${kind}`;
  const words = document.createElement("p");
  words.className = "flash__text";
  words.textContent = text;
  flash.append(words, closer(flash));
  stack.append(flash);
  announce(text);
}

function announce(text) {
  if (text) setTimeout(() => { live.textContent = text; }, ANNOUNCE_AFTER_MS);
}

function newStack() {
  const stack = document.createElement("div");
  stack.className = "toasts";
  stack.setAttribute("role", "region");
  stack.setAttribute("aria-label", "Thông báo");
  document.body.append(stack);
  return stack;
}

function closer(flash) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "flash__close";
  button.textContent = "Đóng";
  button.addEventListener("click", () => {
    flash.remove();
    if (document.activeElement === document.body) document.getElementById("noi-dung").focus();
  });
  return button;
}
