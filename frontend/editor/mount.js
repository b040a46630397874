// Puts the editor in the place of a textarea, which stays in the form and keeps the value.
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history } from "prosemirror-history";
import { EditorState, NodeSelection, Plugin, TextSelection } from "prosemirror-state";
import { fixTables, tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { editImage } from "./dialogs/image.js";
import { openLink } from "./dialogs/link.js";
import { openNote } from "./dialogs/note.js";
import { openVideo } from "./dialogs/video.js";
import { el, uniqueId } from "./dom.js";
import { clipboardProps } from "./files.js";
import { toDoc, toHTML } from "./html.js";
import { keys, typing } from "./keys.js";
import { schema } from "./schema.js";
import { status } from "./status.js";
import { tools } from "./toolbar.js";
import { emptyHeaders, nodeViews, selectPicture } from "./views.js";

const SPRITE = new URL("../../img/icons.svg", import.meta.url).pathname;

function readOptions({ dataset }) {
  return {
    uploadUrl: dataset.uploadUrl ?? null,
    libraryUrl: dataset.libraryUrl ?? null,
    linksUrl: dataset.linksUrl ?? null,
    csrf: dataset.csrf ?? document.querySelector('meta[name="csrf-token"]')?.content ?? "",
    icons: dataset.icons ?? SPRITE,
  };
}

/** Turn `textarea` into an editor; answers `{ view, getHTML(), setHTML(html), focus() }`. */
export function mount(textarea) {
  const editor = { options: readOptions(textarea), sheetId: uniqueId("editor-sheet"), view: null };
  const bars = tools(editor);
  const summary = document.getElementById(textarea.dataset.summary ?? "");
  const foot = status((pos) => show(editor.view, pos), summary);
  summary?.addEventListener("input", () => foot.update(editor.view.state.doc));
  editor.say = foot.say;
  const sheet = el("div", { class: "editor-paper" });
  const root = el("div", { class: "editor" }, bars.dom, sheet, foot.dom);

  const sync = () => {
    const html = toHTML(editor.view.state.doc);
    if (html === textarea.value) return;
    textarea.value = html;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const watch = new Plugin({
    view: () => ({
      update(view, before) {
        bars.update(view.state);
        if (view.state.doc === before.doc) return;
        sync();
        foot.update(view.state.doc);
      },
    }),
  });
  const plugins = [
    typing(), ...keys({ link: () => (openLink(editor), true), note: () => (openNote(editor), true) }),
    history(), tableEditing(), gapCursor(), emptyHeaders(), dropCursor({ class: "editor-drop", color: false }), lastLine(), watch,
  ];
  const fresh = (html) => {
    const state = EditorState.create({ doc: toDoc(html), plugins });
    const fixed = fixTables(state);
    return fixed ? EditorState.create({ doc: fixed.doc, plugins }) : state;
  };

  editor.view = new EditorView(sheet, {
    state: fresh(textarea.value),
    attributes: sheetAttributes(textarea, editor.sheetId),
    nodeViews: nodeViews((pos) => edit(editor, pos)),
    handleClickOn: selectPicture,
    ...clipboardProps(editor),
    // The cursor must not hide under the sticky toolbars.
    scrollThreshold: { top: 130, bottom: 40, left: 0, right: 0 },
    scrollMargin: { top: 140, bottom: 60, left: 0, right: 0 },
    handleDOMEvents: {
      keydown(view, event) {
        if (!event.altKey || event.key !== "F10") return false;
        bars.focus();
        return true;
      },
    },
  });

  const api = {
    view: editor.view,
    getHTML: () => toHTML(editor.view.state.doc),
    setHTML(html) {
      editor.view.updateState(fresh(html));
      sync();
      foot.refresh(editor.view.state.doc);
      bars.update(editor.view.state);
    },
    focus: () => editor.view.focus(),
  };
  takePlace(textarea, root, api);
  bars.update(editor.view.state);
  foot.refresh(editor.view.state.doc);
  return api;
}

function takePlace(textarea, root, api) {
  textarea.after(root);
  textarea.hidden = true;
  textarea.required = false; // a hidden field cannot be pointed at; the server asks for the text
  textarea.labels[0]?.addEventListener("click", (event) => {
    event.preventDefault();
    api.focus();
  });
  // The error summary of a form links to the field, which is hidden now.
  document.addEventListener("click", (event) => {
    if (!textarea.id || event.target.closest?.("a")?.getAttribute("href") !== `#${textarea.id}`) return;
    event.preventDefault();
    api.focus();
  });
  textarea.form?.addEventListener("reset", () => setTimeout(() => api.setHTML(textarea.defaultValue)));
}

function sheetAttributes(textarea, id) {
  const label = textarea.labels[0];
  if (label && !label.id) label.id = uniqueId("editor-label");
  const attributes = {
    id, role: "textbox", class: "editor-sheet", lang: "vi", spellcheck: "false", translate: "no", tabindex: "0",
    "aria-multiline": "true", "aria-required": textarea.required ? "true" : null,
    "aria-labelledby": label?.id, "aria-label": label ? null : (textarea.getAttribute("aria-label") ?? "Nội dung"),
    "aria-describedby": textarea.getAttribute("aria-describedby"), "aria-invalid": textarea.getAttribute("aria-invalid"),
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value));
}

// There is always a line after a table, picture or video to write on.
function lastLine() {
  return new Plugin({
    appendTransaction(transactions, before, { doc, tr }) {
      const { type } = doc.lastChild;
      const closed = [schema.nodes.table, schema.nodes.figure, schema.nodes.video, schema.nodes.rule].includes(type);
      return closed ? tr.insert(doc.content.size, schema.nodes.paragraph.create()) : null;
    },
  });
}

function edit(editor, pos) {
  const node = editor.view.state.doc.nodeAt(pos);
  if (node?.type === schema.nodes.figure) editImage(editor, { node, pos });
  if (node?.type === schema.nodes.footnote) openNote(editor, { node, pos });
  if (node?.type === schema.nodes.video) openVideo(editor, { node, pos });
}

function show(view, pos) {
  const { doc, tr } = view.state;
  const node = doc.nodeAt(pos);
  if (!node) return;
  const selection = node.type === schema.nodes.figure ? NodeSelection.create(doc, pos) : TextSelection.near(doc.resolve(pos + 1));
  view.dispatch(tr.setSelection(selection).scrollIntoView());
  view.focus();
}
