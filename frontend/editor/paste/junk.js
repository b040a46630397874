// What must go before anything else is looked at.
import { all, unwrap } from "../dom.js";
import { styleOf } from "./styles.js";

const DROPPED =
  "script,style,meta,link,title,head,xml,svg,math,object,embed,applet,noscript,template,input,select,textarea,button,video,audio,canvas,col,colgroup,del,dialog,map";
const OFFICE = /^(v|m):/;

/**
 * The HTML text with its style sheets gone and `style=` and handlers renamed.
 *
 * The page's policy forbids them inline, and browsers report them even in
 * documents that are never shown. The rules below read `data-style` instead.
 */
export function withoutStyles(html) {
  return html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<(\/?)style\b/gi, "<$1x-style")
    .replace(/<(base|meta|link)\b[^>]*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s"'/])(style|on[a-z]+)\s*=/gi, "$1data-$2="));
}

/** Remove comments, hidden text, editor's remarks and everything that is not text. */
export function removeJunk(body) {
  const page = body.ownerDocument;
  const walker = page.createTreeWalker(body, 128 | 8 | 64);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const node of comments) node.remove();

  for (const node of all(body, DROPPED)) node.remove();
  for (const node of all(body, "[data-style],[class]")) if (isRemark(node) || isHidden(node)) node.remove();
  for (const node of all(body, "*").filter((item) => item.localName.includes(":"))) {
    if (OFFICE.test(node.localName)) keepImages(node);
    else unwrap(node);
  }
}

const isRemark = (node) =>
  /\b(msocomanchor|msocomtxt|MsoCommentReference|MsoCommentText)\b/.test(node.className) ||
  /mso-element:\s*comment/i.test(node.getAttribute("data-style") ?? "");

function isHidden(node) {
  const style = styleOf(node);
  return style.display === "none" || style["mso-hide"] === "all";
}

// A Word drawing may be the only sign of a picture; it is counted, not kept.
function keepImages(node) {
  const images = all(node, "img");
  node.replaceWith(...images);
}
