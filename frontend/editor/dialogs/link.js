// Ask for the address and the words of a link.
import { TextSelection } from "prosemirror-state";
import { ask, field, FieldError } from "../dialog.js";
import { schema } from "../schema.js";
import { safeHref, typedHref } from "../urls.js";
import { places } from "./places.js";

const { link } = schema.marks;

/** The link that the selection touches: `{ from, to, href, ref }` or null. */
export function linkAt(state) {
  const { $from, $to, empty } = state.selection;
  const mark = link.isInSet($from.marks()) || (!empty && $from.nodeAfter && link.isInSet($from.nodeAfter.marks));
  if (!mark || !$from.sameParent($to)) return null;
  const start = $from.start();
  let run = null;
  $from.parent.forEach((node, offset) => {
    const from = start + offset;
    const to = from + node.nodeSize;
    if (!mark.isInSet(node.marks)) return;
    if (run && run.to === from) run.to = to;
    else if (!run || run.to < $from.pos) run = { from, to, href: mark.attrs.href, ref: mark.attrs.ref };
  });
  return run;
}

/** Put `words` with a link to `href` in place of the range. */
export function placeLink(view, { from, to }, words, href, ref = null) {
  const { state } = view;
  const { tr } = state;
  const mark = link.create({ href, ref });
  if (from < to && (words === null || words === state.doc.textBetween(from, to))) {
    tr.removeMark(from, to, link).addMark(from, to, mark);
  } else {
    const others = state.doc.resolve(from).marks().filter((item) => item.type !== link);
    tr.replaceWith(from, to, schema.text(words, mark.addToSet(others)));
    tr.setSelection(TextSelection.create(tr.doc, from + words.length));
    tr.removeStoredMark(link);
  }
  view.dispatch(tr.scrollIntoView());
}

export function removeLink(view) {
  const found = linkAt(view.state);
  if (found) view.dispatch(view.state.tr.removeMark(found.from, found.to, link));
}

export function openLink({ view, options }) {
  const { state } = view;
  const { selection } = state;
  const found = linkAt(state);
  const range = found ?? { from: selection.from, to: selection.to };
  const oneBlock = found || (selection.$from.sameParent(selection.$to) && selection.$from.parent.inlineContent);
  const words = oneBlock ? state.doc.textBetween(range.from, range.to) : null;
  const fields = {
    href: field({
      name: "href", label: "Địa chỉ", required: true, value: found?.href, autocomplete: "off", inputmode: "url", spellcheck: "false",
      hint: "Dán địa chỉ trang, hoặc gõ /thu-tuc/1.012290, địa chỉ thư, số điện thoại.",
    }),
  };
  if (oneBlock) {
    fields.words = field({
      name: "words", label: "Chữ hiển thị", required: true, value: words,
      hint: "Nói rõ liên kết dẫn tới đâu; tránh “tại đây”, “xem thêm”.",
    });
  }
  // A picked thing is kept by reference, as long as its address is not typed over.
  let picked = found?.ref ? { url: found.href, ref: found.ref } : null;
  const choice = places(options, (item) => {
    picked = item;
    fields.href.control.value = item.url;
    if (fields.words && !fields.words.control.value.trim()) fields.words.control.value = item.title;
  });
  const rows = Object.values(fields).map(({ row }) => row);

  ask({
    title: found ? "Sửa liên kết" : "Chèn liên kết",
    fields,
    content: choice ? [choice, ...rows] : rows,
    submit: found ? "Lưu liên kết" : "Chèn liên kết",
    extra: found ? [{ label: "Bỏ liên kết", action: () => removeLink(view) }] : [],
    onSubmit({ href: typed, words: written }) {
      const href = typedHref(typed) ?? (found?.href === typed ? safeHref(typed) : null);
      if (!href) {
        throw new FieldError("Địa chỉ chưa đúng. Ví dụ: https://dichvucong.gov.vn hoặc /thu-tuc/1.012290", "href");
      }
      if (oneBlock && !written && !typed) throw new FieldError("Nhập chữ hiển thị của liên kết", "words");
      placeLink(view, range, oneBlock ? written || typed : null, href, picked?.url === typed ? picked.ref : null);
    },
    onClose: () => view.focus(),
  });
}
