// Pasted HTML (Word, Google Docs, LibreOffice, web pages) → the plain structure
// of an article. Works on a detached document; nothing is loaded or run.
import { all, isBlank, isBlock, rename, unwrap } from "../dom.js";
import { cleanHeadings, cleanLinks, dropImages, stripAttributes } from "./elements.js";
import { rebuildLists } from "./lists.js";
import { removeJunk, withoutStyles } from "./junk.js";
import { placeNotes } from "./notes.js";
import { marksFromStyles } from "./styles.js";
import { cleanTables } from "./tables.js";

/**
 * Clean pasted HTML.
 *
 * Returns `{ html, lostImages }`: NFC, without styles, classes, comments and
 * office markup; `lostImages` counts pictures that cannot come along because
 * they lie on the person's own machine or on another site.
 */
export function cleanPasted(source) {
  const text = withoutStyles(source.normalize("NFC"));
  if (/\sdata-pm-slice=/.test(text)) return { html: text, lostImages: 0 }; // copied from this editor

  const body = new DOMParser().parseFromString(text, "text/html").body;
  removeJunk(body);
  placeNotes(body);
  rebuildLists(body);
  marksFromStyles(body);
  for (const node of all(body, "span,font,ins,label")) unwrap(node);
  for (const node of all(body, "center")) rename(node, "div");
  cleanHeadings(body);
  cleanTables(body);
  cleanLinks(body);
  const lostImages = dropImages(body);
  stripAttributes(body);
  dropEmpty(body);
  plainSpaces(body);
  return { html: body.innerHTML, lostImages };
}

function dropEmpty(body) {
  for (const node of all(body, "strong,em,u,b,i,sub,sup,code,a").reverse()) {
    if (!node.textContent && !node.querySelector("img,br")) node.remove();
  }
  for (const node of all(body, "p,h1,h2,h3,h4,h5,h6,li,ul,ol,blockquote,div,figure,figcaption").reverse()) {
    if (isBlank(node) && !(node.matches("p") && onlyChildOfCell(node))) node.remove();
  }
  for (const node of all(body, "br").reverse()) if (endsBlock(node)) node.remove();
}

const onlyChildOfCell = (node) => node.parentNode.matches("td,th") && node.parentNode.children.length === 1;

// A break that ends a block or stands between blocks shows nothing.
function endsBlock(br) {
  const next = neighbour(br, "nextSibling");
  const before = neighbour(br, "previousSibling");
  if (!next) return !br.parentNode.matches("strong,em,u,b,i,sub,sup,code,a");
  return isBlock(next) || (before !== null && isBlock(before));
}

function neighbour(node, side) {
  let other = node[side];
  while (other && other.nodeType === 3 && !other.data.trim()) other = other[side];
  return other;
}

// Word sets no-break spaces where people typed two; the article wants one.
function plainSpaces(body) {
  const walker = body.ownerDocument.createTreeWalker(body, 4);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    node.data = node.data.replace(/[\u200b\ufeff\u00ad]/g, "").replace(/[\u00a0 \t]+/g, " ");
  }
}
