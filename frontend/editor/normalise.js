// Repairs markup that is valid HTML but would not fit the schema, so that the
// parser never has to split a table or lose its place.
import { all, holdsBlock, isBlank, isBlock, rename, unwrap, wrapChildren } from "./dom.js";

const HEADINGS = "h1,h2,h3,h4,h5,h6";

/** Bring the children of `root` to shapes that the schema knows. Text is never dropped. */
export function normalise(root) {
  flattenNestedTables(root);
  for (const node of all(root, `:is(td,th,li,blockquote,figcaption) :is(${HEADINGS})`)) headingToText(node);
  for (const node of all(root, "h1")) rename(node, "h2");
  for (const node of all(root, "h5,h6")) rename(node, "h4");
  for (const node of all(root, "pre")) linesToParagraph(node);
  for (const node of all(root, ":is(td,th) :is(blockquote,hr)")) node.matches("hr") ? node.remove() : unwrap(node);
  for (const node of all(root, "dt")) wrapChildren(rename(node, "p"), "strong");
  for (const node of all(root, "dd")) if (!holdsBlock(node)) rename(node, "p");
  for (const cell of all(root, "td[class],th[class]")) alignInside(cell);
  for (const caption of all(root, "figcaption p")) blockToLine(caption);
}

function headingToText(node) {
  const paragraph = rename(node, "p");
  if (!isBlank(paragraph)) wrapChildren(paragraph, "strong");
}

function linesToParagraph(node) {
  const paragraph = node.ownerDocument.createElement("p");
  node.textContent
    .replace(/\n$/, "")
    .split("\n")
    .forEach((line, index) => {
      if (index) paragraph.append(node.ownerDocument.createElement("br"));
      paragraph.append(line);
    });
  node.replaceWith(paragraph);
}

// A table in a cell becomes one paragraph a row.
function flattenNestedTables(root) {
  let inner;
  while ((inner = root.querySelector(":is(td,th) table"))) {
    const rows = [...inner.rows].map((row) => {
      const paragraph = inner.ownerDocument.createElement("p");
      paragraph.textContent = [...row.cells]
        .map((cell) => cell.textContent.replace(/\s+/g, " ").trim())
        .filter(Boolean)
        .join(" · ");
      return paragraph;
    });
    inner.replaceWith(...rows);
  }
}

// The schema aligns paragraphs; stored cells carry the class themselves.
function alignInside(cell) {
  const name = ["align-center", "align-right"].find((item) => cell.classList.contains(item));
  if (!name) return;
  const blocks = [...cell.children].filter(isBlock);
  const paragraphs = blocks.length ? blocks.filter((node) => node.matches("p")) : [wrapChildren(cell, "p")];
  for (const paragraph of paragraphs) paragraph.classList.add(name);
}

function blockToLine(paragraph) {
  if (paragraph.nextElementSibling) paragraph.append(paragraph.ownerDocument.createElement("br"));
  unwrap(paragraph);
}
