// HTML of the textarea ↔ document of the editor.
import { DOMParser as SchemaParser, DOMSerializer } from "prosemirror-model";
import { all, isBlank, rename, unwrap } from "./dom.js";
import { normalise } from "./normalise.js";
import { schema } from "./schema.js";

const parser = SchemaParser.fromSchema(schema);
const serializer = DOMSerializer.fromSchema(schema);
const ENDS_WITH_TEXT = new Set(["paragraph", "heading", "bullet_list", "ordered_list", "blockquote"]);

/** The document that stored HTML describes. It always ends in a place where one can type. */
export function toDoc(html) {
  const body = new DOMParser().parseFromString(String(html).normalize("NFC"), "text/html").body;
  normalise(body);
  const doc = parser.parse(body);
  if (ENDS_WITH_TEXT.has(doc.lastChild.type.name)) return doc;
  return doc.copy(doc.content.addToEnd(schema.node("paragraph")));
}

/** The HTML to store: one block a line, NFC, no empty paragraphs. Empty text is "". */
export function toHTML(doc) {
  return doc.children.map(blockHTML).filter(Boolean).join("\n");
}

// Blocks never change, they are replaced: a key press costs one block.
const written = new WeakMap();

function blockHTML(block) {
  if (!written.has(block)) {
    const { body } = document.implementation.createHTMLDocument("");
    body.append(serializer.serializeNode(block, { document: body.ownerDocument }));
    tidy(body);
    written.set(block, body.innerHTML.normalize("NFC"));
  }
  return written.get(block);
}

function tidy(body) {
  for (const node of all(body, "p,h2,h3,h4,figcaption,small")) trimEnds(node);
  for (const node of all(body, "figcaption:empty")) node.remove();
  for (const table of all(body, "table")) setHeaderCells(table);
  for (const item of all(body, "li")) unwrapFirstParagraph(item);
  for (const cell of all(body, "td,th")) unwrapOnlyParagraph(cell);
  for (const node of all(body, "p,h2,h3,h4")) if (!node.hasChildNodes()) node.remove();
  for (const node of all(body, "blockquote")) if (!node.hasChildNodes()) node.remove();
}

function trimEnds(node) {
  const { firstChild, lastChild } = node;
  if (firstChild?.nodeType === 3) firstChild.data = firstChild.data.trimStart();
  if (lastChild?.nodeType === 3) lastChild.data = lastChild.data.trimEnd();
  for (const child of [firstChild, lastChild]) if (child?.nodeType === 3 && !child.data) child.remove();
}

// Rows of header cells at the top are the table's head; the scope of every
// header cell follows from where it stands.
function setHeaderCells(table) {
  const rows = [...table.rows];
  const isHead = (row) => row.cells.length > 0 && [...row.cells].every((cell) => cell.localName === "th");
  let count = rows.findIndex((row) => !isHead(row));
  if (count === -1) count = rows.length > 1 ? 1 : 0;
  if (count) {
    const head = table.createTHead();
    head.append(...rows.slice(0, count));
  }
  for (const cell of all(table, "th")) {
    if (isBlank(cell)) rename(cell, "td"); // an empty heading says nothing to a screen reader
    else cell.setAttribute("scope", cell.closest("thead") ? "col" : "row");
  }
  for (const body of [...table.tBodies]) if (!body.rows.length) body.remove();
  table.caption?.removeAttribute("contenteditable");
}

function unwrapFirstParagraph(item) {
  const [first, ...rest] = item.children;
  if (first?.matches("p:not([class])") && rest.every((node) => node.matches("ul,ol"))) unwrap(first);
}

function unwrapOnlyParagraph(cell) {
  const paragraph = cell.firstElementChild;
  if (cell.children.length !== 1 || !paragraph.matches("p")) return;
  if (paragraph.className) cell.className = paragraph.className;
  unwrap(paragraph);
}
