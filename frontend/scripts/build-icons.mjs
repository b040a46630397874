// Joins the icons that the pages use into static/img/icons.svg, one <symbol>
// each. Names are ours, so a page never depends on the names of the icon set.
import { readFile, writeFile } from "node:fs/promises";

const set = new URL("../node_modules/lucide-static/", import.meta.url);
const out = new URL("../../static/img/", import.meta.url);

// our name → name in the set
const FROM_SET = {
  search: "search", phone: "phone", mail: "mail", "map-pin": "map-pin", clock: "clock",
  calendar: "calendar", "file-text": "file-text", download: "download", upload: "upload",
  print: "printer", qr: "qr-code", external: "external-link", link: "link", copy: "copy",
  check: "check", "check-circle": "circle-check", alert: "triangle-alert", info: "info", x: "x",
  menu: "menu", "chevron-right": "chevron-right", "chevron-down": "chevron-down",
  "chevron-left": "chevron-left", "arrow-right": "arrow-right", home: "house", user: "user",
  users: "users", building: "building-2", message: "message-square", send: "send", edit: "pencil",
  trash: "trash-2", eye: "eye", history: "history", plan: "clipboard-list", list: "list",
  "list-ordered": "list-ordered", table: "table", image: "image", audio: "volume-2",
  video: "video", bold: "bold", italic: "italic", underline: "underline", heading: "heading",
  quote: "text-quote", undo: "undo-2", redo: "redo-2", logout: "log-out", settings: "settings",
  filter: "sliders-horizontal", sort: "arrow-up-down", star: "star", flag: "flag",
  shield: "shield", bell: "bell", lock: "lock", plus: "plus", minus: "minus",
  attachment: "paperclip", "align-start": "text-align-start", "align-center": "text-align-center",
  "align-end": "text-align-end", clear: "remove-formatting", superscript: "superscript", subscript: "subscript",
  help: "circle-help",
};

// Sheets with a letter, drawn here: which program opens the file is what matters.
const SHEET = `<path d="M14.5 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7.5z"/><path d="M14 2v4a2 2 0 0 0 2 2h4"/>`;
const OWN = {
  "file-pdf": `${SHEET}<path d="M9.5 18.5v-7h3a2.25 2.25 0 0 1 0 4.5h-3"/>`,
  "file-doc": `${SHEET}<path d="m7.5 12 2 6.5 2.5-5.5 2.5 5.5 2-6.5"/>`,
  "file-xls": `${SHEET}<path d="m9 12 6 6.5M15 12l-6 6.5"/>`,
};

const STROKE = `fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"`;

async function drawing(name) {
  const source = await readFile(new URL(`icons/${name}.svg`, set), "utf8");
  return source
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
    .replace("</svg>", "")
    .replace(/\s*\n\s*/g, "")
    .replaceAll(" />", "/>");
}

const drawings = { ...OWN };
for (const [name, from] of Object.entries(FROM_SET)) drawings[name] = await drawing(from);
const symbols = Object.keys(drawings)
  .sort()
  .map((name) => `<symbol id="${name}" viewBox="0 0 24 24" ${STROKE}>${drawings[name]}</symbol>`);

await writeFile(
  new URL("icons.svg", out),
  `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Most drawings: Lucide, ISC licence, see icons.LICENSE.txt -->\n${symbols.join("\n")}\n</svg>\n`,
);
await writeFile(new URL("icons.LICENSE.txt", out), await readFile(new URL("LICENSE", set), "utf8"));
console.log("icons.svg", symbols.length, "symbols");
