// Counting and advice while writing. Advice never blocks.
import { schema } from "./schema.js";

const { nodes } = schema;
const WORDS_PER_MINUTE = 220;

/** The number of words as Word counts them: runs of characters between spaces. */
export function countWords(doc) {
  let count = 0;
  doc.descendants((node) => {
    if (!node.isTextblock) return true;
    count += node.textBetween(0, node.content.size, " ", " ").split(/[\s\u00a0]+/).filter(Boolean).length;
    return false;
  });
  return count;
}

export const readingMinutes = (words) => Math.max(1, Math.round(words / WORDS_PER_MINUTE));

/** What an editor should mend: `[{ message, pos }]` in the order of the text. */
export function advice(doc) {
  const found = [];
  let pictures = 0;
  let level = 1;
  doc.descendants((node, pos) => {
    if (node.type === nodes.figure) {
      pictures += 1;
      if (!node.attrs.alt) found.push({ pos, message: `Ảnh thứ ${pictures} chưa có mô tả cho người không nhìn thấy ảnh.` });
    }
    if (node.type === nodes.heading) {
      const text = node.textContent.trim();
      if (!text) found.push({ pos, message: "Có một tiêu đề còn trống." });
      else if (node.attrs.level > level + 1) found.push({ pos, message: `Tiêu đề “${text}” nhảy cấp: trước nó còn thiếu tiêu đề lớn hơn.` });
      level = node.attrs.level;
    }
    return !node.isTextblock;
  });
  return found;
}
