// Headings, links, pictures and attributes of pasted text.
import { all, isBlank, rename, unwrap } from "../dom.js";
import { ownImage, safeHref, youtubeId } from "../urls.js";

/** A page has one h1, its title: pasted h1 and what stands below it move down one level. */
export function cleanHeadings(body) {
  for (const node of all(body, "p[class^='MsoToc']")) node.remove(); // the page makes its own contents
  for (const node of all(body, "p[role='heading'],div[role='heading']")) {
    const level = Number(node.getAttribute("aria-level") ?? 2);
    if (level >= 1 && level <= 6) rename(node, `h${level}`);
  }
  for (const node of all(body, "p.MsoTitle")) rename(node, "h1");
  for (const node of all(body, "p.MsoSubtitle")) rename(node, "p");
  for (const node of all(body, "h1,h2,h3,h4,h5,h6")) {
    for (const bold of all(node, "strong,b")) unwrap(bold);
    if (isBlank(node)) node.remove();
  }
  const shift = body.querySelector("h1") ? 1 : 0;
  for (const node of all(body, "h1,h2,h3,h4,h5,h6")) {
    rename(node, `h${Math.min(Number(node.localName[1]) + shift, 4)}`);
  }
}

/** Keep links that lead somewhere; anchors, footnote marks and unsafe addresses become text. */
export function cleanLinks(body) {
  for (const node of all(body, "a")) {
    const href = safeHref(direct(node.getAttribute("href")));
    if (href && !href.startsWith("#")) node.setAttribute("href", href);
    else unwrap(node);
  }
}

// Addresses that office programs wrap in their own redirects.
function direct(address) {
  try {
    const url = new URL(address ?? "");
    if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") {
      return url.searchParams.get("q") ?? url.searchParams.get("url");
    }
    if (/\.safelinks\.protection\.outlook\.com$/.test(url.hostname)) return url.searchParams.get("url");
  } catch {
    return address;
  }
  return address;
}

const EMOJI = /^\p{Extended_Pictographic}[\p{Extended_Pictographic}\p{Emoji_Modifier}\u200d\ufe0f]{0,6}$/u;

/** Remove pictures that are not in the library; answer how many. Foreign frames go too. */
export function dropImages(body) {
  for (const node of all(body, "img[alt]")) if (EMOJI.test(node.alt)) node.replaceWith(node.alt);
  const lost = all(body, "img").filter((node) => !ownImage(node.getAttribute("src")));
  for (const node of lost) node.remove();
  for (const node of all(body, "iframe")) if (!youtubeId(node.getAttribute("src"))) node.remove();
  return lost.filter((node) => !isTracker(node)).length;
}

const isTracker = (node) => ["0", "1"].includes(node.getAttribute("width") ?? node.getAttribute("height"));

const KEPT = {
  a: ["href"],
  img: ["src", "alt", "width", "height"],
  iframe: ["src", "title"],
  ol: ["start"],
  small: ["class"],
  td: ["colspan", "rowspan"],
  th: ["colspan", "rowspan", "scope"],
};

export function stripAttributes(body) {
  for (const node of all(body, "*")) {
    const kept = KEPT[node.localName] ?? [];
    for (const { name } of [...node.attributes]) if (!kept.includes(name)) node.removeAttribute(name);
  }
}
