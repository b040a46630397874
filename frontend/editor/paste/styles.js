// Bold, italic and the like that pasted text says with styles instead of tags.
import { all, holdsBlock, unwrap } from "../dom.js";

/** The declarations of an element's (renamed) style attribute, names and values in lower case. */
export function styleOf(node) {
  const style = {};
  for (const part of (node.getAttribute("data-style") ?? "").split(";")) {
    const colon = part.indexOf(":");
    if (colon > 0) style[part.slice(0, colon).trim().toLowerCase()] = part.slice(colon + 1).trim().toLowerCase();
  }
  return style;
}

const isBold = (value = "") => /^(bold|bolder|[6-9]00)$/.test(value);
const isItalic = (value = "") => /^(italic|oblique)/.test(value);

function marksOf(style, inLink) {
  const line = style["text-decoration"] ?? style["text-decoration-line"] ?? "";
  return [
    isBold(style["font-weight"]) && "strong",
    isItalic(style["font-style"]) && "em",
    line.includes("underline") && !inLink && "u",
    ["sub", "super"].includes(style["vertical-align"]) && style["vertical-align"].replace("super", "sup"),
  ].filter(Boolean);
}

/** Turn inline styles into elements, and elements that a style cancels into plain text. */
export function marksFromStyles(body) {
  for (const node of all(body, "b,strong,i,em,u").reverse()) if (isCancelled(node)) unwrap(node);
  for (const node of all(body, "span[data-style],font[data-style]")) {
    const names = marksOf(styleOf(node), node.closest("a") !== null || node.querySelector("a") !== null);
    if (!names.length || holdsBlock(node)) continue;
    let inner = node;
    for (const name of names) {
      const mark = node.ownerDocument.createElement(name);
      mark.append(...inner.childNodes);
      inner.append(mark);
      inner = mark;
    }
  }
  for (const node of all(body, "a u")) unwrap(node);
}

// Google Docs wraps everything in <b style="font-weight:normal">.
function isCancelled(node) {
  const style = styleOf(node);
  if (node.matches("b,strong")) return holdsBlock(node) ? !keepsMark(node) : /^(normal|[1-5]00)$/.test(style["font-weight"] ?? "");
  if (node.matches("i,em")) return style["font-style"] === "normal";
  return style["text-decoration"] === "none";
}

// Bold around blocks is handed down to their text, where the schema keeps it.
function keepsMark(node) {
  const style = styleOf(node);
  return !/^(normal|[1-5]00)$/.test(style["font-weight"] ?? "");
}
