// The state of a line follows the clock while the page lies open: the server told what to say
// after the next changes; after the last of them nothing is said.
export default function follow(tag) {
  const changes = JSON.parse(tag.dataset.standing);
  const show = () => {
    const now = Date.now();
    const past = changes.filter(([at]) => Date.parse(at) <= now);
    if (past.length) {
      const [, words, open] = past[past.length - 1];
      tag.textContent = words;
      tag.hidden = !words;
      tag.className = `tag tag--${open ? "good" : "info"}`;
    }
    const next = changes[past.length];
    if (next) setTimeout(show, Math.min(Date.parse(next[0]) - now, 2e9));
  };
  document.addEventListener("visibilitychange", show);
  show();
}
