// Keys in a list: j and k go from row to row, x ticks the row. They work only while the focus is in
// the list, so no key does anything elsewhere (WCAG 2.1.4).
export const walkRows = (table) => {
  const rows = () => [...table.querySelectorAll("tbody tr")];
  table.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = rows();
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const step = { j: 1, k: -1 }[event.key];
    if (step) {
      const next = all[here + step];
      (next?.querySelector("th a[href]") ?? next?.querySelector("a[href], input"))?.focus();
    } else if (event.key === "x" && here >= 0) {
      all[here].querySelector("input[type=checkbox]")?.click();
    } else return;
    event.preventDefault();
  });
};
