import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";

const { toDoc } = await import("../editor/html.js");
const { advice, countWords, readingMinutes } = await import("../editor/checks.js");

test("words are counted over all blocks, cells and captions", () => {
  const html =
    "<h2>Cấp lại giấy phép</h2><p>Một<br>hai <strong>b</strong>a.</p><table><tr><td>bốn</td><td>năm sáu</td></tr></table>" +
    "<figure><img src=\"/tu-lieu/a.png\" alt=\"không đếm\"><figcaption>bảy</figcaption></figure>";
  assert.equal(countWords(toDoc(html)), 4 + 3 + 3 + 1);
  assert.equal(countWords(toDoc("")), 0);
});

test("reading takes a minute at least", () => {
  assert.equal(readingMinutes(0), 1);
  assert.equal(readingMinutes(660), 3);
});

test("a picture without a description is told by its number", () => {
  const doc = toDoc("<figure><img src=\"/tu-lieu/a.png\" alt=\"m\"></figure><figure><img src=\"/tu-lieu/b.png\" alt=\"\"></figure>");
  const [only, ...more] = advice(doc);
  assert.match(only.message, /^Ảnh thứ 2 /);
  assert.equal(doc.nodeAt(only.pos).attrs.src, "/tu-lieu/b.png");
  assert.deepEqual(more, []);
});

test("a heading that jumps a level is named", () => {
  assert.deepEqual(advice(toDoc("<h2>A</h2><h3>B</h3><h2>C</h2><h3>D</h3>")), []);
  assert.match(advice(toDoc("<h2>A</h2><h4>Sâu</h4>"))[0].message, /“Sâu” nhảy cấp/);
  assert.match(advice(toDoc("<h3>Đầu</h3>"))[0].message, /“Đầu”/);
});
