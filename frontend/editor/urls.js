// Which addresses may stand in an article. The server judges again; these
// rules are the same, so that an editor sees at once what will be kept.

const SCHEMES = new Set(["http", "https", "mailto", "tel"]);
const UNSEEN = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g;

/** The address as it may be stored, or null when it may not. */
export function safeHref(value) {
  const address = String(value ?? "").trim().replace(/[\t\r\n]/g, "");
  const bare = address.replace(UNSEEN, "");
  if (!bare || /^([/\\]{2}|[/]\\|\\)/.test(bare)) return null;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare);
  if (scheme) return SCHEMES.has(scheme[1].toLowerCase()) ? address.replace(/ /g, "%20") : null;
  const head = bare.split(/[/?#]/, 1)[0];
  if (head.includes(":") || head.includes("&")) return null;
  return address.replace(/ /g, "%20");
}

/** What a person typed as an address: a missing https://, mailto: or tel: is added. */
export function typedHref(value) {
  const text = String(value ?? "").trim();
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(text)) return `mailto:${text}`;
  if (/^\+?\d[\d .()-]{5,18}$/.test(text) && !/^\d+(\.\d+){3}$/.test(text)) {
    return `tel:${text.replace(/[^\d+]/g, "")}`;
  }
  if (/^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(text)) return safeHref(`https://${text}`);
  if (/^[a-z][a-z0-9+.-]*:/i.test(text) || /^[/#?]/.test(text)) return safeHref(text);
  return null;
}

const OWN_FILE = /^\/(tu-lieu|static)\/[\w./-]+$/;

/** The path of a picture of this site, or null for any other address. */
export function ownImage(value, origin = globalThis.location?.origin) {
  let address = String(value ?? "").trim();
  if (origin && address.startsWith(`${origin}/`)) address = address.slice(origin.length);
  return OWN_FILE.test(address) && !address.includes("..") ? address : null;
}

const YOUTUBE =
  /^(?:https?:)?\/\/(?:(?:www|m)\.)?(?:youtube(?:-nocookie)?\.com\/(?:watch\?(?:[^#]*&)?v=|embed\/|shorts\/|live\/)|youtu\.be\/)([\w-]{6,20})(?:[?&#/].*)?$/i;

/** The id of the YouTube video that an address shows, or null. */
export function youtubeId(value) {
  const address = String(value ?? "").trim();
  const found = YOUTUBE.exec(/^(www\.|m\.)?youtu/i.test(address) ? `https://${address}` : address);
  return found ? found[1] : null;
}

export const youtubeEmbed = (id) => `https://www.youtube-nocookie.com/embed/${id}`;
