// Counting and advice while writing. Advice never blocks; the server asks again at publication.
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const WORDS_PER_MINUTE = 220;
const LONGEST_SENTENCE = 40; // words
const MOST_OF_A_KIND = 5;
const EMPTY_WORDS = /^(?:(?:xem )?(?:tại|ở) đây|đây|(?:xem )?(?:thêm|chi tiết)|link|(?:bấm|nhấn|click) (?:vào )?đây|(?:click )?here)$/;
// Short forms that people outside an office may not know, and how to say them.
const SHORT_FORMS = {
  TTHC: "thủ tục hành chính", CCHC: "cải cách hành chính", DVC: "dịch vụ công", DVCTT: "dịch vụ công trực tuyến",
  TTPVHCC: "Trung tâm Phục vụ hành chính công", PVHCC: "Phục vụ hành chính công", UBND: "Ủy ban nhân dân", HĐND: "Hội đồng nhân dân",
  BHYT: "bảo hiểm y tế", BHXH: "bảo hiểm xã hội", CNTT: "công nghệ thông tin", CSDL: "cơ sở dữ liệu", KSTTHC: "kiểm soát thủ tục hành chính",
  KCB: "khám bệnh, chữa bệnh", ATTP: "an toàn thực phẩm", VSATTP: "vệ sinh an toàn thực phẩm", CBCCVC: "cán bộ, công chức, viên chức",
  CCCD: "căn cước công dân", VBQPPL: "văn bản quy phạm pháp luật", KSBT: "kiểm soát bệnh tật", PAKN: "phản ánh, kiến nghị", QĐ: "quyết định",
};

const split = (text) => text.split(/[\s\u00a0]+/).filter(Boolean);

/** The number of words as Word counts them: runs of characters between spaces. */
export function countWords(doc) {
  let count = 0;
  doc.descendants((node) => {
    if (node.type === nodes.footnote) count += split(node.textContent).length;
    if (!node.isTextblock) return node.type !== nodes.footnote;
    count += split(lineOf(node)).length;
    return true;
  });
  return count;
}

export const readingMinutes = (words) => Math.max(1, Math.round(words / WORDS_PER_MINUTE));

/** What an editor should mend: `[{ message, pos }]` in the order of the text. */
export function advice(doc) {
  const found = [];
  const told = {};
  const tell = (pos, kind, message) => {
    told[kind] = (told[kind] ?? 0) + 1;
    if (told[kind] <= MOST_OF_A_KIND) found.push({ pos, message });
  };
  const short = unexplained(doc);
  const counted = { pictures: 0, tables: 0, level: 1 };
  doc.descendants((node, pos) => {
    if (node.type === nodes.figure) figure(node, pos, counted, tell);
    if (node.type === nodes.heading) heading(node, pos, counted, tell);
    if (node.type === nodes.table) table(node, pos, counted, tell);
    if (node.isTextblock) line(node, pos, short, tell);
    return node.type !== nodes.footnote;
  });
  return found;
}

function figure(node, pos, counted, tell) {
  counted.pictures += 1;
  if (!node.attrs.alt) tell(pos, "alt", `Ảnh thứ ${counted.pictures} chưa có mô tả cho người không nhìn thấy ảnh.`);
}

function heading(node, pos, counted, tell) {
  const text = node.textContent.trim();
  if (!text) tell(pos, "empty", "Có một tiêu đề còn trống.");
  else if (node.attrs.level > counted.level + 1) tell(pos, "jump", `Tiêu đề “${text}” nhảy cấp: trước nó còn thiếu tiêu đề lớn hơn.`);
  if (split(text).length > 1 && text === text.toUpperCase() && text !== text.toLowerCase()) {
    tell(pos, "capitals", `Tiêu đề “${text}” viết hoa toàn bộ nên khó đọc. Chỉ viết hoa chữ đầu và tên riêng.`);
  }
  counted.level = node.attrs.level;
}

function table(node, pos, counted, tell) {
  counted.tables += 1;
  let heads = 0;
  node.descendants((cell) => {
    if (cell.type === nodes.table_header) heads += 1;
    return cell.type === nodes.table_row;
  });
  if (!heads) tell(pos, "table", `Bảng thứ ${counted.tables} chưa có dòng hoặc cột tiêu đề.`);
}

function line(node, pos, short, tell) {
  links(node, pos, tell);
  for (const { text, at } of sentences(lineOf(node))) {
    const words = split(text).length;
    if (words > LONGEST_SENTENCE) tell(pos + 1 + at, "long", `Câu “${opening(text)}” dài ${words} từ. Bạn tách thành câu ngắn hơn.`);
  }
  for (const { index, 0: form } of lineOf(node).matchAll(/[A-ZĐ]{2,}/g)) {
    if (!short.delete(form)) continue;
    tell(pos + 1 + index, "short", `Viết tắt “${form}” chưa được giải thích. Lần đầu, bạn viết: ${SHORT_FORMS[form]} (${form}).`);
  }
}

function links(node, pos, tell) {
  const runs = [];
  node.forEach((child, offset) => {
    const mark = marks.link.isInSet(child.marks);
    if (!mark) return;
    const last = runs.at(-1);
    if (last?.mark === mark && last.end === offset) Object.assign(last, { text: last.text + child.textContent, end: offset + child.nodeSize });
    else runs.push({ mark, text: child.textContent, from: offset, end: offset + child.nodeSize });
  });
  for (const { text, from } of runs) {
    const words = text.trim().toLowerCase().replace(/[.:;,…»>]+$/, "");
    if (EMPTY_WORDS.test(words)) tell(pos + 1 + from, "words", `Liên kết “${text.trim()}” chưa nói dẫn tới đâu. Bạn viết tên trang đích.`);
    else if (/^(https?:|www\.)/.test(words)) tell(pos + 1 + from, "address", `Liên kết hiện nguyên địa chỉ “${opening(text)}”. Bạn viết tên trang đích.`);
  }
}

// One letter a place of the block, so that what is found can be shown: a note counts as spaces.
const lineOf = (block) => {
  let text = "";
  block.forEach((child) => {
    text += child.isText ? child.text : " ".repeat(child.nodeSize);
  });
  return text;
};

function* sentences(text) {
  let at = 0;
  for (const part of text.split(/(?<=[.!?…;:])\s+(?=[\p{Lu}\d“"(-])/u)) {
    const start = text.indexOf(part, at);
    at = start + part.length;
    yield { text: part, at: start };
  }
}

function opening(text) {
  const words = split(text);
  return words.length > 6 ? `${words.slice(0, 6).join(" ")}…` : words.join(" ");
}

// Short forms of the text that stand nowhere beside what they mean.
function unexplained(doc) {
  const text = doc.textBetween(0, doc.content.size, " ", " ");
  const folded = text.toLowerCase();
  return new Set(
    (text.match(/(?<![\p{L}\d/-])[A-ZĐ]{2,}(?![\p{L}\d/-])/gu) ?? []).filter((form) => SHORT_FORMS[form] && !folded.includes(SHORT_FORMS[form].toLowerCase())),
  );
}
