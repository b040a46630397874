// What several modules share.
let line;

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
