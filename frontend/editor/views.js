// How pictures and videos look while writing. A video is a card here: the
// editor loads nothing from other hosts.
import { NodeSelection, Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { el } from "./dom.js";
import { schema } from "./schema.js";

const MISSING = "Ảnh chưa có mô tả";

class FigureView {
  constructor(node, view, getPos, onEdit) {
    this.image = el("img", { draggable: "false" });
    this.flag = el("p", { class: "editor-flag" }, MISSING);
    this.shell = el("div", { class: "editor-picture", contenteditable: "false" }, this.image, this.flag);
    this.contentDOM = el("figcaption", { "data-placeholder": "Chú thích ảnh (không bắt buộc)" });
    this.dom = el("figure", {}, this.shell, this.contentDOM);
    this.shell.addEventListener("dblclick", () => onEdit(getPos()));
    this.update(node);
  }

  update(node) {
    if (this.node && node.type !== this.node.type) return false;
    const { src, alt, width, height, wide } = node.attrs;
    if (this.image.getAttribute("src") !== src) this.image.src = src;
    this.image.alt = alt;
    for (const [name, value] of Object.entries({ width, height })) {
      if (value) this.image.setAttribute(name, value);
      else this.image.removeAttribute(name);
    }
    this.dom.classList.toggle("wide", wide);
    this.contentDOM.classList.toggle("is-empty", node.content.size === 0);
    this.flag.hidden = Boolean(alt);
    this.node = node;
    return true;
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}

class VideoView {
  constructor(node, view, getPos, onEdit) {
    this.title = el("strong", {});
    this.address = el("span", {});
    this.dom = el("div", { class: "editor-video", contenteditable: "false" }, "Video: ", this.title, this.address);
    this.dom.addEventListener("dblclick", () => onEdit(getPos()));
    this.update(node);
  }

  update(node) {
    if (this.node && node.type !== this.node.type) return false;
    this.title.textContent = node.attrs.title;
    this.address.textContent = `youtube.com/watch?v=${node.attrs.id}`;
    this.node = node;
    return true;
  }

  ignoreMutation = () => true;
}

class NoteView {
  constructor(node, view, getPos, onEdit) {
    this.dom = el("sup", { class: "editor-note", contenteditable: "false" });
    this.dom.addEventListener("dblclick", () => onEdit(getPos()));
    this.update(node);
  }

  update(node) {
    if (this.node && node.type !== this.node.type) return false;
    this.dom.title = node.textContent;
    this.dom.setAttribute("aria-label", `Ghi chú: ${node.textContent}`);
    this.node = node;
    return true;
  }

  ignoreMutation = () => true;
}

/** A click on the picture itself selects the whole figure (a click in the caption writes). */
export function selectPicture(view, pos, node, nodePos, event) {
  if (!event.target.closest?.(".editor-picture") || node.type.name !== "figure") return false;
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, nodePos)));
  return true;
}

/** Node views; `onEdit(pos)` is called when a picture or video is double-clicked. */
export const nodeViews = (onEdit) => ({
  figure: (node, view, getPos) => new FigureView(node, view, getPos, onEdit),
  video: (node, view, getPos) => new VideoView(node, view, getPos, onEdit),
  footnote: (node, view, getPos) => new NoteView(node, view, getPos, onEdit),
});

/** A header cell without words is no header yet: assistive technology hears a plain cell. */
export const emptyHeaders = () =>
  new Plugin({
    props: {
      decorations({ doc }) {
        const found = [];
        doc.descendants((node, pos) => {
          const empty = node.type === schema.nodes.table_header && !node.textContent.trim();
          if (empty) found.push(Decoration.node(pos, pos + node.nodeSize, { role: "cell" }));
          return !node.isTextblock && !empty;
        });
        return DecorationSet.create(doc, found);
      },
    },
  });
