// Small DOM helpers. All of them work on detached documents too.

/** Make an element: `el("button", { type: "button", class: "x" }, "text", child)`. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite at `sprite` (static/img/icons.svg). */
export function icon(sprite, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

let serial = 0;
export const uniqueId = (stem) => `${stem}-${++serial}`;

/** Put the children of `node` in its place. */
export function unwrap(node) {
  node.replaceWith(...node.childNodes);
}

/** Replace `node` by an element of another name that keeps children and attributes. */
export function rename(node, name) {
  if (node.localName === name) return node;
  const fresh = node.ownerDocument.createElement(name);
  for (const { name: key, value } of node.attributes) fresh.setAttribute(key, value);
  fresh.append(...node.childNodes);
  node.replaceWith(fresh);
  return fresh;
}

/** Move the children of `node` into a new element that becomes its only child. */
export function wrapChildren(node, name) {
  const inner = node.ownerDocument.createElement(name);
  inner.append(...node.childNodes);
  node.append(inner);
  return inner;
}

/** All descendants that match, as a plain array (so that they may be moved about). */
export const all = (root, selector) => [...root.querySelectorAll(selector)];

const BLOCKS =
  "p,h1,h2,h3,h4,h5,h6,ul,ol,li,table,blockquote,figure,div,hr,pre,section,article,header,footer,main,aside,nav,dl,dt,dd,address,iframe,form,fieldset,details,center";
export const isBlock = (node) => node.nodeType === 1 && node.matches(BLOCKS);
export const holdsBlock = (node) => node.querySelector(BLOCKS) !== null;

/** Whether an element shows nothing: no letters, no picture, no embed. */
export function isBlank(node) {
  return !node.textContent.replace(/[\s\u00a0\u200b\ufeff]/g, "") && !node.querySelector("img,iframe,hr,table");
}
