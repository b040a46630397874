// Words selected in the text become the passage of a remark. The list of passages stays for who
// has no pointer, and is all there is without scripts.
const LIMIT = 500;
const flat = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();
const BLOCK = "p, h2, h3, h4, li, td, th, figcaption, caption, pre, dt, dd, summary";

export function quoteSelection(text, form) {
  const list = form.querySelector("select[name=quote]");
  const own = list.appendChild(new Option("", "", false, false));
  own.hidden = true;
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    if (!chosen || chosen.isCollapsed || !text.contains(chosen.anchorNode) || !text.contains(chosen.focusNode)) return;
    const start = chosen.getRangeAt(0).startContainer;
    const block = (start.nodeType === Node.ELEMENT_NODE ? start : start.parentElement).closest(BLOCK);
    const words = flat(chosen.toString()).slice(0, LIMIT);
    if (!block || block.closest(".remarks") || !words || !flat(block.textContent).includes(words)) return;
    own.value = words;
    const shown = words.length > 80 ? `${words.slice(0, 80)}…` : words;
    own.textContent = `Đoạn bôi đen: “${shown}”`;
    own.hidden = false;
    list.value = words;
  });
}
