// Tables of Word, Excel and Google Docs.
import { all, isBlank, rename, unwrap } from "../dom.js";
import { styleOf } from "./styles.js";

/** Drop layout rows and frames, and make a wholly bold first row the header row. */
export function cleanTables(body) {
  for (const row of all(body, "tr[height='0']")) row.remove();
  for (const table of all(body, "table").reverse()) {
    const cells = all(table, "td,th");
    if (cells.length === 0) table.remove();
    else if (cells.length === 1) table.replaceWith(...cells[0].childNodes);
    else promoteFirstRow(table);
  }
  for (const node of all(body, ":is(th,thead td) :is(strong,b)")) unwrap(node);
}

function promoteFirstRow(table) {
  if (table.rows.length < 2 || table.querySelector("th")) return;
  const cells = [...table.rows[0].cells].filter((cell) => !isBlank(cell));
  if (cells.length < 2 || !cells.every(isBold)) return;
  for (const cell of [...table.rows[0].cells]) rename(cell, "th");
}

function isBold(cell) {
  if (/^(bold|[6-9]00)/.test(styleOf(cell)["font-weight"] ?? "")) return true; // Google Sheets
  const walker = cell.ownerDocument.createTreeWalker(cell, 4);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (data.trim() && !parentElement.closest("strong,b")) return false;
  }
  return true;
}
