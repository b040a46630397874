// What the toolbars offer. A tool: `{ icon or text, label, keys?, run, active?, enabled? }`.
// `command` tools run a ProseMirror command, `open` tools open a dialog.
import { redo, undo } from "prosemirror-history";
import {
  addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, mergeCells, splitCell,
  toggleHeaderColumn, toggleHeaderRow,
} from "prosemirror-tables";
import {
  alignActive, clearFormatting, inBlock, indentItem, insertBlock, listAround, mark, markActive, mediaAt, outdentItem,
  quoteAround, tableAround, toggleAlign, toggleHeading, toggleList, toggleQuote,
} from "./commands.js";
import { openAttachment } from "./dialogs/attachment.js";
import { openHelp } from "./dialogs/help.js";
import { editImage, openImage } from "./dialogs/image.js";
import { linkAt, openLink, removeLink } from "./dialogs/link.js";
import { noteAt, openNote } from "./dialogs/note.js";
import { editCaption, openTable } from "./dialogs/table.js";
import { openVideo } from "./dialogs/video.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

const command = (look, label, keys, run, active) => ({ ...look, label, keys, command: run, active });
const opens = (look, label, keys, open) => ({ ...look, label, keys, open });
const acts = (text, run) => ({ text, label: text, command: run });

const headingTool = (level, text, what) =>
  command({ text, size: level }, `${text}: ${what}`, `Mod+Alt+${level}`, toggleHeading(level), (state) =>
    inBlock(state, nodes.heading, { level }),
  );
const markTool = (type, icon, label, keys) => command({ icon }, label, keys, mark(type), markActive(type));
const listTool = (type, icon, label, keys) =>
  command({ icon }, label, keys, toggleList(type), (state) => listAround(state)?.node.type === type);
const alignTool = (align, icon, label) => command({ icon }, label, null, toggleAlign(align), alignActive(align));

const insertRule = (state, dispatch, view) => {
  if (dispatch) insertBlock(view, nodes.rule.create());
  return true;
};

/** The tools that are always there, in groups. */
export const TOOLS = [
  [
    command({ icon: "undo" }, "Hoàn tác", "Mod+Z", undo),
    command({ icon: "redo" }, "Làm lại", "Mod+Y", redo),
  ],
  [
    headingTool(2, "Mục I", "tiêu đề lớn"),
    headingTool(3, "Mục 1", "tiêu đề vừa"),
    headingTool(4, "Mục a", "tiêu đề nhỏ"),
  ],
  [
    markTool(marks.strong, "bold", "Đậm", "Mod+B"),
    markTool(marks.em, "italic", "Nghiêng", "Mod+I"),
    markTool(marks.underline, "underline", "Gạch chân", "Mod+U"),
    markTool(marks.sup, "superscript", "Chỉ số trên", null),
    markTool(marks.sub, "subscript", "Chỉ số dưới", null),
    command({ icon: "clear" }, "Xóa định dạng phần đang chọn", null, clearFormatting),
  ],
  [
    listTool(nodes.bullet_list, "list", "Danh sách chấm", "Mod+Shift+8"),
    listTool(nodes.ordered_list, "list-ordered", "Danh sách đánh số", "Mod+Shift+7"),
    command({ icon: "quote" }, "Trích dẫn", "Mod+Shift+9", toggleQuote, (state) => quoteAround(state) !== null),
    alignTool("center", "align-center", "Căn giữa"),
    alignTool("right", "align-end", "Căn phải"),
  ],
  [
    opens({ icon: "link", word: "Liên kết" }, "Liên kết", "Mod+K", openLink),
    opens({ icon: "image", word: "Ảnh" }, "Ảnh", null, (editor) => openImage(editor)),
    opens({ icon: "attachment", word: "Tệp" }, "Tệp đính kèm", null, openAttachment),
    opens({ text: "Ghi chú" }, "Ghi chú cuối bài", "Mod+Alt+F", (editor) => openNote(editor)),
    opens({ icon: "table", word: "Bảng" }, "Bảng", null, openTable),
    opens({ icon: "video", word: "Video" }, "Video", null, (editor) => openVideo(editor)),
    command({ icon: "minus" }, "Đường kẻ ngang", null, insertRule),
  ],
  [opens({ icon: "help" }, "Trợ giúp và phím tắt", null, openHelp)],
];

const deleteSelected = (state, dispatch) => {
  const media = mediaAt(state);
  if (!media) return false;
  dispatch?.(state.tr.delete(media.pos, media.pos + media.node.nodeSize).scrollIntoView());
  return true;
};

const onMedia = (type, edit) => (editor) => {
  const media = mediaAt(editor.view.state);
  if (media?.node.type === type) edit(editor, media);
};

const TABLE = [
  acts("Thêm dòng trên", addRowBefore),
  acts("Thêm dòng dưới", addRowAfter),
  acts("Thêm cột trái", addColumnBefore),
  acts("Thêm cột phải", addColumnAfter),
  acts("Xóa dòng", deleteRow),
  acts("Xóa cột", deleteColumn),
  acts("Dòng tiêu đề", toggleHeaderRow),
  acts("Cột tiêu đề", toggleHeaderColumn),
  acts("Gộp ô", mergeCells),
  acts("Tách ô", splitCell),
  { text: "Tên bảng", label: "Tên bảng", open: (editor) => editCaption(editor, tableAround(editor.view.state)) },
  acts("Xóa bảng", deleteTable),
];
const FIGURE = [
  { text: "Sửa mô tả ảnh", label: "Sửa mô tả ảnh", open: onMedia(nodes.figure, editImage) },
  acts("Xóa ảnh", deleteSelected),
];
const VIDEO = [
  { text: "Sửa video", label: "Sửa video", open: onMedia(nodes.video, openVideo) },
  acts("Xóa video", deleteSelected),
];
const LINK = [
  { text: "Sửa liên kết", label: "Sửa liên kết", open: openLink },
  { text: "Bỏ liên kết", label: "Bỏ liên kết", open: ({ view }) => removeLink(view) },
];
const deleteNote = (state, dispatch) => {
  if (!noteAt(state)) return false;
  dispatch?.(state.tr.deleteSelection().scrollIntoView());
  return true;
};
const NOTE = [
  { text: "Sửa ghi chú", label: "Sửa ghi chú", open: (editor) => openNote(editor) },
  acts("Xóa ghi chú", deleteNote),
];
const LIST = [acts("Thụt vào", indentItem), acts("Thụt ra", outdentItem)];

const isMedia = (type) => (state) => mediaAt(state)?.node.type === type;

/** Tools for the thing at the cursor: `{ name, label, shows(state), tools }`. */
export const CONTEXTS = [
  { name: "link", label: "Công cụ liên kết", shows: (state) => linkAt(state) !== null, tools: LINK },
  { name: "note", label: "Công cụ ghi chú", shows: (state) => noteAt(state) !== null, tools: NOTE },
  { name: "figure", label: "Công cụ ảnh", shows: isMedia(nodes.figure), tools: FIGURE },
  { name: "video", label: "Công cụ video", shows: isMedia(nodes.video), tools: VIDEO },
  { name: "list", label: "Công cụ danh sách", shows: (state) => listAround(state) !== null, tools: LIST },
  { name: "table", label: "Công cụ bảng", shows: (state) => tableAround(state) !== null, tools: TABLE },
];
