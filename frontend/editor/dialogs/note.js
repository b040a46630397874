// Write a note (footnote) at the cursor, or change the one that is selected.
import { Fragment } from "prosemirror-model";
import { NodeSelection, TextSelection } from "prosemirror-state";
import { ask, field, FieldError } from "../dialog.js";
import { schema } from "../schema.js";

const { footnote } = schema.nodes;

/** The selected note: `{ node, pos }` or null. */
export function noteAt({ selection }) {
  const chosen = selection instanceof NodeSelection && selection.node.type === footnote;
  return chosen ? { node: selection.node, pos: selection.from } : null;
}

/** The content of a note after its words became `words`: what was not touched keeps its marks. */
export function rewritten(content, words) {
  const before = content.textBetween(0, content.size);
  const most = Math.min(before.length, words.length);
  let head = 0;
  while (head < most && before[head] === words[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === words.at(-1 - tail)) tail += 1;
  const middle = words.slice(head, words.length - tail);
  const fresh = middle ? Fragment.from(schema.text(middle)) : Fragment.empty;
  return content.cut(0, head).append(fresh).append(content.cut(content.size - tail));
}

export function openNote({ view, say }, found = noteAt(view.state)) {
  if (!found && !view.state.selection.$to.parent.inlineContent) return;
  const words = field({
    name: "note", label: "Nội dung ghi chú", type: "textarea", rows: 3, required: true, maxlength: 2000,
    value: found?.node.textContent ?? "",
    hint: "Căn cứ, nguồn số liệu, giải thích thêm. Số thứ tự tự đánh, ghi chú hiện ở cuối bài.",
  });
  ask({
    title: found ? "Sửa ghi chú" : "Chèn ghi chú",
    fields: { note: words },
    submit: found ? "Lưu ghi chú" : "Chèn ghi chú",
    onSubmit({ note }) {
      const text = note.replace(/\s+/g, " ");
      if (!text) throw new FieldError("Nhập nội dung ghi chú", "note");
      const { state } = view;
      const content = rewritten(found?.node.content ?? Fragment.empty, text);
      const node = footnote.create(null, content);
      const pos = found?.pos ?? state.selection.to;
      const tr = state.tr.replaceWith(pos, pos + (found?.node.nodeSize ?? 0), node);
      view.dispatch(tr.setSelection(TextSelection.create(tr.doc, pos + node.nodeSize)).scrollIntoView());
      say(found ? "Đã lưu ghi chú." : "Đã chèn ghi chú.");
    },
    onClose: () => view.focus(),
  });
}
