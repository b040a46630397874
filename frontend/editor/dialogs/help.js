// The keys, in words.
import { ask } from "../dialog.js";
import { el } from "../dom.js";
import { MOD } from "../platform.js";

const KEYS = [
  ["Đậm, nghiêng, gạch chân", `${MOD}+B, ${MOD}+I, ${MOD}+U`],
  ["Liên kết", `${MOD}+K`],
  ["Ghi chú cuối bài", `${MOD}+Alt+F`],
  ["Tiêu đề mục I, mục 1, mục a", `${MOD}+Alt+2, ${MOD}+Alt+3, ${MOD}+Alt+4`],
  ["Đoạn văn thường", `${MOD}+Alt+0`],
  ["Danh sách đánh số, danh sách chấm", `${MOD}+Shift+7, ${MOD}+Shift+8`],
  ["Thụt vào, thụt ra một cấp trong danh sách", `${MOD}+], ${MOD}+[`],
  ["Trích dẫn", `${MOD}+Shift+9`],
  ["Xuống dòng trong cùng đoạn", "Shift+Enter"],
  ["Sang ô sau, về ô trước của bảng", "Tab, Shift+Tab"],
  ["Hoàn tác, làm lại", `${MOD}+Z, ${MOD}+Y`],
  ["Tới thanh công cụ", "Alt+F10"],
  ["Từ thanh công cụ về bài viết", "Esc"],
  ["Ra khỏi ô soạn thảo", "Esc rồi Tab"],
];

export function openHelp({ view }) {
  const rows = KEYS.map(([what, keys]) => el("div", {}, el("dt", {}, what), el("dd", {}, keys)));
  ask({
    title: "Phím tắt khi soạn bài",
    content: [
      el("dl", { class: "editor-keys" }, ...rows),
      el("p", { class: "editor-hint" }, "Dán từ Word: định dạng thừa tự bỏ; tiêu đề, danh sách, bảng và liên kết được giữ lại."),
    ],
    onClose: () => view.focus(),
  });
}
