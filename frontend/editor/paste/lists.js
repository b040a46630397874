// Lists of Word, which are paragraphs that look like lists, and lists whose
// numbers would be lost. In official texts "điểm a khoản 2" must stay true:
// whatever <ol> cannot say (a, b, c; I, II; 1.1) stays as text.
import { all, holdsBlock, unwrap, wrapChildren } from "../dom.js";
import { styleOf } from "./styles.js";

/** Turn fake lists into real ones and letters of real ones into text. */
export function rebuildLists(body) {
  for (const wrapper of all(body, ".ListContainerWrapper")) wordOnlineItem(wrapper);
  const items = all(body, "p,h1,h2,h3,h4,h5,h6").filter((node) => levelOf(node));
  for (const group of consecutive(items)) replaceGroup(group.map(readItem));
  for (const list of all(body, "ul > ul,ul > ol,ol > ul,ol > ol")) list.previousElementSibling?.append(list);
  for (const list of all(body, "ol").reverse()) if (letterStyle(list)) literalList(list);
}

const levelOf = (node) =>
  Number(/mso-list:\s*l\d+\s+level(\d)/i.exec(node.getAttribute("data-style") ?? "")?.[1] ?? node.dataset.fakeLevel ?? 0);

// Word Online puts every item into a list of its own.
function wordOnlineItem(wrapper) {
  const list = wrapper.querySelector("ul,ol");
  const paragraphs = all(wrapper, "li").map((item) => {
    const paragraph = item.ownerDocument.createElement("p");
    paragraph.dataset.fakeLevel = item.dataset.ariaLevel ?? item.getAttribute("aria-level") ?? "1";
    const number = Number(list.getAttribute("start") ?? 1) + all(list, "li").indexOf(item);
    paragraph.dataset.marker = list.localName === "ol" ? onlineMarker(list, item, number) : "•";
    for (const inner of all(item, "p")) unwrap(inner);
    paragraph.append(...item.childNodes);
    return paragraph;
  });
  wrapper.replaceWith(...paragraphs);
}

const onlineMarker = (list, item, number) =>
  `${ordinal(letterStyle(list) ?? letterStyle(item) ?? "decimal", Number(item.getAttribute("aria-posinset")) || number)}.`;

function consecutive(items) {
  const groups = [];
  let last = null;
  for (const item of items) {
    if (last && nextElement(last) === item) groups.at(-1).push(item);
    else groups.push([item]);
    last = item;
  }
  return groups;
}

// The next sibling that holds something: empty paragraphs do not end a list.
function nextElement(node) {
  let next = node.nextSibling;
  while (next && !next.textContent.replace(/[\s\u00a0]/g, "") && !next.querySelector?.("img,table")) {
    next = next.nextSibling;
  }
  return next;
}

function readItem(node) {
  const ignored = all(node, "[data-style]").filter((part) => /mso-list:\s*ignore/i.test(part.dataset.style));
  const shown = node.dataset.marker ?? ignored[0]?.textContent ?? "";
  const marker = shown.replace(/[\s\u00a0]+/g, " ").trim() || "•";
  for (const part of ignored) part.remove();
  const decimal = /^(\d+)[.)]?$/.exec(marker);
  const heading = /^h\d$/.test(node.localName);
  // One character alone (·, o, -, and v or § of symbol fonts) is a bullet.
  const literal = heading || (!decimal && marker.length > 1);
  return { node, level: levelOf(node), literal, marker, number: decimal ? Number(decimal[1]) : null, heading };
}

function replaceGroup(items) {
  const page = items[0].node.ownerDocument;
  const anchor = page.createComment("");
  items[0].node.before(anchor);
  const open = []; // the lists that are open now, outermost first
  const place = (node) => (open.length ? open.at(-1).list.lastElementChild.append(node) : anchor.before(node));

  for (const item of items) {
    while (open.length && open.at(-1).level > item.level) open.pop();
    const same = open.at(-1)?.level === item.level ? open.at(-1) : null;
    if (item.literal) {
      if (same) open.pop();
      if (item.heading) open.length = 0;
      if (item.marker !== "•") item.node.prepend(`${item.marker} `);
      place(item.node);
      continue;
    }
    const ordered = item.number !== null;
    if (!same || same.ordered !== ordered || (ordered && same.next !== item.number)) {
      if (same) open.pop();
      const list = page.createElement(ordered ? "ol" : "ul");
      if (ordered && item.number !== 1) list.setAttribute("start", item.number);
      place(list);
      open.push({ list, level: item.level, ordered, next: item.number });
    }
    const entry = page.createElement("li");
    open.at(-1).list.append(entry);
    open.at(-1).next = item.number + 1;
    item.node.removeAttribute("data-style");
    entry.append(item.node);
  }
  anchor.remove();
}

const STYLES = {
  "lower-alpha": "lower-alpha", "lower-latin": "lower-alpha", a: "lower-alpha",
  "upper-alpha": "upper-alpha", "upper-latin": "upper-alpha", A: "upper-alpha",
  "lower-roman": "lower-roman", i: "lower-roman",
  "upper-roman": "upper-roman", I: "upper-roman",
};

// How a real list is numbered, when that is not 1, 2, 3.
function letterStyle(node) {
  const item = node.matches("ol") ? node.querySelector(":scope > li") : null;
  const own = node.getAttribute("type") ?? styleOf(node)["list-style-type"];
  return STYLES[own] ?? STYLES[item ? styleOf(item)["list-style-type"] : ""] ?? null;
}

function literalList(list) {
  const style = letterStyle(list);
  const start = Number(list.getAttribute("start") ?? 1);
  const parent = list.parentElement;
  if (parent.matches("li")) wrapLeadingText(parent);
  const entries = [...list.children].filter((node) => node.matches("li"));
  entries.forEach((entry, index) => {
    wrapLeadingText(entry);
    entry.firstElementChild?.prepend(`${ordinal(style, start + index)}. `);
  });
  list.replaceWith(...entries.flatMap((entry) => [...entry.childNodes]));
}

// Loose text of an item becomes a paragraph, so that others can follow it.
function wrapLeadingText(item) {
  if (!holdsBlock(item)) {
    wrapChildren(item, "p");
    return;
  }
  const loose = [];
  for (const node of item.childNodes) {
    if (node.nodeType === 1 && (node.matches("p,ul,ol,table,div,blockquote") || holdsBlock(node))) break;
    loose.push(node);
  }
  if (!loose.some((node) => node.textContent.trim())) return;
  const paragraph = item.ownerDocument.createElement("p");
  item.prepend(paragraph);
  paragraph.append(...loose);
}

const ROMAN = [[10, "x"], [9, "ix"], [5, "v"], [4, "iv"], [1, "i"]];

function ordinal(style, number) {
  if (style === "decimal") return String(number);
  let text = "";
  if (style.endsWith("roman")) {
    let rest = number;
    for (const [value, letters] of ROMAN) for (; rest >= value; rest -= value) text += letters;
  } else {
    text = String.fromCharCode(97 + ((number - 1) % 26));
  }
  return style.startsWith("upper") ? text.toUpperCase() : text;
}
