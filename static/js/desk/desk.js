// The desk's small helps; every page works without them.
import { watchForm } from "./autosave_state.js";
import { countTicks } from "./bulk.js";
import { askFirst } from "./dialog.js";
import { openBeside } from "./guide.js";
import { sayHours, sayWithdrawal } from "./hours.js";
import { watchImport } from "./import_progress.js";
import { quoteSelection } from "./remarks.js";
import { walkRows } from "./rows.js";
import { sendAtOnce, sendFromLink } from "./send_file.js";
import { dressFlashes } from "./toast.js";
import { watchUpload } from "./upload.js";
import { keepAtSignOut } from "./words/sign_out.js";

// The menu is always open beside the page; only the phone folds it.
const wide = window.matchMedia("(min-width: 64rem)");
const unfold = () => {
  if (wide.matches) for (const one of document.querySelectorAll("details[data-open-wide]")) one.open = true;
};
wide.addEventListener("change", unfold);
unfold();

askFirst(document.getElementById("hoi-lai"));
dressFlashes();
const bar = document.querySelector("form[data-bulk]");
if (bar) countTicks(bar);
for (const table of document.querySelectorAll("table[data-rows]")) walkRows(table);
const written = document.querySelector("form[data-words]");
const kept = document.querySelector("form .autosave[data-autosave='']");
if (written) import("./words/words.js").then(({ default: keepWords }) => keepWords(written));
else if (kept) watchForm(kept);
const out = document.querySelector("form[data-sign-out]");
if (out && window.indexedDB) keepAtSignOut(out, out.dataset.signOut);
const working = document.querySelector("[data-import-progress]");
if (working) watchImport(working);
const guide = document.querySelector("a[data-guide]");
if (guide) openBeside(guide);
const word = document.querySelector("a[data-send-word]");
if (word) sendFromLink(word);
for (const form of document.querySelectorAll("form[data-send-file]")) sendAtOnce(form);
const sending = document.querySelector("form[data-upload]");
if (sending) watchUpload(sending);
for (const form of document.querySelectorAll("form[data-hours]")) sayHours(form);
const leaving = document.querySelector("form[data-withdraw]");
if (leaving) sayWithdrawal(leaving);
const text = document.querySelector("[data-remark-text]"), remark = document.querySelector("form[data-remark-form]");
if (text && remark) quoteSelection(text, remark);
