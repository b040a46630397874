// Insert a table, or change its name.
import { insertBlock } from "../commands.js";
import { ask, field, FieldError } from "../dialog.js";
import { schema } from "../schema.js";

const { table, table_row: row, table_cell: cell, table_header: header } = schema.nodes;
const MOST_ROWS = 50;
const MOST_COLUMNS = 12;

/** An empty table, with a row of header cells when `head` is set. */
export function makeTable(rows, columns, { head = true, caption = "" } = {}) {
  const line = (type) => row.create(null, Array.from({ length: columns }, () => type.createAndFill()));
  return table.create({ caption }, Array.from({ length: rows }, (_, index) => line(head && index === 0 ? header : cell)));
}

const captionField = (value) =>
  field({ name: "caption", label: "Tên bảng (không bắt buộc)", value, maxlength: 200, hint: "Ví dụ: Mức phí theo trường hợp." });

function count(text, most, name, label) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new FieldError(`${label} là số từ 1 đến ${most}`, name);
}

export function openTable({ view, say }) {
  const number = (name, label, max) => field({ name, label, type: "number", value: 3, min: 1, max, inputmode: "numeric" });
  const fields = {
    rows: number("rows", "Số dòng, tính cả dòng tiêu đề", MOST_ROWS),
    columns: number("columns", "Số cột", MOST_COLUMNS),
    head: field({ name: "head", label: "Dòng đầu là tiêu đề cột", type: "checkbox", value: true }),
    caption: captionField(""),
  };
  ask({
    title: "Chèn bảng",
    fields,
    submit: "Chèn bảng",
    onSubmit(values) {
      const rows = count(values.rows, MOST_ROWS, "rows", "Số dòng");
      const columns = count(values.columns, MOST_COLUMNS, "columns", "Số cột");
      insertBlock(view, makeTable(rows, columns, values));
      say(`Đã chèn bảng ${rows} dòng, ${columns} cột.`);
    },
    onClose: () => view.focus(),
  });
}

export function editCaption({ view }, { node, pos }) {
  ask({
    title: "Tên bảng",
    fields: { caption: captionField(node.attrs.caption) },
    submit: "Lưu tên bảng",
    onSubmit: ({ caption }) => view.dispatch(view.state.tr.setNodeMarkup(pos, null, { ...node.attrs, caption })),
    onClose: () => view.focus(),
  });
}
