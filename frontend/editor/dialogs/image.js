// Insert a picture (uploaded or from the library) or change what is said about it.
import { insertBlock } from "../commands.js";
import { ask, field, FieldError } from "../dialog.js";
import { schema } from "../schema.js";
import { upload } from "../server.js";
import { ownImage } from "../urls.js";
import { picker } from "./picker.js";

const altField = (value) =>
  field({
    name: "alt", label: "Mô tả ảnh", type: "textarea", rows: 2, required: true, value, maxlength: 300,
    hint: "Người không nhìn thấy ảnh sẽ nghe câu này. Nói điều ảnh cho biết, không lặp lại chú thích.",
  });
const wideField = (value) => field({ name: "wide", label: "Cho ảnh rộng hết trang", type: "checkbox", value });

function requireAlt(alt) {
  if (!alt) throw new FieldError("Nhập mô tả ảnh", "alt");
}

/** Change alternative text and width of the figure at `pos`. */
export function editImage({ view }, { node, pos }) {
  const fields = { alt: altField(node.attrs.alt), wide: wideField(node.attrs.wide) };
  ask({
    title: "Sửa mô tả ảnh",
    fields,
    submit: "Lưu mô tả",
    onSubmit({ alt, wide }) {
      requireAlt(alt);
      view.dispatch(view.state.tr.setNodeMarkup(pos, null, { ...node.attrs, alt, wide }));
    },
    onClose: () => view.focus(),
  });
}

/** Insert a picture; `given` is a file that was pasted or dropped. */
export function openImage({ view, options, say }, given = null) {
  const fields = {
    file: field({
      name: "file", label: given ? "Ảnh khác (nếu muốn đổi)" : "Tải ảnh từ máy", type: "file",
      accept: "image/jpeg,image/png,image/webp,image/gif", hint: "JPG, PNG, WebP hoặc GIF, tối đa 10 MB.",
    }),
    alt: altField(""),
    caption: field({ name: "caption", label: "Chú thích dưới ảnh (không bắt buộc)", maxlength: 300 }),
    wide: wideField(false),
  };
  const choice = picker(options, "image", (item) => {
    fields.file.control.value = "";
    if (!fields.alt.control.value) fields.alt.control.value = item.alt ?? "";
  });
  fields.file.control.addEventListener("change", () => choice?.clear());
  const rows = Object.values(fields).map(({ row }) => row);
  if (!options.uploadUrl) rows[0].hidden = true;
  if (choice) rows.splice(1, 0, choice.node);

  ask({
    title: given ? `Chèn ảnh “${given.name}”` : "Chèn ảnh",
    fields,
    content: rows,
    submit: "Chèn ảnh",
    async onSubmit({ file, alt, caption, wide }) {
      const source = file ?? (choice?.chosen() ? null : given);
      if (!source && !choice?.chosen()) throw new FieldError("Chọn một ảnh từ máy hoặc từ thư viện", "file");
      requireAlt(alt);
      const stored = source ? await upload(source, options, { alt, kind: "image" }) : choice.chosen();
      const src = ownImage(stored.url);
      if (!src) throw new FieldError("Máy chủ trả về địa chỉ ảnh không dùng được.", "file");
      const { width = null, height = null } = stored;
      const content = caption ? schema.text(caption) : null;
      insertBlock(view, schema.nodes.figure.create({ src, alt, width, height, wide }, content));
      say("Đã chèn ảnh.");
    },
    onClose: () => view.focus(),
  });
}
