import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Fragment } from "prosemirror-model";

const { toDoc, toHTML } = await import("../editor/html.js");
const { schema } = await import("../editor/schema.js");
const { advice, countWords } = await import("../editor/checks.js");
const { rewritten } = await import("../editor/dialogs/note.js");

const NOTE = "<p>Mức phí<small class=\"note\">Theo <a href=\"https://vbpl.vn/\">Nghị định 96</a> của Chính phủ.</small> là 150.000 đồng.</p>";
const messages = (html) => advice(toDoc(html)).map(({ message }) => message);

test("a note keeps its words and links", () => assert.equal(toHTML(toDoc(NOTE)), NOTE));

test("small print that is no note stays as text", () => {
  assert.equal(toHTML(toDoc("<p>a <small>nhỏ</small></p>")), "<p>a nhỏ</p>");
});

test("words of notes are counted once", () => assert.equal(countWords(toDoc(NOTE)), 12));

test("a link keeps its reference, and only one that names a thing", () => {
  const html = "<p><a href=\"/bai-viet/cu\" data-ref=\"article:12\">Bài</a></p>";
  assert.equal(toHTML(toDoc(html)), html);
  assert.equal(toHTML(toDoc(html.replace("article:12", "javascript:1"))), "<p><a href=\"/bai-viet/cu\">Bài</a></p>");
});

test("changing the words of a note keeps the marks around them", () => {
  const content = toDoc(NOTE).firstChild.child(1).content;
  const after = rewritten(content, "Căn cứ Nghị định 96 của Chính phủ.");
  const node = schema.node("paragraph", null, after);
  assert.equal(toHTML(schema.node("doc", null, [node])), "<p>Căn cứ <a href=\"https://vbpl.vn/\">Nghị định 96</a> của Chính phủ.</p>");
  assert.equal(rewritten(Fragment.empty, "mới").textBetween(0, 3), "mới");
});

const ADVICE = [
  ["<p>Xem <a href=\"/x\">tại đây</a>.</p>", /“tại đây” chưa nói/],
  ["<p>Xem <a href=\"https://a.vn/b\">https://a.vn/b</a>.</p>", /nguyên địa chỉ/],
  [`<p>${"từ ".repeat(45)}.</p>`, /dài 4[56] từ/],
  ["<p>Nộp tại TTHC của xã.</p>", /Viết tắt “TTHC”.*thủ tục hành chính \(TTHC\)/],
  ["<h2>HỒ SƠ CẦN CÓ</h2>", /viết hoa toàn bộ/],
  ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", /Bảng thứ 1 chưa có/],
];

for (const [html, wanted] of ADVICE) {
  test(`advises on ${html.slice(0, 50)}`, () => {
    const found = messages(html);
    assert.equal(found.length, 1, found.join("; "));
    assert.match(found[0], wanted);
  });
}

const FINE = [
  "<p>Xem <a href=\"/thu-tuc/1.012290\">thủ tục cấp giấy phép</a>.</p>",
  "<p>Thủ tục hành chính (TTHC) là gì? TTHC gồm các bước.</p>",
  "<p>Theo Quyết định số 12/QĐ-UBND và Nghị định 61/2018/NĐ-CP.</p>",
  "<h2>UBND</h2><p>Ủy ban nhân dân (UBND) xã.</p>",
  `<p>${"Một câu vừa phải có tám từ thôi. ".repeat(10)}</p>`,
];

for (const html of FINE) test(`says nothing of ${html.slice(0, 50)}`, () => assert.deepEqual(messages(html), []));

test("advice leads to the very place", () => {
  const doc = toDoc("<p>Bạn đọc <a href=\"/x\">xem thêm</a>.</p>");
  const [{ pos }] = advice(doc);
  assert.equal(doc.nodeAt(pos).text, "xem thêm");
});
