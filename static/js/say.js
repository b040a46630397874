// One quiet line for screen readers, shared by all modules: what is said replaces what was said.
let line;

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
