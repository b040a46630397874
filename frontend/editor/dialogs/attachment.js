// Insert a link to a file of the media library.
import { ask, field, FieldError } from "../dialog.js";
import { upload } from "../server.js";
import { safeHref } from "../urls.js";
import { placeLink } from "./link.js";
import { picker } from "./picker.js";

export function openAttachment({ view, options, say }) {
  const { state } = view;
  const { from, to, $from, $to } = state.selection;
  const oneBlock = $from.sameParent($to) && $from.parent.inlineContent;
  const range = oneBlock ? { from, to } : { from: to, to };
  const fields = {
    file: field({
      name: "file", label: "Tải tệp từ máy", type: "file", accept: ".pdf,.docx,.xlsx,.mp3,.m4a",
      hint: "PDF, DOCX, XLSX tối đa 20 MB; MP3, M4A tối đa 50 MB.",
    }),
    words: field({
      name: "words", label: "Tên hiển thị", required: true, value: oneBlock ? state.doc.textBetween(from, to) : "",
      hint: "Nói rõ đó là tệp gì, ví dụ: Mẫu 02, đơn đề nghị (DOCX).",
    }),
  };
  const suggest = (name) => {
    if (!fields.words.control.value) fields.words.control.value = name ?? "";
  };
  const choice = picker(options, "file", (item) => {
    fields.file.control.value = "";
    suggest(item.title);
  });
  fields.file.control.addEventListener("change", () => {
    choice?.clear();
    suggest(fields.file.control.files[0]?.name.normalize("NFC").replace(/\.\w+$/, ""));
  });
  const rows = Object.values(fields).map(({ row }) => row);
  if (!options.uploadUrl) rows[0].hidden = true;
  if (choice) rows.splice(1, 0, choice.node);

  ask({
    title: "Đính kèm tệp",
    fields,
    content: rows,
    submit: "Đính kèm",
    async onSubmit({ file, words }) {
      if (!file && !choice?.chosen()) throw new FieldError("Chọn một tệp từ máy hoặc từ thư viện", "file");
      if (!words) throw new FieldError("Nhập tên hiển thị của tệp", "words");
      const stored = file ? await upload(file, options, { title: words, kind: "file" }) : choice.chosen();
      const href = safeHref(stored.url);
      if (!href) throw new FieldError("Máy chủ trả về địa chỉ tệp không dùng được.", "file");
      placeLink(view, range, words, href);
      say("Đã đính kèm tệp.");
    },
    onClose: () => view.focus(),
  });
}
