// Embed a YouTube video without its cookies, or change its title.
import { insertBlock } from "../commands.js";
import { ask, field, FieldError } from "../dialog.js";
import { schema } from "../schema.js";
import { youtubeId } from "../urls.js";

/** Insert a video; with `found` (`{ node, pos }`) change that one. */
export function openVideo({ view, say }, found = null) {
  const fields = {
    address: field({
      name: "address", label: "Địa chỉ video trên YouTube", required: true, autocomplete: "off", inputmode: "url", spellcheck: "false",
      value: found ? `https://youtu.be/${found.node.attrs.id}` : "", hint: "Ví dụ: https://www.youtube.com/watch?v=…",
    }),
    title: field({
      name: "title", label: "Tên video", required: true, value: found?.node.attrs.title, maxlength: 200,
      hint: "Người dùng trình đọc màn hình nghe tên này trước khi mở video.",
    }),
  };
  ask({
    title: found ? "Sửa video" : "Chèn video",
    fields,
    submit: found ? "Lưu video" : "Chèn video",
    onSubmit({ address, title }) {
      const id = youtubeId(address);
      if (!id) throw new FieldError("Đây chưa phải địa chỉ một video trên YouTube", "address");
      if (!title) throw new FieldError("Nhập tên video", "title");
      if (found) view.dispatch(view.state.tr.setNodeMarkup(found.pos, null, { id, title }));
      else insertBlock(view, schema.nodes.video.create({ id, title }));
      say(found ? "Đã sửa video." : "Đã chèn video.");
    },
    onClose: () => view.focus(),
  });
}
