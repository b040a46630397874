// Footnotes of Word, LibreOffice, Google Docs: a mark that leads to a note that leads back. The note
// goes to where it is called, as articles keep it.
import { all, unwrap } from "../dom.js";

const HOLDER = "li,[data-style*='mso-element:footnote'],[data-style*='mso-element:endnote'],div[id^='ftn'],div[id^='edn'],div[id^='sdfootnote'],div[id^='sdendnote']";
const LIST = "[data-style*='mso-element:footnote-list'],[data-style*='mso-element:endnote-list']";

export function placeNotes(body) {
  for (const node of all(body, "small")) unwrap(node);
  const anchors = all(body, "a[href^='#']");
  const named = new Map(anchors.flatMap((node) => [node.id, node.getAttribute("name")].filter(Boolean).map((name) => [name, node])));
  const target = (node) => named.get(decodeURIComponent(node.getAttribute("href").slice(1)));
  for (const call of anchors) {
    const note = target(call);
    const follows = note && note !== call && call.compareDocumentPosition(note) & 4;
    if (follows && target(note) === call) place(call, note);
  }
  // The line that stood between the text and its notes.
  const last = body.querySelector("small.note") && all(body, "hr").at(-1);
  if (last && !(last.compareDocumentPosition(lastWords(body)) & 4)) last.remove();
  for (const node of all(body, LIST)) {
    for (const line of all(node, "hr")) line.remove();
    unwrap(node);
  }
}

function lastWords(body) {
  const walker = body.ownerDocument.createTreeWalker(body, 4);
  let last = body.firstChild;
  while (walker.nextNode()) if (walker.currentNode.data.trim()) last = walker.currentNode;
  return last;
}

function place(call, note) {
  const holder = note.closest(HOLDER) ?? note.closest("p");
  if (!holder || holder.contains(call)) return;
  note.remove();
  const words = holder.ownerDocument.createElement("small");
  words.className = "note";
  words.append(...holder.childNodes);
  for (const block of all(words, "p,div,li")) {
    if (block.previousElementSibling) block.before(" ");
    unwrap(block);
  }
  holder.remove();
  outermost(call).replaceWith(words);
  trim(words);
}

// The superscript or span that holds nothing but the mark.
function outermost(call) {
  let node = call;
  while (node.parentElement.matches("sup,span,u") && node.parentElement.textContent === node.textContent) node = node.parentElement;
  return node;
}

function trim(words) {
  const { firstChild, lastChild } = words;
  if (firstChild?.nodeType === 3) firstChild.data = firstChild.data.trimStart();
  if (lastChild?.nodeType === 3) lastChild.data = lastChild.data.trimEnd();
  words.normalize();
}
